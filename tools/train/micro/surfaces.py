# SPDX-License-Identifier: LGPL-3.0-or-later
"""Surfaces that people make: paper, cloth, metal, paint, glass, light.

As in materials.py, each takes a Canvas and returns [N, N, 3] float32.
"""
import numpy as np

from fields import (F, cells, mix, noise, ramp, relief, ridges, shade, smooth,
                    turned)


def paper(c):
    if c.trait == 'crumpled':
        height = 0
        for count in (3, 5):
            near, second, owner = cells(c.rng, *c.warped(.02), c.count(count))
            gx, gy = c.rng.normal(0, 1, (2, 64)).astype(F)
            height = height + (second - near) * gx[owner % 64] * F(.8)
        value = relief(height * 4, c.light, .4) + c.noise(1.5, 3) * .02
        return shade(c.rgb, .95 * value)
    value = .98 + c.noise(.6, 14) * .022 + c.noise(1.8, 2) * .015
    if c.trait == 'old':
        stain = smooth(c.noise(1.7, 2), .0, 2.2)
        d = np.maximum(np.abs(c.x - .5), np.abs(c.y - .5))
        edge = smooth(d + c.noise(1.5, 3) * .02, .33, .53)
        return mix(shade(c.rgb, value), c.rgb * F((.62, .48, .3)),
                   np.clip(stain * .4 + edge * .6, 0, 1))
    return shade(c.rgb, value)


def cardboard(c):
    wave = np.sin(c.y * F(6.2832 * c.count(34)))
    return shade(c.rgb, .97 + wave * .03 + c.noise(.6, 12, stretch=3) * .03)


def fabric(c):
    count = c.count(30)
    u, v = c.x * F(count * np.pi), c.y * F(count * np.pi)
    over = np.sin(u) * np.sin(v) > 0
    thread = np.where(over, np.abs(np.sin(u)), np.abs(np.sin(v)))
    rough = np.where(over, c.noise(.8, 8, stretch=8, angle=np.pi / 2),
                     c.noise(.8, 8, stretch=8))
    return shade(c.rgb, .68 + .3 * thread + .07 * rough)


def denim(c):
    count = c.count(34)
    wave = np.sin((c.x + c.y) * F(6.2832 * count))
    rough = c.noise(.7, 10, stretch=4, angle=np.pi / 2)
    rgb = shade(c.rgb, .85 + .16 * wave + .1 * rough)
    return mix(rgb, (.85, .88, .9), smooth(rough + wave * .7, 1.2, 2.4) * .35)


def knit(c):
    columns, rows = c.count(10), c.count(13)
    u, v = (c.x * columns) % 1, c.y * rows
    side = np.abs(u - F(.5))
    phase = (v + side * F(1.3)) % 1
    across = np.minimum(side, F(.5) - side) * 4
    height = np.sin(phase * F(np.pi)) * smooth(across, 0, .5)
    return shade(c.rgb, .35 + .65 * height + .06 * c.noise(.6, 20))


def leather(c):
    near, second, _ = cells(c.rng, *c.warped(.01, 6), c.count(22))
    height = smooth(second - near, 0, .4)
    value = (.62 + .34 * height) * relief(height * 2.5, c.light, .35)
    return shade(c.rgb, value * (1 + .08 * c.noise(1.8, 2)))


def silk(c):
    warp = c.noise(3.5, 1.5, 9)
    u = turned(c.x, c.y, c.rng.uniform(.3, 1.2))[0]
    height = np.sin((u * F(1.6 / c.scale) + warp * F(.35)) * 6.28)
    height = height * .7 + .3 * np.sin((u * F(3.1) + warp * F(.6)) * 6.28)
    t = .5 + .42 * height
    return ramp([c.rgb * F(.3), c.rgb * F(.85), c.rgb,
                 mix(c.rgb, (1, 1, 1), .55)], t)


def carpet(c):
    tuft = c.noise(.4, 22, 70)
    return shade(c.rgb, (.78 + .17 * tuft + .06 * c.noise(2, 2))
                 * relief(tuft, c.light, .25))


def metal(c):
    angle = 0.0 if c.trait != 'scratched' else c.rng.uniform(0, 3.14)
    streak = c.noise(.4, 12, stretch=30, angle=angle)
    u = turned(c.x, c.y, c.rng.uniform(0, 3.14))[0]
    gloss = np.sin((u * F(1.3) + F(c.rng.random())) * 6.28)
    value = .88 + .18 * gloss + .075 * streak
    if c.trait == 'scratched':
        scratch = smooth(c.noise(.3, 6, stretch=60, angle=angle + .7), 2.2, 3)
        value = value + .35 * scratch
    if c.trait == 'polished':
        value = .85 + .33 * gloss * (.6 + .4 * np.sin(u * 19)) + .02 * streak
    return shade(c.rgb, value)


def rust(c):
    field = c.noise(1.5, 3)
    rgb = ramp([(.2, .1, .06), (.45, .2, .08), (.7, .36, .13), (.8, .5, .25)],
               .5 + .22 * field + .07 * c.noise(.4, 24))
    paint = smooth(field + .3 * c.noise(1, 8), .35, .6)
    bright = shade(c.rgb, .95 + .04 * c.noise(1, 6))
    return shade(mix(rgb, bright, paint), relief(paint, c.light, .4))


def glass(c):
    """Drops on a pane, something blurred behind."""
    back = ramp([c.rgb * F(.35), c.rgb, mix(c.rgb, (1, 1, 1), .4)],
                .5 + .22 * c.noise(2.4, 1.5))
    near, _, owner = cells(c.rng, c.x, c.y, c.count(9), .95)
    size = c.rng.uniform(.12, .42, 4096).astype(F)[owner % 4096]
    inside = smooth(size - near, 0, .04)
    dome = np.sqrt(np.maximum(0, 1 - (near / size) ** 2)) * inside
    lit = relief(dome * 9, c.light, .9)
    return shade(back, 1 + (lit - 1) * inside)


def paint(c):
    """Thick strokes of a brush."""
    angle = c.rng.uniform(0, 3.14)
    bend = c.noise(3, 2, 12)
    a = c.noise(1, 6, stretch=9, angle=angle)
    b = noise(c.rng, c.n, 1, 8, stretch=9, angle=angle + 1)
    stroke = np.where(bend > 0, a, b)
    rgb = mix(shade(c.rgb, .92 + .1 * stroke), c.second,
              smooth(bend + .4 * stroke, .5, 1.5))
    return shade(rgb, relief(stroke * 1.5, c.light, .35))


def watercolour(c):
    field = c.noise(2.6, 2) + .12 * c.noise(1.3, 8)
    wash = smooth(field, -.9, -.4) * (.55 + .25 * c.noise(1.7, 3))
    rim = ridges(field + F(.65), .12) * .3
    grain = 1 - .035 * np.abs(c.noise(.6, 18))
    sheet = np.full(3, .965, F)
    return shade(mix(mix(sheet, c.rgb, np.clip(wash + rim, 0, 1)), c.second,
                     smooth(c.noise(2, 2), .8, 1.8) * wash * .7), grain)


def ink(c):
    """Ink that swirls in water."""
    x, y = c.warped(.13, 1.5)
    t = np.sin((x * F(2.3) + c.noise(3, 2) * F(.25)) * 6.28) * .5 + .5
    wisps = ridges(c.noise(2.8, 2) + t - F(.5), .3)
    return mix(ramp([mix(c.second, (1, 1, 1), .25), c.second], c.y), c.rgb,
               np.clip(.25 * t + wisps, 0, 1))


def bokeh(c):
    """Lights out of focus."""
    rgb = ramp([c.rgb * F(.08), c.rgb * F(.3)], .5 + .25 * c.noise(2.3, 1.5))
    blur = c.rng.uniform(.006, .02)
    for k in range(int(c.rng.integers(14, 26))):
        r = F(c.rng.uniform(.03, .11) * c.scale)
        cx, cy = c.rng.random(2).astype(F)
        own = c.second if c.rng.random() < .3 else c.rgb
        own = mix(own, (1, .97, .9), c.rng.uniform(.05, .4))
        x0, x1 = (int(max(0, (cx + s * (r + .03)) * c.n)) for s in (-1, 1))
        y0, y1 = (int(max(0, (cy + s * (r + .03)) * c.n)) for s in (-1, 1))
        at = np.s_[y0:y1 + 1, x0:x1 + 1]
        d = np.hypot(c.x[at] - cx, c.y[at] - cy)
        disc = smooth(r - d, -blur, blur) * (.75 + .25 * smooth(d, r * .6, r))
        light = F(c.rng.uniform(.25, .75)) * disc[..., None] * own
        rgb[at] = 1 - (1 - rgb[at]) * (1 - np.clip(light, 0, 1))
    return rgb


def gradient(c):
    """From the color to the second one; the trait says where to."""
    ways = {'horizontal': c.x, 'vertical': c.y,
            'diagonal': (c.x + c.y) * F(.5),
            'radial': np.hypot(c.x - F(.5), c.y - F(.5)) * F(1.5)}
    t = ways.get(c.trait, c.y)
    t = smooth(t, 0, 1) * F(.5) + t * F(.5)
    return mix(c.rgb, c.second, np.clip(t, 0, 1))


def plain(c):
    """One color, slightly darker to the borders."""
    d = np.hypot(c.x - F(.5), c.y - F(.5))
    return shade(c.rgb, 1.01 - F(.1) * d * d)


def studio(c):
    """A backdrop with a floor and a pool of light."""
    line = F(.66)
    d = np.hypot(c.x - F(.5), (c.y - F(.45)) * F(1.1))
    wall = shade(c.rgb, 1.12 - F(.75) * d)
    floor = shade(c.rgb, 1.05 - F(.9) * np.abs(c.x - F(.5))
                  - F(.2) * (1 - c.y))
    return mix(wall, floor, smooth(c.y, line - .03, line + .05))


MADE = {f.__name__: f for f in (
    paper, cardboard, fabric, denim, knit, leather, silk, carpet, metal, rust,
    glass, paint, watercolour, ink, bokeh, gradient, plain, studio)}
