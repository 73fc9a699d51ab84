"""What the disk and the database file under a measurement are like; every figure is reported with it."""

import os
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

SAMPLES = 200


def fsync_us(folder: Path) -> int:
    """Return the median time in µs of one 4 KiB append and fsync in this folder."""
    path, times = folder / "fsync-probe", []
    with path.open("wb") as file:
        for _ in range(SAMPLES):
            file.write(b"\0" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    path.unlink()
    return round(statistics.median(times) * 1e6)


def journal_mode(database: Path) -> str:
    """Return the journal mode that the database file itself has."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def store_facts(database: Path) -> dict[str, object]:
    """Return the fields that stand in every line of a measurement over this database."""
    return {"store": "sqlite", "journal_mode": journal_mode(database), "fsync_us": fsync_us(database.parent)}
