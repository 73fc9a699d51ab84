"""How pages look at what they receive, told to the relay: how large each picture is drawn, and whose comes first.

The order is the relay's to use where a receiver's bandwidth does not suffice: who chairs or speaks, what the page has
pinned, screens, everybody else. Sound has no view: it is never given up for a picture.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from media.control.state import ConsumerSpec, View
from signaling.live.endpoint import Endpoint
from signaling.live.leading import Leading
from signaling.live.most import NOT_DRAWN, beyond, views_of
from signaling.live.room import Room
from signaling.wire.media import Source
from signaling.wire.media_view import ConsumerView

LEADS, PINNED, SCREEN, OTHERS = 0, 10, 20, 100


def rank(source: Source, *, leads: bool, pinned: bool) -> int:
    """Return the place of a picture in the order, 0 first. A screen is not its presenter: it is read, not looked at."""
    if leads and source == "camera":
        return LEADS
    if pinned:
        return PINNED
    return SCREEN if source == "screen" else OTHERS


def set_views(room: Room, endpoint: Endpoint, wanted: Sequence[ConsumerView], most: int) -> None:
    """Tell the relay how an endpoint sees its pictures; what is no picture of its own is ignored.

    No more than ``most`` are sent: what is beyond is as if it was not drawn, until the page speaks of it again.
    """
    state = room.state
    sources = dict(_sources(room.endpoints.values()))
    leads = frozenset(_producers_of(room, first_endpoints(room)))
    views = views_of(endpoint.consumers, state)
    for one in {view.consumer_id: view for view in wanted}.values():
        spec = state.consumers.get(one.consumer_id)
        if spec is None or spec.id not in views or spec.producer_id not in sources:
            continue
        (endpoint.pinned.add if one.pinned else endpoint.pinned.discard)(spec.id)
        place = rank(sources[spec.producer_id], leads=spec.producer_id in leads, pinned=one.pinned)
        views[spec.id] = View(width=one.width, height=one.height, rank=place)
    views |= dict.fromkeys(beyond(views, most), NOT_DRAWN)
    changed = [one for key, view in views.items() if view is not None for one in _with_view(state.consumers[key], view)]
    if changed:
        room.spread.change(changed)
    endpoint.pinned &= state.consumers.keys()


def lead(room: Room, now: Leading) -> None:
    """Somebody else chairs or has the floor: their pictures come first at everybody's."""
    before = first_endpoints(room)
    room.leading = now
    _rank_again(room, before ^ first_endpoints(room))


def speak(room: Room, endpoint_id: str | None) -> None:
    """Somebody else speaks. Silence changes nothing: who spoke last keeps the place."""
    room.speaker = endpoint_id
    if endpoint_id is None or endpoint_id == room.spoke_last:
        return
    before = first_endpoints(room)
    room.spoke_last = endpoint_id
    _rank_again(room, before ^ first_endpoints(room))


def first_endpoints(room: Room) -> frozenset[str]:
    """Return the endpoints whose pictures come first: of who chairs, has the floor, or spoke last."""
    first = {room.spoke_last} if room.spoke_last is not None else set()
    if room.leading is not None:
        people = room.leading.people
        first |= {one.identity.id for one in room.endpoints.values() if one.identity.owner_id in people}
        first |= room.leading.endpoints
    return frozenset(first)


def _rank_again(room: Room, endpoints: Collection[str]) -> None:
    """Give the pictures of these endpoints the rank of now, in one change; others are not looked at."""
    sources = dict(_sources(room.endpoints[one] for one in endpoints if one in room.endpoints))
    if not sources:
        return
    leads = frozenset(_producers_of(room, first_endpoints(room)))
    state = room.state
    changed = []
    for receiver in room.endpoints.values():
        for consumer_id in receiver.consumers & state.consumers.keys():
            spec = state.consumers[consumer_id]
            if spec.view is None or spec.producer_id not in sources:
                continue
            pinned = consumer_id in receiver.pinned
            place = rank(sources[spec.producer_id], leads=spec.producer_id in leads, pinned=pinned)
            changed += _with_view(spec, spec.view.model_copy(update={"rank": place}))
    if changed:
        room.spread.change(changed, later=True)


def _with_view(spec: ConsumerSpec, view: View) -> list[ConsumerSpec]:
    return [] if spec.view == view else [spec.model_copy(update={"view": view})]


def _sources(endpoints: Iterable[Endpoint]) -> Iterator[tuple[str, Source]]:
    for endpoint in endpoints:
        yield from endpoint.producers.items()


def _producers_of(room: Room, endpoints: Collection[str]) -> Iterator[str]:
    for one in endpoints:
        if one in room.endpoints:
            yield from room.endpoints[one].producers
