"""What the hub itself refuses, and how every error of the product reaches the client's wire.

::

    HubError
    ├── BadSetting            an environment variable cannot be used
    ├── NotFound              absent, or not for this viewer: outside they look the same
    ├── BadRequest            a body or message that does not fit its model
    ├── NotSubscribed         a live request for a meeting that this socket does not follow
    ├── RevisionUnknown       the client claims to know a later revision than exists
    ├── RelayUnavailable      no relay is connected, or it did not confirm in time
    ├── NoEndpoint            media request without an endpoint in the room
    ├── EndpointElsewhere     the person's endpoint is open in another tab
    ├── NoSuchMediaObject     transport, producer or consumer that is not this endpoint's
    ├── LabelTooLow           content of a higher label would come into a lower one
    ├── LabelAboveCeiling     a label above what the deployment is cleared for
    ├── TooManyRequests       one socket or source asks faster than allowed
    ├── TooLarge              a request body above its limit
    ├── TooSlow               a request body that does not arrive
    ├── BadOrigin             a request from a page of another site
    └── HubStopping           the hub is being stopped; it comes back
"""

import logging
from typing import Final

from auth import errors as auth
from certs import errors as certs
from documents import errors as documents
from media import errors as media
from meetings import errors as meetings
from signaling.wire.base import ErrorBody

logger = logging.getLogger(__name__)


class HubError(Exception):
    """Base of the hub's own errors; ``code`` is stable and translated by the client."""

    code = "hub_error"
    status = 400


class BadSetting(HubError):
    """Raised at start-up only."""

    code = "bad_setting"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}={text!r} cannot be used; see plenum serve --help for what it should hold")


class NotFound(HubError):
    """Absent and forbidden look the same from outside."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing here for you. It may have been removed, or you may not be invited.")


class BadRequest(HubError):
    """``field`` names the first part that does not fit."""

    code = "invalid"
    status = 422

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        super().__init__(f"{field}: {problem}")


class NotSubscribed(HubError):
    """Subscribe to the meeting first."""

    code = "not_subscribed"
    status = 409


class RevisionUnknown(HubError):
    """Subscribe again without a revision."""

    code = "revision_unknown"
    status = 409

    def __init__(self) -> None:
        super().__init__("This page knows more than the hub, which was restored; it has to be read again.")


class RelayUnavailable(HubError):
    """Papers, floor and votes go on without sound and picture."""

    code = "relay_unavailable"
    status = 503

    def __init__(self) -> None:
        super().__init__("Sound and picture are not available right now. Papers and votes go on; try again shortly.")


class NoEndpoint(HubError):
    """Join the room's media first."""

    code = "no_endpoint"
    status = 409


class EndpointElsewhere(HubError):
    """Ask the person, then join with ``takeOver``."""

    code = "endpoint_elsewhere"
    status = 409

    def __init__(self) -> None:
        super().__init__("You are in this room in another window already.")


class NoSuchMediaObject(HubError):
    """The object is gone or is somebody else's."""

    code = "no_such_media_object"
    status = 404


class LabelAboveCeiling(HubError):
    """Refused by default: higher labels need state cryptography."""

    code = "label_above_ceiling"

    def __init__(self) -> None:
        super().__init__("This deployment is not cleared for that classification; choose a lower one.")


class LabelTooLow(HubError):
    """Content does not move into a meeting of a lower classification."""

    code = "label_too_low"
    status = 409

    def __init__(self) -> None:
        super().__init__("That meeting has a higher classification; its agenda cannot be copied into this one.")


class TooManyRequests(HubError):
    """Slow down and try again."""

    code = "too_many_requests"
    status = 429
    retry_after_s = 5


class TooLarge(HubError):
    """Send less at once."""

    code = "too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"This is more than {limit} bytes; send less at once.")


class TooSlow(HubError):
    """Send it again over a connection that holds."""

    code = "too_slow"
    status = 408

    def __init__(self) -> None:
        super().__init__("The file did not arrive in time. Try again.")


class HubStopping(HubError):
    """Nothing of the request was kept; send it again when the hub is back."""

    code = "hub_stopping"
    status = 503

    def __init__(self) -> None:
        super().__init__("The hub is being stopped. Try again in a moment.")


class BadOrigin(HubError):
    """The request comes from a page of another site."""

    code = "bad_origin"
    status = 403


# The most telling class comes first; subclasses follow their base's status unless they are listed.
_STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (auth.NoSession, 401),
    (auth.SessionExpired, 401),
    (auth.WrongPassword, 401),
    (auth.WrongCode, 401),
    (auth.SignInExpired, 401),
    (auth.CodeRequired, 409),
    (auth.FactorEnforced, 409),
    (auth.NoEnrolment, 409),
    (auth.Throttled, 429),
    (auth.SignInBusy, 503),
    (auth.LinkInvalid, 410),
    (auth.PersonUnknown, 404),
    (auth.ImportInvalid, 422),
    (auth.DirectoryError, 409),
    (auth.AuthorizationError, 403),
    (auth.AlertUnknown, 404),
    (auth.AlertSettled, 409),
    (auth.ProofTooLong, 422),
    (auth.AuthError, 400),
    (meetings.NotFound, 404),
    (meetings.Refused, 409),
    (meetings.Conflict, 409),
    (meetings.MeetingError, 422),
    (documents.UploadTooLarge, 413),
    (documents.FileTooLarge, 413),
    (documents.WrongFileType, 415),
    (documents.PaperNotFound, 404),
    (documents.RecordNotFound, 404),
    (documents.VersionTaken, 409),
    (documents.SealError, 500),
    (documents.WorkTimedOut, 422),
    (documents.WorkersBusy, 503),
    (documents.WorkFailed, 500),
    (documents.RenderFailed, 500),
    (documents.SigningFailed, 500),
    (documents.DocumentError, 422),
    (media.MediaError, 422),
    (certs.CertificateError, 500),
)


def classify(error: Exception) -> tuple[int, str]:
    """Return the HTTP status and the code under which an error reaches the client, as ``describe`` does."""
    if getattr(error, "unseen", False):
        return NotFound.status, NotFound.code
    if isinstance(error, HubError):
        return error.status, error.code
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    if status in {404, 500}:
        return status, NotFound.code if status == 404 else "internal"
    return status, error.code  # type: ignore[attr-defined]


def describe(error: Exception) -> tuple[int, ErrorBody]:
    """Return the HTTP status and the wire form of an error; what nobody foresaw is logged and says nothing."""
    params: dict[str, str | int] = {}
    if getattr(error, "unseen", False):
        error = NotFound()
    if isinstance(error, HubError):
        status = error.status
    else:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
        error = NotFound() if status == 404 else error  # what is absent has no kind from outside
    if status == 500:
        logger.error("unforeseen", exc_info=error)
        return 500, ErrorBody(code="internal", message="Something went wrong on our side. Nothing of this was kept.")
    if isinstance(error, auth.Throttled):
        params["seconds"] = max(1, round(error.retry_after.total_seconds()))
    if isinstance(error, TooManyRequests):
        params["seconds"] = error.retry_after_s
    if isinstance(error, BadRequest):
        params["field"] = error.field
    if isinstance(error, auth.ImportInvalid):
        params |= {"reason": error.reason, "row": error.row}
    return status, ErrorBody(code=error.code, message=str(error) or (error.__doc__ or "").split("\n")[0], params=params)  # type: ignore[attr-defined]
