"""Objects by their ids, as a value: a change makes another one, and costs no more for all that stays. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, ValuesView
from itertools import chain
from typing import Any, Final, Generic, Protocol, Self, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_PARTS: Final = 256
#: All parts without objects, so that those who left leave nothing.
_NOTHING: Final[dict[str, Any]] = {}


class Identified(Protocol):
    """What has an id."""

    @property
    def id(self) -> str:
        """Its key."""


ObjectT = TypeVar("ObjectT", bound=Identified)


class Objects(Mapping[str, ObjectT], Generic[ObjectT]):
    """A mapping that never changes: 256 dicts by the hashes of ids, which are shared with those that come of it.

    A room of 150 people has 45,000 consumers; to copy a dict of them takes longer than all else that a change does.
    """

    __slots__ = ("_parts", "_size")

    def __init__(self, objects: Iterable[ObjectT] = ()) -> None:
        self._parts: list[dict[str, ObjectT]] = [_NOTHING] * _PARTS
        self._size = 0
        if objects:
            self._change((), objects)

    def replaced(self, gone: Collection[str], put: Iterable[ObjectT]) -> Self:
        """The same without some, which may be missing, and with others, in the places of those with their ids."""
        result = type(self)()
        result._parts, result._size = self._parts.copy(), self._size
        result._change(gone, put)
        return result

    def __getitem__(self, key: str) -> ObjectT:
        return self._parts[hash(key) % _PARTS][key]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._parts)

    def __len__(self) -> int:
        return self._size

    def values(self) -> ValuesView[ObjectT]:
        """All objects, in no order."""
        return _Values(self)

    def _change(self, gone: Iterable[str], put: Iterable[ObjectT]) -> None:
        """To be called before anybody else has seen it."""
        own: dict[int, dict[str, ObjectT]] = {}

        def part(key: str) -> dict[str, ObjectT]:
            place = hash(key) % _PARTS
            if place not in own:
                own[place] = self._parts[place] = self._parts[place].copy()
            return own[place]

        for key in gone:
            self._size -= part(key).pop(key, None) is not None
        for one in put:
            mine = part(one.id)
            self._size += one.id not in mine
            mine[one.id] = one
        for place, mine in own.items():
            if not mine:
                self._parts[place] = _NOTHING

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """On the wire it is an object with ids as its keys."""
        wire = handler.generate_schema(dict.__class_getitem__((str, *source.__args__)))
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(lambda found: cls(found.values()), wire),
            python_schema=core_schema.is_instance_schema(cls),
            serialization=core_schema.plain_serializer_function_ser_schema(_as_dict, return_schema=wire),
        )


def _as_dict(objects: Objects[ObjectT]) -> dict[str, ObjectT]:
    return {one.id: one for one in objects.values()}


class _Values(ValuesView[ObjectT]):
    _mapping: Objects[ObjectT]

    def __iter__(self) -> Iterator[ObjectT]:
        return chain.from_iterable(part.values() for part in self._mapping._parts)
