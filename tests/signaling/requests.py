"""One well-formed request for every route and every message, aimed at a given meeting."""

import re
from typing import Any

from aiohttp import FormData

from signaling.http.route import Route
from signaling.wire.base import Request
from tests.documents import make_fixtures
from tests.signaling.hub import ballot_id
from tests.signaling.seed import Place, Seed

AT = {"startsAt": "2030-01-02T03:00:00Z", "endsAt": "2030-01-02T05:00:00Z"}
ITEM = {"title": "Mục mới"}
ACCOUNT = {"username": "moi", "name": "Người mới"}
RIGHTS = {"roles": ["member"]}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/session"): {"username": "chair", "password": "x"},
    ("POST", "/session/step-up"): {"code": "000000"},
    ("POST", "/session/code"): {"code": "000000"},
    ("POST", "/account/password"): {"current": "x", "next": "y"},
    ("POST", "/account/second-factor/confirmation"): {"code": "000000"},
    ("POST", "/meetings"): {"title": "Họp", "zone": "Asia/Ho_Chi_Minh", "language": "vi", "label": 1, **AT},
    ("PATCH", "/meetings/{meeting}"): {"title": "Tên khác"},
    ("PUT", "/meetings/{meeting}/invitations"): {"invitees": []},
    ("POST", "/meetings/{meeting}/invitation-answer"): {"response": "accepted"},
    ("POST", "/meetings/{meeting}/items"): ITEM,
    ("PUT", "/meetings/{meeting}/items/{item}"): ITEM,
    ("PUT", "/meetings/{meeting}/agenda-order"): {"itemIds": []},
    ("POST", "/meetings/{meeting}/transitions"): {"to": "cancelled", "reason": "Không đủ người"},
    ("PUT", "/meetings/{meeting}/minutes"): {"revision": 1, "sections": []},
    ("POST", "/meetings/{meeting}/copies"): {"fromMeetingId": "x" * 20, "agenda": True, "invitees": True},
    ("PATCH", "/meetings/{meeting}/papers/{paper}"): {"title": "Tên khác"},
    ("PUT", "/meetings/{meeting}/items/{item}/paper-order"): {"paperIds": []},
    ("PUT", "/meetings/{meeting}/recording-policy"): {"allowed": True},
    ("POST", "/administration/people"): {"details": ACCOUNT, "rights": RIGHTS},
    ("PUT", "/administration/people/{person}"): ACCOUNT,
    ("PUT", "/administration/people/{person}/rights"): RIGHTS,
    ("PUT", "/administration/people/{person}/lock"): {"disabled": True},
    ("POST", "/administration/units"): {"name": "Ban mới"},
    ("PUT", "/administration/units/{unit}"): {"name": "Ban mới"},
    ("POST", "/administration/sites"): {"name": "Điểm cầu mới"},
    ("PUT", "/administration/sites/{site}"): {"name": "Điểm cầu mới"},
    ("POST", "/audit/comparison"): {"checkpoint": "x"},
    ("POST", "/audit/alerts/{alert}/acknowledgement"): {"note": "x"},
    ("POST", "/welcome/look-up"): {"token": "x"},
    ("POST", "/welcome"): {"token": "x", "password": "x"},
}


def arguments(route: Route) -> dict[str, Any]:
    """Return the body of a request as the client takes it."""
    if route.method == "POST" and route.path.endswith(("/papers", "/papers/{paper}/versions")):
        form = FormData()
        form.add_field("title", "Phụ lục")
        form.add_field("file", make_fixtures.plain(), filename="phu-luc.pdf", content_type="application/pdf")
        return {"data": form}
    body = BODIES.get((route.method, route.path))
    return {} if body is None else {"json": body}


def path(route: Route, place: Place) -> str:
    """Return the route's path to a place."""
    parts = {"meeting": place.meeting, "item": place.items[0], "paper": place.paper, "version": "1", "number": "1"}
    wanted = re.findall(r"{(\w+)}", route.path)
    return route.path.format(**{name: parts.get(name, "x" * 20) for name in wanted})


def fields(message: type[Request], place: Place, seed: Seed) -> dict[str, Any]:
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
        "endpointIds": ["e" * 20],
        "views": [{"consumerId": "c" * 20, "width": 320, "height": 180}],
        "messageId": ballot_id(),
        "audience": "secretariat",
        "text": "Xin chào",
        "reason": "Mất kết nối",
        "seconds": 60,
        "key": "quality",
        "value": "weak",
    }
    wanted = {field.alias or name for name, field in message.model_fields.items() if field.is_required()}
    return {name: given[name] for name in wanted - {"id"}}
