"""What a pressed or typed choice means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.numerals import as_number

_INTENTS = {
    "menu:main": "greet",
    "menu:start": "greet",
    "menu:policy": "menu_policy",
    "menu:survey": "menu_survey",
    "menu:report": "menu_report",
    "menu:return": "menu_return",
    "menu:support": "menu_support",
    "do:source": "source",
    "do:repeat": "repeat",
}

#: What the choices of walks begin with: a walk answers them without machine learning.
OF_WALKS = ("do:", "opt:", "part:", "edit:", "held:", "files:")

#: The grammar of choice values; whatever else arrives was made up.
VALUE = re.compile(r"[a-z]+(:[A-Za-z0-9_.-]+){1,3}")


def intent_of(value: str) -> str:
    """The intent that a choice stands for, e.g. ``topic:deadlines`` → ``faq/deadlines``."""
    if value.startswith("topic:"):
        return "faq/" + value.removeprefix("topic:")
    return _INTENTS.get(value, "choose")


def named(text: str, offered: Sequence[tuple[str, str]], *, free: bool) -> str | None:
    """The value of the choice that a typed text names by its label or its number.

    Args:
        text: what was typed.
        offered: label and value of each choice, in the order of the numbers shown.
        free: her own words were asked for; a bare number is then hers.
    """
    said = _plain(text)
    if not said:
        return None
    for label, value in offered:
        if said == _plain(label):
            return value
    if free:
        return None
    number = as_number(text)
    if number is not None and 1 <= number <= len(offered):
        return offered[number - 1][1]
    return None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
