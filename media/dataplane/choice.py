"""Which data plane a relay runs with."""

import logging
from collections.abc import Callable
from typing import Final

from media.dataplane.interface import DataPlane, Transmit
from media.dataplane.native.plane import NativeDataPlane
from media.dataplane.native.selftest import require_working
from media.dataplane.python import PythonDataPlane
from media.errors import DataPlaneUnavailable

MakePlane = Callable[[Transmit], DataPlane]
DATA_PLANES: Final[dict[str, MakePlane]] = {"native": NativeDataPlane, "python": PythonDataPlane}

log = logging.getLogger(__name__)


def choose(name: str) -> MakePlane:
    """The data plane of this name; ``auto`` takes the compiled one where it works, else the one in Python.

    Raises DataPlaneUnavailable if ``native`` is asked for and does not work. Opens a file: not for the event loop.
    """
    if name == "python":
        return PythonDataPlane
    if name not in {"auto", "native"}:
        raise DataPlaneUnavailable(f"there is none called {name!r}")
    try:
        require_working()
    except DataPlaneUnavailable as error:
        if name == "native":
            raise
        log.warning(
            "the data plane in Python runs, at a third of the speed: the compiled one is not available (%s)", error
        )
        return PythonDataPlane
    return NativeDataPlane
