"""ORTC parameters as browsers send them."""

from typing import Any

from media.parameters import ABS_SEND_TIME, AUDIO_LEVEL, MID, TRANSPORT_CC


def feedback(*names: str) -> list[dict[str, str]]:
    return [{"type": name.split()[0], "parameter": " ".join(name.split()[1:])} for name in names]


def opus(**changes: Any) -> dict[str, Any]:
    return {
        "mid": "1",
        "codecs": [
            {
                "mimeType": "audio/opus",
                "payloadType": 111,
                "clockRate": 48000,
                "channels": 2,
                "parameters": {"minptime": 10, "useinbandfec": 1},
                "rtcpFeedback": feedback("nack", "transport-cc"),
            }
        ],
        "headerExtensions": [
            {"uri": MID, "id": 4, "encrypt": False, "parameters": {}},
            {"uri": AUDIO_LEVEL, "id": 1},
            {"uri": TRANSPORT_CC, "id": 3},
        ],
        "encodings": [{"ssrc": 1111, "dtx": False}],
        "rtcp": {"cname": "alice", "reducedSize": True},
        **changes,
    }


def vp8(**changes: Any) -> dict[str, Any]:
    return {
        "mid": "0",
        "codecs": [
            {
                "mimeType": "video/VP8",
                "payloadType": 96,
                "clockRate": 90000,
                "parameters": {},
                "rtcpFeedback": feedback("nack", "nack pli", "ccm fir", "transport-cc"),
            },
            {
                "mimeType": "video/rtx",
                "payloadType": 97,
                "clockRate": 90000,
                "parameters": {"apt": 96},
                "rtcpFeedback": [],
            },
        ],
        "headerExtensions": [
            {"uri": MID, "id": 4},
            {"uri": ABS_SEND_TIME, "id": 2},
            {"uri": TRANSPORT_CC, "id": 3},
        ],
        "encodings": [{"ssrc": 2222, "rtx": {"ssrc": 2223}}],
        "rtcp": {"cname": "alice", "reducedSize": True},
        **changes,
    }


def h264(profile_level_id: Any = "42e01f", mode: int = 1, **changes: Any) -> dict[str, Any]:
    parameters = {
        "level-asymmetry-allowed": 1,
        "packetization-mode": mode,
        "profile-level-id": profile_level_id,
    }
    media, rtx = vp8()["codecs"]
    return vp8(codecs=[{**media, "mimeType": "video/H264", "parameters": parameters}, rtx], **changes)
