"""All bots of one process: one clock, one director."""

import asyncio
import logging
import random
import ssl
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from media.dtls import DtlsContext, generate_certificate
from signaling.bots.cast import Part
from signaling.bots.director import Director, Scene, Seat
from signaling.bots.member import Member
from signaling.bots.picture import film
from signaling.bots.stage import Stage
from signaling.bots.voice import speech

TICK_S: Final = 0.02
DIRECT_EVERY: Final = 10  # ticks
log = logging.getLogger(__name__)


class Crowd:
    """Use run(). ``url`` is where the hub is reached, ``origin`` what its pages call it."""

    def __init__(self, url: str, origin: str, trust: ssl.SSLContext, parts: Iterable[Part], seed: int = 1) -> None:
        self.members: list[Member] = []
        self._parts = tuple(parts)
        self._url, self._origin, self._trust = url, origin, trust
        self._director = Director(random.Random(seed))  # noqa: S311 — it only has to look natural
        self._context = DtlsContext(generate_certificate(datetime.now(UTC)))

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._direct_for_ever(tasks))
            for part in self._parts:  # one by one: drawing takes about a second of a core each
                stage = await asyncio.to_thread(_rehearse, part)
                member = Member(part, stage, self._url, self._origin, self._trust, self._context)
                self.members.append(member)
                tasks.create_task(member.run())

    async def _direct_for_ever(self, tasks: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        ticks = 0
        due = loop.time()
        while True:
            due = max(due + TICK_S, loop.time() - 5 * TICK_S)
            await asyncio.sleep(due - loop.time())
            now, wall = loop.time(), time.time()
            for member in self.members:
                member.clock(now, wall)
            ticks += 1
            if ticks % DIRECT_EVERY == 0:
                self._direct(tasks, now)

    def _direct(self, tasks: asyncio.TaskGroup, now: float) -> None:
        by_person = {member.person_id: member for member in self.members if member.view is not None}
        for act in self._director.decide(scene(by_person), now):
            tasks.create_task(by_person[act.person].perform(act))
        for member in self.members:
            member.stage.speaking = member.person_id == self._director.speaker and member.in_room


def scene(members: dict[str, Member]) -> Scene:
    """What the director sees: what each bot knows of the meeting, and whether somebody else is heard."""
    views = [member.view for member in members.values() if member.view is not None]
    floor = next((view.floor for view in views if view.floor is not None), None)
    heard = next((one.active_speaker for one in members.values() if one.active_speaker is not None), None)
    return Scene(
        state=views[0].state if views else "",
        seats=tuple(_seat(person, member) for person, member in members.items()),
        stranger_has_floor=floor is not None and floor not in members,
        stranger_heard=heard is not None and all(member.endpoint_id != heard for member in members.values()),
        waiting=max((view.waiting for view in views), default=0),
    )


def _seat(person: str, member: Member) -> Seat:
    view = member.view
    if view is None:
        return Seat(person, in_room=False)
    return Seat(
        person,
        in_room=member.in_room,
        waiting=view.entry("waiting"),
        floor=view.entry("speaking"),
        invited=view.invited,
        agenda=view.unacknowledged,
        ballots=view.ballots_due if view.state == "in_session" else (),
    )


def _rehearse(part: Part) -> Stage:
    return Stage(film(part.portrait), speech(part.voice_seed, part.pitch_hz))
