# SPDX-License-Identifier: LGPL-3.0-or-later
"""What came in: the log of requests, of violations, and of leaked keys."""

import base64
import binascii
import hashlib
import json
import re
import threading
import time
import urllib.parse

from . import pictures
from .multipart import parse_multipart

KEY_HEADERS = ("authorization", "proxy-authorization", "x-api-key", "x-key",
               "x-goog-api-key", "api-key", "cookie")
BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*\Z")


class Recorder:
    """The log; safe for threads."""

    def __init__(self, world):
        self.world = world
        self.lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forgets everything."""
        with self.lock:
            self.requests = []
            self.violations = []
            self.images = {}
            self.bodies = {}

    def begin(self, request):
        """Logs a request and looks for leaks; the entry is returned."""
        entry = {
            "time": round(time.time(), 3),
            "origin": request.origin.name,
            "url": f"{request.origin.scheme}://{request.host}{request.target}",
            "host": request.host,
            "service": request.service.name if request.service else None,
            "step": request.route.step if request.route else None,
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": [list(pair) for pair in request.headers],
            "body": self.summary(request),
            "status": None,
            "fault": None,
            "gone": False,
        }
        leaks = find_leaks(self.world, request)
        if leaks:
            entry["leaks"] = leaks
        with self.lock:
            entry["number"] = len(self.requests)
            self.requests.append(entry)
            self.bodies[entry["number"]] = request.body
        request.entry = entry
        return entry

    def violation(self, request, message):
        """Logs what a client must not do."""
        with self.lock:
            self.violations.append({
                "request": request.entry.get("number"),
                "service": request.service.name if request.service else None,
                "method": request.method,
                "path": request.path,
                "message": message,
            })

    def leaks(self):
        """Requests that carried a key where it doesn't belong."""
        keep = ("number", "origin", "url", "service", "method", "leaks")
        with self.lock:
            return [{name: entry[name] for name in keep}
                    for entry in self.requests if "leaks" in entry]

    def summary(self, request):
        """A body without its bulk."""
        body = request.body
        if not body:
            return None
        if request.content_type == "application/json":
            try:
                return self.shorten(json.loads(body))
            except (ValueError, RecursionError):
                return self.bulk(body)
        if request.content_type == "multipart/form-data":
            parts = parse_multipart(request) or []
            return {"parts": [self.part(part) for part in parts]}
        return self.bulk(body)

    def part(self, part):
        """A part of a form."""
        out = {"name": part.name, "filename": part.filename,
               "content_type": part.content_type}
        if part.filename is None and len(part.data) < 4096:
            out["value"] = part.data.decode(errors="replace")
        else:
            out.update(self.bulk(part.data))
        return out

    def bulk(self, data):
        """Size, check sum and kind of bytes; pictures are kept."""
        kind, size = pictures.sniff(data)
        digest = hashlib.sha256(data).hexdigest()
        out = {"bytes": len(data), "sha256": digest, "kind": kind or "data"}
        if size:
            out["width"], out["height"] = size
        if kind:
            self.images[digest] = data
        return out

    def shorten(self, value):
        """JSON with encoded pictures replaced by what they are."""
        if isinstance(value, dict):
            return {name: self.shorten(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.shorten(item) for item in value]
        if isinstance(value, str):
            data, media = decode_text(value)
            if data is not None:
                out = self.bulk(data)
                if media is not None:
                    out["data_uri"] = media
                return out
            if len(value) > 20000:
                return value[:1000] + f"... ({len(value)} characters)"
        return value


def decode_text(value):
    """Bytes of a data: URI or of base64 that is a picture, and the type."""
    if value.startswith("data:") and "," in value:
        head, _, rest = value.partition(",")
        try:
            return (base64.b64decode(rest, validate=True),
                    head[5:].split(";")[0])
        except (ValueError, binascii.Error):
            return None, None
    if len(value) < 64 or not BASE64.match(value[:200] if len(value) > 200
                                           else value):
        return None, None
    try:
        data = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return None, None
    return (data, None) if pictures.sniff(data)[0] else (None, None)


def is_own(world, request, service):
    """Whether the key of the service may be sent with the request."""
    if request.service is not service:
        return False
    origin = request.origin
    if origin.root is not None:
        return True
    allowed = world.setting(service.name, "own_origins")
    hosts = world.setting(service.name, "own_hosts") or [origin.host]
    name = request.host.rsplit(":", 1)[0]
    return origin.name in allowed and name in hosts


def find_leaks(world, request):
    """Where a request carries keys that it must not carry."""
    owner = request.service
    owner = owner if owner and is_own(world, request, owner) else None
    found = []
    for name, value in request.headers:
        text = header_text(name, value)
        for service in world.services.values():
            if service.key and service.key in text:
                if service is owner and name.lower() == service.key_header:
                    continue
                found.append({"where": f"header {name}",
                              "key_of": service.name})
        if name.lower() in KEY_HEADERS and owner is None:
            found.append({"where": f"header {name}", "key_of": None})
    target = request.target + "\n" + urllib.parse.unquote(request.target)
    for service in world.services.values():
        if not service.key:
            continue
        if service.key in target:
            found.append({"where": "path or query", "key_of": service.name})
        if service.key.encode() in request.body:
            found.append({"where": "body", "key_of": service.name})
    return found


def header_text(name, value):
    """A header's value, with HTTP Basic taken apart."""
    if name.lower().endswith("authorization") and value.startswith("Basic "):
        try:
            return base64.b64decode(value[6:]).decode(errors="replace")
        except (ValueError, binascii.Error):
            return value
    return value
