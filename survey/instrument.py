"""An instrument file: ``load`` gives one that is fit for use or raises; ``check`` lists everything
that is wrong with it, with line and remedy, for its owners to mend.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from catalogue import ContentError
from survey.checks import find_problems
from survey.model import Instrument, Problem
from survey.reading import read

__all__ = ["Instrument", "Problem", "check", "load", "load_all", "newest"]


def check(path: Path) -> list[Problem]:
    """Everything that is wrong with an instrument file, in the order of its lines.

    Args:
        path: the file; one that is missing or is not YAML gives one problem.
    """
    try:
        instrument, located, problems = read(path)
    except ContentError as error:
        return [Problem(error.line, error.problem, error.remedy)]
    if instrument is not None:
        problems += find_problems(instrument, located)
    return sorted(set(problems), key=lambda p: (p.line, p.problem))


def load(path: Path) -> Instrument:
    """Read an instrument that is fit for use.

    Raises:
        ContentError: the file has a problem; the first one is named (``check`` names all).
    """
    instrument, located, problems = read(path)
    if instrument is not None:
        problems += find_problems(instrument, located)
    for problem in sorted(problems, key=lambda p: p.line):
        raise ContentError(path, problem.line, problem.problem, problem.remedy)
    assert instrument is not None  # noqa: S101  (read gives an instrument or problems)
    return instrument


def load_all(content: Path) -> dict[str, Instrument]:
    """Every instrument below ``content/instruments``, by its ``ref``.

    Raises:
        ContentError: one is broken, or two have the same id and version.
    """
    found: dict[str, Instrument] = {}
    for path in sorted((content / "instruments").glob("*.yml")):
        instrument = load(path)
        if instrument.ref in found:
            raise ContentError(
                path, 0, "another file has the same id and version", "give this one a new version"
            )
        found[instrument.ref] = instrument
    return found


def newest(instruments: Mapping[str, Instrument], name: str) -> Instrument:
    """The newest version of an instrument.

    Raises:
        KeyError: there is none of that name.
    """
    versions = [i for i in instruments.values() if i.id == name]
    if not versions:
        raise KeyError(name)
    return max(versions, key=lambda i: i.version)
