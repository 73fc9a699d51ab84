"""The rules of the chat."""

from datetime import UTC, datetime, timedelta

import pytest

from auth.model import MeetingRole, PersonId
from meetings import chat
from meetings.errors import BadDetails, ChatClosed, ChatConflict, ChatTooFast
from meetings.model import Audience, MessageId
from meetings.records import ChatMessage, Sitting

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ANNA, BINH = PersonId("anna"), PersonId("binh")
EVERYONE, SECRETARIAT = Audience.EVERYONE, Audience.SECRETARIAT


def message(**changes: object) -> ChatMessage:
    fields = {
        "id": MessageId("m" * 16),
        "number": 1,
        "author_id": ANNA,
        "audience": EVERYONE,
        "recipient_id": None,
        "text": "Hello",
        "sent_at": NOW,
        "removed_at": None,
    }
    return ChatMessage(**(fields | changes))  # type: ignore[arg-type]


def check(text: str = "Hello", audience: Audience = EVERYONE, to: PersonId | None = None, **others: object) -> None:
    role = others.get("role", MeetingRole.MEMBER)
    sitting = others.get("sitting", Sitting())
    chat.check_message(text, audience, to, role=role, sitting=sitting)  # type: ignore[arg-type]


def test_a_message_has_words_and_not_too_many() -> None:
    check("x" * chat.MAX_TEXT)
    for text in ("", "  \n ", "x" * (chat.MAX_TEXT + 1)):
        with pytest.raises(BadDetails):
            check(text)


def test_only_the_secretariat_answers_one_person() -> None:
    check(audience=SECRETARIAT, to=ANNA, role=MeetingRole.SECRETARY)
    check(audience=SECRETARIAT, to=ANNA, role=MeetingRole.CHAIR)
    with pytest.raises(BadDetails):
        check(audience=SECRETARIAT, to=ANNA)
    with pytest.raises(BadDetails):
        check(audience=EVERYONE, to=ANNA, role=MeetingRole.SECRETARY)


def test_a_closed_chat_takes_messages_to_the_secretariat_only() -> None:
    closed = Sitting(chat_open=False)
    check(audience=SECRETARIAT, sitting=closed)
    with pytest.raises(ChatClosed):
        check(sitting=closed, role=MeetingRole.SECRETARY)


def test_messages_of_one_person_follow_each_other_at_a_pace() -> None:
    sent = [NOW - timedelta(seconds=second) for second in range(chat.PACE)]
    chat.check_pace(sent[1:], NOW)
    with pytest.raises(ChatTooFast):
        chat.check_pace(sent, NOW)
    chat.check_pace(sent, NOW + chat.PACE_WITHIN)


def test_a_repetition_is_the_same_message_and_nothing_else() -> None:
    chat.check_repetition(message(), ANNA, EVERYONE, None, " Hello ")
    chat.check_repetition(message(text="", removed_at=NOW), ANNA, EVERYONE, None, "Hello")
    for other in ((BINH, EVERYONE, None, "Hello"), (ANNA, SECRETARIAT, None, "Hello"), (ANNA, EVERYONE, None, "No")):
        with pytest.raises(ChatConflict):
            chat.check_repetition(message(), *other)


def test_a_private_message_is_for_its_author_and_whom_it_answers() -> None:
    assert chat.readers(message()) is None
    assert chat.readers(message(audience=SECRETARIAT)) == [ANNA]
    assert chat.readers(message(audience=SECRETARIAT, recipient_id=BINH)) == [ANNA, BINH]
