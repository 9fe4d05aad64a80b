"""Numbers as people type them: digits of every script, and the first twelve number words."""

from __future__ import annotations

import re
import unicodedata

from bot.folding import EDGE, tokens

_WORDS = {
    1: "one first uno una primero primera primer une premier premiere один одна одно первый первая "
    "первое первую odin odna pervyj pervyy wahed wahid wa7ed واحد واحدة الأول الأولى اول اولى "
    "الواحد",
    2: "two second dos segundo segunda deux deuxieme seconde два две второй вторая второе вторую "
    "dva vtoroy vtoroj اثنان اثنين اثنتان اثنتين تنين اتنين الثاني الثانية ثاني ثانية tnen etnen",
    3: "three third tres tercero tercera tercer trois troisieme три третий третья третье третью "
    "tri tretiy ثلاثة ثلاث تلاتة تلات الثالث الثالثة ثالث ثالثة talata tlete",
    4: "four fourth cuatro cuarto cuarta quatre quatrieme четыре четвертый четвертая четвертое "
    "chetyre أربعة أربع الرابع الرابعة رابع رابعة arba3a",
    5: "five fifth cinco quinto quinta cinq cinquieme пять пятый пятая пятое pyat piat خمسة خمس "
    "الخامس الخامسة خامس khamsa",
    6: "six sixth seis sexto sexta sixieme шесть шестой шестая шестое shest ستة ست السادس السادسة "
    "سادس sitta",
    7: "seven seventh siete septimo septima sept septieme семь седьмой седьмая sem سبعة سبع السابع "
    "السابعة sab3a",
    8: "eight eighth ocho octavo octava huit huitieme восемь восьмой восьмая vosem ثمانية ثماني "
    "ثمان الثامن الثامنة tamanya",
    9: "nine ninth nueve noveno novena neuf neuvieme девять девятый девятая devyat تسعة تسع التاسع "
    "التاسعة tis3a",
    10: "ten tenth diez decimo decima dix dixieme десять десятый десятая desyat عشرة عشر العاشر "
    "العاشرة 3ashara",
    11: "eleven eleventh undecimo onze onzieme одиннадцать одиннадцатый أحد_عشر إحدى_عشرة حداشر",
    12: "twelve twelfth doce duodecimo douze douzieme двенадцать двенадцатый اثنا_عشر اثنتا_عشرة "
    "اثني_عشر اتناشر",
}
#: Said before or after a number. Spanish "once" (eleven) is left out above: English "once" is how
#: often something happened.
_AROUND = (
    "option choice number no nr nro num n answer question item the please pls choose pick select i "
    "take opcion numero el la lo por favor respuesta elijo le l les choix reponse je choisis "
    "prends "
    "s il vous plait svp вариант номер ответ выбираю я пожалуйста пункт variant nomer рقم "
    "خيار الخيار رقم الرقم الجواب اختار من فضلك 第 选 选项 选择 号 个 项 我 th st nd rd er e eme "
    "ere º ª o a й я е ая ый option_number"
)
_HAN = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "兩": 2, "〇": 0}


def _folded(text: str) -> tuple[str, ...]:
    return tuple(tokens(text.replace("_", " ")))


_NUMBERS = {_folded(w): n for n, words in _WORDS.items() for w in words.split()}
_BESIDE = frozenset(token for word in _AROUND.split() for token in _folded(word))
_HAN_NUMBER = re.compile("[零〇一二三四五六七八九十两兩]{1,3}")
_SIGNS = re.compile("[#\u2116\u20e3\ufe0f°ºª]")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|ere|re|e|eme|ème|ère|º|ª|o|a)")
_LONGEST = 40


def ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script (``٢``, ``२``, ``２``) as ``0``–``9``."""
    if text.isascii():
        return text
    return "".join(str(d) if (d := unicodedata.decimal(c, -1)) >= 0 else c for c in text)


def as_number(text: str) -> int | None:
    """The number that a short answer names: "2", "٢", "第二", "two", "deux", "#3", "option 2".

    Args:
        text: the whole answer.

    Returns:
        The number; ``None`` if the answer says anything else beside one number, such as a
        sentence, two numbers, or the name ``UN`` in capitals (French for one in small letters).
    """
    if len(text) > _LONGEST:
        return None
    if text.strip(" .!") in ("un", "Un", "uN"):
        return 1
    plain = _SIGNS.sub(" ", unicodedata.normalize("NFKC", ascii_digits(_circled(text))))
    if re.search(r"\d[.,:/-]\d", plain) or re.search(r"(?:^|\s)[-\u2212]\s*\d", plain):
        return None  # a decimal, a date, a time, a range, a negative number
    words = [word for word in tokens(plain) if word != EDGE]
    while words and words[0] in _BESIDE and _value(words) is None:
        words = words[1:]
    while words and words[-1] in _BESIDE and _value(words) is None:
        words = words[:-1]
    return _value(words)


def _value(words: list[str]) -> int | None:
    if not words:
        return None
    known = _NUMBERS.get(tuple(words))
    if known is not None:
        return known
    joined = "".join(words)
    if _HAN_NUMBER.fullmatch(joined):
        return _han(joined)
    if len(words) > 1:
        return None
    if ordinal := _ORDINAL.fullmatch(joined):
        joined = ordinal[1]
    return int(joined) if joined.isascii() and joined.isdigit() and len(joined) <= 9 else None


def _han(number: str) -> int | None:
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _HAN[number] if len(number) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def _circled(text: str) -> str:
    """Circled and bracketed digits (①, ⑵) as plain ones."""
    return "".join(
        str(d) if unicodedata.category(c) == "No" and (d := unicodedata.digit(c, -1)) >= 0 else c
        for c in text
    )
