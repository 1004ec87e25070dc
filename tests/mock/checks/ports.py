# SPDX-License-Identifier: LGPL-3.0-or-later
"""Ports, TLS, start and end, encodings."""

import ssl
import struct
import subprocess
import time
import urllib.error
import urllib.request
import zlib

from mockserver import encoders, pictures

from .client import HERE, Server, equal, png, true
from .jobs import JOBS, SCHNELL, submit


def fetch(server, url):
    """A body by HTTPS with the server's CA."""
    context = ssl.create_default_context(cafile=server.ca)
    request = urllib.request.Request(url, headers=JOBS)
    with urllib.request.urlopen(request, context=context, timeout=5) as file:
        return file.read()


def check_tls(server):
    """The CA is trusted; a wrong name and no CA are told apart."""
    path = "/sdapi/sdapi/v1/samplers"
    true(fetch(server, server.urls["tls"] + path))
    true(fetch(server, server.urls["tls-other"] + path))
    try:
        fetch(server, server.urls["tls-wrong"] + path)
    except urllib.error.URLError as error:
        true("ostname mismatch" in str(error), error)
    else:
        raise AssertionError("a certificate of another name is trusted")


def check_listen(_server):
    """One service at the root of a port; a log at the end; a free start."""
    started = time.monotonic()
    server = Server("--listen", "sdapi=0", "--listen", "comfyui=0",
                    "--set", "jobs.job_seconds=0", "--poll-interval", "3")
    true(time.monotonic() - started < 15, "a slow start")
    url = server.urls["sdapi"]
    equal(server.call("GET", url + "/sdapi/v1/samplers").status, 200)
    url = server.urls["comfyui"]
    equal(server.call("GET", url + "/system_stats").status, 200)
    server.control("config", {"jobs": {"mode": "async", "job_polls": 2}})
    job = submit(server, "flux_schnell", SCHNELL).json
    equal(job["retry_after_seconds"], 3)
    equal(server.stop(), 0)


def check_arguments(_server):
    """What can't be understood is told."""
    for words in (["--set", "none=1"], ["--listen", "none=0"],
                  ["--script", "does-not-exist"]):
        done = subprocess.run([f"{HERE}/mock-server", *words],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        equal((done.returncode, done.stderr.count("\n")), (1, 1), words)


def check_pictures(_server):
    """Every row filter of PNG, 16 bits, and the other formats' sizes."""
    row = bytes(range(0, 240, 2))
    above = bytes(reversed(row))
    for kind in range(5):
        coded = filtered(kind, row, above, 3)
        equal(pictures.unfilter_row(kind, coded, above, 3), row, kind)
    picture = pictures.flat(40, 30, (200, 10, 90))
    for name in ("jpeg", "webp", "png"):
        data, media = encoders.encode(picture, name)
        equal(pictures.check(data), (name, (40, 30)))
        equal(media, "image/" + name)
    head = struct.pack(">IIBBBBB", 2, 1, 16, 4, 0, 0, 0)
    data = b"\0" + bytes([1, 99, 2, 99, 3, 99, 4, 99])
    deep = pictures.decode_png(
        pictures.PNG_MAGIC + pictures.chunk(b"IHDR", head)
        + pictures.chunk(b"IDAT", zlib.compress(data))
        + pictures.chunk(b"IEND", b""))
    equal((deep.channels, deep.data), (2, bytes([1, 2, 3, 4])))
    for broken in (b"", b"text", png(4, 4)[:-20]):
        try:
            pictures.check(broken)
        except pictures.BadImage:
            continue
        raise AssertionError(broken)


def filtered(kind, row, above, pixel):
    """A row with one of PNG's filters, by the book."""
    out = bytearray()
    for i, value in enumerate(row):
        a = row[i - pixel] if i >= pixel else 0
        b = above[i]
        c = above[i - pixel] if i >= pixel else 0
        near = min((abs(b - c), 0, a), (abs(a - c), 1, b),
                   (abs(a + b - 2 * c), 2, c))[2]
        guess = (0, a, b, (a + b) // 2, near)[kind]
        out.append((value - guess) & 255)
    return bytes(out)
