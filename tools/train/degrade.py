# SPDX-License-Identifier: LGPL-3.0-or-later
"""What happens to pictures, and the settings that undo it.

Strengths, 0..1, of restore-1x:
  denoise          sigma = 50 * strength, in 8-bit steps
  sharpen          Gaussian blur of sigma = 2 * strength pixels
  fix-compression  JPEG of quality 100 - 95 * strength
"""
import io

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F


def jpeg(picture, quality, subsampling, is_gray):
    """[3, H, W] float tensor through a JPEG file."""
    array = (picture.clamp(0, 1) * 255 + 0.5).to(torch.uint8)
    array = array.permute(1, 2, 0).contiguous().numpy()
    file = io.BytesIO()
    if is_gray:
        Image.fromarray(array[..., 0]).save(file, 'JPEG', quality=quality)
    else:
        Image.fromarray(array).save(file, 'JPEG', quality=quality,
                                    subsampling=subsampling)
    back = np.asarray(Image.open(io.BytesIO(file.getvalue())).convert('RGB'))
    return torch.from_numpy(back.copy()).permute(2, 0, 1).float() / 255


def gaussian_blur(batch, sigma):
    """Each picture of [N, 3, H, W] with its own sigma; 0 leaves it alone."""
    n, c, h, w = batch.shape
    r = max(1, int(np.ceil(3 * float(sigma.max()))))
    x = torch.arange(-r, r + 1).float()[None]
    k = torch.exp(-0.5 * (x / sigma.clamp(min=0.05)[:, None]) ** 2)
    k = (k / k.sum(1, keepdim=True)).repeat_interleave(c, 0)
    y = F.pad(batch.reshape(1, n * c, h, w), (r, r, r, r), 'reflect')
    y = F.conv2d(y, k[:, None, :, None], groups=n * c)
    y = F.conv2d(y, k[:, None, None, :], groups=n * c)
    return y.reshape(n, c, h, w)


def soften(batch, rng, share=0.75, low=0.2, high=1.5):
    """Lens and sensor: most pictures get a little softer."""
    n = len(batch)
    sigma = np.where(rng.random(n) < share, rng.uniform(low, high, n), 0.0)
    return gaussian_blur(batch, torch.from_numpy(sigma).float())


def soften_colors(batch, rng, share=0.8):
    """Sensors and files keep color at half of the resolution of light."""
    n = len(batch)
    light = batch.mean(1, keepdim=True)
    sigma = np.where(rng.random(n) < share, rng.uniform(0.3, 1.4, n), 0.0)
    color = gaussian_blur(batch - light, torch.from_numpy(sigma).float())
    return (light + color).clamp(0, 1)


def as_photographed(batch, rng):
    """What restore-1x takes for clean."""
    return soften(soften_colors(batch, rng), rng, 0.5, 0.2, 0.9)


def _noise(batch, sigma, rng):
    """Gaussian; for some pictures growing with light, or of larger grain."""
    n = len(batch)
    noise = torch.randn(batch.shape)
    kind = rng.random(n)
    for i in np.nonzero(kind > 0.8)[0]:
        if kind[i] > 0.9:
            grain = gaussian_blur(noise[i:i + 1], torch.tensor(
                [rng.uniform(0.4, 0.9)]))[0]
            noise[i] = grain / grain.std()
        else:
            light = batch[i].mean(0, keepdim=True).clamp(0.02, 1)
            noise[i] = noise[i] * (light / light.mean()).sqrt()
    return noise * sigma[:, None, None, None]


def _quantize(batch):
    return (batch.clamp(0, 1) * 255).round() / 255


class RestoreTask:
    """Pairs for restore-1x: (damaged, [N, 3] strengths, clean).

    noise is the share of patches that have noise alone.  Of these, over is the
    share that is asked to take off more than there is; what is wanted of them
    is what the function before(damaged, strengths) makes.  So a round with
    much noise leaves alone what a strength that is too high does.  high is the
    share with much noise.
    """

    def __init__(self, rng, noise=0.5, over=0.0, before=None, high=0.0):
        self.rng = rng
        self.noise, self.over, self.before = noise, over, before
        self.high = high

    def _overdo(self, bad, strength, clean, alone):
        """Sets strengths that are too high, and what is wanted then."""
        rng, n = self.rng, len(clean)
        more = rng.uniform(0.02, 0.8, n)
        at = np.nonzero(alone & (rng.random(n) < self.over))[0]
        if len(at):
            strength[at, 0] = (strength[at, 0] + torch.from_numpy(
                more[at]).float()).clamp(max=1.1)
            clean[at] = self.before(bad[at], strength[at])

    def _amount(self, n, share, low, high):
        on = self.rng.random(n) < share
        return np.where(on, self.rng.uniform(low, high, n), 0.0)

    def __call__(self, clean):
        rng, n = self.rng, len(clean)
        clean = as_photographed(clean, rng)
        kind = rng.random(n)
        # The rest as 3 : 1 : 1.
        rest = (1.0 - self.noise) / 5
        alone = kind < self.noise
        low = np.where(rng.random(n) < self.high, 0.8, 0.02)
        denoise = np.where(alone, rng.uniform(low, 1.1), 0.0)
        compression = np.where(
            (kind >= self.noise) & (kind < self.noise + 3 * rest),
            rng.uniform(0.1, 1.0, n), 0.0)
        sharpen = np.where(
            (kind >= self.noise + 3 * rest) & (kind < self.noise + 4 * rest),
            rng.uniform(0.1, 1.0, n), 0.0)
        mixed = kind >= self.noise + 4 * rest
        denoise = np.where(mixed, self._amount(n, 0.6, 0.0, 0.5), denoise)
        sharpen = np.where(mixed, self._amount(n, 0.5, 0.0, 0.9), sharpen)
        compression = np.where(mixed, self._amount(n, 0.6, 0.05, 0.8),
                               compression)
        gray = rng.random(n) < 0.25
        for i in np.nonzero(gray)[0]:
            clean[i] = (clean[i] * torch.tensor(
                [0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True)
        bad = gaussian_blur(clean, torch.from_numpy(2.0 * sharpen).float())
        noise = _noise(bad, torch.from_numpy(denoise * 50 / 255).float(), rng)
        for i in np.nonzero(gray)[0]:
            if rng.random() < 0.7:
                noise[i] = noise[i, :1]
        bad = bad + noise
        for i in np.nonzero(compression > 0)[0]:
            quality = int(round(100 - 95 * compression[i]))
            compression[i] = (100 - quality) / 95
            bad[i] = jpeg(bad[i], quality, int(rng.choice([0, 2, 2])),
                          bool(gray[i]))
        some = rng.random(n) < 0.3
        for i in np.nonzero(some)[0]:
            bad[i] = _quantize(bad[i])
        strength = torch.from_numpy(np.stack(
            [denoise, sharpen, compression], 1)).float()
        self._overdo(bad, strength, clean, alone)
        return bad, strength, clean


def _shrink(batch, size, mode):
    if mode == 'bicubic':
        return F.interpolate(batch, size, mode='bicubic', antialias=True,
                             align_corners=False)
    if mode == 'bilinear':
        return F.interpolate(batch, size, mode='bilinear', antialias=True,
                             align_corners=False)
    if mode == 'area':
        return F.interpolate(batch, size, mode='area')
    return F.interpolate(batch, size, mode='nearest-exact')


class UpscaleTask:
    """Pairs for upscale-Nx: (small, [N, 4] profile, large)."""

    def __init__(self, rng, scale):
        self.rng = rng
        self.scale = scale

    def _shrink_all(self, batch, modes):
        h, w = batch.shape[2] // self.scale, batch.shape[3] // self.scale
        out = torch.empty(len(batch), 3, h, w)
        for mode in set(modes):
            at = [i for i, m in enumerate(modes) if m == mode]
            out[at] = _shrink(batch[at], (h, w), mode)
        return out

    def __call__(self, clean, is_graphics):
        rng, n = self.rng, len(clean)
        photos = torch.from_numpy(~is_graphics)
        clean[photos] = soften(clean[photos], rng)
        kind = np.where(is_graphics, np.where(rng.random(n) < 0.6, 3, 1),
                        rng.choice([0, 1, 2], n, p=[0.18, 0.66, 0.16]))
        blur = np.zeros(n)
        noise = np.zeros(n)
        quality = np.zeros(n, int)
        modes = []
        for i in range(n):
            mode = 'bicubic'
            if kind[i] != 1:
                mode = rng.choice(['bicubic', 'bilinear', 'area'])
            if kind[i] == 0:
                blur[i] = rng.uniform(0, 0.35) * self.scale
                noise[i] = rng.uniform(0, 4) * (rng.random() < 0.6)
                if rng.random() < 0.5:
                    quality[i] = rng.integers(75, 98)
            elif kind[i] == 2:
                blur[i] = rng.uniform(0.1, 0.8) * self.scale
                noise[i] = rng.uniform(0, 15) * (rng.random() < 0.7)
                if rng.random() < 0.8:
                    quality[i] = rng.integers(25, 85)
            elif kind[i] == 3:
                if rng.random() < 0.15:
                    mode = 'nearest'
                if rng.random() < 0.3:
                    quality[i] = rng.integers(60, 98)
            modes.append(str(mode))
        small = gaussian_blur(clean, torch.from_numpy(blur).float())
        small = self._shrink_all(small, modes)
        sigma = torch.from_numpy(noise / 255).float()
        small = small + torch.randn(small.shape) * sigma[:, None, None, None]
        for i in np.nonzero(quality)[0]:
            small[i] = jpeg(small[i], int(quality[i]),
                            int(rng.choice([0, 2])), False)
        profile = F.one_hot(torch.from_numpy(kind), 4).float()
        return _quantize(small), profile, clean
