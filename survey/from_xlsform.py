"""An XLSForm workbook as an instrument file.

A workbook that ``to_xlsform`` wrote comes back with every edit made in its sheets, and with all
that XLSForm cannot say. From a foreign form comes what it has; the rest is listed, and the check
of the written file says what to add.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from survey.sheets import Row, XlsFormError, sheets_of
from survey.xlsform import LANGUAGE_NAMES, OWN_SHEET

_SELECTED = re.compile(r"selected\(\$\{(\w+)\},\s*'(\w+)'\)|\$\{(\w+)\}\s*=\s*'(\w+)'")
_LENGTH = re.compile(r"string-length\(\.\)\s*<=?\s*(\d+)")
_LANGUAGE = re.compile(r"\((\w\w)\)$")


def from_xlsform(source: Path) -> tuple[str, list[str]]:
    """Read a workbook as an instrument.

    Args:
        source: the workbook.

    Returns:
        The instrument file as text, and what could not be taken over, one line each.

    Raises:
        XlsFormError: the file cannot be read as an XLSForm.
    """
    return from_sheets(sheets_of(source))


def from_sheets(sheets: dict[str, list[Row]]) -> tuple[str, list[str]]:
    """Read the rows of a workbook as an instrument.

    Args:
        sheets: their rows by their names, each row its cells by the names of the columns.

    Returns:
        As :func:`from_xlsform`.

    Raises:
        XlsFormError: the sheet with what XLSForm cannot say was changed.
    """
    try:
        reader = _Reader(sheets)
        root = reader.instrument()
        text = yaml.safe_dump(root, allow_unicode=True, sort_keys=False, width=100)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, yaml.YAMLError):
        # It is ours, so nobody is asked to write it by hand, and anything may be wrong with it.
        raise XlsFormError(
            f"the sheet '{OWN_SHEET}' was changed; delete it, or write the workbook anew"
        ) from None
    return text, reader.losses


class _Reader:
    def __init__(self, sheets: dict[str, list[Row]]) -> None:
        self._sheets = sheets
        self.losses: list[str] = []
        own = "".join(row.get("json", "") for row in sheets.get(OWN_SHEET, ()))
        kept: dict[str, Any] = json.loads(own) if own else {}
        self._base: dict[str, Any] = kept.get("file", {})
        self._relevant: dict[str, str] = kept.get("relevant", {})
        self._old = {
            item["id"]: item
            for section in self._base.get("sections", ())
            for item in section["items"]
        }
        self._languages = self._find_languages()
        self._lists = self._find_lists()

    def instrument(self) -> dict[str, Any]:
        """The whole file as plain values."""
        settings = next(iter(self._sheets.get("settings", ())), {})
        if self._base:
            self.losses.append("comments in the file are not taken over")
        else:
            self.losses.append("consent, gate, tables and short form are missing: add them")
        version = settings.get("version", "1")
        root = dict(self._base)
        root |= {
            "id": settings.get("form_id", root.get("id", "questionnaire")),
            "version": int(version) if version.isdecimal() else 1,
            "languages": list(self._languages),
        }
        root.setdefault("title", dict.fromkeys(self._languages, settings.get("form_title", "")))
        root["title"]["en"] = settings.get("form_title", root["title"].get("en", ""))
        root["scales"] = self._scales()
        root["sections"] = list(self._sections())
        names = {item["id"] for section in root["sections"] for item in section["items"]}
        for key in ("short_form", "tables"):
            gone = [name for name in root.get(key, ()) if name not in names]
            self.losses += [f"{key}: {name} is no item any more" for name in gone]
            root[key] = [name for name in root.get(key, ()) if name in names]
        if "breakdowns" in root:
            whole = [b for b in root["breakdowns"] if {b["item"], b["by"]} <= names]
            root["breakdowns"] = whole
            if not whole:
                del root["breakdowns"]
        new = sorted(names - set(self._old)) if self._base else []
        self.losses += [f"{name}: new; add it to 'tables' if it may be published" for name in new]
        return root

    def _find_languages(self) -> tuple[str, ...]:
        found = {"en": None}
        for row in self._sheets["survey"]:
            for name in row:
                code = _LANGUAGE.search(name)
                if name.startswith("label") and code and code[1] in LANGUAGE_NAMES:
                    found[code[1]] = None
        return tuple(lang for lang in LANGUAGE_NAMES if lang in found)

    def _words(self, row: Row, column: str) -> dict[str, str] | None:
        found = {}
        for lang in self._languages:
            names = [f"{column}::{LANGUAGE_NAMES[lang]}", *([column] if lang == "en" else [])]
            text = next((row[name] for name in names if name in row), None)
            if text is not None:
                found[lang] = text
        return found or None

    # options

    def _find_lists(self) -> dict[str, list[Row]]:
        lists: dict[str, list[Row]] = {}
        for row in self._sheets["choices"]:
            lists.setdefault(row.get("list_name", row.get("list name", "")), []).append(row)
        return lists

    def _options(self, name: str, old: list[Any]) -> list[Any]:
        """Options in the sheet's order; one that is unchanged stays as it stood."""
        known = {o if isinstance(o, str) else o["code"]: o for o in old}
        standard = self._base.get("standard_options", {})
        found: list[Any] = []
        for row in self._lists.get(name, ()):
            code, before = row.get("name", ""), known.get(row.get("name", ""))
            option: dict[str, Any] = {"code": code, "label": self._words(row, "label") or {}}
            option |= {flag: True for flag in ("apart", "alone") if row.get(flag) == "yes"}
            if re.fullmatch("-?[0-9]{1,3}", row.get("tone", "")):
                option["tone"] = int(row["tone"])
            elif "tone" in row:
                self.losses.append(f"{name}: the tone of '{code}' is no number and is left out")
            full = standard.get(code) if before in (None, code) else before
            if isinstance(full, dict) and full.get("label") == option["label"]:
                found.append(before if before is not None else code)
                continue
            if isinstance(full, dict):
                option = {k: v for k, v in full.items() if k not in option} | option
            found.append(option)
        return found

    def _scales(self) -> dict[str, Any]:
        return {
            name: scale | {"options": self._options(name, scale["options"])}
            for name, scale in self._base.get("scales", {}).items()
            if name in self._lists
        }

    # sections and items

    def _sections(self) -> Iterator[dict[str, Any]]:
        old = {section["id"]: section for section in self._base.get("sections", ())}
        section: dict[str, Any] | None = None
        for row in self._sheets["survey"]:
            kind = row.get("type", "").replace(" ", "_")
            name = row.get("name", "")
            if kind == "begin_group":
                code = name.removeprefix("section_")
                section = dict(old.get(code, {"id": code})) | {"items": []}
                section["title"] = self._words(row, "label") or {}
            elif kind == "end_group" and section is not None:
                yield section
                section = None
            elif kind == "note" and section is not None and name.startswith("intro_"):
                section["intro"] = self._words(row, "label") or {}
            else:
                if section is None:
                    self.losses.append(f"{name or kind}: stands in no group and is left out")
                    continue
                item = self._item(row)
                if item is not None:
                    section["items"].append(item)

    def _item(self, row: Row) -> dict[str, Any] | None:
        kind, _, choices = row.get("type", "").partition(" ")
        name = row.get("name", "")
        if kind not in ("select_one", "select_multiple", "text"):
            self.losses.append(f"{name}: the type '{kind}' is not known here and is left out")
            return None
        old = self._old.get(name, {})
        item: dict[str, Any] = dict(old) if old else {"id": name}
        plain = {"text": "text", "select_multiple": "multi", "select_one": "single"}[kind]
        if plain != "single" or old.get("type") not in ("single", "scale", "check", "routing"):
            item["type"] = plain
        item["text"] = self._words(row, "label") or {}
        item.setdefault("short", item["text"])
        self._say(item, row)
        self._limit(item, row)
        if kind != "text" and item["type"] != "scale":
            item["options"] = self._options(choices.strip(), old.get("options", []))
        self._ask_if(item, row)
        return item

    def _say(self, item: dict[str, Any], row: Row) -> None:
        warn = self._words(row, "hint")
        if warn:
            item["warn"] = warn
        why = self._words(row, "guidance_hint")
        section: dict[str, Any] = next(
            (s for s in self._base.get("sections", ()) if item["id"] in _ids(s)), {}
        )
        if why and why != section.get("why"):
            item["why"] = why

    def _limit(self, item: dict[str, Any], row: Row) -> None:
        if item["type"] != "text":
            return
        found = _LENGTH.search(row.get("constraint", ""))
        item["max_chars"] = int(found[1]) if found else item.get("max_chars", 800)
        if not found:
            self.losses.append(f"{item['id']}: no length is given; {item['max_chars']} is taken")

    def _ask_if(self, item: dict[str, Any], row: Row) -> None:
        said = row.get("relevant", "")
        before = item.pop("ask_if", None)
        if not said:
            return
        if before is not None and said == self._relevant.get(item["id"]):
            item["ask_if"] = before
            return
        read = _condition(said)
        if read is None:
            self.losses.append(
                f"{item['id']}: its condition cannot be read; write 'ask_if' by hand"
            )
        else:
            item["ask_if"] = read


def _ids(section: dict[str, Any]) -> list[str]:
    return [item["id"] for item in section["items"]]


def _condition(said: str) -> str | None:
    """A condition made of ``selected`` joined all by ``or`` or all by ``and``."""
    found = [(m[1] or m[3], m[2] or m[4]) for m in _SELECTED.finditer(said)]
    between = re.sub(r"[()\s]+", " ", _SELECTED.sub("#", said)).split()
    joints = set(between[1::2])
    if not found or set(between[::2]) != {"#"} or len(joints) > 1 or joints - {"or", "and"}:
        return None
    if joints == {"and"}:
        return " and ".join(f"{item} has {code}" for item, code in found)
    codes: dict[str, list[str]] = {}
    for item, code in found:
        codes.setdefault(item, []).append(code)
    return " or ".join(f"{item} has {', '.join(named)}" for item, named in codes.items())
