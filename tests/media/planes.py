"""The data planes that there are. Tests of the relay run against each: use the fixture ``plane``."""

from collections.abc import Callable

from media.dataplane.choice import DATA_PLANES
from media.dataplane.interface import DataPlane, Transmit

PLANES: dict[str, Callable[[Transmit], DataPlane]] = DATA_PLANES
#: Which one the test at hand is about; the fixture sets it.
under_test = "python"


def make_plane(transmit: Transmit) -> DataPlane:
    """The data plane of the test at hand."""
    return PLANES[under_test](transmit)
