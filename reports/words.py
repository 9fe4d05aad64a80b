"""What both walks say and how they hear commands."""

from __future__ import annotations

from catalogue import Choice, Heard, Message, Messages
from reports.names import normal

#: Intents that are commands inside a walk.
_COMMANDS = {
    "go_back": "back",
    "skip": "skip",
    "pause": "pause",
    "resume": "resume",
    "why_asked": "why",
    "repeat": "again",
    # A guess never deletes a draft ("I want it to stop"): it is told what is kept, and asked.
    "stop": "pause",
    "erase": "pause",
}
_ANSWERS = {"affirm": "yes", "deny": "no"}

#: Commands that have words of their own, in the catalogue.
_WORDS = ("back", "skip", "pause", "resume", "why", "stop", "again")

#: Where the words are that both walks understand.
_COMMAND_WORDS = "report.words"

#: How sure the engine must be, and how short a text must be, to be a command.
_SURE = 0.9
_LIKELY = 0.7
_FEW_WORDS = 4
_FEW_LETTERS = 40

#: How sure the engine must be that something is a question about the policy.
_DIGRESSION = 0.6

#: Choices that lead out of the walk.
_ELSEWHERE = ("topic:", "menu:", "do:source")

Offer = str | tuple[str, str]


class Words:
    """The messages of one walk.

    Args:
        messages: the catalogue.
        part: the file the walk's words are in.
    """

    def __init__(self, messages: Messages, part: str) -> None:
        self._messages = messages
        self._part = part

    def text(self, lang: str, key: str, **values: object) -> str:
        """One text of the walk's own part."""
        return self._messages.text(lang, f"{self._part}.{key}", **values)

    def has(self, key: str) -> bool:
        """Whether the walk's part has this key."""
        return self._messages.has(f"{self._part}.{key}")

    def because(self, lang: str, key: str, entity: str) -> str:
        """The sentence that explains a route; ``key`` is a full one."""
        return self._messages.text(lang, key, entity=entity)

    def say(
        self,
        lang: str,
        key: str,
        *offers: Offer,
        free: bool = False,
        secret: bool = False,
        **values: object,
    ) -> tuple[Message, ...]:
        """A message, or several short ones; the last one carries the choices.

        Args:
            lang: the language.
            key: the message in the walk's part.
            offers: choices in their order: a value such as ``do:back``, whose label is
                ``choice.back``, or a value with its label.
            free: her own words are asked for.
            secret: what is said must not be kept.
            values: what fills the placeholders.
        """
        texts = self._messages.texts(lang, f"{self._part}.{key}", **values)
        choices = tuple(self._choice(lang, offer) for offer in offers)
        last = Message(texts[-1], choices, free=free, secret=secret)
        return (*(Message(text, secret=secret) for text in texts[:-1]), last)

    def _choice(self, lang: str, offer: Offer) -> Choice:
        if isinstance(offer, tuple):
            value, label = offer
            return Choice(label, value)
        return Choice(self.text(lang, f"choice.{offer.partition(':')[2]}"), offer)

    def means(self, key: str, text: str) -> bool:
        """Whether a text is, as a whole, one of the words listed under a key in any language."""
        said = _close(text)
        return bool(said) and any(
            said == _close(word)
            for lang in self._messages.languages
            for word in self._messages.texts(lang, f"{_COMMAND_WORDS}.{key}")
        )

    def command(self, heard: Heard, *, free: bool) -> str | None:
        """The command that was given, if any: ``back``, ``skip``, ``yes`` …

        Where her own words are asked for, only a pressed choice, an exact command word or a short
        text with such a word in it that the engine is very sure of is one. Anything else belongs
        to what she tells: "Before." must not lead back.
        """
        if heard.choice is not None:
            kind, _, name = heard.choice.partition(":")
            return name if kind == "do" else None
        for name in _WORDS if free else (*_WORDS, "yes", "no"):
            if self.means(name, heard.text):
                return name
        commands = _COMMANDS if free else _COMMANDS | _ANSWERS
        sure = heard.confidence >= (_SURE if free else _LIKELY)
        guess = commands.get(heard.intent) if sure and _short(heard.text) else None
        # A guessed pause loses nothing; the others must at least be mentioned in her own words.
        sayable = not free or guess == "pause"
        return guess if guess and (sayable or self._mentions(guess, heard.text)) else None

    def _mentions(self, key: str, text: str) -> bool:
        said = _close(text)
        return any(
            _close(word) in said
            for lang in self._messages.languages
            for word in self._messages.texts(lang, f"{_COMMAND_WORDS}.{key}")
        )

    def agreed(self, heard: Heard) -> bool:
        """Whether she agreed to something that cannot be undone: never on a guess."""
        if heard.choice is not None:
            return heard.choice == "do:yes"
        certain = heard.intent == "affirm" and heard.confidence >= _SURE and _short(heard.text)
        return certain or self.means("yes", heard.text)


def asks_policy(heard: Heard) -> bool:
    """Whether this is a question about the policy, or a choice that leads elsewhere."""
    if heard.choice is not None:
        return heard.choice.startswith(_ELSEWHERE)
    return heard.intent.startswith("faq/") and heard.confidence >= _DIGRESSION


def _close(text: str) -> str:
    """Without gaps, so that "dont know" is "don't know"."""
    return normal(text).replace(" ", "")


def _short(text: str) -> bool:
    return len(text.split()) <= _FEW_WORDS and len(text) <= _FEW_LETTERS
