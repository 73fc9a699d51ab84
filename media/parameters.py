"""ORTC parameters as mediasoup writes them, parsed. Unknown fields are ignored, as mediasoup does.

Names follow the JSON (``mimeType`` is read into ``mime_type``). Everything is immutable.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from media.errors import ParametersError

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
VIDEO_ORIENTATION = "urn:3gpp:video-orientation"

CodecParameter = str | int | float | bool | None


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Feedback(_Model):
    """One kind of RTCP feedback, such as ``nack`` with parameter ``pli``."""

    type: str
    parameter: str | None = ""

    @property
    def key(self) -> tuple[str, str]:
        """What two sides compare."""
        return self.type, self.parameter or ""


class _CodecBase(_Model):
    mime_type: str = Field(pattern=r"^(audio|video|AUDIO|VIDEO)/[\w.-]{1,32}$")
    clock_rate: int = Field(ge=1, le=1_000_000)
    channels: int | None = Field(default=None, ge=1, le=8)
    parameters: dict[str, CodecParameter] = {}
    rtcp_feedback: tuple[Feedback, ...] = Field(default=(), max_length=32)

    @property
    def mime(self) -> str:
        """The media type in lower case."""
        return self.mime_type.lower()

    @property
    def is_rtx(self) -> bool:
        """Whether this is the retransmission format of another codec (RFC 4588)."""
        return self.mime.endswith("/rtx")

    @property
    def apt(self) -> int | None:
        """The payload type that an RTX codec retransmits (RFC 4588 §8.6)."""
        value = self.parameters.get("apt")
        return value if isinstance(value, int) else None

    def has_feedback(self, kind: str, parameter: str = "") -> bool:
        """Whether this RTCP feedback was negotiated."""
        return any(feedback.key == (kind, parameter) for feedback in self.rtcp_feedback)


class Codec(_CodecBase):
    """A codec in use, under the payload type it has on the wire."""

    payload_type: int = Field(ge=0, le=127)


class CodecCapability(_CodecBase):
    """A codec that can be received."""

    kind: Literal["audio", "video"]
    preferred_payload_type: int | None = Field(default=None, ge=0, le=127)


class HeaderExtension(_Model):
    """A header extension in use (RFC 8285)."""

    uri: str = Field(max_length=256)
    id: int = Field(ge=1, le=255)
    encrypt: bool | None = False


class HeaderExtensionCapability(_Model):
    """A header extension that can be received."""

    kind: Literal["audio", "video", ""] | None = None
    uri: str = Field(max_length=256)
    preferred_id: int = Field(ge=1, le=255)
    direction: Literal["sendrecv", "sendonly", "recvonly", "inactive"] | None = "sendrecv"


class Rtx(_Model):
    """The retransmission stream of an encoding."""

    ssrc: int = Field(ge=0, le=0xFFFFFFFF)


class Encoding(_Model):
    """One RTP stream, known by its SSRC or, under simulcast, by its rid (RFC 8851)."""

    ssrc: int | None = Field(default=None, ge=0, le=0xFFFFFFFF)
    rid: str | None = Field(default=None, min_length=1, max_length=16)
    rtx: Rtx | None = None


class RtcpParameters(_Model):
    """How the stream appears in RTCP."""

    cname: str | None = Field(default=None, max_length=255)


class RtpParameters(_Model):
    """How one source is sent."""

    mid: str | None = Field(default=None, max_length=16)
    codecs: tuple[Codec, ...] = Field(min_length=1, max_length=32)
    header_extensions: tuple[HeaderExtension, ...] = Field(default=(), max_length=32)
    encodings: tuple[Encoding, ...] = Field(default=(), max_length=4)
    rtcp: RtcpParameters | None = None

    @property
    def codec(self) -> Codec:
        """The media codec in use: the first that is not RTX. ParametersError if there is none."""
        for codec in self.codecs:
            if not codec.is_rtx:
                return codec
        raise ParametersError("no media codec")

    @property
    def rtx_codec(self) -> Codec | None:
        """The RTX codec of the media codec in use."""
        return next((codec for codec in self.codecs if codec.is_rtx and codec.apt == self.codec.payload_type), None)

    def extension_id(self, uri: str) -> int | None:
        """The id of a header extension on the wire."""
        return next((extension.id for extension in self.header_extensions if extension.uri == uri), None)


class RtpCapabilities(_Model):
    """What an endpoint can receive."""

    codecs: tuple[CodecCapability, ...] = Field(default=(), max_length=256)
    header_extensions: tuple[HeaderExtensionCapability, ...] = Field(default=(), max_length=256)


def parse_parameters(rtp_parameters: Mapping[str, object]) -> RtpParameters:
    """Raises ParametersError."""
    try:
        return RtpParameters.model_validate(rtp_parameters)
    except ValidationError as error:
        raise ParametersError(_summary("RTP parameters", error)) from error


def parse_capabilities(rtp_capabilities: Mapping[str, object]) -> RtpCapabilities:
    """Raises ParametersError."""
    try:
        return RtpCapabilities.model_validate(rtp_capabilities)
    except ValidationError as error:
        raise ParametersError(_summary("RTP capabilities", error)) from error


def _summary(what: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{what}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
