"""Objects of a room by short names: ``ta`` is a transport, ``la`` a pipe, ``pa`` a producer, ``ca`` a consumer."""

from media.control.mint import mint_link
from media.control.state import Candidate, ConsumerSpec, PipeSpec, ProducerSpec, TransportSpec

LINK = mint_link([Candidate(ip="192.0.2.1", port=7443)])


def transport(name: str, app: str = "") -> TransportSpec:
    return TransportSpec(id=f"t{name}", ufrag="ufrag" + name, pwd="p" * 22, app=app or f"Nguyễn {name}")


def pipe(name: str, app: str = "") -> PipeSpec:
    return LINK.active.model_copy(update={"id": f"l{name}", "app": app})


def producer(name: str, on: str, app: str = "") -> ProducerSpec:
    parameters = {"mid": name, "x": [1, 2.5]}
    return ProducerSpec(id=f"p{name}", transport_id=on, kind="audio", rtp_parameters=parameters, app=app)


def consumer(name: str, on: str, of: str, app: str = "") -> ConsumerSpec:
    return ConsumerSpec(
        id=f"c{name}", transport_id=on, producer_id=f"p{of}", ssrc=7, mid="0", rtp_parameters={"n": None}, app=app
    )
