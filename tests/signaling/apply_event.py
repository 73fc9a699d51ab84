"""The client's ``applyEvent`` once more, as the reference of the law of the stream.

``web_client/src/state/applyEvent.ts`` is the other implementation; both are checked with ``tests/fixtures/state_sync``.
"""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def apply_event(snapshot: Json, envelope: Json) -> Json:
    """Return the snapshot after an event; of a type that is not known only the revision moves."""
    event = envelope["event"]
    apply = _APPLY.get(event["type"], _nothing)
    return snapshot | apply(snapshot, event) | {"revision": envelope["revision"]}


def _put(entries: list[Json], entry: Json, key: str) -> list[Json]:
    if any(one[key] == entry[key] for one in entries):
        return [entry if one[key] == entry[key] else one for one in entries]
    return [*entries, entry]


def _by_position(items: list[Json]) -> list[Json]:
    return sorted(items, key=lambda one: one["position"])


def _nothing(_: Json, __: Json) -> Json:
    return {}


def _participant(snapshot: Json, event: Json) -> Json:
    participants = _put(snapshot["participants"], event["participant"], "personId")
    return {"participants": participants, "quorum": event["quorum"]}


def _participant_removed(snapshot: Json, event: Json) -> Json:
    participants = [one for one in snapshot["participants"] if one["personId"] != event["personId"]]
    return {"participants": participants, "quorum": event["quorum"]}


def _presence(snapshot: Json, event: Json) -> Json:
    participants = [
        one | {"presence": event["presence"]} if one["personId"] == event["personId"] else one
        for one in snapshot["participants"]
    ]
    return {"participants": participants, "quorum": event["quorum"]}


def _item_removed(snapshot: Json, event: Json) -> Json:
    return {"items": [one for one in snapshot["items"] if one["id"] != event["itemId"]]}


def _poll_removed(snapshot: Json, event: Json) -> Json:
    return {"polls": [one for one in snapshot["polls"] if one["id"] != event["pollId"]]}


def _order(snapshot: Json, event: Json) -> Json:
    position = {item_id: place for place, item_id in enumerate(event["itemIds"], start=1)}
    items = [one | {"position": position.get(one["id"], one["position"])} for one in snapshot["items"]]
    return {"items": _by_position(items)}


def _ballot(snapshot: Json, event: Json) -> Json:
    return {
        "polls": [
            one | {"ballots": _put(one["ballots"], event["ballot"], "personId")}
            if one["id"] == event["pollId"]
            else one
            for one in snapshot["polls"]
        ]
    }


def _speaker_removed(snapshot: Json, event: Json) -> Json:
    return {"speakers": [one for one in snapshot["speakers"] if one["id"] != event["speakerId"]]}


def _chat(snapshot: Json, event: Json) -> Json:
    message, chat = event["message"], snapshot["chat"]
    known = chat["messages"]
    if any(one["id"] == message["id"] for one in known):
        return {"chat": chat | {"messages": _put(known, message, "id")}}
    if known and message["number"] < known[-1]["number"]:
        return {}
    return {"chat": {"messages": [*known, message][-200:], "earlier": chat["earlier"] or len(known) >= 200}}


_APPLY: dict[str, Callable[[Json, Json], Json]] = {
    "meeting": lambda _, event: {"meeting": event["meeting"]},
    "participant": _participant,
    "participant_removed": _participant_removed,
    "presence": _presence,
    "item": lambda snapshot, event: {"items": _by_position(_put(snapshot["items"], event["item"], "id"))},
    "item_removed": _item_removed,
    "poll_removed": _poll_removed,
    "order": _order,
    "version": lambda snapshot, event: {"versions": _put(snapshot["versions"], event["version"], "number")},
    "poll": lambda snapshot, event: {"polls": _put(snapshot["polls"], event["poll"], "id")},
    "ballot": _ballot,
    "speaker": lambda snapshot, event: {"speakers": _put(snapshot["speakers"], event["speaker"], "id")},
    "speaker_removed": _speaker_removed,
    "minutes": lambda _, event: {"minutes": event["minutes"]},
    "chat": _chat,
    "chat_cleared": lambda _, __: {"chat": {"messages": [], "earlier": False}},
    "sitting": lambda _, event: {"sitting": event["sitting"]},
    "announcement": lambda _, event: {"announcement": event["announcement"]},
    "recording": lambda _, event: {"recording": event["recording"]},
    "hidden": _nothing,
}
KNOWN_EVENTS = frozenset(_APPLY)
