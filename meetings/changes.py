"""What a repository function changed: names of objects, which the hub reads again to make events of them."""

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """Kind of object changed; the comment says what ``Change.id`` holds."""

    MEETING = "meeting"  # meeting id
    PARTICIPANT = "participant"  # person id
    PARTICIPANT_REMOVED = "participant_removed"  # person id
    ITEM = "item"  # item id
    ITEM_REMOVED = "item_removed"  # item id
    ORDER = "order"  # meeting id: the positions of all items
    VERSION = "version"  # number of the agenda version
    ACKNOWLEDGEMENT = "acknowledgement"  # person id, of the newest version
    PRESENCE = "presence"  # person id
    POLL = "poll"  # poll id
    POLL_REMOVED = "poll_removed"  # poll id
    BALLOT = "ballot"  # ballot id
    SPEAKER = "speaker"  # speaker entry id
    SPEAKER_REMOVED = "speaker_removed"  # speaker entry id
    MINUTES = "minutes"  # meeting id
    CHAT = "chat"  # message id
    CHAT_CLEARED = "chat_cleared"  # meeting id
    SITTING = "sitting"  # meeting id
    ANNOUNCEMENT = "announcement"  # meeting id
    RECORDING = "recording"  # meeting id: whether it may be, and is being, recorded


@dataclass(frozen=True, slots=True)
class Change:
    """One changed object. Functions that create something name it in their first change."""

    kind: ChangeKind
    id: str
