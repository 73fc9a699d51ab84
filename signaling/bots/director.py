"""Who does what when: speaking in turn, asking for the floor, voting. Pure and seeded; time is an argument."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

TALK_S: Final = (4.0, 8.0)
SPEECH_S: Final = (10.0, 18.0)
BETWEEN_S: Final = (0.8, 2.5)
COURTESY_S: Final = 3.0
NOISE_S: Final = 10.0  # a stranger who is heard for longer without having the floor is an open microphone
RETRY_S: Final = 20.0  # what was decided and did not happen is decided again
REACTION_S: Final = (0.8, 6.0)
ASK_EVERY_S: Final = (12.0, 30.0)
PATIENCE_S: Final = 120.0
MAX_WAITING: Final = 2
_OPINIONS: Final = (12, 1, 2)  # yes, no, abstain


@dataclass(frozen=True, slots=True)
class Seat:
    """One bot at one moment, as the meeting's record says it."""

    person: str
    in_room: bool
    waiting: str | None = None
    floor: str | None = None
    invited: bool = False
    agenda: int | None = None
    ballots: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens in the room. A stranger is somebody who is no bot."""

    state: str
    seats: tuple[Seat, ...]
    stranger_has_floor: bool = False
    stranger_heard: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Accept the invitation."""

    person: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Confirm that the agenda was received."""

    person: str
    version: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for the floor."""

    person: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Ask no longer."""

    person: str
    entry: str


@dataclass(frozen=True, slots=True)
class EndTurn:
    """Give the floor back."""

    person: str
    entry: str


@dataclass(frozen=True, slots=True)
class Vote:
    """Cast a ballot."""

    person: str
    poll: str
    option: str


Act = Answer | Acknowledge | Ask | Withdraw | EndTurn | Vote


@dataclass(slots=True)
class Director:
    """Call decide() several times a second. ``speaker`` is who shall be heard now.

    The record tells what was done: what is still asked for some time after it was decided is decided again.
    """

    rng: random.Random
    speaker: str | None = None
    _until: float = 0.0
    _quiet_until: float = 0.0
    _heard_since: float | None = None
    _next_question: float | None = None
    _due: dict[object, float] = field(default_factory=dict)
    _last: str | None = None

    def decide(self, scene: Scene, now: float) -> list[Act]:
        """Return what is to be done now."""
        self._choose_speaker(scene, now)
        return [*self._paperwork(scene, now), *self._votes(scene, now), *self._floor(scene, now)]

    # ---- being heard

    def _choose_speaker(self, scene: Scene, now: float) -> None:
        on_floor = next((seat for seat in scene.seats if seat.floor is not None), None)
        if self._gives_way(scene, now):
            self._fall_silent(now, COURTESY_S)
        elif on_floor is not None:
            self._speak_on_the_floor(on_floor, now)
        elif self.speaker is not None and (now >= self._until or not _present(scene, self.speaker)):
            self._fall_silent(now, self.rng.uniform(*BETWEEN_S))
        elif self.speaker is None and now >= self._quiet_until:
            self._start_talk(scene, now)

    def _gives_way(self, scene: Scene, now: float) -> bool:
        if not scene.stranger_heard:
            self._heard_since = None
        elif self._heard_since is None:
            self._heard_since = now
        return scene.stranger_has_floor or (self._heard_since is not None and now - self._heard_since < NOISE_S)

    def _speak_on_the_floor(self, seat: Seat, now: float) -> None:
        if self.speaker != seat.person:
            self.speaker = self._last = seat.person
            self._until = now + self.rng.uniform(*SPEECH_S)

    def _start_talk(self, scene: Scene, now: float) -> None:
        present = [seat.person for seat in scene.seats if seat.in_room]
        others = [person for person in present if person != self._last] or present
        if others:
            self.speaker = self._last = self.rng.choice(others)
            self._until = now + self.rng.uniform(*TALK_S)

    def _fall_silent(self, now: float, seconds: float) -> None:
        self.speaker = None
        self._quiet_until = now + seconds

    # ---- the speakers' list

    def _floor(self, scene: Scene, now: float) -> Iterator[Act]:
        for seat in scene.seats:
            said_all = self.speaker == seat.person and now >= self._until
            if seat.floor is not None and said_all and self._once(("end", seat.floor), now, (0.0, 0.0)):
                yield EndTurn(seat.person, seat.floor)
            if seat.waiting is not None and self._once(("tired", seat.waiting), now, (PATIENCE_S, PATIENCE_S * 1.5)):
                yield Withdraw(seat.person, seat.waiting)
        if scene.state == "in_session":
            yield from self._ask(scene, now)

    def _ask(self, scene: Scene, now: float) -> Iterator[Act]:
        if self._next_question is None:
            self._next_question = now + self.rng.uniform(3.0, 8.0)
        if now < self._next_question:
            return
        self._next_question = now + self.rng.uniform(*ASK_EVERY_S)
        idle = [seat for seat in scene.seats if seat.in_room and seat.waiting is None and seat.floor is None]
        if idle and scene.waiting < MAX_WAITING:
            yield Ask(self.rng.choice(idle).person)

    # ---- papers and ballots

    def _paperwork(self, scene: Scene, now: float) -> Iterator[Act]:
        for seat in scene.seats:
            if seat.invited and self._once(("answer", seat.person), now, REACTION_S):
                yield Answer(seat.person)
            if seat.agenda is not None and self._once(("agenda", seat.person, seat.agenda), now, REACTION_S):
                yield Acknowledge(seat.person, seat.agenda)

    def _votes(self, scene: Scene, now: float) -> Iterator[Act]:
        for seat in scene.seats:
            for poll, options in seat.ballots:
                if options and self._once(("vote", seat.person, poll), now, REACTION_S):
                    yield Vote(seat.person, poll, self._opinion(options))

    def _opinion(self, options: tuple[str, ...]) -> str:
        """Mostly the first option: a plan that is put to the vote has been talked over."""
        weights = [_OPINIONS[index] if index < len(_OPINIONS) else 1 for index in range(len(options))]
        return self.rng.choices(options, weights)[0]

    def _once(self, what: object, now: float, delay: tuple[float, float]) -> bool:
        """Whether the moment for something that was just noticed, or noticed before, has come; true once in 20 s."""
        due = self._due.setdefault(what, now + self.rng.uniform(*delay))
        if now < due:
            return False
        self._due[what] = now + RETRY_S
        return True


def _present(scene: Scene, person: str) -> bool:
    return any(seat.person == person and seat.in_room for seat in scene.seats)
