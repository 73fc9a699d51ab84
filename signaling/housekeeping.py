"""What the hub does by itself: presence that ran out of grace, counts of failures, old rows, outgoing messages."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from auth import sessions, throttle
from auth.audit.once import flush_failures, forget_views
from meetings import meeting_store, presence_store
from meetings.lifecycle import ATTENDABLE
from signaling.live.keep_alive import reevaluate
from signaling.outbox import deliver
from signaling.services import Services
from signaling.store.transaction import Transaction

logger = logging.getLogger(__name__)
PRESENCE_EVERY_S = 5
MINUTE_S = 60
RIGHTS_EVERY_S = 10
DELIVER_EVERY_S = 2
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
        tx.changed(meeting.id, presence_store.expire(tx.conn, meeting.id, grace, tx.now))


def _tidy(services: Services, tx: Transaction) -> None:
    flush_failures(tx.conn, tx.log, tx.now)
    forget_views(tx.conn, tx.now - services.policy.absolute)
    sessions.forget_ended(tx.conn, tx.now - KEEP_SESSIONS)
    throttle.forget_failures(tx.conn, tx.now - KEEP_FAILURES)
