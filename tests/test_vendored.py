"""The browser's only foreign code is what its makers published, and is loaded by nobody else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.inbox.javascript import NODE
from web import vendored
from web.bundle import bundle

WEB = Path(__file__).resolve().parents[1] / "web"
MODULE = WEB / "shared" / "xwing.js"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return shutil.copytree(vendored.VENDOR, tmp_path / "vendor")


def test_every_file_is_that_of_the_locked_package() -> None:
    assert list(vendored.problems()) == []
    assert all(hash_.startswith("sha512-") for _, hash_ in vendored.locked().values())


def test_what_is_not_as_published_is_named(copy: Path) -> None:
    changed = copy / "node_modules" / "@noble" / "hashes" / "sha3.js"
    changed.write_text(changed.read_text() + "\n")
    (changed.parent / "more.js").write_text("export const more = 1;\n")
    (changed.parent / "LICENSE").unlink()
    assert sorted(vendored.problems(copy)) == [
        "node_modules/@noble/hashes/LICENSE is not as published",
        "node_modules/@noble/hashes/more.js belongs to no package",
        "node_modules/@noble/hashes/sha3.js is not as published",
    ]
    vendored.unpack(copy)
    assert list(vendored.problems(copy)) == [
        "node_modules/@noble/hashes/more.js belongs to no package"
    ]


def test_an_archive_that_is_not_the_published_one_is_named(copy: Path) -> None:
    version, _ = vendored.locked(copy)["@noble/curves"]
    file = vendored.archive("@noble/curves", version, copy)
    file.write_bytes(file.read_bytes() + b"x")
    first, *others = vendored.problems(copy)
    assert first == f"{file.name} is not the archive that was published"
    assert all("belongs to no package" in other for other in others) and others
    file.unlink()
    assert next(vendored.problems(copy)) == f"{file.name} is missing"


def test_the_lock_names_the_versions_that_are_asked_for() -> None:
    asked = json.loads((vendored.VENDOR / "package.json").read_text())["dependencies"]
    locked = vendored.locked()
    assert asked.keys() <= locked.keys()
    assert all(locked[name][0] == version for name, version in asked.items())


def test_the_bundle_is_the_same_each_time_and_keeps_the_notice() -> None:
    made = bundle(MODULE)
    assert made == bundle(MODULE)
    assert "Paul Miller, MIT licence" in made
    assert not re.search(r"^import\b|\bimport\(|\bfrom [\"']", made, re.MULTILINE)
    assert not re.search(r"[=(,;:] ?eval\(|new Function|innerHTML|\bfetch\(|localStorage", made)


def test_the_bundle_does_what_its_parts_do(tmp_path: Path) -> None:
    (tmp_path / "module.mjs").write_text(bundle(MODULE))
    script = """
      const seed = Uint8Array.from({ length: 32 }, (_, at) => at);
      const keys = [];
      for (const path of process.argv.slice(1)) {
        const wing = await import(path);
        const key = await wing.keyFromSeed(seed);
        const { enc, secret } = await wing.encapsulate(key.publicKey);
        const found = await wing.decapsulate(key, enc);
        keys.push([key.publicKey.join(), wing.KEM_ID, secret.join() === found.join()].join(" "));
      }
      console.log(keys.length, keys[0] === keys[1], keys[0].slice(-10));
    """
    command = [NODE, "--input-type=module", "-e", script, MODULE, tmp_path / "module.mjs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "2 true 25722 true\n"


def test_nothing_loads_it_but_the_one_place_that_waits_for_such_a_key() -> None:
    named = [
        (path.name, line.strip())
        for path in sorted(WEB.rglob("*.js"))
        if "vendor" not in path.parts
        for line in path.read_text().splitlines()
        if "xwing.js" in line or "@noble" in line
    ]
    assert [one for one in named if one[0] != "xwing.js"] == [
        ("hpke.js", 'return await import(missed ? `./xwing.js?${missed}` : "./xwing.js");')
    ]
