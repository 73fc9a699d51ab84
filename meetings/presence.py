"""The presence ledger: stays of people, from which attendance at any instant follows.

A lost connection is not a departure. It is noted, and only after a grace time without return does it end the stay, at
the moment the grace ran out: until then the person was counted, and the ledger says what was shown. A stay recorded by
roll call does not hang on a connection and ends by departure, roll call or adjournment alone.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from auth.model import PersonId, SiteId
from meetings.model import PresenceHow, PresenceMode
from meetings.records import PresenceInterval

_WEIGHT: Final = {PresenceHow.CONNECTED: 0, PresenceHow.CHECKED_IN: 1, PresenceHow.ROLL_CALL: 2}


def rejoin(interval: PresenceInterval, wanted: PresenceInterval) -> PresenceInterval:
    """Return a lasting stay as it is after its person arrived once more, as described by ``wanted``.

    The stay goes on where the person was; somewhere else it becomes ``wanted``, a new one. A weaker record never
    replaces a stronger: who was called present in person is not made remote by a tablet, it only tells the endpoint.
    """
    how = max(interval.how, wanted.how, key=_WEIGHT.__getitem__)
    if _WEIGHT[wanted.how] < _WEIGHT[PresenceHow.ROLL_CALL] == _WEIGHT[interval.how]:
        wanted = replace(wanted, mode=interval.mode, site_id=wanted.site_id or interval.site_id)
    if place(interval) == place(wanted):
        return replace(interval, how=how, lost_at=None)
    return replace(wanted, how=how)


def place(interval: PresenceInterval) -> tuple[PresenceMode, SiteId | None, str | None]:
    """Return where and how somebody attends."""
    return interval.mode, interval.site_id, interval.endpoint_id


def lose(interval: PresenceInterval, now: datetime) -> PresenceInterval:
    """Note that the connection of a stay went away; the first loss counts."""
    if interval.how is PresenceHow.ROLL_CALL or interval.left_at is not None or interval.lost_at is not None:
        return interval
    return replace(interval, lost_at=now)


def end(interval: PresenceInterval, now: datetime) -> PresenceInterval:
    """End a stay at ``now``, never before it began."""
    if interval.left_at is not None:
        return interval
    return replace(interval, left_at=max(now, interval.arrived_at), lost_at=None)


def expire(interval: PresenceInterval, grace: timedelta, now: datetime) -> PresenceInterval:
    """End a stay whose connection has been away for longer than the grace time."""
    if interval.lost_at is None or now < interval.lost_at + grace:
        return interval
    return end(interval, interval.lost_at + grace)


def covers(interval: PresenceInterval, instant: datetime) -> bool:
    """Say whether a stay includes an instant; it includes its beginning and not its end."""
    return interval.arrived_at <= instant and (interval.left_at is None or instant < interval.left_at)


def present_at(intervals: Iterable[PresenceInterval], instant: datetime) -> frozenset[PersonId]:
    """Return who was present at an instant."""
    return frozenset(interval.person_id for interval in intervals if covers(interval, instant))


def present_between(intervals: Iterable[PresenceInterval], begin: datetime, finish: datetime) -> frozenset[PersonId]:
    """Return who was present at some moment of a period, such as the discussion of an item."""
    return frozenset(
        interval.person_id
        for interval in intervals
        if interval.arrived_at <= finish and (interval.left_at is None or interval.left_at > begin)
    )
