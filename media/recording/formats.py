"""What can be written, and as what: the codecs of a recording and their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from media.ortc import H264
from media.recording.errors import NotRecordable

OPUS: Final = "audio/opus"
VP8: Final = "video/vp8"


@dataclass(frozen=True, slots=True)
class Format:
    """How a codec is written. ``codec`` is FFmpeg's name for it; WebM is a part of Matroska (RFC 9559)."""

    container: Literal["webm", "matroska"]
    codec: str
    media_type: str
    suffix: str


FORMATS: Final[Mapping[str, Format]] = {
    OPUS: Format("webm", "libopus", "audio/webm", "webm"),
    VP8: Format("webm", "vp8", "video/webm", "webm"),
    H264: Format("matroska", "h264", "video/x-matroska", "mkv"),  # WebM has no H.264
}


def format_of(mime: str) -> Format:
    """Return how a codec is written. Raises NotRecordable for one that is not."""
    try:
        return FORMATS[mime.lower()]
    except KeyError as error:
        raise NotRecordable(f"{mime} is not recorded") from error
