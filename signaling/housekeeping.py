"""What the hub does by itself: presence that ran out of grace, counts of failures, old rows, outgoing messages."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from auth import sessions, throttle
from auth.audit.entry import Action
from auth.audit.once import flush_failures, forget_views
from meetings import meeting_store, presence_store
from meetings.changes import ChangeKind
from meetings.lifecycle import ATTENDABLE
from signaling.audit_entries import entry
from signaling.live.keep_alive import reevaluate
from signaling.outbox import deliver
from signaling.services import Services
from signaling.store.transaction import Transaction

logger = logging.getLogger(__name__)
PRESENCE_EVERY_S = 5
MINUTE_S = 60
RIGHTS_EVERY_S = 10
DELIVER_EVERY_S = 2
CLOSED_EVERY_S = 1
KEEP_SESSIONS = timedelta(days=1)
KEEP_FAILURES = timedelta(days=2)


async def after_start(services: Services) -> None:
    """No socket is left from before a restart: whoever was connected has the grace time to come back."""

    def run(tx: Transaction) -> None:
        for meeting in meeting_store.meetings_in(tx.conn, ATTENDABLE):
            tx.changed(meeting.id, presence_store.lose_everyone(tx.conn, meeting.id, tx.now))

    await services.db.write(run)


@contextlib.asynccontextmanager
async def running(services: Services) -> AsyncIterator[None]:
    """Keep the house while the context lasts."""
    async with asyncio.TaskGroup() as tasks:
        running_tasks = [
            tasks.create_task(_every(PRESENCE_EVERY_S, lambda: _write(services, _expire_presence))),
            tasks.create_task(_every(MINUTE_S, lambda: _write(services, _tidy))),
            tasks.create_task(_every(RIGHTS_EVERY_S, lambda: reevaluate(services))),
            tasks.create_task(_every(DELIVER_EVERY_S, lambda: deliver(services))),
            tasks.create_task(_every(CLOSED_EVERY_S, lambda: record_closed(services))),
        ]
        try:
            yield
        finally:
            for task in running_tasks:
                task.cancel()


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            logger.exception("housekeeping failed")


async def _write(services: Services, work: Callable[[Services, Transaction], None]) -> None:
    await services.db.write(lambda tx: work(services, tx))


def _expire_presence(services: Services, tx: Transaction) -> None:
    grace = timedelta(seconds=services.settings.presence_grace_s)
    for meeting in meeting_store.meetings_in(tx.conn, ATTENDABLE):
        changes = presence_store.expire(tx.conn, meeting.id, grace, tx.now)
        tx.changed(meeting.id, changes)
        for gone in (one.id for one in changes if one.kind is ChangeKind.PRESENCE):
            tx.audit(entry(Action.PRESENCE_LEAVE, tx.now, None, "meeting", meeting.id, person=gone, reason="grace"))


async def record_closed(services: Services) -> None:
    """Log the media that ended without its page's asking: taken over, out of grace, removed or lost."""
    closed = services.rooms.take_closed()
    if not closed:
        return

    def run(tx: Transaction) -> None:
        for one in closed:
            who = {"person": one.owner_id, "endpoint": one.endpoint_id, "reason": one.reason}
            tx.audit(entry(Action.MEDIA_LEAVE, tx.now, None, "meeting", one.room_id, **who))

    try:
        await services.db.write(run)
    except Exception:
        services.rooms.put_back(closed)
        raise


def _tidy(services: Services, tx: Transaction) -> None:
    flush_failures(tx.conn, tx.log, tx.now)
    forget_views(tx.conn, tx.now - services.policy.absolute)
    sessions.forget_ended(tx.conn, tx.now - KEEP_SESSIONS)
    throttle.forget_failures(tx.conn, tx.now - KEEP_FAILURES)
