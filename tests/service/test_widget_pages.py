"""The page's first words are those that the service says, and its files are packed."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator

import pytest

from tests.attack.house import House, house

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("pages") / "data") as found:
        yield found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_first_what_the_service_will_say(running: House, lang: str) -> None:
    begun = running.http.post("/chat/sessions", json={"lang": lang, "opening": True}).json()
    said = begun["opening"]["messages"]
    words = running.http.get(f"/chat/strings/{lang}.json").json()
    assert words["opening"] == said and len(said) > 3
    page = running.http.get("/", params={"lang": lang}).text
    told = re.search("data-words='([^']*)'", page)
    assert told and json.loads(html.unescape(told[1])) == words
    seen = re.findall(r'<div class="bubble theirs".*?<p dir="auto">(.*?)</p>', page, re.DOTALL)
    assert [html.unescape(text) for text in seen] == [message["text"] for message in said]
    labels = re.findall(r'<button type="button" disabled.*?<span dir="auto">(.*?)</span>', page)
    choices = said[-1]["choices"]
    assert [html.unescape(label) for label in labels] == [choice["label"] for choice in choices]


def test_the_language_of_the_page_is_the_one_asked_for(running: House) -> None:
    asked = running.http.get("/", headers={"Accept-Language": "ar-EG, en;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in asked.text
    assert '<section class="frame inline" role="region" lang="ar" dir="rtl"' in asked.text
    assert "Accept-Language" in asked.headers["vary"]
    wanted = running.http.get("/?lang=fr", headers={"Accept-Language": "ar"})
    assert '<html lang="fr" dir="ltr">' in wanted.text


def test_words_of_another_language_are_no_part_of_what_comes_first(running: House) -> None:
    french = running.http.get("/chat/strings/fr.json").json()["page.lead"]
    for path in ("/?lang=en", "/page.js", "/widget.js"):
        assert french not in running.http.get(path).text, path
    assert running.http.get("/chat/strings/xx.json").status_code == 404


@pytest.mark.parametrize("path", ["/", "/page.js", "/page.css", "/widget.css", "/widget.js"])
def test_all_that_comes_first_is_packed(running: House, path: str) -> None:
    plain = running.http.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with running.http.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as packed:
        body = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert gzip.decompress(body) == plain.content
    assert len(body) < len(plain.content) / 2
