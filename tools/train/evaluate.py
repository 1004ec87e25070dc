# SPDX-License-Identifier: LGPL-3.0-or-later
"""Scores of a network on pictures, as they are usual in the literature.

usage: evaluate.py NAME NETWORK.onnx|NAME.pt FOLDER... [--task TASK] [--limit N]
TASK of upscale-Nx: sr; of restore-1x: color-noise, gray-jpeg, color-jpeg, blur.

sr: sides cut to a multiple of N, bicubic reduction with antialiasing, 8 bits;
Y of BT.601, N pixels off each border (the profile is high-fidelity).
color-noise: Gaussian noise of sigma 15, 25, 50 on R'G'B', not clipped.
gray-jpeg: Y of BT.601, quality 10, 20, 40.  blur: Gaussian of sigma 1.6 px.
"""
import argparse
import glob
import os

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

import degrade
import nets
import train

ENDINGS = ('.png', '.bmp', '.jpg', '.tif')


def load_network(name, path):
    """From a checkpoint of train.py, or from the exported ONNX file."""
    model = nets.make(name)
    weights = train.read_weights(path)
    state = {k: weights[k] for k in model.state_dict()}
    model.load_state_dict(state)
    return model.eval().to(memory_format=torch.channels_last)


def to_tensor(array):
    """[1, 3, H, W] in 0..1."""
    return torch.from_numpy(array.copy()).permute(2, 0, 1)[None].float() / 255


def read(path):
    return to_tensor(np.asarray(Image.open(path).convert('RGB')))


def read_folder(folder, limit):
    """Pictures, and those of the shards of make_pictures.py."""
    pictures = []
    for path in sorted(glob.glob(os.path.join(folder, '*'))):
        if path.endswith(ENDINGS):
            pictures.append(read(path))
        elif path.endswith('.npy'):
            pictures += [to_tensor(a) for a in np.load(path)]
    return pictures[:limit]


def luma(x):
    """Y of BT.601 in 16..235, as rgb2ycbcr of the literature gives it."""
    w = torch.tensor([65.481, 128.553, 24.966]).view(1, 3, 1, 1)
    return (x * w).sum(1, keepdim=True) + 16


def psnr(a, b):
    return float(10 * torch.log10(255 ** 2 / ((a - b) ** 2).mean()))


def rounded(x):
    return (x.clamp(0, 1) * 255).round() / 255


def run(model, image, settings):
    """Sides of any size: mirrored up to the multiple, and a border of 8."""
    m, s = model.multiple, model.scale
    h, w = image.shape[2:]
    right, low = -(w + 16) % m + 8, -(h + 16) % m + 8
    padded = F.pad(image, (8, right, 8, low), 'reflect')
    with torch.no_grad():
        made = model(padded, torch.tensor([settings]).float())
    return made[:, :, 8 * s:(8 + h) * s, 8 * s:(8 + w) * s]


def sr(model, picture, rng):
    s = model.scale
    h, w = (side // s for side in picture.shape[2:])
    large = picture[:, :, :h * s, :w * s]
    small = rounded(F.interpolate(large, (h, w), mode='bicubic',
                                  antialias=True, align_corners=False))
    plain = F.interpolate(small, (h * s, w * s), mode='bicubic',
                          antialias=True, align_corners=False)

    def score(x):
        crop = (slice(None), slice(None), slice(s, -s), slice(s, -s))
        return psnr(luma(rounded(x))[crop].round(), luma(large)[crop].round())
    profile = [float(p == 'high-fidelity') for p in nets.PROFILES]
    return {'sr': (score(plain), score(run(model, small, profile)))}


def color_noise(model, picture, rng):
    out = {}
    for sigma in (15, 25, 50):
        noise = torch.from_numpy(rng.standard_normal(picture.shape)).float()
        bad = picture + noise * sigma / 255
        good = run(model, bad, [sigma / 50, 0, 0])
        out[f'sigma {sigma}'] = (psnr(bad * 255, picture * 255),
                                 psnr(rounded(good) * 255, picture * 255))
    return out


def _jpeg(model, picture, is_gray, qualities):
    out = {}
    for quality in qualities:
        bad = degrade.jpeg(picture[0], quality, 2, is_gray)[None]
        good = rounded(run(model, bad, [0, 0, (100 - quality) / 95]))
        pair = (bad, good)
        if is_gray:
            pair = (bad.mean(1, keepdim=True), good.mean(1, keepdim=True))
            picture = picture.mean(1, keepdim=True)
        out[f'quality {quality}'] = tuple(psnr(x * 255, picture * 255)
                                          for x in pair)
        if is_gray:
            picture = picture.expand(-1, 3, -1, -1)
    return out


def gray_jpeg(model, picture, rng):
    gray = (luma(picture).round() / 255).expand(-1, 3, -1, -1)
    return _jpeg(model, gray, True, (10, 20, 40))


def color_jpeg(model, picture, rng):
    return _jpeg(model, picture, False, (10, 20, 40, 70))


def blur(model, picture, rng):
    bad = rounded(degrade.gaussian_blur(picture, torch.tensor([1.6])))
    good = run(model, bad, [0, 0.8, 0])
    return {'blur 1.6': (psnr(bad * 255, picture * 255),
                         psnr(rounded(good) * 255, picture * 255))}


TASKS = {'sr': sr, 'color-noise': color_noise, 'gray-jpeg': gray_jpeg,
         'color-jpeg': color_jpeg, 'blur': blur}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('name')
    parser.add_argument('network')
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--task')
    parser.add_argument('--limit', type=int)
    args = parser.parse_args()
    model = load_network(args.name, args.network)
    tasks = [args.task] if args.task else \
        ['sr'] if model.scale > 1 else list(TASKS)[1:]
    for folder in args.folders:
        pictures = read_folder(folder, args.limit)
        for task in tasks:
            rng = np.random.default_rng(0)
            rows = [TASKS[task](model, p, rng) for p in pictures]
            for key in rows[0]:
                before, after = np.mean([r[key] for r in rows], 0)
                print(f'{args.name} {os.path.basename(folder)} ({len(pictures)}) '
                      f'{task} {key}: {before:.2f} -> {after:.2f} dB',
                      flush=True)


if __name__ == '__main__':
    main()
