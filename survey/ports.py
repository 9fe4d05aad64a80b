"""What the survey needs from the rest: a desk that knows the rounds and takes the answers.

DeskError               the desk cannot be reached now: try again
├── RoundOver           the round was closed in the meantime
└── InvitationSpent     the invitation code was used in the meantime
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Admission = Literal["open", "invited"]


class DeskError(Exception):
    """The desk cannot do it now; nothing was stored, and trying again may help."""


class RoundOver(DeskError):
    """The round takes no more answers."""


class InvitationSpent(DeskError):
    """The invitation code is not valid any more."""


@dataclass(frozen=True, slots=True)
class RoundInfo:
    """The open round as those who answer see it: no counts, no days.

    Args:
        round_id: its name, e.g. ``r3``.
        instrument: ``ref`` of the questionnaire, fixed for the round.
        admission: whether everybody or only invited people may answer.
    """

    round_id: str
    instrument: str
    admission: Admission


class Desk(Protocol):
    """Where answers go."""

    async def current_round(self) -> RoundInfo | None:
        """The open round, if there is one."""

    async def invitation_valid(self, token: str) -> bool:
        """Whether an invitation code can be used; does not use it up."""

    async def submit(
        self, round_id: str, answers: dict[str, Any], token: str | None, ticket: str
    ) -> None:
        """Seal and store a document of answers. Done twice with one ticket, one is stored.

        Args:
            round_id: the round.
            answers: the document.
            token: the invitation code, if one was given.
            ticket: a random text that this conversation alone holds.

        Raises:
            DeskError: it was not stored (see the subclasses for why).
        """
