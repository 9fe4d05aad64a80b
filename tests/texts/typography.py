"""Typographic slips, language by language, as patterns with the name of the slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tests.texts.read import Text

_HAN_OR_MARK = "[\u3001-\u9fff“”，：；？！（）《》]"

#: Slips in any language.
_ANY = {
    "two spaces, or one at an end": r"[^\S\n]{2}|\s$|^\s",
    "a straight double quotation mark": r'"',
    "a space before a full stop or comma": r"\s[.,،，。]",
    "three dots for an ellipsis": r"\.\.\.",
    "a space inside brackets": r"[(（]\s|\s[)）]",
}

_OWN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "guillemets": r"[«»]",
        "a long dash": r"—",
    },
    "fr": {
        "a plain space before : ; ? ! » %": r" [:;?!»%]",
        "a plain space after «": r"« ",
        "no space before : ; ? ! » %": r"[^\u00a0\u202f][:;?!»%]",
        "a straight apostrophe": r"'",
        "English quotation marks": r"[“”]",
        "a long dash": r"—",
        "the familiar you": r"(?i)\b(tu|toi|tes)\b",
    },
    "es": {
        "guillemets": r"[«»]",
        "a long dash": r"—",
        "a plain space before %": r" %",
        "no space before %": r"\d%",
        "the familiar you": r"(?i)\b(tú|tu|tus|contigo|vos|vosotros|puedes|quieres|tienes)\b",
    },
    "ru": {
        "English quotation marks": r"[“”„]",
        "a short dash for a long one": r"–|\s-\s",
        "a long dash without its spaces": r"\S—|—\S",
        "е for ё": r"(?i)\b(еще|ее|нее|свое|мое|твое|чье|причем|идет|дает|найдет|начнет|учета)\b",
        "a capital you": r"(?<=[а-яё,] )(Вы|Вас|Вам|Вами|Ваш\w*)\b",
        "the familiar you": r"(?i)\b(ты|тебя|тебе|тобой|твой|твоя|твоё)\b",
    },
    "zh": {
        "punctuation of half width": rf"(?<={_HAN_OR_MARK})[,;:?!()]|[,;:?!()](?={_HAN_OR_MARK})",
        "a full stop of half width": r"(?<=[\u4e00-\u9fff])\.",
        "a space beside a Chinese letter or mark": rf"{_HAN_OR_MARK} | {_HAN_OR_MARK}",
        "a corner bracket for a quotation mark": r"[「」『』]",
        "digits of full width": r"[０-９]",
        "the familiar you": r"你",
    },
    "ar": {
        "a Latin comma, semicolon or question mark": r"[,;?]",
        "a space before ، ؛ ؟ or :": r"\s[،؛؟:]",
        "no space after ، ؛ or ؟": r"[،؛؟][^\s»)]",
        "a space inside « »": r"«\s|\s»",
        "English quotation marks": r"[“”]",
        "digits that are not 0 to 9": r"[٠-٩۰-۹]",
        "a Persian letter": r"[یکپچژگھہۀ]",
        "the tanwin on the alif, not before it": r"اً",
        "a stretching line": r"ـ",
        "an order to a man only": (
            r"\b(اكتب|اضغط|اختر|اتصل|اذهب|حاول|انتظر|خذ|اطلب|انقر|أدخل|راجع|احفظ)\b"
            r"|\bما (تكتبه|تقوله|تريده|تعرفه|تراه|تشعر به|تحتاج إليه)\b"
        ),
    },
}

#: Marks that come in pairs: what opens, what closes.
_PAIRS = ("“”", "«»", "()", "（）", "《》", "¿?", "¡!")

#: Places that may do what others may not, and the reason.
_MAY: tuple[tuple[str, str], ...] = (
    # One odd letter doubles the price of a text message and splits it: GSM 03.38 only.
    (r"^messages/(open\.(privacy|brief)|channel\.erase)\.sms$", "apostrophe|plain space|no space"),
    # A list's separator is nothing but a mark and a space; a source stands behind "- ".
    (r"^messages/survey\.points\.between$", "two spaces|no space after"),
    (r"^messages/policy\.source\.line$", "short dash"),
    # A child is addressed as a child.
    (r"^messages/gate\.crisis\.child$", "familiar you"),
)


def slips(text: Text) -> Iterator[str]:
    """The names of the slips in one text."""
    found = [
        name
        for name, pattern in {**_ANY, **_OWN[text.lang]}.items()
        if re.search(pattern, _shown(text))
    ]
    found += [f"unpaired {pair}" for pair in _PAIRS if not _paired(text, pair)]
    if len(re.findall("[\u2066-\u2068]", text.text)) != text.text.count("\u2069"):
        found.append("a mark of direction that is not closed")
    if mixed := _mixed(text.text):
        found.append(f"letters of two scripts in {mixed}")
    yield from (name for name in found if not _may(text, name))


def _shown(text: Text) -> str:
    """A text without what is not prose: addresses of files, times, proper names in English."""
    # A space keeps an address from taking the next letters for its own.
    shown = re.sub(r" ?\{(address|link)\}|\{\w+\}", "5", text.text)
    if text.lang == "zh":
        shown = re.sub(r"(?<=\d),(?=\d{3})", "", shown)
    if text.lang == "ar":
        shown = re.sub(r"(?<=\d),(?=\d{3})|[\u064e-\u0652\u200e\u2066-\u2069]", "", shown)
    return shown


def _paired(text: Text, pair: str) -> bool:
    opens, closes = pair[0], pair[1]
    if closes in "?!" and text.lang != "es":
        return True
    return text.text.count(opens) == text.text.count(closes)


def _mixed(text: str) -> str:
    """A word with Latin and Cyrillic letters: they look alike, but no search finds it."""
    found = re.search(r"\b(?=\w*[a-zA-Z])(?=\w*[а-яёА-ЯЁ])\w+", text)
    return found[0] if found else ""


def _may(text: Text, slip: str) -> bool:
    return any(re.search(unit, text.unit) and re.search(what, slip) for unit, what in _MAY)
