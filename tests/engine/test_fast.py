"""The steps of the tuned engine, each by itself; the whole is compared in tests/bench."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa import fast
from bot.rasa.fast import no_tensorflow
from bot.rasa.fast.actions import LeanRemoteAction
from bot.rasa.fast.graph import DirectRunner
from bot.rasa.fast.processor import signature

SLOT = {"event": "slot", "name": "walk", "value": "report"}
ANSWERS: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [SLOT], "responses": [{"text": "Yes."}]},
    {"events": [SLOT | {"timestamp": None}], "responses": [{}]},
    {"events": [SLOT | {"timestamp": 1.5}]},
    {"events": [SLOT | {"value": None}]},
    {"events": [{"event": "slot", "name": "walk"}]},
    {"events": [{"event": "slot", "name": 7, "value": 1}]},
    {"events": [{"event": "pause"}]},
    {"events": [{"event": 7}]},
    {"events": [{"name": "walk", "value": 1}]},
    {"events": "none"},
    {"responses": ["text"]},
    {"responses": {}},
    {"events": [SLOT | {"metadata": "x"}]},
    {"events": [SLOT, "slot"]},
    [],
    None,
    "text",
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_the_kept_validator_takes_and_refuses_the_same(answer: Any) -> None:
    def refused(action: type[RemoteAction]) -> str | None:
        try:
            action("action_x", None)._validate_action_result(answer)
        except jsonschema.ValidationError as error:
            return str(error.validator)
        return None

    assert refused(LeanRemoteAction) == refused(RemoteAction)


def talk(*events: Any) -> DialogueStateTracker:
    slots = [TextSlot("walk", [{"type": "custom"}], influence_conversation=False)]
    whole = [SessionStarted(), *events]
    return DialogueStateTracker.from_events("someone", whole, slots)


LISTEN = ActionExecuted("action_listen")


def said(intent: str, **more: Any) -> UserUttered:
    return UserUttered("words", {"name": intent, "confidence": 1.0}, **more)


def test_conversations_that_differ_for_a_policy_have_different_signatures() -> None:
    different = [
        talk(LISTEN, said("greet")),
        talk(LISTEN, said("faq")),
        talk(SlotSet("walk", "report"), LISTEN, said("greet")),
        talk(LISTEN, said("greet"), ActionExecuted("action_open")),
        talk(LISTEN, said("greet"), ActionExecuted("action_open", hide_rule_turn=True)),
    ]
    assert len({signature(tracker) for tracker in different}) == len(different)
    assert None not in {signature(tracker) for tracker in different}


def test_words_and_the_kind_of_walk_make_no_difference() -> None:
    one = talk(SlotSet("walk", "report"), LISTEN, said("greet"))
    other = talk(SlotSet("walk", "survey"), LISTEN, UserUttered("else", {"name": "greet"}))
    assert signature(one) == signature(other)


def test_what_is_out_of_the_ordinary_is_shown_to_the_policies() -> None:
    assert signature(talk(ActiveLoop("form"), LISTEN, said("greet"))) is None
    entity = {"entity": "x", "value": "y", "start": 0, "end": 1}
    assert signature(talk(LISTEN, said("greet", entities=[entity]))) is None
    assert signature(talk(LISTEN, UserUttered("words"))) is None


class Adding(GraphComponent):
    """Adds one, or fails."""

    @classmethod
    def create(cls, config: Any, model_storage: Any, resource: Any, execution_context: Any) -> Any:
        return cls()

    def one_more(self, number: int) -> int:
        return number + 1

    def fail(self, number: int) -> int:
        raise RuntimeError("out of order")


def runner(kind: type[DaskGraphRunner]) -> DaskGraphRunner:
    def node(needs: dict[str, str], fn: str = "one_more") -> SchemaNode:
        return SchemaNode(needs, Adding, "create", fn, {}, eager=True, is_target=True)

    nodes = {
        "third": node({"number": "second"}),
        "second": node({"number": "first"}),
        "first": node({"number": "__input__"}),
        "broken": node({"number": "first"}, "fail"),
    }
    schema = GraphSchema(nodes)
    return kind(schema, None, ExecutionContext(schema))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [DaskGraphRunner, DirectRunner])
def test_the_graph_gives_the_same_with_and_without_a_scheduler(kind: Any) -> None:
    graph = runner(kind)
    assert graph.run({"__input__": 1}, ["third"]) == {"third": 4}
    assert graph.run({"__input__": 5}, ["second", "third"]) == {"second": 7, "third": 8}
    with pytest.raises(GraphRunError):
        graph.run({}, ["third"])
    with pytest.raises(GraphRunError):
        graph.run({"__input__": "third"}, ["third"])
    with pytest.raises(Exception, match="broken"):
        graph.run({"__input__": 1}, ["broken"])


def archive(folder: Path, *uses: str) -> Path:
    path = folder / "model.tar.gz"
    nodes = {f"n{at}": {"uses": name} for at, name in enumerate(uses)}
    written = json.dumps({"predict_schema": {"nodes": nodes}}).encode()
    with tarfile.open(path, "w:gz") as packed:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(written)
        packed.addfile(entry, io.BytesIO(written))
    return path


def test_a_model_that_may_use_tensorflow_gets_it(tmp_path: Path) -> None:
    ours = "bot.rasa.classifier.TopicClassifier"
    assert not no_tensorflow.needed(archive(tmp_path, ours))
    diet = "rasa.nlu.classifiers.diet_classifier.DIETClassifier"
    assert no_tensorflow.needed(archive(tmp_path, ours, diet))
    assert no_tensorflow.needed(tmp_path / "missing.tar.gz")
    (tmp_path / "broken.tar.gz").write_bytes(b"broken")
    assert no_tensorflow.needed(tmp_path / "broken.tar.gz")


def test_the_stand_in_can_be_imported_from_and_raises_when_it_is_used() -> None:
    code = """
from bot.rasa.fast import no_tensorflow
no_tensorflow.install(no_tensorflow.PACKAGES)
import tensorflow as tf
from tensorflow.keras.utils import Sequence
class Mine(Sequence): pass
@tf.function
def kept(x: tf.Tensor): return x
assert kept(3) == 3
for use in (tf.constant, Mine):
    try: use(1)
    except RuntimeError: pass
    else: raise SystemExit("used")
import rasa.core.run, sys
assert not hasattr(sys.modules["tensorflow"], "__version__")
print("fine")
"""
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "fine", done.stderr[-2000:]


def test_with_another_rasa_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "version", lambda name: "3.6.22")
    assert fast.install(Path("models")) == []


def test_steps_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fast.SETTING, "graph, tensorflow")
    assert fast.wanted() == ["actions", "processor", "together", "sharing"]
    monkeypatch.setenv(fast.SETTING, "all")
    assert fast.wanted() == []
    monkeypatch.setenv(fast.SETTING, "grahp")
    with pytest.raises(ValueError, match=fast.SETTING):
        fast.wanted()
