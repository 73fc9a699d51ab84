"""One well-formed request for every route and every message, aimed at a given meeting."""

from typing import Any

from aiohttp import FormData

from signaling.http.route import Route
from signaling.wire import live
from tests.documents import make_fixtures
from tests.signaling.hub import ballot_id
from tests.signaling.seed import Place, Seed

AT = {"startsAt": "2030-01-02T03:00:00Z", "endsAt": "2030-01-02T05:00:00Z"}
ITEM = {"title": "Mục mới"}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/session"): {"username": "chair", "password": "x"},
    ("POST", "/session/step-up"): {"password": "x"},
    ("POST", "/meetings"): {"title": "Họp", "zone": "Asia/Ho_Chi_Minh", "language": "vi", "label": 1, **AT},
    ("PATCH", "/meetings/{meeting}"): {"title": "Tên khác"},
    ("PUT", "/meetings/{meeting}/invitations"): {"invitees": []},
    ("POST", "/meetings/{meeting}/invitation-answer"): {"response": "accepted"},
    ("POST", "/meetings/{meeting}/items"): ITEM,
    ("PUT", "/meetings/{meeting}/items/{item}"): ITEM,
    ("PUT", "/meetings/{meeting}/agenda-order"): {"itemIds": []},
    ("POST", "/meetings/{meeting}/transitions"): {"to": "cancelled", "reason": "Không đủ người"},
    ("PUT", "/meetings/{meeting}/minutes"): {"revision": 1, "sections": []},
}


def arguments(route: Route) -> dict[str, Any]:
    """Return the body of a request as the client takes it."""
    if route.path.endswith("/papers"):
        form = FormData()
        form.add_field("title", "Phụ lục")
        form.add_field("file", make_fixtures.plain(), filename="phu-luc.pdf", content_type="application/pdf")
        return {"data": form}
    body = BODIES.get((route.method, route.path))
    return {} if body is None else {"json": body}


def path(route: Route, place: Place) -> str:
    """Return the route's path to a place."""
    parts = {"meeting": place.meeting, "item": place.items[0], "paper": place.paper, "version": "1"}
    return route.path.format(**parts)


def fields(message: type[live.Request], place: Place, seed: Seed) -> dict[str, Any]:
    """Return the fields of a message to a place."""
    given: dict[str, Any] = {
        "meetingId": place.meeting,
        "itemId": place.items[0],
        "pollId": place.poll,
        "personId": seed.people["chair"],
        "speakerId": "s" * 20,
        "transportId": "t" * 20,
        "producerId": "p" * 20,
        "consumerId": "c" * 20,
        "ballotId": ballot_id(),
        "optionId": "yes",
        "to": "under_discussion",
        "status": "present",
        "mode": "remote",
        "title": "Câu hỏi",
        "direction": "send",
        "kind": "audio",
        "source": "microphone",
        "paused": True,
        "dtlsParameters": {"fingerprints": []},
        "rtpParameters": {},
        "rtpCapabilities": {},
        "key": "hand",
        "value": "1",
    }
    wanted = {field.alias or name for name, field in message.model_fields.items() if field.is_required()}
    return {name: given[name] for name in wanted - {"id"}}
