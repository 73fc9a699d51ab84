"""Asking for the passphrase of a keys backup: from a file that only its owner can read, or on the terminal."""

import getpass
from pathlib import Path

from signaling.backup.errors import PassphraseExposed, PassphraseWrong


def read_passphrase(file: Path | None, *, twice: bool) -> str:
    """Return the passphrase. Raises PassphraseExposed, PassphraseWrong when the two entries differ, OSError.

    A group may read it, as it may with the credentials that systemd hands over.
    """
    if file is not None:
        if file.stat().st_mode & 0o007:
            raise PassphraseExposed(f"Others can read the passphrase: run chmod 600 {file}.")
        return file.read_text("utf-8").split("\n")[0].rstrip("\r")
    given = getpass.getpass("Passphrase of the keys backup: ")
    if twice and getpass.getpass("The same again: ") != given:
        raise PassphraseWrong("The two differ. Try again.")
    return given
