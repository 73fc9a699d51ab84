"""What holds for all tests: those that need a browser are left out, by name, where there is none and may be none."""

import os
import shutil

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests as left out without Chromium; with ``CI=true`` they run and fail instead."""
    if shutil.which("chromium") or os.environ.get("CI") == "true":
        return
    left_out = pytest.mark.skip(reason="Chromium is not installed (apt-get install chromium)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(left_out)
