# SPDX-License-Identifier: LGPL-3.0-or-later
"""The jobs API and fal."""

import time
import uuid

from mockserver import paint

from .client import data_uri, equal, mask_png, png, true

JOBS = {"Authorization": "Bearer test-key-jobs"}
FAL = {"Authorization": "Key test-key-fal"}
SCHNELL = {"prompt": "a cup", "seed": 7, "output_format": "png",
           "image_size": {"width": 96, "height": 64}, "out": "a.png"}


def submit(server, model, body, **more):
    """A job."""
    return server.call("POST", f"/jobs/v1/jobs/{model}", body, {
        **JOBS, "Idempotency-Key": str(uuid.uuid4()), **more})


def check_sync(server):
    """A finished job, its picture, its cost."""
    job = submit(server, "flux_schnell", SCHNELL).json
    equal(job["status"], "succeeded")
    url = job["outputs"]["url"]
    true(url.startswith(server.urls["other"]), url)
    picture = server.call("GET", url).picture
    equal((picture.width, picture.height), (96, 64))
    equal(picture.pixel(0, 0), paint.base_colour("a cup", 7))
    equal(server.control("charges?service=jobs")["credits"], 1)
    equal(server.control("violations"), [])
    equal(server.control("leaks"), [])


def check_async(server):
    """A queued job, polled, cancelled, and asked for too often."""
    server.control("config", {"jobs": {"mode": "async", "job_seconds": 0,
                                       "job_polls": 2}})
    answer = submit(server, "flux_schnell", SCHNELL)
    equal(answer.status, 202)
    url = answer.json["status_url"]
    states = [server.call("GET", url, headers=JOBS).json["status"]
              for _ in range(3)]
    equal(states, ["running", "running", "succeeded"])
    equal(server.call("POST", url + "/cancel", {}, JOBS).status, 409)
    url = submit(server, "flux_schnell", SCHNELL).json["status_url"]
    server.script("jobs", "too-soon")
    equal(server.call("GET", url, headers=JOBS).json["error"],
          "polled_too_soon")
    equal(server.call("POST", url + "/cancel", headers=JOBS).json["status"],
          "cancelled")


def check_idempotency(server):
    """The same key is the same job, and one charge."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = submit(server, "flux_schnell", SCHNELL, **key).json
    again = submit(server, "flux_schnell", SCHNELL, **key).json
    equal(first["job_id"], again["job_id"])
    equal(server.control("charges?service=jobs")["count"], 1)
    submit(server, "flux_schnell", {**SCHNELL, "mock": True})
    equal(server.control("charges?service=jobs")["count"], 1)


def check_jobs_strict(server):
    """Violations have fal's form and are logged."""
    for change, kind in (({"num_images": 9}, "less_than_equal"),
                         ({"nonsense": 1}, "extra_forbidden"),
                         ({"prompt": 7}, "string_type"),
                         ({"output_format": "gif"}, "literal_error")):
        answer = submit(server, "flux_schnell", {**SCHNELL, **change})
        equal((answer.status, answer.json["detail"][0]["type"]), (422, kind))
    equal(len(server.control("violations")), 4)
    answer = server.call("POST", "/jobs/v1/jobs/flux_schnell", SCHNELL, {
        "Authorization": "Bearer wrong"})
    equal((answer.status, answer.json["error"]), (401, "unauthorized"))
    equal(submit(server, "none", SCHNELL).status, 404)


def check_edit_and_upscale(server):
    """Pictures come in as data: URIs."""
    source = data_uri(png(64, 32))
    job = submit(server, "nano_banana_edit", {
        "prompt": "make it red", "image_urls": [source], "out": "b.png"}).json
    picture = server.call("GET", job["outputs"]["url"]).picture
    equal(picture.pixel(0, 0), (18, 28, 38))
    job = submit(server, "topaz_upscale_image", {
        "image_url": source, "upscale_factor": 3, "output_format": "png",
        "out": "c.png"}).json
    picture = server.call("GET", job["outputs"]["url"]).picture
    equal((picture.width, picture.height), (192, 96))
    broken = data_uri(png(64, 32)[:-30])
    answer = submit(server, "topaz_upscale_image", {
        "image_url": broken, "out": "c.png"})
    equal(answer.json["detail"][0]["type"], "image_load_error")


def fal_result(server, model, body):
    """The output of fal's queue."""
    answer = server.call("POST", f"/fal/{model}", body, FAL)
    equal(answer.status, 200, answer.body)
    queued = answer.json
    for _ in range(200):
        answer = server.call("GET", queued["status_url"] + "?logs=1",
                             headers=FAL)
        if answer.status == 200:
            break
        time.sleep(0.01)
    equal(answer.json["status"], "COMPLETED")
    return server.call("GET", queued["response_url"], headers=FAL)


def check_fal_queue(server):
    """Submit, poll, result; an address that was made up is refused."""
    body = {name: value for name, value in SCHNELL.items() if name != "out"}
    output = fal_result(server, "fal-ai/flux/schnell",
                        {**body, "num_images": 2}).json
    equal(output["has_nsfw_concepts"], [False, False])
    equal(len(output["images"]), 2)
    equal(server.control("violations"), [])
    answer = server.call("POST", "/fal/queue/fal-ai/flux/schnell", body, FAL)
    made_up = answer.json["status_url"].replace("flux/", "flux/schnell/")
    equal(server.call("GET", made_up, headers=FAL).status, 405)
    answer = server.call("PUT", answer.json["cancel_url"], headers=FAL)
    equal(answer.json["status"], "CANCELLATION_REQUESTED")


def check_fal_mask(server):
    """An uploaded picture, a mask, and both in the result."""
    answer = server.call(
        "POST", "/fal/rest/storage/upload/initiate?storage_type=fal-cdn-v3",
        {"content_type": "image/png", "file_name": "a.png"}, FAL)
    place = answer.json
    equal(server.call("PUT", place["upload_url"], png(64, 64),
                      {"Content-Type": "image/png"}).status, 200)
    server.control("mask", {"service": "fal", "edit": [[20, 20]],
                            "keep": [[0, 0], [0.99, 0.99]]})
    body = {"prompt": "x", "image_url": place["file_url"], "seed": 3,
            "mask_url": data_uri(mask_png(64, 64, (16, 16, 8, 8))),
            "output_format": "png"}
    output = fal_result(server, "fal-ai/flux-pro/v1/fill", body).json
    picture = server.call("GET", output["images"][0]["url"]).picture
    equal(picture.pixel(15, 15), (18, 28, 38))
    equal(picture.pixel(16, 16), paint.edit_colour("x", 3))
    equal(server.control("violations"), [])
    body["mask_url"] = data_uri(mask_png(64, 64, (16, 16, 8, 8), (0,), (255,)))
    fal_result(server, "fal-ai/flux-pro/v1/fill", body)
    equal(len(server.control("violations")), 3)


def check_fal_sync(server):
    """The blocking form, with the picture inline."""
    body = {"prompt": "a", "sync_mode": True, "image_size": "square"}
    output = server.call("POST", "/fal/run/fal-ai/flux/schnell", body,
                         FAL).json
    true(output["images"][0]["url"].startswith("data:image/jpeg;base64,"))
