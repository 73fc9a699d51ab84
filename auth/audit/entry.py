"""What is logged, and the bytes that go into the tree.

A **leaf** is canonical JSON (RFC 8785 restricted to strings, integers and null) with opaque ids, action, outcome, time
and a salted commitment to the details. The details themselves (names, titles, addresses) are kept apart and can be
erased, salt included, without breaking the tree.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from json.encoder import encode_basestring

from auth.errors import EntryInvalid

LEAF_VERSION = 1
SALT_BYTES = 16
MAX_DETAILS = 16_384  # bytes of JSON
MAX_ID = 128  # characters
MAX_INTEGER = (1 << 53) - 1  # RFC 8785 §3.2.2.3: beyond, other readers of JSON lose digits

Detail = str | int | bool | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DETAIL_TYPES = (str, int, type(None))
_LITERALS = {None: "null", True: "true", False: "false"}


class Outcome(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"  # tried and went wrong
    DENIED = "denied"  # refused by a decision


class Action(StrEnum):
    """What happened, as ``class.activity`` in the spirit of OCSF."""

    LOGON = "authentication.logon"
    LOGON_FAILURE = "authentication.failure"
    STEP_UP = "authentication.stepup"
    FACTOR_ENROL = "factor.enrol"
    FACTOR_REMOVE = "factor.remove"
    FACTOR_RESET = "factor.reset"  # by an administrator
    RECOVERY_CODES = "factor.recovery_codes"
    RECOVERY_CODE_USE = "factor.recovery_code_use"
    LOGOFF = "session.logoff"
    SESSION_REVOKE = "session.revoke"
    DENIAL = "authorization.denied"

    PERSON_CREATE = "person.create"
    PERSON_CHANGE = "person.change"
    PERSON_DISABLE = "person.disable"
    PERSON_ENABLE = "person.enable"
    WELCOME_LINK = "person.welcome_link"
    WELCOME_LINK_END = "person.welcome_link_end"
    WELCOME_FAILURE = "person.welcome_failure"
    UNIT_CHANGE = "unit.change"
    SITE_CHANGE = "site.change"
    DIRECTORY_IMPORT = "directory.import"
    DIRECTORY_EXPORT = "directory.export"
    PASSWORD_CHANGE = "password.change"  # noqa: S105 — the name of an act
    ROLE_CHANGE = "role.change"
    CLEARANCE_CHANGE = "clearance.change"
    POLICY_CHANGE = "policy.change"

    MEETING_CREATE = "meeting.create"
    MEETING_VIEW = "meeting.view"
    MEETING_EDIT = "meeting.edit"
    MEETING_OPEN = "meeting.open"
    MEETING_SUSPEND = "meeting.suspend"
    MEETING_RESUME = "meeting.resume"
    MEETING_ADJOURN = "meeting.adjourn"
    MEETING_CANCEL = "meeting.cancel"
    MEETING_ARCHIVE = "meeting.archive"
    INVITATION_ANSWER = "invitation.answer"
    AGENDA_CONVENE = "agenda.convene"
    AGENDA_ACKNOWLEDGE = "agenda.acknowledge"
    ITEM_OPEN = "item.open"
    ITEM_CLOSE = "item.close"

    PAPER_UPLOAD = "paper.upload"
    PAPER_VIEW = "paper.view"
    PAPER_DOWNLOAD = "paper.download"
    PAPER_PRESENT = "paper.present"
    PAPER_PRINT = "paper.print"
    PAPER_CHANGE = "paper.change"  # its title, item or place
    PAPER_REMOVE = "paper.remove"
    PAPER_RECALL = "paper.recall"
    LABEL_CHANGE = "label.change"
    DOCUMENT_SIGN = "document.sign"
    DOCUMENT_VERIFY = "document.verify"
    RECORD_EXPORT = "record.export"

    PRESENCE_ARRIVE = "presence.arrive"
    PRESENCE_LEAVE = "presence.leave"
    PRESENCE_ROLL = "presence.roll"
    FLOOR_REQUEST = "floor.request"
    FLOOR_GRANT = "floor.grant"
    FLOOR_WITHDRAW = "floor.withdraw"
    FLOOR_PAUSE = "floor.pause"
    FLOOR_RESUME = "floor.resume"
    FLOOR_END = "floor.end"
    SITTING_CHANGE = "sitting.change"
    ANNOUNCEMENT_MAKE = "announcement.make"
    ANNOUNCEMENT_WITHDRAW = "announcement.withdraw"
    CHAT_SEND = "chat.send"
    CHAT_REMOVE = "chat.remove"
    CHAT_ERASE = "chat.erase"
    POLL_CREATE = "poll.create"
    POLL_EDIT = "poll.edit"
    POLL_DELETE = "poll.delete"
    POLL_RECAST = "poll.recast"
    POLL_ANNUL = "poll.annul"
    POLL_EXTEND = "poll.extend"
    POLL_OPEN = "poll.open"
    POLL_CAST = "poll.cast"
    POLL_CLOSE = "poll.close"
    POLL_PUBLISH = "poll.publish"
    MINUTES_DRAFT = "minutes.draft"
    MINUTES_EDIT = "minutes.edit"
    MINUTES_SUBMIT = "minutes.submit"
    MINUTES_SIGN = "minutes.sign"

    MEDIA_JOIN = "media.join"
    MEDIA_LEAVE = "media.leave"
    MEDIA_MUTE = "media.mute"
    MEDIA_KICK = "media.kick"
    RECORDING_START = "recording.start"
    RECORDING_STOP = "recording.stop"
    RECORDING_POLICY = "recording.policy"  # whether a meeting may be recorded
    RECORDING_PART = "recording.part"  # media is being written from now on
    RECORDING_SEAL = "recording.seal"  # complete; the digest of its manifest
    RECORDING_DOWNLOAD = "recording.download"
    RECORDING_DELETE = "recording.delete"

    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    AUDIT_CHECKPOINT = "audit.checkpoint"
    AUDIT_VERIFY = "audit.verify"
    AUDIT_ERASE = "audit.erase"
    AUDIT_ALERT = "audit.alert"
    AUDIT_ACKNOWLEDGE = "audit.acknowledge"
    BREAK_GLASS = "authorization.break_glass"
    KEY_REWRAP = "key.rewrap"
    RELAY_ENROL = "relay.enrol"
    SYSTEM_START = "system.start"
    SYSTEM_STOP = "system.stop"
    SYSTEM_BACKUP = "system.backup"
    SYSTEM_RESTORE = "system.restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One fact. ``actor``, ``object_id``, ``session`` and ``site`` are opaque ids; whatever names or addresses somebody
    belongs into ``details``."""

    action: Action
    at: datetime
    actor: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    outcome: Outcome = Outcome.SUCCESS
    session: str | None = None
    site: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry at its place; ``erased`` tells that its details are gone, not that there were none."""

    index: int
    entry: AuditEntry
    leaf_hash: bytes
    erased: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry ready for the log: the leaf's bytes, and beside it what the leaf only commits to."""

    leaf: bytes
    salt: bytes
    details: str
    at_ms: int


def seal(entry: AuditEntry) -> Sealed:
    """Encode an entry with a fresh salt. Raises EntryInvalid for what would not fit or not come back the same."""
    details = _encode_details(entry.details)
    salt = secrets.token_bytes(SALT_BYTES)
    at_ms = milliseconds(entry.at)
    body: dict[str, Detail] = {
        "action": entry.action.value,
        "actor": _checked(entry.actor),
        "at": at_ms,
        "commitment": commitment(salt, details),
        "object": _checked(entry.object_id),
        "outcome": entry.outcome.value,
        "session": _checked(entry.session),
        "site": _checked(entry.site),
        "type": _checked(entry.object_type),
        "v": LEAF_VERSION,
    }
    return Sealed(_utf8(canonical(body)), salt, details, at_ms)


def milliseconds(at: datetime) -> int:
    """Return whole milliseconds since 1970. Raises EntryInvalid for a time without a zone."""
    if at.tzinfo is None:
        raise EntryInvalid("An entry's time needs a zone.")
    return (at - _EPOCH) // _MILLISECOND


def canonical(fields: Mapping[str, Detail]) -> str:
    """Return a flat mapping with ASCII keys as canonical JSON (RFC 8785)."""
    return "{" + ",".join([f"{encode_basestring(key)}:{_literal(fields[key])}" for key in sorted(fields)]) + "}"


def _literal(value: Detail) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _LITERALS[value]
    return str(value)


def commitment(salt: bytes, details: str) -> str:
    """Return the hex SHA-256 by which a leaf commits to details."""
    return hashlib.sha256(salt + details.encode()).hexdigest()


def searchable(details: Mapping[str, Detail]) -> dict[str, str | None]:
    """Return what is searched for in an entry's details: the address it came from, and whom it is about."""
    return {
        "source": _short(details.get("address") or details.get("source"), 64),
        "person": _short(details.get("person"), MAX_ID),
    }


def _short(value: Detail, length: int) -> str | None:
    return value[:length] if isinstance(value, str) else None


def unseal(leaf: bytes, details: Mapping[str, Detail]) -> AuditEntry:
    """Decode a leaf; ``details`` are empty once they have been erased. Raises EntryInvalid for foreign bytes."""
    return _unsealed(leaf, details)[0]


def unseal_committed(leaf: bytes) -> tuple[AuditEntry, str]:
    """Decode a leaf without its details; return the entry and the commitment to them. Raises EntryInvalid."""
    return _unsealed(leaf, {})


def _unsealed(leaf: bytes, details: Mapping[str, Detail]) -> tuple[AuditEntry, str]:
    try:
        body = json.loads(leaf)
        made = AuditEntry(
            action=Action(body["action"]),
            at=_EPOCH + body["at"] * _MILLISECOND,
            actor=body["actor"],
            object_type=body["type"],
            object_id=body["object"],
            outcome=Outcome(body["outcome"]),
            session=body["session"],
            site=body["site"],
            details=details,
        )
        return made, str(body["commitment"])
    except (ValueError, KeyError, TypeError) as error:
        raise EntryInvalid("A leaf of the audit log cannot be read.") from error


def _encode_details(details: Mapping[str, Detail]) -> str:
    for key, value in details.items():
        # Floats and nesting have more than one spelling in JSON; keys are sorted by code point, RFC 8785 by UTF-16.
        if not key.isascii() or not isinstance(value, _DETAIL_TYPES) or _too_big(value):
            raise EntryInvalid(f"The detail {key!r} is neither text nor a whole number nor a truth value.")
    text = canonical(details)
    if len(_utf8(text)) > MAX_DETAILS:
        raise EntryInvalid("The details of an entry are too long.")
    return text


def _too_big(value: Detail) -> bool:
    return isinstance(value, int) and abs(value) > MAX_INTEGER


def _checked(value: str | None) -> str | None:
    if value is not None and len(value) > MAX_ID:
        raise EntryInvalid("An id in an entry is too long.")
    return value


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise EntryInvalid("Half a character (a lone surrogate) cannot be logged.") from error
