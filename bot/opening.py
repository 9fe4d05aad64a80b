"""What a chat begins with: one source for the engine's answer and for the page before it."""

from __future__ import annotations

from bot.words import Words
from catalogue import Choice, Message, Messages

#: What every road leads back to; each is ``menu:NAME``, and its label ``talk.choice.NAME``.
ROADS = ("policy", "survey", "report", "return", "support")


def roads(messages: Messages, lang: str) -> tuple[Choice, ...]:
    """The main choices in a language."""
    return tuple(
        Choice(messages.text(lang, f"talk.choice.{name}"), f"menu:{name}") for name in ROADS
    )


def languages(messages: Messages) -> tuple[Choice, ...]:
    """Every language, each in its own name."""
    return tuple(
        Choice(messages.text(lang, "open.language_name"), f"lang:{lang}")
        for lang in messages.languages
    )


def opening(
    messages: Messages, words: Words, lang: str, channel: str, choices: tuple[Choice, ...] = ()
) -> list[Message]:
    """What this is and is not, what stays private here, and what can be done.

    Args:
        messages: the catalogue, in the channel's voice.
        words: the gate's, for the safe word.
        lang: the language.
        channel: the channel's name; what is private is not the same everywhere.
        choices: offered at the end; the main ones if none are given.
    """
    texts = [
        *messages.texts(lang, "open.hello"),
        *messages.texts(lang, f"open.privacy.{channel}"),
        messages.text(lang, "gate.safe_word_hint", word=words.safe_word(lang)),
        *messages.texts(lang, "open.what"),
    ]
    *before, last = map(Message, texts)
    return [*before, Message(last.text, choices or roads(messages, lang))]
