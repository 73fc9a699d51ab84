import hashlib
import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.audit.entry import (
    MAX_INTEGER,
    Action,
    AuditEntry,
    Detail,
    Outcome,
    canonical,
    commitment,
    seal,
    unseal,
    unseal_committed,
)
from auth.errors import EntryInvalid
from tests.auth.audit.conftest import START, entry

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
details = st.dictionaries(
    st.text(st.characters(max_codepoint=127), max_size=10),
    st.one_of(text, st.booleans(), st.none(), st.integers(-MAX_INTEGER, MAX_INTEGER)),
    max_size=6,
)


@given(details)
def test_canonical_json_is_json_sorted_and_without_spaces(fields: dict[str, Detail]) -> None:
    assert json.loads(canonical(fields)) == fields
    # Control characters are where json.dumps and RFC 8785 agree as well.
    assert canonical(fields) == json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_a_leaf_holds_ids_and_a_commitment_but_no_details() -> None:
    sealed = seal(entry(3, name="Nguyễn Văn A", ip="192.0.2.7"))
    assert json.loads(sealed.leaf) == {
        "action": "poll.cast",
        "actor": "person3",
        "at": 1_795_161_603_000,
        "commitment": hashlib.sha256(sealed.salt + sealed.details.encode()).hexdigest(),
        "object": "poll0",
        "outcome": "success",
        "session": "session",
        "site": "site",
        "type": "poll",
        "v": 1,
    }
    assert sealed.leaf == canonical(json.loads(sealed.leaf)).encode()
    assert "Nguyễn" in sealed.details
    assert "Nguyễn".encode() not in sealed.leaf and b"192.0.2.7" not in sealed.leaf


def test_equal_details_cannot_be_recognised_by_their_commitments() -> None:
    first, second = seal(entry(1)), seal(entry(1))
    assert unseal_committed(first.leaf)[1] != unseal_committed(second.leaf)[1]
    assert commitment(first.salt, first.details) == unseal_committed(first.leaf)[1]


@given(details, st.sampled_from(Action), st.sampled_from(Outcome), st.one_of(st.none(), text))
def test_an_entry_comes_back_as_it_was_sealed(
    fields: dict[str, Detail], action: Action, outcome: Outcome, actor: str | None
) -> None:
    logged = AuditEntry(action=action, at=START, outcome=outcome, actor=actor, details=fields)
    sealed = seal(logged)
    assert unseal(sealed.leaf, json.loads(sealed.details)) == logged


def test_times_are_kept_to_the_millisecond() -> None:
    sealed = seal(AuditEntry(action=Action.SYSTEM_START, at=START + timedelta(microseconds=1999)))
    assert unseal(sealed.leaf, {}).at == START + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "bad",
    [
        {"details": {"ratio": 0.5}},
        {"details": {"nested": {}}},
        {"details": {"tên": "x"}},
        {"details": {"big": MAX_INTEGER + 1}},
        {"details": {"long": "x" * 20_000}},
        {"details": {"half": "\ud800"}},
        {"actor": "\ud800"},
        {"actor": "x" * 129},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 — the zone is missing on purpose
    ],
)
def test_what_would_not_come_back_the_same_is_refused(bad: dict[str, object]) -> None:
    values = {"action": Action.SYSTEM_START, "at": START, **bad}
    with pytest.raises(EntryInvalid):
        seal(AuditEntry(**values))  # type: ignore[arg-type]


@pytest.mark.parametrize("leaf", [b"", b"[]", b"{}", b"\xff", b'{"action":"no.such","at":1}', b"1"])
def test_foreign_leaves_are_refused(leaf: bytes) -> None:
    with pytest.raises(EntryInvalid):
        unseal(leaf, {})
    with pytest.raises(EntryInvalid):
        unseal_committed(leaf)
