# SPDX-License-Identifier: LGPL-3.0-or-later
"""Listening ports: plain, TLS, and ports that belong to one service."""

import os
import socket
import ssl
import subprocess
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


def run_openssl(*arguments):
    """Runs openssl quietly; what it says on failure becomes the message."""
    done = subprocess.run(["openssl", *arguments], capture_output=True,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace"))


def make_certificates(folder):
    """Writes ca.pem and certificates for localhost and for a wrong name."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
           "-nodes", "-days", "30"]
    ca = os.path.join(folder, "ca.pem")
    ca_key = os.path.join(folder, "ca.key")
    run_openssl("req", "-x509", *key, "-keyout", ca_key, "-out", ca,
                "-subj", "/CN=Pentimento test CA",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    for name, names in (("localhost", "DNS:localhost,IP:127.0.0.1"),
                        ("wrong", "DNS:wrong.invalid")):
        base = os.path.join(folder, name)
        run_openssl("req", "-x509", *key, "-CA", ca, "-CAkey", ca_key,
                    "-keyout", base + ".key", "-out", base + ".pem",
                    "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=" + names,
                    "-addext", "basicConstraints=critical,CA:FALSE")
    return ca


def tls_context(folder, name):
    """A server context with one of the certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    base = os.path.join(folder, name)
    context.load_cert_chain(base + ".pem", base + ".key")
    return context
