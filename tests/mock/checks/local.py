# SPDX-License-Identifier: LGPL-3.0-or-later
"""Local servers: sdapi, ComfyUI, sd-server."""

import base64
import http.client
import json
import os
import socket
import struct
import threading
import time
import urllib.parse

from mockserver import paint, pictures

from .client import b64, equal, form, mask_png, png, true


def opened(text):
    """A picture of base64."""
    return pictures.load(base64.b64decode(text))


def check_sdapi(server):
    """txt2img, img2img, upscaling, lists."""
    body = {"prompt": "a", "seed": 5, "width": 64, "height": 64, "steps": 4,
            "batch_size": 2, "sampler_name": "Euler a"}
    answer = server.call("POST", "/sdapi/sdapi/v1/txt2img", body).json
    equal(json.loads(answer["info"])["all_seeds"], [5, 6])
    equal(opened(answer["images"][1]).pixel(0, 0), paint.base_colour("a", 6))
    body = {"prompt": "b", "seed": 1, "width": 64, "height": 64,
            "init_images": [b64(png(64, 64))],
            "mask": b64(mask_png(64, 64, (0, 0, 32, 64)))}
    answer = server.call("POST", "/sdapi/sdapi/v1/img2img", body).json
    picture = opened(answer["images"][0])
    equal(picture.pixel(31, 0), paint.edit_colour("b", 1))
    equal(picture.pixel(32, 0), (18, 28, 38))
    body = {"image": b64(png(10, 20)), "upscaling_resize": 3,
            "upscaler_1": "R-ESRGAN 4x+"}
    answer = server.call("POST", "/sdapi/sdapi/v1/extra-single-image", body)
    equal(opened(answer.json["image"]).height, 60)
    for name in ("samplers", "schedulers", "sd-models", "upscalers", "loras",
                 "options", "face-restorers"):
        true(server.call("GET", f"/sdapi/sdapi/v1/{name}").json, name)
    equal(server.control("violations"), [])


def check_sdapi_interrupt(server):
    """Progress and interrupt on a second connection."""
    server.control("config", {"sdapi": {"job_seconds": 20}})
    body = {"prompt": "a", "width": 64, "height": 64, "force_task_id": "t1"}
    answers = []
    thread = threading.Thread(target=lambda: answers.append(server.call(
        "POST", "/sdapi/sdapi/v1/txt2img", body)))
    thread.start()
    for _ in range(200):
        progress = server.call("GET", "/sdapi/sdapi/v1/progress").json
        if progress["state"]["job_count"] == 1:
            break
        time.sleep(0.01)
    true(0 <= progress["progress"] < 1)
    task = server.call("POST", "/sdapi/internal/progress",
                       {"id_task": "t1", "id_live_preview": -1}).json
    true(task["active"] and task["live_preview"])
    server.call("POST", "/sdapi/sdapi/v1/interrupt")
    thread.join(5)
    equal(len(answers[0].json["images"]), 1)


def check_sdapi_auth(server):
    """HTTP Basic, and unknown names."""
    server.control("config", {"sdapi": {"auth": True}})
    equal(server.call("GET", "/sdapi/sdapi/v1/samplers").status, 401)
    pair = {"Authorization": "Basic " + b64(b"user:test-key-sdapi")}
    answer = server.call("POST", "/sdapi/sdapi/v1/txt2img",
                         {"sampler_name": "none"}, pair)
    equal((answer.status, answer.json["detail"]), (404, "Sampler not found"))
    equal(server.control("leaks"), [])


def graph(**more):
    """A graph that makes a picture."""
    nodes = {
        "4": {"class_type": "CheckpointLoaderSimple",
              "inputs": {"ckpt_name": "dreamscape_v8.safetensors"}},
        "5": {"class_type": "EmptyLatentImage",
              "inputs": {"width": 64, "height": 64, "batch_size": 2}},
        "6": {"class_type": "CLIPTextEncode",
              "inputs": {"text": "a", "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode",
              "inputs": {"text": "", "clip": ["4", 1]}},
        "3": {"class_type": "KSampler",
              "inputs": {"seed": 9, "steps": 4, "cfg": 7, "denoise": 1,
                         "sampler_name": "euler", "scheduler": "karras",
                         "model": ["4", 0], "positive": ["6", 0],
                         "negative": ["7", 0], "latent_image": ["5", 0]}},
        "8": {"class_type": "VAEDecode",
              "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage",
              "inputs": {"images": ["8", 0], "filename_prefix": "p"}}}
    nodes.update(more)
    return nodes


def history(server, prompt_id):
    """The entry of a prompt, once it is there."""
    for _ in range(300):
        entry = server.call("GET", f"/comfy/history/{prompt_id}").json
        if entry:
            return entry[prompt_id]
        time.sleep(0.01)
    raise AssertionError("no history")


def view(server, image):
    """A picture that was saved."""
    query = urllib.parse.urlencode(image)
    return server.call("GET", f"/comfy/view?{query}").picture


def check_comfyui(server):
    """A graph, its history, its pictures; and what is wrong in one."""
    answer = server.call("POST", "/comfy/prompt", {
        "prompt": graph(), "client_id": "c"}).json
    entry = history(server, answer["prompt_id"])
    images = entry["outputs"]["9"]["images"]
    equal(view(server, images[1]).pixel(0, 0), paint.base_colour("a", 9, 1))
    job = server.call("GET", f"/comfy/api/jobs/{answer['prompt_id']}").json
    equal(job["status"], "completed")
    equal(server.control("violations"), [])
    wrong = graph()
    wrong["3"]["inputs"]["sampler_name"] = "none"
    answer = server.call("POST", "/comfy/prompt", {"prompt": wrong})
    equal(answer.status, 400)
    true("3" in answer.json["node_errors"])
    for name in ("object_info", "object_info/KSampler", "models",
                 "models/checkpoints", "system_stats", "queue", "prompt",
                 "embeddings"):
        equal(server.call("GET", f"/comfy/{name}").status, 200, name)


def check_comfyui_inpaint(server):
    """A picture and a mask are uploaded and used."""
    for name, data in (("a.png", png(64, 64)),
                       ("m.png", mask_png(64, 64, (8, 8, 16, 16)))):
        body, headers = form([("image", (name, "image/png", data)),
                              ("type", "input"), ("overwrite", "true")])
        equal(server.call("POST", "/comfy/upload/image", body,
                          headers).json["name"], name)
    nodes = graph()
    nodes["5"] = {"class_type": "VAEEncodeForInpaint", "inputs": {
        "pixels": ["10", 0], "vae": ["4", 2], "mask": ["11", 0],
        "grow_mask_by": 6}}
    nodes["10"] = {"class_type": "LoadImage", "inputs": {"image": "a.png"}}
    nodes["11"] = {"class_type": "LoadImageMask",
                   "inputs": {"image": "m.png", "channel": "red"}}
    answer = server.call("POST", "/comfy/prompt", {"prompt": nodes}).json
    entry = history(server, answer["prompt_id"])
    picture = view(server, entry["outputs"]["9"]["images"][0])
    equal(picture.pixel(8, 8), paint.edit_colour("a", 9))
    equal(picture.pixel(7, 8), (18, 28, 38))
    equal(server.control("violations"), [])


class WebSocket:
    """A client's side."""

    def __init__(self, server, target):
        parts = urllib.parse.urlsplit(server.urls["mock"])
        self.sock = socket.create_connection((parts.hostname, parts.port), 5)
        self.sock.sendall((f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                           "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                           f"{b64(os.urandom(16))}\r\n\r\n").encode())
        self.file = self.sock.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        http.client.parse_headers(self.file)

    def read(self):
        """(opcode, data) of a message in one frame."""
        first, size = self.file.read(2)
        if size == 126:
            size, = struct.unpack(">H", self.file.read(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.file.read(8))
        return first & 15, self.file.read(size)

    def send(self, opcode, data):
        """A masked frame."""
        mask = os.urandom(4)
        self.sock.sendall(bytes([0x80 | opcode, 0x80 | len(data)]) + mask
                          + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def close(self):
        """Ends."""
        self.file.close()
        self.sock.close()


def check_comfyui_socket(server):
    """Events in their order, with previews."""
    ws = WebSocket(server, "/comfy/ws?clientId=me")
    equal(ws.status, 101)
    ws.send(9, b"hello")
    answer = server.call("POST", "/comfy/prompt", {"prompt": graph(),
                                                   "client_id": "me"}).json
    seen, previews = [], []
    while True:
        opcode, data = ws.read()
        if opcode == 10:
            equal(data, b"hello")
        elif opcode == 2:
            previews.append(struct.unpack(">II", data[:8]))
            true(pictures.check(data[8:]))
        else:
            message = json.loads(data)
            seen.append(message["type"])
            if message["type"] == "executing" and (
                    message["data"]["node"] is None):
                equal(message["data"]["prompt_id"], answer["prompt_id"])
                break
    for name in ("status", "execution_start", "progress", "executed",
                 "execution_success"):
        true(name in seen, name)
    equal(set(previews), {(1, 1), (1, 2)})
    ws.close()


def check_comfyui_cancel(server):
    """A running prompt is interrupted, a waiting one taken out."""
    server.control("config", {"comfyui": {"job_seconds": 30}})
    first = server.call("POST", "/comfy/prompt", {"prompt": graph()}).json
    second = server.call("POST", "/comfy/prompt", {"prompt": graph()}).json
    for _ in range(200):
        queue = server.call("GET", "/comfy/queue").json
        lengths = [len(queue["queue_running"]), len(queue["queue_pending"])]
        # Until then the prompt of the check before may still count as running.
        if lengths == [1, 1]:
            break
        time.sleep(0.01)
    equal(lengths, [1, 1])
    server.call("POST", "/comfy/queue", {"delete": [second["prompt_id"]]})
    server.call("POST", "/comfy/interrupt", {"prompt_id": first["prompt_id"]})
    entry = history(server, first["prompt_id"])
    equal(entry["status"]["messages"][-1][0], "execution_interrupted")
    equal(server.call("GET", "/comfy/api/jobs/" + second["prompt_id"])
          .json["status"], "cancelled")
