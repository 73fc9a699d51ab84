"""What the rules of :mod:`auth.audit.alerts` read: the entries since they last looked, and the minutes before those."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select

from auth.audit.alert_store import handled
from auth.audit.alerts import WATCHED, AlertPolicy, Signal, evaluate
from auth.audit.entry import LoggedEntry, Outcome
from auth.audit.query import entries_at, log_size, session_sources
from auth.audit.tables import audit_entry

MAX_NEW = 5_000  # watched entries in one go
MAX_EARLIER = 20_000

Networks = Mapping[str, Sequence[str]]  # site → its address ranges in CIDR notation


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules say, and from which entry they go on the next time."""

    signals: list[Signal]
    next_index: int


def read_on(conn: Connection, start: int, networks: Networks, policy: AlertPolicy) -> Reading:
    """Evaluate what was logged from ``start`` on. A signal without a new entry is not repeated."""
    size = log_size(conn)
    fresh = _watched_indexes(conn, start, size)
    if not fresh:
        return Reading([], size)
    entries = entries_at(conn, [*_earlier(conn, fresh[0], policy.longest), *fresh])
    since = entries[0].entry.at - timedelta(days=1)
    signals = evaluate(entries, _places(conn, entries, networks), handled(conn, since), policy)
    next_index = size if len(fresh) < MAX_NEW else fresh[-1] + 1
    return Reading([one for one in signals if one.occurrences[-1].index >= start], next_index)


def _watched_indexes(conn: Connection, start: int, size: int) -> list[int]:
    columns = audit_entry.c
    new = select(columns.entry_index).where(columns.entry_index >= start, columns.entry_index < size, _is_watched())
    return list(conn.execute(new.order_by(columns.entry_index).limit(MAX_NEW)).scalars())


def _earlier(conn: Connection, first: int, window: timedelta) -> list[int]:
    """Return the watched entries of the window before an entry, oldest first."""
    columns = audit_entry.c
    at = conn.execute(select(columns.at_ms).where(columns.entry_index == first)).scalar_one()
    since = at - window // timedelta(milliseconds=1)
    span = select(func.min(columns.entry_index), func.max(columns.entry_index))  # both: then the index of times is read
    low, _ = conn.execute(span.where(columns.at_ms.between(since, at))).one()
    before = select(columns.entry_index).where(columns.entry_index.between(low, first - 1), _is_watched())
    found = conn.execute(before.order_by(columns.entry_index.desc()).limit(MAX_EARLIER)).scalars()
    return sorted(found)


def _is_watched() -> ColumnElement[bool]:
    """An expression, not a column, so that SQLite walks the new entries instead of every act's index."""
    acts = (audit_entry.c.action + "").in_([action.value for action in WATCHED])
    return or_(acts, (audit_entry.c.outcome + "") == Outcome.DENIED.value)


def _places(conn: Connection, entries: Iterable[LoggedEntry], networks: Networks) -> dict[str, str]:
    """Return where the sessions of these entries began."""
    sources = session_sources(conn, {one.entry.session for one in entries if one.entry.session})
    return {session: place_of(source, networks) for session, source in sources.items()}


def place_of(address: str, networks: Networks) -> str:
    """Return the site to which an address belongs, else its network: /24 of IPv4, /48 of IPv6.

    Two devices on one floor are one place; what is no address stands for itself.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    for site, ranges in networks.items():
        if any(ip in ipaddress.ip_network(one) for one in ranges):
            return f"site:{site}"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
