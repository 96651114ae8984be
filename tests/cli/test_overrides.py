"""Overrides of a configuration: checked before any file needs them, named by the report, tested."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import BAD, Command
from tests.cli.test_rules import PACK

CONFIGURATION = """\
overrides:
  - {files: "spa/**", packs: [./spa-rules]}
  - {files: "kr/**", market: kr}
"""


@pytest.fixture
def pack(folder: Path) -> Path:
    (folder / "claimlint.yaml").write_text(CONFIGURATION, "utf-8")
    (folder / "spa-rules").mkdir()
    path = folder / "spa-rules" / "ours.yaml"
    path.write_text(PACK, "utf-8")
    for name in ("spa", "kr"):
        (folder / name).mkdir()
        (folder / name / "page.md").write_text(BAD, "utf-8")
    return path


# Mistakes that show only when the pack is put together with the others.
MISTAKES = {
    "a rule that is shipped": ("id: ours/wonder-drip", "id: cure/claims-a-cure", "override: true"),
    "a class that nobody defines": (
        "match: [wonder drip]",
        'match: ["@nothing drip"]',
        'unknown class "@nothing"',
    ),
    "a name that is taken": ("pack: ours", "pack: core", "the name of a shipped pack"),
    "a rule without a match": ("match: [wonder drip]", "match: []", "ours.yaml:"),
}


@pytest.mark.parametrize("kind", MISTAKES)
@pytest.mark.parametrize("words", [["check", "good.md"], ["rules", "test", "cure/claims-a-cure"]])
def test_a_broken_pack_of_an_override_is_told_before_a_file_needs_it(
    claimlint: Command, pack: Path, kind: str, words: list[str]
) -> None:
    right, wrong, said = MISTAKES[kind]
    pack.write_text(PACK.replace(right, wrong), "utf-8")
    result = claimlint(*words)
    assert result.exit_code == 2
    assert "spa-rules/ours.yaml:" in result.stderr
    assert said in result.stderr
    assert len(set(result.stderr.splitlines())) == len(result.stderr.splitlines())


def test_the_rules_of_an_override_are_tested(claimlint: Command, pack: Path) -> None:
    result = claimlint("rules", "test", "ours/wonder-drip")
    assert result.stdout == "Ran 6 examples of 1 rule: all hold.\n"
    pack.write_text(PACK.replace("Wonder at the drip.", "A wonder drip."), "utf-8")
    result = claimlint("rules", "test", "ours/")
    assert result.exit_code == 1
    assert "must flag nothing, but flags “wonder drip”" in result.stdout
    assert claimlint("rules", "show", "ours/wonder-drip").exit_code == 0


def test_the_report_names_every_ruleset_that_judged(claimlint: Command, pack: Path) -> None:
    def ruleset(*words: str) -> dict[str, Any]:
        out = json.loads(claimlint("check", *words, "--format", "json").stdout)
        found: dict[str, Any] = out["tool"]["ruleset"]
        return found

    base, spa, kr = ruleset("bad.md"), ruleset("spa/page.md"), ruleset("kr/page.md")
    assert (base["markets"], spa["markets"], kr["markets"]) == (["us"], ["us"], ["kr"])
    assert {"name": "ours", "version": "1.0.0"} in spa["packs"]
    assert {"name": "ours", "version": "1.0.0"} not in base["packs"]
    together = ruleset("bad.md", "spa/page.md", "kr/page.md")
    assert together["markets"] == ["kr", "us"]
    named = {(one["name"], one["version"]) for each in (base, spa, kr) for one in each["packs"]}
    assert [(one["name"], one["version"]) for one in together["packs"]] == sorted(named)
    assert len({one["sha256"] for one in (base, spa, kr, together)}) == 4
    assert together == ruleset("kr/page.md", "spa/page.md", "bad.md", "--jobs", "2")
    pack.parent.parent.joinpath("claimlint.yaml").unlink()
    assert ruleset("bad.md") == base


@pytest.mark.parametrize(
    ("first", "later", "severity"),
    [
        ("cure/claims-a-cure: warning", "[{files: bad.md, rules: {cure/: off}}]", None),
        ("cure/: off", "[{files: bad.md, rules: {cure/claims-a-cure: note}}]", "note"),
        ("cure/: off, cure/claims-a-cure: warning", "[]", "warning"),
        ("cure/claims-a-cure: off", "[{files: bad.md, rules: {cure/: note}}]", "note"),
        (
            "cure/: note",
            "[{files: bad.md, rules: {cure/: error}}, {files: '*.md', rules: {cure/: warning}}]",
            "warning",
        ),
        (
            "cure/: note",
            "[{files: '*.md', rules: {cure/: off}}, {files: bad.md, rules: {cure/: error}}]",
            "error",
        ),
    ],
)
def test_a_later_override_beats_what_stands_before_it(
    claimlint: Command, folder: Path, first: str, later: str, severity: str | None
) -> None:
    (folder / "claimlint.yaml").write_text(f"rules: {{{first}}}\noverrides: {later}\n", "utf-8")
    report = json.loads(claimlint("check", "bad.md", "-f", "json").stdout)
    found = {one["rule"]: one["severity"] for one in report["documents"][0]["findings"]}
    assert found.get("cure/claims-a-cure") == severity
