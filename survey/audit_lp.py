"""A linear program that is asked many questions: how small, how large can this sum be?

The solver is HiGHS, loaded only where it is used, since every command imports this module. The
program is handed over once; only the question changes, so each answer starts from the one before.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy

#: A sum of unknowns, each with its factor.
Sum = Mapping[Hashable, float]

#: Numbers that HiGHS leaves this close to a whole one are meant to be whole.
_CLOSE = 1e-5


class Contradiction(Exception):
    """No counts at all fit what was published."""


@dataclass(slots=True)
class Program:
    """Unknown counts (never negative), and what is known of sums of them."""

    _columns: dict[Hashable, int] = field(default_factory=dict)
    _rows: list[tuple[float, float, tuple[int, ...], tuple[float, ...]]] = field(
        default_factory=list
    )
    _solver: highspy.Highs | None = None

    def know(self, what: Sum, low: float = -math.inf, high: float = math.inf) -> None:
        """The sum lies between ``low`` and ``high``, both included."""
        factors: dict[int, float] = {}
        for unknown, factor in what.items():
            at = self._columns.setdefault(unknown, len(self._columns))
            factors[at] = factors.get(at, 0.0) + factor
        self._rows.append((low, high, tuple(factors), tuple(factors.values())))
        self._solver = None

    def bounds(self, what: Sum) -> tuple[int, int | None]:
        """The least and the greatest whole number that the sum can be.

        Returns:
            ``None`` in the second place when nothing bounds it.

        Raises:
            Contradiction: no counts at all fit.
        """
        import highspy

        solver = self._solver or self._build()
        low = self._extreme(solver, what, highspy.ObjSense.kMinimize)
        high = self._extreme(solver, what, highspy.ObjSense.kMaximize)
        least = 0 if low is None else math.ceil(low - _CLOSE)
        return least, None if high is None else math.floor(high + _CLOSE)

    def _build(self) -> highspy.Highs:
        import highspy
        import numpy as np

        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            solver.setOptionValue(option, value)
        count = len(self._columns)
        solver.addVars(count, np.zeros(count), np.full(count, highspy.kHighsInf))
        for low, high, at, factors in self._rows:
            solver.addRow(low, high, len(at), np.array(at, np.int32), np.array(factors))
        self._solver = solver
        return solver

    def _extreme(self, solver: highspy.Highs, what: Sum, sense: highspy.ObjSense) -> float | None:
        import highspy
        import numpy as np

        costs = np.zeros(len(self._columns))
        for unknown, factor in what.items():
            if unknown not in self._columns:  # nothing was ever said of it
                return 0.0 if sense == highspy.ObjSense.kMinimize else None
            costs[self._columns[unknown]] += factor
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        solver.changeObjectiveSense(sense)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(solver.getObjectiveValue())
        if status in (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ) and self._feasible(solver):
            return None
        raise Contradiction

    def _feasible(self, solver: highspy.Highs) -> bool:
        import highspy
        import numpy as np

        count = len(self._columns)
        solver.changeColsCost(count, np.arange(count, dtype=np.int32), np.zeros(count))
        solver.run()
        return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
