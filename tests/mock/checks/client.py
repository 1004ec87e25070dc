# SPDX-License-Identifier: LGPL-3.0-or-later
"""Starts a server and talks to it with Python's own HTTP client."""

import base64
import http.client
import json
import os
import subprocess
import sys
import urllib.parse
import uuid

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, HERE)

from mockserver import pictures  # noqa: E402


class Answer:
    """Status, headers and body."""

    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def picture(self):
        """The body as a PNG picture."""
        return pictures.decode_png(self.body)


class Server:
    """A running mock server."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-E", os.path.join(HERE, "mock-server"),
             *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.urls = {}
        for line in self.process.stdout:
            name, _, value = line.strip().partition(": ")
            if name == "ready":
                break
            if name == "listen":
                name, _, value = value.partition(" ")
            self.urls[name] = value.split()[0]
            if " ca=" in value:
                self.ca = value.split(" ca=")[1]

    def stop(self):
        """Closes its standard input; the exit status."""
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(5)

    def call(self, method, url, body=None, headers=None, timeout=10):
        """One request; url may begin with a path of the first port."""
        if url.startswith("/"):
            url = self.urls["mock"] + url
        parts = urllib.parse.urlsplit(url)
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(parts.hostname, parts.port,
                                                timeout=timeout)
        try:
            target = parts.path + ("?" + parts.query if parts.query else "")
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def control(self, name, body=None):
        """What /__mock/NAME answers."""
        method = "GET" if body is None else "POST"
        answer = self.call(method, f"{self.urls['control']}/__mock/{name}",
                           body)
        if answer.status != 200:
            raise AssertionError(answer.body)
        try:
            return answer.json
        except ValueError:
            return answer.body

    def script(self, service, fault, **more):
        """Adds a script."""
        self.control("script", {"service": service, "fault": fault, **more})


def png(width, height, colour=(10, 20, 30)):
    """A PNG file of one colour."""
    return pictures.encode_png(pictures.flat(width, height, colour))


def mask_png(width, height, box, edit=(255,), keep=(0,)):
    """A PNG mask that says edit in a box (x, y, width, height)."""
    x, y, w, h = box
    row = bytes(keep) * x + bytes(edit) * w + bytes(keep) * (width - x - w)
    none = bytes(keep) * width
    data = none * y + row * h + none * (height - y - h)
    return pictures.encode_png(pictures.Picture(width, height, len(edit),
                                                data))


def b64(data):
    """Base64 as text."""
    return base64.b64encode(data).decode()


def data_uri(data):
    """A data: URI of a PNG."""
    return "data:image/png;base64," + b64(data)


def form(fields):
    """(body, headers) of a multipart form; a file is (name, type, data)."""
    mark = uuid.uuid4().hex
    out = []
    for name, value in fields:
        head = f'Content-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            head += f'; filename="{value[0]}"\r\nContent-Type: {value[1]}'
            value = value[2]
        else:
            value = str(value).encode()
        out.append(f"--{mark}\r\n{head}\r\n\r\n".encode() + value + b"\r\n")
    out.append(f"--{mark}--\r\n".encode())
    return b"".join(out), {
        "Content-Type": f"multipart/form-data; boundary={mark}"}


def equal(found, wanted, what=""):
    """Raises when two values differ."""
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} is not {wanted!r}")


def true(value, what=""):
    """Raises when a value is false."""
    if not value:
        raise AssertionError(f"{what}: {value!r}")
