"""The menu: six families at most, every topic in exactly one family."""

from pathlib import Path
from typing import Any

import pytest

from catalogue import ContentError
from policy import Answers, Menu
from tests.policy import small
from tests.policy.conftest import LANGUAGES

FAMILY: dict[str, Any] = {
    "family": "letters",
    "listed": True,
    "title": small.PAGE,
    "topics": ["alpha", "beta", "gamma"],
}


def _load(tmp_path: Path, *families: Any) -> Menu:
    content = small.write(tmp_path)
    small.put(content / "policy" / "menu.yml", list(families))
    topics = Answers.load(content, LANGUAGES).topics
    return Menu.load(content, topics, LANGUAGES)


def test_the_policy_menu_is_short(menu: Menu) -> None:
    assert 5 <= len(menu.listed) <= 6
    assert all(2 <= len(family.topics) <= 9 for family in menu.families)


def test_every_topic_stands_in_one_family(answers: Answers, menu: Menu) -> None:
    placed = [topic for family in menu.families for topic in family.topics]
    assert sorted(placed) == sorted(answers.topics)
    assert menu.family_of("deadlines").name == "routes"


def test_what_is_about_the_assistant_is_not_in_the_policy_menu(menu: Menu) -> None:
    assert not menu.get("assistant").listed
    assert "privacy_here" in menu.get("assistant").topics


def test_titles_fit_a_button(menu: Menu) -> None:
    for family in menu.families:
        for lang in LANGUAGES:
            assert 0 < len(family.title(lang)) <= 45
        assert family.title("en") != family.title("fr")
        assert family.title("pt") == family.title("en")


def test_families_keep_their_order(tmp_path: Path) -> None:
    menu = _load(
        tmp_path,
        {**FAMILY, "family": "late", "topics": ["gamma"]},
        {**FAMILY, "family": "early", "topics": ["beta", "alpha"], "listed": False},
    )
    assert [family.name for family in menu.families] == ["late", "early"]
    assert [family.name for family in menu.listed] == ["late"]
    assert menu.get("early").topics == ("beta", "alpha")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"topics": ["alpha", "beta"]}, "'gamma' stands nowhere"),
        ({"topics": ["alpha", "beta", "gamma", "omega"]}, "there is no topic 'omega'"),
        ({"topics": ["alpha", "beta", "gamma", "beta"]}, "'beta' stands twice"),
        ({"topics": []}, "'topics' is missing"),
        ({"title": small.NO_FRENCH}, "'title' has no 'fr'"),
        ({"title": {**small.PAGE, "fr": "x" * 46}}, "the title in 'fr' has 46"),
        ({"listed": "perhaps"}, "'listed' is unclear"),
        ({"family": ""}, "'family' is missing"),
        ({"colour": "blue"}, "'colour' is unknown"),
    ],
)
def test_a_broken_menu_is_refused(tmp_path: Path, change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, {**FAMILY, **change})
    assert problem in caught.value.problem
    assert caught.value.path.name == "menu.yml"


def test_a_topic_in_two_families_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="'alpha' stands twice"):
        _load(tmp_path, FAMILY, {**FAMILY, "family": "again", "topics": ["alpha"]})
