"""At each start, offices that came in meanwhile are shut out of what their level must not see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

import service.parts
from service.settings import Settings
from service.storage import Storage
from tests.vault.rows import new_case
from vault.tables import case_exclusions


async def test_a_start_shuts_out_the_offices_of_a_level(tmp_path: Path) -> None:
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(tmp_path)})
    storage = Storage.open(settings)
    try:
        case = replace(new_case(offices=("demo-office",)), levels=("system",))
        storage.cases.add(case)
        parts = service.parts.build(settings, storage, "http://nowhere", "token")
        with storage.database.read() as connection:
            rows = connection.execute(select(case_exclusions)).all()
        await parts.close()
    finally:
        storage.close()
    assert ("office", "demo-alternate") in {(row.kind, row.name) for row in rows}
