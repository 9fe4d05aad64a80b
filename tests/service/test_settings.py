"""Settings: read once, errors name the setting and never the value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.settings import NAMES, ROOT, Settings, SettingsError


def test_nothing_configured_is_a_demo_on_embedded_defaults() -> None:
    settings = Settings.read({})
    assert settings.demo
    assert settings.port == 8000
    assert settings.database_url.startswith("sqlite:///")
    assert settings.data_dir == ROOT / "var"


def test_a_pepper_of_ones_own_ends_the_demo(tmp_path: Path) -> None:
    assert not Settings.read({"SPEAKSAFE_PEPPER_FILE": str(tmp_path / "pepper")}).demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "planted"),
        ("PORT", "70000"),
        ("SPEAKSAFE_DATABASE_URL", "mysql://planted"),
        ("SPEAKSAFE_REDIS_URL", "planted"),
        ("SPEAKSAFE_ENGINE_URL", "ftp://planted"),
        ("SPEAKSAFE_PUBLIC_URL", "planted"),
        ("SPEAKSAFE_STATE_KEY", "planted"),
        ("SPEAKSAFE_CONTENT_DIR", "/nowhere/planted"),
        ("SPEAKSAFE_SMTP_URL", "planted@example.org"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({name: value})
    assert name in str(caught.value)
    assert "planted" not in str(caught.value)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    secrets = {
        "SPEAKSAFE_DATABASE_URL": "postgresql://user:planted@db/x",
        "SPEAKSAFE_TELEGRAM_TOKEN": "planted",
        "SPEAKSAFE_TELEGRAM_SECRET": "planted",
        "SPEAKSAFE_TWILIO_ACCOUNT_SID": "planted",
        "SPEAKSAFE_TWILIO_AUTH_TOKEN": "planted",
        "SPEAKSAFE_SMTP_URL": "smtp://user:planted@mail",
        "SPEAKSAFE_ENGINE_TOKEN": "planted",
        "SPEAKSAFE_REDIS_URL": "redis://:planted@redis",
    }
    assert "planted" not in repr(Settings.read(secrets))


def test_every_setting_that_is_read_is_listed_and_explained() -> None:
    read = set(
        re.findall(r'"((?:SPEAKSAFE_[A-Z_]+)|PORT)"', (ROOT / "service/settings.py").read_text())
    )
    assert read == set(NAMES)
    explained = set(
        re.findall(r"`(SPEAKSAFE_[A-Z_]+|PORT)`", (ROOT / "docs/settings.md").read_text())
    )
    assert explained == set(NAMES)
