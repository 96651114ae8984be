"""The hooks as another repository uses them: the real pre-commit, installed from this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from tests.cli.conftest import BAD, GOOD

REPOSITORY = Path(__file__).parents[2]
# What a clone must hold for the hook to be installed from it.
PARTS = (
    "src", "rulesets", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml",
)  # fmt: skip
MILD = "# Cells\n\nStem cells are often called master cells.\n"

pytestmark = pytest.mark.slow


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=A Writer", "-c", "user.email=writer@example.org"]
    result = subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return result.stdout.strip()


def commit_all(folder: Path) -> None:
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Drafts")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's present state as a repository of its own."""
    place = tmp_path_factory.mktemp("claimlint")
    for part in PARTS:
        source = REPOSITORY / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, place / part, ignore=ignored)
        else:
            shutil.copy(source, place / part)
    commit_all(place)
    return place


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic's repository."""
    place = tmp_path_factory.mktemp("clinic") / "our content"
    place.mkdir()
    (place / "good.md").write_text(GOOD, "utf-8")
    (place / "bad.md").write_text(BAD, "utf-8")
    (place / "mild.md").write_text(MILD, "utf-8")
    (place / "notes.rst").write_text(BAD, "utf-8")
    letter = docx.Document()
    letter.add_paragraph("Our stem cell therapy can cure arthritis at its source.")
    letter.save(str(place / "letter.docx"))
    commit_all(place)
    return place


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which pre-commit installs the hook afresh."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PRE_COMMIT_HOME"] = str(tmp_path_factory.mktemp("pre-commit"))
    environment["PRE_COMMIT_COLOR"] = "never"
    environment["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    return environment


def pre_commit(content: Path, home: dict[str, str], *words: str) -> tuple[int, list[str]]:
    """Run pre-commit; the status and what the hook itself printed."""
    result = subprocess.run(  # noqa: PLW1510  (the status is what is tested)
        [sys.executable, "-m", "pre_commit", *words],
        cwd=content, env=home, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    lines = result.stdout.splitlines()
    head = [n for n, line in enumerate(lines) if line.startswith("claimlint") and "...." in line]
    assert len(head) == 1, result.stdout + result.stderr
    told = [line for line in lines[head[0] + 1 :] if line and not line.startswith("- ")]
    return result.returncode, told


def test_try_repo_passes_a_good_draft_in_silence(
    ours: Path, content: Path, home: dict[str, str]
) -> None:
    words = ["try-repo", str(ours), "claimlint", "--files", "good.md"]
    assert pre_commit(content, home, *words) == (0, [])


def test_try_repo_fails_a_bad_draft_with_one_line_for_each_finding(
    ours: Path, content: Path, home: dict[str, str]
) -> None:
    words = ["try-repo", str(ours), "claimlint", "--files", "good.md", "bad.md"]
    status, told = pre_commit(content, home, *words)
    assert status == 1
    assert all(line.startswith("bad.md:") for line in told)
    assert any('error cure/claims-a-cure: "cure arthritis' in line for line in told)
    assert all(": error " in line or ": warning " in line for line in told[:-1])


def test_an_installed_hook_reads_word_and_tells_warnings(
    ours: Path, content: Path, home: dict[str, str]
) -> None:
    revision = git(ours, "rev-parse", "HEAD")
    (content / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ours}\n    rev: {revision}\n"
        "    hooks: [{id: claimlint}, {id: claimlint-strict}]\n",
        "utf-8",
    )

    def hook(name: str, file: str) -> tuple[int, list[str]]:
        return pre_commit(content, home, "run", name, "--files", file)

    status, told = hook("claimlint", "letter.docx")
    assert status == 1
    assert any(line.startswith("letter.docx:paragraph 1: error cure/") for line in told)

    status, told = hook("claimlint", "mild.md")
    assert status == 0
    assert any("warning regenerative/master-cells" in line for line in told)
    assert hook("claimlint-strict", "mild.md") == (1, told)

    assert hook("claimlint", "notes.rst") == (0, [])
