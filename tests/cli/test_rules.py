"""`claimlint rules`: what applies here, why, and whether its examples hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command

PACK = """\
pack: ours
version: 1.0.0
rules:
  - id: ours/wonder-drip
    title: Our old name
    category: superlative
    severity: warning
    kind: phrase
    match: [wonder drip]
    message: The drip has another name now
    why: The old name promised more than a drip can do.
    suggest: [infusion]
    examples:
      flag: ["Ask for the [[wonder drip]].", "Our [[wonder drip]] takes an hour."]
      pass: ["A drip of rain is no wonder.", "Wonder at the drip."]
"""


@pytest.fixture
def pack(folder: Path) -> Path:
    """A pack of the user's own."""
    place = folder / "our-rules"
    place.mkdir()
    (place / "ours.yaml").write_text(PACK, "utf-8")
    return place


def test_list_shows_each_rule_with_its_severity(claimlint: Command) -> None:
    result = claimlint("rules", "list")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].split() == ["RULE", "SEVERITY", "MARKETS", "TITLE"]
    [cure] = [line for line in lines if line.startswith("cure/claims-a-cure ")]
    assert cure.split()[1] == "error"


def test_list_shows_severities_as_configured(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text(
        "rules: {cure/claims-a-cure: warning, pressure/: off}\n", "utf-8"
    )
    listed = {
        rule["id"]: rule for rule in json.loads(claimlint("rules", "list", "-f", "json").stdout)
    }
    assert listed["cure/claims-a-cure"]["severity"] == "warning"
    assert not [name for name in listed if name.startswith("pressure/")]


def test_show_tells_everything_about_a_rule(claimlint: Command) -> None:
    result = claimlint("rules", "show", "cure/claims-a-cure")
    words = " ".join(result.stdout.split())
    assert result.exit_code == 0
    for part in ("severity error", "why ", "authority ", "checked 20", "flags ", "passes "):
        assert part in words


def test_show_tells_that_a_rule_is_switched_off(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text("rules: {cure/claims-a-cure: off}\n", "utf-8")
    assert "does not apply here" in claimlint("rules", "show", "cure/claims-a-cure").stdout


def test_examples_of_a_pack_of_ones_own_are_run(claimlint: Command, pack: Path) -> None:
    result = claimlint("rules", "test", "--pack", "./our-rules", "ours/wonder-drip")
    assert result.exit_code == 0, result.output
    assert result.stdout == "Ran 6 examples of 1 rule: all hold.\n"


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("wonder drip: infusion", ""),
        ("wonder drip: miracle drug", "superlative/miracle flags “miracle drug”"),
        ("wonder drip: best clinic", "superlative/best flags “best clinic”"),
    ],
)
def test_a_fix_is_tried_in_the_examples(
    claimlint: Command, pack: Path, fix: str, said: str
) -> None:
    fixing = PACK.replace("    suggest:", f"    fix: {{{fix}}}\n    suggest:")
    (pack / "ours.yaml").write_text(fixing, "utf-8")
    result = claimlint("rules", "test", "--pack", "./our-rules", "ours/wonder-drip")
    assert result.exit_code == (1 if said else 0)
    assert said in result.stdout
    assert ("the fix must" in result.stdout) == bool(said)
    shown = claimlint("rules", "show", "--pack", "./our-rules", "ours/wonder-drip").stdout
    assert f"“wonder drip” becomes “{fix.partition(': ')[2]}”" in shown


def test_an_example_that_does_not_hold_is_told(claimlint: Command, pack: Path) -> None:
    broken = PACK.replace("Wonder at the drip.", "We have a wonder drip.")
    (pack / "ours.yaml").write_text(
        broken.replace("[[wonder drip]] takes", "wonder [[drip]] takes")
    )
    result = claimlint("rules", "test", "--pack", "./our-rules", "ours/")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[-1] == "Ran 5 examples of 1 rule: 2 examples failed."
    assert any("must flag the words in [[ ]], but flags “wonder drip” instead" in x for x in lines)
    assert any("must flag nothing, but flags “wonder drip”" in line for line in lines)


def test_an_example_that_does_not_hold_is_told_with_its_place(
    claimlint: Command, pack: Path
) -> None:
    (pack / "ours.yaml").write_text(PACK.replace("Wonder at the drip.", "A wonder drip."), "utf-8")
    result = claimlint("rules", "test", "--pack", "./our-rules", "ours/")
    assert result.stdout.startswith(
        "our-rules/ours.yaml:15:46: ours/wonder-drip: must flag nothing"
    )


def _for_market(pack: Path, market: str) -> None:
    authority = "authorities: [{name: A, url: https://a.org, seen: primary, checked: 2026-01-01}]"
    text = PACK.replace("version:", f"market: {market}\nversion:")
    text = text.replace("    suggest:", f"    {authority}\n    suggest:")
    (pack / "ours.yaml").write_text(text.replace("Wonder at the drip.", "A wonder drip."), "utf-8")


@pytest.mark.parametrize("names", [(), ("ours/",), ("ours/wonder-drip",)])
def test_rules_of_ones_own_for_another_market_are_tested_too(
    claimlint: Command, pack: Path, names: tuple[str, ...]
) -> None:
    _for_market(pack, "kr")
    result = claimlint("rules", "test", "--pack", "./our-rules", *names)
    assert result.exit_code == 1
    assert "ours/wonder-drip: must flag nothing" in result.stdout
    assert "1 example failed" in result.stdout


def test_rules_that_the_chosen_markets_leave_out_are_told(claimlint: Command, pack: Path) -> None:
    _for_market(pack, "kr")
    result = claimlint("rules", "test", "--pack", "./our-rules", "--market", "us")
    assert result.exit_code == 0
    assert "not run, of the market kr (add --market kr): ours/wonder-drip" in result.stderr
    result = claimlint("rules", "test", "--pack", "./our-rules", "--market", "us", "ours/")
    assert result.exit_code == 2
    assert 'the rules of "ours/" are of the market kr: add --market kr' in result.stderr


@pytest.mark.parametrize("command", ["show", "test"])
@pytest.mark.parametrize("name", ["us-fl/stem-cell-notice", "us-fl/"])
def test_a_rule_of_a_market_that_is_not_chosen_is_told_with_its_market(
    claimlint: Command, command: str, name: str
) -> None:
    result = claimlint("rules", command, name)
    assert result.exit_code == 2
    assert "of the market us-fl: add --market us-fl" in result.stderr


def test_a_pack_for_a_market_that_no_run_can_mean_is_told(
    claimlint: Command, folder: Path, pack: Path
) -> None:
    _for_market(pack, "usa")
    result = claimlint("check", "good.md", "--pack", "./our-rules")
    assert result.exit_code == 2
    assert "our-rules/ours.yaml:2:9: unknown market" in result.stderr
    assert 'did you mean "us"?' in result.stderr
    # A market of one's own is sound where the configuration names it, also in a run for another one.
    (folder / "claimlint.yaml").write_text("market: [us, usa]\npacks: [./our-rules]\n", "utf-8")
    assert claimlint("check", "good.md").exit_code == 0
    result = claimlint("check", "good.md", "--market", "us")
    assert result.exit_code == 0, result.output
    assert claimlint("check", "--grid", "good.md").exit_code == 0


def test_an_override_for_another_market_leaves_the_rule_as_it_is_here(
    claimlint: Command, folder: Path, pack: Path
) -> None:
    _for_market(pack, "kr")
    text = (pack / "ours.yaml").read_text("utf-8").replace("ours/wonder-drip", "cure/claims-a-cure")
    (pack / "ours.yaml").write_text(text.replace("kind:", "override: true\n    kind:"), "utf-8")
    result = claimlint("check", "bad.md", "--pack", "./our-rules", "--format", "concise")
    assert "cure/claims-a-cure" in result.stdout


def test_a_suggestion_answers_only_for_what_it_brings(claimlint: Command, pack: Path) -> None:
    # Another rule forbids the lounge's very name, which every wording of the draft keeps.
    forbidden = PACK[PACK.index("  - id:") :].replace("wonder-drip", "no-names")
    forbidden = forbidden.replace("    suggest: [infusion]\n", "").replace(
        "wonder drip", "Glow Lounge"
    )
    named = PACK.replace("Our [[wonder drip]]", "The Glow Lounge's [[wonder drip]]") + forbidden
    (pack / "ours.yaml").write_text(named, "utf-8")
    result = claimlint("rules", "test", "--pack", "./our-rules", "ours/")
    assert result.stdout == "Ran 10 examples of 2 rules: all hold.\n"
    bringing = named.replace("suggest: [infusion]", "suggest: [Glow Lounge]")
    (pack / "ours.yaml").write_text(bringing, "utf-8")
    result = claimlint("rules", "test", "--pack", "./our-rules", "ours/")
    assert "ours/no-names flags “Glow Lounge”: Ask for the Glow Lounge." in result.stdout
    assert result.exit_code == 1


def test_a_rule_of_ones_own_is_used(claimlint: Command, folder: Path, pack: Path) -> None:
    (folder / "drip.md").write_text("Try the wonder drip today.\n", "utf-8")
    result = claimlint("check", "drip.md", "--pack", "./our-rules", "--format", "concise")
    assert 'ours/wonder-drip: "wonder drip" — The drip has another name now' in result.stdout
    assert 'suggestion "infusion"' in result.stdout


def test_a_mistake_in_a_pack_is_told_with_its_place(claimlint: Command, pack: Path) -> None:
    (pack / "ours.yaml").write_text(PACK.replace("severity: warning", "severity: waning"), "utf-8")
    result = claimlint("check", "--pack", "./our-rules")
    assert result.exit_code == 2
    assert "ours.yaml:7:15" in result.stderr
    assert "warning" in result.stderr


def test_a_category_means_the_same_rules_to_test_and_to_select(
    claimlint: Command, pack: Path
) -> None:
    # The rule's id begins with another word than its category, and either names it.
    for name in ("ours/", "superlative/"):
        listed = claimlint("rules", "list", "--pack", "./our-rules", "--select", name).stdout
        assert "ours/wonder-drip" in listed
        tested = claimlint("rules", "test", "--pack", "./our-rules", name)
        assert tested.exit_code == 0, tested.output
        count = len(listed.splitlines()) - 1
        assert f" of {count} rule" in tested.stdout


def test_a_named_rule_that_is_off_is_not_called_tested(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text("rules: {cure/claims-a-cure: off}\n", "utf-8")
    result = claimlint("rules", "test", "cure/claims-a-cure")
    assert result.exit_code == 2
    assert "no example of cure/claims-a-cure was run" in result.stderr
