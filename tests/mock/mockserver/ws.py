# SPDX-License-Identifier: LGPL-3.0-or-later
"""WebSocket, RFC 6455: the server's side of one connection."""

import base64
import hashlib
import struct
import threading

from .http import ClientGone, Response, head_bytes

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MAX_FRAME = 1 << 24


class BadFrame(Exception):
    """What a client must not send."""


def accept_value(key):
    """Sec-WebSocket-Accept for a key."""
    digest = hashlib.sha1((key + MAGIC).encode()).digest()
    return base64.b64encode(digest).decode()


def handshake_problem(request):
    """Why a request does not open a socket, or None."""
    if (request.header("Upgrade") or "").lower() != "websocket":
        return "Upgrade is not websocket"
    words = (request.header("Connection") or "").lower().split(",")
    if "upgrade" not in [word.strip() for word in words]:
        return "Connection is not Upgrade"
    if request.header("Sec-WebSocket-Version") != "13":
        return "Sec-WebSocket-Version is not 13"
    try:
        key = base64.b64decode(request.header("Sec-WebSocket-Key") or "",
                               validate=True)
    except ValueError:
        key = b""
    return None if len(key) == 16 else "Sec-WebSocket-Key is not of 16 bytes"


def frame(opcode, data, final=True):
    """A frame without a mask, as servers send."""
    head = bytes([(0x80 if final else 0) | opcode])
    size = len(data)
    if size < 126:
        head += bytes([size])
    elif size < 65536:
        head += b"\x7e" + struct.pack(">H", size)
    else:
        head += b"\x7f" + struct.pack(">Q", size)
    return head + data


class Socket:
    """An open WebSocket."""

    def __init__(self, connection, fault=None):
        self.connection = connection
        self.fault = fault or {"kind": "none"}
        self.lock = threading.RLock()
        self.sent = 0

    def open(self, request):
        """Sends the answer to the handshake."""
        response = Response(101, headers=[
            ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept",
             accept_value(request.header("Sec-WebSocket-Key")))])
        self.connection.send(head_bytes(response, None).replace(
            b"Transfer-Encoding: chunked\r\n", b""))

    def send(self, opcode, data):
        """Sends a message, as a fault may want it; False when closed."""
        try:
            with self.lock:
                self.send_with_fault(opcode, data)
                self.sent += 1
        except ClientGone:
            return False
        return self.connection.alive

    def send_with_fault(self, opcode, data):
        """One message in one or more frames."""
        kind = self.fault["kind"]
        connection = self.connection
        if kind == "ws-stall":
            return
        if kind == "ws-drop" and self.sent >= self.fault.get("after", 2):
            connection.finish()
            return
        if kind == "ws-garbage" and self.sent >= self.fault.get("after", 2):
            connection.send((frame(TEXT, b"{not json"),
                             b"\x82\x7f" + b"\x7f" + b"\xff" * 7,
                             frame(11, b"reserved"),
                             frame(TEXT, b"\xff\xfe\xfd"))
                            [self.fault.get("variant", 0) % 4])
            return
        if kind == "ws-ping":
            connection.send(frame(PING, b"still there?"))
        if kind == "ws-fragment" and len(data) > 2:
            third = len(data) // 3
            connection.send(frame(opcode, data[:third], False))
            connection.send(frame(PING, b""))
            connection.send(frame(0, data[third:2 * third], False))
            connection.send(frame(0, data[2 * third:]))
            return
        connection.send(frame(opcode, data))

    def read(self):
        """(opcode, data) of the next frame; raises BadFrame, ClientGone."""
        first, second = self.take(2)
        size = second & 0x7f
        if size == 126:
            size, = struct.unpack(">H", self.take(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.take(8))
        if not second & 0x80:
            raise BadFrame("a frame without a mask")
        if first & 0x70 or size > MAX_FRAME:
            raise BadFrame("a frame with reserved bits, or too long")
        mask = self.take(4)
        data = self.take(size)
        return first & 15, bytes(b ^ mask[i % 4] for i, b in enumerate(data))

    def take(self, size):
        """So many bytes."""
        try:
            data = self.connection.reader.read(size)
        except (OSError, ValueError) as error:
            raise ClientGone from error
        if len(data) != size:
            raise ClientGone
        return data

    def run(self):
        """Answers pings until the client closes."""
        while self.connection.alive:
            opcode, data = self.read()
            if opcode == PING:
                with self.lock:
                    self.connection.send(frame(PONG, data))
            elif opcode == CLOSE:
                with self.lock:
                    self.connection.send(frame(CLOSE, data[:2]))
                self.connection.finish()
                return
