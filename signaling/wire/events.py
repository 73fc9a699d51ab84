"""Durable events of stream ``meeting:ID``.

Law: ``apply(snapshot at revision r, event r+1) == snapshot at revision r+1``, for every viewer. Revisions have no gaps;
an event that this viewer may not see arrives as ``hidden``.
"""

from typing import Annotated, Literal

from pydantic import Field

from signaling.wire.base import Id, Timestamp, Wire
from signaling.wire.meeting import (
    AgendaItem,
    AgendaVersion,
    Announcement,
    Ballot,
    ChatMessage,
    MeetingFields,
    MinutesInfo,
    Participant,
    Poll,
    Presence,
    Quorum,
    Sitting,
    Speaker,
)
from signaling.wire.recording import RecordingNow


class MeetingChanged(Wire):
    type: Literal["meeting"] = "meeting"
    meeting: MeetingFields


class ParticipantPut(Wire):
    type: Literal["participant"] = "participant"
    participant: Participant
    quorum: Quorum


class ParticipantRemoved(Wire):
    type: Literal["participant_removed"] = "participant_removed"
    person_id: Id
    quorum: Quorum


class PresenceChanged(Wire):
    type: Literal["presence"] = "presence"
    person_id: Id
    presence: Presence
    quorum: Quorum


class ItemPut(Wire):
    type: Literal["item"] = "item"
    item: AgendaItem


class ItemRemoved(Wire):
    type: Literal["item_removed"] = "item_removed"
    item_id: Id


class OrderChanged(Wire):
    """Positions follow the list: the first id has position 1."""

    type: Literal["order"] = "order"
    item_ids: list[Id]


class VersionPut(Wire):
    type: Literal["version"] = "version"
    version: AgendaVersion


class PollPut(Wire):
    type: Literal["poll"] = "poll"
    poll: Poll


class PollRemoved(Wire):
    type: Literal["poll_removed"] = "poll_removed"
    poll_id: Id


class BallotPut(Wire):
    """Adds (or replaces, by person) one ballot of the poll."""

    type: Literal["ballot"] = "ballot"
    poll_id: Id
    ballot: Ballot


class SpeakerPut(Wire):
    type: Literal["speaker"] = "speaker"
    speaker: Speaker


class SpeakerRemoved(Wire):
    type: Literal["speaker_removed"] = "speaker_removed"
    speaker_id: Id


class MinutesPut(Wire):
    type: Literal["minutes"] = "minutes"
    minutes: MinutesInfo


class ChatPut(Wire):
    """A new message (with a number beyond all known ones), or a known one that was removed.

    The page keeps the last 200; one that falls out, or that it does not know, is among the earlier ones.
    """

    type: Literal["chat"] = "chat"
    message: ChatMessage


class ChatCleared(Wire):
    """All messages were erased by rule."""

    type: Literal["chat_cleared"] = "chat_cleared"


class SittingChanged(Wire):
    type: Literal["sitting"] = "sitting"
    sitting: Sitting


class Announced(Wire):
    """Something is announced to every screen, or nothing is any more."""

    type: Literal["announcement"] = "announcement"
    announcement: Announcement | None


class RecordingChanged(Wire):
    """The meeting may be recorded or not any more, or a recording began, waits, goes on or ended."""

    type: Literal["recording"] = "recording"
    recording: RecordingNow


class Hidden(Wire):
    """Something happened that this viewer may not see."""

    type: Literal["hidden"] = "hidden"


MeetingEvent = Annotated[
    MeetingChanged
    | ParticipantPut
    | ParticipantRemoved
    | PresenceChanged
    | ItemPut
    | ItemRemoved
    | PollRemoved
    | OrderChanged
    | VersionPut
    | PollPut
    | BallotPut
    | SpeakerPut
    | SpeakerRemoved
    | MinutesPut
    | ChatPut
    | ChatCleared
    | SittingChanged
    | Announced
    | RecordingChanged
    | Hidden,
    Field(discriminator="type"),
]


class EventEnvelope(Wire):
    """One event as the socket delivers it."""

    type: Literal["event"] = "event"
    meeting_id: Id
    revision: int
    at: Timestamp
    event: MeetingEvent
