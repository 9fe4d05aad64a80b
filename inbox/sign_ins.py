"""Who is signed in: a random bearer token that only the page's memory holds."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from inbox.ports import Shelf
from inbox.problems import Problem, not_signed_in
from vault.stores.accounts import Account, AccountStore

#: However busy she is; a working day.
LONGEST = timedelta(hours=10)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in.

    Args:
        account_id: who she is.
        name: what she signs in with.
        offices: whose cases she sees; ``task-force`` opens the Task Force's room.
    """

    account_id: str
    name: str
    offices: tuple[str, ...]


class SignIns:
    """The sign-ins of the service.

    Args:
        shelf: forgets a sign-in that nobody uses.
        accounts: asked at each request, so that whoever is removed is out at once.
        clock: the time now.
        admits: whether she may do more than to set up what her office wants; asks the database.
    """

    def __init__(
        self,
        shelf: Shelf,
        accounts: AccountStore,
        clock: Callable[[], datetime],
        admits: Callable[[Account], bool],
    ) -> None:
        self._admits = admits
        self._shelf = shelf
        self._accounts = accounts
        self._clock = clock

    async def begin(self, account: Account) -> str:
        """Remember that she signed in; returns the token, which is kept nowhere here."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        until = (self._clock() + LONGEST).timestamp()
        await self._shelf.put(token, {"account": account.account_id, "until": until})
        return token

    async def who(self, request: Request) -> SignedIn:
        """Who sends this request.

        Raises:
            Problem: 401, when there is no token or its sign-in has ended; 403, when her office
                wants a second factor and she has none yet.
        """
        account = await self.account(request)
        if not await asyncio.to_thread(self._admits, account):
            raise Problem(403, "Second factor needed", "Switch a second factor on first.")
        return SignedIn(account.account_id, account.name, account.offices)

    async def account(self, request: Request) -> Account:
        """The same for what she may do before she has a second factor.

        Raises:
            Problem: 401, when there is no token or its sign-in has ended.
        """
        token = bearer(request)
        entry = await self._shelf.get(token)
        if entry is None:
            raise not_signed_in()
        account = await asyncio.to_thread(self._accounts.get, entry["account"])
        if account is None or self._clock().timestamp() > entry["until"]:
            await self._shelf.delete(token)
            raise not_signed_in()
        await self._shelf.put(token, entry)
        return account

    async def end(self, request: Request) -> None:
        """Sign out."""
        await self._shelf.delete(bearer(request))


def bearer(request: Request) -> str:
    """The bearer token of a request (RFC 6750).

    Raises:
        Problem: 401, when there is none.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise not_signed_in()
    return token
