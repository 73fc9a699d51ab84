"""An independent reader of transport-cc feedback, written from the draft's text."""

import struct


def read_feedback(packet: bytes) -> dict[int, float | None]:
    """Arrival time by sequence number (mod 65,536), None for lost; sets nothing right that is wrong."""
    assert packet[0] == 0x80 | 15
    assert packet[1] == 205
    assert len(packet) == 4 + 4 * struct.unpack_from("!H", packet, 2)[0]
    base, count = struct.unpack_from("!HH", packet, 12)
    reference = int.from_bytes(packet[16:19], "big")
    symbols: list[int] = []
    offset = 20
    while len(symbols) < count:
        (chunk,) = struct.unpack_from("!H", packet, offset)
        offset += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            symbols += [chunk >> 2 * (6 - index) & 3 for index in range(7)]
        else:
            symbols += [chunk >> 13 - index & 1 for index in range(14)]
    ticks = reference * 256
    result: dict[int, float | None] = {}
    for index, symbol in enumerate(symbols[:count]):
        sequence = (base + index) & 0xFFFF
        if symbol == 0:
            result[sequence] = None
            continue
        if symbol == 1:
            ticks += packet[offset]
            offset += 1
        else:
            assert symbol == 2
            ticks += struct.unpack_from("!h", packet, offset)[0]
            offset += 2
        result[sequence] = ticks / 4000
    assert len(packet) - offset < 4
    return result
