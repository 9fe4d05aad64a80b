"""Asking back: what is offered to somebody who was not understood for sure.

Few things fit on a phone and into a frightened mind, so the set is small, and its size is that of
the doubt: the likeliest are taken until what is left out is unlikely, or there are ``MOST``. Under
them always stands one more choice, "something else". It leads to all groups of topics and so, in
two short steps, to every topic there is: whoever was misunderstood is never left without a way.

The set is a prediction set (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World,
2005): its bound was chosen on taught sentences, each scored without itself, so that the topic that
was meant is in it as often as docs/understanding.md says.
"""

from __future__ import annotations

from collections.abc import Sequence

#: "Something else": the groups that together hold every topic.
ELSE = "menu:else"

#: The same question once more, in another language.
AGAIN = "menu:same"

#: The most that is offered before "something else", by itself and beside words of care.
MOST, BESIDE = 5, 3

#: Probability that is left when nothing more is added.
REST = 0.05

#: A burden this likely is heard first when no topic is sure.
BURDEN = 0.15

#: Ways to go on for who may carry something.
_WAYS = ("topic:how_to_report", "menu:report", "menu:support", ELSE)

_TOPIC = "faq/"
_GROUP = "family:"

#: Intents that are no topic and yet something that can be chosen.
_CHOICES = {
    "menu_policy": "menu:policy",
    "menu_survey": "menu:survey",
    "menu_report": "menu:report",
    "menu_return": "menu:return",
    "menu_support": "menu:support",
    "human": "menu:support",
    "distress": "menu:support",
    "erase": "gate:erase",
    "stop": "gate:stop",
}


def choice_of(intent: str) -> str | None:
    """The choice that does what an intent wishes for; ``None`` if there is none.

    Args:
        intent: its full name.
    """
    if intent.startswith(_TOPIC):
        return "topic:" + intent.removeprefix(_TOPIC)
    return _CHOICES.get(intent)


def nearest(ranking: Sequence[str], chances: Sequence[float] = (), most: int = MOST) -> list[str]:
    """What may have been meant, as values of choices, the likeliest first.

    Args:
        ranking: full names of intents, the likeliest first.
        chances: the probability of each, 0 to 1; without them as many are taken as there may be.
        most: how many there may be.
    """
    found: list[str] = []
    left = 1.0
    for place, name in enumerate(ranking):
        if len(found) == most or left < REST:
            break
        left -= chances[place] if place < len(chances) else 0.0
        value = choice_of(name)
        if value is not None and value not in found:
            found.append(value)
    return found


def asked(ranking: Sequence[str], chances: Sequence[float]) -> list[str]:
    """All choices of asking back; none if nothing is near.

    Args:
        ranking: full names of intents, the likeliest first.
        chances: the probability of each.
    """
    found = nearest(ranking, chances)
    return list(dict.fromkeys([*found, "menu:support", ELSE])) if found else []


def cared(ranking: Sequence[str], chances: Sequence[float]) -> list[str]:
    """All choices under words for somebody who may carry something.

    Args:
        ranking: full names of intents, the likeliest first.
        chances: the probability of each.
    """
    return list(dict.fromkeys([*nearest(ranking, chances, BESIDE), *_WAYS]))


def weighs(intent: str) -> bool:
    """Whether an intent tells of something that weighs on the person.

    Args:
        intent: its full name.
    """
    return intent in ("disclosure", "distress") or intent.startswith("danger/")


def onward(offered: Sequence[tuple[str, str]]) -> str:
    """The choice that goes on in another language: what was asked back is asked again.

    Args:
        offered: label and value of each choice on offer.
    """
    asked = any(value == ELSE or value.startswith(_GROUP) for _, value in offered)
    return AGAIN if asked else "menu:start"
