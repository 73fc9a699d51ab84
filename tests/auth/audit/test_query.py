import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from auth.audit.entry import Action, AuditEntry, Outcome
from auth.audit.log import AuditLog
from auth.audit.once import (
    MAX_SOURCES_PER_MINUTE,
    OTHER_SOURCES,
    aggregate_failure,
    flush_failures,
    forget_views,
    view_once,
)
from auth.audit.query import AuditQuery, erase_details, export, get_entry, search
from tests.auth.audit.conftest import START, batch, entry, fill

DENIAL = AuditEntry(action=Action.DENIAL, at=START + timedelta(hours=1), actor="person1", outcome=Outcome.DENIED)


def indexes(engine: Engine, query: AuditQuery) -> list[int]:
    with engine.connect() as conn:
        return [found.index for found in search(conn, query)]


def test_the_log_is_searched_newest_first_by_everything_an_officer_asks(engine: Engine, log: AuditLog) -> None:
    fill(engine, log, 30)
    with batch(engine, log) as conn:
        log.append(conn, DENIAL)
    assert indexes(engine, AuditQuery(limit=3)) == [30, 29, 28]
    assert indexes(engine, AuditQuery(limit=3, before_index=28)) == [27, 26, 25]
    assert indexes(engine, AuditQuery(actor="person1")) == [30, 29, 22, 15, 8, 1]
    assert indexes(engine, AuditQuery(object_id="poll2", limit=2)) == [29, 26]
    assert indexes(engine, AuditQuery(object_type="paper")) == []
    assert indexes(engine, AuditQuery(action=Action.DENIAL)) == [30]
    assert indexes(engine, AuditQuery(outcome=Outcome.DENIED)) == [30]
    assert indexes(engine, AuditQuery(since=entry(28).at, until=DENIAL.at)) == [29, 28]
    assert indexes(engine, AuditQuery(actor="x' OR 1=1 --")) == []
    assert indexes(engine, AuditQuery(limit=-1)) == []


def test_an_entry_is_found_whole_and_after_erasure_without_its_details(engine: Engine, log: AuditLog) -> None:
    fill(engine, log, 3)
    with engine.begin() as conn:
        found = get_entry(conn, 1)
        assert found is not None and not found.erased
        assert found.entry == entry(1)
        assert erase_details(conn, entry(2).at) == 2
        erased = get_entry(conn, 1)
        assert erased is not None and erased.erased and erased.entry.details == {}
        assert erased.entry.actor == "person1"
        assert get_entry(conn, 3) is None


def test_the_export_holds_the_bytes_that_were_hashed(engine: Engine, log: AuditLog) -> None:
    fill(engine, log, 3)
    with engine.begin() as conn:
        erase_details(conn, entry(1).at)
        lines = [json.loads(line) for line in export(conn)]
    assert [line["index"] for line in lines] == [0, 1, 2]
    assert lines[0]["salt"] is lines[0]["details"] is None
    assert json.loads(lines[1]["details"]) == entry(1).details
    assert json.loads(lines[2]["leaf"])["actor"] == "person2"


def view(session: str = "s1", version: str = "v3", actor: str = "p", hours: int = 0) -> AuditEntry:
    return AuditEntry(
        action=Action.PAPER_VIEW,
        at=START + timedelta(hours=hours),
        actor=actor,
        object_type="version",
        object_id=version,
        session=session,
    )


def test_a_view_is_logged_once_per_person_version_and_session(engine: Engine, log: AuditLog) -> None:
    with batch(engine, log) as conn:
        assert [view_once(conn, log, view()) for _ in range(3)] == [0, None, None]
        others = [view(session="s2"), view(version="v4"), view(actor="q")]
        assert [view_once(conn, log, other) for other in others] == [1, 2, 3]
    with batch(engine, log) as conn:
        assert view_once(conn, log, view()) is None
        assert forget_views(conn, START + timedelta(hours=1)) == 4
        assert view_once(conn, log, view(hours=2)) == 4


def test_a_view_that_was_rolled_back_is_logged_when_it_happens_again(engine: Engine, log: AuditLog) -> None:
    with engine.connect() as conn:
        view_once(conn, log, view())
        conn.rollback()
        log.discard()
    with batch(engine, log) as conn:
        assert view_once(conn, log, view()) == 0


def test_failures_of_strangers_are_counted_per_source_and_minute(engine: Engine, log: AuditLog) -> None:
    with batch(engine, log) as conn:
        indexes = [aggregate_failure(conn, log, "192.0.2.1", START) for _ in range(1000)]
        assert indexes == [0] + [None] * 999
        assert aggregate_failure(conn, log, "192.0.2.2", START) == 1
        assert flush_failures(conn, log, START + timedelta(seconds=59)) == 0
        assert aggregate_failure(conn, log, "192.0.2.1", START + timedelta(minutes=1)) == 2
        assert flush_failures(conn, log, START + timedelta(minutes=1)) == 1
        assert flush_failures(conn, log, START + timedelta(minutes=1)) == 0
    with engine.connect() as conn:
        newest = search(conn, AuditQuery(limit=1))[0].entry
    assert newest.action is Action.LOGON_FAILURE and newest.outcome is Outcome.FAILURE and newest.actor is None
    assert newest.details == {"source": "192.0.2.1", "count": 1000, "minute": "2026-11-20T08:00:00+00:00"}


def test_a_thousand_sources_in_one_minute_cannot_fill_the_log(engine: Engine, log: AuditLog) -> None:
    with batch(engine, log) as conn:
        for number in range(1000):
            aggregate_failure(conn, log, f"10.0.{number // 256}.{number % 256}", START)
        assert log.size == MAX_SOURCES_PER_MINUTE + 1
        assert flush_failures(conn, log, START + timedelta(minutes=1)) == 1
    with engine.connect() as conn:
        newest = search(conn, AuditQuery(limit=1))[0].entry
    assert newest.details["source"] == OTHER_SOURCES
    assert newest.details["count"] == 1000 - MAX_SOURCES_PER_MINUTE


@pytest.mark.parametrize("action", [Action.DENIAL, Action.LOGON_FAILURE])
def test_kinds_of_failure_are_counted_apart(engine: Engine, log: AuditLog, action: Action) -> None:
    with batch(engine, log) as conn:
        aggregate_failure(conn, log, "192.0.2.1", START, Action.STEP_UP)
        assert aggregate_failure(conn, log, "192.0.2.1", START, action) == 1
