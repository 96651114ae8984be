"""One self-contained page for an editor: the draft with its findings highlighted. Needs jinja2."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined

from claimlint.model.digest import sha256
from claimlint.model.document import Document
from claimlint.model.report import Report
from claimlint.reporters import wording
from claimlint.reporters.review_page import page
from claimlint.reporters.visible import shortened, visible

_TEMPLATES = ("review.html", "document.html", "draft.html", "card.html", "review.css")


def render(report: Report, drafts: Sequence[Document]) -> str:
    """Render the review page; `drafts` stand in the order of `report.documents`.

    The page loads nothing and runs nothing: its policy allows the one style sheet by its digest.
    """
    environment = _environment()
    style = environment.get_template("review.css").render()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    template = environment.get_template("review.html")
    return template.render(page=page(report, drafts), style_digest=digest) + "\n"


@cache
def _environment() -> Environment:
    folder = files("claimlint.reporters") / "templates"
    environment = Environment(
        loader=DictLoader({name: (folder / name).read_text("utf-8") for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {"web_address": _web_address, "shortened": shortened}
    environment.globals |= {"wording": wording}
    return environment


def _shown(value: Any) -> Any:
    """Show control characters of every value as escapes; escaping for HTML comes after this."""
    return visible(value) if type(value) is str else value


def _web_address(address: str) -> str:
    """An address that is safe to follow (http or https), or nothing."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return ""
    return address if scheme in ("http", "https") else ""
