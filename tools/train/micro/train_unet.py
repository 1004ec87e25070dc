# SPDX-License-Identifier: LGPL-3.0-or-later
"""Trains the UNet, with the text encoder.

usage: train_unet.py --latents FOLDER [--changes FOLDER] [--holes FOLDER]
                     [--weights FOLDER] --scale FILE.json --vocabulary FOLDER --out FILE.pt
                     [--start FILE.pt] [--text FILE.pt] [--keep-text]
                     [--steps N] [--batch N] [--rate R]
One network learns to make pictures from captions (--latents), also from some
with weights (--weights), to change them (--changes) and to fill holes
(--holes); the variants are cut out of it by
unet.cut ().  --start takes over weights.  --text: a text encoder that was
taught before.  --keep-text: it stays as it is.

Pictures whose first caption names a shape are taken more often (shapes are
learned last).  Of half of the captions, only the words are seen: the places
behind the last one say what the whole is, and a UNet that listens to them
alone takes no notice of the weight of a word.
"""
import argparse
import json
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import captions
import dataset
import diffusion
import state
import vocabulary
import weights
from shapes import SHAPES
from text import Text
from unet import CONFIG, INSIDE, Unet, widen

# Of each batch, where there are such pictures.
SHARES = {'changes': .2, 'holes': .1, 'weights': .12}
WITHOUT_TEXT = .1
WORDS_ALONE = .5
# Of the edits, and how many of those have no instruction either.
WITHOUT_PICTURE, WITHOUT_BOTH = .08, .5
# Of the rates, for the text encoder, which knows something already.
TEXT_SHARE = .3


def shape_tokens(tokenize):
    """The tokens that name a shape."""
    names = [captions.SHAPE_NAMES.get(s, s).split('|') for s in SHAPES]
    return sorted({int(tokenize(n)[1]) for own in names for n in own})


class Latents:
    def __init__(self, folder, n, tokenize, seed):
        self.shards = dataset.shards(folder)[:n]
        self.empty, self.seed = tokenize('').astype(np.int64), seed
        self.per_shard = len(self.shards[0]['latents'])
        wanted = shape_tokens(tokenize)
        self.has_shape = np.concatenate([
            np.isin(s['tokens'][:, 0], wanted).any(1) for s in self.shards])

    def _pick(self, rng, n):
        """@n numbers of pictures.  Those without a shape are drawn twice
        before they count."""
        numbers, others = rng.integers(len(self.has_shape), size=(2, n))
        return np.where(self.has_shape[numbers], numbers, others)

    def batch(self, step, n):
        """A table of tensors; determined by the number of the step (and of
        the worker)."""
        rng = np.random.default_rng([self.seed, step, state.worker()[0]])
        rows = {}
        for number in self._pick(rng, n):
            shard = self.shards[number // self.per_shard]
            for name, values in shard.items():
                row = values[number % self.per_shard]
                if name not in ('tokens', 'weights'):
                    rows.setdefault(name, []).append(row)
            for name, row in self._text(rng, shard, number).items():
                rows.setdefault(name, []).append(row)
        out = {k: torch.from_numpy(np.stack(v)) for k, v in rows.items()}
        return {k: v if k == 'tokens' else v.float() for k, v in out.items()}

    def _text(self, rng, shard, number):
        """One of the captions, or none; and its weights."""
        own = shard['tokens'][number % self.per_shard]
        i = rng.integers(len(own))
        if rng.random() < WITHOUT_TEXT:
            return {'tokens': self.empty, 'weights': np.ones(len(self.empty))}
        values = shard['weights'][number % self.per_shard][i] \
            if 'weights' in shard else np.ones(len(self.empty))
        return {'tokens': own[i].astype(np.int64), 'weights': values}


def beside(kind, batch, rng, scale, empty):
    """What stands beside the noise, [N, INSIDE - 4, H, W].  @empty: the tokens
    of no text."""
    x = batch['latents']
    out = x.new_zeros(len(x), INSIDE - 4, *x.shape[2:])
    if kind == 'changes':
        # As InstructPix2Pix has it: not scaled, and sometimes without the
        # picture, so that its guidance can be chosen.
        u = torch.rand(len(x), generator=rng)
        batch['tokens'][u < WITHOUT_PICTURE * WITHOUT_BOTH] = empty
        is_given = (u >= WITHOUT_PICTURE)[:, None, None, None]
        out[:, :4] = x * is_given / scale
    elif kind == 'holes':
        out[:, 4] = batch['masks']
        out[:, 5:] = batch['holed']
    return out


class Batches:
    """Pictures of all kinds side by side."""

    def __init__(self, args, tokenize, scale):
        self.scale = scale
        self.sources = {
            kind: Latents(folder, args.shards, tokenize, 7)
            for kind, folder in (('changes', args.changes),
                                 ('holes', args.holes),
                                 ('weights', args.weights),
                                 ('latents', args.latents)) if folder}
        self.empty = torch.from_numpy(self.sources['latents'].empty)

    def draw(self, step, n, rng):
        """(clean latents, what stands beside them, tokens, their weights, where
        outlines are, which shapes are where)."""
        parts, left = [], n
        for kind, source in self.sources.items():
            share = round(n * SHARES[kind]) if kind in SHARES else left
            left -= share
            batch = source.batch(step, share)
            given = beside(kind, batch, rng, self.scale, self.empty)
            clean = batch['changed' if kind == 'changes' else 'latents']
            parts.append((clean, given, batch['tokens'], batch['weights'],
                          batch['outlines'] / 255, batch['shapes'].long()))
        return [torch.cat(column) for column in zip(*parts)]


def words_alone(context, tokens, empty, end, rng):
    """@context, in some rows with that of the empty prompt (@empty) from the
    token @end on."""
    is_behind = (tokens == end).cumsum(1) > 0
    is_chosen = torch.rand(len(tokens), 1, generator=rng) < WORDS_ALONE
    return torch.where((is_behind & is_chosen)[..., None].to(context.device),
                       empty, context)


def error_of(made, wanted, outlines, weight):
    """The mean square error; outlines count 1 + @weight times."""
    counts = 1 + weight * outlines[:, None]
    return (counts * (made.float() - wanted) ** 2).mean() / counts.mean()


class Naming(nn.Module):
    """Says from the features of the UNet which shape is where.  In noise only
    the words tell it, so that the UNet has to read them."""
    nothing_counts = .1

    def __init__(self):
        super().__init__()
        width, n = CONFIG['channels'][-1], 1 + len(SHAPES)
        self.head_middle = nn.Conv2d(width, n, 1)
        self.head_above = nn.Conv2d(CONFIG['channels'][-2], n, 1)
        counts = torch.ones(n)
        counts[0] = self.nothing_counts
        self.register_buffer('counts', counts)

    def forward(self, seen, shapes):
        """The mean of the cross entropies.  @seen: of Unet.forward ();
        @shapes [N, H / 2, W / 2]."""
        small = F.max_pool2d(shapes[:, None].float(), 2)[:, 0].long()
        return (F.cross_entropy(self.head_middle(seen[0].float()), small,
                                self.counts)
                + F.cross_entropy(self.head_above(seen[2].float()), shapes,
                                  self.counts)) / 2


def read_args():
    parser = argparse.ArgumentParser()
    parser.add_argument('--latents', required=True)
    parser.add_argument('--changes')
    parser.add_argument('--holes')
    parser.add_argument('--weights')
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
    parser.add_argument('--named', type=float, default=.1,
                        help='how much it counts whether shapes are named')
    parser.add_argument('--outlines', type=float, default=0.0,
                        help='how much more the outlines of shapes count, '
                             'until the rate falls')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--workers', type=int, default=1,
                        help='processes that share a batch')
    return parser.parse_args()


def train(args):
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    device = state.device()
    tokenize = vocabulary.Tokenizer(args.vocabulary)
    end = tokenize.ids[vocabulary.END]
    with open(args.scale, encoding='utf-8') as f:
        batches = Batches(args, tokenize, json.load(f)['scale'])
    empty = batches.empty[None].to(device)
    text = Text(len(tokenize.ids)).to(device)
    unet = Unet(INSIDE).to(device)
    if args.start:
        before = state.load(args.start)['average']
        unet.load_state_dict(widen(before['unet']))
        text.load_state_dict(before['text'])
    if args.text:
        text.load_state_dict(state.load(args.text)['average']['text'])
    head = Naming().to(device)
    models = {'unet': unet, 'text': text, 'head': head}
    if args.keep_text:
        text.requires_grad_(False)
    worker, workers = state.worker()
    share = args.batch // workers
    run = state.Run(args.out, models, args.rate, args.muon, args.decay,
                    share={'text': TEXT_SHARE})
    while run.step < args.steps:
        run.learning_rate(args.steps, 200, args.fall)
        rng = torch.Generator().manual_seed(run.step * workers + worker)
        clean, given, tokens, values, outlines, shapes = batches.draw(
            run.step, share, rng)
        noise = torch.randn(clean.shape, generator=rng)
        t = diffusion.draw_times(rng, share, 'cpu')
        # Times rise: no kind of picture may have the same ones always.
        t = t[torch.randperm(share, generator=rng)]
        noisy, velocity = diffusion.add_noise(clean, noise, t)
        with state.autocast(device):
            words = weights.apply(text(tokens.to(device)), values.to(device))
            context = words_alone(words, tokens, text(empty), end, rng)
            seen = []
            made = unet(torch.cat([noisy, given], 1).to(device), t.to(device),
                        context, seen)
        loss = error_of(made, velocity.to(device), outlines.to(device),
                        args.outlines * min(1.0, run.left(args.steps, args.fall)))
        named = head(seen, shapes.to(device))
        run.update(loss + args.named * named)
        run.tell(50, loss=loss.detach(), named=named.detach())
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
