# SPDX-License-Identifier: LGPL-3.0-or-later
"""Teaches the text encoder what pictures look like, before the UNet needs it.

usage: train_text.py --latents FOLDER --vocabulary FOLDER --out FILE.pt
                     [--steps N] [--batch N] [--rate R]

From the state behind the last word, a linear layer tells a coarse picture: the
means of the latents over 4x4 parts, and how much grain each channel has.  A UNet
that is trained with an encoder that knows nothing yet, follows prompts only
after many thousands of steps.
"""
import argparse

import torch
from torch import nn
from torch.nn import functional as F

import state
import vocabulary
from text import CONFIG, Text
from train_unet import Latents

PARTS = 4
AFTER = 4   # places behind the last word that are looked at


def coarse(latents):
    """[N, 4, H, W] to [N, 4 * PARTS^2 + 4]."""
    means = F.adaptive_avg_pool2d(latents, PARTS)
    fine = latents - F.interpolate(F.avg_pool2d(latents, 2), scale_factor=2.0)
    grain = fine.pow(2).mean((2, 3)).add(1e-3).log()
    return torch.cat([means.flatten(1), grain], 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--latents', required=True)
    parser.add_argument('--vocabulary', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--steps', type=int, default=1500)
    parser.add_argument('--batch', type=int, default=96)
    parser.add_argument('--rate', type=float, default=1.5e-3)
    parser.add_argument('--muon', type=float, default=0.0)
    parser.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    device = state.device()
    tokenize = vocabulary.Tokenizer(args.vocabulary)
    end = tokenize.ids[vocabulary.END]
    latents = Latents(args.latents, None, tokenize, 11)
    known = coarse(latents.batch(-1 % 2 ** 31, 2048)['latents'])
    mean, deviation = known.mean(0), known.std(0)
    text = Text(len(tokenize.ids)).to(device)
    head = nn.Linear(CONFIG['width'], known.shape[1]).to(device)
    run = state.Run(args.out, {'text': text, 'head': head}, args.rate, args.muon)
    while run.step < args.steps:
        run.learning_rate(args.steps, 100, .5)
        rng = torch.Generator().manual_seed(run.step)
        batch = latents.batch(run.step, args.batch)
        tokens = batch['tokens']
        # The first end behind the words; all that follows is the same.
        last = (tokens == end).int().argmax(1)
        at = last + torch.randint(AFTER, last.shape, generator=rng)
        at = at.clamp(max=tokens.shape[1] - 1)
        tokens = tokens[:, :int(at.max()) + 1].to(device)
        with state.autocast(device):
            states = text(tokens)
        told = head(states.float()[torch.arange(len(at)), at.to(device)])
        wanted = (coarse(batch['latents']) - mean) / deviation
        loss = F.mse_loss(told, wanted.to(device))
        run.update(loss)
        run.tell(50, loss=loss.detach())
        if not run.keep():
            return
    run.keep(finished=True)
    print('done', flush=True)


if __name__ == '__main__':
    main()
