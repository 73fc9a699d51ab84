"""Sign-in, the signed-in person, and the directory."""

from typing import Annotated

from pydantic import StringConstraints

from auth.model import OrgRole
from signaling.wire.base import Id, Line, Timestamp, Wire

Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SignIn(Wire):
    username: Line
    password: Password


class StepUp(Wire):
    """A fresh proof of presence before signing, convening and reading the audit log."""

    password: Password


class SiteInfo(Wire):
    id: Id
    name: str


class UnitInfo(Wire):
    id: Id
    name: str


class Me(Wire):
    """The signed-in person or room."""

    person_id: Id
    name: str
    title: str
    roles: list[OrgRole]
    clearance: int
    unit: UnitInfo | None
    site: SiteInfo | None
    locale: str
    stepped_up_until: Timestamp | None
    server_time: Timestamp


class PersonInfo(Wire):
    id: Id
    name: str
    title: str
    unit_id: Id | None
    site_id: Id | None
    roles: list[OrgRole]


class Directory(Wire):
    people: list[PersonInfo]
    units: list[UnitInfo]
    sites: list[SiteInfo]
    label_ceiling: int
