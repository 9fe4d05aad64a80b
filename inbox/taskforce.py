"""The Task Force's room: the rounds of the survey, and the sealed answers of closed ones.

Its members sign in as focal points do (``/inbox/api``), with an account of the office
``task-force``. The answers are sealed to the Task Force's key all the same: what is handed out here
can be opened only with the key file, which never comes near the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import Shelf
from inbox.problems import DOCUMENTED, Problem, ProblemRoute
from inbox.sign_ins import SignIns
from vault.errors import NoSuchRound, RoundStillOpen
from vault.stores.accounts import Account, AccountStore
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
        sign_ins: the same shelf as the inbox has.
        accounts: who may sign in.
        clock: the time now, in UTC.
        admits: whether she may come in, or has to set up a second factor first.
    """

    rounds: Rounds
    bundle: Callable[[str], bytes]
    sign_ins: Shelf
    accounts: AccountStore
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


class BundleIn(BaseModel):
    """Which round."""

    model_config = ConfigDict(extra="forbid")

    round_id: Annotated[str, Field(pattern="^r[0-9]{1,6}$")]


class TaskForceApi:
    """The endpoints of the Task Force."""

    def __init__(self, deps: TaskForceDeps) -> None:
        self._deps = deps
        self._sign_ins = SignIns(deps.sign_ins, deps.accounts, deps.clock, deps.admits)

    async def rounds(self, request: Request) -> RoundsOut:
        """Every round, without numbers of answers."""
        await self._admit(request)
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

    async def bundle(self, request: Request, body: BundleIn) -> Response:
        """The sealed answers of a closed round."""
        await self._admit(request)
        try:
            content = await asyncio.to_thread(self._deps.bundle, body.round_id)
        except NoSuchRound:
            raise Problem(404, "No such round", "Take a round from the list.") from None
        except RoundStillOpen:
            raise Problem(409, "The round is open", "Close the round first.") from None
        return Response(content, media_type="application/octet-stream")

    async def _admit(self, request: Request) -> None:
        who = await self._sign_ins.who(request)
        if OFFICE not in who.offices:
            raise Problem(403, "Not for this account", "Sign in with an account of the Task Force.")


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
    return api
