"""A meeting from its draft to its archive over HTTP and socket: what is made, signed, verified, logged and told."""

import io
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select

from auth.audit.entry import Action
from meetings import agenda_store, participant_store
from meetings.changes import Change
from meetings.model import ItemId
from meetings.records import ItemDetails
from signaling.outbox import deliver
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction
from tests.signaling.hub import Hub, Refused, ballot_id

OUTCOMES = {"information": "noted", "decision": "decided", "discussion": "decided"}


async def _hold_session(hub: Hub) -> None:
    """Open, vote on the second item, conclude all, adjourn."""
    meeting, poll = hub.seed.ours.meeting, hub.seed.ours.poll
    await hub.call("secretary", "POST", f"/meetings/{meeting}/transitions", json={"to": "in_session"})
    sockets = {name: await hub.live(name) for name in ("chair", "secretary", "north", "delta")}
    for socket in sockets.values():
        await socket.request("attend", meetingId=meeting, mode="remote")
    for item in (await hub.call("chair", "GET", f"/meetings/{meeting}"))["items"]:
        step = {"meetingId": meeting, "itemId": item["id"]}
        await sockets["secretary"].request("item.state", **step, to="under_discussion")
        if item["kind"] == "decision":
            await sockets["chair"].request("poll.open", meetingId=meeting, pollId=poll)
            for name in ("chair", "north", "delta"):
                ballot = {"pollId": poll, "ballotId": ballot_id(), "optionId": "yes"}
                await sockets[name].request("poll.cast", meetingId=meeting, **ballot)
            await sockets["chair"].request("poll.close", meetingId=meeting, pollId=poll)
        await sockets["secretary"].request("item.state", **step, to=OUTCOMES[item["kind"]], outcome="Đã rõ")
    await hub.call("secretary", "POST", f"/meetings/{meeting}/transitions", json={"to": "adjourned"})


async def test_a_meeting_from_draft_to_archive(hub: Hub) -> None:
    meeting = hub.seed.ours.meeting
    path = f"/meetings/{meeting}"
    secretary = await hub.client("secretary", fresh=True)
    checklist = await secretary.call("GET", f"{path}/checklist")
    assert checklist == {"blocking": [], "advice": []}
    version = await secretary.call("POST", f"{path}/convene")
    assert version["number"] == 1
    await _check_agenda(hub, path)
    await hub.call("chair", "POST", f"{path}/agenda/1/acknowledgement")
    home = await hub.call("north", "GET", "/meetings")
    assert home["meetings"][0]["waiting"] == ["answer", "acknowledge"]
    await _hold_session(hub)
    minutes = await secretary.call("GET", f"{path}/minutes")
    stale = {"revision": minutes["revision"] + 1, "sections": []}
    with pytest.raises(Refused, match="stale_revision"):
        await secretary.call("PUT", f"{path}/minutes", json=stale)
    last = minutes["sections"][-1]
    edit = {"revision": minutes["revision"], "sections": [{"id": last["id"], "text": last["text"] + "\nHết."}]}
    assert (await secretary.call("PUT", f"{path}/minutes", json=edit))["sections"][-1]["text"].endswith("Hết.")
    with pytest.raises(Refused, match="denied"):
        await hub.call("north", "GET", f"{path}/minutes")
    await secretary.call("POST", f"{path}/minutes/review")
    await _sign(hub, path)
    await secretary.call("POST", f"{path}/transitions", json={"to": "archived"})
    assert (await hub.call("north", "GET", path))["meeting"]["state"] == "archived"
    await _check_log(hub)


async def _check_agenda(hub: Hub, path: str) -> None:
    pdf = await hub.call("chair", "GET", f"{path}/agenda/1/pdf")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 1
    assert (await hub.call("chair", "GET", f"{path}/agenda/1/manifest")).count(b".") == 2
    verified = await hub.call("chair", "GET", f"{path}/agenda/1/verification")
    assert verified["accepted"], verified
    assert verified["sha256"] == verified["expectedSha256"]
    with pytest.raises(Refused, match="not_found"):
        await hub.call("chair", "GET", f"{path}/agenda/2/pdf")


async def _sign(hub: Hub, path: str) -> None:
    chair, secretary = await hub.client("chair", fresh=True), await hub.client("secretary", fresh=True)
    with pytest.raises(Refused, match="signing_order"):
        await chair.call("POST", f"{path}/minutes/signatures")
    await secretary.call("POST", f"{path}/minutes/signatures")
    signed = await chair.call("POST", f"{path}/minutes/signatures")
    assert (signed["state"], [one["role"] for one in signed["signatures"]]) == ("signed", ["secretary", "chair"])
    verified = await hub.call("north", "GET", f"{path}/minutes/verification")
    assert verified["accepted"], verified
    assert len(verified["signatures"]) == 2


async def _check_log(hub: Hub) -> None:
    """What the officer sees: everything important, no ballot's choice; and reading is itself logged."""
    officer = await hub.client("officer", fresh=True)
    page = await officer.call("GET", "/audit?limit=1000")
    logged = {row["action"] for row in page["rows"]}
    wanted = {Action.AGENDA_CONVENE, Action.DOCUMENT_SIGN, Action.POLL_OPEN, Action.POLL_CAST, Action.POLL_CLOSE}
    wanted |= {Action.MEETING_OPEN, Action.MEETING_ADJOURN, Action.MEETING_ARCHIVE, Action.MINUTES_EDIT}
    wanted |= {Action.DOCUMENT_VERIFY, Action.PRESENCE_ARRIVE, Action.ITEM_OPEN, Action.AUDIT_READ}
    assert {one.value for one in wanted} <= logged
    assert not any("option" in row["details"] for row in page["rows"] if row["action"] == Action.POLL_CAST.value)
    assert (await officer.call("POST", "/audit/verification"))["ok"] is True
    note = await officer.raw("GET", "/audit/checkpoint")
    assert (await note.text()).startswith("plenum/localhost\n")
    assert note.headers["X-Plenum-Vkey"].startswith("plenum/localhost+")
    filtered = await officer.call("GET", f"/audit?action=poll.cast&actor={hub.seed.people['north']}")
    assert [row["actorName"] for row in filtered["rows"]] == ["Minh Tùng"]
    for query in ("action=nonsense", "limit=-1", "since=yesterday", "before=1e9", "outcome=maybe"):
        with pytest.raises(Refused, match="invalid"):
            await officer.call("GET", f"/audit?{query}")


async def test_the_log_pages_backwards_to_its_beginning(hub: Hub) -> None:
    officer = await hub.client("officer", fresh=True)
    seen: list[int] = []
    before = ""
    while True:
        page = await officer.call("GET", f"/audit?limit=2{before}")
        seen += [row["index"] for row in page["rows"]]
        if page["nextBefore"] is None:
            break
        before = f"&before={page['nextBefore']}"
    assert seen == sorted(set(seen), reverse=True)
    assert seen[-1] == 0


async def test_invitations_go_out_as_mail_once(hub: Hub) -> None:
    def post(tx: Transaction) -> None:
        body: dict[str, object] = {"meeting": hub.seed.ours.meeting, "reason": "Phiên\r\nBcc: x@y"}
        tx.post("invitation", hub.seed.people["north"], body)

    await hub.write(post)
    await deliver(hub.services)
    await deliver(hub.services)
    mails = sorted((hub.seed.folder / "outgoing").glob("*.eml"))
    assert len(mails) == 1
    assert "\nBcc:" not in mails[0].read_text("utf-8")
    rows = await hub.services.db.read(lambda conn: conn.execute(select(outbox.c.delivered_at)).scalars().all())
    assert all(rows)


async def test_a_message_that_cannot_be_built_does_not_hold_up_the_others(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    good: dict[str, object] = {"meeting": hub.seed.ours.meeting, "version": 1, "title": "Phiên"}

    def post(tx: Transaction) -> None:
        tx.post("invitation", "nobody", good)
        tx.post("no-such-kind", hub.seed.people["north"], good)
        tx.post("invitation", hub.seed.people["north"], {"meeting": "x", "version": 1})
        tx.post("invitation", hub.seed.people["north"], good)

    await hub.write(post)
    for _ in range(2):
        await deliver(hub.services)
    assert len(list((hub.seed.folder / "outgoing").glob("*.eml"))) == 1
    assert caplog.text.count("cannot be built") == 3
    rows = await hub.services.db.read(lambda conn: conn.execute(select(outbox).order_by(outbox.c.id)).all())
    assert [bool(row.failed_at) for row in rows] == [True, True, True, False]
    assert [bool(row.delivered_at) for row in rows] == [False, False, False, True]


@pytest.mark.parametrize("bad", ["a\nb", "a\tb", "a\x00b", "a\x1bb", "a\u2028b", "a\u2029b", "a\x85b", "a\ud800b"])
async def test_a_line_holds_one_line(hub: Hub, bad: str) -> None:
    path = f"/meetings/{hub.seed.ours.meeting}/items"
    with pytest.raises(Refused, match="invalid"):
        await hub.call("secretary", "POST", path, json={"title": bad})
    if bad not in ("a\nb", "a\tb"):
        with pytest.raises(Refused, match="invalid"):
            await hub.call("secretary", "POST", path, json={"title": "x", "description": bad})
    await hub.call("secretary", "POST", path, json={"title": "Một\u200d👩‍🌾 ", "description": "a\nb\tc"})


async def test_answers_to_invitations_and_withdrawn_requests_are_logged(hub: Hub) -> None:
    meeting, person = hub.seed.ours.meeting, hub.seed.people["north"]
    await hub.open("north")
    answer = {"response": "declined", "reason": "Đi khám bệnh"}
    await hub.call("north", "POST", f"/meetings/{meeting}/invitation-answer", json=answer)
    answered = (await hub.log(action=Action.INVITATION_ANSWER))[0].entry
    assert (answered.actor, dict(answered.details)) == (person, {"answer": "declined"})
    page = await hub.live("north")
    speaker = (await page.request("floor.request", meetingId=meeting))["id"]
    await page.request("floor.withdraw", meetingId=meeting, speakerId=speaker)
    withdrawn = (await hub.log(action=Action.FLOOR_WITHDRAW))[0].entry
    assert (withdrawn.actor, withdrawn.object_id) == (person, meeting)


async def test_minutes_of_a_restricted_item_are_for_those_who_may_read_it(hub: Hub) -> None:
    meeting, people = hub.seed.ours.meeting, hub.seed.people
    path = f"/meetings/{meeting}"

    def restrict(tx: Transaction) -> list[Change]:
        item = agenda_store.load_item(tx.conn, meeting, ItemId(hub.seed.ours.items[0]))
        details = ItemDetails(
            title="Nhân sự", kind=item.details.kind, minutes=5, restricted=True, readers=frozenset({people["chair"]})
        )
        return agenda_store.edit_item(tx.conn, meeting, item.id, details, tx.now)

    await hub.change(restrict)
    await hub.convene()
    await _hold_session(hub)
    whole = await hub.call("secretary", "GET", f"{path}/minutes")
    await hub.call("secretary", "POST", f"{path}/minutes/review")
    seen: dict[str, Any] = {name: await hub.call(name, "GET", f"{path}/minutes") for name in ("chair", "north")}
    assert len(seen["chair"]["sections"]) == len(whole["sections"])
    assert len(seen["north"]["sections"]) == len(whole["sections"]) - 1
    assert "Nhân sự" not in str(seen["north"])
    assert (await hub.call("chair", "GET", f"{path}/minutes/pdf")).startswith(b"%PDF")
    with pytest.raises(Refused, match="not_found"):
        await hub.call("north", "GET", f"{path}/minutes/pdf")
    assert (await hub.log(action=Action.DENIAL))[0].entry.details["reason"] == "not_named"


async def test_people_invited_at_once_are_listed_alike_by_events_and_snapshots(hub: Hub) -> None:
    meeting = hub.seed.ours.meeting
    names = ("b-member", "b-chair", "b-secretary")

    def invited(tx: Transaction) -> list[str]:
        return [one.person_id for one in participant_store.participants(tx.conn, meeting)]

    present = await hub.call("secretary", "GET", f"/meetings/{meeting}")
    invitees = [
        {"personId": one["personId"], "role": one["role"], "entitled": one["entitled"]}
        for one in present["participants"]
    ]
    invitees += [{"personId": hub.seed.people[name], "role": "member"} for name in names]
    watcher = await hub.live("chair")
    await watcher.request("subscribe", meetingId=meeting)
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/invitations", json={"invitees": invitees})
    await watcher.settle()
    told = [one["event"]["participant"]["personId"] for one in watcher.heard if one["type"] == "event"]
    assert (await hub.write(invited))[-3:] == told
    with pytest.raises(Refused):
        unknown = {"invitees": [*invitees, {"personId": "x" * 20, "role": "member"}]}
        await hub.call("secretary", "PUT", f"/meetings/{meeting}/invitations", json=unknown)
