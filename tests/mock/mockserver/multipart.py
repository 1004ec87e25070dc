# SPDX-License-Identifier: LGPL-3.0-or-later
"""multipart/form-data, RFC 7578."""

import re


class Part:
    """One field of a form."""

    def __init__(self, name, filename, content_type, data):
        self.name = name
        self.filename = filename
        self.content_type = content_type
        self.data = data


def parse_multipart(request):
    """Parts of a body in their order; None when it is no proper form."""
    value = request.header("Content-Type") or ""
    match = re.search(r'boundary="?([^";]+)"?', value)
    if not match or not value.lower().startswith("multipart/form-data"):
        return None
    mark = b"\r\n--" + match.group(1).encode()
    pieces = (b"\r\n" + request.body).split(mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        return None
    parts = []
    for piece in pieces[1:-1]:
        part = parse_part(piece)
        if part is None:
            return None
        parts.append(part)
    return parts


def parse_part(piece):
    """Headers and data of one part."""
    head, middle, data = piece.partition(b"\r\n\r\n")
    if not middle:
        return None
    headers = {}
    for line in head.decode("utf-8", "replace").strip().split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    what = headers.get("content-disposition", "")
    name = re.search(r'[; ]name="([^"]*)"', what)
    filename = re.search(r'filename="([^"]*)"', what)
    if not what.startswith("form-data") or name is None:
        return None
    return Part(name.group(1), filename.group(1) if filename else None,
                headers.get("content-type"), data)
