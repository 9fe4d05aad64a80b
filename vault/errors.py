"""Everything that can go wrong in this package. No message ever carries a value.

Exception
└── VaultError
    ├── SealingError        an envelope cannot be opened; never says why
    ├── KeyFileError        a key file cannot be used; says which and what to do
    ├── SecretsError        the server's secret cannot be used; says what to do
    ├── StorageError        the database refused or cannot be reached
    ├── SetupRefused        a set-up code is unknown, spent or meant for another name
    ├── ReleaseLogError     the log of releases is not as it was written; says which line
    ├── RedactionError      what may leave of a text is not settled; says what to do
    ├── NoSuchCase          a case that should exist does not
    ├── FilesMissing        a file that belongs to a report has not arrived as a whole
    ├── TooMuch             too many files wait to be sent; later, or without them
    ├── NoSuchAccount       nobody has an account of this name
    ├── RecoveryError       a file for or from the recovery holder cannot be used
    └── RoundError          a round is not in the state that was asked for
        ├── RoundStillOpen  answers are handed out only after the round is closed
        ├── RoundClosed     this round takes no more answers
        └── NoSuchRound     no round has this id
"""

from __future__ import annotations


class VaultError(Exception):
    """Whatever goes wrong in the vault."""


class SealingError(VaultError):
    """An envelope cannot be opened.

    The key is wrong, the context is wrong, or the envelope was changed: one error and one
    wording for all, because a difference would tell an attacker which of them it was.
    """

    def __init__(self) -> None:
        super().__init__("this envelope cannot be opened")


class KeyFileError(VaultError):
    """A key file cannot be used; the message names the file, the problem and the remedy."""


class SecretsError(VaultError):
    """The server's secret cannot be used; the message names the problem and the remedy."""


class StorageError(VaultError):
    """The database refused, or cannot be reached.

    Args:
        kind: the name of the database library's exception. Its own message is dropped: it may
            quote rows.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"the database refused ({kind}); is it there, running and migrated?")


class SetupRefused(VaultError):
    """A set-up code is unknown, spent or meant for another name: one error for all three."""

    def __init__(self) -> None:
        super().__init__("this set-up code is not valid; ask for a new invitation")


class ReleaseLogError(VaultError):
    """The log of releases cannot be used; the message names file, line and remedy."""


class RedactionError(VaultError):
    """A redaction cannot be agreed on or kept; the message names the problem and the remedy."""


class NoSuchCase(VaultError):
    """A case that should exist does not."""

    def __init__(self) -> None:
        super().__init__("there is no such case")


class FilesMissing(VaultError):
    """A file that belongs to a report has not arrived as a whole."""

    def __init__(self) -> None:
        super().__init__("a file has not arrived as a whole; send its parts again")


class TooMuch(VaultError):
    """Too many files wait to be sent."""

    def __init__(self) -> None:
        super().__init__("too many files wait to be sent; try later, or send without them")


class NoSuchAccount(VaultError):
    """Nobody has an account of this name."""

    def __init__(self) -> None:
        super().__init__("there is no account of this name; see `speaksafe focal-points list`")


class LastReader(VaultError):
    """With other offices, somebody could no longer open cases that she alone can open.

    Args:
        many: how many cases.
    """

    def __init__(self, many: int) -> None:
        super().__init__(
            f"nobody could open {many} of her cases any more: with these offices she would be shut"
            " out of them, or not be of an office that has them; first invite a colleague for her"
            " present office, whom no case is closed to, and let her hand them over in the inbox"
        )


class MixedAccount(VaultError):
    """An account would see cases and the trail of who opens them."""

    def __init__(self) -> None:
        super().__init__(
            "an account is for cases or for an owner's trail, not for both; use another name"
        )


class RecoveryError(VaultError):
    """A file for or from the holder of the recovery key cannot be used; it says what to do."""


class RoundError(VaultError):
    """A round is not in the state that was asked for."""


class RoundStillOpen(RoundError):
    """Answers are handed out only after the round is closed."""

    def __init__(self) -> None:
        super().__init__("this round is still open; close it first")


class RoundClosed(RoundError):
    """This round takes no more answers."""

    def __init__(self) -> None:
        super().__init__("this round is closed; it takes no more answers")


class NoSuchRound(RoundError):
    """No round has this id."""

    def __init__(self) -> None:
        super().__init__("there is no such round; see the list of rounds")
