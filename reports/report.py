"""The report itself, and what is written into a case's envelopes.

Every document is UTF-8 JSON and names its version, so that what is sealed today can still be read
when the questions have changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

VERSION = 1

RELATIONS = ("self", "witness", "other")


@dataclass(frozen=True, slots=True)
class Report:
    """What a reporter sends. Whatever she left out is ``None``.

    Args:
        relation: ``self``, ``witness`` or ``other``.
        entity_code: the organization of the person complained of; ``None`` if not known.
        entity_name: its official name, or what the reporter called it.
        conflict: somebody in the office that would have received it is involved.
        account: what happened, letter for letter.
        when_where: when and where.
        who: who was involved.
        wish: what she wishes for, in words.
        danger_now: whether she, or somebody else, is in danger now.
        contact: how she can be reached.
        lang: the language she wrote in.
        attachments: files that this server has sealed: of each the id and key of the sealed file,
            ``type``, ``size``, and the same of a ``copy`` for looking at, if there is one.
        excluded: offices and levels that must not see it; the office that has it must know, or it
            could tell them.
    """

    relation: str
    entity_code: str | None
    entity_name: str | None
    conflict: bool
    account: str
    when_where: str | None
    who: str | None
    wish: str | None
    danger_now: bool | None
    contact: str | None
    lang: str
    attachments: tuple[dict[str, Any], ...] = ()
    excluded: tuple[str, ...] = ()

    def document(self) -> bytes:
        """The report as it is sealed."""
        return _written(
            {
                "relation": self.relation,
                "entity": {"code": self.entity_code, "name": self.entity_name},
                "conflict": self.conflict,
                "account": self.account,
                "when_where": self.when_where,
                "who": self.who,
                "wish": self.wish,
                "danger_now": self.danger_now,
                "contact": self.contact,
                "lang": self.lang,
                **({"excluded": list(self.excluded)} if self.excluded else {}),
                **({"attachments": list(self.attachments)} if self.attachments else {}),
            }
        )


def addition(text: str, lang: str, attachments: Sequence[dict[str, Any]] = ()) -> bytes:
    """What a reporter writes later, as it is sealed.

    Args:
        text: her words.
        lang: the language she writes in.
        attachments: files, as in :class:`Report`.
    """
    files = {"attachments": list(attachments)} if attachments else {}
    return _written({"text": text, "lang": lang, **files})


def reply_text(document: bytes) -> str:
    """The words of a focal point's reply.

    Raises:
        ValueError: this is no reply.
    """
    reply = json.loads(document)
    if not isinstance(reply, dict) or not isinstance(reply.get("text"), str):
        raise ValueError("this is no reply")
    return str(reply["text"])


def _written(document: dict[str, object]) -> bytes:
    text = json.dumps({"v": VERSION, **document}, ensure_ascii=False, separators=(",", ":"))
    # Half an emoji (a lone surrogate) is not UTF-8; a question mark must not cost the report.
    return text.encode("utf-8", "replace")
