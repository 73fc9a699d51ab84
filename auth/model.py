"""The words of identity: ids, labels, roles, and the subject of a decision."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
UnitId = NewType("UnitId", str)
SiteId = NewType("SiteId", str)
SessionId = NewType("SessionId", str)


def opaque_id() -> str:
    """Return a new random identifier: 20 characters of ``[a-z0-9]`` (80 bits), safe in URLs, file names and logs."""
    return secrets.token_hex(10)


class Label(IntEnum):
    """Classification of a meeting or document, and clearance of a person; higher contains lower."""

    PUBLIC = 0
    INTERNAL = 1
    RESTRICTED = 2
    CONFIDENTIAL = 3
    SECRET = 4
    TOP_SECRET = 5


class OrgRole(StrEnum):
    """What somebody is in the organisation, independent of any meeting."""

    MEMBER = "member"
    SECRETARY = "secretary"
    SECURITY_OFFICER = "security_officer"
    ADMINISTRATOR = "administrator"
    ROOM = "room"  # a hall's camera and screen: no person, no vote


class MeetingRole(StrEnum):
    """What somebody is in one meeting."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"
    OBSERVER = "observer"
    GUEST = "guest"
    PRESENTER = "presenter"
    TECHNICIAN = "technician"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks: a signed-in person or room, with what the directory says of it at this moment.

    ``second_factor``: has one; ``leads``: is chair or secretary of a meeting that is not over.
    """

    person_id: PersonId
    session_id: SessionId
    roles: frozenset[OrgRole]
    clearance: Label
    unit_id: UnitId | None
    site_id: SiteId | None
    stepped_up_until: datetime | None = None
    stepped_up_with: str = ""  # the factor
    compartments: frozenset[str] = field(default_factory=frozenset)
    second_factor: bool = False
    leads: bool = False
