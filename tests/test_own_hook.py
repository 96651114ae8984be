"""Our own documents and the responsible samples pass our own hook."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from claimlint import app
from claimlint.config import load_config

ROOT = Path(__file__).parent.parent


def raised(paths: tuple[str, ...], *, ignore: tuple[str, ...] = ()) -> list[str]:
    """The warnings and errors that our hook tells of some paths."""
    config = load_config("samples/claimlint.yaml", ".")
    config = msgspec.structs.replace(config, ignore=ignore)
    found = app.run(config, paths, datetime.date(2026, 11, 20), cache=None).report
    assert found.problems == ()
    assert found.summary.documents >= 5
    return [
        f"{document.path}:{f.span.start.line}: {f.rule}: {f.words}"
        for document in found.documents
        for f in document.findings
        if f.severity != "note"
    ]


def test_the_responsible_samples_raise_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert raised(("samples/responsible",)) == []


def test_our_documents_raise_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # docs/rules.md names what the rules flag; the hook leaves it out too, as it does these rules.
    pages = sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))
    pages.remove("docs/rules.md")
    model = ("treatment", "mechanism", "efficacy", "promise", "testimonial")
    ignore = (
        *(f"{category}/reads-as-a-claim" for category in model),
        "promise/reads-as-advertising",
        "disclosure/",
    )
    assert raised(("README.md", "CONTRIBUTING.md", "SECURITY.md", *pages), ignore=ignore) == []
