"""Taking the fields of a YAML mapping, noting each one that is not as it should be."""

from __future__ import annotations

from typing import Any

from catalogue import Located
from survey.conditions import Condition, ConditionError
from survey.model import Problem, Words


class Fields:
    """What all parts of an instrument file have in common; collects ``problems``.

    A field that is wrong gives an empty value of the right type, so that one mistake does not
    hide the next.
    """

    def __init__(self, root: Located) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.languages = self._languages()

    def note(self, line: int, problem: str, remedy: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(line, problem, remedy))

    def keys(self, node: Located, allowed: list[str]) -> None:
        """Refuse keys that mean nothing."""
        for key in node:
            if key not in allowed:
                self.note(
                    node.line_of(key), f"'{key}' means nothing here", f"use {', '.join(allowed)}"
                )

    def mapping(self, node: Located, key: str) -> Located:
        """A mapping that must be there."""
        value = node.get(key)
        if isinstance(value, Located):
            return value
        self.note(node.line_of(key), f"'{key}' is missing", f"write '{key}:' with its parts below")
        return Located(node.line_of(key))

    def rows(self, node: Located, key: str) -> list[Any]:
        """A list that must be there and not be empty."""
        value = node.get(key)
        if isinstance(value, list) and value:
            return value
        self.note(node.line_of(key), f"'{key}' is missing", f"write '{key}:' with a list below")
        return []

    def text(self, node: Located, key: str) -> str:
        """A text that must be there."""
        value = node.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.note(node.line_of(key), f"'{key}' is not a text", "write it, in quotes")
        return ""

    def number(self, node: Located, key: str, default: int | None = None) -> int:
        """A whole number above 0."""
        value = node.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.note(node.line_of(key), f"'{key}' is not a number above 0", "write a whole number")
        return 1

    def names(self, node: Located, key: str) -> tuple[str, ...]:
        """A list of texts, empty when it is missing."""
        value = node.get(key, [])
        if isinstance(value, list) and all(isinstance(name, str) for name in value):
            return tuple(value)
        self.note(node.line_of(key), f"'{key}' is not a list of names", f"write {key}: [a, b]")
        return ()

    def words(self, node: Located, key: str) -> Words:
        """A text in every language."""
        value = node.get(key)
        if not isinstance(value, Located):
            self.note(
                node.line_of(key),
                f"'{key}' has no words",
                f"write it in {', '.join(self.languages)}",
            )
            return dict.fromkeys(self.languages, "")
        self._complete(value, key)
        return {lang: value[lang].strip() for lang in self.languages if value.get(lang)}

    def maybe(self, node: Located, key: str) -> Words | None:
        """A text in every language, or nothing."""
        return self.words(node, key) if key in node else None

    def paragraphs(self, node: Located, key: str) -> dict[str, tuple[str, ...]]:
        """A list of texts in every language."""
        value = self.mapping(node, key)
        found: dict[str, tuple[str, ...]] = {}
        for lang in self.languages:
            texts = value.get(lang)
            if isinstance(texts, list) and texts and all(isinstance(t, str) for t in texts):
                found[lang] = tuple(t.strip() for t in texts)
            else:
                self.note(
                    value.line_of(lang), f"'{key}' is missing in '{lang}'", "write a list of texts"
                )
        return found

    def _complete(self, value: Located, key: str) -> None:
        for lang in self.languages:
            text = value.get(lang)
            if not isinstance(text, str) or not text.strip():
                self.note(
                    value.line_of(lang), f"'{key}' is missing in '{lang}'", f"add '{lang}:' to it"
                )
                value[lang] = ""
        for lang in value:
            if lang not in self.languages:
                self.note(
                    value.line_of(lang),
                    f"'{key}' has the language '{lang}'",
                    "add it to 'languages' at the top, or remove it",
                )

    def _languages(self) -> tuple[str, ...]:
        found = self.names(self.root, "languages")
        if "en" not in found:
            self.note(self.root.line_of("languages"), "English is missing", "add 'en'")
        return found or ("en",)

    def condition(self, node: Located, key: str) -> Condition:
        """A condition, parsed."""
        source = self.text(node, key)
        try:
            return Condition.parse(source) if source else Condition("", ())
        except ConditionError as error:
            self.note(
                node.line_of(key),
                f"the condition '{error}' cannot be read",
                "write 'Q7 has a, b', 'Q7 has other than a' or 'Q7 lacks a'",
            )
            return Condition(source, ())
