"""Files beside a report, sealed in parts.

A file has a random key of its own, which stands in the sealed report (:mod:`vault.sealing`) and
nowhere else: whoever can open the report can open its files, and nobody else. So handing a case
over, stepping aside, the second office and the recovery key need nothing more for files.

The padded file is cut into parts; each is sealed with AES-256-GCM. Its number is the nonce, which
is safe because a key seals one file only; the file's id, the number and the count are associated
data, so that parts of other files, or in another order, or too few of them, do not open.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.encoding import from_text, new_id, to_text
from vault.errors import SealingError

#: Bytes of a file that is taken.
LARGEST = 20 * 1024 * 1024
#: Bytes of a part before it is sealed, and what sealing adds.
PART, TAG = 256 * 1024, 16

_LEAST = 64 * 1024
_STEPS = 4
_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class FileKey:
    """What opens a file.

    Args:
        id: names the file; tells nothing.
        key: 32 bytes as text.
    """

    id: str
    key: str = field(repr=False)

    @classmethod
    def new(cls) -> FileKey:
        """A fresh one, for one file."""
        return cls(new_id(), to_text(secrets.token_bytes(32)))


def padded(size: int) -> int:
    """The bytes that ``size`` bytes are padded to: the file's length shows as a class only.

    From 64 KiB on, four classes to each doubling: at most a quarter is added.
    """
    if size <= _LEAST:
        return _LEAST
    step = (1 << (size - 1).bit_length() - 1) // _STEPS
    return -(-size // step) * step


def parts_of(size: int) -> int:
    """How many parts a file of ``size`` bytes has."""
    return -(-padded(size + _LENGTH_BYTES) // PART)


#: Parts of the largest file.
MOST_PARTS = parts_of(LARGEST)


def seal_file(content: bytes, file: FileKey) -> Iterator[bytes]:
    """The parts of a file, sealed, in their order.

    Args:
        content: of the file.
        file: from :meth:`FileKey.new`; used for this file only.
    """
    framed = len(content).to_bytes(_LENGTH_BYTES, "big") + content
    framed = framed.ljust(padded(len(framed)), b"\0")
    cipher = AESGCM(from_text(file.key))
    of = -(-len(framed) // PART)
    for number in range(of):
        part = framed[number * PART : (number + 1) * PART]
        yield cipher.encrypt(_nonce(number), part, _bound(file.id, number, of))


def open_file(parts: Sequence[bytes], file: FileKey) -> bytes:
    """What was sealed.

    Args:
        parts: all of them, in their order.
        file: its key.

    Raises:
        SealingError: the key is wrong, or a part is missing, changed or of another file.
    """
    try:
        cipher = AESGCM(from_text(file.key))
        framed = b"".join(
            cipher.decrypt(_nonce(number), part, _bound(file.id, number, len(parts)))
            for number, part in enumerate(parts)
        )
    except (InvalidTag, ValueError):
        raise SealingError from None
    end = _LENGTH_BYTES + int.from_bytes(framed[:_LENGTH_BYTES], "big")
    if not framed or len(framed) != padded(end) or any(framed[end:]):
        raise SealingError
    return framed[_LENGTH_BYTES:end]


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(id: str, number: int, of: int) -> bytes:
    return f"speaksafe/1/file/{id}/{number}/{of}".encode()
