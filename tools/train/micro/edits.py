# SPDX-License-Identifier: LGPL-3.0-or-later
"""Changes of scenes, with the words that ask for them."""
import catalog
import captions
import colours
from landscape import GROUNDS, HILLS, TIMES
from scene import (Landscape, alike, draw_item, draw_surface, far_apart, pick,
                   place_item)
from shapes import SHAPES


def _name(rng, scene, item):
    """What tells @item from the others of its scene."""
    same = [i for i in scene.items if i.shape == item.shape]
    if len(same) > 1:
        return captions.item_name(rng, item)
    if rng.random() < .7:
        return captions.either(rng, captions.SHAPE_NAMES.get(item.shape,
                                                             item.shape))
    return captions.item_name(rng, item, True)


def _ground_name(rng, scene):
    noun = catalog.KINDS[scene.backdrop.kind].nouns[0]
    return pick(rng, (noun, 'background', noun)) if scene.items else noun


def _say(rng, *forms, **words):
    return pick(rng, forms).format(**words)


def recolour(rng, scene):
    new = scene.copy()
    plain = [i for i in range(len(scene.items)) if not scene.items[i].surface]
    if plain and rng.random() < .6:
        item = new.items[pick(rng, plain)]
        colour = colours.draw(rng, avoid=(item.colour.word,
                                          scene.backdrop.colour.word))
        if alike(colour, scene.backdrop.colour):
            return None
        text = _say(rng, 'make the {n} {c}', 'turn the {n} {c}',
                    'change the color of the {n} to {c}', 'paint the {n} {c}',
                    n=_name(rng, scene, item), c=colour.text(rng))
        item.colour = colour
        return text, new
    ground = new.backdrop
    colour = colours.draw(rng, avoid=(ground.colour.word,))
    if any(alike(i.colour, colour) for i in scene.items):
        return None
    ground.colour, ground.is_usual = colour, False
    if scene.items:
        return _say(rng, 'make the {n} {c}', 'change the {n} to {c}',
                    'a {c} background', n=_ground_name(rng, scene),
                    c=colour.text(rng)), new
    return _say(rng, 'make it {c}', 'make it {c}', 'turn it {c}',
                'make the {n} {c}', 'change the color to {c}', '{c}',
                n=_ground_name(rng, scene), c=colour.text(rng)), new


def second_colour(rng, scene):
    if scene.backdrop.second is None or scene.items:
        return None
    new = scene.copy()
    a = colours.draw(rng, avoid=(scene.backdrop.colour.word,))
    b = colours.draw(rng, avoid=(a.word,))
    new.backdrop.colour, new.backdrop.second = a, b
    return _say(rng, 'make it {a} and {b}', 'change the colors to {a} and {b}',
                'turn the {n} {a} and {b}', a=a.text(rng), b=b.text(rng),
                n=_ground_name(rng, scene)), new


def material(rng, scene):
    new = scene.copy()
    kinds = catalog.BACKDROPS if scene.items else None
    surface = draw_surface(rng, kinds=kinds)
    if surface.kind == scene.backdrop.kind \
            or any(alike(i.colour, surface.colour) for i in scene.items):
        return None
    # Some keep the color: "turn it into marble".
    info = catalog.KINDS[surface.kind]
    keeps = info.colours is None and not info.joined and rng.random() < .5
    words = captions.surface_phrase(rng, surface, True)
    if keeps:
        surface.colour = scene.backdrop.colour
        words = info.nouns[0]
    new.backdrop = surface
    name = _ground_name(rng, scene)
    forms = ['turn the {n} into {w}', 'change the {n} to {w}',
             'replace the {n} with {w}']
    if not scene.items:
        forms += ['turn it into {w}', 'make it {w}']
    return _say(rng, *forms, n=name, w=words), new


def add(rng, scene):
    if len(scene.items) > 2:
        return None
    new = scene.copy()
    item = draw_item(rng, scene.items, (scene.backdrop.colour.word,))
    if item is None or alike(item.colour, scene.backdrop.colour):
        return None
    new.items.append(item)
    text = captions.article(captions.item_name(rng, item))
    return _say(rng, 'add {t} {p}', 'add {t} {p}', 'put {t} {p}',
                'draw {t} {p}', t=text,
                p=captions.place_phrase(rng, item.place)), new


def remove(rng, scene):
    if not scene.items:
        return None
    new = scene.copy()
    i = int(rng.integers(len(scene.items)))
    new.items.pop(i)
    return _say(rng, 'remove the {n}', 'delete the {n}', 'erase the {n}',
                'take the {n} away',
                n=_name(rng, scene, scene.items[i])), new


def reshape(rng, scene):
    if not scene.items:
        return None
    new = scene.copy()
    item = pick(rng, new.items)
    name = _name(rng, scene, item)
    shape = pick(rng, [s for s in SHAPES if s != item.shape])
    if shape == 'ball' and item.surface:
        return None
    item.shape = shape
    word = captions.either(rng, captions.SHAPE_NAMES.get(shape, shape))
    return _say(rng, 'turn the {n} into {w}', 'replace the {n} with {w}',
                'make the {n} {w}', n=name, w=captions.article(word)), new


def resize(rng, scene):
    if len(scene.items) != 1:
        return None
    new = scene.copy()
    item = new.items[0]
    sizes = list(catalog.SHAPE_SIZES)
    at = sizes.index(item.size)
    other = int(rng.integers(3))
    if other == at:
        return None
    item.size = sizes[other]
    item.centre, item.radius = place_item(rng, item.place, item.size)
    word = pick(rng, ('larger', 'bigger')) if other > at else 'smaller'
    return _say(rng, 'make the {n} {w}', n=_name(rng, scene, item),
                w=word), new


def move(rng, scene):
    if not scene.items:
        return None
    new = scene.copy()
    item = pick(rng, new.items)
    place = pick(rng, [p for p in catalog.PLACES if p != item.place])
    name = _name(rng, scene, item)
    centre, radius = place_item(rng, place, item.size)
    if not far_apart(centre, radius, [i for i in new.items if i is not item]):
        return None
    item.centre, item.radius, item.place = centre, radius, place
    where = {'centre': 'center'}.get(place, place)
    return _say(rng, 'move the {n} to the {w}', n=name, w=where), new


def light(rng, scene):
    new = scene.copy()
    now = new.light
    change = pick(rng, ('dim', 'bright', 'warm', 'cool', 'dramatic', 'side'))
    if change in (now.level, now.tone) or (change == 'side' and now.side):
        return None
    if change == 'side':
        side = pick(rng, ('left', 'right', 'top'))
        now.side = side
        now.angle = {'left': 3.14, 'right': 0., 'top': -1.57}[side]
        return _say(rng, 'light from the {s}', 'lit from the {s}',
                    s=side), new
    if change in ('warm', 'cool'):
        now.tone = change
        return _say(rng, 'make it {w}er', '{w} light', 'make the light {w}',
                    w=change), new
    now.level = change
    forms = {'dim': ('make it darker', 'darker', 'dim light'),
             'bright': ('make it brighter', 'brighter', 'bright light'),
             'dramatic': ('dramatic light', 'make it dramatic')}[change]
    return pick(rng, forms), new


def landscape(rng, scene):
    new = scene.copy()
    land = new.backdrop
    change = pick(rng, ('time', 'sky', 'ground', 'hills', 'disc'))
    if change == 'time':
        land.time = pick(rng, [t for t in TIMES if t != land.time])
        return _say(rng, 'make it {t}', 'turn it into {t}', 'at {t}',
                    t=land.time), new
    if change == 'sky':
        land.sky = pick(rng, [s for s in ('clear', 'cloudy', 'stormy')
                              if s != land.sky])
        return _say(rng, 'make the sky {s}', 'a {s} sky', s=land.sky), new
    if change == 'ground':
        old = land.ground
        land.ground = pick(rng, [g for g in GROUNDS if g != old])
        return _say(rng, 'turn the {a} into {b}', 'replace the {a} with {b}',
                    a=old, b=land.ground), new
    if change == 'hills':
        old = land.hills
        land.hills = pick(rng, [h for h in HILLS if h != old])
        if not land.hills:
            return f'remove the {old}', new
        if not old:
            return f'add {land.hills}', new
        return f'turn the {old} into {land.hills}', new
    land.has_disc = not land.has_disc
    name = 'moon' if land.time == 'night' else 'sun'
    verb = 'add a' if land.has_disc else 'remove the'
    return f'{verb} {name}', new


CHANGES = {recolour: .26, second_colour: .05, material: .2, add: .17,
           remove: .13, reshape: .07, resize: .04, move: .05, light: .13}


def change(rng, scene):
    """(instruction, changed scene)."""
    while True:
        if isinstance(scene.backdrop, Landscape):
            how = light if rng.random() < .2 else landscape
        else:
            how = pick(rng, CHANGES, list(CHANGES.values()))
        made = how(rng, scene)
        if made is not None:
            return made
