"""The end of a link between two relays that checks connectivity; the other end answers as ICE-lite. Pure.

Unlike with pages the candidates come from signalling: they are a relay's, and the hub's word for them. Still nothing
is sent there but checks, until one was answered with the right MESSAGE-INTEGRITY from the address that was asked
(RFC 8445 §7.2.5.2.1).
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from media.ice import Reachability, is_check_answer, transaction_of, write_check
from media.path import Path, UdpPath

#: How often all candidates are checked until one has answered, and then that one.
SEARCHING_S, SETTLED_S = 0.2, 2.5
#: Without an answer for so long all candidates are checked again: the way may be another.
SETTLED_FOR_S: Final = 6.0
_ANSWERED_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What checks are signed with, and their answers."""

    ufrag: str
    remote_ufrag: str
    remote_pwd: str

    def __repr__(self) -> str:
        return f"Credentials({self.ufrag}, {self.remote_ufrag})"


@dataclass(frozen=True, slots=True)
class _Check:
    target: tuple[str, int]
    sent: float


class ActiveChecks(Reachability):
    """Checks all candidates five times a second until one answers, nominates that one, and asks it every 2.5 s."""

    def __init__(
        self,
        credentials: Credentials,
        candidates: Sequence[UdpPath],
        transmit: Callable[[bytes, Path], None],
    ) -> None:
        super().__init__()
        self._credentials = credentials
        self._candidates = tuple(candidates)
        self._transmit = transmit
        self._tie_breaker = secrets.randbits(64)
        self._next = 0.0
        self._pending: dict[bytes, _Check] = {}

    def tick(self, now: float) -> None:
        """Send the checks that are due."""
        if now < self._next:
            return
        settled = self._is_settled(now)
        self._next = now + (SETTLED_S if settled else SEARCHING_S)
        for transaction in [key for key, check in self._pending.items() if now - check.sent > _ANSWERED_WITHIN_S]:
            del self._pending[transaction]
        for path in (self.selected,) if settled and self.selected is not None else self._candidates:
            self._check(path, now, nominates=settled)

    def awaits(self, datagram: bytes) -> bool:
        """Whether this may be the answer to one of these checks, by its 96 random bits; nothing else is looked at."""
        return transaction_of(datagram) in self._pending

    def answered(self, datagram: bytes, path: Path, now: float) -> bool:
        """The answer to a check, if it is authentic and comes from where the check went; then the address counts."""
        check = self._pending.get(transaction_of(datagram))
        if check is None or (path.host, path.port) != check.target:
            return False
        if not is_check_answer(datagram, self._credentials.remote_pwd):
            return False
        del self._pending[transaction_of(datagram)]
        if not self._is_settled(now):
            self.selected = path
            self._next = now  # and nominate it
        self.learn(path, now)
        self.last_check = now
        return True

    def forget(self, address: Path) -> None:
        super().forget(address)
        self._next = 0.0

    def _is_settled(self, now: float) -> bool:
        return self.selected is not None and self.last_check is not None and now - self.last_check < SETTLED_FOR_S

    def _check(self, path: Path, now: float, *, nominates: bool) -> None:
        check = write_check(
            to_ufrag=self._credentials.remote_ufrag,
            to_pwd=self._credentials.remote_pwd,
            from_ufrag=self._credentials.ufrag,
            tie_breaker=self._tie_breaker,
            nominates=nominates,
        )
        self._pending[transaction_of(check)] = _Check((path.host, path.port), now)
        self._transmit(check, path)
