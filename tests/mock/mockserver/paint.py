# SPDX-License-Identifier: LGPL-3.0-or-later
"""The pictures that services answer with, made by rules.

generate   red = base + x * 64 / width, green = base + y * 64 / height, blue =
           base; the base colour is made of sha256(prompt, seed, number)
edit       the input, every value 8 higher (at most 255); where the mask says
           edit, and without a mask in the middle half, the prompt's colour:
           red and blue 200 to 255, green 0 to 63
upscale    nearest neighbour
expand     the input 8 levels higher, new area in the prompt's colour
"""

import hashlib
import re

from .pictures import Picture, flat

PLUS_8 = bytes(min(v + 8, 255) for v in range(256))
TO_BOOL = bytes(0 if v < 128 else 1 for v in range(256))
INVERT = bytes(255 - v for v in range(256))
RUNS = re.compile(b"\1+")


def digest(prompt, seed, number):
    """Bytes that the rules below draw from."""
    text = f"{prompt}\n{seed}\n{number}"
    return hashlib.sha256(text.encode()).digest()


def base_colour(prompt, seed, number=0):
    """Colour of the upper left pixel of a generated picture: 0 to 191."""
    return tuple(v * 191 // 255 for v in digest(prompt, seed, number)[:3])


def edit_colour(prompt, seed=None, number=0):
    """Colour that an edit paints with."""
    r, g, b = digest(prompt, seed, number)[:3]
    return 200 + r * 55 // 255, g * 63 // 255, 200 + b * 55 // 255


def generate(width, height, prompt, seed, number=0):
    """A picture for a prompt."""
    red, green, blue = base_colour(prompt, seed, number)
    row = bytearray(width * 3)
    row[0::3] = bytes(red + x * 64 // width for x in range(width))
    row[2::3] = bytes([blue]) * width
    rows = []
    for y in range(height):
        row[1::3] = bytes([green + y * 64 // height]) * width
        rows.append(bytes(row))
    return Picture(width, height, 3, b"".join(rows))


def lighter(picture):
    """Every value 8 higher."""
    picture = picture.rgb()
    return Picture(picture.width, picture.height, 3,
                   picture.data.translate(PLUS_8))


def paint(picture, mask, colour):
    """The colour where the mask is 128 or more."""
    rows = []
    for y in range(picture.height):
        row = bytearray(picture.row(y))
        for run in RUNS.finditer(mask.row(y).translate(TO_BOOL)):
            size = run.end() - run.start()
            row[run.start() * 3:run.end() * 3] = bytes(colour) * size
        rows.append(bytes(row))
    return Picture(picture.width, picture.height, 3, b"".join(rows))


def rectangle_mask(width, height, x, y, w, h):
    """A mask that says edit in a rectangle."""
    inside = bytes(x) + b"\xff" * w + bytes(width - x - w)
    data = bytes(width) * y + inside * h + bytes(width) * (height - y - h)
    return Picture(width, height, 1, data)


def edit(picture, mask, prompt, seed=None, number=0):
    """A picture after an edit; mask may be None."""
    w, h = picture.width, picture.height
    if mask is None:
        mask = rectangle_mask(w, h, w // 4, h // 4, w // 2, h // 2)
    elif (mask.width, mask.height) != (w, h):
        mask = mask.resized(w, h)
    return paint(lighter(picture), mask, edit_colour(prompt, seed, number))


def expand(picture, left, top, right, bottom, prompt, seed=None, number=0):
    """A picture with more around it."""
    width = picture.width + left + right
    height = picture.height + top + bottom
    colour = bytes(edit_colour(prompt, seed, number))
    inner = lighter(picture)
    rows = [colour * (width * top)]
    for y in range(picture.height):
        rows.append(colour * left + inner.row(y) + colour * right)
    rows.append(colour * (width * bottom))
    return Picture(width, height, 3, b"".join(rows))


def upscale(picture, width, height):
    """Nearest neighbour."""
    return picture.rgb().resized(max(width, 1), max(height, 1))


def grid(pictures):
    """Four pictures in one of twice the size."""
    rows = []
    for left, right in (pictures[0:2], pictures[2:4]):
        for y in range(left.height):
            rows.append(left.row(y) + right.row(y))
    first = pictures[0]
    return Picture(first.width * 2, first.height * 2, 3, b"".join(rows))


def inverted(mask):
    """A mask with edit and keep exchanged."""
    return Picture(mask.width, mask.height, 1, mask.data.translate(INVERT))


def mask_box(mask):
    """Bounds (x, y, width, height) of the edit area and its share."""
    bits = mask.data.translate(TO_BOOL)
    first = bits.find(b"\1")
    if first < 0:
        return None, 0.0
    top, bottom = first // mask.width, bits.rfind(b"\1") // mask.width
    left, right = mask.width, -1
    for y in range(top, bottom + 1):
        row = bits[y * mask.width:(y + 1) * mask.width]
        at = row.find(b"\1")
        if at >= 0:
            left, right = min(left, at), max(right, row.rfind(b"\1"))
    return ([left, top, right - left + 1, bottom - top + 1],
            round(bits.count(b"\1") / len(bits), 6))


def placeholder(width, height):
    """What a free trial run gives: plain gray."""
    return flat(width, height, (128, 128, 128))
