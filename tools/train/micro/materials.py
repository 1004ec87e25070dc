# SPDX-License-Identifier: LGPL-3.0-or-later
"""Materials of nature and of buildings.

Each takes a Canvas and returns [N, N, 3] float32, R'G'B' about 0..1.
"""
import numpy as np

from fields import (F, cells, grid, mix, noise, ramp, relief, ridges, shade,
                    smooth, turned)


class Canvas:
    """What a material is drawn with: side, color, scale (1 is usual), trait
    (a word or ''), where the light comes from, and randomness of its own."""

    def __init__(self, n, rgb, second, scale, trait, light, seed):
        self.n, self.rgb, self.second = n, rgb, second
        self.scale, self.trait, self.light = scale, trait, light
        self.rng = np.random.default_rng(seed)
        self.x, self.y = grid(n)

    def noise(self, slope=1.5, low=2.0, high=None, stretch=1.0, angle=0.0):
        k = 1 / self.scale
        return noise(self.rng, self.n, slope, low * k,
                     None if high is None else high * k, stretch, angle)

    def count(self, usual):
        return max(2, int(round(usual / self.scale)))

    def warped(self, amount, low=2.0):
        dx, dy = (noise(self.rng, self.n, 3, low, 14) for _ in range(2))
        return self.x + dx * F(amount), self.y + dy * F(amount)


def wood(c):
    angle = np.pi / 2 if c.trait == 'vertical' else 0.0
    along = angle + c.rng.normal(0, .04)
    bend = c.noise(2.6, 1.5, stretch=4, angle=along)
    u, v = turned(c.x, c.y, along)
    plank = np.zeros((c.n, c.n), F)
    gap = None
    if c.trait in ('planks', 'vertical', 'weathered'):
        rows = max(2, c.count(4))
        w = turned(c.x, c.y, angle)[1] * rows
        i = np.floor(w).astype(int) % 64
        plank = c.rng.standard_normal(64).astype(F)[i]
        gap = np.minimum(w - np.floor(w), np.ceil(w) - w) * F(c.n / rows / 2)
        v = v + plank
    t = v * F(c.rng.uniform(7, 14) / c.scale) + bend * F(.7)
    rings = np.abs((t - np.floor(t)) * 2 - 1)
    fibre = c.noise(.6, 10, stretch=14, angle=along)
    value = .9 + (rings - .5) * .34 + fibre * .06 + plank * .08
    if c.trait == 'weathered':
        value += np.minimum(c.noise(1, 6, stretch=9, angle=along), 0) * .15
    rgb = shade(c.rgb, value)
    return rgb if gap is None else shade(rgb, .3 + .7 * smooth(gap, .3, 1.8))


def bark(c):
    field = c.noise(1.6, 5, stretch=3.5, angle=np.pi / 2)
    cut = ridges(field + c.noise(1, 12, stretch=2, angle=np.pi / 2) * .4, .35)
    height = -cut * 3 + c.noise(.8, 20, 90) * .4
    return shade(c.rgb, (1.1 - .75 * cut) * relief(height, c.light, .5))


def marble(c):
    warp = c.noise(2.6, 2)
    angle = c.rng.uniform(.3, 1.2)
    u = turned(c.x, c.y, angle)[0]
    veins = ridges(np.sin((u * F(2.2 / c.scale) + warp * F(.32)) * 6.28), .07)
    fine = ridges(c.noise(2.3, 3) + warp * .3, .05) * .6
    cloud = c.noise(1.8, 2)
    dark = c.rgb.mean() < .35
    vein = mix(c.rgb, (.9, .88, .84), .75) if dark else c.rgb * F(.42)
    rgb = shade(c.rgb, .95 + cloud * .07)
    return mix(rgb, vein, np.clip(veins + fine, 0, 1)
               * smooth(c.noise(1.5, 2), -1.2, .6))


def granite(c):
    rgb = shade(c.rgb, .95 + c.noise(1, 4) * .05)
    a, b, d = (c.noise(.8, 14, 60) for _ in range(3))
    rgb = mix(rgb, c.rgb * F(.35), smooth(a, .6, 1.0))
    rgb = mix(rgb, mix(c.rgb, (1, 1, 1), .6), smooth(b, .7, 1.1))
    return mix(rgb, mix(c.rgb, (.5, .5, .5), .5) * F(.75), smooth(d, .9, 1.2))


def brick(c):
    rows = c.count(8)
    rows += rows % 2
    v = c.y * rows
    i = np.floor(v).astype(int)
    u = c.x * (rows // 2) + (i % 2) * F(.5)
    j = np.floor(u).astype(int)
    tone = c.rng.standard_normal(4096).astype(F)[(i * 67 + j) % 4096]
    edge = c.noise(1, 12) * F(.025)
    du = np.minimum(u - j, 1 + j - u) * 2 + edge
    dv = np.minimum(v - i, 1 + i - v) + edge
    face = smooth(np.minimum(du, dv), .05, .13)
    rough = c.noise(.7, 16)
    spread = .16 if c.trait == 'old' else .09
    rgb = shade(c.rgb, .92 + tone * spread + rough * .07)
    if c.trait == 'old':
        rgb = mix(rgb, c.rgb * F(.4), smooth(c.noise(1.5, 3), .7, 1.6) * .7)
    mortar = shade((.74, .72, .68), .95 + rough * .05)
    if c.rgb.mean() > .8:
        mortar = mortar * F(.75)
    return shade(mix(mortar, rgb, face), relief(face * 2, c.light, .45))


def concrete(c):
    rgb = shade(c.rgb, 1 + c.noise(1.6, 2) * .06 + c.noise(.5, 20) * .035)
    pits = smooth(c.noise(.6, 18, 60), 2.0, 2.4)
    rgb = shade(rgb, 1 - .4 * pits)
    if c.trait == 'cracked':
        near, second, _ = cells(c.rng, *c.warped(.02, 4), c.count(3))
        crack = 1 - smooth(second - near, .0, .045)
        rgb = shade(rgb, 1 - .75 * crack)
    return rgb


def plaster(c):
    height = c.noise(1.3, 6)
    return shade(c.rgb, (.95 + height * .03) * relief(height, c.light, .55))


def cobblestone(c):
    near, second, owner = cells(c.rng, *c.warped(.008, 8), c.count(7), .7)
    edge = second - near
    tone = c.rng.standard_normal(4096).astype(F)[owner % 4096]
    height = smooth(edge, .05, .45)
    rgb = shade(c.rgb, .9 + tone * .13 + c.noise(.7, 16) * .05)
    rgb = shade(rgb, (.35 + .65 * smooth(edge, .04, .2))
                * relief(height * 5, c.light, .5))
    return rgb


def rock(c):
    a = c.noise(1.7, 2)
    height = np.abs(a) + .5 * np.abs(c.noise(1.3, 6))
    if c.trait == 'layered':
        u = turned(c.x, c.y, c.rng.normal(0, .15))[1] * F(9 / c.scale)
        height = height + .8 * np.abs((u + a * .5) % 1 - .5)
    return shade(c.rgb, (.75 + height * .22) * relief(height * 4, c.light, .6))


def pebbles(c):
    near, second, owner = cells(c.rng, c.x, c.y, c.count(11), .95)
    edge = second - near
    hue = c.rng.uniform(.7, 1.25, (4096, 1)).astype(F)
    tint = c.rng.uniform(.93, 1.07, (4096, 3)).astype(F)
    rgb = np.clip(c.rgb * hue * tint, 0, 1)[owner % 4096]
    dome = smooth(edge, 0, .7)
    return shade(rgb, (.25 + .75 * smooth(edge, .03, .22))
                 * relief(dome * 6, c.light, .55))


def sand(c):
    value = .97 + c.noise(.25, 30) * .055 + c.noise(1.6, 2) * .035
    if c.trait == 'rippled':
        x, y = turned(*c.warped(.035), c.rng.normal(1.4, .25))
        wave = (x * F(c.rng.uniform(9, 14) / c.scale)) % 1
        height = np.where(wave < .7, wave / F(.7), (1 - wave) / F(.3))
        value = value * relief(height * 5, c.light, .38)
    return shade(c.rgb, value)


def grass(c):
    lean = np.pi / 2 + c.rng.normal(0, .12)
    a = c.noise(.7, 14, stretch=6, angle=lean)
    b = c.noise(.7, 14, stretch=5, angle=lean + .3)
    d = c.noise(.7, 16, stretch=5, angle=lean - .3)
    blades = np.maximum(np.maximum(a, b), d)
    value = .5 + .34 * blades + .06 * c.noise(1.8, 2)
    light = mix(c.rgb, (.85, .9, .3), .3)
    return ramp([c.rgb * F(.18), c.rgb * F(.75), c.rgb, light], value)


def moss(c):
    lumps = c.noise(1.6, 4)
    grain = c.noise(.5, 24)
    return shade(c.rgb, (.78 + .16 * lumps + .17 * grain)
                 * relief(lumps * 2, c.light, .4))


def leaves(c):
    """Layers of leaves, the lower ones in the dark."""
    rgb = np.broadcast_to(c.rgb * F(.15), (c.n, c.n, 3))
    for layer in range(4):
        count = c.count(6)
        x, y = c.x + F(c.rng.random()), c.y + F(c.rng.random())
        u, v = (x * count) % count, (y * count) % count
        i = np.minimum(np.floor(u).astype(int), count - 1)
        j = np.minimum(np.floor(v).astype(int), count - 1)
        at = j * count + i
        angle = c.rng.uniform(0, 6.28, count * count).astype(F)[at]
        tone = c.rng.normal(0, .13, count * count).astype(F)[at]
        shift = c.rng.uniform(-.12, .12, (2, count * count)).astype(F)
        du, dv = u - i - F(.5) + shift[0][at], v - j - F(.5) + shift[1][at]
        a = du * np.cos(angle) + dv * np.sin(angle)
        b = dv * np.cos(angle) - du * np.sin(angle)
        edge = F(.2) * (1 - (a / F(.38)) ** 2) - np.abs(b)
        inside = smooth(edge, 0, .035)
        vein = ridges(b, .012) * .3 + ridges((a * 9 - np.abs(b) * 9) % 1 - .5,
                                             .1) * .12
        value = (.45 + .18 * layer + tone) * (1.05 - vein + b * 1.2)
        rgb = mix(shade(rgb, 1 - .45 * smooth(edge, -.07, 0)),
                  shade(c.rgb, np.maximum(value, .1)), inside)
    return rgb


def water(c):
    x, y = c.warped(.03, 3)
    height = c.noise(1.9, 5, stretch=1.8)
    if c.trait == 'calm':
        height = c.noise(2.2, 4, stretch=4) * F(.6)
    net = ridges(c.noise(2.6, 5, 40), .22)
    deep = c.rgb * F(.62)
    rgb = ramp([deep, c.rgb, mix(c.rgb, (.9, .97, 1), .45)],
               .42 + .17 * height + .35 * net)
    glint = smooth(relief(height, c.light, 2), 1.6, 2.0)
    return mix(rgb, (1, 1, 1), glint * .55)


def clouds(c):
    """A sky of the canvas' color; 'clear', 'cloudy' or 'stormy'."""
    top, low = shade(c.rgb, .85), mix(c.rgb, (.93, .95, .97), .45)
    rgb = ramp([top, c.rgb, low], c.y)
    if c.trait == 'clear':
        return rgb
    field = c.noise(1.75, 2, stretch=1.7) + F(.15) * c.noise(1.1, 10)
    cover = {'cloudy': .2, 'stormy': -1.2}.get(c.trait, .5)
    mask = smooth(field, cover - .1, cover + 1.3)
    body = 1.0 + .1 * (relief(field * 2, c.light, .9) - 1)
    white = np.full(3, .97, F)
    if c.trait == 'stormy':
        white = mix(c.rgb, (.45, .46, .5), .5)
        body = .75 + .25 * smooth(field, -1.5, 1.5) * body
    return mix(rgb, shade(white, np.minimum(body, 1.15)), mask)


def stars(c):
    """A sky at night: glow of the canvas' color, stars."""
    glow = smooth(c.noise(1.9, 2), -.6, 2.4)
    rgb = mix(c.rgb * F(.14), c.rgb * F(.62), glow)
    near, _, owner = cells(c.rng, c.x, c.y, c.count(13), 1.0)
    size = c.rng.random(4096, dtype=F)[owner % 4096] ** 3
    light = np.exp(-(near / (F(.045) + F(.09) * size)) ** 2) * (.25 + size)
    return mix(rgb, (1, .98, .94), np.clip(light * 1.4, 0, 1))


def fog(c):
    field = c.noise(2.3, 1.5, stretch=2)
    return mix(shade(c.rgb, .8), mix(c.rgb, (.95, .95, .95), .6),
               smooth(field, -1.8, 1.8))


def snow(c):
    height = c.noise(1.9, 3)
    value = .97 * relief(height * 1.5, c.light, .22)
    return mix(shade(c.rgb, value), (.62, .72, .9), (1 - value) * 1.2) \
        + (c.noise(.3, 40) * F(.012))[..., None]


def ice(c):
    near, second, _ = cells(c.rng, *c.warped(.05), c.count(4))
    crack = ridges(second - near, .035) + .5 * ridges(c.noise(2.2, 3), .05)
    rgb = shade(c.rgb, .92 + .09 * c.noise(1.7, 2))
    return mix(rgb, (1, 1, 1), np.clip(crack, 0, 1) * .7)


def lava(c):
    near, second, _ = cells(c.rng, *c.warped(.04, 3), c.count(5))
    glow = ridges(second - near, .12) * (.75 + .25 * c.noise(1.5, 3))
    crust = shade((.13, .11, .11), .9 + .25 * c.noise(1, 8))
    hot = ramp([c.rgb * F(.5), c.rgb, mix(c.rgb, (1, .95, .6), .7)], glow)
    return mix(crust, hot, smooth(glow, .12, .5))


def fur(c):
    lean = c.rng.uniform(.9, 2.2)
    x = c.noise(.8, 12, stretch=8, angle=lean)
    y = c.noise(.8, 12, stretch=8, angle=lean + .35)
    return shade(c.rgb, .8 + .2 * np.maximum(x, y) + .1 * c.noise(2, 2))


NATURAL = {f.__name__: f for f in (
    wood, bark, marble, granite, brick, concrete, plaster, cobblestone, rock,
    pebbles, sand, grass, moss, leaves, water, clouds, stars, fog, snow, ice,
    lava, fur)}
