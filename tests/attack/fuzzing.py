"""Everything of ours that reads what others wrote, each as a function of bytes.

    python -m tests.attack.fuzzing envelope --seconds 60

runs one under a fuzzer that follows which lines are reached. A reader may refuse with the errors
that it documents, and with nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.attack import fuzzing_forms as forms

ROOT = Path(__file__).resolve().parents[2]

#: What the door of the carriers answers with 400 (``bot.channels.door``).
REFUSED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)

Target = Callable[[bytes], None]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace")


def _safe(data: bytes) -> str:
    try:
        return _text(data)
    except UnicodeDecodeError:
        return data.decode("latin-1")


@cache
def _known() -> dict[str, Any]:
    """What readers need, made once."""
    from bot.channels.signal import Signal
    from bot.channels.telegram import Telegram
    from bot.words import Words
    from reports.entities import Entities
    from survey.hearing import Way
    from vault.keys import PrivateKey

    ways = [Way(f"opt:{n}", (label,)) for n, label in enumerate(("Yes", "No", "Rarely, or never"))]
    return {
        "words": Words.load(ROOT / "content"),
        "entities": Entities.load(ROOT / "content"),
        "key": PrivateKey(bytes(range(32))),
        "telegram": Telegram("1:token", "secret", "http://127.0.0.1:9"),
        "signal": Signal("http://127.0.0.1:9", "+41795550123", "s" * 32),
        "ways": ways,
    }


def envelope(data: bytes) -> None:
    """An envelope, parsed and opened; and its recipients taken apart and put together."""
    from vault.recipients import join, split
    from vault.sealing import Context, SealingError, open_envelope, parse

    for read in (
        parse,
        partial(open_envelope, key=_known()["key"], context=Context("report", "x")),
        lambda raw: split(raw, {"x"}),
        lambda raw: join(raw, [{"kid": "x", "enc": "x", "ct": "x"}]),
    ):
        with contextlib.suppress(SealingError):
            read(data)


def keys(data: bytes) -> None:
    """Keys as text, on paper and in parts."""
    from vault import paper, shares
    from vault.encoding import from_text
    from vault.errors import KeyFileError
    from vault.keys import PublicKey

    text = _safe(data)
    for read in (from_text, PublicKey.from_text, paper.read, lambda t: shares.read(t, "x")):
        with contextlib.suppress(ValueError, KeyFileError):
            read(text)


def bundles(data: bytes) -> None:
    """What the holder of the recovery key is given, and gives back."""
    from vault.errors import RecoveryError
    from vault.recovery import read_bundle, read_passing

    for read in (read_bundle, read_passing):
        with contextlib.suppress(RecoveryError):
            read(data)


def typed(data: bytes) -> None:
    """Anything that people type: commands, danger, languages, numbers, codes, receipts."""
    from bot.handover import read_code
    from bot.language import asks_for, detect
    from bot.numerals import ascii_digits
    from survey.pointers import pointers
    from vault.receipts import is_well_formed, read_digits

    text = _safe(data)[:2000]
    for lang in ("ar", "zh"):
        _known()["words"].recognise(text, lang)
        assert detect(text, lang) in ("ar", "zh", "en", "fr", "ru", "es", "other")
    asks_for(text)
    ascii_digits(text)
    read_code(text)
    pointers(text)
    if code := read_digits(text):
        is_well_formed(code)


def answers(data: bytes) -> None:
    """An answer in own words, where options are offered; and the name of an organization."""
    from survey.hearing import exact, labelled, many, one

    text = _safe(data)[:500]
    for hear in (exact, labelled, many, one):
        hear(text, _known()["ways"])
    _known()["entities"].find(text)
    _known()["entities"].named_in(text)


def facts(data: bytes) -> None:
    """A published release, and a line of the log of releases."""
    from survey.facts import Facts, FactsError
    from vault.release_log import _read

    _read(data)
    with contextlib.suppress(FactsError, ValueError, RecursionError):
        Facts.from_json(json.loads(data))


def carriers(data: bytes) -> None:
    """Updates of carriers that were signed, and are something else all the same."""
    from bot.channels.contract import Request, Unreadable
    from bot.channels.twilio_requests import Form

    request = Request("https://x/webhooks/x", {"content-type": "application/json"}, data)
    for channel in ("telegram", "signal"):
        with contextlib.suppress(Unreadable, *REFUSED):  # the door answers these with 400
            _known()[channel].parse(request)
    with contextlib.suppress(ValueError):
        Form(data)


def pieces(data: bytes) -> None:
    """Long texts are cut for carriers without losing a letter."""
    from bot.channels.texts import split

    text = _safe(data)[:3000].strip()
    cut = split(text, 300) if text else []
    assert all(len(piece) <= 300 for piece in cut)
    kept = "".join("".join(cut).split())
    assert kept == "".join(text.split())


TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (
        *(envelope, keys, bundles, typed, answers, facts, carriers, pieces),
        *(forms.uploads, forms.instruments, forms.sheets, forms.workbooks),
    )
}

#: Where to begin, so that the fuzzer need not find the shape of things first.
SEEDS: dict[str, tuple[bytes, ...]] = {
    "envelope": (
        b'{"v":1,"suite":"hpke-x25519-sha256-aes256gcm","to":[{"kid":"a","enc":"b","ct":"c"}],'
        b'"iv":"AAAAAAAAAAAAAAAA","body":"AAAA"}',
    ),
    "carriers": (
        b'{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},'
        b'"from":{"id":1,"is_bot":false,"first_name":"x"},"text":"x"}}',
        b'{"update_id":1,"message":{"message_id":1,"date":22222222222222222222,'
        b'"chat":{"id":1,"type":"private"},"text":"x"}}',
        b'{"envelope":{"sourceUuid":"x","timestamp":1,"dataMessage":{"message":"x","timestamp":1}},'
        b'"account":"+41795550123"}',
        b"Body=x&From=whatsapp%3A%2B41795550123&MessageSid=SM00000000000000000000000000000000",
    ),
    "facts": (b'{"entry":1,"previous":"begin","record":{},"signer":"","signature":"","hash":"x"}',),
    **forms.seeds(),
}


def main() -> None:
    """Fuzz one reader for a while; the exit code is not 0 when something was found."""
    import atheris

    parser = argparse.ArgumentParser()
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--folder", type=Path, required=True, help="for what is found")
    given = parser.parse_args()
    corpus = given.folder / "corpus"
    corpus.mkdir(parents=True)
    for number, seed in enumerate(SEEDS.get(given.target, (b"x",))):
        (corpus / f"seed{number}").write_bytes(seed)
    with atheris.instrument_imports(
        include=["vault", "bot", "survey", "reports", "service", "catalogue"]
    ):
        TARGETS[given.target](b"warm up")
    limits = [f"-max_total_time={given.seconds}", "-max_len=4096", "-timeout=10"]
    out = [f"-artifact_prefix={given.folder}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, *out, str(corpus)], TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
