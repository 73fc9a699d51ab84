"""A real SQLite database per test, as the embedded hub uses it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, event

import auth.audit.tables
import auth.factor_tables
import auth.tables
from auth.directory import Person, add_person
from auth.model import Label, OrgRole
from auth.schema import metadata

AUTH_TABLES = (auth.tables, auth.factor_tables, auth.audit.tables)


def open_database(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _pragmas(connection, _record):  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    with engine.begin() as conn:
        tables = [table for table in metadata.sorted_tables if table.name in _own_tables()]
        metadata.create_all(conn, tables=tables)
    return engine


def _own_tables() -> set[str]:
    return {value.name for module in AUTH_TABLES for value in vars(module).values() if isinstance(value, Table)}


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "plenum.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def member(conn: Connection, now: datetime) -> Person:
    return add_person(
        conn, username="m.ito", name="Mika Ito", now=now, clearance=Label.RESTRICTED, roles=[OrgRole.MEMBER]
    )
