# SPDX-License-Identifier: LGPL-3.0-or-later
"""Gemini: generateContent with pictures in and out."""

import random

from . import encoders, models, paint, schema
from .errors import in_job, reply
from .http import json_response
from .pictures import flat, sniff
from .schema import (anything, array, boolean, choice, integer, number, record,
                     text)
from .service import Service, encode64, route

MODELS = {"gemini-2.5-flash-image": 3, "gemini-3-pro-image-preview": 14}
RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9",
          "21:9")
INLINE_LIMIT = 20 << 20
PART = record({"text": text(), "inlineData": record({
    "mimeType": choice("image/png", "image/jpeg", "image/webp",
                       required=True), "data": text(1, required=True)}),
    "thoughtSignature": text()})
FIELDS = {
    "contents": array(record({"role": choice("user", "model"),
                              "parts": array(PART, 1, required=True)}), 1,
                      required=True),
    "generationConfig": record({
        "responseModalities": array(choice("TEXT", "IMAGE"), 1),
        "imageConfig": record({"aspectRatio": choice(*RATIOS),
                               "imageSize": choice("1K", "2K", "4K")}),
        "temperature": number(0, 2), "topP": number(0, 1), "topK": integer(),
        "seed": integer(), "candidateCount": integer(1, 8),
        "maxOutputTokens": integer(1), "thinkingConfig": record({
            "includeThoughts": boolean()})}),
    "safetySettings": array(anything()),
    "systemInstruction": record({"parts": array(PART), "role": text()}),
}
REFUSALS = ("SAFETY", "IMAGE_SAFETY", "PROHIBITED_CONTENT",
            "IMAGE_PROHIBITED_CONTENT", "RECITATION", "IMAGE_RECITATION",
            "BLOCKLIST", "SPII")


def said(code, status, message, reason=None, *headers):
    """Google's form of an error."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": reason, "domain": "googleapis.com"}]
    return reply(code, {"error": {"code": code, "message": message,
                                  "status": status, **(
                                      {"details": details} if reason else {})}},
                 *headers)


def limited(**details):
    """RESOURCE_EXHAUSTED."""
    return {"error": {"code": 429, "message": "Resource has been exhausted.",
                      "status": "RESOURCE_EXHAUSTED", **details}}


class GeminiService(Service):
    """Google's generative language API."""

    name = "gemini"
    has_nsfw = True
    prefix = "/gemini"
    key_header = "x-goog-api-key"
    key_format = "{key}"
    # thoughts: a picture that is marked as a thought comes first.
    settings = {"thoughts": True}
    errors = {
        "auth": [
            said(400, "INVALID_ARGUMENT", "API key not valid.",
                 "API_KEY_INVALID"),
            said(401, "UNAUTHENTICATED", "Request had invalid credentials."),
            said(403, "PERMISSION_DENIED", "Permission denied."),
        ],
        "credits": [reply(402, {"error": {
            "code": 402, "message": "Billing account is required.",
            "status": "FAILED_PRECONDITION"}})],
        "content-filter": [
            in_job(finishReason=reason) for reason in REFUSALS
        ] + [in_job(blockReason=reason) for reason in (
            "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "OTHER")],
        "rate-limit": [
            reply(429, limited(), ("Retry-After", "{seconds}")),
            reply(429, limited(details=[{
                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                "retryDelay": "{seconds}s"}])),
            reply(429, limited()),
        ],
        "too-large": [said(413, "INVALID_ARGUMENT", "Request payload size "
                           "exceeds the limit: 20971520 bytes.")],
        "invalid-parameter": [
            said(400, "INVALID_ARGUMENT", "Invalid value at '{param}': "
                 "{message}"),
            said(404, "NOT_FOUND", "The model is not found."),
            said(400, "INVALID_ARGUMENT", "Unable to process input image."),
        ],
        "timeout": [said(504, "DEADLINE_EXCEEDED", "Deadline expired.")],
        "server": [
            said(500, "INTERNAL", "An internal error has occurred."),
            said(503, "UNAVAILABLE", "The model is overloaded."),
            in_job(finishReason="NO_IMAGE"),
            in_job(finishReason="IMAGE_OTHER"),
        ],
    }

    def bad_image(self, request, param, why):
        """A picture that can't be used."""
        return self.reject(request, "invalid-parameter", f"{param} {why}",
                           param, 2)

    @route("POST", "/v1beta/models/{call}", "sync")
    def generate(self, request, call):
        """Waits for candidates."""
        model, _, verb = call.partition(":")
        if model not in MODELS or verb != "generateContent":
            self.reject(request, "invalid-parameter", f"no model {call}",
                        "model", 1)
        if len(request.body) > INLINE_LIMIT:
            self.reject(request, "too-large", "more than 20 MB", "contents")
        body = self.json_body(request)
        problems = schema.check(FIELDS, body)
        if problems:
            where = ".".join(map(str, problems[0].loc[1:]))
            self.reject(request, "invalid-parameter", str(problems[0]), where)
        prompt, images = self.inputs(request, body, MODELS[model])
        job = self.start(request, self.maker(body, prompt, images))
        self.charge(request, model, 1)
        self.wait(request, job)
        return self.answer(job, model)

    def inputs(self, request, body, most):
        """Prompt and pictures of the last content."""
        words, images = [], []
        for part in body["contents"][-1]["parts"]:
            if ("text" in part) == ("inlineData" in part):
                self.reject(request, "invalid-parameter", "a part has text "
                            "or inlineData", "contents")
            if "text" in part:
                words.append(part["text"])
                continue
            inline = part["inlineData"]
            data = self.base64_bytes(request, inline["data"], "inlineData")
            kind, _ = self.kind_and_size(request, data)
            if inline["mimeType"] != f"image/{kind}":
                self.bad_image(request, "inlineData", f"is {kind}")
            images.append(self.open_picture(request, data, "inlineData"))
        if len(images) > most or not words:
            self.reject(request, "invalid-parameter", f"{len(images)} "
                        "pictures, or no text", "contents")
        return " ".join(words), images

    def kind_and_size(self, request, data):
        """By magic bytes."""
        kind, size = sniff(data)
        if kind is None:
            self.bad_image(request, "inlineData", "is no picture")
        return kind, size

    def maker(self, body, prompt, images):
        """What makes the picture."""
        config = body.get("generationConfig", {})
        shape = config.get("imageConfig", {})
        side = {"1K": 1024, "2K": 2048, "4K": 4096}[
            shape.get("imageSize", "1K")]
        seed = config.get("seed", random.randrange(1 << 31))
        if "aspectRatio" in shape:
            size = models.ratio_size(shape["aspectRatio"], side * side)
        elif images:
            size = models.ratio_size(f"{images[0].width}:{images[0].height}",
                                     side * side)
        else:
            size = side, side
        if images:
            return lambda: [paint.edit(images[0].rgb().resized(*size), None,
                                       prompt, seed)]
        return lambda: [paint.generate(*size, prompt, seed)]

    def answer(self, job, model):
        """Candidates, or why there are none."""
        value = {"usageMetadata": {"promptTokenCount": 10,
                                   "candidatesTokenCount": 1290,
                                   "totalTokenCount": 1300},
                 "modelVersion": model, "responseId": job.id}
        if job.kind == "fails":
            why = self.failure(job)
            if "blockReason" in why:
                return json_response({**value, "promptFeedback": why})
            return json_response({**value, "candidates": [{
                "content": {"role": "model"}, "index": 0, **why,
                "finishMessage": "Unable to show the generated image."}]})
        if job.kind == "nsfw":
            return json_response({**value, "candidates": [{
                "finishReason": "IMAGE_SAFETY", "index": 0}]})
        parts = [{"text": "Here is the picture."}]
        if self.setting("thoughts"):
            green = encoders.encode_png(flat(64, 64, (0, 255, 0)))
            parts.insert(0, {"text": "I think about it.", "thought": True})
            parts.insert(1, {"thought": True, "inlineData": {
                "mimeType": "image/png", "data": encode64(green)}})
        parts += [{"inlineData": {"mimeType": result.media,
                                  "data": encode64(result.data)},
                   "thoughtSignature": "c2ln"} for result in job.results()]
        return self.finished(job, {**value, "candidates": [{
            "content": {"role": "model", "parts": parts},
            "finishReason": "STOP", "index": 0}]})

    @route("GET", "/v1beta/models", "list")
    def models(self, _request):
        """Models."""
        return json_response({"models": [
            {"name": f"models/{name}", "displayName": name,
             "supportedGenerationMethods": ["generateContent"]}
            for name in MODELS]})
