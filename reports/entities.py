"""The organizations, and finding one in what a person wrote.

Sending a report to the wrong organization would tell strangers of it, so nothing is guessed:
a name counts when it is written out exactly (accents, case, hyphens and full stops aside), a name
that could mean something else is only ever a suggestion, and so is everything that is merely
similar. The dialogue shows the full name and asks, whatever was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from catalogue import ContentError, Located, load_yaml
from catalogue.messages import BASE, LANGUAGES
from reports.names import Names, normal

KINDS = (
    "secretariat",
    "specialised-agency",
    "related-organization",
    "fund-or-programme",
    "other",
)

#: Suggestions shown at a time: more than a person in distress can weigh helps nobody.
MOST_CANDIDATES = 6

_FIELDS = {"code", "kind", "part_of", "name", "short", "aliases", "ambiguous"}
_AMBIGUOUS_FIELDS = {"name", "or", "word", "generic"}


@dataclass(frozen=True, slots=True)
class Entity:
    """An organization whose personnel may be complained of.

    Args:
        code: the English short name; the same in routes and reports.
        kind: one of ``KINDS``.
        part_of: the code of the organization it belongs to.
        names: the official name by language.
        shorts: the short name by language.
    """

    code: str
    kind: str
    part_of: str | None
    names: Mapping[str, str]
    shorts: Mapping[str, str]

    def name(self, lang: str) -> str:
        """The official name, in English where the language has none."""
        return self.names.get(lang, self.names[BASE])

    def full(self, lang: str) -> str:
        """The official name with the short one behind it, as it is shown to be confirmed."""
        name, short = self.name(lang), self.shorts.get(lang, self.shorts[BASE])
        return name if normal(short) in normal(name).split() else f"{name} ({short})"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name an organization goes by.

    Args:
        name: as written in the content.
        codes: whom it may mean, its owner first.
        sure: it means its owner and nothing else.
        word: it is an ordinary word or a first name as well.
        generic: it may mean the whole system.
    """

    name: str
    codes: tuple[str, ...]
    sure: bool = True
    word: bool = False
    generic: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a text was found to name.

    Args:
        exact: the only organization it names, by a name that can mean nothing else.
        candidates: all that it may mean, likeliest first; ``exact`` is among them.
        must_confirm: nothing here may be taken without the person choosing it.
    """

    exact: Entity | None
    candidates: tuple[Entity, ...]
    must_confirm: bool


class Entities:
    """All organizations, with all their names.

    Args:
        entities: in the order in which the content lists them.
        aliases: every name they go by, official and short ones included.
    """

    def __init__(self, entities: Sequence[Entity], aliases: Sequence[Alias]) -> None:
        self._by_code = {entity.code: entity for entity in entities}
        self._aliases = {normal(alias.name): alias for alias in aliases}
        self._names = Names(self._aliases, {name for name, a in self._aliases.items() if a.word})

    @classmethod
    def load(cls, content: Path) -> Entities:
        """Read ``content/entities.yml``.

        Raises:
            ContentError: a field is missing or unknown, a code or a name stands twice, or a code
                is named that does not exist.
        """
        return _Reader(content / "entities.yml").read()

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str) -> Entity | None:
        """The organization with this code."""
        return self._by_code.get(code)

    def named_in(self, text: str) -> Entity | None:
        """The one organization that a text names, where a mistake would do no harm.

        A name that is an ordinary word as well counts in capitals. A report is never sent on
        this; for that see ``find``, and the person is asked.

        Args:
            text: what the person wrote, in any language.
        """
        hits = [self._aliases[name] for name in self._names.written_in(text)]
        codes = {code for hit in hits if not hit.generic for code in hit.codes}
        return self._by_code[codes.pop()] if len(codes) == 1 else None

    def find(self, text: str) -> Found:
        """Which organization a text names: a short name, a full one, or either in a sentence.

        Args:
            text: what the person wrote, in any language.

        Returns:
            An exact match only for one unambiguous name, spelled right. Otherwise candidates:
            ambiguous names first, else small typing mistakes, else names that share a telling
            word with the text. Nothing found: no candidates.
        """
        hits = [self._aliases[name] for name in self._names.written_in(text)]
        if any(not hit.generic for hit in hits):
            # "the UN in Goma, with WFP": the general name gives way to the particular one.
            hits = [hit for hit in hits if not hit.generic]
        sure = all(hit.sure for hit in hits)
        codes = [code for hit in hits for code in hit.codes[:1]]
        codes += [code for hit in hits for code in hit.codes[1:]]
        if not codes:
            sure = False
            similar = self._names.misspelled_in(text) or self._names.sharing_words_with(text)
            codes = [code for name in similar for code in self._aliases[name].codes]
        found = tuple(self._by_code[code] for code in dict.fromkeys(codes))[:MOST_CANDIDATES]
        if sure and len(found) == 1:
            return Found(found[0], found, must_confirm=False)
        return Found(None, found, must_confirm=True)


class _Reader:
    """Turns the content file into entities, or says what to mend in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entities: list[Entity] = []
        self.aliases: dict[str, Alias] = {}

    def read(self) -> Entities:
        document = load_yaml(self.path)
        if not isinstance(document, Located) or not isinstance(document.get("entities"), list):
            raise ContentError(self.path, 0, "'entities' is missing", "list the entities under it")
        rows = document["entities"]
        known = {row.get("code") for row in rows if isinstance(row, Located)}
        for row in rows:
            if not isinstance(row, Located):
                raise ContentError(self.path, 0, "an entity is not a mapping", "write 'code: …'")
            self._entity(row, known)
        return Entities(self.entities, tuple(self.aliases.values()))

    def _entity(self, row: Located, known: set[Any]) -> None:
        for field in sorted(row.keys() - _FIELDS):
            self._refuse(row, field, f"'{field}' is unknown", "remove it")
        code = row.get("code")
        if not isinstance(code, str) or not code:
            self._refuse(row, "code", "'code' is missing", "write the English short name")
        if any(entity.code == code for entity in self.entities):
            self._refuse(row, "code", f"'{code}' stands twice", "keep one of the two")
        if row.get("kind") not in KINDS:
            self._refuse(row, "kind", "'kind' is unknown", f"use one of {', '.join(KINDS)}")
        if row.get("part_of") not in {None, *known} or row.get("part_of") == code:
            self._refuse(row, "part_of", "'part_of' names no other entity", "use its code")
        names, shorts = self._by_language(row, "name"), self._by_language(row, "short")
        self.entities.append(Entity(code, row["kind"], row.get("part_of"), names, shorts))
        self._ambiguous(row, code, known)
        own = [code, *names.values(), *shorts.values()]
        own += [name.partition(" (")[0] for name in names.values()]
        for name in own:
            self._add(row, "name", Alias(name, (code,)))
        for name in self._listed(row):
            self._add(row, "aliases", Alias(name, (code,)))

    def _by_language(self, row: Located, field: str) -> dict[str, str]:
        found = row.get(field)
        if not isinstance(found, Located) or not all(isinstance(v, str) for v in found.values()):
            self._refuse(row, field, f"'{field}' is missing", "give it in English and French")
        for lang in (BASE, "fr"):
            if not found.get(lang):
                self._refuse(row, field, f"'{field}' has no '{lang}'", "add it")
        return dict(found)

    def _listed(self, row: Located) -> list[str]:
        lists = row.get("aliases") or Located(row.line)
        for lang, names in lists.items():
            if lang not in LANGUAGES or not isinstance(names, list):
                self._refuse(row, "aliases", f"'{lang}' lists no aliases", "write 'fr: [PAM]'")
        return [str(name) for names in lists.values() for name in names]

    def _ambiguous(self, row: Located, code: str, known: set[Any]) -> None:
        for one in row.get("ambiguous") or []:
            if not isinstance(one, Located) or not isinstance(one.get("name"), str):
                self._refuse(row, "ambiguous", "an ambiguous name has no 'name'", "add it")
            for field in sorted(one.keys() - _AMBIGUOUS_FIELDS):
                self._refuse(one, field, f"'{field}' is unknown", "remove it")
            others = one.get("or", [])
            for other in others:
                if other not in known or other == code:
                    self._refuse(one, "or", f"'{other}' is no other entity", "use its code")
            alias = Alias(
                name=one["name"],
                codes=(code, *others),
                sure=False,
                word=one.get("word", False) is True,
                generic=one.get("generic", False) is True,
            )
            if normal(alias.name) in self.aliases:
                self._refuse(one, "name", f"'{alias.name}' stands twice", "keep one of the two")
            self.aliases[normal(alias.name)] = alias

    def _add(self, row: Located, field: str, alias: Alias) -> None:
        """Note a name; one that two entities go by must say so under ``ambiguous``."""
        there = self.aliases.setdefault(normal(alias.name), alias)
        if there.codes[0] != alias.codes[0]:
            self._refuse(
                row,
                field,
                f"'{alias.name}' is also a name of '{there.codes[0]}'",
                "list it under 'ambiguous' of one, with the other under 'or'",
            )

    def _refuse(self, row: Located, field: str, problem: str, remedy: str) -> NoReturn:
        raise ContentError(self.path, row.line_of(field), problem, remedy)
