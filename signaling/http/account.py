"""One's own account: open sessions, password, second factor."""

from datetime import datetime
from typing import Any

import segno
from aiohttp import web
from sqlalchemy import Connection

from auth import factors, sessions, throttle, totp
from auth.audit.entry import Action
from auth.directory import Site, get_person, list_sites, site_for_address
from auth.errors import FactorEnforced, PasswordReused, SignInBusy, WrongCode, WrongPassword
from auth.model import SessionId
from auth.password_history import BARRED, barred_hashes, change_password
from auth.passwords import check_new_password
from auth.permissions import Permission
from auth.sessions import Session
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.pipeline import COOKIE
from signaling.http.route import Call, Route
from signaling.http.session import me, source, with_cookie
from signaling.http.step_up import code_failure, credentials, password_failure
from signaling.store.transaction import Transaction
from signaling.subjects import current_subject, must_keep_factor
from signaling.wire import account as wire
from signaling.wire.base import Wire
from signaling.wire.identity import Me


async def account(call: Call[Wire]) -> wire.Account:
    """Return the own sessions and factors."""
    subject = call.subject

    def run(conn: Connection, now: datetime) -> wire.Account:
        places, held = list_sites(conn), factors.factors_of(conn, subject.person_id)
        own = sessions.list_sessions(conn, subject.person_id, now)
        return wire.Account(
            sessions=[_session(one, places, current=one.id == subject.session_id) for one in own],
            authenticator_since=held.totp_since,
            enforced=must_keep_factor(conn, subject),
            recovery_codes_left=held.recovery_codes_left,
            passwords_barred=BARRED[call.services.settings.session_policy],
        )

    return await call.services.read(subject, run)


def _session(one: Session, places: list[Site], *, current: bool) -> wire.OwnSession:
    try:
        place = site_for_address(places, one.ip)
    except ValueError:  # a socket without an address
        place = None
    return wire.OwnSession(
        id=one.id,
        current=current,
        created_at=one.created_at,
        last_seen_at=one.last_seen_at,
        address=one.ip,
        site_name=place.name if place else None,
        user_agent=one.user_agent,
    )


async def end_session(call: Call[Wire]) -> None:
    """End one of the own sessions; anybody else's does not exist here."""
    wanted = SessionId(call.part("session"))
    await call.services.write(call.subject, lambda tx: _end(tx, call, wanted))


def _end(tx: Transaction, call: Call[Wire], wanted: SessionId) -> None:
    if wanted not in {one.id for one in sessions.list_sessions(tx.conn, call.subject.person_id, tx.now)}:
        raise NotFound
    _revoke(tx, call, [wanted])


async def end_other_sessions(call: Call[Wire]) -> None:
    """End all own sessions but this one."""
    await call.services.write(call.subject, lambda tx: _end_others(tx, call))


def _end_others(tx: Transaction, call: Call[Any]) -> None:
    mine = sessions.list_sessions(tx.conn, call.subject.person_id, tx.now)
    _revoke(tx, call, [one.id for one in mine if one.id != call.subject.session_id])


def _revoke(tx: Transaction, call: Call[Any], ended: list[SessionId]) -> None:
    for one in ended:
        sessions.revoke(tx.conn, one, tx.now)
        tx.audit(entry(Action.SESSION_REVOKE, tx.now, call.subject, "session", one, by="owner"))
    tx.after_commit(lambda: call.services.sockets.end_sessions(ended, "revoked"))


async def new_password(call: Call[wire.NewPassword]) -> web.Response:
    """Change the password; all other sessions end, and this one gets a new token."""
    services, subject, body = call.services, call.subject, call.body

    def begin(tx: Transaction) -> tuple[throttle.Attempt, str | None, list[str]]:
        check_new_password(body.next, get_person(tx.conn, subject.person_id))
        where = source(call.request).ip
        attempt = throttle.begin_step_up(tx.conn, subject.person_id, where, tx.now, services.throttle)
        barred = barred_hashes(tx.conn, subject.person_id, BARRED[services.settings.session_policy])
        return attempt, credentials(tx.conn, subject.person_id).password_hash, barred

    attempt, stored, barred = await services.write(subject, begin)
    try:
        await services.passwords.confirm(stored, body.current, subject.person_id)
    except WrongPassword:
        await services.write(subject, lambda tx: tx.audit(password_failure(tx, subject, Action.PASSWORD_CHANGE)))
        raise
    except SignInBusy:
        await services.write(subject, lambda tx: throttle.take_back(tx.conn, attempt))
        raise
    await services.write(subject, lambda tx: throttle.succeed(tx.conn, attempt))
    await _check_unused(call, barred)
    fresh_hash = await services.passwords.hash(body.next, subject.person_id)

    def change(tx: Transaction) -> tuple[str, Me]:
        change_password(tx.conn, subject.person_id, fresh_hash, tx.now)
        tx.audit(entry(Action.PASSWORD_CHANGE, tx.now, subject, "person", subject.person_id))
        _end_others(tx, call)
        token, session = sessions.rotate(tx.conn, call.request.cookies[COOKIE], tx.now)
        return token, me(tx.conn, current_subject(tx.conn, session))

    token, answer = await services.write(subject, change)
    return with_cookie(answer, token)


async def _check_unused(call: Call[wire.NewPassword], barred: list[str]) -> None:
    """Raise PasswordReused if one of the hashes is of the new password."""
    for one in barred:
        try:
            await call.services.passwords.confirm(one, call.body.next, call.subject.person_id)
        except WrongPassword:
            continue
        raise PasswordReused


async def begin_enrolment(call: Call[Wire]) -> wire.Enrolment:
    """Make a secret for an authenticator app; it replaces nothing before its first code has come."""
    services, subject = call.services, call.subject

    def begin(tx: Transaction) -> tuple[bytes, str]:
        secret = factors.begin_enrolment(tx.conn, services.factor_seal, subject.person_id, tx.now)
        return secret, get_person(tx.conn, subject.person_id).username

    secret, username = await services.write(subject, begin)
    uri = totp.provisioning_uri(secret, services.settings.organisation, username)
    rows = ["".join("1" if dark else "0" for dark in row) for row in segno.make_qr(uri, error="l").matrix]
    return wire.Enrolment(secret=totp.secret_text(secret), uri=uri, qr=rows)


async def confirm_enrolment(call: Call[wire.FirstCode]) -> wire.RecoveryCodes:
    """Take the first code: the authenticator is in force, with new recovery codes, and all other sessions end."""
    confirmed = await call.services.write(call.subject, lambda tx: _confirm(tx, call))
    if isinstance(confirmed, WrongCode):
        raise confirmed
    return wire.RecoveryCodes(codes=list(confirmed))


def _confirm(tx: Transaction, call: Call[wire.FirstCode]) -> tuple[str, ...] | WrongCode:
    """Return the recovery codes; or what is wrong, instead of raising it, so that the attempt stays counted."""
    services, subject = call.services, call.subject
    attempt = throttle.begin_code(tx.conn, subject.person_id, tx.now)
    replaced = factors.has_second_factor(tx.conn, subject.person_id)
    try:
        codes = factors.confirm_enrolment(
            tx.conn, services.factor_seal, subject.person_id, call.body.code, tx.now, window=services.code_window
        )
    except WrongCode as wrong:
        tx.audit(code_failure(tx, subject, Action.FACTOR_ENROL))
        return wrong
    throttle.succeed(tx.conn, attempt)
    tx.audit(entry(Action.FACTOR_ENROL, tx.now, subject, "person", subject.person_id, factor="totp", replaced=replaced))
    _end_others(tx, call)  # they never showed this factor, and would count as if they had
    return codes


async def remove_factor(call: Call[Wire]) -> None:
    """Go back to the password alone, where no duty demands more. Raises FactorEnforced."""

    def run(tx: Transaction) -> None:
        if must_keep_factor(tx.conn, call.subject):
            raise FactorEnforced
        if not factors.has_second_factor(tx.conn, call.subject.person_id):
            raise NotFound
        factors.reset_factors(tx.conn, call.subject.person_id)
        tx.audit(entry(Action.FACTOR_REMOVE, tx.now, call.subject, "person", call.subject.person_id, factor="totp"))

    await call.services.write(call.subject, run)


async def new_recovery_codes(call: Call[Wire]) -> wire.RecoveryCodes:
    """Make ten new codes; the old ones are void."""

    def run(tx: Transaction) -> tuple[str, ...]:
        if not factors.has_second_factor(tx.conn, call.subject.person_id):
            raise NotFound
        tx.audit(entry(Action.RECOVERY_CODES, tx.now, call.subject, "person", call.subject.person_id))
        return factors.replace_recovery_codes(tx.conn, call.subject.person_id)

    return wire.RecoveryCodes(codes=list(await call.services.write(call.subject, run)))


_OWN, _FACTOR = Permission.ACCOUNT_OWN, Permission.FACTOR_OWN
ROUTES = [
    Route("GET", "/account", _OWN, account, "Own sessions and factors", answers=wire.Account),
    Route("DELETE", "/account/sessions", _OWN, end_other_sessions, "End all other own sessions"),
    Route("DELETE", "/account/sessions/{session}", _OWN, end_session, "End one of the own sessions"),
    Route("POST", "/account/password", _OWN, new_password, "Change the own password", wire.NewPassword, Me),
    Route("POST", "/account/second-factor", _FACTOR, begin_enrolment, "Begin enrolment", answers=wire.Enrolment),
    Route(
        "POST",
        "/account/second-factor/confirmation",
        _FACTOR,
        confirm_enrolment,
        "Put an authenticator in force",
        wire.FirstCode,
        wire.RecoveryCodes,
    ),
    Route("DELETE", "/account/second-factor", _FACTOR, remove_factor, "Remove the own second factor"),
    Route("POST", "/account/recovery-codes", _FACTOR, new_recovery_codes, "Renew", answers=wire.RecoveryCodes),
]
