# SPDX-License-Identifier: LGPL-3.0-or-later
"""A byte-pair vocabulary in CLIP's format, from our captions.

usage: vocabulary.py FOLDER
writes vocab.json, merges.txt and the two files that Diffusers has beside them.
"""
import collections
import json
import os
import re
import sys

import numpy as np

BEGIN, END = '<|startoftext|>', '<|endoftext|>'
POSITIONS = 77
MERGES = 1000
WEIGHT = re.compile(r'\(([^():]+):([0-9.]+)\)')
WORD = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|[^\s\w]+|_+")


def byte_symbols():
    """What stands for each byte, in the order of CLIP's vocabulary."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    symbols = {b: chr(b) for b in plain}
    symbols.update({b: chr(256 + i) for i, b in enumerate(others)})
    return symbols


def words_of(text):
    return WORD.findall(' '.join(text.lower().split()))


def learn(counts, n):
    """The first @n merges, those that join most first."""
    symbols = byte_symbols()
    words = {}
    for word, count in counts.items():
        parts = [symbols[b] for b in word.encode()]
        parts[-1] += '</w>'
        words[tuple(parts)] = count
    merges = []
    while len(merges) < n:
        pairs = collections.Counter()
        for parts, count in words.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(best)
        words = {tuple(merge(parts, best)): c for parts, c in words.items()}
    return merges


def merge(parts, pair):
    out, i = [], 0
    while i < len(parts):
        if tuple(parts[i:i + 2]) == pair:
            out.append(parts[i] + parts[i + 1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


class Tokenizer:
    def __init__(self, folder):
        with open(os.path.join(folder, 'vocab.json'), encoding='utf-8') as f:
            self.ids = json.load(f)
        with open(os.path.join(folder, 'merges.txt'), encoding='utf-8') as f:
            lines = f.read().split('\n')[1:]
        self.ranks = {tuple(line.split()): i
                      for i, line in enumerate(lines) if line}
        self.symbols, self.known = byte_symbols(), {}

    def _word(self, word):
        if word in self.known:
            return self.known[word]
        parts = [self.symbols[b] for b in word.encode()]
        parts[-1] += '</w>'
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]),
                       key=lambda p: self.ranks.get(p, 1 << 30))
            if best not in self.ranks:
                break
            parts = merge(parts, best)
        self.known[word] = [self.ids[p] for p in parts]
        return self.known[word]

    def __call__(self, text):
        """[77] uint16: begin, the words, end up to the end."""
        return self.weighted(text)[0]

    def weighted(self, text):
        """The tokens of a text such as "a (red:1.5) star", and their weights,
        [77] float16."""
        parts = WEIGHT.split(text)
        ids, weights = [self.ids[BEGIN]], [1.0]
        for i in range(0, len(parts), 3):
            for part, weight in ((parts[i], 1.0), parts[i + 1:i + 3]) \
                    if i + 2 < len(parts) else ((parts[i], 1.0),):
                own = [n for w in words_of(part) for n in self._word(w)]
                ids += own
                weights += [float(weight)] * len(own)
        tokens = np.full(POSITIONS, self.ids[END], np.uint16)
        values = np.ones(POSITIONS, np.float16)
        n = min(len(ids), POSITIONS - 1)
        tokens[:n], values[:n] = ids[:n], weights[:n]
        return tokens, values


def collect(n=6000):
    """How often each word stands in captions and instructions."""
    import captions
    import edits
    import scene
    rng = np.random.default_rng(3)
    counts = collections.Counter()
    for _ in range(n):
        one = scene.draw_scene(rng)
        counts.update(words_of(captions.caption(rng, one)))
        counts.update(words_of(edits.change(rng, one)[0]))
    return counts


def write(folder, merges):
    os.makedirs(folder, exist_ok=True)
    symbols = list(byte_symbols().values())
    tokens = symbols + [s + '</w>' for s in symbols] \
        + [a + b for a, b in merges] + [BEGIN, END]
    special = {'content': END, 'lstrip': False, 'normalized': True,
               'rstrip': False, 'single_word': False}
    files = {
        'vocab.json': {t: i for i, t in enumerate(tokens)},
        'tokenizer_config.json': {
            'add_prefix_space': False, 'bos_token': BEGIN, 'eos_token': END,
            'unk_token': END, 'pad_token': END, 'do_lower_case': True,
            'errors': 'replace', 'model_max_length': POSITIONS,
            'tokenizer_class': 'CLIPTokenizer'},
        'special_tokens_map.json': {
            'bos_token': dict(special, content=BEGIN), 'eos_token': special,
            'unk_token': special, 'pad_token': END}}
    for name, content in files.items():
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            json.dump(content, f, ensure_ascii=False,
                      indent=None if name == 'vocab.json' else 1)
            f.write('\n')
    with open(os.path.join(folder, 'merges.txt'), 'w', encoding='utf-8') as f:
        f.write('#version: 0.2\n')
        f.writelines(f'{a} {b}\n' for a, b in merges)


if __name__ == '__main__':
    made = learn(collect(), MERGES)
    write(sys.argv[1], made)
    print(f'{len(made)} merges, {len(made) + 514} entries')
