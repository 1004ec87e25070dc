# SPDX-License-Identifier: LGPL-3.0-or-later
"""Pictures of 8 bits, PNG in and out, and what the other formats' headers say."""

import operator
import struct
import zlib

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


class BadImage(Exception):
    """A picture that can't be decoded; the text says why."""


class Picture:
    """Interleaved rows of 8 bits, 1 to 4 channels."""

    def __init__(self, width, height, channels, data):
        self.width = width
        self.height = height
        self.channels = channels
        self.data = bytes(data)

    def row(self, y):
        """Bytes of a row."""
        stride = self.width * self.channels
        return self.data[y * stride:(y + 1) * stride]

    def pixel(self, x, y):
        """Values of a pixel."""
        start = (y * self.width + x) * self.channels
        return tuple(self.data[start:start + self.channels])

    def channel(self, index):
        """One channel as a picture."""
        return Picture(self.width, self.height, 1,
                       self.data[index::self.channels])

    def rgb(self):
        """The same in three channels, without alpha."""
        if self.channels == 3:
            return self
        out = bytearray(self.width * self.height * 3)
        for c in range(3):
            source = c if self.channels == 4 else 0
            out[c::3] = self.data[source::self.channels]
        return Picture(self.width, self.height, 3, out)

    def resized(self, width, height):
        """Nearest neighbour."""
        if (width, height) == (self.width, self.height):
            return self
        picks = [x * self.width // width * self.channels + c
                 for x in range(width) for c in range(self.channels)]
        pick = operator.itemgetter(*picks, 0)
        rows, known = [], {}
        for y in range(height):
            source = y * self.height // height
            if source not in known:
                known = {source: bytes(pick(self.row(source))[:-1])}
            rows.append(known[source])
        return Picture(width, height, self.channels, b"".join(rows))

    def cropped(self, x, y, width, height):
        """A part."""
        c = self.channels
        rows = [self.row(y + i)[x * c:(x + width) * c] for i in range(height)]
        return Picture(width, height, c, b"".join(rows))


def flat(width, height, colour):
    """One colour everywhere."""
    return Picture(width, height, len(colour), bytes(colour) * (width * height))


def chunk(name, data):
    """A PNG chunk."""
    return (struct.pack(">I", len(data)) + name + data
            + struct.pack(">I", zlib.crc32(name + data)))


def encode_png(picture, depth=8):
    """PNG of 8 bits, without a row filter."""
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[picture.channels]
    head = struct.pack(">IIBBBBB", picture.width, picture.height, depth,
                       colour_type, 0, 0, 0)
    rows = b"".join(b"\0" + picture.row(y) for y in range(picture.height))
    return (PNG_MAGIC + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def png_chunks(data):
    """Name and data of each chunk, with its check sum looked at."""
    at = 8
    while at + 12 <= len(data):
        size, = struct.unpack_from(">I", data, at)
        name = data[at + 4:at + 8]
        body = data[at + 8:at + 8 + size]
        if len(body) != size or at + 12 + size > len(data):
            break
        check, = struct.unpack_from(">I", data, at + 8 + size)
        if check != zlib.crc32(name + body):
            raise BadImage(f"the PNG chunk {name!r} has a wrong check sum")
        yield name, body
        if name == b"IEND":
            return
        at += 12 + size
    raise BadImage("the PNG file ends too early")


def decode_png(data):
    """A Picture of 8 bits (of 16, the upper 8)."""
    if not data.startswith(PNG_MAGIC):
        raise BadImage("this is no PNG file")
    parts = []
    head = None
    for name, body in png_chunks(data):
        if name == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        elif name == b"IDAT":
            parts.append(body)
    if head is None:
        raise BadImage("the PNG file has no header")
    width, height, depth, colour_type, _, _, interlace = head
    if depth not in (8, 16) or colour_type not in CHANNELS or interlace:
        raise BadImage("a PNG of 8 or 16 bits, gray or RGB, is expected")
    channels = CHANNELS[colour_type]
    pixel = channels * depth // 8
    try:
        raw = zlib.decompress(b"".join(parts))
    except zlib.error as error:
        raise BadImage(f"the PNG data is broken: {error}") from error
    if len(raw) != (width * pixel + 1) * height:
        raise BadImage("the PNG data has the wrong length")
    out = unfilter(raw, width * pixel, height, pixel)
    return Picture(width, height, channels, out if depth == 8 else out[0::2])


def unfilter(raw, stride, height, pixel):
    """Takes the row filters back."""
    if raw[::stride + 1] == bytes(height):
        return b"".join(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)]
                        for y in range(height))
    rows = []
    above = bytes(stride)
    for y in range(height):
        start = y * (stride + 1)
        above = unfilter_row(raw[start], raw[start + 1:start + 1 + stride],
                             above, pixel)
        rows.append(above)
    return b"".join(rows)


def add_bytes(a, b, low, high):
    """Adds bytes of two long numbers, each by itself."""
    return ((a & low) + (b & low)) ^ ((a ^ b) & high)


def unfilter_row(kind, row, above, pixel):
    """One row; kind is the filter's number."""
    if kind == 0:
        return row
    size = len(row)
    if kind in (1, 2):
        low = int.from_bytes(b"\x7f" * size, "little")
        high = int.from_bytes(b"\x80" * size, "little")
        value = int.from_bytes(row, "little")
        if kind == 2:
            value = add_bytes(value, int.from_bytes(above, "little"), low, high)
            return value.to_bytes(size, "little")
        whole = (1 << (8 * size)) - 1
        step = pixel
        while step < size:
            value = add_bytes(value, (value << (8 * step)) & whole, low, high)
            step *= 2
        return value.to_bytes(size, "little")
    if kind == 3:
        return unfilter_average(row, above, pixel)
    if kind == 4:
        return unfilter_paeth(row, above, pixel)
    raise BadImage(f"the PNG row filter {kind} does not exist")


def unfilter_average(row, above, pixel):
    """Row filter 3."""
    out = bytearray(row)
    for i in range(min(pixel, len(out))):
        out[i] = (out[i] + (above[i] >> 1)) & 255
    for i in range(pixel, len(out)):
        out[i] = (out[i] + ((out[i - pixel] + above[i]) >> 1)) & 255
    return bytes(out)


def unfilter_paeth(row, above, pixel):
    """Row filter 4."""
    out = bytearray(row)
    for i in range(min(pixel, len(out))):
        out[i] = (out[i] + above[i]) & 255
    for i in range(pixel, len(out)):
        a, b, c = out[i - pixel], above[i], above[i - pixel]
        pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - c - c)
        best = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out[i] = (out[i] + best) & 255
    return bytes(out)


def jpeg_size(data):
    """Width and height from the frame header."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xff:
        marker = data[at + 1]
        if 0xc0 <= marker <= 0xcf and marker not in (0xc4, 0xc8, 0xcc):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker == 0xff:
            at += 1
            continue
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def webp_size(data):
    """Width and height from the first chunk."""
    kind = data[12:16]
    if kind == b"VP8L" and len(data) >= 25:
        bits, = struct.unpack_from("<I", data, 21)
        return (bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1
    if kind == b"VP8X" and len(data) >= 30:
        return (int.from_bytes(data[24:27], "little") + 1,
                int.from_bytes(data[27:30], "little") + 1)
    if kind == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3fff, height & 0x3fff
    return None


def sniff(data):
    """Kind by magic bytes, and (width, height) or None."""
    if data.startswith(PNG_MAGIC):
        size = struct.unpack_from(">II", data, 16) if len(data) >= 24 else None
        return "png", size
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp", webp_size(data)
    if data[:4] == b"GIF8" and len(data) >= 10:
        return "gif", struct.unpack_from("<HH", data, 6)
    if data[:2] == b"BM":
        return "bmp", None
    if data[4:12] == b"ftypavif":
        return "avif", None
    if b"<svg" in data[:200]:
        return "svg", None
    return None, None


def check(data):
    """Kind and size of a whole, decodable picture; raises BadImage."""
    kind, size = sniff(data)
    if kind not in ("png", "jpeg", "webp") or not size or 0 in size:
        raise BadImage("this is no PNG, JPEG or WebP picture")
    if kind == "png":
        check_png(data)
    elif kind == "jpeg" and not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise BadImage("the JPEG file ends too early")
    elif kind == "webp":
        if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
            raise BadImage("the WebP file ends too early")
    return kind, size


def check_png(data):
    """Check sums and inflated length, without taking filters back."""
    parts = []
    head = None
    for name, body in png_chunks(data):
        if name == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        elif name == b"IDAT":
            parts.append(body)
    width, height, depth, colour_type = head[:4]
    channels = CHANNELS.get(colour_type, 1)
    want = ((width * channels * depth + 7) // 8 + 1) * height
    try:
        size = len(zlib.decompress(b"".join(parts)))
    except zlib.error as error:
        raise BadImage(f"the PNG data is broken: {error}") from error
    if size != want and not head[6]:
        raise BadImage("the PNG data has the wrong length")


def load(data):
    """A Picture; JPEG and WebP become middle gray of their size."""
    kind, size = check(data)
    if kind == "png":
        return decode_png(data)
    return flat(*size, (128, 128, 128))
