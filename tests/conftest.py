"""What holds for all tests: those that need what this machine has not are left out, by name, and never in CI."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.network.hosts import may_make_hosts

# The machine may be busy; how long one example takes says nothing here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

UV = Path(__file__).parent.parent / ".build" / "uv" / "bin" / "uv"
PACKAGES = {
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "nginx": "nginx-light",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "systemd-analyze": "systemd",
    "turnserver": "coturn",
}  # program → Debian package
MEMORY, ENOUGH_B = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room and programs may run: no test is about what a disk costs."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    memory = os.statvfs(MEMORY)
    if memory.f_bavail * memory.f_frsize >= ENOUGH_B and not memory.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # asked for again


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out tests whose needs are not met; with ``CI=true`` they run and fail instead."""
    if os.environ.get("CI") == "true":
        return
    for item in items:
        needs = [need for marker in item.iter_markers("needs") for need in marker.args]
        if item.get_closest_marker("browser"):
            needs.append("chromium")
        for reason in filter(None, map(_missing, needs)):
            item.add_marker(pytest.mark.skip(reason=reason))


def _missing(need: str) -> str | None:
    """Why a need is not met; None if it is."""
    if need == "hosts":
        return None if may_make_hosts() else "making hosts with cables between them needs root on Linux and iproute2"
    if need == "uv":
        return None if UV.is_file() else "make has not set up .build/uv"
    return None if shutil.which(need) else f"{need} is not installed (apt-get install {PACKAGES[need]})"
