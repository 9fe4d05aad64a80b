"""The scripted conversations, each against the real engine, gate, actions and store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from service.settings import Settings
from service.storage import Storage
from survey.instrument import load
from survey.model import Instrument
from survey.ports import Admission
from survey.rounds import open_round
from tests.channels.cases.twilio import SmsCase
from tests.channels.twilio.api import TwilioApi
from tests.conversations.script import Script, play, scripts
from tests.conversations.texting import Texting
from tests.support.content import messages
from tests.support.live import Live, start, stop

URL = "https://talk.example"
SCRIPTS = scripts()
#: So many conversations a language has at least.
LEAST = 15


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One running demo for all scripts, with a local Twilio."""
    with TwilioApi.running() as twilio:
        settings = SmsCase(twilio, URL).settings() | {"SPEAKSAFE_PUBLIC_URL": URL}
        running = start(tmp_path_factory.mktemp("scripts"), **settings)
        running.twilio = SmsCase(twilio, URL)  # type: ignore[attr-defined]
        yield running
        assert stop(running) == 0
        assert twilio.problems() == []


@pytest.fixture(scope="module")
def lasting(live: Live) -> Iterator[Lasting]:
    """What the demo keeps, beside the running demo."""
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(live.data_dir)})
    storage = Storage.open(settings)
    yield Lasting(storage, load(settings.content_dir / "instruments" / "victim-experience.yml"))
    storage.close()


@dataclass
class Lasting:
    """Rounds, and what was sent."""

    storage: Storage
    instrument: Instrument

    def admit(self, admission: Admission, *, anew: bool) -> None:
        """See to it that a round is open that admits these, or a new one."""
        current = self.storage.rounds.current()
        if current is not None and not anew and current.admission == admission:
            return
        if current is not None:
            self.storage.rounds.close(current.round_id)
        opened = open_round(self.storage.rounds, self.storage.keys, self.instrument, admission)
        self.storage.drop_box.prepare(opened.round_id)

    def reports(self) -> int:
        """How many there are."""
        return len(self.storage.cases.for_offices(["demo-office"]))

    def surveys(self) -> int:
        """How many there are in the open round, which is closed to see it."""
        current = self.storage.rounds.current()
        assert current is not None
        self.storage.rounds.close(current.round_id)
        return len(self.storage.drop_box.take_all(current.round_id))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: f"{s.lang}: {s.name}")
def test_conversation(script: Script, live: Live, lasting: Lasting) -> None:
    lasting.admit("invited" if script.invited else "open", anew=script.sends == "survey")
    code = lasting.storage.invitations.new(1)[0] if script.invited else ""
    before = lasting.reports()
    talk = live.talk(script.opens)
    if script.channel == "sms":
        talk = Texting(talk.http, script.opens, case=live.twilio)  # type: ignore[attr-defined]
    play(script, talk, code)
    assert lasting.reports() == before + (script.sends == "report")
    assert script.sends != "survey" or lasting.surveys() == 1


def test_every_language_has_its_conversations() -> None:
    counts = Counter(script.lang for script in SCRIPTS)
    assert {lang for lang in messages().languages if counts[lang] < LEAST} == set()
    names = [(script.lang, script.name) for script in SCRIPTS]
    assert len(set(names)) == len(names)
