"""What the hub is asked about itself when its figures are fetched."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Connection, func, select

from signaling.services import Services
from signaling.store.tables import outbox
from signaling.version import VERSION


@dataclass(frozen=True, slots=True)
class Stored:
    """What only a look at database and disk can tell."""

    letters_waiting: int
    letters_failed: int
    free_bytes: int
    total_bytes: int


async def look(services: Services) -> tuple[int, int]:
    """Return how many letters wait to be sent, and how many were given up."""

    def run(conn: Connection) -> tuple[int, int]:
        unsent = outbox.c.delivered_at.is_(None)
        waiting = select(func.count()).where(unsent, outbox.c.failed_at.is_(None))
        failed = select(func.count()).where(unsent, outbox.c.failed_at.is_not(None))
        return conn.execute(waiting).scalar_one(), conn.execute(failed).scalar_one()

    return await services.db.read(run)


def disk(data: Path) -> tuple[int, int]:
    """Blocking: return the free and all bytes of the file system that holds the data."""
    usage = shutil.disk_usage(data)
    return usage.free, usage.total


def hub_metrics(services: Services, stored: Stored) -> Iterator[Metric]:
    """The state of the hub at this moment."""
    version = GaugeMetricFamily("plenum_build_info", "Always 1; the label tells what runs.", labels=["version"])
    version.add_metric([VERSION], 1)
    yield version
    yield _gauge("plenum_sockets", "Signed-in sockets.", len(services.sockets.everybody()))
    yield _gauge("plenum_rooms", "Rooms with live media.", services.rooms.count)
    yield _gauge("plenum_endpoints", "Pages and halls that are in a room's media.", services.rooms.endpoint_count)
    yield _gauge("plenum_spread_rooms", "Rooms with live media on several relays.", services.rooms.spread_count)
    pipes = GaugeMetricFamily("plenum_pipes", "Ways of rooms from relay to relay, by state.", labels=["state"])
    for state, count in services.rooms.pipe_states().items():
        pipes.add_metric([state], count)
    yield pipes
    yield CounterMetricFamily("plenum_audit_entries", "Entries of the audit log.", value=services.log.size)
    yield from _verification(services.log_checks.finished_at, services.log_checks.passed)
    yield _gauge("plenum_letters_waiting", "Letters that are to be sent.", stored.letters_waiting)
    yield _gauge("plenum_letters_failed", "Letters that were given up.", stored.letters_failed)
    yield _gauge("plenum_data_free_bytes", "Free space where the data lies.", stored.free_bytes)
    yield _gauge("plenum_data_size_bytes", "Size of that file system.", stored.total_bytes)


def _verification(finished_at: datetime | None, passed: bool) -> Iterator[Metric]:
    at = finished_at.timestamp() if finished_at is not None else 0
    yield _gauge(
        "plenum_audit_verified_timestamp_seconds",
        "When the whole log was last verified while this hub runs; 0: not yet.",
        at,
    )
    yield _gauge("plenum_audit_verification_passed", "1 unless the last verification found a changed log.", passed)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
