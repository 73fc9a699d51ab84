"""Several hosts on one machine: a network namespace each, joined to the central one by a cable of its own.

What a test starts inside a host sees that host's addresses only, so that cables can be pulled and addresses changed as
they are in an office. Needs Linux, root and ``ip`` (iproute2).
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

CLONE_NEWNET = 0x40000000  # sched.h
_libc = ctypes.CDLL(None, use_errno=True)


class NetworkRefused(Exception):
    """The system does not let this process make networks."""


def may_make_hosts() -> bool:
    """Whether this process can make hosts at all."""
    return os.geteuid() == 0 and shutil.which("ip") is not None and Path("/proc/self/ns/net").exists()


@dataclass(slots=True)
class Host:
    """One host. ``number`` is its place in the network: the central host is 0."""

    name: str
    namespace: str
    number: int
    address: str

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be on this host: processes that this thread starts meanwhile live there."""
        with open("/proc/self/ns/net") as here, open(f"/run/netns/{self.namespace}") as there:  # noqa: PTH123
            _set_namespace(there.fileno())
            try:
                yield
            finally:
                _set_namespace(here.fileno())

    @property
    def cable(self) -> str:
        """The interface that leads to the central host."""
        return f"site{self.number}"

    def pull_cable(self) -> None:
        """Cut this site off."""
        self._ip("link", "set", self.cable, "down")

    def plug_in(self) -> None:
        """Join it again; routes that went with the cable come back."""
        self._ip("link", "set", self.cable, "up")
        self._route()

    def change_address(self, last: int) -> None:
        """Take another address, as after moving from the desk's cable to the wireless network."""
        old, new = self.address, self._neighbour(last)
        self._ip("addr", "del", f"{old}/{self._bits}", "dev", self.cable)
        self._add(new, self.cable)
        self.address = new
        self._route()

    def refuse(self, protocol: str, address: str, port: int) -> None:
        """Let no packet out to this port, ``udp`` or ``tcp``, as a strict firewall does."""
        self._ip("rule", "add", "ipproto", protocol, "to", address, "dport", str(port), "prohibit")

    def _route(self) -> None:
        self._ip("route", "replace", "default", "via", self._neighbour(1))

    def _neighbour(self, last: int) -> str:
        return self.address[: self.address.rindex(self._separator) + 1] + str(last)

    @property
    def _separator(self) -> str:
        return ":" if ":" in self.address else "."

    @property
    def _bits(self) -> int:
        return 64 if ":" in self.address else 24

    def _add(self, address: str, interface: str, bits: int | None = None) -> None:
        at_once = ["nodad"] if ":" in address else []
        self._ip("addr", "add", f"{address}/{bits or self._bits}", "dev", interface, *at_once)

    def _ip(self, *arguments: str) -> None:
        _run("ip", "-n", self.namespace, *arguments)


@contextmanager
def network(*sites: str, ipv6: bool = False) -> Iterator[dict[str, Host]]:
    """Make the host ``centre`` and one for each site; all go with everything in them at the end.

    With ``ipv6`` there is no IPv4 between them.
    """
    hosts: dict[str, Host] = {}
    try:
        hosts["centre"] = _make("centre", 0, _address(0, 1, ipv6=ipv6))
        for number, site in enumerate(sites, start=1):
            hosts[site] = _make(site, number, _address(number, 2, ipv6=ipv6))
            _lay_cable(hosts["centre"], hosts[site])
        yield hosts
    finally:
        for host in hosts.values():
            subprocess.run(["ip", "netns", "del", host.namespace], check=False, capture_output=True)


def move_to_another_cable(centre: Host, site: Host, number: int) -> Host:
    """Join a site by another interface and pull its cable, as when a laptop leaves the desk; returns it as it is then.

    The number is one that no host has.
    """
    moved = replace(site, number=number, address=_address(number, 2, ipv6=":" in site.address))
    _lay_cable(centre, moved)
    site.pull_cable()
    return moved


def _address(number: int, last: int, *, ipv6: bool) -> str:
    return f"fd77:0:0:{number}::{last}" if ipv6 else f"10.77.{number}.{last}"


def _make(name: str, number: int, address: str) -> Host:
    host = Host(name, f"plenum-{os.getpid()}-{name}", number, address)
    _run("ip", "netns", "add", host.namespace)
    host._ip("link", "set", "lo", "up")
    if number == 0:
        host._add(address, "lo", 128 if ":" in address else 32)  # one address, whichever cable leads to it
    return host


def _lay_cable(centre: Host, site: Host) -> None:
    far = f"centre{site.number}"
    _run(
        *("ip", "-n", site.namespace, "link", "add", site.cable, "type", "veth"),
        *("peer", "name", far, "netns", centre.namespace),
    )
    site._add(site.address, site.cable)
    centre._add(site._neighbour(1), far)
    centre._ip("link", "set", far, "up")
    site.plug_in()


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NetworkRefused(f"{' '.join(command)}: {done.stderr.strip()}")


def _set_namespace(descriptor: int) -> None:
    if _libc.setns(descriptor, CLONE_NEWNET):
        raise NetworkRefused(os.strerror(ctypes.get_errno()))
