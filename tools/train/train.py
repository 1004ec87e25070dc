# SPDX-License-Identifier: LGPL-3.0-or-later
"""Trains one of the shipped networks; can be stopped and goes on.

usage: train.py NAME --pictures FOLDER --out FOLDER [--minutes M] [--start F]
                [--patch SIDE] [--batch N] [--rate R] [--seed S] [--square P]
                [--noise P] [--over P] [--high P]
NAME is restore-1x, upscale-2x, upscale-3x or upscale-4x.  --out gets NAME.pt
(weights, their average and the optimizer), every two minutes.  --start takes
over weights that fit from another network's file (.pt or .onnx).  --minutes is
the length of the whole training: the learning rate follows the time used, over
all runs.  --noise, --over and --high are of restore-1x (see degrade.RestoreTask).
"""
import argparse
import glob
import math
import os
import queue
import threading
import time

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

import degrade
import nets


class Pictures:
    """Random crops of the shards of a folder, which may still be growing."""

    def __init__(self, folder, rng):
        self.folder, self.rng = folder, rng
        self.shards = {'leaves': [], 'graphics': []}
        self.known = set()
        self.refresh()

    def refresh(self):
        for path in sorted(glob.glob(os.path.join(self.folder, '*.npy'))):
            if path in self.known:
                continue
            kind = os.path.basename(path).split('-')[0]
            self.shards[kind].append(np.load(path, mmap_mode='r'))
            self.known.add(path)

    def _one(self, kind, side):
        rng = self.rng
        shard = self.shards[kind][rng.integers(len(self.shards[kind]))]
        image = shard[rng.integers(len(shard))]
        # Reduced pictures have the smooth edges that lenses make.
        shrink = 1.0 if kind == 'graphics' else rng.choice([1.0, 1.0, 1.5, 2.0])
        cut = min(int(side * shrink), image.shape[0])
        y, x = rng.integers(0, image.shape[0] - cut + 1, 2)
        crop = image[y:y + cut, x:x + cut]
        if cut > side:
            crop = np.asarray(Image.fromarray(crop).resize(
                (side, side), int(rng.choice([Image.BICUBIC, Image.BOX,
                                              Image.LANCZOS]))))
        crop = np.rot90(crop, rng.integers(4))
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        if rng.random() < 0.3:
            crop = crop[..., rng.permutation(3)]
        return np.ascontiguousarray(crop.transpose(2, 0, 1))

    def batch(self, n, side, share):
        """([n, 3, side, side] in 0..1, which of them are graphics)."""
        is_graphics = self.rng.random(n) < share
        crops = [self._one('graphics' if g else 'leaves', side)
                 for g in is_graphics]
        return torch.from_numpy(np.stack(crops)).float() / 255, is_graphics


def half_floats(device):
    """Computes in bfloat16 where that is the faster way."""
    able = device == 'cuda' or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(device, torch.bfloat16, enabled=able)


def make_before(name, path):
    """What the network of a file makes, as a function."""
    model = nets.make(name)
    take_over(model, path)
    model = model.to(memory_format=torch.channels_last)

    def before(source, settings):
        with torch.no_grad(), half_floats('cpu'):
            return model(source, settings).float()
    return before


def make_source(name, args, seed):
    """A function that gives (input, settings, target)."""
    rng = np.random.default_rng(seed)
    pictures = Pictures(args.pictures, rng)
    if name == 'restore-1x':
        before = make_before(name, args.start) if args.over > 0 else None
        task = degrade.RestoreTask(rng, args.noise, args.over, before,
                                   args.high)

        def give():
            clean, _ = pictures.batch(args.batch, args.patch, 0.08)
            return task(clean)
    else:
        scale = int(name[-2])
        task = degrade.UpscaleTask(rng, scale)

        def give():
            side = args.patch * scale
            clean, graphics = pictures.batch(args.batch, side, 0.2)
            return task(clean, graphics)
    give.refresh = pictures.refresh
    return give


def feed(give, out):
    torch.set_num_threads(1)
    n = 0
    while True:
        out.put(give())
        n += 1
        if n % 100 == 0:
            give.refresh()


def save(path, state):
    torch.save(state, path + '.tmp')
    os.replace(path + '.tmp', path)


def read_weights(path):
    """Of a checkpoint, or of an exported network."""
    if not path.endswith('.onnx'):
        return torch.load(path, weights_only=True)['average']
    import onnx
    from onnx import numpy_helper
    return {t.name: torch.from_numpy(
                numpy_helper.to_array(t).astype(np.float32))
            for t in onnx.load(path).graph.initializer}


def take_over(model, path):
    """Weights of the same name and shape from another network's file."""
    other = read_weights(path)
    own = model.state_dict()
    fitting = {k: v for k, v in other.items()
               if k in own and own[k].shape == v.shape and k != 'skip.weight'}
    own.update(fitting)
    model.load_state_dict(own)
    print(f'{len(fitting)} of {len(own)} tensors from {path}', flush=True)


def rate(progress, top):
    """Warm-up over 2 %, then a cosine to 1 % of the top."""
    warm = min(1.0, progress / 0.02)
    return top * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi
                                                           * progress)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('name')
    parser.add_argument('--pictures', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--start')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=16)
    parser.add_argument('--patch', type=int)
    parser.add_argument('--rate', type=float, default=1.5e-3)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--noise', type=float, default=0.5,
                        help='share of the patches with noise alone')
    parser.add_argument('--over', type=float, default=0.0,
                        help='share of these that are asked for too much, '
                             'and wanted as --start makes them')
    parser.add_argument('--high', type=float, default=0.0,
                        help='share of these with much noise (sigma 40-55)')
    parser.add_argument('--square', type=float, default=0.7,
                        help='from this share of the time on, the mean square '
                             'error instead of the mean error')
    args = parser.parse_args()
    if args.patch is None:
        args.patch = {'restore-1x': 96, 'upscale-4x': 40}.get(args.name, 48)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.manual_seed(args.seed)
    model = nets.make(args.name).to(device)
    average = nets.make(args.name).to(device)
    path = os.path.join(args.out, args.name + '.pt')
    used, step = 0.0, 0
    optimizer = torch.optim.AdamW(model.parameters(), args.rate,
                                  betas=(0.9, 0.99), weight_decay=1e-4)
    if os.path.exists(path):
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state['model'])
        average.load_state_dict(state['average'])
        optimizer.load_state_dict(state['optimizer'])
        used, step = state['seconds'], state['step']
    elif args.start:
        take_over(model, args.start)
        average.load_state_dict(model.state_dict())
    model = model.to(memory_format=torch.channels_last)

    batches = queue.Queue(4)
    give = make_source(args.name, args, args.seed + step)
    threading.Thread(target=feed, args=(give, batches), daemon=True).start()
    begun, saved, total, n = time.time() - used, time.time(), 0.0, 0
    limit = args.minutes * 60
    while time.time() - begun < limit:
        progress = (time.time() - begun) / limit
        for group in optimizer.param_groups:
            group['lr'] = rate(progress, args.rate)
        source, settings, target = [t.to(device) for t in batches.get()]
        with half_floats(device):
            made = model(source, settings)
        # Near the end the mean square error, which is what PSNR measures.
        if progress < args.square:
            loss = F.l1_loss(made, target)
        else:
            loss = ((made - target) ** 2 + 1e-8).mean((1, 2, 3)).sqrt().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        step += 1
        decay = min(0.999, (1 + step) / (10 + step))
        with torch.no_grad():
            for a, b in zip(average.parameters(), model.parameters()):
                a.lerp_(b.to(a.dtype), 1 - decay)
        total, n = total + float(loss), n + 1
        if n == 100:
            print(f'{step} {progress:.3f} loss {total / n:.5f} '
                  f'{time.time() - begun:.0f}s', flush=True)
            total, n = 0.0, 0
        if time.time() - saved > 120:
            saved = time.time()
            save(path, {'model': model.state_dict(),
                        'average': average.state_dict(),
                        'optimizer': optimizer.state_dict(),
                        'seconds': time.time() - begun, 'step': step})
    save(path, {'model': model.state_dict(), 'average': average.state_dict(),
                'optimizer': optimizer.state_dict(),
                'seconds': time.time() - begun, 'step': step})
    print(f'done: {step} steps', flush=True)


if __name__ == '__main__':
    main()
