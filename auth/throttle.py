"""Growing delays after failed sign-ins, per account *and* source: a stranger must not be able to lock out the chair.

An attempt is counted as a failure before the password is checked and forgotten when it succeeds, so that a hundred
parallel guesses count as a hundred. Accounts that exist have a count of their own, whatever else a source has tried.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from auth.directory import canonical_username
from auth.errors import Throttled, UsernameInvalid
from auth.model import PersonId
from auth.tables import login_failure, person

MAX_ACCOUNTS_PER_SOURCE = 200  # rows; beyond, the source is guessing names and its new unknown ones share one count
# Counts that belong to no single name; no user name has a space.
ANY_ACCOUNT = "any unknown"
INVALID_NAME = "not a name"
STEP_UP = "step-up "
CODE = "code "
ANY_SOURCE = "any"
WELCOME = "welcome link"


@dataclass(frozen=True, slots=True)
class ThrottlePolicy:
    """From ``free`` failures on the delay doubles, from ``first`` to ``longest``; after ``forget`` all is forgotten."""

    free: int = 5
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=15)
    forget: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt: the row that it counts in, and how many came before it in a row."""

    account: str
    source: str
    before: int


DEFAULT_THROTTLE = ThrottlePolicy()
SHORT_THROTTLE = ThrottlePolicy(free=20, longest=timedelta(minutes=1))
THROTTLE_POLICIES = {"default": DEFAULT_THROTTLE, "vn-l3": ThrottlePolicy(longest=timedelta(hours=12))}


def delay(failures: int, since: timedelta, policy: ThrottlePolicy = DEFAULT_THROTTLE) -> timedelta:
    """Return how much longer to wait after ``failures`` in a row, the last of them ``since`` ago."""
    if failures < policy.free or since >= policy.forget:
        return timedelta(0)
    doublings: int = min(failures - policy.free, 30)
    whole = min(policy.first * (1 << doublings), policy.longest)
    return max(timedelta(0), whole - max(since, timedelta(0)))


def source_key(address: str) -> str:
    """Return what counts as one source: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)


def begin_attempt(
    conn: Connection, username: str, address: str, now: datetime, policy: ThrottlePolicy = DEFAULT_THROTTLE
) -> Attempt:
    """Count an attempt to sign in before its password is checked.

    ``username`` is the name as it was given, known or not. Raises Throttled, which does not count.
    """
    source = source_key(address)
    return _begin(conn, _account_key(conn, username, source), source, now, policy)


def begin_step_up(
    conn: Connection, person_id: PersonId, address: str, now: datetime, policy: ThrottlePolicy = DEFAULT_THROTTLE
) -> Attempt:
    """Count an attempt to step up like one to sign in, in a count that nobody but the person's sessions can raise."""
    return _begin(conn, STEP_UP + person_id, source_key(address), now, policy)


def begin_welcome(conn: Connection, address: str, now: datetime) -> Attempt:
    """Count an attempt to use a welcome link, whichever it is. Raises Throttled.

    A token cannot be guessed, and behind one address may be a whole site of new accounts: the delay stays at a minute.
    """
    return _begin(conn, WELCOME, source_key(address), now, SHORT_THROTTLE)


def begin_code(conn: Connection, person_id: PersonId, now: datetime) -> Attempt:
    """Count a code for a person whatever its source: six digits are few, for somebody with many addresses. Throttled.

    Only who gave the right password comes this far. The delay stays at a minute, so that the owner is never kept out.
    """
    return _begin(conn, CODE + person_id, ANY_SOURCE, now, SHORT_THROTTLE)


def _begin(conn: Connection, account: str, source: str, now: datetime, policy: ThrottlePolicy) -> Attempt:
    mine = _row(account, source)
    row = conn.execute(select(login_failure).where(mine)).one_or_none()
    if row is None:
        conn.execute(insert(login_failure).values(account=account, source=source, failures=1, last_at=now))
        return Attempt(account, source, 0)
    since = now - row.last_at
    wait = delay(row.failures, since, policy)
    if wait:
        raise Throttled(wait)
    before: int = 0 if since >= policy.forget else row.failures
    conn.execute(update(login_failure).where(mine).values(failures=before + 1, last_at=now))
    return Attempt(account, source, before)


def take_back(conn: Connection, attempt: Attempt) -> None:
    """Uncount an attempt whose password was never checked."""
    mine = _row(attempt.account, attempt.source)
    conn.execute(
        update(login_failure).where(mine, login_failure.c.failures > 0).values(failures=login_failure.c.failures - 1)
    )


def succeed(conn: Connection, attempt: Attempt) -> None:
    """Forget the failures of the attempt's account from its source: the password was right."""
    conn.execute(delete(login_failure).where(_row(attempt.account, attempt.source)))


def forget_failures(conn: Connection, before: datetime) -> int:
    """Erase what is older than ``before``; return how many rows."""
    return conn.execute(delete(login_failure).where(login_failure.c.last_at < before)).rowcount


def _row(account: str, source: str) -> ColumnElement[bool]:
    return (login_failure.c.account == account) & (login_failure.c.source == source)


def _account_key(conn: Connection, username: str, source: str) -> str:
    """Return in which count a name's attempts go: one for all spellings under which the directory finds it."""
    try:
        name = canonical_username(username)
    except UsernameInvalid:
        return INVALID_NAME
    exists = conn.execute(select(person.c.id).where(person.c.username == name)).first()
    if exists or conn.execute(select(login_failure.c.account).where(_row(name, source))).first():
        return name
    of_source = select(func.count()).select_from(login_failure).where(login_failure.c.source == source)
    return name if conn.execute(of_source).scalar_one() < MAX_ACCOUNTS_PER_SOURCE else ANY_ACCOUNT
