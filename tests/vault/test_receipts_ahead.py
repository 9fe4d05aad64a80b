"""A receipt may be derived before it is needed: the same result, and nobody waits for it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from vault import receipts
from vault.receipts import Derived, Receipts


class Counted(Receipts):
    """Counts derivations, and lets them wait."""

    def __init__(self) -> None:
        super().__init__(b"p" * 32)
        self.codes: list[str] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def _derive(self, code: str) -> Derived:
        self.codes.append(code)
        assert self.go_on.wait(60)
        return super()._derive(code)


@pytest.fixture
def kept() -> Counted:
    """A fresh one."""
    return Counted()


async def test_it_is_derived_once_and_is_the_same(kept: Counted) -> None:
    code = kept.new()
    kept.ahead(code)
    found = await kept.derive(code)
    assert kept.codes == [code]
    again = await kept.derive(code)
    assert kept.codes == [code, code], "what was asked for is not kept any longer"
    assert found.locator == again.locator
    assert {k: v.public() for k, v in found.keys.items()} == {
        k: v.public() for k, v in again.keys.items()
    }


async def test_nothing_is_begun_ahead_while_somebody_waits(kept: Counted) -> None:
    kept.go_on.clear()
    waiting = asyncio.create_task(kept.derive(kept.new()))
    await asyncio.sleep(0)
    kept.ahead(kept.new())
    kept.go_on.set()
    await waiting
    assert len(kept.codes) == 1
    later = kept.new()
    kept.ahead(later)
    assert kept._ahead.keys() == {later}


async def test_what_is_not_asked_for_is_forgotten(
    kept: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "AHEAD_SECONDS", 0.0)
    kept.ahead(kept.new())
    await asyncio.sleep(0.01)
    assert not kept._ahead


def test_without_a_running_loop_nothing_is_begun(kept: Counted) -> None:
    kept.ahead(kept.new())
    assert kept.codes == []
