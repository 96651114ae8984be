"""`claimlint init`: a configuration that works as it is and when its lines are uncommented."""

from __future__ import annotations

from pathlib import Path

import yaml
from tests.cli.conftest import Command

from claimlint.cli.starter import CONFIGURATION
from claimlint.packs.library import library_files, market_names, rulesets_folder


def test_the_configuration_is_written_and_the_hook_is_shown(
    claimlint: Command, folder: Path
) -> None:
    result = claimlint("init")
    assert result.exit_code == 0
    assert "id: claimlint" in result.stdout
    assert "pre-commit install" in result.stdout
    assert (folder / "claimlint.yaml").read_text("utf-8") == CONFIGURATION


def test_it_changes_nothing(claimlint: Command) -> None:
    before = claimlint("check", "--format", "json")
    claimlint("init")
    after = claimlint("check", "--format", "json")
    assert (after.stdout, after.stderr) == (before.stdout, "")


def test_its_commented_lines_are_valid_too(claimlint: Command, folder: Path) -> None:
    claimlint("init")
    path = folder / "claimlint.yaml"
    lines = [
        line.removeprefix("# ")
        if (line.startswith("# ") and ": [" in line) or ": {" in line
        else line
        for line in path.read_text("utf-8").splitlines()
    ]
    (folder / "our-rules").mkdir()
    text = "\n".join(lines).replace("packs: [./our-rules]", "packs: []") + "\n"
    path.write_text(text.replace('"content/**/*.md"', '"*.md"'), "utf-8")
    assert "overrides: [" in path.read_text("utf-8").splitlines()[-1]
    result = claimlint("check", "bad.md", "--format", "concise")
    assert (result.exit_code, result.stderr) == (1, "")


def test_an_existing_configuration_is_kept(claimlint: Command, folder: Path) -> None:
    path = folder / "claimlint.yaml"
    path.write_text("fail_on: never\n", "utf-8")
    result = claimlint("init")
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert path.read_text("utf-8") == "fail_on: never\n"
    assert claimlint("init", "--force").exit_code == 0
    assert path.read_text("utf-8") == CONFIGURATION


def test_the_lines_for_the_hook_are_a_whole_file(claimlint: Command) -> None:
    shown = claimlint("init").stdout
    lines = shown[shown.index("repos:") : shown.index("Then run")]
    [repo] = yaml.safe_load(lines)["repos"]
    assert repo["hooks"] == [{"id": "claimlint"}]


def test_every_market_is_named() -> None:
    page = Path(__file__).parents[2] / "docs" / "configuration.md"
    for text in (CONFIGURATION, page.read_text("utf-8")):
        listed = next(line for line in text.splitlines() if "us, us-" in line)
        for market in market_names(library_files(rulesets_folder())):
            assert f" {market}," in listed or f", {market}" in listed
