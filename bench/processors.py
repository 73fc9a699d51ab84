"""Who had the processors: of the whole machine, and of the browsers and the product on it (``proc(5)``)."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_BROWSERS = (b"chrom", b"headless_shell", b"firefox")
_PRODUCT = b"signaling.cli"


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds of processor time since the machine started; of browsers and product by process."""

    available: float
    busy: float
    browsers: Mapping[int, float]
    product: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds of processor time: all that there was, what was not idle, and what browsers and product took."""

    available: float
    busy: float
    browsers: float
    product: float


def now() -> Reading:
    """Return what was used until now by all processes that there are."""
    tick = os.sysconf("SC_CLK_TCK")
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    available, idle = sum(fields), fields[3] + fields[4]  # idle, iowait
    browsers: dict[int, float] = {}
    product: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
            times = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        used = (int(times[11]) + int(times[12])) / tick  # utime, stime
        if any(name in command.split(b"\0", 1)[0] for name in _BROWSERS):
            browsers[int(folder.name)] = used
        elif _PRODUCT in command:
            product[int(folder.name)] = used
    return Reading(available / tick, (available - idle) / tick, browsers, product)


def between(before: Reading, after: Reading) -> Load:
    """Return what was used in between; of processes that ended meanwhile, nothing."""
    return Load(
        after.available - before.available,
        after.busy - before.busy,
        _used(before.browsers, after.browsers),
        _used(before.product, after.product),
    )


def _used(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    return sum(seconds - before.get(process, 0.0) for process, seconds in after.items())


def shares(loads: Sequence[Load]) -> dict[str, float]:
    """Return of all these stretches together how busy the machine was, and the parts of browsers and product."""
    available = sum(load.available for load in loads) or 1.0
    return {
        "cpu_busy": round(sum(load.busy for load in loads) / available, 2),
        "cpu_browsers": round(sum(load.browsers for load in loads) / available, 2),
        "cpu_product": round(sum(load.product for load in loads) / available, 2),
    }
