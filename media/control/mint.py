"""What the hub mints, so that its answers to the page need no round trip to the relay."""

import base64
import secrets
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from media.control.state import (
    Candidate,
    ConsumerSpec,
    DtlsSpec,
    MediaKind,
    PipeSpec,
    ProducerSpec,
    TransportSpec,
)
from media.errors import ParametersError
from media.ortc import PIPE_CAPABILITIES, RESERVED_SSRC, consumer_parameters, validate_producer
from media.parameters import RtpCapabilities, parse_parameters

_LOWEST_SSRC = 0x1_0000
_SRTP_KEY_BYTES = 28


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
    rtp_capabilities: Mapping[str, object] | RtpCapabilities,
    *,
    cname: str,
    taken: Container[int] = (),
    paused: bool = False,
    app: str = "",
) -> ConsumerSpec:
    """A consumer of ``producer`` for a receiver with these ``rtpCapabilities``. Raises ParametersError.

    ``taken`` are the SSRCs in use towards this peer, see ssrcs().
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


@dataclass(frozen=True, slots=True)
class PipeEnds:
    """One room's pipe as each of its two relays is told of it. The active end sends the connectivity checks."""

    active: PipeSpec
    passive: PipeSpec


def mint_link(passive: Iterable[Candidate], *, app: str = "") -> PipeEnds:
    """A new link between two relays with its first pipe; ``passive`` are the candidates of the passive end.

    To be used once: a link that was closed at either end never opens again.
    """
    link, forth, back = mint_id(), _mint_key(), _mint_key()
    pipe_id, ufrag, pwd, remote_ufrag, remote_pwd = mint_id(), mint_ufrag(), mint_pwd(), mint_ufrag(), mint_pwd()
    active = PipeSpec(
        id=pipe_id,
        link=link,
        ufrag=ufrag,
        pwd=pwd,
        remote_ufrag=remote_ufrag,
        remote_pwd=remote_pwd,
        check=tuple(candidate for candidate in passive if candidate.protocol == "udp"),
        send_key=forth,
        receive_key=back,
        app=app,
    )
    return PipeEnds(
        active,
        PipeSpec(
            id=pipe_id,
            link=link,
            ufrag=remote_ufrag,
            pwd=remote_pwd,
            remote_ufrag=ufrag,
            remote_pwd=pwd,
            send_key=back,
            receive_key=forth,
            app=app,
        ),
    )


def mint_pipe(ends: PipeEnds, *, app: str = "") -> PipeEnds:
    """Another room's pipe through the link of ``ends``."""
    pipe_id = mint_id()
    update = {"id": pipe_id, "app": app}
    return PipeEnds(ends.active.model_copy(update=update), ends.passive.model_copy(update=update))


def mint_pipe_consumers(
    pipe_id: str,
    producer: ProducerSpec,
    *,
    cname: str,
    taken: Collection[int] = (),
    paused: bool = False,
    app: str = "",
) -> list[ConsumerSpec]:
    """What the relay that has the sender sends through a pipe: a consumer for each encoding, lowest first.

    ``taken`` are the SSRCs in use through this link, by whatever room. Raises ParametersError.
    """
    used = set(taken)
    consumers = []
    for encoding in range(len(validate_producer(producer.kind, producer.rtp_parameters).encodings)):
        spec = mint_consumer(pipe_id, producer, PIPE_CAPABILITIES, cname=cname, taken=used, paused=paused, app=app)
        used.update(ssrc for ssrc in (spec.ssrc, spec.rtx_ssrc) if ssrc is not None)
        consumers.append(spec.model_copy(update={"encoding": encoding}))
    return consumers


def mint_piped_producer(pipe_id: str, producer: ProducerSpec, consumers: Sequence[ConsumerSpec]) -> ProducerSpec:
    """What the other relay receives through a pipe: the same producer, sent by these consumers, lowest encoding first.

    It has the producer's ``id``, ``paused`` and ``app``. Raises ParametersError.
    """
    sent = [parse_parameters(spec.rtp_parameters) for spec in consumers]
    encodings = tuple(encoding for one in sent for encoding in one.encodings)
    parameters = sent[0].model_copy(update={"mid": None, "encodings": encodings})
    validate_producer(producer.kind, parameters.to_json())
    return producer.model_copy(update={"transport_id": pipe_id, "rtp_parameters": parameters.to_json()})


def _mint_key() -> str:
    """Key and salt of AEAD_AES_128_GCM for one direction of a link."""
    return base64.b64encode(secrets.token_bytes(_SRTP_KEY_BYTES)).decode()


def ssrcs(consumers: Iterable[ConsumerSpec]) -> set[int]:
    """Every SSRC that these use."""
    return {ssrc for spec in consumers for ssrc in (spec.ssrc, spec.rtx_ssrc) if ssrc is not None}
