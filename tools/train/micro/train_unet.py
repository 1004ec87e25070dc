# SPDX-License-Identifier: LGPL-3.0-or-later
"""Trains the UNet, with the text encoder or for one of the variants.

usage: train_unet.py KIND --latents FOLDER --scale FILE.json
                     --vocabulary FOLDER --out FILE.pt [--start FILE.pt]
                     [--text FILE.pt] [--keep-text] [--steps N] [--batch N]
                     [--rate R]
KIND is base, inpaint or edit.  --start takes over weights.  --text: a text
encoder that was taught before.  --keep-text: it stays as it is, so that all
three can share it.
"""
import argparse
import json
import os

import numpy as np
import torch
from torch.nn import functional as F

import dataset
import diffusion
import state
import vocabulary
from text import Text
from unet import Unet

INSIDE = {'base': 4, 'inpaint': 9, 'edit': 8}
WITHOUT_TEXT = .1
# Of the rates, for the text encoder, which knows something already.
TEXT_SHARE = .3


class Latents:
    def __init__(self, folder, n, empty, seed):
        self.shards = dataset.shards(folder)[:n]
        self.empty, self.seed = empty, seed
        self.per_shard = len(self.shards[0]['latents'])

    def batch(self, step, n):
        """A table of tensors; determined by the number of the step (and of
        the worker)."""
        rng = np.random.default_rng([self.seed, step, state.worker()[0]])
        rows = {}
        for number in rng.integers(len(self.shards) * self.per_shard, size=n):
            shard = self.shards[number // self.per_shard]
            for name, values in shard.items():
                row = values[number % self.per_shard]
                if name == 'tokens':
                    row = row[rng.integers(len(row))].astype(np.int64)
                    row = self.empty if rng.random() < WITHOUT_TEXT else row
                rows.setdefault(name, []).append(row)
        out = {k: torch.from_numpy(np.stack(v)) for k, v in rows.items()}
        return {k: v if k == 'tokens' else v.float() for k, v in out.items()}


def inputs(kind, batch, rng, scale):
    """(what is to be made, what stands beside it)."""
    if kind == 'inpaint':
        return batch['latents'], torch.cat([batch['masks'][:, None],
                                            batch['holed']], 1)
    if kind == 'edit':
        # As InstructPix2Pix has it: not scaled, and sometimes without the
        # picture, so that its guidance can be chosen.
        is_given = torch.rand(len(batch['latents']), 1, 1, 1,
                              generator=rng) > .05
        given = batch['latents'] * is_given / scale
        return batch['changed'], given
    return batch['latents'], None


def take_over(model, weights):
    """Of conv_in, the channels that are there; new ones begin at 0."""
    own = model.state_dict()
    first = torch.zeros_like(own['conv_in.weight'])
    n = min(first.shape[1], weights['conv_in.weight'].shape[1])
    first[:, :n] = weights['conv_in.weight'][:, :n]
    model.load_state_dict(dict(weights, **{'conv_in.weight': first}))


def read_args():
    parser = argparse.ArgumentParser()
    parser.add_argument('kind', choices=INSIDE)
    parser.add_argument('--latents', required=True)
    parser.add_argument('--vocabulary', required=True)
    parser.add_argument('--scale', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--shards', type=int, help='only the first ones')
    parser.add_argument('--start')
    parser.add_argument('--text')
    parser.add_argument('--keep-text', action='store_true')
    parser.add_argument('--steps', type=int, default=10000)
    parser.add_argument('--batch', type=int, default=32)
    parser.add_argument('--rate', type=float, default=1e-3)
    parser.add_argument('--fall', type=float, default=.3)
    parser.add_argument('--decay', type=float, default=.9985)
    parser.add_argument('--muon', type=float, default=0.0)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--workers', type=int, default=1,
                        help='processes that share a batch')
    return parser.parse_args()


def train(args):
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    device = state.device()
    tokenize = vocabulary.Tokenizer(args.vocabulary)
    latents = Latents(args.latents, args.shards,
                      tokenize('').astype(np.int64), 7)
    with open(args.scale, encoding='utf-8') as f:
        scale = json.load(f)['scale']
    text = Text(len(tokenize.ids)).to(device)
    unet = Unet(INSIDE[args.kind]).to(device)
    if args.start:
        before = state.load(args.start)['average']
        take_over(unet, before['unet'])
        text.load_state_dict(before['text'])
    if args.text:
        text.load_state_dict(state.load(args.text)['average']['text'])
    models = {'unet': unet, 'text': text}
    if args.keep_text:
        text.requires_grad_(False)
    worker, workers = state.worker()
    share = args.batch // workers
    run = state.Run(args.out, models, args.rate, args.muon, args.decay,
                    share={'text': TEXT_SHARE})
    while run.step < args.steps:
        run.learning_rate(args.steps, 200, args.fall)
        rng = torch.Generator().manual_seed(run.step * workers + worker)
        batch = latents.batch(run.step, share)
        clean, beside = inputs(args.kind, batch, rng, scale)
        noise = torch.randn(clean.shape, generator=rng)
        t = diffusion.draw_times(rng, share, 'cpu')
        noisy, velocity = diffusion.add_noise(clean, noise, t)
        x = noisy if beside is None else torch.cat([noisy, beside], 1)
        with state.autocast(device):
            made = unet(x.to(device), t.to(device),
                        text(batch['tokens'].to(device)))
        loss = F.mse_loss(made.float(), velocity.to(device))
        run.update(loss)
        run.tell(50, loss=loss.detach())
        if not run.keep():
            return
    run.keep(finished=True)
    if worker == 0:
        print('done', flush=True)


def main():
    args = read_args()
    state.side_by_side(args.workers, os.path.abspath(args.out) + '.meeting',
                       train, args)


if __name__ == '__main__':
    main()
