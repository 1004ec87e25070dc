#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Holds manifests against data/catalog/schema.json, and downloads against
data/downloads/schema.json.

Shipped manifests and fixtures named good-* and semantic-* must pass, fixtures
named broken-* must fail.  test-catalog.c says what the engine makes of the
same files.  Without the jsonschema module the test is skipped (exit 77).

Usage: check-schema.py DATA_FOLDER FIXTURES_FOLDER
"""

import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("1..0 # SKIP the Python module jsonschema (4.0 or later) is missing;"
          " on Debian: python3-jsonschema")
    sys.exit(77)


def first_fault(validator, path):
    """Why the file is refused, or None."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return str(error)
    for error in validator.iter_errors(manifest):
        return f"{error.json_path}: {error.message}"
    return None


def read_folder(folder):
    """The validator of a folder of data/, and its files."""
    schema = json.loads((folder / "schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    paths = sorted(folder.glob("*.json"))
    return (Draft202012Validator(schema),
            [path for path in paths if path.name != "schema.json"])


def main():
    data, fixtures = (pathlib.Path(name) for name in sys.argv[1:3])
    manifests, shipped = read_folder(data / "catalog")
    downloads, offers = read_folder(data / "downloads")
    checked = sorted((fixtures / "catalog").glob("*.json"))
    refused = sorted((fixtures / "downloads").glob("*.json"))
    if not shipped or not offers or len(checked) < 50 or not refused:
        print("Bail out! manifests are missing")
        return 1
    failures = 0
    pairs = [(manifests, path) for path in shipped + checked]
    pairs += [(downloads, path) for path in offers + refused]
    print(f"1..{len(pairs)}")
    for number, (validator, path) in enumerate(pairs, 1):
        fault = first_fault(validator, path)
        is_good = (fault is not None) == path.name.startswith("broken-")
        failures += not is_good
        print(f"{'ok' if is_good else 'not ok'} {number} {path.name}")
        if not is_good:
            print(f"# {fault or 'was accepted'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
