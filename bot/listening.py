"""What was said, after the gate has looked at it: a choice, a sign, or words.

No machine learning is asked here, so all of it works while the engine is down.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from bot.choices import VALUE, named
from bot.conversation import Conversation
from bot.language import asks_for, detect, script_alone
from bot.words import Sign, Words

#: The gate's words as choices, for a button that must always work.
PRESSED = {f"gate:{kind}": Sign(kind) for kind in ("stop", "erase", "exit", "move")}

#: In her own language she may write a few words of another one.
_ENOUGH_WORDS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What was said.

    Args:
        text: what was typed; empty when it named a choice.
        choice: the value of the choice that was pressed, or named by its label or number.
        sign: what the gate must act upon.
        figure: the gate found no danger in it, but words that only sound like one.
    """

    text: str
    choice: str | None = None
    sign: Sign | None = None
    figure: bool = False

    @property
    def empty(self) -> bool:
        """There is no letter, number, picture or question mark in it."""
        kinds = (unicodedata.category(character) for character in self.text)
        speaks = any(kind[0] in "LN" or kind == "So" for kind in kinds)
        asks = any(character in "?？؟" for character in self.text)
        return self.choice is None and self.sign is None and not speaks and not asks


class Ear:
    """Listens, in every language that there is.

    Args:
        words: the gate's words.
        languages: those that can be answered in.
    """

    def __init__(self, words: Words, languages: Collection[str]) -> None:
        self._words = words
        self._languages = languages

    def hear(self, conversation: Conversation, text: str, choice: str | None) -> Said:
        """One message; the conversation's language follows the person.

        Args:
            conversation: its language may change.
            text: what was typed, or
            choice: the value of the choice that was pressed.
        """
        if choice is not None:
            known = VALUE.fullmatch(choice)
            return _pressed(conversation, choice if known else "choice:unknown")
        # Whoever types what stands on a button means the button, whatever else the words mean.
        label = named(text, conversation.offered, free=True)
        if label is not None:
            return _pressed(conversation, label)
        wanted = asks_for(text)
        if wanted in self._languages:
            return Said("", f"lang:{wanted}")
        sign = self._words.recognise(text, conversation.lang)
        if sign is None or sign.kind == "crisis":
            value = named(text, conversation.offered, free=conversation.free)
            if value is not None:
                return _pressed(conversation, value)
            self._follow(conversation, text)
        return Said(text, None, sign, sign is None and self._words.figure(text))

    def leaves(self, conversation: Conversation, text: str, choice: str | None) -> str | None:
        """How the conversation is left for good by this message, if it is."""
        if choice:
            kind = PRESSED[choice].kind if choice in PRESSED else None
        else:
            kind = self._words.command(text, conversation.lang)
        kinds = ("erase", "exit") if conversation.walk else ("stop", "erase", "exit")
        return kind if kind in kinds else None

    def _follow(self, conversation: Conversation, text: str) -> None:
        """A mixed conversation follows the person; an account in her own words does not."""
        if conversation.free and conversation.opened:
            return
        lang = detect(text, "")
        if not (lang or conversation.spoke or conversation.chosen_lang):
            lang = script_alone(text) or ""
        sure = not conversation.chosen_lang or len(text.split()) >= _ENOUGH_WORDS
        if lang in self._languages and sure:
            conversation.lang, conversation.spoke = lang, True


def _pressed(conversation: Conversation, value: str) -> Said:
    stops = value == "do:stop" and conversation.walk is not None
    return Said("", value, Sign("stop") if stops else PRESSED.get(value))
