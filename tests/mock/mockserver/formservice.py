# SPDX-License-Identifier: LGPL-3.0-or-later
"""What services have in common that take multipart forms."""

from . import schema
from .multipart import parse_multipart
from .pictures import sniff
from .service import Service


class FormService(Service):
    """Reads forms strictly."""

    def form(self, request, fields, files, optional=()):
        """(values, {name: Picture}); raises Reply when something is wrong."""
        parts = parse_multipart(request)
        if parts is None:
            self.reject(request, "invalid-parameter",
                        "the body is no multipart/form-data", "body")
        values, data = {}, {}
        for part in parts:
            if part.name in values or part.name in data:
                self.reject(request, "invalid-parameter",
                            f"{part.name} stands twice", part.name)
            if part.name in files or part.name in optional:
                data[part.name] = part
            elif part.filename is not None:
                self.reject(request, "invalid-parameter",
                            f"there is no file {part.name}", part.name)
            else:
                values[part.name] = part.data.decode("utf-8", "replace")
        values = schema.from_form(fields, values)
        problems = schema.check(fields, values)
        if problems:
            self.reject(request, "invalid-parameter", str(problems[0]),
                        str(problems[0].loc[-1]))
        for name in files:
            if name not in data:
                self.reject(request, "invalid-parameter",
                            f"{name} is missing", name)
        return values, {name: self.part_data(request, part)
                        for name, part in data.items()}

    def part_data(self, request, part):
        """Bytes of a file's part, whose type must be true."""
        kind, _ = sniff(part.data)
        if part.filename is None:
            self.violation(request, f"{part.name} has no file name")
        elif kind and part.content_type != f"image/{kind}":
            self.violation(request, f"{part.name} says {part.content_type}, "
                           f"is {kind}")
        return part.data
