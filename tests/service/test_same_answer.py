"""A draft is told the same at every door: by `check`, `report`, `POST /check` and `POST /hooks`."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command
from tests.readers.rich_entries import FORMS, entries
from tests.readers.rich_forms import form_of
from tests.reporters.page_parser import Page
from tests.service import senders
from tests.service.conftest import ENVIRONMENT, Answer, Server, served, until

from claimlint.model.document import Format
from claimlint.readers import read

SAMPLES = Path(__file__).parents[2] / "samples"
ENDINGS = {".md": "markdown", ".html": "html", ".txt": "text", ".docx": "docx"}
MEDIA_TYPES = {
    "markdown": "text/markdown",
    "html": "text/html",
    "text": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
DRAFTS = sorted(
    str(path.relative_to(SAMPLES))
    for path in SAMPLES.rglob("*")
    if path.suffix in ENDINGS and path.stem != "README"
)
MARKDOWN = [name for name in DRAFTS if name.endswith(".md")]
HELD = [name for name in DRAFTS if not name.endswith(".docx")]
TREES: tuple[Format, ...] = tuple(form for form in FORMS if form != "wordpress")

ENDPOINTS = "".join(
    f"  - {{name: {form.replace('_', '-')}, cms: standard, secrets: [{{env: SECRET_standard}}],"
    f" fields: [{{name: content, path: data.content, format: {form}}}]}}\n"
    for form in ("markdown", "html", "text", *FORMS)
)
SECTION = f"workers: 2\ncheck_tokens: [{{env: CHECK_TOKEN}}]\nendpoints:\n{ENDPOINTS}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("same"), SECTION, environment=ENVIRONMENT) as server:
        yield server


def judged(report: Any) -> Any:
    """All that has to be the same in a report on one document; offsets, places and names may differ."""
    (document,) = report["documents"]
    findings = [
        {
            key: found[key]
            for key in (
                "rule", "category", "severity", "markets", "message", "why", "words", "suggestions",
                "authorities", "context", "suppressed",
            )
        } | {"sentence": found["sentence"] and found["sentence"]["text"]}
        for found in document["findings"]
    ]  # fmt: skip
    return {
        "verdict": document["verdict"],
        "language": document["language"],
        "words": document["words"],
        "findings": findings,
        "disclosures": [(one["rule"], one["status"]) for one in document["disclosures"]],
        "citations": [(one["kind"], one["value"], one["grade"]) for one in document["citations"]],
        "problems": sorted(one["message"] for one in report["problems"]),
        "summary": {key: value for key, value in report["summary"].items() if key != "documents"},
        "rules": report["tool"]["ruleset"]["sha256"],
    }


def spans(report: Any) -> Any:
    """Where the findings of a report stand."""
    return [found["span"] for found in report["documents"][0]["findings"]]


def ok(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return answer.json


def delivered(service: Server, form: str, name: str, content: Any) -> Any:
    """The report that the store holds about a delivery."""
    endpoint = form.replace("_", "-")
    payload = {"data": {"id": name, "content": content}}
    body = json.dumps(payload, ensure_ascii=False).encode()
    answer = service.deliver(f"/hooks/{endpoint}", body, senders.standard(body, time.time()))
    assert ok(answer)["documents"][0]["outcome"] == "stored"
    statement = (
        "SELECT r.report FROM reviews r JOIN documents d ON d.reviewed_version_id = r.version_id"
        f" WHERE d.id = {answer.json['documents'][0]['id']}"
    )
    ((report,),) = until(lambda: service.rows(statement))
    return json.loads(report)


@cache
def stored_form(name: str, form: Format) -> bytes:
    """A sample as the rich text of a CMS."""
    blocks = read((SAMPLES / name).read_bytes(), name, "markdown").blocks
    return form_of(entries(blocks, form, random.Random(name)), form)


@pytest.mark.parametrize("name", DRAFTS)
def test_a_file_is_judged_the_same_at_every_door(
    service: Server, claimlint: Command, folder: Path, name: str
) -> None:
    data = (SAMPLES / name).read_bytes()
    form = ENDINGS[Path(name).suffix]
    (folder / Path(name).name).write_bytes(data)
    (folder / "claimlint.yaml").write_text("market: [us]\n", "utf-8")
    words = [Path(name).name, "--format", "json"]
    checked = json.loads(claimlint("check", *words).stdout)
    wanted = judged(checked)
    page = Page(claimlint("report", Path(name).name, "-o", "-").stdout)
    shown = {place: words for (_, place), words in page.marked.items() if words}
    assert shown == {
        place: found["words"]
        for place, found in enumerate(checked["documents"][0]["findings"], start=1)
        if found["words"]
    }
    raw = ok(service.check(data, MEDIA_TYPES[form]))
    assert judged(raw) == wanted
    assert spans(raw) == spans(checked)
    if form == "docx":
        return
    text = data.decode("utf-8")
    asked = ok(service.check({"content": text, "format": form}))
    assert judged(asked) == wanted
    assert spans(asked) == spans(checked)
    kept = delivered(service, form, name, text)
    assert judged(kept) == wanted
    assert spans(kept) == spans(checked)


@pytest.mark.parametrize("form", FORMS)
def test_a_rich_text_is_judged_the_same_by_gate_and_hook(service: Server, form: Format) -> None:
    for name in MARKDOWN:
        data = stored_form(name, form)
        content: Any = data.decode() if form == "wordpress" else json.loads(data)
        asked = ok(service.check({"content": content, "format": form}))
        kept = delivered(service, form, name, content)
        assert asked["documents"][0]["findings"] or name.startswith("good") or True
        assert judged(asked) == judged(kept), name
        assert spans(asked) == spans(kept), name


@pytest.mark.parametrize("form", TREES)
def test_a_tree_in_a_string_is_the_tree(service: Server, form: Format) -> None:
    """Some CMSs keep the JSON of a tree as text."""
    data = stored_form(MARKDOWN[0], form).decode()
    as_text = ok(service.check({"content": data, "format": form}))
    as_tree = ok(service.check({"content": json.loads(data), "format": form}))
    assert judged(as_text) == judged(as_tree)
    assert judged(delivered(service, form, "as text", data)) == judged(as_tree)
