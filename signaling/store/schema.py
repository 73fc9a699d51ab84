"""Brings a database up to the newest schema."""

from pathlib import Path

from sqlalchemy import Connection, text

import documents.schema  # noqa: F401  (every table must be known to the one MetaData)
import meetings.schema  # noqa: F401
import signaling.recording.tables
import signaling.store.tables  # noqa: F401
from signaling.store.database import open_engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(path: Path) -> None:
    """Run the migrations that this database has not seen; makes file and folder at the first start."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(path, writer=True)
    try:
        with engine.connect() as connection:
            if _present(connection) != newest():
                _upgrade(connection)
    finally:
        engine.dispose()


def newest() -> str:
    """Return the revision of the last migration: their files begin with it."""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _present(connection: Connection) -> str | None:
    """Return the revision of the database, None for an empty one."""
    with connection.begin():
        known = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).first()
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - needed by new versions, not at each start
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
