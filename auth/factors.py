"""Fresh proof of identity before a sensitive act. A new factor gets a ``StepUpMethod`` and a row in the table."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from auth.directory import Credentials
from auth.passwords import PasswordChecker


class StepUpMethod(StrEnum):
    """How somebody proves again who they are; logged with every step-up."""

    PASSWORD = "password"  # noqa: S105 — the name of a method


async def _password(checker: PasswordChecker, credentials: Credentials, proof: str) -> None:
    await checker.confirm(credentials.password_hash, proof, credentials.person_id)


_VERIFIERS: dict[StepUpMethod, Callable[[PasswordChecker, Credentials, str], Awaitable[None]]] = {
    StepUpMethod.PASSWORD: _password,
}


async def verify_factor(checker: PasswordChecker, method: StepUpMethod, credentials: Credentials, proof: str) -> None:
    """Check a proof. Raises WrongPassword or SignInBusy; the caller throttles as at sign-in."""
    await _VERIFIERS[method](checker, credentials, proof)
