"""The Task Force's room: the rounds of the survey, the sealed answers of closed ones, and results.

Its members sign in as focal points do (``/inbox/api``), with an account of the office
``task-force``. The answers are sealed to the Task Force's key all the same: what is handed out here
can be opened only with the key file, which never comes near the server. Either it stays offline,
with the bundle; or the page opens and counts in the browser, see :mod:`inbox.releasing`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from inbox.ports import Shelf
from inbox.problems import DOCUMENTED, Problem, ProblemRoute
from inbox.releasing import Maker, Releasing, RoundIn
from inbox.sign_ins import SignedIn, SignIns
from vault.errors import NoSuchRound, RoundStillOpen
from vault.stores.accounts import Account, AccountStore
from vault.stores.audit import AuditTrail
from vault.stores.rounds import Round

#: The office whose accounts may come in here. No case is ever sent to it.
OFFICE = "task-force"


class Rounds(Protocol):
    """Where the rounds are; ``vault.stores.RoundStore`` is one."""

    def list(self) -> Sequence[Round]:
        """Every round, the first one first."""


@dataclass(frozen=True, slots=True)
class TaskForceDeps:
    """Everything this room is given.

    Args:
        rounds: the rounds of the survey.
        bundle: the sealed answers of a closed round as one file; raises ``RoundStillOpen`` or
            ``NoSuchRound``.
        maker: makes results of what the page counted.
        sign_ins: the same shelf as the inbox has.
        accounts: who may sign in.
        audit: notes each release that is made here.
        clock: the time now, in UTC.
        admits: whether she may come in, or has to set up a second factor first.
    """

    rounds: Rounds
    bundle: Callable[[str], bytes]
    maker: Maker
    sign_ins: Shelf
    accounts: AccountStore
    audit: AuditTrail
    clock: Callable[[], datetime]
    admits: Callable[[Account], bool]


class RoundLine(BaseModel):
    """A round. How many answered is not told, while it is open or after: the release tells."""

    round_id: str
    number: int
    instrument: str
    state: Literal["open", "closed"]
    opened: str = Field(description="month, e.g. 2026-11")
    closed: str | None


class RoundsOut(BaseModel):
    """Every round, the newest first."""

    rounds: list[RoundLine]


class TaskForceApi:
    """The endpoints of the Task Force."""

    def __init__(self, deps: TaskForceDeps) -> None:
        self._deps = deps
        self._sign_ins = SignIns(deps.sign_ins, deps.accounts, deps.clock, deps.admits)

    async def rounds(self, request: Request) -> RoundsOut:
        """Every round, without numbers of answers."""
        await self.admit(request)
        found = await asyncio.to_thread(self._deps.rounds.list)
        lines = [
            RoundLine(
                round_id=one.round_id,
                number=one.number,
                instrument=one.instrument,
                state=one.state,
                opened=one.opened,
                closed=one.closed,
            )
            for one in reversed(found)
        ]
        return RoundsOut(rounds=lines)

    async def bundle(self, request: Request, body: RoundIn) -> Response:
        """The sealed answers of a closed round."""
        await self.admit(request)
        try:
            content = await asyncio.to_thread(self._deps.bundle, body.round_id)
        except NoSuchRound:
            raise Problem(404, "No such round", "Take a round from the list.") from None
        except RoundStillOpen:
            raise Problem(409, "The round is open", "Close the round first.") from None
        return Response(content, media_type="application/octet-stream")

    async def admit(self, request: Request) -> SignedIn:
        """Who asks.

        Raises:
            Problem: she is not signed in, or not of the Task Force.
        """
        who = await self._sign_ins.who(request)
        if OFFICE not in who.offices:
            raise Problem(403, "Not for this account", "Sign in with an account of the Task Force.")
        return who


def router(deps: TaskForceDeps) -> APIRouter:
    """Everything under ``/taskforce/api``; include it without a further prefix."""
    api = APIRouter(
        prefix="/taskforce/api",
        tags=["task force"],
        route_class=ProblemRoute,
        responses=DOCUMENTED,
    )
    room = TaskForceApi(deps)
    api.add_api_route("/rounds", room.rounds, methods=["POST"])
    api.add_api_route("/bundle", room.bundle, methods=["POST"])
    desk = Releasing(deps.maker, deps.sign_ins, deps.audit, deps.clock, room.admit)
    api.add_api_route("/questions", desk.questions, methods=["POST"])
    api.add_api_route("/release", desk.release, methods=["POST"])
    return api
