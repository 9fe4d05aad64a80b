"""A private key split among holders: any few of them can put it together, fewer learn nothing.

Shamir's secret sharing as SLIP-0039 writes it down (a published, final standard with test vectors
and several implementations), so that the parts outlive this program. Each part is 33 words with a
checksum; the words also say which parts belong together and how many are needed. The key's name
and kind stand beside them, so that a key that was put together wrongly is never used.

The library is the standard's reference implementation. Its authors warn that it takes no measures
against somebody who measures its running time or its power; on a computer without a network that
one person sits at, whoever could do that could read the key itself.

Words of a part never go into a message: errors name the sheet and the number of the word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from vault.errors import KeyFileError
from vault.keyfiles import ROLES
from vault.keys import KEY_BYTES, Kem, PrivateKey

#: SLIP-0039 has room for so many parts.
MOST_HOLDERS = 16
#: With one needed, each part would be the whole key.
LEAST_NEEDED = 2
#: Of a part of a key of 32 bytes.
WORDS = 33
_PER_ROW = 3
_KEMS: tuple[Kem, ...] = ("x25519", "x-wing")
_KNOWN = frozenset(WORDLIST)

_SHEET = """\
Speaksafe: one part of a key

  part {number} of {holders}; any {needed} of them put the key together
  key {key_id} {role} {kem}

{words}

Keep this sheet where only you can get at it. Whoever has {needed} such sheets has the key.
Nobody will ask for it by mail, telephone or chat. One sheet alone tells nothing of the key.
If you lose it, or somebody has seen it: tell the others at once. They make a new key.
"""

_WORD = re.compile(r"(\d{1,2})[.:)]?\s+([^\W\d_]+)")
_ROW = re.compile(rf"\s*(?:{_WORD.pattern}\s*)+")
_NAMED = re.compile(
    r"^\s*key\s+([\w-]{16})\s+([\w-]+)\s+([\w-]+)\s*$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one holder keeps.

    Args:
        name: what errors call it, such as the name of its file.
        key_id: of the whole key.
        role: of the whole key, one of :data:`vault.keyfiles.ROLES`.
        kem: of which kind the whole key is.
        words: the 33 words.
    """

    name: str
    key_id: str
    role: str
    kem: Kem
    words: tuple[str, ...] = field(repr=False)

    @property
    def number(self) -> int:
        """Which of the parts it is, counted from 1."""
        return self._share().index + 1

    @property
    def needed(self) -> int:
        """How many parts put the key together."""
        return self._share().member_threshold

    @property
    def split_id(self) -> int:
        """What all parts of one splitting have in common."""
        return self._share().identifier

    def _share(self) -> Share:
        return Share.from_mnemonic(" ".join(self.words))


def split(private: PrivateKey, role: str, holders: int, needed: int) -> tuple[Part, ...]:
    """Split a key.

    Args:
        private: the key.
        role: whose key it is.
        holders: how many parts to make, 16 at most.
        needed: how many of them put it together, 2 at least.

    Raises:
        KeyFileError: these numbers are not possible.
    """
    if not LEAST_NEEDED <= needed <= holders <= MOST_HOLDERS:
        raise KeyFileError(
            f"'needed' is {LEAST_NEEDED} or more and no more than 'holders', "
            f"which is {MOST_HOLDERS} or less; give other numbers"
        )
    (texts,) = generate_mnemonics(1, [(needed, holders)], private.raw, iteration_exponent=0)
    key_id = private.public().key_id
    parts = tuple(
        Part(f"part {number}", key_id, role, private.kem, tuple(text.split()))
        for number, text in enumerate(texts, start=1)
    )
    # Before anybody destroys the whole key: each part is used at least once.
    for start in range(holders):
        joined([parts[(start + at) % holders] for at in range(needed)])
    return parts


def joined(parts: Sequence[Part]) -> PrivateKey:
    """The key that parts make up. If more are given than are needed, each of them is tried.

    Raises:
        KeyFileError: they are too few, one is there twice, they are not parts of one splitting, or
            they are damaged. The message names no word.
    """
    first = _of_one_splitting(parts)
    if len(parts) < first.needed:
        raise KeyFileError(
            f"{first.needed} different parts are needed, {len(parts)} given; ask another holder"
        )
    most = list(parts[: first.needed - 1])
    found = {_combined([*most, last]) for last in parts[first.needed - 1 :]}
    raw = found.pop()
    if found or raw is None or len(raw) != KEY_BYTES:
        raise KeyFileError("the parts do not make up one key; compare each with its sheet")
    private = PrivateKey(raw, first.kem)
    if private.public().key_id != first.key_id:
        raise KeyFileError("the parts make up another key than they name; compare each sheet")
    return private


def written(part: Part, holders: int) -> str:
    """A part as a sheet to print; :func:`read` reads it, and what was typed from it.

    Args:
        part: the part.
        holders: how many were made.
    """
    cells = [f"{at:>2} {word:<10}" for at, word in enumerate(part.words, start=1)]
    rows = [" ".join(cells[at : at + _PER_ROW]).rstrip() for at in range(0, WORDS, _PER_ROW)]
    return _SHEET.format(
        number=part.number,
        holders=holders,
        needed=part.needed,
        key_id=part.key_id,
        role=part.role,
        kem=part.kem,
        words="\n".join(f"  {row}" for row in rows),
    )


def read(text: str, name: str) -> Part:
    """A part from its sheet, printed or typed again. Case and line breaks make no difference.

    Args:
        text: what is in the file.
        name: what errors call it.

    Raises:
        KeyFileError: something is missing or mistyped; the message says what, not how it reads.
    """
    head = _NAMED.search(text)
    kem = next((kem for kem in _KEMS if head and head[3].lower() == kem), None)
    if head is None or kem is None or head[2].lower() not in ROLES:
        raise KeyFileError(f"{name}: the line that begins with 'key' is missing or mistyped")
    found: dict[int, str] = {}
    for row in text.splitlines():
        if _ROW.fullmatch(row):
            found |= {int(at): word.lower() for at, word in _WORD.findall(row)}
    for at in range(1, WORDS + 1):
        if found.get(at) not in _KNOWN:
            raise KeyFileError(f"{name}: word {at} is missing or mistyped; compare it")
    words = tuple(found[at] for at in range(1, WORDS + 1))
    part = Part(name, head[1], head[2].lower(), kem, words)
    try:
        Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise KeyFileError(
            f"{name}: each word is in the list, but together they are not as they were printed; "
            "compare them one by one"
        ) from None
    return part


def _of_one_splitting(parts: Sequence[Part]) -> Part:
    if not parts:
        raise KeyFileError("no part of the key is given; name the files of the holders' parts")
    first, seen = parts[0], dict[int, str]()
    for part in parts:
        if _family(part) != _family(first):
            raise KeyFileError(
                f"{part.name} is of another key or another splitting than {first.name}; "
                "compare 'key' and the first two words, which all sheets of one splitting share"
            )
        if part.number in seen:
            raise KeyFileError(f"{part.name} and {seen[part.number]} are the same part")
        seen[part.number] = part.name
    return first


def _family(part: Part) -> tuple[object, ...]:
    return part.key_id, part.role, part.kem, part.split_id, part.needed


def _combined(parts: Sequence[Part]) -> bytes | None:
    try:
        return combine_mnemonics([" ".join(part.words) for part in parts])
    except (MnemonicError, ValueError):
        return None
