"""Passwords: argon2id with the low-memory profile of RFC 9106 §4, checked in threads, never on the event loop."""

import asyncio
import contextlib
import secrets
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from auth.errors import SignInBusy, WeakPassword, WrongPassword

MIN_LENGTH = 12  # characters, for new passwords
MAX_LENGTH = 256
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


def require_strong(password: str, *forbidden: str) -> None:
    """Check a new password: 12 to 256 characters, and not one of ``forbidden`` (user name, old ones).

    There are no rules on kinds of characters (OWASP ASVS 5.0 §6.2). Raises WeakPassword.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"Choose a password of {MIN_LENGTH} to {MAX_LENGTH} characters.")
    if len(set(password)) < 5 or password.casefold() in {word.casefold() for word in forbidden}:
        raise WeakPassword("Choose a password that is harder to guess.")


class _Queue:
    """Whose turn it is: ``limit`` at a time; a bounded number wait, few of them from one source."""

    def __init__(self, limit: int, max_waiting: int) -> None:
        self.slots = asyncio.Semaphore(limit)
        self._max_waiting = max_waiting
        self._waiting: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises SignInBusy when too many wait already, in all or from this source."""
        if self._waiting.total() >= self._max_waiting or self._waiting[source] >= MAX_WAITING_PER_SOURCE:
            raise SignInBusy
        self._waiting[source] += 1
        try:
            async with self.slots:
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

    async def hash(self, password: str) -> str:
        """Hash a new password, in the queue of those who are signed in."""
        async with self._signed_in.slots:
            return await asyncio.to_thread(hash_password, password)


def _prepared(password: str) -> bytes:
    # RFC 8265 §4.2: keyboards disagree on how Vietnamese letters are composed. The bound keeps long input cheap.
    if len(password) > MAX_LENGTH:
        raise WrongPassword
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
