"""Tables that engines share: the same numbers, whatever lies in the folder."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import numpy as np
import pytest

from bot.rasa.fast import sharing
from bot.rasa.fast.sharing import LEAST, Shelf

TABLE = np.random.default_rng(1).normal(size=(LEAST // 100, 30)).astype(np.float32)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_second_engine_maps_the_file_of_the_first(tmp_path: Path) -> None:
    one, other = (Shelf(tmp_path / "s").mapped(TABLE) for _ in range(2))
    assert isinstance(one.base, np.memmap)
    assert isinstance(other.base, np.memmap)
    assert len(files(tmp_path / "s")) == 1
    for found in (one, other):
        assert np.array_equal(found, TABLE)
        with pytest.raises(ValueError, match="read-only"):
            found[0, 0] = 1


def test_each_table_has_a_file_of_its_own(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for table in (TABLE, TABLE + 1, TABLE.T, TABLE.reshape(-1), TABLE.astype(np.float64)):
        found = shelf.mapped(table)
        assert np.array_equal(found, table)
        assert found.flags.f_contiguous == table.flags.f_contiguous
    assert len(files(tmp_path)) == 5


def test_a_small_table_is_not_worth_a_file(tmp_path: Path) -> None:
    small = TABLE[:3]
    assert Shelf(tmp_path).mapped(small) is small
    assert not files(tmp_path)


@pytest.mark.parametrize("spoilt", ["cut", "empty", "other"])
def test_a_file_that_is_not_the_table_is_written_anew(tmp_path: Path, spoilt: str) -> None:
    Shelf(tmp_path).mapped(TABLE)
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    changed = {"cut": whole[:-50], "empty": b"", "other": whole[:-1] + bytes([whole[-1] ^ 1])}
    path.write_bytes(changed[spoilt])
    assert np.array_equal(Shelf(tmp_path).mapped(TABLE), TABLE)
    assert path.read_bytes() == whole


def test_where_nothing_can_be_written_each_engine_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Shelf(tmp_path / "file" / "folder").mapped(TABLE) is TABLE


def test_only_the_owner_can_read_or_write_the_files(tmp_path: Path) -> None:
    Shelf(tmp_path).mapped(TABLE)
    (path,) = files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_no_engine_asks_for_goes_after_a_day(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    old, used = shelf.mapped(TABLE), shelf.mapped(TABLE + 1)
    long_ago = time.time() - sharing.STALE - 60
    for path in files(tmp_path):
        os.utime(path, (long_ago, long_ago))
    shelf.mapped(TABLE + 1)
    shelf.tidy()
    assert len(files(tmp_path)) == 1
    assert np.array_equal(old, TABLE)  # whoever has mapped it keeps it
    assert np.array_equal(used, TABLE + 1)
