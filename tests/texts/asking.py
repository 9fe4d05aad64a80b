"""How a text asks: for a reason, and how often. A person who is asked why feels accused."""

from __future__ import annotations

import re

from tests.texts.plain import bare, plain, sentences
from tests.texts.read import Text, filled

#: Words that ask for a reason, and the other ways to ask for one.
WHY = {
    "ar": r"لماذا|لمَ لم|ما السبب|ما سبب|لأي سبب|ما الذي (دفعك|منعك|جعلك)",
    "zh": r"为什么|为何|为啥|怎么(没|不|会)|什么原因|出于什么",
    "en": r"\bwhy\b|how come|for what reason|what (made|stopped|kept) you",
    "fr": r"pourquoi|pour quelle raison|qu'est-ce qui vous (a|en) (poussé|empêché|fait)",
    "ru": r"\b(почему|зачем|отчего)\b|по какой причине|что (заставило|помешало|вам помешало)",
    "es": r"por qué|para qué (lo|fue|quiso|sirvió)|a qué se debe|qué le (llevó|impidió|hizo)",
}
#: Questions without a question mark: an order to give a reason.
TELL_WHY = {
    "ar": r"(قل|اذكر|اشرح|وضّح|ذكر|شرح|توضيح) (لي |لنا )?(السبب|لماذا)",
    "zh": r"请?(说明|告诉我们?|解释)(一下)?(原因|为什么|理由)",
    "en": r"(tell|explain|say|describe)( \w+)? why",
    "fr": r"(dites|expliquez|précisez|indiquez)(-\w+)? (nous )?(pourquoi|la raison)",
    "ru": r"(объясните|скажите|расскажите|напишите|укажите),? (почему|зачем|причину)",
    "es": r"(diga|díganos|dígame|explique|indique|cuente) (por qué|el motivo|la razón)",
}
_ASKED = re.compile("[?？؟]")


def asks_why(text: Text) -> bool:
    """Whether a text asks the person for a reason."""
    if text.pressed:
        return False  # what people ask us they may ask as they like
    told = re.search(bare(TELL_WHY[text.lang]), plain(text.text))
    why = re.compile(bare(WHY[text.lang]))
    asked = (part for part in sentences(text.text) if _ASKED.search(part))
    return bool(told) or any(why.search(plain(part)) for part in asked)


def questions(text: Text) -> int:
    """How many things a text asks."""
    return len(_ASKED.findall(filled(text.text)))
