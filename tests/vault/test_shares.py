"""A key among holders: enough of them have it, too few have nothing, and slips are named.

The standard's own vectors hold the library to account, and a second implementation, by another
hand, puts our parts together and has its own put together by ours.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bip39_slip39 import slip39
from shamir_mnemonic import MnemonicError, combine_mnemonics

from vault import shares
from vault.errors import KeyFileError
from vault.keys import PrivateKey
from vault.shares import Part

VECTORS = json.loads((Path(__file__).parent / "vectors" / "slip39.json").read_text())
#: The passphrase that all vectors of the standard are made with.
PASSPHRASE = b"TREZOR"
KEY = PrivateKey.new()
PARTS = shares.split(KEY, "task-force", 5, 3)


def refused(parts: list[Part]) -> str:
    with pytest.raises(KeyFileError) as caught:
        shares.joined(parts)
    said = str(caught.value)
    assert not any(quoted(part, said) for part in parts)
    return said


def quoted(part: Part, text: str) -> bool:
    """Whether two words of a part follow each other in a text. One alone may stand there by chance:
    the list has words such as "compare"."""
    said = " ".join(re.findall(r"\w+", text.lower()))
    return any(f"{one} {next_}" in said for one, next_ in itertools.pairwise(part.words))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["what"].split(".")[0])
def test_the_vectors_of_the_standard(vector: dict[str, object]) -> None:
    if vector["secret"]:
        assert combine_mnemonics(vector["parts"], PASSPHRASE).hex() == vector["secret"]
    else:
        with pytest.raises(MnemonicError):
            combine_mnemonics(vector["parts"], PASSPHRASE)


@pytest.mark.parametrize("some", list(itertools.combinations(range(5), 3)))
def test_any_three_of_five_have_the_key(some: tuple[int, ...]) -> None:
    assert shares.joined([PARTS[at] for at in some]) == KEY


def test_a_second_implementation_puts_ours_together() -> None:
    texts = [" ".join(PARTS[at].words) for at in (4, 0, 2)]
    assert slip39.master_secret_from_mnemonics(texts) == KEY.raw


def test_ours_puts_together_what_a_second_implementation_split() -> None:
    (texts,) = slip39.mnemonics_from_master_secret(KEY.raw, [(2, 3)])
    theirs = [replace(PARTS[0], name=f"{at}", words=tuple(t.split())) for at, t in enumerate(texts)]
    assert shares.joined(theirs[1:]) == KEY


def test_a_key_of_the_other_kind_stays_of_its_kind() -> None:
    key = PrivateKey.new("x-wing")
    found = [
        shares.read(shares.written(p, 3), p.name) for p in shares.split(key, "task-force", 3, 2)
    ]
    assert shares.joined(found[:2]) == key


def test_two_of_three_say_nothing_of_the_key() -> None:
    """Whatever the key were, some third part would fit: so two leave all of them open."""
    two = [" ".join(part.words) for part in PARTS[:2]]
    with pytest.raises(MnemonicError):
        combine_mnemonics(two)
    assert "3 different parts are needed, 2 given" in refused(list(PARTS[:2]))


def test_the_same_part_twice_is_one() -> None:
    assert "the same part" in refused([PARTS[0], PARTS[1], PARTS[1]])


def test_parts_of_another_key() -> None:
    other = shares.split(PrivateKey.new(), "task-force", 5, 3)
    assert "of another key or another splitting" in refused([PARTS[0], PARTS[1], other[2]])


def test_parts_of_another_splitting_of_the_same_key() -> None:
    again = shares.split(KEY, "task-force", 5, 3)
    assert "of another key or another splitting" in refused([PARTS[0], PARTS[1], again[2]])


def test_a_part_of_another_key_that_was_renamed() -> None:
    other = shares.split(PrivateKey.new(), "task-force", 5, 3)
    lying = [replace(part, key_id=KEY.public().key_id) for part in other]
    assert "another key than they name" in refused(lying[:3])


def test_one_wrong_part_among_more_than_enough_is_noticed() -> None:
    """A part with a whole checksum but other contents, as nobody types it by chance."""
    share = slip39.share_from_mnemonic(" ".join(PARTS[3].words))
    turned = replace(share, value=bytes(byte ^ 1 for byte in share.value))
    wrong = replace(PARTS[3], words=tuple(slip39.mnemonic_from_share(turned).split()))
    assert "do not make up one key" in refused([*PARTS[:3], wrong])


def test_no_part_at_all() -> None:
    assert "no part" in refused([])


@pytest.mark.parametrize(("holders", "needed"), [(5, 1), (3, 4), (17, 3), (0, 0), (1, 2)])
def test_numbers_that_are_not_possible(holders: int, needed: int) -> None:
    with pytest.raises(KeyFileError, match="'needed' is 2 or more"):
        shares.split(KEY, "task-force", holders, needed)


def test_a_sheet_is_read_as_it_was_printed_or_typed() -> None:
    sheet = shares.written(PARTS[1], 5)
    assert "part 2 of 5; any 3 of them" in sheet
    assert max(map(len, sheet.splitlines())) <= 100
    assert shares.read(sheet, "sheet") == replace(PARTS[1], name="sheet")
    typed = [f"KEY {PARTS[1].key_id} Task-Force x25519"]
    typed += [f"{at}. {word.upper()}" for at, word in enumerate(PARTS[1].words, start=1)]
    assert shares.read("\n".join(typed), "sheet") == replace(PARTS[1], name="sheet")


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda text: text.replace("key ", "kee "), "'key' is missing"),
        (lambda text: text.replace(" x25519", " rsa"), "'key' is missing"),
        (lambda text: re.sub(r"\b17 \w+", "17 wordy", text), "word 17 is missing"),
        (lambda text: re.sub(r"\b17 \w+", "", text), "word 17 is missing"),
        (lambda text: text.replace("\n  31", "\n  41"), "word 31 is missing"),
        (lambda text: re.sub(r"\b20 \w+", f"20 {other_word(text)}", text), "one by one"),
        (lambda text: "", "'key' is missing"),
    ],
)
def test_a_slip_is_named_by_its_place(slip: object, said: str) -> None:
    told = set()
    for part in (PARTS[0], shares.split(PrivateKey.new(), "task-force", 2, 2)[0]):
        with pytest.raises(KeyFileError, match=said) as caught:
            shares.read(slip(shares.written(part, 5)), "sheet.txt")  # type: ignore[operator]
        told.add(str(caught.value))
    assert len(told) == 1, "what is said depends on the words"
    assert told.pop().startswith("sheet.txt: ")


def other_word(text: str) -> str:
    return "academic" if "20 academic" not in text else "zero"


def test_the_words_of_a_part_are_never_shown_by_accident() -> None:
    assert PARTS[0].words[5] not in repr(PARTS[0])
