"""Nobody's own words leave, unless two different people agreed on other ones."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from service.cli import main
from survey.bundle import bundle_bytes
from survey.model import Instrument
from survey.redacting import exported, objections, own_words
from tests.survey.test_release import sealed
from vault import keyfiles
from vault.errors import RedactionError
from vault.keys import PrivateKey
from vault.redactions import RedactionFile, agree, propose
from vault.stores.rounds import Round

ANNA, BEN, TASK_FORCE = PrivateKey.new(), PrivateKey.new(), PrivateKey.new()
SECRET = "My supervisor in the third building told everybody about it in March"


def test_one_person_alone_settles_nothing(questionnaire: Instrument) -> None:
    one = propose("r1", "x", "Q25", "words", "Others came to know of it.", ANNA)
    assert not one.settled("r1")
    with pytest.raises(RedactionError, match="same key"):
        agree("r1", one, ANNA)
    assert not replace(one, agreer=one.proposer, agreed=one.proposed).settled("r1")
    assert exported([one], "r1", questionnaire)["questions"][1]["words"] == []


def test_two_people_settle_it(questionnaire: Instrument) -> None:
    both = agree("r1", propose("r1", "x", "Q25", "words", "Others knew.", ANNA), BEN)
    assert both.settled("r1") and not both.settled("r2")
    found = exported([both], "r1", questionnaire)
    assert [q["words"] for q in found["questions"]] == [[], ["Others knew."], []]


@pytest.mark.parametrize("changed", [{"words": "Other words"}, {"item": "Q26"}, {"text_id": "y"}])
def test_what_is_changed_after_signing_is_not_settled(changed: dict[str, str]) -> None:
    first = propose("r1", "x", "Q25", "words", "Others knew.", ANNA)
    assert not replace(agree("r1", first, BEN), **changed).settled("r1")
    with pytest.raises(RedactionError, match="changed after it was signed"):
        agree("r1", replace(first, **changed), BEN)


def test_a_theme_is_counted_only_from_ten(questionnaire: Instrument) -> None:
    def themed(theme: str, count: int) -> Iterable[object]:
        for number in range(count):
            first = propose("r1", f"{theme}{number}", "Q25", "theme", theme, ANNA)
            yield agree("r1", first, BEN)

    found = exported([*themed("waiting", 9), *themed("silence", 12)], "r1", questionnaire)  # type: ignore[list-item]
    assert found["questions"][1]["themes"] == [
        {"theme": "silence", "about": 10},
        {"theme": "waiting", "about": None},
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("  ", "empty"),
        ("x" * 301, "longer"),
        ("The person told everybody about it in spring", "quotes"),
        ("Told EVERYBODY about, it: in March", "quotes"),
        ("It was said to a colleague in 2024", "date"),
        ("Write to a@example.org", "contact"),
        ("a\x1b[2Jb", "printed"),
    ],
)
def test_words_that_would_give_something_away_are_not_taken(words: str, why: str) -> None:
    assert any(why in found for found in objections("words", words, SECRET))


def test_other_words_are_taken() -> None:
    assert objections("words", "Others came to know of it", SECRET) == []
    assert objections("theme", "confidentiality", SECRET) == []


def test_a_quotation_without_spaces_is_seen() -> None:
    assert objections(
        "words", "有人把这件事告诉了所有人这很难受", "我的主管把这件事告诉了所有人这很难受"
    )


def test_the_order_of_texts_tells_no_person(questionnaire: Instrument) -> None:
    people = [{"Q25": f"one {n}", "Q26": f"two {n}"} for n in range(8)]
    found = own_words(people, questionnaire, TASK_FORCE)
    assert found == own_words(people[::-1], questionnaire, TASK_FORCE)
    names = [text.text_id for text in found]
    assert names == sorted(names)
    other = own_words(people, questionnaire, PrivateKey.new())
    assert not set(names) & {text.text_id for text in other}


def test_the_file_holds_no_text_and_opens_only_with_the_key(tmp_path: Path) -> None:
    path = tmp_path / "desk"
    said = {"x": propose("r1", "x", "Q25", "words", "Others knew.", ANNA)}
    RedactionFile(path, TASK_FORCE, "r1").save(said)
    assert RedactionFile(path, TASK_FORCE, "r1").load() == said
    assert b"Others" not in path.read_bytes()
    for key, round_id in ((PrivateKey.new(), "r1"), (TASK_FORCE, "r2")):
        with pytest.raises(RedactionError):
            RedactionFile(path, key, round_id).load()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody types these lines."""

    def types(*lines: str) -> None:
        left = list(lines)

        def read(_prompt: str) -> str:
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr(builtins, "input", read)

    return types


def test_the_way_through_the_commands(
    questionnaire: Instrument,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path))
    task_force = keyfiles.new(tmp_path / "tf.key", "task-force")
    for name in ("anna", "ben"):
        keyfiles.new(tmp_path / f"{name}.key", "reviewer")
    round_ = Round("r3", 3, questionnaire.ref, "open", task_force.public, "2026-05", "2026-06")
    document = {"instrument": questionnaire.id, "version": 1, "answers": {"Q25": SECRET}}
    monkeypatch.setattr("tests.survey.test_release.KEY", task_force.private)
    bundle = tmp_path / "r3.bundle"
    bundle.write_bytes(bundle_bytes(round_, sealed([document])))
    common = ["--bundle", str(bundle), "--key", str(tmp_path / "tf.key"), "--desk"]
    common.append(str(tmp_path / "desk"))

    typed("w", "He told everybody about it in March", "w", "Others came to know of it.")
    assert main(["redact", "propose", *common, "--me", str(tmp_path / "anna.key")]) == 0
    said = capsys.readouterr().out
    assert SECRET in said and "not this: it quotes the text" in said
    out = tmp_path / "themes.json"
    assert main(["redact", "export", *common, "--out", str(out)]) == 0
    assert "Others came" not in out.read_text()
    out.unlink()

    typed("a")
    assert main(["redact", "agree", *common, "--me", str(tmp_path / "anna.key")]) == 0
    assert "1 of 1" not in capsys.readouterr().err
    typed("a")
    assert main(["redact", "agree", *common, "--me", str(tmp_path / "ben.key")]) == 0
    assert main(["redact", "export", *common, "--out", str(out)]) == 0
    left = json.loads(out.read_text())
    assert left["questions"][1]["words"] == ["Others came to know of it."]
    kept = [path for path in tmp_path.iterdir() if path.is_file()]
    assert not any(b"supervisor" in path.read_bytes() for path in kept)
