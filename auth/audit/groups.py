"""Acts by what they are about, as an officer looks for them."""

from enum import StrEnum

from auth.audit.entry import Action


class Group(StrEnum):
    """What an act is about; ``OTHER`` is what none of the rest claims."""

    SIGN_IN = "sign_in"
    DENIAL = "denial"
    DIRECTORY = "directory"
    MEETING = "meeting"
    PAPER = "paper"
    PRESENCE = "presence"
    VOTE = "vote"
    MINUTES = "minutes"
    MEDIA = "media"
    LOG = "log"
    SYSTEM = "system"
    OTHER = "other"


# The first word of an action's code.
_CLASSES = {
    Group.SIGN_IN: ("authentication", "session"),
    Group.DENIAL: ("authorization",),
    Group.DIRECTORY: ("person", "password", "role", "clearance", "policy", "unit", "site", "factor", "directory"),
    Group.MEETING: ("meeting", "invitation", "agenda", "item", "sitting", "announcement"),
    Group.PAPER: ("paper", "label", "document", "record"),
    Group.PRESENCE: ("presence", "floor"),
    Group.VOTE: ("poll",),
    Group.MINUTES: ("minutes",),
    Group.MEDIA: ("media", "recording", "chat"),
    Group.LOG: ("audit",),
    Group.SYSTEM: ("system", "key", "relay"),
}
_GROUP_OF = {name: group for group, names in _CLASSES.items() for name in names}


def group_of(action: Action) -> Group:
    """Return what an act is about."""
    return _GROUP_OF.get(action.value.partition(".")[0], Group.OTHER)


def actions_of(group: Group) -> tuple[Action, ...]:
    """Return the acts of a group."""
    return tuple(action for action in Action if group_of(action) is group)
