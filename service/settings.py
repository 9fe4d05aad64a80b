"""Every setting, read once from the environment into one frozen object.

An error names the setting and the remedy, never the value: values can be secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from vault.keys import Kem

ROOT = Path(__file__).resolve().parent.parent

#: New web chats in a minute at one service from which on each costs a little work.
FLOOD = 20_000


class SettingsError(Exception):
    """A setting cannot be used.

    Args:
        name: the setting.
        problem: what is wrong with it.
        remedy: what to set instead.
    """

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.name = name
        super().__init__(f"{name} {problem}; {remedy}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process; the table in docs/settings.md explains each."""

    host: str
    port: int
    data_dir: Path
    content_dir: Path
    public_url: str
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    engine_url: str | None
    pepper_file: Path
    demo: bool
    telegram_token: str | None = field(repr=False)
    telegram_secret: str | None = field(repr=False)
    telegram_api_base: str | None
    twilio_account_sid: str | None = field(repr=False)
    twilio_auth_token: str | None = field(repr=False)
    twilio_api_base: str | None
    whatsapp_sender: str | None = field(repr=False)
    whatsapp_notice: str | None = field(repr=False)
    signal_api_base: str | None
    signal_number: str | None = field(repr=False)
    signal_secret: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    remind_days: int
    escalate_days: int
    keep_days: int
    second_factor: bool
    flood: int
    suite: Kem
    engine_workers: int | None
    engine_token: str | None = field(repr=False)
    state_key: str | None = field(repr=False)
    actions_host: str
    actions_port: int

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Settings:
        """Read and check all settings.

        Args:
            env: usually ``os.environ``.

        Raises:
            SettingsError: a setting is malformed, or two do not go together.
        """
        get = _Reader(env)
        data_dir = get.path("SPEAKSAFE_DATA_DIR", ROOT / "var")
        port = get.port("PORT", 8000)
        database_url = get.text("SPEAKSAFE_DATABASE_URL")
        return cls(
            host=get.text("SPEAKSAFE_HOST") or "127.0.0.1",
            port=port,
            data_dir=data_dir,
            content_dir=get.folder("SPEAKSAFE_CONTENT_DIR", ROOT / "content"),
            public_url=get.url("SPEAKSAFE_PUBLIC_URL", ("http", "https")) or _here(port),
            database_url=_database(database_url) or f"sqlite:///{data_dir / 'speaksafe.sqlite'}",
            redis_url=get.url("SPEAKSAFE_REDIS_URL", ("redis", "rediss", "unix")),
            engine_url=get.url("SPEAKSAFE_ENGINE_URL", ("http", "https")),
            pepper_file=get.path("SPEAKSAFE_PEPPER_FILE", data_dir / "pepper"),
            # Real secrets lie outside the data folder; without them this can only be a demo.
            demo=get.text("SPEAKSAFE_PEPPER_FILE") is None,
            telegram_token=get.text("SPEAKSAFE_TELEGRAM_TOKEN"),
            telegram_secret=get.text("SPEAKSAFE_TELEGRAM_SECRET"),
            telegram_api_base=get.url("SPEAKSAFE_TELEGRAM_API_BASE", ("http", "https")),
            twilio_account_sid=get.text("SPEAKSAFE_TWILIO_ACCOUNT_SID"),
            twilio_auth_token=get.text("SPEAKSAFE_TWILIO_AUTH_TOKEN"),
            twilio_api_base=get.url("SPEAKSAFE_TWILIO_API_BASE", ("http", "https")),
            whatsapp_sender=get.text("SPEAKSAFE_WHATSAPP_SENDER"),
            whatsapp_notice=get.text("SPEAKSAFE_WHATSAPP_NOTICE"),
            signal_api_base=get.url("SPEAKSAFE_SIGNAL_API_BASE", ("http", "https")),
            signal_number=get.text("SPEAKSAFE_SIGNAL_NUMBER"),
            signal_secret=get.text("SPEAKSAFE_SIGNAL_SECRET"),
            smtp_url=get.url("SPEAKSAFE_SMTP_URL", ("smtp", "smtps")),
            remind_days=get.days("SPEAKSAFE_REMIND_DAYS", 3),
            escalate_days=get.days("SPEAKSAFE_ESCALATE_DAYS", 7),
            keep_days=get.days("SPEAKSAFE_KEEP_DAYS", 90),
            second_factor=get.choice("SPEAKSAFE_SECOND_FACTOR", "optional", "required"),
            suite="x-wing" if get.choice("SPEAKSAFE_SUITE", "x25519", "x-wing") else "x25519",
            flood=get.count("SPEAKSAFE_FLOOD", 10_000_000) or FLOOD,
            engine_workers=get.count("SPEAKSAFE_ENGINE_WORKERS", 64),
            engine_token=get.text("SPEAKSAFE_ENGINE_TOKEN"),
            state_key=get.key("SPEAKSAFE_STATE_KEY"),
            actions_host=get.text("SPEAKSAFE_ACTIONS_HOST") or "127.0.0.1",
            actions_port=get.port("SPEAKSAFE_ACTIONS_PORT", 0),
        )

    @property
    def page(self) -> str | None:
        """The public address, if one was configured: people are sent there."""
        return None if self.public_url == _here(self.port) else self.public_url


def _here(port: int) -> str:
    return f"http://127.0.0.1:{port}"


#: What ``docs/settings.md`` must explain; a test compares the two.
NAMES = (
    "PORT",
    "SPEAKSAFE_HOST",
    "SPEAKSAFE_DATABASE_URL",
    "SPEAKSAFE_DATA_DIR",
    "SPEAKSAFE_PUBLIC_URL",
    "SPEAKSAFE_REDIS_URL",
    "SPEAKSAFE_ENGINE_URL",
    "SPEAKSAFE_CONTENT_DIR",
    "SPEAKSAFE_TELEGRAM_TOKEN",
    "SPEAKSAFE_TELEGRAM_SECRET",
    "SPEAKSAFE_TELEGRAM_API_BASE",
    "SPEAKSAFE_TWILIO_ACCOUNT_SID",
    "SPEAKSAFE_TWILIO_AUTH_TOKEN",
    "SPEAKSAFE_TWILIO_API_BASE",
    "SPEAKSAFE_WHATSAPP_SENDER",
    "SPEAKSAFE_WHATSAPP_NOTICE",
    "SPEAKSAFE_SIGNAL_API_BASE",
    "SPEAKSAFE_SIGNAL_NUMBER",
    "SPEAKSAFE_SIGNAL_SECRET",
    "SPEAKSAFE_SMTP_URL",
    "SPEAKSAFE_REMIND_DAYS",
    "SPEAKSAFE_ESCALATE_DAYS",
    "SPEAKSAFE_KEEP_DAYS",
    "SPEAKSAFE_SECOND_FACTOR",
    "SPEAKSAFE_SUITE",
    "SPEAKSAFE_FLOOD",
    "SPEAKSAFE_PEPPER_FILE",
    "SPEAKSAFE_ENGINE_WORKERS",
    "SPEAKSAFE_ENGINE_TOKEN",
    "SPEAKSAFE_STATE_KEY",
    "SPEAKSAFE_ACTIONS_HOST",
    "SPEAKSAFE_ACTIONS_PORT",
)


@dataclass(frozen=True, slots=True)
class _Reader:
    env: Mapping[str, str]

    def text(self, name: str) -> str | None:
        return self.env.get(name, "").strip() or None

    def path(self, name: str, default: Path) -> Path:
        given = self.text(name)
        return Path(given).expanduser().absolute() if given else default

    def folder(self, name: str, default: Path) -> Path:
        folder = self.path(name, default)
        if not folder.is_dir():
            raise SettingsError(name, "is not a folder", "name the folder with the content files")
        return folder

    def port(self, name: str, default: int) -> int:
        given = self.text(name)
        if given is None:
            return default
        if not given.isdecimal() or not 0 < int(given) < 65536:
            raise SettingsError(name, "is not a port", "use a number from 1 to 65535")
        return int(given)

    def days(self, name: str, default: int) -> int:
        given = self.text(name)
        if given is None:
            return default
        if not given.isdecimal() or not 0 < int(given) < 4000:
            raise SettingsError(name, "is no number of days", "use a whole number from 1 on")
        return int(given)

    def choice(self, name: str, usual: str, other: str) -> bool:
        """Whether the other one was chosen."""
        given = self.text(name) or usual
        if given not in (usual, other):
            raise SettingsError(name, "is neither of the two", f"use {usual} or {other}")
        return given == other

    def count(self, name: str, most: int) -> int | None:
        given = self.text(name)
        if given is None:
            return None
        if not given.isdecimal() or not 0 < int(given) <= most:
            raise SettingsError(name, "is no such number", f"use a whole number from 1 to {most}")
        return int(given)

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        given = self.text(name)
        if given is None:
            return None
        parts = urlsplit(given)
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme == "unix"):
            raise SettingsError(
                name, "is not such an address", f"begin it with {' or '.join(schemes)}://"
            )
        return given.rstrip("/")

    def key(self, name: str) -> str | None:
        given = self.text(name)
        if given is None:
            return None
        try:
            right = len(bytes.fromhex(given)) == 32
        except ValueError:
            right = False
        if not right:
            raise SettingsError(name, "is not a key", "use 64 hexadecimal digits")
        return given


def _database(url: str | None) -> str | None:
    if url is None:
        return None
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise SettingsError(
            "SPEAKSAFE_DATABASE_URL",
            "is neither SQLite nor PostgreSQL",
            "begin it with sqlite:/// or postgresql://",
        )
    return url
