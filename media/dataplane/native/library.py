"""The compiled object as cffi has it, with the declarations of ``src/plane.h``. The one module that opens it."""

from functools import cache
from typing import Any

from cffi import FFI

from media.dataplane.native.compile import HEADER, OBJECT, interface
from media.errors import DataPlaneUnavailable


def declarations() -> str:
    """The C header without its preprocessor lines."""
    lines = HEADER.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


@cache
def load() -> tuple[FFI, Any]:
    """The interface and the library. Raises DataPlaneUnavailable where none was compiled, or another one."""
    ffi = FFI()
    ffi.cdef(declarations())
    try:
        library = ffi.dlopen(str(OBJECT))
        compiled_for = library.plane_interface()
    except (OSError, AttributeError) as error:
        raise DataPlaneUnavailable(str(error)) from error
    if compiled_for != interface():
        raise DataPlaneUnavailable("it was compiled for another interface")
    return ffi, library
