# SPDX-License-Identifier: LGPL-3.0-or-later
"""JPEG (one colour per block of 8 x 8), WebP (one colour), and bad files.

JPEG: baseline, 4:4:4, ITU-T T.81; only the DC coefficient of a block is
written, with a quantizer of 8, which makes one step one level.  WebP:
lossless, RFC 9649; every prefix code has one symbol, so pixels take no bits.
"""

import struct
import zlib

from .pictures import PNG_MAGIC, chunk, encode_png

# Lengths of the DC code: categories 0 to 11 as 2,3,3,3,3,3,4,5,6,7,8,9 bits.
DC_COUNTS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
DC_CODES = ["00", "010", "011", "100", "101", "110", "1110", "11110",
            "111110", "1111110", "11111110", "111111110"]
END_OF_BLOCK = "0"


def segment(marker, data):
    """A JPEG segment."""
    return bytes([0xff, marker]) + struct.pack(">H", len(data) + 2) + data


def dc_bits(difference):
    """Code and bits of a DC difference, and an empty rest of the block."""
    size = abs(difference).bit_length()
    if size == 0:
        return DC_CODES[0] + END_OF_BLOCK
    value = difference if difference > 0 else difference + (1 << size) - 1
    return DC_CODES[size] + format(value, f"0{size}b") + END_OF_BLOCK


def ycc(red, green, blue):
    """JFIF's Y, Cb, Cr around 0."""
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(y) - 128, round((blue - y) / 1.772), round((red - y) / 1.402)


def block_colours(picture):
    """Y, Cb, Cr of the middle pixel of each block, row by row."""
    memory = {}
    for top in range(0, picture.height, 8):
        row = picture.row(min(top + 4, picture.height - 1))
        for left in range(0, picture.width, 8):
            at = min(left + 4, picture.width - 1) * 3
            colour = row[at:at + 3]
            if colour not in memory:
                memory[colour] = ycc(*colour)
            yield memory[colour]


def encode_jpeg(picture):
    """A JPEG file; each block has the colour of its middle."""
    picture = picture.rgb()
    bits, last, known = [], (0, 0, 0), {}
    for colour in block_colours(picture):
        for new, old in zip(colour, last):
            code = known.get(new - old)
            if code is None:
                code = known[new - old] = dc_bits(new - old)
            bits.append(code)
        last = colour
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    data = int(text, 2).to_bytes(len(text) // 8, "big")
    return jpeg_head(picture) + data.replace(b"\xff", b"\xff\0") + b"\xff\xd9"


def jpeg_head(picture):
    """Everything up to the picture's bits."""
    parts = [b"\xff\xd8",
             segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
             segment(0xdb, b"\0" + bytes([8]) * 64),
             segment(0xc0, struct.pack(">BHHB", 8, picture.height,
                                       picture.width, 3)
                     + b"\1\x11\0\2\x11\0\3\x11\0"),
             segment(0xc4, b"\0" + DC_COUNTS + bytes(range(12))),
             segment(0xc4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
             segment(0xda, b"\3\1\0\2\0\3\0\0\x3f\0")]
    return b"".join(parts)


def encode_webp(picture):
    """A WebP file in the colour of the picture's middle."""
    colour = picture.rgb().pixel(picture.width // 2, picture.height // 2)
    fields = [(0x2f, 8), (picture.width - 1, 14), (picture.height - 1, 14),
              (0, 1), (0, 3), (0, 1), (0, 1), (0, 1)]
    for value in (colour[1], colour[0], colour[2], 255):
        fields += [(1, 1), (0, 1), (1, 1), (value, 8)]
    fields += [(1, 1), (0, 1), (0, 1), (0, 1)]
    value = at = 0
    for number, size in fields:
        value |= number << at
        at += size
    data = value.to_bytes((at + 7) // 8, "little")
    body = b"WEBPVP8L" + struct.pack("<I", len(data)) + data
    body += b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encode(picture, kind):
    """Bytes and media type."""
    if kind in ("jpeg", "jpg"):
        return encode_jpeg(picture), "image/jpeg"
    if kind == "webp":
        return encode_webp(picture), "image/webp"
    return encode_png(picture), "image/png"


def zeros(megabytes):
    """A zlib stream of so many million zero bytes, made in no time."""
    squeeze = zlib.compressobj(9)
    block = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    size = megabytes << 20
    check = (size % 65521) << 16 | 1
    return (block + block[2:] * (megabytes - 1) + b"\1\0\0\xff\xff"
            + struct.pack(">I", check))


def bomb(how):
    """PNG files that grow when they are opened."""
    size = (60000, 60000) if how == "ihdr" else (64, 64)
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    extra = b""
    if how == "zlib":
        data = zeros(400)
    elif how == "iccp":
        extra = chunk(b"iCCP", b"bomb\0\0" + zeros(400))
        data = zlib.compress(bytes(64 * (64 * 3 + 1)))
    return (PNG_MAGIC + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data)
            + chunk(b"IEND", b""))


def wrong_image(kind, picture):
    """Bytes that are not what was promised; of another format as well."""
    if kind in ("png", "jpeg", "webp"):
        return encode(picture, kind)[0]
    if kind == "gif":
        return (b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\0\0\0\0\0,"
                b"\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
    if kind == "svg":
        return (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"'
                b' width="64" height="64"><rect width="64" height="64"/></svg>')
    if kind == "bmp":
        return (b"BM" + struct.pack("<IHHI", 58, 0, 0, 54)
                + struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0)
                + b"\xff\0\xff\0")
    if kind == "magic":
        return PNG_MAGIC + b"and then nothing that makes sense"
    return b"This is not a picture."
