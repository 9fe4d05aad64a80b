"""Looking at a release again: is it whole, who signed it, and does the audit still hold?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from survey.audit import audit
from survey.facts import Facts, FactsError
from survey.outputs import CERTIFICATE, unsigned
from survey.proving import certificate
from vault.errors import ReleaseLogError
from vault.release_log import LogEntry, ReleaseLog
from vault.signing import signed


def problems(folder: Path, log: ReleaseLog | None = None) -> list[str]:
    """Everything that is wrong with a release, in words; empty when it is as it was made.

    Args:
        folder: what ``speaksafe release`` wrote.
        log: the log it should stand in; without one it is audited by itself.
    """
    try:
        document = json.loads((folder / "audit.json").read_bytes())
        facts = Facts.from_json(document["facts"])
        found = list(_files(folder, document["sha256"]))
        found += _signature(document)
        found += _published(folder, facts)
        found += _again(document, facts, log)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, FactsError):
        return ["audit.json is missing, damaged or of another version"]
    return found


def _files(folder: Path, hashes: dict[str, str]) -> Iterator[str]:
    for name, expected in sorted(hashes.items()):
        path = folder / Path(name).name
        if not path.is_file():
            yield f"{path.name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            yield f"{path.name} was changed"


def _signature(document: dict[str, Any]) -> Iterator[str]:
    made = document.get("signed")
    if made is None:
        yield "audit.json is not signed"
    elif not signed(made["signer"], CERTIFICATE, unsigned(document), made["signature"]):
        yield "audit.json was changed after it was signed"


def _published(folder: Path, facts: Facts) -> Iterator[str]:
    """The numbers that people read must be those that were audited."""
    results = json.loads((folder / "results.json").read_bytes())
    read = {
        (table["item"], "", ""): (table["answered"], table["cells"]) for table in results["tables"]
    } | {
        (broken["item"], broken["by"], group["code"]): (group["answered"], group["cells"])
        for broken in results["breakdowns"]
        for group in broken["groups"]
    }
    audited = {
        (c.item, c.by, c.group): (
            c.answered,
            [{"code": f.code, "count": f.count, "percent": f.percent} for f in c.figures],
        )
        for c in facts.columns
    }
    if read != audited:
        yield "results.json has other numbers than those that were audited"


def _again(document: dict[str, Any], facts: Facts, log: ReleaseLog | None) -> Iterator[str]:
    entry = document["log"]
    try:
        entries = log.entries() if log else ()
    except ReleaseLogError as error:
        yield str(error)
        return
    if log is not None and not _logged(entries, entry):
        yield "the log does not have this release: its end was cut off, or it is another log"
        return
    before = [Facts.from_json(one.record["facts"]) for one in entries]
    before = before[: entry["entry"] - 1] if entry else []
    if log is not None or document["audit"]["releases_together"] == 1:
        found = audit(facts, before)
        if not found.passed:
            yield "the audit objects to it now"
        elif certificate(found) != document["audit"]:
            yield "the audit finds other ranges than those in audit.json"


def _logged(entries: tuple[LogEntry, ...], entry: dict[str, Any] | None) -> bool:
    return entry is not None and any(e.certificate() == entry for e in entries)
