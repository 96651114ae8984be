"""The fixed report and the comparison with golden files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.reporters.fixed import clean, collect, knee, letter

from claimlint.model.document import Document
from claimlint.model.report import Problem, Report


@pytest.fixture
def drafts() -> tuple[Document, ...]:
    """The drafts of `report`, in its order."""
    return knee()[1], letter()[1], clean()[1]


@pytest.fixture
def report() -> Report:
    """Three drafts, and a file that could not be read."""
    problem = Problem("scans/flyer.docx", "is encrypted; save it without a password", None, None)
    return collect((knee()[0], letter()[0], clean()[0]), (problem,))


GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare an output with its file; CLAIMLINT_UPDATE_GOLDEN=1 writes the file instead."""

    def compare(name: str, actual: str) -> None:
        path = GOLDEN / name
        if os.environ.get("CLAIMLINT_UPDATE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(actual, "utf-8", newline="")
        assert actual == path.read_text("utf-8"), f"{name} differs; read the change, then update it"

    return compare
