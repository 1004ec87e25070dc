# SPDX-License-Identifier: LGPL-3.0-or-later
"""Jobs: their life from submit to result, and the files they leave."""

import threading
import time
import uuid


class Result:
    """One picture as bytes."""

    def __init__(self, data, media, width, height):
        self.data = data
        self.media = media
        self.width = width
        self.height = height

    @property
    def ending(self):
        """File name ending that fits."""
        return {"image/jpeg": "jpg", "image/webp": "webp"}.get(self.media,
                                                               "png")


class Job:
    """A piece of work; it is done after so many seconds and polls."""

    def __init__(self, service, make, fault=None, seconds=0.05, polls=0,
                 info=None):
        self.id = str(uuid.uuid4())
        self.service = service
        self.make = make
        self.fault = fault
        self.seconds = seconds
        self.polls_needed = polls
        self.info = info or {}
        self.polls = 0
        self.started = time.monotonic()
        self.is_cancelled = False
        self.interrupted = False
        self.lock = threading.Lock()
        self.made = None

    def poll(self):
        """Counts a poll; the state after it."""
        self.polls += 1
        return self.state

    @property
    def kind(self):
        """Kind of the fault, or None."""
        return self.fault["kind"] if self.fault else None

    @property
    def state(self):
        """queued, running, done, failed or cancelled."""
        if self.is_cancelled:
            return "cancelled"
        if self.progress >= 1 or self.interrupted:
            return "failed" if self.kind == "fails" else "done"
        return "queued" if self.progress < 0.25 else "running"

    @property
    def is_over(self):
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def progress(self):
        """0 to 1; a job that never ends stays at a half."""
        value = 1.0
        if self.seconds > 0:
            value = (time.monotonic() - self.started) / self.seconds
        if self.polls_needed > 0:
            value = min(value, self.polls / (self.polls_needed + 1))
        return min(value, 0.5 if self.kind == "never-ends" else 1.0)

    def cancel(self):
        """Whether it could be cancelled: not when it is over."""
        if self.is_over:
            return False
        self.is_cancelled = True
        return True

    def wait(self, connection, limit):
        """Waits until it is over; raises ClientGone; False at the limit."""
        end = time.monotonic() + limit
        while not self.is_over:
            if self.polls_needed:
                self.polls += 1
            if time.monotonic() > end:
                return False
            connection.sleep(0.01)
        return True

    def results(self):
        """The pictures, made once."""
        with self.lock:
            if self.made is None:
                self.made = self.make()
            return self.made


class Files:
    """Results that are fetched by URL, and what clients uploaded."""

    def __init__(self):
        self.clear()

    def clear(self):
        """Forgets everything."""
        self.known = {}

    def add(self, service, data, media, ending="png", expired=None):
        """Keeps a file; its path below an origin is returned."""
        name = f"{uuid.uuid4().hex}.{ending}"
        path = f"/files/{service}/{name}"
        self.known[path] = {"data": data, "media": media, "expired": expired,
                            "service": service}
        return path

    def get(self, path):
        """The file of a path or URL, or None."""
        at = path.find("/files/")
        return self.known.get(path[at:].split("?")[0]) if at >= 0 else None


class Charges:
    """What would have cost money."""

    def __init__(self):
        self.lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forgets everything."""
        self.by_service = {}

    def add(self, service, request, model, credits):
        """One charge."""
        with self.lock:
            known = self.by_service.setdefault(
                service, {"count": 0, "credits": 0, "items": []})
            known["count"] += 1
            known["credits"] = round(known["credits"] + credits, 4)
            known["items"].append({"request": request.entry.get("number"),
                                   "model": model, "credits": credits})
