"""What handlers and commands work with; built once by ``app.create_app``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.log import AuditLog
from auth.errors import Denied
from auth.model import Subject
from auth.passwords import PasswordChecker
from auth.sessions import SessionPolicy
from certs.authority import Authority
from documents.store import BlobStore
from documents.worker import WorkerPool
from signaling.audit_entries import denial_entry
from signaling.fair_use import FairUse
from signaling.relays.registry import RelayRegistry
from signaling.settings import Settings
from signaling.store.database import Database
from signaling.store.transaction import Transaction

if TYPE_CHECKING:
    from documents.signer_keys import SignerKeys
    from signaling.live.rooms import Rooms
    from signaling.live.sockets import Sockets

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running hub."""

    settings: Settings
    policy: SessionPolicy
    db: Database
    log: AuditLog
    authority: Authority
    blobs: BlobStore
    signers: "SignerKeys"
    workers: WorkerPool
    passwords: PasswordChecker
    registry: RelayRegistry
    sockets: "Sockets"
    rooms: "Rooms"
    fair_use: FairUse = field(default_factory=FairUse)

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
