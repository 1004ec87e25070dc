# SPDX-License-Identifier: LGPL-3.0-or-later
"""The autoencoder: AutoencoderKL of SD 1.x, small, by Diffusers' names.

Pictures are [N, 3, H, W] in -1..1; latents [N, 4, H / 8, W / 8].
"""
import torch
from torch import nn
from torch.nn import functional as F

from layers import Conv, attend, in_full

# One group: with two channels to a group, a norm would leave no more than
# signs of the color of a picture of one color.
CONFIG = {'channels': (16, 32, 64, 96), 'layers': 1, 'groups': 1,
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


def _keep(conv, n, kernel):
    """Makes the first @n channels of @conv pass through @kernel."""
    conv.weight[:n] = 0
    conv.bias[:n] = 0
    for k in range(n):
        conv.weight[k, k] = kernel


def _dot(side):
    kernel = torch.zeros(side, side)
    kernel[side // 2, side // 2] = 1
    return kernel


def _begin_half(half, first, colours):
    """Channels 0-2 carry colors, 3-5 the same with the other sign, 6 and 7
    constants against which the norms leave colors their size."""
    first.weight[:8] = 0
    first.bias[:8] = 0
    for k in range(3):
        first.weight[k, k, 1, 1] = 1
        first.weight[k + 3, k, 1, 1] = -1
    first.bias[6], first.bias[7] = 3, -3
    for module in half.modules():
        if isinstance(module, Resnet):
            module.conv2.weight[:8] *= .1
            if hasattr(module, 'conv_shortcut'):
                _keep(module.conv_shortcut, 8, _dot(1))
        elif isinstance(module, Sampler):
            kernel = torch.zeros(3, 3)
            kernel[:2, :2] = .25
            _keep(module.conv, 8, kernel if module.down else _dot(3))
        elif isinstance(module, Attention):
            module.to_out[0].weight[:8] *= .1
    half.conv_out.weight[:colours] = 0
    half.conv_out.bias[:colours] = 0
    for k in range(3):
        # silu(x) - silu(-x) = x
        half.conv_out.weight[k, k, 1, 1] = 1
        half.conv_out.weight[k, k + 3, 1, 1] = -1


@torch.no_grad()
def begin(model, pictures):
    """Weights that average blocks of 8 x 8 and give them back: from there,
    training finds colors at once; from random weights it found grays for
    hundreds of steps."""
    _begin_half(model.encoder, model.encoder.conv_in, 3)
    _begin_half(model.decoder, model.decoder.conv_in, 3)
    for conv in (model.quant_conv, model.post_quant_conv):
        conv.bias[:] = 0
        conv.weight[:] = torch.eye(conv.weight.shape[0])[:, :, None, None]
    model.encoder.conv_out.weight[4:] *= .1
    model.encoder.conv_out.bias[4:] = -4
    latents = model.encode(pictures)[0]
    model.encoder.conv_out.weight[:4] /= latents.std((0, 2, 3))[:, None, None,
                                                                None]
    made = model.decode(model.encode(pictures)[0])
    model.decoder.conv_out.weight *= (made * pictures).mean() \
        / (made * made).mean()
