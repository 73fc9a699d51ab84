"""TLS files of this machine's processes: the hub's certificate, and that of the relay beside it."""

import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from certs.authority import Authority, Issued
from certs.files import private_folder, write_file
from signaling.settings import Settings


def tls_files(settings: Settings, authority: Authority, now: datetime) -> tuple[Path, Path]:
    """Return certificate (with chain) and key of the hub; made at the first start and renewed when due."""
    names = sorted({settings.name, "localhost", "127.0.0.1", "::1", socket.gethostname()})
    return _files(settings.data / "tls" / "hub", authority, now, lambda: authority.issue_tls(names, now))


def relay_files(settings: Settings, authority: Authority, now: datetime) -> tuple[Path, Path]:
    """Return certificate and key of the relay on this machine."""
    folder = settings.data / "tls" / f"relay-{settings.relay_name}"
    return _files(folder, authority, now, lambda: authority.issue_relay(settings.relay_name, now))


def _files(folder: Path, authority: Authority, now: datetime, issue: Callable[[], Issued]) -> tuple[Path, Path]:
    cert, key = private_folder(folder) / "certificate.pem", folder / "key.pem"
    if not cert.exists() or not key.exists() or authority.renewal_due(cert.read_bytes(), now):
        issued = issue()
        write_file(key, issued.key_pem)
        write_file(cert, issued.certificate_pem + issued.chain_pem)
    return cert, key
