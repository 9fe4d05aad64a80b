"""Whether a value is as a published OpenAPI (Swagger 2) description says: nothing more or less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


class Description:
    """A description from a file.

    Args:
        path: of the JSON file.
    """

    def __init__(self, path: Path) -> None:
        self.whole = json.loads(path.read_text(encoding="utf-8"))

    def operation(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
        """The operation, and the parts of the path that have names; ``None`` if there is none."""
        parts = path.strip("/").split("/")
        for template, methods in self.whole["paths"].items():
            names = template.strip("/").split("/")
            if len(names) != len(parts) or method.lower() not in methods:
                continue
            named = {n[1:-1]: p for n, p in zip(names, parts, strict=True) if n.startswith("{")}
            if all(n == p or n[1:-1] in named for n, p in zip(names, parts, strict=True)):
                return methods[method.lower()], named
        return None

    def problems(self, schema: dict[str, Any], value: Any, place: str = "") -> Iterator[str]:
        """Everything that is not as described; a name that is not described is a problem."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self.problems(self.whole["definitions"][name], value, place or name)
            return
        kind = schema.get("type", "object")
        right = isinstance(value, _TYPES[kind])
        if not right or (isinstance(value, bool) and kind in ("integer", "number")):
            yield f"{place}: not of type {kind}"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{place}: none of the values"
        elif kind == "array":
            for one in value:
                yield from self.problems(schema.get("items", {}), one, f"{place}[]")
        elif kind == "object":
            yield from self._fields(schema, value, place)

    def _fields(self, schema: dict[str, Any], value: dict[str, Any], place: str) -> Iterator[str]:
        known = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{place}.{name}: missing"
        for name, one in value.items():
            if name in known:
                yield from self.problems(known[name], one, f"{place}.{name}")
            elif "additionalProperties" in schema:
                yield from self.problems(schema["additionalProperties"], one, f"{place}.{name}")
            else:
                yield f"{place}.{name}: not described"
