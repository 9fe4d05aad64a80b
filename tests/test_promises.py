"""Promises of docs/promises.md that lie across parts, so that no part's own tests hold them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest

from bot.conversations import Conversations
from bot.dialogue import Dialogue
from bot.engine import Engine
from bot.words import Words
from catalogue import Messages
from service import engine_process, supervisor
from service.metrics import Metrics
from service.settings import Settings
from tests.support.line import TransportLine
from vault.state import MemoryShelf, StateStore

ROOT = Path(__file__).resolve().parents[1]
CONTENT = ROOT / "content"
KEY = bytes(range(32))
SECRET_WORDS = "Guillemette follows me home"


@pytest.fixture
def shelf() -> MemoryShelf:
    """Where sealed conversations lie."""
    return MemoryShelf()


@pytest.fixture
def conversations(shelf: MemoryShelf) -> Conversations:
    """The conversations of one process."""
    return Conversations(StateStore(shelf, KEY, "conversation"), KEY)


@pytest.fixture(scope="module")
def content() -> tuple[Messages, Words]:
    """What is said, and the gate's words."""
    return Messages.load(CONTENT), Words.load(CONTENT)


def _away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody listens", request=request)


@pytest.fixture
def deserted(content: tuple[Messages, Words], conversations: Conversations) -> Dialogue:
    """The dialogue while its engine is down."""
    engine = Engine("http://engine", "token", TransportLine(httpx.MockTransport(_away)))
    return Dialogue(*content, conversations, engine, {})


async def _in_the_middle_of_a_report(conversations: Conversations, dialogue: Dialogue) -> str:
    id = conversations.pseudonym("web", "a session")
    conversation = await dialogue.begin(id, "web", "en")
    conversation.walk, conversation.walk_state = "report", {"account": SECRET_WORDS}
    await conversations.keep(conversation)
    return id


async def test_what_is_kept_of_a_chat_is_sealed(
    conversations: Conversations, deserted: Dialogue, shelf: MemoryShelf
) -> None:
    id = await _in_the_middle_of_a_report(conversations, deserted)
    ((name, (_, blob)),) = shelf._blobs.items()
    assert id not in name
    assert SECRET_WORDS.encode() not in blob
    found = await conversations.find(id)
    assert found is not None and found.walk_state == {"account": SECRET_WORDS}


async def test_a_chat_is_gone_half_an_hour_after_its_last_message(
    conversations: Conversations,
    deserted: Dialogue,
    shelf: MemoryShelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    id = await _in_the_middle_of_a_report(conversations, deserted)
    now += 29 * 60
    assert await conversations.find(id) is not None
    now += 2 * 60
    assert await conversations.find(id) is None
    await deserted.begin(conversations.pseudonym("web", "somebody else"), "web", "en")
    assert len(shelf._blobs) == 1


@pytest.mark.parametrize("words", ["erase", "effacer"])
async def test_erase_works_while_the_engine_is_down(
    conversations: Conversations, deserted: Dialogue, shelf: MemoryShelf, words: str
) -> None:
    id = await _in_the_middle_of_a_report(conversations, deserted)
    turn = await deserted.hear(id, text=words)
    assert turn is not None and turn.ended and turn.gate == "erase"
    assert not shelf._blobs


def test_the_engine_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SPEAKSAFE_PEPPER_FILE", "SPEAKSAFE_DATABASE_URL", "SPEAKSAFE_STATE_KEY"):
        monkeypatch.setenv(name, "planted")
    env = engine_process.environment()
    assert "planted" not in env.values()
    assert not any(name.startswith("SPEAKSAFE_") for name in env)


def test_the_doors_log_no_request_and_take_no_address_from_a_header(tmp_path: Path) -> None:
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(tmp_path)})
    config = supervisor._server(lambda: None, settings.host, settings).config
    assert config.access_log is False
    assert config.proxy_headers is False


def test_the_proxy_logs_no_request_and_passes_no_address_on() -> None:
    lines = [line.strip() for line in (ROOT / "deploy" / "Caddyfile").read_text().splitlines()]
    # The one log is that of the proxy itself; its part "http" would hold addresses.
    assert [line for line in lines if line.startswith("log")] == ["log {"]
    assert lines[lines.index("log {") :].index("exclude http") < 5
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert f"header_up -{header}" in lines


def test_the_counters_hold_nothing_but_the_channel() -> None:
    metrics = Metrics()
    metrics.sessions.labels("web").inc()
    metrics.messages.labels("web").inc()
    labels = set(re.findall(r"\{(.*?)\}", metrics.text().decode()))
    assert labels == {'channel="web"'}
    names = set(re.findall(r"^(speaksafe_\w+?)(?:_total|_created)", metrics.text().decode(), re.M))
    assert names == {"speaksafe_sessions", "speaksafe_messages", "speaksafe_engine_unanswered"}
