"""Actions that begin a walk and lead through it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from actions import danger
from actions.base import SpeaksafeAction, Understood
from actions.care import SURE, consoling
from actions.policy_actions import answer
from bot.conversation import Conversation
from catalogue import Heard, Message, Step

#: In the survey these questions are about the survey: what is answered there instead.
_IN_SURVEY = {
    "anonymous_report": "survey_safety",
    "privacy_here": "survey_safety",
    "who_will_know": "survey_safety",
    "confidentiality": "survey_safety",
    "about_assistant": "survey_about",
    "how_long": "survey_about",
}

#: Said inside a walk these are no answer, and answered with a word of their own.
_KINDLY = ("thanks", "abuse_bot", "complaint", "ask_verdict", "ask_about_person")

#: Said inside a walk these ask for help.
_FOR_HELP = ("distress", "human", "menu_support")


class WalkAction(SpeaksafeAction):
    """What beginning a walk and going on with it share."""

    def _take(self, conversation: Conversation, name: str, step: Step) -> list[Message]:
        """Keep where the walk is now; one that is over makes room for other things."""
        conversation.walk, conversation.walk_state = None, None
        conversation.failed = (step.state or {}).get("failed", conversation.failed)
        if step.state is not None and self.desk.walks[name].over(step.state):
            conversation.kept = (name, step.state)
        elif step.state is not None:
            conversation.walk, conversation.walk_state = name, step.state
        return list(step.messages)


class Begin(WalkAction):
    """Begin one of the walks."""

    walk: ClassVar[str]

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The walk's first question."""
        walk = self.desk.walks[self.walk]
        step = await walk.open(
            conversation.lang,
            channel=conversation.channel,
            failed=conversation.failed,
            seals=conversation.seals,
        )
        return self._take(conversation, walk.name, step)


class BeginSurvey(Begin):
    """The survey for victims at the end of a process."""

    called = "action_begin_survey"
    walk = "survey"


class BeginReport(Begin):
    """A report to a focal point."""

    called = "action_begin_report"
    walk = "report"


class BeginReturn(Begin):
    """Coming back with a receipt."""

    called = "action_begin_return"
    walk = "return"


class WalkOn(WalkAction):
    """The next step of the walk that is running."""

    called = "action_walk"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The walk's own answer; a question in between is answered and the walk goes on."""
        envelope, conversation.envelope = conversation.envelope, None
        attached, conversation.attached = conversation.attached, None
        heard = replace(said.heard, envelope=envelope, attached=attached)
        name = conversation.walk or ""
        walk = self.desk.walks.get(name)
        state, lang = conversation.walk_state, conversation.lang
        if walk is None or state is None:  # it ended elsewhere, e.g. erased in this moment
            conversation.walk = None
            return self.desk.say(lang, "open.again", *self.desk.main(lang))
        choice = heard.choice or ""
        if choice == "menu:support":
            again = await walk.again(state, lang)
            return [*self._help(lang), *again.messages]
        if choice.startswith("topic:"):
            again = await walk.again(state, lang)
            return [*self._aside(heard), *again.messages]
        if choice.startswith(("menu:", "family:")):
            if choice not in [value for _, value in conversation.offered]:
                # Pressed twice, or left over from before: no draft is lost by a slip.
                again = await walk.again(state, lang)
                return [*self.desk.say(lang, "talk.walk_goes_on"), *again.messages]
            return self._take(conversation, name, await walk.stop(state, lang))
        # Danger that the gate's words missed: comfort first, then the walk goes on with all that
        # was written.
        calm = danger.calm(self.desk, conversation, heard.intent) if _alarms(said) else []
        step = await walk.step(state, heard)
        stuck = name != "survey" and not calm and _unanswered(state, step, heard)
        if stuck and (kind := self._kind_word(conversation, name, heard)):
            again = await walk.again(state, lang)
            return [*kind, *again.messages]
        aside = self._aside(heard, name) if step.digression else []
        return [*calm, *aside, *self._take(conversation, name, step)]

    def _kind_word(self, conversation: Conversation, name: str, heard: Heard) -> list[Message]:
        """To who is burdened, thanks or curses in the middle of a walk; else nothing."""
        lang, intent = conversation.lang, heard.intent
        if heard.confidence < SURE or self.desk.brief:
            return []
        if intent in _FOR_HELP:
            first = consoling(self.desk, conversation, "distress") if intent == "distress" else []
            return [*first, *self._help(lang)]
        if intent == "disclosure":
            # It must not be thought to stand in the report.
            later = self.desk.say(lang, "talk.in_a_moment") if name == "report" else []
            return [*consoling(self.desk, conversation, "heard"), *later]
        return self.desk.say(lang, f"talk.kindly.{intent}") if intent in _KINDLY else []

    def _help(self, lang: str) -> list[Message]:
        """Who can help, without the question what to know of it: the walk asks one already."""
        return self.desk.say(lang, "talk.support")[:-1]

    def _aside(self, heard: Heard, walk: str = "") -> list[Message]:
        topic = (heard.choice or heard.intent).removeprefix("topic:").removeprefix("faq/")
        if walk == "survey" and heard.choice is None:
            topic = _IN_SURVEY.get(topic, topic)
        if topic not in self.desk.answers.topics:
            return []
        return answer(self.desk, topic, heard.lang)


def _unanswered(state: dict[str, Any], step: Step, heard: Heard) -> bool:
    """Whether what was typed changed nothing: the same is asked with the same answers so far."""
    now = step.state
    typed = heard.choice is None and bool(heard.text.strip()) and not step.digression
    return typed and now is not None and all(now.get(k) == state.get(k) for k in ("at", "data"))


def _alarms(said: Understood) -> bool:
    speaks = any(character.isalpha() for character in said.heard.text)  # no number is a danger
    return speaks and said.heard.intent.startswith(danger.DANGER) and not said.calmed
