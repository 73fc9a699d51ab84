"""The two public routes of a welcome link: whose it is, and choosing the password."""

from auth import throttle, welcome
from auth.accounts import with_password
from auth.audit.entry import Action
from auth.audit.once import aggregate_failure
from auth.directory import Person
from auth.errors import LinkInvalid, PasswordReused, WrongPassword
from auth.password_history import BARRED, barred_hashes, change_password
from auth.passwords import check_new_password
from auth.permissions import Permission
from auth.sessions import revoke_all
from auth.throttle import source_key
from signaling.audit_entries import entry
from signaling.http.route import Call, Route
from signaling.http.session import source
from signaling.store.transaction import Transaction
from signaling.wire import administration as wire


async def look_up(call: Call[wire.LookUpLink]) -> wire.LinkOwner:
    """Return whose link it is, so that the person sees it before choosing a password."""
    owner, first, _ = await _owner(call, call.body.token)
    return wire.LinkOwner(username=owner.username, name=owner.name, locale=owner.locale, first=first)


async def _owner(call: Call[wire.LookUpLink] | Call[wire.ChoosePassword], token: str) -> tuple[Person, bool, list[str]]:
    """Return the link's owner, whether they have no password yet, and the hashes that are barred.

    Tokens that open nothing are counted for their source. Raises Throttled and LinkInvalid.
    """
    where = source(call.request).ip

    def run(tx: Transaction) -> tuple[Person, bool, list[str]] | None:
        attempt = throttle.begin_welcome(tx.conn, where, tx.now)
        try:
            owner = welcome.link_owner(tx.conn, token, tx.now)
        except LinkInvalid:  # answered after the commit, so that the attempt stays counted
            aggregate_failure(tx.conn, tx.log, source_key(where), tx.now, Action.WELCOME_FAILURE)
            return None
        throttle.succeed(tx.conn, attempt)
        barred = barred_hashes(tx.conn, owner.id, BARRED[call.services.settings.session_policy])
        return owner, not with_password(tx.conn, [owner.id]), barred

    found = await call.services.write(None, run)
    if found is None:
        raise LinkInvalid
    return found


async def choose(call: Call[wire.ChoosePassword]) -> None:
    """Set the password and use the link up; every session of the person ends."""
    services, body = call.services, call.body
    owner, _, barred = await _owner(call, body.token)
    check_new_password(body.password, owner)
    for one in barred:
        await _differs(call, one, owner)
    fresh = await services.passwords.hash(body.password, owner.id)

    def run(tx: Transaction) -> None:
        person = welcome.use_link(tx.conn, body.token, tx.now)
        change_password(tx.conn, person.id, fresh, tx.now)
        ended = revoke_all(tx.conn, person.id, tx.now)
        told = {"by": "welcome_link", "address": source(call.request).ip, "person": person.id}
        tx.audit(entry(Action.PASSWORD_CHANGE, tx.now, None, "person", person.id, **told))
        tx.after_commit(lambda: services.sockets.end_sessions(ended, "revoked"))

    await services.write(None, run)


async def _differs(call: Call[wire.ChoosePassword], barred: str, owner: Person) -> None:
    """Raise PasswordReused if the hash is of the new password."""
    try:
        await call.services.passwords.confirm(barred, call.body.password, owner.id)
    except WrongPassword:
        return
    raise PasswordReused


ROUTES = [
    Route("POST", "/welcome/look-up", Permission.PUBLIC, look_up, "Whose link", wire.LookUpLink, wire.LinkOwner),
    Route("POST", "/welcome", Permission.PUBLIC, choose, "Choose a password by a welcome link", wire.ChoosePassword),
]
