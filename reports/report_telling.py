"""The part of a report's dialogue in which she tells what happened, in her own words."""

from __future__ import annotations

from catalogue import Heard, Message
from reports.draft import Draft
from reports.report import RELATIONS
from reports.sealed import holds
from reports.words import Words

#: Letters of the account, and of each other answer. The longest text any channel delivers whole.
LONGEST_ACCOUNT = 20_000
LONGEST_ANSWER = 4_000

WISHES = ("end", "help", "investigate", "known")

Said = tuple[Message, ...] | None


class Telling:
    """Asks for everything but the organization.

    Each ``ask_…`` says a question; each ``hear_…`` moves the draft on and returns the messages to
    say instead of the next question, or ``None``.
    """

    def __init__(self, words: Words) -> None:
        self._words = words

    # -- for whom -----------------------------------------------------------------------------

    def ask_relation(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Did it happen to her, did she see it, did it happen to somebody else?"""
        last = "do:back" if draft.data.get("changing") else "do:stop"
        key = "relation.again" if draft.note else "relation.ask"
        return self._words.say(lang, key, *(f"opt:{name}" for name in RELATIONS), last)

    def hear_relation(self, draft: Draft, heard: Heard) -> Said:
        """One of the three."""
        for name in RELATIONS:
            if heard.choice == f"opt:{name}" or self._words.means(name, heard.text):
                draft.go(draft.onward("entity"), relation=name)
                return None
        draft.note = {"again": True}
        return self.ask_relation(draft, heard.lang)

    # -- what happened ------------------------------------------------------------------------

    def ask_account(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """What happened?"""
        return self._words.say(lang, "account.ask", "do:back", free=True)

    def hear_account(self, draft: Draft, heard: Heard) -> Said:
        """A first message of it; it may be as short or as long as she likes."""
        if heard.choice is not None or not heard.text.strip():
            return self.ask_account(draft, heard.lang)
        return self._add(draft, heard)

    def ask_more(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Is there more?"""
        key = "account.further" if len(account_parts(draft)) > 1 else "account.more"
        return self._words.say(lang, key, "do:done", "do:back", free=True)

    def hear_more(self, draft: Draft, heard: Heard) -> Said:
        """Another message of it, or that this is all."""
        if self._words.command(heard, free=True) == "done" or self._words.means("done", heard.text):
            draft.go(draft.onward("when_where"))
            return None
        if heard.choice is not None or not heard.text.strip():
            return self.ask_more(draft, heard.lang)
        return self._add(draft, heard)

    def _add(self, draft: Draft, heard: Heard) -> Said:
        parts = account_parts(draft)
        if sum(map(len, parts)) + len(heard.text) > LONGEST_ACCOUNT:
            offers = ("do:done", "do:back") if parts else ("do:back",)
            return self._words.say(
                heard.lang, "account.too_long", *offers, free=True, most=LONGEST_ACCOUNT
            )
        draft.go("more", **{f"account.{len(parts)}": heard.text})
        return None

    def ask_rework(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Add to the account, or write it anew?"""
        return self._words.say(lang, "account.rework", "opt:add", "opt:anew", "do:back")

    def hear_rework(self, draft: Draft, heard: Heard) -> Said:
        """Add, or write anew."""
        if heard.choice == "opt:add":
            draft.go("more")
        elif heard.choice == "opt:anew":
            gone = {f"account.{at}": None for at in range(len(account_parts(draft)))}
            draft.go("account", **gone)
        else:
            return self.ask_rework(draft, heard.lang)
        return None

    # -- the questions that may be left out ---------------------------------------------------

    def ask_when_where(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """When and where?"""
        return self._words.say(lang, "when_where.ask", "do:skip", "do:back", free=True)

    def hear_when_where(self, draft: Draft, heard: Heard) -> Said:
        """Her words, as vague as she likes."""
        return self._own_words(draft, heard, "when_where", "who")

    def ask_who(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Who was involved?"""
        return self._words.say(lang, "who.ask", "do:skip", "do:back", free=True)

    def hear_who(self, draft: Draft, heard: Heard) -> Said:
        """Her words."""
        return self._own_words(draft, heard, "who", "wish")

    def ask_wish(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """What would she like to happen?"""
        wishes = (f"opt:{wish}" for wish in WISHES)
        return self._words.say(lang, "wish.ask", *wishes, "opt:words", "do:skip", "do:back")

    def hear_wish(self, draft: Draft, heard: Heard) -> Said:
        """One of the wishes, or her own words straight away."""
        picked = (heard.choice or "").removeprefix("opt:")
        if self._words.command(heard, free=True) == "skip":
            draft.go(draft.onward("danger"), wish=None, wish_words=None)
        elif picked in WISHES:
            draft.go(draft.onward("danger"), wish=picked, wish_words=None)
        elif picked == "words":
            draft.go("wish_words")
        else:
            return self._own_words(draft, heard, "wish_words", "danger", wish=None)
        return None

    def ask_wish_words(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """What would she like, in her own words?"""
        return self._words.say(lang, "wish.words", "do:skip", "do:back", free=True)

    def hear_wish_words(self, draft: Draft, heard: Heard) -> Said:
        """Her words."""
        return self._own_words(draft, heard, "wish_words", "danger", wish=None)

    def ask_danger(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Is anybody in danger now?"""
        return self._words.say(lang, "danger.ask", "do:yes", "do:no", "do:skip", "do:back")

    def hear_danger(self, draft: Draft, heard: Heard) -> Said:
        """Yes, no or left out. A yes is answered with urgent help before anything else."""
        answer = self._words.command(heard, free=False)
        if answer not in ("yes", "no", "skip"):
            return self.ask_danger(draft, heard.lang)
        draft.go(draft.onward("contact"), danger=None if answer == "skip" else answer)
        if answer == "yes":
            draft.note = {"urgent": True}
        return None

    def urgent(self, lang: str) -> tuple[Message, ...]:
        """What to do in danger, now."""
        return self._words.say(lang, "danger.urgent")

    def ask_contact(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Stay anonymous, or leave a way to be reached?"""
        return self._words.say(lang, "contact.ask", "opt:anonymous", "opt:reach", "do:back")

    def hear_contact(self, draft: Draft, heard: Heard) -> Said:
        """Anonymous, or a contact; an address is taken straight away."""
        skipped = self._words.command(heard, free=True) == "skip"
        if skipped or heard.choice == "opt:anonymous" or self._words.means("anonymous", heard.text):
            draft.go(draft.onward("preview"), contact=None)
        elif heard.choice == "opt:reach":
            draft.go("contact_words")
        elif heard.choice is None and _reaches(heard.text):
            return self._own_words(draft, heard, "contact", "preview")
        else:
            return self.ask_contact(draft, heard.lang)
        return None

    def ask_contact_words(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """How can she be reached?"""
        return self._words.say(lang, "contact.words", "opt:anonymous", "do:back", free=True)

    def hear_contact_words(self, draft: Draft, heard: Heard) -> Said:
        """Her words, or anonymous after all."""
        if heard.choice == "opt:anonymous":
            draft.go(draft.onward("preview"), contact=None)
            return None
        return self._own_words(draft, heard, "contact", "preview")

    def _own_words(self, draft: Draft, heard: Heard, name: str, step: str, **changes: None) -> Said:
        """Take an answer in her own words, or its being left out."""
        if self._words.command(heard, free=True) == "skip":
            draft.go(draft.onward(step), **changes, **{name: None})
            return None
        if heard.choice is not None or not heard.text.strip():
            ask: tuple[Message, ...] = getattr(self, f"ask_{draft.at}")(draft, heard.lang)
            return ask
        if len(heard.text) > LONGEST_ANSWER:
            offers = ("do:skip", "do:back")
            key = "answer_too_long"
            return self._words.say(heard.lang, key, *offers, free=True, most=LONGEST_ANSWER)
        draft.go(draft.onward(step), **changes, **{name: heard.text})
        return None


def account_parts(draft: Draft) -> list[str]:
    """The messages that the account is made of, letter for letter."""
    parts: list[str] = []
    while (part := draft.data.get(f"account.{len(parts)}")) is not None:
        parts.append(part)
    return parts


def account(draft: Draft) -> str:
    """The whole account; its messages are parted by a blank line."""
    return "\n\n".join(account_parts(draft))


def _reaches(text: str) -> bool:
    """Whether a text looks like an address or a telephone number; what her browser holds may be
    one, and she sees it again before she sends."""
    return holds(text) or "@" in text or sum(letter.isdecimal() for letter in text) >= 6
