"""Finding an organization in what a person wrote, and above all not finding a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.entities import MOST_CANDIDATES
from tests.reports.chat import ENTITIES


def test_all_organizations_are_there_with_names_in_english_and_french() -> None:
    assert len(ENTITIES) == 71
    for entity in ENTITIES:
        assert entity.names["en"] and entity.names["fr"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("WFP", "WFP"),
        ("wfp", "WFP"),
        ("  W.F.P. ", "WFP"),
        ("World Food Programme", "WFP"),
        ("someone at the World Food Programme in Sudan", "WFP"),
        ("le Programme alimentaire mondial", "WFP"),
        ("programme  ALIMENTAIRE mondial", "WFP"),
        ("l\u2019Organisation mondiale de la Sante\u0301", "WHO"),
        ("organisation mondiale de la sante", "WHO"),
        ("UN Women", "UN Women"),
        ("un-women", "UN Women"),
        ("je travaille à ONU Femmes", "UN Women"),
        ("the UN in Goma, with WFP", "WFP"),
        ("UN Secretariat", "UN"),
        ("ACNUR", "UNHCR"),
        ("работаю в ЮНИСЕФ", "UNICEF"),
        ("Всемирная организация здравоохранения", "WHO"),
        ("أعمل في اليونيسف في دمشق", "UNICEF"),
        ("بمنظمة الصحة العالمية", "WHO"),
        ("برنامج الأغذية العالمى", "WFP"),
        ("在联合国开发计划署工作", "UNDP"),
        ("我在UNDP工作", "UNDP"),
        ("世界卫生组织", "WHO"),
        ("ＵＮＩＣＥＦ", "UNICEF"),
        ("MINUSCA", "PKO"),
    ],
)
def test_a_name_that_can_mean_nothing_else_is_found(text: str, code: str) -> None:
    found = ENTITIES.find(text)
    assert found.exact is not None and found.exact.code == code
    assert not found.must_confirm


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("WHO", ["WHO"]),
        ("who", ["WHO"]),
        ("someone at the who", ["WHO"]),
        ("I work with WHO in Kabul", ["WHO"]),
        ("un", ["UN"]),
        ("UN", ["UN"]),
        ("the United Nations", ["UN"]),
        ("ONU", ["UN"]),
        ("联合国", ["UN"]),
        ("ООН", ["UN"]),
        ("الأمم المتحدة", ["UN"]),
        ("imo", ["IMO"]),
        ("FAO", ["FAO"]),
        ("OIM", ["IOM", "IMO"]),
        ("un homme à l'OIM", ["IOM", "IMO"]),
        ("OMI", ["IMO", "IOM", "WHO", "WMO"]),
        ("oms", ["WHO", "WMO", "WTO", "UNWTO", "IMO"]),
        ("OMM", ["WMO", "WHO", "WTO", "UNWTO", "IMO"]),
        ("OMC", ["WTO", "UNWTO", "WHO", "WMO"]),
        ("OMT", ["UNWTO", "WTO", "WHO", "WMO", "ILO"]),
        ("PAM", ["WFP"]),
        ("pam", ["WFP"]),
        ("ICC", ["ICC", "UNICC"]),
        ("UNICC", ["UNICC", "ICC"]),
        ("ITC", ["ITC", "ITCILO"]),
        ("ITCILO", ["ITCILO", "ITC"]),
        ("ECA", ["ECA", "ECE"]),
        ("ISA", ["ISA"]),
        ("WTO", ["WTO", "UNWTO"]),
        ("IOM", ["IOM", "ICC"]),
        ("OIOS", ["UN", "IAEA"]),
        ("المفوضية", ["UNHCR", "OHCHR"]),
        ("للمفوضية", ["UNHCR", "OHCHR"]),
        ("ВОЗ", ["WHO"]),
        ("МОМ", ["IOM"]),
        ("un habitat", ["UN-Habitat"]),
        ("unicef and unhcr", ["UNICEF", "UNHCR"]),
    ],
)
def test_what_may_mean_something_else_is_only_suggested(text: str, codes: list[str]) -> None:
    found = ENTITIES.find(text)
    assert found.exact is None and found.must_confirm
    assert [entity.code for entity in found.candidates] == codes


@pytest.mark.parametrize(
    "text",
    [
        "Who did it",
        "un homme m'a touchée",
        "l'un d'eux",
        "Pam harassed me",
        "Isa touched me",
        "imo he is dangerous",
        "some bit of it",
        "my wife",
        "he was rude",
        "",
        "   ",
        "💔",
        "1 3 5",
    ],
)
def test_ordinary_words_are_no_organizations(text: str) -> None:
    assert ENTITIES.find(text).candidates == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Unicfe", "UNICEF"),
        ("UNHRC", "UNHCR"),
        ("WPF", "WFP"),
        ("world helth organization", "WHO"),
        ("someone at the wrold food programe in Rome", "WFP"),
        ("Programe alimentaire mondiale", "WFP"),
        ("food programme", "WFP"),
        ("the refugee agency", "UNHCR"),
    ],
)
def test_a_slip_of_the_finger_is_only_suggested(text: str, code: str) -> None:
    found = ENTITIES.find(text)
    assert found.exact is None and found.must_confirm
    assert found.candidates[0].code == code


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_official_name_leads_to_its_own_organization(lang: str) -> None:
    for entity in ENTITIES:
        found = ENTITIES.find(entity.name(lang))
        assert entity in found.candidates, entity.code


def test_the_full_name_has_the_short_one_behind_it_once() -> None:
    programme, unitaid = ENTITIES.get("WFP"), ENTITIES.get("Unitaid")
    assert programme and programme.full("fr") == "Programme alimentaire mondial (PAM)"
    assert programme.full("pt") == "World Food Programme (WFP)"
    assert unitaid and unitaid.full("en") == "Unitaid"


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_it_never_suggests_too_many(text: str) -> None:
    found = ENTITIES.find(text)
    assert len(found.candidates) <= MOST_CANDIDATES
    assert (found.exact is None) == found.must_confirm


@settings(deadline=None)
@given(st.sampled_from(sorted(e.code for e in ENTITIES)), st.integers(0, 20), st.characters())
def test_a_changed_letter_is_never_taken_for_certain(code: str, at: int, letter: str) -> None:
    entity = ENTITIES.get(code)
    assert entity is not None
    name = entity.name("en")
    at %= len(name)
    changed = name[:at] + letter + name[at + 1 :]
    found = ENTITIES.find(changed)
    if found.exact is not None and found.exact.code != code:
        # Only when the change spelled out another organization's name as a whole.
        assert ENTITIES.find(found.exact.name("en")).exact == found.exact
