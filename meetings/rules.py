"""Rules of procedure: how a body decides, as data that is stored with its meetings and printed with its verdicts."""

from dataclasses import dataclass
from typing import Final

from meetings.errors import BadRules
from meetings.model import Base, TieRule


@dataclass(frozen=True, slots=True)
class Proportion:
    """A fraction to be reached (``strict=False``) or exceeded (``strict=True``), compared in integers only."""

    numerator: int
    denominator: int
    strict: bool = False

    def __post_init__(self) -> None:
        """Raise ``BadRules`` unless it is a fraction between 0 and 1 that somebody can fulfil."""
        if self.denominator < 1 or not 0 <= self.numerator <= self.denominator:
            raise BadRules(f"{self.numerator}/{self.denominator} is no fraction between 0 and 1")
        if self.strict and self.numerator == self.denominator:
            raise BadRules("more than all can never be reached")

    def holds(self, part: int, whole: int) -> bool:
        """Say whether ``part`` of ``whole`` suffices."""
        left, right = part * self.denominator, self.numerator * whole
        return left > right if self.strict else left >= right

    def required(self, whole: int) -> int:
        """Return the smallest number that suffices of ``whole``."""
        right = self.numerator * whole
        return right // self.denominator + 1 if self.strict else -(-right // self.denominator)

    @property
    def is_majority(self) -> bool:
        """Say whether this is "more than one half", the only kind of threshold that knows a tie."""
        return self.strict and self.numerator * 2 == self.denominator


MAJORITY: Final = Proportion(1, 2, strict=True)


@dataclass(frozen=True, slots=True)
class RulesOfProcedure:
    """A verdict is quorum × base × threshold × tie rule.

    ``version`` counts the editions of the body's rules. ``seats`` is the number of all members of the body, where it is
    larger than the number of those entitled in the meeting; None takes the entitled for all.
    """

    name: str
    version: int = 1
    quorum: Proportion = MAJORITY
    base: Base = Base.CAST
    threshold: Proportion = MAJORITY
    tie: TieRule = TieRule.LOST
    seats: int | None = None

    def __post_init__(self) -> None:
        """Raise ``BadRules`` where the values contradict each other."""
        if self.version < 1:
            raise BadRules("editions of the rules count from 1")
        if self.seats is not None and self.seats < 1:
            raise BadRules("a body has at least one seat")
        if self.threshold.numerator == 0:
            raise BadRules("a threshold of nothing decides nothing")

    def total(self, entitled: int) -> int:
        """Return the number of all members, given how many are entitled in the meeting."""
        return entitled if self.seats is None else self.seats


def _proportion_to_dict(proportion: Proportion) -> dict[str, object]:
    return {
        "numerator": proportion.numerator,
        "denominator": proportion.denominator,
        "strict": proportion.strict,
    }


def _proportion_from_dict(data: object) -> Proportion:
    if not isinstance(data, dict):
        raise BadRules("a fraction has a numerator and a denominator")
    return Proportion(_integer(data, "numerator"), _integer(data, "denominator"), _flag(data, "strict"))


def _integer(data: dict[str, object], key: str) -> int:
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRules(f"{key} must be a whole number")
    return value


def _flag(data: dict[str, object], key: str) -> bool:
    value = data.get(key)
    if not isinstance(value, bool):
        raise BadRules(f"{key} must be true or false")
    return value


def rules_to_dict(rules: RulesOfProcedure) -> dict[str, object]:
    """Return the rules as JSON values; ``rules_from_dict`` reads them back."""
    return {
        "name": rules.name,
        "version": rules.version,
        "quorum": _proportion_to_dict(rules.quorum),
        "base": rules.base.value,
        "threshold": _proportion_to_dict(rules.threshold),
        "tie": rules.tie.value,
        "seats": rules.seats,
    }


def rules_from_dict(data: dict[str, object]) -> RulesOfProcedure:
    """Read rules from JSON values. Raises ``BadRules``."""
    try:
        base, tie = Base(str(data.get("base"))), TieRule(str(data.get("tie")))
    except ValueError as error:
        raise BadRules(str(error)) from error
    return RulesOfProcedure(
        name=str(data.get("name", "")),
        version=_integer(data, "version"),
        quorum=_proportion_from_dict(data.get("quorum")),
        base=base,
        threshold=_proportion_from_dict(data.get("threshold")),
        tie=tie,
        seats=None if data.get("seats") is None else _integer(data, "seats"),
    )


SIMPLE_MAJORITY: Final = RulesOfProcedure("simple_majority")
MAJORITY_OF_PRESENT: Final = RulesOfProcedure("majority_of_present", base=Base.PRESENT)
ABSOLUTE_MAJORITY: Final = RulesOfProcedure("absolute_majority", base=Base.SEATS)
TWO_THIRDS: Final = RulesOfProcedure("two_thirds", threshold=Proportion(2, 3))
TWO_THIRDS_OF_ALL: Final = RulesOfProcedure("two_thirds_of_all", base=Base.SEATS, threshold=Proportion(2, 3))
THREE_QUARTERS: Final = RulesOfProcedure("three_quarters", threshold=Proportion(3, 4))
UNANIMITY: Final = RulesOfProcedure("unanimity", threshold=Proportion(1, 1))
GOVERNMENT_COUNCIL: Final = RulesOfProcedure(
    "government_council",
    quorum=Proportion(2, 3),
    base=Base.SEATS,
    tie=TieRule.CHAIR,
)

PRESETS: Final[dict[str, RulesOfProcedure]] = {
    rules.name: rules
    for rules in (
        SIMPLE_MAJORITY,
        MAJORITY_OF_PRESENT,
        ABSOLUTE_MAJORITY,
        TWO_THIRDS,
        TWO_THIRDS_OF_ALL,
        THREE_QUARTERS,
        UNANIMITY,
        GOVERNMENT_COUNCIL,
    )
}
