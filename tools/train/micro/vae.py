# SPDX-License-Identifier: LGPL-3.0-or-later
"""The autoencoder: AutoencoderKL of SD 1.x, small, by Diffusers' names.

Pictures are [N, 3, H, W] in -1..1; latents [N, 4, H / 8, W / 8].
"""
import torch
from torch import nn
from torch.nn import functional as F

from layers import Conv, attend, in_full

CONFIG = {'channels': (16, 32, 64, 96), 'layers': 1, 'groups': 8,
          'latent': 4}


class Resnet(nn.Module):
    def __init__(self, inside, out, groups, eps=1e-6):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inside, eps)
        self.conv1 = Conv(inside, out, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, out, eps)
        self.conv2 = Conv(out, out, 3, padding=1)
        if inside != out:
            self.conv_shortcut = Conv(inside, out, 1)
        nn.init.zeros_(self.conv2.bias)
        with torch.no_grad():
            self.conv2.weight *= .2

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        if hasattr(self, 'conv_shortcut'):
            x = self.conv_shortcut(x)
        return x + h


class Attention(nn.Module):
    """One head over all positions."""

    def __init__(self, width, groups):
        super().__init__()
        self.group_norm = nn.GroupNorm(groups, width, 1e-6)
        self.to_q, self.to_k, self.to_v = (nn.Linear(width, width)
                                           for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(width, width)])
        with torch.no_grad():
            self.to_out[0].weight *= .2

    def forward(self, x):
        t = self.group_norm(x).flatten(2).transpose(1, 2)
        y = attend(self.to_q(t), self.to_k(t), self.to_v(t))
        return x + self.to_out[0](y).transpose(1, 2).reshape(x.shape)


class Middle(nn.Module):
    def __init__(self, width, groups):
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(width, width, groups)
                                     for _ in range(2))
        self.attentions = nn.ModuleList([Attention(width, groups)])

    def forward(self, x):
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class Sampler(nn.Module):
    """Halves (padding right and below) or doubles the size."""

    def __init__(self, width, down):
        super().__init__()
        self.down = down
        self.conv = Conv(width, width, 3, 2 if down else 1,
                              0 if down else 1)

    def forward(self, x):
        if self.down:
            return self.conv(F.pad(x, (0, 1, 0, 1)))
        return self.conv(F.interpolate(x, scale_factor=2.0))


class Block(nn.Module):
    def __init__(self, inside, out, layers, groups, sampler):
        super().__init__()
        self.resnets = nn.ModuleList(
            Resnet(inside if i == 0 else out, out, groups)
            for i in range(layers))
        if sampler == 'down':
            self.downsamplers = nn.ModuleList([Sampler(out, True)])
        elif sampler == 'up':
            self.upsamplers = nn.ModuleList([Sampler(out, False)])
        self.sampler = sampler

    def forward(self, x):
        for resnet in self.resnets:
            x = resnet(x)
        if self.sampler == 'down':
            x = self.downsamplers[0](x)
        elif self.sampler == 'up':
            x = self.upsamplers[0](x)
        return x


class Half(nn.Module):
    def __init__(self, c, is_encoder):
        super().__init__()
        widths, groups = c['channels'], c['groups']
        last = len(widths) - 1
        self.is_encoder = is_encoder
        self.mid_block = Middle(widths[-1], groups)
        if is_encoder:
            self.conv_in = Conv(3, widths[0], 3, padding=1)
            self.down_blocks = nn.ModuleList(
                Block(widths[max(i - 1, 0)], widths[i], c['layers'], groups,
                      'down' if i < last else None)
                for i in range(last + 1))
            self.conv_norm_out = nn.GroupNorm(groups, widths[-1], 1e-6)
            self.conv_out = Conv(widths[-1], 2 * c['latent'], 3,
                                      padding=1)
        else:
            self.conv_in = Conv(c['latent'], widths[-1], 3, padding=1)
            up = widths[::-1]
            self.up_blocks = nn.ModuleList(
                Block(up[max(i - 1, 0)], up[i], c['layers'] + 1, groups,
                      'up' if i < last else None) for i in range(last + 1))
            self.conv_norm_out = nn.GroupNorm(groups, widths[0], 1e-6)
            self.conv_out = Conv(widths[0], 3, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        if self.is_encoder:
            for block in self.down_blocks:
                x = block(x)
            x = self.mid_block(x)
        else:
            x = self.mid_block(x)
            for block in self.up_blocks:
                x = block(x)
        return in_full(self.conv_out, F.silu(self.conv_norm_out(x)))


class Vae(nn.Module):
    def __init__(self, config=None):
        super().__init__()
        c = self.config = config or CONFIG
        self.encoder = Half(c, True)
        self.decoder = Half(c, False)
        self.quant_conv = Conv(2 * c['latent'], 2 * c['latent'], 1)
        self.post_quant_conv = Conv(c['latent'], c['latent'], 1)

    def encode(self, x):
        """(mean, logarithm of the variance)."""
        moments = in_full(self.quant_conv, self.encoder(x))
        mean, log_variance = moments.chunk(2, 1)
        return mean, log_variance.clamp(-20, 6)

    def decode(self, z):
        return self.decoder(in_full(self.post_quant_conv, z))
