"""Files in the order of their length."""

import pytest

LONGEST = ("test_screens.py", "test_recovery.py", "test_bots.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin the longest first, so that no core waits for them at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
