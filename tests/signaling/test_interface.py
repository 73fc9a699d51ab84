"""What is written down of the interface: the OpenAPI document, PROTOCOL.md, the schema of the wire."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import signaling
from signaling.app import create_app
from signaling.errors import _STATUS
from signaling.http.openapi import document
from signaling.http.table import PREFIX, ROUTES
from signaling.live import connection, rooms
from signaling.settings import Settings
from signaling.wire.events import MeetingEvent
from signaling.wire.live import ClientMessage, HubMessage
from signaling.wire.schema import wire_schema
from tests.signaling.hub import Hub

PROTOCOL = (Path(signaling.__file__).parent / "PROTOCOL.md").read_text("utf-8")


def references(value: Any) -> Iterator[str]:
    """Yield every ``$ref`` in a JSON value."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def resolve(whole: Any, reference: str) -> Any:
    assert reference.startswith("#/")
    for part in reference[2:].split("/"):
        whole = whole[part]
    return whole


def test_every_route_is_in_the_openapi_document_and_every_reference_leads_somewhere() -> None:
    made = json.loads(json.dumps(document("1.0")))
    assert made["openapi"] == "3.1.0"
    operations = {(path, method) for path, its in made["paths"].items() for method in its}
    assert operations == {(PREFIX + route.path, route.method.lower()) for route in ROUTES}
    found = list(references(made))
    assert found
    for reference in found:
        assert resolve(made, reference)


def test_operations_have_distinct_names_and_say_what_they_need() -> None:
    operations = [one for its in document("1.0")["paths"].values() for one in its.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["description"].startswith("Permission `") and one["responses"] for one in operations)
    for path, its in document("1.0")["paths"].items():
        for operation in its.values():
            named = {parameter["name"] for parameter in operation["parameters"]}
            assert all(f"{{{name}}}" in path for name in named)
            assert path.count("{") == len(named)


async def test_the_document_is_served(hub: Hub) -> None:
    answer = await (await hub.nobody()).raw("GET", "/openapi.json")
    assert (await answer.json())["info"]["title"] == "Plenum"


async def test_every_answer_carries_the_headers(hub: Hub) -> None:
    client = await hub.nobody()
    for path in ("/session", "/authority", "/openapi.json", "/nowhere"):
        headers = (await client.raw("GET", path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
    async with client.session.get("/meetings/some/page") as page:
        assert "require-trusted-types-for 'script'" in page.headers["Content-Security-Policy"]


async def test_the_root_certificate_is_for_everybody_and_the_key_for_nobody(hub: Hub) -> None:
    answer = await (await hub.nobody()).raw("GET", "/authority")
    text = await answer.text()
    assert text.startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE KEY" not in text


def test_every_route_of_the_table_is_served() -> None:
    app = create_app(Settings())
    served = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    assert {(route.method, PREFIX + route.path) for route in ROUTES} <= served


def _types(union: Any) -> set[str]:
    return {one.model_fields["type"].default for one in get_args(get_args(union)[0])}


def test_the_protocol_names_every_message_and_every_event() -> None:
    for name in _types(HubMessage) | _types(MeetingEvent):
        assert f"`{name}`" in PROTOCOL or f'"type":"{name}"' in PROTOCOL, name


def test_the_protocol_gives_an_example_of_every_request() -> None:
    for name in _types(ClientMessage):
        assert f'"type":"{name}"' in PROTOCOL, name


def test_examples_of_the_protocol_are_what_the_hub_takes() -> None:
    examples = [line for line in PROTOCOL.splitlines() if line.startswith('{"id"') and '"result"' not in line]
    examples = [line for line in examples if '"error"' not in line]
    assert len(examples) >= len(_types(ClientMessage))
    for line in examples:
        connection._MESSAGES.validate_json(line)


def test_limits_in_the_protocol_are_those_of_the_code() -> None:
    assert f"{connection.MAX_MESSAGE_BYTES // 1024} KiB" in PROTOCOL
    assert f"{connection.QUEUE_LIMIT} messages" in PROTOCOL
    assert f"{connection.RATE_PER_S:.0f} messages a second" in PROTOCOL
    assert f"{rooms.HOLDER_GRACE_S:.0f} seconds" in PROTOCOL


def test_the_wires_schema_has_no_loose_ends() -> None:
    schema = wire_schema()
    made = json.loads(json.dumps(schema).replace("#/$defs/", "#/definitions/"))
    made["definitions"] = made.pop("$defs")
    assert all(resolve(made, reference) for reference in references(made))


def test_errors_are_sorted_from_the_special_to_the_general() -> None:
    for position, (kind, _) in enumerate(_STATUS):
        assert not [later for later, _ in _STATUS[position + 1 :] if issubclass(later, kind)], kind
