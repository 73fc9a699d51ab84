"""What holds for all tests: those that need what this machine has not are left out, by name, and never in CI."""

import os
import shutil

import pytest
from hypothesis import settings

from tests.network.hosts import may_make_hosts

# The machine may be busy; how long one example takes says nothing here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests as left out without their browsers or networks; with ``CI=true`` they run and fail instead."""
    if os.environ.get("CI") == "true":
        return
    for marker, reason in _left_out().items():
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def _left_out() -> dict[str, str]:
    """Return what cannot run here, by marker, with the reason."""
    reasons = {}
    if not shutil.which("chromium"):
        reasons["browser"] = "Chromium is not installed (apt-get install chromium)"
    if not shutil.which("firefox-esr"):
        reasons["sites"] = "Firefox is not installed (apt-get install firefox-esr)"
    elif not may_make_hosts():
        reasons["sites"] = "making hosts with cables between them needs root on Linux and iproute2"
    return reasons
