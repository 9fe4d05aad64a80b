"""The log of releases: whatever is changed in it is found."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from vault.errors import ReleaseLogError
from vault.keys import PrivateKey
from vault.release_log import START, ReleaseLog
from vault.signing import sign, signed, signer

KEY = PrivateKey.new()


@pytest.fixture
def log(tmp_path: Path) -> ReleaseLog:
    """A log with three entries."""
    made = ReleaseLog(tmp_path / "releases.log")
    for number in range(3):
        made.append({"facts": {"round": f"r{number}"}}, KEY, after=number)
    return made


def test_entries_come_back_as_a_chain(log: ReleaseLog) -> None:
    entries = log.entries()
    assert [e.number for e in entries] == [1, 2, 3]
    assert [e.previous for e in entries] == [START, entries[0].hash, entries[1].hash]
    assert entries[1].record == {"facts": {"round": "r1"}}
    assert all(e.signer == signer(KEY) for e in entries)


def test_no_log_is_an_empty_one(tmp_path: Path) -> None:
    assert ReleaseLog(tmp_path / "none").entries() == ()


def test_it_is_its_owners_only(log: ReleaseLog) -> None:
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def _lines(log: ReleaseLog) -> list[str]:
    return log.path.read_text().splitlines()


def _write(log: ReleaseLog, lines: list[str]) -> None:
    log.path.write_text("".join(f"{line}\n" for line in lines))


def _refused(log: ReleaseLog, line: int) -> None:
    for read in (log.entries, lambda: log.append({}, KEY, after=3)):
        with pytest.raises(ReleaseLogError, match=f"line {line} .*restore"):
            read()


def test_a_changed_record_is_found(log: ReleaseLog) -> None:
    _write(log, [line.replace('"r1"', '"r9"') for line in _lines(log)])
    _refused(log, 2)


@pytest.mark.parametrize("at", [0, 1])
def test_a_missing_entry_is_found(log: ReleaseLog, at: int) -> None:
    lines = _lines(log)
    del lines[at]
    _write(log, lines)
    _refused(log, at + 1)


def test_another_order_is_found(log: ReleaseLog) -> None:
    one, two, three = _lines(log)
    _write(log, [one, three, two])
    _refused(log, 2)


def test_an_entry_twice_is_found(log: ReleaseLog) -> None:
    one, two, three = _lines(log)
    _write(log, [one, two, two, three])
    _refused(log, 3)


@pytest.mark.parametrize("text", ["", "{}", "null", "[1]", "\ufffd", '{"entry": 2}'])
def test_what_is_no_entry_is_found(log: ReleaseLog, text: str) -> None:
    one, _, three = _lines(log)
    _write(log, [one, text, three])
    _refused(log, 2)


def test_a_record_that_somebody_else_wrote_over_is_found(log: ReleaseLog, tmp_path: Path) -> None:
    """Whoever can compute hashes but has no key cannot make the chain fit again."""
    other = ReleaseLog(tmp_path / "other.log")
    other.append({"facts": {"round": "r0"}}, None, after=0)
    forged = json.loads(_lines(other)[0]) | {
        key: json.loads(_lines(log)[0])[key] for key in ("signer", "signature")
    }
    _write(log, [json.dumps(forged), *_lines(log)[1:]])
    _refused(log, 1)


def test_a_log_begun_anew_does_not_fit_what_follows(log: ReleaseLog, tmp_path: Path) -> None:
    other = ReleaseLog(tmp_path / "other.log")
    other.append({"facts": {"round": "r0", "answers": 5}}, PrivateKey.new(), after=0)
    _write(log, [*_lines(other), *_lines(log)[1:]])
    _refused(log, 2)


def test_two_at_once_do_not_both_go_unchecked(log: ReleaseLog) -> None:
    with pytest.raises(ReleaseLogError, match="meanwhile"):
        log.append({}, KEY, after=2)
    assert len(log.entries()) == 3


def test_a_signature_is_for_one_use_one_text_and_one_key() -> None:
    made = sign(KEY, "a", b"text")
    assert signed(signer(KEY), "a", b"text", made) and made == sign(KEY, "a", b"text")
    assert not signed(signer(KEY), "b", b"text", made)
    assert not signed(signer(KEY), "a", b"texts", made)
    assert not signed(signer(PrivateKey.new()), "a", b"text", made)
    assert not signed("?", "a", b"text", made) and not signed(signer(KEY), "a", b"text", "")
