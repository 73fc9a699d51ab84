"""Preparing over HTTP: checklist, changes between versions, papers, copies, and who may do what."""

from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import select

from documents import schema as documents
from meetings.errors import StaleRevision
from signaling.usecases import convene as convening
from tests.documents import make_fixtures
from tests.signaling.hub import Hub, Refused


def path(hub: Hub, rest: str = "") -> str:
    return f"/meetings/{hub.seed.ours.meeting}{rest}"


def pdf(name: str = "a.pdf", title: str = "Phụ lục", data: bytes | None = None) -> FormData:
    form = FormData()
    form.add_field("title", title)
    form.add_field("file", data or make_fixtures.plain(), filename=name, content_type="application/pdf")
    return form


async def items(hub: Hub, username: str = "secretary") -> list[Any]:
    return list((await hub.call(username, "GET", path(hub)))["items"])


def blobs(hub: Hub) -> int:
    return sum(one.is_file() for one in (hub.seed.folder / "blobs").rglob("*"))


# --- checklist ---


async def test_what_the_checklist_names_is_what_convening_is_refused_with(hub: Hub) -> None:
    secretary = await hub.client("secretary", fresh=True)
    restricted = {"title": "Kỷ luật", "readers": [], "kind": "decision"}
    item = (await secretary.call("POST", path(hub, "/items"), json=restricted))["id"]
    checklist = await secretary.call("GET", path(hub, "/checklist"))
    nobody = {"code": "item_for_nobody", "itemId": item, "personId": None, "count": 0}
    assert checklist["blocking"] == [nobody]
    assert [one["code"] for one in checklist["advice"]] == ["decision_without_paper"]
    with pytest.raises(Refused, match="item_for_nobody"):
        await secretary.call("POST", path(hub, "/convene"))


async def test_a_paper_on_its_way_holds_up_convening(hub: Hub) -> None:
    secretary = await hub.client("secretary", fresh=True)
    with hub.services.in_checking.one(hub.seed.ours.meeting):
        (found,) = (await secretary.call("GET", path(hub, "/checklist")))["blocking"]
        assert (found["code"], found["count"]) == ("paper_in_checking", 1)
        with pytest.raises(Refused, match="paper_in_checking"):
            await secretary.call("POST", path(hub, "/convene"))
    assert (await secretary.call("GET", path(hub, "/checklist")))["blocking"] == []


async def test_a_refused_convening_leaves_no_files_behind(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    secretary, before = await hub.client("secretary", fresh=True), blobs(hub)

    def stale(commit: Any, tx: Any) -> None:
        raise StaleRevision("the meeting changed")

    monkeypatch.setattr(convening._Commit, "__call__", stale)
    with pytest.raises(Refused, match="stale_revision"):
        await secretary.call("POST", path(hub, "/convene"))
    assert blobs(hub) == before


# --- what changed ---


async def test_a_changed_agenda_voids_acknowledgements_and_shows_what_changed(hub: Hub) -> None:
    place = hub.seed.ours
    await hub.convene()
    await hub.call("north", "POST", path(hub, "/agenda/1/acknowledgement"))
    assert (await hub.call("secretary", "GET", path(hub, "/agenda-changes")))["items"] == []
    change = {"title": "Báo cáo mới", "kind": "information", "minutes": 15}
    await hub.call("secretary", "PUT", path(hub, f"/items/{place.items[0]}"), json=change)
    await hub.call("secretary", "PATCH", path(hub), json={"place": "Phòng họp số 2"})
    pending = await hub.call("secretary", "GET", path(hub, "/agenda-changes"))
    assert (pending["since"], pending["number"]) == (1, None)
    assert [one["field"] for one in pending["heading"]] == ["place"]
    (item,) = pending["items"]
    assert {one["field"] for one in item["fields"]} >= {"title", "presenter"}
    with pytest.raises(Refused, match="denied"):
        await hub.call("north", "GET", path(hub, "/agenda-changes"))
    await hub.convene()
    seen = await hub.call("north", "GET", path(hub, "/agenda/2/changes?since=1"))
    assert seen["items"] == [item | {"number": 1}]
    with pytest.raises(Refused, match="stale_version"):
        await hub.call("north", "POST", path(hub, "/agenda/1/acknowledgement"))
    assert "acknowledge" in (await hub.call("north", "GET", "/meetings"))["meetings"][0]["waiting"]
    for wrong in ("/agenda/1/changes", "/agenda/2/changes?since=2", "/agenda/3/changes"):
        with pytest.raises(Refused, match="not_found"):
            await hub.call("north", "GET", path(hub, wrong))


async def test_changes_of_a_restricted_item_are_for_its_readers(hub: Hub) -> None:
    await hub.convene()
    secret = {"title": "Kỷ luật", "readers": [hub.seed.people["chair"]]}
    item = (await hub.call("secretary", "POST", path(hub, "/items"), json=secret))["id"]
    await hub.convene()
    for username, title in (("north", ""), ("chair", "Kỷ luật"), ("secretary", "Kỷ luật")):
        (found,) = (await hub.call(username, "GET", path(hub, "/agenda/2/changes")))["items"]
        assert (found["itemId"], found["title"], found["hidden"]) == (item, title, not title)
    await hub.call("secretary", "DELETE", path(hub, f"/items/{item}"))
    await hub.convene()
    (gone,) = (await hub.call("chair", "GET", path(hub, "/agenda/3/changes")))["items"]
    assert (gone["kind"], gone["title"], gone["hidden"]) == ("removed", "", True)


async def test_readers_are_told_to_those_who_edit(hub: Hub) -> None:
    await hub.convene()
    readers = sorted([hub.seed.people["chair"], hub.seed.people["north"]])
    await hub.call("secretary", "POST", path(hub, "/items"), json={"title": "Kỷ luật", "readers": readers})
    told = {name: (await items(hub, name))[-1]["readers"] for name in ("secretary", "chair", "north", "delta")}
    assert told == {"secretary": readers, "chair": readers, "north": None, "delta": None}


# --- papers ---


async def test_a_paper_gets_versions_a_title_a_place_and_another_item(hub: Hub) -> None:
    place = hub.seed.ours
    first = (await hub.call("secretary", "POST", path(hub, f"/items/{place.items[1]}/papers"), data=pdf()))["id"]
    await hub.call("secretary", "POST", path(hub, f"/papers/{first}/versions"), data=pdf("b.pdf"))
    await hub.call("secretary", "PATCH", path(hub, f"/papers/{first}"), json={"title": "Dự toán"})
    order = [first, place.paper]
    await hub.call("secretary", "PUT", path(hub, f"/items/{place.items[1]}/paper-order"), json={"paperIds": order})
    papers = (await items(hub))[1]["papers"]
    assert [(one["id"], one["version"]) for one in papers] == [(first, 2), (place.paper, 1)]
    assert papers[0]["title"] == "Dự toán"
    with pytest.raises(Refused, match="bad_paper_order"):
        await hub.call(
            "secretary", "PUT", path(hub, f"/items/{place.items[1]}/paper-order"), json={"paperIds": [first]}
        )
    await hub.call("secretary", "PATCH", path(hub, f"/papers/{first}"), json={"itemId": place.items[0]})
    assert [one["id"] for one in (await items(hub))[0]["papers"]] == [first]
    assert await hub.call("secretary", "GET", path(hub, f"/papers/{first}/versions/1"))
    with pytest.raises(Refused, match="not_found"):
        await hub.call("secretary", "PATCH", path(hub, f"/papers/{first}"), json={"itemId": hub.seed.theirs.items[0]})


async def test_hostile_names_of_papers_are_harmless_text(hub: Hub) -> None:
    hostile = pdf('..\\..\\\u202efdp.exe\u202c "x".pdf', title="\u202eA\u0000\n<img src=x onerror=alert(1)>")
    route = path(hub, f"/items/{hub.seed.ours.items[0]}/papers")
    paper = (await hub.call("secretary", "POST", route, data=hostile))["id"]
    (found,) = (await items(hub))[0]["papers"]
    assert found["title"] == "A <img src=x onerror=alert(1)>"
    answer = await (await hub.client("secretary")).raw("GET", path(hub, f"/papers/{paper}/versions/1?download=1"))
    assert 'filename="A _img src_x onerror_alert_1__.pdf"' in answer.headers["Content-Disposition"]
    title = {"title": "Tệp \u202eđảo"}
    await hub.call("secretary", "PATCH", path(hub, f"/papers/{paper}"), json=title)
    assert (await items(hub))[0]["papers"][0]["title"] == "Tệp đảo"


async def test_an_upload_that_is_refused_at_the_end_leaves_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    before = blobs(hub)

    def gone(*arguments: Any, **named: Any) -> None:
        raise StaleRevision("gone meanwhile")

    monkeypatch.setattr("documents.repository.add_paper", gone)
    with pytest.raises(Refused):
        await hub.call("secretary", "POST", path(hub, f"/items/{hub.seed.ours.items[0]}/papers"), data=pdf())
    assert blobs(hub) == before
    query = select(documents.paper.c.id).where(documents.paper.c.item_id == hub.seed.ours.items[0])
    assert (await hub.services.db.read(lambda conn: conn.execute(query).all())) == []


# --- copies and seats ---


async def new_meeting(hub: Hub, label: int = 1) -> str:
    body = {"title": "Họp mới", "zone": "Asia/Ho_Chi_Minh", "language": "vi", "label": label}
    times = {"startsAt": "2030-01-02T03:00:00Z", "endsAt": "2030-01-02T05:00:00Z"}
    return str((await hub.call("secretary", "POST", "/meetings", json=body | times))["id"])


async def test_agenda_and_people_are_taken_over_from_an_earlier_meeting(hub: Hub) -> None:
    meeting = await new_meeting(hub)
    body = {"fromMeetingId": hub.seed.ours.meeting, "agenda": True, "invitees": True}
    copied = await hub.call("secretary", "POST", f"/meetings/{meeting}/copies", json=body)
    old, new = await hub.call("secretary", "GET", path(hub)), await hub.call("secretary", "GET", f"/meetings/{meeting}")
    assert copied == {"items": 3, "invitees": len(old["participants"]) - 1}
    for key in ("title", "kind", "minutes", "presenterId"):
        assert [one[key] for one in new["items"]] == [one[key] for one in old["items"]]
    assert [one["papers"] for one in new["items"]] == [[], [], []]
    roles = {one["personId"]: one["role"] for one in old["participants"]}
    assert {one["personId"]: one["role"] for one in new["participants"]} == roles


async def test_copies_do_not_reach_into_meetings_of_others_or_down_the_labels(hub: Hub) -> None:
    meeting = await new_meeting(hub)
    body = {"fromMeetingId": hub.seed.theirs.meeting, "agenda": True, "invitees": True}
    with pytest.raises(Refused, match="not_found"):
        await hub.call("secretary", "POST", f"/meetings/{meeting}/copies", json=body)
    public = await new_meeting(hub, label=0)
    with pytest.raises(Refused, match="label_too_low"):
        ours = body | {"fromMeetingId": hub.seed.ours.meeting}
        await hub.call("secretary", "POST", f"/meetings/{public}/copies", json=ours)


async def test_a_new_secretary_opens_restricted_items_only_after_a_step_up(hub: Hub) -> None:
    people = (await hub.call("secretary", "GET", path(hub)))["participants"]
    seats = [{key: one[key] for key in ("personId", "role", "entitled")} for one in people]
    for one in seats:
        if one["personId"] == hub.seed.people["chair"]:
            one |= {"role": "secretary", "entitled": True}
    await hub.call("secretary", "POST", path(hub, "/items"), json={"title": "Kỷ luật", "readers": []})
    with pytest.raises(Refused, match="step_up_required"):
        await hub.call("secretary", "PUT", path(hub, "/invitations"), json={"invitees": seats})
    secretary = await hub.client("secretary", fresh=True)
    await secretary.call("PUT", path(hub, "/invitations"), json={"invitees": seats})


async def test_the_calendar_is_there_from_convening_on(hub: Hub) -> None:
    with pytest.raises(Refused, match="not_found"):
        await hub.call("secretary", "GET", path(hub, "/calendar"))
    await hub.convene()
    answer = await (await hub.client("north")).raw("GET", path(hub, "/calendar"))
    assert answer.content_type == "text/calendar"
    assert b"METHOD:PUBLISH" in await answer.read()
