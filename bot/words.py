"""The words that the gate knows before any machine learning is asked.

Stop, erase, leave at once and the safe word are known when they are the whole message; words of
acute danger wherever they stand. All six languages are tried on every message, because people in
distress fall back into their own. The phrases are content: ``content/gate/<lang>.yml``, written
as ``bot.phrases`` says, and explained in ``content/gate/README.md``.

Nothing of a message is kept: no cache, no log, no name of a phrase that was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.folding import COMMA, EDGE, tokens
from bot.gate_files import COMMANDS, DANGERS, GateFile, read_gate_files
from bot.phrases import Finder
from bot.voices import Spelling, Voice

#: Longer messages are never one command (characters).
LONGEST_COMMAND = 200

#: In longer messages (words) a figure of speech says nothing about the rest.
LONGEST_FIGURE = 10

#: Words looked at in one go; what keeps long texts linear.
WINDOW = 400


@dataclass(frozen=True, slots=True)
class Sign:
    """What the gate recognised.

    Args:
        kind: ``stop``, ``erase``, ``exit``, ``safe_word``, ``move`` or ``crisis``.
        danger: for a crisis one of ``DANGERS``, else ``None``.
    """

    kind: str
    danger: str | None = None


# The Arabic letter waw before a word of three letters or more.
_AND = re.compile("و[\u0621-\u064a]{3}")


class Words:
    """Recognises the gate's words; immutable and safe to share between requests."""

    def __init__(self, files: Iterable[GateFile], voices: Sequence[Voice]) -> None:
        files = tuple(files)
        self._safe_words = {file.lang: file.safe_word for file in files}
        self._spelling = Spelling.joined(file.spelling for file in files)
        polite = {phrase for file in files for phrase in file.polite}
        self._polite = frozenset(polite)
        self._longest_polite = max(map(len, polite), default=0)
        self._joiners = frozenset(word for file in files for word in file.joiners)
        self._voices = tuple(voices)
        self._own = {file.lang: Finder(file.own_chat) for file in files}

    @classmethod
    def load(cls, content: Path) -> Words:
        """Read ``content/gate``.

        Raises:
            ContentError: a file is missing or a phrase in it cannot be used.
        """
        files, voices = read_gate_files(content / "gate")
        return cls(files, voices)

    def safe_word(self, lang: str) -> str:
        """The harmless word that the opening offers in a language (English if unknown)."""
        return self._safe_words.get(lang, self._safe_words["en"])

    def recognise(self, text: str, lang: str | None) -> Sign | None:
        """What the gate must act upon, or ``None``.

        Args:
            text: what was typed.
            lang: the language of the chat, if known: a few short words are commands only in a
                chat in their own language.
        """
        if command := self.command(text, lang):
            return Sign(command)
        danger = self._danger([EDGE, *self._spelling.of(tokens(text)), EDGE])
        return Sign("crisis", danger) if danger else None

    def figure(self, text: str) -> bool:
        """Whether a short text has words that are known to sound like danger and to be none.

        It does not say that there is no danger besides: `recognise` does. In a longer text there
        is room for one that `recognise` does not know, with or without a full stop between: a
        figure of speech excuses nothing there.

        Args:
            text: what was typed.
        """
        words = [EDGE, *self._spelling.of(tokens(text)), EDGE]
        if _length(words) > LONGEST_FIGURE:
            return False
        stretches = ((voice, part) for voice in self._voices for part in _windows(voice, words))
        return any(voice.figure(part) for voice, part in stretches)

    def command(self, text: str, lang: str | None) -> str | None:
        """The kind of command that a text is, if it is one; danger is not looked for.

        Args:
            text, lang: as `recognise` takes them.
        """
        return self._command(text, lang) if len(text) <= LONGEST_COMMAND else None

    def _command(self, text: str, lang: str | None) -> str | None:
        words = self._spelling.of(tokens(text, commas=True))
        if kind := self._whole([word for word in words if word not in (EDGE, COMMA)], lang):
            return kind
        found: set[str] = set()
        for sentence in _split(words, {EDGE}):
            kinds = self._kinds(sentence, lang)
            if kinds is None:
                return None
            found |= kinds
        return next((kind for kind in COMMANDS if kind in found), None)

    def _kinds(self, sentence: list[str], lang: str | None) -> set[str] | None:
        """What a sentence commands; ``None`` if it says anything else, or more."""
        clause = [word for word in sentence if word != COMMA]
        if kind := self._whole(clause, lang):
            return {kind}
        spoken = self._without_politeness(clause)
        if self._refused(clause):
            return None  # also not the same without its politeness
        if not spoken:
            return set()
        if kind := self._whole(spoken, lang):
            return {kind}
        found: set[str] = set()
        parts = _split(_unglued(sentence), {COMMA, *self._joiners})
        for part in parts if parts != [sentence] else ():
            part = self._without_politeness(part)
            kind = self._whole(part, lang) if part else None
            if part and kind is None:
                return None
            found.update(filter(None, (kind,)))
        return found or None

    def _refused(self, clause: list[str]) -> bool:
        refused = (
            voice.not_commands.whole(voice.variants(clause))
            for voice in self._voices
            if len(clause) <= voice.not_commands.span
        )
        return any(phrase is not None for phrase in refused)

    def _whole(self, clause: list[str], lang: str | None) -> str | None:
        if self._refused(clause):
            return None
        for voice in self._voices:
            if len(clause) <= voice.commands.span and (
                kind := voice.commands.whole(voice.variants(clause))
            ):
                return kind
        own = self._own.get(lang or "")
        return own.whole([(word,) for word in clause]) if own else None

    def _without_politeness(self, clause: list[str]) -> list[str]:
        words = [w for i, w in enumerate(clause) if i == 0 or w != clause[i - 1]]
        for _ in range(len(words)):
            size = len(words)
            for length in range(min(self._longest_polite, size), 0, -1):
                if tuple(words[:length]) in self._polite:
                    words = words[length:]
                    break
                if tuple(words[-length:]) in self._polite:
                    words = words[:-length]
                    break
            if len(words) == size:
                break
        return words

    def _danger(self, words: list[str]) -> str | None:
        found = len(DANGERS)
        for voice in self._voices:
            for stretch in _windows(voice, words):
                found = min(found, voice.danger(stretch, found))
                if found == 0:
                    return DANGERS[0]
        return DANGERS[found] if found < len(DANGERS) else None


def _length(words: list[str]) -> float:
    """In words; two Han characters are counted as one."""
    return sum(0.5 if "\u4e00" <= word[0] <= "\u9fff" else word != EDGE for word in words)


def _windows(voice: Voice, words: list[str]) -> Iterator[list[tuple[str, ...]]]:
    """A text as a voice hears it, in stretches that overlap by the longest phrase."""
    variants = voice.variants(words)
    for start in range(0, max(1, len(variants) - voice.span), WINDOW - voice.span):
        yield variants[start : start + WINDOW]


def _unglued(words: list[str]) -> list[str]:
    """Arabic writes "and" onto the next word: here it stands apart, as a comma does."""
    return [w for word in words for w in ((COMMA, word[1:]) if _AND.match(word) else (word,))]


def _split(words: list[str], at: Iterable[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word in at:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]
