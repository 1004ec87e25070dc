# SPDX-License-Identifier: LGPL-3.0-or-later
"""Flat colours, lines, gradients and glyphs: screenshots, drawings, signs."""
import glob
import string

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTERS = string.ascii_letters + string.digits + ".,;:!?&%()+-='\"/#@   "


def find_fonts():
    """Scalable fonts of this system; the recipe uses DejaVu and Liberation."""
    return sorted(glob.glob('/usr/share/fonts/truetype/**/*.ttf',
                            recursive=True))


def _color(rng):
    if rng.random() < 0.35:
        return (int(rng.choice([0, 255])),) * 3
    return tuple(int(v) for v in rng.integers(0, 256, 3))


def _gradient(rng, side):
    a, b = rng.uniform(0, 255, (2, 3))
    t = np.linspace(0, 1, side)[:, None, None]
    t = np.broadcast_to(t, (side, side, 1))
    field = a + (b - a) * t
    return np.ascontiguousarray(np.rot90(field, rng.integers(4)))


def _text(rng, draw, side, fonts):
    size = int(np.exp(rng.uniform(np.log(9), np.log(90))))
    font = ImageFont.truetype(fonts[rng.integers(len(fonts))], size)
    y = int(rng.uniform(-size, side))
    color = _color(rng)
    for _ in range(rng.integers(1, 12)):
        n = int(rng.integers(4, 60))
        line = ''.join(rng.choice(list(LETTERS), n))
        draw.text((int(rng.uniform(-size, side * 0.6)), y), line, color, font)
        y += int(size * 1.3)
        if y > side:
            return


def _shape(rng, draw, side):
    a = rng.uniform(-0.2 * side, 1.2 * side, 2)
    b = a + rng.normal(0, 0.3 * side, 2)
    box = [min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]) + 1,
           max(a[1], b[1]) + 1]
    width = int(rng.choice([1, 1, 2, 3, 5, 9]))
    kind = rng.integers(6)
    if kind == 0:
        draw.rectangle(box, _color(rng))
    elif kind == 1:
        draw.ellipse(box, _color(rng))
    elif kind == 2:
        draw.line([*a, *b], _color(rng), width)
    elif kind == 3:
        draw.arc(box, *rng.uniform(0, 360, 2), _color(rng), width)
    elif kind == 4:
        points = (a + rng.normal(0, 0.2 * side, (rng.integers(3, 9), 2)))
        draw.line([tuple(p) for p in points], _color(rng), width, 'curve')
    else:
        points = (a + rng.normal(0, 0.2 * side, (rng.integers(3, 9), 2)))
        draw.polygon([tuple(p) for p in points], _color(rng))


def picture(rng, fonts, size):
    """One picture, [size, size, 3] uint8, drawn at twice the size."""
    shrink = 2 if rng.random() < 0.75 else 1
    side = size * shrink
    if rng.random() < 0.4:
        image = Image.fromarray(_gradient(rng, side).astype(np.uint8))
    else:
        image = Image.new('RGB', (side, side), _color(rng))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(5, 60))):
        if rng.random() < 0.35 and fonts:
            _text(rng, draw, side, fonts)
        else:
            _shape(rng, draw, side)
    if shrink > 1:
        image = image.resize((size, size), Image.BOX)
    return np.asarray(image)
