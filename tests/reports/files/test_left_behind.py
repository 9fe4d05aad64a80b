"""What a try left of files, because it failed or was given up, goes along with nothing later."""

from __future__ import annotations

import pytest

from reports.attaching import Waiting, expected
from reports.case_view import Access
from reports.destination import Destination
from reports.report_walk import ReportWalk
from tests.reports.chat import FakeArchive, FakeCases
from tests.reports.files.adding import OFFER, agrees, by_browser, to_agree
from tests.reports.test_cases import DAY, REPORT, World
from vault.database import Database
from vault.encoding import to_text
from vault.errors import FilesMissing
from vault.files import FileKey, seal_file
from vault.stores.attachments import AttachmentStore, Part


def put(store: AttachmentStore, name: str, content: bytes, *, parts: int | None = None) -> str:
    """A browser brings a file, or its first parts only."""
    sealed = list(seal_file(content, key := FileKey.new()))
    for number, part in enumerate(sealed[:parts]):
        store.put(name, Part(key.id, number, len(sealed), part), DAY)
    return key.id


@pytest.mark.parametrize("half", [False, True])
async def test_an_original_of_a_failed_addition_does_not_go_with_the_next(
    database: Database, half: bool
) -> None:
    """Nor does half a file stand in its way: it could never be stored."""
    world, store = World(database), AttachmentStore(database)
    ticket = world.cases.ticket()
    await world.cases.send(REPORT, Destination("wfp-oig"), ticket)
    access = Access(ticket.case_id, to_text(world.anna.raw))
    original = put(store, ticket.case_id, b"o" * 300_000, parts=1 if half else None)
    if half:
        with pytest.raises(FilesMissing):
            await world.cases.add(access, b"{}", files=Waiting((), 1))
    await world.cases.clear_uploads(access)
    copy = put(store, ticket.case_id, b"copy")
    await world.cases.add(access, b"{}", files=Waiting((), 1))
    assert store.part(ticket.case_id, copy, 0) is not None
    assert store.part(ticket.case_id, original, 0) is None
    await world.cases.clear_uploads(access)
    assert store.part(ticket.case_id, copy, 0) is not None, "what is sent stays"


def test_each_time_her_browser_is_told_what_to_bring_the_rest_goes(
    archive: FakeArchive,
) -> None:
    chat = to_agree(archive)
    assert archive.cleared == []
    chat.presses(OFFER).chooses("files:0.1")
    agrees(chat).hears("a file has not come through")
    before = list(archive.cleared)
    assert before and set(before) == {"case"}
    archive.arrived = 2
    agrees(chat).hears("It is sent")
    assert archive.cleared == before, "what was brought for this one goes along"


def test_a_report_that_is_not_sent_begins_anew_under_another_id(
    walk: ReportWalk, cases: FakeCases
) -> None:
    """What was brought under the first one waits there, and is deleted after a day."""
    chat = by_browser(walk).presses(OFFER).chooses("files:0.2").presses("It is right, go on")
    first = expected("report", chat.state)
    chat.presses("No, not yet").presses(OFFER).chooses("files:clean.0")
    chat.presses("It is right, go on")
    assert None is not first != expected("report", chat.state) is not None
    assert cases.sent == {}
