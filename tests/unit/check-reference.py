#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Holds remote models against the tables of their service, row by row.

The tables are reference/jobs-api-models.md of the folder of golden data
($PENTIMENTO_SHARED, or the second argument); without it the test is skipped.
Where a manifest differs on purpose, DIFFERENCES says why; a difference that is
not there fails, and so does one that is there and isn't found.

Usage: check-reference.py DATA_FOLDER [SHARED_FOLDER]
"""

import json
import os
import pathlib
import re
import sys

MODELS = ("flux_schnell", "flux_pro", "flux_realism", "nano_banana",
          "nano_banana_edit", "seedream_v45_edit", "seedream_v5_edit",
          "topaz_upscale_image")

SPLIT = "a run is split into calls of at most as many as the service makes"
OWN = "more choices of ours, which are not sent"
MATCH = ("the result has the shape of what is changed, not that of the "
         "service's default")
TEXT = "numbers here, texts at the service (values)"

# (model, the service's parameter, what differs): why.
DIFFERENCES = {
    **{(model, "num_images", "max"): SPLIT
       for model in MODELS if model != "topaz_upscale_image"},
    **{(model, "image_size", "choices"): OWN + ": match, custom"
       for model in ("flux_schnell", "flux_realism", "seedream_v45_edit",
                     "seedream_v5_edit")},
    ("seedream_v45_edit", "image_size", "default"): MATCH,
    ("seedream_v5_edit", "image_size", "default"): MATCH,
    ("flux_pro", "safety_tolerance", "type"): TEXT,
    ("nano_banana_edit", "safety_tolerance", "type"): TEXT,
    ("flux_pro", "aspect_ratio", "choices"): "any text is accepted there",
    ("nano_banana", "aspect_ratio", "choices"): OWN + ": nothing",
    ("nano_banana", "resolution", "choices"): OWN + ": auto",
    ("nano_banana_edit", "resolution", "choices"): OWN + ": auto",
    ("topaz_upscale_image", "enhancement_strength", "choices"):
        OWN + ": auto",
}

STANDARD = ["Standard V2", "Low Resolution V2", "CGI", "High Fidelity V2",
            "Text Refine"]


# The tables

class Row:
    """A parameter of a table."""

    def __init__(self, line):
        cells = [cell.strip().replace("\0", "|") for cell in
                 line.replace("\\|", "\0").strip().strip("|").split("|")]
        self.name = cells[0].strip("`")
        self.type = cells[1].replace("&lt;", "<").replace("&gt;", ">")
        self.required = bool(cells[2]) and cells[2] != "—"
        self.default = literal(cells[3])
        self.allowed = cells[4]
        self.text = " ".join(cells[5:])

    @property
    def kind(self):
        """A type of ours."""
        if self.name == "image_size":
            return "choice"
        for word, kind in (("bool", "bool"), ("integer", "int"),
                           ("number", "number"), ("enum", "choice")):
            if word in self.type:
                return kind
        return "choice" if self.choices and "free-form" not in self.allowed \
            else "string"

    @property
    def choices(self):
        """The texts that are allowed, or None."""
        if re.search(r'`"1"`–`"6"`|`1`–`6`', self.allowed) and (
                "string" in self.type):
            return [str(i) for i in range(1, 7)]
        if self.range or "length" in self.allowed or "bool" in self.type:
            return None
        text = re.split(r"— or|; or| or an? ", self.allowed)[0]
        text = re.sub(r"`\{.*?\}`|\(.*?\)", "", text)
        return re.findall(r"`([^`]+)`", text) or None

    @property
    def range(self):
        """(least, most), or None."""
        if "string" in self.type or self.name == "image_size":
            return None
        match = re.match(r"`?([\d.]+)`?–`?([\d.]+)`?", self.allowed)
        return (float(match[1]), float(match[2])) if match else None


def literal(cell):
    """A default as a value; None where there is none."""
    text = cell.strip().strip("`").strip('"')
    if text in ("—", "null", "none", "") and cell != '`none`':
        return "" if cell == '`""`' else None
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def sections(text):
    """{model: (rows, its other lines)}"""
    out = {}
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        match = re.match(r".*`(\w+)`", part)
        lines = part.splitlines()
        rows = [Row(line) for line in lines if re.match(r"\| `\w+` \|", line)]
        out[match[1]] = rows, part
    return out


# The manifests

class Manifest:
    """A model as it calls the service "jobs"."""

    def __init__(self, path):
        self.json = json.loads(path.read_text("utf-8"))
        self.service = self.json["services"]["jobs"]
        self.params = {p["name"]: p for p in self.json["parameters"]}
        mapping = dict(self.json.get("mapping", {}))
        mapping.update(self.service.get("mapping", {}))
        self.by_service = {theirs: ours for ours, theirs in mapping.items()}

    def omits(self, name, value):
        """Whether a value is not sent."""
        omit = self.service.get("omit", {}).get(name)
        return value in (omit if isinstance(omit, list) else [omit])


class Comparison:
    """Collects differences of one model."""

    def __init__(self, model, manifest, rows, text):
        self.model = model
        self.manifest = manifest
        self.rows = rows
        self.text = text
        self.found = {}

    def expect(self, param, what, ours, theirs):
        """Notes a difference."""
        if ours != theirs:
            self.found[(self.model, param, what)] = (
                f"{ours!r} here, {theirs!r} there")

    def run(self):
        """Every difference, by its key."""
        for row in self.rows:
            if row.name in ("image_url", "image_urls"):
                self.picture(row)
            else:
                self.parameter(row)
        names = {row.name for row in self.rows} | {"format"}
        for theirs in sorted(set(self.manifest.by_service) - names):
            self.found[(self.model, theirs, "row")] = "there is no such row"
        self.limits()
        self.cost()
        self.format()
        return self.found

    def picture(self, row):
        """Where the picture and references go, and how many."""
        end = "[]" if row.name.endswith("s") else ""
        self.expect(row.name, "member", self.manifest.service.get("image"),
                    row.name + end)
        match = re.search(r"up to (\d+)", row.allowed)
        self.expect(row.name, "references",
                    self.manifest.json["limits"]["references"],
                    int(match[1]) - 1 if match else 0)

    def parameter(self, row):
        """Everything that a row says."""
        name = self.manifest.by_service.get(row.name)
        if name is None:
            self.found[(self.model, row.name, "mapping")] = "is not mapped"
            return
        param = self.manifest.params[name]
        self.expect(row.name, "type", param["type"], row.kind)
        self.default(row, name, param)
        if row.range:
            self.expect(row.name, "min", float(param["min"]), row.range[0])
            self.expect(row.name, "max", float(param["max"]), row.range[1])
        self.choices(row, name, param)
        match = re.search(r"(?:≤ |max |–)(\d+) char", row.allowed)
        if match:
            self.expect(row.name, "length", param["max"], int(match[1]))
        if self.model.startswith("topaz"):
            self.applies(row, param)

    def default(self, row, name, param):
        """The same, or one that means nothing and is not sent."""
        ours = param["default"]
        if isinstance(ours, int) and not isinstance(ours, bool):
            ours = float(ours)
        if row.default is None:
            is_nothing = (self.manifest.omits(name, param["default"])
                          or param.get("auto") == param["default"]
                          or ours == "")
            self.expect(row.name, "default", "sent" if not is_nothing else "",
                        "")
        elif name in self.manifest.service.get("values", {}):
            self.expect(row.name, "default", ours, float(row.default))
        else:
            self.expect(row.name, "default", ours, row.default)

    def choices(self, row, name, param):
        """The same texts, in any order."""
        if not row.choices:
            return
        ours = param.get("choices")
        values = self.manifest.service.get("values", {}).get(name)
        if values:
            ours = list(values.values())
            self.expect(row.name, "range", (param["min"], param["max"]),
                        (1, len(row.choices)))
        self.expect(row.name, "choices", sorted(ours or []),
                    sorted(row.choices))
        key = self.model, row.name, "choices"
        if key in self.found and ours:
            missing = set(row.choices) - set(ours)
            extra = [c for c in ours if c not in row.choices
                     and not self.manifest.omits(name, c)]
            if missing or extra:
                self.found[self.model, row.name, "sent choices"] = (
                    f"missing {sorted(missing)}, more {extra}")

    def applies(self, row, param):
        """The variants that a parameter is for."""
        match = re.search(r"[Aa]pplies to (.*?)(?: models?)?(?: only)?[.;]",
                          row.text)
        wanted = []
        if match:
            words = match[1].replace("standard enhance", ", ".join(STANDARD))
            wanted = [word.strip() for word in
                      re.split(r", | and ", words) if word.strip()]
        condition = param.get("applies_if", {})
        ours = condition.get("variant", [])
        ours = [ours] if isinstance(ours, str) else ours
        if not match and "face enhancement is disabled" in row.text:
            self.expect(row.name, "face",
                        condition.get("face-enhancement"), True)
            wanted = [*STANDARD, "Recovery V2"]
        self.expect(row.name, "applies", sorted(ours), sorted(wanted))

    def limits(self):
        """What the lines about limits say beside the rows."""
        limits = self.manifest.json["limits"]
        size = self.manifest.service.get("size", {})
        match = re.search(r"`num_images` \| integer \|[^|]*\|[^|]*\|"
                          r" `?1`?–`?(\d)", self.text)
        self.expect("-", "images", self.manifest.service.get("images", 1),
                    int(match[1]) if match else 1)
        match = re.search(r"prompt (\d+)–(\d+) chars", self.text)
        if match:
            self.expect("-", "prompt", (limits.get("min_prompt_length"),
                                        limits.get("prompt_length")),
                        (int(match[1]), int(match[2])))
        match = re.search(r"\(inputs \+ outputs\) = (\d+)", self.text)
        self.expect("-", "total", limits.get("total_images"),
                    int(match[1]) if match else None)
        if "14142" in self.text:
            self.expect("-", "side", size.get("max_side"), 14142)
        if "each 1920–4096" in self.text:
            self.expect("-", "side", (size.get("min_side"),
                                      size.get("max_side")), (1920, 4096))
        if "2560×1440" in self.text:
            self.expect("-", "pixels", (size.get("min_pixels"),
                                        size.get("max_pixels")),
                        (2560 * 1440, 4096 * 4096))

    def price(self, megapixels=1.0, **values):
        """The formula with values in the place of defaults."""
        names = {name.replace("-", "_"): param["default"]
                 for name, param in self.manifest.params.items()}
        names.update(values, megapixels=megapixels,
                     ceil=lambda x: int(-(-x // 1)))
        text = self.manifest.json["cost"]
        text = re.sub(r"\(([^()?]+) \? ([^():]+) : ([^():]+)\)",
                      r"((\2) if (\1) else (\3))", text)
        return eval(text, {"__builtins__": {}}, names)  # pylint: disable=W0123

    def cost(self):
        """Credits of a call, and what makes it dearer."""
        line = re.search(r"\| \*\*Cost\*\* \| (.*?) \|", self.text)[1]
        match = re.match(r"(\d+) cr per call", line)
        if match:
            self.expect("-", "cost", self.price(), int(match[1]))
        match = re.search(r"≈(\d+)–(\d+) cr", line)
        if match:
            self.expect("-", "cost", int(match[1]) <= self.price()
                        <= int(match[2]), True)
        if "4K outputs charged at 2x" in line:
            self.expect("-", "cost of 4K", self.price(resolution="4K"),
                        2 * self.price())
        match = re.search(r"web search adds (\d+) cr", line)
        if match:
            self.expect("-", "cost of search", self.price(web_search=True)
                        - self.price(), int(match[1]))
        if "per megapixel" in self.text:
            self.expect("-", "cost per megapixel", self.price(2.1),
                        3 * self.price())
        if "count" in self.manifest.params:
            self.expect("-", "cost of pictures", self.price(count=3),
                        3 * self.price())

    def format(self):
        """The preset sizes; fal.ai gets what the jobs API makes of them."""
        theirs = "no `format` mapping" not in self.text
        self.expect("format", "mapping", "format" in
                    self.manifest.by_service, theirs)
        if not theirs:
            return
        self.expect("format", "choices",
                    self.manifest.params["format"]["choices"],
                    ["", "shorts", "reels", "horizontal"])
        values = self.manifest.json["services"]["fal"]["values"]["format"]
        wide = re.search(r"`?horizontal`?(?: ?→ ?|=)`?(landscape_16_9|16:9|"
                         r"1920×1080)", self.text)[1]
        if wide == "1920×1080":
            wide = {"width": 1920, "height": 1080}
        self.expect("format", "horizontal", values["horizontal"], wide)
        self.expect("format", "shorts", values["shorts"], turned(wide))
        self.expect("format", "reels", values["reels"], turned(wide))


def turned(wide):
    """The upright shape of a wide one."""
    if isinstance(wide, dict):
        return {"width": wide["height"], "height": wide["width"]}
    if ":" in wide:
        return ":".join(reversed(wide.split(":")))
    return wide.replace("landscape", "portrait")


DIFFERENCES.update({
    ("seedream_v45_edit", "format", way):
        "fal.ai refuses sides below 1920; the preset has the same shape"
    for way in ("horizontal", "shorts", "reels")})


def report(number, model, found):
    """A line of TAP; whether it is good."""
    known = {key for key in DIFFERENCES if key[0] == model}
    new = sorted(set(found) - known)
    stale = sorted(known - set(found))
    print(f"{'not ok' if new or stale else 'ok'} {number} {model}")
    for key in sorted(set(found) & known):
        print(f"# {key[1]} {key[2]}: {DIFFERENCES[key]}")
    for key in new:
        print(f"# NOT EXPECTED {key[1]} {key[2]}: {found[key]}")
    for key in stale:
        print(f"# NOT FOUND {key[1]} {key[2]}: {DIFFERENCES[key]}")
    return not new and not stale


def main():
    data = pathlib.Path(sys.argv[1]) / "catalog"
    shared = os.environ.get("PENTIMENTO_SHARED") or (
        sys.argv[2] if len(sys.argv) > 2 else "../shared")
    path = pathlib.Path(shared) / "reference/jobs-api-models.md"
    if not path.exists():
        print("1..0 # SKIP the tables of the service are not here")
        return 0
    tables = sections(path.read_text("utf-8"))
    print(f"1..{len(MODELS)}")
    is_good = True
    for number, model in enumerate(MODELS, 1):
        rows, text = tables.get(model, ([], ""))
        if len(rows) < 5:
            print(f"not ok {number} {model}: no table")
            is_good = False
            continue
        manifest = Manifest(data / f"{model}.json")
        found = Comparison(model, manifest, rows, text).run()
        is_good = report(number, model, found) and is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
