"""A furnished office for benchmarks, in a folder that disappears afterwards."""

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.forms import BeneficiaryForm
from models.people import add_beneficiary
from models.store import open_store


def _conftest() -> Any:
    """The tests' office; conftest is no importable module, so it is loaded from its file."""
    spec = importlib.util.spec_from_file_location("office", Path(__file__).parents[1] / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["office"] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def furnished() -> Iterator[tuple[Any, Path]]:
    """An office on SQLite and the path of its database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dean.db"
        store = open_store(f"sqlite:///{path}", Path(folder) / "files")
        yield _conftest().furnish(store), path
        store.close()


def beneficiaries(office: Any, number: int) -> list[int]:
    """As many workshops as projects: projects of one workshop would all be held for support given twice."""
    with office.store.write() as session:
        forms = (BeneficiaryForm(name=f"Cơ sở {n}", kind="household", tax_code=f"{n:010d}") for n in range(number))
        return [add_beneficiary(session, form, office.origin) for form in forms]


def at_rest(office: Any) -> None:
    """Bring everything from the write-ahead log into the file, so that the file can be copied."""
    with office.store.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.store.close()
