"""Files beside a report: the invitation to add some, and what the walk keeps of them.

In a browser that can seal, files stay where they are until she agrees to send; the walk hears their
numbers only (``files:0.2``), and her browser puts the sealed parts under the case's id before it
sends her yes. By a carrier a file passes through this server, which seals it at once; its key lies
in the draft, as her words do, and goes with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from catalogue import Heard, Message
from reports.draft import Draft
from reports.report_telling import Said
from reports.words import Offer, Words
from vault.files import LARGEST

#: Files of one report.
MOST = 5

_MIB = 1024 * 1024

#: Letters of the words that came with a file by a carrier.
LONGEST_NOTE = 1_000

#: Carriers whose channels can fetch what a person sends.
CARRIERS = frozenset({"telegram", "whatsapp"})

#: The choice that goes on without files; a browser that holds some names them instead.
GO_ON = "files:none"

#: The same from a browser where only cleaned copies go: what a carrier brought may still be there.
GO_ON_CLEAN = "files:clean"

#: Choices about what of a carrier's files is kept.
SWITCHES = frozenset({"opt:cleaned", "opt:originals"})

_NUMBERS = re.compile(r"files:(?:clean\.)?([0-9]{1,3}(?:\.[0-9]{1,3})*)")
_WORDS = ("add", "remove", "full", "large", "kind", "unread", "sending", "clean", "unclean")
_KINDS = ("picture", "document", "sound", "film", "text")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The files that a report takes along.

    Args:
        ids: of those that this server sealed.
        uploaded: so many more her browser has put under the case's id.
    """

    ids: tuple[str, ...] = ()
    uploaded: int = 0


#: A report without files.
NONE = Waiting()


def means(channel: object, *, seals: bool) -> str | None:
    """How files can come by a channel: ``browser``, ``carrier``, or not at all."""
    if channel == "web":
        return "browser" if seals else None
    return "carrier" if channel in CARRIERS else None


def takes_files(walk: str | None, state: dict[str, Any] | None) -> bool:
    """Whether a file that a carrier brings now belongs to a report."""
    if walk not in ("report", "return") or state is None or state["at"] != "files":
        return False
    return bool((state["data"] if walk == "report" else state).get("attach") == "carrier")


def expected(walk: str | None, state: dict[str, Any] | None) -> str | None:
    """Under which id her browser may put files now: she is about to agree, and has some."""
    if state is None:
        return None
    if walk == "report" and state["at"] == "consent":
        return str(state["data"]["case_id"]) if numbers(Draft(state)) else None
    if walk == "return" and state["at"] == "agreeing":
        return str(state["case_id"]) if state.get("files") else None
    return None


def numbers(draft: Draft) -> list[int]:
    """The files that her browser holds."""
    held: list[int] = draft.data.get("files", [])
    return held


def named(choice: str | None, most: int) -> list[int]:
    """The files that a browser names in a choice; none if it is no such choice, or too many."""
    found = _NUMBERS.fullmatch(choice or "")
    chosen = [int(number) for number in found[1].split(".")] if found else []
    return chosen if len(set(chosen)) == len(chosen) <= most else []


def cleaned(choice: str | None) -> bool:
    """Whether a browser says that only cleaned copies go, of whatever files there are."""
    return choice == GO_ON_CLEAN or (choice or "").startswith(f"{GO_ON_CLEAN}.")


def clean_only(walk: str | None, state: dict[str, Any] | None) -> bool:
    """Whether of a file that a carrier brings now only the cleaned copy is kept."""
    if state is None:
        return False
    return bool((state["data"] if walk == "report" else state).get("clean"))


def without_originals(carried: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cleaned copies of files that a carrier brought; those that have none are left out.

    With an entry goes the only key to the file as it was.
    """
    return [
        {**entry, **entry["copy"], "copy": None, "clean": True} if entry.get("copy") else entry
        for entry in carried
        if entry.get("copy") or entry.get("clean")
    ]


def sealed(draft: Draft) -> list[dict[str, Any]]:
    """The files that came by a carrier: where each lies, and its key.

    Where only cleaned copies go, no original is among them, whatever the draft still holds: what
    is counted, shown, sealed and sent comes from here.
    """
    found: list[dict[str, Any]] = []
    while (one := draft.data.get(f"file.{len(found)}")) is not None:
        found.append(one)
    return without_originals(found) if draft.data.get("clean") else found


def waiting(draft: Draft) -> Waiting:
    """What is to be sent with the report."""
    ids = tuple(id for one in sealed(draft) for id in ids_of(one))
    return Waiting(ids, len(numbers(draft)))


def ids_of(entry: dict[str, Any]) -> list[str]:
    """The sealed files of an entry: the file and, if there is one, the copy for looking at."""
    return [entry["id"], *([entry["copy"]["id"]] if entry.get("copy") else [])]


class Attaching:
    """Asks for files, and takes them or what stands for them."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def count(self, draft: Draft) -> int:
        """How many files the report takes along."""
        return len(numbers(draft)) + len(sealed(draft))

    def ask_files(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Would she like to add some? What a file can tell is said first."""
        if draft.data.get("attach") != "browser":
            return self.ask_sent(sealed(draft), lang, clean=bool(draft.data.get("clean")))
        most, clean = MOST - len(sealed(draft)), bool(draft.data.get("clean"))
        return self.ask_here(numbers(draft), most, lang, clean=clean)

    def ask_sent(
        self, carried: list[dict[str, Any]], lang: str, *, clean: bool
    ) -> tuple[Message, ...]:
        """The question where a carrier brings files.

        Args:
            carried: those that it brought so far.
            lang: the language.
            clean: only cleaned copies are kept.
        """
        go_on: Offer = (GO_ON, self._words.text(lang, "choice.go_on"))
        fewer = ["opt:fewer"] if carried else []
        asked = "files.more" if carried else "files.ask"
        toggle = "opt:originals" if clean else "opt:cleaned"
        offers, size = (go_on, *fewer, toggle, "do:back"), LARGEST // _MIB
        return self._words.say(lang, asked, *offers, most=MOST, size=size, count=len(carried))

    def take(
        self, carried: list[dict[str, Any]], entry: dict[str, Any], lang: str, *, clean: bool
    ) -> tuple[Message, ...]:
        """Put what a carrier brought to the rest, or say why it was not taken.

        Args:
            carried: those that it brought so far.
            entry: of the file, or why there is none.
            lang: the language.
            clean: only cleaned copies are kept.
        """
        if refused := entry.get("refused"):
            return self._words.say(lang, f"files.refused.{refused}", size=LARGEST // _MIB)
        if len(carried) >= MOST:
            return self._words.say(lang, "files.refused.many", most=MOST)
        # While it was fetched she may have asked for copies only; it came with its original then.
        kept = without_originals([entry]) if clean else [entry]
        carried.extend(kept)
        return () if kept else self._words.say(lang, "files.refused.unclean")

    def switch(
        self, choice: str | None, carried: list[dict[str, Any]], lang: str
    ) -> tuple[bool, list[dict[str, Any]], tuple[Message, ...]] | None:
        """Send only cleaned copies from now on, or the files themselves again.

        Args:
            choice: what she pressed.
            carried: what a carrier brought so far.
            lang: the language.

        Returns:
            whether only copies go, what is left of the files, and what to say; ``None`` if it was
            another choice.
        """
        if choice == "opt:originals":
            return False, carried, self._words.say(lang, "files.as_they_are")
        if choice != "opt:cleaned":
            return None
        kept = without_originals(carried)
        said = self._words.say(lang, "files.only_copies")
        if len(kept) < len(carried):
            said += self._words.say(lang, "files.refused.unclean")
        return True, kept, said

    def counted(self, count: int, lang: str, *, clean: bool) -> str:
        """How many files go along, and whether only their copies do."""
        return self._words.text(lang, "part.copies", count=count) if clean else str(count)

    def ask_here(
        self, chosen: list[int], most: int, lang: str, *, clean: bool
    ) -> tuple[Message, ...]:
        """The question, with what her browser needs to take files.

        Args:
            chosen: the numbers of those that go along so far.
            most: how many more she may add to what this server has.
            lang: the language.
            clean: only cleaned copies go.
        """
        go_on: Offer = (GO_ON, self._words.text(lang, "choice.go_on"))
        size = LARGEST // _MIB
        asked = self._words.say(lang, "files.ask_here", go_on, "do:back", most=MOST, size=size)
        size = LARGEST // _MIB
        words = {name: self._words.text(lang, f"files.here.{name}", size=size) for name in _WORDS}
        kinds = {name: self._words.text(lang, f"files.kind.{name}") for name in _KINDS}
        panel = {"most": most, "largest": LARGEST, "chosen": chosen, "clean": clean}
        panel["words"] = words | kinds
        return (*asked[:-1], replace(asked[-1], attach=panel))

    def hear_files(self, draft: Draft, heard: Heard) -> Said:
        """Files, or that these are all."""
        here = draft.data.get("attach") == "browser"
        return self._hear_here(draft, heard) if here else self._hear_sent(draft, heard)

    def _hear_here(self, draft: Draft, heard: Heard) -> Said:
        """Her browser goes on, with files or without."""
        if heard.choice == GO_ON:
            draft.go("preview", files=None)
            return None
        carried = sealed(draft)
        chosen = named(heard.choice, MOST - len(carried))
        if not chosen and heard.choice != GO_ON_CLEAN:
            return self.ask_files(draft, heard.lang)
        clean = cleaned(heard.choice)
        kept = without_originals(carried) if clean else carried
        # Not through the draft's changes: the way back must not have the keys to the originals.
        self._put(draft, kept)
        less = len(kept) < len(carried)
        at = "files" if less else "preview"
        draft.go(at, files=chosen or None, clean="yes" if clean else None)
        if not less:
            return None
        said = self._words.say(heard.lang, "files.refused.unclean")
        return said + self.ask_files(draft, heard.lang)

    def _hear_sent(self, draft: Draft, heard: Heard) -> Said:
        """What a carrier brings: a file, or a choice about those that it brought."""
        taken: tuple[Message, ...] = ()
        if heard.attached is not None and draft.data.get("attach") == "carrier":
            taken = self._take(draft, heard.attached, heard.lang)
            if heard.choice not in SWITCHES:  # pressed while the file came, one is heard as well
                return taken + self.ask_files(draft, heard.lang)
        done = self._words.command(heard, free=False) in ("skip", "done")
        if heard.choice == GO_ON or done or self._words.means("done", heard.text):
            draft.go("preview", files=None)
            return None
        if switched := self.switch(heard.choice, sealed(draft), heard.lang):
            clean_now, kept, said = switched
            self._put(draft, kept)
            draft.data.pop("clean", None)
            draft.data |= {"clean": "yes"} if clean_now else {}
            return taken + said + self.ask_files(draft, heard.lang)
        if heard.choice == "opt:fewer":
            # With it goes the only key to it; what lies in the store is noise, until it goes, too.
            self._put(draft, sealed(draft)[:-1])
        return self.ask_files(draft, heard.lang)

    def _take(self, draft: Draft, entry: dict[str, Any], lang: str) -> tuple[Message, ...]:
        carried = sealed(draft)
        refused = self.take(carried, entry, lang, clean=bool(draft.data.get("clean")))
        self._put(draft, carried)
        return refused

    def _put(self, draft: Draft, carried: list[dict[str, Any]]) -> None:
        for name in [name for name in draft.data if name.startswith("file.")]:
            del draft.data[name]
        draft.data |= {f"file.{at}": one for at, one in enumerate(carried)}
