"""Files beside a report, in a real browser: sealed before they leave it, and seen without harm."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import Guard
from tests.browser.rules_service import RulesService, running
from tests.browser.test_sealed_account import Person
from tests.support.canary import find
from vault.files import FileKey, open_file
from vault.sealing import Context, open_envelope
from vault.wrapping import derive, unwrap

pytestmark = pytest.mark.browser

MAKER = "Kanarienkamera-Werke"
NAME = "Guillemette-am-Lift.jpg"
CONTROL = "Zeisigkontrollwort"
OFFER = "Add or remove files"


def photo(width: int = 640, height: int = 480) -> bytes:
    """A JPEG that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MAKER
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (47.0, 12.0, 34.5)
    room = io.BytesIO()
    picture = Image.effect_noise((width, height), 80).convert("RGB")
    picture.save(room, "JPEG", quality=90, exif=exif)
    return room.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(70417))>>>>endobj\n"
PAGE = b"<!doctype html><script>parent.alert(1)</script>"


LARGE = """(input, size) => {
  const given = new DataTransfer();
  given.items.add(new File(['%PDF-1.4\\n', new Uint8Array(size)], 'big.pdf'));
  input.files = given.files;
  input.dispatchEvent(new Event('change'));
}"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulesService]:
    with running(tmp_path_factory.mktemp("attachments"), CONTROL) as started:
        yield started


class Attaching(Person):
    """Somebody who adds files."""

    def comes_to_the_files(self) -> None:
        self.comes_to_the_account()
        self.writes("He waits at the lift.", "I have kept it")
        self.presses("I have said it all", "When and where")
        for question in ("Who was involved", "What would you like", "danger", "anonymous"):
            self.presses("Skip", question)
        self.presses("Stay anonymous", "Is it right?")
        self.presses(OFFER, "A file can show more than you mean it to")
        expect(self.files).to_be_visible()

    @property
    def files(self) -> Any:
        return self.chat.locator(".files").last

    @property
    def list(self) -> Any:
        return self.files.locator("li")

    def adds(self, *files: tuple[str, bytes]) -> None:
        given = [
            {"name": name, "mimeType": "application/x-told", "buffer": content}
            for name, content in files
        ]
        self.files.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
        expect(self.files.get_by_role("button", name="Add a file")).to_be_enabled()

    def brought(self) -> list[Request]:
        return [request for request in self.sent if request.url.endswith("/chat/files")]


@pytest.fixture
def person(page: Page, service: RulesService) -> Attaching:
    return Attaching(page, service)


def rows(service: RulesService, query: str) -> list[tuple[Any, ...]]:
    file = service.data_dir / "speaksafe.sqlite"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


def opened(service: RulesService, count: int = 2) -> list[dict[str, Any]]:
    """So many files of a report, opened with the office's key as its browser would."""
    name, passphrase = "demo-focal-point", service.sign_ins["demo-focal-point"]
    salt, wrapped = rows(
        service,
        f"SELECT salt, wrapped_key FROM accounts WHERE name = '{name}'",  # noqa: S608
    )[0]
    key = unwrap(wrapped, derive(passphrase, salt).wrap)
    for case_id, envelope in rows(
        service, "SELECT case_id, envelope FROM case_entries WHERE number = 0"
    ):
        report = json.loads(open_envelope(envelope, key, Context("report", case_id)))
        if len(report.get("attachments", ())) != count:
            continue
        entries: list[dict[str, Any]] = report["attachments"]
        for one in [*entries, *(entry["copy"] for entry in entries if entry["copy"])]:
            query = (
                "SELECT sealed FROM attachment_parts WHERE attachment_id = "  # noqa: S608
                f"'{one['id']}' ORDER BY number"
            )
            sealed = [row[0] for row in rows(service, query)]
            one["content"] = open_file(sealed, FileKey(one["id"], one["key"]))
        return entries
    raise AssertionError("no report has files")


def test_a_photo_is_sealed_in_the_browser_and_its_copy_tells_no_place(
    person: Attaching, service: RulesService, tmp_path: Path, browser: Browser
) -> None:
    content = photo()
    assert MAKER.encode() in content and b"Exif" in content
    person.comes_to_the_files()
    person.adds((NAME, content), ("letter.pdf", PDF))
    expect(person.list).to_have_count(2)
    expect(person.list.first).to_contain_text("Photo")
    assert person.brought() == [], "nothing leaves before she agrees"
    person.presses("Go on", "Is it right?")
    expect(person.reads("Files")).to_contain_text("Files\n2")
    assert not service.remembers(MAKER, "alert(70417)")
    person.sends()
    assert person.brought()

    sent = tmp_path / "sent"
    sent.write_bytes(
        b"\n".join(
            f"{request.url}\n{request.headers}\n".encode() + (request.post_data_buffer or b"")
            for request in person.sent
        )
    )
    assert find((MAKER, NAME, "letter.pdf", "alert(70417)"), [sent, service.data_dir]) == []
    assert service.remembers(MAKER, "alert(70417)", NAME, CONTROL) == {CONTROL}

    picture, letter = opened(service)
    assert picture["content"] == content and picture["type"] == "image/jpeg"
    assert letter["content"] == PDF and letter["type"] == "application/pdf"
    assert letter["copy"] is None
    copy = picture["copy"]["content"]
    assert MAKER.encode() not in copy and b"Exif" not in copy
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.size == (640, 480) and not shown.getexif()

    context = browser.new_context(accept_downloads=True)
    office = context.new_page()
    errors: list[str] = []
    office.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    sees_them(office, service, content)
    assert errors == []
    context.close()


def test_only_the_cleaned_copy_leaves_the_browser(person: Attaching, service: RulesService) -> None:
    content = photo()
    person.comes_to_the_files()
    person.adds(("holiday.jpg", content), ("letter.pdf", PDF))
    person.files.get_by_label("Send only the cleaned copies").check()
    expect(person.files.get_by_role("status")).to_contain_text("can't make a cleaned copy")
    expect(person.list).to_have_count(1)
    person.adds(("letter.pdf", PDF))
    expect(person.list).to_have_count(1)
    person.presses("Go on", "Is it right?")
    expect(person.reads("Files")).to_contain_text("1, only the cleaned copies")
    person.sends()
    (picture,) = opened(service, 1)
    assert picture["copy"] is None and picture["size"] == len(picture["content"])
    assert MAKER.encode() not in picture["content"] and b"Exif" not in picture["content"]
    ids = {
        request.post_data_buffer[:16] for request in person.brought() if request.post_data_buffer
    }
    assert len(ids) == 1, "the file itself is not brought, not even sealed"


def sees_them(page: Page, service: RulesService, content: bytes) -> None:
    page.goto(f"{service.origin}/inbox")
    page.get_by_label("Sign-in name", exact=True).fill("demo-focal-point")
    page.get_by_label("Passphrase", exact=True).fill(service.sign_ins["demo-focal-point"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".case").first.click()
    files = page.locator(".files li")
    expect(files).to_have_count(2)
    files.first.get_by_role("button", name="Show the picture").click()
    expect(files.first.get_by_text("a copy without hidden details")).to_be_visible()
    drawn = "canvas => [canvas.width, canvas.height]"
    assert files.first.locator("canvas").evaluate(drawn) == [640, 480]
    assert page.locator("main img, iframe, object, embed").count() == 0

    letter = files.nth(1)
    expect(letter.get_by_role("button", name="Show the picture")).to_have_count(0)
    letter.get_by_role("button", name="Save the file").click()
    warning = page.get_by_role("dialog")
    expect(warning).to_contain_text("made to harm your computer")
    warning.get_by_role("button", name="Do not save").click()
    expect(letter.get_by_text("Opening")).to_have_count(0)
    files.first.get_by_role("button", name="Save the file").click()
    with page.expect_download() as loading:
        page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    assert loading.value.suggested_filename == "speaksafe-1.jpg"
    assert loading.value.path().read_bytes() == content


def test_what_is_no_good_is_said_and_not_taken(person: Attaching) -> None:
    person.comes_to_the_files()
    said = person.files.get_by_role("status")
    person.adds(("holiday.jpg", PAGE))
    expect(said).to_contain_text("can't take this kind of file")
    person.files.locator("input[type=file]").evaluate(LARGE, 20 * 1024 * 1024 + 1)
    expect(said).to_contain_text("It can have at most 20 MB")
    person.adds(*[(f"{number}.txt", b"words %d" % number) for number in range(6)])
    expect(said).to_contain_text("as many as one report can hold")
    expect(person.list).to_have_count(5)
    for _ in range(5):
        person.files.get_by_role("button", name=re.compile("^Remove")).first.click()
    expect(person.list).to_have_count(0)
    person.presses("Go on", "Is it right?")
    expect(person.reads("Goes to")).not_to_contain_text("Files")
    person.sends()
    assert person.brought() == []


REDRAWN = """async ([content, deceives]) => {
  if (deceives) {
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function (...where) {
      const found = read.apply(this, where);
      found.data[5] ^= 1;
      return found;
    };
  }
  const { redrawn } = await import('/shared/picture.js');
  const made = await redrawn(Uint8Array.from(content), 'image/jpeg');
  return made && made.length;
}"""


def test_a_browser_that_hides_what_it_draws_makes_no_copy(
    page: Page, service: RulesService
) -> None:
    page.goto(f"{service.origin}/inbox")
    content = list(photo(64, 48))
    assert page.evaluate(REDRAWN, [content, False]) > 500
    assert page.evaluate(REDRAWN, [content, True]) is None
    broken = list(photo(64, 48)[:300])
    page.reload()
    assert page.evaluate(REDRAWN, [broken, False]) is None


def test_a_file_is_added_later(person: Attaching, service: RulesService) -> None:
    person.comes_to_the_account()
    person.writes("He waits at the lift.", "I have kept it")
    person.presses("I have said it all", "When and where")
    for question in ("Who was involved", "What would you like", "danger", "anonymous"):
        person.presses("Skip", question)
    person.presses("Stay anonymous", "Is it right?")
    receipt = person.sends()
    person.comes_back_to_write(receipt)
    person.writes("Here is a letter.", "Shall I send this")
    person.presses(OFFER, "A file can show more than you mean it to")
    person.adds(("letter.pdf", PDF))
    expect(person.list).to_have_count(1)
    person.presses("Go on", "Shall I send this")
    person.presses("Yes, send it", "It is sent")
    (parts,) = rows(
        service,
        "SELECT count(*) FROM attachments JOIN case_entries USING (case_id) "
        "WHERE number = 1 AND waiting IS NULL",
    )
    assert parts == (1,)


def test_a_lost_connection_loses_no_file(
    person: Attaching, service: RulesService, guard: Guard
) -> None:
    guard.expect_error("ERR_|Failed to load")
    content = photo(1200, 900)
    person.comes_to_the_files()
    person.adds((NAME, content))
    expect(person.list).to_have_count(1)
    person.presses("Go on", "Is it right?")
    person.presses("It is right, go on", "Shall I send it?")
    lost = iter([False, True])
    person.page.route(
        "**/chat/files", lambda route: route.abort() if next(lost, False) else route.continue_()
    )
    person.page.get_by_role("button", name="Yes, send it").last.click()
    expect(person.chat.get_by_text("The connection was lost.")).to_be_visible()
    person.chat.get_by_role("button", name="Try again").click()
    person.reads("type its last")
    numbers = [(request.post_data_buffer or b"")[:20] for request in person.brought()]
    assert len(numbers) == len(set(numbers)) + 1, "only what was lost came twice"


def test_a_file_that_was_let_go_is_brought_again(
    person: Attaching, service: RulesService, guard: Guard
) -> None:
    """The first photo is there, the connection is lost, and she asks something: it all begins anew.

    The service counts files and cannot tell a photo from its copy: it would take the second photo
    for both.
    """
    guard.expect_error("ERR_|Failed to load")
    person.comes_to_the_files()
    person.presses("Go on", "Is it right?")
    receipt = person.sends()
    person.comes_back_to_write(receipt)
    person.writes("Here are photos.", "Shall I send this")
    person.presses(OFFER, "A file can show more than you mean it to")
    person.adds(("a.jpg", photo(320, 240)), ("b.jpg", photo(240, 320)))
    expect(person.list).to_have_count(2)
    person.presses("Go on", "Shall I send this")
    lost = iter([False, False, True])
    person.page.route(
        "**/chat/files", lambda route: route.abort() if next(lost, False) else route.continue_()
    )
    person.page.get_by_role("button", name="Yes, send it").last.click()
    expect(person.chat.get_by_text("The connection was lost.")).to_be_visible()
    person.writes("hm", "Shall I send this")
    person.presses("Yes, send it", "It is sent")
    assert len(person.brought()) == 2 + 1 + 4, "two, one that was lost, and all of them again"
