"""Administrators' routes on accounts: finding, making, changing, locking, welcome links."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection

from auth import accounts, factors, sessions, welcome
from auth.account_search import Account, AccountQuery, AccountState, load_account, search_accounts
from auth.accounts import Details, Rights
from auth.audit.entry import Action, Detail
from auth.directory import Person, add_person, check_roles, enable_person, get_person
from auth.errors import OwnAccount
from auth.model import Label, OrgRole, PersonId, SessionId, SiteId, UnitId
from auth.permissions import Permission
from signaling.audit_entries import entry
from signaling.errors import BadRequest, LabelAboveCeiling
from signaling.http.route import Body, Call, Route
from signaling.store.transaction import Transaction
from signaling.wire import administration as wire
from signaling.wire.base import Wire

PAGE = 50
MAX_TEXT = 100
Member = TypeVar("Member", bound=StrEnum)


def person_in(call: Call[Body]) -> PersonId:
    """Return the person in the path."""
    return PersonId(call.part("person"))


async def people(call: Call[Wire]) -> wire.AccountPage:
    """Search the accounts."""
    given = call.request.query
    query = AccountQuery(
        text=given.get("q", "")[:MAX_TEXT],
        role=_one_of(OrgRole, given.get("role"), "role"),
        unit_id=UnitId(given["unit"]) if given.get("unit") else None,
        site_id=SiteId(given["site"]) if given.get("site") else None,
        state=_one_of(AccountState, given.get("state"), "state"),
    )
    wanted = given.get("page", "1")
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 6:
        raise BadRequest("page", "a whole number is needed")

    def run(conn: Connection, now: datetime) -> wire.AccountPage:
        found = search_accounts(conn, query, now)
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(1, int(wanted)), pages)
        shown = found[(page - 1) * PAGE : page * PAGE]
        return wire.AccountPage(people=[line(one) for one in shown], total=len(found), page=page, pages=pages)

    return await call.services.read(call.subject, run)


def _one_of(kind: type[Member], text: str | None, field: str) -> Member | None:
    try:
        return kind(text) if text else None
    except ValueError as error:
        raise BadRequest(field, "not one of the known values") from error


def line(of: Account) -> wire.AccountLine:
    """Return an account as a line of a list."""
    person = of.person
    return wire.AccountLine(
        id=person.id,
        username=person.username,
        name=person.name,
        title=person.title,
        unit_id=person.unit_id,
        site_id=person.site_id,
        roles=sorted(person.roles),
        clearance=person.clearance,
        state=of.state,
    )


async def person(call: Call[Wire]) -> wire.AdministeredAccount:
    """Return one account."""
    return await call.services.read(call.subject, lambda conn, now: _account(conn, call, person_in(call), now))


def _account(conn: Connection, call: Call[Wire], person_id: PersonId, now: datetime) -> wire.AdministeredAccount:
    found = load_account(conn, get_person(conn, person_id), now)
    return wire.AdministeredAccount(
        account=line(found),
        email=found.person.email,
        locale=found.person.locale,
        own=person_id == call.subject.person_id,
        second_factor=factors.has_second_factor(conn, person_id),
        has_password=found.has_password,
        link_until=found.link_until,
        disabled_at=found.person.disabled_at,
        created_at=found.person.created_at,
        sessions=len(sessions.list_sessions(conn, person_id, now)),
    )


async def create(call: Call[wire.NewAccount]) -> wire.WelcomeLink:
    """Make an account and its welcome link."""
    return await call.services.write(call.subject, lambda tx: _create(tx, call))


def _create(tx: Transaction, call: Call[wire.NewAccount]) -> wire.WelcomeLink:
    given, roles = call.body.details, frozenset(call.body.rights.roles)
    clearance = _clearance(call, call.body.rights)
    details = _details(given)
    check_roles(roles)
    accounts.check_places(tx.conn, details.unit_id, details.site_id, roles)
    made = add_person(
        tx.conn,
        username=details.username,
        name=details.name,
        now=tx.now,
        title=details.title,
        email=details.email,
        unit_id=details.unit_id,
        site_id=details.site_id,
        clearance=clearance,
        locale=details.locale,
        roles=roles,
    )
    audit_created(tx, made)
    return _link(tx, made)


def audit_created(tx: Transaction, made: Person, **details: Detail) -> None:
    """Record a new account."""
    known: dict[str, Detail] = {
        "person": made.id,
        "username": made.username,
        "name": made.name,
        "roles": _roles(made.roles),
        "clearance": int(made.clearance),
    }
    tx.audit(entry(Action.PERSON_CREATE, tx.now, tx.subject, "person", made.id, **known, **details))


def _details(given: wire.AccountDetails) -> Details:
    return Details(
        username=given.username,
        name=given.name,
        title=given.title,
        email=given.email or None,
        unit_id=UnitId(given.unit_id) if given.unit_id else None,
        site_id=SiteId(given.site_id) if given.site_id else None,
        locale=given.locale,
    )


def _clearance(call: Call[wire.NewAccount] | Call[wire.AccountRights], rights: wire.AccountRights) -> Label:
    if rights.clearance > call.services.settings.label_ceiling:
        raise LabelAboveCeiling
    return Label(rights.clearance)


async def change(call: Call[wire.AccountDetails]) -> None:
    """Change what is known of a person."""

    def run(tx: Transaction) -> None:
        person_id = person_in(call)
        before, after = accounts.change_details(tx.conn, person_id, _details(call.body))
        audit_details(tx, before, accounts.details_of(after))

    await call.services.write(call.subject, run)


def audit_details(tx: Transaction, before: Person, after: Details) -> None:
    """Record what differs, old and new; nothing where nothing does."""
    changed = accounts.differences(accounts.details_of(before), after)
    if changed:
        told: dict[str, Detail] = {f"old_{field}": old for field, (old, _) in changed.items()}
        told |= {f"new_{field}": new for field, (_, new) in changed.items()}
        tx.audit(entry(Action.PERSON_CHANGE, tx.now, tx.subject, "person", before.id, **_whose(before), **told))


async def change_rights(call: Call[wire.AccountRights]) -> None:
    """Change roles and clearance; what was opened with more rights ends at once."""
    wanted = Rights(frozenset(call.body.roles), _clearance(call, call.body))

    def run(tx: Transaction) -> None:
        person_id = person_in(call)
        before, ended = accounts.change_rights(tx.conn, person_id, wanted, call.subject.person_id, tx.now)
        audit_rights(tx, person_id, accounts.rights_of(before), wanted)
        end_sessions(tx, call, ended)

    await call.services.write(call.subject, run)


def audit_rights(tx: Transaction, person_id: PersonId, before: Rights, after: Rights) -> None:
    """Record what differs, old and new."""
    if before.roles != after.roles:
        roles = {"old": _roles(before.roles), "new": _roles(after.roles), "person": person_id}
        tx.audit(entry(Action.ROLE_CHANGE, tx.now, tx.subject, "person", person_id, **roles))
    if before.clearance != after.clearance:
        old, new = int(before.clearance), int(after.clearance)
        made = entry(
            Action.CLEARANCE_CHANGE, tx.now, tx.subject, "person", person_id, old=old, new=new, person=person_id
        )
        tx.audit(made)


def _roles(roles: frozenset[OrgRole]) -> str:
    return " ".join(sorted(roles))


def end_sessions(tx: Transaction, call: Call[Body], ended: list[SessionId], reason: str = "revoked") -> None:
    """Close what is open of sessions that have just ended: sockets, and the media that they drive."""
    if ended:
        tx.after_commit(lambda: call.services.sockets.end_sessions(ended, reason))


async def lock(call: Call[wire.AccountLock]) -> None:
    """Close an account, or open it again."""

    def run(tx: Transaction) -> None:
        person_id = person_in(call)
        found = get_person(tx.conn, person_id)
        was_open = found.disabled_at is None
        if call.body.disabled == (not was_open):
            return
        if call.body.disabled:
            end_sessions(tx, call, accounts.disable(tx.conn, person_id, call.subject.person_id, tx.now), "disabled")
        else:
            enable_person(tx.conn, person_id)
        action = Action.PERSON_DISABLE if call.body.disabled else Action.PERSON_ENABLE
        tx.audit(entry(action, tx.now, call.subject, "person", person_id, **_whose(found)))

    await call.services.write(call.subject, run)


def _whose(of: Person) -> dict[str, Detail]:
    """Return what the log tells of an account whose way in is changed; officers are called for some roles."""
    return {"person": of.id, "roles": _roles(of.roles)}


async def end_all_sessions(call: Call[Wire]) -> None:
    """End every session of a person, who may sign in again."""

    def run(tx: Transaction) -> None:
        person_id = get_person(tx.conn, person_in(call)).id
        ended = sessions.revoke_all(tx.conn, person_id, tx.now)
        told: dict[str, Detail] = {"person": person_id, "by": "administrator", "count": len(ended)}
        tx.audit(entry(Action.SESSION_REVOKE, tx.now, call.subject, "person", person_id, **told))
        end_sessions(tx, call, ended)

    await call.services.write(call.subject, run)


async def new_link(call: Call[Wire]) -> wire.WelcomeLink:
    """Make a person's welcome link; an older one is dead. A password that is there stays until the link is used."""
    return await call.services.write(call.subject, lambda tx: _link(tx, get_person(tx.conn, person_in(call))))


def _link(tx: Transaction, of: Person) -> wire.WelcomeLink:
    token, expires_at = accounts.new_link(tx.conn, of.id, tx.now)
    told = _whose(of) | {"until": expires_at.isoformat()}
    tx.audit(entry(Action.WELCOME_LINK, tx.now, tx.subject, "person", of.id, **told))
    return link_wire(of, token, expires_at)


def link_wire(of: Person, token: str, expires_at: datetime) -> wire.WelcomeLink:
    """Return a link as it is shown, once."""
    path = f"/welcome#{token}"  # a fragment stays in the browser: no proxy's log holds the token
    return wire.WelcomeLink(person_id=of.id, username=of.username, name=of.name, path=path, expires_at=expires_at)


async def end_link(call: Call[Wire]) -> None:
    """Make a person's welcome link worthless."""

    def run(tx: Transaction) -> None:
        found = get_person(tx.conn, person_in(call))
        welcome.end_link(tx.conn, found.id)
        tx.audit(entry(Action.WELCOME_LINK_END, tx.now, call.subject, "person", found.id, person=found.id))

    await call.services.write(call.subject, run)


async def reset_factors(call: Call[Wire]) -> None:
    """Take away a lost second factor: it has to be set up anew after the next sign-in."""

    def run(tx: Transaction) -> None:
        found = get_person(tx.conn, person_in(call))
        if found.id == call.subject.person_id:
            raise OwnAccount
        factors.reset_factors(tx.conn, found.id)
        tx.audit(entry(Action.FACTOR_RESET, tx.now, call.subject, "person", found.id, **_whose(found)))
        end_sessions(tx, call, sessions.revoke_all(tx.conn, found.id, tx.now))

    await call.services.write(call.subject, run)


_READ, _MANAGE = Permission.DIRECTORY_REVIEW, Permission.DIRECTORY_MANAGE
_PERSON = "/administration/people/{person}"
ROUTES = [
    Route("GET", "/administration/people", _READ, people, "Search accounts", answers=wire.AccountPage),
    Route("POST", "/administration/people", _MANAGE, create, "Make an account", wire.NewAccount, wire.WelcomeLink),
    Route("GET", _PERSON, _READ, person, "One account", answers=wire.AdministeredAccount),
    Route("PUT", _PERSON, _MANAGE, change, "Change an account", wire.AccountDetails),
    Route("PUT", _PERSON + "/rights", _MANAGE, change_rights, "Change roles and clearance", wire.AccountRights),
    Route("PUT", _PERSON + "/lock", _MANAGE, lock, "Disable or enable an account", wire.AccountLock),
    Route("DELETE", _PERSON + "/sessions", _MANAGE, end_all_sessions, "End all sessions of a person"),
    Route("POST", _PERSON + "/welcome-link", _MANAGE, new_link, "Make a welcome link", answers=wire.WelcomeLink),
    Route("DELETE", _PERSON + "/welcome-link", _MANAGE, end_link, "End a welcome link"),
    Route("DELETE", _PERSON + "/second-factor", _MANAGE, reset_factors, "Reset a person's second factor"),
]
