"""Objects by their ids: a mapping that is changed by making another one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.control.objects import Objects
from media.control.state import TransportSpec
from tests.media.specs import transport

names = st.text("abc", min_size=1, max_size=3)
steps = st.tuples(st.lists(names.map("t{}".format), max_size=4), st.lists(names, max_size=4))


@settings(max_examples=25)
@given(st.lists(steps, max_size=6))
def test_it_has_what_a_dict_has(changes: list[tuple[list[str], list[str]]]) -> None:
    objects, plain = Objects[TransportSpec](), dict[str, TransportSpec]()
    for gone, put in changes:
        before, was = objects, dict(plain)
        specs = [transport(name, f"{len(name)}") for name in put]
        objects = objects.replaced(gone, specs)
        plain = {key: one for key, one in plain.items() if key not in gone} | {one.id: one for one in specs}
        assert (dict(objects), len(objects)) == (plain, len(plain))
        assert sorted(one.id for one in objects.values()) == sorted(objects) == sorted(plain)
        assert (dict(before), len(before)) == (was, len(was))


def test_what_is_not_there_is_not_found() -> None:
    objects = Objects([transport("a")])
    assert "ta" in objects and "tb" not in objects and objects.get("tb") is None
    with pytest.raises(KeyError):
        objects["tb"]


def test_what_a_change_leaves_is_shared() -> None:
    before = Objects(transport(str(number)) for number in range(5000))
    after = before.replaced(["t7"], [transport("8", "other")])
    others = [number for number, part in enumerate(after._parts) if part is not before._parts[number]]
    assert 1 <= len(others) <= 2


def test_what_came_and_went_leaves_nothing_behind() -> None:
    objects = Objects([transport("a")])
    for number in range(1000):
        objects = objects.replaced([], [transport(str(number))]).replaced([f"t{number}"], [])
    assert len({id(part) for part in objects._parts}) == 2
