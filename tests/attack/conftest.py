"""One service for all attacks of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attack.house import House, house


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running service, shared by the tests of a file."""
    with house(tmp_path_factory.mktemp("house") / "data") as running:
        yield running
