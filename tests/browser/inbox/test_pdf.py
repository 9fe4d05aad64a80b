"""The pages of a PDF are shown; nothing in it runs, calls anybody, or stops the page."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from service.pdf_view import FILES
from tests.browser.conftest import Guard
from tests.browser.inbox import pdfs
from tests.browser.inbox.reader import PASSPHRASE, PHONE, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint
from tests.vault.rows import wait
from vault.sealing import Context, seal

pytestmark = pytest.mark.browser

#: Colour in the middle of the red box that the pages have, and at a corner of the paper.
COLOURS = """canvas => [[372, 484], [5, 5]].map(([x, y]) =>
  [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3))"""


@dataclass
class Elsewhere:
    """A place that nobody may call."""

    address: str = ""
    calls: list[bytes] = field(default_factory=list)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = Elsewhere(f"http://127.0.0.1:{listener.getsockname()[1]}")
        listener.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    with listener.accept()[0] as called:
                        place.calls.append(called.recv(1000))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield place
        over.set()
        thread.join()


def sends(world: LiveWorld, reader: FocalPoint, *contents: bytes) -> None:
    """A reporter adds files to a new case."""
    told = world.case("unv-office")
    keys = [wait(world.database, content, told.case_id, world.today) for content in contents]
    entries = [{"id": key.id, "key": key.key, "type": "application/pdf"} for key in keys]
    document = json.dumps({"v": 1, "text": "these", "attachments": entries}).encode()
    envelope = seal(document, [reader.key.public()], Context("addition", told.case_id))
    ids = tuple(key.id for key in keys)
    world.cases.add_entry(told.case_id, "reporter", envelope, world.today, ids)


def files(page: Page) -> Locator:
    return page.locator(".files li")


def comes_in(reader: Reader) -> Page:
    reader.opens().signs_in()
    reader.opens_case()
    return reader.page


def opens(page: Page, number: int = 0) -> Locator:
    one = files(page).nth(number)
    one.get_by_role("button", name="Show the pages").click()
    return one


def ended(page: Page) -> None:
    """The thread is gone; a browser takes a moment for it."""
    for _ in range(50):
        if page.workers == []:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the thread goes on")


def test_nothing_in_it_runs_or_calls(
    world: LiveWorld, reader: Reader, amina: FocalPoint, elsewhere: Elsewhere
) -> None:
    sends(world, amina, pdfs.calling(elsewhere.address))
    page = comes_in(reader)
    before = len(reader.sent)
    assert not any("/inbox/pdf/" in request.url for request in reader.sent), (
        "only when it is needed"
    )
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    one = opens(page)
    expect(one.get_by_text("Page 1 of 1")).to_be_visible()
    expect(one.get_by_text("Nothing in the file can run here")).to_be_visible()
    canvas = one.locator("canvas")
    assert canvas.evaluate(COLOURS) == [[255, 0, 0], [255, 255, 255]]
    box = canvas.bounding_box()
    assert box is not None
    for x, y in ((0.5, 0.5), (0.2, 0.47), (0.01, 0.99)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.wait_for_timeout(500)
    (thread,) = page.workers
    assert thread.evaluate("typeof globalThis.ran") == "undefined"
    assert page.evaluate("typeof globalThis.ran") == "undefined"
    paths = {request.url.removeprefix(world.origin) for request in reader.sent[before:]}
    modules = {f"/inbox/pdf/{name}" for name in FILES}
    assert paths <= {"/inbox/api/file", "/inbox/static/pdf.js", *modules}
    assert not any("fallback" in path for path in paths)
    assert elsewhere.calls == [] and dialogs == [] and len(page.context.pages) == 1
    assert page.locator("main a, iframe, object, embed, main input[type=text]").count() == 0


def test_the_thread_can_neither_call_nor_make_code(
    world: LiveWorld, reader: Reader, amina: FocalPoint, elsewhere: Elsewhere, guard: Guard
) -> None:
    """What a flaw of PDF.js would find: nothing to reach, nothing to take."""
    guard.expect_error("Content Security Policy|Refused|TrustedScriptURL")
    sends(world, amina, pdfs.of_pages())
    page = comes_in(reader)
    expect(opens(page).locator("canvas")).to_be_visible()
    (thread,) = page.workers
    tried = """async ([elsewhere, own]) => {
      const fails = async (work) => { try { await work(); return "done"; } catch { return "no"; } };
      return [
        await fails(() => fetch(elsewhere)), await fails(() => fetch(own)),
        await fails(() => import(elsewhere)), await fails(() => eval("1")),
        await fails(() => new Function("1")()), await fails(() => importScripts(elsewhere)),
        await fails(() => new Worker("/inbox/pdf/worker.js")),
        typeof document, typeof window,
      ];
    }"""
    own = f"{world.origin}/inbox/api/strings"
    found = thread.evaluate(tried, [elsewhere.address, own])
    assert found == [*["no"] * 7, "undefined", "undefined"]
    assert elsewhere.calls == []
    made = "() => { try { new Worker('/inbox/pdf/worker.js') } catch { return 'no' } }"
    assert page.evaluate(made) == "no", "and the page makes no other thread"
    reader.presses("Sign out")
    reader.heading("Sign in")
    ended(page)


def test_what_cannot_be_shown_is_said_and_can_be_saved(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    broken = b"%PDF-1.7\n" + b"no such thing " * 99
    sends(world, amina, broken, b"GIF89a nothing", pdfs.locked(), pdfs.of_pages()[:300])
    page = comes_in(reader)
    for number in (0, 1, 3):
        expect(opens(page, number)).to_contain_text("cannot be shown here. You can save the file")
    expect(opens(page, 2)).to_contain_text("locked with a password")
    ended(page)
    files(page).first.get_by_role("button", name="Save the file").click()
    expect(page.get_by_role("dialog")).to_contain_text("made to harm your computer")
    with page.expect_download() as loading:
        page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    assert loading.value.path().read_bytes() == broken


def test_a_file_that_takes_for_ever_is_stopped(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    sends(world, amina, pdfs.endless(), pdfs.of_pages())
    page = comes_in(reader)
    page.clock.install()
    one = opens(page)
    expect(one.get_by_text("Opening the file")).to_be_visible()
    page.wait_for_timeout(1500)
    expect(one.locator("canvas")).to_have_count(0)
    page.clock.fast_forward(21_000)
    expect(one.get_by_text("took too long")).to_be_visible()
    ended(page)
    expect(opens(page, 1).locator("canvas")).to_be_visible()


def test_pages_are_turned_one_by_one_and_their_number_is_limited(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    sends(world, amina, pdfs.of_pages(3), pdfs.of_pages(250))
    page = comes_in(reader)
    one = opens(page)
    expect(one.get_by_text("Page 1 of 3")).to_be_visible()
    expect(one.get_by_role("button", name="Page before")).to_be_disabled()
    one.get_by_role("button", name="Next page").focus()
    for number in (2, 3):
        page.keyboard.press("Enter")
        expect(one.get_by_text(f"Page {number} of 3")).to_be_visible()
        one.get_by_role("button", name="Page before").focus()
        one.get_by_role("button", name="Next page").focus()
    expect(one.get_by_role("button", name="Next page")).to_be_disabled()
    many = opens(page, 1)
    expect(many.get_by_text("Only the first 100 pages are shown here.")).to_be_visible()
    assert len(many.locator("canvas").all()) == 1


@pytest.mark.parametrize(
    "context_options",
    [{"color_scheme": "dark"}, PHONE | {"locale": "ar"}],
    ids=["dark", "Arabic on a phone"],
)
def test_it_keeps_nobody_out(
    world: LiveWorld, reader: Reader, amina: FocalPoint, context_options: dict[str, object]
) -> None:
    sends(world, amina, pdfs.of_pages(2))
    page = reader.opens().page
    page.locator("#name").fill("amina")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    page.locator(".case").click()
    files(page).locator("button").first.click()
    canvas = files(page).locator("canvas")
    expect(canvas).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= screen.width")
    assert (canvas.get_attribute("aria-label") or "") in files(page).inner_text()
