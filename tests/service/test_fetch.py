"""Texts that a CMS does not send: what is asked for, of whom, and what becomes of it."""

from __future__ import annotations

import base64
import json
import os
import socket
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import COMMAND, SOURCE
from tests.service.conftest import BAD, CLEAN, ENVIRONMENT, TOKEN, Server, served, until
from tests.service.other_side import Asked, Other, Says, bare, other_side
from tests.service.senders import SECRETS, standard, storyblok

from claimlint.config import Config
from claimlint.config.serve import EndpointPart, FetchPart, FieldPart, Secret, ServePart
from claimlint.errors import DefinitionError
from claimlint.service.fetch import Fetching, Target, fetched, targets
from claimlint.service.outgoing import Client
from claimlint.service.outgoing_guard import Allowed, OutgoingError, listed
from claimlint.service.payloads import Delivered, PayloadError
from claimlint.service.settings import Service, prepared

CMS_TOKEN = "cms-token-0123456789"
SECRET = {**ENVIRONMENT, "CMS_TOKEN": CMS_TOKEN}
TREE = {
    "type": "doc",
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": BAD}]}],
}
STORY = {
    "story": {"id": 7, "name": "Knees", "full_slug": "blog/knees", "lang": "default",
              "updated_at": "2026-11-20T10:00:00.000Z", "content": {"title": "Knees", "body": TREE}}
}  # fmt: skip
POST = {
    "id": 7, "link": "https://clinic.example/?p=7", "modified_gmt": "2026-11-20T10:00:00",
    "title": {"raw": "Knees", "rendered": "Knees"}, "excerpt": {"raw": ""},
    "content": {"raw": f"<!-- wp:paragraph --><p>{BAD}</p><!-- /wp:paragraph -->", "rendered": "no"},
}  # fmt: skip
BLOG = {
    "id": "7", "name": "Knees inside", "htmlTitle": "Knees", "postBody": f"<p>{BAD}</p>",
    "updated": "2026-11-20T10:00:00Z", "language": "en", "url": "https://clinic.example/knees",
}  # fmt: skip
PRISMIC = {
    "id": "X7", "lang": "en-us", "uid": "knees", "last_publication_date": "2026-11-20T10:00:00+0000",
    "data": {"body": [{"type": "paragraph", "text": BAD, "spans": []}]},
}  # fmt: skip


def part(cms: Any, *fields: FieldPart) -> EndpointPart:
    return EndpointPart(name="site", cms=cms, fields=fields)


STORY_PART = part(
    "storyblok", FieldPart(name="body", path="story.content.body", format="prosemirror")
)
PRISMIC_PART = part("prismic", FieldPart(name="body", path="data.body", format="prismic"))


def fetching(cms: Any, other: Other, **more: Any) -> Fetching:
    allowed = Allowed(frozenset(listed(f"127.0.0.1:{other.port}")), allow_private=True)
    return Fetching(cms=cms, url=other.url, token=CMS_TOKEN, allowed=allowed)._replace(**more)


def only(found: tuple[Delivered, ...]) -> Delivered:
    (one,) = found
    assert BAD in one.texts[-1].data.decode()
    return one


def test_a_story_of_storyblok_by_its_content_interface() -> None:
    with other_side(lambda _: Says.json(STORY)) as other:
        one = only(fetched(Client(), STORY_PART, fetching("storyblok", other), Target(id="7")))
    assert (one.external_id, one.title, one.updated) == ("7", "Knees", "2026-11-20T10:00:00.000Z")
    (asked,) = other.asked
    assert asked.path == "/v2/cdn/stories/7"
    assert asked.query == {"version": "draft", "token": CMS_TOKEN}
    assert "authorization" not in asked.headers


def test_a_story_of_storyblok_by_its_management_interface() -> None:
    with other_side(lambda _: Says.json(STORY)) as other:
        only(
            fetched(Client(), STORY_PART, fetching("storyblok", other, space="99"), Target(id="7"))
        )
    (asked,) = other.asked
    assert (asked.path, asked.query) == ("/v1/spaces/99/stories/7", {})
    assert asked.headers["authorization"] == CMS_TOKEN


@pytest.mark.parametrize(("version", "path"), [("draft", "/7/draft"), ("published", "/7")])
def test_a_post_of_hubspot(version: str, path: str) -> None:
    with other_side(lambda _: Says.json(BLOG)) as other:
        how = fetching("hubspot", other, version=version)
        one = only(fetched(Client(), part("hubspot"), how, Target(id="7")))
    assert (one.external_id, one.locale, one.title) == ("7", "en", "Knees")
    (asked,) = other.asked
    assert asked.path == f"/cms/v3/blogs/posts{path}"
    assert asked.headers["authorization"] == f"Bearer {CMS_TOKEN}"


def test_a_page_of_wordpress_with_an_application_password() -> None:
    def answers(asked: Asked) -> Says:
        return Says.json(POST) if asked.path == "/wp/v2/pages/7" else Says(404)

    with other_side(answers) as other:
        how = fetching("wordpress", other, url=f"{other.url}/wp/v2", user="lint")
        one = only(fetched(Client(), part("wordpress"), how, Target(id="7")))
    assert (one.external_id, one.title, one.url) == ("7", "Knees", POST["link"])
    assert [asked.path for asked in other.asked] == ["/wp/v2/posts/7", "/wp/v2/pages/7"]
    assert all(asked.query == {"context": "edit"} for asked in other.asked)
    pair = base64.b64encode(f"lint:{CMS_TOKEN}".encode()).decode()
    assert other.asked[1].headers["authorization"] == f"Basic {pair}"


def test_a_document_of_prismic_at_the_state_that_is_told() -> None:
    with other_side(lambda _: Says.json({"results": [PRISMIC]})) as other:
        target = Target(id="X7", ref="REF", api=f"{other.url}/api/v2")
        one = only(fetched(Client(), PRISMIC_PART, fetching("prismic", other), target))
    assert (one.external_id, one.locale) == ("X7", "en-us")
    (asked,) = other.asked
    assert asked.path == "/api/v2/documents/search"
    assert asked.query == {
        "ref": "REF", "q": '[[at(document.id,"X7")]]', "lang": "*", "access_token": CMS_TOKEN,
    }  # fmt: skip


def test_a_document_of_prismic_at_the_published_state() -> None:
    def answers(asked: Asked) -> Says:
        if asked.path == "/api/v2":
            refs = [{"ref": "R1", "isMasterRef": False}, {"ref": "M1", "isMasterRef": True}]
            return Says.json({"refs": refs})
        return Says.json({"results": [PRISMIC]})

    with other_side(answers) as other:
        target = Target(id="X7", api=f"{other.url}/api/v2")
        only(fetched(Client(), PRISMIC_PART, fetching("prismic", other), target))
    assert other.asked[1].query["ref"] == "M1"


def test_a_token_goes_to_no_host_that_a_delivery_names() -> None:
    with other_side() as other, other_side() as evil:
        target = Target(id="X7", ref="REF", api=f"{evil.url}/api/v2")
        with pytest.raises(OutgoingError, match="not among the hosts") as caught:
            fetched(Client(), PRISMIC_PART, fetching("prismic", other), target)
    assert caught.value.is_final
    assert not evil.asked


@pytest.mark.parametrize(
    "body", [b"", b"no JSON", b"[]", b'"x"', b'{"story": []}', b"[" * 5000, b"\xff", b"{" * 300]
)
def test_an_answer_that_is_no_such_document(body: bytes) -> None:
    with other_side(lambda _: Says(200, body)) as other, pytest.raises(PayloadError):
        fetched(Client(), STORY_PART, fetching("storyblok", other), Target(id="7"))


NOWHERE = Allowed(frozenset())


def wanted(cms: Any, payload: Any, **more: Any) -> tuple[Target, ...]:
    how = Fetching(cms=cms, url="", token="", allowed=NOWHERE)._replace(**more)
    return targets(how, payload if isinstance(payload, bytes) else json.dumps(payload).encode())


def test_what_a_delivery_wants_fetched() -> None:
    story = {"action": "published", "space_id": 9, "story_id": 7, "text": "x"}
    assert wanted("storyblok", story) == (Target(id="7"),)
    assert wanted("storyblok", {**story, "action": "deleted"}) == ()
    events = [{"objectId": 7, "eventId": 1}, {"objectId": 8}, {"objectId": 7, "eventId": 2}]
    assert wanted("hubspot", events) == (Target(id="7"), Target(id="8"))
    assert wanted("hubspot", {"post": {"id": 3}}, id="post.id") == (Target(id="3"),)
    assert wanted("wordpress-com", b"hook=publish_post&ID=42") == (Target(id="42"),)
    assert wanted("wordpress", {"post_id": 5}) == (Target(id="5"),)
    update = {"type": "api-update", "apiUrl": "https://a.test", "documents": ["A", "B"]}
    assert wanted("prismic", {**update, "masterRef": "M"}) == tuple(
        Target(id=one, ref="M", api="https://a.test") for one in "AB"
    )
    release = {**update, "documents": ["A"], "releases": {"update": [{"ref": "R", "id": "x"}]}}
    assert wanted("prismic", release) == (Target(id="A", ref="R", api="https://a.test"),)
    assert wanted("prismic", {"type": "test-trigger", "secret": "s"}) == ()


@pytest.mark.parametrize(
    ("cms", "payload"),
    [
        ("storyblok", {}), ("storyblok", {"story_id": "../../v1/spaces"}),
        ("storyblok", {"story_id": "7?x=y"}), ("storyblok", {"story_id": True}),
        ("storyblok", [3]), ("storyblok", b"x"), ("storyblok", b"[" * 999),
        ("hubspot", [{"objectId": 7}, {}]), ("wordpress-com", b"hook=publish_post"),
        ("hubspot", [{"objectId": one} for one in range(501)]),
        ("prismic", []), ("prismic", {"type": "api-update", "documents": ['a"]]'], "apiUrl": "x"}),
        ("prismic", {"type": "api-update", "documents": ["a"]}),
        ("prismic", {"type": "api-update", "documents": ["a"], "masterRef": "a b", "apiUrl": "x"}),
        ("prismic", {"type": "api-update", "documents": ["a"], "apiUrl": "https://a.test?token=x"}),
    ],
)  # fmt: skip
def test_a_delivery_that_names_nothing_to_fetch(cms: str, payload: Any) -> None:
    with pytest.raises(PayloadError):
        wanted(cms, payload)


# Configuration


def made(cms: Any, fetch: FetchPart, *fields: FieldPart) -> Service:
    endpoint = EndpointPart(
        name="site", cms=cms, fetch=fetch, fields=fields, secrets=(Secret(env="S"),)
    )
    environment = {"S": SECRETS["storyblok"], "CMS_TOKEN": CMS_TOKEN}
    return prepared(Config(root=""), ServePart(endpoints=(endpoint,)), environment)


KEPT = Secret(env="CMS_TOKEN")


def test_the_usual_hosts_of_a_vendor_are_the_only_ones() -> None:
    (endpoint,) = made("storyblok", FetchPart(token=KEPT), *STORY_PART.fields).endpoints
    assert endpoint.fetch is not None
    assert endpoint.fetch.url == "https://api.storyblok.com"
    assert endpoint.fetch.allowed == Allowed(frozenset([("api.storyblok.com", 443)]))
    managed = made("storyblok", FetchPart(token=KEPT, space="9"), *STORY_PART.fields).endpoints[0]
    assert managed.fetch is not None
    assert managed.fetch.url == "https://mapi.storyblok.com"


@pytest.mark.parametrize(
    ("cms", "fetch", "told"),
    [
        ("ghost", FetchPart(token=KEPT), "ghost sends its texts"),
        ("storyblok", FetchPart(), "say where it is kept"),
        ("storyblok", FetchPart(token=Secret(env="NOT_SET")), "NOT_SET is not set"),
        ("storyblok", FetchPart(token=KEPT), "say in fields which texts to check"),
        ("hubspot", FetchPart(token=KEPT, hosts=("http://x",)), "is no host"),
        ("hubspot", FetchPart(token=KEPT, hosts=("x.test",)), "not among the hosts"),
        ("hubspot", FetchPart(token=KEPT, user="x"), "application password"),
        ("hubspot", FetchPart(token=KEPT, space="1"), "belongs to Storyblok"),
        ("wordpress", FetchPart(token=KEPT), "say in url where to ask"),
        ("wordpress", FetchPart(token=KEPT, url="http://clinic.test/wp"), "without encryption"),
        ("wordpress", FetchPart(token=KEPT, url="https://a:b@clinic.test/wp"), "password"),
        ("prismic", FetchPart(), "say in hosts"),
        ("prismic", FetchPart(url="https://a.test"), "says its address"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_fetch(cms: str, fetch: FetchPart, told: str) -> None:
    with pytest.raises(DefinitionError, match=told) as caught:
        made(cms, fetch)
    assert CMS_TOKEN not in str(caught.value)


# The whole service


CONFIGURED = """
workers: 1
check_tokens: [{{env: CHECK_TOKEN}}]
endpoints:
  - name: site
    cms: storyblok
    secrets: [{{env: SECRET_storyblok}}]
    fields:
      - {{name: title, path: story.content.title}}
      - {{name: body, path: story.content.body, format: prosemirror}}
    fetch: {{token: {{env: CMS_TOKEN}}, url: "{url}", allow_private: true}}
  - name: blog
    cms: wordpress
    secrets: [{{env: SECRET_standard}}]
    fetch: {{token: {{env: CMS_TOKEN}}, user: lint, url: "{url}/wp/v2", allow_private: true}}
"""


def configured(other: Other) -> str:
    return CONFIGURED.format(url=other.url)


def deliver(server: Server, story: int, action: str = "published") -> Any:
    body = json.dumps({"action": action, "space_id": 9, "story_id": story}).encode()
    answer = server.deliver("/hooks/site", body, storyblok(body, time.time()))
    assert answer.status == 200, answer.body
    return answer.json


def command(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), **SECRET}
    return subprocess.run(
        [*COMMAND, "serve", *words], cwd=server.folder, env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def dead(server: Server) -> str:
    """The list of what was given up, when something was."""
    until(lambda: "given up" in {line.get("outcome") for line in server.lines()})
    return command(server, "events", "list").stdout


def test_a_thin_delivery_is_fetched_checked_and_known(tmp_path: Path) -> None:
    with (
        other_side(lambda _: Says.json(STORY)) as other,
        served(tmp_path, configured(other), environment=SECRET) as server,
    ):
        assert deliver(server, 7) == {"ok": True, "duplicate": False, "to_fetch": 1}
        status = server.status("site", "7")
        assert (status["verdict"], status["title"]) == ("block", "Knees")
        (report,) = server.rows("SELECT report FROM reviews")
        assert "cure arthritis at its source" in report[0].decode()
        deliver(server, 7)  # nothing has changed
        until(lambda: len(server.logged("fetched")) == 2)
        assert server.rows("SELECT count(*) FROM versions") == [(1,)]
        assert server.rows("SELECT count(*) FROM errands") == [(0,)]
        other.answers = lambda _: Says.json(
            {"story": {**STORY["story"], "updated_at": "2026-11-20T11:00:00Z",
                       "content": {"title": "Knees", "body": {**TREE, "content": [
                           {"type": "paragraph", "content": [{"type": "text", "text": CLEAN}]}]}}}}
        )  # fmt: skip
        deliver(server, 7)
        until(lambda: server.status("site", "7")["previous_verdict"] == "block")
        assert server.status("site", "7")["verdict"] == "pass"
        log = server.log_file.read_text()
        assert CMS_TOKEN not in log
        assert "cure" not in log
        assert server.stop() == 0


def test_a_cms_that_is_down_is_asked_again_even_by_the_next_server(tmp_path: Path) -> None:
    with other_side(lambda _: Says(503)) as other:
        with served(tmp_path, configured(other), environment=SECRET) as server:
            deliver(server, 7)
            until(lambda: server.logged("fetch failed"))
            assert deliver(server, 7)["duplicate"] is True  # it waits already
            server.process.kill()
        other.answers = lambda _: Says.json(STORY)
        with served(tmp_path, configured(other), environment=SECRET) as server:
            assert server.status("site", "7")["verdict"] == "block"


@pytest.mark.parametrize(("status", "told"), [(401, "token"), (403, "token"), (404, "nothing")])
def test_what_cannot_be_fetched_is_given_up_and_listed(
    tmp_path: Path, status: int, told: str
) -> None:
    with (
        other_side(lambda _: Says(status)) as other,
        served(tmp_path, configured(other), environment=SECRET) as server,
    ):
        deliver(server, 7)
        line = dead(server)
        assert f"answered {status}" in line
        assert told in line
        assert len(other.asked) == 1
        other.answers = lambda _: Says.json(STORY)
        number = line.split()[0]
        assert "1 delivery" in command(server, "events", "retry", number).stdout
        assert server.status("site", "7")["verdict"] == "block"
        assert "No delivery" in command(server, "events", "list").stdout


def test_a_redirect_does_not_get_the_token(tmp_path: Path) -> None:
    with other_side() as evil:
        moved = Says(302, b"", {"Location": evil.url})
        with (
            other_side(lambda _: moved) as other,
            served(tmp_path, configured(other), environment=SECRET) as server,
        ):
            deliver(server, 7)
            assert "redirect" in dead(server)
        assert not evil.asked


def test_without_fetch_nobody_is_asked(tmp_path: Path) -> None:
    with other_side() as other:
        text = configured(other).replace("    fetch:", "    #fetch:")
        with served(tmp_path, text, environment=SECRET) as server:
            body = json.dumps({"action": "published", "story_id": 7}).encode()
            answer = server.deliver("/hooks/site", body, storyblok(body, time.time()))
            assert answer.status in (200, 400)
            assert not server.rows("SELECT * FROM errands")
    assert not other.asked


def test_wordpress_is_asked_for_what_its_payload_only_hints_at(tmp_path: Path) -> None:
    with (
        other_side(lambda _: Says.json(POST)) as other,
        served(tmp_path, configured(other), environment=SECRET) as server,
    ):
        body = json.dumps({"data": {"post": {"id": 7, "content_raw": "old words"}}}).encode()
        answer = server.deliver("/hooks/blog", body, standard(body, time.time()))
        assert answer.status == 200
        assert server.status("blog", "7")["verdict"] == "block"
        answer = server.get("/documents/blog/7/status", authorization=f"Bearer {TOKEN}")
        assert answer.json["title"] == "Knees"


def test_a_cms_that_does_not_answer_holds_up_neither_checks_nor_the_end(tmp_path: Path) -> None:
    over = threading.Event()

    def speak(kept: socket.socket) -> None:
        over.wait(60)

    with bare(speak) as port:
        text = CONFIGURED.format(url=f"http://127.0.0.1:{port}")
        with served(tmp_path, text, environment=SECRET) as server:
            for story in range(6):
                deliver(server, story)
            until(lambda: server.rows("SELECT * FROM errands WHERE state = 'running'"))
            assert server.check({"content": CLEAN}).json["documents"][0]["verdict"] == "pass"
            assert server.stop() == 0
            over.set()
            # Cut off, not waited for: what was under way is queued again.
            assert server.rows("SELECT DISTINCT state FROM errands") == [("queued",)]


def test_kills_while_texts_are_fetched_lose_none(tmp_path: Path) -> None:
    def answers(asked: Asked) -> Says:
        time.sleep(0.1)
        number = int(asked.path.rpartition("/")[2])
        return Says.json({"story": {**STORY["story"], "id": number}})

    with other_side(answers) as other:

        def wait_for(number: int) -> None:
            until(lambda: len(other.asked) >= number)

        for at in range(3):
            with served(tmp_path, configured(other), environment=SECRET) as server:
                for story in range(at * 5, at * 5 + 5):
                    deliver(server, story)
                wait_for(4 * at + 2)
                server.process.kill()
        with closing(sqlite3.connect(tmp_path / "claimlint.sqlite3")) as store, store:
            # The leases of what was killed last for minutes.
            store.execute("UPDATE errands SET due_at = 0")
            store.execute("UPDATE events SET due_at = 0 WHERE state = 'running'")
        with served(tmp_path, configured(other), environment=SECRET) as server:
            until(lambda: server.rows("SELECT count(*) FROM reviews") == [(15,)])
            until(lambda: server.rows("SELECT count(*) FROM errands") == [(0,)])
            assert server.rows("SELECT count(*) FROM documents") == [(15,)]
            assert server.rows("SELECT count(*) FROM versions") == [(15,)]


def test_what_is_configured_is_shown_and_counted_without_secrets(tmp_path: Path) -> None:
    with (
        other_side(lambda _: Says(404)) as other,
        served(tmp_path, configured(other), environment=SECRET) as server,
    ):
        shown = command(server, "--check-config")
        assert shown.returncode == 0
        assert "fetches texts from 127.0.0.1, private addresses allowed" in shown.stdout
        assert CMS_TOKEN not in shown.stdout + shown.stderr
        deliver(server, 7)
        until(lambda: server.logged("fetch failed"))
        assert 'claimlint_errands{state="dead"} 1' in server.get("/metrics").body.decode()
