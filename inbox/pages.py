"""The words of the pages. The pages themselves are files, the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.messages import BASE, Messages, Written, placeholders

_PART = "inbox."
#: What the reporter reads about a status. Focal points see her very words, not a copy of them.
_SEEN = "return.status."
#: Results that are made at the Task Force's page.
_RESULTS = "results."
#: Further parts, under their own names.
_MORE = ("account.", "did.", "kept.", "owner.")
#: What the browser fills in. A message with another placeholder is found when the service starts.
_PLACEHOLDERS = ("ago", "count", "date", "language", "name", "number", "reason", "status")


def strings(messages: Messages, lang: str) -> dict[str, str | Mapping[str, str]]:
    """The words in one language: key without ``inbox.``, then text with its placeholders.

    A message that counts is given with all its plural forms; the browser knows the rules, too.

    What the reporter sees of each status is added as ``seen.<status>``, and the words for making
    results as ``results.<name>``.

    Args:
        lang: one of ``messages.languages``.

    Raises:
        KeyError: a message has a placeholder that the pages do not fill.
    """
    parts = {_PART: "", _SEEN: "seen.", _RESULTS: _RESULTS} | {name: name for name in _MORE}
    return {
        prefix + key.removeprefix(part): _whole(key, messages.written(lang, key))
        for part, prefix in parts.items()
        for key in sorted(messages.keys(lang))
        if key.startswith(part)
    }


def _whole(key: str, texts: tuple[Written, ...]) -> str | Mapping[str, str]:
    if surprising := placeholders(texts) - set(_PLACEHOLDERS):
        raise KeyError(f"'{key}' has placeholders no page fills: {', '.join(sorted(surprising))}")
    if len(texts) == 1:
        return texts[0]
    return "\n\n".join(text for text in texts if isinstance(text, str))


class Words:
    """The words of the pages in every language, checked once.

    Args:
        demo: let the pages say that nothing in them is real.
    """

    def __init__(self, messages: Messages, demo: bool) -> None:
        self._words = {lang: strings(messages, lang) for lang in messages.languages}
        self._demo = demo

    def speak(self, lang: str) -> dict[str, object]:
        """What a page is given: the language it gets, those it may ask for, and the words."""
        found = lang if lang in self._words else BASE
        languages = list(self._words)
        words = self._words[found]
        return {"lang": found, "languages": languages, "words": words, "demo": self._demo}
