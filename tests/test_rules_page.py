"""docs/rules.md says what the packs say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimlint.config import apply_flags, load_config
from claimlint.model.rule import Rule
from claimlint.packs.library import library_files, market_names, rulesets_folder
from claimlint.rule_tests import authored_rules
from tests.write_rules_page import PAGE, page, read_rates, text


def rules() -> list[Rule]:
    markets = market_names(library_files(rulesets_folder()))
    return list(authored_rules(apply_flags(load_config(None, "/"), markets=markets)).values())


def test_the_page_is_fresh() -> None:
    how = "out of date; run: PYTHONPATH=src:. python tests/write_rules_page.py"
    assert PAGE.read_text(encoding="utf-8") == text(), how


def test_every_rule_of_every_market_is_there_once_with_its_authorities() -> None:
    shown = PAGE.read_text(encoding="utf-8")
    for rule in rules():
        assert shown.count(f"### `{rule.id}`\n") == 1
        [entry] = [part for part in shown.split("\n### ") if part.startswith(f"`{rule.id}`\n")]
        row = f"| {rule.severity} | {rule.category} | {', '.join(rule.markets) or 'all'} |"
        assert row in entry
        for authority in rule.authorities:
            assert f"](<{authority.url}>), checked {authority.checked}" in entry
        assert ("secondary source" in entry) == any(a.seen == "secondary" for a in rule.authorities)
        if rule.examples is not None:
            told = len(rule.examples.flag), len(rule.examples.passing)
            assert (entry.count("\n- Flags: `"), entry.count("\n- Passes: `")) == told


def test_measured_rates_stand_beside_their_rules(tmp_path: Path) -> None:
    path = tmp_path / "clean_rates.json"
    assert read_rates(path) is None
    path.write_text(
        json.dumps({"source": "40 leaflets, 12,000 words.", "rates": {"cure/claims-a-cure": 0.25}}),
        "utf-8",
    )
    chosen = [r for r in rules() if r.id in ("cure/claims-a-cure", "cure/cures-somebody")]
    shown = page(chosen, read_rates(path))
    assert shown == page(chosen[::-1], read_rates(path))
    assert "40 leaflets, 12,000 words." in shown
    assert "| error | cure | all | claim | 0.250 |" in shown
    assert shown.count("| not measured |") == 1


@pytest.mark.parametrize("data", ['{"cure/claims-a-cure": 1}', "[]", '{"source": "here"}'])
def test_a_file_of_rates_without_its_source_or_a_number_is_refused(
    tmp_path: Path, data: str
) -> None:
    path = tmp_path / "clean_rates.json"
    path.write_text(data, "utf-8")
    with pytest.raises(ValueError, match=r"clean_rates\.json"):
        read_rates(path)
