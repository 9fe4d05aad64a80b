"""In a flood, nobody writes herself a place in the line of those without scripts."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from service.effort import Effort
from vault.state import MemoryShelf, StateStore

KEY = bytes(range(32))
NOW = 1_800_000_000


def signed(key: bytes, body: str) -> str:
    return hmac.new(key, b"place " + body.encode(), hashlib.sha256).hexdigest()[:32]


@pytest.mark.parametrize("signature", ["", "0" * 32, signed(b"x" * 32, f"{NOW}.{'a' * 16}")])
async def test_a_place_that_we_did_not_give_is_none(signature: str) -> None:
    spent = StateStore(MemoryShelf(), KEY, "effort")
    one = Effort(10, KEY, spent, lambda: 0.0, lambda: float(NOW))
    body = f"{NOW}.{'a' * 16}"
    assert await one.waits(f"{body}.{signature}") is None
    assert await one.waits(f"{body}.{signed(KEY, body)}") == 0, "with our secret it is one"
