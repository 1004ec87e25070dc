# SPDX-License-Identifier: LGPL-3.0-or-later
"""Layers that are right and quick on CPUs."""
import torch
from torch import nn
from torch.nn import functional as F


class Conv(nn.Conv2d):
    """nn.Conv2d, computed with channels filled up to multiples of 16.

    With other numbers of channels, oneDNN 3.7 (torch 2.6) reads memory that
    nobody wrote: gradients are wrong by a third, now and then not finite.
    """

    def forward(self, x):
        if x.device.type != 'cpu':
            return super().forward(x)
        out, inside = self.weight.shape[:2]
        more_out, more_in = -out % 16, -inside % 16
        weight, bias = self.weight, self.bias
        if more_out or more_in:
            weight = F.pad(weight, (0, 0, 0, 0, 0, more_in, 0, more_out))
            bias = F.pad(bias, (0, more_out))
        if more_in:
            x = F.pad(x, (0, 0, 0, 0, 0, more_in))
        y = F.conv2d(x, weight, bias, self.stride, self.padding)
        return y[:, :out] if more_out else y


def in_full(layer, x):
    """@layer in 32 bits, for what the loss sees at once."""
    with torch.autocast(x.device.type, enabled=False):
        return layer(x.float())


def attend(q, k, v, mask=None):
    """Attention written out, [N, (heads,) T, width]: on CPUs three times as
    fast as torch 2.6's own with its gradients."""
    if q.device.type != 'cpu':
        return F.scaled_dot_product_attention(q, k, v, mask)
    weights = (q * q.shape[-1] ** -.5) @ k.transpose(-1, -2)
    if mask is not None:
        weights = weights + mask
    return weights.softmax(-1, dtype=v.dtype) @ v
