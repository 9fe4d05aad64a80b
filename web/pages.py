"""The widget and the page around it, put together for serving.

Nothing is built ahead of time: the service calls these functions once when it starts and keeps
the result. The same sources give the same bytes, so that the widget's hash can be published.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalogue import Message
from catalogue.messages import BASE, RIGHT_TO_LEFT, Messages

#: What the widget's own page needs and nothing more. The widget's styles are constructed, which
#: ``style-src`` does not govern; it writes text nodes only, so no trusted type policy is needed.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

#: Headers of the page. ``no-store`` also keeps it out of the browser's back-forward cache.
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

#: Headers of the scripts, style sheet and icon: any site may load them.
ASSET_HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}

#: Headers of ``/chat/*`` and of the answer (204) to a preflight request there. Any page may
#: talk to the chat: there is no cookie that another site could make use of.
CHAT_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Proof-Of-Work",
    "Access-Control-Expose-Headers": "Content-Language, Retry-After",
    "Access-Control-Max-Age": "7200",
    "Cache-Control": "no-store",
}

#: The widget's words: language, then key without ``widget.``, then text.
Strings = dict[str, dict[str, str]]

#: The same for a browser: also the names of all languages, and what the service will say first.
Words = dict[str, Any]

#: Where "Leave quickly" leads, as in ``widget.js``.
EXIT_PAGE = "https://worldweather.wmo.int/"

_PART = "widget."
_WORDS = "/*SPEAKSAFE_WORDS*/{}"
_STYLE = '/*SPEAKSAFE_STYLE*/""'
_ICON = re.compile(r"^    (\w+): '(M[^']+)',$", re.MULTILINE)
# Remarks are for whoever reads the source, which is published; on the way they are only weight.
_REMARK = re.compile(r"^ *(?:/\*(?:.|\n)*?\*/|//.*)\n", re.MULTILINE)
_SPOKEN = re.compile(r'(<[^<>]* data-say="([a-z_.]+)"[^<>]*>)(?=</)')


def widget_strings(messages: Messages) -> Strings:
    """The widget's words in every language that is complete, and the language's own name."""
    return {
        lang: {"own_name": messages.text(lang, "open.language_name")}
        | {
            key.removeprefix(_PART): messages.text(lang, key)
            for key in sorted(messages.keys(lang))
            if key.startswith(_PART)
        }
        for lang in messages.languages
    }


def words_of(
    strings: Strings, lang: str, openings: Mapping[str, Sequence[Message]] | None = None
) -> Words:
    """What a browser is told about one language.

    Args:
        strings: from `widget_strings`.
        lang: one of its languages.
        openings: what the service will say first, by language; it is shown before it is said.
    """
    names = {code: said["own_name"] for code, said in strings.items()}
    words: Words = {"lang": lang, "languages": names, **strings[lang]}
    if openings:
        words["opening"] = [_written(message) for message in openings[lang]]
    return words


def _written(message: Message) -> dict[str, Any]:
    """As the chat's answers have it."""
    return {"text": message.text, "choices": [asdict(choice) for choice in message.choices]}


def compact(words: object) -> str:
    """As JSON, with nothing that is only for the eye."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def widget_script(web: Path, english: Words) -> str:
    """The whole of ``/widget.js``, for other pages: code, English and style in one file.

    Args:
        web: the folder with ``widget.js`` and ``widget.css``.
        english: from `words_of`; the words of other languages are fetched when they are needed.

    Raises:
        ValueError: ``widget.js`` has lost the places where words and style go.
    """
    style = (web / "widget.css").read_text(encoding="utf-8")
    return _script(web, {"en": english}, _REMARK.sub("", style))


def page_script(web: Path) -> str:
    """The whole of ``/page.js``: what our own page does, and the widget.

    The page has the words of its language and loads the style while this is on its way.

    Args:
        web: the folder with ``page.js`` and ``widget.js``.

    Raises:
        ValueError: as `widget_script`.
    """
    return _REMARK.sub("", (web / "page.js").read_text(encoding="utf-8")) + _script(web, {}, "")


def _script(web: Path, words: Words, style: str) -> str:
    script = _REMARK.sub("", (web / "widget.js").read_text(encoding="utf-8"))
    for token, value in ((_WORDS, words), (_STYLE, style)):
        if script.count(token) != 1:
            raise ValueError(f"widget.js must contain {token} once; restore it")
        script = script.replace(token, compact(value) if value else token.rpartition("/")[2])
    return script


def page(
    web: Path,
    strings: Strings,
    lang: str = BASE,
    demo: bool = False,
    openings: Mapping[str, Sequence[Message]] | None = None,
) -> str:
    """The page at ``/`` in one language, with the chat's window and its first words in it.

    They are there to be read while the script is still on its way; it takes them over as they are.

    Args:
        web: the folder with ``index.html`` and ``chat.html``.
        strings: from `widget_strings`.
        lang: the language of the page; one that is missing falls back to English.
        demo: say at the top that nothing reaches a real office.
        openings: what the service will say first, by language.

    Raises:
        KeyError: the page asks for a text that the catalogue doesn't have.
    """
    lang = lang if lang in strings else BASE
    words = words_of(strings, lang, openings)
    source = (web / "index.html").read_text(encoding="utf-8")
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    places = {
        '<html lang="en">': f'<html lang="{lang}" dir="{direction}">',
        "<!--DEMO-->": '<p id="demo-banner" data-say="page.demo"></p>' if demo else "",
        "<!--CHAT-->": _window(web, words, direction),
        "<!--WORDS-->": html.escape(compact(words), quote=False).replace("'", "&#39;"),
    }
    source = re.sub("|".join(map(re.escape, places)), lambda m: places[m[0]], source)
    return _SPOKEN.sub(lambda m: m[1] + html.escape(strings[lang][m[2]], quote=False), source)


def _window(web: Path, words: Words, direction: str) -> str:
    """The chat's window, as the widget would make it."""
    loader = FileSystemLoader(web)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("chat.html").render(
        say=words,
        lang=words["lang"],
        dir=direction,
        languages=words["languages"].items(),
        opening=words.get("opening", ()),
        exit=EXIT_PAGE,
        icons=dict(_ICON.findall((web / "widget.js").read_text(encoding="utf-8"))),
    )


def preferred_language(accept_language: str, offered: tuple[str, ...]) -> str:
    """The best of the offered languages for an ``Accept-Language`` header (RFC 9110, 12.5.4).

    Args:
        accept_language: the header, or ''. What can't be read in it is passed over.
        offered: language codes; English is the answer when none fits.
    """
    best, best_weight = BASE, 0.0
    for entry in accept_language.split(","):
        tag, _, rest = entry.partition(";")
        lang = tag.strip().lower().partition("-")[0]
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", rest)
        value = float(weight[1]) if weight else 0.0 if rest.strip() else 1.0
        if lang in offered and value > best_weight:
            best, best_weight = lang, value
    return best
