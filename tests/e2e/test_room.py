"""The room as a conference: checks before joining, layouts, a shared screen, devices, quiet, keys."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.gathering import Gathering, gathering, join_time_ms, sees
from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import COLOURS, LARGE_CAMERA, write_camera
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import running_product
from tests.e2e.secretary import open_the_session
from tests.e2e.sounds import LOUD, SOUND_BEFORE_MICROPHONES, hears, loudness
from tests.network.hosts import network

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
FLAGS = ("--auto-select-desktop-capture-source=Entire screen",)

# How many frames the shared screen has shown here, and how much sound that is no microphone's has been heard.
READ_SCREEN = """() => {
  const video = document.querySelector('[data-testid="screen"] video');
  return video && video.videoWidth ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
}"""

# Lets a test unplug microphones or cameras of the browser: they end, are gone from the list, and cannot be opened.
UNPLUGGABLE = """() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const [open, list] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)];
  const [gone, tracks] = [new Set(), new Set()];
  devices.enumerateDevices = async () => (await list()).filter((one) => !gone.has(one.label));
  devices.getUserMedia = async (wanted) => {
    const kind = wanted.audio ? 'audio' : 'video';
    const left = (await devices.enumerateDevices()).find((one) => one.kind === `${kind}input`);
    if (!left) throw new DOMException('there is none', 'NotFoundError');
    const known = left.label && !wanted[kind].deviceId ? { deviceId: { exact: left.deviceId } } : {};
    const stream = await open({ [kind]: { ...wanted[kind], ...known } });
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };
  window.unplug = (kind) => {
    for (const track of tracks) {
      if (track.kind !== kind || track.readyState === 'ended') continue;
      gone.add(track.label);
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    devices.dispatchEvent(new Event('devicechange'));
  };
}"""
# A screen that is shared with sound where the machine has none to record: a tone is put beside the picture.
SCREEN_WITH_SOUND = """() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const capture = devices.getDisplayMedia.bind(devices);
  devices.getDisplayMedia = async (wanted) => {
    const stream = await capture({ ...wanted, audio: false });
    const context = new AudioContext();
    const [tone, out] = [new OscillatorNode(context, { frequency: 440 }), context.createMediaStreamDestination()];
    tone.connect(out);
    tone.start();
    stream.addTrack(out.stream.getAudioTracks()[0]);
    return stream;
  };
}"""
READ_SMALL_WINDOW = """() => {
  const small = window.documentPictureInPicture?.window?.document;
  const video = small?.querySelector('video');
  return small && { name: small.querySelector('strong')?.textContent,
    frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0 };
}"""

# Notes the connections of a page and its frames from now on; what they send of pictures: how wide by encoding, of those
# that are sent.
NOTE_PEERS = """() => {
  const peers = (window.top.peers ??= new Set());
  for (const { RTCPeerConnection } of [window, ...Array.from(window.frames)]) {
    const original = RTCPeerConnection.prototype.getStats;
    RTCPeerConnection.prototype.getStats = function (...given) {
      peers.add(this);
      return original.apply(this, given);
    };
  }
}"""
READ_ENCODINGS = """async () => {
  const sent = {};
  for (const peer of window.peers)
    for (const one of (await peer.getStats()).values())
      if (one.type === 'outbound-rtp' && one.rid && one.active !== false && one.framesSent > 0 && one.frameWidth)
        sent[one.rid] = one.frameWidth;
  return sent;
}"""
# Which codecs of pictures arrive, and whether sound is sent redundantly: what the relay takes first says so.
READ_CODECS = """async () => {
  const codecs = [];
  for (const peer of window.peers) {
    const all = await peer.getStats();
    for (const one of all.values())
      if (one.type === 'inbound-rtp' && one.kind === 'video' && one.framesDecoded > 0)
        codecs.push(all.get(one.codecId)?.mimeType);
  }
  return codecs;
}"""
SENDS_REDUNDANTLY = """() => [...window.peers].some((peer) => {
  const sdp = peer.currentRemoteDescription?.sdp ?? '';
  const first = sdp.match(/^m=audio \\d+ \\S+ (\\d+)/m)?.[1];
  return first !== undefined && sdp.includes(`a=rtpmap:${first} red/`);
})"""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Gathering]:
    """The chair and a member before the door."""
    async with gathering(tmp_path, ["chair", "north"], FLAGS) as here:
        north = here["north"]
        for script in (UNPLUGGABLE, SCREEN_WITH_SOUND, SOUND_BEFORE_MICROPHONES):
            await north.page.add_init_script(f"({script})()")
        await north.open(here.room)
        yield here


async def test_two_people_meet_as_in_one_hall(here: Gathering) -> None:
    await the_connection_is_checked_before_joining(here)
    await they_join(here)
    await the_layout_is_chosen(here)
    await a_large_picture_is_sent_in_several_sizes(here)
    await a_computer_that_prefers_h264_is_seen_too(here)
    await the_chair_mutes_and_asks(here)
    await somebody_shares_a_screen(here)
    await devices_change_while_live(here)
    await the_noise_around_a_voice_is_taken_out(here)
    await the_space_bar_is_held_to_talk(here)
    await who_speaks_is_shown_above_other_windows(here)
    await devices_are_unplugged_while_live(here)
    assert {name: person.problems for name, person in here.people.items() if person.problems} == {}


async def the_connection_is_checked_before_joining(here: Gathering) -> None:
    north = here["north"]
    for line in ("net-hub", "net-relay"):
        await expect(north[line]).to_have_attribute("data-tone", "good", timeout=EXPECT_MS)
    await picture(north, "lobby-checked")
    here.relay.cut()
    await north.click("net-again")
    await expect(north["net-relay"]).to_have_attribute("data-tone", "bad", timeout=EXPECT_MS)
    await expect(north["join"]).to_be_enabled()
    here.relay.restore()


@pytest.mark.needs("firefox-esr", "hosts")
async def test_chromium_and_firefox_choose_among_each_others_sizes(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        hosts = stack.enter_context(network("north", "delta"))
        product = await stack.enter_async_context(running_product(tmp_path / "data", host=hosts["centre"]))
        meeting = await open_the_session(product, hosts["north"])
        people = []
        for name, colour, in_firefox in zip(("north", "delta"), COLOURS, (False, True), strict=False):
            camera = None if in_firefox else write_camera(tmp_path / f"{name}.y4m", colour)
            firefox = colour if in_firefox else None
            browser = browsing(name, product.origin, camera=camera, firefox=firefox, host=hosts[name])
            people.append(await stack.enter_async_context(browser))
        await asyncio.gather(*[join_with_a_large_camera(one, f"/meetings/{meeting}/room") for one in people])
        for one in people:
            await until(lambda one=one: sends(one, [320, 640, 1280]), f"{one.username} sends too few sizes", 40)
            await until(lambda one=one: sees(one, 2), f"{one.username} does not see everybody", 40)
        for one in people:
            await one.click("settings")
            await one.click("pictures-low")
            await one.page.keyboard.press("Escape")
            video = one.page.locator('[data-testid^="tile-"]:not([data-own]) video')
            await until(lambda video=video: is_small(video), f"{one.username} is sent large pictures", 30)
            await until(lambda one=one: sees(one, 2), f"{one.username} lost a picture with its size")
        assert [one.problems for one in people] == [[], []]


async def join_with_a_large_camera(person: Person, room: str) -> None:
    for script in (NOTE_PEERS, LARGE_CAMERA):
        await person.page.add_init_script(f"({script})()")
    await person.let_in()
    await person.open(room)
    await person.click("join")


async def sends(person: Person, widths: list[int]) -> bool:
    return sorted((await person.page.evaluate(READ_ENCODINGS)).values()) == widths


async def is_small(video: Locator) -> bool:
    return 0 < int(await video.evaluate("video => video.videoWidth")) <= 640


async def they_join(here: Gathering) -> None:
    for person in here.people.values():
        await person.click("join")
    await here.everybody_sees_everybody("does not see everybody", 40)
    for person in here.people.values():
        assert await until(lambda person=person: join_time_ms(person), "the join was not measured") < 10_000


async def the_layout_is_chosen(here: Gathering) -> None:
    """The choice is remembered by the computer, and one's own picture is mirrored."""
    chair = here["chair"]
    stage = chair.page.locator("#stage")
    await expect(stage).to_have_attribute("data-layout", "gallery")
    await expect(chair.page.locator(".stage__self .track--mirrored")).to_be_visible()
    await chair.page.keyboard.press("l")
    await expect(stage).to_have_attribute("data-layout", "focus")
    await expect(chair["featured"].locator("article")).to_have_attribute(
        "data-person-id", await person_id(here["north"])
    )
    await here.everybody_sees_everybody("lost a picture with the layout")
    await picture(chair, "room-speaker")
    await chair.click("layout")
    await expect(stage).to_have_attribute("data-layout", "gallery")


async def a_large_picture_is_sent_in_several_sizes(here: Gathering) -> None:
    """Simulcast: whoever looks at a small tile gets a small picture, and nothing is sent that nobody looks at."""
    chair, north = here["chair"], here["north"]
    await north.page.evaluate(NOTE_PEERS)
    await north.page.evaluate(LARGE_CAMERA)
    await north.click("camera")
    await expect(north["camera"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await north.click("camera")

    async def several_sizes() -> bool:
        return len(await north.page.evaluate(READ_ENCODINGS)) >= 2

    await until(several_sizes, "a large camera is sent in one size only")
    assert await north.page.evaluate(SENDS_REDUNDANTLY)
    await here.everybody_sees_everybody("lost a picture with the large camera")
    await chair.click("settings")
    await picture(chair, "room-settings-pictures")
    await chair.click("pictures-low")
    await chair.page.keyboard.press("Escape")
    await expect(chair["picture-mode"]).to_be_visible(timeout=EXPECT_MS)
    video = chair.page.locator(f'[data-person-id="{await person_id(north)}"] video')

    await until(lambda: is_small(video), "a small picture is wanted, and a large one comes")
    await here.everybody_sees_everybody("lost a picture with its size")
    await chair.click("settings")
    await chair.click("pictures-automatic")
    await chair.page.keyboard.press("Escape")


async def a_computer_that_prefers_h264_is_seen_too(here: Gathering) -> None:
    """It sends it with the next picture that it publishes, here that of its own, smaller camera."""
    chair, north = here["chair"], here["north"]
    await chair.page.evaluate(NOTE_PEERS)
    await north.page.evaluate("localStorage.setItem('plenum.pictureCodec', 'video/h264')")
    await north.page.evaluate("ownCamera()")
    await north.click("camera")
    await expect(north["camera"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await north.click("camera")

    async def decoded() -> bool:
        return "video/H264" in await chair.page.evaluate(READ_CODECS)

    await until(decoded, "no H.264 arrives")
    await here.everybody_sees_everybody("lost a picture with the own camera")


async def person_id(person: Person) -> str:
    return str((await person.get("/session"))["personId"])


async def endpoint_id(person: Person, of: Person) -> str:
    tile = person.page.locator(f'[data-person-id="{await person_id(of)}"]')
    return str(await tile.get_attribute("data-testid", timeout=EXPECT_MS)).removeprefix("tile-")


async def the_chair_mutes_and_asks(here: Gathering) -> None:
    """Nobody is unmuted by others: the member is asked, and does it."""
    chair, north = here["chair"], here["north"]
    endpoint = await endpoint_id(chair, north)
    await chair.click("tab-people")
    await chair.click(f"quiet-{endpoint}")
    await north.sees("moderated-muted", "Hoàng Lan")
    await expect(north["mute"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await chair.click(f"ask-unmute-{endpoint}")
    await north.sees("moderated-unmute_wanted", "Hoàng Lan")
    await picture(north, "room-asked-to-unmute")
    await north.click("moderated-unmute")
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await chair.click("quiet-all")
    await expect(chair[f"ask-unmute-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.click("moderated-dismiss")


async def somebody_shares_a_screen(here: Gathering) -> None:
    """Others decode its picture; the presenter is told what is shared and stands first beside it at the others."""
    chair, north = here["chair"], here["north"]
    await north.click("share")
    await expect(north["own-screen"]).to_be_visible(timeout=EXPECT_MS)
    first = int(await until(lambda: chair.page.evaluate(READ_SCREEN), "the screen does not arrive"))

    async def later() -> bool:
        return int(await chair.page.evaluate(READ_SCREEN)) > first + 5

    await until(later, "the screen stands still")
    await until(lambda: hears(chair), "the sound of the screen is not heard")
    beside = chair.page.locator(".gallery--strip article").first
    await expect(beside).to_have_attribute("data-person-id", await person_id(north))
    await picture(chair, "room-screen")
    await picture(north, "room-own-screen")
    await north.click("share")
    await expect(chair["screen"]).to_have_count(0, timeout=EXPECT_MS)
    assert not await hears(chair), "the sound of the screen goes on without it"


async def devices_change_while_live(here: Gathering) -> None:
    """Another microphone is taken without a new source in the room."""
    chair, north = here["chair"], here["north"]
    await north.click("settings")
    chosen = north["choose-audioinput"]
    values = await chosen.locator("option").evaluate_all("all => all.map((one) => one.value)")
    await chosen.select_option(values[-1])
    await picture(north, "room-settings")
    await north.page.keyboard.press("Escape")
    await north.click("mute")
    endpoint = await endpoint_id(chair, north)
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await here.everybody_sees_everybody("lost a picture with the microphone")
    await north.click("mute")


async def the_noise_around_a_voice_is_taken_out(here: Gathering) -> None:
    """A fan is heard by the others, and no more with the filter; a voice is."""
    chair, north = here["chair"], here["north"]

    async def filters(wanted: bool) -> None:
        """A change opens the microphone anew."""
        await north.click("settings")
        await north["noise-filter"].set_checked(wanted)
        await north.page.keyboard.press("Escape")

    async def is_quiet() -> bool:
        """For more than a second: while a microphone is opened it is quiet as well."""
        return max([await loudness(chair) for _ in range(3)]) < LOUD / 5

    await north.page.evaluate("hear('noise')")
    await filters(True)
    await filters(False)
    await north.click("mute")
    await until(lambda: hears(chair), "the noise is not heard without the filter")
    await filters(True)
    await until(is_quiet, "the noise is heard")
    await north.page.evaluate("hear('voice')")
    await until(lambda: hears(chair), "the voice is not heard")
    await north.page.evaluate("hear(null)")
    await filters(False)
    await north.click("mute")


async def the_space_bar_is_held_to_talk(here: Gathering) -> None:
    chair, north = here["chair"], here["north"]
    endpoint = await endpoint_id(chair, north)
    await expect(chair[f"ask-unmute-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.page.locator("#stage").focus()
    await north.page.keyboard.down(" ")
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.page.keyboard.up(" ")
    await expect(chair[f"ask-unmute-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)


async def who_speaks_is_shown_above_other_windows(here: Gathering) -> None:
    """The small window has the picture of the other one, moving, and goes when the room is left or it is closed."""
    north = here["north"]
    await north.click("settings")
    await north.click("small-window")
    first = await until(lambda: north.page.evaluate(READ_SMALL_WINDOW), "no small window")

    async def moves() -> bool:
        shown = await north.page.evaluate(READ_SMALL_WINDOW)
        return shown["name"] == "Hoàng Lan" and int(shown["frames"]) > int(first["frames"])

    await until(moves, "the small window stands still")
    await north.page.evaluate("documentPictureInPicture.window.close()")
    await until(lambda: north.page.evaluate("documentPictureInPicture.window === null"), "the small window stays")
    await here.everybody_sees_everybody("lost a picture with the small window")


async def devices_are_unplugged_while_live(here: Gathering) -> None:
    """Another microphone takes over and the others still hear; without another camera the picture is off."""
    chair, north = here["chair"], here["north"]
    endpoint = await endpoint_id(chair, north)
    await north.click("mute")
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.page.evaluate("unplug('audio')")
    await expect(north.page.get_by_text("đã bị rút")).to_be_visible(timeout=EXPECT_MS)
    await picture(north, "room-unplugged")
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible()
    await until(lambda: hears(chair), "the other microphone is not heard")
    await north.page.evaluate("unplug('video')")
    await expect(north["camera"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await expect(north.page.get_by_text("Hình của bạn đã tắt")).to_be_visible(timeout=EXPECT_MS)
