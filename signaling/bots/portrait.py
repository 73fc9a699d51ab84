"""A drawn person under a name plate: breathes, blinks, and moves the lips while speaking. Pure."""

import colorsys
import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 640, 360
_SCALE = 2  # drawn larger and reduced: smooth edges
_SKINS = ((242, 208, 178), (226, 182, 146), (204, 156, 118), (181, 130, 94))
_HAIRS = ((38, 30, 28), (58, 42, 34), (24, 24, 30), (120, 118, 120))
_FONTS = files("documents") / "fonts"
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment: sway from side to side and nod (−1 to 1), eyes and mouth (0 closed to 1 open)."""

    sway: float
    nod: float
    eyes: float
    mouth: float


def poses(rng: random.Random, frames: int, *, speaking: bool) -> list[Pose]:
    """Return a loop of poses that ends where it begins."""
    blinks = {rng.randrange(4, frames - 4) for _ in range(max(1, frames // 30))}
    return [_pose(rng, index, frames, blinks, speaking) for index in range(frames)]


def _pose(rng: random.Random, index: int, frames: int, blinks: set[int], speaking: bool) -> Pose:
    turn = 2 * math.pi * index / frames
    lively = 1.0 if speaking else 0.35
    return Pose(
        sway=lively * math.sin(turn),
        nod=lively * math.sin(2 * turn + 1) if speaking else 0.5 * math.sin(turn),
        eyes=0.1 if index in blinks else 0.45 if index - 1 in blinks or index + 1 in blinks else 1.0,
        mouth=rng.choice((0.15, 0.4, 0.7, 1.0, 0.5, 0.2)) if speaking and index else 0.0,
    )


@dataclass(frozen=True)
class Portrait:
    """Somebody's looks; everything follows from ``hue`` (0 to 1) and ``seed``, so that a person stays the same."""

    name: str
    site: str
    hue: float
    seed: int
    long_hair: bool

    def draw(self, pose: Pose) -> Image.Image:
        """Return an RGB picture of 640 × 360."""
        picture = self._background.copy()
        pen = ImageDraw.Draw(picture)
        x, y = WIDTH // 2 + 5 * pose.sway, 150 + 3 * pose.nod
        self._body(pen, WIDTH // 2 + 2 * pose.sway)
        self._head(pen, x, y)
        self._face(pen, x, y, pose)
        pen.rectangle(_scaled([(0, 326), (WIDTH, HEIGHT)]), fill=(94, 66, 48))
        pen.rectangle(_scaled([(0, 326), (WIDTH, 330)]), fill=(128, 94, 70))
        return picture.reduce(_SCALE)

    @cached_property
    def _looks(self) -> tuple[Colour, Colour, int]:
        """Skin, hair, and on which side it is parted."""
        rng = random.Random(self.seed)  # noqa: S311 — looks, not secrets
        return rng.choice(_SKINS), rng.choice(_HAIRS), rng.choice((-1, 1))

    @cached_property
    def _background(self) -> Image.Image:
        """A wall in the person's hue, lighter at the top, with a window's light and the name plate on it."""
        top, bottom = _colour(self.hue, 0.32, 0.62), _colour(self.hue, 0.45, 0.34)
        column = Image.new("RGB", (1, HEIGHT))
        for row in range(HEIGHT):
            part = row / HEIGHT
            column.putpixel((0, row), tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)))
        wall = column.resize((WIDTH * _SCALE, HEIGHT * _SCALE))
        light = Image.new("L", wall.size, 0)
        ImageDraw.Draw(light).polygon(_scaled([(60, 0), (250, 0), (140, HEIGHT), (-50, HEIGHT)]), fill=26)
        wall.paste(Image.new("RGB", wall.size, (255, 255, 255)), mask=light)
        # On the wall, where neither the page's caption nor a tile of another shape hides it.
        wall.paste(self._sign, (548 * _SCALE - self._sign.width, 26 * _SCALE))
        return wall

    def _body(self, pen: ImageDraw.ImageDraw, x: float) -> None:
        jacket = _colour(self.hue, 0.55, 0.30)
        _ellipse(pen, x, 372, 150, 150, jacket)
        pen.polygon(_scaled([(x - 30, 222), (x + 30, 222), (x, 300)]), fill=(245, 245, 242))
        if self.long_hair:
            return
        tie = [(x - 7, 236), (x + 7, 236), (x + 10, 290), (x, 304), (x - 10, 290)]
        pen.polygon(_scaled(tie), fill=_accent(self.hue))

    def _head(self, pen: ImageDraw.ImageDraw, x: float, y: float) -> None:
        skin, hair, parting = self._looks
        if self.long_hair:
            _ellipse(pen, x, y + 8, 76, 92, hair)
            pen.rounded_rectangle(_box(x, y + 60, 72, 50), radius=30 * _SCALE, fill=hair)
        pen.rounded_rectangle(_box(x, y + 62, 22, 34), radius=18 * _SCALE, fill=_darker(skin, 0.9))
        _ellipse(pen, x - 61, y + 8, 10, 15, _darker(skin, 0.93))
        _ellipse(pen, x + 61, y + 8, 10, 15, _darker(skin, 0.93))
        _ellipse(pen, x, y, 63, 76, hair)
        _ellipse(pen, x, y + 9, 58, 68, skin)
        pen.chord(_box(x, y - 24, 60, 52), 180, 360, fill=hair)
        pen.pieslice(_box(x - parting * 20, y - 28, 40, 19), 0, 180, fill=hair)

    def _face(self, pen: ImageDraw.ImageDraw, x: float, y: float, pose: Pose) -> None:
        skin, hair, _ = self._looks
        look = x + 2 * pose.sway
        for side in (-1, 1):
            eye = x + side * 24
            _ellipse(pen, eye, y + 8, 9, max(1.2, 6.5 * pose.eyes), (252, 252, 250))
            if pose.eyes > 0.3:
                _ellipse(pen, look + side * 24, y + 8, 4.6, min(4.6, 6.5 * pose.eyes), (44, 34, 30))
            pen.arc(_box(eye, y + 2, 13, 12), 215, 325, fill=hair, width=3 * _SCALE)
        pen.arc(_box(x, y + 24, 7, 8), 20, 160, fill=_darker(skin, 0.75), width=2 * _SCALE)
        if pose.mouth < 0.1:
            pen.arc(_box(x, y + 38, 20, 12), 25, 155, fill=(150, 66, 62), width=3 * _SCALE)
        else:
            _ellipse(pen, x, y + 49, 15 + 4 * pose.mouth, 3 + 9 * pose.mouth, (122, 44, 46))
            _ellipse(pen, x, y + 49 - 5 * pose.mouth, 11, 2.2 * pose.mouth, (250, 248, 244))

    @cached_property
    def _sign(self) -> Image.Image:
        name, site = _font("SemiBold", 19), _font("Regular", 13)
        width = max(round(name.getlength(self.name)), round(site.getlength(self.site))) + 24 * _SCALE
        sign = Image.new("RGB", (width, 54 * _SCALE), (250, 249, 245))
        pen = ImageDraw.Draw(sign)
        pen.rectangle((0, 0, width, 3 * _SCALE), fill=_accent(self.hue))
        pen.text((width / 2, 19 * _SCALE), self.name, font=name, fill=(30, 34, 40), anchor="mm")
        pen.text((width / 2, 39 * _SCALE), self.site, font=site, fill=(84, 90, 98), anchor="mm")
        return sign


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO((_FONTS / f"BeVietnamPro-{weight}.ttf").read_bytes()), size * _SCALE)


def _scaled(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]


def _box(x: float, y: float, half_width: float, half_height: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = x - half_width, y - half_height, x + half_width, y + half_height
    return left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE


def _ellipse(  # noqa: PLR0917 — as one writes it
    pen: ImageDraw.ImageDraw, x: float, y: float, half_width: float, half_height: float, fill: Colour
) -> None:
    pen.ellipse(_box(x, y, half_width, half_height), fill=fill)


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)


def _accent(hue: float) -> Colour:
    return _colour(hue + 0.5, 0.62, 0.72)


def _darker(colour: Colour, part: float) -> Colour:
    red, green, blue = colour
    return round(red * part), round(green * part), round(blue * part)
