"""What the hub does by itself: presence that ran out of grace, counts of failures, old rows, outgoing messages."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from auth import factors, pending, sessions, throttle, welcome
from auth.audit.alerts import AlertPolicy, parse_office_hours
from auth.audit.entry import Action, Detail
from auth.audit.once import flush_failures, forget_views
from auth.audit.query import erase_details
from meetings import chat_store, meeting_store, presence_store
from meetings.changes import ChangeKind
from meetings.lifecycle import ATTENDABLE, OVER
from signaling.audit_entries import entry
from signaling.backup import notices
from signaling.live.keep_alive import reevaluate
from signaling.outbox import deliver
from signaling.recording.keeper import expire
from signaling.services import Services
from signaling.store.streams import blank_chat, last_event_at
from signaling.store.transaction import Transaction, meeting_stream
from signaling.usecases.reminders import remind
from signaling.usecases.watch_log import LogWatch, watch_storage

logger = logging.getLogger(__name__)
PRESENCE_EVERY_S = 5
MINUTE_S = 60
RIGHTS_EVERY_S = 10
ERASE_EVERY_S = 3600
DELIVER_EVERY_S = 2
CLOSED_EVERY_S = 1
NOTICES_EVERY_S = 10
WATCH_EVERY_S = 3
ERASE_AT_ONCE = 5_000  # details in one unit of work: others do not wait long for it
KEEP_SESSIONS = timedelta(days=1)
KEEP_FAILURES = timedelta(days=2)
KEEP_CODES = timedelta(hours=1)


async def after_start(services: Services) -> None:
    """No socket is left from before a restart: whoever was connected has the grace time to come back."""

    def run(tx: Transaction) -> None:
        for meeting in meeting_store.meetings_in(tx.conn, ATTENDABLE):
            tx.changed(meeting.id, presence_store.lose_everyone(tx.conn, meeting.id, tx.now))

    await services.db.write(run)


@contextlib.asynccontextmanager
async def running(services: Services) -> AsyncIterator[None]:
    """Keep the house while the context lasts."""
    watch = LogWatch(services, AlertPolicy(office_hours=parse_office_hours(services.settings.office_hours)))
    async with asyncio.TaskGroup() as tasks:
        running_tasks = [
            tasks.create_task(_every(PRESENCE_EVERY_S, lambda: _write(services, _expire_presence))),
            tasks.create_task(_every(MINUTE_S, lambda: _write(services, _tidy))),
            tasks.create_task(_every(RIGHTS_EVERY_S, lambda: reevaluate(services))),
            tasks.create_task(_every(ERASE_EVERY_S, lambda: _write(services, erase_chats))),
            tasks.create_task(_every(ERASE_EVERY_S, lambda: _write(services, expire))),
            tasks.create_task(_every(MINUTE_S, lambda: _write(services, _remind))),
            tasks.create_task(_every(DELIVER_EVERY_S, lambda: deliver(services))),
            tasks.create_task(_every(CLOSED_EVERY_S, lambda: record_closed(services))),
            tasks.create_task(_every(WATCH_EVERY_S, watch.step)),
            tasks.create_task(_every(MINUTE_S, lambda: watch_storage(services))),
            tasks.create_task(_every(ERASE_EVERY_S, lambda: erase_old_details(services))),
            tasks.create_task(_every(NOTICES_EVERY_S, lambda: record_backups(services))),
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


def erase_chats(services: Services, tx: Transaction) -> None:
    """Erase the chat of meetings that have been over for good for longer than the rule says."""
    before = tx.now - timedelta(days=services.settings.chat_retention_days)
    for meeting_id in chat_store.meetings_with_chat(tx.conn):
        stream = meeting_stream(meeting_id)
        if meeting_store.load_meeting(tx.conn, meeting_id).state not in OVER:
            continue
        ended = last_event_at(tx.conn, stream)  # nothing happens in a meeting after that
        if ended is None or ended > before:
            continue
        blank_chat(tx.conn, stream)
        tx.changed(meeting_id, chat_store.clear(tx.conn, meeting_id))
        tx.audit(entry(Action.CHAT_ERASE, tx.now, None, "meeting", meeting_id))


async def erase_old_details(services: Services) -> None:
    """Erase the details of log entries that are older than the rule says, piece by piece; the leaves stay."""
    days = services.settings.audit_details_days
    if not days:
        return

    def run(tx: Transaction) -> int:
        before = tx.now - timedelta(days=days)
        erased = erase_details(tx.conn, before, ERASE_AT_ONCE)
        if erased:
            told: dict[str, Detail] = {"count": erased, "before": before.isoformat(timespec="seconds"), "days": days}
            tx.audit(entry(Action.AUDIT_ERASE, tx.now, None, "log", None, **told))
        return erased

    while await services.db.write(run) == ERASE_AT_ONCE:
        logger.info("erased the details of %d log entries", ERASE_AT_ONCE)


async def record_backups(services: Services) -> None:
    """Log the backups that were made beside us."""
    found = await asyncio.to_thread(notices.waiting, services.settings.data)

    def run(tx: Transaction) -> None:
        for notice in found:
            tx.audit(entry(Action.SYSTEM_BACKUP, tx.now, None, "backup", notice.name, **notice.details))

    if found:
        await services.db.write(run)
        await asyncio.to_thread(notices.forget, found)


def _remind(services: Services, tx: Transaction) -> None:
    remind(tx, timedelta(hours=services.settings.reminder_hours))


def _tidy(services: Services, tx: Transaction) -> None:
    flush_failures(tx.conn, tx.log, tx.now)
    forget_views(tx.conn, tx.now - services.policy.absolute)
    sessions.forget_ended(tx.conn, tx.now - KEEP_SESSIONS)
    throttle.forget_failures(tx.conn, tx.now - KEEP_FAILURES)
    pending.forget_expired(tx.conn, tx.now)
    welcome.forget_links(tx.conn, tx.now)
    factors.forget_used(tx.conn, tx.now - KEEP_CODES)
