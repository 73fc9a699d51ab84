"""The hub is told which encodings nobody wants."""

from types import SimpleNamespace
from typing import cast

from media.control.change import change
from media.control.messages import Delta, LayersWanted, delta
from media.control.mint import mint_consumer, mint_producer, mint_transport
from media.control.state import RoomState
from media.edge import Edge
from media.ortc import ROUTER_CAPABILITIES
from media.service import RelayService, RelaySettings
from tests.media.parameters import vp8
from tests.media.planes import make_plane
from tests.media.world import RELAY_CERTIFICATE


def test_a_source_that_nobody_sees_may_pause_and_a_new_hub_hears_of_it() -> None:
    edge = cast(Edge, SimpleNamespace(transmit=lambda data, path: None, tcp=None, sweep=lambda now: None))
    service = RelayService(RelaySettings("relay", "ws://127.0.0.1:1"), RELAY_CERTIFICATE, edge, make_plane)
    alice, bob = mint_transport(), mint_transport()
    encodings = [{"rid": "q"}, {"rid": "h"}, {"rid": "f"}]
    camera = mint_producer(alice.id, "video", vp8(encodings=encodings))
    single = mint_producer(bob.id, "video", vp8())
    consumer = mint_consumer(bob.id, camera, ROUTER_CAPABILITIES, cname="alice")
    step, _ = change(RoomState(), [alice, bob, camera, single, consumer])
    message = delta("hall", step)
    assert isinstance(message, Delta)
    service.rooms.delta(message, 1.0)
    for tenth in range(10, 80):
        service._tick(tenth / 10)
    wanted = [said for said in service.welcomed() if isinstance(said, LayersWanted)]
    assert wanted == [LayersWanted(room="hall", layers={camera.id: -1})]
