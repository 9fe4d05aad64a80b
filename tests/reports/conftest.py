"""What tests of making a report share."""

from __future__ import annotations

import pytest

from tests.reports.chat import FakeCases


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases()
