"""Who is signed in: a random bearer token that only the page's memory holds."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from inbox.ports import Shelf
from inbox.problems import not_signed_in
from vault.stores.accounts import Account

#: However busy she is; a working day.
LONGEST = timedelta(hours=10)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in.

    Args:
        offices: whose cases she sees; ``task-force`` opens the Task Force's room.
    """

    offices: tuple[str, ...]


class SignIns:
    """The sign-ins of the service.

    Args:
        shelf: forgets a sign-in that nobody uses.
        clock: the time now.
    """

    def __init__(self, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._clock = clock

    async def begin(self, account: Account) -> str:
        """Remember that she signed in; returns the token, which is kept nowhere here."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        until = (self._clock() + LONGEST).timestamp()
        await self._shelf.put(token, {"offices": list(account.offices), "until": until})
        return token

    async def who(self, request: Request) -> SignedIn:
        """Who sends this request.

        Raises:
            Problem: 401, when there is no token or its sign-in has ended.
        """
        token = bearer(request)
        entry = await self._shelf.get(token)
        if entry is None:
            raise not_signed_in()
        if self._clock().timestamp() > entry["until"]:
            await self._shelf.delete(token)
            raise not_signed_in()
        await self._shelf.put(token, entry)
        return SignedIn(tuple(entry["offices"]))

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
