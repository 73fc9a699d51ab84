"""The rules that call an officer, and the alerts that they raise."""

import dataclasses
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from auth.audit.alert_store import (
    MAX_OPEN_PER_RULE,
    OTHERS,
    acknowledge,
    count_open,
    handled,
    list_alerts,
    raise_alert,
    remember_watched,
    watched_until,
)
from auth.audit.alerts import (
    AlertPolicy,
    Occurrence,
    OfficeHours,
    Rule,
    Signal,
    evaluate,
    parse_office_hours,
)
from auth.audit.entry import Action, AuditEntry, LoggedEntry, Outcome
from auth.audit.log import AuditLog
from auth.audit.once import aggregate_account, aggregate_failure, flush_failures
from auth.audit.watch import place_of, read_on
from auth.directory import Person
from auth.errors import AlertSettled, AlertUnknown
from tests.auth.audit.conftest import START, batch

POLICY = AlertPolicy()


def logged(index: int, action: Action, seconds: float = 0, **fields: object) -> LoggedEntry:
    at = START + timedelta(seconds=seconds)
    return LoggedEntry(index, AuditEntry(action=action, at=at, **fields), b"", erased=False)  # type: ignore[arg-type]


def denials(count: int, *, every_s: float = 1, actor: str | None = "p", first: int = 0) -> list[LoggedEntry]:
    return [
        logged(first + number, Action.DENIAL, number * every_s, actor=actor, outcome=Outcome.DENIED)
        for number in range(count)
    ]


def rules(entries: list[LoggedEntry], **given: object) -> list[tuple[Rule, str]]:
    found = evaluate(entries, given.get("places", {}), given.get("handled", {}), given.get("policy", POLICY))  # type: ignore[arg-type]
    return [(one.rule, one.about) for one in found]


def test_ten_denials_of_one_person_within_five_minutes_are_a_burst() -> None:
    assert rules(denials(9)) == []
    assert rules(denials(10)) == [(Rule.DENIALS, "person:p")]
    assert rules(denials(10, every_s=60)) == []
    assert rules([*denials(5), *denials(5, actor="q", first=5)]) == []


def test_denials_of_strangers_count_by_their_address() -> None:
    stranger = [logged(n, Action.DENIAL, n, outcome=Outcome.DENIED, details={"source": "192.0.2.7"}) for n in range(10)]
    assert rules(stranger) == [(Rule.DENIALS, "source:192.0.2.7")]


def test_what_was_acknowledged_is_no_evidence_any_more() -> None:
    done = {(Rule.DENIALS, "person:p"): 9}
    assert rules(denials(15), handled=done) == []
    assert rules(denials(20), handled=done) == [(Rule.DENIALS, "person:p")]


def test_a_burst_holds_only_the_entries_of_its_time() -> None:
    entries = [*denials(3), *[dataclasses.replace(one, index=one.index + 3) for one in _late(denials(10))]]
    (signal,) = evaluate(entries, {}, {}, POLICY)
    assert [one.index for one in signal.occurrences] == list(range(3, 13))


def _late(entries: list[LoggedEntry]) -> list[LoggedEntry]:
    return [
        dataclasses.replace(one, entry=dataclasses.replace(one.entry, at=one.entry.at + timedelta(hours=1)))
        for one in entries
    ]


def test_counted_failures_weigh_what_they_count() -> None:
    first = logged(0, Action.LOGON_FAILURE, outcome=Outcome.FAILURE, details={"source": "192.0.2.7", "count": 1})
    minute = logged(1, Action.LOGON_FAILURE, 60, outcome=Outcome.FAILURE, details={"source": "192.0.2.7", "count": 10})
    assert rules([first]) == []
    (signal,) = evaluate([first, minute], {}, {}, POLICY)
    assert (signal.rule, signal.about) == (Rule.FAILED_SIGN_INS, "source:192.0.2.7")
    assert sum(one.weight for one in signal.occurrences) == 10


def test_failures_against_one_account_from_many_addresses_are_seen() -> None:
    failed = [
        logged(n, Action.LOGON_FAILURE, n, outcome=Outcome.FAILURE, object_type="person", object_id="p")
        for n in range(10)
    ]
    assert rules(failed) == [(Rule.FAILED_SIGN_INS, "person:p")]


def test_reading_thirty_different_papers_is_mass_reading_and_one_paper_thirty_times_is_not() -> None:
    def read(paper: int, number: int) -> LoggedEntry:
        return logged(number, Action.PAPER_DOWNLOAD, number, actor="p", object_type="paper", object_id=f"d{paper}:1")

    assert rules([read(number, number) for number in range(29)]) == []
    assert rules([read(number, number) for number in range(30)]) == [(Rule.MASS_READING, "person:p")]
    assert rules([read(1, number) for number in range(60)]) == []


def test_one_account_in_use_in_two_places_is_seen_and_two_devices_in_one_place_are_not() -> None:
    entries = [
        logged(0, Action.LOGON, 0, actor="p", session="s1"),
        logged(1, Action.PAPER_VIEW, 200, actor="p", session="s2"),
    ]
    far, near = {"s1": "site:north", "s2": "site:delta"}, {"s1": "site:north", "s2": "site:north"}
    assert rules(entries, places=far) == [(Rule.TWO_PLACES, "person:p")]
    assert rules(entries, places=near) == []
    assert rules(entries, places={"s1": "site:north"}) == []
    assert rules([entries[0], *_late([entries[1]])], places=far) == []


def test_sign_ins_off_hours_are_seen_only_where_hours_are_set() -> None:
    hours = OfficeHours(time(7), time(19), ZoneInfo("Asia/Ho_Chi_Minh"))
    friday = logged(0, Action.LOGON, 0, actor="p")  # 15:00 in Hà Nội
    night, saturday = logged(1, Action.LOGON, 5 * 3600, actor="p"), logged(2, Action.LOGON, 86_400, actor="p")
    policy = AlertPolicy(office_hours=hours)
    assert rules([friday], policy=policy) == []
    assert rules([night], policy=policy) == rules([saturday], policy=policy) == [(Rule.OFF_HOURS, "person:p")]
    assert rules([night, saturday]) == []


def test_office_hours_are_read_and_nonsense_is_refused() -> None:
    assert parse_office_hours("") is None
    found = parse_office_hours("07:00-19:00 Asia/Ho_Chi_Minh")
    assert found is not None and found.covers(datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    for text in ("7", "07:00-19:00 Nowhere/There", "19:00-07:00 UTC", "07:00-19:00"):
        with pytest.raises(ValueError, match="Office hours"):
            parse_office_hours(text)


def test_a_failed_verification_calls_at_once() -> None:
    assert rules([logged(0, Action.AUDIT_VERIFY, outcome=Outcome.FAILURE, actor="o")]) == [(Rule.LOG_BROKEN, "log")]
    assert rules([logged(0, Action.AUDIT_VERIFY, actor="o")]) == []


@pytest.mark.parametrize(
    ("action", "details"),
    [
        (Action.PERSON_CREATE, {"roles": "security_officer"}),
        (Action.ROLE_CHANGE, {"old": "member", "new": "administrator"}),
        (Action.ROLE_CHANGE, {"old": "security_officer", "new": "member"}),
        (Action.WELCOME_LINK, {"roles": "security_officer"}),
        (Action.FACTOR_RESET, {"roles": "administrator"}),
        (Action.PERSON_DISABLE, {"roles": "security_officer"}),
        (Action.PERSON_CHANGE, {"roles": "security_officer", "old_email": "o@example.org", "new_email": None}),
    ],
)
def test_whatever_touches_the_account_of_an_officer_or_administrator_is_told(
    action: Action, details: dict[str, str | None]
) -> None:
    touched = logged(0, action, actor="a", object_type="person", object_id="o", details=details)
    assert rules([touched]) == [(Rule.GUARDIANS, "person:o")]
    assert rules([touched], handled={(Rule.GUARDIANS, "person:o"): 0}) == []


def test_another_title_of_an_officer_calls_nobody() -> None:
    details = {"roles": "security_officer", "old_title": "Cán bộ", "new_title": "Trưởng phòng"}
    assert (
        rules([logged(0, Action.PERSON_CHANGE, actor="a", object_type="person", object_id="o", details=details)]) == []
    )


def test_other_accounts_and_seats_in_meetings_call_nobody() -> None:
    other = logged(0, Action.FACTOR_RESET, actor="a", object_type="person", object_id="m", details={"roles": "member"})
    seat = logged(1, Action.ROLE_CHANGE, actor="s", object_type="meeting", details={"to": "chair", "person": "m"})
    assert rules([other, seat]) == []


def signal(*indexes: int, about: str = "person:p", rule: Rule = Rule.DENIALS) -> Signal:
    return Signal(rule, about, tuple(Occurrence(index, START + timedelta(seconds=index)) for index in indexes))


def test_what_repeats_extends_the_open_alert_and_is_counted_once(conn: Connection) -> None:
    alert = raise_alert(conn, signal(1, 2, 3))
    assert alert is not None and alert.count == 3
    assert raise_alert(conn, signal(1, 2, 3)) is None
    assert raise_alert(conn, signal(2, 3, 4)) is None
    (found,) = list_alerts(conn, acknowledged=False)
    assert (found.count, found.evidence, found.last_index) == (4, (1, 2, 3, 4), 4)
    assert (found.first_at, found.last_at) == (START + timedelta(seconds=1), START + timedelta(seconds=4))


def test_evidence_keeps_the_beginning_and_the_end(conn: Connection) -> None:
    raise_alert(conn, signal(*range(500)))
    (found,) = list_alerts(conn, acknowledged=False)
    assert found.count == 500
    assert found.evidence == (*range(10), *range(460, 500))


def test_a_stranger_with_many_addresses_cannot_fill_the_disk(conn: Connection) -> None:
    for number in range(1000):
        raise_alert(conn, signal(number, about=f"source:10.0.{number // 256}.{number % 256}"))
    found = list_alerts(conn, acknowledged=False, limit=1000)
    assert len(found) == count_open(conn) == MAX_OPEN_PER_RULE + 1
    assert next(one.count for one in found if one.about == OTHERS) == 1000 - MAX_OPEN_PER_RULE
    assert raise_alert(conn, signal(1, rule=Rule.TWO_PLACES)) is not None  # other rules still speak


def test_an_alert_is_acknowledged_once_and_a_new_burst_opens_another(conn: Connection, member: Person) -> None:
    alert = raise_alert(conn, signal(1, 2))
    assert alert is not None
    now = START + timedelta(hours=1)
    done = acknowledge(conn, alert.id, member.id, "asked", now)
    assert (done.acknowledged_by, done.note, done.acknowledged_at) == (member.id, "asked", now)
    with pytest.raises(AlertSettled):
        acknowledge(conn, alert.id, member.id, "", now)
    with pytest.raises(AlertUnknown):
        acknowledge(conn, "nothing", member.id, "", now)
    assert handled(conn, START) == {(Rule.DENIALS, "person:p"): 2}
    assert raise_alert(conn, signal(3)) is not None
    assert count_open(conn) == 1


def test_how_far_the_rules_have_read_is_remembered(conn: Connection) -> None:
    assert watched_until(conn) is None
    for index in (5, 9):
        remember_watched(conn, index)
    assert watched_until(conn) == 9


def test_the_watch_looks_back_over_its_window_and_reports_only_what_is_new(engine: Engine, log: AuditLog) -> None:
    def deny(number: int) -> AuditEntry:
        at = START + timedelta(seconds=number)
        return AuditEntry(action=Action.DENIAL, at=at, outcome=Outcome.DENIED, actor="p")

    with batch(engine, log) as conn:
        for number in range(9):
            log.append(conn, deny(number))
    with engine.connect() as conn:
        first = read_on(conn, 0, {}, POLICY)
    assert (first.signals, first.next_index) == ([], 9)
    with batch(engine, log) as conn:
        log.append(conn, deny(9))
        log.append(conn, AuditEntry(action=Action.POLL_CAST, at=START + timedelta(seconds=10), actor="q"))
    with engine.connect() as conn:
        second = read_on(conn, 9, {}, POLICY)
        assert [len(one.occurrences) for one in second.signals] == [10]
        assert second.next_index == 11
        assert read_on(conn, 10, {}, POLICY).signals == []


def test_sessions_are_placed_by_where_they_began(engine: Engine, log: AuditLog) -> None:
    with batch(engine, log) as conn:
        for session, address in (("s1", "10.1.0.5"), ("s2", "10.2.0.5")):
            at, where = START, {"address": address}
            log.append(conn, AuditEntry(action=Action.LOGON, at=at, actor="p", session=session, details=where))
    with engine.connect() as conn:
        (found,) = read_on(conn, 0, {"north": ["10.1.0.0/16"]}, POLICY).signals
        assert found.rule is Rule.TWO_PLACES
        assert read_on(conn, 0, {"north": ["10.0.0.0/8"]}, POLICY).signals == []


def test_an_address_is_placed_in_its_site_or_its_network() -> None:
    networks = {"north": ("10.1.0.0/16",), "six": ("2001:db8:1::/48",)}
    assert place_of("10.1.2.3", networks) == "site:north"
    assert place_of("2001:db8:1::9", networks) == "site:six"
    assert place_of("192.0.2.7", networks) == place_of("192.0.2.200", networks) == "192.0.2.0/24"
    assert place_of("unknown", networks) == "unknown"


def test_failures_against_an_account_are_counted_beside_those_of_a_source(engine: Engine, log: AuditLog) -> None:
    with batch(engine, log) as conn:
        for number in range(30):
            aggregate_failure(conn, log, f"192.0.2.{number}", START)
            aggregate_account(conn, log, "person1", START)
        flush_failures(conn, log, START + timedelta(minutes=1))
    with engine.connect() as conn:
        (found,) = read_on(conn, 0, {}, POLICY).signals
    assert (found.about, sum(one.weight for one in found.occurrences)) == ("person:person1", 30)
