# SPDX-License-Identifier: LGPL-3.0-or-later
"""Each fault once."""

import http.client
import json
import socket
import time
import uuid

from mockserver import pictures

from .client import equal, true
from .jobs import JOBS, SCHNELL, submit

FLUX = "/jobs/v1/jobs/flux_schnell"
LIST = "/sdapi/sdapi/v1/samplers"


def fails(kinds, function, *arguments):
    """Raises unless the call raises one of these exceptions."""
    try:
        function(*arguments)
    except kinds:
        return
    raise AssertionError(f"no {kinds}")


def result_url(server, fault=None):
    """URL of a result of the jobs API."""
    if fault:
        server.script("jobs", fault)
    return submit(server, "flux_schnell", SCHNELL).json["outputs"]["url"]


def check_refuse(server):
    """Connections are closed at once."""
    server.control("script", {"fault": "refuse", "times": 2,
                              "match": {"origin": "main"}})
    for _ in range(2):
        fails((OSError, http.client.HTTPException), server.call, "GET", LIST)
    equal(server.call("GET", LIST).status, 200)


def check_broken_transfers(server):
    """Drop, reset, truncated, wrong length: the client sees each."""
    for fault in ("drop", {"kind": "drop", "how": "rst"}, "drop-after",
                  "reset", "truncate"):
        server.script("sdapi", fault, match={"path": "samplers"})
        fails((OSError, http.client.HTTPException), server.call, "GET", LIST)
    server.script("sdapi", "wrong-length", match={"path": "samplers"})
    fails(ValueError, lambda: server.call("GET", LIST).json)


def check_slow(server):
    """Stall, slow, slow headers, delay."""
    server.script("sdapi", {"kind": "stall", "seconds": 20})
    fails((socket.timeout, OSError), server.call, "GET", LIST, None, None, .2)
    for fault in ({"kind": "slow", "bytes_per_second": 20000},
                  {"kind": "slow-headers", "bytes_per_second": 2000}):
        server.script("sdapi", fault)
        equal(len(server.call("GET", LIST).json), 12)
    server.control("script", {"service": "sdapi", "delay": 0.2})
    start = time.monotonic()
    server.call("GET", LIST)
    true(time.monotonic() - start > 0.2)
    entry = server.control("requests?service=sdapi")[0]
    for _ in range(100):
        if entry["gone"]:
            break
        time.sleep(0.01)
        entry = server.control("requests?service=sdapi")[0]
    true(entry["gone"], "the client left")


def check_redirect(server):
    """To every kind of place."""
    for to, start in (("other", server.urls["other"]), ("loop", "/sdapi"),
                      ("same", "/sdapi"), ("http", server.urls["mock"]),
                      ("file", "file:///"), ("localhost", "http://localhost:"),
                      ("http://nowhere.invalid/x", "http://nowhere")):
        server.script("sdapi", {"kind": "redirect", "to": to})
        answer = server.call("GET", LIST)
        equal(answer.status, 307)
        true(answer.headers["Location"].startswith(start), to)
        server.control("clear-scripts", {})


def check_leaks(server):
    """A key that follows a redirect, stands in a query, or is another's."""
    server.script("jobs", {"kind": "redirect", "to": "other", "code": 302})
    url = server.call("GET", "/jobs/v1/jobs/1", headers=JOBS)
    server.call("GET", url.headers["Location"], headers=JOBS)
    server.call("GET", url.headers["Location"])
    server.call("GET", "/jobs/v1/jobs/1?key=test-key-jobs", headers=JOBS)
    server.call("GET", "/fal/x", headers=JOBS)
    url = result_url(server)
    server.call("GET", url, headers={"X-Custom": "test-key-jobs"})
    local = server.urls["mock"].replace("127.0.0.1", "localhost")
    server.call("GET", local + "/jobs/v1/jobs/1", headers=JOBS)
    leaks = server.control("leaks")
    equal([leak["leaks"][0]["where"] for leak in leaks],
          ["header Authorization", "path or query", "header Authorization",
           "header X-Custom", "header Authorization"])


def check_status(server):
    """Plain codes, HTML, and every error of every service."""
    server.script("jobs", {"kind": "status", "code": 418, "body": {"a": 1},
                           "headers": {"X-Y": "z"}})
    answer = server.call("GET", FLUX)
    equal((answer.status, answer.json, answer.headers["X-Y"]),
          (418, {"a": 1}, "z"))
    server.script("jobs", {"kind": "html", "code": 200})
    true(b"<html>" in server.call("GET", FLUX).body)
    for item in server.control("errors"):
        for variant in item["variants"]:
            server.script(item["service"], {
                "error_class": item["class"], "param": "seed",
                "variant": variant["variant"], "retry_after": 7})
            if variant["in_job"]:
                server.control("clear-scripts", {})
                continue
            path = server.control("state")["services"][item["service"]]
            answer = server.call("POST", path["prefix"] + "/x", {})
            equal(answer.status, variant["status"], item)
            if variant["status"] != 200 and "{seconds}" in json.dumps(variant):
                true(b"7" in answer.body or answer.headers["Retry-After"])


def check_retry_after(server):
    """In seconds, as a date, in the body."""
    for variant, header in ((0, "9"), (1, "GMT"), (2, None)):
        server.script("jobs", {"error_class": "rate-limit", "retry_after": 9,
                               "variant": variant})
        answer = server.call("GET", FLUX)
        found = answer.headers["Retry-After"]
        true(found is header or found.endswith(header), found)
    equal(answer.json["retry_after_seconds"], 9)


def check_json(server):
    """Bodies that are no help."""
    for fault, test in (
            ("json-truncated", lambda b: fails(ValueError, json.loads, b)),
            ("json-types", lambda b: true(json.loads(b)["status"] == 17)),
            ({"kind": "json-types", "variant": 1},
             lambda b: true(json.loads(b)["outputs"]["out"] == 17)),
            ({"kind": "json-types", "variant": 2},
             lambda b: true(json.loads(b)["status"] is None)),
            ("json-empty", lambda b: equal(b, b"{}")),
            ({"kind": "json-empty", "variant": 1}, lambda b: equal(b, b"")),
            ("json-deep", lambda b: equal(len(b), 200000)),
            ({"kind": "json-huge", "megabytes": 3},
             lambda b: true(len(b) > 3 << 20))):
        server.script("jobs", fault)
        answer = submit(server, "flux_schnell", SCHNELL)
        equal(answer.status, 200)
        test(answer.body)


def check_results(server):
    """Results that are no good."""
    for kind in ("text", "gif", "svg", "bmp", "magic"):
        url = result_url(server, {"kind": "wrong-image", "as": kind})
        true(not server.call("GET", url).body.startswith(b"\x89PNG\r\n\x1a\n\0")
             , kind)
    for how in ("ihdr", "zlib", "iccp"):
        body = server.call("GET", result_url(
            server, {"kind": "bomb", "how": how})).body
        true(len(body) < 1 << 20 and body.startswith(pictures.PNG_MAGIC), how)
    picture = server.call("GET", result_url(server, "wrong-size")).picture
    equal((picture.width, picture.height), (72, 48))
    url = result_url(server, {"kind": "wrong-size", "how": "aspect"})
    equal(server.call("GET", url).picture.height, 128)
    url = result_url(server, {"kind": "expired", "code": 403})
    equal(server.call("GET", url).status, 403)
    server.script("jobs", {"kind": "empty", "how": "bytes"},
                  match={"step": "file"})
    equal(server.call("GET", result_url(server)).body, b"")


def check_job_faults(server):
    """Jobs that don't end well."""
    for fault in ("empty", {"kind": "empty", "how": "none"}):
        server.script("jobs", fault)
        job = submit(server, "flux_schnell", SCHNELL).json
        true("url" not in job.get("outputs", {}), fault)
    server.script("jobs", "nsfw")
    job = submit(server, "flux_schnell", SCHNELL).json
    equal(job["outputs"]["has_nsfw_concepts"], [True])
    server.script("jobs", {"error_class": "credits", "variant": 2})
    job = submit(server, "flux_schnell", SCHNELL).json
    equal((job["status"], job["error"]), ("failed", "insufficient_credits"))
    server.script("jobs", "never-ends")
    job = submit(server, "flux_schnell", SCHNELL).json
    time.sleep(0.1)
    job = server.call("GET", job["status_url"], headers=JOBS).json
    equal(job["status"], "running")


def check_unknown_outcome(server):
    """The job is charged, the answer gets lost, the server goes away."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    server.script("jobs", "drop-after")
    fails((OSError, http.client.HTTPException), submit, server,
          "flux_schnell", SCHNELL)
    equal(server.control("charges?service=jobs")["count"], 1)
    server.script("jobs", {"kind": "status", "code": 502, "execute": True})
    equal(submit(server, "flux_schnell", SCHNELL, **key).status, 502)
    equal(submit(server, "flux_schnell", SCHNELL, **key).status, 200)
    equal(server.control("charges?service=jobs")["count"], 2)
    server.script("jobs", "die-after-submit")
    job = submit(server, "flux_schnell", SCHNELL).json
    fails(OSError, server.call, "GET", job["status_url"])
    server.control("revive", {})
    answer = server.call("GET", job["status_url"], headers=JOBS)
    equal(answer.json["status"], "succeeded")


def check_scripts(server):
    """Order, times, skip; mistakes are told."""
    server.control("script", [
        {"service": "sdapi", "skip": 1, "times": 2,
         "fault": {"kind": "status", "code": 501}},
        {"service": "sdapi", "match": {"method": "GET", "path": "samplers"},
         "times": 2, "fault": {"kind": "status", "code": 502}}])
    equal([server.call("GET", LIST).status for _ in range(5)],
          [502, 501, 501, 502, 200])
    for wrong in ({"fault": "nonsense"}, {"service": "none"}, {"tims": 2},
                  {"service": "jobs", "fault": {"error_class": "none"}}):
        fails(AssertionError, server.control, "script", wrong)
    fails(AssertionError, server.control, "config", {"none": 1})
