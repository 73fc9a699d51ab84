"""The meeting as one bot knows it: the hub's snapshot, kept up to date by events, and the questions a bot has. Pure."""

from collections.abc import Callable, Iterator
from typing import Any, Final

Json = dict[str, Any]
OPEN: Final = frozenset({"convened", "in_session", "suspended"})
_NAMED: Final = frozenset({"named", "named_hidden"})


class View:
    """What of a snapshot matters to a bot. ``me`` is the bot's own person id."""

    def __init__(self, snapshot: Json, me: str) -> None:
        self._me = me
        self._snapshot = snapshot

    def apply(self, event: Json) -> None:
        """Take over one event; those that do not matter here are passed over."""
        step = _STEPS.get(event["type"])
        if step is not None:
            step(self._snapshot, event)

    @property
    def state(self) -> str:
        """The meeting's state."""
        return str(self._snapshot["meeting"]["state"])

    @property
    def is_open(self) -> bool:
        """Whether one may be present and in the room."""
        return self.state in OPEN

    @property
    def invited(self) -> bool:
        """Whether the invitation waits for an answer."""
        return any(one["personId"] == self._me and one["response"] == "invited" for one in self._participants)

    @property
    def unacknowledged(self) -> int | None:
        """The number of the newest agenda, if the bot has not acknowledged it."""
        newest = max(self._snapshot["versions"], key=lambda one: int(one["number"]), default=None)
        return None if newest is None or self._me in newest["acknowledgedBy"] else int(newest["number"])

    @property
    def ballots_due(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Open polls in which the bot may still vote by name, with their options."""
        return tuple(
            (poll["id"], tuple(option["id"] for option in poll["options"]))
            for poll in self._snapshot["polls"]
            if poll["state"] == "open"
            and poll["kind"] in _NAMED
            and self._me in poll["electorate"]
            and all(ballot["personId"] != self._me for ballot in poll["ballots"])
        )

    def entry(self, state: str) -> str | None:
        """The bot's own entry of the speakers' list in this state."""
        return next(
            (one["id"] for one in self._speakers if one["personId"] == self._me and one["state"] == state), None
        )

    @property
    def floor(self) -> str | None:
        """Who has the floor."""
        return next((one["personId"] for one in self._speakers if one["state"] == "speaking"), None)

    @property
    def waiting(self) -> int:
        """How many wait for the floor."""
        return sum(one["state"] == "waiting" for one in self._speakers)

    @property
    def _participants(self) -> list[Json]:
        return list(self._snapshot["participants"])

    @property
    def _speakers(self) -> list[Json]:
        return list(self._snapshot["speakers"])


def _put(many: list[Json], one: Json, key: str) -> None:
    for index, known in enumerate(many):
        if known[key] == one[key]:
            many[index] = one
            return
    many.append(one)


def _remove(many: list[Json], value: object, key: str) -> None:
    many[:] = [one for one in many if one[key] != value]


def _ballots(snapshot: Json, poll_id: str) -> Iterator[list[Json]]:
    yield from (poll["ballots"] for poll in snapshot["polls"] if poll["id"] == poll_id)


def _ballot(snapshot: Json, event: Json) -> None:
    for ballots in _ballots(snapshot, event["pollId"]):
        _put(ballots, event["ballot"], "personId")


_STEPS: Final[dict[str, Callable[[Json, Json], None]]] = {
    "meeting": lambda snapshot, event: snapshot.update(meeting=event["meeting"]),
    "participant": lambda snapshot, event: _put(snapshot["participants"], event["participant"], "personId"),
    "participant_removed": lambda snapshot, event: _remove(snapshot["participants"], event["personId"], "personId"),
    "version": lambda snapshot, event: _put(snapshot["versions"], event["version"], "number"),
    "poll": lambda snapshot, event: _put(snapshot["polls"], event["poll"], "id"),
    "ballot": _ballot,
    "speaker": lambda snapshot, event: _put(snapshot["speakers"], event["speaker"], "id"),
    "speaker_removed": lambda snapshot, event: _remove(snapshot["speakers"], event["speakerId"], "id"),
}
