# SPDX-License-Identifier: LGPL-3.0-or-later
"""The UNet of SD 1.x, small, by Diffusers' names.

Latents [N, 4 (8, 9), H, W], times [N] in 0..999, text [N, 77, context] to
[N, 4, H, W].

What is trained has 13 channels: noisy latents, those of a picture that is to
be changed, where a hole is, and the latents around it; what isn't there is 0.
So each variant is this network with a part of its first layer.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from layers import Conv, attend, in_full

CONFIG = {'channels': (64, 80, 80), 'layers': 1, 'groups': 8,
          'heads': (2, 2, 2), 'attention': (False, True, True),
          'context': 128}

INSIDE = 13
# The channels that a variant has.
VARIANTS = {'base': slice(0, 4), 'edit': slice(0, 8),
            'inpaint': [0, 1, 2, 3, *range(8, 13)]}


def cut(weights, kind):
    """The weights of a variant, by its name."""
    first = weights['conv_in.weight']
    return dict(weights, **{'conv_in.weight': first[:, VARIANTS[kind]]})


def widen(weights, kind='base'):
    """Those of a variant as those of what is trained; channels that it does
    not have are 0.  What has all stays as it is."""
    first = weights['conv_in.weight']
    if first.shape[1] == INSIDE:
        return weights
    full = first.new_zeros(first.shape[0], INSIDE, *first.shape[2:])
    full[:, VARIANTS[kind]] = first
    return dict(weights, **{'conv_in.weight': full})


class Resnet(nn.Module):
    def __init__(self, inside, out, time, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inside)
        self.conv1 = Conv(inside, out, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, out)
        self.norm2 = nn.GroupNorm(groups, out)
        self.conv2 = Conv(out, out, 3, padding=1)
        if inside != out:
            self.conv_shortcut = Conv(inside, out, 1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time_emb_proj(time)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (self.conv_shortcut(x) if hasattr(self, 'conv_shortcut')
                    else x)


class Attention(nn.Module):
    def __init__(self, width, context, heads):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x, context):
        def split(t):
            return t.unflatten(2, (self.heads, -1)).transpose(1, 2)
        y = attend(split(self.to_q(x)), split(self.to_k(context)),
                   split(self.to_v(context)))
        return self.to_out[0](y.transpose(1, 2).flatten(2))


class Gate(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner)

    def forward(self, x):
        x, gate = self.proj(x).chunk(2, -1)
        return x * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        # The empty place is where Diffusers has dropout.
        self.net = nn.ModuleList([Gate(width, 4 * width), nn.Identity(),
                                  nn.Linear(4 * width, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class Layer(nn.Module):
    def __init__(self, width, context, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn1 = Attention(width, width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.attn2 = Attention(width, context, heads)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width)

    def forward(self, x, context):
        h = self.norm1(x)
        x = x + self.attn1(h, h)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer(nn.Module):
    def __init__(self, width, context, heads, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, width, 1e-6)
        self.proj_in = Conv(width, width, 1)
        self.transformer_blocks = nn.ModuleList([Layer(width, context,
                                                       heads)])
        self.proj_out = Conv(width, width, 1)
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, x, context):
        h = self.proj_in(self.norm(x)).flatten(2).transpose(1, 2)
        h = self.transformer_blocks[0](h, context)
        return x + self.proj_out(h.transpose(1, 2).reshape(x.shape))


class Sampler(nn.Module):
    def __init__(self, width, down):
        super().__init__()
        self.down = down
        self.conv = Conv(width, width, 3, 2 if down else 1, 1)

    def forward(self, x):
        return self.conv(x if self.down
                         else F.interpolate(x, scale_factor=2.0))


class Block(nn.Module):
    """Residual blocks, each with attention or not."""

    def __init__(self, inputs, out, time, c, heads, sampler):
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(i, out, time, c['groups'])
                                     for i in inputs)
        if heads:
            self.attentions = nn.ModuleList(
                Transformer(out, c['context'], heads, c['groups'])
                for _ in inputs)
        if sampler == 'down':
            self.downsamplers = nn.ModuleList([Sampler(out, True)])
        elif sampler == 'up':
            self.upsamplers = nn.ModuleList([Sampler(out, False)])

    def step(self, i, x, time, context):
        x = self.resnets[i](x, time)
        return self.attentions[i](x, context) \
            if hasattr(self, 'attentions') else x


class Time(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.linear_1 = nn.Linear(width, inner)
        self.linear_2 = nn.Linear(inner, inner)
        self.width = width

    def forward(self, t):
        half = self.width // 2
        f = torch.exp(torch.arange(half, device=t.device)
                      * (-math.log(10000) / half))
        a = t.float()[:, None] * f
        x = torch.cat([a.cos(), a.sin()], 1)
        return F.silu(self.linear_2(F.silu(self.linear_1(x))))


class Unet(nn.Module):
    def __init__(self, inside=4, config=None):
        super().__init__()
        c = self.config = dict(config or CONFIG, inside=inside)
        w, n = c['channels'], len(c['channels'])
        time = 4 * w[0]
        heads = [h if a else 0 for h, a in zip(c['heads'], c['attention'])]
        self.conv_in = Conv(inside, w[0], 3, padding=1)
        self.time_embedding = Time(w[0], time)
        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        skips, at = [w[0]], w[0]
        for i in range(n):
            inputs = [at] + [w[i]] * (c['layers'] - 1)
            self.down_blocks.append(Block(inputs, w[i], time, c, heads[i],
                                          'down' if i < n - 1 else None))
            at = w[i]
            skips += [at] * (c['layers'] + (i < n - 1))
        self.mid_block = Block([at, at], at, time, c, 0, None)
        self.mid_block.attentions = nn.ModuleList(
            [Transformer(at, c['context'], c['heads'][-1], c['groups'])])
        for i in reversed(range(n)):
            inputs = []
            for _ in range(c['layers'] + 1):
                inputs.append(at + skips.pop())
                at = w[i]
            self.up_blocks.append(Block(inputs, w[i], time, c, heads[i],
                                        'up' if i > 0 else None))
        self.conv_norm_out = nn.GroupNorm(c['groups'], w[0])
        self.conv_out = Conv(w[0], 4, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)

    def forward(self, x, t, context, seen=None):
        """@seen: a list that gets the features of the middle and behind each
        block after it."""
        seen = [] if seen is None else seen
        time = self.time_embedding(t)
        x = self.conv_in(x)
        skips = [x]
        for block in self.down_blocks:
            for i in range(len(block.resnets)):
                x = block.step(i, x, time, context)
                skips.append(x)
            if hasattr(block, 'downsamplers'):
                x = block.downsamplers[0](x)
                skips.append(x)
        middle = self.mid_block
        x = middle.resnets[0](x, time)
        x = middle.attentions[0](x, context)
        x = middle.resnets[1](x, time)
        seen.append(x)
        for block in self.up_blocks:
            for i in range(len(block.resnets)):
                x = block.step(i, torch.cat([x, skips.pop()], 1), time,
                               context)
            seen.append(x)
            if hasattr(block, 'upsamplers'):
                x = block.upsamplers[0](x)
        return in_full(self.conv_out, F.silu(self.conv_norm_out(x)))
