"""Actions that answer from the vetted policy content, and from nothing else."""

from __future__ import annotations

from actions.base import SpeaksafeAction, Understood
from actions.care import SURE, consoling, hear_first, may_be_burden
from actions.desk import Desk
from bot.conversation import Conversation
from bot.telling import asks, tells
from catalogue import Choice, Heard, Message

#: A question of more words is understood by itself.
FEW_WORDS = 6

#: What "I work at UNHCR" looks like to the engine, which knows the word "work" and not the name.
_EMPLOYED = ("covered_non_staff", "who_is_covered", "covered_former", "about_assistant")

#: What organizations differ in and people ask first.
_OF_ENTITY = ("how_to_report", "anonymous_report", "deadlines", "ombudsman")


def answer(desk: Desk, topic: str, lang: str) -> list[Message]:
    """The answer to one topic: two or three short messages, without choices."""
    return [Message(text) for text in desk.answer(topic, lang)]


def after(desk: Desk, topic: str, lang: str, entity: str | None = None) -> list[Message]:
    """The same with what is confirmed about her organization, and choices under it.

    Args:
        desk: what is spoken through.
        topic: the topic.
        lang: the language to answer in.
        entity: the code of the organization she named, if she did.
    """
    said = answer(desk, topic, lang)
    if entity and not desk.brief and (sentence := desk.known.sentence(topic, entity, lang)):
        said.append(Message(sentence))
    return [*said[:-1], Message(said[-1].text, near(desk, topic, lang))]


def near(desk: Desk, topic: str, lang: str) -> tuple[Choice, ...]:
    """Near topics, the way back, and last, since it bears no number, the source of this one."""
    return (
        *(desk.topic(lang, name) for name in desk.answers.get(topic).next),
        _back(desk, lang),
        *(() if desk.brief else (desk.choice(lang, "source", "do:source"),)),
    )


def _back(desk: Desk, lang: str) -> Choice:
    return desk.choice(lang, "main", "menu:main")


def same_topic(desk: Desk, conversation: Conversation, text: str) -> list[Message] | None:
    """ "And at UNHCR?": the topic of the last answer, for the organization that is named now.

    Args:
        desk: what is spoken through.
        conversation: knows the last topic; remembers the organization.
        text: what was typed.

    Returns:
        what is confirmed there, or ``None`` if this is no such question.
    """
    topic = conversation.topic
    if (
        topic is None
        or desk.brief
        or not desk.known.differs(topic)
        or len(text.split()) > FEW_WORDS
    ):
        return None
    entity = desk.known.named_in(text)
    if entity is None:
        return None
    conversation.entity = entity.code
    sentence = desk.known.sentence(topic, entity.code, conversation.lang) or ""
    return [Message(sentence, near(desk, topic, conversation.lang))]


def about_entity(desk: Desk, conversation: Conversation, heard: Heard) -> list[Message] | None:
    """ "I work at UNHCR": it is noted, and asked what she would like to know.

    Args:
        desk: what is spoken through.
        conversation: remembers the organization.
        heard: what was typed.

    Returns:
        the question, or ``None`` if no organization is named beyond doubt, or much else is said.
    """
    if desk.brief or heard.choice is not None or len(heard.text.split()) > FEW_WORDS:
        return None
    entity = desk.known.named_in(heard.text)
    if entity is None:
        return None
    conversation.entity = entity.code
    lang = conversation.lang
    choices = (*(desk.topic(lang, topic) for topic in _OF_ENTITY), _back(desk, lang))
    said = desk.messages.text(lang, "talk.entity", entity=entity.full(lang))
    return [Message(said, choices)]


class AnswerPolicy(SpeaksafeAction):
    """A question about the policy, the options, or this service."""

    called = "action_answer"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The vetted answer; a topic without one leads to the menu."""
        if may_be_burden(said):
            return hear_first(self.desk, conversation, said)
        topic = said.heard.intent.removeprefix("faq/")
        if named := self.desk.known.named_in(said.heard.text):
            follows = said.heard.confidence < SURE and topic != conversation.topic
            again = same_topic(self.desk, conversation, said.heard.text) if follows else None
            if again:
                return again
            told = topic in _EMPLOYED and not asks(said.heard.text)
            if told and (noted := about_entity(self.desk, conversation, said.heard)):
                return noted
            conversation.entity = named.code
        if topic not in self.desk.answers.topics:
            return menu(self.desk, conversation.lang)
        first = self._first(conversation, said, topic)
        conversation.topic = topic
        return [*first, *after(self.desk, topic, conversation.lang, conversation.entity)]

    def _first(self, conversation: Conversation, said: Understood, topic: str) -> list[Message]:
        """What is said before the answer: to who tells something, and to who had it just now."""
        if said.heard.choice is not None:
            return []
        # Who tells what is done to her is heard before she is told what the rules say.
        if tells(said.heard.text):
            return consoling(self.desk, conversation, "heard")
        again = topic == conversation.topic and not self.desk.brief
        return self.desk.say(conversation.lang, "talk.same") if again else []


class More(SpeaksafeAction):
    """ "Tell me more": what comes next to the last answer."""

    called = "action_more"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The near topics; the menu when there was no answer yet."""
        lang = conversation.lang
        if conversation.topic is None:
            return menu(self.desk, lang)
        return self.desk.say(lang, "talk.more", *near(self.desk, conversation.topic, lang))


class Source(SpeaksafeAction):
    """Where the last answer comes from, how old it is, and how sure."""

    called = "action_source"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The source line of the topic answered last."""
        lang = conversation.lang
        if conversation.topic is None:
            return menu(self.desk, lang)
        if self.desk.brief:
            return self.desk.say(lang, "talk.elsewhere", *self.desk.main(lang))
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
        return after(self.desk, conversation.topic, lang, conversation.entity)


class PolicyMenu(SpeaksafeAction):
    """The families of topics."""

    called = "action_menu"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """One choice for each family; a question can be typed as well."""
        return menu(self.desk, conversation.lang)


def menu(desk: Desk, lang: str) -> list[Message]:
    """The families of topics as choices."""
    return desk.say(lang, "talk.menu", *desk.families(lang), desk.choice(lang, "main", "menu:main"))
