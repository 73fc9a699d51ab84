"""A fresh proof of presence: a code of whoever has a second factor, the password of everybody else."""

from aiohttp import web
from sqlalchemy import Connection

from auth import sessions, throttle
from auth.audit.entry import Action, AuditEntry, Outcome
from auth.directory import Credentials, credentials_of, get_person
from auth.errors import CodeRequired, IdentityError, SignInBusy, WrongCode, WrongPassword
from auth.factors import Factor, factors_of, has_second_factor, use_code
from auth.model import PersonId, Subject
from auth.permissions import Permission
from signaling.audit_entries import entry
from signaling.http.pipeline import COOKIE
from signaling.http.route import Call, Route
from signaling.http.session import me, source, with_cookie
from signaling.store.transaction import Transaction
from signaling.subjects import current_subject
from signaling.wire import identity as wire

Raised = tuple[str, wire.Me]


async def step_up(call: Call[wire.StepUp]) -> web.Response:
    """Check a fresh factor and open the window for what needs one."""
    token, body = await (_by_password(call) if call.body.code is None else _by_code(call, call.body.code))
    return with_cookie(body, token)


async def _by_code(call: Call[wire.StepUp], code: str) -> Raised:
    raised = await call.services.write(call.subject, lambda tx: _spend_code(tx, call, code))
    if isinstance(raised, WrongCode):
        raise raised
    return raised


def _spend_code(tx: Transaction, call: Call[wire.StepUp], code: str) -> Raised | WrongCode:
    """Return the new token; or what is wrong, instead of raising it, so that the attempt stays counted."""
    services, person_id = call.services, call.subject.person_id
    attempts = (
        throttle.begin_step_up(tx.conn, person_id, source(call.request).ip, tx.now, services.throttle),
        throttle.begin_code(tx.conn, person_id, tx.now),
    )
    try:
        factor = use_code(tx.conn, services.factor_seal, person_id, code, tx.now, window=services.code_window)
    except WrongCode as wrong:
        tx.audit(_failure(tx, call.subject, "code"))
        return wrong
    for attempt in attempts:
        throttle.succeed(tx.conn, attempt)
    return _raise(tx, call, factor)


async def _by_password(call: Call[wire.StepUp]) -> Raised:
    attempt = await _confirm_password(call, call.body.password or "")

    def raise_up(tx: Transaction) -> Raised:
        throttle.succeed(tx.conn, attempt)
        return _raise(tx, call, Factor.PASSWORD)

    return await call.services.write(call.subject, raise_up)


async def _confirm_password(call: Call[wire.StepUp], password: str) -> throttle.Attempt:
    """Check the password of somebody without a second factor; the caller forgets the attempt when it has acted.

    Raises WrongPassword, CodeRequired, Throttled, SignInBusy.
    """
    services, subject = call.services, call.subject

    def begin(tx: Transaction) -> tuple[throttle.Attempt, Credentials] | CodeRequired:
        if has_second_factor(tx.conn, subject.person_id):
            tx.audit(_failure(tx, subject, Factor.PASSWORD.value))
            return CodeRequired()
        where = source(call.request).ip
        attempt = throttle.begin_step_up(tx.conn, subject.person_id, where, tx.now, services.throttle)
        return attempt, credentials(tx.conn, subject.person_id)

    begun = await services.write(subject, begin)
    if isinstance(begun, IdentityError):
        raise begun
    attempt, stored = begun
    try:
        await services.passwords.confirm(stored.password_hash, password, subject.person_id)
    except WrongPassword:
        await services.write(subject, lambda tx: tx.audit(_failure(tx, subject, Factor.PASSWORD.value)))
        raise
    except SignInBusy:
        await services.write(subject, lambda tx: throttle.take_back(tx.conn, attempt))
        raise
    return attempt


def credentials(conn: Connection, person_id: PersonId) -> Credentials:
    """Return what to check a password against. Raises WrongPassword for a closed account."""
    found = credentials_of(conn, get_person(conn, person_id).username)
    if found is None:
        raise WrongPassword
    return found


def _raise(tx: Transaction, call: Call[wire.StepUp], factor: Factor) -> Raised:
    fresh, session = sessions.step_up(tx.conn, call.request.cookies[COOKIE], tx.now, factor.value)
    raised = current_subject(tx.conn, session)
    tx.audit(entry(Action.STEP_UP, tx.now, raised, factor=factor.value))
    if factor is Factor.RECOVERY_CODE:
        left = factors_of(tx.conn, raised.person_id).recovery_codes_left
        tx.audit(entry(Action.RECOVERY_CODE_USE, tx.now, raised, left=left))
    return fresh, me(tx.conn, raised)


def password_failure(tx: Transaction, subject: Subject, action: Action) -> AuditEntry:
    """Return the entry of a wrong password that somebody signed in gave for an act."""
    return _failure(tx, subject, Factor.PASSWORD.value, action)


def code_failure(tx: Transaction, subject: Subject, action: Action) -> AuditEntry:
    """Return the entry of a wrong code that somebody signed in gave for an act."""
    return _failure(tx, subject, Factor.TOTP.value, action)


def _failure(tx: Transaction, subject: Subject, factor: str, action: Action = Action.STEP_UP) -> AuditEntry:
    return AuditEntry(
        action=action,
        at=tx.now,
        outcome=Outcome.FAILURE,
        actor=subject.person_id,
        session=subject.session_id,
        site=subject.site_id,
        details={"factor": factor},
    )


ROUTES = [
    Route("POST", "/session/step-up", Permission.SESSION_OWN, step_up, "Prove presence afresh", wire.StepUp, wire.Me),
]
