"""``python .ci/programs.py bench|fuzz``: makes sure that what `make bench-media` and `make fuzz` drive is there.

Where it may (root on Debian) it installs them, none of them started as a service. Otherwise it says what will be left
out; that is no failure here.
"""

import os
import shutil
import subprocess
import sys

PACKAGES = {"janus": "janus", "cc": "gcc libc6-dev", "clang": "clang libclang-rt-dev"}  # program → Debian packages
LEFT_OUT = {
    "bench": {
        "janus": "rows of Janus, and the ratios to it",
        "cc": "all rows of packets, latency and simulcast, and soak",
    },
    "fuzz": {"clang": "the guided targets of the data plane in C"},
}


def missing(purpose: str) -> list[str]:
    """Return the programs that are not on PATH."""
    return [name for name in LEFT_OUT[purpose] if shutil.which(name) is None]


def install(names: list[str]) -> None:
    """Install with apt if this is root on Debian."""
    if not names or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    packages = [package for name in names for package in PACKAGES[name].split()]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # 1: services are not started
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(  # noqa: S603
            ["apt-get", *command],  # noqa: S607
            check=False,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def main() -> None:
    """Install what is missing and say what stays so."""
    purpose = sys.argv[1]
    install(missing(purpose))
    for name in missing(purpose):
        print(f"Left out: {LEFT_OUT[purpose][name]} (apt-get install {PACKAGES[name]}).", file=sys.stderr)


if __name__ == "__main__":
    main()
