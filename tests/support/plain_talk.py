"""A person at the page without scripts: the same conversations through its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.support.talk import Talk


class Form(HTMLParser):
    """What a page of ours holds: hidden fields, buttons, texts, the box."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = []
        self.said: list[str] = []
        self.note = self.box = self.lang = self.direction = self.refresh = ""
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag, given.get("class"):
            case "html", _:
                self.lang, self.direction = given["lang"], given.get("dir", "")
            case "meta", _ if given.get("http-equiv") == "refresh":
                self.refresh = given["content"]
            case "input", _:
                self.hidden[given["name"]] = given["value"]
            case "button", _ if "value" in given:
                self.buttons.append({"label": "", "value": given["value"]})
                self._in = "button"
            case "p", "said":
                self.said.append("")
                self._in = "said"
            case "p", "note":
                self._in = "note"
            case "span", _ if self._in == "button":
                self._in = "number"
            case "br", _ if self._in == "said":
                self.said[-1] += "\n"
            case "textarea", _:
                self._in = "box"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("button", "p", "textarea"):
            self._in = ""
        elif tag == "span" and self._in == "number":
            self._in = "button"

    def handle_data(self, data: str) -> None:
        match self._in:
            case "button":
                self.buttons[-1]["label"] += data
            case "said":
                self.said[-1] += data
            case "note":
                self.note += data
            case "box":
                self.box += data


@dataclass
class PlainTalk(Talk):
    """As `Talk`, at ``/plain``."""

    form: Form = field(default_factory=lambda: Form(""))
    status: int = 0

    def begin(self) -> Talk:
        """Send the form before a chat; the opening comes with it."""
        first = self.http.get("/plain", params={"lang": self.lang or "en"})
        assert first.status_code == 200, first.text
        self.form = Form(first.text)
        return self._send({})

    def opens(self) -> Talk:
        """Open the chat and get the opening."""
        return self.begin()

    def posts(self, fields: dict[str, str]) -> Talk:
        """Send the form with these fields and no others."""
        answer = self.http.post("/plain", data=fields)
        assert "set-cookie" not in answer.headers
        assert str(answer.url).endswith("/plain"), "nothing of a chat stands in an address"
        self.status, self.form = answer.status_code, Form(answer.text)
        leave = {"gate:exit"}
        choices = [button for button in self.form.buttons if button["value"] not in leave]
        self.messages = [{"text": text, "choices": []} for text in self.form.said]
        if self.messages:
            self.messages[-1]["choices"] = choices
        self.ended = not self.form.hidden.get("session")
        self.spoken = self.form.lang
        return self

    def _send(self, body: dict[str, Any]) -> Talk:
        return self.posts({**self.form.hidden, "text": "", **body})
