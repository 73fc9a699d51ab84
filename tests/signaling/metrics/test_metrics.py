"""What Prometheus gets, and who gets it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from media.control.messages import Draining, RelayCounters, Statistics
from signaling.errors import BadSetting
from signaling.metrics.listener import exposition, metrics_app
from signaling.relays.placement import Placement
from signaling.settings import from_environment
from tests.signaling.fake_relay import connected
from tests.signaling.hub import Hub, Refused, until
from tests.signaling.test_media import enter

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-that-is-long-enough"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def fetched(hub: Hub) -> Samples:
    text = (await exposition(hub.services)).decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(samples: Samples, metric: str, /, **labels: str) -> float:
    return samples.get((metric, frozenset(labels.items())), 0)


async def test_requests_are_counted_by_name_and_outcome(hub: Hub) -> None:
    await hub.call("chair", "GET", "/meetings")
    live = await hub.live("chair")
    await live.request("ping")
    with pytest.raises(Refused):
        await live.request("subscribe", meetingId="nowhere")
    found = await fetched(hub)
    assert of(found, "plenum_requests_total", way="http", name="GET /meetings", outcome="ok") == 1
    assert of(found, "plenum_requests_total", way="socket", name="ping", outcome="ok") == 1
    assert of(found, "plenum_requests_total", way="socket", name="subscribe", outcome="refused") == 1
    assert of(found, "plenum_errors_total", code="not_found") == 1
    assert of(found, "plenum_request_duration_seconds_count", way="socket", name="ping") == 1
    assert of(found, "plenum_sockets") == 1
    assert of(found, "plenum_audit_entries_total") == hub.services.log.size
    assert of(found, "plenum_database_commit_duration_seconds_count") > 0


async def test_rooms_and_relays_are_counted(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        await enter(hub, "chair")
        await relay.send(
            Statistics(
                relay=RelayCounters(
                    packets_out=7, dropped={"unknown_protocol": 2}, transports={"connected": 2}, links={"failed": 1}
                )
            )
        )
        await relay.send(Draining(seconds=1))
        [link] = hub.services.registry.links
        await until(link.draining.is_set)
        found = await fetched(hub)
        assert (of(found, "plenum_rooms"), of(found, "plenum_endpoints")) == (1, 1)
        assert of(found, "plenum_relay_up", relay="local") == 1
        assert of(found, "plenum_relay_draining", relay="local") == 1
        assert of(found, "plenum_relay_packets_forwarded_total", relay="local") == 7
        assert of(found, "plenum_relay_datagrams_dropped_total", relay="local", reason="unknown_protocol") == 2
        assert of(found, "plenum_relay_transports", relay="local", state="connected") == 2
        assert of(found, "plenum_relay_links", relay="local", state="failed") == 1
    await until(lambda: not link.connected)
    found = await fetched(hub)
    assert of(found, "plenum_relay_up", relay="local") == 0
    assert ("plenum_relay_packets_forwarded_total", frozenset({("relay", "local")})) not in found


async def test_ways_between_relays_are_counted(hub: Hub) -> None:
    await hub.open()
    hub.services.registry.placement = Placement(full_transports=1)
    room = hub.seed.ours.meeting
    async with connected(hub, name="first") as first, connected(hub, name="second"):
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        voice = await north.microphone()
        assert of(await fetched(hub), "plenum_spread_rooms") == 1
        await first.until(lambda: bool(first.rooms[room].pipes))
        assert of(await fetched(hub), "plenum_pipes", state="new") == 1
        for pipe in first.rooms[room].pipes:
            await first.transport_state(room, pipe, "failed")
        await until(lambda: bool(hub.services.rooms.pipe_states()["failed"]))
        assert of(await fetched(hub), "plenum_pipes", state="failed") == 1
        await north.request("media.close_producer", producerId=voice)
        assert of(await fetched(hub), "plenum_pipes", state="failed") == 0
        await chair.request("media.leave")
        assert of(await fetched(hub), "plenum_spread_rooms") == 0


async def test_no_label_names_a_person_a_meeting_or_an_endpoint(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        page = await enter(hub, "chair")
        await page.microphone()
        await relay.send(Statistics(relay=RelayCounters()))
        values = {value for _, labels in await fetched(hub) for _, value in labels}
    private = {page.endpoint, hub.seed.ours.meeting, *hub.seed.people.values(), *hub.seed.people}
    assert not values & private


async def test_a_token_opens_the_metrics_and_nothing_else_does(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    guarded = replace(hub.services, settings=replace(hub.services.settings, metrics_token_file=str(file)))
    async with TestClient(TestServer(metrics_app(guarded))) as client:
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
            assert (await client.get("/metrics", headers=header)).status == 401
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status == 200
        assert "plenum_build_info" in await answer.text()
        assert (await client.get("/", headers={"Authorization": f"Bearer {TOKEN}"})).status == 404
        file.write_text("short")
        assert (await client.get("/metrics", headers={"Authorization": "Bearer short"})).status == 401
        file.unlink()
        assert (await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).status == 401


async def test_the_browsers_listener_serves_no_metrics(hub: Hub) -> None:
    client = await hub.nobody()
    answer = await client.session.get("/metrics")
    assert "plenum_" not in await answer.text()


def test_beyond_this_machine_a_token_is_needed() -> None:
    assert from_environment({}).metrics_port == 0
    assert from_environment({"PLENUM_METRICS_PORT": "9464"}).metrics_host == "127.0.0.1"
    with pytest.raises(BadSetting, match="PLENUM_METRICS_TOKEN_FILE"):
        from_environment({"PLENUM_METRICS_PORT": "9464", "PLENUM_METRICS_HOST": "0.0.0.0"})


async def test_alerts_and_documentation_name_what_there_is(hub: Hub) -> None:
    text = (await exposition(hub.services)).decode()
    there = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    rules = (ROOT / "deploy" / "plenum-rules.yml").read_text()
    expressions = re.findall(r"\bplenum_\w+", rules)
    assert {name.removesuffix("_bucket") for name in expressions} <= there
    documented = re.findall(r"`(plenum_\w+)", (ROOT / "docs" / "operations.md").read_text())
    assert documented and set(documented) <= there
