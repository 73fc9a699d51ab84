"""One socket's view of one meeting: what it is sent, in order, exactly once, projected for its viewer."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime

from signaling.projection.viewer import Body, Viewer, project
from signaling.store.transaction import StoredEvent

Send = Callable[[str], None]


@dataclass(slots=True)
class Subscription:
    """Between registration and the answer to ``subscribe`` events wait; then only later ones are sent."""

    viewer: Viewer
    send: Send
    revision: int | None = None  # None while the snapshot is being read
    waiting: list[StoredEvent] = field(default_factory=list)

    def start(self, revision: int, replay: list[StoredEvent]) -> None:
        """The client now knows everything up to ``revision``; send what it missed, then what came meanwhile."""
        self.revision = revision
        waiting, self.waiting = self.waiting, []
        for event in [*replay, *waiting]:
            self.deliver(event, {})

    def deliver(self, event: StoredEvent, texts: dict[Hashable, str]) -> None:
        """Send an event unless it is known already; ``texts`` shares the encoded forms among sockets."""
        if self.revision is None:
            self.waiting.append(event)
            return
        if event.revision <= self.revision:
            return
        key = variant(event.body, self.viewer)
        text = texts.get(key)
        if text is None:
            text = texts[key] = envelope(event, project(event.body, self.viewer))
        self.revision = event.revision
        self.send(text)


def variant(body: Body, viewer: Viewer) -> Hashable:
    """Return a key that is equal for viewers whose projections of the body are equal."""
    readable = viewer.may_read(body.get("_readers"))
    match body["type"]:
        case "ballot":
            owner = body["ballot"]["personId"] == viewer.person_id
            return readable, owner
        case "item":
            return readable, viewer.edits
        case "chat":
            return viewer.may_read_message(body["_private"])
        case "poll":
            own = any(one["personId"] == viewer.person_id for one in body["poll"]["ballots"])
            return readable, viewer.person_id if own else None
        case _:
            return readable


def envelope(event: StoredEvent, projected: Body) -> str:
    """Return the event as the socket carries it."""
    return json.dumps(
        {
            "type": "event",
            "meetingId": event.stream.removeprefix("meeting:"),
            "revision": event.revision,
            "at": timestamp(event.at),
            "event": projected,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def timestamp(at: datetime) -> str:
    """Return a time as every wire model writes it."""
    return at.isoformat().replace("+00:00", "Z")
