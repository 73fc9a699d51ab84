"""Several relays beside one hub: their names and ports."""

import pytest

from signaling.errors import BadSetting
from signaling.relay_places import cores, relay_places
from signaling.settings import Settings, from_environment, to_environment


def named(settings: Settings, available: int = 4) -> list[tuple[str, int]]:
    return [(place.relay_name, place.relay_port) for place in relay_places(settings, available)]


def test_one_relay_is_what_was_set() -> None:
    assert named(Settings(relay_name="north", relay_port=7000)) == [("north", 7000)]


def test_further_ones_have_names_and_ports_that_follow() -> None:
    assert named(Settings(relay_processes="3")) == [("local", 7443), ("local-2", 7444), ("local-3", 7445)]
    assert named(Settings(relay_processes="auto"), 2) == [("local", 7443), ("local-2", 7444)]
    assert named(Settings(relay_processes="auto"), 0) == [("local", 7443)]
    assert cores() >= 1


def test_ports_of_the_hub_are_passed_over() -> None:
    settings = Settings(relay_processes="4", relay_port=8442, metrics_port=8446)
    assert [port for _, port in named(settings)] == [8442, 8445, 8447, 8448]
    behind_a_proxy = Settings(relay_processes="2", relay_port=8442, host="unix:/run/hub.sock", tls="off")
    assert [port for _, port in named(behind_a_proxy)] == [8442, 8443]


def test_all_of_them_find_the_hub() -> None:
    settings = Settings(port=9000, relay_port=9001, relay_processes="3")
    places = [from_environment(to_environment(place)) for place in relay_places(settings, 1)]
    assert [place.relay_port for place in places] == [9001, 9003, 9004]
    assert {place.control_url for place in places} == {settings.control_url} == {"wss://localhost:9002/control"}
    assert [relay_places(place, 8) for place in places] == [(place,) for place in places]


def test_ports_may_run_out() -> None:
    assert len(relay_places(Settings(relay_port=65534, relay_processes="2"), 1)) == 2
    with pytest.raises(BadSetting, match="PLENUM_RELAY_PROCESSES"):
        relay_places(Settings(relay_port=65534, relay_processes="3"), 1)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("RELAY_PROCESSES", {"PLENUM_RELAY_PROCESSES": "0"}),
        ("RELAY_PROCESSES", {"PLENUM_RELAY_PROCESSES": "65"}),
        ("RELAY_PROCESSES", {"PLENUM_RELAY_PROCESSES": "all"}),
        ("RELAY_NAME", {"PLENUM_RELAY_PROCESSES": "2", "PLENUM_RELAY_NAME": "n" * 30}),
        ("RELAY_ANNOUNCE", {"PLENUM_RELAY_PROCESSES": "auto", "PLENUM_RELAY_ANNOUNCE": "192.0.2.1,192.0.2.1:443/tcp"}),
    ],
)
def test_what_cannot_be_told_apart_is_refused(name: str, changes: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environment(changes)


def test_addresses_without_ports_are_announced_by_all() -> None:
    settings = from_environment({"PLENUM_RELAY_PROCESSES": "2", "PLENUM_RELAY_ANNOUNCE": "192.0.2.1,2001:db8::1/udp"})
    assert {place.announced for place in relay_places(settings, 1)} == {("192.0.2.1", "2001:db8::1/udp")}
