"""Small files that become huge ones when they are opened: no memory is filled, nothing hangs."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from catalogue import ContentError, load_yaml
from service.cleaning import _LOOK, _PATIENCE, _ROOMY, Cleaner
from service.kinds import kind_of
from survey.from_xlsform import from_xlsform
from survey.sheets import XlsFormError
from tests.attack.bombs import (
    HUGE,
    MANY,
    MIB,
    OFFICE,
    SHEET,
    cells,
    jpeg,
    laughs,
    nested,
    parts,
    pdf,
    png,
    swapped,
    zipped,
)
from tests.attack.hostile import BODIES
from tests.attack.house import House
from tests.attack.size import sized

#: Bytes by which this process may grow while something is opened.
GROWS = 160 * MIB


# -- what is measured --------------------------------------------------------------------------


def resident() -> int:
    """Bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Watch:
    """The most that something was, looked at again and again in a thread.

    Args:
        what: is looked at.
    """

    def __init__(self, what: Callable[[], int]) -> None:
        self.most = self.before = what()
        self._what, self._over = what, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.most = max(self.most, self._what())

    @property
    def grown(self) -> int:
        """By how much more it was than in the beginning."""
        return self.most - self.before


def lying(room: Path) -> int:
    """Bytes that lie in a folder."""
    found = 0
    for folder, _, names in os.walk(room):
        for name in names:
            with contextlib.suppress(OSError):  # gone meanwhile
                found += (Path(folder) / name).lstat().st_size
    return found


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder in memory, where nobody else's files are cleaned."""
    with tempfile.TemporaryDirectory(prefix="bombs-", dir="/dev/shm") as folder:
        yield Path(folder)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """It takes no longer, and this process stays as small as it is."""
    began = time.monotonic()
    with Watch(resident) as memory:
        yield
    assert time.monotonic() - began < seconds
    assert memory.grown < GROWS, f"{memory.grown / MIB:.0f} MiB"


# -- files that carriers bring -----------------------------------------------------------------


BOMBS: dict[str, Callable[[], bytes]] = {
    "huge parts": lambda: zipped(OFFICE, MANY, b"\0" * HUGE),
    "many parts": lambda: zipped({**OFFICE, **dict.fromkeys(parts(), b"")}),
    "zips in zips": nested,
    "a drawing of a billion laughs": lambda: zipped({**OFFICE, "word/styles.xml": laughs()}),
    "an enormous PNG": lambda: png(60_000, 60_000),
    "an enormous JPEG": jpeg,
    "an enormous page": lambda: pdf(1, 1_000_000),
    "very many pages": lambda: pdf(sized(4, 5_000), 5_000),
}


@pytest.mark.skipif(not Cleaner().works, reason="mat2 is not installed")
@pytest.mark.parametrize("name", sorted(BOMBS))
async def test_what_a_carrier_brings_fills_no_memory(name: str, room: Path) -> None:
    content = BOMBS[name]()
    kind = kind_of(content)
    assert kind is not None and len(content) < 20 * MIB
    with within(_PATIENCE + 15), Watch(partial(lying, room)) as watch:
        copy = await Cleaner(room=room).copy(content, kind)
    assert copy is None or len(copy) < 20 * MIB
    # Between two looks it may write some more.
    assert watch.grown < _ROOMY + 2000 * MIB * _LOOK, f"{watch.grown / MIB:.0f} MiB"
    assert lying(room) == 0, "nothing of it is left"


# -- what a Task Force brings ------------------------------------------------------------------


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a huge sheet": lambda: swapped(SHEET, b" " * 40 * MIB),
    "a huge style": lambda: swapped(
        "xl/styles.xml", b"<a>" + b"x" * sized(40, 400) * MIB + b"</a>"
    ),
    "many parts": lambda: swapped(SHEET, b"", times=5_000),
    "zips in zips": lambda: swapped(SHEET, nested()),
    "a cell far down": lambda: swapped(SHEET, cells("A1", "A1048576")),
    "a cell far down and far to the right": lambda: swapped(SHEET, cells("XFD1", "XFD1048576")),
    "a cell beyond all": lambda: swapped(SHEET, cells("A1", "ZZZZ99999999999")),
    "a billion laughs": lambda: swapped(SHEET, laughs()),
    "no workbook": lambda: b"PK\x03\x04" + b"x" * 1000,
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", sorted(WORKBOOKS))
def test_a_workbook_that_would_fill_the_memory_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(WORKBOOKS[name]())
    with within(20), pytest.raises(XlsFormError) as refused:
        from_xlsform(file)
    assert ";" in str(refused.value), "a remedy"
    huge = "huge" in name or name == "many parts"
    assert ("too large" in str(refused.value)) == huge, "before anything of it is unpacked"


def test_a_cell_far_to_the_right_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(swapped(SHEET, cells("A1", "XFD2")))
    with within(10):
        text, _ = from_xlsform(file)
    assert "sections: []" in text


DEEP = {
    "lists": "[" * 5_000,
    "objects": '{"a": ' * 5_000,
    "steps": "\n".join(" " * n + "a:" for n in range(1_500)),
    "laughs": "a: &a [x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 10}]\n" for n in range(12)),
    "laughs in a key": "a: &a [x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 10}]\n" for n in range(12))
    + "? *m\n: x\n",
    "itself": "a: &a [*a]",
    "no date": "a: 2026-99-99",
    "a number without end": "a: " + "9" * 10_000,
}


@pytest.mark.parametrize("name", sorted(DEEP))
def test_content_that_is_deep_or_endless_is_refused_or_read(name: str, tmp_path: Path) -> None:
    file = tmp_path / "content.yml"
    file.write_text(DEEP[name], encoding="utf-8")
    with within(20), contextlib.suppress(ContentError):
        load_yaml(file)
        assert name == "laughs", "each part of it is there once, however often it is named"


# -- what anybody sends ------------------------------------------------------------------------


def test_deep_bodies_again_and_again_leave_no_memory_behind(service: House) -> None:
    talk = service.talk().begin()
    headers = {"Authorization": f"Bearer {talk.session}", "Content-Type": "application/json"}

    def send(times: int) -> None:
        for _ in range(times):
            for body in BODIES.values():
                answer = service.http.post("/chat/messages", content=body, headers=headers)
                assert answer.status_code < 500
            big = json.dumps({"text": "a" * 250_000}).encode()
            assert service.http.post("/chat/messages", content=big, headers=headers).is_error

    send(3)
    before = resident()
    send(sized(5, 60))
    assert resident() - before < 24 * MIB, f"{(resident() - before) / MIB:.0f} MiB"
