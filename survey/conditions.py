"""The small language of conditions: which question is asked, given the answers before it.

    Q7 has stay_safe, work_changes          any of these was chosen
    Q7 has other than none, prefer_not      anything else was chosen
    Q7 lacks none, prefer_not               answered, and none of these was chosen

Clauses are joined by ``and`` and ``or``; ``and`` binds closer. There are no brackets and no
``not``: all that a questionnaire needs, readable to its owners, and sayable in XLSForm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Verb = Literal["has", "has other than", "lacks"]
Answers = Mapping[str, Sequence[str]]

_CLAUSE = re.compile(r"(?P<item>\w+)\s+(?P<verb>has\s+other\s+than|has|lacks)\s+(?P<codes>.+)")
_CODES = re.compile(r"\w+(\s*,\s*\w+)*")


class ConditionError(Exception):
    """A condition is not written in the language above."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of one item's answer with some of its codes."""

    item: str
    verb: Verb
    codes: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether it is true; of an item without an answer nothing is true."""
        chosen = answers.get(self.item)
        if not chosen:
            return False
        named = any(code in self.codes for code in chosen)
        if self.verb == "has":
            return named
        if self.verb == "lacks":
            return not named
        return any(code not in self.codes for code in chosen)


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives (joined by ``or``) of clauses (joined by ``and``)."""

    source: str
    alternatives: tuple[tuple[Clause, ...], ...]

    @classmethod
    def parse(cls, source: str) -> Condition:
        """Read a condition.

        Raises:
            ConditionError: it is not in the language; the text says which part.
        """
        alternatives = tuple(
            tuple(_clause(part) for part in re.split(r"\band\b", alternative))
            for alternative in re.split(r"\bor\b", source)
        )
        return cls(source.strip(), alternatives)

    def holds(self, answers: Answers) -> bool:
        """Whether it is true of these answers (item id to chosen codes)."""
        return any(all(c.holds(answers) for c in clauses) for clauses in self.alternatives)

    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of writing."""
        return tuple(clause for clauses in self.alternatives for clause in clauses)


def _clause(part: str) -> Clause:
    found = _CLAUSE.fullmatch(part.strip())
    if found is None or not _CODES.fullmatch(found["codes"].strip()):
        raise ConditionError(part.strip())
    verb = " ".join(found["verb"].split())
    codes = tuple(code.strip() for code in found["codes"].split(","))
    return Clause(found["item"], verb, codes)  # type: ignore[arg-type]
