"""What every action needs, joined once at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.conversations import Conversations
from bot.opening import roads
from bot.words import Words
from catalogue import Choice, Message, Messages, Walk
from policy.answers import Answers
from policy.menu import Menu
from reports.known import Known

#: Kinds of choices whose names are in ``talk.choice``.
_NAMED = ("menu", "gate")


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that actions speak through.

    Args:
        messages: the catalogues.
        answers: the vetted policy answers.
        menu: how the policy topics are grouped.
        conversations: where the state of a conversation is kept.
        words: the gate's, for the safe word that the opening offers.
        known: what is confirmed about single organizations.
        walks: survey, report and return by name.
        brief: on a channel of few words: no sources, and nothing about single organizations.
        others: the desks of channels that speak in another way, by their names.
    """

    messages: Messages
    answers: Answers
    menu: Menu
    conversations: Conversations
    words: Words
    known: Known
    walks: Mapping[str, Walk]
    brief: bool = False
    others: Mapping[str, Desk] = field(default_factory=dict)

    def on(self, channel: str) -> Desk:
        """The desk of a channel."""
        return self.others.get(channel, self)

    def say(self, lang: str, key: str, *choices: Choice) -> list[Message]:
        """The texts of a message; the choices go under the last one."""
        texts = self.messages.texts(lang, key)
        return [*(Message(text) for text in texts[:-1]), Message(texts[-1], choices)]

    def choice(self, lang: str, name: str, value: str) -> Choice:
        """A choice with its label from ``talk.choice``."""
        return Choice(self.messages.text(lang, f"talk.choice.{name}"), value)

    def topic(self, lang: str, topic: str) -> Choice:
        """The choice that opens a policy topic."""
        own = f"title.{topic}"
        said = self.messages.text(lang, own) if self.messages.has(own) else None
        return Choice(said or self.answers.get(topic).title(lang), f"topic:{topic}")

    def named(self, lang: str, values: Iterable[str]) -> tuple[Choice, ...]:
        """Choices by their values, in a language; a value that bears no name is left out."""
        found = []
        for value in values:
            kind, _, name = value.partition(":")
            if kind == "topic" and name in self.answers.topics:
                found.append(self.topic(lang, name))
            elif kind == "family" and name in self.menu:
                found.append(self.family(lang, name))
            elif kind in _NAMED and self.messages.has(f"talk.choice.{name}"):
                found.append(self.choice(lang, name, value))
        return tuple(found)

    def answer(self, topic: str, lang: str) -> tuple[str, ...]:
        """The answer to a policy topic, in the channel's own words if it has some."""
        if self.messages.has(f"answer.{topic}"):
            return self.messages.texts(lang, f"answer.{topic}")
        return self.answers.get(topic).messages(lang)

    def families(self, lang: str) -> tuple[Choice, ...]:
        """A choice for each family of the menu about the policy."""
        return tuple(self.family(lang, family.name) for family in self.menu.listed)

    def family(self, lang: str, name: str) -> Choice:
        """The choice that opens a family of topics."""
        own = f"family.{name}"
        has = self.messages.has(own)
        said = self.messages.text(lang, own) if has else self.menu.get(name).title(lang)
        return Choice(said, f"family:{name}")

    def main(self, lang: str) -> tuple[Choice, ...]:
        """The choices that every road leads back to."""
        return roads(self.messages, lang)
