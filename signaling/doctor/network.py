"""Certificates, ports, the relay's addresses, and settings that contradict each other."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography import x509

from certs.authority import Authority
from media.announce import parse_announcement
from media.endpoint import open_socket
from signaling.doctor.finding import Finding, ok, problem, warning
from signaling.listener import answers
from signaling.proxies import is_loopback
from signaling.relay_places import cores, relay_places
from signaling.settings import Settings

WAIT_S = 0.5
PROBE = b"plenum-doctor"  # neither STUN, DTLS nor RTP (RFC 7983): a relay drops it


def check_network(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield what is found; sends datagrams to the announced addresses only."""
    yield from contradictions(settings)
    certificate = settings.data / "tls" / "hub" / "certificate.pem"
    if certificate.is_file():
        yield certificate_finding(certificate, settings.name, now)
    root = settings.data / "authority" / "root.pem"
    runs = root.is_file() and asyncio.run(answers(settings, root.read_text()))
    yield _listener(settings, runs=runs)
    if not runs:
        yield _port("control", settings.control_host, settings.relays_port)
    places = relay_places(settings, cores())
    yield from crowding(len(places), cores())
    for place in places:
        yield from _relay(place)


def contradictions(settings: Settings) -> Iterator[Finding]:
    """Yield what each setting allows and both together do not. Pure."""
    found = []
    if settings.tls == "off" and settings.unix_socket is None and not settings.trusted_proxies:
        words = "TLS is off behind a proxy that is not trusted: every client has the proxy's address."
        found.append(warning("settings", words, "Set PLENUM_TRUSTED_PROXIES=127.0.0.1,::1."))
    ports = {"PLENUM_PORT": settings.port, "PLENUM_CONTROL_PORT": settings.relays_port}
    if settings.unix_socket is not None:
        del ports["PLENUM_PORT"]
    if settings.metrics_port:
        ports["PLENUM_METRICS_PORT"] = settings.metrics_port
    if len({*ports.values(), settings.relay_port}) <= len(ports):
        words = "Two listeners have the same port: " + ", ".join(f"{name}={port}" for name, port in ports.items())
        found.append(problem("settings", f"{words}, PLENUM_RELAY_PORT={settings.relay_port}.", "Give each its own."))
    if settings.name == "localhost" and settings.unix_socket is None and not is_loopback(settings.host):
        words = "The hub listens for others, but its name is localhost."
        found.append(warning("settings", words, "Set PLENUM_NAME to the name that browsers open."))
    local = [is_loopback(parse_announcement(one).ip) for one in settings.announced]
    if settings.name != "localhost" and local and all(local):
        words = "The relay is announced on loopback addresses only: nobody else hears or sees anything."
        found.append(problem("settings", words, "Set PLENUM_RELAY_ANNOUNCE to an address that sites reach."))
    if settings.external_port and settings.tls == "on" and not settings.trusted_proxies:
        words = "Another port than the listener's is announced, but no proxy is trusted."
        found.append(warning("settings", words, "Set PLENUM_TRUSTED_PROXIES, or drop PLENUM_EXTERNAL_PORT."))
    words = f"The settings fit together; browsers open {settings.origin}, relays port {settings.relays_port}."
    yield from found or [ok("settings", words)]


def crowding(relays: int, processors: int) -> Iterator[Finding]:
    """Judge how many relays share how many processors; each can fill one. Pure."""
    if relays > processors:
        words = f"{relays} relays share {processors} processors: more of them carry no more."
        yield warning("relay", words, "Set PLENUM_RELAY_PROCESSES=auto.")


def certificate_finding(path: Path, name: str, now: datetime) -> Finding:
    """Judge the hub's own certificate."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound) as error:
        return problem("certificate", f"{path} cannot be read: {error}.", "Remove it and restart the hub.")
    ends = certificate.not_valid_after_utc
    if name not in [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]:
        words = f"The certificate is not for {name}."
        return problem("certificate", words, f"Remove {path} and restart the hub: it issues one for PLENUM_NAME.")
    if ends <= now:
        return problem("certificate", f"The certificate ended on {ends:%Y-%m-%d}.", "Restart the hub: it renews it.")
    if Authority.renewal_due(path.read_bytes(), now):
        words = f"The certificate ends on {ends:%Y-%m-%d}."
        return warning("certificate", words, "Restart the hub: it renews it; then reload the proxy.")
    return ok("certificate", f"The certificate for {name} is valid until {ends:%Y-%m-%d}.")


def _listener(settings: Settings, *, runs: bool) -> Finding:
    where = str(settings.unix_socket or f"{settings.host}:{settings.port}")
    if runs:
        return ok("hub", f"The hub answers on {where}.")
    if settings.unix_socket is not None:
        if settings.unix_socket.parent.is_dir():
            return warning("hub", f"No hub answers on {where}.", "Start it.")
        words = f"The folder of {where} is not there."
        return problem("hub", words, "The unit makes it (RuntimeDirectory=plenum).")
    found = _port("hub", settings.host, settings.port)
    return found if found.advice else warning("hub", f"No hub runs; {where} is free.", "Start it.")


def _port(check: str, host: str, port: int) -> Finding:
    try:
        with socket.create_server((host, port)):
            return ok(check, f"{host}:{port} is free.")
    except PermissionError:
        words = f"This account may not bind {host}:{port}."
        return problem(check, words, "Use a port above 1023, or a proxy in front.")
    except OSError as error:
        words = f"{host}:{port} cannot be used: {error.strerror}."
        return problem(check, words, "Stop the other program, or choose another port (ss -ltnp shows who has it).")


def _relay(settings: Settings) -> Iterator[Finding]:
    port = settings.relay_port
    with contextlib.ExitStack() as stack:
        try:
            listening = stack.enter_context(open_socket(settings.relay_listen, port))
            listening.settimeout(WAIT_S)
        except OSError as error:
            listening = None
            if error.errno != errno.EADDRINUSE:
                words = f"The relay cannot use {settings.relay_listen or 'any address'}, port {port}: {error.strerror}."
                yield problem("relay", words, "Set PLENUM_RELAY_LISTEN to an address of this machine, or leave it.")
            else:
                yield ok("relay", f"UDP port {port} is held, as it is while the relay runs.")
        else:
            yield ok("relay", f"UDP port {port} is free; no relay runs at this moment.")
        for text in settings.announced:
            one = parse_announcement(text)
            if one.protocol != "tcp":
                yield announced(one.ip, one.port or port, listening)


def announced(ip: str, port: int, listening: socket.socket | None) -> Finding:
    """Send a datagram to an announced address and see whether it arrives, or at least is not refused."""
    family, where = (socket.AF_INET6, f"[{ip}]:{port}/udp") if ":" in ip else (socket.AF_INET, f"{ip}:{port}/udp")
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.settimeout(WAIT_S)
        try:
            sender.connect((ip, port))
            sender.send(PROBE)
            if listening is not None:
                while listening.recv(64) != PROBE:
                    continue
                return ok("reachable", f"A datagram to {where} arrives here.")
            with contextlib.suppress(TimeoutError):
                sender.recv(64)
        except TimeoutError:
            words = f"A datagram to {where} does not come back to this machine."
            return warning(
                "reachable", words, "Behind NAT that may be so: try it from a site (nc -u), and the firewall."
            )
        except OSError as error:
            words = f"Nothing can be sent to {where}: {error.strerror}."
            return problem("reachable", words, "Announce an address of this machine, or of the NAT in front of it.")
    return ok("reachable", f"{where} takes datagrams.")
