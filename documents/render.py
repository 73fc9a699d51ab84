"""Lays papers out as PDF/A with typst. User text travels as JSON data, never as typst source.

CPU work: the hub runs these in the :class:`documents.worker.WorkerPool`.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, TypedDict, cast

import typst

from .content import AgendaData, MinutesData, StampData
from .errors import RenderFailed
from .glyphs import FONTS, printable
from .layout import Json, agenda_layout, minutes_layout, stamp_layout

TEMPLATES = Path(__file__).parent / "templates"
A4_HEIGHT = 841.89  # points
_lock = threading.Lock()  # a compiler serves one thread at a time; stamps are drawn in the hub's threads
STANDARD: Final = "a-2u"  # tagged as well; "a-2a" would promise tags on signature fields, too


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where a signature field goes: zero-based page, box in points from the lower left corner, spoken description."""

    name: str
    page: int
    box: tuple[int, int, int, int]
    description: str


class _Place(TypedDict):
    name: str
    description: str
    page: int
    x: float
    y: float
    width: float
    height: float


def render_agenda(data: AgendaData) -> bytes:
    """Return the agenda as PDF/A. Raises ``RenderFailed``."""
    return _compile("agenda.typ", agenda_layout(data), data.convened_at)


def render_minutes(data: MinutesData) -> bytes:
    """Return the minutes as PDF/A with an empty signature field for each signer, named by the signer's role.

    Raises ``RenderFailed``.
    """
    # Imported here: a worker that renders agendas need not load the signing library.
    from .signing import prepare  # noqa: PLC0415

    layout = minutes_layout(data)
    pdf = _compile("minutes.typ", layout, data.made_at)
    return prepare(pdf, signature_places(layout))


def render_stamp(data: StampData) -> bytes:
    """Return one small page: what a signature place shows after signing. Raises ``RenderFailed``."""
    return _compile("stamp.typ", stamp_layout(data), data.signed_at)


def signature_places(layout: Mapping[str, Json]) -> list[SignaturePlace]:
    """Return where the minutes of this layout have their signature places."""
    compiler = _compiler("minutes.typ")
    try:
        with _lock:  # the query asks for what was compiled last
            compiler.compile(format="pdf", sys_inputs=_inputs(layout))
            found = cast(list[_Place], json.loads(compiler.query("<signature-place>", field="value")))
    except (typst.TypstError, RuntimeError, ValueError) as error:
        raise RenderFailed("the places of the signatures cannot be found") from error
    return [_signature_place(each) for each in found]


def _signature_place(place: _Place) -> SignaturePlace:
    left, right = place["x"], place["x"] + place["width"]
    top = A4_HEIGHT - place["y"]
    box = (round(left), round(top - place["height"]), round(right), round(top))
    return SignaturePlace(place["name"], place["page"] - 1, box, place["description"])


def _compile(template: str, layout: Mapping[str, Json], made_at: datetime) -> bytes:
    try:
        with _lock:
            pdf = _compiler(template).compile(
                format="pdf",
                sys_inputs=_inputs(layout),
                pdf_standards=STANDARD,
                timestamp=int(made_at.timestamp()),
            )
    except (typst.TypstError, RuntimeError) as error:
        raise RenderFailed(f"{template} cannot be laid out: {error}") from error
    if not isinstance(pdf, bytes):
        raise RenderFailed(f"{template} gave no PDF")
    return pdf


def _inputs(layout: Mapping[str, Json]) -> dict[str, str]:
    return {"data": json.dumps(_printable(dict(layout)), ensure_ascii=False)}


def _printable(value: Json) -> Json:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(each) for each in value]
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return value


@cache
def _compiler(template: str) -> typst.Compiler:
    """One compiler per template and process: fonts are read once. Files of the system are not used."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=fonts)
