# SPDX-License-Identifier: LGPL-3.0-or-later
"""Everything that the ports share: services, settings, log, scripts."""

import copy
import os
import threading
import time

from . import control, faults, paint
from .http import ClientGone, send_plain
from .jobstore import Charges, Files
from .origin import Origin
from .record import Recorder
from .registry import SERVICES
from .service import FileService

SETTINGS = {
    "job_seconds": 0.05,   # until a job is done
    "job_polls": 0,        # a job needs at least so many polls
    "poll_interval": 0,    # hint in answers to polls, where there is one
    "retry_after": 1,      # in rate limits
    "hold": 60,            # how long a blocking call waits at most
    "results": None,       # origin of result URLs: other, main, tls, tls-other
    "own_origins": ["main", "tls", "tls-wrong"],
    "own_hosts": None,     # None: only the name that was printed
    "auth": None,          # False: any key will do
}


class BadSetting(Exception):
    """A setting that doesn't exist."""


class World:
    """The state of the server."""

    def __init__(self, settings=()):
        self.services = {kind.name: kind(self) for kind in SERVICES}
        self.files_service = FileService(self)
        self.files = Files()
        self.charges = Charges()
        self.recorder = Recorder(self)
        self.scripts = faults.Scripts(self)
        self.origins = {}
        self.folder = None
        self.delete_folder = False
        self.general = dict(SETTINGS)
        self.special = {name: dict(getattr(kind, "settings", {}))
                        for name, kind in self.services.items()}
        self.masks = {}
        for value in settings:
            self.configure(value)
        self.start_state = copy.deepcopy((self.general, self.special))

    # Settings

    def setting(self, service, name):
        """A setting of a service, or the general one."""
        own = self.special.get(service, {})
        return own[name] if name in own else self.general.get(name)

    def configure(self, value):
        """Changes settings: {name: value, service: {name: value}}."""
        for name, item in value.items():
            if name in self.services:
                known = {*SETTINGS, *getattr(self.services[name], "settings",
                                             {}), "key"}
                unknown = set(item) - known
                if unknown:
                    raise BadSetting(f"{name} has no {sorted(unknown)}")
                self.special[name].update(item)
                if "key" in item:
                    self.services[name].key = item["key"]
            elif name in SETTINGS:
                self.general[name] = item
            else:
                raise BadSetting(f"there is no setting {name!r}")

    def reset(self):
        """Back to the state of the start."""
        self.scripts.clear()
        self.recorder.clear()
        self.files.clear()
        self.charges.clear()
        self.masks = {}
        self.general, self.special = copy.deepcopy(self.start_state)
        for service in self.services.values():
            service.clear()
            service.key = self.special[service.name].get("key") or (
                f"test-key-{service.name}" if service.needs_key else None)

    def check_mask(self, service, request, mask):
        """Logs what a mask selects, and whether that was asked for."""
        box, share = paint.mask_box(mask)
        request.entry["mask"] = {"width": mask.width, "height": mask.height,
                                 "edit_box": box, "edit_share": share}
        if box is None:
            service.violation(request, "the mask selects nothing")
        want = self.masks.get(service.name)
        for name, white in (("edit", True), ("keep", False)):
            for x, y in (want or {}).get(name, []):
                if isinstance(x, float) and 0 <= x <= 1:
                    x = min(int(x * mask.width), mask.width - 1)
                    y = min(int(y * mask.height), mask.height - 1)
                inside = 0 <= x < mask.width and 0 <= y < mask.height
                if not inside or (mask.pixel(x, y)[0] >= 128) != white:
                    service.violation(request, f"the mask at {x},{y} does not "
                                      f"say {name}")

    # Ports

    def open(self, tls=False, folder=None, listen=()):
        """Opens the ports."""
        for name in ("main", "other", "control"):
            self.origins[name] = Origin(self, name)
        if tls:
            self.open_tls(folder)
        for service, port in listen:
            if service not in self.services:
                raise BadSetting(f"there is no service {service!r}")
            name = f"listen-{service}"
            self.origins[name] = Origin(self, name, port, root=service)

    def open_tls(self, folder):
        """Opens the ports with certificates."""
        from . import tls
        self.folder = folder or tls.new_folder()
        self.delete_folder = folder is None
        tls.make_certificates(self.folder)
        good = tls.context(self.folder, "localhost")
        for name in ("tls", "tls-other"):
            self.origins[name] = Origin(self, name, context=good)
        self.origins["tls-wrong"] = Origin(
            self, "tls-wrong", context=tls.context(self.folder, "wrong"))

    def close(self):
        """Deletes what was made on disk."""
        if self.folder and self.delete_folder:
            from . import tls
            tls.delete_folder(self.folder)

    def announce(self):
        """The lines that a test reads."""
        lines = []
        for name, origin in self.origins.items():
            if name.startswith("tls"):
                ca = os.path.join(self.folder, "ca.pem")
                lines.append(f"{name}: {origin} ca={ca}")
            elif origin.root:
                lines.append(f"listen: {origin.root} {origin}")
            else:
                label = "mock" if name == "main" else name
                lines.append(f"{label}: {origin}")
        return lines + ["ready"]

    def result_origin(self, request, service):
        """Where the results of a request's job are fetched from."""
        name = service.setting("results")
        if name is None:
            secure = request.origin.scheme == "https"
            name = "tls-other" if secure else "other"
        return str(self.origins[name])

    def die(self, revive=None):
        """Closes every port but the one for control."""
        for name, origin in self.origins.items():
            if name != "control":
                origin.die()
        if revive is not None:
            threading.Timer(revive, self.revive).start()

    def revive(self):
        """Opens the ports again."""
        for origin in self.origins.values():
            origin.revive()

    # Requests

    def find(self, request):
        """Sets service, route and values of a request."""
        if request.origin.root is not None:
            service, prefix = self.services[request.origin.root], ""
        else:
            service, prefix = self.by_prefix(request.path)
        if request.path.startswith("/files/"):
            service, prefix = self.files_service, "/files"
        request.service, request.prefix = service, prefix
        request.values = {}
        if service is None:
            return
        path = request.path[len(prefix):] or "/"
        method = "GET" if request.method == "HEAD" else request.method
        found, values = service.find(method, path)
        request.route = found
        if found:
            request.values = values

    def by_prefix(self, path):
        """The service with the longest prefix of the path."""
        best, prefix = None, ""
        for service in self.services.values():
            start = service.prefix
            if (path == start or path.startswith(start + "/")) and len(
                    start) > len(prefix):
                best, prefix = service, start
        return best, prefix

    def answer(self, connection, request):
        """Answers one request; what it takes counts from its last byte on."""
        started = time.monotonic()
        if request.path.startswith("/__mock"):
            send_plain(connection, request, control.respond(self, request))
            return
        if request.origin.name == "control":
            send_plain(connection, request, control.nothing())
            return
        self.find(request)
        entry = self.recorder.begin(request)
        if request.service is None:
            self.recorder.violation(request, "no service has this path")
            send_plain(connection, request, control.nothing())
            return
        try:
            self.answer_by_script(connection, request, entry)
        except ClientGone:
            entry["gone"] = True
            raise
        finally:
            entry["seconds"] = round(time.monotonic() - started, 3)
        if (request.header("Connection") or "").lower() == "close":
            connection.alive = False

    def answer_by_script(self, connection, request, entry):
        """Answers under the fault of the script that fits, if one does."""
        script = self.scripts.take(request)
        if script:
            request.fault = script.fault
            entry["fault"] = script.fault
            if script.delay:
                connection.sleep(script.delay)
        response = faults.respond(self, request)
        entry["status"] = response.status
        faults.send(self, request, response)
