# SPDX-License-Identifier: LGPL-3.0-or-later
"""The command line."""

import argparse
import json
import os
import signal
import sys
import threading

from .world import World

EPILOG = "Ends when its standard input closes or on SIGTERM."


def parse(arguments):
    """Options."""
    parser = argparse.ArgumentParser(
        prog="mock-server", epilog=EPILOG,
        description="Plays remote image services on 127.0.0.1.")
    parser.add_argument("--dir", help="folder for the certificates of --tls")
    parser.add_argument("--tls", action="store_true",
                        help="listen with HTTPS as well")
    parser.add_argument("--listen", action="append", default=[],
                        metavar="SERVICE=PORT",
                        help="one service at the root of a port (0: a free one)")
    parser.add_argument("--set", action="append", default=[],
                        metavar="[SERVICE.]NAME=JSON", help="a setting")
    parser.add_argument("--script", action="append", default=[],
                        metavar="FILE", help="scripts, a JSON list")
    parser.add_argument("--poll-interval", type=float, metavar="SECONDS",
                        help="hint to clients how often to poll")
    parser.add_argument("--log", metavar="FILE",
                        help="write the log there at the end, as JSON")
    parser.add_argument("--keep", action="store_true",
                        help="go on when standard input closes")
    return parser.parse_args(arguments)


def settings(options):
    """The options --set as settings."""
    for text in options.set:
        name, _, value = text.partition("=")
        try:
            value = json.loads(value)
        except ValueError:
            pass
        service, dot, key = name.partition(".")
        yield {service: {key: value}} if dot else {name: value}
    if options.poll_interval is not None:
        yield {"poll_interval": options.poll_interval}


def ports(options):
    """The options --listen as pairs."""
    for text in options.listen:
        service, _, port = text.partition("=")
        yield service, int(port)


def write_log(world, path):
    """Everything that a test may ask for, in one file."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"requests": world.recorder.requests,
                   "violations": world.recorder.violations,
                   "leaks": world.recorder.leaks(),
                   "charges": world.charges.by_service}, file, indent=1)


def wait_for_end(options):
    """Returns when the parent closes the pipe, or on a signal."""
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    if not options.keep:
        def watch():
            while os.read(0, 4096):
                pass
            done.set()
        threading.Thread(target=watch, daemon=True).start()
    while not done.wait(3600):
        pass


def main(arguments):
    """Starts, announces the ports, and waits."""
    options = parse(arguments)
    try:
        world = World(settings(options))
        for path in options.script:
            with open(path, encoding="utf-8") as file:
                world.scripts.add(json.load(file))
        world.open(options.tls, options.dir, ports(options))
    except Exception as error:
        print(f"mock-server: {error}", file=sys.stderr)
        return 1
    print("\n".join(world.announce()), flush=True)
    wait_for_end(options)
    if options.log:
        write_log(world, options.log)
    world.close()
    sys.stdout.flush()
    os._exit(0)
