# SPDX-License-Identifier: LGPL-3.0-or-later
"""Simple landscapes: a sky over sea, grass, sand or snow, maybe mountains."""
import dataclasses

import numpy as np

import colours
from fields import F, grid, mix, noise, ramp, shade, smooth
from materials import NATURAL, Canvas

GROUNDS = {'sea': ('water', 'blue'), 'meadow': ('grass', 'green'),
           'desert': ('sand', 'gold'), 'snow': ('snow', 'white')}
TIMES = ('day', 'sunset', 'night')
SKIES = ('clear', 'cloudy', 'stormy')
HILLS = ('', 'hills', 'mountains')


@dataclasses.dataclass
class Landscape:
    ground: str
    time: str
    sky: str
    hills: str
    has_disc: bool        # sun or moon
    horizon: float
    disc: tuple
    seed: int

    @classmethod
    def draw(cls, rng):
        def one(options):
            return options[rng.integers(len(options))]
        time = TIMES[rng.choice(3, p=[.5, .27, .23])]
        sky = SKIES[rng.choice(3, p=[.45, .4, .15])]
        return cls(one(tuple(GROUNDS)), time, sky, one(HILLS),
                   bool(sky != 'stormy' and rng.random() < .45),
                   float(rng.uniform(.5, .66)),
                   (float(rng.uniform(.2, .8)), float(rng.uniform(.14, .3))),
                   int(rng.integers(1 << 40)))


def _sky(land, rng, n):
    y = np.clip(grid(n)[1] / F(land.horizon), 0, 1)
    if land.time == 'day':
        stops = [(.2, .42, .8), (.42, .65, .92), (.78, .88, .95)]
    elif land.time == 'sunset':
        stops = [(.25, .2, .45), (.75, .35, .42), (.97, .6, .3),
                 (1, .82, .5)]
    else:
        stops = [(.03, .05, .15), (.08, .12, .28), (.17, .22, .4)]
    tint = rng.uniform(.93, 1.07, 3)
    rgb = ramp(np.clip(np.array(stops) * tint, 0, 1), y)
    if land.time == 'night' and land.sky == 'clear':
        canvas = Canvas(n, np.array((.2, .25, .5), F), None, .7, '', 0,
                        land.seed + 1)
        rgb = np.maximum(rgb, NATURAL['stars'](canvas) * F(.95))
    return rgb


def _add_disc(land, rgb, n):
    x, y = grid(n)
    cx, cy = land.disc
    if land.time == 'sunset':
        cy = land.horizon - .07
    d = np.hypot(x - F(cx), y - F(cy))
    own = {'day': (1, .97, .75), 'sunset': (1, .88, .55),
           'night': (.93, .93, .86)}[land.time]
    glow = np.exp(-d / F(.1)) * F(.2 if land.time == 'night' else .6)
    rgb = mix(rgb, own, glow)
    return mix(rgb, own, smooth(F(.052) - d, -1 / n, 1 / n))


def _add_clouds(land, rgb, rng, n):
    if land.sky == 'clear':
        return rgb
    field = noise(rng, n, 1.8, 2, stretch=2.4)
    storm = land.sky == 'stormy'
    mask = smooth(field, -1.6 if storm else 0, .9 if storm else 1.4)
    own = {'day': (.97, .97, .98), 'sunset': (.98, .62, .5),
           'night': (.2, .22, .3)}[land.time]
    if storm:
        own = np.array(own) * .5
    value = .85 + .15 * np.clip(field, -1.5, 1.5)
    return mix(rgb, shade(np.array(own, F), value), mask * F(.85))


def _add_hills(land, rgb, rng, n, haze):
    if not land.hills:
        return rgb
    x, y = grid(n)
    sharp = land.hills == 'mountains'
    line = noise(rng, n, 2.4 if sharp else 3, 3)[0]
    if sharp:
        line = 1.2 - np.abs(line) * 1.4
    height = F(.14 if sharp else .07) + F(.075 if sharp else .03) * line
    top = F(land.horizon) - np.maximum(height, F(.02))
    own = np.array((.36, .36, .42) if sharp else (.25, .42, .2), F)
    if land.ground == 'snow' or (land.ground == 'desert' and not sharp):
        own = np.array((.7, .74, .8) if land.ground == 'snow'
                       else (.66, .47, .28), F)
    rough = noise(rng, n, 1.3, 6, angle=1.1, stretch=2)
    body = shade(own, .9 + .2 * rough * (1 if sharp else .4))
    if sharp:
        cap = smooth(top[None, :] + F(.055) + rough * F(.015) - y, 0, .02)
        body = mix(body, (.95, .96, .98), cap * .9)
    dim = {'day': 1, 'sunset': .72, 'night': .4}[land.time]
    body = mix(body * F(dim), haze, .3)
    return mix(rgb, body, smooth(y - top[None, :], 0, 1.5 / n))


def _ground(land, rng, n, haze):
    """A material that reaches to the horizon."""
    kind, word = GROUNDS[land.ground]
    own = colours.make(rng, word).rgb
    canvas = Canvas(n, own, None, 1.0, 'rippled' if kind == 'sand' else '',
                    -2.2, land.seed + 2)
    flat = NATURAL[kind](canvas)
    x, y = grid(n)
    down = np.maximum(y - F(land.horizon), F(.5 / n)) / F(1 - land.horizon)
    depth = 1 / (down + F(.12))
    u = ((x - F(.5)) * depth * F(.9) + F(.5)) % 1
    v = (depth * F(1.2)) % 1
    rgb = flat[(v * n).astype(int) % n, (u * n).astype(int) % n]
    rgb = mix(rgb, np.asarray(rgb.mean((0, 1))), .75 * (1 - smooth(down, 0,
                                                                   .35)))
    return mix(rgb, haze, .45 * (1 - smooth(down, 0, .4)))


def render_landscape(land, n):
    """[n, n, 3] float32."""
    rng = np.random.default_rng(land.seed)
    rgb = _sky(land, rng, n)
    haze = rgb[int(land.horizon * n) - 2, n // 2].copy()
    if land.has_disc:
        rgb = _add_disc(land, rgb, n)
    rgb = _add_clouds(land, rgb, rng, n)
    rgb = _add_hills(land, rgb, rng, n, haze)
    light = {'day': (1, 1, 1), 'sunset': (.85, .6, .5),
             'night': (.3, .36, .52)}[land.time]
    ground = _ground(land, rng, n, haze / np.maximum(light, .3))
    ground = ground * np.array(light, F)
    y = grid(n)[1]
    if land.has_disc and land.ground == 'sea':
        x = grid(n)[0]
        path = np.exp(-((x - F(land.disc[0])) / F(.05)) ** 2)
        spark = smooth(noise(rng, n, 1.2, 8, stretch=5), -.3, 1.2)
        ground = mix(ground, (1, .9, .7), path * spark * F(.6))
    return mix(rgb, ground, smooth(y - F(land.horizon), -.5 / n, .5 / n))
