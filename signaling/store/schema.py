"""Brings a database up to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config

import documents.schema  # noqa: F401  (every table must be known to the one MetaData)
import meetings.schema  # noqa: F401
import signaling.store.tables  # noqa: F401
from signaling.store.database import open_engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(path: Path) -> None:
    """Run the migrations that this database has not seen; makes file and folder at the first start."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(path, writer=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
