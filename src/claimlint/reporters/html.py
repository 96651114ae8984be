"""The review page for an editor: drafts, findings, decisions in one file or a folder. Needs jinja2."""

from __future__ import annotations

import datetime
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from claimlint.model.digest import sha256
from claimlint.model.document import Document
from claimlint.model.report import DocumentReport, Report
from claimlint.reporters import review_page, wording
from claimlint.reporters.changes import Changes, DocumentChange, compare
from claimlint.reporters.decisions_data import page_data
from claimlint.reporters.page_names import INDEX, page_name
from claimlint.reporters.review_page import About, Page
from claimlint.reporters.visible import shortened, visible

_TEMPLATES = (
    "review.html",
    "index.html",
    "document.html",
    "draft.html",
    "card.html",
    "panels.html",
)


def render(
    report: Report,
    drafts: Sequence[Document],
    *,
    today: datetime.date,
    since: Report | None = None,
    audit_head: str | None = None,
) -> str:
    """Render one page; `drafts` stand in the order of `report.documents`.

    The page loads nothing: its policy allows its own style sheet and script by their digests.
    """
    changes = compare(since, report) if since is not None else None
    about = About.of(report)
    rows: tuple[review_page.IndexRow, ...] = ()
    if len(report.documents) != 1:
        rows = tuple(
            review_page.index_row(document, f"#d{number}", _change(changes, number))
            for number, document in enumerate(report.documents, start=1)
        )
    numbers = review_page.law_numbers(report) if rows else {}
    single = report.documents[0].path if len(report.documents) == 1 else ""
    page = Page(
        report=report,
        title=single or wording.summary(report),
        rows=rows,
        documents=_views(report, drafts, about, changes),
        has_drafts=bool(report.documents),
        problems=tuple(about.problems[""]),
        notes=tuple(about.notes[""]),
        changes=changes,
        laws=[review_page.Law(number, *key) for key, number in numbers.items()],
        law_numbers=numbers,
    )
    data = page_data(report, enumerate(report.documents, start=1), cards=True)
    return _rendered(page, data, today, audit_head)


def render_folder(
    report: Report,
    drafts: Sequence[Document],
    *,
    today: datetime.date,
    since: Report | None = None,
    audit_head: str | None = None,
) -> Iterator[tuple[str, str]]:
    """Render an index and a page for each draft: file names and their text, the index first."""
    changes = compare(since, report) if since is not None else None
    about = About.of(report)
    names = _names(report.documents)
    rows = tuple(
        review_page.index_row(document, name, _change(changes, number))
        for number, (document, name) in enumerate(
            zip(report.documents, names, strict=True), start=1
        )
    )
    problems, notes = tuple(about.problems[""]), tuple(about.notes[""])
    title = wording.summary(report)
    index = Page(report, title, rows, (), False, problems, notes, changes)
    data = page_data(report, enumerate(report.documents, start=1), cards=False)
    yield INDEX, _rendered(index, data, today, audit_head)
    for number, (document, draft) in enumerate(zip(report.documents, drafts, strict=True), start=1):
        one = review_page.view(1, document, draft, about, _change(changes, number))
        page = Page(report, document.path, (), (one,), True, (), (), changes, INDEX)
        data = page_data(report, [(1, document)], cards=True)
        yield names[number - 1], _rendered(page, data, today, audit_head)


def _names(documents: Sequence[DocumentReport]) -> list[str]:
    """A file name for each document; a path that comes twice gets a number at its second."""
    met: dict[str, int] = {}
    names = []
    for document in documents:
        name = page_name(document.path)
        met[name] = met.get(name, 0) + 1
        if met[name] > 1:
            name = f"{name.removesuffix('.html')}-{met[name]}.html"
        names.append(name)
    return names


def _views(
    report: Report, drafts: Sequence[Document], about: About, changes: Changes | None
) -> Iterator[review_page.DocumentView]:
    """The views one by one: those of hundreds of drafts are never in memory together."""
    pairs = zip(report.documents, drafts, strict=True)
    for number, (document, draft) in enumerate(pairs, start=1):
        yield review_page.view(number, document, draft, about, _change(changes, number))


def _change(changes: Changes | None, number: int) -> DocumentChange | None:
    return changes.documents[number - 1] if changes is not None else None


def _rendered(page: Page, data: Markup, today: datetime.date, audit_head: str | None) -> str:
    workshop = _workshop()
    template = workshop.environment.get_template("review.html")
    return (
        template.render(
            page=page,
            data=data,
            today=today.isoformat(),
            audit_head=audit_head,
            style=workshop.style,
            script=workshop.script,
        )
        + "\n"
    )


class _Own(NamedTuple):
    """A style sheet or script of ours, and its digest as a policy names it."""

    text: Markup
    digest: str


class _Workshop(NamedTuple):
    environment: Environment
    style: _Own
    script: _Own


@cache
def _workshop() -> _Workshop:
    folder = files("claimlint.reporters") / "templates"

    def own(name: str) -> _Own:
        text = (folder / name).read_text("utf-8")
        digest = b64encode(sha256(text.encode()).digest()).decode()
        return _Own(Markup(text), digest)  # noqa: S704  (our file, with nothing of a draft in it)

    environment = Environment(
        loader=DictLoader({name: (folder / name).read_text("utf-8") for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {
        "web_address": _web_address, "shortened": shortened, "unspaced": _unspaced,
    }  # fmt: skip
    environment.globals |= {"wording": wording}
    return _Workshop(environment, own("review.css"), own("review.js"))


def _shown(value: Any) -> Any:
    """Show control characters of every value as escapes; escaping for HTML comes after this."""
    return visible(value) if type(value) is str else value


def _unspaced(markup: Markup) -> Markup:
    """Leave out the line ends between elements: a browser reads each of them as a text."""
    return markup.replace(">\n<", Markup("><"))


def _web_address(address: str) -> str:
    """An address that is safe to follow (http or https), or nothing."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return ""
    return address if scheme in ("http", "https") else ""
