"""How many pictures a page is sent at once, whatever it asks for. Pure.

A page keeps to it by itself, since it knows what it draws; one that does not would have all of a large room.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from media.control.state import ProducerSpec, View
from signaling.relays.wanted import Wanted

NOT_DRAWN: Final = View(width=0, height=0)
Views = Mapping[str, View | None]  # by consumer; None: the page has said nothing of it yet, and gets it as it comes


def views_of(consumer_ids: Iterable[str], state: Wanted) -> dict[str, View | None]:
    """Return the views of those of the consumers that are of pictures."""
    found = (state.consumers[one] for one in consumer_ids if one in state.consumers)
    return {spec.id: spec.view for spec in found if _is_picture(state.producers.get(spec.producer_id))}


def drawn(views: Views) -> list[str]:
    """Return what is sent, what is kept first: what the page has spoken of, by rank and then by size."""
    found = (one for one, view in views.items() if view is None or _area(view))
    return sorted(found, key=lambda one: _worth(views[one]))


def beyond(views: Views, most: int) -> list[str]:
    """Return what has to be left out."""
    return drawn(views)[most:]


def _is_picture(producer: ProducerSpec | None) -> bool:
    return producer is not None and producer.kind == "video"


def _area(view: View) -> int:
    return view.width * view.height


def _worth(view: View | None) -> tuple[bool, int, int]:
    return (True, 0, 0) if view is None else (False, view.rank, -_area(view))
