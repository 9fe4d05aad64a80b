"""Padding to a few sizes, so that the length of an envelope says little about its words."""

from __future__ import annotations

_KIB = 1024
_LARGEST = 64 * _KIB
_LENGTH_BYTES = 4


def bucket(size: int) -> int:
    """The padded size of ``size`` bytes: 1, 2, 4, … 64 KiB, then whole multiples of 64 KiB."""
    if size > _LARGEST:
        return -(-size // _LARGEST) * _LARGEST
    padded = _KIB
    while padded < size:
        padded *= 2
    return padded


def pad(data: bytes) -> bytes:
    """Four bytes of length (big-endian), the data, and zeros up to the bucket."""
    framed = len(data).to_bytes(_LENGTH_BYTES, "big") + data
    return framed.ljust(bucket(len(framed)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The data of a padded text.

    Raises:
        ValueError: it is not padded as :func:`pad` does.
    """
    end = _LENGTH_BYTES + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if len(padded) != bucket(max(end, 1)) or any(padded[end:]):
        raise ValueError("this is not padded")
    return padded[_LENGTH_BYTES:end]
