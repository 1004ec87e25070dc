# SPDX-License-Identifier: LGPL-3.0-or-later
"""What every service has: routes, a key, errors, jobs and results."""

import base64
import binascii
import json
import re
import sys
import traceback
import urllib.parse

from . import encoders, errors, paint, pictures
from .http import ClientGone, Response, json_response
from .jobstore import Job, Result

RESULT_KEYS = ("images", "image", "data", "output", "outputs", "result",
               "sample", "candidates", "artifacts", "download_url")


class Reply(Exception):
    """Ends the handling of a request with this answer."""

    def __init__(self, response):
        super().__init__()
        self.response = response


class Route:
    """A method and a path pattern: {name} is a segment, {name*} several."""

    def __init__(self, method, pattern, step, function):
        self.method = method
        self.step = step
        self.function = function
        text = re.sub(r"\\{(\w+)(\\\*)?\\}",
                      lambda m: f"(?P<{m[1]}>{'.+' if m[2] else '[^/]+'})",
                      re.escape(pattern))
        self.regex = re.compile(text + r"\Z")


def route(method, pattern, step):
    """Makes a method of a Service answer requests.

    step: submit (costs money), sync (the same, answered with the result),
    poll, result, cancel, list, upload, file or socket.
    """
    def mark(function):
        known = getattr(function, "routes", [])
        function.routes = [(method, pattern, step)] + known
        return function
    return mark


class Service:
    """Base of all services."""

    name = ""
    prefix = ""
    key_header = "authorization"
    key_format = "Bearer {key}"
    needs_key = True
    # Whether it tells apart a result that its filter did not like.
    has_nsfw = False
    errors = {}

    def __init__(self, world):
        self.world = world
        self.key = f"test-key-{self.name}" if self.needs_key else None
        self.jobs = {}
        self.routes = []
        for base in reversed(type(self).__mro__):
            for function in vars(base).values():
                for method, pattern, step in getattr(function, "routes", []):
                    self.routes.append(Route(method, pattern, step,
                                             function.__name__))

    def clear(self):
        """Forgets jobs, and ends those that wait."""
        for job in self.jobs.values():
            job.is_cancelled = True
        self.jobs = {}

    def setting(self, name):
        """A setting of this service, or the general one."""
        return self.world.setting(self.name, name)

    # Requests

    def find(self, method, path):
        """(route, values), or (None, whether another method is there)."""
        other = False
        for known in self.routes:
            match = known.regex.match(path)
            if match and known.method == method:
                return known, match.groupdict()
            other = other or bool(match)
        return None, other

    def respond(self, request):
        """Answers a request."""
        try:
            if request.route is None:
                self.violation(request, "there is no such method and path")
                return self.not_found(request)
            if request.route.step != "file":
                self.authorize(request)
            handler = getattr(self, request.route.function)
            return handler(request, **request.values)
        except Reply as answer:
            return answer.response
        except ClientGone:
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self.violation(request, f"bug in the mock server: {error!r}")
            return json_response({"mock_bug": repr(error)}, 500)

    def not_found(self, request):
        """A path that the service does not have."""
        return json_response({"detail": "Not Found"}, 404)

    def expected_header(self):
        """The header's value that proves the key."""
        return self.key_format.format(key=self.key)

    def authorize(self, request):
        """Raises Reply when the key is missing or wrong."""
        if not self.needs_key or self.setting("auth") is False:
            return
        if request.header(self.key_header) != self.expected_header():
            self.violation(request, f"{self.key_header} is missing or wrong")
            raise Reply(self.error("auth"))

    def violation(self, request, message):
        """Logs what a client must not do."""
        self.world.recorder.violation(request, message)

    def error(self, name, variant=0, param="prompt", message=None,
              seconds=None):
        """The service's own answer for a class of errors."""
        if seconds is None:
            seconds = self.setting("retry_after")
        canned = self.errors[name][variant]
        return errors.render(canned, param, seconds, message)

    def reject(self, request, name, message, param="prompt", variant=0):
        """Logs a violation and answers with an error."""
        self.violation(request, message)
        raise Reply(self.error(name, variant, param, message))

    def json_body(self, request):
        """The body as JSON, or an answer that it isn't."""
        if request.content_type != "application/json":
            self.reject(request, "invalid-parameter",
                        "Content-Type is not application/json", "body")
        try:
            return json.loads(request.body)
        except (ValueError, RecursionError):
            return self.reject(request, "invalid-parameter",
                               "the body is no JSON", "body")

    # Pictures that come in

    def picture_bytes(self, request, value, param):
        """Bytes behind a data: URI or a URL of a file of this server."""
        if value.startswith("data:"):
            head, _, rest = value.partition(",")
            try:
                data = base64.b64decode(rest, validate=True)
            except (ValueError, binascii.Error):
                return self.bad_image(request, param, "is no base64")
            kind, _ = pictures.sniff(data)
            if not head.endswith(";base64") or (
                    kind and head[5:-7] != f"image/{kind}"):
                self.bad_image(request, param, f"says {head!r}, is {kind}")
            return data
        known = self.world.files.get(urllib.parse.unquote(value))
        if known is None:
            return self.bad_image(request, param, "can't be downloaded")
        return known["data"]

    def base64_bytes(self, request, value, param, strict=True):
        """Bytes of base64 without "data:" (strict) or with."""
        if not strict and value.startswith("data:"):
            value = value.partition(",")[2]
        try:
            return base64.b64decode(value, validate=True)
        except (ValueError, binascii.Error):
            return self.bad_image(request, param, "is no base64")

    def bad_image(self, request, param, why):
        """A picture that can't be used."""
        return self.reject(request, "invalid-parameter", f"{param} {why}",
                           param)

    def open_picture(self, request, data, param, most=None):
        """A decoded Picture."""
        if most and len(data) > most:
            self.reject(request, "too-large", f"{param} has {len(data)} bytes",
                        param)
        try:
            picture = pictures.load(data)
        except pictures.BadImage as error:
            return self.bad_image(request, param, str(error))
        return picture

    def open_mask(self, request, data, param, like, alpha=False):
        """A mask as a gray Picture in which white is edit.

        alpha: an alpha of 0 is edit; otherwise white is.
        """
        mask = self.open_picture(request, data, param)
        if alpha and mask.channels in (1, 3):
            self.bad_image(request, param, "has no alpha channel")
        if alpha:
            mask = paint.inverted(mask.channel(mask.channels - 1))
        else:
            mask = mask.channel(0)
        if like and (mask.width, mask.height) != (like.width, like.height):
            self.bad_image(request, param, f"is {mask.width}x{mask.height}, "
                           f"the image {like.width}x{like.height}")
        self.world.check_mask(self, request, mask)
        return mask

    # Jobs and results

    def charge(self, request, model, credits=1.0):
        """Counts what would have cost money."""
        self.world.charges.add(self.name, request, model, credits)

    def start(self, request, make, info=None, seconds=None):
        """A new job; make() gives Pictures."""
        if seconds is None:
            seconds = self.setting("job_seconds")
        info = info or {}

        def results():
            return self.render(request.fault, make(),
                               info.get("format", "png"))
        job = Job(self.name, results, request.fault, seconds,
                  self.setting("job_polls"), info)
        self.jobs[job.id] = job
        return job

    def render(self, fault, made, kind):
        """Encoded results, with what a fault does to them."""
        fault = fault or {"kind": None}
        what = fault["kind"]
        out = []
        for picture in made:
            if what == "wrong-size":
                picture = wrong_size(picture, fault)
            data, media = encoders.encode(picture, kind)
            if what == "wrong-image":
                data = encoders.wrong_image(fault.get("as", "text"), picture)
            elif what == "bomb":
                data = encoders.bomb(fault.get("how", "ihdr"))
            elif what == "empty" and fault.get("how") == "bytes":
                data = b""
            out.append(Result(data, media, picture.width, picture.height))
        if what == "empty" and fault.get("how", "list") == "list":
            return []
        return out

    def wait(self, request, job):
        """Waits for a job as blocking services do."""
        try:
            if not job.wait(request.connection, self.setting("hold")):
                raise Reply(self.error("timeout"))
        except ClientGone:
            job.cancel()
            raise

    def wait_for_success(self, request, job):
        """The same, and a job that failed is a server's error."""
        self.wait(request, job)
        if job.state == "failed":
            raise Reply(self.error("server"))

    def publish(self, request, job, result):
        """URL from which a result can be fetched."""
        expired = None
        if job.kind == "expired":
            expired = job.fault.get("code", 410)
        path = self.world.files.add(self.name, result.data, result.media,
                                    result.ending, expired)
        return self.world.result_origin(request, self) + path

    def data_uri(self, result):
        """A result as a data: URI."""
        return (f"data:{result.media};base64,"
                + base64.b64encode(result.data).decode())

    def failure(self, job):
        """The canned body of a job that fails."""
        name = job.fault.get("class", "server")
        known = [c for c in self.errors.get(name, []) if c.in_job]
        if not known:
            known = [c for many in self.errors.values() for c in many
                     if c.in_job]
        variant = job.fault.get("variant", 0)
        words = {"param": "prompt", "seconds": 1, "date": "", "message": ""}
        return errors.fill(known[variant % len(known)].body, words)

    def finished(self, job, value, status=200):
        """A JSON answer with results; some faults take them out."""
        if job.kind == "empty" and job.fault.get("how") == "none":
            value = {name: item for name, item in value.items()
                     if name not in RESULT_KEYS}
        return json_response(value, status)


def wrong_size(picture, fault):
    """Another size: the fault's own, or twice as high, or three quarters."""
    if fault.get("how") == "aspect":
        return picture.resized(picture.width, picture.height * 2)
    width = fault.get("width", max(picture.width * 3 // 4, 1))
    height = fault.get("height", max(picture.height * 3 // 4, 1))
    return picture.resized(width, height)


def encode64(data):
    """Base64 as text."""
    return base64.b64encode(data).decode()


class FileService(Service):
    """Results on a CDN: no key, any origin."""

    name = "files"
    prefix = "/files"
    needs_key = False
    errors = {"invalid-parameter": [errors.reply(404, "Not Found")],
              "server": [errors.reply(500, "Internal Server Error")]}

    @route("GET", "/{service}/{name}", "file")
    def fetch(self, request, service, name):
        """A file, unless it expired."""
        known = self.world.files.get(f"/files/{service}/{name}")
        if known is None:
            return Response(404, b"Not Found", "text/plain")
        code = known["expired"]
        fault = request.fault or {"kind": None}
        if fault["kind"] == "expired":
            code = fault.get("code", 410)
        if code:
            return Response(code, b'<?xml version="1.0"?><Error><Code>'
                            b"AccessDenied</Code><Message>Request has expired"
                            b"</Message></Error>", "application/xml")
        data = self.with_fault(known["data"], fault)
        return Response(200, data, known["media"],
                        [("Cache-Control", "max-age=600")])

    @route("PUT", "/{service}/{name}", "upload")
    def store(self, request, service, name):
        """Bytes for an address that a service gave away before."""
        known = self.world.files.get(f"/files/{service}/{name}")
        if known is None or known.get("closed"):
            self.violation(request, "nobody asked for this upload")
            return Response(403, b"Forbidden", "text/plain")
        if request.content_type != known["media"]:
            self.violation(request, "another type than announced")
            return Response(403, b"SignatureDoesNotMatch", "text/plain")
        known.update(data=request.body, closed=True)
        return Response(200, b"", None, [("ETag", '"1"')])

    def with_fault(self, data, fault):
        """What a fault makes of a picture."""
        if fault["kind"] == "wrong-image":
            return encoders.wrong_image(fault.get("as", "text"),
                                        pictures.load(data))
        if fault["kind"] == "bomb":
            return encoders.bomb(fault.get("how", "ihdr"))
        if fault["kind"] == "empty":
            return b""
        if fault["kind"] == "wrong-size":
            return encoders.encode_png(wrong_size(pictures.load(data), fault))
        return data
