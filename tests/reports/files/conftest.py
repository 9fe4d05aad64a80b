"""Walks that take files."""

from __future__ import annotations

import pytest

from reports.report_walk import ReportWalk
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, FakeArchive, FakeCases
from tests.reports.files.adding import (
    KEY,
)


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases(keys=[KEY.public()])


@pytest.fixture
def walk(cases: FakeCases) -> ReportWalk:
    return ReportWalk(MESSAGES, ENTITIES, ROUTES, cases, attaches=True)


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive("482109375526118044729034", keys=[KEY.public()])
