"""Passwords: argon2id with the low-memory profile of RFC 9106 §4, checked in threads, never on the event loop."""

import asyncio
import contextlib
import secrets
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from auth.errors import SignInBusy, WeakPassword, WrongPassword

if TYPE_CHECKING:
    from auth.directory import Person

MIN_LENGTH = 12  # characters, for new passwords
MAX_LENGTH = 256
MIN_SECRET = 6  # characters that neither the person's names nor a list of common words give away
MIN_DIFFERENT = 5
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()")
SEPARATORS = frozenset(" .,-_'")
# What leads every list of guesses, here and in English, without case, marks and spaces.
_COMMON = """
    password passwort matkhau anhyeuem emyeuanh iloveyou welcome xinchao admin administrator letmein secret vietnam
    hanoi saigon plenum monkey dragon football sunshine princess qwerty azerty changeme default
    2020 2021 2022 2023 2024 2025 2026 2027
"""
COMMON = frozenset(_COMMON.split())
MAX_WAITING = 200  # checks in the queue; at two a tenth of a second the last waits ten seconds
MAX_WAITING_PER_SOURCE = 4  # so that one source cannot fill the queue

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    """Return the encoded argon2id hash of a password; takes about a twentieth of a second and 64 MiB."""
    return _hasher.hash(_prepared(password))


def verify_password(password_hash: str, password: str) -> None:
    """Check a password. Raises WrongPassword, also for one that no hash can belong to."""
    try:
        _hasher.verify(password_hash, _prepared(password))
    except (VerificationError, InvalidHashError) as error:
        raise WrongPassword from error


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_new_password(password: str, person: "Person") -> None:
    """Check a password that somebody chooses: 12 to 256 characters, and not what others would try first.

    What is left of it without the person's own names and the commonest words has to be long enough to be a secret;
    there are no rules on kinds of characters (OWASP ASVS 5.0 §6.2). Raises WeakPassword.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"Choose a password of {MIN_LENGTH} to {MAX_LENGTH} characters.")
    plain = _plain(password)
    if len(set(plain)) < MIN_DIFFERENT or _repeats(plain) or len(_secret_part(plain, person)) < MIN_SECRET:
        raise WeakPassword("This password is easily guessed. Choose one without names, common words and sequences.")


def _secret_part(plain: str, person: "Person") -> str:
    """Return what a guesser who knows the person would still have to guess."""
    own = [_plain(word) for word in (person.username, *person.name.split()) if len(word) > 2]
    for word in sorted({_plain(person.name), *own, *COMMON}, key=len, reverse=True):
        plain = plain.replace(word, "") if word else plain
    return "".join(letter for letter, before in zip(plain, "\0" + plain, strict=False) if not _follows(before, letter))


def _follows(before: str, letter: str) -> bool:
    """Whether a letter is the next or the same in the alphabet, the digits, or a row of the keyboard."""
    return ord(letter) - ord(before) in (0, 1, -1) or any(before + letter in row for row in KEYBOARD)


def _repeats(plain: str) -> bool:
    """Whether the whole is one short piece again and again (a rotation of itself)."""
    return plain in (plain + plain)[1:-1]


def _plain(text: str) -> str:
    """Return a text without case, marks and separators, as a guesser writes it."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in folded if letter not in SEPARATORS and not unicodedata.combining(letter))


class _Queue:
    """Whose turn it is: ``limit`` at a time; a bounded number wait, few of them from one source."""

    def __init__(self, limit: int, max_waiting: int) -> None:
        self._slots = asyncio.Semaphore(limit)
        self._max_waiting = max_waiting
        self._waiting: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises SignInBusy when too many wait already, in all or from this source."""
        if self._waiting.total() >= self._max_waiting or self._waiting[source] >= MAX_WAITING_PER_SOURCE:
            raise SignInBusy
        self._waiting[source] += 1
        try:
            async with self._slots:
                yield
        finally:
            self._waiting[source] -= 1
            self._waiting += Counter()  # forgets who has none left


class PasswordChecker:
    """Checks passwords in threads, at most ``limit`` at a time, with the same work for unknown users.

    Who is signed in already has a turn of his own, which no crowd before the door can take.
    """

    def __init__(self, limit: int = 2, max_waiting: int = MAX_WAITING) -> None:
        self._strangers = _Queue(limit, max_waiting)
        self._signed_in = _Queue(1, max_waiting)
        # Nobody knows its password, so checking against it takes the usual time and always fails.
        self._nobody = hash_password(secrets.token_urlsafe())

    async def check(self, password_hash: str | None, password: str, source: str) -> None:
        """Check a stranger's password against a stored hash, or against nobody's when there is none.

        ``source`` is what counts as one origin (:func:`auth.throttle.source_key`). Raises WrongPassword, and SignInBusy
        when too many wait already.
        """
        async with self._strangers.turn(source):
            await asyncio.to_thread(verify_password, password_hash or self._nobody, password)

    async def confirm(self, password_hash: str | None, password: str, person_id: str) -> None:
        """Check the password of somebody who is signed in. Raises like ``check``."""
        async with self._signed_in.turn(person_id):
            await asyncio.to_thread(verify_password, password_hash or self._nobody, password)

    async def hash(self, password: str, person_id: str) -> str:
        """Hash somebody's new password, in the queue of those who are signed in. Raises SignInBusy."""
        async with self._signed_in.turn(person_id):
            return await asyncio.to_thread(hash_password, password)


def _prepared(password: str) -> bytes:
    # RFC 8265 §4.2: keyboards disagree on how Vietnamese letters are composed. The bound keeps long input cheap.
    if len(password) > MAX_LENGTH:
        raise WrongPassword
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
