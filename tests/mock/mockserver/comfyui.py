# SPDX-License-Identifier: LGPL-3.0-or-later
"""ComfyUI: prompts, history, uploads, lists; every route also under /api."""

import json
import uuid

from . import comfygraph, comfynodes, pictures
from .comfyqueue import ComfyQueue
from .errors import in_job, reply
from .http import Response, json_response
from .jobstore import Job
from .multipart import parse_multipart
from .service import Reply, Service, route
from .ws import BadFrame, Socket, handshake_problem


def both(method, pattern, step):
    """A route, with and without /api."""
    def mark(function):
        return route(method, pattern, step)(
            route(method, "/api" + pattern, step)(function))
    return mark


def invalid(kind, message, errors=None):
    """400 with a graph's problems."""
    return reply(400, {"error": {"type": kind, "message": message,
                                 "details": "", "extra_info": {}},
                       "node_errors": errors or {}})


NODE_ERROR = {"4": {"errors": [{
    "type": "value_not_in_list", "message": "Value not in list",
    "details": "ckpt_name: 'gone.safetensors' not in []",
    "extra_info": {"input_name": "{param}"}}],
    "dependent_outputs": ["9"], "class_type": "CheckpointLoaderSimple"}}


class ComfyUIService(Service):
    """ComfyUI."""

    name = "comfyui"
    prefix = "/comfy"
    needs_key = False
    # jobs_api: whether /api/jobs exists; combo: "list" or "options".
    settings = {"jobs_api": True, "combo": "list", "steps": 4,
                "job_seconds": 0.05}
    errors = {
        "invalid-parameter": [
            invalid("prompt_outputs_failed_validation",
                    "Prompt outputs failed validation", NODE_ERROR),
            invalid("invalid_prompt", "{message}"),
            invalid("prompt_no_outputs", "Prompt has no outputs"),
            reply(400, "400: Bad Request"),
        ],
        "auth": [reply(403, ""), reply(401, "Unauthorized")],
        "too-large": [reply(413, "Maximum request body size 104857600 "
                            "exceeded")],
        "server": [
            in_job(exception_type="torch.OutOfMemoryError",
                   exception_message="Allocation on device 0 would exceed "
                   "allowed memory."),
            in_job(exception_type="RuntimeError",
                   exception_message="Given groups=1, weight of size "
                   "[320, 9, 3, 3], expected input to have 9 channels"),
            reply(500, "500 Internal Server Error"),
        ],
        "timeout": [reply(504, "Gateway Timeout")],
    }

    def __init__(self, world):
        super().__init__(world)
        self.stored = {}
        self.sockets = {}
        self.queue = ComfyQueue(self)

    def clear(self):
        super().clear()
        self.stored = {}

    def authorize(self, request):
        """No key; a page of another origin is refused."""
        if request.header("Origin") is not None:
            self.violation(request, "sends an Origin header")
            if not request.header("Origin").endswith(request.host):
                raise Reply(Response(403))

    # Prompts

    @both("POST", "/prompt", "submit")
    def prompt(self, request):
        """Queues a graph."""
        body = self.json_body(request)
        unknown = set(body) - {"prompt", "client_id", "prompt_id",
                               "extra_data", "number", "front"}
        if unknown or "prompt" not in body:
            self.reject(request, "invalid-parameter",
                        f"No prompt provided, or unknown keys {unknown}",
                        "prompt", 1)
        error, nodes = comfygraph.check_graph(body["prompt"], self.uploads())
        if error:
            self.violation(request, f"{error['message']}: {nodes}")
            return json_response({"error": error, "node_errors": nodes}, 400)
        job = Job(self.name, list, request.fault,
                  self.setting("job_seconds"), self.setting("job_polls"), {
                      "graph": body["prompt"], "request": request,
                      "client": body.get("client_id")})
        job.id = body.get("prompt_id") or str(uuid.uuid4())
        self.jobs[job.id] = job
        number = self.queue.add(job)
        return json_response({"prompt_id": job.id, "number": number,
                              "node_errors": {}})

    @both("GET", "/prompt", "list")
    def prompt_state(self, _request):
        """How many wait."""
        return json_response(self.queue.status())

    @both("GET", "/history/{prompt_id}", "poll")
    def history(self, _request, prompt_id):
        """Outputs, once it is over."""
        job = self.jobs.get(prompt_id)
        if job is None:
            return json_response({})
        job.poll()
        entry = job.info.get("history")
        return json_response({prompt_id: entry} if entry else {})

    @both("GET", "/history", "list")
    def all_history(self, _request):
        """Outputs of every prompt."""
        return json_response({job.id: job.info["history"]
                              for job in self.jobs.values()
                              if "history" in job.info})

    def known_job(self, prompt_id):
        """A job, or 404, which versions without this API give as well."""
        if prompt_id not in self.jobs or not self.setting("jobs_api"):
            raise Reply(json_response({"error": "Job not found"}, 404))
        return self.jobs[prompt_id]

    @route("GET", "/api/jobs/{prompt_id}", "poll")
    def job(self, _request, prompt_id):
        """A prompt as a job."""
        job = self.known_job(prompt_id)
        job.poll()
        history = job.info.get("history")
        state = self.queue.state(job)
        out = {"id": job.id, "status": state, "priority": 0,
               "outputs_count": len((history or {}).get("outputs", {}))}
        if history:
            out["outputs"] = history["outputs"]
        if state == "failed":
            out["execution_error"] = history["status"]["messages"][-1][1]
        return json_response(out)

    @route("POST", "/api/jobs/{prompt_id}/cancel", "cancel")
    def cancel_job(self, _request, prompt_id):
        """Cancels a prompt, waiting or running."""
        job = self.known_job(prompt_id)
        return json_response({"cancelled": self.queue.cancel(job)})

    @both("GET", "/queue", "list")
    def get_queue(self, _request):
        """What runs and what waits."""
        return json_response(self.queue.listing())

    @both("POST", "/queue", "cancel")
    def edit_queue(self, request):
        """Takes prompts out that wait."""
        body = self.json_body(request)
        for prompt_id in body.get("delete", list(self.jobs) if body.get(
                "clear") else []):
            job = self.jobs.get(prompt_id)
            if job and job is not self.queue.running:
                self.queue.cancel(job)
        return Response(200)

    @both("POST", "/interrupt", "cancel")
    def interrupt(self, request):
        """Interrupts the prompt that runs, if it is the one that is named."""
        body = self.json_body(request) if request.body else {}
        running = self.queue.running
        if running and body.get("prompt_id") in (None, running.id):
            running.is_cancelled = True
        return Response(200)

    @both("POST", "/free", "list")
    def free(self, request):
        """Lets go of models."""
        unknown = set(self.json_body(request)) - {"unload_models",
                                                  "free_memory"}
        if unknown:
            self.violation(request, f"unknown keys {unknown}")
        return Response(200)

    # Files

    def uploads(self):
        """Names that LoadImage can have."""
        out = []
        for kind, folder, name in self.stored:
            full = f"{folder}/{name}" if folder else name
            out.append(full if kind == "input" else f"{full} [{kind}]")
        return sorted(out)

    def load(self, name):
        """Bytes of an upload."""
        kind = "input"
        if name.endswith("]"):
            name, _, kind = name[:-1].rpartition(" [")
        folder, _, name = name.rpartition("/")
        return self.stored[kind, folder, name]

    @both("POST", "/upload/image", "upload")
    def upload_image(self, request):
        """Keeps a picture."""
        values, part = self.form(request, {"type", "subfolder", "overwrite"})
        self.open_picture(request, part.data, "image")
        return self.keep(values, part.filename, part.data)

    @both("POST", "/upload/mask", "upload")
    def upload_mask(self, request):
        """Keeps a picture with the alpha channel of another."""
        values, part = self.form(request, {"type", "subfolder", "overwrite",
                                           "original_ref"})
        try:
            ref = json.loads(values["original_ref"])
            original = self.stored[ref.get("type", "output"),
                                   ref.get("subfolder", ""), ref["filename"]]
        except (KeyError, ValueError):
            self.reject(request, "invalid-parameter",
                        "original_ref names no file", "original_ref", 3)
        mask = self.open_picture(request, part.data, "image")
        if mask.channels not in (2, 4):
            self.bad_image(request, "image", "has no alpha channel")
        return self.keep(values, part.filename,
                         with_alpha(pictures.load(original), mask))

    def form(self, request, names):
        """Values of a form, and its file."""
        parts = parse_multipart(request) or []
        values = {p.name: p.data.decode() for p in parts if not p.filename}
        files = [p for p in parts if p.filename and p.name == "image"]
        if len(files) != 1 or set(values) - names:
            self.reject(request, "invalid-parameter",
                        f"a wrong form: {sorted(values)}", "image", 3)
        return values, files[0]

    def keep(self, values, name, data):
        """Keeps a file under a name that is free, or overwrites."""
        kind = values.get("type", "input")
        folder = values.get("subfolder", "")
        stem, dot, ending = name.rpartition(".")
        number = 0
        while values.get("overwrite") not in ("true", "1") and self.stored.get(
                (kind, folder, name), data) != data:
            number += 1
            name = f"{stem} ({number}){dot}{ending}"
        self.stored[kind, folder, name] = data
        return json_response({"name": name, "subfolder": folder,
                              "type": kind})

    @both("GET", "/view", "file")
    def view(self, request):
        """A file."""
        place = (request.query.get("type", "output"),
                 request.query.get("subfolder", ""),
                 request.query.get("filename"))
        if place not in self.stored:
            self.violation(request, f"there is no file {place}")
            return Response(404)
        fault = request.fault or {"kind": "none"}
        if fault["kind"] == "expired":
            return Response(404)
        data = self.world.files_service.with_fault(self.stored[place], fault)
        return Response(200, data, "image/png", [
            ("Content-Disposition", f'filename="{place[2]}"')])

    # Lists

    @both("GET", "/object_info", "list")
    def object_info(self, _request):
        """Every node."""
        return json_response({name: self.node(name)
                              for name in comfynodes.NODES})

    @both("GET", "/object_info/{name}", "list")
    def one_object_info(self, _request, name):
        """One node, or nothing."""
        known = name in comfynodes.NODES
        return json_response({name: self.node(name)} if known else {})

    def node(self, name):
        """A node's description."""
        return comfynodes.describe(name, self.uploads(),
                                   self.setting("combo") == "options")

    @both("GET", "/models", "list")
    def folders(self, _request):
        """Folders of models."""
        return json_response(list(comfynodes.FOLDERS))

    @both("GET", "/models/{folder}", "list")
    def models(self, _request, folder):
        """Files of a folder."""
        if folder not in comfynodes.FOLDERS:
            return Response(404)
        return json_response(comfynodes.FOLDERS[folder])

    @both("GET", "/embeddings", "list")
    def embeddings(self, _request):
        """Names of embeddings."""
        return json_response([name.split(".")[0] for name in
                              comfynodes.FOLDERS["embeddings"]])

    @both("GET", "/system_stats", "list")
    def system_stats(self, _request):
        """What it runs on."""
        return json_response({
            "system": {"os": "posix", "comfyui_version": "0.3.60",
                       "python_version": "3.12.0", "pytorch_version": "2.7.0",
                       "embedded_python": False, "ram_total": 32 << 30,
                       "ram_free": 16 << 30, "argv": ["main.py"]},
            "devices": [{"name": "cuda:0 Test GPU", "type": "cuda",
                         "index": 0, "vram_total": 8 << 30,
                         "vram_free": 6 << 30, "torch_vram_total": 0,
                         "torch_vram_free": 0}]})

    # Events

    @both("GET", "/ws", "socket")
    def socket(self, request):
        """Opens a WebSocket."""
        why = handshake_problem(request)
        if why:
            self.violation(request, why)
            return Response(400, b"No WebSocket UPGRADE hdr")
        client = request.query.get("clientId") or uuid.uuid4().hex
        response = Response(101)
        response.takeover = lambda: self.serve_socket(request, client)
        return response

    def serve_socket(self, request, client):
        """Lives as long as the socket."""
        socket = Socket(request.connection, request.fault)
        try:
            with socket.lock:
                self.sockets[client] = socket
                socket.open(request)
                self.queue.emit_to(socket, "status", {
                    "status": self.queue.status(), "sid": client})
            socket.run()
        except BadFrame as error:
            self.violation(request, str(error))
            request.connection.close()
        finally:
            if self.sockets.get(client) is socket:
                del self.sockets[client]


def with_alpha(picture, mask):
    """A PNG of the picture with the mask's alpha."""
    mask = mask.resized(picture.width, picture.height)
    out = bytearray(picture.width * picture.height * 4)
    colours = picture.rgb()
    for c in range(3):
        out[c::4] = colours.data[c::3]
    out[3::4] = mask.data[mask.channels - 1::mask.channels]
    return pictures.encode_png(
        pictures.Picture(picture.width, picture.height, 4, out))
