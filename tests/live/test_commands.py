"""The command line, on the data of a running system."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.live import ROOT, SERVICE, Live, start, stop

SHAPE = {"id", "lang", "intent", "confidence", "answer", "gate"}


def _one_line(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """It failed, and said so in one line without a traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_parse_decides_as_the_live_system_does(live: Live) -> None:
    lines = [
        {"id": 1, "text": "what is consent?"},
        {"id": "two", "text": "effacer", "lang": "fr"},
        {"id": None, "text": "я хочу умереть"},
        {"id": 4, "text": ""},
        {"id": 5, "text": "one\u2028two"},
        {"id": 6, "text": "stop", "lang": "xx"},
    ]
    stdin = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n"
    done = live.speaksafe("parse", "-", stdin=stdin)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry["id"] for entry in found] == [line["id"] for line in lines]
    assert all(set(entry) == SHAPE for entry in found)
    assert [entry["gate"] for entry in found] == [None, "erase", "crisis", None, None, "stop"]
    assert found[0]["intent"] == "faq/consent"
    assert found[1]["lang"] == "fr"
    assert found[3]["intent"] == "nlu_fallback"
    said = live.talk().begin().says("what is consent?")
    assert found[0]["answer"] == said.messages[0]["text"]


@pytest.mark.parametrize(
    "line",
    [
        '{"id":1}',
        "nonsense",
        '{"id":1,"text":3}',
        "[1]",
        '{"text":"a"}',
        '{"id":1,"text":"a","lang":3}',
        '{"id":1,"text":"\\ud800"}',
    ],
)
def test_parse_names_the_line_that_it_cannot_read(live: Live, line: str) -> None:
    stdin = '{"id":0,"text":"hello"}\n' + line
    assert "line 2" in _one_line(live.speaksafe("parse", "-", stdin=stdin))


def test_parse_of_a_file_that_is_not_there(live: Live) -> None:
    _one_line(live.speaksafe("parse", "/nonexistent"))


@pytest.mark.parametrize("role", ["task-force", "recovery", "focal-point"])
def test_a_new_key_is_for_its_owner_only(live: Live, tmp_path: Path, role: str) -> None:
    file = tmp_path / "new.key"
    command = ["keys", "new", "--role", role, "--out", str(file)]
    offline = [] if role == "focal-point" else ["--offline"]
    assert live.speaksafe(*command, *offline).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["role"] == role
    assert "private" not in json.loads(Path(f"{file}.pub").read_text())
    _one_line(live.speaksafe(*command, *offline))


def test_the_routes_are_alive_and_named(live: Live) -> None:
    done = live.speaksafe("routes", "check")
    assert done.returncode == 0, done.stderr
    assert "WFP" in done.stdout and "demo-alternate" in done.stdout


def test_the_doctor_for_machines(live: Live) -> None:
    done = live.speaksafe("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and found["healthy"] is True
    assert {"part", "state", "detail"} == set(found["findings"][0])
    assert any(f["part"] == "telegram" and f["state"] == "off" for f in found["findings"])


def test_a_questionnaire_goes_to_a_spreadsheet_and_back(live: Live, tmp_path: Path) -> None:
    content = ROOT / "content" / "instruments" / "victim-experience.yml"
    assert live.speaksafe("survey", "check", str(content)).returncode == 0
    sheet, back = tmp_path / "q.xlsx", tmp_path / "q.yml"
    done = live.speaksafe("survey", "to-xlsform", str(content), "--out", str(sheet))
    assert done.returncode == 0, done.stderr
    done = live.speaksafe("survey", "from-xlsform", str(sheet), "--out", str(back))
    assert done.returncode == 0, done.stderr
    assert live.speaksafe("survey", "check", str(back)).returncode == 0


@pytest.mark.parametrize("command", ["check", "to-xlsform", "from-xlsform"])
def test_what_is_no_questionnaire_is_said_in_one_line(
    live: Live, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "broken.yml"
    file.write_text("a: [")
    done = live.speaksafe("survey", command, str(file))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len((done.stdout + done.stderr).strip().splitlines()) == 1


def test_a_round_for_the_invited_from_its_token_to_its_end(tmp_path: Path) -> None:
    own = start(tmp_path / "data")
    try:
        assert own.speaksafe("round", "close").returncode == 0
        assert own.speaksafe("round", "open", "--invited").stdout.strip() == "r2"
        (token,) = own.speaksafe("invitations", "new", "--count", "1").stdout.split()
        key = str(own.data_dir / "demo" / "task-force.key")
        release = ("release", "--key", key, "--out")
        _one_line(own.speaksafe(*release, str(tmp_path / "early"), "--round", "r2"))

        talk = own.talk().opens().chooses("menu:survey").chooses("do:start")
        talk.says("AAAA-BBBB-CCCC-DDDD").hears("do not know this code")
        talk.says(token.lower()).chooses("opt:G1.1").says("1, 2").says("stop")
        talk.chooses("do:keep").hears("sent")
        again = own.talk().opens().chooses("menu:survey").chooses("do:start")
        again.says(token).hears("do not know this code")

        assert own.speaksafe("round", "close").returncode == 0
        assert token not in own.speaksafe("round", "list").stdout
        bundle = str(tmp_path / "r2.bundle")
        packed = own.speaksafe("round", "bundle", "--round", "r2", "--out", bundle)
        assert packed.returncode == 0, packed.stderr
        for source in (("--round", "r2"), ("--bundle", bundle)):
            done = own.speaksafe(*release, str(tmp_path / "out"), *source)
            assert "fewer than 10" in _one_line(done), "one answer alone is never shown"
            assert not list((tmp_path / "out").rglob("*.csv"))
        _one_line(own.speaksafe(*release, str(tmp_path / "none"), "--round", "r9"))
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            env = own.env | {"PORT": str(taken.getsockname()[1])}
            assert "PORT" in _one_line(_run(env))
    finally:
        assert stop(own, signal.SIGINT) == 0


def _run(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [str(SERVICE), "-m", "service.cli", "run"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("SPEAKSAFE_DATABASE_URL", "mysql://x"),
        ("SPEAKSAFE_CONTENT_DIR", "/nonexistent"),
        ("SPEAKSAFE_PEPPER_FILE", "/nonexistent/pepper"),
        ("SPEAKSAFE_REDIS_URL", "http://x"),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    live: Live, tmp_path: Path, name: str, value: str
) -> None:
    env = live.env | {"PORT": "0", "SPEAKSAFE_DATA_DIR": str(tmp_path)}
    env = {k: v for k, v in env.items() if k != "PORT"} | {name: value}
    assert name in _one_line(_run(env))


def test_content_that_is_broken_is_named_with_its_line(live: Live, tmp_path: Path) -> None:
    content = tmp_path / "content"
    subprocess.run(["cp", "-r", str(ROOT / "content"), str(content)], check=True)
    (content / "messages" / "en" / "open.yml").write_text("a: one\nb: [\n")
    env = live.env | {
        "SPEAKSAFE_CONTENT_DIR": str(content),
        "SPEAKSAFE_DATA_DIR": str(tmp_path / "data"),
    }
    env.pop("PORT")
    assert "open.yml:" in _one_line(_run(env | {"PORT": _free()}))


def _free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_description_names_what_there_is(live: Live) -> None:
    described = httpx.get(f"{live.url}/openapi.json", trust_env=False).json()
    assert {"/chat/sessions", "/chat/messages", "/healthz", "/readyz", "/metrics"} <= set(
        described["paths"]
    )
    message = described["paths"]["/chat/messages"]["post"]["responses"]
    assert {"200", "401", "413", "422", "429"} <= set(message)
    assert list(message["422"]["content"]) == ["application/problem+json"]
