# SPDX-License-Identifier: LGPL-3.0-or-later
"""OpenAI and its imitators."""

import base64
import json

from mockserver import paint, pictures

from .client import equal, form, mask_png, png, true

KEY = {"Authorization": "Bearer test-key-openai"}


def check_generate(server):
    """Two pictures of different colours."""
    answer = server.call("POST", "/openai/v1/images/generations", {
        "prompt": "a", "model": "gpt-image-1", "n": 2, "size": "1024x1024"},
        KEY).json
    made = [pictures.load(base64.b64decode(item["b64_json"]))
            for item in answer["data"]]
    equal(made[0].width, 1024)
    true(made[0].pixel(0, 0) != made[1].pixel(0, 0))
    equal(server.control("violations"), [])


def check_edit(server):
    """A form, with a mask whose transparent part is edited."""
    mask = mask_png(64, 64, (0, 0, 32, 32), (255, 255, 255, 0),
                    (0, 0, 0, 255))
    body, headers = form([
        ("prompt", "x"), ("model", "gpt-image-1"), ("size", "1024x1024"),
        ("image[]", ("a.png", "image/png", png(64, 64))),
        ("mask", ("m.png", "image/png", mask))])
    answer = server.call("POST", "/openai/v1/images/edits", body,
                         {**KEY, **headers})
    picture = pictures.load(base64.b64decode(
        answer.json["data"][0]["b64_json"]))
    equal(picture.pixel(10, 10), paint.edit_colour("x", 0))
    equal(picture.pixel(600, 600), (18, 28, 38))
    entry = server.control("requests?service=openai")[0]
    equal(entry["mask"]["edit_box"], [0, 0, 32, 32])
    equal(entry["body"]["parts"][3]["width"], 64)
    equal(server.control("violations"), [])


def check_stream(server):
    """Partial pictures, then the whole one."""
    answer = server.call("POST", "/openai/v1/images/generations", {
        "prompt": "a", "stream": True, "partial_images": 2}, KEY)
    events = [json.loads(line[6:]) for line in answer.body.decode()
              .split("\n") if line.startswith("data: ")]
    equal([e["type"] for e in events], ["image_generation.partial_image"] * 2
          + ["image_generation.completed"])


def check_strict(server):
    """Wrong values name their parameter."""
    for body, param in (({"prompt": "a", "size": "100x100"}, "size"),
                        ({"prompt": "a", "n": 11}, "n"),
                        ({"prompt": "a", "seed": 1}, "seed"),
                        ({}, "prompt")):
        answer = server.call("POST", "/openai/v1/images/generations", body,
                             KEY)
        equal((answer.status, answer.json["error"]["param"]), (400, param))
    server.control("config", {"openai": {"imitator": True, "answer": "url"}})
    answer = server.call("POST", "/openai/v1/images/generations", {
        "prompt": "a", "size": "100x80", "seed": 1}, KEY).json
    equal(server.call("GET", answer["data"][0]["url"]).picture.width, 100)
