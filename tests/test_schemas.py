"""The published schemas of packs and configurations: fresh, valid, and as strict as the loader."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from tests.packs.paths import BROKEN, HERE
from tests.write_schemas import FOLDER, texts


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def dated_as_text(text: str) -> object:
    """Read YAML as an editor does, which has no dates."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.mark.parametrize("name", sorted(texts()))
def test_the_published_schemas_are_fresh(name: str) -> None:
    published = (FOLDER / name).read_text(encoding="utf-8")
    assert published == texts()[name], "run: PYTHONPATH=src:. python tests/write_schemas.py"


@pytest.mark.parametrize("name", ["pack", "config", "waivers"])
def test_they_are_schemas_with_a_name(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"urn:claimlint:schema:{name}:1"
    assert schema(name)["title"]


@pytest.mark.parametrize(
    "path", sorted((HERE / "library").rglob("*.yaml")), ids=lambda path: path.stem
)
def test_good_packs_fit(path: Any) -> None:
    jsonschema.validate(dated_as_text(path.read_text(encoding="utf-8")), schema("pack"))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pack", "unknown-key-in-a-rule"),
        ("pack", "kind-unknown"),
        ("pack", "severity-unknown"),
        ("pack", "match-is-empty"),
        ("pack", "id-without-a-slash"),
        ("pack", "rule-with-only-a-kind"),
        ("pack", "authority-incomplete"),
        ("config", "unknown-key"),
        ("config", "rule-level-unknown"),
        ("config", "readability-out-of-range"),
        ("config", "overrides-without-files"),
        ("config", "max-bytes-as-text"),
    ],
)
def test_broken_files_do_not_fit(kind: str, name: str) -> None:
    value = dated_as_text((BROKEN / f"{kind}-{name}.yaml").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, schema(kind))


def test_the_configuration_of_the_design_fits() -> None:
    value = {
        "market": ["us"], "fail_on": "error", "include": ["content/**/*.md"], "packs": ["./our-rules"],
        "rules": {"cure/claims-a-cure": "warning", "pressure/": "off"},
        "readability": {"target_grade": 8}, "overrides": [{"files": "kr/**", "market": ["kr"]}],
        "suppressions": {"inline": True, "require_approver": False}, "serve": {"endpoints": []},
    }  # fmt: skip
    jsonschema.validate(value, schema("config"))
