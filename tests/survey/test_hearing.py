"""What is heard in answers to the survey's questions, in words of six languages."""

from __future__ import annotations

import pytest

from survey.hearing import Way, many, one

SURE: list[tuple[str, tuple[str, ...], str]] = [
    ("не доволен", ("Очень доволен", "Доволен", "Не доволен"), "Не доволен"),
    ("номер 2", ("Да", "Нет"), "Нет"),
    ("满意", ("非常满意", "满意", "不满意"), "满意"),
    ("第2个", ("是", "否"), "否"),
    ("选2", ("是", "否"), "否"),
    ("رقم ٢", ("نعم", "لا"), "لا"),
    ("el 2", ("Sí", "No"), "No"),
    ("creo que nunca", ("Siempre", "Nunca"), "Nunca"),
    ("думаю никогда", ("Всегда", "Никогда"), "Никогда"),
    ("我想调解", ("正式报告", "调解"), "调解"),
]

#: A "no" that was said must never become its opposite.
NEGATED: list[tuple[str, tuple[str, ...], str]] = [
    ("я не был доволен", ("Очень доволен", "Доволен"), "Доволен"),
    ("не доволен", ("Очень доволен", "Доволен"), "Доволен"),
    ("我不满意", ("非常满意", "满意"), "满意"),
    ("没有满意", ("非常满意", "满意"), "满意"),
    ("لست راضية", ("راضية جدا", "راضية"), "راضية"),
    ("غير راضية", ("راضية جدا", "راضية"), "راضية"),
    ("no estoy satisfecho", ("Muy satisfecho", "Satisfecho"), "Satisfecho"),
    ("nunca me escucharon", ("Me escucharon", "Otra cosa"), "Me escucharon"),
    ("not satisfied", ("Very satisfied", "Satisfied"), "Satisfied"),
    ("pas satisfaite", ("Très satisfaite", "Satisfaite"), "Satisfaite"),
]

SEVERAL: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("调解和正式报告", ("正式报告", "调解", "其他"), {"正式报告", "调解"}),
    ("第1和第3", ("a", "b", "c"), {"a", "c"}),
    ("1 и 3", ("a", "b", "c"), {"a", "c"}),
    ("1 y 3", ("a", "b", "c"), {"a", "c"}),
    ("١ و ٣", ("a", "b", "c"), {"a", "c"}),
    ("1 و3", ("a", "b", "c"), {"a", "c"}),
    ("الأولى و الثالثة", ("الأولى", "الثانية", "الثالثة"), {"الأولى", "الثالثة"}),
    (
        "mediación y denuncia formal",
        ("Denuncia formal", "Mediación"),
        {"Denuncia formal", "Mediación"},
    ),
    ("медиация, а также жалоба", ("Жалоба", "Медиация", "Иное"), {"Жалоба", "Медиация"}),
]


def _ways(labels: tuple[str, ...]) -> list[Way]:
    return [Way(label, (label,)) for label in labels]


@pytest.mark.parametrize(("text", "labels", "meant"), SURE, ids=lambda v: str(v)[:20])
def test_what_is_plainly_said_is_heard(text: str, labels: tuple[str, ...], meant: str) -> None:
    heard = one(text, _ways(labels))
    assert heard.values == (meant,)
    assert heard.sure


@pytest.mark.parametrize(("text", "labels", "opposite"), NEGATED, ids=lambda v: str(v)[:20])
def test_a_no_is_never_lost(text: str, labels: tuple[str, ...], opposite: str) -> None:
    heard = one(text, _ways(labels))
    assert opposite not in heard.values


@pytest.mark.parametrize(
    ("text", "labels", "meant"),
    SEVERAL,
    ids=lambda v: str(sorted(v) if isinstance(v, set) else v)[:20],
)
def test_several_are_joined_as_people_join(
    text: str, labels: tuple[str, ...], meant: set[str]
) -> None:
    heard = many(text, _ways(labels))
    assert set(heard.values) == meant
    assert heard.sure
