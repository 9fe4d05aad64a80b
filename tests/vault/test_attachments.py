"""Files beside a report: sealed in parts, waiting for their report, going with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.rows import new_case, wait
from vault.database import Database
from vault.errors import FilesMissing, SealingError, TooMuch
from vault.files import LARGEST, MOST_PARTS, PART, FileKey, open_file, padded, parts_of, seal_file
from vault.stores import AttachmentStore, CaseStore, Keeping, Term
from vault.stores.attachments import MOST_FILES, Part

DAY = date(2026, 5, 4)
PICTURE = b"\xff\xd8\xff" + bytes(range(256)) * 3000


@pytest.fixture
def store(database: Database) -> AttachmentStore:
    return AttachmentStore(database)


# -- sealing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 65_532, 65_533, PART - 4, PART - 3, 3 * PART + 5])
def test_what_is_sealed_opens(size: int) -> None:
    key = FileKey.new()
    content = b"x" * size
    parts = list(seal_file(content, key))
    assert len(parts) == parts_of(size)
    assert open_file(parts, key) == content


def test_parts_in_another_order_missing_changed_or_of_another_file_do_not_open() -> None:
    key = FileKey.new()
    parts = list(seal_file(PICTURE, key))
    changed = bytearray(parts[0])
    changed[7] ^= 1
    for wrong in (parts[::-1], parts[:-1], [bytes(changed), *parts[1:]], [], [parts[0]] * 4):
        with pytest.raises(SealingError):
            open_file(wrong, key)
    with pytest.raises(SealingError):
        open_file(parts, replace(key, id=FileKey.new().id))
    with pytest.raises(SealingError):
        open_file(parts, replace(key, key=FileKey.new().key))


@settings(max_examples=300)
@given(st.integers(0, LARGEST + 4))
def test_a_size_shows_as_a_class_and_costs_at_most_a_quarter(size: int) -> None:
    shown = padded(size)
    assert shown >= size and padded(shown) == shown
    assert shown <= max(64 * 1024, size * 1.25 + 1)


def test_there_are_few_classes() -> None:
    classes = {padded(size) for size in range(0, LARGEST + 5, 1000)}
    assert len(classes) < 40
    assert len(list(range(0, padded(LARGEST + 4), PART))) == MOST_PARTS


def test_a_key_is_not_shown() -> None:
    key = FileKey.new()
    assert key.key not in repr(key)


# -- waiting ---------------------------------------------------------------------------------


def test_a_file_waits_for_its_report_and_is_found_only_through_it(
    database: Database, store: AttachmentStore
) -> None:
    new = new_case()
    key = wait(database, PICTURE, new.case_id, DAY)
    assert store.arrived(new.case_id) == (key.id,)
    assert store.part(new.case_id, key.id, 0) is None
    CaseStore(database).add(replace(new, files=(key.id,)))
    first = store.part(new.case_id, key.id, 0)
    assert first is not None and first.of == parts_of(len(PICTURE))
    parts = [store.part(new.case_id, key.id, number) for number in range(first.of)]
    assert open_file([part.sealed for part in parts if part], key) == PICTURE
    assert store.part("another case", key.id, 0) is None
    assert store.part(new.case_id, key.id, first.of) is None
    assert store.arrived(new.case_id) == ()


def test_half_a_file_has_not_arrived(store: AttachmentStore) -> None:
    parts = list(seal_file(PICTURE, key := FileKey.new()))
    store.put("case", Part(key.id, 1, len(parts), parts[1]), DAY)
    with pytest.raises(FilesMissing):
        store.arrived("case")


def test_a_report_whose_file_is_gone_is_not_stored(
    database: Database, store: AttachmentStore
) -> None:
    new = new_case()
    key = wait(database, PICTURE, new.case_id, DAY)
    store.discard([key.id])
    with pytest.raises(FilesMissing):
        CaseStore(database).add(replace(new, files=(key.id,)))
    assert CaseStore(database).get(new.case_id) is None


def test_a_part_again_is_the_same_part(store: AttachmentStore) -> None:
    (sealed,) = seal_file(b"x", key := FileKey.new())
    for _ in range(2):
        store.put("case", Part(key.id, 0, 1, sealed), DAY)
    assert store.arrived("case") == (key.id,)
    with pytest.raises(ValueError, match="another file"):
        store.put("other", Part(key.id, 0, 1, sealed), DAY)
    with pytest.raises(ValueError, match="another file"):
        store.put("case", Part(key.id, 0, 2, sealed), DAY)


@pytest.mark.parametrize(
    ("number", "of", "size"),
    [(0, 0, 1), (-1, 1, 1), (1, 1, 1), (0, MOST_PARTS + 1, 1), (0, 1, PART + 17)],
)
def test_what_is_no_part_is_refused(
    store: AttachmentStore, number: int, of: int, size: int
) -> None:
    with pytest.raises(ValueError, match="no part"):
        store.put("case", Part(FileKey.new().id, number, of, bytes(size)), DAY)


def test_too_many_files_are_refused(database: Database, store: AttachmentStore) -> None:
    for _ in range(MOST_FILES):
        wait(database, b"x", "one", DAY)
    with pytest.raises(TooMuch):
        wait(database, b"x", "one", DAY)
    small = AttachmentStore(database, most_waiting=MOST_FILES + 2)
    for of, fits in ((3, False), (2, True), (1, False)):
        part = Part(FileKey.new().id, 0, of, b"x")
        if fits:
            small.put("two", part, DAY)
        else:
            with pytest.raises(TooMuch):
                small.put("two", part, DAY)


# -- going -----------------------------------------------------------------------------------


def test_what_was_never_sent_goes_after_a_day(database: Database, store: AttachmentStore) -> None:
    new = new_case()
    sent = wait(database, PICTURE, new.case_id, DAY)
    CaseStore(database).add(replace(new, files=(sent.id,)))
    wait(database, PICTURE, "never sent", DAY)
    assert store.forget(DAY + timedelta(1)) == 0
    assert store.forget(DAY + timedelta(2)) == 1
    assert store.arrived("never sent") == ()
    assert store.part(new.case_id, sent.id, 0) is not None
    store.discard([sent.id])
    assert store.part(new.case_id, sent.id, 0) is not None


def test_a_deleted_case_takes_its_files_along(database: Database, store: AttachmentStore) -> None:
    new = new_case()
    key = wait(database, PICTURE, new.case_id, DAY)
    CaseStore(database).add(replace(new, files=(key.id,)))
    assert Keeping(database, Term(1, {})).delete(new.case_id)
    assert store.part(new.case_id, key.id, 0) is None
