#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Holds manifests against data/catalog/schema.json.

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


def main():
    data, fixtures = (pathlib.Path(name) for name in sys.argv[1:3])
    schema = json.loads((data / "catalog/schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    shipped = sorted((data / "catalog").glob("*.json"))
    shipped = [path for path in shipped if path.name != "schema.json"]
    checked = sorted((fixtures / "catalog").glob("*.json"))
    if not shipped or len(checked) < 50:
        print("Bail out! manifests are missing")
        return 1
    failures = 0
    print(f"1..{len(shipped) + len(checked)}")
    for number, path in enumerate(shipped + checked, 1):
        fault = first_fault(validator, path)
        is_good = (fault is not None) == path.name.startswith("broken-")
        failures += not is_good
        print(f"{'ok' if is_good else 'not ok'} {number} {path.name}")
        if not is_good:
            print(f"# {fault or 'was accepted'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
