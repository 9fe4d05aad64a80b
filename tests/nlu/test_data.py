"""The training and test sentences: complete, apart from each other, and naming nobody."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TOPICS = """about_assistant privacy_here erase_leave policy_status definition is_this_harassment
    examples place_time online who_is_covered covered_non_staff covered_former outsider consent
    intent_not_test single_incident witness help_a_colleague anonymous_report confidentiality
    who_will_know how_to_report must_i_report informal_options ombudsman what_happens_next
    how_long deadlines stop_process evidence interim_measures support medical_care legal_aid
    retaliation not_believed self_blame men_as_victims lgbtiq accused false_reports managers_duty
    sea abuse_of_authority discrimination bullying police_law clearcheck events statistics
    survey_about survey_safety receipt_return victim_centred outcomes told_outcome"""
OTHERS = """greet goodbye thanks affirm deny help menu_policy menu_survey menu_report menu_return
    menu_support go_back skip pause resume why_asked source repeat stop erase change_language
    disclosure distress complaint abuse_bot smalltalk out_of_scope manipulate ask_verdict
    ask_about_person human more"""
DANGERS = {f"danger/{kind}" for kind in ("self_harm", "violence_now", "assault_recent", "child")}
INTENTS = {f"faq/{topic}" for topic in TOPICS.split()} | set(OTHERS.split())
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
#: Examples of a topic; courtesies and words that steer need fewer.
LEAST_OTHERS = 20
LEAST = {"en": 40, "fr": 30, "ar": 30, "zh": 30, "ru": 30, "es": 30}
LEAST_KEPT_ASIDE = {"en": 6, "fr": 4, "ar": 4, "zh": 4, "ru": 4, "es": 4}
KEPT = ("test", "blind", "fresh", "danger")
# Two sentences this alike teach or test the same thing twice.
ALIKE_WORDS = 0.8
ALIKE_LETTERS = 0.75

Example = tuple[str, str]


def read(path: Path) -> list[Example]:
    """Every example of one file, with its intent; of a file of dangers, with its kind."""
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "crisis" in written:
        kinds = [*written["crisis"].items(), ("calm", written["calm"])]
        return [(text, kind) for kind, texts in kinds for text in texts]
    blocks = written["nlu"]
    return [
        (line[2:].strip(), block["intent"])
        for block in blocks
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


@cache
def training(lang: str) -> list[Example]:
    """Every training example of a language."""
    files = sorted((ROOT / "data" / "nlu" / lang).glob("*.yml"))
    return [example for path in files for example in read(path)]


def kept_aside(lang: str, *files: str) -> list[Example]:
    """The test sentences of a language; of all files unless some are named."""
    found = [ROOT / "tests" / "nlu" / f"{file}_{lang}.yml" for file in files or KEPT]
    return [example for path in found if path.exists() for example in read(path)]


def plain(text: str) -> str:
    """Letters and digits only, without case and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", kept))


@cache
def shapes(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words and the groups of three letters of a text."""
    level = plain(text)
    padded = f"  {level} "
    return frozenset(level.split()), frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard similarity, 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 1.0


def rarest(items: frozenset[str], counts: Counter[str], least: float) -> list[str]:
    """The few rarest items; two sets with an overlap of `least` or more share one of them."""
    ordered = sorted(items, key=lambda item: (counts[item], item))
    return ordered[: len(ordered) - math.ceil(least * len(ordered)) + 1]


def alike(left: list[Example], right: list[Example]) -> set[tuple[Example, Example]]:
    """Pairs that are nearly the same sentence; each sentence of `left` is held against `right`."""
    found = set()
    for kind, least in ((0, ALIKE_WORDS), (1, ALIKE_LETTERS)):
        ours = [shapes(text)[kind] for text, _ in left]
        theirs = [shapes(text)[kind] for text, _ in right]
        counts = Counter(item for items in theirs for item in items)
        holding: dict[str, list[int]] = defaultdict(list)
        for number, items in enumerate(theirs):
            for item in rarest(items, counts, least):
                holding[item].append(number)
        for example, items in zip(left, ours, strict=True):
            # What is much shorter or longer cannot be alike: that is looked at first, being cheap.
            low, high = least * len(items), len(items) / least
            near = {
                n
                for item in rarest(items, counts, least)
                for n in holding[item]
                if low <= len(theirs[n]) <= high and (left is not right or right[n] > example)
            }
            found |= {(example, right[n]) for n in near if overlap(items, theirs[n]) >= least}
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_intent_has_enough_examples(lang: str) -> None:
    counts = Counter(intent for _, intent in training(lang))
    least = {i: LEAST[lang] if i.startswith("faq/") else LEAST_OTHERS for i in INTENTS}
    assert {i: counts[i] for i in INTENTS if counts[i] < least[i]} == {}
    assert set(counts) - DANGERS == INTENTS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_intent_is_tested(lang: str) -> None:
    counts = Counter(intent for _, intent in kept_aside(lang, "test"))
    assert {i: counts[i] for i in INTENTS if counts[i] < LEAST_KEPT_ASIDE[lang]} == {}
    assert set(counts) == INTENTS


def test_every_intent_has_one_family() -> None:
    table = yaml.safe_load((ROOT / "tests" / "nlu" / "families.yml").read_text(encoding="utf-8"))
    assert sorted(intent for family in table.values() for intent in family) == sorted(
        INTENTS | DANGERS
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_written_twice(lang: str) -> None:
    counts = Counter((plain(text), intent) for text, intent in training(lang) if plain(text))
    assert [example for example, n in counts.items() if n > 1] == []


def test_no_sentence_teaches_two_intents() -> None:
    examples = [example for lang in LANGUAGES for example in training(lang)]
    clashes = {(one, other) for one, other in alike(examples, examples) if one[1] != other[1]}
    assert sorted(clashes) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_tested_was_not_taught(lang: str) -> None:
    examples = [example for other in LANGUAGES for example in training(other)]
    assert sorted(alike(kept_aside(lang), examples)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_names_or_reaches_a_person(lang: str) -> None:
    private = re.compile(
        r"\S+@\S+\.\S+|https?://|www\.|(?:\+|\b00)\d{6,}|\b\d{9,}\b|\d{2,}(?:[ .-]\d{2,}){3,}"
        r"|\b(?:mr|mrs|ms|dr|mme|mlle)\.? [A-Z]|\b[A-Z][a-z]+ [A-Z][a-z]{2,}(?:ez|son|ov|ski)\b"
    )
    examples = training(lang) + kept_aside(lang)
    assert [text for text, _ in examples if private.search(text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_holds_entity_marks(lang: str) -> None:
    """Square brackets would be read by Rasa as entities and vanish from the sentence."""
    examples = training(lang) + kept_aside(lang)
    assert [text for text, _ in examples if re.search(r"[\[\]{}]", text)] == []
