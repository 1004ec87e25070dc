# SPDX-License-Identifier: LGPL-3.0-or-later
"""Flags in prompts: --ar 16:9, --seed 7, ..."""

import math
import re

NAMES = {"aspect": "ar", "c": "chaos", "q": "quality", "s": "stylize",
         "version": "v", "w": "weird"}
URLS = r"(https?://\S+\s*)+\Z"
# name: (low, high), a list of values, a pattern, or None for no value.
FLAGS = {
    "ar": r"[1-9]\d{0,3}:[1-9]\d{0,3}\Z", "chaos": (0, 100), "cref": URLS,
    "no": r".+", "quality": ["0.25", "0.5", "1", "2"],
    "seed": (0, 4294967295), "stop": (10, 100), "raw": None,
    "stylize": (0, 1000), "sref": URLS,
    "oref": r"https?://\S+\Z", "tile": None,
    "v": r"[1-7](\.\d)?\Z", "draft": None, "weird": (0, 3000), "fast": None,
    "iw": (0, 3), "turbo": None, "niji": ["5", "6"], "exp": r"\d*\Z",
    "ow": (0, 1000), "cw": (0, 100), "sw": (0, 1000),
}
REFUSED = ("repeat", "bs", "batchsize", "personalize", "stealth", "public",
           "video", "relax")


def parse(text):
    """(prompt, flags, what is wrong)."""
    pieces = re.split(r"(?:^|\s)(?:--|\u2014)(?=[A-Za-z])", text)
    flags, wrong = {}, []
    for piece in pieces[1:]:
        name, _, value = piece.strip().partition(" ")
        name = NAMES.get(name, name)
        value = value.strip()
        if name in REFUSED or name not in FLAGS:
            wrong.append(f"there is no flag --{name}")
        elif not fits(FLAGS[name], value):
            wrong.append(f"--{name} can't be {value!r}")
        elif name in flags:
            wrong.append(f"--{name} stands twice")
        else:
            flags[name] = int(value) if name == "seed" else value
    if not pieces[0].strip():
        wrong.append("there is no prompt before the flags")
    return pieces[0].strip(), flags, wrong


def fits(rule, value):
    """Whether a value is allowed."""
    if rule is None:
        return value == ""
    if isinstance(rule, str):
        return re.match(rule, value) is not None
    if isinstance(rule, list):
        return value in rule
    try:
        return rule[0] <= float(value) <= rule[1]
    except ValueError:
        return False


def size(ratio):
    """Width and height of about 256 x 256 pixels in exactly a shape."""
    across, down = (int(part) for part in ratio.split(":"))
    common = math.gcd(across, down)
    across, down = across // common, down // common
    unit = max(round(math.sqrt(256 * 256 / (across * down))), 1)
    return across * unit, down * unit
