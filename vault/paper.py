"""A private key on paper: seven lines that can be typed in again, and say which line is wrong.

Crockford's base 32 has no letter that looks like a digit; what a reader confuses all the same (O,
I, L) is taken as meant. Each line ends with two signs of its own check, so that a slip is named by
its line and not found after all of them.
"""

from __future__ import annotations

import hashlib
import re

from vault.errors import KeyFileError
from vault.keys import PrivateKey

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = str.maketrans("OIL", "011")
_KEY_BYTES = 32
_CHECK_BYTES = 3
_LINES = 7
_PER_LINE = 8
_NAME = re.compile(r"^\s*Speaksafe key\s+([\w-]{16})\s*$", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"^\s*([1-7])[.:)\s]\s*([0-9A-Z\s-]+)$", re.IGNORECASE)


def written(private: PrivateKey) -> str:
    """The key as text to print: its name, then seven numbered lines."""
    raw = private.raw + hashlib.sha256(private.raw).digest()[:_CHECK_BYTES]
    number = int.from_bytes(raw, "big")
    count = _LINES * _PER_LINE
    signs = "".join(_SIGNS[number >> 5 * (count - 1 - at) & 31] for at in range(count))
    lines = [f"Speaksafe key {private.public().key_id}"]
    for at in range(_LINES):
        part = signs[at * _PER_LINE : (at + 1) * _PER_LINE]
        lines.append(f"{at + 1}  {part[:4]} {part[4:]} {_check(at + 1, part)}")
    return "\n".join(lines) + "\n"


def read(text: str) -> PrivateKey:
    """A key typed in from paper. Spaces, hyphens and case make no difference.

    Its name, in the line above the seven, says of which kind it is; without it, it is X25519.

    Raises:
        KeyFileError: a line is missing or wrong; the message names its number and nothing of it.
    """
    found: dict[int, str] = {}
    for line in text.splitlines():
        matched = _LINE.match(line)
        if matched:
            found[int(matched[1])] = re.sub(r"[\s-]", "", matched[2]).upper().translate(_READ)
    for at in range(1, _LINES + 1):
        signs = found.get(at, "")
        if len(signs) != _PER_LINE + 2 or _check(at, signs[:_PER_LINE]) != signs[_PER_LINE:]:
            raise KeyFileError(f"line {at} of the printed key is missing or mistyped; look again")
    number = 0
    for sign in "".join(found[at][:_PER_LINE] for at in range(1, _LINES + 1)):
        number = number << 5 | _SIGNS.index(sign)
    raw = number.to_bytes(_KEY_BYTES + _CHECK_BYTES, "big")
    if hashlib.sha256(raw[:_KEY_BYTES]).digest()[:_CHECK_BYTES] != raw[_KEY_BYTES:]:
        raise KeyFileError("the lines of the printed key do not belong together; look again")
    return _of_its_kind(raw[:_KEY_BYTES], text)


def _of_its_kind(raw: bytes, text: str) -> PrivateKey:
    """The key of the kind whose name stands there; a name that was mistyped does no harm."""
    named = _NAME.search(text)
    wing = PrivateKey(raw, "x-wing")
    if named and _alike(named[1]) == _alike(wing.public().key_id):
        return wing
    return PrivateKey(raw)


def _alike(name: str) -> str:
    return name.upper().translate(_READ)


def _check(line: int, signs: str) -> str:
    digest = hashlib.sha256(f"{line}{signs}".encode()).digest()
    return _SIGNS[digest[0] & 31] + _SIGNS[digest[1] & 31]
