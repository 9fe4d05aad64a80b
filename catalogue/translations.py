"""What each language has of all that people read, what it lacks, and what has grown stale.

English is the base. Whoever translates a text, or has looked at it again after the English
changed, accepts it: then a fingerprint of the English it was made from is kept beside the content
(``content/translated/<lang>.yml``). A text whose English has another fingerprint now is stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from catalogue import plurals
from catalogue.loader import load_yaml
from catalogue.messages import BASE, LANGUAGES

#: Where the fingerprints are.
FOLDER = "translated"

#: Lists of other names for a thing: each language has as many as it needs.
_OPTIONAL = frozenset({"aliases", "also", "ambiguous"})
#: Not read by people who use the service, or made for each language by itself.
_LEFT_OUT = frozenset({FOLDER, "gate", "demo"})

#: A text in all its languages, by a name that says where it stands.
Units = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is to be done for one language.

    Args:
        missing: names of texts that there is no translation of.
        stale: names of texts whose English has changed since.
    """

    lang: str
    missing: tuple[str, ...]
    stale: tuple[str, ...]


def units(content: Path) -> Units:
    """Every text below ``content`` that is to be translated, in the languages it has.

    Args:
        content: the folder of all content.

    Raises:
        ContentError: a file is not YAML.
    """
    found: Units = {}
    for lang in LANGUAGES:
        for path in sorted((content / "messages" / lang).glob("*.yml")):
            for name, text in _leaves(load_yaml(path), path.stem):
                found.setdefault(f"messages/{name}", {})[lang] = text
    for path in sorted(content.rglob("*.yml")):
        within = path.relative_to(content)
        if within.parts[0] != "messages" and not _LEFT_OUT & set(within.parts):
            place = within.with_suffix("").as_posix()
            found.update(_within(load_yaml(path), place))
    return {name: texts for name, texts in found.items() if BASE in texts}


def gaps(content: Path, lang: str) -> Gaps:
    """What one language lacks."""
    all_units, accepted = units(content), _accepted(content, lang)
    missing = [name for name, texts in all_units.items() if lang not in texts]
    stale = [
        name
        for name, texts in all_units.items()
        if lang in texts and accepted.get(name) != fingerprint(texts[BASE])
    ]
    return Gaps(lang, tuple(missing), tuple(stale))


def accept(content: Path, lang: str, names: Iterable[str] | None = None) -> int:
    """Keep that translations fit the English of today.

    Args:
        content: the folder of all content.
        lang: the language.
        names: of the texts; all that are translated if not given.

    Returns:
        how many were stale until now.
    """
    wanted = None if names is None else set(names)
    accepted, done = _accepted(content, lang), 0
    kept: dict[str, str] = {}
    for name, texts in units(content).items():
        if lang not in texts:
            continue
        now = fingerprint(texts[BASE])
        if wanted is None or name in wanted:
            done += accepted.get(name) != now
            kept[name] = now
        elif name in accepted:
            kept[name] = accepted[name]
    path = content / FOLDER / f"{lang}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=True), encoding="utf-8")
    return done


def fingerprint(text: object) -> str:
    """Eight hex digits of a text's SHA-256: enough to see a change, too few to bloat a diff."""
    return hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()[:8]


def _accepted(content: Path, lang: str) -> Mapping[str, str]:
    path = content / FOLDER / f"{lang}.yml"
    return load_yaml(path) or {} if path.exists() else {}


def _leaves(node: object, name: str) -> Iterator[tuple[str, object]]:
    if isinstance(node, dict) and not plurals.is_plural(node):
        for key, value in node.items():
            yield from _leaves(value, f"{name}.{key}")
    elif node is not None:
        # The forms of a plural differ from language to language: the text is one unit.
        yield name, node


def _within(node: object, place: str) -> Units:
    """The texts of a file that holds all its languages side by side."""
    if isinstance(node, list):
        found: Units = {}
        for number, value in enumerate(node):
            known = value if isinstance(value, dict) else {}
            label = known.get("code") or known.get("id") or known.get("family") or number
            found.update(_within(value, f"{place}/{label}"))
        return found
    if not isinstance(node, dict):
        return {}
    spoken = {lang: node[lang] for lang in LANGUAGES if lang in node}
    found = {place: dict(spoken)} if BASE in spoken else {}
    for key, value in node.items():
        if key not in spoken and key not in _OPTIONAL:
            found.update(_within(value, f"{place}/{key}"))
    return found
