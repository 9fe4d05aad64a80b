"""The menu "learn about the policy and my options": families of topics, in a sensible order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue import ContentError, load_yaml
from catalogue.messages import BASE
from policy import fields

FILE = "menu.yml"

#: The longest title in characters, because titles become buttons.
TITLE_LENGTH = 45

_KEYS = frozenset({"family", "listed", "title", "topics"})


@dataclass(frozen=True, slots=True)
class Family:
    """Topics that belong together.

    Args:
        name: its name in choices and in measurements of the engine.
        topics: in the order in which they are offered.
        listed: whether it stands in the menu about the policy.
    """

    name: str
    topics: tuple[str, ...]
    listed: bool
    _titles: Mapping[str, str]

    def title(self, lang: str) -> str:
        """A few words for a button; English when the language has none."""
        return self._titles.get(lang, self._titles[BASE])


class Menu:
    """All families; every topic stands in exactly one of them."""

    def __init__(self, families: Iterable[Family]) -> None:
        self.families = tuple(families)
        self._by_name = {family.name: family for family in self.families}
        self._by_topic = {topic: family for family in self.families for topic in family.topics}

    @classmethod
    def load(cls, content: Path, topics: Collection[str], languages: Iterable[str]) -> Menu:
        """Read ``content/policy/menu.yml``.

        Args:
            content: the folder of all content.
            topics: every topic there is an answer to.
            languages: those in which every title must be given.

        Raises:
            ContentError: a title is missing or too long, or a topic is unknown, stands twice or
                nowhere.
        """
        path = content / "policy" / FILE
        entries = load_yaml(path)
        if not isinstance(entries, list):
            raise ContentError(path, 1, "the menu is no list", "write one entry a family")
        wanted = tuple(languages)
        placed: set[str] = set()
        families = []
        for entry in entries:
            family = _family(path, entry, wanted, topics, placed)
            placed.update(family.topics)
            families.append(family)
        if missing := sorted(set(topics) - placed):
            raise ContentError(path, 0, f"'{missing[0]}' stands nowhere", "add it to a family")
        return cls(families)

    @property
    def listed(self) -> tuple[Family, ...]:
        """The families of the menu about the policy, in order."""
        return tuple(family for family in self.families if family.listed)

    def __contains__(self, name: object) -> bool:
        """Whether there is a family of this name."""
        return name in self._by_name

    def get(self, name: str) -> Family:
        """A family by its name.

        Raises:
            KeyError: there is no such family.
        """
        return self._by_name[name]

    def family_of(self, topic: str) -> Family:
        """The family a topic belongs to.

        Raises:
            KeyError: there is no such topic.
        """
        return self._by_topic[topic]


def _family(
    path: Path,
    entry: object,
    languages: tuple[str, ...],
    known: Collection[str],
    placed: Collection[str],
) -> Family:
    node = fields.mapping(path, entry, 1, "a family")
    fields.only(path, node, _KEYS)
    listed = node.get("listed")
    if not isinstance(listed, bool):
        raise ContentError(path, node.line_of("listed"), "'listed' is unclear", "true or false")
    titles = fields.per_language(path, node, "title", languages)
    for lang, title in titles.items():
        if len(title) > TITLE_LENGTH:
            raise ContentError(
                path,
                node.line_of("title"),
                f"the title in '{lang}' has {len(title)} characters",
                f"use at most {TITLE_LENGTH}",
            )
    topics = fields.texts(path, node, "topics")
    for topic in topics:
        if topic not in known:
            raise ContentError(
                path, node.line_of("topics"), f"there is no topic '{topic}'", "mend its name"
            )
        if topic in placed or topics.count(topic) > 1:
            raise ContentError(
                path, node.line_of("topics"), f"'{topic}' stands twice", "keep one of the two"
            )
    return Family(fields.text(path, node, "family"), topics, listed, titles)
