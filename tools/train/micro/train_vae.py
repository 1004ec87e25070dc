# SPDX-License-Identifier: LGPL-3.0-or-later
"""Trains the autoencoder; can be stopped and goes on.

usage: train_vae.py --pictures FOLDER --out FILE.pt [--steps N] [--batch N]
                    [--side PX] [--rate R] [--decoder FILE.pt]
--decoder takes over the weights of that file and leaves the encoder as it is,
so that latents made with it stay good.
"""
import argparse

import numpy as np
import torch
from torch.nn import functional as F

import dataset
import state
import vae

KL = 1e-3
ENERGY = 1.0
# Of latents' deviation, for the decoder alone: what samplers make is less
# exact than what encoders make.
ROUGH = .08


class Crops:
    def __init__(self, folder, seed):
        self.shards = [s['pictures'] for s in dataset.shards(folder)]
        self.seed = seed

    def batch(self, step, n, side):
        """[n, 3, side, side] in -1..1."""
        rng = np.random.default_rng([self.seed, step])
        crops = []
        for _ in range(n):
            shard = self.shards[rng.integers(len(self.shards))]
            image = shard[rng.integers(len(shard))]
            y, x = rng.integers(0, image.shape[0] - side + 1, 2)
            crop = np.rot90(image[y:y + side, x:x + side], rng.integers(4))
            crops.append(crop[:, ::-1] if rng.random() < .5 else crop)
        array = np.stack(crops).transpose(0, 3, 1, 2)
        return torch.from_numpy(np.ascontiguousarray(array)).float() \
            / 127.5 - 1


def bands(x, n=3):
    """Differences between a picture and itself blurred, from fine to coarse,
    and what is left."""
    out = []
    for _ in range(n):
        small = F.avg_pool2d(x, 2)
        out.append(x - F.interpolate(small, scale_factor=2.0))
        x = small
    return out + [x]


def losses(made, wanted):
    """(mean error over the bands, how far the strength of the grain is off).

    The error alone is least where grain that can't be known is left out; the
    second term asks for as much of it as there was, wherever it lies.
    """
    plain = F.l1_loss(made, wanted)
    energy = 0
    *pairs, coarse = zip(bands(made), bands(wanted))
    plain = plain + F.l1_loss(*coarse)
    for a, b in pairs:
        plain = plain + .5 * F.l1_loss(a, b)
        pool = [F.avg_pool2d(v.abs(), 8, 4) for v in (a, b)]
        energy = energy + F.l1_loss(*pool)
    return plain, energy


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--pictures', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--steps', type=int, default=6000)
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--side', type=int, default=96)
    parser.add_argument('--rate', type=float, default=1.5e-3)
    parser.add_argument('--decoder')
    parser.add_argument('--muon', type=float, default=0.0)
    parser.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    device = state.device()
    model = vae.Vae().to(device)
    crops = Crops(args.pictures, 1)
    if args.decoder:
        model.load_state_dict(state.load(args.decoder)['average']['vae'])
        model.encoder.requires_grad_(False)
        model.quant_conv.requires_grad_(False)
    else:
        vae.begin(model, crops.batch(0, 32, args.side).to(device))
    run = state.Run(args.out, {'vae': model}, args.rate, args.muon)
    while run.step < args.steps:
        run.learning_rate(args.steps)
        torch.manual_seed(run.step)
        x = crops.batch(run.step, args.batch, args.side).to(device)
        with state.autocast(device):
            mean, log_variance = model.encode(x)
            mean, log_variance = mean.float(), log_variance.float()
            deviation = (log_variance / 2).exp()
            if args.decoder:
                deviation = deviation.clamp(min=ROUGH * float(mean.std()))
            noise = torch.randn_like(mean) * deviation
            made = model.decode(mean + noise).float()
        kl = .5 * (mean ** 2 + log_variance.exp() - 1 - log_variance).mean()
        plain, energy = losses(made, x)
        run.update(plain + ENERGY * energy + KL * kl)
        run.tell(50, plain=plain.detach(), energy=energy.detach(),
                 kl=kl.detach())
        if not run.keep():
            return
    run.keep(finished=True)
    print('done', flush=True)


if __name__ == '__main__':
    main()
