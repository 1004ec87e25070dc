# SPDX-License-Identifier: LGPL-3.0-or-later
"""Colors by the words for them."""
import colorsys

import numpy as np

# Hue and its spread in degrees, saturation, value.
WORDS = {
    'red': (0, 8, (.7, .95), (.62, .9)),
    'orange': (27, 6, (.75, .98), (.8, .98)),
    'yellow': (53, 5, (.7, .95), (.85, .98)),
    'green': (122, 22, (.5, .9), (.4, .75)),
    'turquoise': (176, 8, (.55, .9), (.6, .85)),
    'blue': (220, 12, (.6, .95), (.5, .9)),
    'purple': (276, 12, (.5, .85), (.45, .75)),
    'pink': (338, 12, (.3, .6), (.88, 1.)),
    'brown': (24, 7, (.5, .75), (.32, .52)),
    'beige': (38, 7, (.15, .3), (.8, .92)),
    'gold': (44, 4, (.6, .85), (.72, .88)),
    'white': (0, 180, (0., .04), (.93, 1.)),
    'gray': (0, 180, (0., .06), (.4, .62)),
    'black': (0, 180, (0., .2), (.03, .12)),
}
OTHER_NAMES = {'gray': 'grey', 'gold': 'golden', 'turquoise': 'cyan',
               'purple': 'violet'}
CHROMATIC = ('red', 'orange', 'yellow', 'green', 'turquoise', 'blue',
             'purple', 'pink')
MODIFIERS = ('light', 'dark', 'pale', 'vivid', 'deep')


def weighted(text, weight):
    """@text in the syntax for weights, if it has one."""
    return text if weight == 1 else f'({text}:{weight:.2f})'


class Colour:
    """A word, maybe with a modifier, and one of its colors.  weight: how
    strongly the word counts (weights.py)."""

    def __init__(self, word, modifier, rgb):
        self.word, self.modifier, self.rgb = word, modifier, rgb
        self.weight = 1.0

    def text(self, rng=None):
        word = self.word
        if rng is not None and rng.random() < 0.15:
            word = OTHER_NAMES.get(word, word)
        modifier = self.modifier
        if rng is not None and modifier == 'vivid' and rng.random() < 0.5:
            modifier = 'bright'
        return weighted(f'{modifier} {word}' if modifier else word,
                        self.weight)


def _modify(modifier, s, v, rng):
    if modifier == 'light':
        return s * .55, 1 - (1 - v) * .35
    if modifier == 'dark':
        return s, v * .48
    if modifier == 'pale':
        return s * .35, rng.uniform(.85, .95)
    if modifier == 'vivid':
        return rng.uniform(.92, 1), rng.uniform(.9, 1)
    if modifier == 'deep':
        return rng.uniform(.85, 1), v * .65
    return s, v


def allowed(word):
    """Modifiers that can stand before @word."""
    if word in ('black', 'white', 'beige', 'gold'):
        return ()
    if word in ('gray', 'brown'):
        return ('light', 'dark')
    if word == 'pink':
        return ('light', 'pale', 'vivid')
    return MODIFIERS


def make(rng, word, modifier=''):
    hue, spread, saturation, value = WORDS[word]
    h = ((hue + rng.uniform(-spread, spread)) % 360) / 360
    s, v = _modify(modifier, rng.uniform(*saturation), rng.uniform(*value),
                   rng)
    rgb = colorsys.hsv_to_rgb(h, min(1, max(0, s)), min(1, max(0, v)))
    return Colour(word, modifier, np.array(rgb, np.float32))


def draw(rng, words=None, avoid=()):
    """One of @words at random, a third of them with a modifier."""
    words = [w for w in (words or WORDS) if w not in avoid]
    word = words[rng.integers(len(words))]
    choices = allowed(word)
    modifier = ''
    if choices and rng.random() < 0.33:
        modifier = choices[rng.integers(len(choices))]
    return make(rng, word, modifier)
