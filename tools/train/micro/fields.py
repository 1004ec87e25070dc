# SPDX-License-Identifier: LGPL-3.0-or-later
"""Fields that materials are made of: noise, cells, folds, relief.

Fields are [N, N] float32; frequencies are in cycles a picture, so that a
picture of any size shows the same.
"""
import functools

import numpy as np

F = np.float32


@functools.lru_cache(maxsize=4)
def grid(n):
    """x and y of the middles of the pixels, in 0..1."""
    line = (np.arange(n, dtype=F) + F(0.5)) / F(n)
    return np.broadcast_to(line, (n, n)), np.broadcast_to(line[:, None],
                                                          (n, n))


@functools.lru_cache(maxsize=4)
def _frequencies(n):
    fy = np.fft.fftfreq(n, 1 / n).astype(F)[:, None]
    fx = np.fft.rfftfreq(n, 1 / n).astype(F)[None, :]
    return fx, fy


def noise(rng, n, slope=1.5, low=2.0, high=None, stretch=1.0, angle=0.0):
    """Noise that wraps, mean 0, deviation 1, amplitude falling as 1/f^slope
    from @low to @high; features @stretch times as long along @angle."""
    fx, fy = _frequencies(n)
    c, s = F(np.cos(angle)), F(np.sin(angle))
    along, across = fx * c + fy * s, fy * c - fx * s
    f = np.sqrt((along * F(stretch)) ** 2 + across ** 2)
    amplitude = (f + F(low)) ** F(-slope)
    if high is not None:
        amplitude *= np.exp(-(f / F(high)) ** 2)
    amplitude[0, 0] = 0
    # Half of the spectrum is drawn: as random as all of it, in half the time.
    draw = rng.standard_normal((2,) + f.shape, dtype=F)
    field = np.fft.irfft2((draw[0] + 1j * draw[1]) * amplitude, (n, n))
    return (field / (field.std() + 1e-9)).astype(F)


def smooth(field, low, high):
    """0 below @low, 1 above @high, a smooth step between."""
    t = np.clip((field - F(low)) / F(high - low), 0, 1)
    return t * t * (3 - 2 * t)


def ridges(field, width=0.25):
    """1 where @field is 0, falling within @width."""
    return np.exp(-np.abs(field) / F(width))


def cells(rng, x, y, count, jitter=0.9):
    """(nearest, second nearest distance in cells, number of the cell's point
    in 0..count^2) for points in a jittered @count x @count grid that wraps."""
    offset = (rng.random((2, count, count), dtype=F) - F(0.5)) * F(jitter)
    u, v = x * F(count), y * F(count)
    iu, iv = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    fu, fv = u - iu, v - iv
    near = np.full(u.shape, 9, F)
    second = np.full(u.shape, 9, F)
    owner = np.zeros(u.shape, np.int32)
    for dy in (-1, 0, 1):
        row = (iv + dy) % count
        for dx in (-1, 0, 1):
            at = row * count + (iu + dx) % count
            du = offset[0].ravel()[at] + F(dx + 0.5) - fu
            dv = offset[1].ravel()[at] + F(dy + 0.5) - fv
            d = du * du + dv * dv
            closer = d < near
            second = np.minimum(second, np.maximum(near, d))
            owner = np.where(closer, at, owner)
            near = np.minimum(near, d)
    return np.sqrt(near), np.sqrt(second), owner


def relief(height, angle, strength):
    """Brightness, about 1, of a surface lit from @angle."""
    n = height.shape[0]
    dx = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    dy = np.roll(height, -1, 0) - np.roll(height, 1, 0)
    slope = (dx * F(-np.cos(angle)) + dy * F(-np.sin(angle))) * F(n / 256)
    return 1 + F(strength) * np.tanh(slope * 2) * F(0.5)


def ramp(stops, t):
    """[N, N, 3]: colors @stops, evenly spaced over 0..1, at @t."""
    stops = np.asarray(stops, F)
    t = np.clip(t, 0, 1) * F(len(stops) - 1)
    i = np.minimum(t.astype(np.int32), len(stops) - 2)
    f = (t - i)[..., None]
    return stops[i] * (1 - f) + stops[i + 1] * f


def mix(a, b, t):
    """@a where @t is 0, @b where it is 1; colors or pictures."""
    t = t[..., None] if np.ndim(t) == 2 else F(t)
    return np.asarray(a, F) * (1 - t) + np.asarray(b, F) * t


def shade(rgb, factor):
    """Darker below 1; above 1 lighter, without leaving 0..1 soon."""
    rgb = np.asarray(rgb, F)
    factor = factor[..., None] if np.ndim(factor) == 2 else F(factor)
    return np.where(factor <= 1, rgb * factor,
                    1 - (1 - rgb) / np.maximum(factor, 1) ** 2)


def turned(x, y, angle):
    """Coordinates turned about the middle of the picture."""
    c, s = F(np.cos(angle)), F(np.sin(angle))
    return (x - F(.5)) * c + (y - F(.5)) * s + F(.5), \
        (y - F(.5)) * c - (x - F(.5)) * s + F(.5)
