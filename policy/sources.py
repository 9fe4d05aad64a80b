"""The register of sources: who says it, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue import load_yaml
from policy import fields

#: How sure the writers of an answer are. "found": read in this source. "found-dated": read, but
#: old or archived. "background-…": general knowledge that no page confirmed.
CONFIDENCES = ("found", "found-dated", "background-high", "background-medium")

FILE = "sources.yml"
_KEYS = frozenset({"name", "date", "where"})


@dataclass(frozen=True, slots=True)
class Source:
    """Something an answer rests on.

    Args:
        name: who says it and in what, in each language.
        date: ``2019`` or ``07/2019``; ``None`` when the source bears no date.
        where: how a reviewer finds it again; people are never shown this.
    """

    name: Mapping[str, str]
    date: str | None
    where: str


def load_sources(folder: Path, languages: tuple[str, ...]) -> dict[str, Source]:
    """Read the register ``sources.yml``.

    Args:
        folder: ``content/policy``.
        languages: those in which every name must be given.

    Raises:
        ContentError: a field or a language is missing.
    """
    path = folder / FILE
    register = fields.mapping(path, load_yaml(path), 1, "the register")
    found = {}
    for key, value in register.items():
        node = fields.mapping(path, value, register.line_of(key), f"'{key}'")
        fields.only(path, node, _KEYS)
        undated = node.get("date") == "undated"
        found[key] = Source(
            name=fields.per_language(path, node, "name", languages),
            date=None if undated else fields.month(path, node, "date"),
            where=fields.text(path, node, "where"),
        )
    return found
