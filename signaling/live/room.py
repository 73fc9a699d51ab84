"""The media of one meeting: its endpoints, and their transports, producers and consumers on the room's relays.

The relays' desired state is the truth about media objects; this class knows whose they are.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Literal

from media.control.messages import TransportState
from media.control.mint import connected, mint_consumer, mint_id, mint_producer, mint_transport, restarted, ssrcs
from media.control.state import ConsumerSpec, MediaKind, RoomState, TransportSpec
from media.errors import ParametersError
from media.ortc import transport_parameters
from media.parameters import parse_capabilities
from signaling.errors import NoSuchMediaObject, RelayUnavailable, TooManyRequests
from signaling.live.endpoint import Endpoint, EndpointIdentity, decode_source, encode_source
from signaling.live.leading import Leading
from signaling.live.most import NOT_DRAWN, drawn, views_of
from signaling.live.vouching import Vouching
from signaling.relays.link import RelayLink
from signaling.relays.spread import Spread
from signaling.relays.wanted import Wanted
from signaling.wire.media import Endpoint as WireEndpoint
from signaling.wire.media import Json, Source

CloseReason = Literal["taken_over", "lost", "moved", "ended", "removed"]
Changed = Callable[[], None]
MAX_CONSUMERS = 2_000  # of one endpoint
MAX_AT_ONCE = 64  # in the answer to a join


class Room:
    """Endpoints of one meeting. ``changed`` is called whenever what clients see has changed."""

    def __init__(self, room_id: str, spread: Spread, vouching: Vouching, changed: Changed) -> None:
        self.id = room_id
        self.spread = spread
        self._vouching = vouching
        self.endpoints: dict[str, Endpoint] = {}
        self.speaker: str | None = None  # an endpoint's id
        self.spoke_last: str | None = None  # the same, kept in silence
        self.leading: Leading | None = None  # None: to be read
        self.layers: dict[str, int] = {}  # by producer, as the relay last said
        self._changed = changed

    @property
    def state(self) -> Wanted:
        """What is wanted of the relays for the endpoints."""
        return self.spread.state

    def wire(self) -> list[WireEndpoint]:
        """Return what clients see of the room."""
        specs = self.state.producers
        return [endpoint.wire(specs) for endpoint in self.endpoints.values()]

    # --- endpoints ---

    def open_endpoint(self, identity: EndpointIdentity, holder: object, home: RelayLink) -> Endpoint:
        """Add an endpoint that its holder will fill with transports, on a relay."""
        endpoint = self.endpoints[identity.id] = Endpoint(identity, holder)
        self.spread.seat(identity.id, home)
        self._changed()
        return endpoint

    def close_endpoints(self, endpoints: Iterable[Endpoint]) -> None:
        """Remove endpoints with everything on them; those that are gone already are passed over."""
        here = [one for one in endpoints if self.endpoints.pop(one.identity.id, None) is not None]
        if not here:
            return
        if transports := [transport for one in here for transport in one.transports]:
            self.spread.change(remove=transports)
        self.spread.unseat(one.identity.id for one in here)
        self.prune()
        self._changed()

    def prune(self) -> None:
        """Forget what endpoints had and the relays have not any more."""
        state = self.state
        for endpoint in self.endpoints.values():
            for producer_id in endpoint.producers.keys() - state.producers.keys():
                del endpoint.producers[producer_id]
            endpoint.consumers &= state.consumers.keys()

    def of_owner(self, owner_id: str) -> Endpoint | None:
        """Return the endpoint of a person or hall, None if it has none here."""
        return next((one for one in self.endpoints.values() if one.identity.owner_id == owner_id), None)

    def of_producer(self, producer_id: str) -> Endpoint:
        """Return whose producer it is. Raises NoSuchMediaObject."""
        for endpoint in self.endpoints.values():
            if producer_id in endpoint.producers:
                return endpoint
        raise NoSuchMediaObject

    def adopt(self, link: RelayLink, state: RoomState) -> list[Endpoint]:
        """Rebuild the endpoints that a relay carries, after the hub was restarted; return them.

        Whoever has joined anew since then has no use for the old one; whom this hub never sent there is not taken in.
        """
        found: dict[str, Endpoint] = {}
        superseded: list[str] = []
        for transport in state.transports.values():
            try:
                identity, direction = self._vouching.read(self.id, link.id, transport.app)
            except ValueError:
                continue
            if self.of_owner(identity.owner_id) is None:
                found.setdefault(identity.id, Endpoint(identity)).add_adopted_transport(transport, direction)
            else:
                superseded.append(transport.id)
        owners = {one: endpoint for endpoint in found.values() for one in endpoint.transports}
        for producer in state.producers.values():
            sender, source = owners.get(producer.transport_id), decode_source(producer.app)
            if sender is not None and source is not None:
                sender.producers[producer.id] = source
        for consumer in state.consumers.values():
            if (receiver := owners.get(consumer.transport_id)) is not None:
                receiver.consumers.add(consumer.id)
        self.endpoints |= found
        self.spread.adopt(link, found)
        if superseded:
            self.spread.change(remove=superseded)
        self.prune()
        self._changed()
        return list(found.values())

    # --- transports ---

    def create_transport(self, endpoint: Endpoint, direction: Literal["send", "recv"]) -> dict[str, object]:
        """Open a transport and return what the page's device needs of it; an older one of that direction goes."""
        old = [one for one, way in endpoint.transports.items() if way == direction]
        home = self.spread.home(endpoint.identity.id)
        spec = mint_transport(app=self._vouching.write(self.id, home.id, endpoint.identity, direction))
        self.spread.change([spec], old, home=home)
        for one in old:
            del endpoint.transports[one]
            endpoint.states.pop(one, None)
        if old:
            self.prune()
        endpoint.transports[spec.id] = direction
        endpoint.states[spec.id] = "new"
        self._changed()
        return dict(transport_parameters(spec, home.registration))

    def connect_transport(self, endpoint: Endpoint, transport_id: str, dtls_parameters: Json) -> None:
        """Tell the relay whom to expect; answered at once, since the page waits for the answer before it starts."""
        spec = self._transport(endpoint, transport_id)
        self.spread.change([connected(spec, dtls_parameters)])

    def restart_ice(self, endpoint: Endpoint, transport_id: str) -> dict[str, object]:
        """Give a transport new ICE credentials; DTLS and what runs over it go on."""
        spec = restarted(self._transport(endpoint, transport_id))
        self.spread.change([spec])
        return {"usernameFragment": spec.ufrag, "password": spec.pwd, "iceLite": True}

    def set_transport_state(self, transport_id: str, state: TransportState) -> Endpoint | None:
        """Note what the relay says of a transport and return whose it is."""
        for endpoint in self.endpoints.values():
            if transport_id in endpoint.transports:
                endpoint.states[transport_id] = state
                self._changed()
                return endpoint
        return None

    def _transport(self, endpoint: Endpoint, transport_id: str) -> TransportSpec:
        spec = self.state.transports.get(transport_id)
        if transport_id not in endpoint.transports or spec is None:
            raise NoSuchMediaObject
        return spec

    # --- producers ---

    def produce(  # noqa: PLR0917
        self, endpoint: Endpoint, transport_id: str, kind: MediaKind, source: Source, parameters: Json, paused: bool
    ) -> str:
        """Start a source and return the producer's id; an endpoint has each source once, an older one goes."""
        self._transport(endpoint, transport_id)
        spec = mint_producer(transport_id, kind, parameters, paused=paused, app=encode_source(source))
        older = [one for one, its_source in endpoint.producers.items() if its_source == source]
        self.spread.change([spec], older)
        if older:
            self.prune()
        endpoint.producers[spec.id] = source
        self._changed()
        return spec.id

    def set_producer(self, producer_id: str, paused: bool) -> None:
        """Pause or resume a source; the relay drops what a paused one sends."""
        spec = self.state.producers.get(producer_id)
        if spec is None:
            raise NoSuchMediaObject
        if spec.paused != paused:
            self.spread.change([spec.model_copy(update={"paused": paused})])
            self._changed()

    def close_producer(self, endpoint: Endpoint, producer_id: str) -> None:
        """End a source and everybody's consumers of it."""
        if endpoint.producers.pop(producer_id, None) is None:
            raise NoSuchMediaObject
        self.spread.change(remove=[producer_id])
        self.prune()
        self._changed()

    # --- consumers ---

    async def consume(
        self,
        endpoint: Endpoint,
        transport_id: str,
        producer_id: str,
        capabilities: Json,
        *,
        pictures: int = MAX_CONSUMERS,
    ) -> tuple[ConsumerSpec, MediaKind]:
        """Forward a source to an endpoint, paused, and return once the relay is ready for it.

        Each source is forwarded to an endpoint once, an older consumer of it goes; its own is none for it. Beyond so
        many ``pictures`` one is not sent before the page says that it draws it. Raises NoSuchMediaObject,
        TooManyRequests, RelayUnavailable and ParametersError.
        """
        self._transport(endpoint, transport_id)
        state = self.state
        producer = state.producers.get(producer_id)
        if producer is None or producer_id in endpoint.producers:
            raise NoSuchMediaObject
        endpoint.consumers &= state.consumers.keys()
        older = {one for one in endpoint.consumers if state.consumers[one].producer_id == producer_id}
        if len(endpoint.consumers - older) >= MAX_CONSUMERS:
            raise TooManyRequests("This session receives as many sources as it can.")
        spec = mint_consumer(
            transport_id,
            producer,
            capabilities,
            cname=self.of_producer(producer_id).identity.id,
            taken=ssrcs(state.consumers[one] for one in endpoint.consumers),
            paused=True,
        )
        if producer.kind == "video" and len(self._drawn(endpoint.consumers - older)) >= pictures:
            spec = spec.model_copy(update={"view": NOT_DRAWN})
        wish = self.spread.change([spec], older)
        endpoint.consumers = (endpoint.consumers - older) | {spec.id}
        try:
            await self.spread.wait_applied(wish)
        except RelayUnavailable:  # the page knows nothing of this consumer and will ask for another
            self.close_consumer(endpoint, spec.id)
            raise
        return spec, producer.kind

    def consume_all(
        self, endpoint: Endpoint, transport_id: str, capabilities: Json, *, pictures: int = MAX_CONSUMERS
    ) -> list[tuple[ConsumerSpec, MediaKind]]:
        """Forward what the others send to an endpoint that has just opened its transport, at once and not paused.

        Of pictures so many are sent before the page says what it draws. No more than 64 sources, and none that the
        endpoint cannot receive. Raises RelayUnavailable and ParametersError.
        """
        state, known = self.state, parse_capabilities(capabilities)
        endpoint.consumers &= state.consumers.keys()
        taken = ssrcs(state.consumers[one] for one in endpoint.consumers)
        made: list[tuple[ConsumerSpec, MediaKind]] = []
        for sender in self.endpoints.values():
            for producer_id in sender.producers if sender is not endpoint else ():
                producer = state.producers.get(producer_id)
                if producer is None or len(made) == MAX_AT_ONCE:
                    continue
                try:
                    spec = mint_consumer(transport_id, producer, known, cname=sender.identity.id, taken=taken)
                except ParametersError:
                    continue
                taken |= {spec.ssrc, spec.rtx_ssrc or 0}
                if producer.kind == "video":
                    spec = spec if pictures > 0 else spec.model_copy(update={"view": NOT_DRAWN})
                    pictures -= 1
                made.append((spec, producer.kind))
        if made:
            self.spread.change([spec for spec, _ in made])
            endpoint.consumers |= {spec.id for spec, _ in made}
        return made

    def _drawn(self, consumer_ids: Collection[str]) -> list[str]:
        return drawn(views_of(consumer_ids, self.state))

    def set_consumer(self, endpoint: Endpoint, consumer_id: str, paused: bool) -> None:
        """Stop or go on forwarding to this endpoint."""
        spec = self.state.consumers.get(consumer_id)
        if consumer_id not in endpoint.consumers or spec is None:
            raise NoSuchMediaObject
        self.spread.change([spec.model_copy(update={"paused": paused})])

    def close_consumer(self, endpoint: Endpoint, consumer_id: str) -> None:
        """End forwarding to this endpoint; harmless when the source went first, or when it is not this endpoint's."""
        if consumer_id in endpoint.consumers:
            endpoint.consumers.discard(consumer_id)
            self.spread.change(remove=[consumer_id])


def new_endpoint_id() -> str:
    """Return an id for an endpoint."""
    return mint_id()
