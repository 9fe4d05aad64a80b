"""Which options a person means when she answers in her own words.

An exact label, or one of an option's other words, is an answer. A unique beginning or a unique
telling word is one too. Anything less certain ("quite satisfied") is only suggested: a wrong
answer in her name is worse than one more question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: How alike two spellings must be to be suggested (1.0 is the same), and how far below the best
#: one another may be to be suggested with it.
_ALIKE, _NEXT = 0.82, 0.06
_MOST = 4
_TELLING = 4  # letters a word needs to decide on its own


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLERS = _words(
    """
    i it is was were am are my me a an the that this they them would say think guess with by
    please well so just really number option answer to of for in je j c ce est etait cela ca il
    elle on me m ma mon mes le la les l un une des du de d avec dirais pense crois plutot numero
    option reponse suis ete ai vraiment s se
    yo es era fue estoy soy mi que el los las una unos y diria pienso creo numero opcion
    respuesta muy bueno pues con por para al lo se trata
    я это был была было были мне меня мои моя мое что в на о по к с и у ну да вот номер вариант
    ответ думаю наверное скорее просто он она они бы
    انا هو هي هذا هذه كان كانت في من على الى عن ان انه رقم خيار الخيار جواب الجواب اعتقد اظن
    ربما يا و
    我 是 的 了 在 就 吧 呢 啊 嗯 选 第 个 号 项 想 觉 得 应 该 这 那 它 他 她 们
    """
)
_NEGATIONS = _words(
    """
    not no never none nobody nothing t cannot without ne n pas jamais aucun aucune rien sans non
    nunca ningun ninguno ninguna nada nadie sin tampoco
    не нет ни никогда никто ничего никакои никакая никакие никаких без нельзя
    لا لم لن ليس ليست لست ما غير بدون دون احد ابدا قط كلا بلا
    不 没 無 无 未 別 别
    """
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_SPLIT = re.compile(
    r"[,;/&+\n،؛、；，。]|[和与跟及]|\b(?:and|plus|as well as|et|ainsi que|puis)\b"
    r"|\b(?:y|e|además|и|а также|و|ثم)\b"
    r"|(?<=\s)و(?=\w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[\s,;/&+.()،؛、；，。和与跟及第号項项]|\b(?:and|plus|et|puis|number|numbers|no|y|e|и|ثم|номер|número|رقم)\b"
    r"|(?:(?<=\s)|\b)و(?=\s*\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be meant: its value and the phrases that mean it, the label first."""

    value: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood: values in the order of the options, and whether that is certain."""

    values: tuple[str, ...] = ()
    sure: bool = False


def plain(text: str) -> str:
    """Words in lower case without accents and signs, one blank between them.

    A Han character counts as a word: Chinese is written without blanks.
    """
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    ).casefold()
    apart = _HAN.sub(r" \g<0> ", bare)
    return " ".join("".join(c if c.isalnum() else " " for c in apart).split())


def exact(text: str, ways: Sequence[Way]) -> Understood:
    """The option that is named exactly, as it is or between filling words."""
    said = plain(text)
    for words in (said, _core(said)):
        found = [w.value for w in ways if words and words in map(plain, w.phrases)]
        if len(found) == 1:
            return Understood((found[0],), sure=True)
    return Understood()


def labelled(text: str, ways: Sequence[Way]) -> Understood:
    """The choice that is named by its label or by the beginning of it, and by nothing less.

    For choices that do something (send, delete) in place of answering.
    """
    named = exact(text, ways)
    if named.values:
        return named
    found = _beginning(_core(plain(text)), ways)
    return found if found.sure else Understood()


def one(text: str, ways: Sequence[Way]) -> Understood:
    """The one option that is meant, or up to four that could be.

    Args:
        text: what was typed.
        ways: the options, in the order in which they are numbered.
    """
    numbers = _numbers(text, len(ways)) or _numbers(_core(plain(text)), len(ways))
    if len(numbers) == 1:
        return Understood((ways[numbers[0] - 1].value,), sure=True)
    named = exact(text, ways)
    if named.values:
        return named
    core = _core(plain(text))
    for attempt in (_beginning, _telling, _within, _spelt_alike, _hinting):
        found = attempt(core, ways)
        if found.values:
            return found
    return Understood()


def many(text: str, ways: Sequence[Way]) -> Understood:
    """All options that are meant, by numbers ("1, 3 and 5") or by words."""
    numbers = _numbers(text, len(ways))
    if numbers:
        return Understood(tuple(ways[n - 1].value for n in sorted(set(numbers))), sure=True)
    whole = one(text, ways)
    parts = [part for part in _SPLIT.split(text) if part.strip()]
    if whole.sure or len(parts) < 2:
        return whole
    heard = [one(part, ways) for part in parts]
    values = {value for part in heard for value in (part.values if part.sure else part.values[:1])}
    ordered = tuple(way.value for way in ways if way.value in values)
    return Understood(ordered, sure=bool(ordered) and all(part.sure for part in heard))


def _numbers(text: str, most: int) -> list[int]:
    """The numbers of a text that is nothing but numbers, if all of them can be meant."""
    if not all(part.isdecimal() for part in _BETWEEN.sub(" ", text).split()):
        return []
    found = [int(part) for part in _BETWEEN.sub(" ", text).split()]
    return found if all(1 <= number <= most for number in found) else []


def _core(words: str) -> str:
    parts = words.split()
    while parts and parts[0] in _FILLERS:
        parts.pop(0)
    while parts and parts[-1] in _FILLERS:
        parts.pop()
    return " ".join(parts)


def _some(values: list[str], sure: bool) -> Understood:
    unique = tuple(dict.fromkeys(values))
    if not unique or len(unique) > _MOST:
        return Understood()
    return Understood(unique, sure=sure and len(unique) == 1)


def _beginning(core: str, ways: Sequence[Way]) -> Understood:
    if len(core) < 2:
        return Understood()
    found = [w.value for w in ways if any(plain(p).startswith(core) for p in w.phrases)]
    return _some(found, sure=len(core) >= _TELLING)


def _telling(core: str, ways: Sequence[Way]) -> Understood:
    words = set(core.split())
    longest = max(map(len, words), default=0)
    if longest < _TELLING - 1:
        return Understood()
    found = [
        way.value
        for way in ways
        # "start" must never become "I decided not to start one".
        if any(
            words <= set(phrase.split()) and _agree_on_no(core, phrase)
            for phrase in map(plain, way.phrases)
        )
    ]
    return _some(found, sure=longest >= _TELLING)


def _within(core: str, ways: Sequence[Way]) -> Understood:
    """Options whose phrase stands inside what was said; a longer phrase outdoes those in it."""
    hits: list[tuple[str, str]] = []
    for way in ways:
        for phrase in map(plain, way.phrases):
            if phrase and f" {phrase} " in f" {core} ":
                hits.append((phrase, way.value))
    best = [
        (phrase, value)
        for phrase, value in hits
        if not any(phrase != other and f" {phrase} " in f" {other} " for other, _ in hits)
    ]
    # "not satisfied" must never become "Satisfied": a negation left over takes all back.
    rest = set(core.split()) - {word for phrase, _ in best for word in phrase.split()}
    return Understood() if rest & _NEGATIONS else _some([value for _, value in best], sure=False)


def _spelt_alike(core: str, ways: Sequence[Way]) -> Understood:
    if len(core) < _TELLING:
        return Understood()
    scores = [
        (SequenceMatcher(None, core, phrase).ratio(), way.value)
        for way in ways
        for phrase in map(plain, way.phrases)
        if _agree_on_no(core, phrase)
    ]
    best = max((score for score, _ in scores), default=0.0)
    if best < _ALIKE:
        return Understood()
    return _some([value for score, value in scores if score >= best - _NEXT], sure=False)


def _hinting(core: str, ways: Sequence[Way]) -> Understood:
    """Options one of whose longer words was said, when no other option has that word."""
    words = {word for word in core.split() if len(word) > _TELLING}
    owners: dict[str, set[str]] = {}
    for way in ways:
        for phrase in map(plain, way.phrases):
            for word in words & set(phrase.split()):
                if _agree_on_no(core, phrase):
                    owners.setdefault(word, set()).add(way.value)
    told = {value for values in owners.values() if len(values) == 1 for value in values}
    return _some([way.value for way in ways if way.value in told], sure=False)


def _agree_on_no(core: str, phrase: str) -> bool:
    return bool(set(core.split()) & _NEGATIONS) == bool(set(phrase.split()) & _NEGATIONS)
