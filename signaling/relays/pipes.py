"""Pipes between relays: rooms that two relays share go by one link between them, whose keys are used once.

A pipe's ``app`` is the name of the relay at its other end, so that a restarted hub finds which two belong together.
"""

import ipaddress
from collections import deque
from collections.abc import Mapping
from typing import Final

from media.control.mint import PipeEnds, mint_link, mint_pipe, ssrcs
from media.control.state import Candidate, PipeSpec
from signaling.relays.link import RelayLink
from signaling.relays.reconcile import matches

MAX_CANDIDATES: Final = 64  # as many as a pipe may name
MAX_BROKEN: Final = 256  # links that are remembered; those before are long gone from all rooms


class PipeLinks:
    """The links between all relays. What is in use is read from what is wanted of the relays, and kept nowhere else."""

    def __init__(self) -> None:
        self._broken: deque[str] = deque(maxlen=MAX_BROKEN)

    def mark_broken(self, pipe: PipeSpec) -> None:
        """No further pipe goes by this one's link."""
        if pipe.link not in self._broken:
            self._broken.append(pipe.link)

    def pipe(self, one: RelayLink, other: RelayLink) -> tuple[PipeSpec, PipeSpec]:
        """Return the two ends of a new pipe: by the link that the relays have, else by a new one."""
        found = self._in_use(one, other)
        first, second = (one, other) if found else sorted((one, other), key=_reach)
        ends = mint_pipe(PipeEnds(*found)) if found else mint_link(second.registration.for_relays[:MAX_CANDIDATES])
        here = ends.active.model_copy(update={"app": second.id})
        there = ends.passive.model_copy(update={"app": first.id})
        return (here, there) if first is one else (there, here)

    def used(self, relay: RelayLink) -> set[int]:
        """Return the SSRCs that a relay uses in pipes, whatever the room."""
        found: set[int] = set()
        for state in (relay.room(room_id) for room_id in relay.rooms):
            if state.pipes:
                found |= ssrcs(one for one in state.consumers.values() if one.transport_id in state.pipes)
        return found

    def _in_use(self, one: RelayLink, other: RelayLink) -> tuple[PipeSpec, PipeSpec] | None:
        for room_id in one.rooms:
            theirs = other.room(room_id).pipes
            for pipe in one.room(room_id).pipes.values():
                whole = pipe.id in theirs and matches(pipe, theirs[pipe.id])
                if whole and pipe.app == other.id and pipe.link not in self._broken:
                    return pipe, theirs[pipe.id]
        return None


class RoomPipes:
    """The same for some relays by their ids, as a plan asks for them."""

    def __init__(self, links: PipeLinks, relays: Mapping[str, RelayLink]) -> None:
        self._links = links
        self._relays = relays

    def pipe(self, one: str, other: str) -> tuple[PipeSpec, PipeSpec]:
        """Return the two ends of a new pipe."""
        return self._links.pipe(self._relays[one], self._relays[other])

    def used(self, relay: str) -> set[int]:
        """Return the SSRCs that a relay uses in pipes."""
        return self._links.used(self._relays[relay])


def _reach(relay: RelayLink) -> tuple[int, str]:
    """Who can be reached from more places is called, and does not call."""
    return sum(map(_is_global, relay.registration.for_relays)), relay.id


def _is_global(candidate: Candidate) -> bool:
    try:
        return ipaddress.ip_address(candidate.ip).is_global
    except ValueError:
        return False
