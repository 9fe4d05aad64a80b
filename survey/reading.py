"""From the YAML of an instrument to its objects, noting each thing that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue import ContentError, Located, load_yaml
from survey.model import (
    KINDS,
    MEASURES,
    BreakdownOf,
    Consent,
    Gate,
    GateOption,
    Instrument,
    Item,
    Note,
    Offer,
    Problem,
    Section,
    Words,
)
from survey.option_fields import OptionFields

_TOP = [
    "id",
    "version",
    "languages",
    "minutes",
    "title",
    "consent",
    "gate",
    "standard_options",
    "scales",
    "sections",
    "short_form",
    "tables",
    "breakdowns",
    "precedents",
]
_ITEM = [
    "id",
    "type",
    "short",
    "text",
    "options",
    "scale",
    "why",
    "warn",
    "max_chars",
    "ask_if",
    "after",
    "precedent",
    "risk",
    "measures",
]
_RISKS = ("low", "medium", "high")
CHANNELS = ("web", "telegram", "whatsapp", "sms", "signal")

#: Lines of items, for checks that come after reading: ``(item id, key)`` to line.
Lines = dict[tuple[str, str], int]


def read(path: Path) -> tuple[Instrument | None, Lines, list[Problem]]:
    """Read an instrument file.

    Returns:
        The instrument (``None`` when it is too broken to be one), where its parts stand, and
        the problems found so far.

    Raises:
        ContentError: the file is missing, is not YAML, or has a key twice.
    """
    root = load_yaml(path)
    if not isinstance(root, Located):
        raise ContentError(path, 0, "this is not an instrument", "start it with 'id:'")
    reader = _Reader(root)
    instrument = reader.instrument()
    return (None if reader.problems else instrument), reader.lines, reader.problems


class _Reader(OptionFields):
    def __init__(self, root: Located) -> None:
        super().__init__(root)
        self.lines: Lines = {}

    def instrument(self) -> Instrument:
        root = self.root
        self.keys(root, _TOP)
        self.read_shared()
        sections = tuple(self.section(s) for s in self.rows(root, "sections"))
        for key in ("short_form", "tables", "breakdowns"):
            self.lines["", key] = root.line_of(key)
        return Instrument(
            id=self.text(root, "id"),
            version=self.number(root, "version"),
            languages=self.languages,
            minutes=self.number(root, "minutes"),
            title=self.words(root, "title"),
            consent=self.consent(self.mapping(root, "consent")),
            gate=self.gate(self.mapping(root, "gate")),
            sections=sections,
            short_form=self.names(root, "short_form"),
            tables=self.names(root, "tables"),
            breakdowns=tuple(self.breakdowns(root)),
        )

    def breakdowns(self, root: Located) -> Iterator[BreakdownOf]:
        for row in self.rows(root, "breakdowns") if "breakdowns" in root else ():
            if isinstance(row, Located):
                self.keys(row, ["item", "by"])
                yield BreakdownOf(self.text(row, "item"), self.text(row, "by"))
            else:
                self.note(
                    root.line_of("breakdowns"),
                    "this is no breakdown",
                    "write {item: …, by: …}",
                )

    def consent(self, node: Located) -> Consent:
        self.keys(node, ["text", "channels", "more"])
        channels = self.mapping(node, "channels")
        self.keys(channels, list(CHANNELS))
        return Consent(
            text=self.paragraphs(node, "text"),
            more=self.paragraphs(node, "more"),
            channels={name: self.words(channels, name) for name in CHANNELS},
        )

    def gate(self, node: Located) -> Gate:
        self.keys(node, ["id", "text", "options"])
        options = tuple(
            self.gate_option(o) for o in self.rows(node, "options") if isinstance(o, Located)
        )
        if not any(option.leads_to == "begin" for option in options):
            self.note(node.line, "nobody can pass the gate", "add 'leads_to: begin' to an option")
        return Gate(self.text(node, "id"), self.words(node, "text"), options)

    def gate_option(self, node: Located) -> GateOption:
        self.keys(node, ["code", "label", "also", "leads_to", "say"])
        leads_to = node.get("leads_to")
        if leads_to not in ("begin", "end", "explain"):
            self.note(node.line, "this leads nowhere", "write leads_to: begin, end or explain")
        elif leads_to != "begin" and "say" not in node:
            self.note(node.line, "nothing is said here", "add 'say:' with the words")
        return GateOption(
            code=self.text(node, "code"),
            label=self.words(node, "label"),
            also=self.also(node),
            leads_to=leads_to if leads_to in ("begin", "explain") else "end",
            say=self.maybe(node, "say"),
        )

    def section(self, node: Any) -> Section:
        if not isinstance(node, Located):
            node = Located(self.root.line_of("sections"))
        self.keys(node, ["id", "title", "intro", "note", "why", "optional", "items"])
        why = self.maybe(node, "why")
        note = self.mapping(node, "note") if "note" in node else None
        name = self.text(node, "id")
        if note is not None:
            self.lines[name, "note"] = note.line_of("when")
        return Section(
            id=name,
            title=self.words(node, "title"),
            intro=self.maybe(node, "intro"),
            note=self.said(note) if note is not None else None,
            optional=node.get("optional") is True,
            items=tuple(
                self.item(i, why) for i in self.rows(node, "items") if isinstance(i, Located)
            ),
        )

    def said(self, node: Located) -> Note:
        self.keys(node, ["when", "say", "offers"])
        offered = self.rows(node, "offers") if "offers" in node else []
        offers = [o for o in offered if isinstance(o, Located)]
        for offer in offers:
            value = offer.get("value")
            if not isinstance(value, str) or not value.startswith(("topic:", "menu:")):
                self.note(offer.line, "this offer leads nowhere", "start it with topic: or menu:")
        return Note(
            when=self.condition(node, "when"),
            say=self.words(node, "say"),
            offers=tuple(Offer(self.text(o, "value"), self.words(o, "label")) for o in offers),
        )

    def item(self, node: Located, section_why: Words | None) -> Item:
        self.keys(node, _ITEM)
        name = self.text(node, "id")
        for key in ("id", *node):
            self.lines.setdefault((name, key), node.line_of(key))
        if (name, "again") not in self.lines:
            self.lines[name, "again"] = node.line
        else:
            self.note(node.line, f"the item '{name}' stands twice", "give one of them another id")
        kind = node.get("type")
        if kind not in KINDS:
            self.note(node.line_of("type"), "this type is unknown", f"use {', '.join(KINDS)}")
        options, ask = self.item_options(node, str(kind))
        why = self.maybe(node, "why") or section_why
        if why is None:
            self.note(node.line, f"'{name}' does not say why it is asked", "add 'why:' to it")
        if node.get("risk", "low") not in _RISKS:
            self.note(node.line_of("risk"), "this risk is unknown", "use low, medium or high")
        if node.get("measures", "") not in ("", *MEASURES):
            self.note(
                node.line_of("measures"),
                "this measures nothing known",
                f"use {' or '.join(MEASURES)}",
            )
        after = self.mapping(node, "after") if "after" in node else None
        if after is not None:
            self.lines[name, "after"] = after.line_of("when")
        return Item(
            id=name,
            kind=kind if kind in KINDS else "single",
            text=self.words(node, "text"),
            short=self.words(node, "short"),
            why=why or {},
            options=options,
            ask=ask,
            ask_if=self.condition(node, "ask_if") if "ask_if" in node else None,
            warn=self.maybe(node, "warn"),
            max_chars=self.number(node, "max_chars") if kind == "text" else 0,
            after=self.said(after) if after is not None else None,
            risk=str(node.get("risk", "low")),
            precedent=self.precedent(node),
            scale=str(node.get("scale", "")),
            measures=str(node.get("measures", "")),
        )

    def precedent(self, node: Located) -> tuple[str, ...]:
        known = self.root.get("precedents") or {}
        names = self.names(node, "precedent")
        for name in names:
            if name not in known:
                self.note(
                    node.line_of("precedent"),
                    f"the precedent '{name}' is not explained",
                    "add it to 'precedents'",
                )
        return names
