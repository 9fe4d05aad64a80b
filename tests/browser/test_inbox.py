"""The focal points' and the Task Force's pages in a real Chromium, with the real service behind."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Guard
from tests.browser.inbox_server import LiveWorld, running
from tests.inbox.world import FocalPoint, Told
from vault.database import Database
from vault.encoding import to_text
from vault.keys import PrivateKey
from vault.sealing import Context, open_envelope, seal
from vault.wrapping import derive, unwrap

pytestmark = pytest.mark.browser

PASSPHRASE = "sept carafes bleues au marché"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
REFUSED = r"status of (401|403|404|409)"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough here."""
    return sqlite_url


@pytest.fixture
def world(database: Database) -> Iterator[LiveWorld]:
    with running(database) as started:
        yield started


@pytest.fixture
def amina(world: LiveWorld) -> FocalPoint:
    return world.focal_point("amina", "unv-office", passphrase=PASSPHRASE)


class Reader:
    """Somebody in front of the page."""

    def __init__(self, page: Page, world: LiveWorld) -> None:
        self.page = page
        self.world = world
        self.sent: list[Request] = []
        page.on("request", lambda request: self.sent.append(request))

    def opens(self, path: str = "/inbox") -> Reader:
        self.page.goto(self.world.origin + path)
        expect(self.page.locator("h1")).to_be_visible()
        return self

    def fills(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def reads(self, text: str | re.Pattern[str]) -> Locator:
        found = self.page.get_by_text(text).first
        expect(found).to_be_visible()
        return found

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=text)).to_be_visible()

    def signs_in(self, name: str = "amina", passphrase: str = PASSPHRASE) -> None:
        self.fills("Sign-in name", name)
        self.fills("Passphrase", passphrase)
        self.presses("Sign in")

    def opens_case(self) -> None:
        self.page.locator(".case").first.click()
        expect(self.page.get_by_role("heading", name="The report", exact=True)).to_be_visible()

    def bodies(self) -> str:
        return "\n".join(request.post_data or "" for request in self.sent)


@pytest.fixture
def reader(page: Page, world: LiveWorld) -> Reader:
    return Reader(page, world)


@pytest.fixture
def case(world: LiveWorld, amina: FocalPoint) -> Told:
    return world.case("unv-office", days_ago=3)


def spellings(secret: bytes) -> set[str]:
    """How a secret could stand in a request: plain, hex, JSON list, base64 at any place."""
    numbers = json.dumps(list(secret))[1:-1]
    found = {secret.hex(), numbers, numbers.replace(" ", ""), secret.decode("utf-8", "replace")}
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret).decode()
        # The signs at both ends mix with their neighbours.
        middle = whole[-(-shift * 8 // 6) + 1 : len(whole) - 4]
        found |= {middle, middle.replace("+", "-").replace("/", "_")}
    return found


def carries(text: str, secret: bytes) -> bool:
    return any(spelling in text for spelling in spellings(secret))


def test_the_first_sign_in_makes_the_key_in_the_browser(world: LiveWorld, reader: Reader) -> None:
    code = world.accounts.invite("amina", ["unv-office"])
    reader.opens()
    reader.presses("First time here? Use your setup code")
    reader.fills("Sign-in name", "amina")
    reader.fills("Setup code", code)
    reader.fills("New passphrase", PASSPHRASE)
    reader.fills("The same passphrase again", PASSPHRASE)
    reader.page.get_by_label("I have kept my passphrase in a safe place").check()
    reader.presses("Make my key and sign in")
    reader.reads("There is no case yet.")

    salt, has_key = world.accounts.begin("amina")
    assert has_key
    derived = derive(PASSPHRASE, salt)
    account = world.accounts.sign_in("amina", derived.sign_in)
    assert account is not None
    private = unwrap(account.wrapped, derived.wrap)
    assert private.public() == account.public_key

    told = world.case("unv-office", account="He waits at my door.")
    reader.presses("Look for new reports")
    reader.opens_case()
    reader.reads("He waits at my door.")
    reader.fills("Your answer", "You are not alone.")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent. The reporter can read it")
    assert world.replies(told) == ["You are not alone."]

    sent = reader.bodies()
    assert carries(sent, derived.sign_in), "the search does not find what was sent"
    for secret in (private.raw, derived.wrap, PASSPHRASE.encode(), b"You are not alone."):
        assert not carries(sent, secret)
        assert not any(carries(request.url, secret) for request in reader.sent)
    assert not any(told.case_id in request.url for request in reader.sent)


def test_the_search_for_secrets_finds_them(world: LiveWorld) -> None:
    secret = bytes(range(200, 232))
    for shift in range(3):
        around = base64.urlsafe_b64encode(b"x" * shift + secret + b"tail").decode()
        assert carries(f'{{"body":"{around}"}}', secret)
    for plain in (secret.hex(), json.dumps(list(secret)), to_text(secret)):
        assert carries(f"before {plain} after", secret)
    assert carries(json.dumps(PASSPHRASE, ensure_ascii=False), PASSPHRASE.encode())
    assert not carries("nothing of the kind", secret)


def test_a_case_is_shown_with_everything_that_was_sent(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    told = world.case(
        "unv-office",
        days_ago=3,
        relation="witness",
        account="First line\nSecond line",
        when_where="مساء الثلاثاء، في الممر",
        danger_now=True,
        contact="after six, 555 0199",
    )
    world.addition(told, "He came back.", amina)
    reader.opens().signs_in()
    expect(reader.page.locator(".case")).to_contain_text("New")
    expect(reader.page.locator(".case")).to_contain_text("Came in 3 days ago")
    reader.opens_case()
    expect(reader.page.locator(".account dd")).to_have_text("First line\nSecond line")
    expect(reader.page.locator(".when_where dd")).to_have_css("direction", "rtl")
    expect(reader.page.locator(".danger")).to_contain_text("danger now")
    expect(reader.page.locator(".relation dd")).to_have_text("Someone who saw or heard it")
    expect(reader.page.locator(".entity dd")).to_have_text("United Nations Volunteers")
    expect(reader.page.locator(".who dd")).to_have_text("Not given")
    expect(reader.page.locator(".contact dd")).to_have_text("after six, 555 0199")
    expect(reader.page.locator(".talk li")).to_contain_text("He came back.")
    expect(reader.page.locator(".in-language")).to_contain_text("French")
    expect(reader.page.locator("h1 + .chip")).to_have_text("Opened")
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("opened", False)


def test_what_a_reporter_writes_is_never_run(world: LiveWorld, reader: Reader) -> None:
    world.focal_point("amina", "unv-office", passphrase=PASSPHRASE)
    attack = (
        "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"
        "<a href='javascript:window.hurt = 1'>press</a>{name}&lt;b&gt;"
    )
    fields = dict.fromkeys(("account", "who", "wish", "when_where", "contact", "relation"), attack)
    world.case("unv-office", **fields, entity={"code": attack, "name": attack})
    reader.opens().signs_in()
    reader.opens_case()
    expect(reader.page.locator(".account dd")).to_have_text(attack)
    expect(reader.page.locator(".report dd a, .report dd img, .report dd script")).to_have_count(0)
    assert reader.page.evaluate("window.hurt") is None


def test_odd_documents_break_nothing(world: LiveWorld, reader: Reader, amina: FocalPoint) -> None:
    told = world.case("unv-office", account=7, entity=None, danger_now="yes", relation=["self"])
    world.addition(told, "fine", amina)
    odd = seal(b"[1]", [amina.key.public()], Context("addition", told.case_id))
    world.cases.add_entry(told.case_id, "reporter", odd, world.today)
    reader.opens().signs_in()
    reader.opens_case()
    expect(reader.page.locator(".account dd")).to_have_text("Not given")
    expect(reader.page.locator(".talk li")).to_have_count(2)


def test_an_envelope_for_others_is_said_to_be_closed_and_the_rest_works(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    told = world.case("unv-office")
    world.addition(told, "for Amina", amina)
    stranger = FocalPoint("x", PrivateKey.new(), amina.secrets)
    world.addition(told, "for somebody else", stranger)
    reader.opens().signs_in()
    reader.opens_case()
    reader.reads("for Amina")
    expect(reader.page.locator(".talk .unopened")).to_have_text(
        re.compile("cannot be opened with your key")
    )
    # What she could not read stays marked as new, for whoever can.
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("received", True)


def test_a_reply_is_sealed_to_everybody_who_should_read_it(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told
) -> None:
    colleague = world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.opens().signs_in()
    reader.opens_case()
    words = "Bonjour,\nvoulez-vous me dire <b>où</b> ? 🕊️"
    reader.fills("Your answer", words)
    reader.presses("Send the answer")
    expect(reader.page.get_by_role("dialog").locator("blockquote")).to_have_text(words)
    reader.presses("Go back")
    assert world.replies(case) == []
    expect(reader.page.get_by_label("Your answer")).to_have_value(words)
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent.")
    expect(reader.page.get_by_label("Your answer")).to_have_value("")
    expect(reader.page.locator(".talk .focal_point .said")).to_have_text(words)
    assert world.replies(case) == [words]
    envelope = world.cases.entries(case.case_id)[-1].envelope
    context = Context("reply", case.case_id)
    for key in (amina.key, colleague.key, world.recovery, case.key):
        assert json.loads(open_envelope(envelope, key, context)) == {"v": 1, "text": words}


def test_a_reply_whose_answer_was_lost_is_stored_once(
    world: LiveWorld, reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error("ERR_FAILED|ERR_CONNECTION")
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "once")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    reader.page.route("**/inbox/api/reply", lose, times=1)
    for notice in ("The connection was lost.", "Sent."):
        reader.presses("Send the answer")
        reader.presses("Yes, send it")
        reader.reads(notice)
    assert world.replies(case) == ["once"]


def test_a_new_colleague_in_between_is_noticed(
    world: LiveWorld, reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error(REFUSED)
    reader.opens().signs_in()
    reader.opens_case()
    world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.fills("Your answer", "kept")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("have changed")
    expect(reader.page.get_by_label("Your answer")).to_have_value("kept")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent.")
    assert world.replies(case) == ["kept"]


def test_the_status_goes_its_way_to_the_end(world: LiveWorld, reader: Reader, case: Told) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    chip = reader.page.locator("h1 + .chip")
    reader.presses("Start the review")
    expect(chip).to_have_text("In review")
    reader.presses("Close the case")
    reader.presses("Go back")
    expect(chip).to_have_text("In review")
    reader.presses("Close the case")
    reader.presses("Yes, close the case")
    reader.reads("Please choose a reason.")
    reader.page.get_by_label("Reason").select_option("settled")
    reader.presses("Yes, close the case")
    expect(chip).to_have_text("Closed")
    reader.reads("Closed by amina: Settled as the reporter wished")
    seen = world.deps.messages.text("en", "return.status.closed")
    expect(reader.page.locator(".side blockquote")).to_have_text(seen)
    expect(reader.page.locator(".step")).to_have_count(0)
    stored = world.cases.get(case.case_id)
    assert stored is not None
    assert stored.status == "closed"


def test_a_wrong_passphrase_and_an_unknown_name_get_the_same_words(
    reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens()
    notice = reader.page.locator("#notice")
    for name in (amina.name, "nobody"):
        reader.signs_in(name, "not the right passphrase")
        expect(notice).to_contain_text("That did not work.")
        expect(notice).to_have_class("wrong")


def test_a_weak_or_mistyped_passphrase_is_stopped_before_anything_is_sent(
    world: LiveWorld, reader: Reader
) -> None:
    code = world.accounts.invite("amina", ["unv-office"])
    reader.opens()
    reader.presses("First time here? Use your setup code")
    reader.fills("Sign-in name", "amina")
    reader.fills("Setup code", code)
    for first, again, problem in (
        ("short", "short", "too short"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "too easy to guess"),
        (PASSPHRASE, PASSPHRASE + "x", "not the same"),
        (PASSPHRASE, PASSPHRASE, "tick this box"),
    ):
        reader.fills("New passphrase", first)
        reader.fills("The same passphrase again", again)
        reader.presses("Make my key and sign in")
        reader.reads(re.compile(problem))
    assert reader.bodies().strip() == ""
    assert not world.accounts.begin("amina")[1]


def test_a_suggested_passphrase_is_strong_and_different_each_time(reader: Reader) -> None:
    reader.opens()
    reader.presses("First time here? Use your setup code")
    box = reader.page.get_by_label("New passphrase")
    found = set()
    for _ in range(5):
        reader.presses("Suggest a passphrase")
        expect(box).to_have_attribute("type", "text")
        reader.reads(re.compile("Strength: (good|fair)"))
        found.add(box.input_value())
    assert len(found) == 5
    assert all(re.fullmatch(r"[a-z]{6}( [a-z]{6}){3}", one) for one in found)


def test_a_used_setup_code_is_refused_in_words(
    world: LiveWorld, reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens()
    reader.presses("First time here? Use your setup code")
    reader.fills("Sign-in name", "amina")
    reader.fills("Setup code", "ABCD-EFGH-JKLM-NPQR")
    reader.fills("New passphrase", PASSPHRASE)
    reader.fills("The same passphrase again", PASSPHRASE)
    reader.page.get_by_label("I have kept my passphrase in a safe place").check()
    reader.presses("Make my key and sign in")
    reader.reads("That setup code did not work.")


def test_nobody_there_for_a_quarter_of_an_hour_is_signed_out(
    reader: Reader, amina: FocalPoint
) -> None:
    reader.page.clock.install()
    reader.opens().signs_in()
    reader.heading("Your cases")
    reader.page.clock.fast_forward("14:10")
    reader.reads("Are you still there?")
    reader.presses("Stay signed in")
    expect(reader.page.get_by_role("alertdialog")).to_have_count(0)
    # The dialog tells that it was closed a moment after it is gone; only then does time go on.
    reader.page.clock.run_for(1_000)
    reader.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    reader.page.clock.run_for(1_000)
    reader.page.clock.fast_forward("14:10")
    reader.reads("Are you still there?")
    reader.page.clock.fast_forward("01:00")
    reader.reads("You were signed out after 15 minutes")
    expect(reader.page.get_by_label("Passphrase", exact=True)).to_have_value("")


def test_a_machine_that_slept_wakes_up_signed_out(
    reader: Reader, amina: FocalPoint, case: Told
) -> None:
    reader.page.clock.install()
    reader.opens().signs_in()
    reader.opens_case()
    reader.page.clock.fast_forward("08:00:00")
    reader.page.mouse.move(5, 5)
    reader.reads("You were signed out after 15 minutes")
    expect(reader.page.get_by_text("door every evening")).to_have_count(0)


def test_signing_out_takes_everything_off_the_page(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "not sent yet")
    token = reader.sent[-1].headers["authorization"]
    with reader.page.expect_response("**/sign-out"):
        reader.presses("Sign out")
    reader.reads("You are signed out.")
    expect(reader.page.get_by_text("door every evening")).to_have_count(0)
    answer = reader.page.request.post(
        world.origin + "/inbox/api/cases", headers={"Authorization": token}, data={}
    )
    assert answer.status == 401
    reader.page.go_back()
    reader.heading("Sign in")
    reader.signs_in()
    reader.opens_case()
    expect(reader.page.get_by_label("Your answer")).to_have_value("")


def test_an_answer_after_signing_out_brings_nothing_back(
    reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error(REFUSED)  # what the page asks for next is asked in vain
    held: list[Route] = []
    reader.opens().signs_in()
    reader.heading("Your cases")
    reader.page.route("**/inbox/api/opened", lambda route: held.append(route))
    with reader.page.expect_request("**/inbox/api/opened"):
        reader.page.locator(".case").click()
    reader.presses("Sign out")
    reader.reads("You are signed out.")
    held[0].fulfill(json={"status": "opened"})
    reader.page.wait_for_timeout(200)
    reader.heading("Sign in")
    expect(reader.page.get_by_text("door every evening")).to_have_count(0)


def test_a_reload_signs_out_and_the_way_back_leads_to_the_list(reader: Reader, case: Told) -> None:
    reader.opens().signs_in()
    address = reader.page.url
    reader.opens_case()
    assert reader.page.url == address
    reader.page.go_back()
    reader.heading("Your cases")
    reader.page.reload()
    reader.heading("Sign in")


def test_the_language_changes_everything_but_the_reporters_words(
    reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "un début")
    reader.page.get_by_label("Language").select_option("fr")
    expect(reader.page.get_by_role("heading", name="Le signalement")).to_be_visible()
    expect(reader.page.get_by_label("Votre réponse")).to_have_value("un début")
    expect(reader.page.locator("html")).to_have_attribute("lang", "fr")
    reader.reads("He waits at my door every evening.")
    assert "The report" not in reader.page.locator("body").inner_text()


def test_everything_works_by_keyboard(reader: Reader, case: Told) -> None:
    keyboard = reader.opens().page.keyboard
    reader.page.get_by_label("Sign-in name").focus()
    keyboard.type("amina")
    keyboard.press("Tab")
    keyboard.type(PASSPHRASE)
    keyboard.press("Enter")
    reader.heading("Your cases")
    expect(reader.page.locator("h1")).to_be_focused()
    for _ in range(10):  # past what searches and filters the list
        keyboard.press("Tab")
        if reader.page.locator(".case").evaluate("it => it === it.ownerDocument.activeElement"):
            break
    expect(reader.page.locator(".case")).to_be_focused()
    keyboard.press("Enter")
    reader.reads("He waits at my door every evening.")
    reader.page.get_by_label("Your answer").focus()
    keyboard.type("typed")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(reader.page.get_by_role("button", name="Yes, send it")).to_be_focused()
    keyboard.press("Escape")
    expect(reader.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("context_options", [PHONE])
def test_nothing_sticks_out_on_a_phone(
    world: LiveWorld, reader: Reader, amina: FocalPoint, context_options: dict[str, object]
) -> None:
    told = world.case("unv-office", account="w" * 300, who="x" * 200)
    world.addition(told, "z" * 300, amina)
    sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    reader.opens()
    assert not reader.page.evaluate(sideways)
    reader.signs_in()
    reader.heading("Your cases")
    assert not reader.page.evaluate(sideways)
    reader.opens_case()
    assert not reader.page.evaluate(sideways)
    for button in reader.page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_task_force_sees_rounds_without_counts_and_takes_the_sealed_answers(
    world: LiveWorld, reader: Reader
) -> None:
    key = PrivateKey.new()
    world.focal_point("task", "task-force", passphrase=PASSPHRASE)
    first = world.rounds.open("victim-experience-1", "open", key.public())
    envelope = seal(b"{}", [key.public()], Context("answer", first.round_id))
    world.drop_box.put(first.round_id, envelope)
    world.rounds.close(first.round_id)
    world.rounds.open("victim-experience-1", "open", key.public())
    reader.opens("/taskforce").signs_in("task")
    reader.heading("Survey rounds")
    expect(reader.page.locator(".round")).to_have_count(2)
    expect(reader.page.locator(".round").first).to_contain_text("not even how many")
    with reader.page.expect_download() as download:
        reader.presses("Download the sealed answers of round 1")
    assert download.value.suggested_filename == "speaksafe-r1.bundle"
    lines = download.value.path().read_bytes().splitlines()
    assert lines[2:] == [envelope]
    reader.reads("Saved.")


def test_a_focal_point_is_sent_to_her_own_room(
    reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens("/taskforce").signs_in()
    reader.reads("This page is for the Task Force.")


def test_a_browser_that_cannot_seal_is_told_so(browser: Browser, world: LiveWorld) -> None:
    page = browser.new_page(locale="fr-FR")
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('no'))")
    page.goto(world.origin + "/inbox")
    expect(page.locator("#notice")).to_contain_text("Ce navigateur ne peut pas ouvrir")
    page.close()
