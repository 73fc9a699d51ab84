"""The payload format of H.264 (RFC 6184), as far as a forwarder reads it. Pure."""

SEQUENCE_PARAMETER_SET = 7
STAP_A, FU_A = 24, 28
MAX_SIDE = 16_384
_PROFILES_WITHOUT_CHROMA = (66, 77, 88)  # that is, without a field for it
_LONGEST_NUMBER = 16


def starts_keyframe(payload: bytes | memoryview) -> bool:
    """Whether a decoder can begin with this packet: it has a sequence parameter set, or the beginning of one.

    An IDR slice alone is no beginning: it may be the second one of its picture, and needs the parameter sets.
    """
    if not payload:
        return False
    kind = payload[0] & 0x1F
    if kind == STAP_A:
        return _aggregates_sequence_parameter_set(payload)
    if kind == FU_A:
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


def picture_size(payload: bytes | memoryview) -> tuple[int, int] | None:
    """Width and height from the packet with which a keyframe starts; None where they cannot be read.

    Of the first 64 bytes of the sequence parameter set (H.264 §7.3.2.1.1), of profiles with chroma of 4:2:0 alone.
    """
    unit = _sequence_parameter_set(payload)
    if unit is None or len(unit) < 4 or unit[1] not in _PROFILES_WITHOUT_CHROMA:
        return None
    bits = _Bits(bytes(unit[4:64]).replace(b"\0\0\3", b"\0\0"))
    try:
        return _read_size(bits)
    except ValueError:
        return None


def _sequence_parameter_set(payload: bytes | memoryview) -> memoryview | None:
    view = memoryview(payload)
    kind = view[0] & 0x1F if view.nbytes else 0
    if kind == SEQUENCE_PARAMETER_SET:
        return view
    if kind == FU_A and starts_keyframe(payload):
        return view[1:]
    position = 1
    while kind == STAP_A and position + 2 < len(view):
        size = view[position] << 8 | view[position + 1]
        if view[position + 2] & 0x1F == SEQUENCE_PARAMETER_SET:
            return view[position + 2 : position + 2 + size]
        position += 2 + size
    return None


class _Bits:
    """Reads from the left. Raises ValueError at the end (H.264 §7.2, §9.1)."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def flag(self) -> int:
        self._left -= 1
        if self._left < 0:
            raise ValueError("cut off")
        return self._value >> self._left & 1

    def number(self) -> int:
        """ue(v), up to 16 bits."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > _LONGEST_NUMBER:
                raise ValueError("too large")
        value = 1
        for _ in range(zeros):
            value = value << 1 | self.flag()
        return value - 1

    def skip(self, numbers: int) -> None:
        for _ in range(numbers):
            self.number()


def _read_size(bits: _Bits) -> tuple[int, int] | None:
    bits.skip(2)
    order = bits.number()
    if order == 0:
        bits.skip(1)
    elif order == 1:
        bits.flag()
        bits.skip(2)
        bits.skip(bits.number() & 0xFF)
    bits.skip(1)
    bits.flag()
    width, lines = bits.number() + 1, bits.number() + 1
    fields = 2 - bits.flag()
    if fields == 2:
        bits.flag()
    bits.flag()
    left, right, top, bottom = [bits.number() for _ in range(4)] if bits.flag() else (0, 0, 0, 0)
    size = 16 * width - 2 * (left + right), fields * (16 * lines - 2 * (top + bottom))
    return size if 0 < size[0] <= MAX_SIDE and 0 < size[1] <= MAX_SIDE else None
