"""How large a page draws what it receives, and which encodings of what it sends are wanted."""

from typing import Annotated, Literal

from pydantic import Field

from signaling.wire.base import Id, Request, Wire

Pixels = Annotated[int, Field(ge=0, le=16384)]
MAX_VIEWS = 200


class ConsumerView(Wire):
    """The size at which a consumer's picture is drawn, in device pixels; 0 by 0 while it is not to be seen."""

    consumer_id: Id
    width: Pixels
    height: Pixels
    pinned: bool = False


class ViewMedia(Request):
    """Tell what of the room's pictures this page shows, and how large; consumers that are not named stay as they were.

    Sound is never suspended: views of consumers of sound, and of those that are gone, are ignored.
    """

    type: Literal["media.view"] = "media.view"
    meeting_id: Id
    views: Annotated[list[ConsumerView], Field(min_length=1, max_length=MAX_VIEWS)]


class WantedLayers(Wire):
    """``highest`` is the best encoding that anybody wants, the first being 0; -1: none at all; null: nobody knows."""

    producer_id: Id
    highest: int | None


class LayersWanted(Wire):
    """Told to the page that sends: encodings above the highest wanted one may be paused, and go on when they are."""

    type: Literal["layers_wanted"] = "layers_wanted"
    meeting_id: Id
    producers: list[WantedLayers]
