"""Compiles the targets with AddressSanitizer and UndefinedBehaviorSanitizer, and threads.c with ThreadSanitizer."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from media.dataplane.native.compile import SOURCES, find_compiler

HERE: Final = Path(__file__).parent
TARGETS: Final = ("parsers", "plane")
_FLAGS: Final = (
    "-std=gnu11",
    "-D_GNU_SOURCE",
    "-g",
    "-O1",
    "-pthread",
    "-ffp-contract=off",
    "-fno-sanitize-recover=all",
)
_CLANGS: Final = ("clang", *(f"clang-{version}" for version in range(22, 13, -1)))


def find_clang() -> str | None:
    """A clang, which brings libFuzzer; None without one."""
    return next((found for name in _CLANGS if (found := shutil.which(name))), None)


def compile_guided(target: str, folder: Path, clang: str) -> Path:
    """The target with libFuzzer, which looks for new paths. Raises CalledProcessError."""
    return _compile(clang, "fuzzer,address,undefined", folder / f"{target}-guided", HERE / f"{target}.c")


def compile_standalone(target: str, folder: Path) -> Path:
    """The target with inputs by chance, for any compiler. Raises CalledProcessError, or LookupError without one."""
    compiler = find_compiler()
    if compiler is None:
        raise LookupError("no C compiler")
    return _compile(compiler, "address,undefined", folder / target, HERE / f"{target}.c", HERE / "standalone.c")


def compile_threads(folder: Path) -> Path:
    """The program with threads, for any compiler. Raises CalledProcessError, or LookupError without one."""
    compiler = find_compiler()
    if compiler is None:
        raise LookupError("no C compiler")
    return _compile(compiler, "thread", folder / "threads", HERE / "threads.c")


def _compile(compiler: str, sanitizers: str, program: Path, *sources: Path) -> Path:
    files = [*map(str, sources), *map(str, sorted(SOURCES.glob("*.c")))]
    command = [compiler, *_FLAGS, f"-fsanitize={sanitizers}", f"-I{SOURCES}", "-o", str(program), *files, "-lm"]
    subprocess.run(command, check=True)
    return program
