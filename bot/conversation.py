"""What is remembered of a conversation between two messages, and for how long.

Nothing of what was said is in here but what a walk must keep for its next step (the answers of a
survey not yet sent, the draft of a report); all of it is sealed, lives in memory, is forgotten
after half an hour, and goes at once when the person says so.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.turn import Turn


@dataclass(slots=True)
class Conversation:
    """The state of one conversation.

    Args:
        id: the pseudonym; the engine knows the conversation by it.
        channel: by which channel the person writes.
        lang: the language to answer in.
        chosen_lang: she chose it; it is not guessed anew from each message.
        spoke: she wrote something from which her language was known.
        opened: she was told what this is.
        walk: the walk that is running, if any.
        walk_state: that walk's own state.
        failed: how many receipts were wrong so far; each makes the next attempt slower.
        kept: a walk that is over and its state, kept to show something again.
        topic: the policy topic answered last.
        offered: the choices on offer, label and value, in the order of their numbers.
        free: the last message asks for her own words, so a bare number is an answer.
        key: the caller's own mark of the message that is being answered, or was answered last.
        answer: the answer to it, given again when the same message comes again.
        consoled: which words of comfort were used last, so that they are not repeated.
        danger: the danger that was spoken to last, until she says that it was not meant.
        cared: the kinds of danger that a line beside an answer has spoken to.
        entity: the code of the organization that she named, for answers that depend on it.
        decoy: harmless lines said since the safe word; 0 when no cover is up.
        seals: her browser can seal what she tells before anything is sent.
        envelope: what it sealed, until the walk has taken it.
        attached: a file that came by a carrier, as the walk gets it, until it has taken it.
    """

    id: str
    channel: str
    lang: str
    chosen_lang: bool = False
    spoke: bool = False
    opened: bool = False
    walk: str | None = None
    walk_state: dict[str, Any] | None = None
    failed: int = 0
    kept: tuple[str, dict[str, Any]] | None = None
    topic: str | None = None
    offered: list[tuple[str, str]] = field(default_factory=list)
    free: bool = False
    key: str | None = None
    answer: dict[str, Any] | None = None
    consoled: int = 0
    danger: str | None = None
    cared: list[str] = field(default_factory=list)
    entity: str | None = None
    decoy: int = 0
    seals: bool = False
    envelope: str | None = None
    attached: dict[str, Any] | None = None

    def will_say(self, turn: Turn) -> None:
        """Hold an answer beside what it changed, before it is told.

        A service that dies in between would otherwise leave a person whose answers are stored and
        whose survey is gone, and who was told neither: she would begin anew.
        """
        self.answer = asdict(turn)
        self.offered = turn.offered or self.offered

    def as_entry(self) -> dict[str, Any]:
        """For the state store."""
        return asdict(self)

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> Conversation:
        """From the state store."""
        entry["offered"] = [(label, value) for label, value in entry["offered"]]
        entry["kept"] = tuple(entry["kept"]) if entry["kept"] else None
        return cls(**entry)
