"""Whose a datagram is: a check says it by its user fragment, everything else by where it comes from. No I/O.

An address belongs to one peer. Only something authentic from there makes it so, and not while another peer is alive
there; who may take it from whom is Association.may_take()'s to say.
"""

from collections.abc import Callable

from media.association import Association
from media.path import Path

#: Told of a peer that has lost its address to another.
Moved = Callable[[Association, float], None]


class Whereabouts:
    """Peers by the user fragments that they are asked for, and by their addresses."""

    def __init__(self, moved: Moved) -> None:
        self._moved = moved
        self._by_ufrag: dict[bytes, Association] = {}
        self._by_address: dict[Path, Association] = {}

    def enter(self, ufrag: str, peer: Association, instead_of: str | None = None) -> None:
        """From now on checks for this user fragment are the peer's, and for its former one nobody's."""
        if instead_of is not None:
            del self._by_ufrag[instead_of.encode()]
        self._by_ufrag[ufrag.encode()] = peer

    def leave(self, peer: Association) -> None:
        """The peer is gone, and with it all that was its."""
        self._by_ufrag = {key: value for key, value in self._by_ufrag.items() if value is not peer}
        self._by_address = {key: value for key, value in self._by_address.items() if value is not peer}

    def asked_for(self, ufrag: bytes) -> Association | None:
        """Who has this user fragment."""
        return self._by_ufrag.get(ufrag)

    def proven(self, path: Path) -> Association | None:
        """Who has proved to be there."""
        peer = self._by_address.get(path)
        return peer if peer is not None and peer.ice.is_validated(path) else None

    def may_claim(self, peer: Association, path: Path, now: float) -> bool:
        """Whether a check from there is worth looking at: no other peer is alive there, or this one may take it."""
        holder = self._by_address.get(path)
        return holder is None or holder is peer or not holder.holds(path, now) or peer.may_take(path, holder)

    def learn(self, peer: Association, path: Path, now: float) -> None:
        """Something authentic of the peer came from there."""
        holder = self._by_address.get(path)
        if holder is peer:
            return
        if holder is not None and holder.ice.liveness(now) == "live":
            holder.ice.forget(path)
            self._moved(holder, now)
        self._by_address[path] = peer
        known = peer.ice.addresses
        stale = [key for key, value in self._by_address.items() if value is peer and key not in known]
        for key in stale:
            del self._by_address[key]

    def lose(self, path: Path, now: float) -> None:
        """The path exists no more, as when its TCP connection ended. Idempotent."""
        peer = self._by_address.pop(path, None)
        if peer is not None:
            peer.ice.forget(path)
            self._moved(peer, now)
