# SPDX-License-Identifier: LGPL-3.0-or-later
"""Dead leaves: pictures with the statistics of photographs, made of nothing.

Opaque shapes of power-law size (exponent 3) cover each other until nothing is
left open: edges at all scales, occlusion and flat parts as in photographs
(Lee, Mumford, Huang 2001).  Textures, shading, perspective, blur by depth and
natural colours bring them closer (Achddou et al. 2021, 2023).
"""
import numpy as np
from PIL import Image, ImageFilter


def _palette(rng):
    """Colours that go together: [K, 3] in 0..1; mostly of low chroma."""
    k = rng.integers(3, 11)
    wide = rng.choice([1.0, 0.5, 0.25])
    light = 0.5 + wide * (rng.beta(0.9, 1.1, k) - 0.5)
    chroma = np.abs(rng.normal(0, 0.06, k)) + (rng.random(k) < 0.12) * 0.2
    families = np.array([0.07, 0.1, 0.28, 0.58, rng.random()])
    hue = rng.choice(families, k) + rng.normal(0, 0.05, k)
    cast = rng.normal(0, 0.03, 3)
    phase = 2 * np.pi * (hue[:, None] - np.array([0, 1 / 3, 2 / 3])[None])
    room = np.minimum(light, 1 - light)[:, None] + 0.15
    rgb = light[:, None] + 2 * chroma[:, None] * room * np.cos(phase)
    return rgb + cast


class Canvas:
    """A picture that fills up from the front to the back."""

    def __init__(self, rng, side, textures):
        self.rng = rng
        self.side = side
        self.textures = textures
        self.palette = _palette(rng)
        self.rgb = np.zeros((side, side, 3), np.float32)
        # The share of each pixel that nothing covers yet.
        self.open = np.ones((side, side), np.float32)
        self.contrast = np.exp(rng.normal(-2.4, 0.7))
        self.rims = rng.choice([0.0, 0.15, 0.7])
        self.few = rng.choice(len(textures), rng.integers(2, 12))

    def _radius_profile(self, n):
        """Radius over n directions, at most 1: polygon, blob or disk."""
        rng = self.rng
        theta = np.arange(n) * (2 * np.pi / n)
        kind = rng.random()
        if kind < 0.25:
            return np.ones(n)
        if kind < 0.6:
            corners = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 9)))
            r = rng.uniform(0.4, 1.0, len(corners))
            gap = np.diff(np.append(corners, corners[0] + 2 * np.pi))
            i = (np.searchsorted(corners, theta, 'right') - 1) % len(corners)
            j = (i + 1) % len(corners)
            t = (theta - corners[i]) % (2 * np.pi)
            g = np.minimum(gap[i], 3.0)
            den = r[i] * np.sin(np.minimum(t, g)) \
                + r[j] * np.sin(np.maximum(g - t, 0.02))
            p = r[i] * r[j] * np.sin(g) / np.maximum(den, 1e-3)
            return np.clip(p, 0.05, 1.0)
        r = np.ones(n)
        for m in range(1, 7):
            r += rng.normal(0, 0.5 / m) * np.cos(m * theta
                                                 + rng.uniform(0, 6.28))
        r = np.abs(r) + 0.1
        return r / r.max()

    def _texture(self, y, x, radius):
        """Texture values at leaf coordinates, seen at a slant."""
        rng = self.rng
        field = self.textures[rng.choice(self.few)]
        angle = rng.uniform(0, 2 * np.pi)
        zoom = np.exp(rng.uniform(-1.0, 1.2))
        c, s = np.cos(angle) * zoom, np.sin(angle) * zoom
        u, v = c * x - s * y, s * x + c * y
        if radius > 40 and rng.random() < 0.5:
            tilt = rng.uniform(-0.45, 0.45) / radius
            w = 1.0 / np.maximum(1.0 + tilt * y, 0.3)
            u, v = u * w, v * w
        n = field.shape[0]
        u, v = u + rng.uniform(0, n), v + rng.uniform(0, n)
        iu, iv = u.astype(np.int32), v.astype(np.int32)
        if radius < 14:
            return field[iv % n, iu % n]
        fu, fv = u - iu, v - iv
        u0, v0, u1, v1 = iu % n, iv % n, (iu + 1) % n, (iv + 1) % n
        top = field[v0, u0] * (1 - fu) + field[v0, u1] * fu
        low = field[v1, u0] * (1 - fu) + field[v1, u1] * fu
        return top * (1 - fv) + low * fv

    def _colors(self, y, x, radius):
        rng = self.rng
        a = self.palette[rng.integers(len(self.palette))]
        a = a + rng.normal(0, 0.04) + rng.normal(0, 0.015, 3)
        rgb = np.broadcast_to(a.astype(np.float32), y.shape + (3,))
        if rng.random() < 0.6:
            g = rng.normal(0, 0.12, 2) / radius
            rgb = rgb + (g[0] * y + g[1] * x)[..., None]
        if rng.random() < 0.95:
            t = self._texture(y, x, radius)[..., None]
            strength = self.contrast * np.exp(rng.normal(-0.1, 0.8))
            if rng.random() < 0.12:
                b = self.palette[rng.integers(len(self.palette))]
                mix = np.clip(0.5 + 0.4 * t, 0, 1) * min(1.0, 6 * strength)
                rgb = rgb + (b - a).astype(np.float32) * mix
            else:
                tint = (1 + rng.normal(0, 0.06, 3)).astype(np.float32)
                rgb = rgb * (1 + 0.5 * strength * t) + 0.6 * strength * t * tint
        return rgb

    def leaf(self, radius):
        rng, side = self.rng, self.side
        cy, cx = rng.uniform(-0.3 * radius, side + 0.3 * radius, 2)
        ratio = 1.0 if rng.random() < 0.5 else np.exp(-rng.uniform(0, 2.6))
        y0, y1 = max(0, int(cy - radius)), min(side, int(cy + radius) + 2)
        x0, x1 = max(0, int(cx - radius)), min(side, int(cx + radius) + 2)
        if y0 >= y1 or x0 >= x1 or self.open[y0:y1, x0:x1].max() < 0.01:
            return
        y = (np.arange(y0, y1) - cy)[:, None]
        x = (np.arange(x0, x1) - cx)[None, :]
        angle = rng.uniform(0, 2 * np.pi)
        u = np.cos(angle) * x + np.sin(angle) * y
        v = (np.cos(angle) * y - np.sin(angle) * x) / ratio
        if rng.random() < 0.2:
            depth = np.maximum(np.abs(u) / 0.95, np.abs(v) / 0.6) / radius
            reach = 0.6 * radius
        else:
            n = 256 if radius < 24 else 4096
            at = (np.arctan2(v, u) * (n / (2 * np.pi))).astype(int) % n
            reach = self._radius_profile(n)[at] * radius
            depth = np.sqrt(u * u + v * v) / reach
        # How much of a pixel is covered: edges are not stairs.
        cover = np.clip((1 - depth) * reach * max(ratio, 0.4) + 0.5, 0, 1)
        cover = cover * self.open[y0:y1, x0:x1]
        iy, ix = np.nonzero(cover > 0.004)
        if len(iy) == 0:
            return
        fy, fx = (iy + y0 - cy).astype(np.float32), (ix + x0 - cx).astype(
            np.float32)
        rgb = self._colors(fy, fx, radius)
        if self.rims and rng.random() < self.rims:
            # Outlines: veins of leaves, wings, lead glass, drawn borders.
            width = rng.uniform(1.0, 6.0) / radius + rng.uniform(0, 0.1)
            line = self.palette[rng.integers(len(self.palette))]
            line = line * rng.choice([0.15, 0.5, 1.0, 1.6])
            rgb = np.where((depth[iy, ix] > 1 - width)[:, None],
                           line.astype(np.float32), rgb)
        share = cover[iy, ix].astype(np.float32)
        self.rgb[iy + y0, ix + x0] += rgb * share[:, None]
        self.open[iy + y0, ix + x0] -= share

    def fill(self, smallest, largest):
        rng = self.rng
        limit = 6000
        while limit > 0 and self.open.mean() > 0.004:
            limit -= 1
            q = rng.random()
            a, b = smallest ** -2.0, largest ** -2.0
            self.leaf((a - q * (a - b)) ** -0.5)
        y, x = np.nonzero(self.open > 0.004)
        if len(y):
            self.rgb[y, x] += self.open[y, x][:, None] * self._colors(
                y.astype(np.float32), x.astype(np.float32), self.side)
        return self.rgb


def _to_image(rgb):
    return Image.fromarray((np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8))


def _light(rng, side):
    """A slowly changing illumination, [side, side, 1]."""
    small = rng.normal(0, 1, (5, 5)).astype(np.float32)
    big = Image.fromarray(small).resize((side, side), Image.BICUBIC)
    return np.exp(np.asarray(big) * rng.uniform(0, 0.3))[..., None]


def picture(rng, textures, size):
    """One picture, [size, size, 3] uint8."""
    shrink = rng.choice([1.0, 1.0, 1.4, 2.0])
    side = int(size * shrink) + 1
    smallest = rng.choice([6.0, 12.0, 25.0, 50.0, 80.0, 120.0])
    rgb = Canvas(rng, side, textures).fill(smallest, 0.9 * side)
    if rng.random() < 0.6:
        rgb = rgb * _light(rng, side)
    if rng.random() < 0.35:
        back = Canvas(rng, side, textures).fill(2 * smallest, 0.9 * side)
        blur = ImageFilter.GaussianBlur(np.exp(rng.uniform(0.3, 2.5)))
        back = np.asarray(_to_image(back).filter(blur), np.float32) / 255
        cells = rng.integers(3, 13)
        field = rng.normal(0, 1, (cells, cells)).astype(np.float32)
        cut = np.asarray(Image.fromarray(field).resize((side, side),
                                                       Image.BICUBIC))
        soft = np.clip(0.5 + cut * np.exp(rng.uniform(0, 2)), 0, 1)[..., None]
        rgb = rgb * soft + back * (1 - soft)
    low, high = np.percentile(rgb, [1, 99])
    stretch = rng.uniform(0.4, 1.1) / max(high - low, 0.3)
    rgb = (rgb - low) * stretch + rng.uniform(0, 0.15)
    image = _to_image(rgb)
    if shrink > 1:
        image = image.resize((size, size), rng.choice(
            [Image.BICUBIC, Image.BOX, Image.LANCZOS]))
    else:
        image = image.crop((0, 0, size, size))
    return np.asarray(image)
