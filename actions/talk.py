"""Actions that talk: the opening, support, kindness, and never a dead end."""

from __future__ import annotations

from collections.abc import Iterable

from actions.base import SpeaksafeAction, Understood
from actions.care import consoling, hear_first, stay
from actions.desk import Desk
from actions.policy_actions import about_entity, same_topic
from bot.asking import AGAIN, BURDEN, ELSE, asked
from bot.conversation import Conversation
from bot.opening import languages, opening
from catalogue import Message

#: What nobody means as chat who has just told of danger.
_AFTER_DANGER = ("affirm", "deny", "skip", "why_asked", "smalltalk", "out_of_scope", "other")

#: What a bare name of an organization is taken for.
_AFTER_NAME = ("smalltalk", "out_of_scope", "other")


class Open(SpeaksafeAction):
    """What this is and is not, what stays private here, and what can be done."""

    called = "action_open"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The whole opening once; later only the choices."""
        lang = conversation.lang
        main = self.desk.main(lang)
        if conversation.kept:
            main = (*main, self.desk.choice(lang, "receipt", "opt:again"))
        if conversation.opened:
            return self.desk.say(lang, "open.again", *main)
        return opening(self.desk.messages, self.desk.words, lang, conversation.channel, main)


class Support(SpeaksafeAction):
    """Someone to talk to, now; first a word to the person if she is in distress."""

    called = "action_support"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """Comfort, then whom to reach, then choices."""
        lang = conversation.lang
        first: list[Message] = []
        if said.heard.intent == "distress":
            first = consoling(self.desk, conversation, "distress")
        elif said.heard.intent == "human":
            first = self.desk.say(lang, "talk.human")
        return [
            *first,
            *self.desk.say(
                lang,
                "talk.support",
                self.desk.topic(lang, "medical_care"),
                self.desk.topic(lang, "support"),
                self.desk.topic(lang, "ombudsman"),
                self.desk.choice(lang, "main", "menu:main"),
            ),
        ]


class Acknowledge(SpeaksafeAction):
    """Somebody told what happened: hear it first, then offer, never a menu as first answer."""

    called = "action_acknowledge"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """Another acknowledgement than last time, then three ways to go on."""
        lang = conversation.lang
        return [
            *consoling(self.desk, conversation, "acknowledge"),
            *self.desk.say(
                lang,
                "talk.what_would_help",
                self.desk.choice(lang, "options", "topic:how_to_report"),
                self.desk.choice(lang, "is_this", "topic:is_this_harassment"),
                self.desk.choice(lang, "report", "menu:report"),
                self.desk.choice(lang, "support", "menu:support"),
            ),
        ]


class Kindly(SpeaksafeAction):
    """Everything that is no question about the policy has its own short, kind answer."""

    called = "action_kindly"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The words for this intent, and the main choices."""
        lang, intent = conversation.lang, said.heard.intent
        if not self.desk.messages.has(f"talk.kindly.{intent}"):
            intent = "other"
        if intent in _AFTER_NAME and (named := about_entity(self.desk, conversation, said.heard)):
            return named
        if conversation.danger and intent in _AFTER_DANGER:
            return stay(self.desk, conversation)
        return self.desk.say(lang, f"talk.kindly.{intent}", *self.desk.main(lang))


class Leaving(SpeaksafeAction):
    """A wish to stop or erase in words that the gate does not know: ask before doing it."""

    called = "action_leaving"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """Nothing is deleted on a guess; the choices do it for certain."""
        lang = conversation.lang
        return self.desk.say(
            lang,
            "talk.leaving",
            self.desk.choice(lang, "erase", "gate:erase"),
            self.desk.choice(lang, "stop", "gate:stop"),
            self.desk.choice(lang, "stay", "menu:main"),
        )


class Language(SpeaksafeAction):
    """The languages there are, each in its own name."""

    called = "action_language"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """A choice for each complete language."""
        return self.desk.say(conversation.lang, "open.language", *languages(self.desk.messages))


class Unsure(SpeaksafeAction):
    """Not understood: the nearest topics as choices, then a way to all. Never a dead end."""

    called = "action_unsure"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """As many as the doubt asks for, whom to talk to, and "something else".

        What may be a burden is heard first: nobody who tells something is given a menu.
        """
        lang = conversation.lang
        if again := same_topic(self.desk, conversation, said.heard.text):
            return again
        if named := about_entity(self.desk, conversation, said.heard):
            return named
        meant = said.heard.intent != "nonsense"
        values = asked(said.ranking, said.chances) if meant else []
        if values and (said.burden >= BURDEN or conversation.danger):
            return hear_first(self.desk, conversation, said)
        if conversation.danger:
            return stay(self.desk, conversation)
        if not values:
            return self.desk.say(lang, "talk.unsure_plain", *self.desk.main(lang))
        return which(self.desk, lang, values)


def which(desk: Desk, lang: str, values: Iterable[str]) -> list[Message]:
    """One question: which of these was meant?"""
    return desk.say(lang, "talk.unsure", *desk.named(lang, values))


def groups(desk: Desk, lang: str) -> list[Message]:
    """All groups of topics; together they hold every topic."""
    values = (f"family:{family.name}" for family in desk.menu.families)
    return desk.say(lang, "talk.groups", *desk.named(lang, [*values, "menu:main"]))


class OwnChoice(SpeaksafeAction):
    """A choice that belongs to no walk: one of ours, or one that is no longer on offer."""

    called = "action_choice"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """Families of the policy menu; a crisis that was none; else the main choices."""
        lang = conversation.lang
        choice = said.heard.choice or ""
        if choice == "opt:again" and conversation.kept:
            name, state = conversation.kept
            step = await self.desk.walks[name].step(state, said.heard)
            return list(step.messages)
        name = choice.removeprefix("family:")
        if choice != name and name in self.desk.menu:
            return self._family(lang, name)
        values = [value for _, value in conversation.offered]
        if choice == AGAIN and values and "family:" not in values[0]:
            return which(self.desk, lang, values)
        if choice in (ELSE, AGAIN):
            return groups(self.desk, lang)
        if choice == "do:not_meant":
            conversation.danger = None
            return self.desk.say(lang, "talk.not_meant", *self.desk.main(lang))
        return self.desk.say(lang, "gate.choice_gone", *self.desk.main(lang))

    def _family(self, lang: str, name: str) -> list[Message]:
        topics = (f"topic:{topic}" for topic in self.desk.menu.get(name).topics)
        return self.desk.say(
            lang, "talk.family", *self.desk.named(lang, [*topics, "menu:main", ELSE])
        )
