# SPDX-License-Identifier: LGPL-3.0-or-later
"""What a test says to the server and asks it: /__mock/..."""

import json

from .faults import BadScript
from .http import Response, json_response


def nothing():
    """An answer where there is nothing."""
    return json_response({"error": "the mock server has nothing here"}, 404)


def respond(world, request):
    """Answers a control request."""
    name = request.path.removeprefix("/__mock").strip("/")
    handler = HANDLERS.get((request.method, name.split("/")[0]))
    if handler is None:
        return nothing()
    try:
        body = json.loads(request.body) if request.body else {}
        return handler(world, request, name, body)
    except Exception as error:
        return json_response({"error": f"{type(error).__name__}: {error}"},
                             400)


def get_requests(world, request, name, _body):
    """The log, or the body of one request: requests/N/body."""
    words = name.split("/")
    if len(words) == 3 and words[2] == "body":
        return Response(200, world.recorder.bodies[int(words[1])],
                        "application/octet-stream")
    entries = list(world.recorder.requests)
    for key in ("service", "step", "method", "origin"):
        if key in request.query:
            entries = [entry for entry in entries
                       if entry[key] == request.query[key]]
    if len(words) == 2:
        return json_response(world.recorder.requests[int(words[1])])
    return json_response(entries)


def get_image(world, _request, name, _body):
    """A picture that a client sent, by its check sum."""
    return Response(200, world.recorder.images[name.split("/")[1]],
                    "application/octet-stream")


def get_violations(world, _request, _name, _body):
    """What clients must not do."""
    return json_response(world.recorder.violations)


def get_leaks(world, _request, _name, _body):
    """Keys where they don't belong."""
    return json_response(world.recorder.leaks())


def get_charges(world, request, _name, _body):
    """What would have cost money."""
    service = request.query.get("service")
    if service:
        return json_response(world.charges.by_service.get(
            service, {"count": 0, "credits": 0, "items": []}))
    return json_response(world.charges.by_service)


def get_jobs(world, _request, _name, _body):
    """Every job and its state."""
    return json_response([
        {"service": job.service, "id": job.id, "state": job.state,
         "polls": job.polls}
        for service in world.services.values()
        for job in list(service.jobs.values())])


def get_errors(world, _request, _name, _body):
    """Classes of errors of each service, and their variants."""
    out = []
    for service in world.services.values():
        for name, variants in service.errors.items():
            out.append({"service": service.name, "class": name, "variants": [
                {"variant": i, "status": canned.status,
                 "in_job": canned.in_job, "body": canned.body}
                for i, canned in enumerate(variants)]})
    return json_response(out)


def get_state(world, _request, _name, _body):
    """Ports, keys, and scripts that wait."""
    return json_response({
        "origins": {name: str(o) for name, o in world.origins.items()},
        "services": {s.name: {"prefix": s.prefix, "key": s.key,
                              "header": s.key_header}
                     for s in world.services.values()},
        "scripts": [{"service": s.service, "match": s.match,
                     "fault": s.fault, "hits": s.hits}
                    for s in world.scripts.queue]})


def post_reset(world, _request, _name, _body):
    """Back to the start."""
    world.reset()
    return json_response({"ok": True})


def post_script(world, _request, _name, body):
    """Adds scripts."""
    world.scripts.add(body)
    return json_response({"ok": True})


def post_clear_scripts(world, _request, _name, _body):
    """Forgets the scripts that wait."""
    world.scripts.clear()
    return json_response({"ok": True})


def post_config(world, _request, _name, body):
    """Changes settings."""
    world.configure(body)
    return json_response({"ok": True})


def post_mask(world, _request, _name, body):
    """Where a service's masks must say edit, and where keep."""
    if set(body) - {"service", "edit", "keep"}:
        raise BadScript("service, edit and keep are known")
    if body["service"] not in world.services:
        raise BadScript(f"there is no service {body['service']!r}")
    world.masks[body["service"]] = body
    return json_response({"ok": True})


def post_die(world, _request, _name, body):
    """Closes the ports."""
    world.die(body.get("revive"))
    return json_response({"ok": True})


def post_revive(world, _request, _name, _body):
    """Opens them again."""
    world.revive()
    return json_response({"ok": True})


HANDLERS = {
    ("GET", ""): get_state,
    ("GET", "state"): get_state,
    ("GET", "requests"): get_requests,
    ("GET", "images"): get_image,
    ("GET", "violations"): get_violations,
    ("GET", "leaks"): get_leaks,
    ("GET", "charges"): get_charges,
    ("GET", "jobs"): get_jobs,
    ("GET", "errors"): get_errors,
    ("POST", "reset"): post_reset,
    ("POST", "script"): post_script,
    ("POST", "clear-scripts"): post_clear_scripts,
    ("POST", "config"): post_config,
    ("POST", "mask"): post_mask,
    ("POST", "die"): post_die,
    ("POST", "revive"): post_revive,
}
