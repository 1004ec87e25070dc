# SPDX-License-Identifier: LGPL-3.0-or-later
"""How far training pictures are from photographs, in numbers.

usage: compare_pictures.py FOLDER-WITH-SHARDS PHOTOGRAPH...
Both are cut into patches of 96 px, those of the shards as restore-1x gets them.
For each, of light (L) and two colors that are orthogonal to it (red against
blue, green against both), in 8-bit steps: amplitude in five bands of frequency
(cycles per pixel), quantiles of the difference of neighbours and of the
standard deviation of blocks of 8 px.  Photographs for which the numbers agree
tell nothing new to a network that is trained on the pictures.
"""
import argparse

import numpy as np
from PIL import Image

import degrade
import train

SIDE = 96
BANDS = ((.01, .03), (.03, .06), (.06, .12), (.12, .25), (.25, .5))


def opponents(patches):
    """[N, 3, H, W] in 0..1 -> light and two colors, in 8-bit steps."""
    axes = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]], float)
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    return np.einsum('kc,nchw->knhw', axes, patches * 255.0)


def row(name, values):
    print(f'{name:34s}' + ''.join(f'{v:9.2f}' for v in values))


def show(name, patches):
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE))
    f = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE)[None])
    print(name)
    for plane, label in zip(opponents(patches), ('L', 'red - blue', 'green')):
        flat = plane - plane.mean((1, 2), keepdims=True)
        power = np.abs(np.fft.fft2(flat * window)) ** 2 / (window ** 2).sum()
        bands = [power[:, (f >= a) & (f < b)].mean(1) for a, b in BANDS]
        row(f'  {label}, root of mean power',
            [np.sqrt(b.mean()) for b in bands])
        row(f'  {label}, root of median power',
            [np.sqrt(np.median(b)) for b in bands])
        step = np.abs(np.diff(plane, axis=2))
        row(f'  {label}, steps, 25 50 75 90 97 %',
            np.percentile(step, [25, 50, 75, 90, 97]))
        n = SIDE // 8
        blocks = plane.reshape(-1, n, 8, n, 8).std((2, 4))
        row(f'  {label}, blocks, 5 25 50 75 95 %',
            np.percentile(blocks, [5, 25, 50, 75, 95]))


def photographs(paths, n, rng):
    pictures = [np.asarray(Image.open(p).convert('RGB')) for p in paths]
    patches = []
    for _ in range(n):
        picture = pictures[rng.integers(len(pictures))]
        y, x = (rng.integers(s - SIDE + 1) for s in picture.shape[:2])
        patches.append(picture[y:y + SIDE, x:x + SIDE].transpose(2, 0, 1))
    return np.stack(patches) / 255.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('photographs', nargs='+')
    parser.add_argument('--patches', type=int, default=400)
    args = parser.parse_args()
    rng = np.random.default_rng(1)
    made, _ = train.Pictures(args.folder, rng).batch(args.patches, SIDE, 0.0)
    made = degrade.as_photographed(made, rng)
    show('training pictures', made.numpy())
    show('photographs', photographs(args.photographs, args.patches, rng))


if __name__ == '__main__':
    main()
