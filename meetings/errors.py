"""What the rules of a meeting refuse, and why.

::

    MeetingError
    ├── NotFound            no_such_meeting, no_such_item, no_such_poll, no_such_speaker, no_such_participant,
    │                       no_such_version, no_such_message, no_minutes
    ├── Refused             things do not stand so: wrong_state, poll_open, poll_not_open, agenda_frozen, …
    ├── Conflict            somebody was faster: stale_revision, stale_version, ballot_conflict, already_…
    └── Invalid             the request itself is wrong: reason_required, unknown_option, bad_order, bad_rules, …

Each class has one stable ``code``, which clients translate; the message is for logs and says what to do next.
"""

from typing import ClassVar


class MeetingError(Exception):
    """Base of everything that ``meetings`` raises."""

    code: ClassVar[str] = "meeting_error"


class NotFound(MeetingError):
    """The object does not exist, or not in this meeting."""

    code = "not_found"


class Refused(MeetingError):
    """The procedure does not allow this now."""

    code = "refused"


class Conflict(MeetingError):
    """The request contradicts what has been done already."""

    code = "conflict"


class Invalid(MeetingError):
    """The request itself is wrong in any state."""

    code = "invalid"


class NoSuchMeeting(NotFound):
    code = "no_such_meeting"


class NoSuchItem(NotFound):
    code = "no_such_item"


class NoSuchPoll(NotFound):
    code = "no_such_poll"


class NoSuchSpeaker(NotFound):
    code = "no_such_speaker"


class NoSuchParticipant(NotFound):
    code = "no_such_participant"


class NoSuchVersion(NotFound):
    code = "no_such_version"


class NoSuchMessage(NotFound):
    code = "no_such_message"


class NoMinutes(NotFound):
    code = "no_minutes"


class WrongState(Refused):
    """The object is in a state from which this step does not lead on."""

    code = "wrong_state"


class PollOpen(Refused):
    """A poll must be closed first."""

    code = "poll_open"


class PollNotOpen(Refused):
    code = "poll_not_open"


class NotEntitled(Refused):
    """The person does not belong to the electorate."""

    code = "not_entitled"


class NotPresent(Refused):
    """The person must be recorded as present first."""

    code = "not_present"


class NoElectorate(Refused):
    """Nobody would be entitled to vote."""

    code = "no_electorate"


class AgendaFrozen(Refused):
    """The agenda does not change like this any more; withdraw or defer the item instead."""

    code = "agenda_frozen"


class EmptyAgenda(Refused):
    code = "empty_agenda"


class NoChair(Refused):
    """A meeting is convened with exactly one chair."""

    code = "no_chair"


class NobodyVotes(Refused):
    """Nobody who is invited has a vote."""

    code = "nobody_votes"


class MeetingOver(Refused):
    """The meeting would have ended already."""

    code = "meeting_over"


class ItemForNobody(Refused):
    """A restricted item names no reader."""

    code = "item_for_nobody"


class PaperInChecking(Refused):
    """A paper is still on its way into the meeting."""

    code = "paper_in_checking"


class ItemUnderDiscussion(Refused):
    """Another item is under discussion; conclude it or put it back."""

    code = "item_under_discussion"


class ItemNotUnderDiscussion(Refused):
    code = "item_not_under_discussion"


class ItemUndecided(Refused):
    """An item has no conclusion yet."""

    code = "item_undecided"


class FloorTaken(Refused):
    """Somebody is speaking; pause or end first."""

    code = "floor_taken"


class FloorClosed(Refused):
    """The speakers' list is closed; a point of order is still taken."""

    code = "floor_closed"


class ChatClosed(Refused):
    """Messages to everyone are not taken; the secretariat still reads those to it."""

    code = "chat_closed"


class ChatTooFast(Refused):
    """One person's messages follow each other too quickly; wait a moment."""

    code = "chat_too_fast"


class MinutesFrozen(Refused):
    code = "minutes_frozen"


class MinutesNotFrozen(Refused):
    """The text must be frozen before it is signed."""

    code = "minutes_not_frozen"


class MinutesUnsigned(Refused):
    code = "minutes_unsigned"


class SigningOrder(Refused):
    """The secretary signs first, then the chair."""

    code = "signing_order"


class StaleRevision(Conflict):
    """The object has changed since it was read; read it again."""

    code = "stale_revision"


class StaleVersion(Conflict):
    """A newer version of the agenda exists; acknowledge that one."""

    code = "stale_version"


class BallotConflict(Conflict):
    """The person has voted otherwise, or the ballot id has been used."""

    code = "ballot_conflict"


class ChatConflict(Conflict):
    """The message id has been used for another message."""

    code = "chat_conflict"


class AlreadyInvited(Conflict):
    code = "already_invited"


class AlreadyWaiting(Conflict):
    """One waiting entry per person and kind."""

    code = "already_waiting"


class AlreadySigned(Conflict):
    code = "already_signed"


class ReasonRequired(Invalid):
    code = "reason_required"


class UnknownOption(Invalid):
    code = "unknown_option"


class BadOrder(Invalid):
    """The new order must name every item exactly once."""

    code = "bad_order"


class BadRules(Invalid):
    code = "bad_rules"


class BadPoll(Invalid):
    code = "bad_poll"


class BadBallot(Invalid):
    """A ballot id is 8 to 64 letters, digits, hyphens or underscores."""

    code = "bad_ballot"


class BadDetails(Invalid):
    """Title, times, zone or language are unusable."""

    code = "bad_details"


class BadRole(Invalid):
    """The role does not allow it: a room neither votes nor chairs."""

    code = "bad_role"


class WrongKind(Invalid):
    """An item for information is noted, not decided."""

    code = "wrong_kind"


class UnknownSection(Invalid):
    code = "unknown_section"
