"""The verdict of a poll and how it came about: quorum × base × threshold × tie rule, in integers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from meetings.model import Base, PollMethod, TieRule, Verdict
from meetings.quorum import Quorum
from meetings.rules import Proportion, RulesOfProcedure
from meetings.tally import ABSTAIN, NO, YES, Tally


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation: ``quorum``, ``participation``, ``base``, ``threshold`` or ``tie``.

    ``params`` are the figures that client and minutes put into words; ``holds`` is None where nothing is decided.
    """

    key: str
    params: Mapping[str, int | str]
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """A figure as a percentage of all members, for display: two decimals, rounded half up, with a decimal point."""

    key: str
    count: int
    whole: int
    percent: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict; ``winner`` is the option carried."""

    verdict: Verdict
    winner: str | None
    derivation: tuple[Step, ...]
    percentages: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class _Contest:
    """The leading side against the next: yes against no, or the two strongest options.

    ``sides`` are the options that the chair can tip in a tie; ``exclusive`` contests have no winner while it is equal.
    """

    leader: str
    leading: int
    next_best: int
    sides: tuple[str, ...]
    exclusive: bool

    @property
    def equal(self) -> bool:
        return self.leading == self.next_best

    def won(self, threshold: Proportion, base: int) -> bool:
        """Say whether the leader carries it: nothing is carried by no votes."""
        return self.leading > 0 and threshold.holds(self.leading, base) and not (self.exclusive and self.equal)

    def tied(self, threshold: Proportion, base: int) -> bool:
        """Say whether equal sides stand where one more voice for the leader would have sufficed.

        So a casting side tips only what one vote could have tipped, and a further yes never turns carried into lost.
        Two thirds know no tie, unless two options have both reached the threshold of an exclusive contest.
        """
        near = threshold.is_majority and threshold.holds(self.leading + 1, base)
        both = self.exclusive and threshold.holds(self.leading, base)
        return self.equal and self.leading > 0 and (near or both)


def percent(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` in per cent with two decimals, rounded half up; of nothing it is ``0.00``."""
    if whole == 0:
        return "0.00"
    exact = Decimal(part * 100) / Decimal(whole)
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def base_of(base: Base, tally: Tally, total: int) -> int:
    """Return the number with which the votes in favour are compared; ``total`` is the number of all members."""
    return {
        Base.CAST: tally.cast,
        Base.CAST_WITH_ABSTENTIONS: tally.valid,
        Base.VALID: tally.valid,
        Base.PRESENT: tally.participating,
        Base.ENTITLED: tally.entitled,
        Base.SEATS: total,
    }[base]


def _contest(tally: Tally, method: PollMethod) -> _Contest:
    if method is PollMethod.YES_NO_ABSTAIN:
        return _Contest(YES, tally.of(YES), tally.of(NO), (YES,), exclusive=False)
    options = [(option, voices) for option, voices in tally.counts if option != ABSTAIN]
    ranked = sorted(options, key=lambda pair: -pair[1])
    leader, leading = ranked[0]
    sides = tuple(option for option, voices in ranked if voices == leading)
    return _Contest(leader, leading, ranked[1][1], sides, exclusive=True)


def _break_tie(contest: _Contest, tie: TieRule, chair_choice: str | None) -> tuple[Verdict, str | None]:
    if tie is TieRule.RECAST:
        return Verdict.RECAST, None
    if tie is TieRule.CHAIR and chair_choice in contest.sides:
        return Verdict.CARRIED, chair_choice
    return Verdict.LOST, None


def _shares(tally: Tally, total: int) -> tuple[Share, ...]:
    figures = (
        ("participation", tally.participating),
        *tally.counts,
        ("not_voting", tally.not_voting),
        ("absent", tally.absent),
    )
    return tuple(Share(key, figure, total, percent(figure, total)) for key, figure in figures)


def _opening_steps(tally: Tally, rules: RulesOfProcedure, quorum: Quorum, base: int) -> list[Step]:
    total = quorum.total
    return [
        Step("quorum", {"present": quorum.present, "required": quorum.required, "total": total}, quorum.met),
        Step(
            "participation",
            {
                "participating": tally.participating,
                "total": total,
                "percent": percent(tally.participating, total),
                "abstentions": tally.abstentions,
                "not_voting": tally.not_voting,
            },
            None,
        ),
        Step("base", {"base": rules.base.value, "votes": base}, None),
    ]


def _threshold_step(contest: _Contest, rules: RulesOfProcedure, base: int, reached: bool) -> Step:
    """Render ``463·2 > 478`` with its figures: ``left`` is compared with ``right``."""
    threshold = rules.threshold
    params: dict[str, int | str] = {
        "option": contest.leader,
        "votes": contest.leading,
        "numerator": threshold.numerator,
        "denominator": threshold.denominator,
        "left": contest.leading * threshold.denominator,
        "right": base * threshold.numerator,
        "comparison": "more" if threshold.strict else "at_least",
    }
    return Step("threshold", params, reached)


def decide_poll(
    tally: Tally,
    rules: RulesOfProcedure,
    quorum: Quorum,
    chair_choice: str | None = None,
    method: PollMethod = PollMethod.YES_NO_ABSTAIN,
) -> Outcome:
    """Decide a closed poll. ``chair_choice`` is the option of the chair's own ballot, None if there is none.

    Without quorum the arithmetic is shown all the same, and the verdict is ``no_quorum``.
    """
    base = base_of(rules.base, tally, quorum.total)
    contest = _contest(tally, method)
    reached = contest.won(rules.threshold, base)
    steps = _opening_steps(tally, rules, quorum, base)
    steps.append(_threshold_step(contest, rules, base, reached))
    verdict, winner = (Verdict.CARRIED, contest.leader) if reached else (Verdict.LOST, None)
    if not reached and contest.tied(rules.threshold, base):
        verdict, winner = _break_tie(contest, rules.tie, chair_choice)
        params: dict[str, int | str] = {"rule": rules.tie.value, "choice": chair_choice or ""}
        steps.append(Step("tie", params, None if verdict is Verdict.RECAST else verdict is Verdict.CARRIED))
    if not quorum.met:
        verdict, winner = Verdict.NO_QUORUM, None
    return Outcome(verdict, winner, tuple(steps), _shares(tally, quorum.total))
