"""The glossary's words: what to avoid, and what has one name only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from catalogue import load_yaml
from tests.texts.plain import bare, plain
from tests.texts.read import CONTENT, Text, everything

_TERMS = Path(__file__).parent / "terms.yml"


@cache
def glossary() -> Any:
    """The glossary: term, then language, then what to say, to avoid, and where it was seen."""
    return load_yaml(CONTENT / "glossary.yml")


@cache
def terms() -> dict[str, dict[str, re.Pattern[str]]]:
    """The terms that have one name in each language, as patterns for plain texts."""
    return {
        term: {lang: re.compile(bare(pattern)) for lang, pattern in names.items()}
        for term, names in load_yaml(_TERMS).items()
    }


@cache
def to_avoid(lang: str) -> dict[str, re.Pattern[str]]:
    """The words that must not stand in anything people read."""
    words = [word for term in glossary().values() for word in term[lang].get("avoid", ())]
    return {word: re.compile(_in_any_form(lang, plain(word))) for word in words}


def avoided(text: Text) -> Iterator[str]:
    """The words to avoid that one text has all the same."""
    said = plain(text.text)
    yield from (word for word, form in to_avoid(text.lang).items() if form.search(said))


def renamed(lang: str) -> Iterator[str]:
    """Units whose English has a term, and whose translation has another word for it."""
    texts: dict[str, dict[str, str]] = {}
    for text in everything():
        known = texts.setdefault(text.unit, {})
        known[text.lang] = f"{known.get(text.lang, '')} / {plain(text.text)}"
    for unit, said in texts.items():
        if unit.startswith(("policy/sources/", "messages/sms.")):
            continue  # names of documents, as their owners gave them; texts that name nothing
        for term, names in terms().items():
            if names["en"].search(said["en"]) and not names[lang].search(said[lang]):
                yield f"{unit} [{lang}]: {term}"


def _in_any_form(lang: str, word: str) -> str:
    """A pattern for a word and its endings: Russian has many, Chinese has none."""
    if lang in ("zh", "ar"):
        return re.escape(word)
    if lang == "ru":
        stem = word.rstrip("аеиоуыьйюя")
        endings = r"\w{0,3}" if len(stem) > 4 else "[аеиоуыйюя]{0,2}"
        return rf"\b{re.escape(stem)}{endings}\b"
    return rf"\b{re.escape(word)}(?!\w{{2}})"
