"""Who is present, the item under discussion, and the speakers' list."""

from typing import Literal

from meetings.model import ItemState, PresenceMode, PresenceStatus, SpeakerKind
from signaling.wire.base import Id, Request, Seconds, Text


class Attend(Request):
    """Check in as present. ``via`` names a room endpoint when the person sits in that hall."""

    type: Literal["attend"] = "attend"
    meeting_id: Id
    mode: PresenceMode
    site_id: Id | None = None
    via: Id | None = None


class Depart(Request):
    """Leave on purpose: presence ends now, without the grace time of a lost connection."""

    type: Literal["depart"] = "depart"
    meeting_id: Id


class RollCall(Request):
    type: Literal["roll_call"] = "roll_call"
    meeting_id: Id
    person_id: Id
    status: PresenceStatus
    mode: PresenceMode = PresenceMode.IN_PERSON


class SetItemState(Request):
    type: Literal["item.state"] = "item.state"
    meeting_id: Id
    item_id: Id
    to: ItemState
    outcome: Text = ""


class RequestFloor(Request):
    type: Literal["floor.request"] = "floor.request"
    meeting_id: Id
    kind: SpeakerKind = SpeakerKind.TURN


class WithdrawFloor(Request):
    type: Literal["floor.withdraw"] = "floor.withdraw"
    meeting_id: Id
    speaker_id: Id


class GrantFloor(Request):
    """``seconds`` limits the speaking time. A point of order interrupts who speaks; for others that turn ends."""

    type: Literal["floor.grant"] = "floor.grant"
    meeting_id: Id
    speaker_id: Id
    seconds: Seconds | None = None


class PauseFloor(Request):
    """Interrupt the speaker and stop the clock."""

    type: Literal["floor.pause"] = "floor.pause"
    meeting_id: Id
    speaker_id: Id


class ResumeFloor(Request):
    type: Literal["floor.resume"] = "floor.resume"
    meeting_id: Id
    speaker_id: Id


class EndFloor(Request):
    type: Literal["floor.end"] = "floor.end"
    meeting_id: Id
    speaker_id: Id
