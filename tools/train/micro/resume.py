# SPDX-License-Identifier: LGPL-3.0-or-later
"""Makes the files of a training from exported folders, to go on from there.

usage: resume.py MODEL WORK

MODEL has base/, edit/ and inpaint/, as export.py writes them (the last two may
be missing).  WORK gets what train-all WORK goes on
from: vae.pt, decoder.pt, text.pt and unet128.pt, all of which count as done,
scale.json and tokenizer/.  Momentum starts anew.
"""
import json
import os
import shutil
import sys

import numpy as np
import torch

import state
import unet

MAX_HEADER = 1 << 24
HALF = 'diffusion_pytorch_model.fp16.safetensors'


def read_weights(path):
    """The tensors of a .safetensors file of half floats, as floats."""
    with open(path, 'rb') as f:
        length = int.from_bytes(f.read(8), 'little')
        if length > MAX_HEADER:
            raise ValueError(f'{path}: the header is too long')
        header = json.loads(f.read(length))
        data = f.read()
    weights = {}
    for name, entry in header.items():
        if name == '__metadata__':
            continue
        if entry['dtype'] != 'F16':
            raise ValueError(f'{path}: {name} is not of half floats')
        first, last = entry['data_offsets']
        values = np.frombuffer(data[first:last], np.float16)
        weights[name] = torch.from_numpy(
            values.reshape(entry['shape']).astype(np.float32))
    return weights


def read_unet(model):
    """What the variants were cut out of."""
    whole = None
    for kind in unet.VARIANTS:
        path = os.path.join(model, kind, 'unet', HALF)
        if not os.path.exists(path):
            continue
        weights = unet.widen(read_weights(path), kind)
        whole = whole or weights
        at = unet.VARIANTS[kind]
        whole['conv_in.weight'][:, at] = weights['conv_in.weight'][:, at]
    return whole


def keep(work, name, average):
    state.save(os.path.join(work, f'{name}.pt'), {'average': average})
    with open(os.path.join(work, f'{name}.done'), 'w', encoding='utf-8') as f:
        f.write('resumed\n')


def main():
    if len(sys.argv) != 3:
        sys.exit('usage: resume.py MODEL WORK')
    model, work = sys.argv[1:]
    base = os.path.join(model, 'base')
    os.makedirs(work, exist_ok=True)
    vae = read_weights(os.path.join(base, 'vae', HALF))
    text = read_weights(os.path.join(base, 'text_encoder',
                                     'model.fp16.safetensors'))
    keep(work, 'vae', {'vae': vae})
    keep(work, 'decoder', {'vae': vae})
    keep(work, 'text', {'text': text})
    keep(work, 'unet128', {'unet': read_unet(model), 'text': text})
    with open(os.path.join(base, 'vae', 'config.json'), encoding='utf-8') as f:
        scale = json.load(f)['scaling_factor']
    with open(os.path.join(work, 'scale.json'), 'w', encoding='utf-8') as f:
        json.dump({'scale': scale}, f)
    shutil.copytree(os.path.join(base, 'tokenizer'),
                    os.path.join(work, 'tokenizer'), dirs_exist_ok=True)


if __name__ == '__main__':
    main()
