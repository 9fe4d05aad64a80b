"""A broken file of organizations or routes is refused with its line and what to write instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalogue import ContentError
from reports.entities import Entities
from reports.routes import UNKNOWN, Routes, describe
from tests.reports.chat import CONTENT, ENTITIES, MESSAGES, ROUTES

TWO = """\
entities:
  - code: AAA
    kind: other
    name: {en: First Body, fr: Premier organe}
    short: {en: AAA, fr: AAA}
  - code: BBB
    kind: other
    name: {en: Second Body, fr: Second organe}
    short: {en: BBB, fr: BBB}
"""

ROUTED = """\
offices:
  - id: one
    kind: oversight
    name: {en: Office one, fr: Service un}
  - id: two
    kind: executive-head
    name: {en: Office two, fr: Service deux}
routes:
  - because: own
    office: one
    alternate: two
    retaliation: null
    confidence: seen
    source: a page
    verified_on: null
    expires_on: null
    entities: [AAA, BBB]
    unknown: true
"""


def entities(tmp_path: Path, text: str = TWO) -> Entities:
    (tmp_path / "entities.yml").write_text(text, encoding="utf-8")
    return Entities.load(tmp_path)


def routes(tmp_path: Path, text: str) -> Routes:
    (tmp_path / "routes.yml").write_text(text, encoding="utf-8")
    return Routes.load(tmp_path, entities(tmp_path))


def test_the_small_files_are_right(tmp_path: Path) -> None:
    assert routes(tmp_path, ROUTED).route("BBB").office.id == "one"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "problem"),
    [
        ("kind: other", "kind: club", 3, "'kind' is unknown"),
        ("code: BBB", "code: AAA", 6, "'AAA' stands twice"),
        ("en: Second Body, fr", "en: First Body, fr", 8, "also a name of 'AAA'"),
        ("name: {en: First Body, fr: Premier organe}", "name: {en: First Body}", 4, "no 'fr'"),
        ("    kind: other", "    knid: other\n    kind: other", 3, "'knid' is unknown"),
        ("    kind: other", "    kind: other\n    part_of: CCC", 4, "names no other entity"),
        ("    kind: other", "    kind: other\n    aliases: {xx: [A]}", 4, "'xx' lists no aliases"),
        (
            "    kind: other",
            "    kind: other\n    ambiguous: [{name: A, or: [ZZZ]}]",
            4,
            "'ZZZ' is no other entity",
        ),
    ],
)
def test_broken_organizations(
    tmp_path: Path, wrong: str, right: str, line: int, problem: str
) -> None:
    assert wrong in TWO
    with pytest.raises(ContentError, match=problem) as refused:
        entities(tmp_path, TWO.replace(wrong, right, 1))
    assert refused.value.line == line
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("wrong", "right", "line", "problem"),
    [
        ("office: one", "office: ten", 10, "'ten' is no office"),
        ("alternate: two", "alternate: one", 11, "the alternate is the office"),
        ("entities: [AAA, BBB]", "entities: [AAA]", 0, "'BBB' has no route"),
        ("entities: [AAA, BBB]", "entities: [AAA, BBB, CCC]", 17, "'CCC' is no entity"),
        ("entities: [AAA, BBB]", "entities: [AAA, AAA, BBB]", 17, "'AAA' has two routes"),
        ("    unknown: true\n", "", 0, "the unknown organization has no route"),
        ("confidence: seen", "confidence: sure", 13, "'confidence' is unknown"),
        ("    source: a page\n", "", 9, "'source' is missing"),
        ("verified_on: null", "verified_on: soon", 15, "'verified_on' is no date"),
        ("verified_on: null", "verified_on: 2026-01-31", 16, "belong together"),
        (
            "verified_on: null\n    expires_on: null",
            "verified_on: 2026-01-31\n    expires_on: 2026-01-31",
            16,
            "expires before it is verified",
        ),
        ("kind: oversight", "kind: court", 3, "'kind' is unknown"),
        ("id: two", "id: one", 5, "'one' stands twice"),
        (", fr: Service un}", "}", 4, "'name' is missing"),
    ],
)
def test_broken_routes(tmp_path: Path, wrong: str, right: str, line: int, problem: str) -> None:
    assert wrong in ROUTED
    with pytest.raises(ContentError, match=problem) as refused:
        routes(tmp_path, ROUTED.replace(wrong, right, 1))
    assert refused.value.line == line
    assert refused.value.remedy


def test_a_verified_route_keeps_its_dates(tmp_path: Path) -> None:
    text = ROUTED.replace("verified_on: null", "verified_on: 2026-01-31")
    route = routes(tmp_path, text.replace("expires_on: null", "expires_on: 2027-01-31")).route(
        "AAA"
    )
    assert (route.verified_on, route.expires_on) == (date(2026, 1, 31), date(2027, 1, 31))


def test_every_organization_has_a_route_with_a_reason_and_an_alternate() -> None:
    for code in (UNKNOWN, *(entity.code for entity in ENTITIES)):
        for routes in (ROUTES, Routes.load(CONTENT, ENTITIES, demo=True)):
            route = routes.route(code)
            assert route.alternate is not None and route.alternate != route.office
            for lang in MESSAGES.languages:
                assert MESSAGES.text(lang, route.because, entity="NAME")


@pytest.mark.parametrize(
    ("code", "office"),
    [
        (UNKNOWN, "un-oios"),
        ("UN", "un-oios"),
        ("OHCHR", "un-oios"),
        ("PKO", "un-oios"),
        ("ICAO", "un-oios"),
        ("UNAIDS", "who-ios"),
        ("ITCILO", "ilo-iao"),
        ("IFAD", "ifad-ethics"),
        ("WFP", "wfp-oig"),
        ("IAEA", "iaea-oios"),
    ],
)
def test_the_rules_lead_to_the_right_office(code: str, office: str) -> None:
    route = ROUTES.route(code)
    assert route.office.id == office
    first, second, *last = ROUTES.way(code)
    assert (first, second) == (route.office, route.alternate)
    assert [one.id for one in last] == ([] if "un-oios" in (first.id, second.id) else ["un-oios"])


def test_nothing_is_called_verified_before_it_is() -> None:
    assert all(state.route.verified_on is None for state in ROUTES.check({}))


def test_everything_in_the_demo_is_named_a_demo() -> None:
    demo = Routes.load(CONTENT, ENTITIES, demo=True)
    for office in demo.offices:
        assert "demo" in office.name("en").casefold()
        assert "démonstration" in office.name("fr").casefold()


def test_a_route_is_dead_while_its_office_has_no_key() -> None:
    states = {state.route.code: state for state in ROUTES.check({"un-oios": 2, "wfp-head": 1})}
    assert not states["UN"].dead and states["UN"].recipients == 2
    assert states["WFP"].dead and states["WFP"].alternates == 1
    rows = describe(list(states.values()), date(2026, 1, 1))
    assert len(rows) == 73
    assert ("WFP", "wfp-oig", "0", "wfp-head", "1", "never", "-", "DEAD") in rows
    assert any(row[0] == "(unknown)" and row[-1] == "alive" for row in rows)


def test_no_contact_data_is_in_the_content() -> None:
    for name in ("entities.yml", "routes.yml", "demo/routes.yml"):
        text = (CONTENT / name).read_text(encoding="utf-8")
        assert "@" not in text and "+1 " not in text


def test_a_route_expires_after_its_day() -> None:
    (state,) = (s for s in ROUTES.check({"wfp-oig": 1}) if s.route.code == "WFP")
    dated = replace(state, route=replace(state.route, expires_on=date(2026, 6, 30)))
    assert dated.word(date(2026, 5, 30)) == "alive"
    assert dated.word(date(2026, 5, 31)) == dated.word(date(2026, 6, 30)) == "expires soon"
    assert dated.word(date(2026, 7, 1)) == "EXPIRED"
    assert state.word(date(2999, 1, 1)) == "alive"
