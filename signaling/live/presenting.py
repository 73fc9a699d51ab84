"""What is presented in each meeting at this moment, by whom, and who follows. Nothing of it is stored.

A paper of a restricted item is presented to those who may read the item; for everybody else nothing is presented.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from meetings.model import MeetingId
from signaling.live.connection import Connection
from signaling.live.latest import Latest
from signaling.wire.live import Ephemeral
from signaling.wire.table import Shown

GRACE_S = 30.0  # for a presenter's page that lost its connection

Readers = list[str] | None  # None: everybody in the meeting
Tell = Callable[[MeetingId, Ephemeral, Readers, Connection | None], None]


class Occasion(NamedTuple):
    """Which item was under discussion when it began, and for whom the paper is."""

    item_id: str | None
    readers: Readers


@dataclass(slots=True)
class Presentation:
    """``holder`` is None while the presenter's page is away."""

    person_id: str
    occasion: Occasion
    shown: Shown
    value: str
    holder: Connection | None
    following: set[Connection] = field(default_factory=set)
    timer: asyncio.TimerHandle | None = None

    @property
    def followers(self) -> int:
        """How many people follow, the presenter not counted."""
        return len({one.subject.person_id for one in self.following} - {self.person_id})


class Presentations:
    """One at most for each meeting; the latest to begin takes the place. Runs on the event loop."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._now: dict[MeetingId, Presentation] = {}
        self._pace = Latest()
        self._count = Latest(0.1)

    def of(self, meeting_id: MeetingId) -> Presentation | None:
        """Return what is presented in a meeting."""
        return self._now.get(meeting_id)

    def show(self, meeting_id: MeetingId, holder: Connection, shown: Shown, value: str, occasion: Occasion) -> bool:
        """Begin to present, or move on; return whether a presentation of this paper began."""
        person_id = holder.subject.person_id
        now = self._now.get(meeting_id)
        if now is None or now.person_id != person_id:
            following = now.following if now else set()
            self._forget(meeting_id)
            now = Presentation(person_id, occasion, shown, value, holder, following)
            self._now[meeting_id] = now
            began = True
        else:
            began = now.shown.paper_id != shown.paper_id
            now.shown, now.value, now.holder = shown, value, holder
            if began:
                now.occasion = occasion
            _cancel(now)
        self._pace.offer((meeting_id, person_id), lambda: self._tell_shown(meeting_id))
        self._tell_count(meeting_id)
        return began

    def stop(self, meeting_id: MeetingId) -> None:
        """Nothing is presented any more; harmless when nothing was."""
        now = self._forget(meeting_id)
        if now is not None:
            self._tell(meeting_id, _ephemeral(meeting_id, now.person_id, None), None, None)

    def item_changed(self, meeting_id: MeetingId, item_id: str | None) -> None:
        """Another item is under discussion, or none: what was presented to it ends."""
        now = self._now.get(meeting_id)
        if now is not None and now.occasion.item_id is not None and now.occasion.item_id != item_id:
            self.stop(meeting_id)

    def paper_changed(self, meeting_id: MeetingId, paper_id: str) -> None:
        """A paper was taken away, or hangs on another item now: it is shown to nobody until somebody shows it again."""
        now = self._now.get(meeting_id)
        if now is not None and now.shown.paper_id == paper_id:
            self.stop(meeting_id)

    def follow(self, meeting_id: MeetingId, follower: Connection, following: bool) -> None:
        """Note that a page follows, or reads on its own; the presenter is told how many follow."""
        now = self._now.get(meeting_id)
        if now is None:
            return
        before = now.followers
        if following:
            now.following.add(follower)
        else:
            now.following.discard(follower)
        if now.followers != before:
            self._tell_count(meeting_id)

    def greet(self, meeting_id: MeetingId, newcomer: Connection) -> None:
        """Tell a page that came later what is presented."""
        now = self._now.get(meeting_id)
        if now is None:
            return
        if now.holder is None and newcomer.subject.person_id == now.person_id:
            now.holder = newcomer
            _cancel(now)
        following = newcomer.subscriptions.get(meeting_id)
        if following is not None and following.viewer.may_read(now.occasion.readers):
            newcomer.send(_ephemeral(meeting_id, now.person_id, now.value))

    def left(self, meeting_id: MeetingId, connection: Connection) -> None:
        """A page follows the meeting no longer; a presenter's one may come back."""
        now = self._now.get(meeting_id)
        if now is None:
            return
        self.follow(meeting_id, connection, following=False)
        if now.holder is connection:
            now.holder = None
            now.timer = asyncio.get_running_loop().call_later(GRACE_S, self.stop, meeting_id)

    def close(self) -> None:
        """Forget everything: the hub stops."""
        for meeting_id in list(self._now):
            self._forget(meeting_id)

    def _forget(self, meeting_id: MeetingId) -> Presentation | None:
        now = self._now.pop(meeting_id, None)
        if now is not None:
            _cancel(now)
        return now

    def _tell_shown(self, meeting_id: MeetingId) -> None:
        if (now := self._now.get(meeting_id)) is not None:
            shown = _ephemeral(meeting_id, now.person_id, now.value)
            self._tell(meeting_id, shown, now.occasion.readers, now.holder)

    def _tell_count(self, meeting_id: MeetingId) -> None:
        def send() -> None:
            now = self._now.get(meeting_id)
            if now is not None and now.holder is not None:
                now.holder.send(
                    Ephemeral(meeting_id=meeting_id, person_id=now.person_id, key="follow", value=str(now.followers))
                )

        self._count.offer(meeting_id, send)


def _cancel(now: Presentation) -> None:
    if now.timer is not None:
        now.timer.cancel()
        now.timer = None


def _ephemeral(meeting_id: MeetingId, person_id: str, value: str | None) -> Ephemeral:
    return Ephemeral(meeting_id=meeting_id, person_id=person_id, key="page", value=value)
