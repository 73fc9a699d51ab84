"""coturn with our configuration reaches a relay and refuses everything else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aioice import stun

from media.control.mint import mint_transport
from media.endpoint import UdpEndpoint
from media.ice import is_check_answer, write_check
from media.relay import Relay
from signaling.relays.turn import LIFETIME, TurnServers
from tests.media.planes import make_plane
from tests.media.world import RELAY_CONTEXT
from tests.network.hosts import Host, network
from tests.network.turn import SECRET, allocation, coturn

pytestmark = [
    pytest.mark.process,
    pytest.mark.needs("hosts", "turnserver"),
]
HUB = TurnServers(("turn:10.77.0.1:3478",), SECRET.encode())


@dataclass
class Deployment:
    """A relay and a TURN server at the centre, and a page at a site."""

    centre: Host
    page: Host
    relay: Relay
    port: int

    def credentials(self, now: datetime) -> tuple[str, str]:
        (server,) = HUB.ice_servers("person1", now)
        return str(server["username"]), str(server["credential"])


@pytest.fixture
async def deployment(tmp_path: Path) -> AsyncIterator[Deployment]:
    async with AsyncExitStack() as stack:
        hosts = stack.enter_context(network("office"))
        centre = hosts["centre"]
        with centre.entered():
            endpoint = UdpEndpoint("", 0)
        stack.callback(endpoint.close)
        relay = Relay(RELAY_CONTEXT, endpoint.transmit, make_plane)  # type: ignore[arg-type]
        endpoint.listen(relay.receive)
        await stack.enter_async_context(coturn(centre, tmp_path, centre.address))
        yield Deployment(centre, hosts["office"], relay, endpoint.port)


async def test_a_page_behind_a_turn_server_reaches_the_relay_and_nothing_else(deployment: Deployment) -> None:
    spec = mint_transport()
    deployment.relay.put_transport(spec, asyncio.get_running_loop().time())
    page, centre = deployment.page, deployment.centre
    credentials = deployment.credentials(datetime.now(UTC))
    async with asyncio.timeout(20), allocation(page, centre, *credentials) as (transport, client):
        check = write_check(to_ufrag=spec.ufrag, to_pwd=spec.pwd, from_ufrag="page", tie_breaker=1)
        transport.sendto(check, (centre.address, deployment.port))
        answer, source = await client.arrived.get()
        assert is_check_answer(answer, spec.pwd)
        assert source == (centre.address, deployment.port)
        assert deployment.relay.state_of(spec.id) == "connecting"
        for refused in (page.address, "10.77.1.1", "127.0.0.1", "0.0.0.0", "224.0.0.1", "169.254.169.254", "10.0.0.1"):
            assert await permission(transport, refused) == 403, refused
        for refused in ("::1", "::ffff:127.0.0.1", "::ffff:10.77.0.1", "fe80::1", "::"):
            assert await permission(transport, refused) in {403, 443}, refused


async def permission(transport: object, address: str) -> int:
    """The error with which the server answers, 0 for none."""
    client = transport._TurnTransport__inner_protocol  # type: ignore[attr-defined]
    request = stun.Message(message_method=stun.Method.CHANNEL_BIND, message_class=stun.Class.REQUEST)
    request.attributes["CHANNEL-NUMBER"] = 0x4F00
    request.attributes["XOR-PEER-ADDRESS"] = (address, 9)
    try:
        await client.request_with_retry(request)
    except stun.TransactionFailed as error:
        return int(error.response.attributes["ERROR-CODE"][0])
    return 0


async def test_wrong_and_old_credentials_open_nothing(deployment: Deployment) -> None:
    now = datetime.now(UTC)
    username, password = deployment.credentials(now)
    old = deployment.credentials(now - LIFETIME - timedelta(seconds=5))
    later = f"{int(username.split(':')[0]) + 3600}:person1"
    async with asyncio.timeout(20):
        for name, word in ((username, "wrong"), old, (later, password), ("somebody", password)):
            with pytest.raises(stun.TransactionFailed) as refused:
                async with allocation(deployment.page, deployment.centre, name, word):
                    pass
            assert refused.value.response.attributes["ERROR-CODE"][0] == 401
