"""Second factors of a person: one authenticator app, and recovery codes for when it is lost.

Plain functions on a connection. A code is spent in the same transaction that lets somebody in, so that of two equal
ones exactly one counts; the replay table lies in the database and outlives a restart.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update

from auth import pending, recovery_codes, totp
from auth.errors import NoEnrolment, WrongCode
from auth.factor_tables import recovery_code, totp_enrolment, totp_factor, totp_used
from auth.model import PersonId
from auth.sealing import FactorSeal

ENROLMENT_LASTS = timedelta(minutes=30)


class Factor(StrEnum):
    """With what somebody proves who they are; logged with every sign-in and step-up."""

    PASSWORD = "password"  # noqa: S105 — the name of a factor
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has beside the password; ``totp_since`` is None without an authenticator."""

    totp_since: datetime | None
    recovery_codes_left: int


def factors_of(conn: Connection, person_id: PersonId) -> Factors:
    """Return a person's second factors."""
    since = select(totp_factor.c.enrolled_at).where(totp_factor.c.person_id == person_id)
    left = select(func.count()).where(recovery_code.c.person_id == person_id, recovery_code.c.used_at.is_(None))
    return Factors(conn.execute(since).scalar_one_or_none(), conn.execute(left).scalar_one())


def has_second_factor(conn: Connection, person_id: PersonId) -> bool:
    """Say whether a person has an authenticator."""
    return conn.execute(select(totp_factor.c.person_id).where(totp_factor.c.person_id == person_id)).first() is not None


def people_with_second_factor(conn: Connection) -> frozenset[PersonId]:
    """Return everybody who has an authenticator, for lists."""
    return frozenset(PersonId(one) for one in conn.execute(select(totp_factor.c.person_id)).scalars())


def reset_factors(conn: Connection, person_id: PersonId) -> None:
    """Take away everything but the password; harmless without any. The caller revokes the sessions and logs it."""
    pending.forget(conn, person_id)
    for table in (totp_factor, totp_enrolment, totp_used, recovery_code):
        conn.execute(delete(table).where(table.c.person_id == person_id))


def begin_enrolment(conn: Connection, seal: FactorSeal, person_id: PersonId, now: datetime) -> bytes:
    """Return a new secret that is not in force yet. An older enrolment is forgotten; a factor in force stays."""
    secret = totp.new_secret()
    conn.execute(delete(totp_enrolment).where(totp_enrolment.c.person_id == person_id))
    sealed = seal.seal(person_id, secret)
    conn.execute(insert(totp_enrolment).values(person_id=person_id, sealed_secret=sealed, begun_at=now))
    return secret


def confirm_enrolment(
    conn: Connection, seal: FactorSeal, person_id: PersonId, code: str, now: datetime, *, window: int = totp.WINDOW
) -> tuple[str, ...]:
    """Put the enrolled secret in force by its first code, which is spent by that, and return new recovery codes.

    An older authenticator and its recovery codes are void. Raises WrongCode, NoEnrolment.
    """
    row = conn.execute(select(totp_enrolment).where(totp_enrolment.c.person_id == person_id)).one_or_none()
    if row is None or now - row.begun_at >= ENROLMENT_LASTS:
        raise NoEnrolment
    secret = seal.open(person_id, row.sealed_secret)
    counter = totp.verify(secret, _digits(code), now, window)
    enrol(conn, seal, person_id, secret, now)
    _spend(conn, person_id, counter)
    return replace_recovery_codes(conn, person_id)


def enrol(conn: Connection, seal: FactorSeal, person_id: PersonId, secret: bytes, now: datetime) -> None:
    """Put a secret in force, instead of whatever was there."""
    reset_factors(conn, person_id)
    sealed = seal.seal(person_id, secret)
    conn.execute(insert(totp_factor).values(person_id=person_id, sealed_secret=sealed, enrolled_at=now))


def replace_recovery_codes(conn: Connection, person_id: PersonId) -> tuple[str, ...]:
    """Make ten new recovery codes and return them, which happens this once; all older ones are void."""
    codes = recovery_codes.new_codes()
    conn.execute(delete(recovery_code).where(recovery_code.c.person_id == person_id))
    rows = [{"person_id": person_id, "code_hash": _digest(person_id, code)} for code in codes]
    conn.execute(insert(recovery_code), rows)
    return codes


def use_code(
    conn: Connection, seal: FactorSeal, person_id: PersonId, text: str, now: datetime, *, window: int = totp.WINDOW
) -> Factor:
    """Spend a code of the authenticator or a recovery code and return which it was.

    Raises WrongCode for anything else, used ones and persons without a second factor included.
    """
    if not has_second_factor(conn, person_id):
        raise WrongCode
    recovery = recovery_codes.canonical(text)
    if recovery is not None:
        _spend_recovery_code(conn, person_id, recovery, now)
        return Factor.RECOVERY_CODE
    counter = totp.verify(secret_of(conn, seal, person_id), _digits(text), now, window)
    _spend(conn, person_id, counter)
    return Factor.TOTP


def secret_of(conn: Connection, seal: FactorSeal, person_id: PersonId) -> bytes:
    """Return the secret in force. Raises WrongCode where there is none."""
    query = select(totp_factor.c.sealed_secret).where(totp_factor.c.person_id == person_id)
    sealed = conn.execute(query).scalar_one_or_none()
    if sealed is None:
        raise WrongCode
    return seal.open(person_id, sealed)


def used_counters(conn: Connection, person_id: PersonId) -> frozenset[int]:
    """Return the steps of a person's authenticator that are spent, as far as they are still remembered."""
    return frozenset(conn.execute(select(totp_used.c.counter).where(totp_used.c.person_id == person_id)).scalars())


def forget_used(conn: Connection, before: datetime) -> int:
    """Forget spent steps and unfinished enrolments from before an instant when no code can be valid any more."""
    conn.execute(delete(totp_enrolment).where(totp_enrolment.c.begun_at < before))
    return conn.execute(delete(totp_used).where(totp_used.c.counter < totp.counter_at(before))).rowcount


def _digits(text: str) -> str:
    """Return a code without the spaces with which apps show it."""
    return "".join(text[:40].split())


def _spend(conn: Connection, person_id: PersonId, counter: int) -> None:
    if counter in used_counters(conn, person_id):
        raise WrongCode
    conn.execute(insert(totp_used).values(person_id=person_id, counter=counter))


def _spend_recovery_code(conn: Connection, person_id: PersonId, code: str, now: datetime) -> None:
    hashed = recovery_codes.digest(person_id, code)
    mine = (recovery_code.c.person_id == person_id) & (recovery_code.c.code_hash == hashed)
    spent = conn.execute(update(recovery_code).where(mine, recovery_code.c.used_at.is_(None)).values(used_at=now))
    if spent.rowcount != 1:
        raise WrongCode


def _digest(person_id: PersonId, code: str) -> bytes:
    return recovery_codes.digest(person_id, recovery_codes.canonical(code) or "")
