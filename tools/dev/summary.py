#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Sums up a folder of results: *.tap, and *.json as meson test writes it.

Prints what failed and what was skipped, and closes with a line
"N passed, N failed, N skipped".  Fails when anything failed or nothing ran.
"""
import json
import pathlib
import re
import sys

LINE = re.compile(r'^(\s*)(not )?ok\b\s*\d*\s*-?\s*([^#]*)(?:#\s*(\w+)\s*(.*))?')


class Sums:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_tap(self, where, text):
        """Counts test points; a subtest's own points replace its sum line.

        Returns how many points there were and how many failed.
        """
        points = failures = inner = 0
        for line in text.splitlines():
            match = LINE.match(line)
            if not match:
                continue
            indent, bad, name, word, reason = match.groups()
            if not indent and inner and not bad:
                inner = 0
                continue
            inner = inner + 1 if indent else 0
            points += 1
            word = (word or '').upper()
            name = f'{where}: {name.strip()}'
            if word == 'SKIP':
                self.skipped.append(f'{name}: {reason or "no reason given"}')
            elif bad and word != 'TODO':
                self.failed.append(name)
                failures += 1
            else:
                self.passed += 1
        return points, failures

    def add_meson(self, where, test):
        result = test['result']
        name = test['name'].split(' / ')[-1]
        where = f'{where}: {name}'
        good = result in ('OK', 'SKIP', 'EXPECTEDFAIL')
        points, failures = self.add_tap(where, test.get('stdout') or '')
        if not good and not failures:
            self.failed.append(f'{where}: {result.lower()}')
        elif not points and result == 'SKIP':
            self.skipped.append(where)
        elif not points and good:
            self.passed += 1


def main(folder):
    sums = Sums()
    for path in sorted(pathlib.Path(folder).glob('*')):
        text = path.read_text(errors='replace')
        if path.suffix == '.tap':
            sums.add_tap(path.stem, text)
        elif path.suffix == '.json':
            for line in text.splitlines():
                sums.add_meson(path.stem, json.loads(line))
    for name in sums.skipped:
        print(f'SKIPPED {name}')
    for name in sums.failed:
        print(f'FAILED  {name}')
    print(f'{sums.passed} passed, {len(sums.failed)} failed, '
          f'{len(sums.skipped)} skipped')
    return 1 if sums.failed or not sums.passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
