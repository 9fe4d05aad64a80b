"""Signing in: what the browser sends is derived from the passphrase, never the passphrase."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from inbox.pacing import Pacing
from inbox.pages import Words
from inbox.ports import InboxDeps
from inbox.problems import Problem
from inbox.second_api import Code, Standing, standing
from inbox.second_guard import SecondGuard
from inbox.sign_ins import SignIns
from vault.encoding import from_text, to_text
from vault.errors import SetupRefused
from vault.keys import PublicKey
from vault.names import plain_name
from vault.sealing import SUITE_NAMES
from vault.wrapping import SALT_BYTES

_SECRET_BYTES = 32

#: One line of text: PostgreSQL refuses a NUL, and no name or code has a control character.
_LINE = r"^[^\x00-\x1f\x7f]{1,100}$"
Name = Annotated[str, Field(pattern=_LINE)]
Short = Annotated[str, Field(min_length=1, max_length=100, description="base64url without =")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BeginIn(_Body):
    """Who is about to sign in."""

    name: Name


class BeginOut(BaseModel):
    """What the passphrase is derived with. A name that does not exist gets one, too."""

    salt: str
    suite: str = Field(description="of the key that she makes if she has none; alike for all")


class SetupIn(_Body):
    """What the browser made at the first sign-in."""

    name: Name
    setup_code: Annotated[str, Field(pattern=_LINE)]
    salt: Short
    sign_in: Short
    public_key: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43,1622}$")]
    wrapped: Annotated[
        str,
        Field(
            pattern=r'^\{"iv":"[A-Za-z0-9_-]{16}","ct":"[A-Za-z0-9_-]{86}([A-Za-z0-9_-]{8})?"\}$'
        ),
    ]


class SignInIn(_Body):
    """A try to sign in."""

    name: Name
    sign_in: Short
    code: Code = Field("", description="of her phone or a recovery code, if she has them")


class SignInOut(BaseModel):
    """A sign-in. The token is for the page's memory only."""

    token: str
    offices: list[str]
    wrapped: str = Field(description="her private key, wrapped with a key of the passphrase")
    second_factor: Standing


class WordsOut(BaseModel):
    """The words of the pages in one language."""

    lang: str
    languages: list[str]
    words: dict[str, str]
    demo: bool = Field(description="nothing here is real, and the pages say so")


class AccountApi:
    """The endpoints around signing in."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns, guard: SecondGuard) -> None:
        self._deps = deps
        self._sign_ins = sign_ins
        self._guard = guard
        self._pacing = Pacing(deps.attempts, deps.sleep)
        self._words = Words(deps.messages, deps.demo)

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoints."""
        router.add_api_route("/strings", self.strings, methods=["GET"])
        router.add_api_route("/begin", self.begin, methods=["POST"])
        router.add_api_route("/setup", self.setup, methods=["POST"], status_code=204)
        router.add_api_route("/sign-in", self.sign_in, methods=["POST"])
        router.add_api_route("/sign-out", self.sign_out, methods=["POST"], status_code=204)

    async def strings(self, lang: str = "en") -> WordsOut:
        """The words of the pages; English when there is no such language."""
        return WordsOut.model_validate(self._words.speak(lang))

    async def begin(self, body: BeginIn) -> BeginOut:
        """The salt of an account.

        Whether the account has a key already is not told: a stranger could tell from it who has
        been invited.
        """
        salt, _ = await asyncio.to_thread(self._deps.accounts.begin, body.name)
        return BeginOut(salt=to_text(salt), suite=SUITE_NAMES[self._deps.suite])

    async def setup(self, request: Request, body: SetupIn) -> Response:
        """Store the key that the browser made, and spend the setup code."""
        salt = _bytes(body.salt, SALT_BYTES, "salt")
        sign_in = _bytes(body.sign_in, _SECRET_BYTES, "sign_in")
        try:
            public_key = PublicKey.from_text(body.public_key)
        except ValueError:
            raise _malformed("public_key") from None
        if public_key.kem != self._deps.suite:
            # The setting was changed while her page was open. The code is not spent by this.
            raise Problem(409, "Key of another kind", "Load the page again, and make the key anew.")
        finish = self._deps.accounts.finish_setup
        given = (body.name, body.setup_code, salt, sign_in, public_key, body.wrapped)
        async with self._pacing.one_try(plain_name(body.name), self._deps.client(request)) as one:
            try:
                await asyncio.to_thread(finish, *given)
            except SetupRefused:
                raise Problem(
                    403, "Setup refused", "Ask for a new setup code if this one was used."
                ) from None
            one.right = True
        return Response(status_code=204)

    async def sign_in(self, request: Request, body: SignInIn) -> SignInOut:
        """Sign in; one answer for an unknown name, a wrong passphrase and a wrong code."""
        secret = _bytes(body.sign_in, _SECRET_BYTES, "sign_in")
        async with self._pacing.one_try(plain_name(body.name), self._deps.client(request)) as one:
            account = await asyncio.to_thread(self._deps.accounts.sign_in, body.name, secret)
            one.right = await self._guard.lets_in(plain_name(body.name), account, body.code)
        if account is None or not one.right:
            raise Problem(403, "Sign-in refused", "Check the name, the passphrase and the code.")
        second = await asyncio.to_thread(standing, self._deps, account)
        return SignInOut(
            token=await self._sign_ins.begin(account),
            offices=list(account.offices),
            wrapped=account.wrapped,
            second_factor=second.second_factor,
        )

    async def sign_out(self, request: Request) -> Response:
        """Forget this sign-in."""
        await self._sign_ins.end(request)
        return Response(status_code=204)


def _bytes(text: str, length: int, field: str) -> bytes:
    try:
        raw = from_text(text)
    except ValueError:
        raise _malformed(field) from None
    if len(raw) != length:
        raise _malformed(field)
    return raw


def _malformed(field: str) -> Problem:
    return Problem(422, "Not as described", f"Send {field} as /openapi.json describes it.")
