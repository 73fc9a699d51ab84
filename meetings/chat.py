"""The chat of a meeting: who reads a message, what is taken, and how fast."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from auth.model import MeetingRole, PersonId
from meetings.errors import BadDetails, ChatClosed, ChatConflict, ChatTooFast
from meetings.model import Audience
from meetings.records import ChatMessage, Sitting

MAX_TEXT: Final = 2_000  # characters
SHOWN: Final = 200  # messages that a page is given at once
PACE: Final = 8  # messages of one person …
PACE_WITHIN: Final = timedelta(seconds=20)  # … in this time
SECRETARIAT: Final = frozenset({MeetingRole.CHAIR, MeetingRole.SECRETARY})


def check_message(
    text: str, audience: Audience, recipient_id: PersonId | None, *, role: MeetingRole, sitting: Sitting
) -> None:
    """Raise ``BadDetails`` for a text or recipient that cannot be, ``ChatClosed`` while messages are not taken."""
    if not text.strip() or len(text) > MAX_TEXT:
        raise BadDetails(f"a message has 1 to {MAX_TEXT} characters")
    if recipient_id is not None and (audience is not Audience.SECRETARIAT or role not in SECRETARIAT):
        raise BadDetails("only the secretariat answers one person")
    if audience is Audience.EVERYONE and not sitting.chat_open:
        raise ChatClosed("messages to everyone are not taken now")


def check_pace(sent: Sequence[datetime], now: datetime) -> None:
    """Raise ``ChatTooFast`` for one message too many; ``sent`` are the times of the author's latest ones."""
    if sum(one > now - PACE_WITHIN for one in sent) >= PACE:
        raise ChatTooFast("wait a moment before the next message")


def check_repetition(
    known: ChatMessage, author_id: PersonId, audience: Audience, recipient_id: PersonId | None, text: str
) -> None:
    """Raise ``ChatConflict`` unless this is the known message once more, whose words may have been removed since."""
    same = (known.author_id, known.audience, known.recipient_id) == (author_id, audience, recipient_id)
    if not same or (known.removed_at is None and known.text != text.strip()):
        raise ChatConflict("the message id has been used")


def readers(message: ChatMessage) -> list[PersonId] | None:
    """Return who reads a message beside chair and secretaries; None for everybody at the table."""
    if message.audience is Audience.EVERYONE:
        return None
    return [message.author_id, *([message.recipient_id] if message.recipient_id else [])]
