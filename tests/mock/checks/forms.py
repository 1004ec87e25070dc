# SPDX-License-Identifier: LGPL-3.0-or-later
"""Stability, Topaz, sd-server."""

import base64

from mockserver import paint, pictures

from .client import b64, equal, form, mask_png, png, true
from .hosted import poll

STABILITY = {"Authorization": "Bearer test-key-stability"}
TOPAZ = {"X-API-Key": "test-key-topaz"}
SOURCE = ("a.png", "image/png", png(64, 64))


def stability(server, call, fields, accept="image/*"):
    """An answer of Stability."""
    body, headers = form(fields)
    headers.update(STABILITY, Accept=accept)
    return server.call("POST", f"/stability/v2beta/stable-image/{call}", body,
                       headers)


def check_stability(server):
    """Bytes, JSON, a mask, polling, moderation."""
    mask = ("m.png", "image/png", mask_png(64, 64, (0, 0, 8, 8)))
    answer = stability(server, "edit/inpaint", [
        ("image", SOURCE), ("mask", mask), ("prompt", "x"), ("seed", 4)])
    equal(answer.headers["finish-reason"], "SUCCESS", answer.body)
    equal(answer.picture.pixel(0, 0), paint.edit_colour("x", 4))
    equal(answer.picture.pixel(8, 8), (18, 28, 38))
    answer = stability(server, "edit/outpaint", [
        ("image", SOURCE), ("left", 10), ("down", 20)])
    equal((answer.picture.width, answer.picture.height), (74, 84))
    answer = stability(server, "generate/core", [("prompt", "x")],
                       "application/json").json
    equal(answer["finish_reason"], "SUCCESS")
    answer = stability(server, "upscale/creative", [
        ("image", SOURCE), ("prompt", "x"), ("creativity", 0.3)])
    url = "/stability/v2beta/results/" + answer.json["id"]
    for _ in range(100):
        answer = server.call("GET", url, headers={**STABILITY,
                                                  "Accept": "image/*"})
        if answer.status != 202:
            break
    equal(answer.picture.width, 256)
    equal(server.control("violations"), [])
    server.script("stability", "nsfw")
    answer = stability(server, "generate/core", [("prompt", "x")])
    equal(answer.headers["finish-reason"], "CONTENT_FILTERED")
    answer = stability(server, "generate/core", [("prompt", "x"),
                                                 ("seed", -1)])
    equal((answer.status, answer.json["name"]), (400, "bad_request"))


def check_topaz(server):
    """Submit, poll, download from another origin; estimate, cancel."""
    body, headers = form([("image", SOURCE), ("model", "CGI"),
                          ("output_width", 128), ("sharpen", 0.4),
                          ("output_format", "png")])
    headers.update(TOPAZ)
    answer = server.call("POST", "/topaz/image/v1/enhance/async", body,
                         headers).json
    name = answer["process_id"]
    done = poll(server, f"/topaz/image/v1/status/{name}", TOPAZ,
                ("Completed",))
    equal((done["progress"], done["output_height"]), (100, 128))
    place = server.call("GET", f"/topaz/image/v1/download/{name}",
                        headers=TOPAZ).json
    true(place["download_url"].startswith(server.urls["other"]))
    equal(server.call("GET", place["download_url"]).picture.width, 128)
    equal(server.control("violations"), [])
    equal(server.call("DELETE", f"/topaz/image/v1/cancel/{name}",
                      headers=TOPAZ).status, 409)
    equal(server.call("POST", "/topaz/image/v1/estimate", body,
                      headers).json["estimate"]["credits"], [1, 1])
    true(server.call("GET", "/topaz/account/v1/credits/balance",
                     headers=TOPAZ).json["available_credits"])
    body, headers = form([("image", SOURCE), ("model", "Redefine")])
    answer = server.call("POST", "/topaz/image/v1/enhance/async", body,
                         {**headers, **TOPAZ})
    equal(answer.status, 400)


def check_sdserver(server):
    """Its own protocol."""
    body = {"prompt": "x", "seed": 3, "width": 64, "height": 64,
            "batch_count": 2, "init_image": b64(png(64, 64)),
            "mask_image": b64(mask_png(64, 64, (0, 0, 8, 8))),
            "sample_params": {"sample_method": "euler_a", "sample_steps": 4,
                              "guidance": {"txt_cfg": 7}}}
    answer = server.call("POST", "/sdserver/sdcpp/v1/img_gen", body)
    equal(answer.status, 202, answer.body)
    done = poll(server, answer.json["poll_url"], {}, ("completed",))
    made = [pictures.load(base64.b64decode(image["b64_json"]))
            for image in done["result"]["images"]]
    equal(made[1].pixel(0, 0), paint.edit_colour("x", 4))
    true(server.call("GET", "/sdserver/sdcpp/v1/capabilities").json)
    equal(server.control("violations"), [])
    body["init_image"] = b64(png(64, 64, (7,)))
    answer = server.call("POST", "/sdserver/sdcpp/v1/img_gen", body)
    equal((answer.status, list(answer.json)), (400, ["error"]))
    server.control("config", {"sdserver": {"job_seconds": 20}})
    body = {"prompt": "x", "width": 64, "height": 64}
    answer = server.call("POST", "/sdserver/sdcpp/v1/img_gen", body).json
    answer = server.call("POST", answer["poll_url"] + "/cancel")
    equal(answer.json["status"], "cancelled")


def check_sdserver_forms(server):
    """OpenAI's form, with a white mask, and sdapi without progress."""
    mask = mask_png(64, 64, (0, 0, 8, 8), (255, 255, 255, 0), (0, 0, 0, 255))
    body, headers = form([("prompt", "x"), ("size", "64x64"),
                          ("image[]", SOURCE),
                          ("mask", ("m.png", "image/png", mask))])
    answer = server.call("POST", "/sdserver/v1/images/edits", body, headers)
    picture = pictures.load(base64.b64decode(
        answer.json["data"][0]["b64_json"]))
    equal(picture.pixel(0, 0), paint.edit_colour("x", 0))
    answer = server.call("POST", "/sdserver/sdapi/v1/txt2img",
                         {"prompt": "x", "width": 64, "height": 64})
    equal(len(answer.json["images"]), 1)
    equal(server.call("GET", "/sdserver/sdapi/v1/samplers").status, 200)
    equal(server.control("violations"), [])
    equal(server.call("GET", "/sdserver/sdapi/v1/progress").status, 404)
