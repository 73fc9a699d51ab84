"""Turns content into what the typst templates print: words only, nothing to decide, nothing to compute. Pure."""

from auth.model import Label

from .content import (
    AgendaData,
    AgendaItemLine,
    AttendanceLine,
    Masthead,
    MinutesData,
    MinutesSection,
    PollResult,
    StampData,
)
from .texts import Texts

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

KNOWN_CHOICES = frozenset(["yes", "no", "abstain", "not_voting", "absent", "blank", "invalid"])
DIGEST_GROUP = 8


def agenda_layout(data: AgendaData) -> dict[str, Json]:
    """Return what ``agenda.typ`` prints."""
    say = Texts(data.language, data.zone)
    total = sum(item.minutes or 0 for item in data.items)
    return {
        **_head(say, data, say("agenda-title")),
        "version": say("agenda-version", version=str(data.version)),
        "issued": ", ".join(filter(None, [data.town, say.date(data.convened_at)])),
        "facts": _facts(
            (say("agenda-time"), say.span(data.starts_at, data.ends_at)),
            (say("agenda-place"), data.place),
            (say("agenda-convened-by"), data.convened_by),
            (say("agenda-convened-at"), say.moment(data.convened_at)),
            (say("agenda-label"), _label(say, data.label)),
        ),
        "changes_title": say("agenda-changes", version=str(data.version - 1)),
        "changes": list(data.changes),
        "items_title": say("agenda-items"),
        "item_columns": [say(f"column-{key}") for key in ("number", "item", "presenter", "time")],
        "items": [_agenda_item(say, item) for item in data.items],
        "total": say("agenda-total", minutes=str(total)) if total else "",
        "papers_title": say("agenda-papers"),
        "integrity": say("agenda-integrity") if any(item.papers for item in data.items) else "",
        "people_title": say("agenda-participants"),
        "people_columns": [say(f"column-{key}") for key in ("number", "name", "title", "unit", "role")],
        "people": [
            [str(number), each.name, each.title, each.unit, say(f"role-{each.role}")]
            for number, each in enumerate(data.participants, 1)
        ],
    }


def minutes_layout(data: MinutesData) -> dict[str, Json]:
    """Return what ``minutes.typ`` prints."""
    say = Texts(data.language, data.zone)
    return {
        **_head(say, data, say("minutes-title")),
        "version": "",
        "issued": ", ".join(filter(None, [data.town, say.date(data.made_at)])),
        "facts": _facts(
            (say("minutes-opened"), say.moment(data.opened_at)),
            (say("minutes-closed"), say.moment(data.closed_at)),
            (say("minutes-place"), data.place),
            (say("minutes-chair"), data.chair),
            (say("minutes-secretary"), data.secretary),
            (say("minutes-label"), _label(say, data.label)),
        ),
        "attendance_title": say("minutes-attendance"),
        "attendance_columns": [say(f"column-{key}") for key in ("number", "name", "unit", "status", "hours")],
        "attendance": [_attendance(say, number, each) for number, each in enumerate(data.attendance, 1)],
        "attendance_count": _attendance_count(say, data.attendance),
        "proceedings_title": say("minutes-proceedings"),
        "sections": [_section(say, each) for each in data.sections],
        "question_title": say("minutes-question"),
        "derivation_title": say("minutes-derivation"),
        "votes_title": say("minutes-votes"),
        "closing": say("minutes-closing", moment=say.moment(data.closed_at)),
        "signers": [
            {
                "field": each.role.value,
                "role": say(f"signer-{each.role}"),
                "hint": say("signature-place"),
                "name": each.name,
                "description": say("signature-field", role=say(f"signer-{each.role}")),
            }
            for each in data.signers
        ],
    }


def stamp_layout(data: StampData) -> dict[str, Json]:
    """Return what ``stamp.typ`` prints into a signature place."""
    say = Texts(data.language, data.zone)
    rows = [(say("stamp-signed-at"), say.moment(data.signed_at)), (say("stamp-reason"), data.reason)]
    return {
        "lang": say.language,
        "width": data.width,
        "height": data.height,
        "title": say("stamp-signed-by"),
        "name": data.name,
        "rows": _facts(*rows),
    }


def _head(say: Texts, data: AgendaData | MinutesData, title: str) -> dict[str, Json]:
    masthead = data.masthead or Masthead(say("masthead-title"), say("masthead-motto"))
    return {
        "lang": say.language,
        "title": title,
        "subject": data.meeting_title,
        "organisation": data.organisation,
        "superior": data.superior,
        "masthead": masthead.title,
        "motto": masthead.motto,
        "reference": say("reference", reference=data.reference) if data.reference else "",
        "label": _label(say, data.label),
        "classified": data.label >= Label.CONFIDENTIAL,
        "marked": data.label >= Label.INTERNAL,
        # The template puts the numbers in, since only the layout knows them.
        "page_of": say("page-of", page="{page}", pages="{pages}"),
    }


def _agenda_item(say: Texts, item: AgendaItemLine) -> dict[str, Json]:
    return {
        "number": item.number,
        "title": item.title,
        "kind": say(f"kind-{item.kind}"),
        "presenter": item.presenter,
        "minutes": "" if item.minutes is None else say("agenda-minutes", minutes=str(item.minutes)),
        "papers": [
            {
                "title": paper.title,
                "pages": say("agenda-pages", pages=paper.pages),
                "digest": _digest(paper.sha256),
            }
            for paper in item.papers
        ],
    }


def _attendance(say: Texts, number: int, line: AttendanceLine) -> dict[str, Json]:
    how = [say(f"mode-{line.mode}")] if line.mode is not None else []
    return {
        "number": str(number),
        "name": line.name,
        "title": line.title,
        "unit": line.unit,
        "status": say(f"status-{line.status}"),
        "how": ", ".join([*how, *([line.site] if line.site else [])]),
        "hours": [say.interval(start, end) for start, end in line.intervals],
    }


def _attendance_count(say: Texts, lines: tuple[AttendanceLine, ...]) -> str:
    states = [line.status.value for line in lines]
    counts = {key: str(states.count(key)) for key in ("present", "excused", "absent")}
    return say("minutes-attendance-count", total=str(len(lines)), **counts)


def _section(say: Texts, section: MinutesSection) -> dict[str, Json]:
    outcome = "" if section.outcome is None else say(f"outcome-{section.outcome}")
    return {
        "number": section.number,
        "title": section.title,
        "kind": "" if section.kind is None else say(f"kind-{section.kind}"),
        "outcome": say("minutes-outcome", outcome=outcome) if outcome else "",
        "text": [paragraph for paragraph in section.text if paragraph.strip()],
        "polls": [_poll(say, poll) for poll in section.polls],
    }


def _poll(say: Texts, poll: PollResult) -> dict[str, Json]:
    return {
        "title": poll.title,
        "question": poll.question,
        "tallies": [[_choice(say, label), str(count)] for label, count in poll.tallies],
        "verdict": "" if poll.verdict is None else say(f"verdict-{poll.verdict}"),
        "carried": poll.verdict == "carried",
        "annulment": poll.annulment,
        "derivation": list(poll.derivation),
        "figures": _facts(*poll.figures),
        "votes": [[vote.name, _choice(say, vote.choice)] for vote in poll.votes],
    }


def _choice(say: Texts, choice: str) -> str:
    return say(f"choice-{choice}") if choice in KNOWN_CHOICES else choice


def _facts(*rows: tuple[str, str]) -> list[Json]:
    return [[name, value] for name, value in rows if value]


def _label(say: Texts, label: Label) -> str:
    return say(f"label-{label.name.lower()}")


def _digest(sha256: str) -> str:
    """Return a hex digest in groups, so that a line can break and a person can compare."""
    return " ".join(sha256[index : index + DIGEST_GROUP] for index in range(0, len(sha256), DIGEST_GROUP))
