"""What was checked in a draft and what was not, so that a clean page is not read as more than it is."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple, get_args

from claimlint.model.document import Document
from claimlint.model.report import DocumentReport
from claimlint.model.rule import DOCUMENT_CATEGORIES, Category
from claimlint.reporters import wording

_ZONES = {
    "nav": "navigation", "header": "page header", "footer": "footer", "aside": "beside the content",
}  # fmt: skip
_FORMATS = {"markdown": "Markdown", "html": "HTML", "docx": "Word", "text": "plain text"}
CATEGORIES: tuple[Category, ...] = get_args(Category)


class Coverage(NamedTuple):
    """What was read, and what was not, in a sentence each."""

    read: tuple[str, ...]
    unread: tuple[str, ...]


def coverage(report: DocumentReport, draft: Document) -> Coverage:
    """Tell what of a draft was looked at; parts that could not be read are problems of their own."""
    zones: Counter[str] = Counter(
        block.zone for block in draft.blocks if block.kind != "metadata" and block.zone != "hidden"
    )
    kinds: Counter[str] = Counter(block.kind for block in draft.blocks)
    hidden = sum(block.zone == "hidden" for block in draft.blocks)
    links = sum(len(block.links) for block in draft.blocks)
    form = _FORMATS.get(draft.format, "rich text of a CMS")
    words = wording.counted(report.words, "word")
    content = wording.counted(zones["content"], "block")
    read = [f"The text of the draft, read as {form}: {words} in {content} of content"]
    around = [f"{name} ({zones[zone]})" for zone, name in _ZONES.items() if zones[zone]]
    if around:
        read.append(f"Around the content, in blocks: {wording.listed(around)}")
    if kinds["metadata"]:
        total = max(kinds["metadata"], len(draft.metadata))
        of = f" of {total}" if total > kinds["metadata"] else ""
        values = wording.counted(total, "value").removeprefix(f"{total} ")
        read.append(f"{kinds['metadata']}{of} {values} of the front matter or page head")
    if kinds["alt"]:
        read.append(wording.counted(kinds["alt"], "image description"))
    if hidden:
        read.append(
            wording.counted(hidden, "block")
            + " hidden from visitors: claims there count as notes, "
            "disclosures there do not count"
        )
    return Coverage(tuple(read), tuple(_unread(report, kinds["alt"], links)))


def _unread(report: DocumentReport, images: int, links: int) -> list[str]:
    described = " beyond their descriptions" if images else ""
    followed = f" ({wording.counted(links, 'link')} here)" if links else ""
    unread = [
        f"Pictures and videos were not looked at{described}",
        f"Linked pages were not opened{followed}",
        "Whether a source says what the draft says of it",
        "Code, addresses and forms were not judged",
        "Whether a statement is true: rules read wording, not medicine",
    ]
    if report.language != "en":
        unread.insert(
            0, f"The language ({report.language}) is not English: rules were made for English"
        )
    if report.readability is None:
        unread.append("Readability: its formulas do not apply to this text")
    return unread


def quiet_categories(report: DocumentReport) -> tuple[Category, ...]:
    """The kinds of claims in which rules ran and found nothing."""
    seen = {finding.category for finding in report.findings} | {*report.unasked}
    return tuple(
        name for name in CATEGORIES if name not in seen and name not in DOCUMENT_CATEGORIES
    )
