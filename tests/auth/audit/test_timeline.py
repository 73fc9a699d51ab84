from datetime import timedelta

from auth.audit.entry import Action, AuditEntry, LoggedEntry, Outcome
from auth.audit.groups import Group, actions_of, group_of
from auth.audit.timeline import PAUSE, sessions_in, stays, tell
from tests.auth.audit.conftest import START


def logged(index: int, action: Action, minutes: float = 0, **fields: object) -> LoggedEntry:
    given = {"actor": "p", "session": "s", "object_type": "paper", "object_id": "d1"} | fields
    made = AuditEntry(action=action, at=START + timedelta(minutes=minutes), **given)  # type: ignore[arg-type]
    return LoggedEntry(index, made, b"", erased=False)


def told(*entries: LoggedEntry) -> list[tuple[int, int]]:
    return [(line.first.index, line.count) for line in tell(entries)]


def test_what_somebody_repeats_is_told_once() -> None:
    edits = [logged(number, Action.MINUTES_EDIT, number) for number in range(5)]
    assert told(*edits) == [(0, 5)]
    (line,) = tell(edits)
    assert (line.last_at, line.newest) == (START + timedelta(minutes=4), 4)


def test_other_objects_people_outcomes_details_and_pauses_are_told_apart() -> None:
    first = logged(0, Action.PAPER_VIEW)
    assert told(first, logged(1, Action.PAPER_VIEW, object_id="d2")) == [(0, 1), (1, 1)]
    assert told(first, logged(1, Action.PAPER_VIEW, actor="q")) == [(0, 1), (1, 1)]
    assert told(first, logged(1, Action.PAPER_VIEW, session="t")) == [(0, 1), (1, 1)]
    assert told(first, logged(1, Action.PAPER_VIEW, outcome=Outcome.DENIED)) == [(0, 1), (1, 1)]
    assert told(first, logged(1, Action.PAPER_VIEW, details={"version": 2})) == [(0, 1), (1, 1)]
    late = PAUSE / timedelta(minutes=1) + 1
    assert told(first, logged(1, Action.PAPER_VIEW, late)) == [(0, 1), (1, 1)]


def test_what_others_do_in_between_does_not_cut_a_line_and_what_oneself_does_does() -> None:
    first, again = logged(0, Action.MINUTES_EDIT), logged(2, Action.MINUTES_EDIT)
    assert told(first, logged(1, Action.POLL_CAST, actor="q", session="t"), again) == [(0, 2), (1, 1)]
    assert told(first, logged(1, Action.POLL_CAST), again) == [(0, 1), (1, 1), (2, 1)]


def test_sessions_are_known_by_their_beginning_and_end() -> None:
    entries = [
        logged(0, Action.LOGON, 0, details={"address": "192.0.2.7", "factor": "password"}),
        logged(1, Action.PAPER_VIEW, 1),
        logged(2, Action.LOGOFF, 2),
        logged(3, Action.PAPER_VIEW, 3, session="other"),
    ]
    assert sessions_in(entries) == ["other", "s"]
    (stay,) = stays(entries).values()
    assert (stay.began_at, stay.ended_at) == (START, START + timedelta(minutes=2))
    assert (stay.person, stay.address, stay.factor) == ("p", "192.0.2.7", "password")


def test_every_action_belongs_to_one_group() -> None:
    grouped = [action for group in Group for action in actions_of(group)]
    assert sorted(grouped) == sorted(Action)
    assert group_of(Action.LOGON) is Group.SIGN_IN
    assert actions_of(Group.OTHER) == ()
