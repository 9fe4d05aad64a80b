"""Every known vulnerability in the locks has a judgement, and the search for them finds them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.attack.promises import ROOT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "scripts" / "audit.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


def advisory(id: str, package: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    affected = [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": ranges}]
    return {"id": id, "affected": affected, **more}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A database with an advisory against what is locked, and some that are none of ours."""
    import yaml

    folder = tmp_path / "copy" / "vulns" / "py-yaml.x"
    folder.mkdir(parents=True)
    known = [
        advisory("PYSEC-1", "Py_YAML.x", {"introduced": "0"}, {"fixed": "2.0"}),
        advisory("PYSEC-2", "py-yaml-x", {"introduced": "0"}, {"fixed": "1.10"}),
        advisory("PYSEC-3", "py-yaml-x", {"introduced": "3"}),
        advisory("PYSEC-4", "py-yaml-x", {"introduced": "0"}, withdrawn="2024-01-01T00:00:00Z"),
        advisory("PYSEC-5", "py-yaml-x", {"introduced": "0"}, {"last_affected": "1.10"}),
        advisory("PYSEC-6", "another", {"introduced": "0"}),
    ]
    for one in known:
        (folder / f"{one['id']}.yaml").write_text(yaml.safe_dump(one))
    for lock in ("service", "engine", "tools", "dev"):
        text = "py-yaml-x==1.10 \\\n    --hash=sha256:00\n" if lock == "engine" else ""
        (tmp_path / f"{lock}.lock").write_text(text)
    return tmp_path


def test_it_finds_by_version_and_name_and_nothing_else(audit: ModuleType, copy: Path) -> None:
    found = sorted(audit.find(audit.Advisories(copy / "copy"), copy), key=lambda one: one.id)
    assert [(one.lock, one.id, one.fixed) for one in found] == [
        ("engine", "PYSEC-1", ("2.0",)),
        ("engine", "PYSEC-5", ()),
    ]
    assert audit.unjudged(found) == found


def test_it_reads_a_repository_without_a_tree(audit: ModuleType, copy: Path) -> None:
    work, bare = copy / "copy", copy / "bare"
    as_us = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q"], ["add", "."], [*as_us, "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(work), *words], check=True, capture_output=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(bare)], check=True)
    read = audit.Advisories(bare)
    assert read.many == 6 and len(read.day) == 10
    assert {one.id for one in audit.find(read, copy)} == {"PYSEC-1", "PYSEC-5"}


def test_a_folder_that_is_no_copy_is_said_to_be_none(audit: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "vulns").mkdir()
    with pytest.raises(FileNotFoundError, match="no folder vulns"):
        audit.Advisories(tmp_path)


def test_every_finding_of_the_snapshot_is_judged(audit: ModuleType) -> None:
    known = audit.judged()
    ids = {name for one in known["findings"] for name in one["ids"]}
    assert set(known["snapshot"]["found"]) <= ids


def test_every_judgement_is_about_what_is_locked_and_says_why(audit: ModuleType) -> None:
    for one in audit.judged()["findings"]:
        locked = audit.pins(ROOT / "requirements" / f"{one['lock']}.lock")
        assert (one["package"], one["version"]) in locked, f"{one['package']}: judge it anew"
        assert len(one["why"].split()) > 8 and isinstance(one["reachable"], bool)
        assert one["ids"] and one["fixed"] and one["held_by"]


def test_the_page_says_what_the_file_says(audit: ModuleType) -> None:
    assert (ROOT / "docs" / "audit.md").read_text(encoding="utf-8") == audit.page()
