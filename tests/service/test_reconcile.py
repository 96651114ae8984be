"""Documents whose events a CMS dropped are found, taken in and checked, and only new versions of them."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.service.conftest import BAD, CLEAN, ENVIRONMENT, Server, served, until
from tests.service.other_side import Asked, Says, other_side
from tests.service.senders import ghost, standard
from tests.service.test_fetch import BLOG, CMS_TOKEN, POST, SECRET, command, fetching

from claimlint.config import Config
from claimlint.config.serve import EndpointPart, FetchPart, FieldPart, ServePart
from claimlint.errors import UsageError
from claimlint.service.fetch import Target, changed
from claimlint.service.outgoing import Client
from claimlint.service.outgoing_guard import OutgoingError
from claimlint.service.reconcile import from_cms
from claimlint.service.settings import prepared
from claimlint.service.store import Store

PLAIN = """
workers: 1
check_tokens: [{env: CHECK_TOKEN}]
endpoints:
  - {name: blog, cms: ghost, secrets: [{env: SECRET_ghost}]}
"""


def post(name: str, hour: int, text: str) -> bytes:
    current = {
        "id": name, "title": "Knees", "html": f"<p>{text}</p>",
        "updated_at": f"2026-11-20T{hour:02}:00:00.000Z",
    }  # fmt: skip
    return json.dumps({"event": "post.edited", "post": {"current": current}}).encode()


def test_an_export_brings_what_was_dropped_and_nothing_twice(tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for name, body in {
        "a.json": post("a", 10, BAD), "b.json": post("b", 10, CLEAN), "c.json": post("c", 9, BAD),
        "d.json": b"not JSON", "e.json": b'{"post": {"current": {"id": "e"}}}', ".hidden": b"x",
    }.items():  # fmt: skip
        (export / name).write_bytes(body)
    (export / "folder").mkdir()
    with served(tmp_path, PLAIN, environment=ENVIRONMENT) as server:
        body = post("a", 10, BAD)
        assert server.deliver("/hooks/blog", body, ghost(body, time.time())).status == 200
        later = post("c", 11, CLEAN)
        assert server.deliver("/hooks/blog", later, ghost(later, time.time())).status == 200
        server.status("blog", "a")
        found = command(server, "reconcile", "blog", "--folder", str(export))
        assert found.returncode == 3, found
        assert "new: b: Knees" in found.stdout
        assert "late: c: Knees" in found.stdout
        assert "not readable: d.json: the body is no JSON" in found.stdout
        assert "nothing to check: e.json" in found.stdout
        assert "a: Knees" not in found.stdout
        assert "1 known, 1 late, 1 new, 1 not readable, 1 nothing to check" in found.stdout
        assert server.status("blog", "b")["verdict"] == "pass"  # by the service that runs
        assert server.status("blog", "c")["verdict"] == "pass"
        (export / "d.json").unlink()
        again = command(server, "reconcile", "blog", "--folder", str(export))
        assert again.returncode == 0
        assert "3 known, 1 nothing to check" in again.stdout
        until(lambda: server.rows("SELECT count(*) FROM reviews") == [(4,)])
        assert server.rows("SELECT count(*) FROM versions") == [(4,)]


def test_a_version_that_came_with_a_delivery_id_is_known(tmp_path: Path) -> None:
    text = PLAIN.replace(
        "cms: ghost, secrets: [{env: SECRET_ghost}]",
        "cms: standard, secrets: [{env: SECRET_standard}]",
    )
    data = {"id": "p", "title": "Knees", "content": f"<p>{BAD}</p>", "revision": 4}
    body = json.dumps({"data": data}).encode()
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "p").write_bytes(body)
    with served(tmp_path, text, environment=ENVIRONMENT) as server:
        assert server.deliver("/hooks/blog", body, standard(body, time.time())).status == 200
        server.status("blog", "p")
        found = command(server, "reconcile", "blog", "--folder", "export")
        assert found.stdout.startswith("1 known.")
        assert server.rows("SELECT count(*) FROM reviews") == [(1,)]


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")


def test_wordpress_is_asked_what_has_changed(tmp_path: Path) -> None:
    posts = [{**POST, "id": 1, "modified_gmt": days_ago(1)}, {**POST, "id": 2, "modified_gmt": days_ago(3)},
             {**POST, "id": 3, "modified_gmt": days_ago(9)}]  # fmt: skip

    def answers(asked: Asked) -> Says:
        name = asked.path.rpartition("/")[2]
        if name.isdigit():
            return Says.json({**POST, "id": int(name)}) if "/posts/" in asked.path else Says(404)
        return Says.json(posts if name == "posts" else [])

    with other_side(answers) as other:
        text = f"""
workers: 1
check_tokens: [{{env: CHECK_TOKEN}}]
endpoints:
  - name: blog
    cms: wordpress
    secrets: [{{env: SECRET_standard}}]
    fetch: {{token: {{env: CMS_TOKEN}}, user: lint, url: "{other.url}/v2", allow_private: true}}
"""
        with served(tmp_path, text, environment=SECRET) as server:
            found = command(server, "reconcile", "blog", "--fetch")
            assert found.returncode == 0, found
            assert "new: 1: Knees" in found.stdout
            assert "2 new." in found.stdout
            assert server.status("blog", "2")["verdict"] == "block"
            assert "2 known." in command(server, "reconcile", "blog", "--fetch").stdout
            assert (
                "1 known." in command(server, "reconcile", "blog", "--fetch", "--days", "2").stdout
            )
            assert CMS_TOKEN not in found.stdout + found.stderr
            other.answers = lambda _: Says(401)
            refused = command(server, "reconcile", "blog", "--fetch")
            assert refused.returncode == 2
            assert "answered 401: the token is missing, wrong or has expired" in refused.stderr
            assert "Traceback" not in refused.stderr
    assert other.asked[0].query["orderby"] == "modified"


def test_storyblok_and_hubspot_are_asked_page_by_page() -> None:
    def stories(asked: Asked) -> Says:
        page = int(asked.query["page"])
        return Says.json({"stories": [
            {"id": page * 100 + at, "updated_at": f"2026-11-{20 - page:02}T10:00:00Z"} for at in range(10)
        ]})  # fmt: skip

    with other_side(stories) as other:
        found = list(changed(Client(), fetching("storyblok", other), "2026-11-18"))
        assert [one["story"]["id"] for one in found] == [*range(100, 110), *range(200, 210)]
        managed = list(changed(Client(), fetching("storyblok", other, space="9"), "2026-11-19"))
        assert managed == [Target(id=str(one)) for one in range(100, 110)]
    assert other.asked[0].query["version"] == "draft"

    def blogs(asked: Asked) -> Says:
        if "after" in asked.query:
            return Says.json(
                {"results": [{**BLOG, "id": "8"}, {**BLOG, "id": "9", "updated": "2025-01-01"}]}
            )
        return Says.json({"results": [BLOG], "paging": {"next": {"after": "10"}}})

    with other_side(blogs) as other:
        found = list(changed(Client(), fetching("hubspot", other), "2026-11-01"))
    assert found == [Target(id="7"), Target(id="8")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["blog"], "either --folder DIR or --fetch"),
        (["blog", "--folder", "x", "--fetch"], "either --folder DIR or --fetch"),
        (["other", "--fetch"], "no endpoint other; configured: blog"),
        (["blog", "--fetch"], "has no fetch"),
        (["blog", "--folder", "not-there"], "cannot be read"),
    ],
)
def test_a_command_that_cannot_be_done(tmp_path: Path, words: list[str], told: str) -> None:
    text = "serve:\n" + "".join(f"  {line}\n" for line in PLAIN.strip().splitlines())
    (tmp_path / "claimlint.yaml").write_text(text)
    found = command(Server(tmp_path, 0, None), "reconcile", *words)  # type: ignore[arg-type]
    assert found.returncode == 2
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_prismic_does_not_list_what_has_changed(tmp_path: Path) -> None:
    endpoint = EndpointPart(
        name="site",
        cms="prismic",
        fields=(FieldPart(name="body", path="data.body", format="prismic"),),
        fetch=FetchPart(hosts=("a.test",)),
    )
    service = prepared(Config(root=""), ServePart(endpoints=(endpoint,)), {})
    with Store.open(str(tmp_path / "s")) as store, pytest.raises(UsageError, match="does not list"):
        list(from_cms(store, service.endpoints[0], "2026-11-01", Client(), 1.0))


def test_wordpress_has_no_page_after_the_last_one() -> None:
    def answers(asked: Asked) -> Says:
        if asked.query["page"] == "2":
            return Says(400)
        return Says.json([{"id": one, "modified_gmt": "2026-11-20T10:00:00"} for one in range(100)])

    with other_side(answers) as other:
        how = fetching("wordpress", other, types=("posts",))
        assert len(list(changed(Client(), how, "2026-11-01"))) == 100
        other.answers = lambda _: Says(400)
        with pytest.raises(OutgoingError):
            list(changed(Client(), how, "2026-11-01"))
