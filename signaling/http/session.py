"""Signing in, in one step or two, signing out, and what everybody may know of the directory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from auth import pending, sessions, throttle
from auth.audit.entry import Action, AuditEntry, Outcome
from auth.audit.once import aggregate_account, aggregate_failure
from auth.decide import must_enrol
from auth.directory import (
    Credentials,
    Person,
    credentials_of,
    get_person,
    list_people,
    list_sites,
    list_units,
    password_hash_of,
    subject_of,
)
from auth.errors import IdentityError, SignInBusy, SignInExpired, WrongCode, WrongPassword
from auth.factors import Factor, factors_of, has_second_factor, use_code
from auth.model import PersonId, Subject
from auth.permissions import Permission
from auth.sessions import Source
from signaling.audit_entries import entry
from signaling.http.pipeline import COOKIE, FRESH
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.subjects import current_subject
from signaling.wire import identity as wire
from signaling.wire.base import Wire

PENDING = "__Host-pending"  # half a sign-in, which opens nothing but its second step
PENDING_S = int(pending.LASTS.total_seconds())


def source(request: web.Request) -> Source:
    """Return from where a request comes."""
    return Source(request.remote or "unknown", request.headers.get("User-Agent", ""))


def me(conn: Connection, subject: Subject) -> wire.Me:
    """Return the signed-in person or hall as the client sees it."""
    person = get_person(conn, subject.person_id)
    units = {unit.id: unit.name for unit in list_units(conn)}
    sites = {site.id: site.name for site in list_sites(conn)}
    return wire.Me(
        person_id=person.id,
        name=person.name,
        title=person.title,
        roles=sorted(person.roles),
        clearance=person.clearance,
        unit=wire.UnitInfo(id=person.unit_id, name=units[person.unit_id]) if person.unit_id else None,
        site=wire.SiteInfo(id=person.site_id, name=sites[person.site_id]) if person.site_id else None,
        locale=person.locale,
        stepped_up_until=subject.stepped_up_until,
        second_factor=_second_factor(subject),
        server_time=datetime.now(UTC),
    )


def _second_factor(subject: Subject) -> wire.SecondFactor:
    if subject.second_factor:
        return wire.SecondFactor.ENROLLED
    return wire.SecondFactor.MISSING if must_enrol(subject) else wire.SecondFactor.NONE


def with_cookie(body: Wire, token: str) -> web.Response:
    """Return an answer that gives the browser its session."""
    response = _answer(body)
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Strict", path="/")
    response.del_cookie(PENDING, path="/", secure=True, httponly=True, samesite="Strict")
    return response


def _answer(body: Wire) -> web.Response:
    text = body.model_dump_json(by_alias=True)
    return web.Response(text=text, content_type="application/json", headers=FRESH)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A session has begun; without a token the sign-in waits for its second step."""

    body: wire.SignInAnswer
    token: str | None = field(default=None, repr=False)
    pending: str | None = field(default=None, repr=False)


async def sign_in(call: Call[wire.SignIn]) -> web.Response:
    """Check the password. It begins a session, or the second step for somebody who has a second factor."""
    where, name = source(call.request), call.body.username

    def begin(tx: Transaction) -> tuple[throttle.Attempt, Credentials | None]:
        attempt = throttle.begin_attempt(tx.conn, name, where.ip, tx.now, call.services.throttle)
        return attempt, credentials_of(tx.conn, name)

    attempt, credentials = await call.services.write(None, begin)
    stored = credentials.password_hash if credentials else None
    try:
        await call.services.passwords.check(stored, call.body.password, attempt.source)
        if credentials is None:
            raise WrongPassword
    except WrongPassword:
        await call.services.write(None, lambda tx: _failed(tx, attempt.source, credentials))
        raise
    except SignInBusy:  # the attempt was not even looked at
        await call.services.write(None, lambda tx: throttle.take_back(tx.conn, attempt))
        raise
    person_id = credentials.person_id

    def go_on(tx: Transaction) -> _Opened | WrongPassword:
        if password_hash_of(tx.conn, person_id) != stored:  # replaced while the old one was checked
            return WrongPassword()
        if has_second_factor(tx.conn, person_id):
            throttle.take_back(tx.conn, attempt)  # not a failure, and no success that would forget earlier ones
            token = pending.begin(tx.conn, person_id, attempt.source, tx.now)
            return _Opened(wire.SignInAnswer(me=None, recovery_codes_left=None), pending=token)
        throttle.succeed(tx.conn, attempt)
        return _open(tx, call, person_id, Factor.PASSWORD.value)

    opened = await call.services.write(None, go_on)
    if isinstance(opened, WrongPassword):
        raise opened
    return _respond(opened)


def _respond(opened: _Opened) -> web.Response:
    if opened.token is not None:
        return with_cookie(opened.body, opened.token)
    response = _answer(opened.body)
    response.set_cookie(
        PENDING, opened.pending or "", max_age=PENDING_S, secure=True, httponly=True, samesite="Strict", path="/"
    )
    return response


async def second_step(call: Call[wire.SignInCode]) -> web.Response:
    """Check the code of somebody whose password was right, and begin the session."""
    opened = await call.services.write(None, lambda tx: _second_step(tx, call))
    if isinstance(opened, WrongCode):
        raise opened
    return _respond(opened)


def _second_step(tx: Transaction, call: Call[wire.SignInCode]) -> _Opened | WrongCode:
    """Return the session; or what is wrong, instead of raising it, so that the attempt stays counted."""
    token, where = call.request.cookies.get(PENDING, ""), source(call.request)
    services = call.services
    person = get_person(tx.conn, pending.look_up(tx.conn, token, throttle.source_key(where.ip), tx.now))
    if person.disabled_at is not None:
        raise SignInExpired
    attempts = (
        throttle.begin_attempt(tx.conn, person.username, where.ip, tx.now, services.throttle),
        throttle.begin_code(tx.conn, person.id, tx.now),
    )
    try:
        factor = use_code(tx.conn, services.factor_seal, person.id, call.body.code, tx.now, window=services.code_window)
    except WrongCode as wrong:
        pending.fail(tx.conn, token)
        tx.audit(_wrong_code(tx, person, where))
        return wrong
    for attempt in attempts:
        throttle.succeed(tx.conn, attempt)
    pending.finish(tx.conn, token)
    return _open(tx, call, person.id, f"{Factor.PASSWORD}+{factor}", factor)


def _wrong_code(tx: Transaction, person: Person, where: Source) -> AuditEntry:
    return AuditEntry(
        action=Action.LOGON_FAILURE,
        at=tx.now,
        outcome=Outcome.FAILURE,
        actor=person.id,
        site=person.site_id,
        details={"factor": "code", "address": where.ip},
    )


def _open(
    tx: Transaction, call: Call[Any], person_id: PersonId, proof: str, factor: Factor = Factor.PASSWORD
) -> _Opened:
    """Begin a session; whatever session the browser had is ended."""
    where = source(call.request)
    _leave_behind(tx, call)
    token, session = sessions.start(tx.conn, get_person(tx.conn, person_id), tx.now, where, call.services.policy)
    subject = current_subject(tx.conn, session)
    tx.audit(entry(Action.LOGON, tx.now, subject, factor=proof, address=where.ip))
    if must_enrol(subject):  # setting it up is all that is open; the password that this needs was given just now
        token, session = sessions.step_up(tx.conn, token, tx.now, Factor.PASSWORD.value)
        subject = current_subject(tx.conn, session)
    left = None
    if factor is Factor.RECOVERY_CODE:
        left = factors_of(tx.conn, person_id).recovery_codes_left
        tx.audit(entry(Action.RECOVERY_CODE_USE, tx.now, subject, left=left))
    return _Opened(wire.SignInAnswer(me=me(tx.conn, subject), recovery_codes_left=left), token)


def _leave_behind(tx: Transaction, call: Call[Any]) -> None:
    """End the session that the browser's cookie still opens: after this answer nobody could sign out of it."""
    try:
        old = sessions.look_up(tx.conn, call.request.cookies.get(COOKIE, ""), tx.now)
    except IdentityError:
        return
    sessions.revoke(tx.conn, old.id, tx.now)
    tx.audit(entry(Action.LOGOFF, tx.now, subject_of(tx.conn, old)))
    tx.after_commit(lambda: call.services.sockets.end_sessions([old.id], "signed_out"))


def _failed(tx: Transaction, where: str, credentials: Credentials | None) -> None:
    aggregate_failure(tx.conn, tx.log, where, tx.now)
    if credentials is not None:
        aggregate_account(tx.conn, tx.log, credentials.person_id, tx.now)


async def sign_out(call: Call[wire.SignIn]) -> web.Response:
    """End the session here and on every socket."""
    subject = call.subject

    def end(tx: Transaction) -> None:
        sessions.revoke(tx.conn, subject.session_id, tx.now)
        tx.audit(entry(Action.LOGOFF, tx.now, subject))
        tx.after_commit(lambda: call.services.sockets.end_sessions([subject.session_id], "signed_out"))

    await call.services.write(subject, end)
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
    return response


async def who(call: Call[wire.SignIn]) -> wire.Me:
    """Return the signed-in person."""
    return await call.services.read(call.subject, lambda conn, _: me(conn, call.subject))


async def directory(call: Call[wire.SignIn]) -> wire.Directory:
    """Return people, units and sites."""

    def run(conn: Connection, _: datetime) -> wire.Directory:
        return wire.Directory(
            people=[
                wire.PersonInfo(
                    id=person.id,
                    name=person.name,
                    title=person.title,
                    unit_id=person.unit_id,
                    site_id=person.site_id,
                    roles=sorted(person.roles),
                )
                for person in list_people(conn)
            ],
            units=[wire.UnitInfo(id=unit.id, name=unit.name) for unit in list_units(conn)],
            sites=[wire.SiteInfo(id=site.id, name=site.name) for site in list_sites(conn)],
            label_ceiling=call.services.settings.label_ceiling,
        )

    return await call.services.read(call.subject, run)


async def authority(call: Call[wire.SignIn]) -> web.Response:
    """Return the root certificate, which a device has to trust once."""
    return web.Response(
        body=call.services.authority.root_pem,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="plenum-root.pem"'},
    )


ROUTES = [
    Route("POST", "/session", Permission.PUBLIC, sign_in, "Sign in", wire.SignIn, wire.SignInAnswer),
    Route(
        "POST",
        "/session/code",
        Permission.PUBLIC,
        second_step,
        "Sign in, second step",
        wire.SignInCode,
        wire.SignInAnswer,
    ),
    Route("GET", "/session", Permission.SESSION_OWN, who, "Who is signed in", answers=wire.Me),
    Route("DELETE", "/session", Permission.SESSION_OWN, sign_out, "Sign out"),
    Route("GET", "/directory", Permission.DIRECTORY_READ, directory, "People, units, sites", answers=wire.Directory),
    Route(
        "GET", "/authority", Permission.PUBLIC, authority, "Root certificate", media_types=("application/x-pem-file",)
    ),
]
