"""Several of the pages' modules as one file, so that a slow connection fetches once.

Good for modules of this project's own style only: named imports from files beside, named exports
at the beginning of a line.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([./\w-]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_REMARK = re.compile(r"^ *(?:/\*\*?(?:.|\n)*?\*/|//.*)\n", re.MULTILINE)


def bundle(entry: Path) -> str:
    """One module that exports what the entry exports.

    Args:
        entry: the module that imports the others.

    Raises:
        FileNotFoundError: a module imports what is not there.
    """
    order: list[Path] = []
    _collect(entry.resolve(), order)
    names = {path: f"m{number}" for number, path in enumerate(order)}
    parts = [_wrapped(path, names) for path in order]
    exported = ", ".join(_exports(entry.resolve()))
    return "".join(parts) + f"export const {{ {exported} }} = {names[order[-1]]};\n"


def _collect(path: Path, order: list[Path]) -> None:
    for _, target in _IMPORT.findall(path.read_text(encoding="utf-8")):
        _collect((path.parent / target).resolve(), order)
    if path not in order:
        order.append(path)


def _exports(path: Path) -> list[str]:
    return [name for _, name in _EXPORT.findall(path.read_text(encoding="utf-8"))]


def _wrapped(path: Path, names: dict[Path, str]) -> str:
    source = path.read_text(encoding="utf-8")

    def given(match: re.Match[str]) -> str:
        module = names[(path.parent / match[2]).resolve()]
        return f"const {{{match[1]}}} = {module};\n"

    # Remarks are for whoever reads the source, which is published; here they are only weight.
    body = _REMARK.sub("", _EXPORT.sub(r"\1", _IMPORT.sub(given, source)))
    exported = ", ".join(_exports(path))
    return f"const {names[path]} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"
