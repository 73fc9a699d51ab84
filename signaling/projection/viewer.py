"""What one viewer may see: the same projection for events and for snapshots, so that both always agree.

Stored bodies carry private keys that start with ``_``; they never leave this module.

``_readers``  persons who may see a restricted item and what belongs to it (absent: everybody in the meeting)
``_private``  persons who may read a message beside chair and secretaries (None: everybody but halls)
``_secret``   the choice of this ballot is hidden from all but its owner until the poll is closed
"""

from dataclasses import dataclass
from typing import Any

from auth.model import MeetingRole, PersonId
from meetings.chat import SECRETARIAT
from meetings.model import PollKind, PollState

Body = dict[str, Any]
HIDDEN: Body = {"type": "hidden"}
_BLANK_ITEM: Body = {
    "title": "",
    "description": "",
    "presenterId": None,
    "outcome": "",
    "readers": None,
    "hidden": True,
    "papers": [],
}
_EDITORS = frozenset({MeetingRole.CHAIR, MeetingRole.SECRETARY})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a person or hall, and the role in this meeting."""

    person_id: PersonId
    role: MeetingRole

    def may_read(self, readers: list[str] | None) -> bool:
        """Whether a restricted item is for this viewer; the meeting's secretary keeps the papers of all items."""
        return readers is None or self.person_id in readers or self.role is MeetingRole.SECRETARY

    @property
    def edits(self) -> bool:
        """Whether this viewer is told who else may read a restricted item."""
        return self.role in _EDITORS

    def may_read_message(self, private: list[str] | None) -> bool:
        """Whether a message of the chat is for this viewer; a hall's screen stands before everybody who sits there."""
        if self.role is MeetingRole.ROOM:
            return False
        return private is None or self.role in SECRETARIAT or self.person_id in private


def project(body: Body, viewer: Viewer) -> Body:
    """Return the event as this viewer may see it, or ``hidden``."""
    if body["type"] == "chat" and not viewer.may_read_message(body["_private"]):
        return HIDDEN
    return _project(body, viewer, viewer.may_read(body.get("_readers")))


def _project(body: Body, viewer: Viewer, readable: bool) -> Body:
    match body["type"]:
        case "item":
            return {"type": "item", "item": project_item(body["item"], viewer, readable=readable)}
        case "speaker" if not readable:  # an entry that is now on a restricted item may have been seen before
            return {"type": "speaker_removed", "speakerId": body["speaker"]["id"]}
        case "poll" | "ballot" if not readable:
            return HIDDEN
        case "poll":
            return {"type": "poll", "poll": project_poll(body["poll"], viewer)}
        case "ballot":
            ballot = project_ballot(body["ballot"], viewer, secret=body["_secret"])
            return {"type": "ballot", "pollId": body["pollId"], "ballot": ballot}
        case _:
            return {key: value for key, value in body.items() if not key.startswith("_")}


def project_item(item: Body, viewer: Viewer, *, readable: bool) -> Body:
    """Return the item, or its placeholder; who else may read it is told to those who edit the agenda."""
    if not readable:
        return item | _BLANK_ITEM
    return item if viewer.edits else item | {"readers": None}


def project_poll(poll: Body, viewer: Viewer) -> Body:
    """Return the poll with the choices that this viewer may see."""
    secret = poll["kind"] == PollKind.NAMED_HIDDEN and poll["state"] in (PollState.OPEN, PollState.ANNULLED)
    return poll | {"ballots": [project_ballot(one, viewer, secret=secret) for one in poll["ballots"]]}


def project_ballot(ballot: Body, viewer: Viewer, *, secret: bool) -> Body:
    """Return a ballot: receipt and id are its owner's alone, the choice everybody's unless it is still hidden."""
    if ballot["personId"] == viewer.person_id:
        return ballot
    shown = ballot | {"receipt": None, "ballotId": None}
    return shown | {"optionId": None} if secret else shown
