"""The JSON contract: valid by its published schema, stable, and safe to print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from claimlint.model.report import Problem, Report
from claimlint.reporters import json_report

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report.schema.json"
HOW = (
    "python -c \"from claimlint.reporters.json_report import schema; print(schema(), end='')\" "
    f"> docs/schema/{SCHEMA.name}"
)


@pytest.fixture
def schema() -> Any:
    return json.loads(SCHEMA.read_text("utf-8"))


def test_the_published_schema_is_that_of_the_types() -> None:
    assert SCHEMA.read_text("utf-8") == json_report.schema(), f"out of date; run: {HOW}"


def test_output_is_valid_by_the_published_schema(report: Report, schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json_report.render(report)), schema)


@pytest.mark.parametrize(
    "damage",
    [
        lambda out: out["documents"][0].pop("verdict"),
        lambda out: out["documents"][0]["findings"][0].pop("suppressed"),
        lambda out: out["documents"][0]["findings"][0].update(severity="fatal"),
        lambda out: out["documents"][0]["findings"][0].update(span=None),
        lambda out: out.update(schema_version=2),
    ],
    ids=["no verdict", "no suppressed", "unknown severity", "no span", "another version"],
)
def test_the_schema_refuses_what_breaks_the_contract(
    report: Report, schema: Any, damage: Any
) -> None:
    out = json.loads(json_report.render(report))
    damage(out)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(out, schema)


def test_a_report_survives_the_way_through_json(report: Report) -> None:
    assert msgspec.json.decode(json_report.render(report), type=Report) == report


def test_top_level_keys_stand_in_the_order_of_the_contract(report: Report) -> None:
    assert list(json.loads(json_report.render(report))) == [
        "schema_version", "tool", "documents", "problems", "summary", "fixes", "suppression_notes",
    ]  # fmt: skip


def test_control_characters_are_escaped_and_mean_the_same(report: Report) -> None:
    hostile = "\x1b[2J \x9b2J \u202egnp\u2069 \u2028"
    report = msgspec.structs.replace(report, problems=(Problem("a.md", hostile),))
    shown = json_report.render(report).decode()
    assert not set(shown) & set("\x1b\x9b\u202e\u2069\u2028")
    assert json.loads(shown)["problems"][0]["message"] == hostile


def test_a_file_name_that_is_no_text_does_not_stop_the_output(report: Report) -> None:
    report = msgspec.structs.replace(report, problems=(Problem("bad\udcff.md", "is binary"),))
    assert json.loads(json_report.render(report))["problems"][0]["path"] == "bad?.md"
