"""The JSON contract: every field of a report, and the JSON Schema that describes it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import msgspec

from claimlint.model.report import DocumentReport, Report

# JSON leaves these raw; escaped they mean the same and do not steer a terminal.
_RAW_CONTROLS = re.compile(  # in UTF-8: U+007F-9F, 061C, 200E-F, 2028-2E, 2066-69
    rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2(?:\x80[\x8e\x8f\xa8-\xae]|\x81[\xa6-\xa9])"
)


# Where the documents of a report belong; no text holds a line end that is not escaped.
_NO_DOCUMENTS = b'\n  "documents": []'


def render(report: Report) -> bytes:
    """Render a report as indented JSON in UTF-8; the same report gives the same bytes."""
    whole = _encoded(msgspec.structs.replace(report, documents=()))
    head, tail = whole.split(_NO_DOCUMENTS)
    # One document after the other: of a thousand drafts no second copy is held in another form.
    out = BytesIO()
    out.write(head + b'\n  "documents": [')
    for number, document in enumerate(report.documents):
        text = _encoded(document).replace(b"\n", b"\n    ")
        out.write((b",\n    " if number else b"\n    ") + text)
    out.write((b"\n  ]" if report.documents else b"]") + tail + b"\n")
    return out.getvalue()


def _encoded(value: Report | DocumentReport) -> bytes:
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A file name that is no valid UTF-8 arrives with lone surrogates, which JSON cannot carry.
        encoded = msgspec.json.encode(_replaced(msgspec.to_builtins(value)))
    encoded = msgspec.json.format(encoded, indent=2)
    return _RAW_CONTROLS.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), encoded)


def schema() -> str:
    """The JSON Schema (2020-12) of `render`'s output, as text."""
    return msgspec.json.format(msgspec.json.encode(schema_value()), indent=2).decode() + "\n"


def schema_value() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `render`'s output, made from the types themselves."""
    made = msgspec.json.schema(Report)
    for definition in made["$defs"].values():
        for part in definition["properties"].values():
            part.pop("default", None)
        # Every field is always written, also where the type has a default for its maker's comfort.
        definition["required"] = list(definition["properties"])
    made["$defs"]["Report"]["properties"]["schema_version"] = {"const": 1}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The report of claimlint check --format json",
    }
    return head | made


def _replaced(value: Any) -> Any:
    """Replace lone surrogates in every text of a tree."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _replaced(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(part) for part in value]
    return value
