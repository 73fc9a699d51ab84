"""What the hub mints, so that its answers to the page need no round trip to the relay."""

import secrets
from collections.abc import Container, Mapping

from pydantic import ValidationError

from media.control.state import ConsumerSpec, DtlsSpec, MediaKind, ProducerSpec, RoomState, TransportSpec
from media.errors import ParametersError
from media.ortc import RESERVED_SSRC, consumer_parameters, validate_producer

_LOWEST_SSRC = 0x1_0000


def mint_id() -> str:
    """An id of a transport, producer or consumer."""
    return secrets.token_hex(12)


def mint_ufrag() -> str:
    """ICE username fragment, RFC 8445 §5.3; unique on the relay by its 64 bits."""
    return secrets.token_hex(8)


def mint_pwd() -> str:
    """ICE password with 128 bits."""
    return secrets.token_hex(16)


def mint_ssrc(taken: Container[int] = ()) -> int:
    """An SSRC that is neither taken nor reserved."""
    while True:
        ssrc = secrets.randbelow(0xFFFFFFFF - _LOWEST_SSRC) + _LOWEST_SSRC
        if ssrc not in taken and ssrc != RESERVED_SSRC:
            return ssrc


def mint_mid() -> str:
    """A mid for a consumer.

    Random, since mediasoup-client keeps the media sections of closed consumers, and never all digits, since SDP parsers
    make numbers of those.
    """
    return "m" + secrets.token_hex(3)


def mint_transport(*, app: str = "") -> TransportSpec:
    """A transport that the page has yet to connect; see connected()."""
    return TransportSpec(id=mint_id(), ufrag=mint_ufrag(), pwd=mint_pwd(), app=app)


def connected(spec: TransportSpec, dtls_parameters: Mapping[str, object]) -> TransportSpec:
    """The transport after ``connect``, with the page's ``dtlsParameters``. Raises ParametersError."""
    try:
        dtls = DtlsSpec.model_validate(dict(dtls_parameters))
    except ValidationError as error:
        raise ParametersError(f"DTLS parameters: {error.error_count()} errors") from error
    return spec.model_copy(update={"dtls": dtls})


def restarted(spec: TransportSpec) -> TransportSpec:
    """The transport with new ICE credentials (RFC 8445 §9); DTLS and SRTP go on."""
    return spec.model_copy(update={"ufrag": mint_ufrag(), "pwd": mint_pwd(), "remote_ufrag": None})


def mint_producer(
    transport_id: str, kind: MediaKind, rtp_parameters: Mapping[str, object], *, paused: bool = False, app: str = ""
) -> ProducerSpec:
    """A producer with what was understood of the page's ``rtpParameters``. Raises ParametersError."""
    parameters = validate_producer(kind, rtp_parameters)
    return ProducerSpec(
        id=mint_id(),
        transport_id=transport_id,
        kind=kind,
        rtp_parameters=parameters.to_json(),
        paused=paused,
        app=app,
    )


def mint_consumer(
    transport_id: str,
    producer: ProducerSpec,
    rtp_capabilities: Mapping[str, object],
    *,
    cname: str,
    taken: Container[int] = (),
    paused: bool = False,
    app: str = "",
) -> ConsumerSpec:
    """A consumer of ``producer`` for a receiver with these ``rtpCapabilities``. Raises ParametersError.

    ``taken`` are the SSRCs in use in the room, see ssrcs().
    """
    ssrc = mint_ssrc(taken)
    rtx_ssrc = mint_ssrc(taken)
    mid = mint_mid()
    parameters = consumer_parameters(
        producer.rtp_parameters, rtp_capabilities, ssrc=ssrc, rtx_ssrc=rtx_ssrc, mid=mid, cname=cname
    )
    has_rtx = len(parameters["codecs"]) > 1 if isinstance(parameters["codecs"], list) else False
    return ConsumerSpec(
        id=mint_id(),
        transport_id=transport_id,
        producer_id=producer.id,
        ssrc=ssrc,
        rtx_ssrc=rtx_ssrc if has_rtx else None,
        mid=mid,
        rtp_parameters=parameters,
        paused=paused,
        app=app,
    )


def ssrcs(state: RoomState) -> frozenset[int]:
    """Every SSRC that consumers of the room use."""
    own = {spec.ssrc for spec in state.consumers.values()}
    return frozenset(own | {spec.rtx_ssrc for spec in state.consumers.values() if spec.rtx_ssrc is not None})
