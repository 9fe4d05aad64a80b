"""Measure what is understood: the gate and the trained engine together, on sentences kept aside.

    make eval                                               all of it, and the page
    .venv/engine/bin/python tests/nlu/evaluate.py [MODEL] [--page FILE] [--only fr,ru]

Every sentence is first shown to the gate's words, then parsed by the trained model through Rasa's
own processor, as a message in a chat is. Numbers are shares of 1; times are milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot import asking
from bot.rasa.decision import figure

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["RASA_TELEMETRY_ENABLED"] = "false"

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
UNSURE = "nlu_fallback"
_NLU = ROOT / "tests" / "nlu"
_CASES = ROOT / "tests" / "words" / "cases"


@dataclass(frozen=True)
class Heard:
    """What the system made of one sentence.

    Args:
        gate: what the gate's words found: ``crisis``, ``stop``, ``erase`` …
        intent: the engine's decision, by its full name.
        confidence: of that decision, 0 to 1.
        ranking: the likeliest full names.
        spent: milliseconds in the engine.
        near: it was no alarm to the engine, but a line beside the answer says whom to call.
        chances: the probability of each in `ranking`.
    """

    gate: str | None
    intent: str
    confidence: float
    ranking: tuple[str, ...]
    spent: float
    near: bool = False
    chances: tuple[float, ...] = ()

    def offers(self, wanted: str) -> bool | None:
        """Whether what was meant is among the choices that the person is shown.

        ``None`` for what nobody can choose: thanks, small talk, a question about the weather.
        Whoever carries something has it when she is heard before she is asked.
        """
        chances = zip(self.ranking, self.chances, strict=False)
        heard = sum(chance for name, chance in chances if asking.weighs(name)) >= asking.BURDEN
        if heard and asking.weighs(wanted):
            return True
        value = asking.choice_of(wanted)
        if value is None:
            return False if asking.weighs(wanted) else None
        shown = asking.cared if heard else asking.asked
        return value in shown(self.ranking, self.chances)

    @property
    def alarmed(self) -> bool:
        """Whether gate or engine take it for acute danger."""
        return self.gate == "crisis" or self.intent.startswith("danger/")

    @property
    def helped(self) -> bool:
        """Whether the answer says whom to call: an alarm, or a line beside another answer."""
        return self.alarmed or self.near


class System:
    """The gate and the engine.

    Args:
        model: the trained model's file.
    """

    def __init__(self, model: str) -> None:
        import rasa.core.agent
        import structlog

        from bot.words import Words

        # The processor's own log would print every sentence.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        self._words = Words.load(ROOT / "content")
        self._agent = rasa.core.agent.load_agent(model_path=model)
        self._loop = asyncio.new_event_loop()
        self._agent = self._loop.run_until_complete(self._agent)

    def hear(self, text: str, lang: str) -> Heard:
        """Show it one sentence, as the first message of a chat in its language."""
        sign = self._words.recognise(text, lang)
        token = figure.set(sign is None and self._words.figure(text))
        start = time.perf_counter()
        found: dict[str, Any] = self._loop.run_until_complete(self._agent.parse_message(text))
        spent = 1000 * (time.perf_counter() - start)
        figure.reset(token)
        name = found["intent"]["name"] or UNSURE
        answer = (found.get("response_selector") or {}).get(name, {}).get("response", {})
        return Heard(
            sign.kind if sign else None,
            answer.get("intent_response_key") or name,
            float(found["intent"]["confidence"]),
            tuple(entry["name"] for entry in found["full_intent_ranking"]),
            spent,
            bool(found.get("near_danger")),
            tuple(float(entry["confidence"]) for entry in found["full_intent_ranking"]),
        )


def read(path: Path) -> list[tuple[str, str]]:
    """Sentences of one Rasa NLU file with their full intent name."""
    return [
        (line[2:].strip(), block["intent"])
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


def training() -> dict[str, list[tuple[str, str]]]:
    """Training sentences of each language that has some."""
    found = {
        lang: [e for path in sorted((ROOT / "data/nlu" / lang).glob("*.yml")) for e in read(path)]
        for lang in LANGUAGES
    }
    return {lang: examples for lang, examples in found.items() if examples}


def families() -> dict[str, str]:
    """The family of each full intent name."""
    table = yaml.safe_load((_NLU / "families.yml").read_text(encoding="utf-8"))
    return {intent: family for family, intents in table.items() for intent in intents}


class Topics:
    """How one set of sentences was understood.

    Args:
        name: the set's.
        pairs: what was meant and what was heard.
    """

    def __init__(self, name: str, pairs: Iterable[tuple[str, Heard]]) -> None:
        self.name = name
        self.pairs = list(pairs)
        self._family = families()

    def share(self, kind: str) -> float:
        """A share of all sentences: see `_tell`."""
        told = [self._tell(wanted, heard)[kind] for wanted, heard in self.pairs]
        known = [value for value in told if value is not None]
        return sum(known) / len(known) if known else 1.0

    def count(self, kind: str) -> int:
        """Of how many sentences a share is."""
        return sum(self._tell(wanted, heard)[kind] is not None for wanted, heard in self.pairs)

    def _tell(self, wanted: str, heard: Heard) -> dict[str, bool | None]:
        unsure = heard.intent == UNSURE
        ranking = heard.ranking
        offered = heard.offers(wanted) if unsure else None
        reached = offered is not None and (offered or asking.choice_of(wanted) is not None)
        # A message without letters has no ranking: nothing is read into it.
        first = ranking[0] if ranking else UNSURE
        same = self.family(first) == self.family(wanted)
        decided = self.family(heard.intent) == self.family(wanted)
        return {
            "topic": first == wanted,
            "family": same,
            "top3": wanted in ranking[:3],
            "unsure": unsure,
            "decided": decided,
            "offered": offered,
            "reached": reached if offered is not None else None,
            "served": bool(offered) if unsure else decided,
        }

    def family(self, intent: str) -> str:
        """The family of an intent."""
        return self._family.get(intent, intent)

    def calibration_error(self) -> float:
        """Mean distance of confidence from the share that is right, over ten bins."""
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for wanted, heard in self.pairs:
            if heard.intent != UNSURE:
                right = heard.intent == wanted
                bins[min(int(heard.confidence * 10), 9)].append((heard.confidence, right))
        total = sum(map(len, bins.values())) or 1
        gaps = (abs(sum(c - r for c, r in found)) for found in bins.values())
        return sum(gaps) / total

    def confusion(self) -> Counter[tuple[str, str]]:
        """How often one family was decided to be another (or itself)."""
        return Counter((self.family(w), self.family(h.intent)) for w, h in self.pairs)

    def by_intent(self) -> dict[str, tuple[int, int]]:
        """For each intent how many were right, and how many there were."""
        found: dict[str, list[bool]] = defaultdict(list)
        for wanted, heard in self.pairs:
            found[wanted].append(heard.ranking[:1] == (wanted,))
        return {name: (sum(right), len(right)) for name, right in sorted(found.items())}


class Alarms(NamedTuple):
    """What a set of sentences raised: the alarm of the gate, of gate or engine, help of any kind.

    Help is the alarm, or a line beside the ordinary answer that says whom to call.
    """

    gate: int
    both: int
    helped: int
    count: int

    @classmethod
    def of(cls, heard: Sequence[Heard]) -> Alarms:
        """Count them."""
        by_gate = sum(h.gate == "crisis" for h in heard)
        both, helped = sum(h.alarmed for h in heard), sum(h.helped for h in heard)
        return cls(by_gate, both, helped, len(heard))

    def __str__(self) -> str:
        return "/".join(map(str, self))


@dataclass(frozen=True)
class Safety:
    """What is found of danger and of commands, and how often for nothing.

    Args:
        sets: of each set of dangers what was found.
        calm: what was raised by sentences that only sound like danger.
        ordinary: the same for all other test sentences.
        commands: commands to stop and erase that the gate knew, and their number.
    """

    sets: dict[str, Alarms]
    calm: Alarms
    ordinary: Alarms
    commands: tuple[int, int]

    @property
    def false_alarms(self) -> float:
        """The share of alarms among all that is no danger."""
        return (self.calm.both + self.ordinary.both) / max(1, self.calm.count + self.ordinary.count)

    @property
    def needless_help(self) -> float:
        """The share of all that is no danger where the answer said whom to call."""
        helped, count = self.calm.helped + self.ordinary.helped, self.calm.count
        return helped / max(1, count + self.ordinary.count)

    @property
    def recall(self) -> float:
        """The share of all dangers that gate or engine raise an alarm for."""
        found = sum(alarms.both for alarms in self.sets.values())
        return found / max(1, sum(alarms.count for alarms in self.sets.values()))

    @property
    def helped(self) -> float:
        """The share of all dangers where the answer says whom to call."""
        found = sum(alarms.helped for alarms in self.sets.values())
        return found / max(1, sum(alarms.count for alarms in self.sets.values()))


def topics_of(system: System, lang: str) -> list[Topics]:
    """Every set of ordinary sentences of a language."""
    found = []
    for kind in ("test", "blind", "fresh"):
        path = _NLU / f"{kind}_{lang}.yml"
        if path.exists():
            pairs = [(wanted, system.hear(text, lang)) for text, wanted in read(path)]
            found.append(Topics(f"{lang} {kind}", pairs))
    return found


def safety_of(system: System, lang: str, ordinary: Iterable[Topics]) -> Safety:
    """Danger, calm and commands of a language."""
    sets: dict[str, Alarms] = {}
    calm: list[Heard] = []
    commands: list[bool] = []
    files = {
        "unseen": _NLU / f"danger_{lang}.yml",
        **{f"gate {n}": _CASES / n / f"{lang}.yml" for n in (".", "second", "third")},
    }
    for name, path in files.items():
        if not path.exists():
            continue
        part = yaml.safe_load(path.read_text(encoding="utf-8"))
        heard = [system.hear(t, lang) for texts in part["crisis"].values() for t in texts]
        sets[name] = Alarms.of(heard)
        calm += [system.hear(text, lang) for text in part["calm"]]
        for kind in ("stop", "erase"):
            texts = part.get("commands", {}).get(kind, ())
            commands += [system.hear(text, lang).gate == kind for text in texts]
    others = [h for t in ordinary for w, h in t.pairs if not w.startswith("danger/")]
    return Safety(sets, Alarms.of(calm), Alarms.of(others), (sum(commands), len(commands)))


def table(topics: list[Topics], safety: dict[str, Safety]) -> str:
    """Everything in lines for a terminal."""
    lines = [
        f"{'set':<10}{'n':>5}{'topic':>8}{'family':>8}{'top 3':>8}{'unsure':>8}{'of':>5}"
        f"{'offered':>9}{'reached':>9}{'served':>8}{'ECE':>7}"
    ]
    for t in topics:
        shares = "".join(f"{t.share(kind):8.3f}" for kind in ("topic", "family", "top3", "unsure"))
        lines.append(
            f"{t.name:<10}{len(t.pairs):>5}{shares}{t.count('offered'):5}"
            f"{t.share('offered'):9.3f}{t.share('reached'):9.3f}"
            f"{t.share('served'):8.3f}{t.calibration_error():7.3f}"
        )
    lines += ["", "alarm of the gate / of gate or engine / alarm or a line of help / of all"]
    for lang, s in safety.items():
        groups = {**s.sets, "calm": s.calm, "ordinary": s.ordinary}
        found = "  ".join(f"{name} {alarms}" for name, alarms in groups.items())
        lines.append(
            f"{lang}  {found}  recall {s.recall:.3f}  helped {s.helped:.3f}"
            f"  false {s.false_alarms:.3f}  needless help {s.needless_help:.3f}"
            f"  stop and erase {s.commands[0]}/{s.commands[1]}"
        )
    lines += ["", "families mixed up most often (decided; all languages)"]
    mixed: Counter[tuple[str, str]] = Counter()
    for t in topics:
        mixed.update({pair: n for pair, n in t.confusion().items() if pair[0] != pair[1]})
    lines += [
        f"  {n:>3}  {wanted} taken for {heard}" for (wanted, heard), n in mixed.most_common(12)
    ]
    spent = sorted(h.spent for t in topics for _, h in t.pairs)
    lines += ["", f"engine time for a message: median {spent[len(spent) // 2]:.1f} ms"]
    return "\n".join(lines)


def _present_model() -> str:
    from service.engine_process import model_path

    model = model_path()
    if not model.exists():
        raise SystemExit("the present sources are not trained yet: make train")
    return str(model)


def main() -> None:
    """Measure, print, and write the page."""
    options = argparse.ArgumentParser(description="measure what is understood")
    options.add_argument("model", nargs="?", help="the trained model's file; else the present one")
    options.add_argument("--page", type=Path, help="where to write the page")
    options.add_argument("--only", default=",".join(LANGUAGES), help="languages, e.g. fr,ru")
    chosen = options.parse_args()
    system = System(chosen.model or _present_model())
    topics, safety = [], {}
    for lang in chosen.only.split(","):
        found = topics_of(system, lang)
        topics += found
        safety[lang] = safety_of(system, lang, found)
    print(table(topics, safety))
    if chosen.page:
        from tests.nlu.page import page

        chosen.page.parent.mkdir(parents=True, exist_ok=True)
        chosen.page.write_text(page(topics, safety), encoding="utf-8")
        print(f"\nThe page: {chosen.page}")


if __name__ == "__main__":
    main()
