"""Minutes: what is signed is what is on record, and a restricted item's section is for those who may read it."""

from collections.abc import Callable
from typing import Any

import pytest

from auth.audit.entry import Action
from documents.content import MinutesData
from documents.model import RecordKind
from meetings import agenda_store, session_store
from meetings.changes import Change
from meetings.model import ItemId, ItemState
from signaling.store.transaction import Transaction
from tests.signaling.hub import Client, Hub, Refused


async def _adjourned(hub: Hub, *, undecided: int = 0) -> str:
    """Hold our meeting, with so many items left undecided; return its path."""
    await hub.open("chair", "north", "delta", "secretary")
    meeting = hub.seed.ours.meeting

    def conclude(tx: Transaction) -> list[Change]:
        items = hub.seed.ours.items[undecided:]
        return [
            change
            for item in items
            for change in agenda_store.conclude_item(
                tx.conn, meeting, ItemId(item), ItemState.NOTED, outcome="Đã rõ", now=tx.now
            )
        ]

    await hub.change(conclude)
    await hub.change(lambda tx: session_store.adjourn_meeting(tx.conn, meeting, tx.now))
    return f"/meetings/{meeting}"


async def _restrict(hub: Hub, item: int, reader: str) -> None:
    details = {"title": "Nhân sự", "kind": "information", "readers": [hub.seed.people[reader]]}
    path = f"/meetings/{hub.seed.ours.meeting}/items/{hub.seed.ours.items[item]}"
    await hub.call("secretary", "PUT", path, json=details)


def _edit(minutes: dict[str, Any], section: str, text: str) -> dict[str, Any]:
    return {"revision": minutes["revision"], "sections": [{"id": section, "text": text}]}


class Renderer:
    """Runs jobs as the pool does, and something else each time that minutes are being printed."""

    def __init__(self, hub: Hub, meanwhile: Callable[[int], Any]) -> None:
        self._run = hub.services.workers.run
        self._meanwhile = meanwhile
        self.printed: list[MinutesData] = []

    async def run(self, function: Any, *arguments: Any, **named: Any) -> Any:
        result = await self._run(function, *arguments, **named)
        self.printed.append(arguments[0])
        await self._meanwhile(len(self.printed))
        return result


async def _write(client: Client, path: str, text: str) -> None:
    minutes = await client.call("GET", f"{path}/minutes")
    await client.call("PUT", f"{path}/minutes", json=_edit(minutes, minutes["sections"][-1]["id"], text))


async def test_minutes_are_printed_again_if_the_record_changes_meanwhile(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await _adjourned(hub)
    client = await hub.client("secretary")
    await client.call("GET", f"{path}/minutes")

    async def meanwhile(times: int) -> None:
        if times == 1:
            await _write(client, path, "Câu sau cùng.")

    renderer = Renderer(hub, meanwhile)
    monkeypatch.setattr(hub.services.workers, "run", renderer.run)
    review = await client.call("POST", f"{path}/minutes/review")
    assert [data.sections[-1].text == ("Câu sau cùng.",) for data in renderer.printed] == [False, True]
    assert review["state"] == "review" and review["sha256"]


async def test_minutes_of_a_record_that_keeps_changing_are_not_frozen(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await _adjourned(hub)
    client = await hub.client("secretary")
    await client.call("GET", f"{path}/minutes")
    renderer = Renderer(hub, lambda times: _write(client, path, f"Lần {times}"))
    monkeypatch.setattr(hub.services.workers, "run", renderer.run)
    blobs = sorted((hub.seed.folder / "blobs").rglob("*"))
    with pytest.raises(Refused, match="stale_revision"):
        await client.call("POST", f"{path}/minutes/review")
    assert len(renderer.printed) == 3
    kept = [one for one in sorted((hub.seed.folder / "blobs").rglob("*")) if one.is_file()]
    assert kept == [one for one in blobs if one.is_file()]
    assert (await client.call("GET", f"{path}/minutes"))["state"] == "draft"


async def test_undecided_items_are_refused_before_anything_is_printed(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await _adjourned(hub, undecided=1)
    client = await hub.client("secretary")
    await client.call("GET", f"{path}/minutes")

    async def meanwhile(_: int) -> None:
        """Nothing."""

    renderer = Renderer(hub, meanwhile)
    monkeypatch.setattr(hub.services.workers, "run", renderer.run)
    with pytest.raises(Refused, match="item_undecided"):
        await client.call("POST", f"{path}/minutes/review")
    assert renderer.printed == []


async def test_nothing_that_is_printed_changes_in_review(hub: Hub) -> None:
    path = await _adjourned(hub)
    client, live = await hub.client("secretary"), await hub.live("secretary")
    minutes = await client.call("GET", f"{path}/minutes")
    await client.call("POST", f"{path}/minutes/review")
    before = await client.call("GET", path)
    people = [{name: one[name] for name in ("personId", "role", "entitled")} for one in before["participants"]]
    item = f"{path}/items/{hub.seed.ours.items[0]}"
    for method, where, body in (
        ("PATCH", path, {"title": "Tên khác"}),
        ("PUT", f"{path}/invitations", {"invitees": people[:-1]}),
        ("PUT", item, {"title": "Mục khác"}),
        ("POST", f"{path}/items", {"title": "Mục thêm"}),
        ("PUT", f"{path}/minutes", _edit(minutes, minutes["sections"][0]["id"], "Khác")),
        ("POST", f"{path}/transitions", {"to": "in_session"}),
    ):
        with pytest.raises(Refused):
            await client.call(method, where, json=body)
    meeting, north = hub.seed.ours.meeting, hub.seed.people["north"]
    for kind, fields in (
        ("item.state", {"itemId": hub.seed.ours.items[0], "to": "withdrawn", "outcome": "Khác"}),
        ("roll_call", {"personId": north, "status": "absent"}),
        ("attend", {"mode": "remote"}),
        ("poll.create", {"title": "Thêm"}),
        ("poll.open", {"pollId": hub.seed.ours.poll}),
        ("poll.close", {"pollId": hub.seed.ours.poll}),
    ):
        with pytest.raises(Refused):
            await live.request(kind, meetingId=meeting, **fields)
    after = await client.call("GET", path)
    assert {one: after[one] for one in ("meeting", "items", "participants", "polls")} == {
        one: before[one] for one in ("meeting", "items", "participants", "polls")
    }


async def test_nobody_writes_into_a_section_that_he_may_not_read(hub: Hub) -> None:
    await _restrict(hub, 0, "north")
    path = await _adjourned(hub)
    whole = await hub.call("secretary", "GET", f"{path}/minutes")
    seen = await hub.call("chair", "GET", f"{path}/minutes")
    (hidden,) = {one["id"] for one in whole["sections"]} - {one["id"] for one in seen["sections"]}
    with pytest.raises(Refused, match="not_found"):
        await hub.call("chair", "PUT", f"{path}/minutes", json=_edit(whole, hidden, ""))
    assert (await hub.log(action=Action.DENIAL))[0].entry.details["reason"] == "not_named"
    assert await hub.call("secretary", "GET", f"{path}/minutes") == whole
    await hub.call("chair", "PUT", f"{path}/minutes", json=_edit(whole, seen["sections"][-1]["id"], "Hết."))


async def test_who_signs_reads_the_whole_minutes(hub: Hub) -> None:
    await _restrict(hub, 0, "north")
    path = await _adjourned(hub)
    whole = await hub.call("secretary", "GET", f"{path}/minutes")
    await hub.call("secretary", "POST", f"{path}/minutes/review")
    assert (await hub.call("chair", "GET", f"{path}/minutes"))["sections"] == whole["sections"]
    assert (await hub.call("chair", "GET", f"{path}/minutes/pdf")).startswith(b"%PDF")
    assert len((await hub.call("delta", "GET", f"{path}/minutes"))["sections"]) == len(whole["sections"]) - 1
    with pytest.raises(Refused, match="not_found"):
        await hub.call("delta", "GET", f"{path}/minutes/pdf")
    (signed, *_) = await hub.log(action=Action.PAPER_VIEW)
    assert signed.entry.details["kind"] == RecordKind.MINUTES_PDF.value
