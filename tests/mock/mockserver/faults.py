# SPDX-License-Identifier: LGPL-3.0-or-later
"""Faults on demand: which request they hit, and what they do."""

import json
import threading

from . import http
from .http import ClientGone, Response

# Instead of the service's answer.
EARLY = {"status", "error", "html", "redirect", "drop"}
# Instead of the body of the service's answer.
BODY = {"json-deep", "json-huge", "json-truncated", "json-types", "json-empty"}
# On the way to the client.
SEND = {"reset", "stall", "slow", "slow-headers", "truncate", "wrong-length",
        "drop-after", "die-after-submit"}
# What becomes of the job that the request starts, or of the file it fetches.
JOB = {"nsfw", "never-ends", "fails", "expired", "empty", "wrong-image",
       "bomb", "wrong-size"}
# Known to some services only.
OTHER = {"none", "refuse", "too-soon", "ws-drop", "ws-garbage", "ws-fragment",
         "ws-ping", "ws-stall"}
KINDS = EARLY | BODY | SEND | JOB | OTHER
START_STEPS = ("submit", "sync", "file")


class BadScript(Exception):
    """A script that makes no sense; the text says why."""


class Script:
    """One entry of the queue."""

    def __init__(self, world, value):
        if not isinstance(value, dict):
            raise BadScript("a script is an object")
        unknown = set(value) - {"service", "match", "times", "skip", "delay",
                                "fault"}
        if unknown:
            raise BadScript(f"unknown keys: {sorted(unknown)}")
        self.service = value.get("service")
        if self.service not in (None, "files", *world.services):
            raise BadScript(f"there is no service {self.service!r}")
        self.match = value.get("match", {})
        unknown = set(self.match) - {"method", "path", "step", "origin"}
        if unknown:
            raise BadScript(f"unknown keys in match: {sorted(unknown)}")
        self.fault = read_fault(world, self.service, value.get("fault", "none"))
        loop = self.fault.get("to") == "loop"
        self.times = value.get("times", -1 if loop else 1)
        self.skip = value.get("skip", 0)
        self.delay = value.get("delay", 0)
        self.hits = 0

    def fits(self, request):
        """Whether a request is meant."""
        step = request.route.step if request.route else None
        owner = request.service.name if request.service else None
        names = {owner}
        if step in ("file", "upload"):
            names.add(request.path.split("/")[2] if owner == "files" else None)
        if self.service is not None and self.service not in names:
            return False
        return self.fits_place(request, step)

    def fits_place(self, request, step):
        """Whether method, path, step and origin are meant."""
        match = self.match
        if "step" in match and step not in words(match["step"]):
            return False
        if "method" in match and request.method != match["method"]:
            return False
        if "path" in match and match["path"] not in request.target:
            return False
        if "origin" in match and request.origin.name != match["origin"]:
            return False
        if "step" in match or "path" in match:
            return True
        kind = self.fault["kind"]
        if kind in JOB or self.fault.get("in_job"):
            return step in START_STEPS
        if kind == "too-soon":
            return step == "poll"
        if kind.startswith("ws-"):
            return step == "socket"
        if kind in ("die-after-submit", "drop-after"):
            return step in ("submit", "sync")
        return step != "file" or self.service == "files"


def words(value):
    """A list of one text or of several."""
    return [value] if isinstance(value, str) else value


def read_fault(world, service, value):
    """A fault as {"kind": ..., ...}."""
    if isinstance(value, str):
        value = {"kind": value}
    value = dict(value)
    if "error_class" in value:
        value.setdefault("kind", "error")
        value["class"] = value.pop("error_class")
        known = world.services.get(service)
        if value["class"] == "nsfw":
            value["class"] = "content-filter"
            if known and known.has_nsfw:
                value = {"kind": "nsfw"}
    if value.get("kind") not in KINDS:
        raise BadScript(f"there is no fault {value.get('kind')!r}")
    check_service(world, service, value["kind"])
    if value["kind"] in ("error", "fails") and "class" in value:
        known = world.services.get(service)
        if known is None:
            raise BadScript("an error class needs a service")
        check_class(known, value)
    return value


def check_service(world, service, kind):
    """Some faults mean something to some services only."""
    known = world.services.get(service)
    if (kind == "nsfw" and known and not known.has_nsfw
            or kind == "too-soon" and service != "jobs"
            or kind.startswith("ws-") and service != "comfyui"):
        raise BadScript(f"{service} does not know {kind}")


def check_class(service, fault):
    """Makes an error that is told by the job a fault of the job."""
    name, variant = fault["class"], fault.get("variant", 0)
    known = service.errors.get(name)
    if known is None:
        raise BadScript(f"{service.name} has no class {name!r}: "
                        f"{sorted(service.errors)}")
    if fault["kind"] == "fails":
        known = [canned for canned in known if canned.in_job]
    if not 0 <= variant < len(known):
        raise BadScript(f"{service.name} has {len(known)} variants of {name}")
    if fault["kind"] == "error" and known[variant].in_job:
        fault["kind"] = "fails"
        fault["in_job"] = True
        fault["variant"] = [c for c in known if c.in_job].index(known[variant])


class Scripts:
    """The queue; the first entry that fits is taken."""

    def __init__(self, world):
        self.world = world
        self.lock = threading.Lock()
        self.queue = []

    def add(self, value):
        """Adds one script or a list of them."""
        many = value if isinstance(value, list) else [value]
        scripts = [Script(self.world, one) for one in many]
        with self.lock:
            self.queue += scripts

    def clear(self):
        """Forgets all."""
        with self.lock:
            self.queue = []

    def use(self, script):
        """Whether it hits now; counts."""
        script.hits += 1
        if script.hits <= script.skip:
            return False
        if script.times > 0 and script.hits >= script.skip + script.times:
            self.queue.remove(script)
        return script.times != 0

    def take(self, request):
        """The script for a request, or None."""
        with self.lock:
            for script in list(self.queue):
                if script.fault["kind"] != "refuse" and script.fits(request):
                    if self.use(script):
                        return script
        return None

    def take_refusal(self, origin):
        """The fault for a connection that was just accepted, or None."""
        if origin.name == "control":
            return None
        with self.lock:
            for script in list(self.queue):
                if script.fault["kind"] == "refuse" and script.match.get(
                        "origin", origin.name) == origin.name:
                    if self.use(script):
                        return script.fault
        return None


def respond(world, request):
    """The answer to a request under its fault."""
    fault = request.fault or {"kind": "none"}
    if fault["kind"] in EARLY and not fault.get("execute"):
        return early(world, request, fault)
    response = request.service.respond(request)
    if fault["kind"] in EARLY:
        return early(world, request, fault)
    if fault["kind"] in BODY:
        return with_body(response, fault)
    return response


def early(world, request, fault):
    """An answer that the service has no part in."""
    kind = fault["kind"]
    if kind == "drop":
        drop(request.connection, fault)
    if kind == "redirect":
        return redirect(world, request, fault)
    if kind == "html":
        return Response(fault.get("code", 502),
                        b"<!DOCTYPE html><html><head><title>Error</title></head>"
                        b"<body><h1>Bad gateway</h1></body></html>",
                        "text/html; charset=utf-8")
    if kind == "error":
        return request.service.error(
            fault["class"], fault.get("variant", 0),
            fault.get("param", "prompt"), fault.get("message"),
            fault.get("retry_after"))
    body = fault.get("body", "")
    media = "text/plain" if isinstance(body, str) else "application/json"
    data = body if isinstance(body, str) else json.dumps(body)
    return Response(fault.get("code", 500), data.encode(),
                    fault.get("content_type", media),
                    list(fault.get("headers", {}).items()))


def drop(connection, fault):
    """Closes without an answer."""
    if fault.get("how") == "rst":
        connection.reset()
    else:
        connection.close()
    raise ClientGone


def redirect(world, request, fault):
    """A redirect to another place, which "to" names or gives as a URL."""
    to = fault.get("to", "other")
    origins = {"other": world.origins["other"], "http": world.origins["main"]}
    if request.origin.scheme == "https" and to == "other":
        origins["other"] = world.origins["tls-other"]
    if to in origins:
        to = str(origins[to]) + request.target
    elif to == "loop":
        to = request.target
    elif to == "same":
        mark = "&" if "?" in request.target else "?"
        to = request.target + mark + "redirected=1"
    elif to == "localhost":
        to = f"{request.origin.scheme}://localhost:{request.origin.port}"
        to += request.target
    elif to == "file":
        to = "file:///etc/hostname"
    return Response(fault.get("code", 307), b"", "text/plain",
                    [("Location", to)])


def with_body(response, fault):
    """Another body in place of the service's."""
    kind, variant = fault["kind"], fault.get("variant", 0)
    body = response.body if isinstance(response.body, bytes) else b"{}"
    if kind == "json-deep":
        deep = (b"[" * 100000 + b"]" * 100000, b'{"a":' * 100000 + b"1"
                + b"}" * 100000)
        body = deep[variant % 2]
    elif kind == "json-huge":
        body = huge(fault.get("megabytes", 200))
    elif kind == "json-truncated":
        body = body[:len(body) // 2]
    elif kind == "json-empty":
        body = (b"{}", b"", b"[]", b"null")[variant % 4]
    else:
        body = json.dumps(other_types(json.loads(body), variant)).encode()
    keep = [pair for pair in response.headers if pair[0] != "Content-Type"]
    return Response(response.status, body, "application/json", keep)


def huge(megabytes):
    """A JSON text of that size, piece by piece."""
    yield b'{"padding":"'
    for _ in range(megabytes):
        yield b"x" * (1 << 20)
    yield b'"}'


def other_types(value, variant):
    """Every field (0), every value within (1) or nothing (2) of its type."""
    if variant == 2:
        return {name: None for name in value} if isinstance(value, dict) else []
    if variant == 1 and isinstance(value, dict):
        return {name: other_types(item, 1) for name, item in value.items()}
    if variant == 1 and isinstance(value, list):
        return [other_types(item, 1) for item in value]
    if variant == 0 and isinstance(value, dict):
        return {name: other_type(item) for name, item in value.items()}
    return other_type(value)


def other_type(value):
    """Something of another type."""
    if isinstance(value, str):
        return 17
    if isinstance(value, bool) or value is None:
        return "yes"
    if isinstance(value, (int, float)):
        return {"value": value}
    if isinstance(value, list):
        return {"0": "list"}
    return ["object"]


def send(world, request, response):
    """Sends an answer under the fault of its request."""
    connection = request.connection
    fault = request.fault or {"kind": "none"}
    kind = fault["kind"]
    if kind == "drop-after":
        drop(connection, fault)
    if response.takeover:
        response.takeover()
        return
    if kind not in SEND or not isinstance(response.body, bytes):
        http.send_plain(connection, request, response)
    elif kind == "die-after-submit":
        http.send_plain(connection, request, response)
        world.die(fault.get("revive"))
    else:
        send_badly(connection, response, fault)


def send_badly(connection, response, fault):
    """Sends an answer slowly, in part, or with a wrong length."""
    kind, body = fault["kind"], response.body
    half = body[:fault.get("bytes", len(body) // 2)]
    rate = fault.get("bytes_per_second", 20 if kind == "slow-headers"
                     else 1000)
    if kind == "slow-headers":
        drip(connection, http.head_bytes(response, len(body)), rate)
        connection.send(body)
        return
    if kind == "wrong-length":
        connection.send(http.head_bytes(response, len(half)) + body)
        connection.close()
        return
    connection.send(http.head_bytes(response, len(body)))
    if kind == "slow":
        drip(connection, body, rate)
        return
    connection.send(half)
    if kind == "stall":
        connection.sleep(fault.get("seconds", 30))
    if kind == "reset":
        connection.sleep(0.02)
        connection.reset()
    else:
        connection.close()


def drip(connection, data, rate):
    """Sends so many bytes a second."""
    step = max(rate // 20, 1)
    for at in range(0, len(data), step):
        connection.send(data[at:at + step])
        connection.sleep(step / rate)
