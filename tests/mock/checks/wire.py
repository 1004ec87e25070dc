# SPDX-License-Identifier: LGPL-3.0-or-later
"""HTTP as clients may speak it, and what they do wrong."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import urllib.parse

from .client import HERE, Server, equal, true
from .jobs import JOBS, SCHNELL, submit

LIST = "/sdapi/sdapi/v1/samplers"


def talk(server, text, more=None):
    """Sends bytes; everything that comes back until the server closes."""
    parts = urllib.parse.urlsplit(server.urls["mock"])
    with socket.create_connection((parts.hostname, parts.port), 5) as sock:
        sock.sendall(text)
        start = b""
        if more is not None:
            start = sock.recv(100)
            sock.sendall(more)
        data = start
        while piece := sock.recv(1 << 16):
            data += piece
        return data


def head(method, path, *lines):
    """A request's head for a connection that closes afterwards."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1",
                        "Connection: close", *lines, "", ""]).encode()


def check_bodies(server):
    """Chunked, and announced with Expect."""
    path = "/sdapi/sdapi/v1/txt2img"
    body = b'{"prompt":"a","width":64,"height":64}'
    json_type = "Content-Type: application/json"
    data = talk(server, head("POST", path, json_type,
                             "Transfer-Encoding: chunked")
                + b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n"
                % (5, body[:5], len(body) - 5, body[5:]))
    true(data.startswith(b"HTTP/1.1 200"), data[:100])
    data = talk(server, head("POST", path, json_type, "Expect: 100-continue",
                             f"Content-Length: {len(body)}"), body)
    true(data.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"), data)


def check_head(server):
    """HEAD has the length and no body."""
    data = talk(server, head("HEAD", LIST))
    true(data.endswith(b"\r\n\r\n") and b"Content-Length: " in data, data)


def check_nonsense(server):
    """What is no HTTP ends the connection and nothing else."""
    for text in (b"nonsense\r\n\r\n", b"\x16\x03\x01\0\0", b"GET /\r\n\r\n",
                 b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        parts = urllib.parse.urlsplit(server.urls["mock"])
        with socket.create_connection((parts.hostname, parts.port),
                                      5) as sock:
            sock.sendall(text)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(1000):
                pass
    answer = server.call("GET", "/no/such/service")
    equal(answer.status, 404)
    equal(server.call("GET", LIST).status, 200)


def check_early_leave(server):
    """Clients that leave in the middle of either side's turn."""
    parts = urllib.parse.urlsplit(server.urls["mock"])
    for text in (head("POST", LIST, "Content-Length: 100") + b"x",
                 head("GET", LIST)):
        with socket.create_connection((parts.hostname, parts.port), 5) as sock:
            sock.sendall(text)
    equal(server.call("GET", LIST).status, 200)


def check_log_and_script(_server):
    """--script, --log, --dir, --keep, SIGTERM."""
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "script.json")
        log = os.path.join(folder, "log.json")
        with open(script, "w", encoding="utf-8") as file:
            json.dump([{"service": "jobs", "fault": {
                "error_class": "credits"}}], file)
        server = Server("--script", script, "--log", log, "--tls", "--dir",
                        folder, "--keep")
        equal(server.ca, os.path.join(folder, "ca.pem"))
        equal(submit(server, "flux_schnell", SCHNELL).status, 402)
        equal(submit(server, "flux_schnell", SCHNELL).status, 200)
        server.process.stdin.close()
        equal(server.call("GET", "/jobs/v1/jobs/1", headers=JOBS).status, 404)
        server.process.send_signal(signal.SIGTERM)
        equal(server.process.wait(5), 0)
        server.process.stdout.close()
        with open(log, encoding="utf-8") as file:
            seen = json.load(file)
        equal([entry["status"] for entry in seen["requests"]],
              [402, 200, 404])
        equal(seen["charges"]["jobs"]["count"], 1)


def check_shell(_server):
    """mock.sh."""
    with tempfile.TemporaryDirectory() as work:
        text = """set -eu
. "$1/mock.sh"
mock_server=$1/mock-server
work=$2
mock_start --listen sdapi=0
mock_post script '{"service": "sdapi", "fault": "drop"}'
mock_get state | grep -q '"kind": "drop"'
echo "$mock $other $control $(mock_listen sdapi)"
mock_stop
"""
        done = subprocess.run(["sh", "-c", text, "sh", HERE, work],
                              capture_output=True, text=True, check=False,
                              timeout=30)
        equal((done.returncode, done.stdout.count("http://127.0.0.1:")),
              (0, 4), done)
