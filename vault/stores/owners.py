"""Owners of offices: accounts that see an office's trail, and nothing of its cases.

An owner stands among an account's offices as ``owner:<office>``. No case ever goes to an office of
that name, so nothing is sealed to her, nothing is handed to her, and no list shows her a case: that
holds without a check that somebody could forget.
"""

from __future__ import annotations

from collections.abc import Iterable

from vault.errors import MixedAccount

_MARK = "owner:"


def owner_of(office: str) -> str:
    """What an owner's account has in place of the office.

    Args:
        office: an id of routes.yml.
    """
    return _MARK + office


def owned(offices: Iterable[str]) -> tuple[str, ...]:
    """The offices whose trail an account may see.

    Args:
        offices: of the account.
    """
    return tuple(one.removeprefix(_MARK) for one in offices if one.startswith(_MARK))


def refuse_mixed(offices: Iterable[str]) -> None:
    """An account is for cases or for the trail, never for both.

    Args:
        offices: what an account has and is to have.

    Raises:
        MixedAccount: it would be both.
    """
    if len({one.startswith(_MARK) for one in offices}) > 1:
        raise MixedAccount
