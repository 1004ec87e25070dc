# SPDX-License-Identifier: LGPL-3.0-or-later
"""Draws a sheet of samples of the base model, to look at.

usage: samples.py UNET.pt --vae VAE.pt --scale FILE.json
                  --vocabulary FOLDER --out FILE.png [--side LATENT]
                  [--steps N] [--guidance G] [--seed S] [PROMPT]...
Without prompts: a list that asks for colors, materials, shapes and places.
"""
import argparse
import json

import numpy as np
import torch
from PIL import Image

import diffusion
import state
import vocabulary
from encode import open_vae
from text import Text
from unet import Unet, cut

PROMPTS = (
    'red fabric', 'blue fabric', 'green marble', 'white marble',
    'dark wooden planks', 'red brick wall', 'gray cobblestones', 'grass',
    'green leaves', 'water', 'sky with clouds', 'night sky', 'brown leather',
    'crumpled paper', 'golden bokeh', 'brushed metal',
    'horizontal gradient from blue to pink', 'red and white stripes',
    'black and white checkerboard', 'yellow and blue polka dots',
    'a red circle on a plain white background',
    'a blue square on a plain yellow background',
    'a green triangle on the left on a plain gray background',
    'a large yellow star in the center on wood',
    'a purple ring on the right on white marble',
    'a small pink heart at the top on a plain black background',
    'an orange ball on a gray studio backdrop',
    'a red circle on the left and a blue square on the right, white paper',
    'sea under a cloudy sky', 'meadow with hills at sunset',
    'desert with mountains under a clear sky', 'snow, mountains, night, moon')


class Model:
    """The parts of a text-to-picture model, ready to sample."""

    def __init__(self, unet, vae, scale, vocabulary_):
        self.tokenize = vocabulary.Tokenizer(vocabulary_)
        weights = state.load(unet)['average']
        self.unet, self.text = Unet(), Text(len(self.tokenize.ids))
        self.unet.load_state_dict(cut(weights['unet'], 'base'))
        self.text.load_state_dict(weights['text'])
        for module in (self.unet, self.text):
            module.eval().requires_grad_(False)
        self.vae = open_vae(vae)
        with open(scale, encoding='utf-8') as f:
            self.scale = json.load(f)['scale']

    def encode(self, prompts):
        ids = np.stack([self.tokenize(p) for p in prompts]).astype(np.int64)
        return self.text(torch.from_numpy(ids))

    @torch.no_grad()
    def __call__(self, prompts, seed=1, side=32, steps=20, guidance=4.0,
                 negative=''):
        """[N, 8 side, 8 side, 3] uint8."""
        n = len(prompts)
        context = torch.cat([self.encode(prompts),
                             self.encode([negative] * n)])

        def predict(x, t):
            with state.autocast('cpu'):
                v = self.unet(torch.cat([x, x]), torch.cat([t, t]), context)
            return v.float().chunk(2)
        x = diffusion.sample(predict, (n, 4, side, side), seed, steps,
                             guidance)
        rgb = self.vae.decode(x / self.scale).clamp(-1, 1)
        return ((rgb + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def sheet(pictures, columns=8, gap=4):
    side = pictures[0].shape[0] + gap
    rows = -(-len(pictures) // columns)
    out = np.zeros((rows * side, columns * side, 3), np.uint8)
    for i, picture in enumerate(pictures):
        y, x = i // columns * side, i % columns * side
        out[y:y + side - gap, x:x + side - gap] = picture
    return Image.fromarray(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('unet')
    parser.add_argument('prompts', nargs='*', default=PROMPTS)
    parser.add_argument('--vae', required=True)
    parser.add_argument('--scale', required=True)
    parser.add_argument('--vocabulary', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--side', type=int, default=32)
    parser.add_argument('--steps', type=int, default=20)
    parser.add_argument('--guidance', type=float, default=4.0)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = Model(args.unet, args.vae, args.scale, args.vocabulary)
    made = []
    for i in range(0, len(args.prompts), 8):
        made.extend(model(args.prompts[i:i + 8], args.seed + i, args.side,
                          args.steps, args.guidance))
    sheet(made).save(args.out)


if __name__ == '__main__':
    main()
