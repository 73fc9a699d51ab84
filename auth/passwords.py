"""Passwords: argon2id with the low-memory profile of RFC 9106 §4, checked in threads, never on the event loop."""

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from auth.errors import SignInBusy, WeakPassword, WrongPassword

MIN_LENGTH = 12  # characters, for new passwords
MAX_LENGTH = 256
MAX_WAITING = 200  # checks in the queue; at two a tenth of a second the last waits ten seconds

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


class PasswordChecker:
    """Checks passwords in threads, at most ``limit`` at a time, with the same work for unknown users."""

    def __init__(self, limit: int = 2, max_waiting: int = MAX_WAITING) -> None:
        self._slots = asyncio.Semaphore(limit)
        self._max_waiting = max_waiting
        self._waiting = 0
        # Nobody knows its password, so checking against it takes the usual time and always fails.
        self._nobody = hash_password(secrets.token_urlsafe())

    async def check(self, password_hash: str | None, password: str) -> None:
        """Check a password against a stored hash, or against nobody's when there is none.

        Raises WrongPassword, and SignInBusy when too many wait already.
        """
        if self._waiting >= self._max_waiting:
            raise SignInBusy
        self._waiting += 1
        try:
            async with self._slots:
                await asyncio.to_thread(verify_password, password_hash or self._nobody, password)
        finally:
            self._waiting -= 1

    async def hash(self, password: str) -> str:
        """Hash a new password, in the same queue."""
        async with self._slots:
            return await asyncio.to_thread(hash_password, password)


def _prepared(password: str) -> bytes:
    # RFC 8265 §4.2: keyboards disagree on how Vietnamese letters are composed. The bound keeps long input cheap.
    if len(password) > MAX_LENGTH:
        raise WrongPassword
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
