"""What the script of the page needs to know of the findings, as one block of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from claimlint.model.report import DocumentReport, Report

# In JSON these stand in texts only, where an escape says the same. Then no draft can end the element,
# begin a comment in it, split a line or turn what a reader of the page's source sees.
_ESCAPED = re.compile(
    "[<>&\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def page_data(
    report: Report, numbered: Iterable[tuple[int, DocumentReport]], *, cards: bool
) -> Markup:
    """Write the data of a page; `numbered` are its documents by their number on it.

    Without `cards` (an index) the sentences, which its decisions already hold, are left out.
    """
    rules: dict[tuple[str, str, str], int] = {}
    documents = []
    for number, document in numbered:
        sentences: dict[str, int] = {}
        findings = []
        for found in document.findings:
            others = (market for one in found.also for market in one.markets)
            markets = " ".join(dict.fromkeys((*found.markets, *others)))
            rule = (found.rule, found.category, markets)
            sentence = found.sentence.text if found.sentence and cards else ""
            findings.append(
                (
                    rules.setdefault(rule, len(rules)),
                    found.fingerprint,
                    sentences.setdefault(sentence, len(sentences)),
                    int(found.suppressed is not None),
                )
            )
        about = {"number": number, "path": document.path, "sha256": document.sha256}
        documents.append({**about, "sentences": list(sentences), "findings": findings})
    tool = {"version": report.tool.version, "ruleset": report.tool.ruleset.sha256}
    return _embedded({"tool": tool, "rules": list(rules), "documents": documents})


def _embedded(value: Any) -> Markup:
    """Write JSON that is safe inside a script element; the only place that makes such text."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S704
