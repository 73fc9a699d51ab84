"""What a recorder receives, as ``rtpCapabilities``: what ``formats`` can write, and nothing that must be answered.

Without transport-cc the relay goes by what the recorder says that it can take (REMB).
"""

from typing import Final

from pydantic import JsonValue

from media.ortc import rtcp_feedback, video_codec
from media.parameters import MID

_VIDEO_FEEDBACK: Final = rtcp_feedback("nack", "nack pli", "goog-remb")
_H264: Final[dict[str, JsonValue]] = {"packetization-mode": 1, "profile-level-id": "42e034"}  # of any level

RECORDER_CAPABILITIES: Final[dict[str, JsonValue]] = {
    "codecs": [
        {
            "kind": "audio",
            "mimeType": "audio/opus",
            "preferredPayloadType": 100,
            "clockRate": 48000,
            "channels": 2,
            "parameters": {},
            "rtcpFeedback": rtcp_feedback("nack"),
        },
        *video_codec("VP8", 101, _VIDEO_FEEDBACK),
        *video_codec("H264", 103, _VIDEO_FEEDBACK, _H264),
    ],
    "headerExtensions": [
        {"kind": kind, "uri": MID, "preferredId": 1, "preferredEncrypt": False, "direction": "sendrecv"}
        for kind in ("audio", "video")
    ],
}
