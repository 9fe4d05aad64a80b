"""Actions that answer from the vetted policy content, and from nothing else."""

from __future__ import annotations

from actions.base import SpeaksafeAction, Understood
from actions.desk import Desk
from bot.conversation import Conversation
from catalogue import Message


def answer(desk: Desk, topic: str, lang: str) -> list[Message]:
    """The answer to one topic: two or three short messages, without choices."""
    return [Message(text) for text in desk.answers.get(topic).messages(lang)]


def after(desk: Desk, topic: str, lang: str) -> list[Message]:
    """The same with choices under it: near topics, the source, the way back."""
    said = answer(desk, topic, lang)
    choices = (
        *(desk.topic(lang, near) for near in desk.answers.get(topic).next),
        desk.choice(lang, "source", "do:source"),
        desk.choice(lang, "main", "menu:main"),
    )
    return [*said[:-1], Message(said[-1].text, choices)]


class AnswerPolicy(SpeaksafeAction):
    """A question about the policy, the options, or this service."""

    called = "action_answer"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The vetted answer; a topic without one leads to the menu."""
        topic = said.heard.intent.removeprefix("faq/")
        if topic not in self.desk.answers.topics:
            return menu(self.desk, conversation.lang)
        conversation.topic = topic
        return after(self.desk, topic, conversation.lang)


class Source(SpeaksafeAction):
    """Where the last answer comes from, how old it is, and how sure."""

    called = "action_source"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The source line of the topic answered last."""
        lang = conversation.lang
        if conversation.topic is None:
            return menu(self.desk, lang)
        found = self.desk.answers.get(conversation.topic)
        choices = tuple(self.desk.topic(lang, near) for near in found.next)
        return [
            Message(found.source(lang), (*choices, self.desk.choice(lang, "main", "menu:main")))
        ]


class Repeat(SpeaksafeAction):
    """The last answer again."""

    called = "action_repeat"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The topic answered last, or the main choices."""
        lang = conversation.lang
        if conversation.topic is None:
            return self.desk.say(lang, "open.again", *self.desk.main(lang))
        return after(self.desk, conversation.topic, lang)


class PolicyMenu(SpeaksafeAction):
    """The families of topics."""

    called = "action_menu"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """One choice for each family; a question can be typed as well."""
        return menu(self.desk, conversation.lang)


def menu(desk: Desk, lang: str) -> list[Message]:
    """The families of topics as choices."""
    return desk.say(lang, "talk.menu", *desk.families(lang), desk.choice(lang, "main", "menu:main"))
