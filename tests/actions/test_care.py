"""What is told is heard first; what differs between organizations is never smoothed over."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from actions.base import Understood
from actions.desk import Desk
from actions.policy_actions import AnswerPolicy, More
from actions.talk import Acknowledge, Open, Support, Unsure
from bot.conversation import Conversation
from catalogue import ContentError, Heard, Message, Messages
from reports.entities import Entities
from reports.known import Known
from reports.routes import Routes

CONTENT = Path(__file__).resolve().parents[2] / "content"
MESSAGES = Messages.load(CONTENT)
ENTITIES = Entities.load(CONTENT)
ROUTES = Routes.load(CONTENT, ENTITIES)
KNOWN = Known.load(CONTENT, ENTITIES, ROUTES, MESSAGES)


def talk(lang: str = "en") -> Conversation:
    return Conversation("somebody", "web", lang)


def said(
    text: str, intent: str, *ranking: str, confidence: float = 0.9, burden: float = 0.0
) -> Understood:
    return Understood(Heard(text, None, intent, confidence, "en"), ranking or (intent,), burden)


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def values(messages: list[Message]) -> list[str]:
    return [choice.value for choice in messages[-1].choices]


def test_what_may_be_a_burden_is_heard_before_anything_is_offered(desk: Desk) -> None:
    ranking = ("faq/consent", "disclosure", "faq/online")
    heard = said("my boss keeps asking", "nlu_fallback", *ranking, burden=0.3)
    answer = asyncio.run(Unsure(desk).reply(talk(), heard))
    assert not answer[0].choices
    assert answer[0].text in {MESSAGES.text("en", f"talk.heard.{n}") for n in (1, 2)}
    assert values(answer)[:2] == ["topic:consent", "topic:online"]
    assert "menu:support" in values(answer)


def test_a_topic_that_is_not_sure_gives_way_to_a_likely_burden(desk: Desk) -> None:
    ranking = ("faq/managers_duty", "disclosure")
    heard = said("my boss keeps", "faq/managers_duty", *ranking, confidence=0.45, burden=0.3)
    answer = asyncio.run(AnswerPolicy(desk).reply(talk(), heard))
    assert answer[0].text in {MESSAGES.text("en", f"talk.heard.{n}") for n in (1, 2)}
    sure = said("must a boss act", "faq/managers_duty", *ranking, confidence=0.7, burden=0.2)
    answer = asyncio.run(AnswerPolicy(desk).reply(talk(), sure))
    assert texts(answer)[0] == desk.answers.get("managers_duty").messages("en")[0]


def test_what_is_no_burden_gets_the_nearest_topics(desk: Desk) -> None:
    heard = said("the thing with forms", "nlu_fallback", "faq/how_to_report", "source", "repeat")
    answer = asyncio.run(Unsure(desk).reply(talk(), heard))
    assert texts(answer) == [MESSAGES.text("en", "talk.unsure")]


@pytest.mark.parametrize(("action", "intent"), [(Acknowledge, "disclosure"), (Support, "distress")])
def test_the_same_comfort_is_never_given_twice_in_a_row(
    desk: Desk, action: type[Acknowledge] | type[Support], intent: str
) -> None:
    conversation = talk()
    first = [
        asyncio.run(action(desk).reply(conversation, said("…", intent)))[0].text for _ in range(9)
    ]
    assert all(one != another for one, another in pairwise(first))


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_the_opening_offers_the_safe_word(desk: Desk, lang: str) -> None:
    opening = texts(asyncio.run(Open(desk).reply(talk(lang), said("", "greet"))))
    assert any(desk.words.safe_word(lang) in text for text in opening)


def test_an_organization_that_is_named_gets_what_is_confirmed(desk: Desk) -> None:
    conversation = talk()
    asked = said("is there a deadline at WHO?", "faq/deadlines")
    answer = texts(asyncio.run(AnswerPolicy(desk).reply(conversation, asked)))
    assert "no deadline" in answer[-1]
    assert "World Health Organization (WHO)" in answer[-1]
    # and it is remembered for what comes next
    asked = said("can I report anonymously?", "faq/anonymous_report")
    answer = texts(asyncio.run(AnswerPolicy(desk).reply(conversation, asked)))
    assert "anonymous reports are accepted" in answer[-1]


def test_what_is_not_confirmed_is_said_to_be_so(desk: Desk) -> None:
    asked = said("deadline in UNESCO?", "faq/deadlines")
    answer = texts(asyncio.run(AnswerPolicy(desk).reply(talk(), asked)))
    assert "nothing confirmed" in answer[-1]


def test_where_organizations_do_not_differ_nothing_is_added(desk: Desk) -> None:
    asked = said("what is harassment at WFP", "faq/definition")
    answer = texts(asyncio.run(AnswerPolicy(desk).reply(talk(), asked)))
    assert answer == list(desk.answers.get("definition").messages("en"))


def test_a_short_question_about_another_organization_keeps_the_topic(desk: Desk) -> None:
    conversation = talk()
    asyncio.run(AnswerPolicy(desk).reply(conversation, said("any deadline?", "faq/deadlines")))
    follow = said("and at WFP?", "nlu_fallback", "faq/who_is_covered", confidence=0.2)
    answer = texts(asyncio.run(Unsure(desk).reply(conversation, follow)))
    assert len(answer) == 1
    assert "no deadline" in answer[0]
    unsure = said("and for UNICEF", "faq/who_is_covered", confidence=0.4)
    answer = texts(asyncio.run(AnswerPolicy(desk).reply(conversation, unsure)))
    assert "nothing confirmed" in answer[0]


def test_more_leads_to_what_is_near(desk: Desk) -> None:
    conversation = talk()
    asyncio.run(AnswerPolicy(desk).reply(conversation, said("any deadline?", "faq/deadlines")))
    answer = asyncio.run(More(desk).reply(conversation, said("tell me more", "more")))
    near = [f"topic:{topic}" for topic in desk.answers.get("deadlines").next]
    assert values(answer)[: len(near)] == near


def test_only_what_was_found_is_ever_spoken(tmp_path: Path) -> None:
    rows = """
differs: [deadlines]
facts:
  - {says: no_deadline, topic: deadlines, entities: [ILO], confidence: found-dated, source: "x"}
"""
    (tmp_path / "entity_facts.yml").write_text(rows, encoding="utf-8")
    known = Known.load(tmp_path, ENTITIES, ROUTES, MESSAGES)
    assert "nothing confirmed" in (known.sentence("deadlines", "ILO", "en") or "")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{says: nothing, topic: deadlines, entities: [ILO], confidence: found}", "no such"),
        ("{says: no_deadline, topic: online, entities: [ILO], confidence: found}", "topic"),
        ("{says: no_deadline, topic: deadlines, entities: [XYZ], confidence: found}", "no organ"),
        ("{says: no_deadline, topic: deadlines, entities: [ILO], confidence: sure}", "confidence"),
        ("{says: office, topic: deadlines, office: x, entities: [], confidence: found}", "office"),
        ("{say: office, topic: deadlines, entities: [], confidence: found}", "'say' is unknown"),
    ],
)
def test_a_mistake_in_the_facts_is_told_with_its_line(
    tmp_path: Path, row: str, problem: str
) -> None:
    path = tmp_path / "entity_facts.yml"
    path.write_text(f"differs: [deadlines]\nfacts:\n  - {row}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=problem) as caught:
        Known.load(tmp_path, ENTITIES, ROUTES, MESSAGES)
    assert caught.value.line == 3


def test_who_tells_is_heard_before_the_rules_are_said(desk: Desk) -> None:
    ranking = ("faq/online", "disclosure")
    told = said("he sends me pictures", "faq/online", *ranking, confidence=0.99)
    asked = said("what if it was online", "faq/online", *ranking, confidence=0.99)
    rules = desk.answers.get("online").messages("en")[0]
    assert texts(asyncio.run(AnswerPolicy(desk).reply(talk(), asked)))[0] == rules
    answer = texts(asyncio.run(AnswerPolicy(desk).reply(talk(), told)))
    heard = {desk.messages.text("en", f"talk.heard.{n}") for n in (1, 2)}
    assert answer[0] in heard
    assert answer[1] == rules
