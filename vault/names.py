"""How the name of an account is compared: one person, however she or an operator types it."""

from __future__ import annotations

import unicodedata


def plain_name(name: str) -> str:
    """The one form of a name that is kept and looked up.

    Without it, a name that is typed in another Unicode form (an accent as a letter of its own, a
    full-width letter) or with a space would be taken for a stranger, and an invitation would take
    from its owner what she has.

    Args:
        name: as it was typed; case makes no difference.
    """
    # Never to be changed: accounts are stored under what this gives.
    return unicodedata.normalize("NFKC", name).strip().casefold()
