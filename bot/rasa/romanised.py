"""Arabic typed in Latin letters ("3ayez a2addem shakwa"), put back into Arabic letters.

Phones taught a generation to write Arabic so: digits stand for sounds that Latin lacks, short
vowels come and go, and each writer spells as she hears. A network that learnt from books knows
little of it, while thousands of taught sentences are in Arabic letters. Letter by letter, without
short vowels, is near enough to meet them (docs/understanding.md has the figures).
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# 2, 3, 5, 7 and 9 for hamza, ayn, kha, ha and qaf; "2nd", "3pm", "5km" and "mp3" are none.
_DIGIT = re.compile(r"(?=.{3,})(?:[a-z]+[23579]'?[a-z]+|[23579]'?[a-z]{3,}|[a-z]{3,}[237])$")
_NONE = re.compile(
    r"2day|2nite|2night|2morrow|2gether|[a-z]?[0-9](?:mins?|hrs?|years?|days?|weeks?|months?|times|enfants?|filles?|fils|hijos?|hijas?|kids"
    r"|people|jours?|mois|fois|ans|semaines?|dias?|veces|meses|horas?|heures?)|covid\w*|"
    r"a2a|b2[bc]|p2p|w2w|f2f|m2m|c2c|h5n1"
)
# Words that hardly any other language has, as they are typed without digits. Names (Hadi, Salam)
# and words of others (French: bas, bel) are none.
_OWN = frozenset(
    re.findall(
        r"\w+",
        """
    ana anta anti enta enti inta inti ente inte howa huwa hwa heya hiya hiyya mesh mish mosh shu
    chno chnou chnowa shno shnu eish aish biddi bidi baddi badde ayez ayza awez aayez abgha
    bghit baghi elli illi yalli keda kida heik hayk hena hina wein wayn fein feen meen leh leish
    lesh eih bass yalla shokran shukran khalas yaani ya3ni kaman lazem lazim momken
    mumkin mumken kif kifach kifash ezay ezzay izzay wach wesh hada hayda hadchi dyali
    ma3aya ma3i kol kull shi shakwa shakwe shakawi balagh taharosh taharrosh ta7arosh modir
    modiri mudiri zamili zamilti zmili rah delwa2ti embare7 mbareh imbareh walla wala wallah
    inshallah hamdulillah hamdulela shoghl shoghli maktab siyasa hwe hiye kanet byelmes lamasni
    lamas ashtaki ablagh aywa aiwa ahlan marhaba keefak kifak shlonak akid tab3an fel 3al mn
    btetkallem ba2a abi abgha mafish mafeesh ghasb nafsi nefsi hayati
    """,
    )
)
# "he does" as it is spoken: byedrab, byo2ool.
_DOES = re.compile(r"by[eio][a-z2357]{3,}")
_ENOUGH = 2

_SOUNDS = {
    "sh": "ش",
    "ch": "ش",
    "kh": "خ",
    "gh": "غ",
    "th": "ث",
    "dh": "ذ",
    "3'": "غ",
    "7'": "خ",
    "aa": "ا",
    **dict.fromkeys(("ou", "oo"), "و"),
    **dict.fromkeys(("ee", "ei", "ai", "ay", "ey", "ie"), "ي"),
    **dict(zip("btjgdrzsfqklmnhwypvc", "بتججدرزسفقكلمنهويبفك", strict=True)),
    **dict(zip("2356789", "اعخطحغق", strict=True)),
    "x": "كس",
}
_VOWELS = "aeiou"
# The last letter of a word is written; "e" stands for the ending of the feminine.
_LAST = {"a": "ا", "e": "ه", "i": "ي", "o": "و", "u": "و"}
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z2357])\1")
# A word's last syllable with "i" is mostly a long one: modir, amin, dalil.
_LONG = re.compile(r"(?<=[^\Waeiouy])i(?=[^\Waeiouy]$)")
_ARTICLE = re.compile(r"\b(?:el|al|il)[ -]+(?=\w)")


def romanised(text: str) -> bool:
    """Whether a text is Arabic in Latin letters, as far as its words show.

    Args:
        text: as typed.
    """
    if not text.isascii():
        return False
    words = _WORD.findall(text.lower())
    digits = sum(bool(_DIGIT.fullmatch(w)) and not _NONE.fullmatch(w) for w in words)
    own = sum(word in _OWN or bool(_DOES.match(word)) for word in words)
    return 2 * digits + own >= _ENOUGH and 6 * (digits + own) >= len(words)


def in_arabic(text: str) -> str:
    """The text in Arabic letters, as near as its sounds tell.

    Args:
        text: Arabic in Latin letters.
    """
    joined = _ARTICLE.sub("\u0627\u0644", text.lower())
    return _WORD.sub(lambda found: _spelt(found[0]), joined)


def _spelt(word: str) -> str:
    if word.isdigit():
        return word
    word = _LONG.sub("ee", _DOUBLED.sub(r"\1", word))
    out, at = "", 0
    while at < len(word):
        pair, letter = word[at : at + 2], word[at]
        if pair in _SOUNDS and len(pair) == 2:
            out += _SOUNDS[pair]
            at += 2
            continue
        last = at == len(word) - 1
        if letter not in _VOWELS:
            out += _SOUNDS.get(letter, letter)
        elif at == 0 or last:
            out += _LAST[letter] if at else "ا"
        at += 1
    return out
