"""The desk over the vault: answers are sealed to the Task Force before they are stored.

Invitation and answer are handled by two stores that share nothing, in two transactions: the
invitation is redeemed first, so that nobody answers twice, and given back when the answer could
not be kept, so that nobody loses her voice to a fault of ours.

A database that dies may have stored an answer without having said so. So the very same envelope is
brought again, before she is asked to send once more. The service may die as well: both stores are
told the conversation's ticket, so that what she sends once more then is the same answer for them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from survey.ports import DeskError, InvitationSpent, RoundInfo, RoundOver
from vault.errors import NoSuchRound, RoundClosed, VaultError
from vault.sealing import Context, seal
from vault.stores.drop_box import DropBox
from vault.stores.invitations import InvitationStore
from vault.stores.rounds import RoundStore

#: Seconds before an answer is brought again to a database that was away.
WAITS = (0.3, 1.0, 2.0)

_P = ParamSpec("_P")
_T = TypeVar("_T")


def to_bytes(answers: dict[str, Any]) -> bytes:
    """A document of answers as it is sealed: the same answers always give the same bytes."""
    return json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class VaultDesk:
    """Implements ``survey.ports.Desk``.

    Args:
        rounds: which round is open and whom it is sealed to.
        drop_box: where sealed answers go.
        invitations: where invitation codes are redeemed.
        waits: seconds before each further try to store an answer.
    """

    def __init__(
        self,
        rounds: RoundStore,
        drop_box: DropBox,
        invitations: InvitationStore,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._rounds = rounds
        self._drop_box = drop_box
        self._invitations = invitations
        self._waits = waits

    async def current_round(self) -> RoundInfo | None:
        """The open round, if there is one.

        Raises:
            DeskError: the store cannot be reached.
        """
        found = await _away(self._rounds.current)
        return RoundInfo(found.round_id, found.instrument, found.admission) if found else None

    async def invitation_valid(self, token: str) -> bool:
        """Whether an invitation code could be used now.

        Raises:
            DeskError: the store cannot be reached.
        """
        return await _away(self._invitations.valid, token)

    async def submit(
        self, round_id: str, answers: dict[str, Any], token: str | None, ticket: str
    ) -> None:
        """Redeem the invitation if the round asks for one, then seal and store the answers.

        Args:
            round_id: the round.
            answers: the document.
            token: the invitation code, if one was given.
            ticket: a random text that this conversation alone holds; with the same one again the
                invitation is still hers, and the answers take the place of those stored before.

        Raises:
            RoundOver: the round takes no more answers; the invitation is still good.
            InvitationSpent: the round asks for an invitation, and this one is not valid.
            DeskError: the answers could not be stored; the invitation is still good.
        """
        round_ = await _away(self._rounds.get, round_id)
        envelope = seal(to_bytes(answers), [round_.task_force], Context("answer", round_id))
        if round_.admission == "open" or round_.closed:  # closed: it may have come in before
            await self._keep(round_id, envelope, ticket)
            return
        if token is None or not await _away(self._invitations.redeem, token, ticket):
            raise InvitationSpent
        try:
            await self._keep(round_id, envelope, ticket)
        except DeskError:
            await _away(self._invitations.restore, token, ticket)
            raise

    async def _keep(self, round_id: str, envelope: bytes, ticket: str) -> None:
        for pause in (*self._waits, None):
            try:
                await _away(self._drop_box.put, round_id, envelope, ticket)
            except RoundOver:
                raise
            except DeskError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return


async def _away(call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run a call of a store in a thread, its errors turned into those of the desk."""
    try:
        return await asyncio.to_thread(call, *args, **kwargs)
    except (RoundClosed, NoSuchRound):
        raise RoundOver from None
    except VaultError:
        raise DeskError from None
