"""Which language a message is in, and which one a person asks for.

Script decides for Arabic, Chinese and Russian; function words and letter patterns decide between
English, French and Spanish, and know Arabic and Russian in Latin letters. When in doubt the
language stays: a name, an acronym, a number or one borrowed word never changes it.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.folding import EDGE, fold, tokens
from bot.language_words import (
    AROUND_NAMES,
    FUNCTION_WORDS,
    GREETINGS,
    NAMES,
    PATTERNS,
    ROMANISED,
)

#: Enough to know a language by (characters).
_LOOKED_AT = 2_000
#: What the best language must score: a word and a half.
_ENOUGH = 1.4
#: What the best language must be ahead of the next and of the present one.
_MARGIN = 1.5
#: A wish for a language is short (words).
_LONGEST_WISH = 14

_LATIN = ("en", "fr", "es")
_SCRIPTS = (
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f]")),
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Arabic typed in Latin letters writes with digits the sounds that Latin lacks ("mosa3ada"). Short
# forms of other languages ("2day", "gr8", "3rd", "b2b") are not of this shape.
_CHAT_ARABIC = re.compile(
    r"(?<![\w@./-])(?=(?:\d?[a-z]){4}|\d[a-z]{3})(?:[a-z]+[23567][a-z]+|[37][a-z]{3,})(?![\w@])",
    re.IGNORECASE,
)
# In these languages one common word tells a sentence from a name.
_COMMON = {
    "zh": frozenset(
        "我你您他她它们的了吗呢吧是不有没在什么怎哪谁为想要能会可以请谢好帮助性骚扰报告投诉调查和"
    ),
    "ru": frozenset(
        tokens(
            "я мне меня мой моя он она они вы мы это что как где когда кто почему не нет да есть "
            "привет здравствуйте здравствуй помогите помощь спасибо пожалуйста хочу можно нужно "
            "надо опрос жалоба отчёт домогательства харассмент начальник коллега работа и на в с"
        )
    ),
    "ar": frozenset(
        tokens(
            "أنا أنت هو هي هم نحن ما ماذا كيف أين متى من لماذا هل لا نعم في على إلى عن مع مرحبا "
            "السلام أهلا شكرا مساعدة ساعدني ساعدوني أريد بدي ممكن تحرش التحرش شكوى بلاغ استبيان "
            "مديري زميلي هذا هذه كل مش شو ايش ليش وين عايز عايزة هيك مو كده"
        )
    ),
}
_FUNCTION = {lang: frozenset(tokens(words)) for lang, words in FUNCTION_WORDS.items()}
_ROMANISED = {lang: frozenset(tokens(words)) for lang, words in ROMANISED.items()}
_GREETINGS = {
    tuple(tokens(phrase)): lang for lang, some in GREETINGS.items() for phrase in some.split("|")
}
_PATTERN = {lang: re.compile(pattern) for lang, pattern in PATTERNS.items()}
_SHARED = {
    word: sum(word in words for words in _FUNCTION.values())
    for words in _FUNCTION.values()
    for word in words
}
_NAMES = {tuple(tokens(name)): lang for lang, names in NAMES.items() for name in names.split("|")}
_LONGEST_NAME = max(map(len, _NAMES))
_AROUND = frozenset(tokens(AROUND_NAMES))


def detect(text: str, default: str) -> str:
    """The language of a message among the six of the United Nations.

    Args:
        text: the message.
        default: the language of the conversation, kept when the message does not say clearly.
    """
    words = [word for word in _WORD.findall(text[:_LOOKED_AT]) if not _is_acronym(word, text)]
    scripts = Counter(_script(word) for word in words)
    if not scripts:
        return default
    script, count = scripts.most_common(1)[0]
    if count * 3 < sum(scripts.values()) * 2 and not (script != "latin" and count >= 3):
        return default
    if script == "latin":
        sounds = {word.lower() for word in _CHAT_ARABIC.findall(text[:_LOOKED_AT])}
        return _latin(" ".join(words), default, len(sounds))
    if script == "other":  # a language that nobody here answers in
        return default
    return script if _is_speech(script, words) else default


def script_alone(text: str) -> str | None:
    """The language that a message's letters speak for, if they are all of one script.

    A name in them would say the same, so this counts only while nothing else is known of her.

    Args:
        text: the message.

    Returns:
        ``ar``, ``zh`` or ``ru``; ``None`` for other scripts and for mixed ones.
    """
    scripts = {_script(word) for word in _WORD.findall(text[:_LOOKED_AT])}
    return scripts.pop() if len(scripts) == 1 and scripts <= set(_COMMON) else None


def asks_for(text: str) -> str | None:
    """The language that a message as a whole asks for ("en français", "English please").

    Args:
        text: the message.

    Returns:
        The language's code, or ``None`` if the message says anything else.
    """
    words = [word for word in tokens(text) if word != EDGE]
    if not 0 < len(words) <= _LONGEST_WISH:
        return None
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(_LONGEST_NAME, 0, -1):
            lang = _NAMES.get(tuple(words[at : at + length]))
            if lang and at + length <= len(words):
                found.add(lang)
                at += length
                break
        else:
            if words[at] not in _AROUND:
                return None
            at += 1
    return found.pop() if len(found) == 1 else None


def _is_acronym(word: str, text: str) -> bool:
    return word.isupper() and 1 < len(word) <= 6 and not text.isupper()


def _script(word: str) -> str:
    return next((name for name, letters in _SCRIPTS if letters.search(word)), "other")


def _is_speech(lang: str, words: list[str]) -> bool:
    """Whether words of a script are more than a name or a borrowed word."""
    own = [word for word in words if _script(word) == lang]
    if lang == "zh":
        letters = "".join(own)
        return len(letters) >= 4 or any(letter in _COMMON["zh"] for letter in letters)
    known = any(token in _COMMON[lang] for word in own for token in tokens(word))
    if known or len(own) >= 4:
        return True
    # Russian writes a name with capitals; Arabic has none, so two words may be a name.
    return len(own) >= 2 and lang == "ru" and any(word.islower() for word in own)


def _latin(text: str, default: str, sounds: int) -> str:
    words = [word for word in tokens(text) if word != EDGE]
    if not words:
        return default
    greeting = _greeting(words)
    scores = {lang: _score(words, lang, text) for lang in _LATIN}
    scores |= {lang: _score_romanised(words, lang) for lang in _ROMANISED}
    scores["ar"] += _ENOUGH * min(sounds, 2)
    if greeting:
        scores[greeting] += 2.0
    best = max(scores, key=lambda lang: scores[lang])
    others = [score for lang, score in scores.items() if lang != best]
    clear = scores[best] >= _ENOUGH and scores[best] - max(others) >= min(
        _MARGIN, 0.5 + 0.1 * len(words)
    )
    return best if clear else default


def _greeting(words: list[str]) -> str | None:
    for length in range(min(4, len(words)), 0, -1):
        if lang := _GREETINGS.get(tuple(words[:length])):
            return lang if len(words) <= length + 2 else None
    return None


def _score(words: list[str], lang: str, text: str) -> float:
    known = _FUNCTION[lang]
    score = sum(1.0 / _SHARED[word] for word in set(words) if word in known)
    unknown = {word for word in words if word not in _SHARED and len(word) > 3}
    score += 0.4 * sum(_PATTERN[lang].fullmatch(word) is not None for word in unknown)
    return score + _letters(text, lang)


def _letters(text: str, lang: str) -> float:
    text = text.lower()
    if lang == "fr":
        return 0.7 * any(letter in text for letter in "çèêœàùâîûëï")
    if lang == "es":
        return 1.0 * any(letter in text for letter in "ñ") + 0.4 * any(c in text for c in "íóúá")
    return 0.0


def _score_romanised(words: list[str], lang: str) -> float:
    found = {word for word in words if word in _ROMANISED[lang]}
    own = {word for word in found if word not in _SHARED}
    if len(own) < 2 and not any(re.search(r"[a-z][2357]|[2357][a-z]", fold(w)) for w in own):
        return 0.0
    return 0.25 * len(found - own) + 1.2 * len(own)
