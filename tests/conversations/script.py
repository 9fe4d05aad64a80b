"""Scripted conversations: how they are written, and playing one against the running system.

A script names what must be said by the keys of the catalogue and the topics of the policy, never
by its words, so that a better sentence breaks no script, and a wrong answer always does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catalogue import Messages
from tests.support.content import answers, messages
from tests.support.talk import Talk

HERE = Path(__file__).parent

#: What a turn may hold: what the person does, and what must be so afterwards.
DOES = ("say", "press", "choose")
MUST = (
    *("answers", "says", "never", "offers", "danger", "lang", "hears", "does_not_hear"),
    *("ended", "cleared"),
)
#: What cannot be seen on a phone that only has texts.
NOT_BY_TEXT = frozenset({"choose", "offers", "lang", "ended", "cleared"})

_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation.

    Args:
        lang: the folder's language.
        name: what the person goes through, in a few words.
        opens: the language the chat is opened in; ``None`` lets the first message decide.
        turns: in their order.
        channel: ``web``, or ``sms``: by text, in the words of text messages.
        invited: the round admits only who has a code; ``{code}`` in what is said is one.
        sends: what lies there once more at the end: ``survey`` or ``report``.
    """

    lang: str
    name: str
    opens: str | None
    turns: tuple[dict[str, Any], ...]
    channel: str = "web"
    invited: bool = False
    sends: str | None = None

    @property
    def words(self) -> Messages:
        """As its channel says them."""
        return messages().on(self.channel)


def scripts() -> list[Script]:
    """Every script of every language.

    Raises:
        ValueError: a turn has a word that means nothing.
    """
    found = []
    for path in sorted(HERE.glob("*.yml")):
        for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
            channel = raw.get("channel", "web")
            for turn in raw["turns"]:
                unknown = turn.keys() - {*DOES, *MUST}
                unknown |= turn.keys() & NOT_BY_TEXT if channel == "sms" else set()
                if unknown or sum(word in turn for word in DOES) != 1:
                    raise ValueError(f"{path.name}: '{raw['name']}' has a turn that means nothing")
            opens = raw.get("opens", path.stem)
            more = (channel, raw.get("invited", False), raw.get("sends"))
            found.append(Script(path.stem, raw["name"], opens, tuple(raw["turns"]), *more))
    return found


def play(script: Script, talk: Talk, code: str = "") -> None:
    """Go through a script, turn by turn.

    Args:
        script: what is said and must be answered.
        talk: who says it.
        code: of an invitation.

    Raises:
        AssertionError: an answer was not as it must be; the turn's number is told.
    """
    lang = script.opens or script.lang
    talk.lang = script.opens
    talk.begin()
    for number, turn in enumerate(script.turns, 1):
        try:
            _do(turn, talk, code)
            lang = turn.get("lang", lang)
            _check(turn, talk, lang, script.words)
        except AssertionError as error:
            raise AssertionError(f"turn {number} {_did(turn)}: {error}") from None


def _did(turn: dict[str, Any]) -> str:
    return next(f"{word} {turn[word]!r}" for word in DOES if word in turn)


def _do(turn: dict[str, Any], talk: Talk, code: str) -> None:
    if "say" in turn:
        talk.says(str(turn["say"]).replace("{code}", code))
    elif "press" in turn:
        talk.presses(str(turn["press"]))
    else:
        talk.chooses(turn["choose"])


def _check(turn: dict[str, Any], talk: Talk, lang: str, words: Messages) -> None:
    if "lang" in turn:
        assert talk.spoken == lang, f"it answers in {talk.spoken}"
    if "answers" in turn:
        topics = _list(turn["answers"])
        told = any(_has(talk, _answer(topic, lang, words)) for topic in topics)
        assert told, f"no answer about {' or '.join(topics)}:\n{talk.text}"
    if "danger" in turn:
        (first, *rest) = words.texts(lang, f"gate.crisis.{turn['danger']}")
        again = words.text(lang, "gate.crisis.again")
        assert _has(talk, first) or _has(talk, again), f"no word of comfort:\n{talk.text}"
        assert all(_has(talk, text) for text in rest), f"not what to do now:\n{talk.text}"
    for key in _list(turn.get("says")):
        assert _says(talk, key, lang, words), f"does not say {key}:\n{talk.text}"
    for key in _list(turn.get("never")):
        assert not _says(talk, key, lang, words), f"says {key}:\n{talk.text}"
    values = [choice["value"] for choice in talk.choices]
    for value in _list(turn.get("offers")):
        assert value in values, f"{value} is not offered among {values}"
    talk.hears(*map(str, _list(turn.get("hears"))))
    talk.does_not_hear(*map(str, _list(turn.get("does_not_hear"))))
    assert talk.ended == turn.get("ended", False), f"ended: {talk.ended}"
    assert talk.cleared == turn.get("cleared", False), f"cleared: {talk.cleared}"


def _answer(topic: str, lang: str, words: Messages) -> str:
    """How an answer of the policy begins."""
    own = f"answer.{topic}"
    found = words.texts(lang, own) if words.has(own) else answers().get(topic).messages(lang)
    return found[0]


def _says(talk: Talk, key: str, lang: str, words: Messages) -> bool:
    """Whether a message of the catalogue, or any below it, was said; placeholders may be filled."""
    keys = [key] if words.has(key) else []
    keys += [name for name in words.keys(lang) if name.startswith(f"{key}.")]
    assert keys, f"there is no message {key}"
    return any(_written(talk, name, lang, words) for name in keys)


def _written(talk: Talk, key: str, lang: str, words: Messages) -> bool:
    forms = []
    for text in words.written(lang, key):
        forms.append([text] if isinstance(text, str) else list(text.values()))
    return all(any(_has(talk, form) for form in some) for some in forms)


def _has(talk: Talk, text: str) -> bool:
    pattern = _PLACEHOLDER.sub(".*", re.escape(talk.shown(text)))
    return bool(re.search(pattern, talk.shown(talk.text), re.DOTALL))


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
