"""``speaksafe redact``: two people agree on what may leave of a free text.

One proposes a paraphrase or a theme, another, with a key of her own, agrees; only then is it
exported. The text itself is shown on the screen and goes nowhere else.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from service.commands.output import CommandError, note
from service.commands.release import add_source, sealed_rounds
from service.commands.shares import private_key
from service.settings import Settings
from survey.bundle import BundleError
from survey.instrument import load_all
from survey.model import Instrument
from survey.opening import Opened
from survey.redacting import OwnWords, exported, exported_json, objections, own_words
from vault import keyfiles
from vault.keys import PrivateKey
from vault.redactions import Redaction, RedactionFile, agree, propose
from vault.signing import signer
from vault.writing import write_new

_CHOICES = {"w": "words", "t": "theme", "l": "left_out"}


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser(
        "redact", help="what may leave of people's own words; two agree on each"
    ).add_subparsers(required=True)
    for name, what, run in (
        ("propose", "go through the texts and propose words, a theme, or nothing", _propose),
        ("agree", "go through what another person proposed", _agree),
        ("export", "write what two people agreed on, and nothing else", _export),
    ):
        parser = group.add_parser(name, help=what)
        add_source(parser)
        parser.add_argument("--desk", required=True, type=Path, metavar="FILE",
                            help="the sealed file of proposals")  # fmt: skip
        if run is _export:
            parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        else:
            parser.add_argument("--me", required=True, type=Path, metavar="FILE",
                                help="your own key (`keys new --role reviewer`)")  # fmt: skip
        parser.set_defaults(command=run)


class _Desk:
    """The texts of a round and what was said about them."""

    def __init__(self, args: argparse.Namespace, settings: Settings) -> None:
        key = private_key(args)
        try:
            sealed, _ = sealed_rounds(args, settings)
        except BundleError as error:
            raise CommandError(str(error)) from None
        found = load_all(settings.content_dir).get(sealed.round_.instrument)
        if found is None:
            raise CommandError(f"content has no {sealed.round_.instrument}; put its file back")
        self.instrument: Instrument = found
        self.round_id = sealed.round_.round_id
        opened = Opened(sealed.answers, found, sealed.round_.round_id, key)
        self.texts = own_words(opened, found, key)
        self.file = RedactionFile(args.desk, key, self.round_id)
        self.said = self.file.load()

    def show(self, text: OwnWords, at: int, of: int) -> None:
        item = self.instrument.item(text.item)
        print(f"\n── {at} of {of} · {item.text['en'] if item else text.item}\n\n{text.text}\n")

    def keep(self, redaction: Redaction) -> None:
        self.said[redaction.text_id] = redaction
        self.file.save(self.said)


def _propose(args: argparse.Namespace, settings: Settings) -> int:
    desk, me = _Desk(args, settings), keyfiles.read_private(args.me)
    open_ = [text for text in desk.texts if text.text_id not in desk.said]
    for number, text in enumerate(open_, start=1):
        desk.show(text, number, len(open_))
        made = _asked(desk, text, me)
        if made is None:
            break
        desk.keep(made)
    note(f"{len(desk.said)} of {len(desk.texts)} texts have a proposal")
    return 0


def _asked(desk: _Desk, text: OwnWords, me: PrivateKey) -> Redaction | None:
    """What this person proposes for a text; ``None`` to stop here."""
    while True:
        choice = _input("[w]ords in its place, [t]heme, [l]eave it out, [q]uit: ").lower()[:1]
        if choice == "q":
            return None
        if choice == "l":
            return propose(desk.round_id, text.text_id, text.item, "left_out", "", me)
        if choice in _CHOICES:
            words = " ".join(_input("in its place: ").split())
            found = objections(_CHOICES[choice], words, text.text)
            if not found:
                kind = _CHOICES[choice]
                return propose(desk.round_id, text.text_id, text.item, kind, words, me)
            print(f"not this: {'; '.join(found)}")


def _agree(args: argparse.Namespace, settings: Settings) -> int:
    desk, me = _Desk(args, settings), keyfiles.read_private(args.me)
    waiting = [
        text
        for text in desk.texts
        if (said := desk.said.get(text.text_id))
        and not said.settled(desk.round_id)
        and said.proposer != signer(me)
    ]
    for number, text in enumerate(waiting, start=1):
        desk.show(text, number, len(waiting))
        said = desk.said[text.text_id]
        print(f"proposed  {said.kind}: {said.words}" if said.words else "proposed  leave it out")
        choice = _input("[a]gree, [c]hange it, [s]kip, [q]uit: ").lower()[:1]
        if choice == "q":
            break
        if choice == "a":
            desk.keep(agree(desk.round_id, said, me))
        elif choice == "c" and (other := _asked(desk, text, me)) is not None:
            desk.keep(other)  # now it waits for somebody else to agree
    settled = sum(said.settled(desk.round_id) for said in desk.said.values())
    note(f"{settled} of {len(desk.texts)} texts are settled")
    return 0


def _export(args: argparse.Namespace, settings: Settings) -> int:
    desk = _Desk(args, settings)
    names = {text.text_id for text in desk.texts}
    settled = [said for name, said in desk.said.items() if name in names]
    document = exported(settled, desk.round_id, desk.instrument)
    try:
        write_new(args.out, exported_json(document), 0o644)
    except OSError:
        raise CommandError("--out cannot be written; name a new file") from None
    print(args.out)
    return 0


def _input(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        return "q"
