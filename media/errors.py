"""What can go wrong in the relay.

    MediaError
    ├── MalformedPacket          bytes from the network that are not what they claim to be
    │   ├── MalformedRtp
    │   ├── MalformedRtcp
    │   ├── MalformedStun
    │   └── MalformedFrame
    ├── SrtpError                a packet that does not authenticate, is replayed, or cannot be protected
    ├── UnsupportedCrypto        the installed libraries lack what the relay must have
    ├── DataPlaneUnavailable     the compiled data plane is not there, or does not work on this machine
    ├── DtlsError                the handshake failed, or the certificate is not the announced one
    ├── AnnouncementError        an address for pages that is none
    ├── ParametersError          ORTC parameters that the relay cannot serve
    │   └── UnsupportedCodec
    ├── StateError               desired state that contradicts itself
    │   ├── DanglingReference
    │   ├── KeyReused            a link that was open before
    │   ├── SsrcGivenUp          an SSRC that was used towards this peer, and is forgotten
    │   └── RevisionMismatch     a delta for another revision, or with another hash: resynchronise
    └── ControlError             the hub does not speak this protocol

``code`` is stable: it travels in control messages and is translated by the hub.
"""


class MediaError(Exception):
    """Base class of everything that ``media`` raises on purpose."""

    code = "media"


class MalformedPacket(MediaError):
    """Bytes from the network that are not what they claim to be. Costs only their sender."""

    code = "malformed_packet"


class MalformedRtp(MalformedPacket):
    """Not an RTP packet (RFC 3550 §5.1) or its header extension is broken (RFC 8285)."""

    code = "malformed_rtp"


class MalformedRtcp(MalformedPacket):
    """Not a compound or reduced-size RTCP packet (RFC 3550 §6.1, RFC 5506)."""

    code = "malformed_rtcp"


class MalformedStun(MalformedPacket):
    """Not a STUN message (RFC 8489 §5)."""

    code = "malformed_stun"


class MalformedFrame(MalformedPacket):
    """Not a length-prefixed datagram (RFC 4571 §2): the rest of the connection makes no sense."""

    code = "malformed_frame"


class SrtpError(MediaError):
    """A packet that does not authenticate, is replayed, or cannot be protected (RFC 3711 §3.3, RFC 7714)."""

    code = "srtp"


class UnsupportedCrypto(MediaError):
    """The installed libraries lack what the relay must have, such as AES-GCM in libsrtp."""

    code = "unsupported_crypto"


class DataPlaneUnavailable(MediaError):
    """The compiled data plane is not there, or does not work on this machine."""

    code = "data_plane_unavailable"


class DtlsError(MediaError):
    """The handshake failed, or the peer's certificate is not the announced one (RFC 5763 §5)."""

    code = "dtls"


class AnnouncementError(MediaError):
    """Not an IP address with an optional port and protocol."""

    code = "announcement"


class ParametersError(MediaError):
    """ORTC parameters that the relay cannot serve."""

    code = "invalid_parameters"


class UnsupportedCodec(ParametersError):
    """No codec in common with the relay."""

    code = "unsupported_codec"


class StateError(MediaError):
    """Desired state that contradicts itself."""

    code = "invalid_state"


class DanglingReference(StateError):
    """A producer or consumer that names an object which does not exist."""

    code = "dangling_reference"


class KeyReused(StateError):
    """A link with keys that this relay has had: SRTP would use an index twice (RFC 7714 §8.1). It takes a new link."""

    code = "key_reused"


class SsrcGivenUp(StateError):
    """An SSRC under which SRTP would use an index twice (RFC 3711 §9.1). It takes a new consumer."""

    code = "ssrc_given_up"


class RevisionMismatch(StateError):
    """A delta that does not fit the state at hand. The answer is a snapshot."""

    code = "resync"


class ControlError(MediaError):
    """The other end of the control channel does not speak this protocol."""

    code = "control"
