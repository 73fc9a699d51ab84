"""Credentials for TURN servers: whose, until when, and to whom."""

import base64
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signaling.errors import BadSetting
from signaling.relays.turn import TurnServers
from signaling.settings import Settings
from tests.signaling.conftest import StartHub
from tests.signaling.fake_relay import connected
from tests.signaling.hub import Refused
from tests.signaling.test_media import enter

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
URL = "turn:turn.example.org:3478?transport=udp"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    path = tmp_path / "turn-secret"
    path.write_text(f"{SECRET}\n")
    return str(path)


def test_a_credential_names_its_end_and_its_user_and_is_their_hmac() -> None:
    (server,) = TurnServers((URL,), SECRET.encode()).ice_servers("p1", NOW)
    assert server["urls"] == [URL]
    assert server["username"] == f"{int(NOW.timestamp()) + 3600}:p1"
    expected = hmac.digest(SECRET.encode(), str(server["username"]).encode(), "sha1")
    assert base64.b64decode(str(server["credential"])) == expected


def test_the_secret_is_in_no_log() -> None:
    assert SECRET not in repr(TurnServers((URL,), SECRET.encode()))


def test_without_settings_there_are_none() -> None:
    assert TurnServers.of(Settings()).ice_servers("p1", NOW) == []


@pytest.mark.parametrize(
    "urls",
    [URL, f" {URL} , turns:turn.example.org:443?transport=tcp,", "turn:[2001:db8::1]:3478", "turn:192.0.2.1"],
)
def test_addresses_are_read(urls: str, secret_file: str) -> None:
    servers = TurnServers.of(Settings(turn_urls=urls, turn_secret_file=secret_file))
    assert servers.secret == SECRET.encode()
    assert "," not in "".join(servers.urls)


@pytest.mark.parametrize("urls", ["", "stun:turn.example.org", "turn:", "https://turn.example.org", "turn:a b"])
def test_what_is_no_turn_server_is_refused(urls: str, secret_file: str) -> None:
    with pytest.raises(BadSetting, match="PLENUM_TURN_URLS"):
        TurnServers.of(Settings(turn_urls=urls, turn_secret_file=secret_file))


@pytest.mark.parametrize("content", [None, "short"])
def test_a_secret_that_is_missing_or_short_is_refused(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadSetting, match="PLENUM_TURN_SECRET_FILE"):
        TurnServers.of(Settings(turn_urls=URL, turn_secret_file=str(path)))


async def test_who_joins_gets_credentials_of_their_own_and_newer_ones_later(start: StartHub, secret_file: str) -> None:
    async with start(turn_urls=URL, turn_secret_file=secret_file) as hub:
        await hub.open()
        async with connected(hub):
            north = await enter(hub, "north")
            answers = [
                await north.request("media.ice_servers"),
                await north.request("media.restart_ice", transportId=await north.transport("recv")),
                await north.live.request("media.probe", meetingId=hub.seed.ours.meeting),
            ]
            for answer in answers:
                (server,) = answer["iceServers"]
                assert server["username"].endswith(f":{hub.seed.people['north']}")
            stranger = await hub.live("delta")
            await stranger.request("subscribe", meetingId=hub.seed.ours.meeting)
            with pytest.raises(Refused):
                await stranger.request("media.ice_servers", meetingId=hub.seed.ours.meeting)
