"""Signing in, stepping up, signing out, and what everybody may know of the directory."""

from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Connection

from auth import sessions, throttle
from auth.audit.entry import Action, AuditEntry, Outcome
from auth.audit.once import aggregate_failure
from auth.directory import (
    Credentials,
    credentials_of,
    get_person,
    list_people,
    list_sites,
    list_units,
    subject_of,
)
from auth.errors import IdentityError, SignInBusy, WrongPassword
from auth.factors import StepUpMethod, verify_factor
from auth.model import PersonId, Subject
from auth.permissions import Permission
from auth.sessions import Source
from signaling.audit_entries import entry
from signaling.http.pipeline import COOKIE
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.wire import identity as wire


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
        server_time=datetime.now(UTC),
    )


def _with_cookie(body: wire.Me, token: str) -> web.Response:
    response = web.Response(text=body.model_dump_json(by_alias=True), content_type="application/json")
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Strict", path="/")
    return response


async def sign_in(call: Call[wire.SignIn]) -> web.Response:
    """Check the password and begin a session; whatever session the browser had is ended."""
    where, name = source(call.request), call.body.username

    def begin(tx: Transaction) -> tuple[throttle.Attempt, Credentials | None]:
        return throttle.begin_attempt(tx.conn, name, where.ip, tx.now), credentials_of(tx.conn, name)

    attempt, credentials = await call.services.write(None, begin)
    try:
        stored = credentials.password_hash if credentials else None
        await call.services.passwords.check(stored, call.body.password, attempt.source)
        if credentials is None:
            raise WrongPassword
    except WrongPassword:
        await call.services.write(None, lambda tx: _failed(tx, attempt.source))
        raise
    except SignInBusy:  # the attempt was not even looked at
        await call.services.write(None, lambda tx: throttle.take_back(tx.conn, attempt))
        raise
    person_id = credentials.person_id

    def start(tx: Transaction) -> tuple[str, wire.Me]:
        throttle.succeed(tx.conn, attempt)
        _leave_behind(tx, call)
        token, session = sessions.start(tx.conn, get_person(tx.conn, person_id), tx.now, where, call.services.policy)
        subject = subject_of(tx.conn, session)
        tx.audit(entry(Action.LOGON, tx.now, subject, factor=StepUpMethod.PASSWORD.value, address=where.ip))
        return token, me(tx.conn, subject)

    token, body = await call.services.write(None, start)
    return _with_cookie(body, token)


def _leave_behind(tx: Transaction, call: Call[wire.SignIn]) -> None:
    """End the session that the browser's cookie still opens: after this answer nobody could sign out of it."""
    try:
        old = sessions.look_up(tx.conn, call.request.cookies.get(COOKIE, ""), tx.now)
    except IdentityError:
        return
    sessions.revoke(tx.conn, old.id, tx.now)
    tx.audit(entry(Action.LOGOFF, tx.now, subject_of(tx.conn, old)))
    tx.after_commit(lambda: call.services.sockets.end_sessions([old.id], "signed_out"))


def _failed(tx: Transaction, where: str) -> None:
    aggregate_failure(tx.conn, tx.log, where, tx.now)


async def step_up(call: Call[wire.StepUp]) -> web.Response:
    """Check a fresh factor and open the window for what needs one."""
    subject, where = call.subject, source(call.request)
    token = call.request.cookies[COOKIE]

    def begin(tx: Transaction) -> tuple[throttle.Attempt, Credentials]:
        attempt = throttle.begin_step_up(tx.conn, subject.person_id, where.ip, tx.now)
        return attempt, _credentials(tx.conn, subject.person_id)

    attempt, credentials = await call.services.write(subject, begin)
    try:
        await verify_factor(call.services.passwords, StepUpMethod.PASSWORD, credentials, call.body.password)
    except WrongPassword:
        await call.services.write(subject, _step_up_failed)
        raise
    except SignInBusy:
        await call.services.write(subject, lambda tx: throttle.take_back(tx.conn, attempt))
        raise

    def raise_up(tx: Transaction) -> tuple[str, wire.Me]:
        throttle.succeed(tx.conn, attempt)
        fresh, session = sessions.step_up(tx.conn, token, tx.now)
        raised = subject_of(tx.conn, session)
        tx.audit(entry(Action.STEP_UP, tx.now, raised, factor=StepUpMethod.PASSWORD.value))
        return fresh, me(tx.conn, raised)

    fresh, body = await call.services.write(subject, raise_up)
    return _with_cookie(body, fresh)


def _credentials(conn: Connection, person_id: PersonId) -> Credentials:
    found = credentials_of(conn, get_person(conn, person_id).username)
    if found is None:
        raise WrongPassword
    return found


def _step_up_failed(tx: Transaction) -> None:
    subject = tx.subject
    tx.audit(
        AuditEntry(
            action=Action.STEP_UP,
            at=tx.now,
            outcome=Outcome.FAILURE,
            actor=subject.person_id if subject else None,
            session=subject.session_id if subject else None,
        )
    )


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
    Route("POST", "/session", Permission.PUBLIC, sign_in, "Sign in", wire.SignIn, wire.Me),
    Route("GET", "/session", Permission.SESSION_OWN, who, "Who is signed in", answers=wire.Me),
    Route("DELETE", "/session", Permission.SESSION_OWN, sign_out, "Sign out"),
    Route("POST", "/session/step-up", Permission.SESSION_OWN, step_up, "Prove presence afresh", wire.StepUp, wire.Me),
    Route("GET", "/directory", Permission.DIRECTORY_READ, directory, "People, units, sites", answers=wire.Directory),
    Route("GET", "/authority", Permission.PUBLIC, authority, "Root certificate", media_type="application/x-pem-file"),
]
