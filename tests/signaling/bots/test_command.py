"""The command line of bots, and the organisation that they need."""

import argparse
from pathlib import Path

import pytest

from auth.directory import list_people
from meetings import participant_store
from meetings.meeting_store import meetings_of
from signaling import demo
from signaling.bots.cast import MOST
from signaling.cli import main
from signaling.cli.demo import bot_count
from signaling.settings import Settings
from signaling.store.database import open_engine


@pytest.mark.parametrize(("bots", "members"), [(0, 3), (3, 3), (6, 6), (MOST, MOST)])
def test_as_many_members_are_invited_as_take_part_by_themselves(tmp_path: Path, bots: int, members: int) -> None:
    settings = Settings(data=tmp_path, organisation=demo.ORGANISATION)
    demo.prepare(settings, bots)
    engine = open_engine(settings.database_file, writer=False)
    with engine.connect() as conn, conn.begin():
        people = {one.username: one.id for one in list_people(conn)}
        [meeting] = meetings_of(conn, people["secretary"])
        invited = {one.person_id for one in participant_store.participants(conn, meeting.id)}
        entitled = participant_store.entitled_ids(conn, meeting.id)
    engine.dispose()
    played = {people[account.username] for account in demo.BOTS[: max(bots, 3)]}
    assert len(played) == members
    assert played | {people["chair"]} == entitled <= invited
    assert 2 * members > len(entitled), "members alone are a quorum"


def test_there_are_never_more_bots_than_members() -> None:
    assert bot_count("12") == MOST == 12
    for text in ("13", "-1", "many"):
        with pytest.raises((ValueError, argparse.ArgumentTypeError)):
            bot_count(text)


def test_bots_need_the_demo_organisation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--bots", "3", "--data", str(tmp_path)]) == 2
    assert "--demo" in capsys.readouterr().err
    assert main(["demo", "--bots", "3", "--data", str(tmp_path)]) == 2
    assert "plenum run --demo" in capsys.readouterr().err


def test_a_newcomer_is_told_who_takes_part_by_themselves(tmp_path: Path) -> None:
    with_bots = demo.introduction(Settings(data=tmp_path), bots=2)
    assert "Minh Tùng, Thu Sen" in with_bots
    assert "Minh Tùng, Thu Sen" not in demo.introduction(Settings(data=tmp_path))
