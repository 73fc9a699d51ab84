"""The words of meeting procedure: ids and enumerations that the rules and the wire share."""

from enum import StrEnum
from typing import NewType

MeetingId = NewType("MeetingId", str)
ItemId = NewType("ItemId", str)
PollId = NewType("PollId", str)
BallotId = NewType("BallotId", str)
SpeakerId = NewType("SpeakerId", str)
MessageId = NewType("MessageId", str)


class MeetingState(StrEnum):
    """Lifecycle of a meeting."""

    DRAFT = "draft"
    CONVENED = "convened"
    IN_SESSION = "in_session"
    SUSPENDED = "suspended"
    ADJOURNED = "adjourned"
    MINUTES_REVIEW = "minutes_review"
    MINUTES_SIGNED = "minutes_signed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"


class ItemState(StrEnum):
    PENDING = "pending"
    UNDER_DISCUSSION = "under_discussion"
    DECIDED = "decided"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    NOTED = "noted"


class Response(StrEnum):
    """Answer to an invitation."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PresenceStatus(StrEnum):
    ABSENT = "absent"
    EXCUSED = "excused"
    PRESENT = "present"


class PresenceMode(StrEnum):
    IN_PERSON = "in_person"
    REMOTE = "remote"


class PresenceHow(StrEnum):
    """How somebody came to be recorded as present."""

    CONNECTED = "connected"  # joined from a signed-in device
    CHECKED_IN = "checked_in"  # confirmed it at the table
    ROLL_CALL = "roll_call"  # the secretary recorded it; a lost connection does not end it


class SpeakerKind(StrEnum):
    """Kinds of request for the floor, in order of precedence."""

    POINT_OF_ORDER = "point_of_order"
    INTERVENTION = "intervention"
    TURN = "turn"


class SpeakerState(StrEnum):
    WAITING = "waiting"
    SPEAKING = "speaking"
    PAUSED = "paused"
    FINISHED = "finished"


class Audience(StrEnum):
    """Who reads a message of the chat."""

    EVERYONE = "everyone"
    SECRETARIAT = "secretariat"  # chair and secretaries, its author, and whom they answer


class PollKind(StrEnum):
    NAMED = "named"
    NAMED_HIDDEN = "named_hidden"  # choices are hidden until the poll is closed


class PollMethod(StrEnum):
    YES_NO_ABSTAIN = "yes_no_abstain"
    ONE_OF = "one_of"


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    ANNULLED = "annulled"  # ended without a result


class Base(StrEnum):
    """What the votes in favour are compared with."""

    CAST = "cast"  # yes + no
    CAST_WITH_ABSTENTIONS = "cast_with_abstentions"
    VALID = "valid"
    PRESENT = "present"
    ENTITLED = "entitled"
    SEATS = "seats"


class TieRule(StrEnum):
    LOST = "lost"
    CHAIR = "chair"
    RECAST = "recast"


class Verdict(StrEnum):
    CARRIED = "carried"
    LOST = "lost"
    RECAST = "recast"
    NO_QUORUM = "no_quorum"


class MinutesState(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    SIGNED = "signed"


class SectionKind(StrEnum):
    """Parts of the minutes, in their order."""

    OPENING = "opening"
    ATTENDANCE = "attendance"
    ITEM = "item"
    CLOSING = "closing"
