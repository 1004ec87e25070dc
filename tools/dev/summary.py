#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Sums up a folder of results: *.tap, and *.json as meson test writes it.

Prints what was skipped, then what failed with the last that it said (where
only the end of a log is kept, that is what is needed), and closes with a line
"N passed, N failed, N skipped".  Fails when anything failed or nothing ran.
"""
import collections
import json
import pathlib
import re
import sys

# Of what a failed test said: this many lines, each so long at most.
TOLD_LINES = 12
TOLD_LETTERS = 160
# What says why it failed, among all else that a program prints.
REASON = re.compile(r'^\s*not ok|^Bail out|^# (?!gimp:)|ERROR|WARNING|CRITICAL'
                    r'|runtime error|rror:')
# GIMP 3.0 closes the pipe before a plug-in says good-bye.
USUAL = 'gimp_flush(): error: Broken pipe'
LINE = re.compile(r'^(\s*)(not )?ok\b\s*\d*\s*-?\s*([^#]*)(?:#\s*(\w+)\s*(.*))?')


class Sums:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = collections.Counter()
        self.told = []

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
                self.skipped[f'{where}: {reason or "no reason given"}'] += 1
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
            self.failed.append(f'{where}: {result.lower()} after '
                               f'{test.get("duration", 0):.0f} s')
        if not good:
            self.told += told(test)
        elif not points and result == 'SKIP':
            self.skipped[where] += 1
        elif not points and good:
            self.passed += 1


def told(test):
    """What failed points say of it, then the last lines that say why."""
    output = test.get('stdout') or ''
    text = output + '\n' + (test.get('stderr') or '')
    lines = [line for line in text.splitlines() if line.strip()]
    points = failed_points(output)[:TOLD_LINES]
    reasons = [line for line in lines
               if REASON.search(line) and USUAL not in line
               and line not in points]
    rest = (reasons or ([] if points else lines))[-TOLD_LINES:]
    return [line[:TOLD_LETTERS] for line in points + rest]


def failed_points(output):
    """The "not ok" lines of TAP, each with the comments below it."""
    kept, within = [], False
    for line in output.splitlines():
        within = (line.lstrip().startswith('not ok')
                  or within and line.lstrip().startswith('#'))
        if within:
            kept.append(line)
    return kept


def main(folder):
    sums = Sums()
    for path in sorted(pathlib.Path(folder).glob('*')):
        text = path.read_text(errors='replace')
        if path.suffix == '.tap':
            sums.add_tap(path.stem, text)
        elif path.suffix == '.json':
            for line in text.splitlines():
                sums.add_meson(path.stem, json.loads(line))
    for name, times in sums.skipped.items():
        print(f'SKIPPED {name}' + (f' ({times} times)' if times > 1 else ''))
    for name in sums.failed:
        print(f'FAILED  {name}')
    for line in sums.told:
        print(f'        {line}')
    print(f'{sums.passed} passed, {len(sums.failed)} failed, '
          f'{sums.skipped.total()} skipped')
    return 1 if sums.failed or not sums.passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
