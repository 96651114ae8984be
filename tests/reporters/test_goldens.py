"""Every reporter's output for one fixed report, compared file by file."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from claimlint.model.document import Document
from claimlint.model.report import Report
from claimlint.reporters import concise, html, json_report, text

Golden = Callable[[str, str], None]


def test_text(report: Report, golden: Golden) -> None:
    golden("report.txt", text.render(report))


def test_text_in_colour(report: Report, golden: Golden) -> None:
    golden("report-colour.txt", text.render(report, colour=True))


def test_concise(report: Report, golden: Golden) -> None:
    golden("concise.txt", concise.render(report))


def test_json(report: Report, golden: Golden) -> None:
    golden("report.json", json_report.render(report).decode())


def test_html(report: Report, drafts: tuple[Document, ...], golden: Golden) -> None:
    page = html.render(report, drafts, today=datetime.date(2026, 11, 20))
    golden("review.html", page.replace("><", ">\n<"))  # so that a change can be read line by line
