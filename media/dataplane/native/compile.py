"""Compiles the sources into a plain shared object beside this file. Standard library only, for the build hook.

The object knows no Python, no OpenSSL and no libsrtp, so nothing but a C compiler and the system's headers is needed,
and it serves every version of Python. It needs Linux (recvmmsg, eventfd, packet information).
"""

import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SOURCES: Final = HERE / "src"
HEADER: Final = SOURCES / "plane.h"
OBJECT: Final = HERE / "_plane.so"
#: No contraction: floating point must come out as it does in the Python data plane.
FLAGS: Final = ("-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fPIC", "-pthread", "-ffp-contract=off", "-Wall", "-Wextra")
_HARDENING: Final = (
    "-fstack-protector-strong",
    "-U_FORTIFY_SOURCE",
    "-D_FORTIFY_SOURCE=2",
    "-Wl,-z,relro,-z,now,-z,noexecstack,-Bsymbolic",
)


def interface() -> int:
    """A number that stands for the interface: an object of another one must not be used."""
    return zlib.crc32(HEADER.read_bytes())


def find_compiler() -> str | None:
    """Path of the C compiler: ``CC``, else ``cc``; None without one, and on other systems than Linux."""
    return shutil.which(os.environ.get("CC", "cc")) if sys.platform == "linux" else None


def command(compiler: str, target: Path, flags: Sequence[str] = (*FLAGS, *_HARDENING)) -> list[str]:
    """The command that makes ``target``."""
    return [
        compiler,
        *flags,
        f"-DPLANE_INTERFACE={interface()}u",
        "-shared",
        "-o",
        str(target),
        *map(str, sorted(SOURCES.glob("*.c"))),
        "-lm",
    ]


def compile_plane(target: Path = OBJECT) -> str:
    """Make the object; an empty string, or why there is none. A failure leaves no object behind."""
    target.unlink(missing_ok=True)
    compiler = find_compiler()
    if compiler is None:
        return "no C compiler for Linux"
    part = target.with_suffix(".part")
    result = subprocess.run(command(compiler, part), capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        part.unlink(missing_ok=True)
        return result.stderr.strip() or f"{compiler} failed"
    part.replace(target)
    return ""


if __name__ == "__main__":
    sys.exit(compile_plane() or 0)
