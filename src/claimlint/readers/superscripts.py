"""Superscript numbers: reference marks, or exponents of units."""

from __future__ import annotations

import re

from claimlint.readers.prose import ProseBuilder

_NOTE = re.compile(r"[\[(]?(\d{1,3}|[*\u2020\u2021\u00a7])(?:\s*[,\u2013-]\s*\d{1,3})*[\])]?")
_UNIT = re.compile(r"(?<![a-z])(?:[kcmn\u00b5]?m|ft|in|kg|s|yd)$", re.IGNORECASE)
_AFTER_TEXT = re.compile(r"[^\W\d_][.,;:!?)\"']*$|[.,;:!?)\"']$")
_LONGEST_NOTE = 40


def note_label(prose: ProseBuilder, superscript: str) -> str | None:
    """Give the label of a reference mark; None for "st", for "m2" and the like."""
    if len(superscript) > _LONGEST_NOTE:
        return None
    found = _NOTE.fullmatch(superscript.strip())
    if found is None or not prose.ends_with(_AFTER_TEXT) or prose.ends_with(_UNIT):
        return None
    return found[1]
