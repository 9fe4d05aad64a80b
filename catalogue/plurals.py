"""Which form of a message a number takes, by the rules of each language (Unicode CLDR)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale

#: The names that CLDR gives to the forms (Unicode Technical Standard 35, part 3, 5).
CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})

#: Numbers in messages are counts of answers, days or characters; forms that only a million takes
#: (the "many" of French and Spanish) are not asked of a translator.
_COUNTED = range(1000)


def category(lang: str, number: int) -> str:
    """The form that a number takes.

    Args:
        lang: the language (ISO 639-1).
        number: what is counted.
    """
    found = _locale(lang).plural_form(number)
    return found if found in categories(lang) else "other"


@cache
def categories(lang: str) -> frozenset[str]:
    """The forms that a message with a count needs in a language; ``other`` is always one."""
    rule = _locale(lang).plural_form
    return frozenset({rule(number) for number in _COUNTED} | {"other"})


def is_plural(node: Mapping[str, object]) -> bool:
    """Whether a mapping of the catalogue holds the forms of one text, and no texts of their own."""
    return "other" in node and node.keys() <= CATEGORIES


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(lang)
