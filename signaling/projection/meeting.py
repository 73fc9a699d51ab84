"""Wire objects of a meeting, read from the database; nothing is hidden here yet (see ``viewer.py``)."""

from sqlalchemy import Connection

from auth.directory import Person, get_person, list_people, list_sites, list_units
from auth.model import PersonId
from meetings import records
from meetings.model import PresenceStatus
from meetings.quorum import Quorum
from meetings.rules import Proportion, RulesOfProcedure
from signaling.wire import meeting as wire


class Names:
    """Names of people, units and sites, read once for one snapshot or one batch of events."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._people: dict[str, Person] = {}
        self._units: dict[str, str] | None = None
        self._sites: dict[str, str] | None = None

    def load_everybody(self) -> None:
        """Read all people at once, which a whole snapshot wants."""
        self._people = {person.id: person for person in list_people(self._conn, include_disabled=True)}

    def person(self, person_id: PersonId) -> Person:
        """Return somebody of the directory."""
        found = self._people.get(person_id)
        if found is None:
            found = self._people[person_id] = get_person(self._conn, person_id)
        return found

    def known_person(self, person_id: str | None) -> Person | None:
        """Return somebody by an id that may be of anything; only those read by ``load_everybody``."""
        return self._people.get(person_id or "")

    def unit(self, unit_id: str | None) -> str | None:
        """Return a unit's name."""
        if self._units is None:
            self._units = {unit.id: unit.name for unit in list_units(self._conn)}
        return self._units.get(unit_id or "")

    def site(self, site_id: str | None) -> str | None:
        """Return a site's name."""
        if self._sites is None:
            self._sites = {site.id: site.name for site in list_sites(self._conn)}
        return self._sites.get(site_id or "")


def fraction(proportion: Proportion) -> wire.Fraction:
    """Return a proportion as the wire has it."""
    return wire.Fraction(numerator=proportion.numerator, denominator=proportion.denominator, strict=proportion.strict)


def rules(of: RulesOfProcedure) -> wire.Rules:
    """Return rules of procedure as the wire has them."""
    return wire.Rules(
        name=of.name,
        version=of.version,
        quorum=fraction(of.quorum),
        base=of.base,
        threshold=fraction(of.threshold),
        tie=of.tie,
        seats=of.seats,
    )


def procedure(of: wire.Rules) -> RulesOfProcedure:
    """Return rules from the wire. Raises meetings.errors.BadRules."""

    def proportion(part: wire.Fraction) -> Proportion:
        return Proportion(part.numerator, part.denominator, part.strict)

    return RulesOfProcedure(
        of.name, of.version, proportion(of.quorum), of.base, proportion(of.threshold), of.tie, of.seats
    )


def meeting_fields(of: records.Meeting) -> wire.MeetingFields:
    """Return the meeting itself."""
    details = of.details
    return wire.MeetingFields(
        id=of.id,
        reference=details.reference,
        title=details.title,
        description=details.description,
        place=details.place,
        zone=details.zone,
        language=details.language,
        label=details.label,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        state=of.state,
        state_reason=of.state_reason or None,
        opened_at=of.opened_at,
        closed_at=of.closed_at,
        current_item_id=of.current_item_id,
        rules=rules(details.rules),
    )


def presence(of: records.Presence | None) -> wire.Presence:
    """Return somebody's presence; none on record is absent."""
    if of is None:
        return wire.Presence(
            status=PresenceStatus.ABSENT, connected=False, mode=None, site_id=None, endpoint_id=None, since=None
        )
    return wire.Presence(
        status=of.status,
        connected=of.connected,
        mode=of.mode,
        site_id=of.site_id,
        endpoint_id=of.endpoint_id,
        since=of.since,
    )


def participant(of: records.Participant, now: records.Presence | None, names: Names) -> wire.Participant:
    """Return somebody invited, with presence."""
    person = names.person(of.person_id)
    return wire.Participant(
        person_id=of.person_id,
        name=person.name,
        title=person.title,
        unit_name=names.unit(person.unit_id),
        site_id=person.site_id,
        site_name=names.site(person.site_id),
        role=of.role,
        entitled=of.entitled,
        response=of.response,
        response_reason=of.reason or None,
        presence=presence(now),
    )


def version(of: records.AgendaVersion) -> wire.AgendaVersion:
    """Return a convened agenda."""
    return wire.AgendaVersion(
        number=of.number,
        convened_at=of.convened_at,
        manifest_sha256=of.manifest_sha256,
        pdf_sha256=of.pdf_sha256,
        acknowledged_by=sorted(of.acknowledged_by),
    )


def quorum(of: Quorum) -> wire.Quorum:
    """Return the quorum's figures."""
    return wire.Quorum(entitled=of.entitled, total=of.total, present=of.present, required=of.required, met=of.met)


def speaker(of: records.SpeakerEntry) -> wire.Speaker:
    """Return an entry of the speakers' list."""
    return wire.Speaker(
        id=of.id,
        item_id=of.item_id,
        person_id=of.person_id,
        kind=of.kind,
        state=of.state,
        requested_at=of.requested_at,
        started_at=of.resumed_at,
        spoken_seconds=of.used_ms // 1000,
        limit_seconds=None if of.limit_ms is None else of.limit_ms // 1000,
    )


def ballot(of: records.Ballot) -> wire.Ballot:
    """Return one ballot in full; ``viewer.py`` takes away what is not for everybody."""
    return wire.Ballot(
        person_id=of.person_id, option_id=of.option_id, receipt=of.receipt, ballot_id=of.id, cast_at=of.cast_at
    )


def result(of: records.PollResult) -> wire.PollResult:
    """Return what a poll came to, with the derivation of its verdict."""
    tally = of.tally
    return wire.PollResult(
        counts=dict(tally.counts),
        entitled=tally.entitled,
        present=of.quorum.present,
        cast=tally.valid,
        not_voting=tally.not_voting,
        absent=tally.absent,
        percentages={share.key: share.percent for share in of.outcome.percentages},
        verdict=of.outcome.verdict,
        derivation=[
            wire.Step(key=step.key, params=dict(step.params), holds=step.holds) for step in of.outcome.derivation
        ],
    )


def poll(of: records.Poll, ballots: list[records.Ballot]) -> wire.Poll:
    """Return a poll with all its ballots."""
    details = of.details
    return wire.Poll(
        id=of.id,
        item_id=details.item_id,
        title=details.title,
        question=details.question,
        kind=details.kind,
        method=details.method,
        options=[wire.PollOption(id=option.id, label=option.label) for option in details.options],
        rules=rules(details.rules),
        state=of.state,
        opened_at=of.opened_at,
        closed_at=of.closed_at,
        closes_at=of.closes_at,
        state_reason=of.state_reason or None,
        recast_of=of.recast_of,
        electorate=sorted(of.electors),
        quorum_lost=of.quorum_lost_at is not None,
        ballots=[ballot(one) for one in ballots],
        result=result(of.result) if of.result else None,
    )


def minutes(of: records.Minutes, sha256: str | None) -> wire.MinutesInfo:
    """Return where the minutes stand."""
    signed = [of.secretary_id if of.secretary_signed_at else None, of.chair_id if of.chair_signed_at else None]
    return wire.MinutesInfo(
        state=of.state, revision=of.revision, sha256=sha256, signed_by=[one for one in signed if one]
    )
