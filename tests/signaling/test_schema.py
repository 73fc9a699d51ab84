"""The database's schema at the start of a hub."""

import sqlite3
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from signaling.store.schema import MIGRATIONS, migrate, newest


def test_files_of_migrations_begin_with_their_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == newest()
    for one in scripts.walk_revisions():
        assert Path(one.path).name.startswith(f"{one.revision}_")


def test_an_empty_database_gets_the_newest_schema_and_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "plenum.sqlite"
    for _ in range(2):
        migrate(file)
        with sqlite3.connect(file) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest(),)]
        connection.close()
