"""Save and publish articles in the Strapi of run.sh, and see what claimlint and the gate make of it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from acceptance import Answer, Service, Steps, ask, say, waited  # noqa: E402

WORK = Path(os.environ["WORK"])
SITE = f"http://127.0.0.1:{os.environ['PORT']}"
TITLE = "Knee pain after sport"


def text(words: str, **marks: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **marks}


def paragraph(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "children": list(children)}


# The articles blocked.html and honest.html, as Strapi's editor of blocks keeps them.
BLOCKED = [
    paragraph(text("Many people come to us with knees that hurt after sport.")),
    {"type": "heading", "level": 2, "children": [text("What we offer")]},
    paragraph(
        text("Our stem cell injections "),
        text("cure", bold=True),
        text(" arthritis for good. They are completely safe, and results are guaranteed."),
    ),
    {
        "type": "list",
        "format": "unordered",
        "children": [
            {"type": "list-item", "children": [text("No side effects")]},
            {"type": "list-item", "children": [text("Reverses cartilage loss")]},
        ],
    },
]
HONEST = [
    paragraph(
        text(
            "Knees often hurt for some days after sport, and most of the time rest and gentle "
            "movement are enough."
        )
    ),
    {"type": "heading", "level": 2, "children": [text("When to see a doctor")]},
    paragraph(
        text(
            "Please see a doctor when the knee is swollen, when it locks, or when the pain lasts "
            "for more than two weeks."
        )
    ),
]


class Strapi:
    """The process of the site."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._process: subprocess.Popen[bytes] | None = None
        self._token = ""

    def start(self, on_unavailable: str) -> None:
        """Start it and wait until it answers."""
        environment = {
            **os.environ,
            "CLAIMLINT_URL": self._service.url,
            "CLAIMLINT_TOKEN": self._service.token,
            "HOOK_SECRET": self._service.secret,
            "ON_UNAVAILABLE": on_unavailable,
            "TOKEN_FILE": str(WORK / "token"),
            "NODE_ENV": "production",
        }
        with (WORK / "strapi.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["node", "node_modules/@strapi/strapi/bin/strapi.js", "start"],  # noqa: S607
                cwd=WORK / "app", env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        process = self._process

        def look() -> bool:
            if process.poll() is not None:
                raise SystemExit(f"Strapi ended; see {WORK / 'strapi.log'}")
            return ask(f"{SITE}/_health").status == 204

        waited(look, "Strapi", 120)
        self._token = (WORK / "token").read_text(encoding="utf-8")

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def save(self, body: list[Any], status: str, document: str = "") -> Answer:
        """Save an article as a draft, or publish it."""
        path = f"/api/articles/{document}" if document else "/api/articles"
        return ask(
            f"{SITE}{path}?status={status}",
            {"data": {"title": TITLE, "body": body}},
            {"Authorization": f"Bearer {self._token}"},
            "PUT" if document else "POST",
        )

    def published_by_hand(self, document: str) -> tuple[bool, Answer]:
        """Publish a draft as the admin panel does; whether that was refused."""
        person = {"firstname": "A", "lastname": "B", "email": "admin@example.org"}
        person["password"] = "Aa1" + secrets.token_urlsafe(16)
        made = ask(f"{SITE}/admin/register-admin", person)
        assert made.status == 200, made
        path = f"/content-manager/collection-types/api::article.article/{document}/actions/publish"
        headers = {"Authorization": f"Bearer {made.json()['data']['token']}"}
        answer = ask(f"{SITE}{path}", {"title": TITLE, "body": BLOCKED}, headers)
        refused = answer.status == 400 and "claimlint refuses" in answer.text
        return refused and not self.is_public(document), answer

    def is_public(self, document: str) -> bool:
        """Whether the site delivers a published version."""
        answer = ask(
            f"{SITE}/api/articles/{document}?status=published",
            headers={"Authorization": f"Bearer {self._token}"},
        )
        return answer.status == 200


def tried(steps: Steps, site: Strapi, service: Service) -> None:
    site.start("refuse")
    saved = site.save(BLOCKED, "draft")
    steps.see("a draft that would be blocked is saved", saved.status == 201, saved)
    document = saved.json()["data"]["documentId"]
    status = service.reviewed(document, "block")
    steps.see("its review appears in claimlint, by Strapi's webhook", status["errors"] == 5, status)
    found, expected = service.findings(document), service.expected(HERE.parent / "blocked.html")
    steps.see(
        f"with the {len(expected)} findings of `claimlint check`",
        found == expected,
        found ^ expected,
    )
    refused = site.save(BLOCKED, "published", document)
    steps.see(
        "its publication is refused",
        refused.status == 400 and "claimlint refuses" in refused.text,
        refused,
    )
    steps.see("and nobody sees it", not site.is_public(document))
    refused = site.save(BLOCKED, "published")
    steps.see("nor is it published as a new article", refused.status == 400, refused)
    done = site.save(HONEST, "published")
    honest = done.json()["data"]["documentId"] if done.status == 201 else ""
    steps.see("an honest article is published", honest and site.is_public(honest), done)
    steps.see("its review appears in claimlint", service.reviewed(honest, "pass"))
    refused = site.save(BLOCKED, "published", honest)
    steps.see("claims are not added to it", refused.status == 400, refused)
    steps.see("nor in the admin panel, which says why", *site.published_by_hand(document))
    service.stop()
    saved = site.save(HONEST, "draft")
    steps.see("claimlint down: a draft is saved", saved.status == 201, saved)
    refused = site.save(HONEST, "published")
    steps.see(
        "on_unavailable refuse: publishing waits",
        refused.status == 400 and "Not published" in refused.text,
    )
    site.stop()
    site.start("allow")
    done = site.save(HONEST, "published")
    steps.see("on_unavailable allow: it is published", done.status == 201, done)
    steps.see(
        "with a warning in the log",
        "published without a check" in (WORK / "strapi.log").read_text(),
    )


def main() -> int:
    package = json.loads((WORK / "app/node_modules/@strapi/strapi/package.json").read_text())
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607
    say(f"Strapi {package['version']}, Node {node.stdout.strip()}")
    (WORK / "strapi.log").write_bytes(b"")
    steps = Steps()
    fields = [
        {"name": "title", "path": "entry.title"},
        {"name": "summary", "path": "entry.summary", "format": "markdown"},
        {"name": "body", "path": "entry.body", "format": "strapi_blocks"},
    ]
    service = Service(
        WORK / "claimlint",
        int(os.environ["CLAIMLINT_PORT"]),
        {"name": "strapi", "cms": "strapi", "fields": fields},
    )
    service.start()
    site = Strapi(service)
    try:
        tried(steps, site, service)
    finally:
        site.stop()
        service.stop()
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
