"""The second suite, X-Wing, in a real Chromium behind the pages' own strict policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.desk import to_bytes
from survey.instrument import load_all
from tests.browser.inbox.reader import PASSPHRASE, Reader
from tests.browser.inbox.test_sign_in import carries
from tests.browser.inbox_server import LiveWorld, running
from tests.inbox.world import ROOT
from tests.survey.people import synthetic
from vault import keyfiles
from vault.database import Database
from vault.encoding import to_text
from vault.keys import PrivateKey
from vault.sealing import SUITE_NAME, X_WING_NAME, Context, open_envelope, seal
from vault.wrapping import derive, unwrap

pytestmark = pytest.mark.browser

VECTORS = json.loads((ROOT / "tests" / "vault" / "vectors" / "xwing.json").read_text())
MODULE = "/shared/xwing.js"
OTHER = "another long passphrase"

#: What is asked of the pages' own modules; each line is one task.
TASKS = """async ({ task, given }) => {
  const { fromBase64url, text, toBase64url, utf8 } = await import("/shared/bytes.js");
  const sealing = await import("/shared/sealing.js");
  const hex = (value) => Uint8Array.from(value.match(/../g), (byte) => parseInt(byte, 16));
  const plain = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const suite = (name) => (name === "x-wing" ? sealing.X_WING : sealing.SUITE);
  const tasks = {
    async vector({ sk, pk, ct, eseed }) {
      const wing = await import("/shared/xwing.js");
      const key = await wing.keyFromSeed(hex(sk));
      const made = eseed ? await wing.encapsulate(hex(pk), hex(eseed)) : { enc: [], secret: [] };
      const found = await wing.decapsulate(key, hex(ct));
      return [plain(key.publicKey), plain(made.enc), plain(made.secret), plain(found)];
    },
    async open({ envelope, key, kem, purpose, binding }) {
      const pair = await sealing.keyFromRaw(fromBase64url(key), suite(kem));
      const info = sealing.context(purpose, binding);
      try {
        return text(await sealing.openEnvelope(envelope, pair, info));
      } catch (error) {
        return error.name;
      }
    },
    async seal({ words, recipients }) {
      const info = sealing.context("reply", "case");
      return sealing.seal(utf8(words), recipients.map(fromBase64url), info);
    },
  };
  return tasks[task](given);
}"""


@pytest.fixture
def world(database: Database) -> Iterator[LiveWorld]:
    """An inbox whose new keys are X-Wing's."""
    with running(database, suite="x-wing") as started:
        yield started


def ask(page: Page, task: str, **given: object) -> Any:
    return page.evaluate(TASKS, {"task": task, "given": given})


def is_in(reader: Reader) -> None:
    expect(reader.page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def loads(reader: Reader) -> int:
    return sum(MODULE in request.url for request in reader.sent)


def test_the_published_vectors(reader: Reader) -> None:
    reader.opens()
    for vector in VECTORS["kem"]:
        found = ask(reader.page, "vector", **vector)
        assert found == [vector["pk"], vector["ct"], vector["ss"], vector["ss"]]
    hpke = VECTORS["hpke"]
    found = ask(reader.page, "vector", sk=hpke["skRm"], pk=hpke["pkRm"], ct=hpke["enc"])
    assert (found[0], found[3]) == (hpke["pkRm"], hpke["shared_secret"])


def test_python_seals_and_chromium_opens_and_the_other_way(reader: Reader) -> None:
    keys = [PrivateKey.new("x-wing"), PrivateKey.new(), PrivateKey.new("x-wing")]
    page = reader.opens().page
    context = Context("reply", "case")
    for group in (keys, keys[:1], keys[1:2]):
        public = [key.public() for key in group]
        here = seal("Guillemette — سمعت 🕊️".encode(), public, context).decode()
        there = ask(page, "seal", words="entendu", recipients=[one.to_text() for one in public])
        assert json.loads(here)["suite"] == json.loads(there)["suite"]
        for key in group:
            told = {"key": to_text(key.raw), "kem": key.kem, "purpose": "reply"}
            assert ask(page, "open", envelope=here, binding="case", **told).endswith("سمعت 🕊️")
            assert ask(page, "open", envelope=here, binding="other", **told) == "SealingError"
            assert open_envelope(there.encode(), key, context) == b"entendu"


def test_what_was_tampered_with_or_renamed_is_refused(reader: Reader) -> None:
    old, new = PrivateKey.new(), PrivateKey.new("x-wing")
    page = reader.opens().page
    both = json.loads(seal(b"x", [old.public(), new.public()], Context("reply", "case")))
    alone = json.loads(seal(b"x", [new.public()], Context("reply", "case")))
    (entry,) = alone["to"]
    bare = [{name: one[name] for name in ("kid", "enc", "ct")} for one in both["to"]]
    flipped = ("B" if entry["enc"][700] == "A" else "A").join(
        (entry["enc"][:700], entry["enc"][701:])
    )
    bad = [
        alone | {"suite": SUITE_NAME},
        alone | {"suite": "hpke-later"},
        alone | {"to": [entry | {"enc": flipped}]},
        alone | {"to": [entry | {"enc": entry["enc"][:43]}]},
        alone | {"to": [entry | {"suite": X_WING_NAME}]},
        alone | {"to": [entry | {"suite": SUITE_NAME}]},
        both | {"to": bare},
        both | {"to": [one | {"suite": X_WING_NAME} for one in both["to"]], "suite": X_WING_NAME},
    ]
    given = {"key": to_text(new.raw), "kem": "x-wing", "purpose": "reply", "binding": "case"}
    for envelope in (alone, both):
        assert ask(page, "open", envelope=json.dumps(envelope), **given) == "x"
        weaker = given | {"kem": "x25519"}
        assert ask(page, "open", envelope=json.dumps(envelope), **weaker) == "SealingError"
    for envelope in bad:
        assert ask(page, "open", envelope=json.dumps(envelope), **given) == "SealingError"


def test_from_the_key_to_the_answer(world: LiveWorld, reader: Reader) -> None:
    code = world.accounts.invite("amina", ["unv-office"])
    reader.opens()
    assert loads(reader) == 0
    reader.makes_a_key(code)
    reader.reads("There is no case yet.")
    assert loads(reader) == 1

    salt, _ = world.accounts.begin("amina")
    secrets = derive(PASSPHRASE, salt)
    account = world.accounts.sign_in("amina", secrets.sign_in)
    assert account is not None and account.public_key is not None
    key = unwrap(account.wrapped, secrets.wrap)
    assert key.kem == "x-wing" and key.public() == account.public_key

    told = world.case("unv-office", account="He waits at my door.")
    reader.presses("Look for new reports")
    reader.opens_case()
    reader.reads("He waits at my door.")
    reader.fills("Your answer", "You are not alone.")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent. The reporter can read it")
    assert world.replies(told) == ["You are not alone."]
    for entry in world.cases.entries(told.case_id):
        assert json.loads(entry.envelope)["suite"] == X_WING_NAME
        assert open_envelope(entry.envelope, key, Context(entry.purpose, told.case_id))
    for secret in (key.raw, secrets.wrap, PASSPHRASE.encode()):
        assert not carries(reader.bodies(), secret)


def test_an_office_changes_its_suite_in_its_own_browsers(world: LiveWorld, reader: Reader) -> None:
    world.kem = "x25519"
    world.focal_point("amina", "unv-office", passphrase=PASSPHRASE)
    told = world.case("unv-office", account="From before.")
    before = world.cases.entries(told.case_id)[0].envelope
    reader.opens().signs_in()
    reader.opens_case()
    assert loads(reader) == 0

    reader.opens().makes_a_key(world.accounts.invite("bilal", ["unv-office"]), "bilal", OTHER)
    is_in(reader)
    reader.opens().signs_in()
    reader.opens_case()
    reader.page.get_by_label("Hand over to").select_option("bilal")
    reader.presses("Hand over")
    reader.reads("In hand now: bilal.")

    # Now she changes, too, and he seals the case to her new key.
    reader.opens().makes_a_key(world.accounts.invite("amina", ["unv-office"]))
    is_in(reader)
    reader.opens().signs_in("bilal", OTHER)
    reader.opens_case()
    reader.reads("From before.")
    reader.page.get_by_label("Hand over to").select_option("amina")
    reader.presses("Hand over")
    reader.reads("In hand now: amina.")
    reader.opens().signs_in()
    reader.opens_case()
    reader.reads("From before.")

    keys = world.accounts.public_keys(["unv-office"])
    after = world.cases.entries(told.case_id)[0].envelope
    named = {one["kid"]: one.get("suite") for one in json.loads(after)["to"]}
    assert [key.kem for key in keys] == ["x-wing", "x-wing"]
    assert all(named[key.key_id] == X_WING_NAME for key in keys)
    assert json.loads(before)["suite"] == SUITE_NAME


def test_the_task_force_counts_with_an_x_wing_key(
    world: LiveWorld, reader: Reader, tmp_path: Path
) -> None:
    made = keyfiles.new(tmp_path / "task-force.key", "task-force", "x-wing")
    instrument = next(iter(load_all(ROOT / "content").values()))
    world.kem = "x25519"
    world.focal_point("task", "task-force", passphrase=PASSPHRASE)
    round_ = world.rounds.open(instrument.ref, "open", made.public)
    for document in synthetic(instrument, 3):
        envelope = seal(to_bytes(document), [made.public], Context("answer", round_.round_id))
        world.drop_box.put(round_.round_id, envelope)
    world.rounds.close(round_.round_id)
    page = reader.opens("/taskforce").page
    reader.signs_in("task")
    reader.presses("Make the results of round 1 here")
    assert loads(reader) == 0
    page.get_by_label("Key file of the Task Force").set_input_files(tmp_path / "task-force.key")
    reader.presses("Open, count and check")
    reader.reads("10 people")
    assert loads(reader) == 1
    assert '"people": 3' in reader.bodies() or '"people":3' in reader.bodies()
