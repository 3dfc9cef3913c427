"""The whole demonstration register, played once: tests read it and change nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.jobs.demonstration import Demonstration, load_demonstration
from models.store import Store, open_store


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Demonstration]]:
    folder: Path = tmp_path_factory.mktemp("demonstration")
    store = open_store(f"sqlite:///{folder / 'demo.db'}", folder / "files")
    yield store, load_demonstration(store, at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    store.close()


@pytest.fixture
def register(loaded: tuple[Store, Demonstration]) -> Store:
    return loaded[0]
