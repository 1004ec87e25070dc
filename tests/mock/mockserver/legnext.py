# SPDX-License-Identifier: LGPL-3.0-or-later
"""Legnext, the service whose prompts have flags."""

import random

from . import paint, promptflags, schema
from .errors import in_job, reply
from .http import json_response
from .pictures import Picture, flat
from .schema import (array, image, integer, number, record, text)
from .service import Reply, Service, route

STATES = {"queued": "pending", "running": "processing", "done": "completed",
          "failed": "failed", "cancelled": "failed"}
CALLBACK = {"callback": text(0, pattern=r"(https?://|\Z)")}
OF_JOB = {"jobId": text(1, required=True), **CALLBACK}
OF_IMAGE = {**OF_JOB, "imageNo": integer(0, 3, required=True)}
REMIX = text(0, 8192)
AREA = record({"width": integer(500, 4096, required=True),
               "height": integer(500, 4096, required=True),
               "points": array(integer(0), 6, required=True)})
MASK = record({"areas": array(AREA, 1), "url": image()}, required=True)
BOX = {"width": integer(1, required=True), "height": integer(1, required=True)}

# path: (fields, what is done)
CALLS = {
    "diffusion": ({"text": text(1, 8192, required=True), **CALLBACK}, "new"),
    "variation": ({**OF_IMAGE, "type": integer(0, 1, required=True),
                   "remixPrompt": REMIX}, "again"),
    "upscale": ({**OF_IMAGE, "type": integer(0, 1, required=True)}, "upscale"),
    "reroll": (OF_JOB, "again"),
    "enhance": (OF_IMAGE, "again"),
    "inpaint": ({**OF_IMAGE, "mask": MASK, "remixPrompt": REMIX}, "inpaint"),
    "upload-paint": ({
        "imgUrl": image(required=True), "canvas": record(BOX, required=True),
        "imgPos": record({**BOX, "x": integer(required=True),
                          "y": integer(required=True)}, required=True),
        "mask": MASK, "remixPrompt": text(1, 8192, required=True),
        **CALLBACK}, "paint"),
    "outpaint": ({**OF_IMAGE, "scale": number(1.1, 2.0, required=True),
                  "remixPrompt": REMIX}, "outpaint"),
    "pan": ({**OF_IMAGE, "direction": integer(0, 3, required=True),
             "scale": number(1.1, 3.0, required=True), "remixPrompt": REMIX},
            "pan"),
    "remix": ({**OF_IMAGE, "remixPrompt": text(1, 8192, required=True),
               "mode": integer(0, 1, required=True)}, "again"),
    "describe": ({"imgUrl": image(required=True), **CALLBACK}, "describe"),
    "retexture": ({"imgUrl": image(required=True),
                   "remixPrompt": text(1, 8192, required=True), **CALLBACK},
                  "retexture"),
    "remove-background": ({"imgUrl": image(required=True), **CALLBACK},
                          "background"),
}


def said(status, message, *headers, **more):
    """Legnext's form of an error."""
    return reply(status, {"code": status, "message": message, **more},
                 *headers)


def failed(code, message, raw=""):
    """A task that fails."""
    return in_job(error={"code": code, "message": message,
                         "raw_message": raw or message, "detail": None})


class LegnextService(Service):
    """Legnext."""

    name = "legnext"
    has_nsfw = True
    prefix = "/legnext/api"
    key_header = "x-api-key"
    key_format = "{key}"
    errors = {
        "auth": [said(401, "Invalid API key"),
                 said(403, "You do not have permission to use this API")],
        "credits": [said(402, "Insufficient balance"),
                    failed(402, "Insufficient balance")],
        "content-filter": [
            said(403, "The prompt contains sensitive words"),
            failed(403, "The prompt contains sensitive words",
                   "Banned prompt detected"),
        ],
        "rate-limit": [said(429, "Too many requests",
                            ("Retry-After", "{seconds}")),
                       said(429, "Too many requests",
                            ("Retry-After", "{date}")),
                       said(429, "Too many requests")],
        "too-large": [said(413, "Request entity too large")],
        "invalid-parameter": [
            said(400, "{message}"),
            said(422, "{message}"),
            said(404, "The job does not exist"),
            failed(10000, "Invalid parameter: {param}"),
        ],
        "timeout": [said(504, "Gateway timeout"),
                    failed(504, "The task timed out")],
        "server": [said(500, "Internal server error"),
                   said(503, "Service unavailable"),
                   failed(500, "Internal server error")],
    }

    def check_body(self, request, fields):
        """The body; raises Reply when it is wrong."""
        body = self.json_body(request)
        problems = schema.check(fields, body)
        if problems:
            self.reject(request, "invalid-parameter", str(problems[0]),
                        str(problems[0].loc[-1]))
        return body

    @route("POST", "/v1/{call}", "submit")
    def submit(self, request, call):
        """Every call that makes a task."""
        if call not in CALLS:
            self.violation(request, f"there is no call {call}")
            return self.not_found(request)
        fields, action = CALLS[call]
        body = self.check_body(request, fields)
        make, info = getattr(self, "do_" + action)(request, body)
        job = self.start(request, make, {**info, "call": call})
        self.charge(request, call, 80)
        return json_response(self.task(request, job))

    @route("GET", "/v1/job/{job_id}", "poll")
    def poll(self, request, job_id):
        """The task now."""
        job = self.jobs.get(job_id)
        if job is None:
            self.reject(request, "invalid-parameter", f"no job {job_id}",
                        "job_id", 2)
        job.poll()
        return self.finished(job, self.task(request, job))

    @route("GET", "/account/balance", "list")
    def balance(self, _request):
        """What is left."""
        return json_response({"code": 200, "message": "success", "data": {
            "balance_usd": 12.34, "available_credits": 1234,
            "available_points": 1234}})

    def task(self, request, job):
        """A task as the service describes it."""
        state = job.state
        if state == "done" and job.kind == "nsfw":
            state = "failed"
        out = {"job_id": job.id, "model": "midjourney",
               "task_type": job.info["call"], "status": STATES[state],
               "config": {"service_mode": "public"}, "input": None,
               "output": {"image_url": "", "image_urls": None, "seed": "",
                          "available_actions": {}},
               "meta": {"usage": {"type": "point", "frozen": 80 if state in (
                   "queued", "running") else 0, "consume": 80 if state == "done"
                   else 0}},
               "error": {"code": 0, "message": "", "raw_message": "",
                         "detail": None}}
        if state == "failed":
            if job.kind == "nsfw":
                job.fault = {"kind": "fails", "class": "content-filter"}
            out.update(self.failure(job))
        if state == "done":
            out["output"] = self.output(request, job)
        return out

    def output(self, request, job):
        """Grid, pictures, seed; made once for a task."""
        if "output" not in job.info:
            urls = [self.publish(request, job, result)
                    for result in job.results()]
            if job.info.get("words"):
                return {"text": job.info["words"]}
            grid = len(urls) == 5
            job.info["output"] = {
                "image_url": urls[0] if urls else "",
                "image_urls": urls[1:] if grid else urls,
                "seed": str(job.info["seed"]),
                "available_actions": {"upscale": [0, 1, 2, 3]}}
        return job.info["output"]

    # What the calls do: each gives make() and the job's info.

    def four(self, pictures, seed, **info):
        """A grid and its four pictures."""
        def make():
            made = pictures()
            return [paint.grid(made), *made]
        return make, {"seed": seed, "pictures": pictures, **info}

    def source(self, request, body):
        """(job, picture) that a call refers to."""
        job = self.jobs.get(body["jobId"])
        if job is None or not job.is_over or "pictures" not in job.info:
            self.reject(request, "invalid-parameter", "jobId names no "
                        "finished job with pictures", "jobId", 2)
        made = job.info["pictures"]()
        return job, made[body.get("imageNo", 0) % len(made)]

    def fetched(self, request, body):
        """The Picture of imgUrl."""
        data = self.picture_bytes(request, body["imgUrl"], "imgUrl")
        return self.open_picture(request, data, "imgUrl").rgb()

    def do_new(self, request, body):
        """diffusion: pictures for a text with flags."""
        prompt, flags, wrong = promptflags.parse(body["text"])
        for message in wrong:
            self.violation(request, message)
        if wrong:
            raise Reply(self.error("invalid-parameter", 0, "text", wrong[0]))
        seed = flags.get("seed", random.randrange(1 << 32))
        width, height = promptflags.size(flags.get("ar", "1:1"))
        return self.four(lambda: [paint.generate(width, height, prompt, seed,
                                                 i) for i in range(4)], seed,
                         prompt=prompt, draft="draft" in flags)

    def do_again(self, request, body):
        """variation, reroll, enhance, remix: other pictures of a job."""
        job, picture = self.source(request, body)
        if request.path.endswith("/enhance") and not job.info.get("draft"):
            self.reject(request, "invalid-parameter",
                        "enhance needs a draft job", "jobId")
        prompt = body.get("remixPrompt", job.info.get("prompt", ""))
        seed = random.randrange(1 << 32)
        return self.four(lambda: [paint.edit(picture, None, prompt, seed, i)
                                  for i in range(4)], seed, prompt=prompt)

    def do_upscale(self, request, body):
        """upscale: one picture of twice the size."""
        job, picture = self.source(request, body)
        make = lambda: [paint.upscale(picture, picture.width * 2,
                                      picture.height * 2)]
        return make, {"seed": job.info["seed"], "pictures": make}

    def do_inpaint(self, request, body):
        """inpaint: the mask's areas, or a picture that is white there."""
        job, picture = self.source(request, body)
        mask = self.mask(request, body["mask"], picture)
        prompt = body.get("remixPrompt", job.info.get("prompt", ""))
        return self.painted(picture, mask, prompt)

    def painted(self, picture, mask, prompt):
        """Four edits through a mask."""
        seed = random.randrange(1 << 32)
        return self.four(lambda: [paint.edit(picture, mask, prompt, seed, i)
                                  for i in range(4)], seed, prompt=prompt)

    def mask(self, request, value, picture):
        """A mask of areas or of a URL."""
        if ("areas" in value) == ("url" in value):
            self.reject(request, "invalid-parameter",
                        "mask has areas or url", "mask")
        if "url" in value:
            data = self.picture_bytes(request, value["url"], "mask")
            return self.open_mask(request, data, "mask", picture)
        first = value["areas"][0]
        size = first["width"], first["height"]
        polygons = []
        for area in value["areas"]:
            points = list(zip(area["points"][0::2], area["points"][1::2]))
            if len(area["points"]) % 2 or not clockwise(points) or (
                    area["width"], area["height"]) != size:
                self.reject(request, "invalid-parameter", "points are pairs, "
                            "clockwise, of one canvas", "mask")
            polygons.append(points)
        mask = fill_polygons(*size, polygons)
        self.world.check_mask(self, request, mask)
        return mask

    def do_paint(self, request, body):
        """upload-paint: a picture on a canvas, and a mask."""
        picture = self.fetched(request, body)
        canvas, place = body["canvas"], body["imgPos"]
        picture = picture.resized(place["width"], place["height"])
        whole = put(flat(canvas["width"], canvas["height"], (128, 128, 128)),
                    picture, place["x"], place["y"])
        mask = self.mask(request, body["mask"], whole)
        return self.painted(whole, mask, body["remixPrompt"])

    def do_outpaint(self, request, body):
        """outpaint: more on every side, or on one."""
        return self.expanded(request, body, (1, 1, 1, 1))

    def do_pan(self, request, body):
        """pan: more on one side."""
        sides = ((0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0))
        return self.expanded(request, body, sides[body["direction"]])

    def expanded(self, request, body, sides):
        """Four pictures with more around them."""
        job, picture = self.source(request, body)
        prompt = body.get("remixPrompt", job.info.get("prompt", ""))
        grow = body["scale"] - 1
        across = int(picture.width * grow / max(sides[0] + sides[2], 1))
        down = int(picture.height * grow / max(sides[1] + sides[3], 1))
        amounts = [side * (down if i % 2 else across)
                   for i, side in enumerate(sides)]
        seed = random.randrange(1 << 32)
        return self.four(lambda: [paint.expand(picture, *amounts, prompt, seed,
                                               i) for i in range(4)], seed,
                         prompt=prompt)

    def do_describe(self, request, body):
        """describe: words."""
        self.fetched(request, body)
        return lambda: [], {"seed": 0, "words": ["a picture", "another one"]}

    def do_retexture(self, request, body):
        """retexture: four edits."""
        return self.painted(self.fetched(request, body), None,
                            body["remixPrompt"])

    def do_background(self, request, body):
        """remove-background: transparent where the middle half isn't."""
        picture = self.fetched(request, body)
        w, h = picture.width, picture.height
        alpha = paint.rectangle_mask(w, h, w // 4, h // 4, w // 2, h // 2)
        out = bytearray(w * h * 4)
        for c in range(3):
            out[c::4] = picture.data[c::3]
        out[3::4] = alpha.data
        return lambda: [Picture(w, h, 4, out)], {"seed": 0}


def put(below, above, left, top):
    """A picture with another one on it."""
    rows = []
    for y in range(below.height):
        row = bytearray(below.row(y))
        if 0 <= y - top < above.height:
            source = above.row(y - top)[max(-left, 0) * 3:]
            start = max(left, 0) * 3
            source = source[:max(len(row) - start, 0)]
            row[start:start + len(source)] = source
        rows.append(bytes(row))
    return Picture(below.width, below.height, 3, b"".join(rows))


def clockwise(points):
    """Whether a polygon is clockwise, with y downwards."""
    if len(points) < 3:
        return False
    twice = sum(a[0] * b[1] - b[0] * a[1]
                for a, b in zip(points, points[1:] + points[:1]))
    return twice > 0


def fill_polygons(width, height, polygons):
    """A mask that is white inside."""
    rows = []
    for y in range(height):
        row = bytearray(width)
        for points in polygons:
            cuts = sorted(crossings(points, y + 0.5))
            for left, right in zip(cuts[0::2], cuts[1::2]):
                start, end = max(round(left), 0), min(round(right), width)
                row[start:end] = b"\xff" * max(end - start, 0)
        rows.append(bytes(row))
    return Picture(width, height, 1, b"".join(rows))


def crossings(points, y):
    """Where a polygon's edges cross a line."""
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        if (ay <= y) != (by <= y):
            yield ax + (y - ay) * (bx - ax) / (by - ay)
