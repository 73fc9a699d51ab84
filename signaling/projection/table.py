"""Wire objects of what goes on at the table: chat, sitting, announcement."""

from meetings import records
from signaling.wire import meeting as wire


def chat_message(of: records.ChatMessage) -> wire.ChatMessage:
    """Return a message; ``viewer.py`` decides who gets it."""
    return wire.ChatMessage(
        id=of.id,
        number=of.number,
        author_id=of.author_id,
        audience=of.audience,
        recipient_id=of.recipient_id,
        text=of.text,
        sent_at=of.sent_at,
        removed=of.removed_at is not None,
    )


def sitting(of: records.Sitting) -> wire.Sitting:
    """Return what the table takes."""
    return wire.Sitting(chat_open=of.chat_open, floor_open=of.floor_open)


def announcement(of: records.Announcement | None) -> wire.Announcement | None:
    """Return what is announced, if anything is."""
    if of is None:
        return None
    return wire.Announcement(id=of.id, text=of.text, made_by=of.made_by, made_at=of.made_at)
