# SPDX-License-Identifier: LGPL-3.0-or-later
"""The shipped networks: R'G'B' in 0..1 and what to do -> R'G'B'.

Settings enter as constant planes beside the colours (as the noise map of
FFDNet, Zhang et al. 2018), so that one network serves all of them.
"""
import torch
from torch import nn
from torch.nn import functional as F

PROFILES = ('standard', 'high-fidelity', 'low-resolution', 'cgi')
STRENGTHS = ('denoise', 'sharpen', 'fix-compression')


def planes(settings, like):
    """[N, K] -> [N, K, H, W] of constants."""
    return settings[:, :, None, None].expand(-1, -1, *like.shape[2:])


class Block(nn.Module):
    """conv-relu-conv with a shortcut, without normalization (EDSR 2017)."""

    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, padding=1)
        self.b = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.b.weight.mul_(0.1)
            self.b.bias.zero_()

    def forward(self, x):
        return x + self.b(F.relu(self.a(x)))


class Restore(nn.Module):
    """Denoise, sharpen, fix compression: a U of two levels, at 1/2 and 1/4.

    Sides are multiples of 4.  strength: [N, 3] in 0..1 (see degrade.py).
    """
    multiple = 4
    scale = 1
    setting_name = 'strength'

    def __init__(self, width=48, deep=96, outer=2, inner=5):
        super().__init__()
        self.head = nn.Conv2d(6, width, 4, 2, 1)
        self.enc = nn.Sequential(*[Block(width) for _ in range(outer)])
        self.down = nn.Conv2d(width, deep, 2, 2)
        self.body = nn.Sequential(*[Block(deep) for _ in range(inner)])
        self.up = nn.Conv2d(deep, width, 1)
        self.dec = nn.Sequential(*[Block(width) for _ in range(outer)])
        self.tail = nn.Conv2d(width, 12, 3, padding=1)
        with torch.no_grad():
            self.tail.weight.mul_(0.1)
            self.tail.bias.zero_()

    def forward(self, image, strength):
        x = torch.cat([image - 0.5, planes(strength, image)], 1)
        x = x.to(memory_format=torch.channels_last)
        a = self.enc(self.head(x))
        b = self.body(self.down(a))
        b = F.interpolate(self.up(b), scale_factor=2.0, mode='nearest')
        y = self.tail(self.dec(a + b))
        return image + F.pixel_shuffle(y.float(), 2)

    def overlap(self):
        """Receptive field to one side, in pixels, rounded up to 4."""
        outer = 2 * 2 * (len(self.enc) + len(self.dec))
        inner = 4 * 2 * len(self.body)
        return -(-(outer + inner + 2 * 1 + 2 + 4) // 4) * 4


def _cubic(x):
    """Keys' kernel with a = -0.5."""
    x = abs(x)
    if x <= 1:
        return 1.5 * x ** 3 - 2.5 * x ** 2 + 1
    if x < 2:
        return -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2
    return 0.0


class Upscale(nn.Module):
    """Residual blocks at the size of the input, then pixel shuffle.

    profile: [N, 4], one of PROFILES is 1.
    """
    multiple = 1
    setting_name = 'profile'

    def __init__(self, scale, width=48, blocks=5):
        super().__init__()
        self.scale = scale
        self.head = nn.Conv2d(3 + len(PROFILES), width, 3, padding=1)
        self.body = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.tail = nn.Conv2d(width, 3 * scale * scale, 3, padding=1)
        self.skip = nn.Conv2d(3, 3 * scale * scale, 5, padding=2, bias=False)
        with torch.no_grad():
            self.tail.weight.mul_(0.1)
            self.tail.bias.zero_()
            self.skip.weight.copy_(self._bicubic())

    def _bicubic(self):
        s = self.scale
        weight = torch.zeros(3 * s * s, 3, 5, 5)
        for c in range(3):
            for i in range(s):
                for j in range(s):
                    v = [_cubic(k - 2 - ((i + 0.5) / s - 0.5))
                         for k in range(5)]
                    h = [_cubic(k - 2 - ((j + 0.5) / s - 0.5))
                         for k in range(5)]
                    weight[c * s * s + i * s + j, c] = torch.outer(
                        torch.tensor(v), torch.tensor(h))
        return weight

    def forward(self, image, profile):
        x = torch.cat([image - 0.5, planes(profile, image)], 1)
        x = x.to(memory_format=torch.channels_last)
        x = self.head(x)
        x = self.tail(x + self.body(x))
        with torch.autocast('cpu', enabled=False), \
                torch.autocast('cuda', enabled=False):
            base = F.conv2d(image.float(), self.skip.weight, padding=2)
        return F.pixel_shuffle(x.float() + base, self.scale)

    def overlap(self):
        return 2 * len(self.body) + 2


def make(name):
    """The network of a name such as 'restore-1x' or 'upscale-2x'."""
    if name == 'restore-1x':
        return Restore()
    return Upscale(int(name[-2]))
