"""Senders, a relay and a recorder in virtual time: alignment, losses, pauses, keyframes."""

import io
import random
from collections.abc import Callable
from itertools import pairwise

import av
import pytest

from media.recording.ordering import WAIT_S
from media.rtcp import is_rtcp
from media.srtp import InboundSession
from tests.media.recording.film import PERIOD
from tests.signaling.recording.studio import Studio, pictures, rises, tones


def some(share: float, seed: int = 1) -> Callable[[bytes], bool]:
    """Loses a share of the media."""
    rng = random.Random(seed)
    return lambda data: data[0] >= 128 and not is_rtcp(data) and rng.random() < share


def test_sound_and_picture_of_senders_with_wrong_clocks_lie_on_one_time() -> None:
    studio = Studio((0.0, -3725.0))
    files = [(one, studio.record(one, kind), kind) for one in studio.senders for kind in ("audio", "video")]
    studio.pass_time(9)
    studio.finish()
    assert studio.failed == []
    for sender, number, kind in files:
        data = studio.files[number].getvalue()
        seen = tones(data) if kind == "audio" else rises(pictures(data))
        due = [flash for flash in studio.flashes(sender) if flash >= (0.5 if kind == "audio" else 2.5)]
        assert seen == pytest.approx(due, abs=0.05)


def test_a_finished_file_knows_its_length_and_begins_with_a_keyframe() -> None:
    studio = Studio()
    number = studio.record(studio.senders[0], "video")
    studio.pass_time(6)
    studio.finish()
    with av.open(io.BytesIO(studio.files[number].getvalue()), "r") as container:
        first = next(container.demux(video=0))
        assert first.is_keyframe
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(6.0, abs=0.4)


def test_pictures_in_h264_lie_on_the_same_time_and_come_again_when_lost() -> None:
    studio = Studio(h264=True)
    (sender,) = studio.senders
    studio.lose = some(0.05)
    number = studio.record(sender, "video")
    studio.pass_time(5)
    studio.lose = lambda _: False
    studio.pass_time(WAIT_S + 0.5)
    studio.finish()
    assert studio.failed == []
    seen = pictures(studio.files[number].getvalue())
    assert rises(seen) == pytest.approx([flash for flash in studio.flashes(sender) if flash >= 2.5], abs=0.05)
    assert max(later - earlier for (earlier, _), (later, _) in pairwise(seen)) < 0.2


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_what_is_lost_on_the_way_to_the_recorder_comes_again(share: float) -> None:
    studio = Studio()
    studio.lose = some(share)
    number = studio.record(studio.senders[0], "video")
    studio.pass_time(6)
    studio.lose = lambda _: False
    studio.pass_time(WAIT_S + 0.5)
    studio.finish()
    times = [at for at, _ in pictures(studio.files[number].getvalue())]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) > 40
    assert max(gaps) < 0.2


def test_after_a_loss_for_good_no_picture_is_shown_before_a_keyframe() -> None:
    studio = Studio()
    sender = studio.senders[0]
    number = studio.record(sender, "video")
    studio.pass_time(3)
    sender.lose = lambda data: data[0] >= 128  # the sender itself is cut off, and does not repeat what it sent
    studio.pass_time(0.25)
    sender.uplink.camera._sent.clear()
    sender.lose = lambda _: False
    studio.pass_time(6)
    studio.finish()
    seen = pictures(studio.files[number].getvalue())
    assert all(value > 200 or value < 40 for _, value in seen), "every picture is as it was drawn"
    pauses = [(at, later) for (at, _), (later, _) in pairwise(seen) if later - at > 0.3]
    assert len(pauses) == 1
    (_, goes_on) = pauses[0]
    assert dict(seen)[goes_on] > 200, "it goes on with the frame that begins a period"
    assert sender.started is not None
    assert (goes_on - (sender.started - studio.began)) % (PERIOD / 10) == pytest.approx(0, abs=0.05)


def test_a_pause_is_a_pause_in_the_file() -> None:
    studio = Studio()
    sender = studio.senders[0]
    sound, film = studio.record(sender, "audio"), studio.record(sender, "video")
    studio.pass_time(4)
    sender.on = False
    studio.pass_time(3)
    sender.on = True
    studio.pass_time(4)
    studio.finish()
    for number in (sound, film):
        with av.open(io.BytesIO(studio.files[number].getvalue()), "r") as container:
            times = [float(one.pts * one.time_base) for one in container.demux() if one.pts is not None]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert max(gaps) == pytest.approx(3.0, abs=0.3)


def test_a_file_that_is_cut_anywhere_can_be_played_up_to_there() -> None:
    studio = Studio()
    numbers = [studio.record(studio.senders[0], kind) for kind in ("audio", "video")]
    studio.pass_time(7)
    for number, (least, seconds) in zip(numbers, ((100, 3.0), (20, 3.0)), strict=True):
        cut = studio.files[number].getvalue()
        with av.open(io.BytesIO(cut), "r") as container:
            times = [frame.time for frame in container.decode() if frame.time is not None]
        assert len(times) > least
        assert times[-1] - times[0] > seconds


def test_of_a_source_that_ended_a_recorder_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[int] = []
    monkeypatch.setattr(InboundSession, "forget", lambda _, ssrc: forgotten.append(ssrc))
    studio = Studio()
    ended = studio.record(studio.senders[0], "video")
    studio.record(studio.senders[0], "audio")
    studio.pass_time(0.5)
    studio.recorder.end(ended, 0.0)
    spec = studio.consumers[ended]
    assert sorted(forgotten) == sorted(ssrc for ssrc in (spec.ssrc, spec.rtx_ssrc) if ssrc is not None)
    studio.finish()
