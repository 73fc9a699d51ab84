"""ICE-lite (RFC 8445 §2.5): answers connectivity checks and learns addresses from them. Pure; time is an argument.

The one module that touches aioice. To pages the relay sends no checks; an address counts only after a check that
carried the right MESSAGE-INTEGRITY came from it, and candidates from signalling are never used. Between two relays one
end checks, see ``checks.py``.
"""

import struct
from dataclasses import dataclass

from aioice import stun

from media.errors import MalformedStun
from media.path import Path, remote

DISCONNECTED_AFTER = 10.0
FAILED_AFTER = 30.0
MAX_ADDRESSES = 16
MAX_ATTRIBUTES = 20
#: A page that restarts ICE by itself changes our user fragment by what follows this sign; the password stays.
RESTART_SIGN = "+"
_MAX_STUN = 1280
_BINDING_REQUEST, _BINDING_RESPONSE = b"\x00\x01", b"\x01\x01"
_TRANSACTION = slice(8, 20)
_USERNAME = 0x0006
_COOKIE = stun.COOKIE.to_bytes(4, "big")
_ATTRIBUTE = struct.Struct("!HH")


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A connectivity check that is well formed but not verified."""

    local_ufrag: str
    remote_ufrag: str
    nominates: bool
    message: stun.Message


def is_stun(data: bytes) -> bool:
    """RFC 7983 §7: the first byte of STUN is 0 to 3."""
    return len(data) >= stun.HEADER_LENGTH and data[0] < 4


def requested_ufrag(data: bytes) -> bytes:
    """Whose transport a binding request is for; cheap, since strangers send these too, and nothing else is parsed.

    Raises MalformedStun for what is no binding request, has no user name, or has more than 20 attributes.
    """
    if not stun.HEADER_LENGTH <= len(data) <= _MAX_STUN or data[4:8] != _COOKIE:
        raise MalformedStun("too short, too long, or without the magic cookie")
    if data[:2] != _BINDING_REQUEST:
        raise MalformedStun("not a binding request")
    username = b""
    position = stun.HEADER_LENGTH
    for _ in range(MAX_ATTRIBUTES):
        if position + 4 > len(data):
            break
        kind, size = _ATTRIBUTE.unpack_from(data, position)
        if kind == _USERNAME and not username:
            username = data[position + 4 : position + 4 + size]
        position += 4 + size + (-size % 4)
    if position < len(data):
        raise MalformedStun("too many attributes")
    local, separator, _ = username.partition(b":")
    if not separator:
        raise MalformedStun("no user name")
    return local.partition(RESTART_SIGN.encode())[0]


def parse_binding_request(data: bytes) -> BindingRequest:
    """Read a connectivity check (RFC 8445 §7.1) that requested_ufrag() let pass. Raises MalformedStun."""
    if len(data) > _MAX_STUN or data[4:8] != _COOKIE:
        raise MalformedStun("too long, or without the magic cookie")
    try:
        message = stun.parse_message(data)
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise MalformedStun("not a STUN message") from error
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        raise MalformedStun("not a binding request")
    username = message.attributes.get("USERNAME", "")
    local, separator, remote = username.partition(":")
    if not separator:
        raise MalformedStun("no user name")
    return BindingRequest(local.partition(RESTART_SIGN)[0], remote, "USE-CANDIDATE" in message.attributes, message)


def transaction_of(data: bytes) -> bytes:
    """The transaction of a check of ours, or of what may be the answer to one."""
    return data[_TRANSACTION]


def is_binding_response(data: bytes) -> bool:
    """Whether this may be the answer to a check; cheap, since strangers send these too."""
    return data[:2] == _BINDING_RESPONSE and len(data) <= _MAX_STUN


def write_check(*, to_ufrag: str, to_pwd: str, from_ufrag: str, tie_breaker: int, nominates: bool = True) -> bytes:
    """A check as a controlling agent sends it (RFC 8445 §7.2): for peers of our own, and between relays."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{to_ufrag}:{from_ufrag}"
    message.attributes["PRIORITY"] = (110 << 24) + (65535 << 8) + 255
    message.attributes["ICE-CONTROLLING"] = tie_breaker
    if nominates:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(to_pwd.encode())
    message.add_fingerprint()
    return bytes(message)


def is_check_answer(data: bytes, pwd: str) -> bool:
    """Whether this is the authentic answer of the agent whose password it is to a check."""
    try:
        message = stun.parse_message(data)
    except (ValueError, KeyError, IndexError, struct.error):
        return False
    return message.message_class == stun.Class.RESPONSE and message.check_message_integrity(pwd.encode())


class Reachability:
    """The addresses that proved to be a peer's, which of them is sent to, and its consent."""

    def __init__(self) -> None:
        self._validated: dict[Path, float] = {}
        self.selected: Path | None = None
        #: When the last authentic check came, or the last answer to one of ours.
        self.last_check: float | None = None

    def is_validated(self, address: Path) -> bool:
        """Whether something authentic came from the address."""
        return address in self._validated

    def forget(self, address: Path) -> None:
        """The address turned out to be another peer's: nothing is sent there until a new check names it."""
        self._validated.pop(address, None)
        if self.selected == address:
            self.selected = None

    @property
    def addresses(self) -> tuple[Path, ...]:
        """All validated addresses, at most 16; the one unused for longest goes first."""
        return tuple(self._validated)

    def liveness(self, now: float) -> str:
        """``new``, ``live``, ``disconnected`` after 10 s without a check, or ``failed`` after 30 s (RFC 7675)."""
        if self.last_check is None:
            return "new"
        silence = now - self.last_check
        if silence >= FAILED_AFTER:
            return "failed"
        return "disconnected" if silence >= DISCONNECTED_AFTER else "live"

    def learn(self, address: Path, now: float) -> None:
        """Something authentic came from the address."""
        self._validated.pop(address, None)
        self._validated[address] = now
        while len(self._validated) > MAX_ADDRESSES:
            oldest = next(known for known in self._validated if known != self.selected)
            del self._validated[oldest]


class IceLite(Reachability):
    """The ICE side of one transport: credentials, and who proved to know them.

    Sent to is the last nominated address; before any nomination that from which the peer speaks, else the first.
    """

    def __init__(self, ufrag: str, pwd: str, remote_ufrag: str | None = None) -> None:
        super().__init__()
        self.ufrag = ufrag
        self.remote_ufrag = remote_ufrag
        self._pwd = pwd.encode()
        self._nominated = False

    def restart(self, ufrag: str, pwd: str, remote_ufrag: str | None = None) -> None:
        """New credentials (RFC 8445 §9). Media goes on to the old address until a check nominates another."""
        self.ufrag, self._pwd, self.remote_ufrag = ufrag, pwd.encode(), remote_ufrag
        self._nominated = False

    def check(self, request: BindingRequest, address: Path, now: float) -> bytes | None:
        """Verify a check and give the answer, or None if it is not authentic; only then the address is learned.

        Raises nothing; a request for another user fragment is not authentic either.
        """
        if request.local_ufrag != self.ufrag or self.remote_ufrag not in (None, request.remote_ufrag):
            return None
        if not request.message.check_message_integrity(self._pwd):
            return None
        self.learn(address, now)
        if request.nominates or (not self._nominated and self.selected is None):
            self.selected = address
            self._nominated = self._nominated or request.nominates
        self.last_check = now
        return self._answer(request.message, address)

    def heard_from(self, address: Path) -> None:
        """The peer has sent data from a validated address: until a check nominates one, that is where it listens.

        A page with several networks checks all of them and begins DTLS on the first that answered it, some 100 ms
        before it nominates; an answer to another of its addresses may never reach it.
        """
        if not self._nominated and address in self._validated:
            self.selected = address

    def forget(self, address: Path) -> None:
        super().forget(address)
        if self.selected is None:
            self._nominated = False

    def _answer(self, request: stun.Message, address: Path) -> bytes:
        response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = remote(address)
        response.add_message_integrity(self._pwd)
        return bytes(response)
