"""One bot: signs in, follows its meeting, sits in the room, does what it is told to, comes back after every loss."""

import asyncio
import logging
import secrets
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Final

from media.dtls import DtlsContext
from media.path import Address
from signaling.bots import director
from signaling.bots.account import Account
from signaling.bots.cast import Part
from signaling.bots.errors import BotError, ConnectionLost, NotSignedIn, Refused, SeatTaken
from signaling.bots.link import Link, Message
from signaling.bots.stage import Stage
from signaling.bots.uplink import Uplink
from signaling.bots.view import View
from signaling.demo import PASSWORD

LOOK_S: Final = 2.0
PAUSE_S: Final = 1.0
log = logging.getLogger(__name__)


class Member:
    """Use run(); the crowd calls clock() every 20 ms and perform() with what the director decided."""

    def __init__(  # noqa: PLR0917 — what it is made of
        self, part: Part, stage: Stage, url: str, origin: str, trust: ssl.SSLContext, context: DtlsContext
    ) -> None:
        self.part = part
        self.stage = stage
        self.view: View | None = None
        self.person_id = ""
        self.endpoint_id: str | None = None
        self.active_speaker: str | None = None
        self._url, self._origin, self._trust = url, origin, trust
        self._context = context
        self._meeting = ""
        self._account: Account | None = None
        self._link: Link | None = None
        self._uplink: Uplink | None = None
        self._changed = asyncio.Event()
        self._resync = False
        self._lost_seat: str | None = None
        self._udp: asyncio.DatagramTransport | None = None

    @property
    def in_room(self) -> bool:
        """Whether picture and voice go out."""
        return self._uplink is not None and self._uplink.connected

    async def run(self) -> None:
        """Take part for ever. Returns when somebody takes the seat or the account does not exist here."""
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Ear(self._hear_datagram), ("0.0.0.0", 0))  # noqa: S104
        try:
            while True:
                try:
                    await self._one_session()
                except* (ConnectionLost, Refused) as lost:
                    log.debug("%s: %s", self.part.name, lost.exceptions[0])
                await asyncio.sleep(PAUSE_S)
        except* SeatTaken:
            log.info("%s: the seat was taken over; this bot leaves", self.part.name)
        except* NotSignedIn as refused:
            log.warning("%s does not take part: %s", self.part.name, refused.exceptions[0])
        finally:
            self._udp.close()

    async def _one_session(self) -> None:
        async with Account(self._url, self._origin, self._trust) as account:
            await account.sign_in(self.part.username, PASSWORD)
            self._account, self.person_id = account, account.person_id
            try:
                while True:
                    self._meeting = await self._find_meeting(account)
                    await self._take_part(account)
            finally:
                self._account = None

    async def _find_meeting(self, account: Account) -> str:
        """Wait until there is a meeting to sit in. Raises ConnectionLost and Refused."""
        while True:
            meetings = (await account.call("GET", "/meetings"))["meetings"]
            found = [one["id"] for one in meetings if one["state"] in {"convened", "in_session", "suspended"}]
            if found:
                return str(found[0])
            await asyncio.sleep(LOOK_S)

    async def _take_part(self, account: Account) -> None:
        """Follow the meeting until it is over."""
        link = Link(await account.socket(), self._hear)
        try:
            async with asyncio.TaskGroup() as tasks:
                background = [tasks.create_task(link.listen()), tasks.create_task(link.keep_alive())]
                await self._follow(link, account)
                for task in background:
                    task.cancel()
        finally:
            self._link = self.view = self.active_speaker = None
            self._leave()
            await link.close()

    async def _follow(self, link: Link, account: Account) -> None:
        attended = ""
        while True:
            self._changed.clear()
            if self.view is None or self._resync:
                self._resync = False
                answer = await link.request("subscribe", meetingId=self._meeting)
                self.view, self._link = View(answer["snapshot"], account.person_id), link
            if not self.view.is_open or self._lost_seat in {"ended", "removed"}:
                self._lost_seat = None
                return
            if self._lost_seat == "taken_over":
                raise SeatTaken
            if self.view.state != attended:
                attended = self.view.state
                await link.request("attend", meetingId=self._meeting, mode="remote", siteId=account.site_id)
            if self._uplink is None or self._uplink.lost(_now()) or self._lost_seat is not None:
                await self._enter(link)
            await _soon(self._changed.wait, PAUSE_S)

    async def _enter(self, link: Link) -> None:
        """Join the room's media, never taking it from a person who signed in as this member."""
        self._leave()
        try:
            joined = await link.request("media.join", meetingId=self._meeting, takeOver=False)
        except Refused as refused:
            if refused.reason == "endpoint_elsewhere":
                raise SeatTaken from refused
            raise
        self._lost_seat, self.endpoint_id = None, joined["endpointId"]
        transport = await link.request("media.create_transport", meetingId=self._meeting, direction="send")
        uplink = Uplink(transport, self._context, self._transmit, _now())
        fields: dict[str, Any] = {"meetingId": self._meeting, "transportId": uplink.id}
        await link.request("media.connect_transport", **fields, dtlsParameters=uplink.dtls_parameters)
        self._uplink = uplink
        for source, name in ((uplink.microphone, "microphone"), (uplink.camera, "camera")):
            parameters = source.parameters(secrets.token_hex(4))
            await link.request("media.produce", **fields, kind=source.kind, source=name, rtpParameters=parameters)
        log.info("%s has entered the room", self.part.name)

    def _leave(self) -> None:
        if self._uplink is not None:
            self._uplink.close()
        self._uplink = self.endpoint_id = None

    # ---- what happens

    def clock(self, now: float, wall: float) -> None:
        """Every 20 ms."""
        if self._uplink is not None:
            self._uplink.tick(now, wall)
            if self._uplink.connected:
                self.stage.play(self._uplink, now)

    def _hear(self, message: Message) -> None:
        if message.get("meetingId") != self._meeting:
            return
        match message["type"]:
            case "event" if self.view is not None:
                self.view.apply(message["event"])
            case "resync":
                self._resync = True
            case "active_speaker":
                self.active_speaker = message["endpointId"]
                return
            case "endpoint_closed" if message["endpointId"] == self.endpoint_id:
                self._lost_seat = message["reason"]
            case _:
                return
        self._changed.set()

    def _hear_datagram(self, data: bytes, address: Address) -> None:
        if self._uplink is not None:
            self._uplink.receive(data, address, _now())

    def _transmit(self, data: bytes, address: Address) -> None:
        if self._udp is not None and not self._udp.is_closing():
            self._udp.sendto(data, address)

    # ---- what it is told to do

    async def perform(self, act: director.Act) -> None:
        """Do one thing. What the hub refuses, or loses, is left: the record tells whether it has to be done again."""
        try:
            await self._perform(act)
        except BotError as error:
            log.debug("%s: %s: %s", self.part.name, act, error)

    async def _perform(self, act: director.Act) -> None:
        account, link = self._account, self._link
        if account is None or link is None:
            raise ConnectionLost("away")
        path, meeting = f"/meetings/{self._meeting}", self._meeting
        match act:
            case director.Answer():
                await account.call("POST", f"{path}/invitation-answer", {"response": "accepted"})
            case director.Acknowledge(version=version):
                await account.call("POST", f"{path}/agenda/{version}/acknowledgement")
            case director.Ask():
                await link.request("floor.request", meetingId=meeting, kind="turn")
            case director.Withdraw(entry=entry):
                await link.request("floor.withdraw", meetingId=meeting, speakerId=entry)
            case director.EndTurn(entry=entry):
                await link.request("floor.end", meetingId=meeting, speakerId=entry)
            case director.Vote(poll=poll, option=option):
                ballot = secrets.token_hex(12)
                await link.request("poll.cast", meetingId=meeting, pollId=poll, ballotId=ballot, optionId=option)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._receive(data, (addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """An ICMP error, as when the relay is restarting; the checks will tell."""


async def _soon(wait: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Wait, but not for long."""
    try:
        async with asyncio.timeout(seconds):
            await wait()
    except TimeoutError:
        return


def _now() -> float:
    return asyncio.get_running_loop().time()
