"""Somebody who takes the whole survey."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.talk import Talk

#: What is pressed where no option is on offer, in this order.
_ONWARDS = ("do:start", "do:go_on", "do:answer", "do:send", "do:done", "do:skip")

Pick = Callable[[list[str]], str]


def first(options: list[str]) -> str:
    """Always the first option."""
    return options[0]


def takes_the_survey(
    talk: Talk, pick: Pick = first, words: str | None = None, until: str | None = None
) -> Talk:
    """Go through the survey from the consent screen to the end.

    Args:
        talk: somebody in a chat.
        pick: chooses among the values of a question's options.
        words: what she writes where her own words are asked for; skipped if not given.
        until: a choice before which she stops, as soon as it is on offer.
    """
    talk.chooses("menu:survey").hears("voluntary").chooses("do:start").chooses("opt:G1.1")
    for _ in range(100):
        values = [choice["value"] for choice in talk.choices]
        options = [value for value in values if value.startswith("opt:")]
        if until in values:
            return talk
        if "do:done" in values:
            talk.chooses("do:done")
        elif options:
            talk.chooses("opt:Q28.1" if "opt:Q28.1" in options else pick(options))
        elif words and "own words" in talk.text.casefold():
            talk.says(words)
            if "do:keep" in [choice["value"] for choice in talk.choices]:
                talk.chooses("do:keep")  # it asked whether this could point to her
        else:
            onward = next((value for value in _ONWARDS if value in values), None)
            if onward is None:
                return talk
            talk.chooses(onward)
    raise AssertionError(f"the survey does not end; the last words were:\n{talk.text}")
