# SPDX-License-Identifier: LGPL-3.0-or-later
"""HTTP/1.1 as far as tests need it, with every byte under control."""

import json
import select
import socket
import struct
import time
import urllib.parse
from http import HTTPStatus

MAX_BODY = 1 << 30


class ClientGone(Exception):
    """The client closed the connection, or sent no HTTP."""


class Request:
    """One request as it came in."""

    def __init__(self, method, target, headers, body, origin):
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.origin = origin
        parts = urllib.parse.urlsplit(target)
        self.path = urllib.parse.unquote(parts.path)
        self.query_text = parts.query
        self.query = dict(urllib.parse.parse_qsl(parts.query, True))
        self.connection = None
        self.service = None
        self.prefix = ""
        self.route = None
        self.fault = None
        self.entry = {}

    def header(self, name, default=None):
        """Value of the first header of that name."""
        name = name.lower()
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return default

    @property
    def host(self):
        """Host name and port as the client called them."""
        return self.header("Host") or f"127.0.0.1:{self.origin.port}"

    @property
    def base(self):
        """URL of the service as the client knows it, without a last slash."""
        return f"{self.origin.scheme}://{self.host}{self.prefix}"

    @property
    def content_type(self):
        """Media type of the body without parameters, in lower case."""
        return (self.header("Content-Type") or "").split(";")[0].strip().lower()

    @property
    def kind(self):
        """The kind of the fault that a script chose for this request."""
        return self.fault["kind"] if self.fault else None


class Response:
    """One answer: body is bytes, or an iterator of bytes (sent chunked)."""

    def __init__(self, status=200, body=b"", content_type=None, headers=()):
        self.status = status
        self.body = body
        self.headers = list(headers)
        if content_type:
            self.headers.insert(0, ("Content-Type", content_type))
        self.takeover = None
        self.after = None

    def header(self, name):
        """Value of the first header of that name, or None."""
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None


def json_response(value, status=200, headers=()):
    """An answer with a JSON body."""
    return Response(status, json.dumps(value).encode(), "application/json",
                    headers)


class Connection:
    """One accepted socket."""

    def __init__(self, sock, origin):
        self.sock = sock
        self.origin = origin
        self.reader = sock.makefile("rb", 1 << 16)
        self.alive = True

    def read_request(self):
        """The next request, or None when the client is done."""
        try:
            line = self.reader.readline(1 << 17)
            while line in (b"\r\n", b"\n"):
                line = self.reader.readline(1 << 17)
            words = line.decode("latin-1").split()
            if not words:
                return None
            if len(words) != 3:
                raise ClientGone
            headers = self.read_headers()
            body = self.read_body(headers)
        except (OSError, ValueError) as error:
            raise ClientGone from error
        request = Request(words[0], words[1], headers, body, self.origin)
        request.connection = self
        return request

    def read_headers(self):
        """Header lines up to the empty one."""
        headers = []
        while True:
            line = self.reader.readline(1 << 17)
            if line in (b"\r\n", b"\n"):
                return headers
            if not line:
                raise ClientGone
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name.strip(), value.strip()))

    def read_body(self, headers):
        """The body, by length or in chunks."""
        known = {name.lower(): value for name, value in headers}
        if known.get("expect", "").lower() == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if known.get("transfer-encoding", "").lower() == "chunked":
            return self.read_chunks()
        length = int(known.get("content-length", "0"))
        if length < 0 or length > MAX_BODY:
            raise ClientGone
        body = self.reader.read(length)
        if len(body) != length:
            raise ClientGone
        return body

    def read_chunks(self):
        """A chunked body."""
        parts = []
        while True:
            size = int(self.reader.readline(1 << 12).split(b";")[0], 16)
            if size == 0:
                self.read_headers()
                return b"".join(parts)
            parts.append(self.reader.read(size))
            self.reader.readline(4)

    def send(self, data):
        """Sends all of it; raises ClientGone."""
        try:
            self.sock.sendall(data)
        except (OSError, ValueError) as error:
            self.alive = False
            raise ClientGone from error

    def is_gone(self, seconds=0.0):
        """Waits for so long; whether the client closed meanwhile."""
        try:
            ready, _, _ = select.select([self.sock], [], [], max(seconds, 0))
            if not ready:
                return False
            if hasattr(self.sock, "pending"):
                return True
            gone = not self.sock.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True
        if not gone:
            time.sleep(max(seconds, 0))
        return gone

    def sleep(self, seconds):
        """Waits; raises ClientGone when the client closes first."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.is_gone(min(left, 0.25)):
                self.alive = False
                raise ClientGone

    def reset(self):
        """Closes with RST instead of FIN."""
        self.alive = False
        try:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
        except OSError:
            pass
        self.close()

    def close(self):
        """Closes; never fails."""
        self.alive = False
        for closer in (self.reader.close, self.sock.close):
            try:
                closer()
            except (OSError, ValueError):
                pass

    def finish(self):
        """Says that nothing more comes, then closes."""
        self.alive = False
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            pass


def head_bytes(response, length):
    """Status line and headers; length None means chunked."""
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {response.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.header("Date") is None:
        lines.append("Date: " + http_date(0))
    if length is None:
        lines.append("Transfer-Encoding: chunked")
    elif response.status != 204:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def http_date(seconds):
    """The time that many seconds from now as HTTP writes it."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                         time.gmtime(time.time() + seconds))


def send_plain(connection, request, response):
    """Sends an answer without a fault."""
    if isinstance(response.body, bytes):
        head = head_bytes(response, len(response.body))
        empty = request.method == "HEAD" or response.status == 204
        connection.send(head if empty else head + response.body)
        return
    connection.send(head_bytes(response, None))
    for part in response.body:
        if part:
            connection.send(b"%x\r\n" % len(part) + part + b"\r\n")
    connection.send(b"0\r\n\r\n")
