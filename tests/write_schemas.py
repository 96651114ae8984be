"""Write docs/schema from the types that packs, configurations and waivers are checked against."""

import json
from pathlib import Path
from typing import Any

from claimlint.config import config_schema
from claimlint.packs.schema import pack_schema
from claimlint.review.waivers import schema as waivers_schema

FOLDER = Path(__file__).parent.parent / "docs" / "schema"


def texts() -> dict[str, str]:
    """The files by name."""
    schemas: dict[str, dict[str, Any]] = {"pack": pack_schema(), "config": config_schema()}
    schemas["waivers"] = waivers_schema()
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, text in texts().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8")
