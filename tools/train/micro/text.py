# SPDX-License-Identifier: LGPL-3.0-or-later
"""The text encoder: CLIPTextModel by the names of transformers, small."""
import torch
from torch import nn

from layers import attend

CONFIG = {'width': 128, 'layers': 4, 'heads': 4, 'mlp': 512, 'positions': 77}


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        def split(t):
            return t.unflatten(2, (self.heads, -1)).transpose(1, 2)
        n = x.shape[1]
        mask = torch.full((n, n), float('-inf'), device=x.device).triu(1)
        q, k, v = (split(p(x)) for p in (self.q_proj, self.k_proj,
                                         self.v_proj))
        y = attend(q, k, v, mask.to(q.dtype))
        return self.out_proj(y.transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        h = self.fc1(x)
        return self.fc2(h * torch.sigmoid(1.702 * h))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(c['width'])
        self.self_attn = Attention(c['width'], c['heads'])
        self.layer_norm2 = nn.LayerNorm(c['width'])
        self.mlp = Mlp(c['width'], c['mlp'])

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Embeddings(nn.Module):
    def __init__(self, c, vocabulary):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, c['width'])
        self.position_embedding = nn.Embedding(c['positions'], c['width'])
        nn.init.normal_(self.token_embedding.weight, std=.05)
        nn.init.normal_(self.position_embedding.weight, std=.02)

    def forward(self, ids):
        return self.token_embedding(ids) \
            + self.position_embedding.weight[:ids.shape[1]]


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.layers = nn.ModuleList(Layer(c) for _ in range(c['layers']))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class TextModel(nn.Module):
    def __init__(self, c, vocabulary):
        super().__init__()
        self.embeddings = Embeddings(c, vocabulary)
        self.encoder = Encoder(c)
        self.final_layer_norm = nn.LayerNorm(c['width'])


class Text(nn.Module):
    """[N, 77] numbers of tokens to [N, 77, width]."""

    def __init__(self, vocabulary, config=None):
        super().__init__()
        self.config = dict(config or CONFIG, vocabulary=vocabulary)
        self.text_model = TextModel(self.config, vocabulary)

    def forward(self, ids):
        model = self.text_model
        return model.final_layer_norm(model.encoder(model.embeddings(ids)))
