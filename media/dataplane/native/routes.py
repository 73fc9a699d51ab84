"""Routes as the compiled data plane takes them. Pure."""

from typing import Any, Final

from media.dataplane.interface import ConsumerRoute, ProducerRoute, StreamSpec
from media.parameters import ABS_SEND_TIME, AUDIO_LEVEL, MID, REPAIRED_RID, RID, TRANSPORT_CC, VIDEO_ORIENTATION

_AUDIO, _VP8, _H264, _OTHER_VIDEO = range(4)
_CODECS: Final = {"video/vp8": _VP8, "video/h264": _H264}
_NO_PAYLOAD_TYPE: Final = 255


def codec_of(route: ProducerRoute) -> int:
    """What the data plane has to know of a codec."""
    return _AUDIO if route.kind == "audio" else _CODECS.get(route.mime, _OTHER_VIDEO)


def fill_producer(into: Any, route: ProducerRoute, token: int) -> None:
    """Write a route into a ``struct producer_route``."""
    ids = route.extension_ids
    into.token = token
    into.codec = codec_of(route)
    into.clock_rate = route.clock_rate
    into.payload_type = route.payload_type
    into.rtx_payload_type = _NO_PAYLOAD_TYPE if route.rtx_payload_type is None else route.rtx_payload_type
    into.red_payload_type = _NO_PAYLOAD_TYPE if route.red_payload_type is None else route.red_payload_type
    into.mid = mid = (route.mid or "").encode()
    into.mid_length = len(mid)
    streams = route.streams or (StreamSpec(),)
    into.encodings = len(streams)
    for encoding, stream in zip(into.encoding, streams, strict=False):
        encoding.ssrc, encoding.rtx_ssrc = stream.ssrc or 0, stream.rtx_ssrc or 0
        encoding.rid = rid = (stream.rid or "").encode()
        encoding.rid_length = len(rid)
    into.mid_id, into.rid_id, into.repaired_rid_id = ids.get(MID, 0), ids.get(RID, 0), ids.get(REPAIRED_RID, 0)
    into.level_id, into.orientation_id = ids.get(AUDIO_LEVEL, 0), ids.get(VIDEO_ORIENTATION, 0)
    into.transport_cc_id = ids.get(TRANSPORT_CC, 0) if route.transport_cc else 0
    into.nack, into.paused = route.nack, route.paused


def fill_consumer(into: Any, route: ConsumerRoute, token: int, first: int, rtx_first: int) -> None:
    """Write a route into a ``struct consumer_route``."""
    ids = route.extension_ids
    into.token = token
    into.clock_rate = route.clock_rate
    into.ssrc, into.payload_type = route.ssrc, route.payload_type
    into.has_rtx = route.rtx_ssrc is not None and route.rtx_payload_type is not None
    into.rtx_ssrc, into.rtx_payload_type = route.rtx_ssrc or 0, route.rtx_payload_type or 0
    into.first, into.rtx_first = first, rtx_first
    into.is_video, into.paused = route.kind == "video", route.paused
    into.only = 0 if route.encoding is None else route.encoding + 1
    into.mid = mid = route.mid.encode()
    into.mid_length = len(mid)
    into.mid_id, into.transport_cc_id = ids.get(MID, 0), ids.get(TRANSPORT_CC, 0)
    into.send_time_id = ids.get(ABS_SEND_TIME, 0)
    into.level_id, into.orientation_id = ids.get(AUDIO_LEVEL, 0), ids.get(VIDEO_ORIENTATION, 0)
