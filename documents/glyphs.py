"""Which characters our fonts can print. PDF/A forbids text without a glyph, so one emoji must not stop a meeting."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
REPLACEMENT = "\ufffd"
JOINERS = frozenset("\u200c\u200d")  # they shape Arabic and have no glyph of their own
BREAKS = frozenset("\n\t")


def printable(text: str) -> str:
    """Return ``text`` composed (NFC), without control and direction characters, and with U+FFFD in place of what no
    font of ours can print."""
    return "".join(_printed(each) for each in unicodedata.normalize("NFC", text))


def _printed(character: str) -> str:
    if character in BREAKS:
        return character
    kind = unicodedata.category(character)
    if kind in ("Zl", "Zp"):
        return "\n"
    if kind == "Zs":
        return character if ord(character) in covered() else " "
    if character in JOINERS:
        return character
    if kind in ("Cc", "Cf"):
        return ""
    return character if ord(character) in covered() else REPLACEMENT


@cache
def covered() -> frozenset[int]:
    """Return the code points that both weights of some font of ours have."""
    families: dict[str, set[int]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        family = path.stem.split("-")[0]
        points = _code_points(path.read_bytes())
        families[family] = families[family] & points if family in families else points
    return frozenset().union(*families.values())


def _code_points(font: bytes) -> set[int]:
    """Return the characters of a font's Unicode character map (OpenType ``cmap``, formats 4 and 12)."""
    start = _table(font, b"cmap")
    points: set[int] = set()
    (count,) = struct.unpack_from(">H", font, start + 2)
    for index in range(count):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if platform in (0, 3) and form == 4:
            points |= _segments(font, start + offset)
        elif platform in (0, 3) and form == 12:
            points |= _groups(font, start + offset)
    return points


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no table {tag!r}")


def _segments(font: bytes, start: int) -> set[int]:
    """Format 4: segments of 16-bit characters; a character whose glyph is 0 is not there."""
    (double,) = struct.unpack_from(">H", font, start + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    firsts = struct.unpack_from(f">{count}H", font, start + 16 + double)
    deltas = struct.unpack_from(f">{count}H", font, start + 16 + 2 * double)
    ranges_at = start + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", font, ranges_at)
    points: set[int] = set()
    for index, (first, end, delta, offset) in enumerate(zip(firsts, ends, deltas, offsets, strict=True)):
        for point in range(first, end + 1):
            glyph = point
            if offset:
                place = ranges_at + 2 * index + offset + 2 * (point - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            if (glyph + delta) & 0xFFFF and (not offset or glyph):
                points.add(point)
    return points - {0xFFFF}


def _groups(font: bytes, start: int) -> set[int]:
    """Format 12: groups of characters beyond 16 bits."""
    (count,) = struct.unpack_from(">I", font, start + 12)
    points: set[int] = set()
    for index in range(count):
        first, end, _ = struct.unpack_from(">III", font, start + 16 + 12 * index)
        points.update(range(first, end + 1))
    return points
