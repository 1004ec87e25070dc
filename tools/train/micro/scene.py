# SPDX-License-Identifier: LGPL-3.0-or-later
"""Scenes: what is in a picture, drawn at random or changed, and rendered.

Every part has a seed of its own, so that a scene with one part changed is
otherwise rendered with the same pixels.
"""
import copy
import dataclasses

import numpy as np

import catalog
import colours
from fields import F, grid, mix, shade, smooth
from landscape import Landscape, render_landscape
from materials import NATURAL, Canvas
from patterns import PATTERNS
from shapes import SHAPES
from surfaces import MADE

DRAW = {**NATURAL, **MADE, **PATTERNS}


def pick(rng, options, weights=None):
    options = list(options)
    if weights is None:
        return options[rng.integers(len(options))]
    weights = np.asarray(weights, float)
    return options[rng.choice(len(options), p=weights / weights.sum())]


@dataclasses.dataclass
class Surface:
    kind: str
    colour: colours.Colour
    second: colours.Colour
    is_usual: bool        # the color needs no word
    size: int             # -1 fine, 0, 1 coarse
    scale: float
    trait: str
    seed: int


@dataclasses.dataclass
class Light:
    tone: str = ''        # warm, cool
    level: str = ''       # dim, bright, soft, dramatic
    side: str = ''        # left, right, top
    angle: float = -2.2   # where it comes from; the y axis points down
    weight: float = 1.0   # of tone and level


@dataclasses.dataclass
class Item:
    shape: str
    colour: colours.Colour
    surface: Surface      # None: of a color alone
    size: str
    place: str
    centre: tuple
    radius: float
    turn: float
    seed: int
    weight: float = 1.0   # of the word for its size


@dataclasses.dataclass
class Scene:
    backdrop: object      # Surface or Landscape
    light: Light
    items: list

    def copy(self):
        return copy.deepcopy(self)


def draw_surface(rng, kind=None, kinds=None, colour=None):
    if kind is None:
        weights = kinds or {k: v.weight for k, v in catalog.KINDS.items()}
        kind = pick(rng, weights, list(weights.values()))
    info = catalog.KINDS[kind]
    is_usual = info.colours is not None and colour is None \
        and rng.random() < .55
    if colour is None:
        colour = colours.draw(rng, info.colours if is_usual else None)
    if is_usual and rng.random() < .6:
        # The first is what comes without a word for it.
        colour = colours.make(rng, info.colours[0])
    second = None
    if info.joined:
        likely = ('white', 'black', colour.word)
        second = colours.draw(rng, avoid=(colour.word,)) \
            if rng.random() < .6 else \
            colours.make(rng, pick(rng, [w for w in ('white', 'black')
                                         if w != colour.word] or likely))
    size = int(rng.choice([-1, 0, 1], p=[.18, .62, .2])) if info.scale else 0
    scale = rng.uniform(*((.52, .68), (.88, 1.12), (1.5, 1.9))[size + 1])
    return Surface(kind, colour, second, is_usual and
                   colour.word == info.colours[0] and not colour.modifier,
                   size, scale, pick(rng, info.traits),
                   int(rng.integers(1 << 40)))


def draw_light(rng):
    light = Light(angle=rng.uniform(-2.6, -1.8))
    if rng.random() < .2:
        light.tone = pick(rng, ('warm', 'cool'))
    if rng.random() < .25:
        light.level = pick(rng, ('dim', 'bright', 'soft', 'dramatic'))
    if rng.random() < .25:
        light.side = pick(rng, ('left', 'right', 'top'))
        light.angle = {'left': np.pi, 'right': 0., 'top': -np.pi / 2}[
            light.side] + rng.uniform(-.3, .3)
    return light


def far_apart(centre, radius, items):
    return all(np.hypot(centre[0] - i.centre[0], centre[1] - i.centre[1])
               > (radius + i.radius) * .95 for i in items)


def place_item(rng, place, size):
    """Centre and radius, inside of the picture."""
    radius = rng.uniform(*catalog.SHAPE_SIZES[size])
    jitter = rng.uniform(-.035, .035, 2)
    centre = [float(np.clip(p + j, radius + .02, 1 - radius - .02))
              for p, j in zip(catalog.PLACES[place], jitter)]
    return tuple(centre), radius


def draw_item(rng, items, avoid=(), shape=None, colour=None, place=None,
              size=None):
    shape = shape or pick(rng, SHAPES)
    if size is None:
        size = pick(rng, catalog.SHAPE_SIZES, (.25, .5, .25))
    for _ in range(12):
        where = place or pick(rng, catalog.PLACES,
                              [.13] * 4 + [.24] + [.06] * 4)
        centre, radius = place_item(rng, where, size)
        if far_apart(centre, radius, items):
            break
        size = {'large': '', '': 'small'}.get(size, size)
    else:
        return None
    surface = None
    if shape != 'ball' and colour is None and rng.random() < .2:
        surface = draw_surface(rng, pick(rng, catalog.SHAPE_MATERIALS))
        colour = surface.colour
    if colour is None:
        colour = colours.draw(rng, avoid=avoid)
    turn = rng.normal(0, .06) if rng.random() < .8 else rng.uniform(-.4, .4)
    return Item(shape, colour, surface, size, where, centre, radius, turn,
                int(rng.integers(1 << 40)))


def alike(a, b):
    """Whether two colors are too near to tell a shape from its ground."""
    return float(np.abs(a.rgb - b.rgb).max()) < .22


def draw_scene(rng, with_items=None):
    kind = rng.random()
    light = draw_light(rng)
    if with_items is None and kind < .12:
        return Scene(Landscape.draw(rng), light, [])
    if with_items is False or (with_items is None and kind < .6):
        return Scene(draw_surface(rng), light, [])
    backdrop = draw_surface(rng, kinds=catalog.BACKDROPS)
    items = []
    for _ in range(int(rng.choice([1, 2, 3], p=[.7, .24, .06]))):
        for _ in range(8):
            item = draw_item(rng, items, (backdrop.colour.word,))
            if item and not alike(item.colour, backdrop.colour):
                items.append(item)
                break
    return Scene(backdrop, light, items)


def render_surface(surface, light, n):
    second = surface.second.rgb if surface.second else surface.colour.rgb
    canvas = Canvas(n, surface.colour.rgb, second, surface.scale,
                    surface.trait, light.angle, surface.seed)
    return np.asarray(DRAW[surface.kind](canvas), F)


def _add_item(rgb, item, light, n):
    x, y = grid(n)
    cx, cy, r = F(item.centre[0]), F(item.centre[1]), F(item.radius)
    c, s = F(np.cos(item.turn)), F(np.sin(item.turn))
    u, v = (x - cx) / r, (y - cy) / r
    distance = SHAPES[item.shape](u * c + v * s, v * c - u * s)
    unit = r * n
    away = F(-.1 * np.cos(light.angle)), F(-.1 * np.sin(light.angle))
    u2, v2 = u - away[0], v - away[1]
    below = SHAPES[item.shape](u2 * c + v2 * s, v2 * c - u2 * s)
    rgb = shade(rgb, 1 - F(.4) * smooth(below, -.16, .16))
    own = item.colour.rgb if item.surface is None \
        else render_surface(item.surface, light, n)
    lit = F(np.cos(light.angle)) * u + F(np.sin(light.angle)) * v
    if item.shape == 'ball':
        z = np.sqrt(np.maximum(0, 1 - u * u - v * v))
        value = .28 + .55 * np.maximum(0, .62 * lit + .7 * z) + .2 * z
        own = shade(np.broadcast_to(own, rgb.shape), value)
        gloss = np.exp(-((u - .4 * np.cos(light.angle)) ** 2
                         + (v - .4 * np.sin(light.angle)) ** 2) * 22)
        own = mix(own, (1, 1, 1), gloss * .75)
    else:
        rim = smooth(distance, 0, .12)
        own = shade(np.broadcast_to(own, rgb.shape),
                    1 + .05 * lit - .1 * (1 - rim))
    return mix(rgb, own, np.clip(distance * unit + F(.5), 0, 1))


def _distance(item, n):
    """[n, n]: to the outline, in pixels, above 0 inside."""
    x, y = grid(n)
    r = F(item.radius)
    u, v = (x - F(item.centre[0])) / r, (y - F(item.centre[1])) / r
    c, s = F(np.cos(item.turn)), F(np.sin(item.turn))
    return SHAPES[item.shape](u * c + v * s, v * c - u * s) * r * F(n)


def outlines(scene, n, width=1.2):
    """[n, n] float32: 1 on the outlines of the items, less than that within a
    few pixels."""
    near = np.zeros((n, n), F)
    for item in scene.items:
        near = np.maximum(near, np.exp(-(_distance(item, n) / F(width)) ** 2))
    return near


def which_shapes(scene, n, share=.3):
    """[n, n] uint8: 1 + the number of the shape that covers @share of a part of
    the picture, or 0."""
    which = np.zeros((n, n), np.uint8)
    for item in scene.items:
        inside = (_distance(item, 4 * n) > 0).reshape(n, 4, n, 4)
        which[inside.mean((1, 3)) >= share] = 1 + list(SHAPES).index(
            item.shape)
    return which


def _apply_light(rgb, light, n):
    x, y = grid(n)
    if light.tone:
        gain = (1.07, .99, .84) if light.tone == 'warm' else (.87, .98, 1.08)
        rgb = rgb * np.array(gain, F) ** F(light.weight)
    if light.level == 'dim':
        rgb = rgb * F(.55 ** light.weight)
    elif light.level == 'bright':
        rgb = 1 - (1 - np.clip(rgb, 0, 1)) ** F(1.35 ** light.weight)
    elif light.level == 'dramatic':
        d = np.hypot(x - F(.5) - F(.2 * np.cos(light.angle)),
                     y - F(.5) - F(.2 * np.sin(light.angle)))
        fall = F(.12) - smooth(d, .15, .85) * F(.85)
        rgb = rgb * (1 + F(light.weight) * fall)[..., None]
    elif light.level == 'soft':
        rgb = mix(rgb, (.8, .8, .8), .14 * light.weight)
    if light.side:
        t = (x - F(.5)) * F(np.cos(light.angle)) \
            + (y - F(.5)) * F(np.sin(light.angle))
        rgb = rgb * (1 + F(.75) * t)[..., None]
    return rgb


def render(scene, n=256):
    """[n, n, 3] uint8."""
    if isinstance(scene.backdrop, Landscape):
        rgb = render_landscape(scene.backdrop, n)
    else:
        rgb = render_surface(scene.backdrop, scene.light, n)
    for item in scene.items:
        rgb = _add_item(rgb, item, scene.light, n)
    rgb = _apply_light(rgb, scene.light, n)
    return (np.clip(rgb, 0, 1) * F(255) + F(.5)).astype(np.uint8)

