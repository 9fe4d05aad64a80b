"""The codebook of a release: what each published number is a number of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from survey.model import Item
from survey.saying import words

if TYPE_CHECKING:
    from survey.outputs import Results


def codebook_rows(results: Results) -> list[tuple[str, ...]]:
    """The codebook as a table: one row for each option of each published item."""
    names = ("item", "section", "question", "kind", "code")
    head = [results.text(f"codebook.{name}") for name in names]
    head += [results.text("column.answer")]
    head += [results.text("codebook.asked_if"), results.text("codebook.precedent")]
    rows = [tuple(head)]
    for table in results.tables:
        item = results.item(table.item)
        section = results.instrument.section_of(item.id)
        for option in item.options:
            rows.append(
                (
                    item.id,
                    words(section.title, results.lang),
                    words(item.text, results.lang),
                    results.text(f"kind.{item.kind}"),
                    option.code,
                    words(option.label, results.lang),
                    item.ask_if.source if item.ask_if else "",
                    ", ".join(item.precedent),
                )
            )
    return rows


def entry(results: Results, item: Item) -> dict[str, Any]:
    """What a program should know of an item, as JSON values."""
    return {
        "item": item.id,
        "section": results.instrument.section_of(item.id).id,
        "kind": item.kind,
        "question": words(item.text, results.lang),
        "asked_if": item.ask_if.source if item.ask_if else None,
        "published": item.id in results.instrument.tables,
        "precedent": list(item.precedent),
        "options": [
            {"code": o.code, "label": words(o.label, results.lang), "tone": o.tone}
            for o in item.options
        ],
    }
