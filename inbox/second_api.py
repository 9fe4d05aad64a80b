"""Switching the second factor on, over to another phone, and off."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import InboxDeps
from inbox.problems import Problem
from inbox.second_guard import SecondGuard
from inbox.sign_ins import SignIns
from vault.stores.accounts import Account
from vault.stores.audit import Action
from vault.stores.second_factors import phone_address

#: How a second factor stands: ``needed`` means that an office wants one and there is none.
Standing = Literal["on", "off", "needed"]

Code = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CodeIn(_Body):
    """A code of her phone, or a recovery code."""

    code: Code = ""


class SecondOut(BaseModel):
    """How it stands."""

    second_factor: Standing
    recovery_left: int = Field(description="recovery codes that were not used yet")
    wanted: bool = Field(description="an office of hers wants one, so it cannot be switched off")


class PhoneOut(BaseModel):
    """What her phone needs, once."""

    secret: str = Field(description="base32, to be typed in where no picture can be taken")
    address: str = Field(description="otpauth://, for a phone that has this page open")
    picture: list[str] = Field(description="the same as rows of a QR code, 1 is dark")


class RecoveryOut(BaseModel):
    """Ten codes for the day on which the phone is lost; shown once."""

    recovery_codes: list[str]


def standing(deps: InboxDeps, account: Account) -> SecondOut:
    """How her second factor stands. Asks the database."""
    found = deps.factors.of(account.account_id)
    wanted = deps.needs_second_factor(account.offices)
    word: Standing = "on" if found.on else "needed" if wanted else "off"
    return SecondOut(second_factor=word, recovery_left=found.recovery_left, wanted=wanted)


class SecondApi:
    """The endpoints around the second factor."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns, guard: SecondGuard) -> None:
        self._deps = deps
        self._sign_ins = sign_ins
        self._guard = guard

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoints."""
        at = "/second-factor"
        router.add_api_route(at, self.state, methods=["POST"])
        router.add_api_route(f"{at}/begin", self.begin, methods=["POST"])
        router.add_api_route(f"{at}/confirm", self.confirm, methods=["POST"])
        router.add_api_route(f"{at}/off", self.off, methods=["POST"], status_code=204)

    async def state(self, request: Request) -> SecondOut:
        """How it stands."""
        account = await self._sign_ins.account(request)
        return await asyncio.to_thread(standing, self._deps, account)

    async def begin(self, request: Request, body: CodeIn) -> PhoneOut:
        """A secret for her phone. Where one is on already, it takes a code to begin anew."""
        account = await self._sign_ins.account(request)
        await self._check(account, body.code)
        secret = await asyncio.to_thread(self._deps.factors.begin, account.account_id)
        address = phone_address(secret, account.name)
        rows = segno.make(address, error="m", micro=False).matrix
        picture = ["".join("1" if dark else "0" for dark in row) for row in rows]
        return PhoneOut(secret=secret, address=address, picture=picture)

    async def confirm(self, request: Request, body: CodeIn) -> RecoveryOut:
        """Her phone shows a right code: from now on one is needed."""
        account = await self._sign_ins.account(request)
        now = self._deps.clock()
        made = await asyncio.to_thread(
            self._deps.factors.confirm, account.account_id, body.code, now
        )
        if made is None:
            raise _refused()
        await self._trace(account, "second-factor-on")
        return RecoveryOut(recovery_codes=made)

    async def off(self, request: Request, body: CodeIn) -> Response:
        """No code from now on; not where an office wants one."""
        account = await self._sign_ins.account(request)
        if self._deps.needs_second_factor(account.offices):
            raise Problem(409, "Needed", "Your office wants a second factor.")
        await self._check(account, body.code)
        await self._trace(account, "second-factor-off")
        await asyncio.to_thread(self._deps.factors.remove, account.account_id)
        return Response(status_code=204)

    async def _check(self, account: Account, code: str) -> None:
        if not await self._guard.lets_in(account.name, account, code):
            raise _refused()

    async def _trace(self, account: Account, action: Action) -> None:
        today = self._deps.clock().date()
        trace = (today, account.name, action, account.offices, "")
        await asyncio.to_thread(self._deps.audit.add, *trace)


def _refused() -> Problem:
    return Problem(403, "Code refused", "Wait for the next code of the phone, and type that.")
