# SPDX-License-Identifier: LGPL-3.0-or-later
"""Turns shards of pictures into shards of latents, with the trained
autoencoder.

usage: encode.py VAE.pt PICTURES LATENTS --scale FILE.json [--holes]

Latents are float16, scaled so that they have deviation 1 ("latents", and
"changed" for changed pictures; of each picture with a hole "holed", and where
it is "masks", with --holes).  The scale is measured if its file is missing.
"""
import argparse
import json
import os

import numpy as np
import torch

import dataset
import state
import vae
from fields import grid, noise
from shapes import SHAPES


def open_vae(path):
    model = vae.Vae()
    model.load_state_dict(state.load(path)['average']['vae'])
    return model.eval().requires_grad_(False)


def encode(model, pictures, n=16):
    """[N, H, W, 3] uint8 to [N, 4, H / 8, W / 8] float32, not scaled."""
    out = []
    device = next(model.parameters()).device
    for i in range(0, len(pictures), n):
        x = torch.from_numpy(np.ascontiguousarray(
            pictures[i:i + n].transpose(0, 3, 1, 2))).to(device)
        with state.autocast(device.type):
            out.append(model.encode(x.float() / 127.5 - 1)[0].float().cpu())
    return torch.cat(out)


def find_scale(model, shard, path):
    if not os.path.exists(path):
        latents = encode(model, shard['pictures'][:128])
        means = [round(float(m), 4) for m in latents.mean((0, 2, 3))]
        with open(path, 'w', encoding='utf-8') as f:
            json.dump({'scale': round(1 / float(latents.std()), 5),
                       'means': means}, f)
    with open(path, encoding='utf-8') as f:
        return json.load(f)['scale']


def draw_hole(rng, n):
    """[n, n] bool: a box, a shape, a blob, or all."""
    x, y = grid(n)
    kind = rng.integers(8)
    if kind == 0:
        return np.ones((n, n), bool)
    if kind == 1:
        return noise(rng, n, 3, 1.5) > rng.uniform(-.2, .9)
    cx, cy, r = *rng.uniform(.2, .8, 2), rng.uniform(.14, .42)
    u, v = (x - cx) / r, (y - cy) / (r * np.exp(rng.normal(0, .3)))
    shape = SHAPES['circle' if kind < 4 else 'square']
    hole = shape(u.astype(np.float32), v.astype(np.float32)) > 0
    return ~hole if rng.random() < .08 else hole


def add_holes(model, shard, rng, scale):
    pictures = np.array(shard['pictures'])
    masks = np.stack([draw_hole(rng, pictures.shape[1]) for _ in pictures])
    # A middle gray, as SD's inpainting models have it.
    pictures[masks] = 128
    small = masks.reshape(len(masks), pictures.shape[1] // 8, 8,
                          pictures.shape[2] // 8, 8)
    return {'holed': (encode(model, pictures) * scale).half().numpy(),
            'masks': (small.mean((2, 4)) >= .5).astype(np.uint8)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('vae')
    parser.add_argument('pictures')
    parser.add_argument('latents')
    parser.add_argument('--scale', required=True)
    parser.add_argument('--holes', action='store_true')
    parser.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(args.latents, exist_ok=True)
    model = open_vae(args.vae).to(state.device())
    shards = dataset.shards(args.pictures)
    scale = find_scale(model, shards[0], args.scale)
    for i, shard in enumerate(shards):
        path = os.path.join(args.latents, f'latents-{i:04d}')
        if os.path.exists(path):
            continue
        made = {'tokens': np.array(shard['tokens'])}
        made['latents'] = (encode(model, shard['pictures']) * scale) \
            .half().numpy()
        for name in ('weights', 'outlines', 'shapes'):
            if name in shard:
                made[name] = np.array(shard[name])
        if 'changed' in shard:
            made['changed'] = (encode(model, shard['changed']) * scale) \
                .half().numpy()
        if args.holes:
            rng = np.random.default_rng([5, i])
            made.update(add_holes(model, shard, rng, scale))
        dataset.save(path, **made)
        print(path, flush=True)


if __name__ == '__main__':
    main()
