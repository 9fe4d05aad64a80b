"""Reading the options of an instrument's items, and what items share of them."""

from __future__ import annotations

from catalogue import Located
from survey.fields import Fields
from survey.model import DOES, Option, Words

_OPTION = ["code", "label", "also", "apart", "alone", "tone", "does", "routes"]


class OptionFields(Fields):
    """Reads options; notes each thing that is not as it should be.

    Args:
        root: the whole file.
    """

    def __init__(self, root: Located) -> None:
        super().__init__(root)
        self.standard: dict[str, Option] = {}
        self.scales: dict[str, tuple[tuple[Option, ...], Words | None]] = {}

    def read_shared(self) -> None:
        """Read what items refer to by name: standard options and scales."""
        self._standard_options()
        self._scales()

    def _standard_options(self) -> None:
        if "standard_options" not in self.root:
            return
        node = self.mapping(self.root, "standard_options")
        for code, value in node.items():
            if isinstance(value, Located):
                value["code"] = code
                self.standard[code] = self.option(value)

    def _scales(self) -> None:
        if "scales" not in self.root:
            return
        for name, node in self.mapping(self.root, "scales").items():
            if not isinstance(node, Located):
                continue
            self.keys(node, ["ask", "options"])
            options = self.options(node)
            if not any(option.tone is not None for option in options):
                self.note(
                    node.line, f"the scale '{name}' has no tone", "add 'tone: 2' … 'tone: -2'"
                )
            self.scales[name] = (options, self.maybe(node, "ask"))

    def item_options(self, node: Located, kind: str) -> tuple[tuple[Option, ...], Words | None]:
        """The options of an item, and the question that a scale brings along."""
        if kind == "text":
            return (), None
        if kind != "scale":
            return self.options(node), None
        scale = self.scales.get(str(node.get("scale")))
        if scale is None:
            self.note(
                node.line_of("scale"), "this scale is unknown", f"use {', '.join(self.scales)}"
            )
            return (), None
        return scale

    def options(self, node: Located) -> tuple[Option, ...]:
        """The options below ``options``; standard ones stand there by their code."""
        found: list[Option] = []
        for row in self.rows(node, "options"):
            if isinstance(row, Located):
                option, line = self.option(row), row.line
            elif isinstance(row, str) and row in self.standard:
                option, line = self.standard[row], node.line_of("options")
            else:
                self.note(
                    node.line_of("options"),
                    f"'{row}' is no standard option",
                    "write {code: …, label: {…}}; put yes and no in quotes",
                )
                continue
            if any(option.code == other.code for other in found):
                self.note(line, f"the code '{option.code}' stands twice", "give one another code")
            found.append(option)
        return tuple(found)

    def option(self, node: Located) -> Option:
        """One option."""
        self.keys(node, _OPTION)
        code = self.text(node, "code")
        if code and not code.replace("_", "").isalnum():
            self.note(node.line_of("code"), "a code has letters, digits and _ only", "rename it")
        tone = node.get("tone")
        if tone is not None and tone not in (-2, -1, 0, 1, 2):
            self.note(node.line_of("tone"), "this tone is unknown", "use 2, 1, 0, -1 or -2")
        does = str(node.get("does", ""))
        if does and does not in DOES:
            self.note(node.line_of("does"), "this does nothing", f"use {', '.join(DOES)}")
        return Option(
            code=code,
            label=self.words(node, "label"),
            also=self.also(node),
            apart=node.get("apart") is True,
            alone=node.get("alone") is True,
            tone=tone,
            does=does,
            routes=self.names(node, "routes"),
        )

    def also(self, node: Located) -> dict[str, tuple[str, ...]]:
        """Other words for it, by language."""
        if "also" not in node:
            return {}
        value = self.mapping(node, "also")
        return {lang: self.names(value, lang) for lang in self.languages}
