# SPDX-License-Identifier: LGPL-3.0-or-later
"""Makes shards of pictures with captions.

usage: dataset.py KIND FOLDER [--vocabulary FOLDER] [--size PX] [--shards N]
                  [--jobs J]

| KIND     | a shard's arrays |
|----------|------------------|
| pictures | pictures [N, size, size, 3] uint8 |
| captions | the same; tokens [N, CAPTIONS, 77] uint16; outlines [N, size / 8, size / 8], shapes [N, size / 16, size / 16] uint8 |
| changes  | as captions; changed [N, size, size, 3]; tokens [N, 1, 77] |
| weights  | as captions; weights [N, 2, 77] float16 of the tokens |

Shard i of a kind and size is always the same; shards that are there are kept.
"""
import argparse
import glob
import multiprocessing
import os
import shutil

import numpy as np

import captions
import edits
import scene
import vocabulary
import weights

PER_SHARD = 256
CAPTIONS = 4
SEEDS = {'pictures': 1, 'captions': 2, 'changes': 3, 'weights': 4}


def save(path, **arrays):
    """Whole or not at all; a folder with a .npy for each array, so that they
    can be mapped."""
    temporary = f'{path}.{os.getpid()}.tmp'
    os.makedirs(temporary, exist_ok=True)
    for name, array in arrays.items():
        np.save(os.path.join(temporary, f'{name}.npy'), array)
    try:
        os.rename(temporary, path)
    except OSError:
        # Another run made the same one.
        shutil.rmtree(temporary)
        if not os.path.isdir(path):
            raise


def shards(folder):
    """The shards of @folder in order, each a table of mapped arrays."""
    return [{os.path.basename(f)[:-4]: np.load(f, mmap_mode='r')
             for f in glob.glob(os.path.join(path, '*.npy'))}
            for path in sorted(glob.glob(os.path.join(folder, '*-????')))]


def draw_weighed(rng):
    while True:
        one = weights.weigh(rng, scene.draw_scene(rng))
        if one is not None:
            return one


def captions_with_weights(rng, one, tokenize, n=2):
    """Captions that have a weight; they may leave out words."""
    found = []
    while len(found) < n:
        tokens, values = tokenize.weighted(captions.caption(rng, one))
        if (values != 1).any():
            found.append((tokens, values))
    return [np.stack(column) for column in zip(*found)]


def small_outlines(one, size):
    """Where outlines are, a byte for each latent."""
    return (scene.outlines(one, size // 8) * 255).astype(np.uint8)


def make_one(kind, rng, size, tokenize):
    one = draw_weighed(rng) if kind == 'weights' else scene.draw_scene(rng)
    made = {'pictures': scene.render(one, size)}
    if kind != 'pictures':
        made['outlines'] = small_outlines(one, size)
        made['shapes'] = scene.which_shapes(one, size // 16)
    if kind == 'captions':
        made['tokens'] = np.stack([tokenize(captions.caption(rng, one))
                                   for _ in range(CAPTIONS)])
    elif kind == 'changes':
        text, new = edits.change(rng, one)
        made['changed'] = scene.render(new, size)
        made['outlines'] = np.maximum(made['outlines'],
                                      small_outlines(new, size))
        made['shapes'] = scene.which_shapes(new, size // 16)
        made['tokens'] = tokenize(text)[None]
    elif kind == 'weights':
        made['tokens'], made['weights'] = captions_with_weights(rng, one,
                                                                tokenize)
    return made


def make_shard(task):
    kind, folder, index, size, words = task
    path = os.path.join(folder, f'{kind}{size}-{index:04d}')
    if not os.path.exists(path):
        tokenize = vocabulary.Tokenizer(words) if words else None
        made = [make_one(kind, np.random.default_rng(
            [SEEDS[kind], size, index, i]), size, tokenize)
            for i in range(PER_SHARD)]
        save(path, **{k: np.stack([m[k] for m in made]) for k in made[0]})
        print(path, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('kind', choices=SEEDS)
    parser.add_argument('folder')
    parser.add_argument('--vocabulary')
    parser.add_argument('--size', type=int, default=256)
    parser.add_argument('--shards', type=int, default=16)
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    tasks = [(args.kind, args.folder, i, args.size, args.vocabulary)
             for i in range(args.shards)]
    with multiprocessing.Pool(args.jobs) as pool:
        for _ in pool.imap(make_shard, tasks):
            pass


if __name__ == '__main__':
    main()
