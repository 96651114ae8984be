"""A browser without a screen: keeps its cookie, follows no redirect, fills in forms."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from tests.service.conftest import Answer, Server, until

MINA, JO = "mina-token-0123456789abcdef", "jo-token-0123456789abcdef"
FORM = "application/x-www-form-urlencoded"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


REVIEWERS = f"""
reviewers:
  - {{name: Dr. Mina Lee, token_sha256: {digest(MINA)}}}
  - {{name: Jo Intern, token_sha256: {digest(JO)}}}
"""
ENDPOINTS = """
endpoints:
  - {name: blog, cms: standard}
  - {name: news, cms: standard}
"""
BAD = "<p>Our stem cells cure arthritis for good.</p>"


class Visitor:
    """Somebody at a browser."""

    def __init__(self, server: Server, token: str | None = MINA, **headers: str) -> None:
        self.server = server
        self.headers = {"host": f"127.0.0.1:{server.port}", **headers}
        self.cookie = ""
        if token is not None:
            answer = self.sign_in(token)
            assert answer.status == 303, answer.body

    def sign_in(self, token: str, **fields: str) -> Answer:
        return self.post("/login", {"token": token, **fields})

    def get(self, path: str, **headers: str) -> Answer:
        return self._kept(self.server.get(path, **{**self.headers, **self._cookies(), **headers}))

    def post(self, path: str, fields: dict[str, str] | bytes, **headers: str) -> Answer:
        """Send a form; a header given as an empty text is left out."""
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        given = {
            "content-type": FORM,
            "origin": f"http://{self.headers['host']}",
            **self.headers,
            **self._cookies(),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        sent = {name: value for name, value in given.items() if value}
        return self._kept(self.server.ask("POST", path, body, **sent))

    def form(self, document_id: int, rule: str, **fields: str) -> dict[str, str]:
        """The form of a rule's finding on the page, filled in."""
        page = self.get(f"/documents/{document_id}").body.decode()
        for card in page.split("<article ")[1:]:
            hidden = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', card))
            if hidden.get("rule") == rule:
                return {**{name: unescape(value) for name, value in hidden.items()}, **fields}
        raise AssertionError(f"{rule} is not on the page")

    def decide(self, document_id: int, rule: str, decision: str, **fields: str) -> Answer:
        form = self.form(document_id, rule, **{"decision": decision, **fields})
        return self.post(f"/documents/{document_id}/decide", form)

    def _cookies(self) -> dict[str, str]:
        return {"cookie": self.cookie} if self.cookie else {}

    def _kept(self, answer: Answer) -> Answer:
        if (given := answer.headers.get("set-cookie")) is not None:
            self.cookie = given.partition(";")[0]
        return answer


def deliver(
    server: Server, external_id: str, html: str = BAD, *, title: str = "Knees", **data: Any
) -> int:
    """Deliver a document and wait for its check; its number in the pages."""
    endpoint = data.pop("endpoint", "blog")
    body = {"data": {"id": external_id, "title": title, "content": html, **data}}
    answer = server.deliver(
        f"/hooks/{endpoint}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    assert answer.status == 200, answer.body
    found: int = answer.json["documents"][0]["id"]
    until(
        lambda: server.rows(
            f"SELECT 1 FROM documents WHERE id = {found} AND reviewed_version_id = latest_version_id"
        )
    )
    return found


def verdict(server: Server, document_id: int) -> str:
    """The verdict that lists show."""
    ((found,),) = server.rows(
        "SELECT r.verdict FROM documents d JOIN reviews r ON r.version_id = d.reviewed_version_id"
        f" WHERE d.id = {document_id}"
    )
    return str(found)
