"""The widget and the page around it, put together for serving.

Nothing is built ahead of time: the service calls these functions once when it starts and keeps
the result. The same sources give the same bytes, so that the widget's hash can be published.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

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

_PART = "widget."
_STRINGS = "/*SPEAKSAFE_STRINGS*/{}"
_STYLE = '/*SPEAKSAFE_STYLE*/""'
_DEMO = "<!--DEMO-->"
# Remarks are for whoever reads the source, which is published; on the way they are only weight.
_REMARK = re.compile(r"^ *(?:/\*(?:.|\n)*?\*/|//.*)\n", re.MULTILINE)
_SPOKEN = re.compile(r'(<[^<>]* data-say="([a-z_.]+)"[^<>]*>)(?=</)')


def widget_strings(messages: Messages) -> Strings:
    """The widget's words in every language that is complete."""
    return {
        lang: {
            key.removeprefix(_PART): messages.text(lang, key)
            for key in sorted(messages.keys(lang))
            if key.startswith(_PART)
        }
        for lang in messages.languages
    }


def widget_script(web: Path, strings: Strings) -> str:
    """The whole of ``/widget.js``: code without remarks, words and style in one file.

    Args:
        web: the folder with ``widget.js`` and ``widget.css``.
        strings: from `widget_strings`.

    Raises:
        ValueError: ``widget.js`` has lost the places where words and style go.
    """
    script = _REMARK.sub("", (web / "widget.js").read_text(encoding="utf-8"))
    style = (web / "widget.css").read_text(encoding="utf-8")
    for token, value in ((_STRINGS, strings), (_STYLE, style)):
        if script.count(token) != 1:
            raise ValueError(f"widget.js must contain {token} once; restore it")
        script = script.replace(token, json.dumps(value, ensure_ascii=False))
    return script


def page(web: Path, strings: Strings, lang: str = BASE, demo: bool = False) -> str:
    """The page at ``/`` in one language.

    Args:
        web: the folder with ``index.html``.
        strings: from `widget_strings`.
        lang: the language of the page; one that is missing falls back to English.
        demo: say at the top that nothing reaches a real office.

    Raises:
        KeyError: the page asks for a text that the catalogue doesn't have.
    """
    lang = lang if lang in strings else BASE
    source = (web / "index.html").read_text(encoding="utf-8")
    banner = '<p id="demo-banner" data-say="page.demo"></p>' if demo else ""
    source = source.replace(_DEMO, banner)
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    source = source.replace('<html lang="en">', f'<html lang="{lang}" dir="{direction}">')
    return _SPOKEN.sub(lambda m: m[1] + html.escape(strings[lang][m[2]], quote=False), source)


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
