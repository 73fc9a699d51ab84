"""What a bot knows of its meeting."""

from typing import Any

from signaling.bots.view import View

ME, OTHER = "p1", "p2"


def snapshot(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "meeting": {"state": "in_session"},
        "participants": [{"personId": ME, "response": "invited"}],
        "versions": [{"number": 1, "acknowledgedBy": []}],
        "polls": [],
        "speakers": [],
    }
    return whole | changes


def poll(**changes: Any) -> dict[str, Any]:
    options = [{"id": one, "label": ""} for one in ("yes", "no")]
    whole = {"id": "v1", "kind": "named", "state": "open", "electorate": [ME], "options": options, "ballots": []}
    return whole | changes


def test_open_means_that_one_may_be_present() -> None:
    view = View(snapshot(), ME)
    assert view.is_open
    view.apply({"type": "meeting", "meeting": {"state": "adjourned"}})
    assert not view.is_open


def test_the_invitation_waits_until_it_is_answered() -> None:
    view = View(snapshot(), ME)
    assert view.invited
    view.apply({"type": "participant", "participant": {"personId": ME, "response": "accepted"}})
    assert not view.invited
    assert not View(snapshot(participants=[{"personId": OTHER, "response": "invited"}]), ME).invited


def test_only_the_newest_agenda_is_acknowledged() -> None:
    view = View(snapshot(), ME)
    assert view.unacknowledged == 1
    view.apply({"type": "version", "version": {"number": 2, "acknowledgedBy": []}})
    assert view.unacknowledged == 2
    view.apply({"type": "version", "version": {"number": 2, "acknowledgedBy": [ME]}})
    assert view.unacknowledged is None
    assert View(snapshot(versions=[]), ME).unacknowledged is None


def test_a_ballot_is_due_in_open_named_polls_until_it_is_cast() -> None:
    view = View(snapshot(), ME)
    view.apply({"type": "poll", "poll": poll()})
    assert view.ballots_due == (("v1", ("yes", "no")),)
    view.apply({"type": "ballot", "pollId": "v1", "ballot": {"personId": OTHER}})
    assert view.ballots_due
    view.apply({"type": "ballot", "pollId": "v1", "ballot": {"personId": ME}})
    assert not view.ballots_due


def test_no_ballot_is_due_where_the_bot_has_no_vote_or_does_not_know_the_kind() -> None:
    for changes in ({"state": "closed"}, {"electorate": [OTHER]}, {"kind": "unheard_of"}):
        assert not View(snapshot(polls=[poll(**changes)]), ME).ballots_due


def test_the_speakers_list_is_followed() -> None:
    view = View(snapshot(), ME)
    mine = {"id": "s1", "personId": ME, "state": "waiting"}
    view.apply({"type": "speaker", "speaker": mine})
    view.apply({"type": "speaker", "speaker": {"id": "s2", "personId": OTHER, "state": "speaking"}})
    assert (view.entry("waiting"), view.entry("speaking"), view.floor, view.waiting) == ("s1", None, OTHER, 1)
    view.apply({"type": "speaker", "speaker": mine | {"state": "speaking"}})
    assert view.entry("speaking") == "s1"
    view.apply({"type": "speaker_removed", "speakerId": "s1"})
    assert view.entry("speaking") is None


def test_events_that_do_not_matter_are_passed_over() -> None:
    view = View(snapshot(), ME)
    view.apply({"type": "hidden"})
    view.apply({"type": "item", "item": {}})
    view.apply({"type": "participant_removed", "personId": ME})
    assert not view.invited
