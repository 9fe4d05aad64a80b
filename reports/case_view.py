"""What a reporter's conversation holds of a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["received", "opened", "in_review", "closed"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A case that does not exist yet: its id and its receipt, drawn before it is sent.

    Because they are drawn first, sending twice with one ticket (a double press, a retry after a
    lost connection) makes one case and gives one receipt.
    """

    case_id: str
    receipt: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What a reporter's conversation holds in place of the receipt once it was recognised.

    Args:
        case_id: her case.
        key: her private key as text. It opens the replies to her, and nothing else.
    """

    case_id: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a focal point wrote.

    Args:
        text: the words; ``None`` when the envelope could not be opened.
        on: the day.
    """

    text: str | None = field(repr=False)
    on: date


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its reporter may see it.

    Args:
        access: to act on the case without the receipt.
        status: how far it has come.
        unread: there are replies that she has not seen.
        offer: the case is closed and its offer of the survey is not spent.
        replies: all of them, the oldest first.
        quiet: she wants no more answers.
        deletion: whether she asked for deletion, and whether the office refused it.
    """

    access: Access
    status: Status
    unread: bool
    offer: bool
    replies: tuple[Reply, ...]
    quiet: bool = False
    deletion: Literal["none", "asked", "refused"] = "none"
