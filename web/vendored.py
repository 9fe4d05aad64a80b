"""The browser's only foreign code, and the proof that it is what its makers published.

``web/vendor/package-lock.json`` names each package with the hash under which it was published
(npm's ``integrity``). ``packages/`` holds the archives of that hash, and ``node_modules/`` those of
their files that the pages use, unchanged. So everything can be compared without a network. An
archive of many megabytes is not kept: ``unpacked.json`` has the hashes of the files that were taken
out of it, and with the archive in its place (``npm pack``) they are compared with it as well::

    python -m web.vendored            # what is not as published; exit 1 if anything
    python -m web.vendored unpack     # after new archives and a new lock were put there
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"

#: What is taken out of each package: its licence, its description, and the modules that are loaded.
FILES = {
    "@noble/curves": ("abstract/fft.js", "abstract/modular.js", "utils.js"),
    "@noble/hashes": ("_u64.js", "sha3.js", "utils.js"),
    "@noble/post-quantum": ("_crystals.js", "ml-kem.js", "utils.js"),
    "pdfjs-dist": (
        "legacy/build/pdf.min.mjs",
        "legacy/build/pdf.worker.min.mjs",
        "wasm/LICENSE_JBIG2",
        "wasm/LICENSE_OPENJPEG",
        "wasm/LICENSE_PDFJS_JBIG2",
        "wasm/LICENSE_PDFJS_OPENJPEG",
        "wasm/jbig2_nowasm_fallback.js",
        "wasm/openjpeg_nowasm_fallback.js",
    ),
}
#: Packages whose archive need not lie here.
LARGE = ("pdfjs-dist",)
_ALWAYS = ("LICENSE", "package.json")
_NOTED = "unpacked.json"


def locked(vendor: Path = VENDOR) -> dict[str, tuple[str, str]]:
    """Version and published hash (``sha512-…``) of each package that is used."""
    packages = json.loads((vendor / "package-lock.json").read_text())["packages"]
    found = {name: packages[f"node_modules/{name}"] for name in FILES}
    return {name: (one["version"], one["integrity"]) for name, one in found.items()}


def archive(name: str, version: str, vendor: Path = VENDOR) -> Path:
    """Where the archive of a package lies, named as ``npm pack`` names it."""
    return vendor / "packages" / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"


def problems(vendor: Path = VENDOR) -> Iterator[str]:
    """What is not as it was published, in words; nothing when all is well."""
    expected: dict[Path, str] = {}
    for name, (version, integrity) in locked(vendor).items():
        file = archive(name, version, vendor)
        if name in LARGE:
            expected |= _noted(name, vendor)
        if not file.is_file():
            if name not in LARGE:
                yield f"{file.name} is missing"
            continue
        if integrity != _hash(file.read_bytes()):
            yield f"{file.name} is not the archive that was published"
            continue
        expected |= {path: _hash(content) for path, content in _files(name, file, vendor)}
    for path, wanted in expected.items():
        if not path.is_file() or _hash(path.read_bytes()) != wanted:
            yield f"{path.relative_to(vendor)} is not as published"
    for path in (vendor / "node_modules").rglob("*"):
        if path.is_file() and path not in expected:
            yield f"{path.relative_to(vendor)} belongs to no package"


def unpack(vendor: Path = VENDOR) -> None:
    """Write the files that are used, from the archives that lie here."""
    noted = json.loads((vendor / _NOTED).read_text())
    for name, (version, integrity) in locked(vendor).items():
        file = archive(name, version, vendor)
        if name in LARGE and not (file.is_file() and _hash(file.read_bytes()) == integrity):
            continue
        for path, content in _files(name, file, vendor):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if name in LARGE:
                noted.setdefault(name, {})[_inner(name, path, vendor)] = _hash(content)
    (vendor / _NOTED).write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n")


def _hash(content: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def _inner(name: str, path: Path, vendor: Path) -> str:
    return path.relative_to(vendor / "node_modules" / name).as_posix()


def _noted(name: str, vendor: Path) -> dict[Path, str]:
    found = json.loads((vendor / _NOTED).read_text()).get(name, {})
    folder = vendor / "node_modules" / name
    return {folder / inner: found.get(inner, "") for inner in (*_ALWAYS, *FILES[name])}


def _files(name: str, file: Path, vendor: Path) -> Iterator[tuple[Path, bytes]]:
    with tarfile.open(file) as packed:
        for inner in (*_ALWAYS, *FILES[name]):
            if content := packed.extractfile(f"package/{inner}"):
                yield vendor / "node_modules" / name / inner, content.read()


if __name__ == "__main__":
    if sys.argv[1:] == ["unpack"]:
        unpack()
    found = list(problems())
    print("\n".join(found) or "as published")
    sys.exit(bool(found))
