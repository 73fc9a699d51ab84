"""What all wire models share: camelCase names, unknown fields refused, immutability."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
CONTROLS = frozenset({"Cc", "Zl", "Zp", "Cs"})  # control characters, line and paragraph breaks, half characters
# Directional overrides, embeddings and isolates (Unicode UAX #9 §2): they make a text read as something else.
REORDERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _one_line(text: str) -> str:
    """Return a text that is one line of characters. Raises ValueError."""
    if any(unicodedata.category(letter) in CONTROLS for letter in text):
        raise ValueError("line breaks and control characters have no place here")
    return text.translate(REORDERING)


def _lines(text: str) -> str:
    """Return a text that has no control characters but line breaks and tabs. Raises ValueError."""
    _one_line(text.replace("\n", "").replace("\t", ""))
    return text.translate(REORDERING)


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_lines)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_lines)]
Message = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), AfterValidator(_lines)
]
Seconds = Annotated[int, Field(ge=10, le=14_400)]
Timestamp = AwareDatetime


class Wire(BaseModel):
    """Base of every model on the client's wire."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True
    )

    def dump(self) -> dict[str, object]:
        """Return the JSON-ready form with wire names."""
        return self.model_dump(mode="json", by_alias=True)


class Request(Wire):
    """Base of all client requests over the socket."""

    id: Annotated[int, Field(ge=1, le=2**53)]


class Created(Wire):
    """Id of what a request made."""

    id: Id


class ErrorBody(Wire):
    """What went wrong: a stable code that the client translates, and a plain English fallback."""

    code: str
    message: str
    params: dict[str, str | int] = {}


class ErrorReply(Wire):
    """Body of every HTTP answer with status 400 and above."""

    error: ErrorBody
