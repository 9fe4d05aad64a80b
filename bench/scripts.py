"""What people do in the load test: the same three errands, in each assistant's own dialogue.

A script yields what is said or pressed and receives the values of the choices that the answer
offers. It knows nothing of HTTP.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Typed text, or the value of a pressed choice."""

    text: str = ""
    choice: str | None = None


class Astray(Exception):
    """The dialogue did not go where the script leads; the text says at which step."""


Script = Generator[Say, list[str], None]
Write = Callable[[random.Random], Script]

#: In nobody's training data; each is about one of the topics that both assistants know.
QUESTIONS = (
    "what exactly does the UN call sexual harassment?",
    "could you give me a few examples of harassment please",
    "does a thing count when both agreed to it?",
    "do consultants fall under these rules as well",
    "I saw it happen to a colleague, what can I do?",
    "may I report without giving my name?",
    "will my report be kept secret?",
    "where do I hand in a complaint?",
    "how late can I still report something?",
    "how many weeks does an investigation take",
    "do I have to have proof?",
    "where can I find somebody to talk to, like a counsellor",
    "I am scared they will punish me for speaking up",
    "what if someone makes up a report about a person",
    "should I go to the local police with it?",
)
ACCOUNT = (
    "Since the spring my supervisor has been making remarks about my body in front of others. "
    "Two weeks ago, after a meeting, he put his hand on my back and left it there although I "
    "moved away. I told him that I did not want this. He laughed."
)
WHEN = "in the spring and again two weeks ago, in the meeting room"
WHO = "my direct supervisor; two colleagues were there"
#: Turns of the one long conversation.
LONG = 150
#: A short conversation about the policy.
SHORT = 10


def _questions(count: int) -> Write:
    def write(dice: random.Random) -> Script:
        for _ in range(count):
            yield Say(dice.choice(QUESTIONS))

    return write


def _hello(dice: random.Random) -> Script:
    """She opens a chat and leaves it open."""
    yield Say(choice="menu:start")


def _press(value: str, offered: list[str]) -> Say:
    if value not in offered:
        raise Astray(f"{value} is not on offer")
    return Say(choice=value)


#: What is pressed in our survey where no option is on offer, in this order.
_ONWARDS = ("do:start", "do:go_on", "do:answer", "do:send", "do:done", "do:skip")


def _our_survey(dice: random.Random) -> Script:
    offered = yield Say(choice="menu:start")
    offered = yield _press("menu:survey", offered)
    offered = yield _press("do:start", offered)
    offered = yield _press("opt:G1.1", offered)
    for _ in range(100):
        options = [value for value in offered if value.startswith("opt:")]
        if "do:done" in offered:
            value = "do:done"
        elif options:
            value = options[0]
        else:
            value = next((v for v in _ONWARDS if v in offered), "")
        if not value:
            raise Astray("the survey offers no way on")
        offered = yield Say(choice=value)
        if value == "do:send":
            return
    raise Astray("the survey does not end")


def _our_report(dice: random.Random) -> Script:
    offered = yield Say(choice="menu:start")
    for value in ("menu:report", "opt:self"):
        offered = yield _press(value, offered)
    offered = yield Say("WFP")
    for value in ("do:yes", "opt:clear"):
        offered = yield _press(value, offered)
    offered = yield Say(ACCOUNT)
    offered = yield _press("do:done", offered)
    offered = yield Say(WHEN)
    offered = yield Say(WHO)
    # What she wishes for, whether she is in danger, whether she leaves a way to reach her.
    for value in ("do:skip", "do:no", "opt:anonymous", "opt:send", "do:yes", "do:skip"):
        offered = yield _press(value, offered)


def _stock_survey(dice: random.Random) -> Script:
    offered = yield Say("I would like to take the survey")
    for _ in range(10):
        buttons = [value for value in offered if value.startswith("/choose")]
        if not buttons:
            raise Astray("the form offers no button")
        offered = yield Say(choice=dice.choice(buttons))


def _stock_report(dice: random.Random) -> Script:
    offered = yield Say("I want to make a report")
    for text in ("to me", "WFP", "no", ACCOUNT, "that is all", WHEN, WHO, "none", "no", "no"):
        if not any(value.startswith("/choose") for value in offered):
            raise Astray("the form does not ask")
        offered = yield Say(text)


#: Scripts by system and errand.
SCRIPTS: dict[str, dict[str, Write]] = {
    "ours": {
        "policy": _questions(SHORT),
        "survey": _our_survey,
        "report": _our_report,
        "long": _questions(LONG),
        "hello": _hello,
    },
    "stock": {
        "policy": _questions(SHORT),
        "survey": _stock_survey,
        "report": _stock_report,
        "long": _questions(LONG),
    },
}
