"""Who may do what in which state, as data. :mod:`auth.decide` reads it; nothing else decides."""

from dataclasses import dataclass
from enum import StrEnum

from auth.model import MeetingRole, OrgRole


class Permission(StrEnum):
    """Everything that a route or message can ask for, as ``resource:action``."""

    PUBLIC = "public"  # sign-in page, health, static files
    SESSION_OWN = "session:own"
    ACCOUNT_OWN = "account:own"  # own sessions, password
    FACTOR_OWN = "factor:own"  # own second factor and recovery codes
    LIVE_OWN = "live:own"  # the socket
    DIRECTORY_READ = "directory:read"
    DIRECTORY_REVIEW = "directory:review"  # accounts as an administrator sees them
    DIRECTORY_MANAGE = "directory:manage"
    OPERATIONS_READ = "operations:read"

    MEETING_LIST = "meeting:list"
    MEETING_CREATE = "meeting:create"
    MEETING_READ = "meeting:read"
    MEETING_EDIT = "meeting:edit"
    MEETING_CONVENE = "meeting:convene"
    SECRETARY_NAME = "secretary:name"  # a seat that reads the restricted items
    MEETING_RUN = "meeting:run"  # open, suspend, resume, adjourn, cancel, archive
    AGENDA_ACKNOWLEDGE = "agenda:acknowledge"
    ITEM_RUN = "item:run"

    PAPER_UPLOAD = "paper:upload"
    PAPER_READ = "paper:read"
    PAPER_REMOVE = "paper:remove"
    PAPER_PRESENT = "paper:present"  # who only presents an item or has the floor: while that is so
    PAPER_SHOWN = "paper:shown"  # the paper that is being presented, on a hall's screen

    PRESENCE_OWN = "presence:own"
    PRESENCE_ROLL = "presence:roll"
    MEDIA_JOIN = "media:join"
    MEDIA_PRODUCE = "media:produce"
    MEDIA_MUTE_OTHERS = "media:mute_others"
    RECORDING_ALLOW = "recording:allow"  # whether this meeting may be recorded
    RECORDING_RUN = "recording:run"  # start and stop
    RECORDING_READ = "recording:read"  # which there are
    RECORDING_DOWNLOAD = "recording:download"
    RECORDING_DELETE = "recording:delete"
    FLOOR_REQUEST = "floor:request"
    FLOOR_GRANT = "floor:grant"
    CHAT_READ = "chat:read"
    CHAT_SECRETARIAT = "chat:secretariat"  # write to chair and secretaries
    CHAT_EVERYONE = "chat:everyone"
    CHAT_MANAGE = "chat:manage"
    SITTING_MANAGE = "sitting:manage"  # chat and speakers' list open or closed; announcements
    DISPLAY_READ = "display:read"
    POLL_MANAGE = "poll:manage"
    POLL_CAST = "poll:cast"

    MINUTES_READ = "minutes:read"
    MINUTES_EDIT = "minutes:edit"
    MINUTES_SIGN = "minutes:sign"
    RECORD_READ = "record:read"
    RECORD_VERIFY = "record:verify"

    AUDIT_READ = "audit:read"
    AUDIT_CHECKPOINT = "audit:checkpoint"
    AUDIT_VERIFY = "audit:verify"
    AUDIT_WATCH = "audit:watch"  # how many alerts wait, and nothing of what they say
    AUDIT_ALERTS = "audit:alerts"  # read and acknowledge them
    AUDIT_EXPORT = "audit:export"
    AUDIT_PERSON = "audit:person"  # everything that is held on one person


@dataclass(frozen=True, slots=True)
class Grant:
    """These roles in a meeting may, in these of its states (None: in any); ``entitled``: only who may vote."""

    roles: frozenset[MeetingRole]
    states: frozenset[str] | None = None
    entitled: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Either roles in the organisation may, or roles in the meeting; ``step_up``: only after a fresh factor."""

    org_roles: frozenset[OrgRole] = frozenset()
    grants: tuple[Grant, ...] = ()
    step_up: bool = False


# Who holds one of these holds no permission on content, whatever role a meeting gives them.
WITHOUT_CONTENT = frozenset({OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR})

# Who holds one of these, or leads a meeting, must have a second factor, and until then only what sets it up.
MUST_HAVE_FACTOR = frozenset({OrgRole.SECRETARY, OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR})
WITHOUT_FACTOR = frozenset({Permission.SESSION_OWN, Permission.ACCOUNT_OWN, Permission.FACTOR_OWN})

# The states of a meeting by name; they are the values of its lifecycle, which a folder above owns.
BEFORE = frozenset({"draft", "convened"})
LIVE = frozenset({"in_session", "suspended"})
OPEN = LIVE | {"convened"}
PREPARING = LIVE | BEFORE
REVIEW = frozenset({"minutes_review"})
AFTER = REVIEW | {"adjourned", "minutes_signed", "archived"}
KNOWN = OPEN | AFTER | {"cancelled"}  # everything but a draft
OVER = frozenset({"archived", "cancelled"})

CHAIR, SECRETARY, MEMBER = MeetingRole.CHAIR, MeetingRole.SECRETARY, MeetingRole.MEMBER
OBSERVER, GUEST, PRESENTER = MeetingRole.OBSERVER, MeetingRole.GUEST, MeetingRole.PRESENTER
TECHNICIAN, ROOM = MeetingRole.TECHNICIAN, MeetingRole.ROOM
LEADING = frozenset({CHAIR, SECRETARY})
SPEAKING = (CHAIR, SECRETARY, MEMBER, GUEST, PRESENTER, TECHNICIAN, ROOM)  # who may be heard and seen


def _org(*roles: OrgRole, step_up: bool = False) -> Rule:
    return Rule(org_roles=frozenset(roles), step_up=step_up)


def _in(*grants: Grant, step_up: bool = False) -> Rule:
    return Rule(grants=grants, step_up=step_up)


def _to(*roles: MeetingRole, when: frozenset[str] | None = None, entitled: bool = False) -> Grant:
    return Grant(frozenset(roles), when, entitled)


RULES: dict[Permission, Rule] = {
    Permission.SESSION_OWN: _org(*OrgRole),
    Permission.ACCOUNT_OWN: _org(*OrgRole),
    Permission.FACTOR_OWN: _org(*OrgRole, step_up=True),
    Permission.LIVE_OWN: _org(*OrgRole),
    Permission.DIRECTORY_READ: _org(OrgRole.MEMBER, OrgRole.SECRETARY, OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR),
    Permission.DIRECTORY_REVIEW: _org(OrgRole.ADMINISTRATOR),
    Permission.DIRECTORY_MANAGE: _org(OrgRole.ADMINISTRATOR, step_up=True),
    Permission.OPERATIONS_READ: _org(OrgRole.ADMINISTRATOR),
    Permission.MEETING_LIST: _org(OrgRole.MEMBER, OrgRole.SECRETARY, OrgRole.ROOM),
    Permission.MEETING_CREATE: _org(OrgRole.SECRETARY),
    Permission.MEETING_READ: _in(
        _to(CHAIR, SECRETARY), _to(MEMBER, OBSERVER, GUEST, PRESENTER, TECHNICIAN, ROOM, when=KNOWN)
    ),
    Permission.MEETING_EDIT: _in(_to(CHAIR, SECRETARY, when=PREPARING)),
    Permission.MEETING_CONVENE: _in(_to(CHAIR, SECRETARY, when=PREPARING), step_up=True),
    Permission.SECRETARY_NAME: _in(_to(CHAIR, SECRETARY, when=PREPARING), step_up=True),
    Permission.MEETING_RUN: _in(_to(CHAIR, SECRETARY, when=PREPARING | {"adjourned", "minutes_signed"})),
    Permission.AGENDA_ACKNOWLEDGE: _in(_to(CHAIR, SECRETARY, MEMBER, when=OPEN)),
    Permission.ITEM_RUN: _in(_to(CHAIR, SECRETARY, when=LIVE | {"adjourned"})),  # concluding, for the minutes
    Permission.PAPER_UPLOAD: _in(_to(CHAIR, SECRETARY, when=PREPARING)),
    Permission.PAPER_READ: _in(
        _to(CHAIR, SECRETARY), _to(MEMBER, OBSERVER, when=KNOWN), _to(GUEST, PRESENTER, when=OPEN)
    ),
    Permission.PAPER_REMOVE: _in(_to(CHAIR, SECRETARY, when=PREPARING)),
    Permission.PAPER_PRESENT: _in(_to(CHAIR, SECRETARY, MEMBER, GUEST, PRESENTER, when=OPEN)),
    Permission.PAPER_SHOWN: _in(_to(ROOM, when=OPEN)),
    Permission.CHAT_READ: _in(_to(CHAIR, SECRETARY), _to(MEMBER, OBSERVER, GUEST, PRESENTER, TECHNICIAN, when=KNOWN)),
    Permission.CHAT_SECRETARIAT: _in(_to(CHAIR, SECRETARY, MEMBER, OBSERVER, GUEST, PRESENTER, TECHNICIAN, when=OPEN)),
    Permission.CHAT_EVERYONE: _in(_to(CHAIR, SECRETARY, MEMBER, GUEST, PRESENTER, when=OPEN)),
    Permission.CHAT_MANAGE: _in(_to(CHAIR, SECRETARY, when=PREPARING | {"adjourned"} | REVIEW)),
    Permission.SITTING_MANAGE: _in(_to(CHAIR, SECRETARY, when=OPEN)),
    Permission.DISPLAY_READ: _in(_to(CHAIR, SECRETARY, TECHNICIAN, ROOM, when=KNOWN)),
    Permission.PRESENCE_OWN: _in(_to(CHAIR, SECRETARY, MEMBER, OBSERVER, GUEST, PRESENTER, when=OPEN)),
    Permission.PRESENCE_ROLL: _in(_to(CHAIR, SECRETARY, when=OPEN)),
    Permission.MEDIA_JOIN: _in(_to(*MeetingRole, when=OPEN)),
    Permission.MEDIA_PRODUCE: _in(_to(*SPEAKING, when=OPEN)),
    Permission.MEDIA_MUTE_OTHERS: _in(_to(CHAIR, SECRETARY, TECHNICIAN, when=OPEN)),
    Permission.RECORDING_ALLOW: _in(_to(CHAIR, SECRETARY, when=PREPARING)),
    Permission.RECORDING_RUN: _in(_to(CHAIR, SECRETARY, when=LIVE)),
    Permission.RECORDING_READ: _in(_to(CHAIR, SECRETARY)),
    Permission.RECORDING_DOWNLOAD: _in(_to(CHAIR, SECRETARY), step_up=True),
    Permission.RECORDING_DELETE: _in(_to(CHAIR, SECRETARY), step_up=True),
    Permission.FLOOR_REQUEST: _in(_to(CHAIR, SECRETARY, MEMBER, GUEST, PRESENTER, when=LIVE)),
    Permission.FLOOR_GRANT: _in(_to(CHAIR, SECRETARY, when=LIVE)),
    Permission.POLL_MANAGE: _in(_to(CHAIR, SECRETARY, when=PREPARING | {"adjourned"})),
    Permission.POLL_CAST: _in(
        _to(CHAIR, MEMBER, when=frozenset({"in_session"})),
        _to(SECRETARY, when=frozenset({"in_session"}), entitled=True),
    ),
    Permission.MINUTES_READ: _in(
        _to(CHAIR, SECRETARY, when=LIVE | AFTER),
        _to(MEMBER, OBSERVER, when=REVIEW | {"minutes_signed", "archived"}),
    ),
    Permission.MINUTES_EDIT: _in(_to(CHAIR, SECRETARY, when=LIVE | REVIEW | {"adjourned"})),
    Permission.MINUTES_SIGN: _in(_to(CHAIR, SECRETARY, when=REVIEW), step_up=True),
    Permission.RECORD_READ: _in(_to(CHAIR, SECRETARY), _to(MEMBER, OBSERVER, when=KNOWN)),
    Permission.RECORD_VERIFY: _in(_to(CHAIR, SECRETARY), _to(MEMBER, OBSERVER, when=KNOWN)),
    Permission.AUDIT_READ: _org(OrgRole.SECURITY_OFFICER, step_up=True),
    Permission.AUDIT_CHECKPOINT: _org(OrgRole.SECURITY_OFFICER),
    Permission.AUDIT_VERIFY: _org(OrgRole.SECURITY_OFFICER),
    Permission.AUDIT_WATCH: _org(OrgRole.SECURITY_OFFICER),
    Permission.AUDIT_ALERTS: _org(OrgRole.SECURITY_OFFICER, step_up=True),
    Permission.AUDIT_EXPORT: _org(OrgRole.SECURITY_OFFICER, step_up=True),
    Permission.AUDIT_PERSON: _org(OrgRole.SECURITY_OFFICER, step_up=True),
}
