"""What a release says, without words and without languages: the published figures, the rules they
were made by, and the shape of the questionnaire. All of it is public.

The auditor works on facts alone, the log of releases keeps them, and everybody who has a release
has them (in ``audit.json``), so that everybody can audit it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class FactsError(Exception):
    """These are no facts of a release; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure; ``count`` and ``percent`` are ``None`` when it is hidden."""

    code: str
    count: int | None
    percent: float | None


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of one item, of everybody or of one group.

    Args:
        item: what was asked.
        by: the item that makes the groups; empty for everybody.
        group: the code of the group; empty for everybody.
        answered: how many answered (of the group); ``None`` when it is hidden.
        figures: one for each option, whether shown or hidden.
    """

    item: str
    by: str
    group: str
    answered: int | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What everybody knows of an item: its kind, options, and of whom it is asked."""

    item: str
    kind: str
    codes: tuple[str, ...]
    alone: tuple[str, ...]
    ask_if: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What one release says.

    Args:
        round_id: the round that is released.
        parts: the rounds whose answers are counted together, this one among them.
        instrument: id and version of the questionnaire.
        population: a hash of all sealed answers together; empty when they were not sealed.
        answers: how many people answered.
        rounded_to: every count is the nearest multiple of this; 1 means exact.
        least: no shown count is smaller.
        columns: all that is published.
        shapes: the questionnaire's items.
    """

    round_id: str
    parts: tuple[str, ...]
    instrument: str
    population: str
    answers: int
    rounded_to: int
    least: int
    columns: tuple[Column, ...]
    shapes: tuple[Shape, ...]

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON values."""
        return {
            "round": self.round_id,
            "parts": list(self.parts),
            "instrument": self.instrument,
            "population": self.population,
            "answers": self.answers,
            "rounded_to": self.rounded_to,
            "least": self.least,
            "columns": [_column(column) for column in self.columns],
            "shapes": [
                {
                    "item": shape.item,
                    "kind": shape.kind,
                    "codes": list(shape.codes),
                    "alone": list(shape.alone),
                    "ask_if": shape.ask_if,
                }
                for shape in self.shapes
            ],
        }

    @classmethod
    def from_json(cls, parts: Mapping[str, Any]) -> Facts:
        """Facts that were written by :meth:`to_json`.

        Raises:
            FactsError: they were not.
        """
        try:
            return cls(
                round_id=str(parts["round"]),
                parts=tuple(map(str, parts["parts"])),
                instrument=str(parts["instrument"]),
                population=str(parts["population"]),
                answers=int(parts["answers"]),
                rounded_to=int(parts["rounded_to"]),
                least=int(parts["least"]),
                columns=tuple(map(_read_column, parts["columns"])),
                shapes=tuple(map(_read_shape, parts["shapes"])),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise FactsError("these are no facts of a release; take them from audit.json") from None


def _column(column: Column) -> dict[str, Any]:
    return {
        "item": column.item,
        "by": column.by,
        "group": column.group,
        "answered": column.answered,
        "figures": {f.code: [f.count, f.percent] for f in column.figures},
    }


def _read_column(parts: Mapping[str, Any]) -> Column:
    answered = parts["answered"]
    return Column(
        item=str(parts["item"]),
        by=str(parts["by"]),
        group=str(parts["group"]),
        answered=None if answered is None else int(answered),
        figures=tuple(
            Figure(
                str(code),
                None if count is None else int(count),
                None if percent is None else float(percent),
            )
            for code, (count, percent) in parts["figures"].items()
        ),
    )


def _read_shape(parts: Mapping[str, Any]) -> Shape:
    return Shape(
        item=str(parts["item"]),
        kind=str(parts["kind"]),
        codes=tuple(map(str, parts["codes"])),
        alone=tuple(map(str, parts["alone"])),
        ask_if=str(parts["ask_if"]),
    )
