"""Whose pictures come first in a meeting: who chairs it and who has the floor, as its events tell. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auth.model import MeetingRole
from meetings.model import SpeakerState
from meetings.records import SpeakerEntry
from signaling.wire.meeting import Participant


@dataclass(frozen=True, slots=True)
class Leading:
    """At one revision. ``floor`` are who speaks, by entry of the speakers' list; ``halls`` where people sit."""

    revision: int
    chairs: frozenset[str]
    floor: Mapping[str, str]
    halls: Mapping[str, str]

    @property
    def people(self) -> frozenset[str]:
        """Accounts whose endpoint comes first."""
        return self.chairs | frozenset(self.floor.values())

    @property
    def endpoints(self) -> frozenset[str]:
        """Endpoints that come first beside theirs: the hall of who has the floor."""
        return frozenset(self.halls[one] for one in self.floor.values() if one in self.halls)


def leading(revision: int, people: Sequence[Participant], entries: Sequence[SpeakerEntry]) -> Leading:
    """Return who leads, from the people and the speakers' list at a revision."""
    return Leading(
        revision,
        frozenset(one.person_id for one in people if one.role is MeetingRole.CHAIR),
        {one.id: one.person_id for one in entries if one.state is SpeakerState.SPEAKING},
        {one.person_id: one.presence.endpoint_id for one in people if one.presence.endpoint_id},
    )


def followed(now: Leading, revision: int, body: Mapping[str, Any]) -> Leading | None:
    """Return who leads after an event of the meeting; None where an event was missed, so that it has to be read."""
    if revision <= now.revision:
        return now
    if revision > now.revision + 1:
        return None
    chairs, floor, halls = now.chairs, now.floor, now.halls
    match body["type"]:
        case "participant":
            person = body["participant"]["personId"]
            chairs = chairs | {person} if body["participant"]["role"] == MeetingRole.CHAIR else chairs - {person}
        case "participant_removed":
            chairs, halls = chairs - {body["personId"]}, _without(halls, body["personId"])
        case "presence":
            person, hall = body["personId"], body["presence"]["endpointId"]
            halls = {**halls, person: hall} if hall else _without(halls, person)
        case "speaker":
            entry = body["speaker"]
            speaks = entry["state"] == SpeakerState.SPEAKING
            floor = {**floor, entry["id"]: entry["personId"]} if speaks else _without(floor, entry["id"])
        case "speaker_removed":
            floor = _without(floor, body["speakerId"])
    return Leading(revision, chairs, floor, halls)


def _without(values: Mapping[str, str], key: str) -> dict[str, str]:
    return {one: value for one, value in values.items() if one != key}
