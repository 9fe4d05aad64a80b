"""In a flood: made-up proofs of work, and made-up places in the line of those without scripts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from service.effort import _FIELDS, Effort
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


@pytest.mark.parametrize("gone", sorted(_FIELDS))
@pytest.mark.parametrize("instead", [{}, {"other": "x"}, {"a": 1, "b": 2}])
async def test_a_proof_that_lacks_something_is_none(gone: str, instead: dict[str, object]) -> None:
    one = Effort(10, KEY, StateStore(MemoryShelf(), KEY, "effort"))
    whole = {name: kind(1) for name, kind in _FIELDS.items() if name != gone}
    proof = base64.b64encode(json.dumps({**whole, **instead}).encode())
    assert not await one.is_solved(proof.decode())
