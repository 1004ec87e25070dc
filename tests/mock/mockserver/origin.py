# SPDX-License-Identifier: LGPL-3.0-or-later
"""A listening port: plain, TLS, or of one service alone."""

import socket
import threading

from .http import ClientGone, Connection


class Origin:
    """One listening port on 127.0.0.1 with a thread per connection."""

    def __init__(self, world, name, port=0, root=None, context=None):
        self.world = world
        self.name = name
        self.root = root
        self.context = context
        self.scheme = "https" if context else "http"
        self.host = "localhost" if context else "127.0.0.1"
        self.connections = set()
        self.listener = None
        self.port = port
        self.listen()

    def __str__(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    def listen(self):
        """Opens the port and starts to accept."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self.accept, args=[listener],
                         daemon=True).start()

    def accept(self, listener):
        """Accepts until the listening socket is closed."""
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=[sock],
                             daemon=True).start()

    def serve(self, sock):
        """Reads and answers requests until either side closes."""
        refusal = self.world.scripts.take_refusal(self)
        if refusal:
            connection = Connection(sock, self)
            if refusal.get("how") == "fin":
                connection.close()
            else:
                connection.reset()
            return
        try:
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
        except (OSError, ValueError):
            sock.close()
            return
        connection = Connection(sock, self)
        self.connections.add(connection)
        try:
            while connection.alive:
                request = connection.read_request()
                if request is None:
                    break
                self.world.answer(connection, request)
        except ClientGone:
            pass
        finally:
            self.connections.discard(connection)
            connection.close()

    def die(self):
        """Closes the port and every connection."""
        listener, self.listener = self.listener, None
        if listener:
            try:
                listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            listener.close()
        for connection in list(self.connections):
            connection.finish()
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except (OSError, ValueError):
                pass

    def revive(self):
        """Opens the same port again."""
        if self.listener is None:
            self.listen()
