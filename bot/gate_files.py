"""Reading and checking ``content/gate``: six files of phrases become voices that know them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.folding import fold, tokens
from bot.phrase_reader import PhraseError, Reader
from bot.phrases import OneOf, Part
from bot.voices import Phrases, Sounds, Spelling, Voice, typing_errors
from catalogue import ContentError, Located, load_yaml
from catalogue.messages import LANGUAGES

#: What a whole message can command; several in one message: the one that protects most wins.
COMMANDS = ("erase", "exit", "safe_word", "stop", "move")

#: The most urgent first: what may kill within the hour, then what medicine can prevent within
#: hours, then what needs a protected talk.
DANGERS = ("violence_now", "self_harm", "assault_recent", "child")
_KEYS = {
    "safe_word", "polite", "joiners", "spellings", "lists", "commands", "own_chat",
    "not_commands", "crisis", "not_crisis", "romanised",
}  # fmt: skip
_ROMANISED = {"letters", "sounds", "lists", "commands", "not_commands", "crisis", "not_crisis"}


@dataclass(frozen=True, slots=True)
class GateFile:
    """What one language's file says beside its phrases."""

    lang: str
    safe_word: str
    polite: frozenset[tuple[str, ...]]
    joiners: frozenset[str]
    spelling: Spelling
    own_chat: tuple[tuple[Part, str], ...]


#: A voice is useless if two windows can no longer overlap by its longest phrase (words).
LONGEST_PHRASE = 100


def read_gate_files(folder: Path) -> tuple[tuple[GateFile, ...], tuple[Voice, ...]]:
    """All six files and the voices that know their phrases.

    Raises:
        ContentError: a file is missing or cannot be used as it stands.
    """
    sources = {lang: _Source(folder / f"{lang}.yml") for lang in LANGUAGES}
    spelling = Spelling.joined(source.spelling() for source in sources.values())
    plain = Phrases()
    files, voices = [], []
    for lang, source in sources.items():
        files.append(source.gate_file(lang, spelling))
        reader = source.reader(spelling.of)
        source.collect(source.data, plain, reader, reader.forgiving(typing_errors))
        if (sounds := source.sounds()) is not None:
            heard = Phrases()
            source.collect_romanised(sounds, spelling, heard)
            voices.append(Voice(sounds, heard))
    voices.insert(0, Voice(None, plain))
    if any(voice.span > LONGEST_PHRASE for voice in voices):
        raise ContentError(
            folder, 0, f"a phrase covers over {LONGEST_PHRASE} words", "make its gaps smaller"
        )
    return tuple(files), tuple(voices)


def read_gate_file(
    folder: Path, lang: str
) -> tuple[GateFile, Phrases, tuple[Sounds, Phrases] | None]:
    """One language's file, for itself: its own spellings, no typing errors.

    Args:
        folder: ``content/gate``.
        lang: one of the six.

    Returns:
        What it says beside its phrases, the phrases, and those heard by sound, if it has any.

    Raises:
        ContentError: the file is missing or cannot be used as it stands.
    """
    source = _Source(folder / f"{lang}.yml")
    spelling, plain = source.spelling(), Phrases()
    reader = source.reader(spelling.of)
    source.collect(source.data, plain, reader, reader)
    heard = None
    if (sounds := source.sounds()) is not None:
        heard = (sounds, Phrases())
        source.collect_romanised(sounds, spelling, heard[1])
    return source.gate_file(lang, spelling), plain, heard


class _Source:
    """One file while it is being read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        data = load_yaml(path)
        if not isinstance(data, Located):
            raise self.error(None, "", "the file holds no sections", "restore it")
        self.data = data
        self._known(data, _KEYS)

    def error(self, node: Located | None, key: str, problem: str, remedy: str) -> ContentError:
        return ContentError(self.path, node.line_of(key) if node else 0, problem, remedy)

    def _known(self, node: Located, keys: set[str]) -> None:
        for key in node:
            if key not in keys:
                raise self.error(
                    node, key, f"'{key}' is unknown", f"use one of {', '.join(sorted(keys))}"
                )

    def section(self, node: Located, key: str) -> Located:
        """The mapping under ``key``; an empty one if there is none."""
        value = node.get(key)
        if value is None:
            return Located(node.line)
        if not isinstance(value, Located):
            raise self.error(node, key, f"'{key}' has no names in it", "write 'name: ...' lines")
        return value

    def texts(self, node: Located, key: str) -> list[str]:
        """The list of texts under ``key``; an empty one if there is none."""
        value = node.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.error(
                node, key, f"'{key}' is not a list of words", "write '- word' lines, with quotes"
            )
        return value

    def spelling(self) -> Spelling:
        node = self.section(self.data, "spellings")
        means: dict[str, tuple[str, ...]] = {}
        for key, value in node.items():
            spelt = tokens(key)
            if len(spelt) != 1 or not isinstance(value, str) or not tokens(value):
                raise self.error(
                    node, key, f"'{key}' is no single word with a meaning", "write 'wanna: want to'"
                )
            means[spelt[0]] = tuple(tokens(value))
        return Spelling(means)

    def sounds(self) -> Sounds | None:
        if "romanised" not in self.data:
            return None
        node = self.section(self.data, "romanised")
        self._known(node, _ROMANISED)
        letters = {ord(fold(k)): str(v) for k, v in self.section(node, "letters").items()}
        rules = [rule.split() for rule in self.texts(node, "sounds")]
        for rule in rules:
            if len(rule) not in (1, 2):
                raise self.error(
                    node, "sounds", f"'{' '.join(rule)}' is no sound", "write 'shch s'"
                )
        return Sounds(letters, tuple((rule[0], "".join(rule[1:])) for rule in rules))

    def reader(self, spell: Callable[[Iterable[str]], list[str]], *nodes: Located) -> Reader:
        """A reader that knows the file's lists (and those of the further sections)."""
        lists: dict[str, Part] = {}
        for node in (self.data, *nodes):
            section = self.section(node, "lists")
            for name in section:
                inner = Reader(lists, lambda word: spell(tokens(word)))
                parts = [self._read(inner, section, name, p) for p in self.texts(section, name)]
                if not parts:
                    raise self.error(section, name, f"'{name}' is empty", "write a word in it")
                lists[name] = OneOf(tuple(parts))
        return Reader(lists, lambda word: spell(tokens(word)))

    def _read(self, reader: Reader, node: Located, key: str, phrase: str) -> Part:
        try:
            return reader.read(unicodedata.normalize("NFKC", phrase))
        except PhraseError as error:
            problem, _, remedy = str(error).partition(": ")
            line = self._line(phrase, node.line_of(key))
            raise ContentError(self.path, line, f"'{phrase}': {problem}", remedy) from None

    def _line(self, phrase: str, after: int) -> int:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        found = (n for n, line in enumerate(lines, 1) if n >= after and phrase in line)
        return next(found, after)

    def _phrases(self, node: Located, key: str, reader: Reader) -> Iterator[Part]:
        for phrase in self.texts(node, key):
            yield self._read(reader, node, key, phrase)

    def _commands(self, node: Located, key: str, reader: Reader) -> list[tuple[Part, str]]:
        section = self.section(node, key)
        self._known(section, {*COMMANDS} - {"safe_word"})
        for kind in section:
            for phrase in self.texts(section, kind):
                if "..." in phrase:
                    line = self._line(phrase, section.line_of(kind))
                    raise ContentError(
                        self.path, line, f"'{phrase}' has a gap", "a command is a whole message"
                    )
        return [(part, kind) for kind in section for part in self._phrases(section, kind, reader)]

    def collect(self, node: Located, into: Phrases, reader: Reader, typed: Reader) -> None:
        """Add a section's phrases to a voice; ``typed`` reads those of its commands."""
        into.commands += self._commands(node, "commands", typed)
        into.commands += [(p, "safe_word") for p in self._phrases(node, "safe_word", typed)]
        into.not_commands += [(p, "") for p in self._phrases(node, "not_commands", reader)]
        into.not_crisis += [(p, "") for p in self._phrases(node, "not_crisis", reader)]
        crisis = self.section(node, "crisis")
        self._known(crisis, set(DANGERS))
        for danger in crisis:
            rank = DANGERS.index(danger)
            into.crisis += [(p, rank) for p in self._phrases(crisis, danger, reader)]

    def collect_romanised(self, sounds: Sounds, spelling: Spelling, into: Phrases) -> None:
        """Add what a romanised voice knows: its own phrases, and the file's if it has letters."""
        node = self.section(self.data, "romanised")

        def heard(words: Iterable[str]) -> list[str]:
            return [sound for word in spelling.of(words) if (sound := sounds.of(word))]

        # Sounds are loose enough: typing errors on top would turn one word into another.
        reader = self.reader(heard, node)
        if sounds.letters:
            self.collect(self.data, into, reader, reader)
        self.collect(node, into, reader, reader)

    def gate_file(self, lang: str, spelling: Spelling) -> GateFile:
        safe_words = self.texts(self.data, "safe_word")
        if not safe_words:
            raise self.error(self.data, "safe_word", "there is no safe word", "write one")
        return GateFile(
            lang,
            safe_words[0],
            frozenset(tuple(spelling.of(tokens(p))) for p in self.texts(self.data, "polite")),
            frozenset(t for j in self.texts(self.data, "joiners") for t in tokens(j)),
            spelling,
            tuple(self._commands(self.data, "own_chat", self.reader(spelling.of))),
        )
