"""Sign-in, the signed-in person, and the directory."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from auth.model import OrgRole
from signaling.wire.base import Id, Line, Timestamp, Wire

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SignIn(Wire):
    username: Line
    password: Password


class SignInCode(Wire):
    """The second step of signing in: a code of the authenticator, or a recovery code."""

    code: Code


class StepUp(Wire):
    """A fresh proof of presence before signing, convening and reading the audit log.

    The password of somebody without a second factor, else a code of the authenticator or a recovery code.
    """

    password: Password | None = None
    code: Code | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.password is None) == (self.code is None):
            raise ValueError("send either the password or a code")
        return self


class SecondFactor(StrEnum):
    """``missing``: somebody's duties demand one; until it is set up nothing else is open."""

    ENROLLED = "enrolled"
    MISSING = "missing"
    NONE = "none"


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
    second_factor: SecondFactor
    server_time: Timestamp


class SignInAnswer(Wire):
    """``me`` is null while a code is still to come. ``recovery_codes_left``: one was used just now."""

    me: Me | None
    recovery_codes_left: int | None


class DemoAccount(Wire):
    username: str
    name: str
    title: str
    roles: list[OrgRole]


class Demo(Wire):
    """Only where the hub runs as a demo: who can be tried, all with the same password."""

    password: str
    accounts: list[DemoAccount]


class Entrance(Wire):
    """What the sign-in page shows before anybody is known."""

    organisation: str
    demo: Demo | None


class DemoCode(Wire):
    """A code that is still good, for an account of the demo."""

    code: str


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
