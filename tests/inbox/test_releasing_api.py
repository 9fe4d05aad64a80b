"""Results made at the Task Force's page: numbers in, files out, and no step without the key."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from survey.desk import to_bytes
from survey.gathering import Counted, Desk, Sealed, gather
from survey.instrument import load_all
from survey.model import Instrument
from survey.outputs import unsigned
from survey.paged import Tally
from survey.release import release
from survey.verifying import problems
from tests.inbox.world import ROOT, Page, World, messages
from tests.survey.people import synthetic
from vault.encoding import from_text
from vault.keys import PrivateKey
from vault.release_log import FILE_NAME, ReleaseLog
from vault.sealing import Context, open_envelope, seal
from vault.signing import sign, signer

KEY = PrivateKey.new()
INSTRUMENT: Instrument = next(iter(load_all(ROOT / "content").values()))


def tally_of(counted: Counted) -> dict[str, Any]:
    """What a page sends for what was counted."""
    counts = counted.counts
    found: dict[str, Any] = {"chosen": {}, "groups": {}, "cells": {}}
    for name in found:
        for names, count in getattr(counts, name).items():
            at = found[name]
            for one in names[:-1]:
                at = at.setdefault(one, {})
            at[names[-1]] = count
    rounds = [one.round_id for one in counted.rounds]
    tally = Tally(rounds, counts.people, counted.unreadable, dict(counts.answered), **found)
    return asdict(tally)


class Box:
    """Stands for the drop box, whose shuffling takes its time and is tested elsewhere."""

    def __init__(self) -> None:
        self.held: dict[str, list[bytes]] = {}

    def take_all(self, round_id: str) -> list[bytes]:
        return list(self.held[round_id])

    def few(self, round_id: str, enough: int) -> list[bytes] | None:
        found = self.held[round_id]
        return found if len(found) < enough else None


@dataclass
class Room:
    """Somebody of the Task Force, signed in, with her key."""

    world: World
    page: Page
    box: Box = field(default_factory=Box)

    def __post_init__(self) -> None:
        self.world.drop_box = self.box  # type: ignore[assignment]

    def closed_round(self, count: int, seed: int = 1) -> str:
        found = self.world.rounds.open(INSTRUMENT.ref, "open", KEY.public()).round_id
        context = Context("answer", found)
        self.box.held[found] = [
            seal(to_bytes(document), [KEY.public()], context)
            for document in synthetic(INSTRUMENT, count, seed)
        ]
        self.world.rounds.close(found)
        return found

    def tally(self, round_id: str) -> dict[str, Any]:
        sealed = Sealed(self.world.rounds.get(round_id), self.box.take_all(round_id))
        return tally_of(gather(sealed, Desk(INSTRUMENT, KEY, "en", messages()), []))

    async def ask(self, round_id: str, tally: dict[str, Any], **more: Any) -> httpx.Response:
        given = {"round_id": round_id, "tally": tally, "lang": "en", "signer": signer(KEY)}
        return await self.page.post("/taskforce/api/release", **given | more)

    def shown(self, round_id: str, first: dict[str, Any]) -> dict[str, str]:
        """What only the holder of the key can answer."""
        context = Context("proof", round_id)
        proof = open_envelope(first["challenge"].encode(), KEY, context).decode()
        return {"proof": proof, "signature": sign(KEY, "release-log", first["sign"].encode())}

    async def release(self, round_id: str, **more: Any) -> dict[str, bytes]:
        tally = self.tally(round_id)
        first = (await self.ask(round_id, tally, **more)).json()
        assert first["refused"] is None, first
        if first["sign"]:
            more |= self.shown(round_id, first)
            first = (await self.ask(round_id, tally, **more)).json()
        files = {name: from_text(content) for name, content in first["files"].items()}
        certificate = json.loads(files["audit.json"])
        signed = {"signer": signer(KEY), "signature": sign(KEY, "certificate", files["audit.json"])}
        assert unsigned(certificate) == files["audit.json"]
        whole = json.dumps(certificate | {"signed": signed}, ensure_ascii=False, indent=1)
        return files | {"audit.json": f"{whole}\n".encode()}


@pytest.fixture
async def room(world: World, page: Page) -> Room:
    await page.sign_in(world.focal_point("Task Force", "task-force"))
    return Room(world, page)


async def test_the_files_are_those_of_an_offline_release(room: Room, tmp_path: Path) -> None:
    round_id = room.closed_round(60)
    files = await room.release(round_id, lang="fr")
    log = ReleaseLog(tmp_path / "offline.log")
    sealed = Sealed(room.world.rounds.get(round_id), room.box.take_all(round_id))
    release(sealed, Desk(INSTRUMENT, KEY, "fr", messages(), log), tmp_path / "offline")
    offline = {path.name: path.read_bytes() for path in (tmp_path / "offline").iterdir()}
    assert files.pop(FILE_NAME) == room.world.log.path.read_bytes() == log.path.read_bytes()
    assert files == offline

    (tmp_path / "page").mkdir()
    for name, content in files.items():
        (tmp_path / "page" / name).write_bytes(content)
    assert problems(tmp_path / "page", room.world.log) == []
    trace = room.world.audit.entries()[-1]
    assert (trace.who, trace.action, trace.offices) == ("task force", "release", ("task-force",))


async def test_made_again_it_is_the_same_and_not_logged_twice(room: Room) -> None:
    round_id = room.closed_round(40)
    assert await room.release(round_id) == await room.release(round_id)
    assert len(room.world.log.entries()) == 1


async def test_what_the_page_is_told_to_count(room: Room) -> None:
    round_id = room.closed_round(12)
    answer = await room.page.post("/taskforce/api/questions", round_id=round_id)
    found = answer.json()
    assert (found["key_id"], found["released"]) == (KEY.public().key_id, [])
    assert found["questions"]["tables"] == list(INSTRUMENT.tables)
    assert "12" not in answer.text.replace("Q12", "").replace("_12", "")


async def test_no_exact_number_stays(room: Room) -> None:
    """All that is kept is what is published: rounded, and nothing of the page's numbers."""
    round_id = room.closed_round(61)
    tally = room.tally(round_id)
    assert tally["people"] % 5
    await room.release(round_id)
    facts = room.world.log.entries()[0].record["facts"]
    shown = [
        count
        for column in facts["columns"]
        for count in (column["answered"], *(pair[0] for pair in column["figures"].values()))
        if count is not None
    ]
    assert shown
    assert all(count % 5 == 0 for count in shown)
    assert os.listdir(room.world.folder.name) == [room.world.log.path.name]  # noqa: PTH208


async def test_without_the_key_nothing_is_logged(room: Room) -> None:
    round_id = room.closed_round(40)
    tally = room.tally(round_id)
    first = (await room.ask(round_id, tally)).json()
    good = room.shown(round_id, first)
    for wrong in ({"proof": "guessed"}, {"proof": ""}):
        answer = await room.ask(round_id, tally, **good | wrong)
        assert answer.status_code == 409
    assert (await room.ask(round_id, tally, **good)).status_code == 409, "one try a challenge"
    first = (await room.ask(round_id, tally)).json()
    forged = {"signature": sign(PrivateKey.new(), "release-log", first["sign"].encode())}
    answer = await room.ask(round_id, tally, **room.shown(round_id, first) | forged)
    assert answer.json()["refused"] == "log"
    assert room.world.log.entries() == ()
    assert not [trace for trace in room.world.audit.entries() if trace.action == "release"]


async def test_too_few(room: Room) -> None:
    round_id = room.closed_round(9)
    assert (await room.ask(round_id, room.tally(round_id))).json()["refused"] == "few"
    assert room.world.log.entries() == ()


async def test_a_round_that_had_too_few_is_counted_with_the_next(room: Room) -> None:
    few, round_id = room.closed_round(4, seed=8), room.closed_round(30)
    stored = room.box.take_all
    sealed = Sealed(room.world.rounds.get(round_id), stored(round_id))
    before = Sealed(room.world.rounds.get(few), stored(few))
    both = tally_of(gather(sealed, Desk(INSTRUMENT, KEY, "en", messages()), [before]))
    assert (both["rounds"], both["people"]) == ([few, round_id], 34)
    first = (await room.ask(round_id, both)).json()
    done = (await room.ask(round_id, both, **room.shown(round_id, first))).json()
    certificate = json.loads(from_text(done["files"]["audit.json"]))
    assert certificate["round"]["counted_with_it"] == [few]


CHANGES: list[Callable[[dict[str, Any]], None]] = [
    lambda t: t.update(people=t["people"] + 1),
    lambda t: t.update(people=t["people"] - 1),
    lambda t: t.update(rounds=["r9"]),
    lambda t: t.update(rounds=[*t["rounds"], "r9"]),
    lambda t: t["answered"].update(no_such_item=3),
    lambda t: t["answered"].update({next(iter(t["answered"])): 10**6}),
    lambda t: next(iter(t["chosen"].values())).update(no_such_code=3),
    lambda t: next(iter(t["chosen"].values())).update({"prefer_not": 10**6}),
    lambda t: t["groups"].update(Q1={"Q2": {"yes": 30}}),
    lambda t: t["cells"].update(Q1={"Q2": {"yes": {"no": 30}}}),
]


async def test_numbers_that_were_not_counted_from_what_lies_here(room: Room) -> None:
    round_id = room.closed_round(12)
    good = room.tally(round_id)
    for number, change in enumerate(CHANGES):
        tally = copy.deepcopy(good)
        change(tally)
        assert (await room.ask(round_id, tally)).json()["refused"] == "other", number
    assert room.world.log.entries() == ()


async def test_what_is_no_tally_is_not_read(room: Room) -> None:
    round_id = room.closed_round(12)
    tally = room.tally(round_id)
    for wrong in (
        {"people": -1},
        {"people": 2.5},
        {"answers": [{"Q1": "yes"}]},
        {"answered": {"Q1": "yes"}},
        {"chosen": {"../": {"a": 1}}},
        {"rounds": []},
    ):
        answer = await room.ask(round_id, tally | wrong)
        assert answer.status_code == 422
        assert "yes" not in answer.text
    assert (await room.ask("r99", tally | {"rounds": ["r99"]})).status_code == 404


async def test_only_closed_rounds_and_only_the_task_force(world: World, page: Page) -> None:
    room = Room(world, page)
    round_id = room.closed_round(12)
    tally = room.tally(round_id)
    page.token = None
    assert (await room.ask(round_id, tally)).status_code == 401
    await page.sign_in(world.focal_point("amina", "unv-office"))
    assert (await room.ask(round_id, tally)).status_code == 403
    answer = await page.post("/taskforce/api/questions", round_id=round_id)
    assert answer.status_code == 403
    await page.sign_in(world.focal_point("Task Force", "task-force"))
    open_ = world.rounds.open(INSTRUMENT.ref, "open", KEY.public()).round_id
    assert (await room.ask(open_, tally | {"rounds": [open_]})).status_code == 409
    answer = await page.post("/taskforce/api/questions", round_id=open_)
    assert answer.status_code == 409


async def test_a_log_that_was_changed_stops_it(room: Room) -> None:
    await room.release(room.closed_round(40))
    log = room.world.log.path
    round_id = room.closed_round(40, seed=5)
    log.write_bytes(log.read_bytes().replace(b'"answers":40', b'"answers":45'))
    assert (await room.ask(round_id, room.tally(round_id))).json()["refused"] == "log"


async def test_the_same_round_with_other_answers_is_refused(room: Room) -> None:
    round_id = room.closed_round(40)
    await room.release(round_id)
    entry = room.world.log.entries()[0]
    facts = entry.record["facts"] | {"population": "0" * 64}
    room.world.log.path.unlink()
    other = room.world.log.draft({"facts": facts}, signer(KEY), 0)
    room.world.log.add(replace(other, signature=sign(KEY, "release-log", other.hash.encode())))
    assert (await room.ask(round_id, room.tally(round_id))).json()["refused"] == "changed"
