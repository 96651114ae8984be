"""`claimlint check --fix` and `--diff`: what they exchange, what they leave alone, how they write."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import docx
import pytest
from tests.cli.conftest import Command

DRAFT = "# Knees\n\nAsk about our miracle treatment on Monday.\n"
FIXED = "# Knees\n\nAsk about our treatment on Monday.\n"


@pytest.fixture
def draft(folder: Path) -> Path:
    """A draft with one phrase that can be fixed; the others of the folder go."""
    for name in ("good.md", "bad.md"):
        (folder / name).unlink()
    path = folder / "draft.md"
    path.write_bytes(DRAFT.encode())
    return path


def test_fix_writes_the_safe_wording_and_tells_the_state_behind_it(
    claimlint: Command, draft: Path
) -> None:
    result = claimlint("check", "draft.md", "--fix", "--fail-on", "warning")
    assert draft.read_bytes() == FIXED.encode()
    assert 'draft.md:3: fixed superlative/miracle: "miracle treatment" is now "treatment"' in (
        result.stdout
    )
    assert "draft.md: pass" in result.stdout
    assert "nothing found by these rules. Applied 1 fix." in result.stdout
    assert result.exit_code == 0
    again = claimlint("check", "draft.md", "--fix")
    assert "fixed" not in again.stdout
    assert "no flagged words have a replacement that is safe" in again.stderr
    assert draft.read_bytes() == FIXED.encode()


def test_json_and_concise_tell_the_fixes_too(claimlint: Command, draft: Path) -> None:
    result = claimlint("check", "--fix", "--format", "json")
    out = json.loads(result.stdout)
    assert out["fixes"] == [
        {
            "path": "draft.md",
            "line": 3,
            "rule": "superlative/miracle",
            "before": "miracle treatment",
            "after": "treatment",
        }
    ]
    assert out["documents"][0]["findings"] == []
    assert out["summary"]["warnings"] == 0
    draft.write_text(DRAFT, "utf-8")
    result = claimlint("check", "--fix", "--format", "concise")
    assert result.stdout.startswith("draft.md:3: fixed superlative/miracle:")


def test_without_fix_nothing_is_written_and_no_fix_is_told(claimlint: Command, draft: Path) -> None:
    out = json.loads(claimlint("check", "--format", "json").stdout)
    assert out["fixes"] == []
    assert draft.read_bytes() == DRAFT.encode()


@pytest.mark.parametrize(
    "said",
    [
        "Ask about our **miracle** treatment.",
        "Ask about our miracle&#32;treatment.",
        "Ask about our miracle\ntreatment.",
        "Ask about our miracle\u00a0treatment.",
        "“It is a miracle treatment”, says Anna.",
        'Anna calls our facial "a miracle treatment" every week.',
        "> We had a miracle treatment.",
        "Ask about a truly amazing treatment.",
        "Ask about an amazing treatment.",
        "Ask about safe and amazing treatments.",
        "Ask about our safe, amazing treatments.",
        "Ask about the most amazing treatment.",
        "Our treatment is our miracle treatment.",
        "Ask about our Miracle Treatment™ today.",
        "Ask about our miracle treatment-free days.",
        "Our guide calls them master cells.",  # no stem cell anywhere: that would be a new fact
        "Stem cells are our master cells.",
    ],
)
def test_what_is_in_doubt_is_left_to_a_person(claimlint: Command, draft: Path, said: str) -> None:
    draft.write_text(f"{said}\n", "utf-8")
    before = draft.read_bytes()
    found = json.loads(claimlint("check", "--fix", "--format", "json").stdout)
    assert found["fixes"] == []
    assert [f for f in found["documents"][0]["findings"] if f["category"] != "disclosure"]
    assert draft.read_bytes() == before


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Ask about a miracle treatment.", "Ask about a treatment."),
        ("Miracle treatments are here.", "Treatments are here."),
        ("# Our Miracle Treatments", "# Our Treatments"),
        ("ASK ABOUT OUR MIRACLE TREATMENT", "ASK ABOUT OUR TREATMENT"),
        ("Ask about our state-of-the-art treatments.", "Ask about our treatments."),
        ("Ask about our miracle breakthrough treatment.", "Ask about our treatment."),
        (
            "They are called master cells. A stem cell divides.",
            "They are called stem cells. A stem cell divides.",
        ),
        (
            "- our miracle pill\n- our amazing procedure\n",
            "- our pill\n- our procedure\n",
        ),
        ("---\ntitle: Our miracle pill\n---\n\nHello.\n", "---\ntitle: Our pill\n---\n\nHello.\n"),
    ],
)
def test_the_sentence_stays_whole(claimlint: Command, draft: Path, said: str, wanted: str) -> None:
    draft.write_text(said, "utf-8")
    claimlint("check", "--fix")
    assert draft.read_text("utf-8") == wanted


@pytest.mark.parametrize(
    ("name", "encoding", "text"),
    [
        ("a.md", "utf-8-sig", "# Café\r\n\r\nOur miracle treatment.\r\n \t\r\nEnd \U0001f642"),
        ("a.txt", "utf-16", "Café\r\n\r\nOur miracle treatment.\r\n\U0001f642\r\n"),
        ("a.txt", "utf-8", "One line\rOur miracle treatment.\r\n\n\x0bLast\u2028line"),
        (
            "a.html",
            "utf-8",
            "<p class='x'>Our miracle treatment.</P >\r\n<!-- miracle treatment -->",
        ),
    ],
)
def test_all_other_bytes_stay(
    claimlint: Command, draft: Path, name: str, encoding: str, text: str
) -> None:
    draft.unlink()
    path = draft.with_name(name)
    path.write_bytes(text.encode(encoding))
    result = claimlint("check", "--fix")
    assert "Applied 1 fix." in result.stdout
    wanted = text.replace("Our miracle treatment", "Our treatment", 1)
    assert path.read_bytes() == wanted.encode(encoding)


def test_permissions_stay_and_a_link_keeps_leading_there(claimlint: Command, draft: Path) -> None:
    draft.chmod(0o640)
    link = draft.with_name("a-link.md")
    link.symlink_to(draft)
    result = claimlint("check", "--fix", "--format", "json")
    assert link.is_symlink()
    assert draft.read_bytes() == FIXED.encode()
    assert stat.S_IMODE(draft.stat().st_mode) == 0o640
    out = json.loads(result.stdout)
    assert len(out["fixes"]) == 1
    assert [d["findings"] for d in out["documents"]] == [[], []]
    assert sorted(path.name for path in draft.parent.iterdir()) == [".git", "a-link.md", "draft.md"]


def test_a_write_protected_draft_is_a_problem_and_stays(
    claimlint: Command, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # as for anyone but the superuser
    result = claimlint("check", "--fix")
    assert "draft.md: problem: cannot be fixed: it is write-protected" in result.stdout
    assert result.exit_code == 3
    assert draft.read_bytes() == DRAFT.encode()


def test_a_draft_that_cannot_be_written_is_a_problem_and_stays(
    claimlint: Command, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("claimlint.fixing.replace", full)
    (draft.with_name("other.md")).write_text("See our good clinic.\n", "utf-8")
    result = claimlint("check", "--fix", "--format", "json")
    out = json.loads(result.stdout)
    assert out["problems"][0]["message"].endswith("stays as it was: No space left on device")
    assert out["fixes"] == []
    assert [f["rule"] for f in out["documents"][0]["findings"]] == ["superlative/miracle"]
    assert len(out["documents"]) == 2
    assert result.exit_code == 3


def test_word_drafts_are_never_written(claimlint: Command, draft: Path) -> None:
    draft.unlink()
    made = docx.Document()
    made.add_paragraph("Ask about our miracle treatment on Monday.")
    made.save(str(draft.with_name("a.docx")))
    before = draft.with_name("a.docx").read_bytes()
    result = claimlint("check", "--fix")
    assert "Word drafts are never changed by --fix: a.docx" in result.stderr
    assert "superlative/miracle" in result.stdout
    assert draft.with_name("a.docx").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fix", "--diff"], "--fix and --diff do not go together"),
        (["--diff", "--grid"], "--diff and --grid do not go together"),
        (["--fix", "-", "--stdin-filename", "a.md"], "--fix works on files"),
        (["--diff", "-", "--stdin-filename", "a.md"], "--diff works on files"),
        (["--diff", "--format", "json"], "--diff has a form of its own"),
        (["--grid", "--format", "concise"], "--grid has a form of its own"),
    ],
)
def test_what_does_not_go_together_is_told(
    claimlint: Command, draft: Path, words: list[str], said: str
) -> None:
    result = claimlint("check", *words, input=DRAFT.encode())
    assert result.exit_code == 2
    assert said in result.stderr
    assert draft.read_bytes() == DRAFT.encode()


def test_diff_shows_what_fix_would_do_and_changes_nothing(claimlint: Command, draft: Path) -> None:
    result = claimlint("check", "--diff", "--fail-on", "warning")
    assert result.stdout == (
        "--- draft.md\n+++ draft.md\n@@ -1,3 +1,3 @@\n # Knees\n \n"
        "-Ask about our miracle treatment on Monday.\n+Ask about our treatment on Monday.\n"
    )
    assert result.exit_code == 1  # of the draft as it is
    assert claimlint("check", "--diff").exit_code == 0
    assert draft.read_bytes() == DRAFT.encode()


def test_the_diff_can_be_applied_byte_for_byte(claimlint: Command, draft: Path) -> None:
    draft.unlink()
    path = draft.with_name("my draft.md")
    text = "\ufeffOur miracle pill.\r\n\r\nCafé\x1b[31m. Our miracle treatment"
    path.write_bytes(text.encode())
    shown = claimlint("check", "--diff").stdout_bytes
    subprocess.run(["git", "apply", "-p0", "-"], input=shown, cwd=draft.parent, check=True)
    assert path.read_bytes() == text.replace("miracle ", "").encode()


def test_rules_that_are_off_or_ignored_fix_nothing(
    claimlint: Command, draft: Path, folder: Path
) -> None:
    claimlint("check", "--fix", "--ignore", "superlative/")
    assert draft.read_bytes() == DRAFT.encode()
    (folder / "claimlint.yaml").write_text("rules: {superlative/miracle: off}\n", "utf-8")
    claimlint("check", "--fix")
    assert draft.read_bytes() == DRAFT.encode()
