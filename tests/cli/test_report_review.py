"""`claimlint report` as a part of review: since, a folder of pages, Word comments, the audit log."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import docx
import pytest
from tests.cli.conftest import Command


def test_since_marks_what_is_new_and_lists_what_was_fixed(claimlint: Command, folder: Path) -> None:
    assert claimlint("check", "--format", "json", "-o", "before.json").exit_code == 1
    draft = folder / "bad.md"
    draft.write_text("# Knee pain\n\nOur serum cures cancer. Results are guaranteed.\n", "utf-8")
    result = claimlint("report", "--since", "before.json", "-o", "review.html")
    assert result.exit_code == 0
    page = (folder / "review.html").read_text("utf-8")
    assert "cure arthritis" in page  # fixed, and listed as such
    assert "cures cancer" in page


@pytest.mark.parametrize(
    ("data", "said"), [(b"{}", "is no report"), (b"\xff", "is no report"), (None, "cannot be read")]
)
def test_an_earlier_report_that_is_none_is_told(
    claimlint: Command, folder: Path, data: bytes | None, said: str
) -> None:
    if data is not None:
        (folder / "before.json").write_bytes(data)
    result = claimlint("report", "--since", "before.json")
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert not (folder / "claimlint-report.html").exists()


def test_an_earlier_report_of_another_schema_is_told(claimlint: Command, folder: Path) -> None:
    assert claimlint("check", "--format", "json", "-o", "before.json").exit_code == 1
    written = (folder / "before.json").read_text("utf-8")
    later = written.replace('"schema_version": 1', '"schema_version": 99', 1).replace(
        '"schema_version":1', '"schema_version":99', 1
    )
    (folder / "before.json").write_text(later, "utf-8")
    result = claimlint("report", "--since", "before.json")
    assert (result.exit_code, "schema_version 99" in result.stderr) == (2, True)
    assert not (folder / "claimlint-report.html").exists()


def test_a_folder_of_pages_has_an_index_and_a_page_for_each_draft(
    claimlint: Command, folder: Path
) -> None:
    result = claimlint("report", "-o", "pages/")
    assert "Wrote pages/." in result.stdout
    names = {path.name for path in (folder / "pages").iterdir()}
    index = (folder / "pages" / "index.html").read_text("utf-8")
    assert len(names) == 3
    assert all(name in index for name in names - {"index.html"})
    assert claimlint("check", "pages").exit_code == 0  # our own pages are no drafts


def test_a_folder_that_cannot_be_made_is_told(claimlint: Command, folder: Path) -> None:
    (folder / "pages").write_text("a file", "utf-8")
    result = claimlint("report", "-o", "pages/")
    assert (result.exit_code, "cannot be made" in result.stderr) == (2, True)


def word_draft(folder: Path) -> Path:
    document = docx.Document()
    document.add_heading("Knee pain")
    document.add_paragraph("Our stem cells cure arthritis for good.")
    path = folder / "draft.docx"
    document.save(str(path))
    return path


def test_a_word_draft_comes_back_with_comments(claimlint: Command, folder: Path) -> None:
    word_draft(folder)
    result = claimlint("report", "draft.docx", "--annotate", "out.docx")
    assert result.exit_code == 0
    assert result.stdout.startswith("Wrote out.docx with ")
    copy = docx.Document(str(folder / "out.docx"))
    assert [one.text for one in copy.paragraphs] == [
        "Knee pain", "Our stem cells cure arthritis for good.",
    ]  # fmt: skip
    texts = [comment.text for comment in copy.comments]
    assert any(text.startswith("Error: Promises a cure") for text in texts)
    assert zipfile.is_zipfile(folder / "out.docx")
    assert not (folder / "claimlint-report.html").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bad.md", "--annotate", "out.docx"), "one Word draft"),
        (("draft.docx", "bad.md", "--annotate", "out.docx"), "one Word draft"),
        (("draft.docx", "--annotate", "out.docx", "-o", "x.html"), "leave out --output"),
    ],
)
def test_annotating_something_else_is_told(
    claimlint: Command, folder: Path, words: tuple[str, ...], said: str
) -> None:
    word_draft(folder)
    result = claimlint("report", *words)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert not (folder / "out.docx").exists()


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_draft_is_not_overwritten_with_what_is_said_of_it(
    claimlint: Command, folder: Path, command: str
) -> None:
    before = (folder / "bad.md").read_bytes()
    result = claimlint(command, "good.md", "bad.md", "--output", "./bad.md")
    assert (result.exit_code, "is one of the drafts" in result.stderr) == (2, True)
    assert (folder / "bad.md").read_bytes() == before


def test_a_folder_of_pages_takes_no_drafts_place(claimlint: Command, folder: Path) -> None:
    draft = folder / "pages" / "index.html"
    draft.parent.mkdir()
    draft.write_text("<p>Our team is here from eight.</p>", "utf-8")
    result = claimlint("report", "pages", "good.md", "--output", "pages/")
    assert (result.exit_code, "is one of the drafts" in result.stderr) == (2, True)
    assert draft.read_text("utf-8") == "<p>Our team is here from eight.</p>"


@pytest.mark.parametrize("name", ["draft.docx", "./draft.docx", "link.docx"])
def test_a_word_draft_is_not_overwritten_with_its_copy(
    claimlint: Command, folder: Path, name: str
) -> None:
    draft = word_draft(folder)
    before = draft.read_bytes()
    (folder / "link.docx").symlink_to(draft)
    result = claimlint("report", "draft.docx", "--annotate", name)
    assert (result.exit_code, "is one of the drafts" in result.stderr) == (2, True)
    assert draft.read_bytes() == before


def test_reports_and_decisions_go_into_the_audit_log(claimlint: Command, folder: Path) -> None:
    log = ("--audit-log", "log.jsonl")
    assert claimlint("report", *log).exit_code == 0
    listed = claimlint("decide", "list", "bad.md", "--select", "cure/").stdout
    mark = listed.split()[0]
    words = ("decide", "waive", "bad.md", mark, "--reason", "r", "--approver", "Dr. A")
    assert claimlint(*words, *log).exit_code == 0
    assert claimlint("baseline", *log).exit_code == 0
    assert claimlint("report", *log).exit_code == 0
    entries = [json.loads(line) for line in (folder / "log.jsonl").read_bytes().splitlines()]
    assert [(one["kind"], one["by"]) for one in entries] == [
        ("report", None), ("decision", "Dr. A"), ("baseline", None), ("report", None),
    ]  # fmt: skip
    assert entries[1]["body"]["fingerprint"] == mark
    assert claimlint("audit", "verify", "log.jsonl").exit_code == 0
    head = claimlint("audit", "head", "log.jsonl").stdout.strip()
    assert head in (folder / "claimlint-report.html").read_text("utf-8")


def test_a_log_that_cannot_be_written_stops_the_decision(claimlint: Command, folder: Path) -> None:
    listed = claimlint("decide", "list", "bad.md").stdout
    words = ("decide", "waive", "bad.md", listed.split()[0], "--reason", "r", "--approver", "a")
    result = claimlint(*words, "--audit-log", "none/log.jsonl")
    assert result.exit_code == 2
    assert not (folder / "claimlint-waivers.yaml").exists()
    assert claimlint(*words, "--key-env", "KEY").exit_code == 2
