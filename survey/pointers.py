"""Signs in a free text that could tell a reader who is meant.

A gentle reminder for the writer, nothing more: it misses much, above all in languages without
capital letters, and no text is ever held to be safe because nothing was found in it.
"""

from __future__ import annotations

import re
from typing import Literal

Pointer = Literal["contact", "date", "number", "name"]

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|"
    "décembre|decembre"
)
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_CONTACT = re.compile(r"\S+@\S+|https?://|www\.|(?:^|\s)@\w{3,}|\+?\d[\d\s().-]{6,}\d")
_DATE = re.compile(
    rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er)?\s+(?:of\s+)?(?:{_MONTHS})\b"
    rf"|\b(?:{_MONTHS})\s+\d{{1,4}}\b|\b(?:in|since|until|en|depuis|jusqu.en)\s+(?:{_MONTHS})\b"
    rf"|\b(?:{_DAYS})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{3,}|\b[A-Z]+-?\d+\b|\b[PDG]-?\d\b")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Mme|Mlle|M|Monsieur|Madame|Docteur)\b\.?\s+[A-ZÀ-Ý]")
_CAPITAL = re.compile(r"(?<![.?!…:\n\"“«’'])(?<!^)\s+([A-ZÀ-Ý][\w’'-]+)")
_ACRONYM = re.compile(r"\b[A-Z]{2,8}\b")

#: Words with a capital letter, or in capitals, that point to nobody.
_HARMLESS_TEXT = """
I HR RH UN ONU OK ID IT PC SMS TV EU UE VIP FAQ English French Spanish Arabic Russian
Chinese Nations Unies United God Dieu NO NOT VERY NON PAS TRÈS AND THE ALL
"""
_HARMLESS = frozenset(_HARMLESS_TEXT.split())


def pointers(text: str) -> tuple[Pointer, ...]:
    """What in a text could point to somebody, in a fixed order.

    Args:
        text: what the person wrote; it is looked at and not kept.
    """
    found: list[Pointer] = []
    if _CONTACT.search(text):
        found.append("contact")
    if _DATE.search(text):
        found.append("date")
    if _NUMBER.search(_DATE.sub(" ", _CONTACT.sub(" ", text))):
        found.append("number")
    if _names(text):
        found.append("name")
    return tuple(found)


def _names(text: str) -> bool:
    if _TITLE.search(text):
        return True
    shouted = text.upper() == text  # all in capitals: letters say nothing
    words = [] if shouted else [*_CAPITAL.findall(text), *_ACRONYM.findall(text)]
    calendar = re.compile(rf"(?:{_MONTHS}|{_DAYS})", re.IGNORECASE)
    return any(
        re.split(r"[’']", word)[0] not in _HARMLESS and not calendar.fullmatch(word)
        for word in words
    )
