"""The message catalogues: one folder a language, one file a part of the product."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path

from catalogue import plurals
from catalogue.errors import ContentError
from catalogue.loader import Located, load_yaml

#: The six official languages of the United Nations (ISO 639-1), in the UN's own order.
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

#: The language that is complete by definition: the others are measured against it.
BASE = "en"

#: Written from right to left.
RIGHT_TO_LEFT = frozenset({"ar"})


#: One text of a message: its words, or its words by plural form.
Written = str | Mapping[str, str]


class Messages:
    """All messages in all languages, checked once when they are loaded.

    A file ``content/messages/fr/report.yml`` holds the French words of the part ``report``; the
    key ``consent.text`` in it is asked for as ``report.consent.text``. A value is one text, or a
    list of texts that are sent as several short messages, or a text for each plural form of the
    language (``one``, ``few``, ``other`` …), chosen by the placeholder ``count``.
    """

    def __init__(self, texts: Mapping[str, Mapping[str, tuple[Written, ...]]]) -> None:
        self._texts = texts
        self._voices: dict[str, Messages] = {}

    @classmethod
    def load(cls, content: Path) -> Messages:
        """Read every catalogue below ``content/messages``.

        Raises:
            ContentError: a language is unknown, a key, a placeholder or a plural form is missing
                in one of them, or a value is neither a text nor a list of texts.
        """
        root = content / "messages"
        texts: dict[str, dict[str, tuple[Written, ...]]] = {}
        for folder in sorted(p for p in root.iterdir() if p.is_dir()):
            if folder.name not in LANGUAGES:
                raise ContentError(
                    folder, 0, "this language is unknown", f"use one of {', '.join(LANGUAGES)}"
                )
            texts[folder.name] = {}
            for path in sorted(folder.glob("*.yml")):
                _flatten(path, load_yaml(path), path.stem, texts[folder.name])
        if BASE not in texts:
            raise ContentError(root, 0, "there is no English catalogue", "restore it")
        _compare(root, texts)
        return cls(texts)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are complete, in the UN's order."""
        return tuple(lang for lang in LANGUAGES if lang in self._texts)

    def on(self, channel: str) -> Messages:
        """The messages as a channel says them.

        A part named as the channel holds its own words: ``sms.talk.menu`` is said there in place
        of ``talk.menu``. A channel without such a part says what all others say.

        Args:
            channel: its name.

        Raises:
            ContentError: its own words have a placeholder that the usual ones have not.
        """
        if channel not in self._voices:
            self._voices[channel] = self._voice(f"{channel}.")
        return self._voices[channel]

    def _voice(self, start: str) -> Messages:
        texts: dict[str, dict[str, tuple[Written, ...]]] = {}
        for lang, catalogue in self._texts.items():
            own = {k.removeprefix(start): v for k, v in catalogue.items() if k.startswith(start)}
            for key in sorted(own.keys() & catalogue.keys()):
                if placeholders(own[key]) - placeholders(catalogue[key]):
                    path = Path("messages") / lang / f"{start}yml"
                    raise ContentError(
                        path, 0, f"'{key}' has a placeholder of its own", "use the usual ones"
                    )
            texts[lang] = {**catalogue, **own}
        return Messages(texts) if any(key.startswith(start) for key in self._texts[BASE]) else self

    def keys(self, lang: str = BASE) -> frozenset[str]:
        """Every key of a language."""
        return frozenset(self._texts[lang])

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self._texts[BASE]

    def text(self, lang: str, key: str, /, **values: object) -> str:
        """One message as one text (several are joined by a blank line).

        Args:
            lang: the person's language; one without a catalogue falls back to English.
            key: ``part.name``.
            values: what fills the placeholders.

        Raises:
            KeyError: there is no such message, or a placeholder is not filled.
        """
        return "\n\n".join(self.texts(lang, key, **values))

    def texts(self, lang: str, key: str, /, **values: object) -> tuple[str, ...]:
        """One message as the several short texts it is made of."""
        lang = lang if lang in self._texts else BASE
        return tuple(_form(lang, text, values).format(**values) for text in self._texts[lang][key])

    def written(self, lang: str, key: str) -> tuple[Written, ...]:
        """One message as it is written, placeholders unfilled, for what fills them elsewhere."""
        return self._texts.get(lang, self._texts[BASE])[key]


def _form(lang: str, text: Written, values: Mapping[str, object]) -> str:
    if isinstance(text, str):
        return text
    return text[plurals.category(lang, int(str(values["count"])))]


def _flatten(path: Path, node: object, prefix: str, into: dict[str, tuple[Written, ...]]) -> None:
    if node is None:
        return
    if not isinstance(node, Located):
        raise ContentError(path, 0, "a catalogue maps keys to texts", "write 'key: text'")
    for key, value in node.items():
        name = f"{prefix}.{key}"
        if isinstance(value, Located) and plurals.is_plural(value):
            into[name] = (_plural(path, value, name),)
        elif isinstance(value, Located):
            _flatten(path, value, name, into)
        elif isinstance(value, str) and value.strip():
            into[name] = (value.strip(),)
        elif isinstance(value, list) and value and all(isinstance(v, str) for v in value):
            into[name] = tuple(v.strip() for v in value)
        else:
            raise ContentError(
                path, node.line_of(key), f"'{name}' is not a text", "write the words in quotes"
            )


def _plural(path: Path, node: Located, name: str) -> Mapping[str, str]:
    for form, text in node.items():
        if not isinstance(text, str) or not text.strip():
            raise ContentError(
                path, node.line_of(form), f"'{name}.{form}' is not a text", "write it in quotes"
            )
    return {form: text.strip() for form, text in node.items()}


def placeholders(texts: tuple[Written, ...]) -> frozenset[str]:
    """The names in curly brackets of a message."""
    formatter = string.Formatter()
    return frozenset(
        name
        for text in texts
        for form in ([text] if isinstance(text, str) else text.values())
        for _, name, _, _ in formatter.parse(form)
        if name
    )


def _lacking(lang: str, texts: tuple[Written, ...]) -> frozenset[str]:
    """Plural forms that the language has and a message lacks."""
    by_number = [text for text in texts if not isinstance(text, str)]
    return frozenset().union(*(plurals.categories(lang) - text.keys() for text in by_number))


def _compare(root: Path, texts: Mapping[str, Mapping[str, tuple[Written, ...]]]) -> None:
    base = texts[BASE]
    for lang, catalogue in texts.items():
        folder = root / lang
        for key in sorted(catalogue):
            if lacking := _lacking(lang, catalogue[key]):
                forms = ", ".join(sorted(lacking))
                raise ContentError(folder, 0, f"'{key}' lacks a plural form", f"add {forms}")
        for key in sorted(base.keys() - catalogue.keys()):
            raise ContentError(folder, 0, f"'{key}' is missing", "translate it from English")
        for key in sorted(catalogue.keys() - base.keys()):
            raise ContentError(folder, 0, f"'{key}' is not in English", "remove it or add it there")
        for key, value in catalogue.items():
            if placeholders(value) != placeholders(base[key]):
                raise ContentError(
                    folder, 0, f"'{key}' has other placeholders than in English", "use the same"
                )
