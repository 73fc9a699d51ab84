"""What the compiled data plane is asked for now and then, to tell peers of it."""

import struct
from collections.abc import Mapping, Sequence
from typing import Final

from media.dataplane.interface import MAX_TOLD, Acknowledged
from media.dataplane.native.tables import NativeTables
from media.rtcp import ReportBlock

#: Of plane.h, with its alignment: struct burst, arrival and loss, which come by the hundred and are read at once.
BURST: Final = struct.Struct("@qdqqii")
ARRIVAL: Final = struct.Struct("@dI0d")
LOSS: Final = struct.Struct("@IH0I")
_MAX_TAKEN: Final = 4096


class NativeReports(NativeTables):
    """See media.dataplane.interface.DataPlane."""

    def __init__(self) -> None:
        super().__init__()
        self._losses = self._ffi.new("struct loss[]", _MAX_TAKEN)
        self._requests = self._ffi.new("struct keyframe_request[]", _MAX_TAKEN)
        self._arrivals = self._ffi.new("struct arrival[]", _MAX_TAKEN)
        self._sent = self._ffi.new("int64_t *"), self._ffi.new("uint64_t *")
        self._told = self._ffi.new("struct acknowledged *")
        self._bursts = self._ffi.new("struct burst[]", MAX_TOLD)

    def take_losses(self, peer: str, now: float) -> Sequence[tuple[int, Sequence[int]]]:
        if peer not in self._peers or not self._peers[peer].producers:
            return []
        count = self._lib.plane_take_losses(self._plane, self._peers[peer].handle, now, self._losses, _MAX_TAKEN)
        losses: dict[int, list[int]] = {}
        for ssrc, sequence in LOSS.iter_unpack(self._ffi.buffer(self._losses, count * LOSS.size)):
            losses.setdefault(ssrc, []).append(sequence)
        return list(losses.items())

    def take_keyframe_requests(self, now: float) -> Sequence[tuple[str, int]]:
        count = self._lib.plane_take_keyframe_requests(self._plane, now, self._requests, _MAX_TAKEN)
        return [(self._names[one.peer], one.ssrc) for one in self._requests[0:count]]

    def take_arrivals(self, peer: str) -> Sequence[bytes]:
        sender = self._peers.get(peer)
        if sender is None or sender.arrivals is None:
            return []
        count = self._lib.plane_take_arrivals(self._plane, sender.handle, self._arrivals, _MAX_TAKEN)
        sender.arrivals.record_all(ARRIVAL.iter_unpack(self._ffi.buffer(self._arrivals, count * ARRIVAL.size)))
        media_ssrc = self._lib.plane_first_ssrc(self._plane, sender.handle)
        return sender.arrivals.take(media_ssrc) if media_ssrc else []

    def sent(self, peer: str) -> tuple[int, int]:
        if peer not in self._peers:
            return 0, 0
        number, octets = self._sent
        self._lib.plane_sent(self._plane, self._peers[peer].handle, number, octets)
        return int(number[0]), int(octets[0])

    def acknowledge(self, peer: str, feedback: bytes, after: int, until: int) -> Acknowledged | None:
        if peer not in self._peers:
            return Acknowledged()
        told, handle = self._told, self._peers[peer].handle
        if not self._lib.plane_acknowledge(
            self._plane, handle, feedback, len(feedback), after, until, told, self._bursts
        ):
            return None
        bursts = list(BURST.iter_unpack(self._ffi.buffer(self._bursts, told.bursts * BURST.size)))
        return Acknowledged(told.told, told.lost, told.highest, bursts)

    def take_levels(self) -> Mapping[str, int]:
        if not self._producers:
            return {}
        into = self._ffi.new("struct level[]", len(self._producers))
        count = self._lib.plane_take_levels(self._plane, into, len(into))
        return {self._names[one.producer]: one.level for one in into[0:count]}

    def receptions(self, peer: str, now: float) -> Sequence[ReportBlock]:
        if peer not in self._peers or not self._peers[peer].producers:
            return []
        into = self._ffi.new("struct reception[]", 4 * len(self._peers[peer].producers))
        count = self._lib.plane_receptions(self._plane, self._peers[peer].handle, now, into, len(into))
        return [
            ReportBlock(
                one.ssrc, one.fraction_lost, one.lost, one.highest, one.jitter, one.last_sender_report, one.delay
            )
            for one in into[0:count]
        ]
