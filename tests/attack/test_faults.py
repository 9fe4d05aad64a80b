"""Whatever breaks: what was acknowledged is there, people hear the truth, and doctor names it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import service.engine_process
from service.caretaker import Calendar
from service.commands import condition, doctor
from service.demo import prepare
from service.settings import Settings
from service.storage import Storage
from tests.attack.faults_servers import Postgres, Redis, closing
from tests.attack.promises import ROOT
from tests.vault.rows import new_case
from vault.database import Database
from vault.errors import VaultError
from vault.health import seconds_ahead
from vault.stores import CaseStore

DAY = date(2026, 5, 4)


def settings_in(folder: Path, **more: str) -> Settings:
    return Settings.read({"SPEAKSAFE_DATA_DIR": str(folder), **more})


def states(findings: Any) -> dict[str, tuple[str, str]]:
    return {found.part: (found.state, found.detail) for found in findings}


@pytest.fixture(scope="module")
def postgres() -> Any:
    running = Postgres()
    with closing(running):
        running.start()
        yield running


# -- the disk ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What happened on a disk that was full, freed, and read-only in the end."""
    return _on_a_disk(tmp_path_factory.mktemp("disk"))


def _on_a_disk(folder: Path, *how: str) -> dict[str, Any]:
    apart = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    done = subprocess.run(
        [*apart, sys.executable, "-m", "tests.attack.faults_disk", str(folder), *how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_on_a_full_disk_nothing_is_called_sent_and_nothing_is_lost(
    small_disk: dict[str, Any],
) -> None:
    receipt, text, labels = small_disk["full"]
    assert receipt == "", "a receipt for what was not stored"
    assert "nothing was sent" in text.casefold(), text
    assert labels, "no way on"
    assert small_disk["before"] and small_disk["freed"]
    assert small_disk["found before"] and small_disk["found freed"]
    assert small_disk["cases"] == 2


def test_doctor_names_a_full_and_a_read_only_disk(small_disk: dict[str, Any]) -> None:
    part, state, detail = small_disk["doctor full"]
    assert (part, state) == ("disk", "fail") and "full" in detail and "make room" in detail
    part, state, detail = small_disk["doctor read-only"]
    assert (part, state) == ("disk", "fail") and "read-only" in detail
    assert small_disk["read-only"] != "opened"


def _loop_devices() -> bool:
    tools = all(map(shutil.which, ("mkfs.ext4", "e2fsck", "findmnt")))
    return tools and os.geteuid() == 0 and Path("/dev/loop-control").exists()


@pytest.mark.skipif(
    not _loop_devices(), reason="only root makes a disk of a file: needs loop, ext4"
)
def test_a_disk_that_fails_under_a_running_service_loses_nothing(tmp_path: Path) -> None:
    seen = _on_a_disk(tmp_path, "broken")
    receipt, text, labels = seen["broken"]
    assert receipt == "", "a receipt for what was not stored"
    assert "nothing was sent" in text.casefold(), text
    assert labels, "no way on"
    part, state, detail = seen["doctor"]
    assert (part, state) == ("disk", "fail") and "read-only" in detail
    assert seen["answers on"], "what needs no disk is not there either"
    assert seen["ready"] == 200, "taken out of service, it could not even explain"
    assert seen["repaired"] in (0, 1)
    assert seen["found before"] and seen["afterwards"]
    assert seen["cases"] == 2


# -- the clock ---------------------------------------------------------------------------------


class Clocks:
    """One that can be set, and one that cannot."""

    def __init__(self) -> None:
        self.wall, self.steady = datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp(), 1000.0
        self.calendar = Calendar(lambda: self.wall, lambda: self.steady)

    def passes(self, **time: float) -> Clocks:
        self.wall += timedelta(**time).total_seconds()
        self.steady += timedelta(**time).total_seconds()
        return self

    def leaps(self, **time: float) -> Clocks:
        self.wall += timedelta(**time).total_seconds()
        return self


def test_days_pass_and_small_corrections_are_followed() -> None:
    clocks = Clocks()
    assert clocks.calendar() == DAY
    assert clocks.passes(days=3).calendar() == DAY + timedelta(days=3)
    for _ in range(10):
        clocks.leaps(hours=5).calendar()
    assert clocks.calendar() == DAY + timedelta(days=5)


@pytest.mark.parametrize("days", [-400, -2, 2, 100, 4000])
def test_a_clock_that_leaps_neither_deletes_nor_passes_on(days: int) -> None:
    clocks = Clocks()
    assert clocks.calendar() == DAY
    assert clocks.leaps(days=days).calendar() == DAY
    assert clocks.passes(days=1).calendar() == DAY + timedelta(days=1)
    clocks.leaps(days=-days)
    assert clocks.calendar() == DAY + timedelta(days=1), "set right again"


def test_doctor_names_a_clock_that_is_behind(tmp_path: Path) -> None:
    storage = Storage.open(settings_in(tmp_path))
    try:
        assert condition.clock(storage.database)[1] == "ok"
        later = datetime.now(UTC).date() + timedelta(days=3)
        storage.cases.add(new_case(offices=("office",), opened_on=later))
        _, state, detail = condition.clock(storage.database)
        assert state == "fail" and "NTP" in detail
    finally:
        storage.close()


def test_doctor_compares_its_clock_with_the_database_servers(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(postgres.url)
    try:
        database.migrate()
        assert condition.clock(database)[1] == "ok"
        real = seconds_ahead(database)
        monkeypatch.setattr("vault.health.time.time", lambda: datetime.now(UTC).timestamp() - 9e4)
        _, state, detail = condition.clock(database)
        assert abs(real) < condition.MOST_APART
        assert state == "fail" and "behind" in detail and "NTP" in detail
    finally:
        database.close()


# -- damaged files -----------------------------------------------------------------------------


def _spoil(path: Path, page: int, dice: random.Random) -> None:
    """Noise in the middle of pages that are in use."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for number in range(1, size // page):
            file.seek(number * page)
            file.write(dice.randbytes(200))


def test_doctor_names_a_damaged_page_of_sqlite(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    storage = Storage.open(settings)
    assert condition.whole(storage.database)[1] == "ok"
    storage.close()
    _spoil(tmp_path / "speaksafe.sqlite", 4096, random.Random(1))
    found = states(doctor._storage(settings))
    state, detail = found["data"]
    assert state == "fail" and "restore" in detail and "damaged" in detail


def test_doctor_names_a_damaged_page_of_postgresql() -> None:
    running = Postgres()
    with closing(running):
        running.start()
        database = Database.open(running.url)
        database.migrate()
        store = CaseStore(database)
        for number in range(20):
            store.add(new_case(locator=b"%d" % number, offices=("office",), opened_on=DAY))
        assert condition.whole(database)[1] == "ok"
        path = running.file_of("case_entries")
        database.close()
        running.stop()
        _spoil_one(path)
        running.start()
        again = Database.open(running.url)
        told = condition.whole(again)
        again.close()
    assert told[1] == "fail" and "restore" in told[2]


def _spoil_one(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(3000)
        file.write(b"\x5a" * 64)


def test_doctor_names_a_broken_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "0123.tar.gz"
    monkeypatch.setattr(service.engine_process, "model_path", lambda: model)
    settings = settings_in(tmp_path)
    assert doctor._engine(settings).state == "warn"
    for content in (b"", b"nonsense", b"\x1f\x8b\x08\x00cut"):
        model.write_bytes(content)
        found = doctor._engine(settings)
        assert found.state == "fail" and "remove it" in found.detail, content


# -- what is away ------------------------------------------------------------------------------


def test_doctor_names_a_database_and_a_redis_that_are_away(tmp_path: Path) -> None:
    postgres, redis = Postgres(), Redis()
    more = {
        "SPEAKSAFE_DATABASE_URL": postgres.url,
        "SPEAKSAFE_REDIS_URL": redis.url,
        "SPEAKSAFE_STATE_KEY": "0" * 64,
    }
    settings = settings_in(tmp_path, **more)
    with closing(postgres, redis):
        for expected in ("fail", "ok", "fail"):
            if expected == "ok":
                postgres.start()
                redis.start()
            else:
                postgres.kill()
                redis.kill()
            assert states(doctor._storage(settings))["database"][0] == expected
            assert doctor._redis(settings).state == expected


# -- backup and restore ------------------------------------------------------------------------


async def _filled(storage: Storage, folder: Path) -> list[str]:
    """Reports in it; their receipts."""
    prepare(storage, folder, "victim-experience/1.0")
    receipts = []
    for _ in range(3):
        receipt = storage.receipts.new()
        derived = await storage.receipts.derive(receipt)
        new = new_case(locator=derived.locator, offices=("demo-office",), opened_on=DAY)
        storage.cases.add(new)
        receipts.append(receipt)
    return receipts


async def _finds_all(storage: Storage, receipts: list[str]) -> bool:
    found = [storage.cases.by_locator((await storage.receipts.derive(r)).locator) for r in receipts]
    return all(found)


async def test_a_copy_of_the_sqlite_file_brings_everything_back(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    storage = Storage.open(settings)
    receipts = await _filled(storage, settings.data_dir)
    storage.close()
    file = settings.data_dir / "speaksafe.sqlite"
    shutil.copy2(file, tmp_path / "backup")
    for old in settings.data_dir.glob("speaksafe.sqlite*"):
        old.unlink()
    shutil.copy2(tmp_path / "backup", file)
    storage = Storage.open(settings)
    try:
        assert await _finds_all(storage, receipts)
        assert states(doctor._storage(settings))["data"][0] == "ok"
    finally:
        storage.close()


async def test_a_dump_of_postgresql_brings_everything_back(tmp_path: Path) -> None:
    one, other = Postgres(), Postgres()
    dump = tmp_path / "speaksafe.dump"
    pepper = {"SPEAKSAFE_PEPPER_FILE": str(tmp_path / "pepper")}
    (tmp_path / "pepper").write_text("7" * 64)
    (tmp_path / "pepper").chmod(0o600)
    with closing(one, other):
        one.start()
        settings = settings_in(tmp_path, SPEAKSAFE_DATABASE_URL=one.url, **pepper)
        storage = Storage.open(settings)
        receipts = await _filled(storage, tmp_path)
        dump.write_bytes(one.dump("-Fc", "postgres"))
        storage.close()
        one.kill()  # the machine is lost
        other.start()
        settings = settings_in(tmp_path, SPEAKSAFE_DATABASE_URL=other.url, **pepper)
        with pytest.raises(VaultError):
            Storage.open(settings_in(tmp_path, SPEAKSAFE_DATABASE_URL=one.url, **pepper))
        other.restore(dump.read_bytes())
        storage = Storage.open(settings)
        try:
            assert await _finds_all(storage, receipts)
            assert states(doctor._storage(settings))["data"][0] == "ok"
        finally:
            storage.close()
