# SPDX-License-Identifier: LGPL-3.0-or-later
"""Textures made from nothing: what covers the shapes of leaves.py.

Every function takes a numpy Generator and returns a [N, N] float32 array,
wrapping at its borders, of mean 0 and standard deviation 1.
"""
import numpy as np

SIZE = 512


def _normalize(field):
    field = field - field.mean()
    return (field / (field.std() + 1e-6)).astype(np.float32)


def power_noise(rng, slope=None, stretch=None):
    """Noise whose amplitude falls as 1/f^slope, stretched along one axis.

    Amplitude spectra of photographs fall with slopes near 1 (Field 1987).
    A strong stretch looks like hair, wood or brushed metal.
    """
    slope = rng.uniform(0.1, 2.2) if slope is None else slope
    if stretch is None:
        stretch = 1.0 if rng.random() < 0.5 else np.exp(rng.uniform(0.0, 3.2))
    fy = np.fft.fftfreq(SIZE)[:, None]
    fx = np.fft.rfftfreq(SIZE)[None, :]
    f = np.sqrt((fy * stretch) ** 2 + fx ** 2)
    f[0, 0] = 1.0
    low = 1.0 / rng.uniform(8, 400)
    amplitude = 1.0 / (f + low) ** slope
    amplitude[0, 0] = 0.0
    white = np.fft.rfft2(rng.standard_normal((SIZE, SIZE)))
    return _normalize(np.fft.irfft2(white * amplitude, (SIZE, SIZE)))


def _warp(rng, field, amount):
    dy = power_noise(rng, 2.0, 1.0) * amount
    dx = power_noise(rng, 2.0, 1.0) * amount
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    return field[(y + dy).astype(int) % SIZE, (x + dx).astype(int) % SIZE]


def waves(rng):
    """A sum of sinusoids with a common direction, hard or soft, warped."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] * (2.0 * np.pi / SIZE)
    total = np.zeros((SIZE, SIZE))
    cycles = np.exp(rng.uniform(np.log(4), np.log(60)))
    angle = rng.uniform(0, np.pi)
    for _ in range(rng.integers(1, 4)):
        a = angle + rng.normal(0, 0.2)
        c = cycles * np.exp(rng.normal(0, 0.4))
        kx, ky = round(c * np.cos(a)), round(c * np.sin(a))
        total += np.sin(kx * x + ky * y + rng.uniform(0, 6.28))
    if rng.random() < 0.5:
        total = np.tanh(total * np.exp(rng.uniform(0, 2.5)))
    if rng.random() < 0.3:
        angle += np.pi / 2
        kx, ky = round(cycles * np.cos(angle)), round(cycles * np.sin(angle))
        total *= np.sin(kx * x + ky * y)
    return _normalize(_warp(rng, total, np.exp(rng.uniform(-1, 3))))


def cells(rng):
    """Distances to scattered points: stones, scales, cracks, foam."""
    n = int(np.exp(rng.uniform(np.log(30), np.log(1500))))
    side = 256
    points = rng.uniform(0, side, (n, 2))
    near = np.full((side, side), 1e9)
    second = np.full((side, side), 1e9)
    reach = int(3.0 * side / np.sqrt(n)) + 2
    for p in points:
        iy = (np.arange(-reach, reach + 1) + int(p[0]))
        ix = (np.arange(-reach, reach + 1) + int(p[1]))
        d = (iy[:, None] - p[0]) ** 2 + (ix[None, :] - p[1]) ** 2
        at = np.ix_(iy % side, ix % side)
        old = near[at]
        second[at] = np.minimum(second[at], np.maximum(old, d))
        near[at] = np.minimum(old, d)
    near, second = np.sqrt(near), np.sqrt(np.minimum(second, 1e8))
    kind = rng.integers(3)
    field = (near, second - near, np.minimum(second - near, 2.0))[kind]
    field = np.clip(field, 0, reach)
    field = np.kron(field, np.ones((2, 2)))
    field = 0.5 * (field + np.roll(field, (1, 1), (0, 1)))
    return _normalize(field)


def threshold(rng):
    """Noise pushed towards two values: spots, camouflage, rust."""
    field = power_noise(rng, rng.uniform(1.0, 2.2))
    return _normalize(np.tanh((field - rng.normal(0, 0.7))
                              * np.exp(rng.uniform(0.5, 3))))


def scatter(rng):
    """Small leaves on top of each other: foliage, gravel, bark, crowds."""
    smallest = np.exp(rng.uniform(np.log(3), np.log(9)))
    largest = smallest * np.exp(rng.uniform(0.5, 2.2))
    a, b = smallest ** -2.0, largest ** -2.0
    ratio = np.exp(-rng.uniform(0, 2.0))
    turn, spread = rng.uniform(0, np.pi), rng.choice([0.1, 0.5, np.pi])
    slope = rng.uniform(0, 1.2)
    field = np.zeros((SIZE, SIZE), np.float32)
    area = np.pi * ratio * np.log(largest / smallest) / (0.5 * (a - b))
    for i in range(min(30000, int(4 * SIZE * SIZE / area))):
        radius = (a - rng.random() * (a - b)) ** -0.5
        r = int(radius) + 1
        y, x = rng.uniform(0, SIZE, 2)
        angle = turn + rng.uniform(-spread, spread)
        iy, ix = np.arange(-r, r + 1) + int(y), np.arange(-r, r + 1) + int(x)
        dy, dx = (iy - y)[:, None] / radius, (ix - x)[None, :] / radius
        u = np.cos(angle) * dx + np.sin(angle) * dy
        v = (np.cos(angle) * dy - np.sin(angle) * dx) / ratio
        shape = np.abs(u) + np.abs(v) if i % 4 == 3 else u * u + v * v
        inside = shape < 1
        at = np.ix_(iy % SIZE, ix % SIZE)
        value = rng.normal() + slope * (rng.normal() * u + rng.normal() * v)
        field[at] = np.where(inside, value, field[at])
    return _normalize(field)


def make_bank(rng, n=72):
    """[n, SIZE, SIZE] float32: the textures of a batch of pictures."""
    makers = (power_noise, power_noise, scatter, waves, cells, threshold,
              power_noise, scatter)
    return np.stack([makers[i % len(makers)](rng) for i in range(n)])
