"""Results for the Task Force's page, from numbers that it counted; joins survey and storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from catalogue import Messages
from inbox.releasing import CannotRelease, Drafted
from service.storage import Storage
from survey.gathering import Desk, ReleaseError, released_in
from survey.instrument import load_all
from survey.model import Instrument
from survey.outputs import audit_json
from survey.paged import Tally, counted, questions
from survey.release import DrawnUp, draw_up, written
from survey.rounds import carried
from survey.tables import LEAST
from vault.errors import ReleaseLogError, RoundStillOpen
from vault.release_log import FILE_NAME, LogEntry, ReleaseLog
from vault.stores.rounds import Round


@dataclass(frozen=True, slots=True)
class PageResults:
    """Implements ``inbox.releasing.Maker``.

    Args:
        storage: where rounds and sealed answers lie.
        content_dir: where the questionnaires are.
        messages: the words of reports.
        log: what was released before; the one that ``speaksafe release`` uses on this database.
    """

    storage: Storage
    content_dir: Path
    messages: Messages
    log: ReleaseLog

    def questions(self, round_id: str) -> dict[str, Any]:
        """What a page needs to open and count a closed round."""
        round_, instrument = self._round(round_id)
        try:
            released = released_in(self.log, round_id)
        except ReleaseLogError:
            raise CannotRelease("log") from None
        return {
            "round_id": round_id,
            "key_id": round_.task_force.key_id,
            "questions": questions(instrument),
            "released": sorted(released),
        }

    def draft(self, round_id: str, tally: Mapping[str, Any], lang: str, signer: str) -> Drafted:
        """Hide, audit and check against the log; nothing is written."""
        _, drawn, entry = self._drawn(round_id, tally, lang, signer)
        sign = None if drawn.entry else entry.hash
        answers = drawn.proven.facts.answers
        return Drafted(drawn.counted.rounds[-1].task_force, answers, sign)

    def finish(
        self, round_id: str, tally: Mapping[str, Any], lang: str, signer: str, signature: str
    ) -> dict[str, bytes]:
        """Write the entry, if there is none yet, and make the files; the certificate unsigned."""
        desk, drawn, entry = self._drawn(round_id, tally, lang, signer)
        if drawn.entry is None:
            entry = replace(entry, signature=signature)
            try:
                self.log.add(entry)
            except ReleaseLogError:
                raise CannotRelease("log") from None
        results = drawn.results(desk, entry)
        files = written(results)
        files["audit.json"] = audit_json(results, files, None)
        # A copy for whoever releases the next round elsewhere, or has to restore this one.
        return files | {FILE_NAME: self.log.path.read_bytes()}

    def _drawn(
        self, round_id: str, tally: Mapping[str, Any], lang: str, signer: str
    ) -> tuple[Desk, DrawnUp, LogEntry]:
        round_, instrument = self._round(round_id)
        desk = Desk(instrument, None, lang, self.messages, self.log)
        earlier = carried(
            round_, self.storage.rounds.list(), lambda one: self.storage.drop_box.few(one, LEAST)
        )
        try:
            done = released_in(self.log, round_id)
            sealed = [one for one in earlier if one[0].round_id not in done]
            sealed.append((round_, self.storage.drop_box.take_all(round_id)))
            drawn = draw_up(counted(Tally(**tally), instrument, sealed), desk)
            entry = drawn.entry or self.log.draft(drawn.record, signer, drawn.after)
        except ReleaseError as error:
            raise CannotRelease(error.kind) from None
        except ReleaseLogError:
            raise CannotRelease("log") from None
        return desk, drawn, entry

    def _round(self, round_id: str) -> tuple[Round, Instrument]:
        round_ = self.storage.rounds.get(round_id)
        if round_.state == "open":
            raise RoundStillOpen
        instrument = _instruments(self.content_dir).get(round_.instrument)
        if instrument is None:
            raise CannotRelease("other")
        return round_, instrument


@cache
def _instruments(content_dir: Path) -> Mapping[str, Instrument]:
    """Read once: a changed questionnaire needs a new start of the service anyway."""
    return load_all(content_dir)
