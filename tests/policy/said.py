"""Everything a person can read in the answers, text by text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy import Answers
from tests.policy.conftest import LANGUAGES


@dataclass(frozen=True, slots=True)
class Said:
    """One text and where it stands; ``place`` is title, message or source."""

    topic: str
    lang: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.topic}/{self.lang}/{self.place}: {self.text}"


def everything(answers: Answers) -> Iterator[Said]:
    """Titles, messages and sources, in every language."""
    for topic in answers.topics:
        answer = answers.get(topic)
        for lang in LANGUAGES:
            yield Said(topic, lang, "title", answer.title(lang))
            for text in answer.messages(lang):
                yield Said(topic, lang, "message", text)
            yield Said(topic, lang, "source", answer.source(lang))


def messages(answers: Answers) -> Iterator[Said]:
    """The messages only."""
    return (said for said in everything(answers) if said.place == "message")


def whole(answers: Answers, topic: str, lang: str) -> str:
    """All messages of one answer as one text with plain spaces."""
    return " ".join(answers.get(topic).messages(lang)).replace("\u00a0", " ")
