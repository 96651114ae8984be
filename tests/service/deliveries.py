"""Small deliveries and reviews for the tests of the store."""

from __future__ import annotations

from typing import Any

from claimlint.service.store import Incoming, NewReview

NOW = 1_795_176_000.0  # noon of 2026-11-20


def incoming(content: str | bytes = "PRP may help.", **changes: Any) -> Incoming:
    fields: dict[str, Any] = {
        "endpoint": "blog",
        "external_id": "post-1",
        "format": "html",
        "content": content.encode() if isinstance(content, str) else content,
        **changes,
    }
    return Incoming(**fields)


def review(verdict: Any = "pass", report: bytes = b"{}") -> NewReview:
    return NewReview(
        report=report,
        verdict=verdict,
        errors=0,
        warnings=1,
        notes=2,
        suppressed=3,
        ruleset="r" * 64,
    )
