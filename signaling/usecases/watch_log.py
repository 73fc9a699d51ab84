"""The hub reads its own log: what the rules find becomes an alert, and officers are told once."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from auth.audit.alert_store import Alert, latest_alert, raise_alert, remember_watched, watched_until
from auth.audit.alerts import AlertPolicy, Occurrence, Rule, Signal
from auth.audit.entry import Action
from auth.audit.watch import Networks, Reading, read_on
from auth.directory import list_people, list_sites
from auth.model import OrgRole
from signaling.audit_entries import entry
from signaling.services import Services
from signaling.store.transaction import Transaction

SAVE_EVERY = 1_000  # entries read without a finding until the place is written down
LEAST_FREE_PERCENT = 10
REMIND_AFTER = timedelta(days=1)


class LogWatch:
    """Follows the log from where it left off, also after a restart."""

    def __init__(self, services: Services, policy: AlertPolicy) -> None:
        self._services = services
        self._policy = policy
        self._first = max(0, services.log.size - 1)  # from where a log is watched that nobody has watched yet
        self._next: int | None = None
        self._saved = 0

    async def step(self) -> None:
        """Read what was logged since the last step."""
        start = await self._start()
        if self._services.log.size == start:
            return
        reading = await self._services.db.read(lambda conn: self._read(conn, start))
        if reading.signals or reading.next_index - self._saved >= SAVE_EVERY:
            await self._services.db.write(lambda tx: self._keep(tx, reading))
            self._saved = reading.next_index
        self._next = reading.next_index

    async def _start(self) -> int:
        if self._next is None:
            known = await self._services.db.read(watched_until)
            self._next = self._saved = await self._services.db.write(self._begin) if known is None else known
        return self._next

    def _begin(self, tx: Transaction) -> int:
        remember_watched(tx.conn, self._first)
        return self._first

    def _read(self, conn: Connection, start: int) -> Reading:
        return read_on(conn, start, _networks(conn), self._policy)

    def _keep(self, tx: Transaction, reading: Reading) -> None:
        for signal in reading.signals:
            call_officers(tx, signal)
        remember_watched(tx.conn, reading.next_index)


def _networks(conn: Connection) -> Networks:
    return {site.id: site.address_ranges for site in list_sites(conn)}


def call_officers(tx: Transaction, signal: Signal) -> Alert | None:
    """Record a signal. Officers get one message for each new alert, however often it repeats."""
    alert = raise_alert(tx.conn, signal)
    if alert is None:
        return None
    tx.audit(entry(Action.AUDIT_ALERT, tx.now, None, "alert", alert.id, rule=alert.rule.value, about=alert.about))
    for person in list_people(tx.conn):
        if OrgRole.SECURITY_OFFICER in person.roles:
            tx.post("alert", person.id, {"rule": alert.rule.value, "alert": alert.id})
    return alert


async def watch_storage(services: Services) -> None:
    """Call officers while the disk of the data folder is nearly full; daily again after they have acknowledged it."""
    if await asyncio.to_thread(_free_percent, services.settings.data) < LEAST_FREE_PERCENT:
        await services.db.write(_storage_low)


def _free_percent(folder: Path) -> float:
    """Blocking."""
    usage = shutil.disk_usage(folder)
    return 100 * usage.free / usage.total


def _storage_low(tx: Transaction) -> None:
    known = latest_alert(tx.conn, Rule.STORAGE_LOW, "storage")
    if known and known.acknowledged_at and tx.now - known.acknowledged_at < REMIND_AFTER:
        return
    call_officers(tx, Signal(Rule.STORAGE_LOW, "storage", (Occurrence(max(0, tx.log.size - 1), tx.now),)))
