"""The payload format of H.264 (RFC 6184), as far as a forwarder reads it. Pure."""

SEQUENCE_PARAMETER_SET = 7
_STAP_A, _FU_A = 24, 28


def starts_keyframe(payload: bytes | memoryview) -> bool:
    """Whether a decoder can begin with this packet: it has a sequence parameter set, or the beginning of one.

    An IDR slice alone is no beginning: it may be the second one of its picture, and needs the parameter sets.
    """
    if not payload:
        return False
    kind = payload[0] & 0x1F
    if kind == _STAP_A:
        return _aggregates_sequence_parameter_set(payload)
    if kind == _FU_A:
        return len(payload) > 1 and payload[1] & 0x80 != 0 and payload[1] & 0x1F == SEQUENCE_PARAMETER_SET
    return kind == SEQUENCE_PARAMETER_SET


def _aggregates_sequence_parameter_set(payload: bytes | memoryview) -> bool:
    """RFC 6184 §5.7.1: 16-bit sizes, each before its NAL unit."""
    position = 1
    while position + 2 < len(payload):
        if payload[position + 2] & 0x1F == SEQUENCE_PARAMETER_SET:
            return True
        position += 2 + (payload[position] << 8 | payload[position + 1])
    return False
