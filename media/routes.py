"""From the hub's specifications to the data plane's routes. Pure."""

from media.control.state import ConsumerSpec, ProducerSpec
from media.dataplane.interface import ConsumerRoute, ProducerRoute, StreamSpec
from media.errors import ParametersError
from media.ortc import validate_producer
from media.parameters import TRANSPORT_CC, parse_parameters
from media.rtp import MAX_ONE_BYTE_ID


def producer_route(spec: ProducerSpec) -> ProducerRoute:
    """Raises ParametersError."""
    parameters = validate_producer(spec.kind, spec.rtp_parameters)
    codec, rtx, red = parameters.codec, parameters.rtx_codec, parameters.red_codec
    return ProducerRoute(
        id=spec.id,
        peer=spec.transport_id,
        kind=spec.kind,
        mime=codec.mime,
        clock_rate=codec.clock_rate,
        payload_type=codec.payload_type,
        rtx_payload_type=rtx.payload_type if rtx else None,
        red_payload_type=red.payload_type if red else None,
        mid=parameters.mid,
        streams=tuple(
            StreamSpec(encoding.ssrc, encoding.rid, encoding.rtx.ssrc if encoding.rtx else None)
            for encoding in parameters.encodings
        ),
        extension_ids={extension.uri: extension.id for extension in parameters.header_extensions},
        nack=codec.has_feedback("nack"),
        transport_cc=codec.has_feedback("transport-cc") and parameters.extension_id(TRANSPORT_CC) is not None,
        paused=spec.paused,
    )


def consumer_route(spec: ConsumerSpec, producer: ProducerSpec) -> ConsumerRoute:
    """Raises ParametersError."""
    parameters = parse_parameters(spec.rtp_parameters)
    codec, rtx = parameters.codec, parameters.rtx_codec
    if any(extension.id > MAX_ONE_BYTE_ID for extension in parameters.header_extensions):
        raise ParametersError("extension id above 14")
    if spec.encoding is not None and spec.encoding >= len(parse_parameters(producer.rtp_parameters).encodings):
        raise ParametersError("the source has no such encoding")
    return ConsumerRoute(
        id=spec.id,
        peer=spec.transport_id,
        producer=spec.producer_id,
        kind=producer.kind,
        clock_rate=codec.clock_rate,
        ssrc=spec.ssrc,
        payload_type=codec.payload_type,
        mid=spec.mid,
        rtx_ssrc=spec.rtx_ssrc if rtx else None,
        rtx_payload_type=rtx.payload_type if rtx else None,
        extension_ids={extension.uri: extension.id for extension in parameters.header_extensions},
        paused=spec.paused,
        encoding=spec.encoding,
    )


def cname(spec: ConsumerSpec) -> str:
    """The CNAME under which receivers see the source; equal ones are played in step (RFC 3550 §6.5.1)."""
    rtcp = parse_parameters(spec.rtp_parameters).rtcp
    return (rtcp.cname if rtcp else None) or spec.producer_id
