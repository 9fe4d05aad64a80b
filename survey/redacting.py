"""What may leave of the own words of those who answered: a paraphrase or a theme that two people
agreed on, and nothing else.

The original is shown on the terminal of someone who holds the Task Force's key, and written
nowhere. Texts come in an order that has nothing to do with people: nobody sees which texts are of
one person.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey.model import Instrument
from survey.pointers import pointers
from survey.tables import LEAST, rounded
from vault.keys import PrivateKey
from vault.redactions import Redaction, text_id

_MOST_WORDS = 300
_MOST_THEME = 60
#: So many words in a row, or so many signs of a script without spaces, are a quotation.
_RUN_WORDS = 5
_RUN_SIGNS = 10


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One text as it was written. It is never stored and never in a log."""

    text_id: str
    item: str
    text: str


def own_words(
    answers: Iterable[Mapping[str, Any]], instrument: Instrument, key: PrivateKey
) -> list[OwnWords]:
    """Every free text of a round, in the order of names that only the key can compute.

    Args:
        answers: item id to answer, one mapping a person.
        instrument: the questionnaire.
        key: the Task Force's.
    """
    items = [item.id for item in instrument.items() if item.kind == "text"]
    found = {
        (name := text_id(given[item], item, key)): OwnWords(name, item, given[item])
        for given in answers
        for item in items
        if given.get(item)
    }
    return [found[name] for name in sorted(found)]


def objections(kind: str, words: str, original: str) -> list[str]:
    """Why words may not leave in the place of a text; empty when nothing was noticed.

    Nothing noticed does not mean that nothing is there: two people read it for that.

    Args:
        kind: ``words`` or ``theme``.
        words: what is proposed.
        original: what was written.
    """
    found = []
    most = _MOST_THEME if kind == "theme" else _MOST_WORDS
    if not words.strip():
        found.append("it is empty")
    if len(words) > most:
        found.append(f"it is longer than {most} signs")
    if not words.isprintable():
        found.append("it has signs that cannot be printed")
    if _quotes(words, original):
        found.append("it quotes the text; say it in other words")
    found += [f"it has what could be a {what}" for what in pointers(words)]
    return found


def _quotes(words: str, original: str) -> bool:
    mine, theirs = _plain(words), _plain(original)
    said, written = mine.split(), " ".join(theirs.split())
    if any(_is_cjk(sign) for sign in mine):
        tight, source = "".join(said), written.replace(" ", "")
        return any(
            tight[at : at + _RUN_SIGNS] in source for at in range(len(tight) - _RUN_SIGNS + 1)
        )
    runs = (
        " ".join(said[at : at + _RUN_WORDS]) for at in range(max(len(said) - _RUN_WORDS + 1, 0))
    )
    return any(f" {run} " in f" {written} " for run in runs)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", text).casefold())


def _is_cjk(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def exported(
    redactions: Iterable[Redaction], round_id: str, instrument: Instrument
) -> dict[str, Any]:
    """What leaves: by question, the agreed words and themes, sorted; no name of any text.

    A theme's number is given only from 10 on, and rounded.

    Args:
        redactions: only those that two different people signed are taken.
        round_id: the round.
        instrument: the questionnaire.
    """
    settled = [one for one in redactions if one.settled(round_id)]
    questions = []
    for item in instrument.items():
        mine = [one for one in settled if one.item == item.id]
        themes = Counter(one.words for one in mine if one.kind == "theme")
        if item.kind == "text":
            questions.append(
                {
                    "item": item.id,
                    "question": item.text["en"],
                    "words": sorted({one.words for one in mine if one.kind == "words"}),
                    "themes": [
                        {"theme": theme, "about": rounded(count) if count >= LEAST else None}
                        for theme, count in sorted(themes.items())
                    ],
                }
            )
    return {"speaksafe_themes": 1, "round": round_id, "questions": questions}


def exported_json(document: dict[str, Any]) -> bytes:
    """The bytes of what leaves; the same agreements always give the same."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
