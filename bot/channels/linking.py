"""A focal point lets this channel know her: a line from her inbox page, sent from her own phone.

So nobody types numbers, and nobody is written to who has not written first. The line is no part of
a conversation: it is heard at the door, where the address still is, and neither gate nor engine
learns of it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

#: Told channel, code and address; the language to answer in, or ``None`` when the code is wrong.
Claim = Callable[[str, str, str], Awaitable[str | None]]

#: What the line begins with. One word, so that it can be typed, and nothing that tells.
WORD = "NOTICE"

_LINE = re.compile(rf"\s*{WORD}((?:[\s-]*[0-9A-Z]){{16}})\s*", re.IGNORECASE)


def line(code: str) -> str:
    """What she sends.

    Args:
        code: sixteen signs, in groups or not.
    """
    return f"{WORD} {code}"


def read_line(text: str) -> str | None:
    """The code of such a line, its signs alone; ``None`` for everything else that is said."""
    found = _LINE.fullmatch(text)
    return None if found is None else re.sub(r"[\s-]", "", found[1]).upper()
