# SPDX-License-Identifier: LGPL-3.0-or-later
"""Answers of services that went wrong, as tables of canned bodies.

In a body "{param}", "{seconds}", "{date}" and "{message}" are replaced.
"""

import json

from .http import Response, http_date


class Canned:
    """One way in which a service says that something is wrong.

    in_job: not the answer to the request itself but what becomes of its job;
    the body is then for the service's own code.
    """

    def __init__(self, status, body, headers=(), in_job=False, media=None):
        self.status = status
        self.body = body
        self.headers = headers
        self.in_job = in_job
        self.media = media


def reply(status, body, *headers, media=None):
    """An immediate answer."""
    return Canned(status, body, headers, media=media)


def in_job(**body):
    """A job that is accepted and fails."""
    return Canned(200, body, in_job=True)


def detail(status, kind, message, ctx=None, loc=("body", "{param}")):
    """fal's first form: a list of what is wrong."""
    item = {"loc": list(loc), "msg": message, "type": kind,
            "url": "https://docs.fal.ai/errors/#" + kind}
    if ctx:
        item["ctx"] = ctx
    return reply(status, {"detail": [item]}, ("X-Fal-Retryable", "false"))


def fill(value, words):
    """Replaces the words in every text."""
    if isinstance(value, dict):
        return {name: fill(item, words) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(item, words) for item in value]
    if isinstance(value, str):
        if value == "{seconds}":
            return words["seconds"]
        for name, word in words.items():
            value = value.replace("{" + name + "}", str(word))
    return value


def render(canned, param="prompt", seconds=1, message=None):
    """The Response of an immediate answer."""
    words = {"param": param, "seconds": seconds, "date": http_date(seconds),
             "message": message or f"Invalid value for {param}"}
    headers = [(name, str(fill(value, words)))
               for name, value in canned.headers]
    if isinstance(canned.body, (dict, list)):
        body = json.dumps(fill(canned.body, words)).encode()
        return Response(canned.status, body, canned.media or "application/json",
                        headers)
    body = fill(canned.body, words).encode()
    return Response(canned.status, body, canned.media or "text/plain", headers)
