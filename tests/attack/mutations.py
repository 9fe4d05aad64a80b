"""Safeguards taken out one by one: small changes of the source that a named test must notice."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.attack.promises import ROOT, node_ids, read

FOLDER = Path(__file__).parent / "mutations"


class Mend(Exception):
    """A mutation that no longer fits the source; the text says what is to be mended where."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One safeguard, taken out.

    Args:
        name: what is taken out, in words.
        promises: the numbers of the promises that lose their ground.
        file: the changed file.
        find: what stands there now, exactly once.
        replace: what stands there instead.
        test: ``file::name`` of a quick test that must fail then.
        place: where this mutation is written down, for messages.
    """

    name: str
    promises: tuple[int, ...]
    file: str
    find: str
    replace: str
    test: str
    place: str

    def apply(self, tree: Path) -> str:
        """Change the file in ``tree``; gives what stood in it before.

        Raises:
            Mend: it does not fit.
        """
        path = tree / self.file
        if not path.is_file():
            raise self._mend(f"there is no {self.file} any more")
        before = path.read_text(encoding="utf-8")
        path.write_text(self.changed(before), encoding="utf-8")
        return before

    def changed(self, text: str) -> str:
        """The text of the file, changed.

        Raises:
            Mend: what it looks for does not stand there exactly once, or makes no Python.
        """
        times = text.count(self.find)
        if times != 1:
            raise self._mend(
                f"no longer applies: its find stands {times} times in {self.file}; it must be "
                f"there once. It is:\n    {self.find.strip().splitlines()[0]}"
            )
        changed = text.replace(self.find, self.replace)
        if self.file.endswith(".py"):
            try:
                ast.parse(changed)
            except SyntaxError as error:
                raise self._mend(f"its replace makes no Python (line {error.lineno})") from None
        return changed

    def check(self, root: Path = ROOT) -> None:
        """That it fits the source, and that its test exists.

        Raises:
            Mend: it does not, or there is none.
        """
        path = root / self.file
        if not path.is_file():
            raise self._mend(f"there is no {self.file} any more")
        self.changed(path.read_text(encoding="utf-8"))
        try:
            node_ids(self.test, root)
        except (ValueError, OSError) as error:
            raise self._mend(str(error)) from None

    def _mend(self, what: str) -> Mend:
        return Mend(f"{self.place}: '{self.name}': {what}")


def load(folder: Path = FOLDER) -> list[Mutation]:
    """Every mutation, file after file.

    A test that a promise names may be given by its name alone, so that it may move to another file.

    Raises:
        Mend: an entry has other fields than it should, or two have one name.
    """
    named = _named()
    found: list[Mutation] = []
    for path in sorted(folder.glob("*.yml")):
        top = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        for node, entry in zip(top.value, entries, strict=True):
            place = f"{path.name}:{node.start_mark.line + 1}"
            try:
                known = {"promises": tuple(entry["promises"]), "test": _test(entry["test"], named)}
                one = Mutation(**entry | known, place=place)
            except (TypeError, KeyError) as error:
                raise Mend(f"{place}: {error}") from None
            if any(other.name == one.name for other in found):
                raise Mend(f"{place}: '{one.name}' is there twice")
            found.append(one)
    return found


def _named() -> dict[str, set[str]]:
    """The tests that promises name: by their name alone, where they are."""
    found: dict[str, set[str]] = {}
    for promise in read():
        for test in promise.tests:
            found.setdefault(test.partition("::")[2], set()).add(test)
    return found


def _test(given: str, named: dict[str, set[str]]) -> str:
    if "::" in given:
        return given
    places = named.get(given, set())
    if len(places) != 1:
        raise KeyError(f"{given} is named by no promise, or stands in several files; add the file")
    return next(iter(places))
