"""The C of this folder: compiled on demand, loaded with ctypes, its structures repeated.

SRTP is that of the pylibsrtp wheel, as in the product: its functions and sessions are handed over as pointers.
"""

import ctypes
import functools
import hashlib
import shutil
import subprocess
from pathlib import Path

from pylibsrtp._binding import ffi, lib

from bench.media.errors import BenchFailed, NotHere
from media.srtp import InboundSession, OutboundSession

_HERE = Path(__file__).parent
_BUILD = _HERE.parents[1] / ".build" / "bench"
_FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")
_SOURCES = ("generator.c", "packet.c", "feedback.c", "limit.c")
_HEADERS = ("generator.h", "feedback.h", "limit.h")
_CALLS = ("protect", "unprotect", "protect_rtcp")
STAMPS = 65536
ARRIVALS = 400
EXTENSION_BYTES = 64


class Srtp(ctypes.Structure):
    """``struct srtp``."""

    _fields_ = (("protect", ctypes.c_void_p), ("unprotect", ctypes.c_void_p), ("protect_rtcp", ctypes.c_void_p))


class Source(ctypes.Structure):
    """``struct source``."""

    _fields_ = (
        ("ssrc", ctypes.c_uint32),
        ("timestamp", ctypes.c_uint32),
        ("packets", ctypes.c_uint64),
        ("frame", ctypes.c_uint32),
        ("sequence", ctypes.c_uint16),
        ("width", ctypes.c_uint16),
        ("height", ctypes.c_uint16),
        ("every", ctypes.c_uint16),
        ("payload_type", ctypes.c_uint8),
        ("in_frame", ctypes.c_uint8),
        ("extension_length", ctypes.c_uint8),
        ("transport_offset", ctypes.c_uint8),
        ("index", ctypes.c_uint8),
        ("extension", ctypes.c_uint8 * EXTENSION_BYTES),
        ("stamps", ctypes.c_uint64 * STAMPS),
    )


class Publisher(ctypes.Structure):
    """``struct publisher``."""

    _fields_ = (
        ("fd", ctypes.c_int32),
        ("transport_sequence", ctypes.c_uint16),
        ("session", ctypes.c_void_p),
        ("sources", ctypes.POINTER(Source)),
        ("count", ctypes.c_int32),
    )


class Arrival(ctypes.Structure):
    """``struct arrival``."""

    _fields_ = (("at", ctypes.c_uint64), ("number", ctypes.c_uint16))


class Sink(ctypes.Structure):
    """``struct sink``."""

    _fields_ = (
        ("fd", ctypes.c_int32),
        ("ssrc", ctypes.c_uint32),
        ("session", ctypes.c_void_p),
        ("until_sample", ctypes.c_uint64),
        ("last_sequence", ctypes.c_uint16),
        ("offset", ctypes.c_uint16),
        ("started", ctypes.c_uint8),
        ("mapped", ctypes.c_uint8),
        ("source", ctypes.c_uint8),
        ("transport_id", ctypes.c_uint8),
        ("feedbacks", ctypes.c_uint8),
        ("arrived", ctypes.c_int32),
        ("outbound", ctypes.c_void_p),
        ("arrivals", Arrival * ARRIVALS),
    )


class MeetingPoint(ctypes.Structure):
    """``struct meeting_point``."""

    _fields_ = (("received", ctypes.c_uint64), ("busy_ns", ctypes.c_uint64), ("stop", ctypes.c_uint32))


class LoadSpec(ctypes.Structure):
    """``struct load``."""

    _fields_ = (
        ("forwarder", ctypes.c_int32),
        ("window", ctypes.c_int32),
        ("rate", ctypes.c_double),
        ("warm_s", ctypes.c_double),
        ("measured_s", ctypes.c_double),
        ("feedback_ms", ctypes.c_int32),
        ("nap_us", ctypes.c_int32),
        ("sample", ctypes.c_uint64),
        ("point", ctypes.POINTER(MeetingPoint)),
    )


class Figures(ctypes.Structure):
    """``struct figures``."""

    _fields_ = (
        ("sent", ctypes.c_uint64),
        ("received", ctypes.c_uint64),
        ("other", ctypes.c_uint64),
        ("gaps", ctypes.c_uint64),
        ("verified", ctypes.c_uint64),
        ("bad", ctypes.c_uint64),
        ("stalls", ctypes.c_uint64),
        ("cpu_s", ctypes.c_double),
        ("wall_s", ctypes.c_double),
        ("share", ctypes.c_double),
        ("p50_us", ctypes.c_double),
        ("p99_us", ctypes.c_double),
    )


class Target(ctypes.Structure):
    """``struct target``; the address is a ``sockaddr_in``."""

    _fields_ = (
        ("family", ctypes.c_uint16),
        ("port", ctypes.c_uint8 * 2),
        ("ip", ctypes.c_uint8 * 4),
        ("zero", ctypes.c_uint8 * 8),
        ("ssrc", ctypes.c_uint32),
        ("offset", ctypes.c_uint16),
        ("session", ctypes.c_void_p),
    )


@functools.cache
def library() -> ctypes.CDLL:
    """Compile what has changed and load it. Raises NotHere without a compiler, BenchFailed for code it refuses."""
    text = b"".join((_HERE / name).read_bytes() for name in (*_HEADERS, *_SOURCES))
    target = _BUILD / f"media-{hashlib.sha256(text).hexdigest()[:16]}.so"
    if not target.exists():
        _compile(target)
    loaded = ctypes.CDLL(str(target))
    pointer = ctypes.c_void_p
    loaded.generate.argtypes = (pointer, pointer, pointer, pointer, ctypes.c_int32, pointer)
    loaded.run_limit.argtypes = (
        *(ctypes.c_int32, pointer, pointer, pointer, ctypes.c_int32),
        *(ctypes.c_int32, pointer),
    )
    return loaded


def _compile(target: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        raise NotHere("the load generator needs a C compiler (apt-get install gcc libc6-dev)")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    command = [compiler, *_FLAGS, "-o", str(part), *(str(_HERE / name) for name in _SOURCES)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchFailed(f"cc: {done.stderr}")
    part.replace(target)


@functools.cache
def srtp() -> Srtp:
    """libsrtp's functions."""
    return Srtp(*(int(ffi.cast("uintptr_t", ffi.addressof(lib, f"srtp_{name}"))) for name in _CALLS))


def address_of(session: InboundSession | OutboundSession) -> int:
    """The libsrtp context of a session, which must live as long as this is used."""
    return int(ffi.cast("uintptr_t", session._context))
