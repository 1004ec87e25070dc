# SPDX-License-Identifier: LGPL-3.0-or-later
"""Whether samples show what their prompts name.

usage: evaluate.py UNET.pt --vae VAE.pt --scale FILE.json --vocabulary FOLDER
                   [--seeds N] [--side LATENT] [--guidance G]

Colors: the middle hue and brightness of "X fabric", in the range of the word.
Shapes: what differs from the borders, cut out and compared with drawings of
all shapes; the one that overlaps most counts.  Places: where its middle is.
"""
import argparse
import colorsys

import numpy as np
import torch

import colours
from samples import Model
from shapes import SHAPES

HUES = {'red': (345, 15), 'orange': (15, 42), 'yellow': (43, 68),
        'green': (80, 160), 'turquoise': (160, 195), 'blue': (200, 250),
        'purple': (250, 305), 'pink': (310, 360)}
PLACES = {'on the left': (0, -1), 'on the right': (0, 1),
          'at the top': (-1, 0), 'at the bottom': (1, 0)}


def hue_is(word, picture):
    r, g, b = np.median(picture.reshape(-1, 3), 0) / 255
    h, s, v = colorsys.rgb_to_hsv(r, g, b)
    if word == 'white':
        return v > .8 and s < .15
    if word == 'black':
        return v < .25
    if word == 'gray':
        return s < .15 and .25 < v < .8
    low, high = HUES[word]
    h *= 360
    inside = low <= h <= high if low <= high else h >= low or h <= high
    return bool(inside and s > .18)


def cut_out(picture):
    """[H, W] bool: what differs from the borders; None if nothing does."""
    p = picture.astype(np.float32)
    rim = np.concatenate([p[:6].reshape(-1, 3), p[-6:].reshape(-1, 3),
                          p[:, :6].reshape(-1, 3), p[:, -6:].reshape(-1, 3)])
    far = np.abs(p - np.median(rim, 0)).max(2)
    mask = far > max(40, .45 * float(np.quantile(far, .995)))
    return mask if 150 < mask.sum() < .7 * mask.size else None


def fit(mask, n=48):
    """@mask cut to where it is and brought to [n, n]."""
    rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
    y = np.linspace(rows[0], rows[-1], n).round().astype(int)
    x = np.linspace(columns[0], columns[-1], n).round().astype(int)
    return mask[np.ix_(y, x)]


def templates():
    line = np.linspace(-1.3, 1.3, 200, dtype=np.float32)
    v, u = np.meshgrid(line, line, indexing='ij')
    known = {}
    for turn in (-.3, -.15, 0, .15, .3):
        c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        for name, shape in SHAPES.items():
            if name != 'ball':
                known[name, turn] = fit(shape(u * c + v * s,
                                              v * c - u * s) > 0)
    return known


def nearest(mask, known):
    own = fit(mask)
    scores = {k: (own & t).sum() / (own | t).sum() for k, t in known.items()}
    return max(scores, key=scores.get)[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('unet')
    parser.add_argument('--vae', required=True)
    parser.add_argument('--scale', required=True)
    parser.add_argument('--vocabulary', required=True)
    parser.add_argument('--seeds', type=int, default=10)
    parser.add_argument('--side', type=int, default=32)
    parser.add_argument('--guidance', type=float, default=4.0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = Model(args.unet, args.vae, args.scale, args.vocabulary)

    def sample(prompt):
        return model([prompt] * args.seeds, 1, args.side,
                     guidance=args.guidance)

    for word in (*HUES, 'white', 'gray', 'black'):
        right = sum(hue_is(word, p) for p in sample(f'{word} fabric'))
        print(f'color {word}: {right} of {args.seeds}', flush=True)
    known = templates()
    for shape in dict.fromkeys(name for name, _ in known):
        found = []
        for p in sample(f'a large red {shape} in the center on a plain white '
                        'background'):
            mask = cut_out(p)
            found.append('nothing' if mask is None else nearest(mask, known))
        print(f'shape {shape}: {found.count(shape)} of {args.seeds}',
              *sorted(set(found) - {shape}), flush=True)
    for place, (dy, dx) in PLACES.items():
        right = 0
        for p in sample(f'a blue circle {place} on a plain white background'):
            mask = cut_out(p)
            if mask is None:
                continue
            y, x = (np.mean(i) / len(p) - .5 for i in mask.nonzero())
            right += y * dy + x * dx > .12
        print(f'place {place}: {right} of {args.seeds}', flush=True)


if __name__ == '__main__':
    assert set(HUES) <= set(colours.WORDS)
    main()
