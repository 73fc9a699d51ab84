"""Administrators' view of the deployment: policies as they are set, certificates, relays, storage, counts."""

import asyncio
import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from sqlalchemy import Connection

from auth.account_search import AccountQuery, AccountState, count_states, search_accounts
from auth.password_history import BARRED
from auth.passwords import MIN_LENGTH
from auth.permissions import Permission
from auth.places import load_places
from certs.authority import Authority
from signaling.backup import files
from signaling.http.route import Call, Route
from signaling.services import Services
from signaling.settings import variable
from signaling.version import VERSION
from signaling.wire import administration as wire
from signaling.wire.base import Wire


async def operations(call: Call[Wire]) -> wire.Operations:
    """Return the state of the deployment."""
    services = call.services
    certificates, storage = await asyncio.to_thread(_files, services)
    return wire.Operations(
        version=VERSION,
        policies=policies(services),
        certificates=certificates,
        relays=[
            wire.RelayInfo(id=link.id, connected=link.connected, transports=link.load)
            for link in services.registry.links
        ],
        storage=storage,
    )


def policies(services: Services) -> list[wire.Policy]:
    """Return the policies in force; figures that follow from a named policy carry the variable of its name."""
    settings, policy = services.settings, services.policy
    by_session = {
        "session_policy": settings.session_policy,
        "session_idle_minutes": _minutes(policy.idle.total_seconds()),
        "session_administrator_idle_minutes": _minutes(policy.administrator_idle.total_seconds()),
        "session_absolute_hours": round(policy.absolute.total_seconds() / 3600),
        "sign_in_delay_minutes": _minutes(services.throttle.longest.total_seconds()),
        "passwords_barred": BARRED[settings.session_policy],
    }
    own = {
        "organisation": settings.organisation,
        "address": settings.origin,
        "label_ceiling": int(settings.label_ceiling),
        "upload_limit": settings.upload_limit,
        "presence_grace_s": settings.presence_grace_s,
        "chat_retention_days": settings.chat_retention_days,
    }
    of_own = {"address": "name"}
    return [
        *(wire.Policy(key=key, value=value, variable=variable(of_own.get(key, key))) for key, value in own.items()),
        *(wire.Policy(key=key, value=value, variable=variable("session_policy")) for key, value in by_session.items()),
        wire.Policy(key="password_length", value=MIN_LENGTH, variable=""),
        wire.Policy(key="second_factor", value="", variable=""),
    ]


def _minutes(seconds: float) -> int:
    return round(seconds / 60)


def _files(services: Services) -> tuple[list[wire.CertificateInfo], wire.Storage]:
    """Blocking: read certificates and the sizes of the folder."""
    data, now = services.settings.data, datetime.now(UTC)
    found = [
        _certificate("root", services.authority.root_pem, now),
        _certificate("issuing", services.authority.chain_pem, now),
    ]
    for folder in sorted((data / "tls").glob("*")):
        file = folder / "certificate.pem"
        if file.is_file():
            found.append(_certificate("hub" if folder.name == "hub" else "relay", file.read_bytes(), now, folder.name))
    return found, _storage(data)


def _certificate(kind: str, pem: bytes, now: datetime, folder: str = "") -> wire.CertificateInfo:
    certificate = x509.load_pem_x509_certificate(pem)
    name = folder.removeprefix("relay-") if kind == "relay" else certificate.subject.rfc4514_string()
    due = Authority.renewal_due(pem, now)
    return wire.CertificateInfo(kind=kind, name=name, expires_at=certificate.not_valid_after_utc, due=due)


def _storage(data: Path) -> wire.Storage:
    usage = shutil.disk_usage(data)
    used = 0
    for path in files.walk(data):
        with contextlib.suppress(FileNotFoundError):  # removed since we looked
            used += (data / path).stat().st_size
    return wire.Storage(free_bytes=usage.free, total_bytes=usage.total, used_bytes=used)


async def counts(call: Call[Wire]) -> wire.AccountCounts:
    """Return how many accounts there are, by state."""

    def run(conn: Connection, now: datetime) -> wire.AccountCounts:
        everybody = search_accounts(conn, AccountQuery(), now)
        people = count_states([one for one in everybody if not one.person.is_room])
        places = load_places(conn)
        return wire.AccountCounts(
            active=people[AccountState.ACTIVE],
            waiting=people[AccountState.WAITING],
            disabled=people[AccountState.DISABLED],
            halls=sum(one.person.is_room for one in everybody),
            units=len(places.units),
            sites=len(places.sites),
        )

    return await call.services.read(call.subject, run)


ROUTES = [
    Route(
        "GET",
        "/administration/operations",
        Permission.OPERATIONS_READ,
        operations,
        "Policies, certificates, relays, storage",
        answers=wire.Operations,
    ),
    Route(
        "GET",
        "/administration/counts",
        Permission.DIRECTORY_REVIEW,
        counts,
        "How many accounts there are",
        answers=wire.AccountCounts,
    ),
]
