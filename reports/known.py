"""What is confirmed about single organizations, read from ``content/entity_facts.yml``.

Organizations differ in whom a report goes to, whether it may be anonymous, and until when. A
sentence that smoothed this over could cost somebody her case; so only what was read on a page of
the organization itself is said, and otherwise that nothing is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from catalogue import ContentError, Located, Messages, load_yaml
from catalogue.messages import BASE
from reports.entities import Entities, Entity
from reports.routes import Routes

#: The only confidence that is good enough to be spoken.
FOUND = "found"
#: The same, in the words of routes.yml.
_SEEN = "seen"
#: The topic that routes.yml answers, and the sentence for it.
_REPORTING, _OFFICE = "how_to_report", "office"

_FIELDS = {"says", "topic", "office", "entities", "confidence", "source"}
_CONFIDENCES = (FOUND, "found-dated", "background-high", "background-medium")


@dataclass(frozen=True, slots=True)
class Fact:
    """One confirmed thing about an organization.

    Args:
        says: the sentence ``facts.<says>`` of the catalogue.
        office: the name of the office in it by language, if it names one.
    """

    says: str
    office: Mapping[str, str] | None = None


class Known:
    """The facts, and the organization that a text names.

    Args:
        entities: the organizations.
        facts: by topic and code; a topic in which organizations differ has an entry.
        messages: the catalogues.
    """

    def __init__(
        self, entities: Entities, facts: Mapping[str, Mapping[str, Fact]], messages: Messages
    ) -> None:
        self._entities = entities
        self._facts = facts
        self._messages = messages

    @classmethod
    def load(cls, content: Path, entities: Entities, routes: Routes, messages: Messages) -> Known:
        """Read the facts.

        Args:
            content: the content folder.
            entities: the organizations that facts may be about.
            routes: the real ones: what was seen there is confirmed as well.
            messages: the catalogues, which must have every sentence.

        Raises:
            ContentError: a field is missing, unknown or names what there is not.
        """
        return cls(entities, _Reader(content, entities, routes, messages).read(), messages)

    def named_in(self, text: str) -> Entity | None:
        """The one organization that a text names without doubt, else ``None``."""
        return self._entities.named_in(text)

    def differs(self, topic: str | None) -> bool:
        """Whether organizations differ in this topic."""
        return topic in self._facts

    def sentence(self, topic: str, code: str, lang: str) -> str | None:
        """What is confirmed, or that nothing is; ``None`` where organizations do not differ.

        Args:
            topic: the policy topic.
            code: the organization's.
            lang: the language to say it in.
        """
        entity = self._entities.get(code)
        if entity is None or topic not in self._facts:
            return None
        fact = self._facts[topic].get(code, Fact("unknown"))
        office = fact.office or {}
        return self._messages.text(
            lang,
            f"facts.{fact.says}",
            entity=entity.full(lang),
            office=office.get(lang, office.get(BASE, "")),
        )


class _Reader:
    """Turns the content file into facts, or says what to mend in it."""

    def __init__(
        self, content: Path, entities: Entities, routes: Routes, messages: Messages
    ) -> None:
        self.path = content / "entity_facts.yml"
        self.entities = entities
        self.routes = routes
        self.messages = messages

    def read(self) -> dict[str, dict[str, Fact]]:
        document = load_yaml(self.path)
        if not isinstance(document, Located):
            self.fail(0, "this is not a mapping", "write 'differs', 'services' and 'facts'")
        facts: dict[str, dict[str, Fact]] = {topic: {} for topic in document.get("differs") or []}
        offices = self._offices()
        for service in document.get("services") or []:
            offices[service["id"]] = service["name"]
        if _REPORTING in facts:
            facts[_REPORTING].update(self._seen())
        for row in document.get("facts") or []:
            for code, fact in self._row(row, facts, offices):
                facts[row["topic"]][code] = fact
        return facts

    def _offices(self) -> dict[str, Mapping[str, str]]:
        routes = [self.routes.route(entity.code) for entity in self.entities]
        named = [(route.office, route.alternate, route.retaliation) for route in routes]
        return {office.id: office.names for row in named for office in row if office}

    def _seen(self) -> Iterator[tuple[str, Fact]]:
        for entity in self.entities:
            route = self.routes.route(entity.code)
            if route.confidence == _SEEN and not route.asks_host:
                yield entity.code, Fact(_OFFICE, route.office.names)

    def _row(
        self,
        row: Located,
        topics: Mapping[str, object],
        offices: Mapping[str, Mapping[str, str]],
    ) -> Iterator[tuple[str, Fact]]:
        if unknown := row.keys() - _FIELDS:
            self.fail(row.line, f"'{min(unknown)}' is unknown", f"use {', '.join(sorted(_FIELDS))}")
        if row.get("topic") not in topics:
            self.fail(row.line_of("topic"), "the topic is not under 'differs'", "list it there")
        if row.get("confidence") not in _CONFIDENCES:
            known = ", ".join(_CONFIDENCES)
            self.fail(row.line_of("confidence"), "the confidence is unknown", f"use {known}")
        if not self.messages.has(f"facts.{row.get('says')}"):
            self.fail(row.line_of("says"), "there is no such sentence", "add it to facts.yml")
        office = row.get("office")
        if office is not None and office not in offices:
            self.fail(row.line_of("office"), "the office is not listed", "list it in 'services'")
        for code in row.get("entities") or []:
            if self.entities.get(code) is None:
                self.fail(row.line_of("entities"), f"'{code}' is no organization", "see entities")
            if row["confidence"] == FOUND:
                yield code, Fact(row["says"], offices[office] if office else None)

    def fail(self, line: int, problem: str, remedy: str) -> NoReturn:
        raise ContentError(self.path, line, problem, remedy)
