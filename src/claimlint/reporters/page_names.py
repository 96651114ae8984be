"""File names for the pages of a folder: safe everywhere, unique, the same in every run."""

from __future__ import annotations

import re

from claimlint.model.digest import sha256

INDEX = "index.html"
_LONGEST = 60
_DIGITS = 10


def page_name(path: str) -> str:
    """Name the page of a draft by the end of its path and a digest of the whole.

    The digest keeps apart what differs only in case or in letters that a file system may not have.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", path.lower())[-_LONGEST:].strip("-")
    digest = sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{plain or 'draft'}-{digest}.html"
