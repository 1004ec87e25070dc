#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Tests the mock server; prints TAP.  Arguments: names of checks to run."""

import importlib
import os
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from checks.client import Server  # noqa: E402

MODULES = ["jobs", "openai", "local", "hosted", "forms", "ports", "wire",
           "faults", "failures"]


def checks(wanted):
    """Name and function of each check."""
    for module in MODULES:
        found = vars(importlib.import_module("checks." + module))
        for name, function in found.items():
            label = f"{module}: {name.removeprefix('check_')}"
            if name.startswith("check_") and (
                    not wanted or any(word in label for word in wanted)):
                yield label, function


def main(wanted):
    """Runs the checks on one server, reset between them."""
    server = Server("--tls")
    number = failed = 0
    for label, function in checks(wanted):
        number += 1
        try:
            server.control("reset", {})
            function(server)
            print(f"ok {number} - {label}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {label}")
            for line in traceback.format_exc().splitlines():
                print("# " + line)
    print(f"1..{number}")
    server.stop()
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
