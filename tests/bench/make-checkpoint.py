#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Writes a checkpoint of full size with random weights, to measure with.

Speed and memory do not depend on the values.  They are small enough that
nothing overflows; the pictures are noise.

usage: make-checkpoint.py sd15|sdxl fp16|fp32 FILE.safetensors
"""
import array
import json
import random
import struct
import sys

BLOCK = 1 << 20  # values that are repeated


class Tensors:
    """Names, shapes and what the values are like."""

    def __init__(self):
        self.items = []

    def add(self, name, shape, kind='weight'):
        self.items.append((name, shape, kind))

    def layer(self, name, shape, bias=True):
        self.add(name + '.weight', shape)
        if bias:
            self.add(name + '.bias', shape[:1], 'zero')

    def norm(self, name, width):
        self.add(name + '.weight', [width], 'one')
        self.add(name + '.bias', [width], 'zero')


def add_resnet(t, name, cin, cout, time):
    t.norm(name + '.in_layers.0', cin)
    t.layer(name + '.in_layers.2', [cout, cin, 3, 3])
    t.layer(name + '.emb_layers.1', [cout, time])
    t.norm(name + '.out_layers.0', cout)
    t.layer(name + '.out_layers.3', [cout, cout, 3, 3])
    if cin != cout:
        t.layer(name + '.skip_connection', [cout, cin, 1, 1])


def add_attention(t, name, width, context):
    t.layer(name + '.to_q', [width, width], False)
    t.layer(name + '.to_k', [width, context], False)
    t.layer(name + '.to_v', [width, context], False)
    t.layer(name + '.to_out.0', [width, width])


def add_transformer(t, name, width, depth, context, linear):
    side = [] if linear else [1, 1]
    t.norm(name + '.norm', width)
    t.layer(name + '.proj_in', [width, width] + side)
    for i in range(depth):
        block = f'{name}.transformer_blocks.{i}'
        add_attention(t, block + '.attn1', width, width)
        add_attention(t, block + '.attn2', width, context)
        t.layer(block + '.ff.net.0.proj', [8 * width, width])
        t.layer(block + '.ff.net.2', [width, 4 * width])
        for norm in ('norm1', 'norm2', 'norm3'):
            t.norm(f'{block}.{norm}', width)
    t.layer(name + '.proj_out', [width, width] + side)


def add_unet(t, channels, depths, context, vector, linear):
    prefix = 'model.diffusion_model.'
    time = 4 * channels[0]
    t.layer(prefix + 'time_embed.0', [time, channels[0]])
    t.layer(prefix + 'time_embed.2', [time, time])
    if vector:
        t.layer(prefix + 'label_emb.0.0', [time, vector])
        t.layer(prefix + 'label_emb.0.2', [time, time])
    t.layer(prefix + 'input_blocks.0.0', [channels[0], 4, 3, 3])
    skips = [channels[0]]
    width = channels[0]
    index = 1
    for level, wide in enumerate(channels):
        for _ in range(2):
            block = f'{prefix}input_blocks.{index}'
            add_resnet(t, block + '.0', width, wide, time)
            width = wide
            if depths[level]:
                add_transformer(t, block + '.1', width, depths[level], context,
                                linear)
            skips.append(width)
            index += 1
        if level < len(channels) - 1:
            t.layer(f'{prefix}input_blocks.{index}.0.op', [width, width, 3, 3])
            skips.append(width)
            index += 1
    middle = max(depths[-1], 1)
    add_resnet(t, prefix + 'middle_block.0', width, width, time)
    add_transformer(t, prefix + 'middle_block.1', width, middle, context,
                    linear)
    add_resnet(t, prefix + 'middle_block.2', width, width, time)
    index = 0
    for level in reversed(range(len(channels))):
        for i in range(3):
            block = f'{prefix}output_blocks.{index}'
            add_resnet(t, block + '.0', width + skips.pop(), channels[level],
                       time)
            width = channels[level]
            if depths[level]:
                add_transformer(t, block + '.1', width, depths[level], context,
                                linear)
            if i == 2 and level > 0:
                at = 2 if depths[level] else 1
                t.layer(f'{block}.{at}.conv', [width, width, 3, 3])
            index += 1
    t.norm(prefix + 'out.0', width)
    t.layer(prefix + 'out.2', [4, width, 3, 3])


def add_vae_resnet(t, name, cin, cout):
    t.norm(name + '.norm1', cin)
    t.layer(name + '.conv1', [cout, cin, 3, 3])
    t.norm(name + '.norm2', cout)
    t.layer(name + '.conv2', [cout, cout, 3, 3])
    if cin != cout:
        t.layer(name + '.nin_shortcut', [cout, cin, 1, 1])


def add_vae_middle(t, name, width):
    add_vae_resnet(t, name + '.block_1', width, width)
    t.norm(name + '.attn_1.norm', width)
    for part in ('q', 'k', 'v', 'proj_out'):
        t.layer(f'{name}.attn_1.{part}', [width, width, 1, 1])
    add_vae_resnet(t, name + '.block_2', width, width)


def add_vae(t):
    prefix = 'first_stage_model.'
    channels = [128, 256, 512, 512]
    name = prefix + 'encoder'
    t.layer(name + '.conv_in', [128, 3, 3, 3])
    width = 128
    for level, wide in enumerate(channels):
        for i in range(2):
            add_vae_resnet(t, f'{name}.down.{level}.block.{i}', width, wide)
            width = wide
        if level < 3:
            t.layer(f'{name}.down.{level}.downsample.conv',
                    [width, width, 3, 3])
    add_vae_middle(t, name + '.mid', width)
    t.norm(name + '.norm_out', width)
    t.layer(name + '.conv_out', [8, width, 3, 3])
    name = prefix + 'decoder'
    t.layer(name + '.conv_in', [width, 4, 3, 3])
    add_vae_middle(t, name + '.mid', width)
    for level in reversed(range(4)):
        for i in range(3):
            add_vae_resnet(t, f'{name}.up.{level}.block.{i}', width,
                           channels[level])
            width = channels[level]
        if level > 0:
            t.layer(f'{name}.up.{level}.upsample.conv', [width, width, 3, 3])
    t.norm(name + '.norm_out', width)
    t.layer(name + '.conv_out', [3, width, 3, 3])
    t.layer(prefix + 'quant_conv', [8, 8, 1, 1])
    t.layer(prefix + 'post_quant_conv', [4, 4, 1, 1])


def add_clip(t, prefix, width, layers):
    prefix += 'text_model.'
    t.add(prefix + 'embeddings.token_embedding.weight', [49408, width])
    t.add(prefix + 'embeddings.position_embedding.weight', [77, width])
    for i in range(layers):
        layer = f'{prefix}encoder.layers.{i}'
        for part in ('q_proj', 'k_proj', 'v_proj', 'out_proj'):
            t.layer(f'{layer}.self_attn.{part}', [width, width])
        t.layer(layer + '.mlp.fc1', [4 * width, width])
        t.layer(layer + '.mlp.fc2', [width, 4 * width])
        t.norm(layer + '.layer_norm1', width)
        t.norm(layer + '.layer_norm2', width)
    t.norm(prefix + 'final_layer_norm', width)


def add_openclip(t, prefix, width, layers):
    t.add(prefix + 'token_embedding.weight', [49408, width])
    t.add(prefix + 'positional_embedding', [77, width])
    for i in range(layers):
        layer = f'{prefix}transformer.resblocks.{i}'
        t.add(layer + '.attn.in_proj_weight', [3 * width, width])
        t.add(layer + '.attn.in_proj_bias', [3 * width], 'zero')
        t.layer(layer + '.attn.out_proj', [width, width])
        t.layer(layer + '.mlp.c_fc', [4 * width, width])
        t.layer(layer + '.mlp.c_proj', [width, 4 * width])
        t.norm(layer + '.ln_1', width)
        t.norm(layer + '.ln_2', width)
    t.norm(prefix + 'ln_final', width)
    t.add(prefix + 'text_projection', [width, width])


def make(family):
    t = Tensors()
    if family == 'sd15':
        add_unet(t, [320, 640, 1280, 1280], [1, 1, 1, 0], 768, 0, False)
        add_clip(t, 'cond_stage_model.transformer.', 768, 12)
    else:
        add_unet(t, [320, 640, 1280], [0, 2, 10], 2048, 2816, True)
        add_clip(t, 'conditioner.embedders.0.transformer.', 768, 12)
        add_openclip(t, 'conditioner.embedders.1.model.', 1280, 32)
    add_vae(t)
    return t.items


def count(shape):
    n = 1
    for size in shape:
        n *= size
    return n


def pack(values, half):
    return (struct.pack(f'<{len(values)}e', *values) if half
            else array.array('f', values).tobytes())


class Values:
    """Random values with the spread that a layer's inputs ask for."""

    def __init__(self, half):
        self.half = half
        rng = random.Random(1)
        self.base = [rng.uniform(-1.7, 1.7) for _ in range(BLOCK)]
        self.blocks = {}

    def block(self, shape):
        fan_in = max(count(shape[1:]), 1)
        power = fan_in.bit_length() // 2
        if power not in self.blocks:
            self.blocks[power] = pack(
                [value / 2 ** power for value in self.base], self.half)
        return self.blocks[power]

    def write(self, out, shape, kind, index):
        n = count(shape)
        size = 2 if self.half else 4
        if kind != 'weight':
            out.write(pack([1.0 if kind == 'one' else 0.0] * n, self.half))
            return
        block = memoryview(self.block(shape))
        start = index * 7919 % BLOCK * size
        left = n * size
        while left:
            piece = block[start:start + left]
            out.write(piece)
            left -= len(piece)
            start = 0


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ('sd15', 'sdxl') \
            or sys.argv[2] not in ('fp16', 'fp32'):
        sys.exit(__doc__.strip())
    half = sys.argv[2] == 'fp16'
    size = 2 if half else 4
    items = make(sys.argv[1])
    header = {'__metadata__': {'format': 'pt'}}
    offset = 0
    for name, shape, _ in items:
        end = offset + count(shape) * size
        header[name] = {'dtype': 'F16' if half else 'F32', 'shape': shape,
                        'data_offsets': [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    values = Values(half)
    with open(sys.argv[3], 'wb') as out:
        out.write(struct.pack('<Q', len(text)) + text)
        for index, (_, shape, kind) in enumerate(items):
            values.write(out, shape, kind, index)
    print(f'{sys.argv[3]}: {len(items)} tensors, {offset / 1e9:.2f} GB')


main()
