"""What can be wrong with a backup; told on the command line only.

::

    BackupError
    ├── BackupBusy            another backup writes to the same place
    ├── BackupDamaged         a file or the manifest is not what was written
    ├── BackupTooNew          made by a later version of the program
    ├── BackupLogDiffers      the log in the backup is not the one that was signed
    ├── NothingToBackUp       the folder holds no deployment
    ├── PassphraseWeak
    ├── PassphraseExposed     others can read the file with the passphrase
    ├── PassphraseWrong
    ├── KeysDamaged           the keys file is cut off or of an unknown form
    ├── KeysIncomplete        the keys file is older than the backup, and papers would be lost
    └── FolderNotEmpty        a restore writes into a new folder only
"""

from signaling.errors import HubError


class BackupError(HubError):
    """Base of the folder; the message says what to do."""

    code = "backup"


class BackupBusy(BackupError):
    code = "backup_busy"


class BackupDamaged(BackupError):
    code = "backup_damaged"


class BackupTooNew(BackupError):
    code = "backup_too_new"


class BackupLogDiffers(BackupError):
    code = "backup_log_differs"


class NothingToBackUp(BackupError):
    code = "nothing_to_back_up"


class PassphraseWeak(BackupError):
    code = "passphrase_weak"


class PassphraseExposed(BackupError):
    code = "passphrase_exposed"


class PassphraseWrong(BackupError):
    code = "passphrase_wrong"


class KeysDamaged(BackupError):
    code = "keys_damaged"


class KeysIncomplete(BackupError):
    code = "keys_incomplete"


class FolderNotEmpty(BackupError):
    code = "folder_not_empty"
