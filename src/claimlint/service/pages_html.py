"""The pages as HTML: templates of ours, every value escaped, one style sheet allowed by its digest."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from claimlint.model.digest import sha256
from claimlint.reporters import wording
from claimlint.reporters.visible import shortened, visible

_TEMPLATES = (
    "base.html",
    "marks.html",
    "login.html",
    "documents.html",
    "document.html",
    "problem.html",
)
_STYLE = "pages.css"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What a review page needs of a sandbox: it has an origin of its own there, so that nothing in it could
# use the session of whoever reads it.
_SANDBOX = "sandbox allow-scripts allow-forms allow-downloads"


class _Templates(NamedTuple):
    environment: Environment
    style: Markup
    policy: str


def page(name: str, status: int = 200, **values: Any) -> Response:
    """Render one of our pages."""
    templates = _templates()
    text = templates.environment.get_template(name).render(style=templates.style, **values)
    response = HTMLResponse(text.encode("utf-8", "replace"), status)
    response.headers["Content-Security-Policy"] = templates.policy
    # With "no-referrer" browsers would not say in Origin that a form of ours is ours.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return secured(response)


def review_page(page: bytes, policy: str) -> Response:
    """Serve a review page under the policy that it states, in a sandbox."""
    response = HTMLResponse(page)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'; {_SANDBOX}"
    response.headers["Referrer-Policy"] = "no-referrer"
    return secured(response)


def secured(response: Response) -> Response:
    """Add the headers that every answer of the pages has."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@cache
def _templates() -> _Templates:
    folder = files("claimlint.service") / "templates"
    style = (folder / _STYLE).read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=DictLoader({name: (folder / name).read_text("utf-8") for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {"shortened": shortened, "tail": _tail, "beginning": _beginning}
    environment.globals |= {"wording": wording}
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return _Templates(environment, Markup(style), policy)  # noqa: S704  (our file, as it is shipped)


def _shown(value: Any) -> Any:
    """Show control characters of every value as escapes; escaping for HTML comes after this."""
    return visible(value) if type(value) is str else value


def _tail(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"… {text[-limit:].partition(' ')[2]}"


def _beginning(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit].rpartition(' ')[0]} …"
