"""Marks, quotation marks, spaces and forms of address, as each language has them."""

from __future__ import annotations

import pytest

from catalogue.messages import LANGUAGES
from tests.texts.read import Text, everything, of
from tests.texts.typography import slips


def test_every_text_is_looked_at() -> None:
    # A text message holds fewer letters of some alphabets, so there it may need one more.
    longer = [text for text in everything(names=True) if not text.unit.startswith("messages/sms.")]
    counts = {lang: sum(text.lang == lang for text in longer) for lang in LANGUAGES}
    assert min(counts.values()) > 1300
    assert max(counts.values()) - min(counts.values()) < 10
    assert not any(".words." in text.unit for text in everything(names=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_typography_is_right(lang: str) -> None:
    assert [f"{text}: {slip}" for text in of(lang, names=True) for slip in slips(text)] == []


PLANTED = [
    ("en", "Two  spaces."),
    ("en", 'A "straight" mark.'),
    ("en", "An “open mark."),
    ("en", "A line — broken."),
    ("en", "Wait..."),
    ("fr", "Voici : une chose."),
    ("fr", "Voici « cela »."),
    ("fr", "L'autre chose."),
    ("fr", "Une chose;\u00a0une autre."),
    ("fr", "Tu peux le dire."),
    ("es", "Quiere seguir?"),
    ("es", "¿Quiere seguir."),
    ("es", "Diga «parar»."),
    ("es", "Puedes escribir tu nombre."),
    ("es", "El 17% respondió."),
    ("ru", "Напишите “стоп”."),
    ("ru", "Это - не обращение."),
    ("ru", "Это – не обращение."),
    ("ru", "Еще одно слово."),
    ("ru", "Мы слышим Вас."),
    ("ru", "Слово cтоп."),
    ("zh", "您好,请说。"),
    ("zh", "您好， 请说。"),
    ("zh", "使用 PEP 药包。"),
    ("zh", "请说“停止。"),
    ("zh", "你可以停止。"),
    ("zh", "请说「停止」。"),
    ("ar", "نعم, هذا صحيح."),
    ("ar", "هل نتابع?"),
    ("ar", "خلال ٧٢ ساعة."),
    ("ar", "كلمة « مسح »."),
    ("ar", "فوراً."),
    ("ar", "یمکن ذلك."),
    ("ar", "اضغط هنا."),
    ("ar", "نعم،هذا صحيح."),
    ("ar", "جزيرة \u2066123 456."),
]


@pytest.mark.parametrize(("lang", "sentence"), PLANTED)
def test_a_slip_is_seen(lang: str, sentence: str) -> None:
    assert list(slips(Text(lang, "messages/talk.planted", sentence)))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("fr", "Voici\u00a0: «\u00a0cela\u00a0»\u00a0; c’est 17\u00a0%."),
        ("es", "¿Sigue ahí? Diga “parar”. El 17\u00a0% respondió."),
        ("ru", "Это — не обращение. Напишите «стоп»."),
        ("zh", "联合国31个组织的30,364人（2018年）说：“可以。”"),
        ("ar", "نعم، هذا صحيح؛ «مسح»: 30,364 شخصًا (HIV)."),
    ],
)
def test_what_is_right_is_left_alone(lang: str, sentence: str) -> None:
    assert list(slips(Text(lang, "messages/talk.planted", sentence))) == []


def test_only_the_text_message_may_save_letters() -> None:
    plainly = "Votre opérateur : il peut l'ouvrir."
    assert list(slips(Text("fr", "messages/open.privacy.sms", plainly))) == []
    assert list(slips(Text("fr", "messages/open.privacy.web", plainly)))
