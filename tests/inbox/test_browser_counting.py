"""What the Task Force's page counts and signs is what the offline release counts and signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from survey.bundle import bundle_bytes
from survey.desk import to_bytes
from survey.gathering import Desk, Sealed, gather
from survey.instrument import load_all
from survey.model import Instrument
from survey.paged import Tally, counted, questions
from tests.inbox.javascript import ask
from tests.survey.people import synthetic
from tests.survey.talk import CONTENT
from vault import keyfiles
from vault.keyfiles import KeyFile
from vault.sealing import Context, seal
from vault.signing import sign, signed, signer
from vault.stores.rounds import Round


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return next(iter(load_all(CONTENT).values()))


@pytest.fixture(scope="module", params=["x25519", "x-wing"])
def key_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    path = tmp_path_factory.mktemp("keys") / "tf.key"
    keyfiles.new(path, "task-force", request.param)
    return path


@pytest.fixture(scope="module")
def key(key_path: Path) -> KeyFile:
    return keyfiles.read(key_path)


def round_(instrument: Instrument, key: KeyFile, number: int) -> Round:
    name = f"r{number}"
    return Round(name, number, instrument.ref, "open", key.public, "2026-01", "2026-02")


def sealed(documents: list[Any], key: KeyFile, round_id: str) -> list[bytes]:
    context = Context("answer", round_id)
    return [seal(to_bytes(one), [key.public], context) for one in documents]


def odd_documents(instrument: Instrument) -> list[Any]:
    """What no page of ours sends: both must count, or leave out, the same of it."""
    head = {"instrument": instrument.id, "version": instrument.version}
    multi = next(i for i in instrument.items() if i.kind == "multi" and i.id in instrument.tables)
    single = next(i for i in instrument.items() if i.kind == "single")
    text = next(i for i in instrument.items() if i.kind == "text")
    codes = [option.code for option in multi.options]
    alone = [option.code for option in multi.options if option.alone]
    answers: list[Any] = [
        {},
        {"NOT_ASKED": "yes"},
        {single.id: "no_such_code"},
        {single.id: [single.options[0].code]},
        {multi.id: codes[0]},
        {multi.id: []},
        {multi.id: [codes[0], codes[0]]},
        {multi.id: [codes[0], 1]},
        {multi.id: [codes[0], *alone[:1]]},
        {multi.id: alone[:1], text.id: "nur Worte"},
        {text.id: "nothing but words"},
        {text.id: ["x"]},
        [],
        None,
    ]
    asked_if = [item for item in instrument.items() if item.ask_if and item.options]
    answers += [{item.id: item.options[0].code} for item in asked_if if item.kind != "multi"]
    found: list[Any] = [head | {"answers": one} for one in answers]
    good = {single.id: single.options[0].code}
    return [*found, head | {"version": 99, "answers": good}, {"answers": good}, 7, "words", None]


def count_in_browser(
    bundle: bytes, key_path: Path, key: KeyFile, instrument: Instrument, **more: Any
) -> Any:
    given: dict[str, Any] = {
        "bundle": bundle.decode(),
        "key": key_path.read_text(),
        "keyId": key.public.key_id,
        "questions": questions(instrument),
        "released": [],
        "chunk": 10_007,
    }
    return ask("count", **given | more)


def test_both_count_the_same(instrument: Instrument, key_path: Path, key: KeyFile) -> None:
    main, small = round_(instrument, key, 4), round_(instrument, key, 2)
    documents = [*synthetic(instrument, 90, seed=3), *odd_documents(instrument)]
    envelopes = sealed(documents, key, "r4")
    envelopes += [envelopes[0], b"{}", b"not json", envelopes[1][:-9]]
    envelopes += sealed(synthetic(instrument, 1), key, "r9")  # sealed for another round
    few = sealed(synthetic(instrument, 4, seed=9), key, "r2")
    bundle = bundle_bytes(main, envelopes, [(small, few)])

    found = count_in_browser(bundle, key_path, key, instrument)
    assert found["told"][-1] == [len(envelopes), len(envelopes)]
    tally = found["tally"]
    desk = Desk(instrument, key.private, "en", None)  # type: ignore[arg-type]
    here = gather(Sealed(main, envelopes), desk, [Sealed(small, few)])
    assert here.unreadable > 10
    there = counted(Tally(**tally), instrument, [(small, few), (main, envelopes)])
    assert there == here
    assert "nur Worte" not in json.dumps(tally)


def test_rounds_that_were_released_are_not_counted_again(
    instrument: Instrument, key_path: Path, key: KeyFile
) -> None:
    main, small = round_(instrument, key, 2), round_(instrument, key, 1)
    envelopes = sealed(synthetic(instrument, 12), key, "r2")
    few = sealed(synthetic(instrument, 3), key, "r1")
    bundle = bundle_bytes(main, envelopes, [(small, few)])
    both = count_in_browser(bundle, key_path, key, instrument)["tally"]
    alone = count_in_browser(bundle, key_path, key, instrument, released=["r1"])["tally"]
    assert (both["rounds"], both["people"]) == (["r1", "r2"], 15)
    assert (alone["rounds"], alone["people"]) == (["r2"], 12)


def test_what_the_page_says_no_to(
    instrument: Instrument, key_path: Path, key: KeyFile, tmp_path: Path
) -> None:
    main = round_(instrument, key, 1)
    bundle = bundle_bytes(main, sealed(synthetic(instrument, 2), key, "r1"))
    keyfiles.new(tmp_path / "other.key", "task-force")
    keyfiles.new(tmp_path / "wing.key", "task-force", "x-wing")
    keyfiles.new(tmp_path / "recovery.key", "recovery")
    strange = json.loads((tmp_path / "wing.key").read_text()) | {"suite": "hpke-later"}
    (tmp_path / "strange.key").write_text(json.dumps(strange))
    for file, reason in (
        (tmp_path / "other.key", "other_key"),
        (tmp_path / "wing.key", "other_key"),
        (tmp_path / "strange.key", "other_kind"),
        (tmp_path / "recovery.key", "no_key"),
        (keyfiles.public_path(key_path), "public_only"),
    ):
        found = count_in_browser(bundle, file, key, instrument)
        assert found == {"error": "KeyFileProblem", "reason": reason}
    (tmp_path / "no.key").write_text("no key at all")
    found = count_in_browser(bundle, tmp_path / "no.key", key, instrument)
    assert found["reason"] == "no_key"
    lines = bundle.splitlines(keepends=True)
    for cut in (b"", lines[0], b"".join(lines[:3]), b"[]\n", b"".join(lines[1:])):
        assert count_in_browser(cut, key_path, key, instrument)["error"] == "BundleError"


def test_answers_that_are_sealed_to_another_key(
    instrument: Instrument, key_path: Path, key: KeyFile, tmp_path: Path
) -> None:
    other = keyfiles.new(tmp_path / "other.key", "task-force")
    envelopes = sealed(synthetic(instrument, 3), other, "r1")
    bundle = bundle_bytes(round_(instrument, key, 1), envelopes)
    assert count_in_browser(bundle, key_path, key, instrument)["error"] == "OtherKey"


def test_both_sign_alike(key_path: Path, key: KeyFile) -> None:
    assert key.private
    certificate = json.dumps({"a": "ä", "b": {"c": [1]}}, ensure_ascii=False, indent=1) + "\n"
    found = ask(
        "sign", key=key_path.read_text(), keyId=key.public.key_id, use="release-log", data="abc",
        certificate=certificate,
    )  # fmt: skip
    assert found["who"] == signer(key.private)
    assert found["signature"] == sign(key.private, "release-log", b"abc")
    document = json.loads(found["certificate"])
    assert document.pop("signed")["signature"] == sign(
        key.private, "certificate", certificate.encode()
    )
    assert signed(found["who"], "release-log", b"abc", found["signature"])
    whole = json.loads(certificate) | {"signed": json.loads(found["certificate"])["signed"]}
    assert found["certificate"] == json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
