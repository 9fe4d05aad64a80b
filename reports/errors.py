"""What can go wrong between a reporter and a focal point. No message carries a value.

Exception
└── ReportsError
    ├── OutOfReach       the store cannot be asked now; nothing was changed
    ├── OtherRecipients  what a browser sealed is not for those who are to read it: seal it anew
    └── NotStored        what was to be sent is not stored: never acknowledge it
        └── NoRecipient  nobody in the receiving office has a key to open it
"""

from __future__ import annotations


class ReportsError(Exception):
    """Whatever goes wrong with reports."""


class OutOfReach(ReportsError):
    """The store cannot be asked now."""

    def __init__(self) -> None:
        super().__init__("the store of cases cannot be asked; see that the database runs")


class OtherRecipients(ReportsError):
    """An envelope is not sealed to those who are to read it now; nothing was stored."""

    def __init__(self) -> None:
        super().__init__("this is sealed to other keys; let the page seal it to those named now")


class NotStored(ReportsError):
    """A report or an addition is not stored."""

    def __init__(self) -> None:
        super().__init__("this is not stored; see that the database runs")


class NoRecipient(NotStored):
    """Nobody in the receiving office has a key."""

    def __init__(self) -> None:
        ReportsError.__init__(self, "no focal point of this office has a key; invite one")
