# SPDX-License-Identifier: LGPL-3.0-or-later
"""Makes the training pictures: shards of [N, size, size, 3] uint8 .npy.

usage: make_pictures.py FOLDER [--shards N] [--seed S] [--jobs J]
Shard i of a seed is always the same; existing shards are kept.
"""
import argparse
import multiprocessing
import os

import numpy as np

import graphics
import leaves
import textures

SIZE = 320
PER_SHARD = 48


def make_shard(task):
    folder, kind, index, seed = task
    path = os.path.join(folder, f'{kind}-{index:04d}.npy')
    if os.path.exists(path):
        return path
    rng = np.random.default_rng([seed, index, len(kind)])
    if kind == 'graphics':
        fonts = graphics.find_fonts()
        made = [graphics.picture(rng, fonts, SIZE) for _ in range(PER_SHARD)]
    else:
        bank = textures.make_bank(rng)
        made = [leaves.picture(rng, bank, SIZE) for _ in range(PER_SHARD)]
    temporary = f'{path}.{os.getpid()}.tmp'
    with open(temporary, 'wb') as out:
        np.save(out, np.stack(made))
    os.replace(temporary, path)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('--shards', type=int, default=32)
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    tasks = []
    for i in range(args.first, args.shards):
        tasks.append((args.folder, 'leaves', i, args.seed))
        if i % 5 == 0:
            tasks.append((args.folder, 'graphics', i // 5, args.seed))
    with multiprocessing.Pool(args.jobs) as pool:
        for path in pool.imap(make_shard, tasks):
            print(path, flush=True)


if __name__ == '__main__':
    main()
