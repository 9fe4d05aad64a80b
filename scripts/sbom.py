"""The list of all parts (CycloneDX) of each runtime, from the locks: the same locks, the same list.

.venv/test/bin/python scripts/sbom.py models
"""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]

#: What runs where; the tests' own parts are listed apart, so that nobody takes them for ours.
RUNTIMES = ("service", "engine", "dev", "tools")

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\\n]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock.

    Args:
        name: of the package.
        version: the only one that is installed.
        marker: where it is installed; empty for everywhere.
        hashes: SHA-256 of the files it may come from.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(lock: Path) -> Iterator[Pin]:
    """Every package of a lock."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8")):
        if found := _PIN.match(block):
            name, version, marker = found.groups()
            yield Pin(name, version, (marker or "").strip(), tuple(_HASH.findall(block)))


def bom(runtime: str) -> str:
    """The list of one runtime as JSON."""
    lock = ROOT / "requirements" / f"{runtime}.lock"
    listed = Bom()
    listed.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, lock.read_text(encoding="utf-8"))
    name = f"speaksafe-{runtime}"
    ours = Component(name=name, type=ComponentType.APPLICATION, bom_ref=name)
    listed.metadata.component = ours
    for pin in pins(lock):
        purl = PackageURL("pypi", None, pin.name.lower(), pin.version)
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in pin.hashes]
        where = [Property(name="marker", value=pin.marker)] if pin.marker else []
        listed.components.add(
            Component(
                name=pin.name,
                version=pin.version,
                type=ComponentType.LIBRARY,
                purl=purl,
                bom_ref=str(purl),
                hashes=hashes,
                properties=where,
            )
        )
    listed.register_dependency(ours, listed.components)
    text = str(JsonV1Dot6(listed).output_as_string(indent=1))
    # When it was made says nothing about what is in it.
    return re.sub(r'^ *"timestamp": "[^"]*",?\n', "", text, flags=re.MULTILINE) + "\n"


def main() -> None:
    """Write a list for each runtime."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "models")
    folder.mkdir(parents=True, exist_ok=True)
    for runtime in RUNTIMES:
        target = folder / f"sbom-{runtime}.json"
        target.write_text(bom(runtime), encoding="utf-8")
        many = sum(1 for _ in pins(ROOT / "requirements" / f"{runtime}.lock"))
        print(f"{target.name}: {many} packages")


if __name__ == "__main__":
    main()
