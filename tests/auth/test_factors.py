"""Second factors in the database: enrolment, codes that are good once, recovery codes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, create_engine, event, select

from auth import factors, recovery_codes, totp
from auth.directory import Person, add_person
from auth.errors import FactorUnreadable, NoEnrolment, WrongCode
from auth.factor_tables import recovery_code, totp_factor
from auth.factors import Factor
from auth.sealing import FactorSeal
from tests.auth.conftest import open_database

SEAL = FactorSeal(bytes(32))
SECRET = bytes(range(20))


def code(now: datetime, steps: int = 0) -> str:
    return totp.code_at(SECRET, totp.counter_at(now) + steps)


@pytest.fixture
def enrolled(conn: Connection, member: Person, now: datetime) -> Person:
    factors.enrol(conn, SEAL, member.id, SECRET, now)
    return member


def test_a_code_is_good_once(conn: Connection, enrolled: Person, now: datetime) -> None:
    assert factors.use_code(conn, SEAL, enrolled.id, code(now), now) is Factor.TOTP
    with pytest.raises(WrongCode):
        factors.use_code(conn, SEAL, enrolled.id, code(now), now)
    assert factors.use_code(conn, SEAL, enrolled.id, f" {code(now, 1)[:3]} {code(now, 1)[3:]} ", now) is Factor.TOTP


def test_a_code_of_one_person_is_not_spent_for_another(conn: Connection, enrolled: Person, now: datetime) -> None:
    other = add_person(conn, username="other", name="Other", now=now)
    factors.enrol(conn, SEAL, other.id, SECRET, now)
    factors.use_code(conn, SEAL, enrolled.id, code(now), now)
    factors.use_code(conn, SEAL, other.id, code(now), now)


def test_a_spent_code_stays_spent_after_a_restart(database: Path, now: datetime) -> None:
    engine = open_database(database)
    with engine.begin() as conn:
        person = add_person(conn, username="p", name="P", now=now)
        factors.enrol(conn, SEAL, person.id, SECRET, now)
        factors.use_code(conn, SEAL, person.id, code(now), now)
    engine.dispose()
    again = open_database(database)
    with again.begin() as conn, pytest.raises(WrongCode):
        factors.use_code(conn, SEAL, person.id, code(now), now)
    again.dispose()


@pytest.mark.parametrize("kind", [Factor.TOTP, Factor.RECOVERY_CODE])
def test_of_parallel_uses_of_one_code_exactly_one_counts(database: Path, now: datetime, kind: Factor) -> None:
    with (engine := open_database(database)).begin() as conn:
        person = add_person(conn, username="p", name="P", now=now)
        factors.enrol(conn, SEAL, person.id, SECRET, now)
        recovery = factors.replace_recovery_codes(conn, person.id)[0]
    engine.dispose()
    text = code(now) if kind is Factor.TOTP else recovery
    together = Barrier(8)

    def use() -> str:
        own = create_engine(f"sqlite:///{database}", connect_args={"timeout": 30})
        event.listen(own, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        event.listen(own, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
        together.wait()
        try:
            with own.begin() as conn:
                return factors.use_code(conn, SEAL, person.id, text, now).value
        except WrongCode:
            return "refused"
        finally:
            own.dispose()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(future.result() for future in [pool.submit(use) for _ in range(8)])
    assert answers.count(kind.value) == 1
    assert answers.count("refused") == 7


def test_enrolling_needs_the_first_code_and_spends_it(conn: Connection, member: Person, now: datetime) -> None:
    secret = factors.begin_enrolment(conn, SEAL, member.id, now)
    first = totp.code_at(secret, totp.counter_at(now))
    assert not factors.has_second_factor(conn, member.id)
    with pytest.raises(WrongCode):
        factors.confirm_enrolment(conn, SEAL, member.id, "000000" if first != "000000" else "111111", now)
    assert not factors.has_second_factor(conn, member.id)
    codes = factors.confirm_enrolment(conn, SEAL, member.id, first, now)
    assert factors.factors_of(conn, member.id) == factors.Factors(now, 10)
    assert len(set(codes)) == 10
    with pytest.raises(WrongCode):
        factors.use_code(conn, SEAL, member.id, first, now)
    with pytest.raises(NoEnrolment):
        factors.confirm_enrolment(conn, SEAL, member.id, first, now)


def test_an_enrolment_does_not_wait_for_ever(conn: Connection, member: Person, now: datetime) -> None:
    secret = factors.begin_enrolment(conn, SEAL, member.id, now)
    later = now + factors.ENROLMENT_LASTS
    with pytest.raises(NoEnrolment):
        factors.confirm_enrolment(conn, SEAL, member.id, totp.code_at(secret, totp.counter_at(later)), later)


def test_the_old_authenticator_works_until_the_new_one_has_answered(
    conn: Connection, enrolled: Person, now: datetime
) -> None:
    old_codes = factors.replace_recovery_codes(conn, enrolled.id)
    secret = factors.begin_enrolment(conn, SEAL, enrolled.id, now)
    factors.use_code(conn, SEAL, enrolled.id, code(now), now)
    factors.confirm_enrolment(conn, SEAL, enrolled.id, totp.code_at(secret, totp.counter_at(now)), now)
    for void in (code(now, 1), old_codes[0]):
        with pytest.raises(WrongCode):
            factors.use_code(conn, SEAL, enrolled.id, void, now)


def test_a_recovery_code_is_good_once_however_it_is_typed(conn: Connection, enrolled: Person, now: datetime) -> None:
    first, second, *_ = factors.replace_recovery_codes(conn, enrolled.id)
    assert factors.use_code(conn, SEAL, enrolled.id, first, now) is Factor.RECOVERY_CODE
    with pytest.raises(WrongCode):
        factors.use_code(conn, SEAL, enrolled.id, first, now)
    assert factors.factors_of(conn, enrolled.id).recovery_codes_left == 9
    factors.use_code(conn, SEAL, enrolled.id, f" {second.upper().replace('-', ' ')} ", now)
    assert factors.factors_of(conn, enrolled.id).recovery_codes_left == 8


def test_new_recovery_codes_make_the_old_ones_void(conn: Connection, enrolled: Person, now: datetime) -> None:
    old = factors.replace_recovery_codes(conn, enrolled.id)
    factors.replace_recovery_codes(conn, enrolled.id)
    with pytest.raises(WrongCode):
        factors.use_code(conn, SEAL, enrolled.id, old[0], now)


def test_nothing_opens_an_account_without_a_second_factor(conn: Connection, member: Person, now: datetime) -> None:
    codes = factors.replace_recovery_codes(conn, member.id)
    for text in (codes[0], "000000", ""):
        with pytest.raises(WrongCode):
            factors.use_code(conn, SEAL, member.id, text, now)


def test_a_reset_takes_everything_and_may_be_repeated(conn: Connection, enrolled: Person, now: datetime) -> None:
    factors.replace_recovery_codes(conn, enrolled.id)
    assert factors.people_with_second_factor(conn) == {enrolled.id}
    for _ in range(2):
        factors.reset_factors(conn, enrolled.id)
        assert factors.factors_of(conn, enrolled.id) == factors.Factors(None, 0)
    assert factors.people_with_second_factor(conn) == frozenset()


def test_neither_secret_nor_recovery_code_lies_in_the_database_in_the_clear(conn: Connection, enrolled: Person) -> None:
    codes = factors.replace_recovery_codes(conn, enrolled.id)
    stored = conn.execute(select(totp_factor.c.sealed_secret)).scalar_one()
    hashes = list(conn.execute(select(recovery_code.c.code_hash)).scalars())
    assert SECRET not in stored
    assert not {one.encode() for one in codes} & set(hashes)
    assert recovery_codes.digest("somebody else", "a" * 16) != recovery_codes.digest(enrolled.id, "a" * 16)


def test_a_sealed_secret_opens_for_its_person_and_key_only(enrolled: Person) -> None:
    sealed = SEAL.seal(enrolled.id, SECRET)
    assert SEAL.open(enrolled.id, sealed) == SECRET
    for seal, person_id, data in (
        (FactorSeal(b"\1" * 32), enrolled.id, sealed),
        (SEAL, type(enrolled.id)("somebody else"), sealed),
        (SEAL, enrolled.id, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (SEAL, enrolled.id, b"short"),
    ):
        with pytest.raises(FactorUnreadable):
            seal.open(person_id, data)
    assert "x00" not in repr(SEAL)


def test_what_can_never_be_valid_again_is_forgotten(conn: Connection, enrolled: Person, now: datetime) -> None:
    factors.use_code(conn, SEAL, enrolled.id, code(now), now)
    assert factors.forget_used(conn, now - timedelta(hours=1)) == 0
    assert factors.forget_used(conn, now + timedelta(hours=1)) == 1


@pytest.mark.parametrize("text", ["", "abcd", "abcd-efgh-ijkl-mno1", "abcd-efgh-ijkl-mnop-qrst", "ábcd-efgh-ijkl-mnop"])
def test_what_cannot_be_a_recovery_code_is_none(text: str) -> None:
    assert recovery_codes.canonical(text) is None
