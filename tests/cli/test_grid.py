"""`claimlint check --grid`: what counts in which market."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command

DRAFT = """\
# Our clinic

We were the world's first to offer this method. Lifting is completely painless.

Read the patient testimonials on our blog.
"""


@pytest.fixture
def draft(folder: Path) -> Path:
    """A draft with statements that count differently in two markets; the others of the folder go."""
    for name in ("good.md", "bad.md"):
        (folder / name).unlink()
    path = folder / "draft.md"
    path.write_text(DRAFT, "utf-8")
    return path


def table(shown: str) -> dict[str, list[str]]:
    """The severities of each row by its statement."""
    rows = {}
    for line in shown.partition("\n\n")[0].splitlines():
        statement, *cells = line.split("  ")
        if statement:  # else the line goes on with the statement above
            rows[statement] = [cell.strip() for cell in cells if cell.strip()]
    return rows


def test_each_statement_has_the_severity_that_it_has_in_a_run_for_each_market(
    claimlint: Command, draft: Path
) -> None:
    rows = table(claimlint("check", "--grid", "--market", "us,kr", "--fail-on", "never").stdout)
    assert rows.pop("STATEMENT") == ["us", "kr"]
    assert rows["draft.md:3 “world's first”"] == ["warning", "error"]
    assert rows["draft.md:3 “painless”"] == ["warning", "error"]
    assert rows["draft.md:5 “patient testimonials”"] == ["warning", "error"]
    for number, market in enumerate(("us", "kr")):
        words = ("check", "--format", "json", "--market", market)
        findings = json.loads(claimlint(*words).stdout)["documents"][0]["findings"]
        alone = sorted(finding["severity"] for finding in findings)
        told = sorted(row[number] for row in rows.values() if row[number] != "-")
        # Findings that overlap are one row: a whole sentence in one market, a word in another.
        assert set(told) == set(alone)
        assert len(told) <= len(alone)


def test_the_status_is_that_of_all_markets_together(claimlint: Command, draft: Path) -> None:
    assert claimlint("check", "--grid", "--market", "us,kr").exit_code == 1
    assert claimlint("check", "--grid", "--market", "us").exit_code == 0
    shown = claimlint("check", "--grid", "--market", "us,kr").stdout
    assert shown == claimlint("check", "--grid", "--market", "us,kr", "--jobs", "2").stdout
    assert "Checked 1 document (market kr, us): " in shown
    assert "- nothing counts there" in shown


def test_a_draft_for_one_market_only_is_not_judged_by_another(
    claimlint: Command, draft: Path, folder: Path
) -> None:
    (folder / "claimlint.yaml").write_text(
        'market: [us]\noverrides: [{files: "kr/**", market: [kr]}]\n', "utf-8"
    )
    (folder / "kr").mkdir()
    (folder / "kr" / "page.md").write_text("We were the world's first clinic.\n", "utf-8")
    shown = claimlint("check", "--grid").stdout
    rows = table(shown)
    assert rows["STATEMENT"] == ["us", "kr"]
    assert rows["draft.md:3 “world's first”"] == ["warning", "."]
    assert [cells for words, cells in rows.items() if words.startswith("kr/page.md:1")] == [
        [".", "error"]
    ]
    assert ". not a market of this draft" in shown


def test_missing_notices_are_rows_of_their_own(claimlint: Command, draft: Path) -> None:
    draft.write_text("# Knees\n\nWe inject stem cells for knee pain.\n", "utf-8")
    rows = table(claimlint("check", "--grid", "--market", "us-fl,us").stdout)
    [florida] = [cells for words, cells in rows.items() if "Florida" in words]
    assert florida[1] == "-"
    assert florida[0] in ("error", "warning")


def test_a_narrow_page_keeps_the_severities_in_sight(
    claimlint: Command, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimlint.cli.output.columns", lambda: 48)
    shown = claimlint("check", "--grid", "--market", "us,us-fl,us-ca,kr").stdout
    lines = shown.partition("\n\n")[0].splitlines()
    assert all(len(line) <= 48 for line in lines)
    assert lines[0].split() == ["STATEMENT", "us", "us-fl", "us-ca", "kr"]
    [first] = [line for line in lines if "world's" in line]
    assert first.split()[-4:] == ["W", "W", "W", "E"]
    assert "E error, W warning, N note" in shown


def test_colour_only_where_it_is_wanted(
    claimlint: Command, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("check", "--grid", "--market", "us,kr")
    assert "\x1b" not in claimlint(*words).stdout
    painted = claimlint(*words, "--color", "always").stdout
    assert "\x1b[1;31merror\x1b[0m" in painted
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in claimlint(*words).stdout


def test_a_clean_draft_problems_and_standard_input(claimlint: Command, draft: Path) -> None:
    draft.write_text("# Your visit\n\nBring your insurance card and your medicines.\n", "utf-8")
    result = claimlint("check", "--grid", "draft.md", "gone.md")
    assert "STATEMENT" not in result.stdout
    assert "gone.md: problem: does not exist" in result.stdout
    assert result.exit_code == 3
    words = ("check", "--grid", "--market", "us,kr", "-", "--stdin-filename", "a.md")
    result = claimlint(*words, input=DRAFT.encode())
    assert table(result.stdout)["a.md:3 “world's first”"] == ["warning", "error"]


def test_a_hostile_draft_does_not_steer_the_terminal(claimlint: Command, draft: Path) -> None:
    draft.write_text("We are the world\x1b[2J's first and best\u202e clinic.\n", "utf-8")
    shown = claimlint("check", "--grid", "--market", "us,kr").stdout
    assert not set(shown) & {"\x1b", "\u202e"}
