"""Links between relays: how they come about, what they refuse, and who else may try."""

import logging
from dataclasses import replace
from typing import Any

import pytest
from aioice import stun

from media.checks import SEARCHING_S, SETTLED_FOR_S, SETTLED_S
from media.control.messages import TransportState
from media.control.mint import PipeEnds, mint_link, mint_pipe
from media.control.state import Candidate, PipeSpec
from media.errors import KeyReused, ParametersError
from media.ice import transaction_of, write_check
from media.path import UdpPath
from media.pipes import OF_A_RELAY, Link
from media.sources import SourceBounds
from media.srtp import PROFILES, OutboundSession
from tests.media.pipes import PORT, ROOM, Network, Site, lay, piped_meeting, two_relays

pytestmark = pytest.mark.usefixtures("plane")


def link_of(site: Site) -> Link:
    [link] = site.relay.pipes.links.values()
    return link


def states(site: Site) -> list[TransportState]:
    return [state for _, state in site.relay.take_changes()]


def connected() -> tuple[Network, Site, Site, PipeEnds]:
    network, home, away = two_relays()
    ends = lay(home, away)
    network.run(0.3)
    assert states(home) == states(away) == ["connected"]
    return network, home, away, ends


# ---- how they come about


def test_a_link_is_open_after_the_first_check_and_its_answer() -> None:
    _, home, away, _ = connected()
    assert link_of(home).ice.selected == UdpPath(away.host, PORT, home.host)
    assert link_of(away).ice.selected == UdpPath(home.host, PORT, away.host)


def test_a_candidate_may_be_written_in_another_way() -> None:
    network, home, away = two_relays()
    lay(home, away, mint_link([Candidate(ip=f"::ffff:{away.host}", port=PORT)]))
    network.run(0.3)
    assert states(home) == states(away) == ["connected"]


def test_checks_are_frequent_until_one_is_answered() -> None:
    network, home, away = two_relays()
    away.is_up = False
    lay(home, away)
    network.run(2)
    assert len(network.carried) == pytest.approx(2 / SEARCHING_S, abs=2)
    away.is_up = True
    network.run(1)
    network.carried.clear()
    network.run(10)
    assert len(network.carried) == pytest.approx(2 * 10 / SETTLED_S, abs=2)


def test_a_link_that_nobody_answers_has_failed_at_both_ends_and_comes_about_later() -> None:
    network, home, away = two_relays()
    network.lose = lambda data: True
    lay(home, away)
    network.run(29)
    assert states(home) == states(away) == []
    network.run(2)
    assert states(home) == states(away) == ["failed"]
    network.lose = lambda data: False
    network.run(0.3)
    assert states(home) == states(away) == ["connected"]


def test_the_other_candidates_are_checked_when_the_one_in_use_falls_silent() -> None:
    network, home, away = two_relays()
    other = Candidate(ip="203.0.113.9", port=PORT)
    lay(home, away, mint_link([away.candidate, other]))
    network.run(1)
    network.sites[other.ip] = network.sites.pop(away.host)
    network.run(SETTLED_S + SETTLED_FOR_S + 0.5)
    network.carried.clear()
    network.run(2)
    assert len(network.carried) >= 2
    selected = link_of(home).ice.selected
    assert isinstance(selected, UdpPath)
    assert selected.host == other.ip
    assert link_of(home).state(network.now) == "connected"


def test_the_passive_end_follows_a_relay_whose_address_changes() -> None:
    network, home, away, _ = connected()
    del network.sites[home.host]
    home.host = "203.0.113.8"
    network.sites[home.host] = home
    network.run(SETTLED_S + 0.2)
    assert link_of(away).ice.selected == UdpPath(home.host, PORT, away.host)


def test_when_a_relay_dies_the_other_says_so_and_media_stops() -> None:
    meeting = piped_meeting()
    meeting.run(2)
    meeting.away.relay.take_changes()
    meeting.home.is_up = False
    meeting.network.every_frame.remove(meeting.camera.frame)
    pipe = meeting.ends.active.id
    meeting.network.run(11)
    assert meeting.away.relay.take_changes() == [(pipe, "disconnected")]
    meeting.network.run(20)
    assert meeting.away.relay.take_changes() == [(pipe, "failed")]
    meeting.network.carried.clear()
    meeting.network.run(5)
    assert meeting.network.carried == []
    assert list(meeting.away.state.pipes) == [pipe]


def test_a_cut_between_relays_heals_by_itself() -> None:
    meeting = piped_meeting()
    meeting.run(2)
    meeting.network.lose = lambda data: True
    meeting.network.run(40)
    assert states(meeting.home)[-1] == states(meeting.away)[-1] == "failed"
    meeting.network.lose = lambda data: False
    meeting.run(1)
    meeting.far.got.clear()
    meeting.run(2)
    assert len(meeting.far.of(meeting.camera.voice)) >= 58
    assert len(meeting.far.of(meeting.camera.picture)) > 100


# ---- rooms share them


def test_rooms_share_a_link_and_the_last_closes_it() -> None:
    network, home, away, ends = connected()
    more = mint_pipe(ends)
    assert home.change(put=[more.active]) == []
    assert away.change(put=[more.passive]) == []
    for site in (home, away):
        assert site.relay.take_changes() == [(more.active.id, "connected")]
    assert home.relay.state_of(more.active.id) == "connected"
    home.change(remove=[ends.active.id])
    network.run(12)
    assert states(home) == []
    assert link_of(home).state(network.now) == "connected"
    home.change(remove=[more.active.id])
    assert home.relay.pipes.links == {}
    network.run(12)
    assert away.relay.take_changes() == [(ends.active.id, "disconnected"), (more.active.id, "disconnected")]


def test_dropping_a_room_closes_its_pipes() -> None:
    network, home, away, _ = connected()
    home.rooms.drop(ROOM, network.now)
    assert (home.relay.pipes.links, home.relay.pipes.ids) == ({}, ())
    away.relay.remove_pipe("unknown")


def test_a_pipe_can_have_another_text_of_the_hub() -> None:
    _, home, _, ends = connected()
    assert home.change(put=[ends.active.model_copy(update={"app": "x"})]) == []
    assert home.relay.take_changes() == [(ends.active.id, "connected")]


# ---- what is refused


def test_a_key_is_never_taken_twice() -> None:
    _, home, away, ends = connected()
    home.change(remove=[ends.active.id])
    assert home.change(put=[ends.active]) == ["key_reused"]
    fresh = mint_link([away.candidate]).active
    for one in ("send_key", "receive_key"):
        for old in (ends.active.send_key, ends.active.receive_key):
            assert home.change(put=[fresh.model_copy(update={"id": one + old[:4], one: old})]) == ["key_reused"]
    same = {"id": "same", "receive_key": fresh.send_key}
    assert home.change(put=[fresh.model_copy(update=same)]) == ["key_reused"]
    assert home.change(put=[fresh]) == []


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate(ip="relay.example.org", port=1),
        Candidate(ip="", port=1),
        Candidate(ip="192.0.2.1", port=1, protocol="tcp"),
    ],
)
def test_a_relay_is_checked_at_a_numeric_address_by_udp(candidate: Candidate) -> None:
    _, home, away = two_relays()
    ends = mint_link([away.candidate])
    broken = ends.active.model_copy(update={"check": (candidate,)})
    assert home.change(put=[broken]) == ["invalid_parameters"]
    assert home.relay.pipes.links == {}
    assert home.change(put=[ends.active]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"pwd": "p" * 32},
        {"remote_ufrag": "other"},
        {"remote_pwd": "p" * 32},
        {"check": ()},
        {"send_key": mint_link([]).active.send_key},
        {"ufrag": "other"},
    ],
)
def test_all_pipes_of_a_link_say_the_same_of_it(change: dict[str, Any]) -> None:
    _, home, _, ends = connected()
    other = mint_pipe(ends).active.model_copy(update=change)
    assert home.change(put=[other]) == ["invalid_parameters"]
    assert home.change(put=[ends.active.model_copy(update=change)]) == ["invalid_parameters"]
    assert home.change(put=[mint_pipe(ends).active]) == []


def test_a_pipe_keeps_its_link() -> None:
    _, home, away, ends = connected()
    other = mint_link([away.candidate]).active.model_copy(update={"id": ends.active.id})
    with pytest.raises(ParametersError):
        home.relay.put_pipe(other, home.now)
    with pytest.raises(KeyReused):
        home.relay.put_pipe(ends.passive.model_copy(update={"id": "x", "link": "y", "ufrag": "other"}), home.now)


def test_what_a_transport_is_known_by_is_not_a_links() -> None:
    _, home, away = two_relays()
    page = home.page(1)
    ends = mint_link([away.candidate])
    for change in ({"link": page.spec.id}, {"ufrag": page.spec.ufrag}):
        assert home.change(put=[ends.active.model_copy(update=change)]) == ["invalid_parameters"]
    assert away.change(put=[ends.passive]) == []
    with pytest.raises(ParametersError):
        away.relay.put_transport(page.spec.model_copy(update={"ufrag": ends.passive.ufrag}), away.now)


# ---- who else may try


def test_a_check_with_another_password_opens_nothing() -> None:
    _, _, away = two_relays()
    passive = mint_link([away.candidate]).passive
    away.change(put=[passive])
    for pwd, user in (("p" * 32, passive.remote_ufrag), (passive.pwd, "other")):
        check = write_check(to_ufrag=passive.ufrag, to_pwd=pwd, from_ufrag=user, tie_breaker=1)
        away.relay.receive(check, UdpPath("203.0.113.66", 1), away.now)
    assert away.relay.dropped["unauthentic_check"] == 2
    assert link_of(away).ice.selected is None


def answer(check: bytes, pwd: str) -> bytes:
    response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_of(check))
    response.attributes["XOR-MAPPED-ADDRESS"] = ("192.0.2.1", 1)
    response.add_message_integrity(pwd.encode())
    return bytes(response)


def test_only_the_relay_that_was_asked_can_answer() -> None:
    network, home, away = two_relays()
    away.is_up = False
    ends = lay(home, away)
    [check] = network.carried
    true, elsewhere = UdpPath(away.host, PORT), UdpPath("203.0.113.66", PORT)
    for datagram, path in (
        (answer(check, "p" * 32), true),
        (answer(check, ends.passive.pwd), elsewhere),
        (answer(bytes(20), ends.passive.pwd), true),
        (check[:8] + bytes(12), true),
        (b"\x01\x01\x00\x00" + check[4:20], true),
    ):
        home.relay.receive(datagram, path, home.now)
        assert link_of(home).ice.selected is None
    assert home.relay.dropped["unauthentic_check"] == 4
    home.relay.receive(answer(check, ends.passive.pwd), true, home.now)
    assert link_of(home).ice.selected == true
    home.now += 20
    home.relay.receive(answer(check, ends.passive.pwd), true, home.now)
    assert link_of(home).ice.last_check == home.now - 20


def test_the_active_end_answers_no_checks() -> None:
    _, home, away, ends = connected()
    own = ends.active
    check = write_check(to_ufrag=own.ufrag, to_pwd=own.pwd, from_ufrag=own.remote_ufrag, tie_breaker=1)
    home.relay.receive(check, UdpPath(away.host, PORT), home.now)
    assert home.relay.dropped["unauthentic_check"] == 1


def test_a_page_cannot_take_a_links_address() -> None:
    network, home, away, _ = connected()
    for site, other in ((home, away), (away, home)):
        page = site.page(1)
        selected = link_of(site).ice.selected
        page.check(address=selected)
        assert site.relay.dropped["address_in_use"] == 1
        assert link_of(site).ice.selected == selected == UdpPath(other.host, PORT, site.host)
    network.run(3)
    assert states(home)[-1] == states(away)[-1] == "connected"


def test_a_link_takes_its_address_from_a_page_that_claimed_it_before() -> None:
    network, home, away = two_relays()
    path = UdpPath(home.host, PORT, away.host)
    page = away.page(1)
    page.check(address=path)
    assert page.world.relay.belongs(path)
    lay(home, away)
    network.run(0.3)
    assert link_of(away).ice.selected == path
    page.check(address=path)
    assert away.relay.dropped["address_in_use"] == 1
    assert not away.relay.transports[page.spec.id].ice.is_validated(path)


def test_a_new_link_has_the_address_of_the_one_before() -> None:
    """A relay may hear of the end of a link later than the other."""
    network, home, away, ends = connected()
    home.change(remove=[ends.active.id])
    lay(home, away)
    network.run(0.5)
    [(_, old), (_, new)] = [(key, link) for key, link in away.relay.pipes.links.items()]
    assert (old.ice.selected, new.ice.selected) == (None, UdpPath(home.host, PORT, away.host))


def test_what_is_broken_or_repeated_costs_nothing_but_itself() -> None:
    meeting = piped_meeting()
    meeting.run(2)
    away, path = meeting.away, UdpPath(meeting.home.host, PORT, meeting.away.host)
    old = [data for data in meeting.network.carried if data[0] >= 128][-50:]
    rejected = away.relay.plane.stats()[meeting.ends.active.link].rejected
    for data in (*old, *(one[:-1] for one in old), b"\x80", b"\x80\xc9\0\1" + bytes(20), b"\x16" + bytes(40), b"\xff"):
        away.relay.receive(data, path, away.now)
    assert away.relay.plane.stats()[meeting.ends.active.link].rejected > rejected
    assert away.relay.dropped["internal"] == 0
    assert away.relay.dropped["unknown_protocol"] == 2
    assert away.relay.dropped["srtp"] >= 1
    meeting.far.got.clear()
    meeting.run(1)
    assert len(meeting.far.of(meeting.camera.voice)) >= 29


def test_from_other_addresses_nothing_is_taken() -> None:
    meeting = piped_meeting()
    meeting.run(1)
    spoofed = UdpPath("203.0.113.66", PORT, meeting.away.host)
    forged = OutboundSession(PROFILES[0], bytes(28)).protect_copy(b"\x80\x65\0\1" + bytes(20))
    for data in (forged, meeting.network.carried[-1]):
        meeting.away.relay.receive(data, spoofed, meeting.away.now)
    assert meeting.away.relay.dropped["unvalidated_address"] == 2


def test_secrets_are_in_no_log_and_no_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, home, away, ends = connected()
    home.change(remove=[ends.active.id])
    home.change(put=[ends.active])
    texts = [caplog.text, *(repr(value) for value in (ends, home.state, away.rooms.states, link_of(away).keys))]
    secrets = [getattr(ends.active, name) for name in ("pwd", "remote_pwd", "send_key", "receive_key")]
    assert "key_reused" in caplog.text
    assert not any(secret in text for secret in secrets for text in texts)


def test_more_ssrcs_come_from_a_relay_than_from_a_page() -> None:
    network, home, away, ends = connected()
    sender = OutboundSession(PROFILES[0], link_of(home).keys.outbound)  # type: ignore[union-attr]
    path = UdpPath(home.host, PORT, away.host)
    for ssrc in range(1, 1100):
        away.relay.receive(sender.protect_copy(b"\x80\x65\0\1\0\0\0\0" + ssrc.to_bytes(4, "big")), path, network.now)
    assert away.relay.plane.stats()[ends.active.link].rejected == 0
    assert away.relay.plane.stats()[ends.active.link].unknown == 1099


def test_of_sources_that_are_long_gone_a_relay_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.pipes.OF_A_RELAY", replace(OF_A_RELAY, sources=SourceBounds(12, 0)))
    meeting = piped_meeting()
    forgotten: list[int] = []
    monkeypatch.setattr(link_of(meeting.away), "forget_source", forgotten.append)
    used = [ssrc for spec in meeting.piped[meeting.camera.picture.id] for ssrc in (spec.ssrc, spec.rtx_ssrc)]
    for _ in range(2):  # the same again: nothing is forgotten of what returns
        [there] = [one for one in meeting.away.state.producers.values() if one.kind == "video"]
        meeting.away.change(remove=[there.id])
        assert meeting.away.change(put=[there]) == []
    meeting.run(1)
    for _ in range(3):
        meeting.away.change(remove=[there.id])
        there = meeting.pipe(meeting.camera.picture)
    assert sorted(forgotten) == sorted(ssrc for ssrc in used if ssrc is not None)
    monkeypatch.undo()
    meeting.far.consume(there)
    meeting.run(2)
    assert len(meeting.far.of(there)) > 100


def test_a_pipe_cannot_be_made_of_half_of_its_values() -> None:
    fields = mint_link([]).active.model_dump()
    for name in ("link", "remote_ufrag", "remote_pwd", "send_key", "receive_key"):
        with pytest.raises(ValueError, match=name):
            PipeSpec.model_validate({key: value for key, value in fields.items() if key != name})
