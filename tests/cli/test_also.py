"""A finding names every market's law on its words, not only that of the rule that is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command

DRAFT = "# Knee clinic\n\nIt is the best clinic in Korea, with no side effects.\n"


@pytest.fixture
def draft(folder: Path) -> Path:
    path = folder / "draft.md"
    path.write_text(DRAFT, "utf-8")
    return path


def found(claimlint: Command, draft: Path, markets: str) -> dict[str, Any]:
    """The statements of a run by their words."""
    run = claimlint("check", str(draft), "--market", markets, "--format", "json")
    (document,) = json.loads(run.stdout)["documents"]
    return {one["words"]: one for one in document["findings"] if one["category"] != "disclosure"}


def test_what_a_stricter_market_hides_is_told_beside_it(claimlint: Command, draft: Path) -> None:
    best = found(claimlint, draft, "us,kr")["best clinic"]
    assert (best["rule"], best["severity"], best["markets"]) == (
        "kr/unverifiable", "error", ["kr"],
    )  # fmt: skip
    (beneath,) = best["also"]
    assert (beneath["rule"], beneath["severity"], beneath["markets"]) == (
        "superlative/best", "warning", ["kr", "us"],
    )  # fmt: skip


def test_without_another_market_nothing_is_added(claimlint: Command, draft: Path) -> None:
    assert all(not one["also"] for one in found(claimlint, draft, "us").values())


def test_a_markets_own_law_beneath_a_general_rule_is_named(
    claimlint: Command, folder: Path
) -> None:
    draft = folder / "cure.md"
    draft.write_text("# Knee clinic\n\nOur stem cell therapy cures knee arthritis.\n", "utf-8")
    cure = found(claimlint, draft, "uk")["cures knee arthritis"]
    assert cure["rule"] == "cure/claims-a-cure"
    (law,) = cure["also"]
    assert law["rule"] == "uk/unlicensed-medicine"
    assert "reg. 279" in law["authorities"][0]["cite"]
    shown = claimlint("check", str(draft), "--market", "uk").stdout
    assert "also:     error in uk: Offers an unlicensed product as a medicine" in shown
    page = folder / "page.html"
    claimlint("report", str(draft), "--market", "uk", "--output", str(page))
    assert "error in uk: Offers an unlicensed product" in page.read_text("utf-8")
