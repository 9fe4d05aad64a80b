"""A key among holders, as they use it: made, drilled, and a round released with some parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.cli import main
from survey.bundle import bundle_bytes
from survey.desk import to_bytes
from survey.instrument import load_all
from tests.survey.people import synthetic
from tests.survey.talk import CONTENT
from tests.vault.test_shares import quoted
from vault import keyfiles, shares
from vault.keys import PublicKey
from vault.sealing import Context, seal
from vault.stores.rounds import Round


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def bundle(path: Path, public: PublicKey) -> Path:
    instrument = next(iter(load_all(CONTENT).values()))
    round_ = Round("r1", 1, instrument.ref, "open", public, "2026-01", "2026-02")
    context = Context("answer", "r1")
    answers = [seal(to_bytes(d), [public], context) for d in synthetic(instrument, 60)]
    path.write_bytes(bundle_bytes(round_, answers))
    return path


def named(parts: list[Path]) -> list[str]:
    return [word for part in parts for word in ("--share", str(part))]


def test_a_key_that_never_lies_whole_in_a_file_releases_a_round(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = folder / "tf.key"
    made = ["keys", "new", "--role", "task-force", "--out", str(key), "--offline"]
    assert main([*made, "--holders", "5", "--needed", "3"]) == 0
    assert not key.exists()
    parts = sorted((folder / "tf.key.parts").iterdir())
    assert [part.name for part in parts] == [f"part-{at}-of-5.txt" for at in range(1, 6)]
    assert {part.stat().st_mode & 0o777 for part in parts} == {0o600}
    said = capsys.readouterr()
    assert not any(quoted(shares.read(part.read_text(), ""), said.out + said.err) for part in parts)

    public = keyfiles.read(keyfiles.public_path(key)).public
    three = named([parts[4], parts[0], parts[2]])
    assert main(["keys", "drill", *three, "--pub", str(keyfiles.public_path(key))]) == 0
    assert "parts 5, 1, 3 make it up; 3 are needed" in capsys.readouterr().out

    sealed = bundle(folder / "r1.bundle", public)
    to = ["release", "--bundle", str(sealed), "--out", str(folder / "results")]
    assert main([*to, *named(parts[:2])]) == 1
    assert "3 different parts are needed, 2 given" in capsys.readouterr().err
    assert main([*to, *three]) == 0
    assert main(["certificate", str(folder / "results")]) == 0
    certificate = json.loads((folder / "results" / "audit.json").read_text())
    assert certificate["signed"]["signer"]


def test_a_key_that_is_there_is_split_and_put_together_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, parts = folder / "tf.key", folder / "parts"
    keyfiles.new(key, "task-force", "x-wing")
    split = ["keys", "split", str(key), "--holders", "3", "--needed", "2"]
    assert main([*split, "--out", str(parts)]) == 0
    assert "destroy" in capsys.readouterr().err
    two = named(sorted(parts.iterdir())[1:])
    assert main(["keys", "join", *two, "--out", str(folder / "again.key")]) == 0
    assert (folder / "again.key").read_bytes() == key.read_bytes()
    other = keyfiles.new(folder / "other.key", "task-force")
    assert other.private
    assert main(["keys", "drill", *two, "--pub", str(folder / "other.key.pub")]) == 1
    assert "another key" in capsys.readouterr().err


@pytest.mark.parametrize("kem", ["x25519", "x-wing"])
def test_a_printed_key_releases_a_round(
    kem: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = folder / "tf.key"
    made = ["keys", "new", "--role", "task-force", "--out", str(key), "--offline"]
    assert main([*made, "--suite", kem]) == 0
    capsys.readouterr()
    assert main(["keys", "print", str(key)]) == 0
    (folder / "paper").write_text(capsys.readouterr().out)
    sealed = bundle(folder / "r1.bundle", keyfiles.read(keyfiles.public_path(key)).public)
    to = ["release", "--bundle", str(sealed), "--out", str(folder / "results")]
    assert main([*to, "--key", str(folder / "paper")]) == 0


def test_slips_are_told_in_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = folder / "tf.key"
    keyfiles.new(key, "task-force")
    out = ["--out", str(folder / "parts")]
    for words, said in (
        (["split", str(key), "--holders", "2", "--needed", "3", *out], "give other numbers"),
        (["split", f"{key}.pub", "--holders", "3", "--needed", "2", *out], "public half only"),
        (["drill", "--share", str(folder / "none.txt")], "can't be read"),
        (["drill", "--share", str(key)], "begins with 'key'"),
        (["new", "--role", "task-force", "--out", str(folder / "n"), "--holders", "3"], "both"),
    ):
        assert main(["keys", *words]) == 1
        error = capsys.readouterr().err
        assert said in error, error
        assert "Traceback" not in error
    assert not (folder / "n.pub").exists()


def test_key_and_shares_exclude_each_other(folder: Path) -> None:
    with pytest.raises(SystemExit):
        main(["release", "--bundle", "b", "--out", "o", "--key", "k", "--share", "s"])
    with pytest.raises(SystemExit):
        main(["release", "--bundle", "b", "--out", "o"])
