"""Growing delays after failed sign-ins, per account *and* source: a stranger must not be able to lock out the chair.

An attempt is counted as a failure before the password is checked and forgotten when it succeeds, so that a hundred
parallel guesses count as a hundred.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from auth.errors import Throttled
from auth.tables import login_failure

MAX_ACCOUNTS_PER_SOURCE = 200  # rows; beyond, the source is guessing names and its new ones share one count
ANY_ACCOUNT = "*"


@dataclass(frozen=True, slots=True)
class ThrottlePolicy:
    """From ``free`` failures on the delay doubles, from ``first`` to ``longest``; after ``forget`` all is forgotten."""

    free: int = 5
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=15)
    forget: timedelta = timedelta(hours=24)


DEFAULT_THROTTLE = ThrottlePolicy()
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
    conn: Connection, account: str, address: str, now: datetime, policy: ThrottlePolicy = DEFAULT_THROTTLE
) -> int:
    """Count an attempt before its password is checked; return how many came before it in a row.

    ``account`` is the name as it was given, known or not. Raises Throttled, which does not count.
    """
    source = source_key(address)
    name = _account_key(conn, account, source)
    mine = (login_failure.c.account == name) & (login_failure.c.source == source)
    row = conn.execute(select(login_failure).where(mine)).one_or_none()
    if row is None:
        conn.execute(insert(login_failure).values(account=name, source=source, failures=1, last_at=now))
        return 0
    since = now - row.last_at
    wait = delay(row.failures, since, policy)
    if wait:
        raise Throttled(wait)
    before: int = 0 if since >= policy.forget else row.failures
    conn.execute(update(login_failure).where(mine).values(failures=before + 1, last_at=now))
    return before


def take_back(conn: Connection, account: str, address: str) -> None:
    """Uncount an attempt whose password was never checked."""
    mine = (login_failure.c.account == _shortened(account)) & (login_failure.c.source == source_key(address))
    conn.execute(
        update(login_failure).where(mine, login_failure.c.failures > 0).values(failures=login_failure.c.failures - 1)
    )


def succeed(conn: Connection, account: str, address: str) -> None:
    """Forget the failures of an account from this source after a successful sign-in."""
    conn.execute(
        delete(login_failure).where(
            login_failure.c.account == _shortened(account), login_failure.c.source == source_key(address)
        )
    )


def forget_failures(conn: Connection, before: datetime) -> int:
    """Erase what is older than ``before``; return how many rows."""
    return conn.execute(delete(login_failure).where(login_failure.c.last_at < before)).rowcount


def _account_key(conn: Connection, account: str, source: str) -> str:
    name = _shortened(account)
    of_source = login_failure.c.source == source
    known = conn.execute(select(func.count()).where(of_source, login_failure.c.account == name)).scalar_one()
    if known:
        return name
    rows = conn.execute(select(func.count()).select_from(login_failure).where(of_source)).scalar_one()
    return name if rows < MAX_ACCOUNTS_PER_SOURCE else ANY_ACCOUNT


def _shortened(account: str) -> str:
    return account[:256].strip().casefold()[:64].encode(errors="replace").decode()
