"""What is said about a release as a whole: what was hidden and why, and how it was checked."""

from __future__ import annotations

from survey.outputs import Results


def notes(results: Results) -> list[str]:
    """Sentences for the end of a report, and for the first sheet of a workbook."""
    shown = sum(table.shown and table.reason is None for table in results.tables)
    partly = sum(table.shown and table.reason is not None for table in results.tables)
    total = len(results.tables)
    said = [
        results.text("method.none")
        if shown == total
        else results.text(
            "method.text", shown=shown, partly=partly, hidden=total - shown - partly, total=total
        )
    ]
    said.append(_checked(results))
    if results.merged:
        numbers = ", ".join(str(one.number) for one in results.merged)
        said.append(results.text("method.merged", rounds=numbers))
    if results.unreadable:
        said.append(results.text("method.unreadable", count=results.unreadable))
    said.append(results.text("method.files"))
    said.append(results.text("method.instrument", ref=results.instrument.ref))
    return said


def hidden(results: Results) -> list[tuple[str, str]]:
    """Everything that is not shown, or only in part: its name and why."""
    found = [
        (results.short(table.item), results.reason(table))
        for table in results.tables
        if table.reason
    ]
    for broken in results.breakdowns:
        if broken.reason:
            name = f"{results.short(broken.item)} / {results.short(broken.by)}"
            found.append((name, results.reason_of_groups(broken)))
    return found


def _checked(results: Results) -> str:
    found = results.proven.audit
    if found.narrowest is None:
        return results.text("method.checked_none")
    count = sum(not bound.difference for bound in found.bounds)
    return results.text("method.checked", count=count, width=found.narrowest)
