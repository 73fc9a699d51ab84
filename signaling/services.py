"""What handlers and commands work with; built once by ``app.create_app``."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from sqlalchemy import Connection

from auth import totp
from auth.audit.log import AuditLog
from auth.errors import Denied
from auth.model import Subject
from auth.passwords import PasswordChecker
from auth.sealing import FactorSeal
from auth.session_policy import SessionPolicy
from auth.throttle import THROTTLE_POLICIES, ThrottlePolicy
from certs.authority import Authority
from documents.store import BlobStore
from documents.worker import WorkerPool
from signaling.audit_entries import denial_entry
from signaling.fair_use import FairUse
from signaling.in_checking import InChecking
from signaling.live.probes import Probes
from signaling.metrics.counters import HubCounters
from signaling.projection.roster import Rosters
from signaling.recording.vault import RecordingVault
from signaling.relays.registry import RelayRegistry
from signaling.relays.turn import TurnServers
from signaling.settings import Settings
from signaling.store.database import Database
from signaling.store.transaction import Transaction
from signaling.usecases.check_log import LogChecks

if TYPE_CHECKING:
    from documents.signer_keys import SignerKeys
    from signaling.live.rooms import Rooms
    from signaling.live.sockets import Sockets

T = TypeVar("T")
DEMO_WINDOW = 10  # steps: whoever tries the demo in several windows needs more codes than time brings


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running hub."""

    settings: Settings
    policy: SessionPolicy
    db: Database
    log: AuditLog
    authority: Authority
    blobs: BlobStore
    vault: RecordingVault
    signers: "SignerKeys"
    workers: WorkerPool
    passwords: PasswordChecker
    factor_seal: FactorSeal
    registry: RelayRegistry
    sockets: "Sockets"
    rooms: "Rooms"
    counters: HubCounters = field(default_factory=HubCounters)
    fair_use: FairUse = field(default_factory=FairUse)
    log_checks: LogChecks = field(default_factory=LogChecks)
    rosters: Rosters = field(default_factory=Rosters)
    probes: Probes = field(default_factory=Probes)
    turn: TurnServers = field(default_factory=TurnServers)
    in_checking: InChecking = field(default_factory=InChecking)
    recording_wake: asyncio.Event = field(default_factory=asyncio.Event)  # there is something to do for recordings
    mailing: asyncio.Lock = field(default_factory=asyncio.Lock)  # held by whoever empties the outbox

    @property
    def throttle(self) -> ThrottlePolicy:
        """How failed sign-ins are slowed down."""
        return THROTTLE_POLICIES[self.settings.session_policy]

    @property
    def code_window(self) -> int:
        """How many steps before and after now a one-time code may be from."""
        return DEMO_WINDOW if self.settings.demo else totp.WINDOW

    async def read(self, subject: Subject | None, run: Callable[[Connection, datetime], T]) -> T:
        """Read in one consistent view; a denial is recorded although nothing was to be written."""
        now = self.db.clock.now()
        try:
            return await self.db.read(lambda conn: run(conn, now))
        except Denied as denied:
            found = denied

            def record(tx: Transaction) -> None:
                tx.audit(denial_entry(subject, found, tx.now))

            await self.db.write(record, subject)
            raise

    async def write(self, subject: Subject | None, run: Callable[[Transaction], T]) -> T:
        """Run a unit of work for a subject."""
        return await self.db.write(run, subject)


SERVICES = web.AppKey("services", Services)
