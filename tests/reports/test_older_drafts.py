"""A report that was begun before an upgrade is sent after it, and nobody it goes around gets it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reports.chat import FakeCases
from tests.reports.making import report

#: What the version before levels kept, when the first office was to be gone around.
AT_OTHER: dict[str, Any] = {
    "at": "other",
    "data": {"relation": "self", "entity": "WFP", "offered": "wfp-head", "instead": "involved"},
    "note": {},
    "undo": [
        ["relation", {"relation": None}],
        ["entity", {"entity": None}],
        ["confirm", {"entity": "WFP", "said": None, "office": None, "standby": None}],
        ["conflict", {"offered": None, "instead": None, "standby": "wfp-head"}],
    ],
}
AT_ACCOUNT: dict[str, Any] = {
    **AT_OTHER,
    "at": "account",
    "data": {**AT_OTHER["data"], "office": "wfp-head", "conflict": True},
}
PLAIN: dict[str, Any] = {
    **AT_OTHER,
    "at": "account",
    "data": {"relation": "self", "entity": "WFP", "office": "wfp-oig", "standby": "wfp-head"},
}
END = ("He did it.", "I have said it all", "Skip", "Skip", "Skip", "Skip", "Stay anonymous")
SEND = ("It is right, go on", "Yes, send it")


@pytest.mark.parametrize(("kept", "first"), [(AT_OTHER, "Yes, that is right"), (AT_ACCOUNT, None)])
def test_the_office_it_goes_around_is_shut_out_for_good(
    cases: FakeCases, kept: dict[str, Any], first: str | None
) -> None:
    chat = report(cases)
    chat.state = kept
    chat.switches_to("en")
    chat.goes_through(*([first] if first else []), *END)
    chat.hears("Must not see it: ", "Inspector General").goes_through(*SEND)
    assert cases.to and (cases.to.office, cases.to.standby) == ("wfp-head", None)
    assert cases.to.shut_out == ("wfp-oig",) and cases.to.levels == ()


def test_one_that_goes_around_nobody_is_sent_as_it_is(cases: FakeCases) -> None:
    chat = report(cases)
    chat.state = PLAIN
    chat.switches_to("en")
    chat.goes_through(*END).hears_nothing_of("Must not see it").goes_through(*SEND)
    assert cases.to and (cases.to.office, cases.to.standby) == ("wfp-oig", "wfp-head")
    assert cases.to.shut_out == () == cases.to.levels
