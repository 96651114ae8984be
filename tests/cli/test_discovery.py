"""Which documents a run reads, and what is told of those that it does not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import BAD, GOOD, Command


def checked(out: str) -> list[str]:
    return [document["path"] for document in json.loads(out)["documents"]]


def problems(out: str) -> dict[str, str]:
    return {problem["path"]: problem["message"] for problem in json.loads(out)["problems"]}


def test_a_folder_that_cannot_be_listed_is_a_problem(
    claimlint: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not by its mode, which the tests' user may be allowed to pass over.
    (folder / "drafts" / "closed").mkdir(parents=True)
    (folder / "drafts" / "open.md").write_text(GOOD, "utf-8")
    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for given in ("drafts", str(folder)):
        result = claimlint("check", given, "--format", "json", "--fail-on", "never")
        assert result.exit_code == 3
        assert problems(result.stdout) == {"drafts/closed": "cannot be read: Permission denied"}
        assert "drafts/open.md" in checked(result.stdout)


def test_a_path_that_cannot_be_looked_at_is_not_called_missing(claimlint: Command) -> None:
    result = claimlint("check", "good.md/below.md", "gone.md", "--format", "json")
    assert result.exit_code == 3
    assert problems(result.stdout) == {
        "good.md/below.md": "cannot be read: Not a directory",
        "gone.md": "does not exist; check the name",
    }


def test_a_draft_called_review_is_a_draft(claimlint: Command, folder: Path) -> None:
    (folder / "review.html").write_text("<p>Our stem cell therapy can cure arthritis.</p>", "utf-8")
    for given in (".", "review.html"):
        result = claimlint("check", given, "--format", "json")
        assert "review.html" in checked(result.stdout)
        assert result.exit_code == 1


def test_our_own_page_is_no_draft_under_any_name(claimlint: Command, folder: Path) -> None:
    claimlint("report", "bad.md", "-o", "for-anna.html")
    result = claimlint("check", "--format", "json")
    assert checked(result.stdout) == ["bad.md", "good.md"]
    assert problems(result.stdout) == {}
    result = claimlint("check", "for-anna.html", "good.md", "--format", "json")
    assert checked(result.stdout) == ["good.md"]
    assert "a review page that claimlint wrote" in problems(result.stdout)["for-anna.html"]
    assert result.exit_code == 0
    page = (folder / "for-anna.html").read_bytes()
    words = ["check", "-", "--stdin-filename", "x.html", "--format", "json"]
    assert "was not checked" in problems(claimlint(*words, input=page).stdout)["x.html"]


def test_files_that_were_named_and_are_excluded_are_told(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text('exclude: ["*.md"]\n', "utf-8")
    result = claimlint("check", "bad.md", "good.md")
    assert result.exit_code == 0
    assert "excluded by the configuration" in result.stderr
    assert "bad.md, good.md" in result.stderr
    assert claimlint("check", "bad.md", "--quiet").stderr == ""


def test_standard_input_stands_where_it_was_given(claimlint: Command) -> None:
    words = ["--stdin-filename", "piped.md", "--format", "json"]
    for order in (
        ["-", "good.md", "bad.md"],
        ["good.md", "-", "bad.md"],
        ["bad.md", "good.md", "-"],
    ):
        expected = [name.replace("-", "piped.md") if name == "-" else name for name in order]
        for jobs in ("1", "2"):
            result = claimlint("check", *order, *words, "--jobs", jobs, input=GOOD.encode())
            assert checked(result.stdout) == expected


@pytest.mark.parametrize("name", ["draft.pdf", "draft"])
def test_standard_input_of_another_format_is_a_problem(claimlint: Command, name: str) -> None:
    words = ["--stdin-filename", name, "--format", "json"]
    result = claimlint("check", "-", *words, input=GOOD.encode())
    assert result.exit_code == 3
    assert checked(result.stdout) == []
    assert "is not a document that claimlint reads" in problems(result.stdout)[name]


def test_the_name_of_standard_input_is_shown_like_that_of_a_file(
    claimlint: Command, folder: Path
) -> None:
    for name in (str(folder / "x" / "a.md"), "./x//a.md", "x/y/../a.md"):
        words = ["--stdin-filename", name, "--format", "json"]
        assert checked(claimlint("check", "-", *words, input=BAD.encode()).stdout) == ["x/a.md"]


def test_standard_input_is_included_and_excluded_like_a_file(
    claimlint: Command, folder: Path
) -> None:
    (folder / "claimlint.yaml").write_text(
        'include: ["content/"]\nexclude: ["**/no.md"]\n', "utf-8"
    )
    for name, expected in (("content/a.md", 1), ("content/no.md", 0), ("a.md", 0)):
        words = ["--stdin-filename", name, "--format", "json"]
        result = claimlint("check", "-", *words, input=BAD.encode())
        assert len(checked(result.stdout)) == result.exit_code == expected


def test_what_editors_keep_beside_an_open_file_is_no_draft(
    claimlint: Command, folder: Path
) -> None:
    for name in ("~$visit.docx", ".~lock.visit.docx#", ".~lock.visit.md"):
        (folder / name).write_bytes(b"\x05Somebody")
    result = claimlint("check", "--format", "json", "--fail-on", "never")
    assert result.exit_code == 0
    assert problems(result.stdout) == {}
    assert claimlint("check", "~$visit.docx").exit_code == 3
