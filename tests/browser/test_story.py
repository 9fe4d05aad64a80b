"""The whole story in a real Chromium, and afterwards a search for every word that was said.

A person asks, takes the survey and reports; the focal point opens the report, answers and closes
it; the person comes back and reads the answer; the round is closed and its results are released.
Then every file of the system is searched for what was planted, in every common encoding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.answering import takes_the_survey
from tests.support.canary import find
from tests.support.live import Live, start, stop

pytestmark = pytest.mark.browser

NAME = "Guillemette Quatrevaux"
PHONE = "+41 79 555 01 23"
PLACE = "Rue des Marronniers 77, Bourg-Planté"
ACCOUNT = f"{NAME} from logistics follows me to my flat at {PLACE}. كتبت هذا بخوف"
OWN_WORDS = "Somebody like Wilhelmina Kanarienvogel should have listened sooner"
REPLY = "Thank you. Could you tell us whether Zacharias Kanarienvogel was there?"
AGENT = "PlantedBrowser/7.1 (Kanarienvogel)"

#: Enough people for a release that shows something: two groups of more than ten.
OTHERS = 24


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Live]:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    running = start(tmp_path / "data", TMPDIR=str(temporary))
    yield running
    if running.process.poll() is None:
        stop(running)


class Person:
    """Somebody in front of the chat."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.box = page.locator("textarea")
        self.log = page.get_by_role("log")
        self.reads("What would you like to do?")

    def reads(self, text: str) -> None:
        expect(self.log.locator(".theirs p").filter(has_text=text).last).to_be_visible(
            timeout=30_000
        )

    def writes(self, text: str, then: str) -> None:
        self.box.fill(text)
        self._does(lambda: self.box.press("Enter"), then)

    def presses(self, label: str, then: str) -> None:
        name = re.compile(rf"^(\d+\.\s*)?{re.escape(label)}$")
        buttons = self.page.get_by_role("button", name=name, disabled=False)
        self._does(buttons.last.click, then)

    def _does(self, act: Callable[[], None], then: str) -> None:
        """Act, wait for the whole answer, and read it."""
        before = self.log.locator(".theirs").count()
        act()
        expect(self.log.locator(".theirs").nth(before)).to_be_visible(timeout=30_000)
        expect(self.page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
        self.reads(then)


def _asks_and_answers(person: Person) -> None:
    person.writes("is there a deadline for reporting?", "Many UN organizations have no deadline")
    person.presses("Back to the start", "What would you like to do now?")
    person.presses("Take the survey", "Would you like to start?")
    person.presses("Start", "Which fits you?")
    person.presses("It has ended", "Question 1 of about")
    person.writes("1 and 3", "Question 2 of about")
    person.writes("Settled informally", "Question 3 of about")
    person.writes("is this anonymous?", "Question 3 of about")
    person.writes("partly", "Question 4 of about")
    person.presses("Stop", "What would you like to do?")


def _reports(person: Person) -> str:
    person.writes("I want to make a report", "Who did this happen to?")
    person.presses("To me", "Which organization")
    person.writes("the World Food Programme", "World Food Programme (WFP)")
    person.presses("Yes", "Your report would go to")
    person.presses("No, it can go there", "Please tell me what happened")
    person.writes(ACCOUNT, "You can write more")
    person.presses("I have said it all", "When and where")
    person.writes(f"last week at {PLACE}", "Who was involved")
    person.writes(NAME, "What would you like to happen")
    person.presses("It should stop", "danger right now")
    person.presses("No", "stay anonymous")
    person.presses("Leave a way to reach me", "How can the office reach you")
    person.writes(PHONE, "Is it right?")
    expect(person.log).to_contain_text(ACCOUNT)
    person.presses("It is right, go on", "Shall I send it?")
    person.presses("Yes, send it", "type its last")
    found = re.search(r"\b(\d{4}(?: \d{4}){5})\b", person.log.inner_text())
    assert found, "the receipt is shown"
    person.writes(found[1][-4:], "You have noted it well")
    return found[1]


def _answers_it(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/inbox")
    page.get_by_label("Sign-in name", exact=True).fill("demo-focal-point")
    page.get_by_label("Passphrase", exact=True).fill(live.sign_ins["demo-focal-point"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".case").first.click()
    expect(page.locator(".account dd")).to_have_text(ACCOUNT)
    expect(page.locator(".contact dd")).to_have_text(PHONE)
    page.get_by_label("Your answer", exact=True).fill(REPLY)
    page.get_by_role("button", name="Send the answer", exact=True).click()
    page.get_by_role("button", name="Yes, send it", exact=True).click()
    expect(page.get_by_text("Sent.").first).to_be_visible()


def _closes_it(page: Page) -> None:
    page.get_by_role("button", name="Start the review", exact=True).click()
    page.get_by_role("button", name="Close the case", exact=True).click()
    page.get_by_label("Reason").select_option("referred")
    page.get_by_role("button", name="Yes, close the case", exact=True).click()
    expect(page.locator("h1 + .chip")).to_have_text("Closed")


def _comes_back(page: Page, live: Live, receipt: str) -> None:
    person = Person(page, live.url)
    person.presses("Continue a report I made", "Please type your receipt")
    person.writes(receipt.replace(" ", "-"), "There is a reply for you")
    expect(person.log).to_contain_text(REPLY)
    person.presses("Write to the focal point", "Please write what the focal point should know")
    person.writes(f"Yes, {NAME} was there too", "Shall I send this")
    person.presses("Yes, send it", "It is sent")


def _is_offered_the_survey(page: Page, live: Live, receipt: str) -> None:
    person = Person(page, live.url)
    person.presses("Continue a report I made", "Please type your receipt")
    person.writes(receipt, "Your report is closed")
    person.presses("Take the survey", "The survey knows nothing of your report")


def _somebody_answers(live: Live, number: int) -> None:
    talk = live.talk().opens()
    takes_the_survey(talk, lambda options: options[number % 2], OWN_WORDS)
    talk.hears("Your answers are sent")


def _release(live: Live, out: Path) -> None:
    assert live.speaksafe("round", "close").returncode == 0
    key = live.data_dir / "demo" / "task-force.key"
    bundle = out.with_name("round.bundle")
    assert live.speaksafe("round", "bundle", "--round", "r1", "--out", str(bundle)).returncode == 0
    done = live.speaksafe(
        *("release", "--bundle", str(bundle), "--key", str(key), "--out", str(out))
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((out / "results.json").read_text())
    assert json.dumps(results).count("Q2")
    assert "<svg" in (out / "report.html").read_text()
    assert (out / "results.csv").read_text().strip()


def test_the_whole_story_and_nothing_of_it_is_left_behind(
    system: Live, browser: Browser, tmp_path: Path
) -> None:
    contexts = [browser.new_context(user_agent=AGENT, locale="en-US") for _ in range(2)]
    reporter, focal_point = (context.new_page() for context in contexts)
    person = Person(reporter, system.url)
    _asks_and_answers(person)
    person = Person(reporter, system.url)
    receipt = _reports(person)
    _answers_it(focal_point, system)
    _comes_back(reporter, system, receipt)
    _closes_it(focal_point)
    _is_offered_the_survey(reporter, system, receipt)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: _somebody_answers(system, number), range(OTHERS)))
    for context in contexts:
        context.close()
    _release(system, tmp_path / "release")
    assert stop(system) == 0

    planted = [
        NAME,
        PHONE,
        PLACE,
        ACCOUNT,
        OWN_WORDS,
        REPLY,
        AGENT,
        "Kanarienvogel",
        "كتبت هذا بخوف",
    ]
    planted += [receipt, receipt.replace(" ", "")]
    kept = tmp_path / "planted"
    kept.write_text("\n".join(planted))
    assert {leak.word for leak in find(planted, [kept])} == set(range(len(planted)))
    kept.unlink()
    places = [system.data_dir, tmp_path / "tmp", tmp_path / "release"]
    assert (system.data_dir / "speaksafe.sqlite").stat().st_size > 100_000
    assert (system.data_dir / "logs" / "engine.log").exists()
    printed = tmp_path / "tmp" / "printed.log"
    printed.write_text("".join(system.printed))
    assert find(planted, places) == []
