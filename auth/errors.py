"""Everything that can go wrong in identity, authorization and the audit log.

::

    AuthError
    ├── IdentityError
    │   ├── WrongPassword
    │   ├── WeakPassword
    │   ├── Throttled
    │   ├── SignInBusy
    │   ├── NoSession
    │   └── SessionExpired
    ├── DirectoryError
    │   ├── PersonUnknown
    │   ├── UsernameTaken
    │   ├── UsernameInvalid
    │   ├── RoleConflict
    │   └── AddressRangeInvalid
    ├── AuthorizationError
    │   ├── Denied
    │   └── StepUpRequired
    └── AuditError
        ├── EntryInvalid
        ├── ProofInvalid
        ├── NoteInvalid
        ├── KeyMissing
        ├── KeyExposed
        ├── BatchUnfinished
        └── LogAltered
            ├── DetailAltered
            ├── LogTruncated
            │   └── LogRolledBack
            └── LogForked
"""

from datetime import timedelta


class AuthError(Exception):
    """Base of the folder; ``code`` is stable and reaches clients, the message is for people."""

    code = "auth"


class IdentityError(AuthError):
    """Somebody could not prove who they are."""

    code = "identity"


class WrongPassword(IdentityError):
    """Unknown user, disabled user and wrong password all look like this."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("User name or password is not right. Check both and try again.")


class WeakPassword(IdentityError):
    """A new password is too short or too long."""

    code = "weak_password"


class Throttled(IdentityError):
    """Too many failures from here for this account; try again after ``retry_after``."""

    code = "throttled"

    def __init__(self, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__(f"Too many attempts. Try again in {max(1, round(retry_after.total_seconds()))} seconds.")


class SignInBusy(IdentityError):
    """More password checks wait than the hub is willing to queue."""

    code = "sign_in_busy"

    def __init__(self) -> None:
        super().__init__("Too many people are signing in right now. Try again in a moment.")


class NoSession(IdentityError):
    """The token is unknown, was rotated away or revoked, or its account is disabled."""

    code = "no_session"

    def __init__(self) -> None:
        super().__init__("You are not signed in. Sign in again.")


class SessionExpired(IdentityError):
    """The session was idle for too long or reached its absolute end."""

    code = "session_expired"

    def __init__(self) -> None:
        super().__init__("Your session has ended. Sign in again.")


class DirectoryError(AuthError):
    """The directory cannot be changed or read as asked."""

    code = "directory"


class PersonUnknown(DirectoryError):
    code = "person_unknown"


class UsernameTaken(DirectoryError):
    code = "username_taken"


class UsernameInvalid(DirectoryError):
    code = "username_invalid"


class RoleConflict(DirectoryError):
    """Duties that one account may not combine."""

    code = "role_conflict"


class AddressRangeInvalid(DirectoryError):
    code = "address_range_invalid"


class AuthorizationError(AuthError):
    """The subject may not do this, or not now."""

    code = "authorization"


class Denied(AuthorizationError):
    """``reason`` is for the log; outside, absent and forbidden look the same."""

    code = "denied"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("You may not do this. Ask the meeting's secretary if you think that you should.")


class StepUpRequired(AuthorizationError):
    code = "step_up_required"

    def __init__(self) -> None:
        super().__init__("Confirm that it is you, then try again.")


class AuditError(AuthError):
    """The audit log cannot be written, read or believed."""

    code = "audit"


class EntryInvalid(AuditError):
    code = "audit_entry_invalid"


class ProofInvalid(AuditError):
    """An inclusion or consistency proof does not lead to the root."""

    code = "proof_invalid"


class NoteInvalid(AuditError):
    """A signed note or checkpoint is malformed or not signed by the expected key."""

    code = "note_invalid"


class KeyMissing(AuditError):
    """There are checkpoints, but the key that signed them is gone."""

    code = "audit_key_missing"


class KeyExposed(AuditError):
    """Others than the owner can read the signing key."""

    code = "audit_key_exposed"


class BatchUnfinished(AuditError):
    """A prepared batch was neither published nor discarded."""

    code = "audit_batch_unfinished"


class LogAltered(AuditError):
    """The log is not what was signed; ``index`` is the first entry that is known to be wrong."""

    code = "log_altered"

    def __init__(self, index: int, message: str) -> None:
        self.index = index
        super().__init__(message)


class DetailAltered(LogAltered):
    """The details of an entry do not match the commitment in its leaf."""

    code = "log_detail_altered"


class LogTruncated(LogAltered):
    """Entries that a checkpoint covers are missing from the end; ``index`` is the first missing one."""

    code = "log_truncated"


class LogRolledBack(LogTruncated):
    """At start-up the database is behind the checkpoint that is kept outside of it."""

    code = "log_rolled_back"


class LogForked(LogAltered):
    """The log is whole in itself but is another one than was signed; the change is at or after ``index``."""

    code = "log_forked"
