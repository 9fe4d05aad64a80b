"""Whether somebody tells what another person does to her, without asking anything.

"My boss sends me pictures" is about things online, and still no question about the policy: she is
heard first. Being heard is never wrong, so a rough ear is enough; it only adds a sentence.
"""

from __future__ import annotations

import re

#: Marks of a question, and words that open one.
_ASKS = re.compile(
    r"[?？؟]|[吗呢谁哪几]|什么|怎|多久|多少|如何|是否|[能会算可]不[能会算可]|可以|可不"
    r"|\b(?:ли|هل|كيف|متى|أين|اين|وين|فين|لماذا|ليش|ليه|ماذا|شو|ايش|إيش|ايه|كم|مين|ممكن|امتى|إمتى|ازاي|شلون)\b"
    r"|^\W*(?:(?:and|but|so|et|mais|y|pero|а|и|но|و)\s+)?(?:who|what|when|where|why|how|which|can|could"
    r"|will|would|is|are|do|does|did|should|may|tell|explain|qui|que|quoi|quand|où|ou|comment"
    r"|pourquoi|combien|quel\w*|est|puis|peut|peux|dois|faut|expliqu\w+|qué|quién\w*|quien\w*"
    r"|cuándo|cuando|cuánto|cuanto|dónde|donde|cómo|como|cuál\w*|cual\w*|puedo|puede\w*|debo|hay"
    r"|кто|что|когда|где|куда|как|какой|какие|какая|почему|зачем|сколько|можно|могу|нужно|من|ما)\b",
    re.IGNORECASE,
)

#: She herself, in each language …
_HERSELF = re.compile(
    r"\b(?:me|my|us|m|mon|ma|mes|moi|mi|mis|mí|conmigo|nos|меня|мне|мной|мною|мой|моя|мои|моё"
    r"|моего|моей|моему|моим|нас|нам|لي|بي|معي|عليّ|علي|عليا|فيا|فيي|فيني|مني|إلي|الي|أنا|انا)\b"
    r"|我|\b(?:[وف])?[بعحهس]?[يت]\w{2,}ني\b|\b(?:مدير|زميل|رئيس|مشرف|مسؤول)ت?ي\b",
    re.IGNORECASE,
)
#: … and somebody else.
_ANOTHER = re.compile(
    r"\b(?:he|she|they|boss|manager|supervisor|chief|director|coworker|colleague|teammate|someone"
    r"|somebody|guy|man|woman|il|elle|ils|on|chef\w*|patron\w*|collègue\w*|collegue\w*|superviseur\w*"
    r"|supérieur\w*|directeur|directrice|responsable|quelqu|él|ella|ellos|jef[ea]\w*|compañer\w+"
    r"|companer\w+|colegas?|supervisora?|directora?|alguien|он|она|они|начальни\w+|коллег\w+"
    r"|руководител\w+|шеф\w*|босс\w*|директор\w*|кто-то|мужчин\w+|сотрудни\w+"
    r"|ال?مدير\w*|مدير\w+|زميل\w*|الزميل\w*|رئيس\w*|الرئيس\w*|مشرف\w*|المشرف\w*|هو|هي|شخص|واحد)\b"
    r"|他|她|上司|老板|领导|同事|主管|经理|主任|处长|有人|\b(?:[وف])?[بعحهس]?[يت]\w{2,}ني\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether it has the mark of a question, or a word that opens one.

    Args:
        text: as typed, in any of the languages.
    """
    return _ASKS.search(text) is not None


def tells(text: str) -> bool:
    """Whether it is told, not asked, what somebody does to the person who writes.

    Args:
        text: as typed, in any of the languages.
    """
    return not asks(text) and bool(_HERSELF.search(text)) and bool(_ANOTHER.search(text))
