"""YAML with line numbers, and without the silent duplicate keys that YAML readers allow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from catalogue.errors import ContentError


class Located(dict[str, Any]):
    """A mapping that remembers where each of its keys stands.

    ``line`` is the mapping's own first line, ``lines`` maps each key to its line (from 1).
    """

    line: int
    lines: dict[str, int]

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines = {}

    def line_of(self, key: str) -> int:
        """The line of ``key``, or the mapping's own line when the key is missing."""
        return self.lines.get(key, self.line)


class _Loader(yaml.SafeLoader):
    path: Path


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    found = Located(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):  # its text could grow without end by aliases
            line = key_node.start_mark.line + 1
            raise ContentError(loader.path, line, "a key is no word", "write a word before the ':'")
        key = str(loader.construct_object(key_node, deep=True))
        line = key_node.start_mark.line + 1
        if key in found:
            raise ContentError(
                loader.path, line, f"the key '{key}' stands twice", "keep one of the two"
            )
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = line
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(path: Path) -> Any:
    """Read one YAML file; every mapping in it is a ``Located``.

    YAML 1.1 reads a bare ``no``, ``on`` or ``yes`` as a truth value; keys are turned back into
    text, values are not, so content files quote such words.

    Args:
        path: the file.

    Returns:
        The parsed document (``None`` for an empty file).

    Raises:
        ContentError: the file is missing, is not YAML, or has a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(path, 0, "the file is missing", "restore it") from None
    except UnicodeDecodeError:
        raise ContentError(path, 0, "the file is not UTF-8", "save it as UTF-8") from None
    try:
        loader = _Loader(text)
    except yaml.YAMLError:
        raise ContentError(path, 0, "this is not YAML", "save it as plain text") from None
    loader.path = path
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContentError(
            path, line, f"this is not YAML ({error.problem})", "mend the line"
        ) from None
    except yaml.YAMLError:  # a sign that no text has
        raise ContentError(path, 0, "this is not YAML", "save it as plain text") from None
    except RecursionError:
        raise ContentError(path, 0, "this is nested too deeply", "write it flatter") from None
    except (ValueError, TypeError, AttributeError, OverflowError):
        # The library's makers of dates, numbers and the like fail with whatever comes.
        raise ContentError(path, 0, "a date or number is none", "put it in quotes") from None
    finally:
        loader.dispose()
