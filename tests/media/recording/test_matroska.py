"""Files that any player opens: what is in them, and what cannot be written."""

import io

import av
import pytest
from av.video.frame import VideoFrame

from media.ortc import H264
from media.recording.access_units import H264Frames
from media.recording.errors import NotRecordable, RecordingError
from media.recording.formats import format_of
from media.recording.frames import Frame
from media.recording.matroska import MatroskaFile
from media.recording.ordering import Piece
from tests.media.recording.film import BLACK, FPS, PERIOD, START_CODE, WHITE, film, payloads


class Kept(io.BytesIO):
    """A file that can be read after it was closed."""

    def close(self) -> None:
        return


def recorded(*frames: bytes) -> bytes:
    """A file of pictures that went through packets."""
    output, h264 = Kept(), H264Frames()
    file: MatroskaFile | None = None
    for number, frame in enumerate(frames):
        parts = payloads(frame)
        for index, payload in enumerate(parts):
            whole = h264.push(Piece(number, index == len(parts) - 1, payload, 0.0))
            if whole is not None:
                file = file or MatroskaFile(output, H264, whole.size, "A hall")
                file.write(whole, round(1000 * number / FPS))
    assert file is not None
    file.close()
    return output.getvalue()


def decoded(data: bytes) -> list[VideoFrame]:
    with av.open(io.BytesIO(data), "r") as container:
        return list(container.decode(video=0))


def test_a_film_in_h264_is_a_matroska_file_with_its_parameter_sets_before_all_frames() -> None:
    with av.open(io.BytesIO(recorded(*film(), *film())), "r") as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.width, stream.codec_context.height) == ("h264", 96, 64)
        assert container.metadata["title"] == "A hall"
        assert container.duration == pytest.approx(1e6 * 2 * PERIOD / FPS, rel=0.05)
        extradata = stream.codec_context.extradata
        assert extradata is not None and extradata[0] == 1, "AVCDecoderConfigurationRecord"
        packets = [one for one in container.demux(video=0) if one.size]
    assert [index for index, one in enumerate(packets) if one.is_keyframe] == [0, PERIOD]
    assert not any(bytes(one).startswith(START_CODE) for one in packets), "each unit has its length before it"


def test_every_frame_can_be_seen_at_its_time_and_as_it_was_drawn() -> None:
    seen = decoded(recorded(*film(), *film()))
    assert [one.time for one in seen] == pytest.approx([number / FPS for number in range(2 * PERIOD)], abs=0.001)
    shades = [bytes(one.planes[0])[0] for one in seen]
    assert shades == pytest.approx(([WHITE] * 3 + [BLACK] * (PERIOD - 3)) * 2, abs=3)


def test_pictures_of_another_size_go_on_in_the_same_file() -> None:
    seen = decoded(recorded(*film(), *film(192, 128)))
    assert [(one.width, one.height) for one in seen] == [(96, 64)] * PERIOD + [(192, 128)] * PERIOD


@pytest.mark.parametrize("data", [b"", b"junk", START_CODE + b"\x67" + START_CODE + b"\x65abc"])
def test_of_a_first_frame_that_no_player_could_begin_with_nothing_is_kept(data: bytes) -> None:
    file = MatroskaFile(Kept(), H264, (96, 64), "")
    with pytest.raises(RecordingError):
        file.write(Frame(0, data, True, 0.0, (96, 64)), 0)


def test_other_codecs_are_not_written() -> None:
    assert format_of("video/H264").suffix == "mkv"
    with pytest.raises(NotRecordable, match="video/VP9"):
        format_of("video/VP9")
