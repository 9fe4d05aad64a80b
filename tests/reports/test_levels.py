"""A level of an organization that must not see a report: country, region, headquarters, or all."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import ContentError
from reports.brief_walk import BriefReport
from reports.routes import LEVELS, Routes
from tests.reports.chat import CONTENT, ENTITIES, MESSAGES, ROUTES, Chat, FakeCases
from tests.reports.making import report

TO_LEVEL = ("To me", "WFP", "Yes", "Yes, a whole level")
TO_END = ("He did it.", "I have said it all", "Skip", "Skip", "Skip", "Skip", "Stay anonymous")
SEND = ("It is right, go on", "Yes, send it")


def at_level(*levels: str) -> set[str]:
    by_level = ROUTES.by_level()
    return {office for level in levels for office in by_level[level]}


def test_headquarters_is_gone_around_by_an_office_of_the_system(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_LEVEL).hears("which level")
    chat.presses("Headquarters").hears("outside that organization", "OIOS", "because")
    chat.goes_through("Yes, that is right", *TO_END)
    chat.hears("OIOS", "Must not see it: Headquarters").goes_through(*SEND)
    assert cases.to and (cases.to.office, cases.to.standby) == ("un-oios", None)
    assert cases.to.levels == ("headquarters",) and cases.report.excluded == ("Headquarters",)
    assert {"wfp-oig", "wfp-head", "who-ios", "upu-oversight"} <= set(cases.to.shut_out)
    assert "un-oios" not in cases.to.shut_out


def test_a_level_without_offices_here_is_shut_out_all_the_same(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_LEVEL, "Regional offices")
    chat.hears("still go to", "Inspector General", "not at that level")
    chat.goes_through("Yes, that is right", *TO_END)
    chat.hears("Must not see it: Regional offices", "If nobody there").goes_through(*SEND)
    assert cases.to and (cases.to.office, cases.to.standby) == ("wfp-oig", "wfp-head")
    assert cases.to.levels == ("regional",)
    assert set(cases.to.shut_out) == at_level("regional")
    assert not cases.report.conflict


def test_a_whole_organization(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_LEVEL, "The whole organization", "Yes, that is right")
    chat.goes_through(*TO_END).hears("The whole organization").goes_through(*SEND)
    assert cases.to and cases.to.office == "un-oios"
    assert cases.to.levels == ("country", "regional", "headquarters")


def test_where_no_other_level_reads_she_may_only_choose_anew() -> None:
    cases = FakeCases(reached=lambda office: office.startswith("wfp-"))
    chat = report(cases).goes_through(*TO_LEVEL, "Headquarters").hears("no other office")
    chat.goes_through("It can go there all the same", *TO_END, *SEND)
    assert cases.to and (cases.to.office, cases.to.standby) == ("wfp-oig", None)
    assert cases.to.levels == () and "wfp-oig" not in cases.to.shut_out
    assert "wfp-head" in cases.to.shut_out and cases.report.conflict


def test_a_level_is_asked_for_where_the_usual_office_does_not_read_yet() -> None:
    cases = FakeCases(reached=lambda office: office in ("wfp-head", "un-oios"))
    chat = report(cases).goes_through("To me", "WFP", "Yes").hears("Executive Director")
    chat.goes_through("Yes, a whole level", "Headquarters").hears("outside that organization")
    chat.goes_through("Yes, that is right", *TO_END, *SEND)
    assert cases.office == "un-oios"


def test_who_is_of_an_excluded_office_too_does_not_count_as_a_reader() -> None:
    cases = FakeCases()
    asked: list[tuple[str, frozenset[str]]] = []

    async def reachable(office: str, shut_out: frozenset[str] = frozenset()) -> bool:
        asked.append((office, shut_out))
        return office != "un-oios" or "wfp-oig" not in shut_out

    cases.reachable = reachable  # type: ignore[assignment,method-assign]
    report(cases).goes_through(*TO_LEVEL, "Headquarters").hears("no other office")
    assert ("un-oios", at_level("headquarters")) in asked


def test_another_organization_forgets_what_was_shut_out(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_LEVEL, "Headquarters", "Yes, that is right", *TO_END)
    chat.goes_through("Change something", "Organization of the person reported", "UNHCR", "Yes")
    chat.presses("No, it can go there").hears_nothing_of("Must not see it")
    chat.goes_through(*SEND)
    assert cases.to and cases.to.office == "unhcr-igo" and cases.to.shut_out == ()


def test_by_text_message_too(cases: FakeCases) -> None:
    walk = BriefReport(MESSAGES.on("sms"), ENTITIES, ROUTES, cases)  # type: ignore[arg-type]
    chat = Chat(walk).chooses("opt:short").chooses("opt:self").says("WFP").chooses("do:yes")
    chat.hears("an office or a level").chooses("opt:level").hears("Which level")
    chat.chooses("opt:headquarters").hears("OIOS").chooses("opt:agree")
    chat.chooses("opt:said").chooses("do:skip").chooses("do:skip").chooses("do:yes")
    assert cases.to and cases.to.office == "un-oios" and cases.to.levels == ("headquarters",)


def test_an_office_whose_level_is_unknown_is_of_every_level() -> None:
    for level in LEVELS:
        assert "upu-oversight" in at_level(level)
    assert "un-oios" not in at_level("country", "regional", "headquarters")
    assert at_level("country") == at_level("regional") < at_level("headquarters")
    assert "iom-eco" in at_level("headquarters")


def test_nothing_is_written_down_for_good_on_an_unknown_level() -> None:
    known = ROUTES.by_level(guessed=False)
    assert all("upu-oversight" not in offices for offices in known.values())
    assert "wfp-oig" in known["headquarters"] and "un-oios" in known["system"]


def test_a_level_is_one_of_the_known(tmp_path: Path) -> None:
    text = (CONTENT / "routes.yml").read_text().replace("level: system", "level: galaxy")
    (tmp_path / "routes.yml").write_text(text)
    with pytest.raises(ContentError, match="headquarters"):
        Routes.load(tmp_path, ENTITIES)
