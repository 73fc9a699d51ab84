"""The known peer: Janus' videoroom from Debian, driven over its own API, with subscribers through real ICE and DTLS.

It gathers no loopback address, so it gets a network of its own, in which its peers' sockets live too: there, as on
loopback, a datagram goes from one socket to the other and through no hardware.
"""

import asyncio
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, unix_connect

from bench.media import load
from bench.media.errors import BenchFailed, NotHere
from bench.media.load import Encoding, End, Receivers, Result, Sender
from bench.media.peer import FarEnd, Peer, certificate
from tests.network.hosts import Host, NetworkRefused, may_make_hosts, network

START_TIMEOUT_S: Final = 10.0
ANSWER_TIMEOUT_S: Final = 10.0
_TRY_S: Final = 0.05
SSRC: Final = 7777
PAYLOAD_TYPE: Final = 96
ROOM: Final = 1234
_LIBRARIES: Final = "/usr/lib/x86_64-linux-gnu/janus"
_UNUSED_PLUGINS: Final = (
    *("audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming", "textroom"),
    *("videocall", "voicemail"),
)
_UNUSED_TRANSPORTS: Final = ("http", "mqtt", "nanomsg", "pfunix", "rabbitmq")
Message = dict[str, Any]


def configuration(folder: Path, event_loops: int) -> dict[str, str]:
    """Files of a Janus that does nothing but the videoroom: no transport-cc, no limits, 0 loops for one each handle."""
    unused = ",".join(f"libjanus_{name}.so" for name in _UNUSED_PLUGINS)
    transports = ",".join(f"libjanus_{name}.so" for name in _UNUSED_TRANSPORTS)
    loops = f"event_loops = {event_loops}" if event_loops else ""
    library = _libraries()
    return {
        "janus.jcfg": f"""general: {{
  configs_folder = "{folder}"
  plugins_folder = "{library}/plugins"
  transports_folder = "{library}/transports"
  events_folder = "{library}/events"
  loggers_folder = "{library}/loggers"
  debug_level = 2
  session_timeout = 3600
  {loops}
}}
media: {{ ipv6 = false }}
nat: {{ nice_debug = false  ice_lite = true }}
plugins: {{ disable = "{unused}" }}
transports: {{ disable = "{transports}" }}
loggers: {{ disable = "libjanus_jsonlog.so" }}
events: {{ broadcast = false }}
""",
        "janus.plugin.videoroom.jcfg": f"""general: {{ }}
room-{ROOM}: {{
  publishers = 6  bitrate = 0  fir_freq = 0  videocodec = "vp8"  audiocodec = "opus"
  transport_wide_cc_ext = false
}}
""",
        "janus.transport.websockets.jcfg": f"""general: {{
  json = "compact"  ws = true  ws_unix = "{folder}/api"  wss = false
}}
admin: {{ admin_ws = false }}
""",
    }


def _libraries() -> str:
    found = sorted(Path("/usr/lib").glob("*/janus/plugins"))
    return str(found[0].parent) if found else _LIBRARIES


@dataclass(slots=True)
class Api:
    """One session on Janus' WebSocket API."""

    socket: ClientConnection
    session: int = 0
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _up: set[int] = field(default_factory=set)

    async def open(self) -> None:
        """Create the session."""
        self.session = (await self._ask(janus="create"))["data"]["id"]

    async def attach(self) -> int:
        """Return a handle of the videoroom."""
        answer = await self._ask(janus="attach", session_id=self.session, plugin="janus.plugin.videoroom")
        return int(answer["data"]["id"])

    async def say(self, handle: int, body: Message, jsep: Message | None = None) -> Message:
        """Send a request to the plugin and return its event."""
        more = {} if jsep is None else {"jsep": jsep}
        return await self._ask(janus="message", session_id=self.session, handle_id=handle, body=body, **more)

    async def until_up(self, handles: Iterable[int]) -> None:
        """Wait until Janus knows that these are connected. Raises BenchFailed."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while not self._up.issuperset(handles):
                    await self._read()
        except TimeoutError as error:
            raise BenchFailed("Janus did not see all its peers connected") from error

    async def _read(self) -> Message:
        message: Message = json.loads(await self.socket.recv())
        if message["janus"] == "webrtcup":
            self._up.add(message["sender"])
        return message

    async def _ask(self, **request: Any) -> Message:
        """Raise BenchFailed on a refusal or without an answer."""
        transaction = str(next(self._numbers))
        await self.socket.send(json.dumps({"transaction": transaction, **request}))
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while True:
                    answer = await self._read()
                    if answer.get("transaction") == transaction and answer["janus"] != "ack":
                        break
        except TimeoutError as error:
            raise BenchFailed(f"Janus did not answer {request['janus']}") from error
        if answer["janus"] == "error" or "error_code" in str(answer.get("plugindata", "")):
            raise BenchFailed(f"Janus refused {request['janus']}: {answer}")
        return answer


@dataclass(slots=True)
class JanusStage:
    """One publisher and its subscribers at a Janus; implements forwarders.Forwarder."""

    variant: str
    process: asyncio.subprocess.Process
    peers: list[Peer]
    sender: Sender
    receivers: Receivers

    def refresh(self) -> None:
        """Keep everybody's consent: Janus asks for it, too."""
        for peer in self.peers:
            peer.refresh()

    async def run(self, kind: str, seconds: float) -> Result:
        """Measure one run."""
        self.refresh()
        await asyncio.sleep(0.05)
        spec = load.specification(kind, self.receivers.count, seconds, self.process.pid)
        return await load.run(spec, self.sender, self.receivers)


@asynccontextmanager
async def janus_host() -> AsyncIterator[Host]:
    """The network in which all Januses of this process live. Raises NotHere."""
    if shutil.which("janus") is None:
        raise NotHere("Janus is not installed (apt-get install janus): rows without it")
    if not may_make_hosts():
        raise NotHere("Janus needs a network of its own (root and iproute2): rows without it")
    with ExitStack() as stack:
        try:
            host = stack.enter_context(network("janus"))["janus"]
        except NetworkRefused as error:
            raise NotHere(f"Janus needs a network of its own ({error}): rows without it") from error
        await _cable_is_up(host)
        yield host


@asynccontextmanager
async def janus_stage(host: Host, subscribers: int, *, event_loops: int = 0) -> AsyncIterator[JanusStage]:
    """A Janus process with one publisher. Raises BenchFailed."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-janus-")))
        process = await _start(stack, host, folder, event_loops)
        api = await _api(stack, folder / "api", process)
        variant = f"janus event_loops={event_loops}" if event_loops else "janus"
        yield await _fill(stack, api, host, process, variant, subscribers)


async def _cable_is_up(host: Host) -> None:
    """The kernel takes its time to say so, and until then no candidate is gathered."""
    async with asyncio.timeout(START_TIMEOUT_S):
        while True:
            show = await asyncio.create_subprocess_exec(
                *("ip", "-n", host.namespace, "link", "show", host.cable), stdout=asyncio.subprocess.PIPE
            )
            said, _ = await show.communicate()
            if b"state UP" in said:
                return
            await asyncio.sleep(0.1)


async def _start(stack: AsyncExitStack, host: Host, folder: Path, event_loops: int) -> asyncio.subprocess.Process:
    for name, text in configuration(folder, event_loops).items():
        (folder / name).write_text(text)
    log = stack.enter_context((folder / "log").open("wb"))
    with host.entered(), load.pinned(load.forwarder_core()):
        process = await asyncio.create_subprocess_exec("janus", "-F", str(folder), "-o", stdout=log, stderr=log)

    async def end() -> None:
        if process.returncode is None:
            process.kill()
        await process.wait()

    stack.push_async_callback(end)
    return process


async def _api(stack: AsyncExitStack, path: Path, process: asyncio.subprocess.Process) -> Api:
    """Connect as soon as Janus listens, which it does not tell. Raises BenchFailed."""
    tries = round(START_TIMEOUT_S / _TRY_S)
    for _ in range(tries):
        await asyncio.sleep(_TRY_S)
        try:
            # Nobody reads after the setup: without pings and with room for what Janus says, the session stays.
            connecting = unix_connect(
                str(path), subprotocols=[Subprotocol("janus-protocol")], ping_interval=None, max_queue=None
            )
            api = Api(await stack.enter_async_context(connecting))
        except OSError:
            if process.returncode is not None:
                break
        else:
            await api.open()
            return api
    words = await asyncio.to_thread((path.parent / "log").read_text, "utf-8", "replace")
    raise BenchFailed(f"Janus did not start: {words[-2000:]}")


async def _fill(
    stack: AsyncExitStack, api: Api, host: Host, process: asyncio.subprocess.Process, variant: str, subscribers: int
) -> JanusStage:
    publisher, feed = await _publish(stack, api, host)
    found = [await _subscribe(stack, api, host, feed) for _ in range(subscribers)]
    async with asyncio.TaskGroup() as connecting:
        for peer, _, offer in found:
            connecting.create_task(peer.connect(_far_end(offer, host)))
    await api.until_up(handle for _, handle, _ in found)
    ends = [End(peer.sock, peer.inbound, int(_value(offer, r"a=ssrc:(\d+)"))) for peer, _, offer in found]
    peers = [publisher, *(peer for peer, _, _ in found)]
    sender = Sender(publisher.sock, publisher.outbound, [Encoding(SSRC, PAYLOAD_TYPE)])
    return JanusStage(variant, process, peers, sender, Receivers(ends))


async def _publish(stack: AsyncExitStack, api: Api, host: Host) -> tuple[Peer, int]:
    handle = await api.attach()
    joined = await api.say(handle, {"request": "join", "ptype": "publisher", "room": ROOM})
    peer = _peer(stack, host)
    offer = _sdp(peer, host, "0", "sendonly", "actpass", SSRC)
    answer = await api.say(handle, {"request": "publish"}, {"type": "offer", "sdp": offer})
    sdp = str(answer["jsep"]["sdp"])
    await peer.connect(_far_end(sdp, host), is_client="a=setup:active" not in sdp)
    await api.until_up([handle])
    return peer, int(joined["plugindata"]["data"]["id"])


async def _subscribe(stack: AsyncExitStack, api: Api, host: Host, feed: int) -> tuple[Peer, int, str]:
    """A subscriber that has still to connect, its handle, and Janus' offer to it."""
    handle = await api.attach()
    wanted = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": feed}]}
    offer = str((await api.say(handle, wanted))["jsep"]["sdp"])
    peer = _peer(stack, host)
    answer = _sdp(peer, host, _value(offer, r"a=mid:(\S+)"), "recvonly", "active")
    await api.say(handle, {"request": "start"}, {"type": "answer", "sdp": answer})
    return peer, handle, offer


def _peer(stack: AsyncExitStack, host: Host) -> Peer:
    with host.entered():
        peer = Peer()
    stack.callback(peer.close)
    peer.sock.bind((host.address, 0))
    return peer


def _far_end(sdp: str, host: Host) -> FarEnd:
    port = _value(sdp, rf"a=candidate:\S+ 1 udp \d+ {re.escape(host.address)} (\d+) ")
    return FarEnd(
        (host.address, int(port)),
        _value(sdp, r"a=ice-ufrag:(\S+)"),
        _value(sdp, r"a=ice-pwd:(\S+)"),
        _value(sdp, r"a=fingerprint:sha-256 (\S+)"),
    )


def _value(sdp: str, pattern: str) -> str:
    found = re.search(pattern, sdp)
    if found is None:
        raise BenchFailed(f"Janus' description lacks {pattern}")
    return found[1]


def _sdp(peer: Peer, host: Host, mid: str, direction: str, setup: str, ssrc: int | None = None) -> str:
    """What a page with one VP8 section says (RFC 8829), with one host candidate."""
    _, port = peer.sock.getsockname()
    lines = [
        *("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mid}", "a=msid-semantic: WMS *"),
        *(f"m=video 9 UDP/TLS/RTP/SAVPF {PAYLOAD_TYPE}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", f"a={direction}"),
        *("a=rtcp-mux", f"a=rtpmap:{PAYLOAD_TYPE} VP8/90000", f"a=rtcp-fb:{PAYLOAD_TYPE} nack"),
        *(f"a=rtcp-fb:{PAYLOAD_TYPE} nack pli", f"a=ice-ufrag:{peer.ufrag}", f"a=ice-pwd:{peer.pwd}"),
        *(f"a=fingerprint:sha-256 {certificate().fingerprint}", f"a=setup:{setup}"),
        *([] if ssrc is None else ["a=msid:stream track", f"a=ssrc:{ssrc} cname:bench"]),
        *(f"a=candidate:1 1 udp 2130706431 {host.address} {port} typ host", "a=end-of-candidates"),
    ]
    return "".join(f"{line}\r\n" for line in lines)
