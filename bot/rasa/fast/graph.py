"""The graph, walked straight through.

Stock Rasa prunes its graph, builds a dask graph and has dask schedule it, for each message and
each prediction, although the order is always the same. Here the order is worked out once for each
target and the nodes are called in it.
"""

from __future__ import annotations

from typing import Any

import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

_Plan = list[tuple[str, GraphNode, tuple[str, ...]]]


class DirectRunner(DaskGraphRunner):
    """Runs the same nodes in a fixed order, without a scheduler."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """As in the parent class, which also defines the errors."""
        wanted = tuple(targets or self._graph_schema.target_names)
        values = dict(inputs or {})
        if any(value in self._instantiated_nodes for value in values.values() if _is_text(value)):
            return super().run(inputs, targets)  # a clash of names: the parent explains it
        try:
            for name, node, needs in self._plan(wanted):
                if name not in values:
                    given = ((need, values[need]) if need in values else need for need in needs)
                    values[name] = node(*given)[1]
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: values[name] for name in wanted}

    def _plan(self, wanted: tuple[str, ...]) -> _Plan:
        plans: dict[tuple[str, ...], _Plan] = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = self._new_plan(wanted)
        return plans[wanted]

    def _new_plan(self, wanted: tuple[str, ...]) -> _Plan:
        nodes = self._graph_schema.nodes
        order: dict[str, tuple[str, ...]] = {}

        def add(name: str) -> None:
            if name in order or name not in nodes:
                return  # what is no node is an input
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                add(need)
            order[name] = needs

        for name in wanted:
            add(name)
        return [(name, self._instantiated_nodes[name], needs) for name, needs in order.items()]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def install() -> None:
    """Let models be loaded into this runner."""
    rasa.core.processor.DaskGraphRunner = DirectRunner
