# SPDX-License-Identifier: LGPL-3.0-or-later
"""Makes shards of pictures for the autoencoder: [N, 256, 256, 3] uint8 .npy.

usage: pictures.py FOLDER [--shards N] [--jobs J]
Shard i is always the same; shards that are there are kept.
"""
import argparse
import multiprocessing
import os

import numpy as np

import scene

PER_SHARD = 256


def save_array(path, array):
    """Whole or not at all."""
    temporary = f'{path}.{os.getpid()}.tmp'
    with open(temporary, 'wb') as out:
        np.save(out, array)
    os.replace(temporary, path)


def make_shard(task):
    folder, index = task
    path = os.path.join(folder, f'pictures-{index:04d}.npy')
    if not os.path.exists(path):
        made = []
        for i in range(PER_SHARD):
            rng = np.random.default_rng([1, index, i])
            made.append(scene.render(scene.draw_scene(rng)))
        save_array(path, np.stack(made))
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('--shards', type=int, default=16)
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    tasks = [(args.folder, i) for i in range(args.shards)]
    with multiprocessing.Pool(args.jobs) as pool:
        for path in pool.imap(make_shard, tasks):
            print(path, flush=True)


if __name__ == '__main__':
    main()
