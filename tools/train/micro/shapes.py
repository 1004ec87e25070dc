# SPDX-License-Identifier: LGPL-3.0-or-later
"""Shapes as signed distances: above 0 inside, in units of their radius."""
import numpy as np

from fields import F


def _polygon(u, v, corners, turn):
    angle = np.arctan2(v, u) + F(turn)
    part = F(2 * np.pi / corners)
    inner = F(np.cos(np.pi / corners))
    d = np.hypot(u, v) * np.cos((angle + part / 2) % part - part / 2)
    return inner - d


def circle(u, v):
    return 1 - np.hypot(u, v)


def square(u, v):
    return F(.85) - np.maximum(np.abs(u), np.abs(v))


def triangle(u, v):
    return _polygon(u, v - F(.2), 3, np.pi / 2 + np.pi / 3) * F(1.05)


def hexagon(u, v):
    return _polygon(u, v, 6, np.pi / 6)


def diamond(u, v):
    return (1 - np.abs(u) * F(1.35) - np.abs(v)) * F(.6)


def star(u, v):
    angle = (np.arctan2(u, -v) + F(np.pi / 5)) % F(2 * np.pi / 5) \
        - F(np.pi / 5)
    r = np.hypot(u, v)
    x, y = r * np.cos(angle), np.abs(r * np.sin(angle))
    # The edge from the point (1, 0) to the notch between two points.
    nx, ny = .41 * np.cos(np.pi / 5), .41 * np.sin(np.pi / 5)
    length = np.hypot(1 - nx, ny)
    return ((1 - x) * F(ny) - y * F(1 - nx)) / F(length)


def ring(u, v):
    return F(.24) - np.abs(np.hypot(u, v) - F(.74))


def heart(u, v):
    x, y = np.abs(u) * F(1.2), F(.12) - v * F(1.2)
    t = x * x + y * y - 1
    # The value divided by its slope is about the distance.
    slope = np.hypot(6 * x * t * t - 2 * x * y ** 3,
                     6 * y * t * t - 3 * x * x * y * y)
    return (x * x * y ** 3 - t ** 3) / (slope + F(.3))


def cross(u, v):
    a, b = np.abs(u), np.abs(v)
    return np.maximum(np.minimum(F(.95) - a, F(.32) - b),
                      np.minimum(F(.32) - a, F(.95) - b))


def crescent(u, v):
    return np.minimum(1 - np.hypot(u, v),
                      np.hypot(u - F(.45), v + F(.12)) - F(.8))


SHAPES = {f.__name__: f for f in (
    circle, square, triangle, hexagon, diamond, star, ring, heart, cross,
    crescent)}
SHAPES['ball'] = circle
