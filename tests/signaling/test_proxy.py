"""Behind a reverse proxy: whose address counts, and what may not be set."""

import asyncio
import stat
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from auth.audit.entry import Action
from signaling.errors import BadSetting
from signaling.http.proxy import behind_proxies
from signaling.listener import answers, unix_listener
from signaling.proxies import client_address, is_loopback, parse_networks
from signaling.settings import Settings, from_environment
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Refused
from tests.signaling.seed import PASSWORD

TRUSTED = parse_networks("127.0.0.1, 10.0.0.0/8, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("203.0.113.9", ["203.0.113.7"], "203.0.113.9"),  # nobody trusts who wrote this
        ("127.0.0.1", ["192.0.2.1, 203.0.113.7"], "203.0.113.7"),  # the client's own invention stands further left
        ("127.0.0.1", ["203.0.113.7, 10.1.2.3"], "203.0.113.7"),  # two proxies of ours
        ("127.0.0.1", ["203.0.113.7", "10.1.2.3"], "203.0.113.7"),  # in two lines
        ("127.0.0.1", ["10.4.4.4, 10.1.2.3"], "10.4.4.4"),  # all are ours: the furthest
        ("127.0.0.1", ["203.0.113.7:51234"], "203.0.113.7"),
        ("127.0.0.1", ["[2001:db8::7]:51234"], "2001:db8::7"),
        ("127.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("127.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("::ffff:127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["203.0.113.7, nonsense"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("", ["203.0.113.7"], "203.0.113.7"),  # a Unix socket
        ("", [], ""),
        ("fd00::1", ["203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", [",".join(["10.0.0.1"] * 100)], "10.0.0.1"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_not_ours(peer: str, forwarded: list[str], client: str) -> None:
    assert client_address(peer, forwarded, TRUSTED) == client


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("meet.example.org", False)],
)
def test_only_loopback_addresses_are_of_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "environment",
    [
        {"PLENUM_TLS": "off", "PLENUM_HOST": "0.0.0.0"},
        {"PLENUM_TLS": "off", "PLENUM_HOST": "192.0.2.1"},
        {"PLENUM_TLS": "maybe"},
        {"PLENUM_HOST": "unix:/run/plenum/hub.sock"},  # with TLS, which a proxy would not speak there
        {"PLENUM_HOST": "unix:hub.sock", "PLENUM_TLS": "off"},
        {"PLENUM_TRUSTED_PROXIES": "proxy.example.org"},
        {"PLENUM_TRUSTED_PROXIES": "10.0.0.1/8"},
        {"PLENUM_EXTERNAL_PORT": "70000"},
    ],
)
def test_settings_that_would_open_the_hub_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        from_environment(environment)


def test_the_address_that_browsers_open_is_the_proxys() -> None:
    settings = from_environment(
        {
            "PLENUM_NAME": "meet.example.org",
            "PLENUM_EXTERNAL_PORT": "443",
            "PLENUM_TLS": "off",
            "PLENUM_HOST": "unix:/run/plenum/hub.sock",
        }
    )
    assert settings.origin == "https://meet.example.org"
    assert settings.unix_socket == Path("/run/plenum/hub.sock")


async def test_failures_are_counted_and_logged_by_the_clients_own_address(start: StartHub) -> None:
    async with start(trusted_proxies="127.0.0.1,::1") as hub:
        client = await hub.nobody()

        async def sign_in(address: str, password: str) -> str:
            body = {"username": "north", "password": password}
            try:
                await client.call("POST", "/session", json=body, headers={"X-Forwarded-For": address})
            except Refused as refused:
                return refused.code
            return "in"

        told = [await sign_in("203.0.113.7", "not the password") for _ in range(6)]
        assert told[-1] == "throttled"
        assert await sign_in("203.0.113.8", PASSWORD) != "throttled", "another client of the same proxy is not shut out"
        logged = {one.entry.details.get("address") for one in await hub.log(action=Action.LOGON)}
    assert "203.0.113.8" in logged


async def test_a_header_from_a_stranger_counts_for_nothing(start: StartHub) -> None:
    async with start() as hub:
        client = await hub.nobody()
        for number in range(6):
            headers = {"X-Forwarded-For": f"203.0.113.{number}"}
            body = {"username": "chair", "password": "not the password"}
            answer = await client.raw("POST", "/session", json=body, headers=headers)
        assert answer.status == 429


async def test_a_unix_socket_is_for_the_group_and_replaces_a_dead_one(tmp_path: Path) -> None:
    path = tmp_path / "hub.sock"
    (await asyncio.to_thread(unix_listener, path)).close()
    sock = await asyncio.to_thread(unix_listener, path)
    assert stat.S_IMODE((await asyncio.to_thread(path.stat)).st_mode) == 0o660
    app = web.Application(middlewares=[behind_proxies(())])

    async def remote(request: web.Request) -> web.Response:
        return web.Response(text=request.remote)

    app.router.add_get("/healthz", remote)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, sock).start()
    settings = Settings(host=f"unix:{path}", tls="off")
    assert await answers(settings, "")
    async with (
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as client,
        client.get("http://localhost/healthz", headers={"X-Forwarded-For": "203.0.113.7"}) as answer,
    ):
        assert await answer.text() == "203.0.113.7"
    await runner.cleanup()
    assert not await answers(settings, "")
