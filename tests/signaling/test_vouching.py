"""What the hub believes of the endpoints that a relay shows it after a restart."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from documents.keys import KeyStore
from signaling.live.endpoint import EndpointIdentity
from signaling.live.vouching import Vouching

NORTH = EndpointIdentity("e1", "room", "Hall of the north", "hall-1", "site-1", "North")
MAX_APP = 1024  # of media.control.state
HUB = Vouching(b"k" * 32)


def test_what_the_hub_wrote_comes_back() -> None:
    assert HUB.read("room", "relay", HUB.write("room", "relay", NORTH, "send")) == (NORTH, "send")


def test_a_person_without_a_site_comes_back() -> None:
    person = replace(NORTH, kind="personal", site_id=None, site_name=None)
    assert HUB.read("room", "relay", HUB.write("room", "relay", person, "recv")) == (person, "recv")


@pytest.mark.parametrize(("room", "relay"), [("another", "relay"), ("room", "another")])
def test_an_endpoint_is_of_its_room_and_relay_alone(room: str, relay: str) -> None:
    with pytest.raises(ValueError, match="somebody else's"):
        HUB.read(room, relay, HUB.write("room", "relay", NORTH, "send"))


@pytest.mark.parametrize("field", range(7))
def test_no_field_can_be_altered(field: int) -> None:
    fields = json.loads(HUB.write("room", "relay", NORTH, "send"))
    fields[field] = "other"
    with pytest.raises(ValueError, match="somebody else's"):
        HUB.read("room", "relay", json.dumps(fields))


@pytest.mark.parametrize("app", ["", "{}", "[]", "17", '["a"]', json.dumps([1] * 8), json.dumps([None] * 8), "[" * 900])
def test_anything_else_is_no_endpoint(app: str) -> None:
    with pytest.raises(ValueError):
        HUB.read("room", "relay", app)


def test_another_hub_is_not_believed() -> None:
    with pytest.raises(ValueError, match="somebody else's"):
        HUB.read("room", "relay", Vouching(b"j" * 32).write("room", "relay", NORTH, "send"))


def test_long_names_fit() -> None:
    long = replace(NORTH, name="😀" * 500, site_name="☃" * 500)
    assert len(HUB.write("room", "relay", long, "send")) <= MAX_APP


def test_the_key_stays_the_same(tmp_path: Path) -> None:
    keys = KeyStore.open_or_create(tmp_path / "keys")
    assert Vouching.of(keys) == Vouching.of(KeyStore.open_or_create(tmp_path / "keys"))
