"""The JSON Schema of a pack file, made from the types that it is checked against."""

from __future__ import annotations

from typing import Any

import msgspec

from claimlint.model.rule import Pack


def pack_schema() -> dict[str, Any]:
    """Make the JSON Schema of a pack file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:claimlint:schema:pack:1",
        "title": "claimlint rule pack",
        **msgspec.json.schema(Pack),
    }
