"""What the hub and a recorder's process say to each other: JSON lines over its standard input and output.

When the input ends, for whatever reason, the process finishes its files and ends.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from media.control.state import Model, RtpParametersJson


class Open(Model):
    """The first line: the transport to connect to. ``began_at`` is what all files call 0, in seconds since 1970."""

    type: Literal["open"] = "open"
    ufrag: str
    pwd: str
    addresses: tuple[tuple[str, int], ...]
    fingerprints: tuple[tuple[str, str], ...]
    began_at: float


class Add(Model):
    """Write a source to a file, sealed under a key (hex) and to a context."""

    type: Literal["add"] = "add"
    number: int
    rtp_parameters: RtpParametersJson
    title: str
    path: str
    key: str = Field(repr=False)
    owner: str
    label: int
    key_id: str


class End(Model):
    """Finish a file."""

    type: Literal["end"] = "end"
    number: int


class Hello(Model):
    """The process is there; the fingerprint of its certificate."""

    type: Literal["hello"] = "hello"
    fingerprint: str


class Connected(Model):
    """Media can come."""

    type: Literal["connected"] = "connected"


class Lost(Model):
    """The transport is gone. The process ends."""

    type: Literal["lost"] = "lost"


class Done(Model):
    """A file is finished, or was given up for an ``error``; first and last frame from the part's beginning."""

    type: Literal["done"] = "done"
    number: int
    first_ms: int | None
    last_ms: int | None
    losses: int
    error: str | None = None


_TO_WORKER: TypeAdapter[Open | Add | End] = TypeAdapter(Annotated[Open | Add | End, Field(discriminator="type")])
_TO_HUB: TypeAdapter[Hello | Connected | Lost | Done] = TypeAdapter(
    Annotated[Hello | Connected | Lost | Done, Field(discriminator="type")]
)


def encode(message: Model) -> bytes:
    """One line."""
    return message.model_dump_json().encode() + b"\n"


def parse_for_worker(line: bytes) -> Open | Add | End:
    """Raises pydantic's ValidationError."""
    return _TO_WORKER.validate_json(line)


def parse_for_hub(line: bytes) -> Hello | Connected | Lost | Done:
    """Raises pydantic's ValidationError."""
    return _TO_HUB.validate_json(line)
