"""``speaksafe bundles``: the hashes of everything that browsers are given."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from catalogue import Messages
from service.bundles import hashes, sha256
from service.commands.output import CommandError, note
from service.settings import ROOT, Settings

Fetch = Callable[[str], bytes | None]


def add(commands: Any) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser(
        "bundles", help="SHA-256 of all scripts, styles, words and pages that browsers are given"
    )
    parser.add_argument(
        "--against",
        metavar="URL",
        help="ask a running service for each, and say which differ; exit 1 if any does",
    )
    parser.set_defaults(command=_bundles)


def _bundles(args: argparse.Namespace, settings: Settings) -> int:
    ours = hashes(ROOT / "web", settings.content_dir, Messages.load(settings.content_dir))
    if args.against is None:
        for path, digest in ours.items():
            print(f"{digest}  {path}")
        return 0
    with httpx.Client(base_url=args.against, timeout=30, follow_redirects=False) as client:
        return compare(ours, lambda path: _fetched(client, path))


def compare(ours: Mapping[str, str], fetch: Fetch) -> int:
    """Say which bundles of a service are not these.

    Args:
        ours: hashes by address.
        fetch: what is served there; ``None`` if nothing is.

    Returns:
        the exit code.
    """
    different = 0
    for path, digest in ours.items():
        body = fetch(path)
        if body is None:
            print(f"missing    {path}")
        elif sha256(body) != digest:
            print(f"different  {path}")
        else:
            continue
        different += 1
    if different:
        note(f"{different} of {len(ours)} are not those of this version and content")
        return 1
    print(f"All {len(ours)} are those of this version and content.")
    return 0


def _fetched(client: httpx.Client, path: str) -> bytes | None:
    try:
        answer = client.get(path, headers={"Cache-Control": "no-cache"})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CommandError(
            f"the service cannot be asked ({type(error).__name__}); name its address, as in "
            "https://speaksafe.example.org"
        ) from None
    return answer.content if answer.is_success else None
