"""The words that carriers require on a line of text messages: STOP, START, HELP, in six languages;
and ERASE and WEB, which our own texts name.

Sources: Twilio's standard keywords (help.twilio.com, "Twilio support for opt-out keywords") and the
CTIA Messaging Principles, 5.1; the other languages as carriers there use them. Only a message that
is nothing but such a word counts; YES, which carriers take for START, is an answer here. What a
person says in more words is heard by the gate.
"""

from __future__ import annotations

import unicodedata

#: What each word means, as the value of a choice: leaving for good, beginning, help, erasing, going
#: on elsewhere.
_WORDS = {
    "en": {
        "gate:exit": "stop stopall unsubscribe cancel quit revoke optout opt-out end",
        "menu:start": "start unstop begin subscribe",
        "menu:main": "help info",
        "gate:erase": "erase delete",
        "gate:move": "web",
    },
    "fr": {
        "gate:exit": "arret arrêt arrêter stopper désabonner desabonner désinscription "
        "desinscription",
        "menu:start": "démarrer demarrer commencer debut début",
        "menu:main": "aide infos",
        "gate:erase": "effacer supprimer",
    },
    "es": {
        "gate:exit": "alto parar pare detener baja cancelar",
        "menu:start": "empezar comenzar iniciar inicio alta",
        "menu:main": "ayuda información informacion",
        "gate:erase": "borrar eliminar",
    },
    "ru": {
        "gate:exit": "стоп отписаться отписка отмена",
        "menu:start": "старт начать",
        "menu:main": "помощь справка инфо",
        "gate:erase": "стереть удалить",
    },
    "ar": {
        "gate:exit": "إيقاف ايقاف توقف قف الغاء إلغاء",
        "menu:start": "ابدأ ابدا بدء ابدئي",
        "menu:main": "مساعدة معلومات",
        "gate:erase": "امسح مسح احذف",
        "gate:move": "ويب",
    },
    "zh": {
        "gate:exit": "退订 停止 取消 停",
        "menu:start": "开始 订阅",
        "menu:main": "帮助 说明",
        "gate:erase": "清除 删除",
        "gate:move": "网页 网站",
    },
}

#: The English words are every carrier's, so they tell no language.
_MEANS: dict[str, tuple[str, str | None]] = {
    word: (value, None if lang == "en" else lang)
    for lang, values in _WORDS.items()
    for value, words in values.items()
    for word in words.split()
} | {"stop all": ("gate:exit", None)}


def meant(text: str) -> tuple[str, str | None] | None:
    """What a keyword stands for; ``None`` for anything else.

    Args:
        text: the whole message.

    Returns:
        The value of a choice, and the language of the word where it is of one alone.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _MEANS.get(" ".join(folded.strip(" \t\r\n.!¡\"'«»“”。！،").split()))
