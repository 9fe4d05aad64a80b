"""What operators see of the channels, and how they register them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.telegram_updates import COMMANDS, UPDATES
from service.cli import main
from service.commands.channels import unreachable
from tests.channels.bot_api import TOKEN, BotApi
from tests.channels.cases.telegram import SECRET
from tests.channels.conftest import URL, House
from tests.support.content import messages
from tests.support.served import served


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[BotApi]:
    """A local Bot API, and settings that lead there."""
    with BotApi.running() as running:
        monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("SPEAKSAFE_PUBLIC_URL", "https://speaksafe.invalid")
        monkeypatch.setenv("SPEAKSAFE_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("SPEAKSAFE_TELEGRAM_SECRET", SECRET)
        monkeypatch.setenv("SPEAKSAFE_TELEGRAM_API_BASE", running.url)
        yield running
        assert running.problems() == []


def _telegram(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["channels", "list"])
    return next(line for line in capsys.readouterr().out.splitlines() if "telegram" in line)


def test_register_sets_webhook_and_commands_in_every_language(
    api: BotApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["channels", "register"]) == 0
    assert api.webhook["url"] == "https://speaksafe.invalid/webhooks/telegram"
    assert api.webhook["secret_token"] == SECRET
    assert api.webhook["allowed_updates"] == list(UPDATES)
    languages = {"", *messages().languages}
    assert set(api.commands) == set(api.descriptions) == languages
    for commands in api.commands.values():
        assert [command["command"] for command in commands] == list(COMMANDS)
    assert len({json.dumps(commands) for commands in api.commands.values()}) == len(languages) - 1
    assert SECRET not in capsys.readouterr().out


def test_what_is_missing_is_named(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SPEAKSAFE_TELEGRAM_SECRET")
    assert "set SPEAKSAFE_TELEGRAM_SECRET too" in _telegram(capsys)
    monkeypatch.delenv("SPEAKSAFE_TELEGRAM_TOKEN")
    assert "off" in _telegram(capsys)


def test_registered_or_not_is_told(api: BotApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert "not registered; run `speaksafe channels register`" in _telegram(capsys)
    main(["channels", "register", "telegram"])
    found = _telegram(capsys)
    assert "webhook registered" in found and "cannot be reached" in found
    api.webhook["allowed_updates"] = ["message"]
    assert "other kinds of updates" in _telegram(capsys)


def test_a_refused_token_fails(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_TELEGRAM_TOKEN", "110201543:another")
    assert "fail" in _telegram(capsys)
    assert main(["channels", "register"]) == 1
    assert "another" not in capsys.readouterr().err


def test_a_secret_that_the_carrier_does_not_take_is_named_but_not_shown(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_TELEGRAM_SECRET", "not so secret!")
    found = _telegram(capsys)
    assert "SPEAKSAFE_TELEGRAM_SECRET" in found and "not so secret" not in found


def test_one_channel_that_cannot_be_set_up_stops_no_other(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_TWILIO_ACCOUNT_SID", "SK" + "0" * 32)
    monkeypatch.setenv("SPEAKSAFE_TWILIO_AUTH_TOKEN", "token")
    monkeypatch.setenv("SPEAKSAFE_SIGNAL_NUMBER", "+41225550100")
    assert main(["channels", "register"]) == 1
    told = capsys.readouterr()
    assert "telegram: webhook set" in told.out and api.webhook
    assert "sms: SPEAKSAFE_TWILIO_ACCOUNT_SID is no account's SID" in told.err
    assert "signal: half configured" in told.err and "SPEAKSAFE_SIGNAL_SECRET" in told.err


def test_an_api_that_does_not_answer_is_not_called_a_wrong_token(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_TELEGRAM_API_BASE", "http://127.0.0.1:9")
    assert "does not answer" in _telegram(capsys)
    monkeypatch.setenv("SPEAKSAFE_TELEGRAM_API_BASE", api.url)
    monkeypatch.setenv("SPEAKSAFE_TELEGRAM_TOKEN", "110201543:another")
    assert "refuses SPEAKSAFE_TELEGRAM_TOKEN" in _telegram(capsys)
    assert main(["channels", "register", "telegram"]) == 1
    assert "refuses SPEAKSAFE_TELEGRAM_TOKEN" in capsys.readouterr().err


def test_an_address_without_tls_is_not_registered(
    api: BotApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_PUBLIC_URL", "http://speaksafe.invalid")
    assert main(["channels", "register"]) == 1
    assert "https" in capsys.readouterr().err and not api.webhook


def test_an_unknown_channel_is_refused(api: BotApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["channels", "register", "pigeon"]) == 1
    assert "telegram" in capsys.readouterr().err


async def test_the_own_webhook_is_tried_as_a_stranger(house: House) -> None:
    app = house.http._transport.app  # type: ignore[attr-defined]
    with served(app) as url:
        assert await unreachable(f"{url}/webhooks/{house.case.name}") is None
        assert "something else" in (await unreachable(f"{url}/healthz") or "")
    assert "cannot be reached" in (await unreachable(f"{URL}.invalid") or "")
