"""Several of the pages' modules as one file, so that a slow connection fetches once.

Good for modules written as ours and the vendored ones are: named imports, and exports that begin a
line. The same sources give the same bytes.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r"""^import \{([^}]*)\} from (["'])([@./\w-]+)\2;\n""", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_LIST = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_REMARK = re.compile(r"^ *(?:/\*(?!!)(?:(?!\*/)(?:.|\n))*\*/|//.*)\n", re.MULTILINE)


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
    for _, _, target in _IMPORT.findall(path.read_text(encoding="utf-8")):
        _collect(_found(path, target), order)
    if path not in order:
        order.append(path)


def _found(path: Path, target: str) -> Path:
    """The file that an import means: one beside, or one of a package, as Node finds it."""
    if target.startswith("."):
        return (path.parent / target).resolve()
    for folder in path.parents:
        if (file := folder / "node_modules" / target).is_file():
            return file
    raise FileNotFoundError(target)


def _exports(path: Path) -> dict[str, str]:
    """What a module exports, and under which name it has it itself."""
    source = path.read_text(encoding="utf-8")
    found = {name: name for _, name in _EXPORT.findall(source)}
    for names in _LIST.findall(source):
        for one in filter(None, (part.strip() for part in names.split(","))):
            own, _, outside = one.partition(" as ")
            found[outside or own] = own
    return found


def _wrapped(path: Path, names: dict[Path, str]) -> str:
    source = path.read_text(encoding="utf-8")

    def given(match: re.Match[str]) -> str:
        module = names[_found(path, match[3])]
        return f"const {{{match[1].replace(' as ', ': ')}}} = {module};\n"

    # Remarks are for whoever reads the source, which is published; here they are only weight. What
    # begins with an exclamation mark is a notice of whose work it is, and stays.
    body = _LIST.sub("", _EXPORT.sub(r"\1", _IMPORT.sub(given, source)))
    exported = ", ".join(
        name if name == own else f"{name}: {own}" for name, own in _exports(path).items()
    )
    named = names[path]
    return f"const {named} = (() => {{\n{_REMARK.sub('', body)}return {{ {exported} }};\n}})();\n"
