"""The page of one's own account: sessions, password, second factor."""

from signaling.wire.base import Id, Timestamp, Wire
from signaling.wire.identity import Code, Password


class OwnSession(Wire):
    """``site_name`` is null where the address belongs to no site of the organisation."""

    id: Id
    current: bool
    created_at: Timestamp
    last_seen_at: Timestamp
    address: str
    site_name: str | None
    user_agent: str


class Account(Wire):
    """``enforced``: the person's duties demand a second factor, so it can be replaced and not removed."""

    sessions: list[OwnSession]
    authenticator_since: Timestamp | None
    enforced: bool
    recovery_codes_left: int
    passwords_barred: int


class NewPassword(Wire):
    current: Password
    next: Password


class Enrolment(Wire):
    """A secret that comes into force with its first code. ``qr`` are the rows of the code, ``1`` is dark."""

    secret: str
    uri: str
    qr: list[str]


class FirstCode(Wire):
    code: Code


class RecoveryCodes(Wire):
    """Shown this once."""

    codes: list[str]
