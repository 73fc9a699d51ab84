"""The deployment's folder: rights, space, the database, the log, and whether all papers are there."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from auth.audit.checkpoints import read_checkpoints
from auth.audit.keys import load_signer
from auth.errors import AuthError
from documents.keys import KeyStore
from documents.model import KeyId
from signaling.backup import files, snapshot
from signaling.backup.data import blob_path
from signaling.backup.errors import BackupError
from signaling.doctor.finding import Finding, ok, problem, warning
from signaling.settings import Settings
from signaling.store.database import open_engine
from signaling.store.schema import MIGRATIONS

GIB = 2**30
LITTLE, TOO_LITTLE = 5 * GIB, GIB // 2
SHOWN = 3


def check_storage(settings: Settings, uid: int) -> Iterator[Finding]:
    """Yield what is found; ``uid`` is the account that asks, which should be the hub's."""
    data = settings.data
    if not settings.database_file.is_file():
        yield warning("data", f"There is no deployment in {data.absolute()} yet.", "Start the hub, or set PLENUM_DATA.")
        return
    yield rights(data, uid)
    yield space(data, shutil.disk_usage(data).free)
    yield _database(settings.database_file)
    engine = open_engine(settings.database_file, writer=False)
    try:
        with engine.connect() as conn, conn.begin():
            yield _schema(conn)
            yield _log(settings, conn)
            yield _papers(data, conn)
    finally:
        engine.dispose()


def rights(data: Path, uid: int) -> Finding:
    """Check that nobody else reads or owns anything below the folder."""
    open_ones, foreign = [], []
    for path in [data, *(data / one for one in files.walk(data))]:
        found = path.stat()
        if found.st_uid != uid:
            foreign.append(path)
        if stat.S_IMODE(found.st_mode) & 0o077 and path != data / "keys" / "lock":
            open_ones.append(path)
    if open_ones:
        words = f"Others can read {_some(open_ones)}."
        return problem("rights", words, f"chmod -R u=rwX,go= {data}")
    if foreign:
        words = f"{_some(foreign)} belongs to another account than the one that asks."
        return problem("rights", words, "Run doctor, backup and restore as the hub's account, or chown -R to it.")
    return ok("rights", f"{data.absolute()} is for this account alone.")


def space(data: Path, free: int) -> Finding:
    """Judge the space that is left."""
    words = f"{free / GIB:.1f} GiB are free where {data.absolute()} lies."
    if free < TOO_LITTLE:
        return problem("space", words, "Make room now: a full disk stops papers, votes and the log.")
    return warning("space", words, "Make room soon.") if free < LITTLE else ok("space", words)


def _database(path: Path) -> Finding:
    with closing(sqlite3.connect(path, timeout=30)) as database:
        database.execute("PRAGMA query_only=ON")
        try:
            found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        return problem("database", f"The database is damaged: {found}.", "Stop the hub and restore a backup.")
    return ok("database", f"The database is sound ({path.stat().st_size / 2**20:.0f} MiB).")


def _schema(conn: Connection) -> Finding:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    have, head = snapshot.schema_of(conn), scripts.get_current_head()
    if have == head:
        return ok("schema", f"The schema is the newest ({have}).")
    if have in {script.revision for script in scripts.walk_revisions()}:
        words = f"The schema is {have}; this version has {head}."
        return warning("schema", words, "Make a backup, then restart the hub: it brings the schema up to date.")
    words = f"The schema {have} was made by a later version than this one."
    return problem("schema", words, "Run the version that made it; there is no way back but a restore.")


def _log(settings: Settings, conn: Connection) -> Finding:
    try:
        signer = load_signer(settings.data / "audit" / "key", f"plenum/{settings.name}")
        signed = read_checkpoints(settings.checkpoint_file, signer.verifier)
        if not signed:
            words = "The log has no checkpoint."
            return problem("log", words, f"Restore {settings.checkpoint_file} or the whole deployment from a backup.")
        state = snapshot.log_state(conn, signed[-1])
    except (AuthError, BackupError) as error:
        advice = "Tell the security officer. plenum audit verify says more; PLENUM_NAME must be what it was at first."
        return problem("log", f"{error}", advice)
    return ok(
        "log", f"The log agrees with its newest checkpoint: {state.size} entries, {signed[-1].size} of them signed."
    )


def _papers(data: Path, conn: Connection) -> Finding:
    keys, count = KeyStore(data / "keys"), 0
    gone: list[str] = []
    for one in snapshot.named_blobs(conn):
        count += 1
        key_id = KeyId(one.key_id)
        if not keys.was_destroyed(key_id) and not (keys.exists(key_id) and (data / blob_path(one.blob_id)).is_file()):
            gone.append(one.blob_id)
    if gone:
        words = f"{len(gone)} of {count} papers are not on the disk, or their keys are not."
        return problem("papers", words, "Restore a backup, and tell the security officer.")
    return ok("papers", f"All {count} papers and their keys are there.")


def _some(paths: list[Path]) -> str:
    shown = ", ".join(str(path) for path in paths[:SHOWN])
    return f"{shown} and {len(paths) - SHOWN} more" if len(paths) > SHOWN else shown
