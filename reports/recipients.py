"""Whom a report, or what is added to it, is sealed to; and asking a store, which blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

from reports.destination import Destination
from reports.errors import NoRecipient, OtherRecipients, OutOfReach
from vault.errors import SealingError
from vault.keys import PublicKey
from vault.sealing import key_ids
from vault.stores.accounts import AccountStore
from vault.stores.keys import KeyStore
from vault.stores.readers import Readers

P = ParamSpec("P")
R = TypeVar("R")


class Recipients:
    """Knows the keys of those who are to read.

    Args:
        accounts: the focal points'.
        keys: the recovery keys.
        readers: who may read a case that exists.
    """

    def __init__(self, accounts: AccountStore, keys: KeyStore, readers: Readers) -> None:
        self._accounts = accounts
        self._keys = keys
        self._readers = readers

    async def of_new(self, to: Destination) -> list[PublicKey]:
        """The office's focal points, those of its standby, and the recovery keys.

        The last two alone are not enough: then nobody would read it now. Whoever is of an office
        that is shut out as well is left out.

        Raises:
            NoRecipient: nobody in that office has a key.
        """
        first = await asyncio.to_thread(self._accounts.public_keys, [to.office], to.shut_out)
        if not first:
            raise NoRecipient
        both = [to.office, to.standby] if to.standby else [to.office]
        focal_points = await asyncio.to_thread(self._accounts.public_keys, both, to.shut_out)
        return [*focal_points, *await asyncio.to_thread(self._keys.all, "recovery")]

    async def of_case(self, case_id: str) -> list[PublicKey]:
        """The same for a case that exists, without those who stepped aside from it.

        Raises:
            NoRecipient: nobody is left, or the case was deleted.
        """
        focal_points = await asyncio.to_thread(self._readers.recipients, case_id)
        if not focal_points:
            raise NoRecipient
        return [*focal_points, *await asyncio.to_thread(self._keys.all, "recovery")]


def check(envelope: bytes, recipients: Sequence[PublicKey]) -> None:
    """What nobody could open, or somebody else could, is never stored.

    Raises:
        OtherRecipients: it is sealed to others than these.
    """
    expected = sorted({key.key_id for key in recipients})
    try:
        named = sorted(key_ids(envelope))
    except SealingError:
        raise OtherRecipients from None
    if named != expected:
        raise OtherRecipients


async def ask(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Ask a store in a thread.

    Raises:
        OutOfReach: it cannot be asked; why is not told, because it may quote what is stored.
    """
    try:
        return await asyncio.to_thread(call, *args, **kwargs)
    except Exception:
        raise OutOfReach from None
