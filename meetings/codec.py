"""JSON in columns: frozen options, agenda lines, results and minutes, written and read by this folder alone.

What every unit of work on a meeting reads again, its rules and options, is remembered by its text: both are immutable.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from auth.model import PersonId
from meetings.decision import Outcome, Share, Step
from meetings.model import ItemId, ItemKind, PollId, SectionKind, Verdict
from meetings.quorum import Quorum
from meetings.records import AgendaHeading, AgendaLine, PaperMark, PollOption, PollResult, Section
from meetings.rules import RulesOfProcedure, rules_from_dict, rules_to_dict
from meetings.tally import Tally


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def dump_rules(rules: RulesOfProcedure) -> str:
    return _dump(rules_to_dict(rules))


@lru_cache(maxsize=256)
def load_rules(text: str) -> RulesOfProcedure:
    return rules_from_dict(json.loads(text))


def dump_options(options: Iterable[PollOption]) -> str:
    return _dump([[option.id, option.label] for option in options])


@lru_cache(maxsize=256)
def load_options(text: str) -> tuple[PollOption, ...]:
    return tuple(PollOption(option_id, label) for option_id, label in json.loads(text))


def dump_lines(lines: Iterable[AgendaLine]) -> str:
    return _dump(
        [
            {
                "item_id": line.item_id,
                "title": line.title,
                "description": line.description,
                "kind": line.kind.value,
                "presenter_id": line.presenter_id,
                "minutes": line.minutes,
                "restricted": line.restricted,
                "papers": [[paper.paper_id, paper.title, paper.version] for paper in line.papers],
            }
            for line in lines
        ]
    )


def load_lines(text: str) -> tuple[AgendaLine, ...]:
    return tuple(
        AgendaLine(
            item_id=ItemId(line["item_id"]),
            title=line["title"],
            description=line["description"],
            kind=ItemKind(line["kind"]),
            presenter_id=None if line["presenter_id"] is None else PersonId(line["presenter_id"]),
            minutes=line["minutes"],
            restricted=line["restricted"],
            papers=tuple(PaperMark(*paper) for paper in line.get("papers", ())),
        )
        for line in json.loads(text)
    )


def dump_heading(heading: AgendaHeading) -> str:
    return _dump(
        {
            "title": heading.title,
            "starts_at": heading.starts_at.isoformat(),
            "ends_at": heading.ends_at.isoformat(),
            "zone": heading.zone,
            "place": heading.place,
        }
    )


def load_heading(text: str) -> AgendaHeading:
    data = json.loads(text)
    starts_at, ends_at = (datetime.fromisoformat(data[key]) for key in ("starts_at", "ends_at"))
    return AgendaHeading(data["title"], starts_at, ends_at, data["zone"], data["place"])


def dump_result(result: PollResult) -> str:
    tally, quorum, outcome = result.tally, result.quorum, result.outcome
    return _dump(
        {
            "tally": [tally.counts, tally.not_voting, tally.absent, tally.blank, tally.invalid],
            "quorum": [quorum.entitled, quorum.total, quorum.present, quorum.required, quorum.met],
            "verdict": outcome.verdict.value,
            "winner": outcome.winner,
            "derivation": [[step.key, dict(step.params), step.holds] for step in outcome.derivation],
            "percentages": [[share.key, share.count, share.whole, share.percent] for share in outcome.percentages],
        }
    )


def load_result(text: str) -> PollResult:
    data: dict[str, Any] = json.loads(text)
    counts, *silent = data["tally"]
    outcome = Outcome(
        verdict=Verdict(data["verdict"]),
        winner=data["winner"],
        derivation=tuple(Step(*step) for step in data["derivation"]),
        percentages=tuple(Share(*share) for share in data["percentages"]),
    )
    tally = Tally(tuple((option, voices) for option, voices in counts), *silent)
    return PollResult(tally, Quorum(*data["quorum"]), outcome)


def dump_sections(sections: Iterable[Section]) -> str:
    return _dump(
        [
            {
                "id": section.id,
                "kind": section.kind.value,
                "item_id": section.item_id,
                "title": section.title,
                "text": section.text,
                "poll_ids": section.poll_ids,
            }
            for section in sections
        ]
    )


def load_sections(text: str) -> tuple[Section, ...]:
    return tuple(
        Section(
            id=section["id"],
            kind=SectionKind(section["kind"]),
            item_id=None if section["item_id"] is None else ItemId(section["item_id"]),
            title=section["title"],
            text=section["text"],
            poll_ids=tuple(PollId(poll_id) for poll_id in section["poll_ids"]),
        )
        for section in json.loads(text)
    )
