"""What a person wants to do, when what she said is no answer: back, skip, why, pause, stop, …"""

from __future__ import annotations

from catalogue import Heard, Messages
from survey.hearing import plain

NAMES = ("back", "skip", "stop", "pause", "resume", "why", "help", "done", "yes", "no")

#: What the engine may take words for, and how sure it must be. In a free text nearly everything
#: belongs to the text, so there only short and very sure words are commands.
_INTENTS = {
    "go_back": "back",
    "skip": "skip",
    "stop": "stop",
    "erase": "stop",
    "pause": "pause",
    "resume": "resume",
    "why_asked": "why",
    "help": "help",
    "affirm": "yes",
    "deny": "no",
    "distress": "care",
    "human": "care",
    "menu_support": "care",
    "disclosure": "care",
}
_SURE, _SURE_IN_TEXT, _SHORT = 0.6, 0.9, 4
_NEVER_IN_TEXT = ("yes", "no", "care")


class Commands:
    """Recognises commands by their words, and by the engine's intents."""

    def __init__(self, messages: Messages) -> None:
        self._words = {
            lang: {
                plain(word): name
                for name in NAMES
                for word in messages.texts(lang, f"survey.words.{name}")
            }
            for lang in messages.languages
        }

    def by_words(self, heard: Heard) -> str | None:
        """The command whose very words were typed, in the language spoken or in English."""
        said = plain(heard.text)
        return self._words.get(heard.lang, {}).get(said) or self._words["en"].get(said)

    @staticmethod
    def by_intent(heard: Heard, *, in_text: bool = False) -> str | None:
        """The command that the engine heard.

        Args:
            heard: what was said.
            in_text: a text of her own is asked for.
        """
        name = _INTENTS.get(heard.intent)
        if in_text:
            short = len(heard.text.split()) <= _SHORT and heard.confidence >= _SURE_IN_TEXT
            return name if short and name not in _NEVER_IN_TEXT else None
        return name if heard.confidence >= _SURE else None

    @staticmethod
    def is_policy_question(heard: Heard) -> bool:
        """Whether the engine is sure enough that a question about the policy was asked."""
        return heard.intent.startswith("faq/") and heard.confidence >= _SURE
