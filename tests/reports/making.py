"""Making a report: the turns that lead to a step, and what is asked about it."""

from __future__ import annotations

from reports.report_walk import ReportWalk
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, Chat, FakeCases

TO_ACCOUNT = ("To me", "WFP", "Yes", "No, it can go there")
TO_PREVIEW = (
    *(*TO_ACCOUNT, "He touched me.", "I have said it all"),
    *("Last May, in Goma", "My supervisor", "It should stop", "No", "Stay anonymous"),
)
TO_CONSENT = (*TO_PREVIEW, "It is right, go on")


def report(cases: FakeCases, lang: str = "en") -> Chat:
    return Chat(ReportWalk(MESSAGES, ENTITIES, ROUTES, cases), lang)  # type: ignore[arg-type]


def receipt_of(cases: FakeCases) -> str:
    ((_, _, receipt),) = cases.sent.values()
    return receipt
