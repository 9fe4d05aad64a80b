"""Telling and asking."""

from __future__ import annotations

import pytest

from bot.telling import tells

TOLD = [
    "my boss sends me pictures of himself",
    "he keeps calling me honey in front of the team",
    "mon chef me demande toujours de rester seule avec lui",
    "un collègue m’écrit la nuit",
    "mi jefa me abraza sin preguntar",
    "un compañero me manda fotos",
    "начальник зовёт меня к себе в гостиницу",
    "он всё время пишет мне ночью",
    "上司总是半夜给我发消息",
    "他老是碰我的腰",
    "مديري يتصل بي كل ليلة",
    "زميلي بيبعتلي صور وبيضايقني",
]

ASKED = [
    "can my boss see what I write to you?",
    "what happens to me if he complains",
    "I want to know the deadline",
    "tell me about the policy",
    "qui va dire à mon chef que c'est moi",
    "est-ce que mon chef peut me licencier",
    "mi jefe puede verlo?",
    "qué pasa si mi jefe me despide",
    "узнает ли мой начальник",
    "что будет со мной, если он узнает",
    "我的上司会知道吗",
    "他能不能开除我",
    "هل سيعرف مديري",
    "مين رح يخبر مديري عني",
    "deadlines",
    "",
]


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_is_no_question(text: str) -> None:
    assert tells(text)


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked_is_not_told(text: str) -> None:
    assert not tells(text)
