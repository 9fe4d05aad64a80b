"""Known vulnerabilities of every locked package, from a copy of the advisory database.

.venv/test/bin/python scripts/audit.py FOLDER
.venv/test/bin/python scripts/audit.py --page docs/audit.md

The folder is the Python Packaging Advisory Database (OSV, one YAML file each), as files or as a
git repository, bare or not. Nothing is asked of the network. What is found must have a judgement in
``requirements/advisories.yml``: whether it can be reached here, and why not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("service", "engine", "tools", "dev")
JUDGED = ROOT / "requirements" / "advisories.yml"

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One advisory that a locked package falls under.

    Args:
        lock: name of the lock.
        package: its name.
        version: which is locked.
        id: of the advisory.
        fixed: versions in which it is mended; empty when there is none.
    """

    lock: str
    package: str
    version: str
    id: str
    fixed: tuple[str, ...]


def normal(name: str) -> str:
    """A name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> list[tuple[str, str]]:
    """Name and version of every package of a lock."""
    return [(normal(n), v) for n, v in _PIN.findall(lock.read_text(encoding="utf-8"))]


class Advisories:
    """A copy of the database.

    Args:
        place: its folder, or a git repository of it.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._bare = not (place / "vulns").is_dir()
        self._files: dict[str, list[str]] = {}
        for name in self._names():
            _, package, *_ = name.split("/")
            self._files.setdefault(normal(package), []).append(name)
        if not self._files:
            raise FileNotFoundError(f"{place} holds no folder vulns with advisories")

    def _names(self) -> list[str]:
        if self._bare:
            return self._git("ls-tree", "-r", "--name-only", "HEAD", "vulns/").split()
        return [str(p.relative_to(self._place)) for p in self._place.glob("vulns/*/*.yaml")]

    def _git(self, *words: str) -> str:
        words = ("git", "-C", str(self._place), *words)
        return subprocess.run(words, capture_output=True, check=True, text=True).stdout

    @property
    def day(self) -> str:
        """The day of the copy."""
        try:
            return self._git("log", "-1", "--format=%cs").strip()
        except subprocess.CalledProcessError:
            return "unknown"

    @property
    def many(self) -> int:
        """How many advisories it holds."""
        return sum(map(len, self._files.values()))

    def about(self, package: str) -> Iterator[dict[str, Any]]:
        """Those about a package that were not withdrawn."""
        for name in self._files.get(normal(package), ()):
            text = self._git("show", f"HEAD:{name}") if self._bare else self._read(name)
            found = yaml.safe_load(text)
            if not found.get("withdrawn"):
                yield found

    def _read(self, name: str) -> str:
        return (self._place / name).read_text(encoding="utf-8")


def fixes(advisory: dict[str, Any], package: str, version: str) -> tuple[str, ...] | None:
    """In which versions it is mended if this one falls under it; else ``None``.

    Args:
        advisory: in the form of OSV.
        package: its name.
        version: by PEP 440.
    """
    hit, mended = False, []
    for one in advisory.get("affected", ()):
        if normal(one["package"]["name"]) != normal(package):
            continue
        hit |= version in one.get("versions", ())
        for range_ in one.get("ranges", ()):
            if range_["type"] == "ECOSYSTEM":
                inside, until = _inside(range_["events"], Version(version))
                hit |= inside
                mended += until
    return tuple(dict.fromkeys(mended)) if hit else None


def _inside(events: list[dict[str, str]], version: Version) -> tuple[bool, list[str]]:
    inside, mended = False, []
    for event in events:
        ((kind, text),) = event.items()
        try:
            edge = Version(text)
        except InvalidVersion:
            continue
        if kind == "introduced" and version >= edge:
            inside = True
        elif kind == "fixed":
            if version >= edge:
                inside = False
            else:
                mended.append(text)
        elif kind == "last_affected" and version > edge:
            inside = False
    return inside, mended


def find(advisories: Advisories, folder: Path = ROOT / "requirements") -> list[Finding]:
    """Everything that the locks fall under.

    Args:
        advisories: the database.
        folder: with the locks.
    """
    return [
        Finding(lock, package, version, advisory["id"], mended)
        for lock in LOCKS
        for package, version in pins(folder / f"{lock}.lock")
        for advisory in advisories.about(package)
        if (mended := fixes(advisory, package, version)) is not None
    ]


def judged() -> dict[str, Any]:
    """What was decided about advisories, as it stands in ``requirements/advisories.yml``."""
    found: dict[str, Any] = yaml.safe_load(JUDGED.read_text(encoding="utf-8"))
    return found


def unjudged(findings: list[Finding]) -> list[Finding]:
    """Those about which nothing was decided yet."""
    known = {(one["lock"], name) for one in judged()["findings"] for name in one["ids"]}
    return [one for one in findings if (one.lock, one.id) not in known]


def page() -> str:
    """docs/audit.md: what was decided, for people."""
    known = judged()
    was = known["snapshot"]
    found = len(was["found"])
    lines = [
        "# Known vulnerabilities of what is installed",
        "",
        "Made of `requirements/advisories.yml` by `scripts/audit.py`: change that file.",
        "",
        f"Every lock was compared with the {was['advisories']} entries of the Python Packaging",
        f"Advisory Database of **{was['day']}**: {found or 'no'} findings. That copy is old. What",
        "stands below was read by hand in advisories published since, so some may be missing: look",
        "again with a fresh copy before each release (`make audit ADVISORIES=FOLDER`). Service,",
        "tests and installer have the newest versions of the day on which they were locked; the",
        "engine has what Rasa 3.6.21 allows.",
        "",
        "The engine has no way out and none to the database, no secret of stored data, and only",
        "the service speaks to it (`docker-compose.yml`, tested). A flaw needs somebody inside.",
        "",
        "| lock | package | advisory | fixed in | reachable here | kept by |",
        "|---|---|---|---|---|---|",
    ]
    for one in known["findings"]:
        reach = ("**yes**: " if one["reachable"] else "no: ") + " ".join(one["why"].split())
        cells = (one["lock"], f"{one['package']} {one['version']}", ", ".join(one["ids"]))
        lines.append("| " + " | ".join((*cells, one["fixed"], reach, one["held_by"])) + " |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print what is found; the exit code is 1 if nothing was decided about something of it."""
    if sys.argv[1:2] == ["--page"]:
        Path(sys.argv[2]).write_text(page(), encoding="utf-8")
        return 0
    advisories = Advisories(Path(sys.argv[1]))
    findings = find(advisories)
    print(f"{advisories.many} advisories of {advisories.day}; {len(findings)} findings:")
    new = unjudged(findings)
    for one in findings:
        state = "NOT JUDGED" if one in new else "judged"
        mended = ", ".join(one.fixed) or "nowhere yet"
        print(f"  {one.lock:8} {one.package} {one.version}  {one.id}  fixed in {mended}: {state}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
