"""What the tests of the worker pool let workers do; a worker imports functions by their module."""

import os
import time

from documents.errors import PdfEncrypted


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def refuse() -> None:
    raise PdfEncrypted("locked")


def stumble() -> None:
    raise RuntimeError("a library's own error")


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def die() -> None:
    os._exit(9)


def swallow_memory(size: int) -> int:
    return len(bytearray(size))
