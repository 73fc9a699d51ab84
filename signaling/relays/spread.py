"""The media of one room on its relays: who is where, and what the relays pass on to each other.

While a room has one relay, as most have, everything goes straight to that. With several, each object goes to the relay
of its transport, and pipes follow: what a relay is to send to its endpoints and has not comes from the one that has it.
"""

import logging
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from media.control.messages import TransportState
from media.control.state import ConsumerSpec, ProducerSpec, TransportSpec
from signaling.errors import NoSuchMediaObject, RelayUnavailable
from signaling.relays.link import RelayLink
from signaling.relays.pipes import PipeLinks, RoomPipes
from signaling.relays.reconcile import Layout, Step, plan
from signaling.relays.wanted import EndpointSpec, Merged, Wanted, way_of

logger = logging.getLogger(__name__)
Wish = Mapping[RelayLink, int]  # revisions of what is wanted


class Spread:
    """A room's relays. The lead is the one whose speaker counts and at which recordings are made."""

    def __init__(self, room_id: str, lead: RelayLink, pipe_links: PipeLinks) -> None:
        self.lead = lead
        self.awaited: set[str] = set()  # names of relays that pipes lead to and that have not come back to a new hub
        self._room_id = room_id
        self._pipe_links = pipe_links
        self._links: dict[str, RelayLink] = {lead.id: lead}
        self._homes: dict[str, RelayLink] = {}  # by endpoint
        self._layers: dict[tuple[str, str], int] = {}  # by relay and producer that is piped to it
        self._pipe_states: dict[tuple[str, str], TransportState] = {}  # by relay and pipe

    # --- what there is

    @property
    def links(self) -> list[RelayLink]:
        """The room's relays."""
        return list(self._links.values())

    @property
    def state(self) -> Wanted:
        """What is wanted for endpoints, wherever they are; nothing of it is a pipe's."""
        states = [link.room(self._room_id) for link in self._links.values()]
        return states[0] if len(states) == 1 and not states[0].pipes else Merged(states)

    def home(self, endpoint_id: str) -> RelayLink:
        """Return the relay of an endpoint; the lead for what is none."""
        return self._homes.get(endpoint_id, self.lead)

    @property
    def homes(self) -> list[RelayLink]:
        """The relay of each endpoint."""
        return list(self._homes.values())

    def endpoints_of(self, link: RelayLink) -> list[str]:
        """Return the endpoints that are at home on a relay."""
        return [one for one, home in self._homes.items() if home is link]

    def peer_of(self, link: RelayLink, pipe_id: str) -> RelayLink | None:
        """Return the relay at the other end of a pipe; None if it is no pipe, or the other end is not here."""
        pipe = link.room(self._room_id).pipes.get(pipe_id)
        return self._links.get(pipe.app) if pipe is not None else None

    def pipe_states(self) -> Counter[TransportState]:
        """Return how many pipes there are by what the worse end says of them."""
        order: Sequence[TransportState] = ("failed", "disconnected", "new", "connecting", "connected")
        worst: dict[str, int] = {}
        for link in self._links.values():
            for pipe_id in link.room(self._room_id).pipes:
                found = order.index(self._pipe_states.get((link.id, pipe_id), "new"))
                worst[pipe_id] = min(worst.get(pipe_id, found), found)
        return Counter(order[one] for one in worst.values())

    # --- who is where

    def seat(self, endpoint_id: str, link: RelayLink) -> None:
        """Give an endpoint a home; a relay that the room did not have joins it."""
        self._links.setdefault(link.id, link)
        self._homes[endpoint_id] = link

    def unseat(self, endpoint_ids: Iterable[str]) -> None:
        """Endpoints are gone, and relays that nobody of the room needs any more with them."""
        for one in endpoint_ids:
            self._homes.pop(one, None)
        self.settle()

    def adopt(self, link: RelayLink, endpoint_ids: Iterable[str]) -> None:
        """A relay brings its part of the room to a new hub; whoever its pipes lead to is awaited."""
        self._links.setdefault(link.id, link)
        self._homes |= dict.fromkeys(endpoint_ids, link)
        self.awaited |= {pipe.app for pipe in link.room(self._room_id).pipes.values()}
        self.awaited -= self._links.keys()
        self.settle()

    def stop_waiting(self) -> None:
        """Relays that have not come back are taken for gone."""
        self.awaited.clear()
        self.settle()

    def lose(self, link: RelayLink) -> None:
        """A relay has nothing of the room any more, or is given up; its endpoints are the caller's to close."""
        self._homes = {one: home for one, home in self._homes.items() if home is not link}
        if len(self._links) > 1 and self._links.get(link.id) is link:
            self._leave(link)
            self.settle()

    def close(self) -> None:
        """The room is over, on all its relays."""
        for link in self._links.values():
            link.drop(self._room_id)

    def _leave(self, link: RelayLink) -> None:
        del self._links[link.id]
        if link is self.lead:
            at_home = Counter(home.id for home in self._homes.values())
            self.lead = max(
                self._links.values(), key=lambda one: (one.connected, not one.draining.is_set(), at_home[one.id])
            )
        link.drop(self._room_id)
        self._forget_gone()
        logger.info("room %s: relay %s is not needed any more", self._room_id, link.id)

    def _leave_idle(self) -> None:
        """A relay without endpoints goes, but for a lead that carries something else, as a recording's receiver."""
        needed = {home.id for home in self._homes.values()}
        for link in list(self._links.values()):
            records = link is self.lead and bool(link.room(self._room_id).transports) and not link.draining.is_set()
            if link.id not in needed and not records and len(self._links) > 1:
                self._leave(link)

    # --- wishes

    def change(
        self,
        put: Sequence[EndpointSpec] = (),
        remove: Collection[str] = (),
        *,
        home: RelayLink | None = None,
        later: bool = False,
    ) -> Wish:
        """Want something else for endpoints; new transports go to ``home``. Returns what wait_applied() takes.

        Raises RelayUnavailable while a relay that gets something is not connected, unless it may come ``later``, and
        NoSuchMediaObject for what hangs on nothing. Removals are noted; what is not there needs none.
        """
        if len(self._links) == 1:
            return {self.lead: self.lead.change(self._room_id, put, remove, later=later)}
        steps = self._split(put, remove, home)
        if not later and any(step.put and not link.connected for link, step in steps.items()):
            raise RelayUnavailable
        self._bring_producers(steps)
        wish = {link: link.change(self._room_id, step.put, step.remove, later=later) for link, step in steps.items()}
        if remove or any(isinstance(one, ProducerSpec) for one in put):
            self.settle()  # consumers whose sources are here need nothing
        return wish

    async def wait_applied(self, wish: Wish) -> None:
        """Return once the relays have confirmed what was wanted. Raises RelayUnavailable if one does not in time."""
        for link, revision in wish.items():
            await link.wait_applied(self._room_id, revision)

    def _split(
        self, put: Iterable[EndpointSpec], remove: Collection[str], home: RelayLink | None
    ) -> dict[RelayLink, Step]:
        """Return each relay's part of a change."""
        steps = {link: Step() for link in self._links.values()}
        for spec in put:
            new = home if isinstance(spec, TransportSpec) else None
            steps[new or self._of(spec)].put.append(spec)
        for link, step in steps.items():
            here = Merged([link.room(self._room_id)])
            kinds: tuple[Container[str], ...] = (here.transports, here.producers, here.consumers)
            step.remove += [one for one in remove if any(one in kind for kind in kinds)]
        return {link: step for link, step in steps.items() if step.put or step.remove}

    def _of(self, spec: EndpointSpec) -> RelayLink:
        for link in self._links.values():
            if way_of(spec) in link.room(self._room_id).transports:
                return link
        raise NoSuchMediaObject

    def _bring_producers(self, steps: Mapping[RelayLink, Step]) -> None:
        """Have everything piped that new consumers name, before they come. Raises NoSuchMediaObject."""
        wanted = {
            link: {one.producer_id for one in step.put if isinstance(one, ConsumerSpec)} for link, step in steps.items()
        }
        missing = {
            link.id: found for link, ids in wanted.items() if (found := ids - link.room(self._room_id).producers.keys())
        }
        if missing:
            self.settle(missing)
        if any(ids - link.room(self._room_id).producers.keys() for link, ids in wanted.items()):
            raise NoSuchMediaObject

    # --- pipes

    def settle(self, extra: Mapping[str, Collection[str]] | None = None, broken: Collection[str] = ()) -> None:
        """Bring the pipes to what consumers need now; a relay that is away learns it when it is back."""
        if len(self._links) == 1 and not self.lead.room(self._room_id).pipes:
            return
        self._leave_idle()
        states = {link.id: link.room(self._room_id) for link in self._links.values()}
        layout = Layout(states, self.lead.id, extra or {}, self._layers, self.awaited, broken)
        steps = plan(layout, RoomPipes(self._pipe_links, self._links))
        for link, step in ((self._links[relay], step) for relay, step in steps.items()):
            if step.put:  # first, so that consumers of a source go over to another pipe and stay
                link.change(self._room_id, step.put, later=True)
            if step.remove:
                link.change(self._room_id, remove=step.remove, later=True)
        if steps:
            self._forget_gone()

    def _forget_gone(self) -> None:
        """Nothing is remembered of what relays said of objects that are gone."""
        states = {link.id: link.room(self._room_id) for link in self._links.values()}
        producers = {(relay, one) for relay, state in states.items() for one in state.producers}
        pipes = {(relay, one) for relay, state in states.items() for one in state.pipes}
        self._layers = {key: self._layers[key] for key in self._layers.keys() & producers}
        self._pipe_states = {key: self._pipe_states[key] for key in self._pipe_states.keys() & pipes}

    # --- what relays say of pipes

    def want_layers(self, link: RelayLink, layers: Mapping[str, int]) -> dict[str, int]:
        """Note what a relay wants of what is piped to it; return what else it has, for the senders' pages."""
        state = link.room(self._room_id)
        piped = {one for one in layers if one in state.producers and state.producers[one].transport_id in state.pipes}
        if piped:
            self._layers |= {(link.id, one): layers[one] for one in piped}
            self.settle()
        return {one: highest for one, highest in layers.items() if one in state.producers and one not in piped}

    def set_pipe_state(self, link: RelayLink, pipe_id: str, state: TransportState) -> None:
        """Note what a relay says of a pipe."""
        self._pipe_states[link.id, pipe_id] = state

    def renew(self, link: RelayLink, object_id: str) -> None:
        """A pipe, or a consumer in one, does not work: make it anew. Harmless when it is gone, or an endpoint's."""
        pipe = link.room(self._room_id).pipes.get(object_id)
        if pipe is not None and pipe.app not in self.awaited:
            logger.warning("room %s: the way from relay %s to %s is made anew", self._room_id, link.id, pipe.app)
            self._pipe_links.mark_broken(pipe)
        self.settle(broken=(object_id,))
