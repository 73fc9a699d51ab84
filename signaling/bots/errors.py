"""What can go wrong with a bot.

HubError
└── BotError
    ├── NotSignedIn      the hub does not know the account, or asks for more than a password
    ├── Refused          the hub answered a request with an error
    └── ConnectionLost   the hub or the relay went away; the bot comes back
"""

from signaling.errors import HubError


class BotError(HubError):
    """Base class; never leaves the bots' own process."""

    code = "bot"


class NoDeployment(BotError):
    """No demo organisation to take part in."""

    code = "bot_no_deployment"


class NotSignedIn(BotError):
    """The hub does not know the account, or asks for more than a password."""

    code = "bot_not_signed_in"


class Refused(BotError):
    """The hub answered a request with an error; ``reason`` is its code."""

    code = "bot_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConnectionLost(BotError):
    """The hub or the relay went away; the bot comes back."""

    code = "bot_connection_lost"


class SeatTaken(BotError):
    """Somebody signed in as this member and took the seat; the bot leaves it to them."""

    code = "bot_seat_taken"
