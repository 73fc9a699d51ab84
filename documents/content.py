"""What an agenda and minutes say, before they are laid out. Times are aware; texts are plain text in the meeting's
language; an enumeration's word comes from ``locales/``."""

from dataclasses import dataclass
from datetime import datetime

from auth.model import Label, MeetingRole
from meetings.model import ItemKind, ItemState, PresenceMode, PresenceStatus, Verdict

from .model import SignatureRole


@dataclass(frozen=True, slots=True)
class Masthead:
    """The right half of the head of an official paper, for instance a state's name and its motto."""

    title: str
    motto: str


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    name: str
    title: str
    unit: str
    role: MeetingRole


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper of an item; ``sha256`` is the hex digest of the version that was convened."""

    title: str
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AgendaItemLine:
    """``minutes`` is the time allotted."""

    number: str
    title: str
    kind: ItemKind
    minutes: int | None = None
    presenter: str = ""
    papers: tuple[PaperLine, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaData:
    """One version of an agenda. ``language`` is a locale of this folder, ``zone`` an IANA name.

    Without ``masthead`` the paper bears the one that is customary in the language, or none.
    """

    organisation: str
    meeting_title: str
    reference: str
    version: int
    language: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    place: str
    label: Label
    convened_by: str
    convened_at: datetime
    participants: tuple[ParticipantLine, ...]
    items: tuple[AgendaItemLine, ...]
    changes: tuple[str, ...] = ()  # what is different from the version before, in sentences
    town: str = ""  # stands before the date
    superior: str = ""  # the body above the organisation, printed over its name
    masthead: Masthead | None = None


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """``intervals`` are arrivals and departures; None where somebody stayed to the end."""

    name: str
    title: str
    unit: str
    status: PresenceStatus
    mode: PresenceMode | None = None
    site: str = ""
    intervals: tuple[tuple[datetime, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class VoteLine:
    """How somebody voted in a named poll; ``choice`` is an option's text, or ``yes``, ``no``, ``abstain``."""

    name: str
    choice: str


@dataclass(frozen=True, slots=True)
class PollResult:
    """A closed poll. Labels of ``tallies`` are options' texts, or ``yes``, ``no``, ``abstain``, ``not_voting``,
    ``absent``, ``blank``, ``invalid``, which are put into words; ``figures`` are named numbers such as the base.
    ``annulment`` says when and why a poll was annulled; such a one has no verdict."""

    title: str
    question: str
    tallies: tuple[tuple[str, int], ...]
    verdict: Verdict | None
    derivation: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    votes: tuple[VoteLine, ...] = ()
    annulment: str = ""


@dataclass(frozen=True, slots=True)
class MinutesSection:
    """What the minutes say of one item. ``text`` holds its paragraphs."""

    number: str
    title: str
    kind: ItemKind | None
    outcome: ItemState | None
    text: tuple[str, ...] = ()
    polls: tuple[PollResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """A place for a signature; ``role`` is also the name of its field."""

    role: SignatureRole
    name: str


@dataclass(frozen=True, slots=True)
class MinutesData:
    """The minutes of a meeting. ``chair`` and ``secretary`` are names; places for signatures follow ``signers``."""

    organisation: str
    meeting_title: str
    reference: str
    version: int
    language: str
    zone: str
    opened_at: datetime
    closed_at: datetime
    place: str
    label: Label
    chair: str
    secretary: str
    attendance: tuple[AttendanceLine, ...]
    sections: tuple[MinutesSection, ...]
    signers: tuple[Signer, ...]
    made_at: datetime
    town: str = ""
    superior: str = ""
    masthead: Masthead | None = None


@dataclass(frozen=True, slots=True)
class StampData:
    """What stands in a signature place after signing, and its size in points."""

    language: str
    zone: str
    name: str
    signed_at: datetime
    reason: str
    width: float
    height: float
