"""The vetted answers: one file a topic, loaded and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue import ContentError, Located, Messages, load_yaml
from catalogue.messages import BASE, LANGUAGES
from policy import fields
from policy.menu import FILE as MENU_FILE
from policy.sources import CONFIDENCES, Source, load_sources
from policy.sources import FILE as SOURCES_FILE

#: The longest message in characters: two SMS of 160, about five lines on a phone.
MESSAGE_LENGTH = 320

#: The longest title in characters, because titles become buttons.
TITLE_LENGTH = 45

#: How many short messages an answer has, and how many topics it leads to.
FEWEST, MOST = 2, 3

_KEYS = frozenset({"topic", "reviewed", "sources", "next"})


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of one answer, with how sure the writers are of what they took from it."""

    key: str
    source: Source
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one topic.

    A language without a text falls back to English, as in the message catalogues.

    Args:
        topic: its name, the same in the engine's ``faq/<topic>``, in choices and in tests.
        next: the two or three topics offered after it, nearest first.
        cited: its sources.
        reviewed: the month in which it was last checked, like ``11/2026``.
    """

    topic: str
    next: tuple[str, ...]
    cited: tuple[Cited, ...]
    reviewed: str
    _titles: Mapping[str, str]
    _texts: Mapping[str, tuple[str, ...]]
    _words: Messages

    def title(self, lang: str) -> str:
        """A few words for a button."""
        return self._titles.get(lang, self._titles[BASE])

    def messages(self, lang: str) -> tuple[str, ...]:
        """Two or three short messages, in the order in which they are sent."""
        return self._texts.get(lang, self._texts[BASE])

    def source(self, lang: str) -> str:
        """Who says it, of when, and how sure we are: one text of several lines."""
        words = self._words
        lines = [words.text(lang, "policy.source.heading")]
        for cited in self.cited:
            names = cited.source.name
            lines.append(
                words.text(
                    lang,
                    "policy.source.line",
                    name=names.get(lang, names[BASE]),
                    date=cited.source.date or words.text(lang, "policy.source.undated"),
                    confidence=words.text(lang, f"policy.source.confidence.{cited.confidence}"),
                )
            )
        lines.append(words.text(lang, "policy.source.reviewed", month=self.reviewed))
        return "\n".join(lines)


class Answers:
    """All answers, by topic."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = dict(answers)

    @classmethod
    def load(cls, content: Path, languages: Iterable[str]) -> Answers:
        """Read every answer below ``content/policy``.

        Args:
            content: the folder of all content.
            languages: those in which every answer must be complete.

        Raises:
            ContentError: an answer lacks a language, a source or a field, is too long, names an
                unknown source, confidence or next topic; the file and the line are named.
        """
        wanted = tuple(languages)
        folder = content / "policy"
        words = Messages.load(content)
        register = load_sources(folder, wanted)
        paths = sorted(
            path for path in folder.glob("*.yml") if path.name not in (MENU_FILE, SOURCES_FILE)
        )
        known = frozenset(path.stem for path in paths)
        return cls({path.stem: _answer(path, wanted, register, known, words) for path in paths})

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic, in alphabetical order."""
        return tuple(self._answers)

    def get(self, topic: str) -> Answer:
        """The answer to a topic.

        Raises:
            KeyError: there is no such topic.
        """
        return self._answers[topic]


def _answer(
    path: Path,
    languages: tuple[str, ...],
    register: Mapping[str, Source],
    known: frozenset[str],
    words: Messages,
) -> Answer:
    node = fields.mapping(path, load_yaml(path), 1, "an answer")
    fields.only(path, node, _KEYS.union(LANGUAGES))
    topic = fields.text(path, node, "topic")
    if topic != path.stem:
        raise ContentError(
            path, node.line_of("topic"), "the topic is not the file's name", f"use '{path.stem}'"
        )
    for lang in languages:
        if lang not in node:
            raise ContentError(
                path, 0, f"the language '{lang}' is missing", "translate it from English"
            )
    spoken = {lang: _spoken(path, node, lang) for lang in LANGUAGES if lang in node}
    return Answer(
        topic=topic,
        next=_next(path, node, known),
        cited=_cited(path, node, register),
        reviewed=fields.month(path, node, "reviewed"),
        _titles={lang: title for lang, (title, _) in spoken.items()},
        _texts={lang: texts for lang, (_, texts) in spoken.items()},
        _words=words,
    )


def _spoken(path: Path, node: Located, lang: str) -> tuple[str, tuple[str, ...]]:
    block = fields.mapping(path, node[lang], node.line_of(lang), f"'{lang}'")
    fields.only(path, block, ("title", "messages"))
    title = fields.text(path, block, "title")
    if len(title) > TITLE_LENGTH:
        raise ContentError(
            path,
            block.line_of("title"),
            f"the title in '{lang}' has {len(title)} characters",
            f"use at most {TITLE_LENGTH}",
        )
    texts = fields.texts(path, block, "messages")
    line = block.line_of("messages")
    if not FEWEST <= len(texts) <= MOST:
        raise ContentError(
            path, line, f"there are {len(texts)} messages in '{lang}'", "write two or three"
        )
    for number, text in enumerate(texts, start=1):
        if len(text) > MESSAGE_LENGTH:
            raise ContentError(
                path,
                line,
                f"message {number} in '{lang}' is too long ({len(text)} characters)",
                f"use at most {MESSAGE_LENGTH}",
            )
    return title, texts


def _next(path: Path, node: Located, known: frozenset[str]) -> tuple[str, ...]:
    topics = fields.texts(path, node, "next")
    line = node.line_of("next")
    for topic in topics:
        if topic not in known or topic == path.stem:
            raise ContentError(
                path, line, f"'{topic}' is no topic to go to", "name another topic's file"
            )
    if not FEWEST <= len(topics) <= MOST or len(set(topics)) < len(topics):
        raise ContentError(path, line, "these are not two or three topics", "name the nearest")
    return topics


def _cited(path: Path, node: Located, register: Mapping[str, Source]) -> tuple[Cited, ...]:
    line = node.line_of("sources")
    entries = node.get("sources")
    if not isinstance(entries, list) or not entries:
        raise ContentError(path, line, "there is no source", "name one from sources.yml")
    cited = []
    for value in entries:
        entry = fields.mapping(path, value, line, "a source")
        fields.only(path, entry, ("source", "confidence"))
        key = fields.text(path, entry, "source")
        confidence = fields.text(path, entry, "confidence")
        if key not in register:
            raise ContentError(
                path,
                entry.line_of("source"),
                f"the source '{key}' is unknown",
                "add it to sources.yml",
            )
        if confidence not in CONFIDENCES:
            raise ContentError(
                path,
                entry.line_of("confidence"),
                f"the confidence '{confidence}' is unknown",
                f"use one of {', '.join(CONFIDENCES)}",
            )
        cited.append(Cited(key, register[key], confidence))
    return tuple(cited)
