"""Letters: what they say and do not say, their calendar entry, and their way over a real SMTP server."""

import email
import email.policy
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject  # type: ignore[import-untyped]
from aiohttp.test_utils import unused_port
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import select, update

from auth.tables import person
from meetings import schema, version_store
from signaling.errors import BadSetting
from signaling.outbox import LONGEST_PAUSE, deliver, pause
from signaling.settings import from_environment
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction
from signaling.usecases.reminders import remind
from signaling.usecases.telling import tell, tell_everybody
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Hub
from tests.signaling.seed import Seed


@dataclass
class Server:
    """Takes mail, or answers each recipient as it is told."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append(parsed(envelope.content))
        return "250 OK"


def parsed(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(b"plenum", b"s3cret")
    return AuthResult(success=good, handled=False)


@contextmanager
def serving(seed: Seed, server: Server) -> Iterator[dict[str, Any]]:
    """Run a mail server with a certificate of the deployment's authority; yield the hub's settings for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls = seed.folder / "tls" / "hub"
    context.load_cert_chain(tls / "certificate.pem", tls / "key.pem")
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=unused_port(),
        tls_context=context,
        require_starttls=True,
        auth_require_tls=True,
        auth_required=True,
        authenticator=sign_in,
    )
    password = seed.folder / "smtp-password"
    password.write_text("s3cret\n")
    controller.start()
    try:
        yield {
            "smtp_host": "localhost",
            "smtp_port": controller.port,
            "smtp_username": "plenum",
            "smtp_password_file": str(password),
            "smtp_ca_file": str(seed.folder / "authority" / "root.pem"),
        }
    finally:
        controller.stop()


async def rows(hub: Hub) -> list[Any]:
    return list(await hub.services.db.read(lambda conn: conn.execute(select(outbox).order_by(outbox.c.id)).all()))


async def letter_of(hub: Hub, kind: str, username: str = "north", **facts: str | int) -> EmailMessage:
    """Post one message and return the file that is written for it."""
    await hub.write(lambda tx: tell(tx, kind, hub.seed.ours.meeting, hub.seed.people[username], **facts))
    await deliver(hub.services)
    return parsed(sorted((hub.seed.folder / "outgoing").glob("*.eml"))[-1].read_bytes())


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def entry_of(letter: EmailMessage) -> Any:
    (attached,) = letter.iter_attachments()
    return vobject.readOne(attached.get_content().decode())


# --- what a letter says ---


async def test_an_invitation_tells_what_when_where_in_the_readers_language(hub: Hub) -> None:
    await hub.convene()
    letter = await letter_of(hub, "invitation", version=1)
    assert str(letter["To"]) == "Minh Tùng <north@hoa-sen.example>"
    assert letter["Subject"] == "Giấy mời họp: Phiên họp Hội đồng quý IV"
    assert "Phòng họp số 1" in text_of(letter)
    assert f"/meetings/{hub.seed.ours.meeting}" in text_of(letter)
    assert f"/meetings/{hub.seed.ours.meeting}" in text_of(letter, "html")


async def test_the_calendar_entry_keeps_its_uid_counts_versions_and_carries_its_zone(hub: Hub) -> None:
    await hub.convene()
    first = entry_of(await letter_of(hub, "invitation", version=1))
    await hub.convene()
    second = entry_of(await letter_of(hub, "agenda_changed", version=2))
    assert first.method.value == "REQUEST"
    assert first.vevent.uid.value == second.vevent.uid.value
    assert [one.vevent.sequence.value for one in (first, second)] == ["1", "2"]
    assert first.vtimezone.tzid.value == "Asia/Ho_Chi_Minh"
    access = await hub.services.db.read(lambda conn: version_store.load_version(conn, hub.seed.ours.meeting, 1))
    assert access.heading is not None
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    start = first.vevent.dtstart.value
    assert start.replace(tzinfo=zone) == access.heading.starts_at.replace(microsecond=0)
    assert first.vevent.attendee.value == "mailto:north@hoa-sen.example"


async def test_what_changed_is_in_the_letter_but_nothing_of_restricted_items(hub: Hub) -> None:
    place = hub.seed.ours
    await hub.convene()
    await hub.call("secretary", "POST", f"/meetings/{place.meeting}/items", json={"title": "Tổng kết"})
    readers = [hub.seed.people["chair"]]
    secret = {"title": "Kỷ luật", "readers": readers}
    await hub.call("secretary", "POST", f"/meetings/{place.meeting}/items", json=secret)
    await hub.convene()
    text = text_of(await letter_of(hub, "agenda_changed", version=2))
    assert "Thêm nội dung 4: Tổng kết" in text
    assert "Kỷ luật" not in text


async def test_mail_above_internal_says_nothing_of_the_subject(hub: Hub) -> None:
    def raise_label(tx: Transaction) -> None:
        tx.conn.execute(update(schema.meeting).values(label=2))

    await hub.convene()
    await hub.write(raise_label)
    letter = await letter_of(hub, "cancelled", reason="Bão số 9")
    everything = letter.as_bytes().decode() + text_of(letter) + text_of(letter, "html") + str(letter["Subject"])
    for word in ("Phiên họp Hội đồng", "Phòng họp", "Bão số 9"):
        assert word not in everything
    assert entry_of(letter).vevent.summary.value == "cuộc họp"


async def test_a_cancelled_meeting_leaves_calendars_with_its_reason(hub: Hub) -> None:
    await hub.convene()
    step = {"to": "cancelled", "reason": "Bão số 9"}
    await hub.call("chair", "POST", f"/meetings/{hub.seed.ours.meeting}/transitions", json=step)
    await deliver(hub.services)
    letters = [parsed(one.read_bytes()) for one in (hub.seed.folder / "outgoing").glob("*.eml")]
    assert len(letters) == 6
    calendar = entry_of(letters[0])
    assert (calendar.method.value, calendar.vevent.status.value, calendar.vevent.sequence.value) == (
        "CANCEL",
        "CANCELLED",
        "2",
    )
    assert "Bão số 9" in text_of(letters[0])


async def test_hostile_names_and_titles_stay_text(hub: Hub) -> None:
    def rename(tx: Transaction) -> None:
        tx.conn.execute(update(person).values(name='Eve\r\nBcc: x@y <script>"'))
        tx.conn.execute(update(schema.meeting).values(title="A\r\nBcc: z@y <b>"))

    await hub.write(rename)
    letter = await letter_of(hub, "invitation")
    assert letter["Bcc"] is None
    assert [one.addr_spec for one in letter["To"].addresses] == ["north@hoa-sen.example"]
    assert "<script>" not in text_of(letter, "html")


# --- when letters are written ---


async def test_who_is_invited_or_uninvited_after_convening_is_told_at_once(hub: Hub) -> None:
    await hub.convene()
    path = f"/meetings/{hub.seed.ours.meeting}"
    people = (await hub.call("secretary", "GET", path))["participants"]
    seats = [{key: one[key] for key in ("personId", "role", "entitled")} for one in people]
    kept = [one for one in seats if one["personId"] != hub.seed.people["delta"]]
    new = {"personId": hub.seed.people["b-member"], "role": "member", "entitled": True}
    await hub.call("secretary", "PUT", f"{path}/invitations", json={"invitees": [*kept, new]})
    found = {(row.kind, row.recipient_id) for row in await rows(hub)}
    assert found == {("uninvited", hub.seed.people["delta"]), ("invitation", hub.seed.people["b-member"])}


async def test_everybody_is_reminded_once_and_again_if_the_meeting_moves(hub: Hub) -> None:
    await hub.convene()

    def convened_long_ago(tx: Transaction) -> None:
        tx.conn.execute(update(schema.agenda_version).values(convened_at=tx.now - timedelta(days=9)))

    await hub.write(convened_long_ago)
    for _ in range(2):
        await hub.write(lambda tx: remind(tx, timedelta(hours=24)))
    assert [row.kind for row in await rows(hub)] == ["reminder"] * 6
    await hub.write(lambda tx: tx.conn.execute(update(schema.meeting).values(starts_at=tx.now + timedelta(hours=3))))
    await hub.write(lambda tx: remind(tx, timedelta(hours=24)))
    assert len(await rows(hub)) == 12
    await hub.write(lambda tx: remind(tx, timedelta(0)))
    assert len(await rows(hub)) == 12


# --- the way out ---


async def test_letters_go_over_starttls_once_and_failures_are_marked_one_by_one(start: StartHub, seed: Seed) -> None:
    server = Server({"delta@hoa-sen.example": "550 no such user", "highland@hoa-sen.example": "451 later"})
    with serving(seed, server) as settings:
        async with start(**settings) as hub:
            await hub.write(lambda tx: tell_everybody(tx, "invitation", hub.seed.ours.meeting))
            await deliver(hub.services)
            await deliver(hub.services)
            found = {one.recipient_id: one for one in await rows(hub)}
            assert len(server.taken) == 4
            assert len({str(one["Message-ID"]) for one in server.taken}) == 4
            refused, deferred = found[seed.people["delta"]], found[seed.people["highland"]]
            assert (refused.error, bool(refused.failed_at)) == ("smtp_refused", True)
            assert (deferred.error, deferred.failed_at, deferred.attempts) == ("smtp_deferred", None, 1)
            server.answers.clear()
            await hub.call("secretary", "POST", f"/meetings/{seed.ours.meeting}/mail/retries")
            await deliver(hub.services)
            assert len(server.taken) == 6
            mail = await hub.call("secretary", "GET", f"/meetings/{seed.ours.meeting}/mail")
            assert {one["state"] for one in mail["messages"]} == {"sent"}


async def test_a_server_that_is_away_or_not_trusted_loses_nothing(start: StartHub, seed: Seed) -> None:
    server = Server()
    with serving(seed, server) as settings:
        for change, error in (
            ({"smtp_port": unused_port()}, "smtp_unreachable"),
            ({"smtp_ca_file": ""}, "smtp_certificate"),
            ({"smtp_username": "somebody"}, "smtp_sign_in"),
        ):
            async with start(**settings | change) as hub:
                await hub.write(lambda tx: tell(tx, "invitation", seed.ours.meeting, seed.people["north"]))
                await deliver(hub.services)
                row = (await rows(hub))[-1]
                assert (row.error, row.failed_at, row.delivered_at) == (error, None, None)
                assert row.next_at > row.created_at
    assert server.taken == []


async def test_who_has_no_address_is_named(hub: Hub) -> None:
    await hub.write(lambda tx: tell(tx, "invitation", hub.seed.ours.meeting, hub.seed.people["b-member"]))
    await deliver(hub.services)
    (line,) = (await hub.call("secretary", "GET", f"/meetings/{hub.seed.ours.meeting}/mail"))["messages"]
    assert (line["state"], line["error"], line["name"]) == ("failed", "no_address", "Người b-member")


def test_pauses_grow_to_a_limit() -> None:
    assert [pause(count).total_seconds() for count in (1, 2, 3)] == [60, 120, 240]
    assert pause(50) == LONGEST_PAUSE


@pytest.mark.parametrize(
    "variables",
    [
        {"PLENUM_SMTP_SECURITY": "ssl"},
        {"PLENUM_SMTP_HOST": "mail.example", "PLENUM_SMTP_SECURITY": "none"},
        {"PLENUM_MAIL_FROM": "a@b\nBcc: c"},
        {"PLENUM_REMINDER_HOURS": "-1"},
    ],
)
def test_mail_settings_that_cannot_be_meant_are_refused(variables: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        from_environment(variables)
