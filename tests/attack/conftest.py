"""One service for all attacks of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.attack.faults_servers import Nursery
    from tests.attack.house import House


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running service, shared by the tests of a file."""
    from tests.attack.house import house  # it takes seconds, and few tests need it

    with house(tmp_path_factory.mktemp("house") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Bears services and engines that may be killed."""
    from tests.attack.faults_servers import Nursery

    running = Nursery()
    yield running
    running.close()
