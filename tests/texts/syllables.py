"""Syllables of a written word, counted by its vowels as each language writes them.

Hyphenation tables would be simpler, but they leave out every place where a line is not broken
(*idea* would have one syllable), so that a text seems easier than it is.
"""

from __future__ import annotations

import re

_FRENCH = re.compile("[aeiouyàâäéèêëîïôöùûüœæ]+")
_ENGLISH = re.compile("[aeiouy]+")


def count(lang: str, word: str) -> int:
    """How many syllables a word has, at least one; for ar, en, es, fr and ru."""
    return max(1, _BY[lang](word.lower().replace("’", "'")))


def _english(word: str) -> int:
    word = re.sub(r"'s$|'", "", word)
    found = len(_ENGLISH.findall(word))
    apart = r"(?<![ct])ia|io(?!n|us)|(?<![ctx])ious|ual|ideo|ea(?=l?$|t[eio])|[aeiou]ing\b"
    found += len(re.findall(apart, word))
    found -= len(re.findall(r"(?<=some)(?=[^aeiou])|(?<=every)(?=[a-z])", word))
    if re.search(r"[^aeiouyl]e$|[aeiou]le$", word):
        found -= 1
    if re.search(r"[^aeiouytd]ed$|[^aeiouyszcghx]es$|[aeiouy][^aeiouyszcghx]ely$|ement", word):
        found -= 1
    return found


def _french(word: str) -> int:
    word = word.rpartition("'")[2].replace("qu", "q").replace("gu", "g")
    found = len(_FRENCH.findall(word))
    found += len(re.findall("éa|éâ|éo|éi|éu|aï|oï|oë|ué|uel|ao", word))
    return found - bool(found > 1 and re.search(r"(?<![aeiouyàâéèêîôùû])es?$", word))


def _spanish(word: str) -> int:
    word = re.sub("qu|gu(?=[eiéí])", "q", word)
    word = re.sub("y(?![aeiouáéíóú])", "i", word)
    strong = len(re.findall("[aeoáéóíú]", word))
    weak_alone = len(re.findall("(?<![aeoáéóíúiuü])[iuü](?![aeoáéó])|[iuü](?=[iuü])", word))
    return strong + weak_alone


def _russian(word: str) -> int:
    return len(re.findall("[аеёиоуыэюя]", word))


def _arabic(word: str) -> int:
    """Short vowels are not written: a letter that is no long vowel has one of its own."""
    return len(re.findall("[\u0621-\u064a]", re.sub("[\u0627\u0649\u0640]", "", word)))


_BY = {"en": _english, "fr": _french, "es": _spanish, "ru": _russian, "ar": _arabic}
