"""The ready-made snippets: what they send is read rightly, and they hold no secret.

What needs a CMS or Node is tried by the scripts under integrations/, by hand.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.service.conftest import ENVIRONMENT, TOKEN, Server, served
from tests.service.senders import KEY, standard

from claimlint.config.serve import EndpointPart
from claimlint.service import payloads

HERE = Path(__file__).parents[2] / "integrations"
SYSTEMS = ("wordpress", "ghost", "strapi", "directus", "payload", "sanity", "contentful")
LOCALES = {
    "wordpress": "en_US",
    "strapi": "en",
    "payload": "en",
    "sanity": "en",
    "contentful": "en-US",
}
CODE = sorted(
    path
    for path in HERE.rglob("*")
    if path.suffix in (".php", ".js", ".mjs", ".py", ".sh", ".json", ".yaml")
)
# What refuses to publish, and so has to say what it does when there is no answer.
GATES = (
    "wordpress/claimlint.php",
    "strapi/claimlint.js",
    "payload/claimlint.js",
    "directus/flows.mjs",
    "sanity/publish.js",
    "contentful/publish.mjs",
)
WORDS = {
    ("cure/claims-a-cure", "cure arthritis"),
    ("safety/no-side-effects", "No side effects"),
}


def example(system: str) -> bytes:
    return (HERE / system / "example.json").read_bytes()


def settings(system: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / system / "endpoint.yaml").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A service with the endpoints that the snippets come with."""
    endpoints = [settings(system) for system in SYSTEMS]
    names = {one["env"] for endpoint in endpoints for one in endpoint["secrets"]}
    secret = f"whsec_{base64.b64encode(KEY).decode()}"
    environment = {
        **ENVIRONMENT,
        **dict.fromkeys(names, secret),
        "CONTENTFUL_SECRET": "c" * 64,
    }
    serve = f"check_tokens: [{{env: CHECK_TOKEN}}]\nendpoints: {json.dumps(endpoints)}"
    place = tmp_path_factory.mktemp("integrations")
    with served(place, serve, environment=environment) as running:
        yield running


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_example_holds_the_texts_that_its_endpoint_names(system: str) -> None:
    endpoint = msgspec.convert(settings(system), EndpointPart)
    found = {one.locale: one for one in payloads.delivered(endpoint, example(system))}
    one = found[LOCALES.get(system, "")]
    assert one.title == "Knee pain after sport"
    assert one.updated.startswith("2026-11-20T12:00:00")
    texts = {text.name: text.data.decode() for text in one.texts}
    assert texts.keys() == {"title", "body"}
    assert texts["title"] == "Knee pain after sport"
    assert "Our stem cell injections" in texts["body"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_gate_that_asks_with_a_delivery_is_told_the_claims_in_it(
    server: Server, system: str
) -> None:
    body = json.loads(example(system))
    if system == "contentful":
        for values in body["fields"].values():
            values.pop("es", None)
    name = settings(system)["name"]
    answer = server.check(body, path=f"/check?endpoint={name}")
    assert answer.status == 200
    (document,) = answer.json["documents"]
    assert document["verdict"] == "block"
    errors = [one for one in document["findings"] if one["severity"] == "error"]
    assert {(one["rule"], one["words"]) for one in errors} == WORDS
    assert document["path"].startswith(f"{name}:")


def test_the_gate_gives_the_findings_that_the_hook_stores(server: Server) -> None:
    body = example("payload")
    asked = server.check(body, path="/check?endpoint=payload")
    given = server.deliver("/hooks/payload", body, standard(body, _now()))
    assert given.status == 200
    told = server.status("payload", "6740a1b2c3d4e5f607182930", "en")
    (document,) = asked.json["documents"]
    assert told["verdict"] == document["verdict"] == "block"
    ((report,),) = server.rows("SELECT report FROM reviews")
    assert json.loads(report)["documents"] == [document]


def test_a_gate_asks_about_one_document_of_a_known_endpoint(server: Server) -> None:
    assert (
        "2 documents"
        in server.check(example("contentful"), path="/check?endpoint=contentful").detail
    )
    unknown = server.check(example("ghost"), path="/check?endpoint=elsewhere")
    assert (unknown.status, "none of the endpoints" in unknown.detail) == (422, True)
    wrong = server.check(example("ghost"), path="/check?endpoint=payload")
    assert (wrong.status, "names no document" in wrong.detail) == (422, True)
    nobody = server.ask("POST", "/check?endpoint=ghost", example("ghost"))
    assert nobody.status == 401


def _now() -> float:
    import time

    return time.time()


# What the files hold


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(HERE)))
def test_no_secret_is_in_a_snippet(path: Path) -> None:
    text = path.read_text("utf-8")
    assert TOKEN not in text
    # The reference vector of Standard Webhooks is public.
    keys = set(re.findall(r"whsec_[A-Za-z0-9+/=]{8,}", text))
    assert keys <= {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
    assert not re.search(r"Bearer [A-Za-z0-9._~+/-]{12,}", text)
    assert not re.search(
        r"-----BEGIN|password['\"]?\s*[:=]\s*['\"][^'\"$]{6,}['\"]", text, re.IGNORECASE
    )


@pytest.mark.parametrize("name", GATES)
def test_a_gate_refuses_by_default_when_there_is_no_answer(name: str) -> None:
    text = (HERE / name).read_text("utf-8")
    assert "on_unavailable" in text.lower()
    assert re.search(r"(?i)on_?unavailable['\"]?\s*[=,:]+>?\s*['\"]refuse['\"]", text)


def test_what_runs_in_a_browser_knows_neither_service_nor_token() -> None:
    plugin = (HERE / "wordpress/claimlint.php").read_text("utf-8")
    script = plugin.partition("<<<'JS'")[2].partition("\nJS;")[0]
    assert "registerPlugin" in script
    studio = (HERE / "sanity/publish.js").read_text("utf-8")
    for text in (script, studio):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
        assert not re.search(r"(?i)token|secret|authorization|bearer|process\.env|innerHTML", code)


def test_everything_that_the_plugin_prints_is_escaped() -> None:
    plugin = (HERE / "wordpress/claimlint.php").read_text("utf-8")
    for call in re.findall(r"^\s*(?:echo|printf)\b.*?;\n", plugin, re.MULTILINE | re.DOTALL):
        literal = re.sub(r"'(?:[^'\\]|\\.)*'", "''", call)
        given = re.findall(r"(?<![\w>])\$\w+(?:\[[^\]]*\])*", literal)
        kept = re.sub(
            r"(?:esc_(?:html|attr|url)|selected|checked)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)",
            "",
            literal,
        )
        left = re.findall(r"\$\w+", kept)
        assert set(left) <= {"$is_fixed"}, call  # a choice between two texts of ours
        assert given or "$" not in literal


def test_each_system_has_its_files_and_is_in_the_table() -> None:
    table = (HERE / "README.md").read_text("utf-8")
    for system in SYSTEMS:
        assert f"[{system}]({system}/)" in table.lower()
    for name in re.findall(r"\]\(([a-z][^)#:]*)\)", table):
        assert (HERE / name).exists(), name
