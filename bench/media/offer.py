"""What the publisher says that it sends, and the header extensions that make its packets so."""

from dataclasses import dataclass
from typing import Any, Final

from bench.media.load import Encoding
from media.parameters import ABS_SEND_TIME, MID, RID, TRANSPORT_CC
from media.rtp import extension_block, one_byte_element

_ABS_SEND_TIME_ID: Final = 2
_TRANSPORT_CC_ID: Final = 3
_MID_ID: Final = 4
_RID_ID: Final = 10
_PAYLOAD_TYPE: Final = 96
_SSRC: Final = 0x1000
_SIZE: Final = (1280, 720)
_MID_VALUE: Final = "0"


@dataclass(frozen=True, slots=True)
class Offer:
    """VP8 as a browser offers it: transport-cc, NACK and RTX; with ``rids`` simulcast, lowest first."""

    rids: tuple[str, ...] = ()

    def encodings(self) -> list[Encoding]:
        """One for each SSRC. Only simulcast carries MID and RID, for which the relay has no SSRCs."""
        return [self._encoding(index, rid) for index, rid in enumerate(self.rids or ("",))]

    def parameters(self) -> dict[str, Any]:
        """``rtpParameters`` as mediasoup-client has them."""
        nack = ({"type": "nack"}, {"type": "nack", "parameter": "pli"}, {"type": "transport-cc"})
        return {
            "mid": _MID_VALUE,
            "codecs": [
                {
                    "mimeType": "video/VP8",
                    "payloadType": _PAYLOAD_TYPE,
                    "clockRate": 90000,
                    "parameters": {},
                    "rtcpFeedback": list(nack),
                },
                {
                    "mimeType": "video/rtx",
                    "payloadType": _PAYLOAD_TYPE + 1,
                    "clockRate": 90000,
                    "parameters": {"apt": _PAYLOAD_TYPE},
                    "rtcpFeedback": [],
                },
            ],
            "headerExtensions": [
                {"uri": ABS_SEND_TIME, "id": _ABS_SEND_TIME_ID},
                {"uri": TRANSPORT_CC, "id": _TRANSPORT_CC_ID},
                {"uri": MID, "id": _MID_ID},
                *([{"uri": RID, "id": _RID_ID}] if self.rids else []),
            ],
            "encodings": [{"rid": rid} for rid in self.rids] or [{"ssrc": _SSRC, "rtx": {"ssrc": _SSRC + 1}}],
            "rtcp": {"cname": "bench", "reducedSize": True},
        }

    def _encoding(self, index: int, rid: str) -> Encoding:
        elements = [one_byte_element(_TRANSPORT_CC_ID, bytes(2)), one_byte_element(_ABS_SEND_TIME_ID, bytes(3))]
        if rid:
            elements += [one_byte_element(_MID_ID, _MID_VALUE.encode()), one_byte_element(_RID_ID, rid.encode())]
        scale = 2 ** (len(self.rids or ("",)) - 1 - index)
        size = (_SIZE[0] // scale, _SIZE[1] // scale)
        extension = extension_block(elements)
        return Encoding(_SSRC + 2 * index, _PAYLOAD_TYPE, extension, transport_offset=5, size=size, every=scale)
