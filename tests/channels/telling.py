"""Whole ways through a conversation that several tests take."""

from __future__ import annotations

from tests.channels.conftest import Person


async def sends_a_report(person: Person) -> None:
    """From the first word to the receipt."""
    await previews_a_report(person)
    await person.picks("go on")
    await person.picks("Yes, send it")


async def previews_a_report(person: Person) -> None:
    """From the first word to the preview."""
    await person.says("hello")
    await person.picks("Make a report")
    await person.picks("To me")
    await person.says("UNICEF")
    await person.picks("Yes")
    await person.picks("No, it can go there")
    await person.says("He follows me home.")
    await person.picks("I have said it all")
    for _ in range(4):
        await person.says("skip")
    await person.picks("anonymous")
    person.hears("He follows me home.")
