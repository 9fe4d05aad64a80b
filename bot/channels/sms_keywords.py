"""The words that carriers require on a line of text messages: STOP, START, HELP, in six languages;
and ERASE and WEB, which our own texts name.

Sources: Twilio's standard keywords (help.twilio.com, "Twilio support for opt-out keywords") and the
CTIA Messaging Principles, 5.1; the other languages as carriers there use them. Only a message that
is nothing but such a word counts; YES, which carriers take for START, is an answer here. What a
person says in more words is heard by the gate.
"""

from __future__ import annotations

import unicodedata

#: What each word means, as the value of a choice: leaving for good, beginning, help.
_WORDS = {
    "gate:exit": (
        "stop stopall unsubscribe cancel quit revoke optout opt-out end",
        "arret arrêt arrêter stopper désabonner desabonner desinscription désinscription",
        "alto parar pare detener baja cancelar",
        "стоп отписаться отписка отмена",
        "إيقاف ايقاف توقف قف الغاء إلغاء",
        "退订 停止 取消 停",
    ),
    "menu:start": (
        "start unstop begin subscribe",
        "démarrer demarrer commencer debut début",
        "empezar comenzar iniciar inicio alta",
        "старт начать",
        "ابدأ ابدا بدء ابدئي",
        "开始 订阅",
    ),
    "menu:main": (
        "help info",
        "aide infos",
        "ayuda información informacion",
        "помощь справка инфо",
        "مساعدة معلومات",
        "帮助 说明",
    ),
    "gate:erase": (
        "erase delete",
        "effacer supprimer",
        "borrar eliminar",
        "стереть удалить",
        "امسح مسح احذف",
        "清除 删除",
    ),
    "gate:move": ("web", "ويب", "网页 网站"),
}

_MEANS = {
    word: value for value, lines in _WORDS.items() for line in lines for word in line.split()
} | {"stop all": "gate:exit"}


def meant(text: str) -> str | None:
    """The value of the choice that a keyword stands for; ``None`` for anything else.

    Args:
        text: the whole message.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _MEANS.get(" ".join(folded.strip(" \t\r\n.!¡\"'«»“”。！،").split()))
