# SPDX-License-Identifier: LGPL-3.0-or-later
"""What the jobs API and fal have in common: checks, work, output objects."""

import random

from . import errors, models, paint, schema
from .errors import detail
from .http import json_response
from .service import Reply, Service

DATA_LIMIT = 25 * 1000 * 1000
PIXEL_LIMIT = 89478485

DETAIL_ERRORS = {
    "content-filter": [
        detail(422, "content_policy_violation", "The content could not be "
               "processed because it contained material flagged by a content "
               "checker.", loc=("body", "prompt")),
        detail(422, "no_media_generated", "The model returned no media for "
               "this prompt.", loc=("body", "prompt")),
    ],
    "too-large": [
        detail(422, "image_too_large", "The image is too large.",
               {"max_width": 4096, "max_height": 4096},
               loc=("body", "image_url")),
        detail(422, "file_too_large", "The file is too large.",
               {"max_size": DATA_LIMIT}, loc=("body", "image_url")),
    ],
    "invalid-parameter": [
        detail(422, "value_error", "{message}"),
        detail(422, "less_than_equal", "Input should be less than or equal "
               "to 4", {"le": 4}),
        detail(422, "missing", "Field required"),
        detail(422, "image_load_error", "The image could not be read.",
               loc=("body", "image_url")),
        detail(422, "image_too_small", "The image is too small.",
               {"min_width": 64, "min_height": 64}, loc=("body", "image_url")),
        detail(422, "file_download_error", "The file could not be "
               "downloaded.", loc=("body", "image_url")),
        detail(422, "unsupported_image_format", "The format is not "
               "supported.", {"supported_formats": ["png", "jpeg"]},
               loc=("body", "image_url")),
        errors.reply(422, {"detail": "{message}"}),
        detail(422, "one_of", "Input should be one of the choices",
               {"expected": ["jpeg", "png"]}),
        detail(422, "greater_than", "Input should be greater than 0",
               {"gt": 0}),
        detail(422, "greater_than_equal", "Input should be greater than or "
               "equal to 1", {"ge": 1}),
        detail(422, "less_than", "Input should be less than 5", {"lt": 5}),
        detail(422, "multiple_of", "Input should be a multiple of 8",
               {"multiple_of": 8}),
        detail(422, "sequence_too_short", "At least 1 item",
               {"min_length": 1}),
        detail(422, "sequence_too_long", "At most 10 items",
               {"max_length": 10}),
        detail(422, "face_detection_error", "No face was found.",
               loc=("body", "image_url")),
    ],
}


class FalWork(Service):
    """Checks inputs as fal does and makes what its models make."""

    def problems(self, request, problems):
        """Answers 422 with every problem."""
        for problem in problems:
            self.violation(request, str(problem))
        items = [{"loc": p.loc, "msg": p.text, "type": p.kind,
                  "url": "https://docs.fal.ai/errors/#" + p.kind,
                  "input": p.value, **({"ctx": p.ctx} if p.ctx else {})}
                 for p in problems]
        raise Reply(json_response({"detail": items}, 422,
                                  [("X-Fal-Retryable", "false")]))

    def check_body(self, request, fields, body, topaz=False):
        """Answers 422 when a body is not as the fields say."""
        found = schema.check(fields, body)
        if found:
            self.problems(request, found)
        if topaz:
            for field in models.wrong_for_model(body):
                self.violation(request, f"{field} does not apply to the model "
                               f"{body.get('model', 'Standard V2')}")

    def bad_image(self, request, param, why):
        """A picture that can't be used."""
        variant = 5 if "download" in why else 3
        return self.reject(request, "invalid-parameter", f"{param} {why}",
                           param, variant)

    def fetch_picture(self, request, body, param):
        """The Picture of a field, or of the items of a list."""
        value = body[param]
        many = value if isinstance(value, list) else [value]
        out = []
        for one in many:
            data = self.picture_bytes(request, one, param)
            if len(data) > DATA_LIMIT:
                self.reject(request, "too-large", f"{param} has {len(data)} "
                            "bytes", param, 1)
            out.append(self.open_picture(request, data, param))
        if any(p.width * p.height > PIXEL_LIMIT for p in out):
            self.reject(request, "too-large", f"{param} has too many pixels",
                        param)
        return out if isinstance(value, list) else out[0]

    def work(self, request, model, body):
        """(make, count, size, seed) for a model of the catalog."""
        seed = body.get("seed")
        if seed is None:
            seed = random.randrange(1 << 32)
        prompt = body.get("prompt", "")
        count = body.get("num_images", 1) * body.get("max_images", 1)
        if "max_images" in body or "seedream" in model.fal:
            self.check_total(request, body, count)
        if model.kind == "upscale":
            source = self.fetch_picture(request, body, "image_url")
            factor = body.get("upscale_factor", 2)
            width = round(source.width * factor)
            height = round(source.height * factor)
            return (lambda: [paint.upscale(source, width, height)], 1,
                    (width, height), seed)
        if model.kind == "edit":
            source = self.fetch_picture(request, body, "image_urls")[-10:][0]
            width, height = models.output_size(model, body, source)
            scaled = source if (width, height) == (
                source.width, source.height) else source.resized(width, height)
            return (lambda: [paint.edit(scaled, None, prompt, seed, i)
                             for i in range(count)], count, (width, height),
                    seed)
        if body.get("image_url"):
            self.fetch_picture(request, body, "image_url")
        width, height = models.output_size(model, body)
        return (lambda: [paint.generate(width, height, prompt, seed, i)
                         for i in range(count)], count, (width, height), seed)

    def check_total(self, request, body, count):
        """Inputs and outputs are at most 15."""
        if len(body["image_urls"][-10:]) + count > 15:
            self.problems(request, [schema.Problem(
                ["body", "max_images"], "Total images must not exceed 15",
                "value_error", value=count)])

    def image_object(self, request, job, result, number):
        """A result as fal describes it."""
        if job.info.get("inline"):
            url = self.data_uri(result)
        else:
            url = self.publish(request, job, result)
        return {"url": url, "width": result.width, "height": result.height,
                "content_type": result.media,
                "file_name": f"{number}.{result.ending}",
                "file_size": len(result.data)}

    def output(self, request, job):
        """The output object of a model; made once for a job."""
        if "output" in job.info:
            return job.info["output"]
        objects = [self.image_object(request, job, result, i)
                   for i, result in enumerate(job.results())]
        out = {"images": objects}
        if job.info.get("single"):
            out = {"image": objects[0] if objects else None}
        if job.info.get("seed") is not None:
            out["seed"] = job.info["seed"]
        if job.info.get("flag") or job.kind == "nsfw":
            out["has_nsfw_concepts"] = [job.kind == "nsfw" for _ in objects]
        if job.info.get("prompt") is not None:
            out["prompt"] = job.info["prompt"]
        if job.info.get("flag"):
            out["timings"] = {"inference": job.seconds}
        if job.info.get("description"):
            out["description"] = ""
        job.info["output"] = out
        return out

    def info(self, name, model, body, seed):
        """What output() needs."""
        return {"model": name, "seed": None if name in (
            "nano_banana", "nano_banana_edit", "topaz_upscale_image",
            "seedream_v45_edit") else seed,
                "format": body.get("output_format", model.picture),
                "inline": body.get("sync_mode", False),
                "single": model.kind == "upscale", "flag": model.flag,
                "description": name.startswith("nano"),
                "prompt": body.get("prompt") if name.startswith("flux")
                else None}
