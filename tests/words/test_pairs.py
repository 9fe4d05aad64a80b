"""Plain telling beside the danger whose words it shares: the gate knows one from the other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.words import Words

PAIRS = {
    "en": """they resigned one after the other yesterday | he raped us one after the other yesterday
        i am tied to the desk all day | tied to the desk he raped me
        do not call me next week, i am on holiday | do not call me, he stands next to me
        he has paid for the petrol | he comes with petrol
        i do not think of death, only i am sad | i think of death every day
        the radio says shooting near the market | they are shooting near the market
        he has the spare key of my locker | he has a key to my room and is on the stairs""",
    "fr": """il me coupe sans arrêt la parole | je me coupe les bras
        je suis rentrée de mission hier soir | hier soir il m'a violée
        ma fille a 12 ans, elle adore le foot | une fille de 12 ans dort chez lui
        il frappe à ma porte à chaque mission | il frappe à ma porte et hurle""",
    "es": """la niña tiene 10 y la otra 12 | la niña tiene 10 y él la toca
        no quiero morir, solo quiero que pare | quiero morir
        me persigue la mala suerte | me persigue un hombre
        me llama del carro | no detiene el carro y tengo miedo""",
    "ru": """порезалась бумагой | порезала вены
        я часто видела, как он держит её за руку | я часто видела он держит нож
        в двадцать лет не хотела жить, сейчас рада, что живу | не хочу жить""",
    "ar": """جمعت الأدوية من الصيدلية | جمعت الحبوب كلها وببلعها الليلة
        خطفوا أختي قبل سنة | خطفوا أختي قبل سنة وهددوني الآن
        أنا حارس ليلي على باب المستودع | واحد على باب غرفتي ومعه سلاح
        واحد بيدق الباب، طلع عامل النظافة | بيدق الباب وعم يصرخ""",
    "zh": """儿子才十岁,跟我住 | 她才十岁,他摸她
        她儿子九岁 上四年级 | 他摸她九岁的儿子
        他抓住我的手不放 上周 | 他抓住我的手不放
        他在门口换鞋 | 他在门口砸门
        我吃了片止痛药,好多了 | 我吞了一整瓶止痛药
        昨晚他在我房间门口站了会儿就走了 | 他站在我房间门口,我出不去""",
}
CASES = [
    (lang, *map(str.strip, line.split("|")))
    for lang, rows in PAIRS.items()
    for line in rows.split("\n")
]


@cache
def words() -> Words:
    return Words.load(Path(__file__).parents[2] / "content")


def alarmed(text: str, lang: str) -> bool:
    found = words().recognise(text, lang)
    return found is not None and found.kind == "crisis"


@pytest.mark.parametrize(("lang", "plain", "danger"), CASES)
def test_plain_words_are_no_alarm_and_the_danger_beside_them_is(
    lang: str, plain: str, danger: str
) -> None:
    assert (alarmed(plain, lang), alarmed(danger, lang)) == (False, True)
