"""An account is sealed in her browser to readers whose keys are X-Wing's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.rules_service import RulesService, running
from tests.browser.test_sealed_account import ACCOUNT, CONTROL, PHONE, Person, reads_it
from vault import keyfiles
from vault.sealing import X_WING_NAME, Context, open_envelope

pytestmark = pytest.mark.browser

MODULE = "/chat/xwing.js"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulesService]:
    """The demo, begun with the other suite."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPEAKSAFE_SUITE", "x-wing")
        with running(tmp_path_factory.mktemp("sealed"), CONTROL) as started:
            yield started


def test_the_second_suite_from_her_browser_to_theirs(page: Page, service: RulesService) -> None:
    person = Person(page, service)
    person.tells()
    assert not any(MODULE in request.url for request in person.sent)
    person.sends()
    assert sum(MODULE in request.url for request in person.sent) == 1
    assert not any(ACCOUNT in body or PHONE in body for body in person.bodies())

    ((case_id, reporter_key, envelope),) = stored(service)
    parts = json.loads(envelope)
    assert parts["suite"] == X_WING_NAME and len(parts["to"]) >= 2
    assert not any("suite" in entry for entry in parts["to"])
    assert len(reporter_key) == 1216
    recovery = keyfiles.read_private(service.data_dir / "demo" / "recovery.key")
    opened = open_envelope(envelope, recovery, Context("report", case_id))
    assert json.loads(opened)["account"].startswith(ACCOUNT)
    reads_it(page, service)


def stored(service: RulesService) -> list[tuple[str, bytes, bytes]]:
    """Case, reporter's key and report, as they lie in the database."""
    query = (
        "select cases.case_id, reporter_key, envelope from cases join case_entries "
        "on cases.case_id = case_entries.case_id where number = 0"
    )
    opened = sqlite3.connect(service.data_dir / "speaksafe.sqlite")
    try:
        return opened.execute(query).fetchall()
    finally:
        opened.close()
