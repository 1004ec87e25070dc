# SPDX-License-Identifier: LGPL-3.0-or-later
"""ComfyUI's queue: one prompt after the other, and what it tells clients."""

import json
import struct
import threading
import time
import traceback

from . import comfygraph, paint, pictures
from .encoders import encode_jpeg
from .service import wrong_size
from .ws import BINARY, TEXT

SAMPLERS = ("KSampler", "KSamplerAdvanced")


class Interrupted(Exception):
    """The prompt was cancelled."""


class ComfyQueue:
    """A thread that works on prompts."""

    def __init__(self, service):
        self.service = service
        self.waiting = []
        self.running = None
        self.number = 0
        self.wake = threading.Condition()
        self.thread = None

    def add(self, job):
        """Queues a job; its number is returned."""
        job.started = float("inf")
        with self.wake:
            self.number += 1
            job.info["number"] = self.number
            self.waiting.append(job)
            if self.thread is None:
                self.thread = threading.Thread(target=self.work, daemon=True)
                self.thread.start()
            self.wake.notify()
            return self.number

    def status(self):
        """How many are left."""
        left = len(self.waiting) + (self.running is not None)
        return {"exec_info": {"queue_remaining": left}}

    def listing(self):
        """GET /queue."""
        def item(job):
            return [job.info["number"], job.id, job.info["graph"],
                    {"client_id": job.info["client"]}, []]
        with self.wake:
            running = [self.running] if self.running else []
            return {"queue_running": [item(job) for job in running],
                    "queue_pending": [item(job) for job in self.waiting]}

    def state(self, job):
        """A job's state in the words of /api/jobs."""
        if job.is_cancelled:
            return "cancelled"
        if "history" in job.info:
            done = job.info["history"]["status"]["status_str"] == "success"
            return "completed" if done else "failed"
        return "in_progress" if job is self.running else "pending"

    def cancel(self, job):
        """Cancels a job that is not over; whether it could be."""
        if "history" in job.info or job.is_cancelled:
            return False
        job.is_cancelled = True
        with self.wake:
            if job in self.waiting:
                self.waiting.remove(job)
        return True

    def work(self):
        """The thread."""
        while True:
            with self.wake:
                while not self.waiting:
                    self.wake.wait()
                job = self.running = self.waiting.pop(0)
            try:
                Execution(self, job).run()
            except Exception:
                traceback.print_exc()
            self.running = None
            self.emit_all("status", {"status": self.status()})

    # Events

    def emit_to(self, socket, kind, data):
        """A JSON message to one client."""
        message = json.dumps({"type": kind, "data": data}).encode()
        return socket.send(TEXT, message)

    def emit_all(self, kind, data):
        """A JSON message to every client."""
        for socket in list(self.service.sockets.values()):
            self.emit_to(socket, kind, data)


class Execution:
    """One run of a graph."""

    def __init__(self, queue, job):
        self.queue = queue
        self.service = queue.service
        self.job = job
        self.graph = job.info["graph"]
        self.messages = []
        self.outputs = {}
        self.node = None

    def emit(self, kind, data):
        """A message to the client that sent the prompt."""
        data = {**data, "prompt_id": self.job.id}
        if kind.startswith("execution_"):
            data["timestamp"] = int(time.time() * 1000)
            self.messages.append([kind, data])
        socket = self.service.sockets.get(self.job.info["client"])
        if socket:
            self.queue.emit_to(socket, kind, data)

    def preview(self, step):
        """A small picture, JPEG and PNG in turn."""
        socket = self.service.sockets.get(self.job.info["client"])
        if socket:
            picture = paint.generate(64, 64, "preview", step)
            form = 1 + step % 2
            data = (encode_jpeg(picture) if form == 1
                    else pictures.encode_png(picture))
            socket.send(BINARY, struct.pack(">II", 1, form) + data)

    def run(self):
        """Every node; then the history says how it went."""
        self.job.started = time.monotonic()
        self.emit("execution_start", {})
        self.emit("execution_cached", {"nodes": []})
        try:
            self.run_nodes()
            self.emit("execution_success", {})
            state = "success"
        except Interrupted:
            state = "error"
            self.emit("execution_interrupted", {
                "node_id": self.node, "node_type": self.kind(self.node),
                "executed": []})
        except Exception as error:
            state = "error"
            self.fail(error)
        self.job.info["history"] = {
            "prompt": [self.job.info["number"], self.job.id, self.graph,
                       {"client_id": self.job.info["client"]}, []],
            "outputs": self.outputs if state == "success" else {},
            "status": {"status_str": state, "completed": state == "success",
                       "messages": self.messages}, "meta": {}}
        self.emit("executing", {"node": None})

    def kind(self, name):
        """Class of a node."""
        return self.graph[name]["class_type"] if name else None

    def fail(self, error):
        """Says what went wrong, as an execution_error."""
        said = {"exception_type": type(error).__name__,
                "exception_message": str(error)}
        if self.job.kind == "fails":
            said = self.service.failure(self.job)
        else:
            self.service.violation(self.job.info["request"],
                                   f"the graph fails: {error!r}")
        self.emit("execution_error", {
            "node_id": self.node, "node_type": self.kind(self.node),
            "executed": [], "traceback": ["  File \"nodes.py\"\n"],
            "current_inputs": {}, "current_outputs": [], **said})

    def run_nodes(self):
        """Nodes in their order."""
        request = self.job.info["request"]

        def saw_mask(mask, image):
            if (mask.width, mask.height) != (image.width, image.height):
                self.service.violation(request, "the mask has another size "
                                       "than the image")
            self.service.world.check_mask(self.service, request, mask)
        runner = comfygraph.Runner(self.graph, self.service.load, saw_mask)
        names = comfygraph.order(self.graph)
        waits = [n for n in names if self.kind(n) in SAMPLERS] or names[:1]
        for self.node in names:
            self.emit("executing", {"node": self.node,
                                    "display_node": self.node})
            if self.node == waits[0]:
                self.take_time()
            made = runner.run(self.node)
            if made is not None:
                self.keep(made)

    def take_time(self):
        """The steps of a sampler."""
        steps = self.service.setting("steps")
        job = self.job
        shown = 0
        while not job.interrupted:
            if job.is_cancelled:
                raise Interrupted
            progress = job.progress
            while shown < min(int(progress * steps), steps):
                shown += 1
                self.emit("progress", {"value": shown, "max": steps,
                                       "node": self.node})
                self.preview(shown)
            if progress >= 1:
                break
            time.sleep(0.003)
        if job.kind == "fails":
            raise RuntimeError

    def keep(self, made):
        """Saves the pictures of an output node."""
        job, service = self.job, self.service
        temp = self.kind(self.node) == "PreviewImage"
        place = "temp" if temp else "output"
        prefix = self.graph[self.node]["inputs"].get("filename_prefix", "tmp")
        folder, _, prefix = prefix.rpartition("/")
        images = []
        for i, picture in enumerate(made):
            if job.kind == "wrong-size":
                picture = wrong_size(picture, job.fault)
            data = pictures.encode_png(picture)
            if job.kind in ("wrong-image", "bomb") or (
                    job.kind == "empty" and job.fault.get("how") == "bytes"):
                data = service.world.files_service.with_fault(data, job.fault)
            name = f"{prefix}_{job.info['number']:05}_{i}_.png"
            if job.kind != "expired":
                service.stored[place, folder, name] = data
            images.append({"filename": name, "subfolder": folder,
                           "type": place})
        if job.kind == "empty" and job.fault.get("how", "list") == "list":
            images = []
        self.outputs[self.node] = {"images": images}
        if job.kind == "empty" and job.fault.get("how") == "none":
            self.outputs = {}
        self.emit("executed", {"node": self.node, "display_node": self.node,
                               "output": {"images": images}})
