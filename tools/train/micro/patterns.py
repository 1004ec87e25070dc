# SPDX-License-Identifier: LGPL-3.0-or-later
"""Patterns of two colors: the canvas' color on its second one."""
import numpy as np

from fields import F, cells, mix, ramp, relief, ridges, shade, smooth, turned


def _soft(c, signed, unit):
    """1 where @signed is above 0; @unit: of the picture's side."""
    return smooth(signed, -.5 * unit / c.n, .5 * unit / c.n)


def _finish(c, rgb):
    return shade(rgb, 1 + c.noise(.5, 20) * .012)


def stripes(c):
    angle = {'vertical': 0, 'diagonal': np.pi / 4}.get(c.trait, np.pi / 2)
    count = c.count(7)
    u = turned(c.x, c.y, angle)[0] * F(count)
    t = np.abs((u % 1) - F(.5))
    return _finish(c, mix(c.second, c.rgb, _soft(c, F(.25) - t, count)))


def checkerboard(c):
    count = max(2, c.count(6))
    u, v = c.x * count, c.y * count
    s = np.sin(u * F(np.pi)) * np.sin(v * F(np.pi))
    return _finish(c, mix(c.second, c.rgb, _soft(c, s, 3 * count)))


def dots(c):
    count = c.count(6)
    v = c.y * count
    u = c.x * count + (np.floor(v).astype(int) % 2) * F(.5)
    d = np.hypot(u % 1 - F(.5), v % 1 - F(.5))
    r = F(c.rng.uniform(.24, .36))
    return _finish(c, mix(c.second, c.rgb, _soft(c, r - d, count)))


def plaid(c):
    count = c.count(3)
    wide = F(c.rng.uniform(.3, .5))

    def bands(t):
        t = (t * count) % 1
        main = _soft(c, wide / 2 - np.abs(t - F(.5)), count)
        thin = _soft(c, F(.025) - np.abs(t - F(.04)), count)
        return main, thin
    (mx, tx), (my, ty) = bands(c.x), bands(c.y)
    rgb = mix(c.second, c.rgb, (mx + my) * F(.5))
    line = mix(c.rgb, (1, 1, 1), .7) if c.rgb.mean() < .5 else c.rgb * F(.35)
    rgb = mix(rgb, line, np.maximum(tx, ty) * F(.7))
    twill = np.sin((c.x + c.y) * F(6.2832 * c.count(42)))
    return shade(rgb, .96 + .04 * twill)


def honeycomb(c):
    count = c.count(7)
    rows = max(1, round(count / 1.732))
    best, second = np.full((c.n, c.n), 9, F), np.full((c.n, c.n), 9, F)
    # Two rectangular grids of points make a hexagonal one.
    for half in (0, .5):
        for dx in (-.5, .5):
            u = (c.x * count + F(half)) % 1 - F(.5)
            u = u if dx < 0 else u - np.sign(u)
            for v in ((c.y * rows + F(half)) % 1 - F(.5),):
                for w in (v, v - np.sign(v)):
                    d = np.sqrt(u * u + w * w * 3)
                    second = np.minimum(second, np.maximum(best, d))
                    best = np.minimum(best, d)
    face = smooth(second - best, .06, .13)
    return _finish(c, shade(mix(c.second, c.rgb, face), 1 - F(.25) * best))


def waves(c):
    count = c.count(7)
    swing = np.sin(c.x * F(6.2832 * c.count(2))) * F(.28)
    t = np.abs((c.y * count + swing) % 1 - F(.5))
    return _finish(c, mix(c.second, c.rgb, _soft(c, F(.25) - t, count)))


def zigzag(c):
    count = c.count(6)
    swing = np.abs((c.x * count) % 1 - F(.5))
    t = np.abs((c.y * count + swing) % 1 - F(.5))
    return _finish(c, mix(c.second, c.rgb, _soft(c, F(.25) - t, 1.5 * count)))


def sunburst(c):
    count = 2 * c.count(8)
    angle = np.arctan2(c.y - F(.5), c.x - F(.5))
    d = np.hypot(c.y - F(.5), c.x - F(.5))
    s = np.sin(angle * F(count))
    soft = smooth(s * d * F(c.n / count), -.6, .6)
    return _finish(c, mix(c.second, c.rgb, soft))


def rings(c):
    count = c.count(7)
    d = np.hypot(c.y - F(.5), c.x - F(.5)) * F(count)
    t = np.abs(d % 1 - F(.5))
    return _finish(c, mix(c.second, c.rgb, _soft(c, F(.25) - t, count)))


def diamonds(c):
    count = c.count(5)
    d = np.abs((c.x * count) % 1 - F(.5)) + np.abs((c.y * count) % 1 - F(.5))
    return _finish(c, mix(c.second, c.rgb, _soft(c, F(.42) - d, 1.4 * count)))


def grating(c):
    count = c.count(7)
    d = np.minimum(np.abs((c.x * count) % 1 - F(.5)),
                   np.abs((c.y * count) % 1 - F(.5)))
    return _finish(c, mix(c.second, c.rgb, _soft(c, F(.05) - d, count)))


def tiles(c):
    count = c.count(5)
    u, v = c.x * count, c.y * count
    i = np.floor(v).astype(int) * count + np.floor(u).astype(int)
    tone = c.rng.standard_normal(1024).astype(F)[i % 1024]
    edge = np.minimum(F(.5) - np.abs(u % 1 - F(.5)),
                      F(.5) - np.abs(v % 1 - F(.5)))
    face = smooth(edge, .03, .07)
    gloss = ((u % 1) * np.cos(c.light) + (v % 1) * np.sin(c.light)) * F(-.09)
    rgb = shade(c.rgb, .97 + .05 * tone + gloss)
    return shade(mix((.7, .69, .67), rgb, face),
                 relief(face * 2, c.light, .35))


def mosaic(c):
    near, second, owner = cells(c.rng, c.x, c.y, c.count(13), .75)
    own = c.rng.random(4096)[owner % 4096]
    tone = c.rng.normal(0, .12, 4096).astype(F)[owner % 4096]
    face = smooth(second - near, .05, .12)
    rgb = shade(np.where((own < .3)[..., None], c.second, c.rgb), .95 + tone)
    return mix((.8, .78, .74), rgb, face)


def stained(c):
    """Stained glass: cells of both colors, dark lead between, glowing."""
    near, second, owner = cells(c.rng, c.x, c.y, c.count(5), .9)
    own = c.rng.random(1024).astype(F)[owner % 1024]
    rgb = ramp([c.rgb, mix(c.rgb, c.second, .4), c.second], own)
    rgb = shade(rgb, 1.12 - F(.35) * near + .04 * c.noise(1.2, 6))
    return shade(rgb, .06 + .94 * smooth(second - near, .05, .1))


def terrazzo(c):
    rgb = shade(c.second, 1 + c.noise(.5, 20) * .015)
    near, second, owner = cells(c.rng, *c.warped(.012, 6), c.count(11), .9)
    kind = c.rng.integers(0, 4, 4096)[owner % 4096]
    size = c.rng.uniform(.1, .4, 4096).astype(F)[owner % 4096]
    chip = smooth(second - near - size, 0, .05)
    own = np.stack([c.rgb, c.rgb * F(.6), mix(c.rgb, (1, 1, 1), .5),
                    mix(c.second, (.2, .2, .2), .5)])[kind]
    return mix(rgb, own, chip)


def confetti(c):
    rgb = np.broadcast_to(c.second, (c.n, c.n, 3)).astype(F)
    for layer in range(2):
        x, y = c.x + F(c.rng.random()), c.y + F(c.rng.random())
        near, _, owner = cells(c.rng, x % 1, y % 1, c.count(9), .9)
        hue = c.rng.random((1024, 3)).astype(F)[owner % 1024]
        own = mix(c.rgb, hue, .25)
        rgb = mix(rgb, own, smooth(F(.24) - near, 0, .04))
    return _finish(c, rgb)


def camouflage(c):
    a, b = c.noise(2.8, 4), c.noise(2.8, 5)
    rgb = mix(c.second, c.rgb, smooth(a, 0, .06))
    return _finish(c, mix(rgb, c.rgb * F(.45), smooth(b, .55, .61)))


def topography(c):
    """Lines of equal height."""
    t = (c.noise(3.5, 2, 14) * F(2.2 / c.scale)) % 1
    gap = np.abs(t - F(.5))
    return _finish(c, mix(c.second, c.rgb, smooth(gap, .38, .44)))


def woven(c):
    """A basket."""
    count = c.count(5)
    u, v = c.x * count, c.y * count
    i = (np.floor(u).astype(int) + np.floor(v).astype(int)) % 2
    across = np.where(i == 0, v % 1, u % 1)
    along = np.where(i == 0, u % 1, v % 1)
    strand = np.abs(np.sin(across * F(3 * np.pi)))
    value = (.35 + .65 * strand) * (.55 + .45 * np.sin(along * F(np.pi)))
    return shade(c.rgb, value * (1 + ridges(strand, .1) * -.3))


PATTERNS = {f.__name__: f for f in (
    stripes, checkerboard, dots, plaid, honeycomb, waves, zigzag, sunburst,
    rings, diamonds, grating, tiles, mosaic, stained, terrazzo, confetti,
    camouflage, topography, woven)}
