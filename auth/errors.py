"""Everything that can go wrong in identity, authorization and the audit log.

::

    AuthError
    ├── IdentityError
    │   ├── WrongPassword
    │   ├── WeakPassword
    │   │   └── PasswordReused
    │   ├── WrongCode
    │   ├── CodeRequired
    │   ├── SignInExpired
    │   ├── NoEnrolment
    │   ├── FactorEnforced
    │   ├── FactorUnreadable
    │   ├── Throttled
    │   ├── SignInBusy
    │   ├── LinkInvalid
    │   ├── NoSession
    │   └── SessionExpired
    ├── DirectoryError
    │   ├── PersonUnknown
    │   ├── UsernameTaken
    │   ├── UsernameInvalid
    │   ├── RoleConflict
    │   ├── LastAdministrator
    │   ├── LastOfficer
    │   ├── OwnAccount
    │   ├── AccountDisabled
    │   ├── HallWithoutSite
    │   ├── PlaceUnknown
    │   ├── PlaceNameTaken
    │   ├── PlaceInUse
    │   ├── PlaceInItself
    │   ├── ImportInvalid
    │   ├── ImportStale
    │   ├── AddressRangeInvalid
    │   └── EmailInvalid
    ├── AuthorizationError
    │   ├── Denied
    │   │   └── SecondFactorRequired
    │   └── StepUpRequired
    └── AuditError
        ├── EntryInvalid
        ├── ProofInvalid
        ├── NoteInvalid
        ├── KeyMissing
        ├── KeyExposed
        ├── BatchUnfinished
        ├── AlertUnknown
        ├── AlertSettled
        ├── ProofTooLong
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


class PasswordReused(WeakPassword):
    """A new password was in use before, as far back as the policy looks."""

    code = "password_reused"

    def __init__(self) -> None:
        super().__init__("You have used this password before. Choose another one.")


class WrongCode(IdentityError):
    """Mistyped, too old, spent, or of somebody without a second factor: all look like this."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__("This code is not right, or was used already. Wait for the next one and try again.")


class CodeRequired(IdentityError):
    """The password is not enough for somebody who has a second factor."""

    code = "code_required"

    def __init__(self) -> None:
        super().__init__("Confirm with a code of your authenticator app.")


class SignInExpired(IdentityError):
    """The first half of a sign-in is too old, was finished, came from elsewhere, or saw too many wrong codes."""

    code = "sign_in_expired"

    def __init__(self) -> None:
        super().__init__("This took too long, or too many codes were wrong. Begin again with your password.")


class NoEnrolment(IdentityError):
    """Nobody has begun to set up an authenticator, or too long ago."""

    code = "no_enrolment"

    def __init__(self) -> None:
        super().__init__("Begin again with setting up the authenticator: the secret on the screen is too old.")


class FactorEnforced(IdentityError):
    """Somebody whose duties demand a second factor may replace but not remove it."""

    code = "factor_enforced"

    def __init__(self) -> None:
        super().__init__("Your duties demand a second factor. You can replace it, but not remove it.")


class FactorUnreadable(IdentityError):
    """A sealed secret cannot be opened: the key store is another one, or the row was altered."""

    code = "factor_unreadable"

    def __init__(self) -> None:
        super().__init__("Your second factor cannot be read. Ask the administrator to reset it.")


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


class LinkInvalid(IdentityError):
    """The token of a welcome link is unknown, used, replaced by a newer one, or too old."""

    code = "link_invalid"

    def __init__(self) -> None:
        super().__init__("This link has been used or has ended. Ask your administrator for a new one.")


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


class LastAdministrator(DirectoryError):
    """Without an administrator nobody could make one."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__("This is the last administrator who can sign in. Make another one first.")


class LastOfficer(DirectoryError):
    """Without a security officer nobody would read the log."""

    code = "last_officer"

    def __init__(self) -> None:
        super().__init__("This is the last security officer who can sign in. Make another one first.")


class OwnAccount(DirectoryError):
    """Nobody changes the own rights or closes the own account: a second administrator does."""

    code = "own_account"

    def __init__(self) -> None:
        super().__init__("You cannot do this to your own account. Ask another administrator.")


class AccountDisabled(DirectoryError):
    code = "account_disabled"

    def __init__(self) -> None:
        super().__init__("This account is disabled. Enable it first.")


class HallWithoutSite(DirectoryError):
    """A hall stands somewhere: its people are present at that site."""

    code = "hall_without_site"

    def __init__(self) -> None:
        super().__init__("A hall needs a site.")


class PlaceUnknown(DirectoryError):
    """There is no such unit or site."""

    code = "place_unknown"


class PlaceNameTaken(DirectoryError):
    code = "place_name_taken"


class PlaceInUse(DirectoryError):
    """People, sites or units belong to it."""

    code = "place_in_use"


class PlaceInItself(DirectoryError):
    """A unit cannot be below itself."""

    code = "place_in_itself"


class ImportInvalid(DirectoryError):
    """The file as a whole cannot be read; ``reason`` is a stable word, ``row`` where it is in the file (0: nowhere)."""

    code = "import_invalid"

    def __init__(self, reason: str, row: int = 0) -> None:
        self.reason = reason
        self.row = row
        super().__init__(f"This file cannot be imported: {reason} (row {row}).")


class ImportStale(DirectoryError):
    """What the import would do is no longer what was shown."""

    code = "import_stale"

    def __init__(self) -> None:
        super().__init__("The directory has changed meanwhile. Look at the new plan.")


class AddressRangeInvalid(DirectoryError):
    code = "address_range_invalid"


class EmailInvalid(DirectoryError):
    code = "email_invalid"


class AuthorizationError(AuthError):
    """The subject may not do this, or not now."""

    code = "authorization"


class Denied(AuthorizationError):
    """``reason`` is for the log; outside, absent and forbidden look the same."""

    code = "denied"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("You may not do this. Ask the meeting's secretary if you think that you should.")


class SecondFactorRequired(Denied):
    """Somebody's duties demand a second factor, and there is none yet: nothing but setting it up is open."""

    code = "second_factor_required"

    def __init__(self) -> None:
        super().__init__("second_factor_required")
        self.args = ("Your duties demand a second factor. Set it up on the page of your account, then go on.",)


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


class AlertUnknown(AuditError):
    code = "alert_unknown"


class AlertSettled(AuditError):
    """Somebody else was first."""

    code = "alert_settled"


class ProofTooLong(AuditError):
    """More entries are to be proved one by one than is sensible."""

    code = "proof_too_long"


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
