"""Watches a page for anything that a text in it brings about: a call, a request, a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.attack.hostile import SCRIPTS
from tests.attack.size import FULL

_WATCHES = """
window.hurt = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.hurt.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""

_PARTS = [list(SCRIPTS)[at : at + 8] for at in range(0, len(SCRIPTS), 8)]

#: All in one; with ``make attack`` also in parts, because one that breaks out can hide the next.
ALL = {
    name: "\n".join(SCRIPTS[one] for one in part).replace("HURT", "window.hurt.push(1)")
    for name, part in {
        "all of them": list(SCRIPTS),
        **({part[0]: part[::-1] for part in _PARTS} if FULL else {}),
    }.items()
}


@dataclass
class Watch:
    """What was seen of it.

    Args:
        page: begins to be watched before it is opened.
    """

    page: Page
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(_WATCHES)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.asked.append("hurt"), dialog.dismiss()))
        self.page.on("popup", lambda popup: self.asked.append(f"hurt {popup.url}"))

    @property
    def hurt(self) -> list[Any]:
        """Everything that ran, was asked for, or was refused by the page's own policy."""
        seen: list[Any] = self.page.evaluate("window.hurt")
        return seen + [url for url in self.asked if "hurt" in url]

    def made(self, within: str) -> int:
        """Elements that only a text taken for markup could have brought into a part of the page."""
        kinds = "script, img, svg, math, iframe, object, embed, base, meta, link, style, video"
        return self.page.locator(within).locator(f"{kinds}, template, [onerror], [onfocus]").count()
