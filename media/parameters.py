"""ORTC parameters as mediasoup writes them, parsed. Unknown fields are ignored, as mediasoup does.

Names follow the JSON (``mimeType`` is read into ``mime_type``). Everything is immutable and bounded, and no string can
hold what would mean something in SDP: receivers write these values into theirs.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from media.errors import ParametersError

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
VIDEO_ORIENTATION = "urn:3gpp:video-orientation"

#: The codec parameters that are kept, by media type: RFC 7587 §6.1, RFC 6184 §8.1, and RFC 4588 §8.6. All others are
#: dropped. Numbers have a range, texts a pattern.
CODEC_PARAMETERS: Final[Mapping[str, Mapping[str, range | re.Pattern[str]]]] = {
    "audio/opus": {
        "useinbandfec": range(2),
        "usedtx": range(2),
        "stereo": range(2),
        "sprop-stereo": range(2),
        "minptime": range(3, 121),
        "maxplaybackrate": range(8000, 48_001),
        "maxaveragebitrate": range(6000, 510_001),
    },
    "video/h264": {
        "packetization-mode": range(2),
        "level-asymmetry-allowed": range(2),
        "profile-level-id": re.compile(r"[0-9A-Fa-f]{6}"),
    },
    "video/rtx": {"apt": range(128)},
}

PayloadType = Annotated[int, Field(strict=True, ge=0, le=127)]
ExtensionId = Annotated[int, Field(strict=True, ge=1, le=255)]
ExtensionUri = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9:/.#_-]{1,127}$")]
StreamId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,16}$")]  # a mid (RFC 9143) or rid (RFC 8851)
WireSsrc = Annotated[int, Field(strict=True, ge=0, le=0xFFFFFFFF)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Feedback(_Model):
    """One kind of RTCP feedback, such as ``nack`` with parameter ``pli``."""

    type: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    parameter: str | None = Field(default="", pattern=r"^[A-Za-z0-9 -]{0,32}$")

    @property
    def key(self) -> tuple[str, str]:
        """What two sides compare."""
        return self.type, self.parameter or ""


class _CodecBase(_Model):
    mime_type: str = Field(pattern=r"^(audio|video|AUDIO|VIDEO)/[A-Za-z0-9_.-]{1,32}$")
    clock_rate: int = Field(strict=True, ge=1, le=1_000_000)
    channels: int | None = Field(default=None, strict=True, ge=1, le=8)
    parameters: dict[str, int | str] = {}
    rtcp_feedback: tuple[Feedback, ...] = Field(default=(), max_length=16)

    @field_validator("parameters", mode="before")
    @classmethod
    def _known_parameters(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, Mapping):
            return value
        known = CODEC_PARAMETERS.get(info.data.get("mime_type", "").lower(), {})
        read = {name: _understood(value.get(name), rule) for name, rule in known.items()}
        return {name: one for name, one in read.items() if one is not None}

    @property
    def mime(self) -> str:
        """The media type in lower case."""
        return self.mime_type.lower()

    @property
    def is_rtx(self) -> bool:
        """Whether this is the retransmission format of another codec (RFC 4588)."""
        return self.mime.endswith("/rtx")

    @property
    def is_red(self) -> bool:
        """Whether packets of it repeat those of another codec (RFC 2198)."""
        return self.mime == "audio/red"

    @property
    def apt(self) -> int | None:
        """The payload type that an RTX codec retransmits (RFC 4588 §8.6)."""
        apt = self.parameters.get("apt")
        return apt if isinstance(apt, int) else None

    def has_feedback(self, kind: str, parameter: str = "") -> bool:
        """Whether this RTCP feedback was negotiated."""
        return any(feedback.key == (kind, parameter) for feedback in self.rtcp_feedback)


class Codec(_CodecBase):
    """A codec in use, under the payload type it has on the wire."""

    payload_type: PayloadType


class CodecCapability(_CodecBase):
    """A codec that can be received."""

    kind: Literal["audio", "video"]
    preferred_payload_type: PayloadType | None = None


class HeaderExtension(_Model):
    """A header extension in use (RFC 8285)."""

    uri: ExtensionUri
    id: ExtensionId
    encrypt: bool | None = False


class HeaderExtensionCapability(_Model):
    """A header extension that can be received."""

    kind: Literal["audio", "video", ""] | None = None
    uri: ExtensionUri
    preferred_id: ExtensionId
    direction: Literal["sendrecv", "sendonly", "recvonly", "inactive"] | None = "sendrecv"


class Rtx(_Model):
    """The retransmission stream of an encoding."""

    ssrc: WireSsrc


class Encoding(_Model):
    """One RTP stream, known by its SSRC or, under simulcast, by its rid (RFC 8851)."""

    ssrc: WireSsrc | None = None
    rid: StreamId | None = None
    rtx: Rtx | None = None


class RtcpParameters(_Model):
    """How the stream appears in RTCP."""

    cname: str | None = Field(default=None, pattern=r"^[!-~]{0,255}$")


class RtpParameters(_Model):
    """How one source is sent."""

    mid: StreamId | None = None
    codecs: tuple[Codec, ...] = Field(min_length=1, max_length=8)
    header_extensions: tuple[HeaderExtension, ...] = Field(default=(), max_length=32)
    encodings: tuple[Encoding, ...] = Field(default=(), max_length=4)
    rtcp: RtcpParameters | None = None

    @property
    def codec(self) -> Codec:
        """The media codec in use: the first that is neither RTX nor RED. ParametersError if there is none."""
        for codec in self.codecs:
            if not codec.is_rtx and not codec.is_red:
                return codec
        raise ParametersError("no media codec")

    @property
    def rtx_codec(self) -> Codec | None:
        """The RTX codec of the media codec in use."""
        return next((codec for codec in self.codecs if codec.is_rtx and codec.apt == self.codec.payload_type), None)

    @property
    def red_codec(self) -> Codec | None:
        """What repeats the media codec in use, on the same clock."""
        clock = self.codec.clock_rate
        return next((codec for codec in self.codecs if codec.is_red and codec.clock_rate == clock), None)

    def extension_id(self, uri: str) -> int | None:
        """The id of a header extension on the wire."""
        return next((extension.id for extension in self.header_extensions if extension.uri == uri), None)

    def to_json(self) -> dict[str, JsonValue]:
        """The parameters as mediasoup writes them, with nothing in them but what was understood."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class RtpCapabilities(_Model):
    """What an endpoint can receive."""

    codecs: tuple[CodecCapability, ...] = Field(default=(), max_length=64)
    header_extensions: tuple[HeaderExtensionCapability, ...] = Field(default=(), max_length=64)

    def to_json(self) -> dict[str, JsonValue]:
        """The capabilities as mediasoup writes them."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def parse_parameters(rtp_parameters: Mapping[str, object]) -> RtpParameters:
    """Raises ParametersError."""
    try:
        return RtpParameters.model_validate(rtp_parameters)
    except ValidationError as error:
        raise ParametersError(_summary("RTP parameters", error)) from error


def parse_capabilities(rtp_capabilities: Mapping[str, object] | RtpCapabilities) -> RtpCapabilities:
    """What is parsed already stays as it is. Raises ParametersError."""
    try:
        return RtpCapabilities.model_validate(rtp_capabilities)
    except ValidationError as error:
        raise ParametersError(_summary("RTP capabilities", error)) from error


def _understood(value: object, rule: range | re.Pattern[str]) -> int | str | None:
    """A codec parameter that keeps its rule. Clients write a text of digits as a number."""
    if isinstance(rule, range):
        return value if type(value) is int and value in rule else None
    text = f"{value:06}" if type(value) is int and value >= 0 else value
    return text.lower() if isinstance(text, str) and rule.fullmatch(text) else None


def _summary(what: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{what}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
