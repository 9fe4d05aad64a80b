"""The gate's words for a browser: what `web/held/gate.js` looks for in a text that stays there.

The phrases are given as trees, made ready by the same reader that the gate itself uses: a word is
a text, a gap a number, alternatives ``["|", …]``, something that may be missing ``["?", part]``,
parts one after the other ``[…]``; what occurs several times stands once in ``parts`` and is named
``"{7"``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.gate_files import DANGERS, read_gate_file
from bot.phrases import Gap, Maybe, OneOf, Part, Row, Word
from bot.voices import Phrases, Sounds

Tree = str | int | list[Any]


def browser_gate(folder: Path, lang: str) -> dict[str, Any]:
    """What a browser needs to recognise commands and danger in one language.

    Args:
        folder: ``content/gate``.
        lang: one of the six.

    Raises:
        ContentError: the language's file cannot be used as it stands.
    """
    file, plain, heard = read_gate_file(folder, lang)
    own = Phrases(commands=list(file.own_chat))
    voices = [_voice(plain, own, None)]
    if heard is not None:
        sounds, phrases = heard
        voices.append(_voice(phrases, Phrases(), sounds))
    return {
        "lang": lang,
        "dangers": DANGERS,
        "spellings": {word: list(means) for word, means in file.spelling.means.items()},
        "polite": sorted(" ".join(phrase) for phrase in file.polite),
        "joiners": sorted(file.joiners),
        "voices": voices,
    }


def _voice(phrases: Phrases, own: Phrases, sounds: Sounds | None) -> dict[str, Any]:
    shelf = _Shelf()
    commands = [*phrases.commands, *own.commands]
    kept: dict[str, Any] = {
        "commands": [[kind, part] for part, kind in commands],
        "not_commands": [part for part, _ in phrases.not_commands],
        "crisis": [[rank, part] for part, rank in sorted(phrases.crisis, key=lambda c: c[1])],
        "not_crisis": [part for part, _ in phrases.not_crisis],
    }
    for part in _parts(kept):
        shelf.count(part)
    span = max(
        (part.span() for part in _parts({"x": [kept["crisis"], kept["not_crisis"]]})), default=0
    )
    found = {name: shelf.trees(listed) for name, listed in kept.items()}
    voice = {**found, "span": span, "parts": shelf.shared}
    if sounds is not None:
        letters = {chr(code): latin for code, latin in sounds.letters.items()}
        voice["sounds"] = {"letters": letters, "rules": [list(rule) for rule in sounds.rules]}
    return voice


def _parts(node: Any) -> Iterable[Part]:
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _parts(inner)
    elif not isinstance(node, str | int):
        yield node


class _Shelf:
    """Trees, with what occurs more than once kept apart."""

    def __init__(self) -> None:
        self._seen: Counter[Part] = Counter()
        self._place: dict[Part, int] = {}
        self.shared: list[Tree] = []

    def count(self, part: Part) -> None:
        self._seen[part] += 1
        if self._seen[part] == 1:
            for inner in getattr(part, "parts", ()):
                self.count(inner)
            if isinstance(part, Maybe):
                self.count(part.part)

    def trees(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.trees(inner) for inner in node]
        return node if isinstance(node, str | int) else self._tree(node)

    def _tree(self, part: Part) -> Tree:
        if isinstance(part, Word):
            return part.key
        if isinstance(part, Gap):
            return part.most
        if isinstance(part, Maybe):
            return ["?", self._tree(part.part)]
        if part not in self._place and self._seen[part] > 1:
            tree = self._bare(part)
            self._place[part] = len(self.shared)
            self.shared.append(tree)
        if part in self._place:
            return "{" + str(self._place[part])
        return self._bare(part)

    def _bare(self, part: Part) -> Tree:
        if not isinstance(part, OneOf | Row):
            raise TypeError("a kind of part that no browser knows")
        trees = [self._tree(inner) for inner in part.parts]
        return ["|", *trees] if isinstance(part, OneOf) else trees
