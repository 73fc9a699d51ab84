import asyncio
from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from auth import passwords
from auth.directory import Person
from auth.errors import SignInBusy, WeakPassword, WrongPassword
from auth.model import Label, OrgRole, PersonId
from auth.passwords import PasswordChecker, check_new_password, hash_password, needs_rehash, verify_password

HASH = hash_password("đúng mật khẩu")


def test_hashes_are_argon2id_with_the_low_memory_profile_of_rfc_9106() -> None:
    assert HASH.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password("đúng mật khẩu") != HASH
    assert not needs_rehash(HASH)
    assert needs_rehash("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A")


def test_a_password_verifies_however_its_letters_are_composed() -> None:
    verify_password(HASH, "đúng mật khẩu")
    verify_password(HASH, "đúng mật khẩu")  # decomposed accents


@pytest.mark.parametrize("wrong", ["", "x", "Đúng mật khẩu", "x" * 100_000, "\ud800"])
def test_a_wrong_password_raises(wrong: str) -> None:
    with pytest.raises(WrongPassword):
        verify_password(HASH, wrong)


def test_a_broken_hash_looks_like_a_wrong_password() -> None:
    with pytest.raises(WrongPassword):
        verify_password("not a hash", "x")


async def test_an_unknown_user_costs_the_same_work_as_a_wrong_password() -> None:
    checker = PasswordChecker()
    with patch.object(passwords, "verify_password", wraps=passwords.verify_password) as verify:
        for stored in (HASH, None):
            with pytest.raises(WrongPassword):
                await checker.check(stored, "guess", "source")
    known, unknown = (call.args[0] for call in verify.call_args_list)
    assert known.split("$")[:4] == unknown.split("$")[:4]  # same algorithm, version and cost


async def test_checks_run_at_most_two_at_a_time_and_off_the_event_loop() -> None:
    checker = PasswordChecker(limit=2)
    running, most = 0, 0

    async def counted(_function: object, *_arguments: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    with patch("asyncio.to_thread", counted):
        await asyncio.gather(*(checker.check(HASH, "x", str(number)) for number in range(8)))
    assert most == 2
    await checker.check(HASH, "đúng mật khẩu", "source")


async def test_a_full_queue_refuses_instead_of_growing() -> None:
    checker = PasswordChecker(limit=1, max_waiting=1)
    first = asyncio.create_task(checker.check(HASH, "đúng mật khẩu", "source"))
    await asyncio.sleep(0)
    with pytest.raises(SignInBusy):
        await checker.check(HASH, "đúng mật khẩu", "source")
    await first
    await checker.check(HASH, "đúng mật khẩu", "source")


async def test_one_source_fills_neither_the_queue_of_others_nor_that_of_the_signed_in() -> None:
    checker = PasswordChecker()
    door = asyncio.Event()

    async def held(_function: object, *_arguments: object) -> None:
        await door.wait()

    with patch("asyncio.to_thread", held):
        waiting = [asyncio.create_task(checker.check(None, "x", "stranger")) for _ in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(SignInBusy):
            await checker.check(None, "x", "stranger")
        other = asyncio.create_task(checker.check(HASH, "x", "elsewhere"))
        await asyncio.sleep(0)
        assert not other.done()  # it waits for its turn and was not refused
    await checker.confirm(HASH, "đúng mật khẩu", "person")  # while strangers hold all turns
    door.set()
    await asyncio.gather(*waiting, other, return_exceptions=True)
    await checker.check(HASH, "đúng mật khẩu", "stranger")


async def test_one_person_does_not_fill_the_queue_of_the_signed_in_with_new_passwords() -> None:
    checker, door = PasswordChecker(), asyncio.Event()

    async def held(_function: object, *_arguments: object) -> None:
        await door.wait()

    with patch("asyncio.to_thread", held):
        waiting = [asyncio.create_task(checker.hash("x", "person")) for _ in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(SignInBusy):
            await checker.hash("x", "person")
        door.set()
        await asyncio.gather(*waiting)


async def test_a_checker_hashes_what_it_can_check() -> None:
    checker = PasswordChecker()
    await checker.check(await checker.hash("một mật khẩu mới", "person"), "một mật khẩu mới", "source")


MINH = Person(
    id=PersonId("p"),
    username="minh.nguyen.2026",
    name="Nguyễn Đức Minh",
    title="",
    unit_id=None,
    site_id=None,
    clearance=Label.INTERNAL,
    locale="vi",
    roles=frozenset({OrgRole.MEMBER}),
    disabled_at=None,
    created_at=datetime(2026, 11, 20, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "Minh.Nguyen.2026",
        "nguyenducminh",
        "Nguyễn Đức Minh 1",
        "Password2026",
        "MatKhau.VietNam",
        "qwertyuiop[]",
        "1234567890ab",
        "abcdabcdabcd",
        "!@#$%^&*()!@",
        "            ",
    ],
)
def test_what_others_would_guess_first_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check_new_password(weak, MINH)


@pytest.mark.parametrize(
    "strong", ["bốn từ không liên quan", "k!9$w#2@p%7&", "correct horse battery", "会议-纪要-归档-保存-明天"]
)
def test_long_passwords_of_any_letters_are_welcome(strong: str) -> None:
    check_new_password(strong, MINH)
