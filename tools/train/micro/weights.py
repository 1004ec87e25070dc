# SPDX-License-Identifier: LGPL-3.0-or-later
"""Words with weights: pictures that show what a word says as much more or
less as its weight is above or below 1.

Other text encoders never saw a weight, and what becomes of one is left to
chance; this one is taught: the states of weighted words are scaled as the
engine scales them (engine/diffusion/emphasis.c), and the picture follows.
"""
import numpy as np
import torch

import catalog
from scene import Landscape, alike, far_apart, pick

# How far two colors come together, of the logarithm of their weights' ratio.
PULL = .9
# An item without a word for its size, the smallest and the largest.
USUAL_RADIUS, RADII = .165, (.055, .38)


def draw(rng):
    """A weight that people use."""
    value = rng.uniform(.3, .8) if rng.random() < .5 else rng.uniform(1.2, 1.8)
    return round(float(value), 2)


def _strengthen(colour, weight):
    """More or less of a color: chroma, or how far it is from a middle gray."""
    rgb = colour.rgb.astype(float)
    middle = rgb @ (.299, .587, .114)
    if colour.word in ('white', 'black', 'gray', 'beige'):
        middle = .5
    away = rgb - middle
    with np.errstate(divide='ignore'):
        room = np.where(away > 0, (1 - middle) / away, middle / -away)
    most = max(1.0, float(np.min(room, where=away != 0, initial=9)))
    colour.rgb = (middle + away * min(weight, most)).astype(np.float32)
    colour.weight = weight


def one_colour(rng, scene):
    if scene.items and rng.random() < .6:
        item = pick(rng, scene.items)
        if item.surface is not None:
            return False
        _strengthen(item.colour, draw(rng))
        return not alike(item.colour, scene.backdrop.colour)
    ground = scene.backdrop
    if ground.second is not None:
        return False
    ground.is_usual = False
    _strengthen(ground.colour, draw(rng))
    return not any(alike(i.colour, ground.colour) for i in scene.items)


def two_colours(rng, scene):
    """The heavier one colors the other."""
    a, b = scene.backdrop.colour, scene.backdrop.second
    if b is None:
        return False
    scene.backdrop.is_usual = False
    for colour in (a, b) if rng.random() < .3 else (pick(rng, (a, b)),):
        colour.weight = draw(rng)
    pull = np.tanh(PULL * np.log(a.weight / b.weight))
    light, heavy = (b, a) if pull > 0 else (a, b)
    light.rgb = (light.rgb + (heavy.rgb - light.rgb) * abs(pull)).astype(
        np.float32)
    return True


def size(rng, scene):
    sized = [i for i in scene.items if i.size]
    if not sized:
        return False
    item = pick(rng, sized)
    item.weight = draw(rng)
    radius = USUAL_RADIUS + (item.radius - USUAL_RADIUS) * item.weight
    item.radius = float(np.clip(radius, *RADII))
    item.centre = tuple(float(np.clip(p, item.radius + .02,
                                      .98 - item.radius))
                        for p in catalog.PLACES[item.place])
    return far_apart(item.centre, item.radius,
                     [i for i in scene.items if i is not item])


def light(rng, scene):
    if not scene.light.tone and not scene.light.level:
        return False
    scene.light.weight = draw(rng)
    return True


KINDS = {one_colour: .35, two_colours: .35, size: .15, light: .15}


def weigh(rng, scene):
    """A copy of @scene in which some words have weights, or None."""
    how = [k for k, share in KINDS.items() if rng.random() < 2 * share]
    new = scene.copy()
    if isinstance(scene.backdrop, Landscape) or not how:
        return None
    return new if all([f(rng, new) for f in how]) else None


def apply(states, weights):
    """@states [N, P, W] of words with @weights [N, P]; their mean is kept."""
    made = states * weights[..., None]
    before, after = (x.mean((1, 2), keepdim=True) for x in (states, made))
    # Weights of 1 leave the bits alone, and a mean near 0 makes no factor.
    is_fine = (after.abs() > 1e-6) & (weights != 1).any(1)[:, None, None]
    return made * torch.where(is_fine, before / after, 1.0)
