# SPDX-License-Identifier: LGPL-3.0-or-later
"""Noise levels, what is predicted, and a sampler to look at results with.

The levels are SD's ("scaled_linear"), changed so that the last one is noise
alone (Lin et al. 2023): else pictures would tend to a middle gray.  Velocity
is predicted (Salimans and Ho 2022).
"""
import torch

TIMES = 1000
BETAS = (.00085, .012)
NOISY = .6


def make_alphas():
    """[1000] square roots of the signal's share, 1 to 0."""
    betas = torch.linspace(BETAS[0] ** .5, BETAS[1] ** .5, TIMES,
                           dtype=torch.float64) ** 2
    root = (1 - betas).cumprod(0).sqrt()
    return ((root - root[-1]) * root[0] / (root[0] - root[-1])).float()


ALPHAS = make_alphas()


def levels(t):
    a = ALPHAS.to(t.device)[t][:, None, None, None]
    return a, (1 - a * a).sqrt()


def add_noise(x, noise, t):
    """(noisy latents, velocity)."""
    a, s = levels(t)
    return a * x + s * noise, a * noise - s * x


def draw_times(generator, n, device):
    """Half of them even over all times, half over the noisiest: what a prompt
    says is decided there."""
    u = (torch.arange(n) + torch.rand(n, generator=generator)) / n
    u = torch.where(u < .5, 2 * u, NOISY + (1 - NOISY) * (2 * u - 1))
    return (u * TIMES).long().clamp(max=TIMES - 1).to(device)


@torch.no_grad()
def sample(predict, shape, seed, steps=20, guidance=4.0):
    """DDIM.  @predict takes (x, t) and gives velocities (wanted, not)."""
    x = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    times = torch.linspace(TIMES - 1, 0, steps + 1).round().long()
    for now, then in zip(times[:-1], times[1:]):
        t = torch.full((shape[0],), int(now))
        wanted, other = predict(x, t)
        v = other + guidance * (wanted - other)
        a, s = levels(t)
        clean, noise = a * x - s * v, a * v + s * x
        a, s = levels(torch.full((shape[0],), int(then)))
        x = a * clean + s * noise if int(then) > 0 else clean
    return x
