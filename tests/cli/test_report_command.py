"""`claimlint report`: one page, written whole."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import BAD, Command


def test_the_page_is_written_and_findings_are_no_failure(claimlint: Command, folder: Path) -> None:
    result = claimlint("report", "-o", "review.html", "bad.md", "good.md")
    assert result.exit_code == 0
    assert result.stdout.startswith("Wrote review.html. Checked 2 documents (market us): ")
    page = (folder / "review.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert "bad.md" in page
    assert "good.md" in page


def test_a_fail_level_can_be_asked_for(claimlint: Command) -> None:
    assert claimlint("report", "bad.md", "--fail-on", "error").exit_code == 1
    assert claimlint("report", "good.md", "--fail-on", "error").exit_code == 0


def test_a_missing_draft_is_told_on_the_page_and_by_the_status(
    claimlint: Command, folder: Path
) -> None:
    result = claimlint("report", "good.md", "gone.md")
    assert result.exit_code == 3
    assert "gone.md" in (folder / "claimlint-report.html").read_text("utf-8")


def test_the_page_can_go_to_standard_output(claimlint: Command, folder: Path) -> None:
    result = claimlint("report", "-", "--stdin-filename", "a.md", "-o", "-", input=BAD.encode())
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert not (folder / "claimlint-report.html").exists()


def test_the_same_drafts_give_the_same_page(claimlint: Command) -> None:
    pages = {claimlint("report", "-o", "-").stdout for _ in range(2)}
    assert len(pages) == 1
