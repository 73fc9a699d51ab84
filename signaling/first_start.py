"""The first start of a deployment: while nobody can sign in, a setup link is told to whoever reads the terminal."""

from auth import welcome
from auth.accounts import anybody_can_sign_in
from auth.audit.entry import Action
from auth.directory import Person, add_person, person_by_username
from auth.model import Label, OrgRole
from signaling.audit_entries import entry
from signaling.services import Services
from signaling.store.transaction import Transaction

USERNAME = "admin"
TEXT = """
  Nobody can sign in yet. Open this link to choose the password of the account "{username}", who makes all others.
  It works once, for 24 hours; a new one is made at each start until somebody has a password.

    {link}
"""


async def announce(services: Services) -> None:
    """Print a new setup link unless somebody has a password."""
    token = await services.db.write(_setup_token)
    if token is not None:
        link = f"{services.settings.origin}/welcome#{token}"
        print(TEXT.format(username=USERNAME, link=link), flush=True)  # noqa: T201 — for who starts the hub


def _setup_token(tx: Transaction) -> str | None:
    if anybody_can_sign_in(tx.conn):
        return None
    first = person_by_username(tx.conn, USERNAME) or _add(tx)
    tx.audit(entry(Action.WELCOME_LINK, tx.now, None, "person", first.id, person=first.id, by="first_start"))
    return welcome.make_link(tx.conn, first.id, tx.now, welcome.FIRST_START)


def _add(tx: Transaction) -> Person:
    made = add_person(
        tx.conn,
        username=USERNAME,
        name="Administrator",
        locale="vi",
        now=tx.now,
        clearance=Label.PUBLIC,
        roles=[OrgRole.ADMINISTRATOR],
    )
    tx.audit(entry(Action.PERSON_CREATE, tx.now, None, "person", made.id, username=USERNAME, person=made.id))
    return made
