# SPDX-License-Identifier: LGPL-3.0-or-later
"""Graphs of ComfyUI: are they right, and what comes out of them."""

from . import paint, pictures
from .comfynodes import NODES
from .pictures import Picture, flat

LIST_TYPES = {"INT": int, "FLOAT": (int, float), "STRING": str,
              "BOOLEAN": bool}


def problem(kind, message, details, **extra):
    """An entry of "errors" in "node_errors"."""
    return {"type": kind, "message": message, "details": details,
            "extra_info": extra}


def is_link(value):
    """Whether a value is [node, output]."""
    return (isinstance(value, list) and len(value) == 2
            and isinstance(value[0], str) and isinstance(value[1], int))


def check_graph(graph, uploads):
    """(error, node_errors); error is None when all is well."""
    if not isinstance(graph, dict) or not graph:
        return problem("invalid_prompt", "The prompt is no graph", ""), {}
    for name, node in graph.items():
        kind = node.get("class_type") if isinstance(node, dict) else None
        if kind not in NODES:
            return problem("invalid_prompt", "Cannot execute because node "
                           f"{kind} does not exist.",
                           f"Node ID '#{name}'"), {}
        if not isinstance(node.get("inputs"), dict):
            return problem("invalid_prompt", "A node has no inputs",
                           f"Node ID '#{name}'"), {}
    if not any(NODES[node["class_type"]][3] for node in graph.values()):
        return problem("prompt_no_outputs", "Prompt has no outputs", ""), {}
    found = {}
    for name, node in graph.items():
        errors = check_node(graph, node, uploads)
        if errors:
            found[name] = {"errors": errors, "dependent_outputs": [],
                           "class_type": node["class_type"]}
    if found:
        return problem("prompt_outputs_failed_validation",
                       "Prompt outputs failed validation", ""), found
    return None, {}


def check_node(graph, node, uploads):
    """Problems of one node's inputs."""
    required, optional, _, _ = NODES[node["class_type"]]
    errors = []
    for key, spec in required.items():
        if key not in node["inputs"]:
            errors.append(problem("required_input_missing", "Required input "
                                  "is missing", key, input_name=key))
    for key, value in node["inputs"].items():
        spec = required.get(key) or optional.get(key)
        if spec is None:
            errors.append(problem("unknown_input", "The node has no such "
                                  "input", key, input_name=key))
        else:
            errors += check_input(graph, key, spec, value, uploads)
    return errors


def check_input(graph, key, spec, value, uploads):
    """Problems of one input."""
    kind = spec[0]
    limits = spec[1] if len(spec) > 1 else {}
    if is_link(value):
        source = graph.get(value[0])
        outputs = NODES[source["class_type"]][2] if source else []
        if value[1] >= len(outputs) or outputs[value[1]] != kind:
            return [problem("return_type_mismatch", "Return type mismatch "
                            "between linked nodes", f"{key}, {value}",
                            input_name=key)]
        return []
    if isinstance(kind, list):
        choices = uploads if "image_upload" in limits else kind
        if value not in choices:
            return [problem("value_not_in_list", "Value not in list",
                            f"{key}: '{value}' not in {choices}",
                            input_name=key)]
        return []
    if kind not in LIST_TYPES:
        return [problem("bad_linked_input", "Bad linked input, must be a "
                        "length-2 list", key, input_name=key)]
    wrong_bool = isinstance(value, bool) and kind != "BOOLEAN"
    if wrong_bool or not isinstance(value, LIST_TYPES[kind]):
        return [problem("invalid_input_type", "Failed to convert an input "
                        f"value to a {kind} value", f"{key}, {value}",
                        input_name=key)]
    for name, text, wrong in (("min", "smaller than min", lambda a, b: a < b),
                              ("max", "bigger than max", lambda a, b: a > b)):
        if name in limits and wrong(value, limits[name]):
            return [problem(f"value_{text.replace(' ', '_')}",
                            f"Value {value} {text} of {limits[name]}", key,
                            input_name=key)]
    return []


def order(graph):
    """Nodes that outputs need, each after what it needs."""
    done, out = set(), []

    def visit(name, path):
        if name in path:
            raise ValueError("the graph has a cycle")
        if name in done:
            return
        for value in graph[name]["inputs"].values():
            if is_link(value):
                visit(value[0], path | {name})
        done.add(name)
        out.append(name)
    for name, node in graph.items():
        if NODES[node["class_type"]][3]:
            visit(name, frozenset())
    return out


class Runner:
    """Computes nodes; load(name) gives bytes, saw_mask(mask) is told."""

    def __init__(self, graph, load, saw_mask):
        self.graph = graph
        self.load = load
        self.saw_mask = saw_mask
        self.values = {}

    def run(self, name):
        """Computes a node; an output node's pictures are returned."""
        node = self.graph[name]
        inputs = {key: self.values[value[0]][value[1]] if is_link(value)
                  else value for key, value in node["inputs"].items()}
        out = getattr(self, node["class_type"])(**inputs)
        if NODES[node["class_type"]][3]:
            return out
        self.values[name] = out if isinstance(out, tuple) else (out,)
        return None

    def picture(self, name):
        """A decoded upload."""
        return pictures.load(self.load(name))

    # Names below are those of ComfyUI's nodes.

    def CheckpointLoaderSimple(self, ckpt_name):
        return ckpt_name, ckpt_name, ckpt_name

    def VAELoader(self, vae_name):
        return vae_name

    def LoraLoader(self, model, clip, **_more):
        return model, clip

    def CLIPSetLastLayer(self, clip, stop_at_clip_layer):
        return clip

    def CLIPTextEncode(self, text, clip):
        return text

    def EmptyLatentImage(self, width, height, batch_size):
        return {"size": (width, height), "batch": batch_size}

    def KSampler(self, seed, positive, latent_image, denoise, **_more):
        return self.sample(seed, positive, latent_image, denoise)

    def KSamplerAdvanced(self, noise_seed, positive, latent_image, **_more):
        return self.sample(noise_seed, positive, latent_image, 1.0)

    def sample(self, seed, prompt, latent, denoise):
        """Pictures in place of a latent."""
        count = range(latent.get("batch", 1))
        source = latent.get("images")
        if source is None:
            width, height = latent["size"]
            made = [paint.generate(width // 8 * 8, height // 8 * 8, prompt,
                                   seed, i) for i in count]
        else:
            made = [paint.edit(source[0], latent.get("mask"), prompt, seed, i)
                    for i in count]
        return {"images": made}

    def VAEDecode(self, samples, vae):
        return samples["images"]

    def VAEEncode(self, pixels, vae):
        images = [p.rgb().cropped(0, 0, p.width // 8 * 8, p.height // 8 * 8)
                  for p in pixels]
        return {"images": images}

    def VAEEncodeForInpaint(self, pixels, vae, mask, grow_mask_by):
        self.saw_mask(mask, pixels[0])
        return {**self.VAEEncode(pixels, vae), "mask": mask}

    def SetLatentNoiseMask(self, samples, mask):
        self.saw_mask(mask, samples["images"][0])
        return {**samples, "mask": mask}

    def InpaintModelConditioning(self, positive, negative, vae, pixels, mask,
                                 noise_mask=True):
        return positive, negative, self.VAEEncodeForInpaint(pixels, vae, mask,
                                                            0)

    def RepeatLatentBatch(self, samples, amount):
        return {**samples, "batch": samples.get("batch", 1) * amount}

    def LoadImage(self, image):
        picture = self.picture(image)
        if picture.channels in (2, 4):
            mask = paint.inverted(picture.channel(picture.channels - 1))
        else:
            mask = flat(64, 64, (0,))
        return [picture.rgb()], mask

    def LoadImageMask(self, image, channel):
        return self.one_channel(self.picture(image), channel)

    def one_channel(self, picture, channel):
        """A channel; alpha is inverted."""
        if channel == "alpha":
            if picture.channels not in (2, 4):
                return flat(64, 64, (0,))
            return paint.inverted(picture.channel(picture.channels - 1))
        index = ("red", "green", "blue").index(channel)
        return picture.rgb().channel(index)

    def ImageToMask(self, image, channel):
        return self.one_channel(image[0], channel)

    def MaskToImage(self, mask):
        return [Picture(mask.width, mask.height, 1, mask.data).rgb()]

    def InvertMask(self, mask):
        return paint.inverted(mask)

    def GrowMask(self, mask, **_more):
        return mask

    def ImagePadForOutpaint(self, image, left, top, right, bottom,
                            feathering):
        source = image[0].rgb()
        width = source.width + left + right
        height = source.height + top + bottom
        rows = [b"\x80" * (width * 3 * top)]
        for y in range(source.height):
            rows.append(b"\x80" * (left * 3) + source.row(y)
                        + b"\x80" * (right * 3))
        rows.append(b"\x80" * (width * 3 * bottom))
        mask = paint.inverted(paint.rectangle_mask(
            width, height, left, top, source.width, source.height))
        return [Picture(width, height, 3, b"".join(rows))], mask

    def ImageScale(self, image, width, height, **_more):
        return [p.rgb().resized(width or p.width, height or p.height)
                for p in image]

    def UpscaleModelLoader(self, model_name):
        return int(model_name[0])

    def ImageUpscaleWithModel(self, upscale_model, image):
        return [paint.upscale(p, p.width * upscale_model,
                              p.height * upscale_model) for p in image]

    def SaveImage(self, images, filename_prefix):
        return images

    def PreviewImage(self, images):
        return images
