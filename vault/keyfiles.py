"""Private keys that are kept as files, away from the server: Task Force, recovery, focal point.

``new.key`` holds both halves and is readable by its owner only; ``new.key.pub`` holds the public
half and may be sent by mail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vault.encoding import from_text, to_text
from vault.errors import KeyFileError
from vault.keys import Kem, PrivateKey, PublicKey
from vault.sealing import SUITE_NAMES
from vault.writing import write_new

#: Whose key it can be.
ROLES = ("task-force", "recovery", "focal-point", "reviewer")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a key file holds.

    Args:
        role: one of :data:`ROLES`.
        public: the public half.
        private: the private half; ``None`` in a ``.pub`` file.
    """

    role: str
    public: PublicKey
    private: PrivateKey | None = field(default=None, repr=False)


def public_path(path: Path) -> Path:
    """Where the public half of a key file lies."""
    return path.with_name(path.name + ".pub")


def new(path: Path, role: str, kem: Kem = "x25519") -> KeyFile:
    """Make a key and write both of its files.

    Args:
        path: of the private half; the public one gets ``.pub``.
        role: one of :data:`ROLES`.
        kem: of which kind.

    Raises:
        KeyFileError: the role is unknown, or one of the files exists already or can't be written.
    """
    private = PrivateKey.new(kem)
    write(path, role, private)
    return KeyFile(role, private.public(), private)


def write(path: Path, role: str, private: PrivateKey) -> None:
    """Write a key to ``path`` (mode 0600) and its public half to ``path.pub``.

    Raises:
        KeyFileError: the role is unknown, or one of the files exists already or can't be written.
    """
    shared = _shared(role, private)
    if public_path(path).exists():
        raise KeyFileError(f"{public_path(path)} exists already; choose another name")
    _write(path, shared | {"private": to_text(private.raw)}, 0o600)
    _write(public_path(path), shared, 0o644)


def write_public(path: Path, role: str, private: PrivateKey) -> None:
    """Write only the public half of a key, to ``path.pub``.

    Raises:
        KeyFileError: as :func:`write`.
    """
    _write(public_path(path), _shared(role, private), 0o644)


def write_secret(path: Path, text: str) -> None:
    """Write a text to a new file that its owner alone can read.

    Raises:
        KeyFileError: the file exists already or can't be written.
    """
    _write_text(path, text, 0o600)


def _shared(role: str, private: PrivateKey) -> dict[str, Any]:
    if role not in ROLES:
        raise KeyFileError(f"this role is unknown; use one of {', '.join(ROLES)}")
    public = private.public()
    return {
        "speaksafe_key": 1,
        "role": role,
        "suite": SUITE_NAMES[private.kem],
        "key_id": public.key_id,
        "public": public.to_text(),
    }


def read(path: Path) -> KeyFile:
    """Read a key file, with or without its private half.

    Raises:
        KeyFileError: it can't be read, or it is not a whole and consistent key file. The message
            never quotes what is in it.
    """
    try:
        parts = json.loads(path.read_bytes())
    except OSError as error:
        raise KeyFileError(f"{path} can't be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise KeyFileError(f"{path} is not a key file; restore it from its copy") from None
    return _checked(path, parts)


def read_private(path: Path) -> PrivateKey:
    """The private half of a key file.

    Raises:
        KeyFileError: as :func:`read`, or the file holds the public half only.
    """
    private = read(path).private
    if private is None:
        raise KeyFileError(f"{path} holds the public half only; give the file without .pub")
    return private


def _checked(path: Path, parts: Any) -> KeyFile:
    if not isinstance(parts, dict) or parts.get("speaksafe_key") != 1:
        raise KeyFileError(f"{path} is not a key file; give one that 'keys new' wrote")
    if parts.get("role") not in ROLES:
        raise KeyFileError(f"{path}: 'role' is unknown; use one of {', '.join(ROLES)}")
    kems = [kem for kem, name in SUITE_NAMES.items() if name == parts.get("suite")]
    if not kems:
        names = ", ".join(SUITE_NAMES.values())
        raise KeyFileError(f"{path}: 'suite' is unknown; this version knows {names}")
    try:
        public = PublicKey.from_text(str(parts.get("public")))
        private = PrivateKey(from_text(parts["private"]), kems[0]) if "private" in parts else None
    except (ValueError, TypeError):
        raise KeyFileError(f"{path} is damaged; restore it from its copy") from None
    if parts.get("key_id") != public.key_id or (private and private.public() != public):
        raise KeyFileError(f"{path}: its halves do not belong together; restore it from its copy")
    return KeyFile(parts["role"], public, private)


def _write(path: Path, parts: dict[str, Any], mode: int) -> None:
    _write_text(path, json.dumps(parts, indent=1) + "\n", mode)


def _write_text(path: Path, text: str, mode: int) -> None:
    try:
        write_new(path, text.encode(), mode)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already; choose another name") from None
    except OSError as error:
        raise KeyFileError(f"{path} can't be written ({error.strerror})") from None
