"""Reading one field of a content file, with an error that names its line and what to mend."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from catalogue import ContentError, Located
from catalogue.messages import LANGUAGES

#: A year, or a year and a month.
_MONTH = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")


def mapping(path: Path, value: object, line: int, what: str) -> Located:
    """``value`` as a mapping.

    Raises:
        ContentError: it is something else.
    """
    if not isinstance(value, Located):
        raise ContentError(path, line, f"{what} is not a mapping", "write 'key: value' lines")
    return value


def only(path: Path, node: Located, allowed: Collection[str]) -> None:
    """Refuse a key that nobody reads: it is a slip of the pen, or a language that is unknown.

    Raises:
        ContentError: there is such a key.
    """
    for key in node:
        if key not in allowed:
            raise ContentError(
                path, node.line_of(key), f"'{key}' is unknown", f"use {', '.join(sorted(allowed))}"
            )


def text(path: Path, node: Located, key: str) -> str:
    """The words under ``key``.

    Raises:
        ContentError: they are missing, empty, or no text.
    """
    value = node.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ContentError(
            path, node.line_of(key), f"'{key}' is missing or is no text", "write it in quotes"
        )
    return value.strip()


def texts(path: Path, node: Located, key: str) -> tuple[str, ...]:
    """The list of texts under ``key``.

    Raises:
        ContentError: it is missing, empty, or holds something that is no text.
    """
    value = node.get(key)
    if not isinstance(value, list) or not value:
        raise ContentError(
            path, node.line_of(key), f"'{key}' is missing or is no list", "write it as a list"
        )
    if not all(isinstance(item, str) and item.strip() for item in value):
        raise ContentError(
            path, node.line_of(key), f"'{key}' holds something that is no text", "use quotes"
        )
    return tuple(item.strip() for item in value)


def per_language(path: Path, node: Located, key: str, languages: Iterable[str]) -> dict[str, str]:
    """The words under ``key``, one text for each language.

    Raises:
        ContentError: one of ``languages`` is missing, or a language is unknown.
    """
    found = mapping(path, node.get(key), node.line_of(key), f"'{key}'")
    only(path, found, LANGUAGES)
    for lang in languages:
        if lang not in found:
            raise ContentError(
                path, node.line_of(key), f"'{key}' has no '{lang}'", "translate it from English"
            )
    return {lang: text(path, found, lang) for lang in found}


def month(path: Path, node: Located, key: str) -> str:
    """A year or a year and month under ``key``, as people read it: ``2019`` or ``07/2019``.

    Raises:
        ContentError: it is neither.
    """
    found = _MONTH.fullmatch(text(path, node, key))
    if not found:
        raise ContentError(
            path, node.line_of(key), f"'{key}' is no month", 'write it like "2026-11" or "2026"'
        )
    year, number = found.groups()
    return f"{number}/{year}" if number else year
