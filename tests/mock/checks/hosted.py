# SPDX-License-Identifier: LGPL-3.0-or-later
"""Legnext, Gemini, BFL, Replicate."""

import base64
import time

from mockserver import paint, pictures

from .client import b64, data_uri, equal, mask_png, png, true

LEGNEXT = {"x-api-key": "test-key-legnext"}
GEMINI = {"x-goog-api-key": "test-key-gemini"}
BFL = {"x-key": "test-key-bfl"}
REPLICATE = {"Authorization": "Bearer test-key-replicate"}


def poll(server, url, headers, states, field="status"):
    """Polls until the state is one of these."""
    for _ in range(300):
        value = server.call("GET", url, headers=headers).json
        if value[field] in states:
            return value
        time.sleep(0.01)
    raise AssertionError(value)


def legnext(server, call, body):
    """The finished task of a call."""
    answer = server.call("POST", f"/legnext/api/v1/{call}", body, LEGNEXT)
    equal(answer.status, 200, answer.body)
    return poll(server, "/legnext/api/v1/job/" + answer.json["job_id"],
                LEGNEXT, ("completed", "failed"))


def check_legnext(server):
    """Pictures with flags, and what can be done with them."""
    task = legnext(server, "diffusion",
                   {"text": "a cup --ar 2:1 --seed 9 --v 7 --draft"})
    equal((task["error"]["code"], task["output"]["seed"]), (0, "9"))
    picture = server.call("GET", task["output"]["image_urls"][2]).picture
    equal(picture.width, 2 * picture.height)
    equal(picture.pixel(0, 0), paint.base_colour("a cup", 9, 2))
    grid = server.call("GET", task["output"]["image_url"]).picture
    equal(grid.width, 2 * picture.width)
    of = {"jobId": task["job_id"], "imageNo": 1}
    for call, more in (
            ("variation", {"type": 1}), ("upscale", {"type": 0}),
            ("enhance", {}), ("outpaint", {"scale": 1.5}),
            ("pan", {"direction": 1, "scale": 2}),
            ("remix", {"remixPrompt": "b", "mode": 0}),
            ("inpaint", {"remixPrompt": "c", "mask": {"areas": [
                {"width": 600, "height": 500, "points":
                 [10, 10, 300, 10, 300, 200, 10, 200]}]}})):
        true(legnext(server, call, {**of, **more})["output"]["image_urls"])
    legnext(server, "reroll", {"jobId": task["job_id"]})
    source = {"imgUrl": data_uri(png(64, 64))}
    legnext(server, "describe", source)
    legnext(server, "retexture", {**source, "remixPrompt": "d"})
    legnext(server, "remove-background", source)
    task = legnext(server, "upload-paint", {
        **source, "canvas": {"width": 128, "height": 64},
        "imgPos": {"width": 64, "height": 64, "x": 0, "y": 0},
        "mask": {"url": data_uri(mask_png(128, 64, (64, 0, 64, 64)))},
        "remixPrompt": "e"})
    picture = server.call("GET", task["output"]["image_urls"][0]).picture
    equal(picture.pixel(10, 10), (18, 28, 38))
    equal(server.control("violations"), [])
    true(server.call("GET", "/legnext/api/account/balance",
                     headers=LEGNEXT).json["data"])


def check_legnext_strict(server):
    """Flags, points and numbers that are wrong."""
    for call, body in (
            ("diffusion", {"text": "a --chaos 101"}),
            ("diffusion", {"text": "a --nonsense"}),
            ("diffusion", {"text": "--ar 1:1"}),
            ("diffusion", {"text": "a --relax"}),
            ("pan", {"jobId": "x", "imageNo": 0, "direction": 4,
                     "scale": 2})):
        answer = server.call("POST", f"/legnext/api/v1/{call}", body, LEGNEXT)
        equal(answer.status, 400, body)
    server.script("legnext", {"error_class": "content-filter", "variant": 1})
    task = legnext(server, "diffusion", {"text": "a"})
    true("sensitive" in task["error"]["message"])


def gemini(server, body):
    """An answer of the smaller model."""
    return server.call("POST", "/gemini/v1beta/models/gemini-2.5-flash-image"
                       ":generateContent", body, GEMINI)


def check_gemini(server):
    """A picture after a thought; refusals; strictness."""
    parts = [{"text": "x"}, {"inlineData": {
        "mimeType": "image/png", "data": b64(png(64, 64))}}]
    body = {"contents": [{"role": "user", "parts": parts}],
            "generationConfig": {"responseModalities": ["TEXT", "IMAGE"],
                                 "imageConfig": {"aspectRatio": "16:9"}}}
    found = gemini(server, body).json["candidates"][0]["content"]["parts"]
    made = [pictures.load(base64.b64decode(part["inlineData"]["data"]))
            for part in found if "inlineData" in part]
    equal(made[0].pixel(0, 0), (0, 255, 0))
    equal(made[1].pixel(0, 0), (18, 28, 38))
    true(made[1].width > made[1].height)
    equal(server.control("violations"), [])
    for variant, where in ((1, "candidates"), (8, "promptFeedback")):
        server.script("gemini", {"error_class": "content-filter",
                                 "variant": variant})
        true(where in gemini(server, body).json, where)
    body["generation_config"] = {}
    answer = gemini(server, body)
    equal(answer.json["error"]["status"], "INVALID_ARGUMENT")


def check_bfl(server):
    """A fill by mask, moderation, a wrong size."""
    body = {"image": b64(png(64, 64)), "prompt": "x", "seed": 2,
            "mask": b64(mask_png(64, 64, (0, 0, 8, 8))),
            "output_format": "png"}
    answer = server.call("POST", "/bfl/v1/flux-pro-1.0-fill", body, BFL).json
    done = poll(server, answer["polling_url"], BFL, ("Ready",))
    picture = server.call("GET", done["result"]["sample"]).picture
    equal(picture.pixel(0, 0), paint.edit_colour("x", 2))
    equal(server.control("violations"), [])
    server.script("bfl", {"error_class": "content-filter"})
    answer = server.call("POST", "/bfl/v1/flux-2-pro", {"prompt": "x"}, BFL)
    poll(server, answer.json["polling_url"], BFL, ("Request Moderated",))
    answer = server.call("POST", "/bfl/v1/flux-2-pro",
                         {"prompt": "x", "width": 100}, BFL)
    equal(answer.status, 422)
    server.control("config", {"bfl": {"polling": "other"}})
    answer = server.call("POST", "/bfl/v1/flux-2-pro", {"prompt": "x"}, BFL)
    true(answer.json["polling_url"].startswith(server.urls["other"]))


def check_replicate(server):
    """Waiting and not, cancelling."""
    url = "/replicate/v1/models/a/b/predictions"
    body = {"input": {"prompt": "x", "seed": 1, "width": 64, "height": 64}}
    done = server.call("POST", url, body, {**REPLICATE, "Prefer": "wait=5"})
    equal(done.json["status"], "succeeded")
    picture = server.call("GET", done.json["output"][0]).picture
    equal(picture.pixel(0, 0), paint.base_colour("x", 1))
    server.control("config", {"job_seconds": 20})
    started = server.call("POST", url, body, REPLICATE)
    equal((started.status, started.json["status"]), (201, "starting"))
    urls = started.json["urls"]
    equal(server.call("POST", urls["cancel"], headers=REPLICATE)
          .json["status"], "canceled")
    equal(server.control("violations"), [])
