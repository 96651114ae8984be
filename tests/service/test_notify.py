"""Telling others of a review: who, when, in which words, and that no message is lost or forged."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook
from tests.service.conftest import BAD, CLEAN, ENVIRONMENT, Server, served, until
from tests.service.other_side import Asked, Other, Says, other_side
from tests.service.senders import SECRETS, standard

from claimlint.config import Config
from claimlint.config.serve import EndpointPart, NotifyPart, Secret, ServePart
from claimlint.errors import DefinitionError
from claimlint.service.notify import Notifying, notified
from claimlint.service.outgoing import Client
from claimlint.service.outgoing_guard import Allowed, listed
from claimlint.service.settings import prepared
from claimlint.service.signatures import standard_key
from claimlint.service.store import NewDecision, NewReview, Store, Telling, Wanted
from claimlint.service.store_errands import Told
from claimlint.service.store_values import Incoming

NOW = 1_800_000_000.0
TOLD = Told(
    review="review-3-0-1", made_at=NOW, document=5, endpoint="blog", external_id="p7", locale="en",
    title="Knees", url="https://clinic.example/knees", verdict="block", previous_verdict="pass",
    errors=2, warnings=1, notes=0, suppressed=0,
)  # fmt: skip


def whom(other: Other, kind: Any = "standard") -> Notifying:
    key = standard_key(SECRETS["standard"])
    assert key is not None
    allowed = Allowed(frozenset(listed(f"127.0.0.1:{other.port}")), allow_private=True)
    return Notifying(kind, kind, f"{other.url}/hook", key, ("block",), allowed)


def test_a_message_is_verified_by_the_reference_library() -> None:
    with other_side() as other:
        notified(Client(), whom(other), TOLD, "https://lint.example/documents/5", time.time())
    (asked,) = other.asked
    found = Webhook(SECRETS["standard"]).verify(asked.body, dict(asked.headers))
    assert asked.headers["webhook-id"] == "review-3-0-1"
    assert found == json.loads(asked.body)
    assert found["type"] == "review.made"
    assert found["data"] == {
        "endpoint": "blog", "id": "p7", "locale": "en", "title": "Knees",
        "url": "https://clinic.example/knees", "page": "https://lint.example/documents/5",
        "verdict": "block", "previous_verdict": "pass",
        "errors": 2, "warnings": 1, "notes": 0, "suppressed": 0,
    }  # fmt: skip


def slack(told: dict[str, Any], page: str = "") -> str:
    with other_side() as other:
        changed = Told(**{**{name: getattr(TOLD, name) for name in TOLD.__struct_fields__}, **told})
        notified(Client(), whom(other, "slack"), changed, page, NOW)
    (asked,) = other.asked
    assert "webhook-signature" not in asked.headers
    message = json.loads(asked.body)
    assert list(message) == ["text"]
    return str(message["text"])


def test_a_message_for_slack() -> None:
    assert slack({}, "https://lint.example/documents/5") == (
        "Knees: blocked (before: nothing found)\n2 errors, 1 warning, 0 notes – blog:p7:en\n"
        "<https://lint.example/documents/5>\n<https://clinic.example/knees>"
    )


def test_a_title_cannot_call_everybody_or_make_a_link() -> None:
    text = slack(
        {"title": "<!channel> <https://evil.test|Log in> & more\nsecond", "external_id": "<@U1>"}
    )
    assert "<!" not in text
    assert "<@" not in text
    assert text.startswith(
        "&lt;!channel&gt; &lt;https://evil.test|Log in&gt; &amp; more second: blocked"
    )
    assert text.count("<") == 1  # the document's own address


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://a.test/|x", "https://a.test/>", "https://a.test/ü", "", "/p"],
)
def test_an_address_that_is_none_is_left_out(url: str) -> None:
    assert "<" not in slack({"url": url})


# Who is told when


def review(verdict: Any, decision_id: int = 0) -> NewReview:
    return NewReview(
        report=b"{}", verdict=verdict, errors=0, warnings=0, notes=0, suppressed=0, ruleset="r",
        decision_id=decision_id,
    )  # fmt: skip


def incoming(revision: int) -> Incoming:
    return Incoming(
        endpoint="blog", external_id="p7", title="Knees", format="texts", content=b"x%d" % revision,
        revision=str(revision),
    )  # fmt: skip


def reviewed(store: Store, revision: int, verdict: Any, on: Any) -> int:
    """Take in a revision, review it, and tell how many messages wait."""
    store.accept(incoming(revision), NOW)
    job = store.claim("w", NOW)
    assert job is not None
    store.finish(job, review(verdict), NOW, [Telling("x", on)])
    return store.errands().get("queued", 0)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(str(tmp_path / "s.sqlite3")) as made:
        yield made


def test_only_the_verdicts_that_are_asked_for_are_told(store: Store) -> None:
    assert reviewed(store, 1, "pass", ("block",)) == 0
    assert reviewed(store, 2, "block", ("block",)) == 1
    assert reviewed(store, 3, "block", ("block",)) == 2
    assert reviewed(store, 4, "review", ("block", "pass")) == 2


def test_only_changes_are_told(store: Store) -> None:
    assert reviewed(store, 1, "pass", ("change",)) == 1  # the first is one
    assert reviewed(store, 2, "pass", ("change",)) == 1
    assert reviewed(store, 3, "block", ("change",)) == 2


def test_a_revision_that_came_late_is_not_told(store: Store) -> None:
    assert reviewed(store, 2, "pass", ("block", "pass", "change")) == 1
    assert reviewed(store, 1, "block", ("block", "pass", "change")) == 1


def test_a_worker_that_was_too_slow_tells_nothing(store: Store) -> None:
    store.accept(incoming(1), NOW)
    slow = store.claim("slow", NOW, 10)
    quick = store.claim("quick", NOW + 100)
    assert slow is not None
    assert quick is None or quick.event_id == slow.event_id
    told = [Telling("x", ("block",))]
    assert store.finish(slow, review("block"), NOW + 101, told)
    assert not store.finish(slow, review("block"), NOW + 102, told)
    assert store.errands() == {"queued": 1}


def test_a_decision_that_changes_the_verdict_is_told(store: Store) -> None:
    assert reviewed(store, 1, "block", ()) == 0
    row = store.status("p7", "blog")
    assert row is not None
    assert row.reviewed_version_id is not None
    decision = NewDecision(
        rule="a/b", fingerprint="f", decision="waive", reason="r", date="2026-11-20", by="A"
    )
    number = store.decide(row.id, decision, NOW)
    told = [Telling("x", ("block", "pass", "change"))]
    assert store.revise(row.reviewed_version_id, review("block", number), NOW, told)
    assert store.errands() == {}
    assert store.revise(row.reviewed_version_id, review("pass", number), NOW, told)
    assert store.errands() == {"queued": 1}


def test_an_errand_has_one_worker_until_its_lease_ends(store: Store) -> None:
    reviewed(store, 1, "block", ("block",))
    first = store.claim_errand("notify", "a", NOW)
    assert first is not None
    assert store.claim_errand("notify", "b", NOW + 1) is None
    again = store.claim_errand("notify", "b", NOW + 1000)
    assert again is not None
    assert (again.id, again.attempt) == (first.id, 2)
    store.errand_failed(first, "late", NOW + 1001, final=True)  # no longer its own
    assert store.errands() == {"running": 1}
    store.errand_done(again)
    assert store.errands() == {}


def test_whoever_does_not_answer_keeps_nobody_else_waiting(store: Store) -> None:
    """Each try may take all the time that a request has: those who answer come first."""
    to_both = [Telling("dead", ("block",)), Telling("well", ("block",))]
    told = []
    for revision in range(1, 4):
        store.accept(incoming(revision), NOW)
        job = store.claim("w", NOW)
        assert job is not None
        store.finish(job, review("block"), NOW + revision, to_both)
    now = NOW + 10
    while errand := store.claim_errand("notify", "a", now):
        told.append(errand.target)
        if errand.target == "dead":
            store.errand_failed(errand, "no answer", now)
        else:
            store.errand_done(errand)
    assert told == ["dead", "well", "well", "well", "dead", "dead"]
    again = [store.claim_errand("notify", "a", now + 1000) for _ in range(3)]
    assert all(errand is not None and errand.attempt == 2 for errand in again)


def test_a_cms_that_does_not_answer_keeps_no_other_waiting(store: Store) -> None:
    store.want([Wanted("dead", f"text {number}") for number in range(3)], NOW)
    store.want([Wanted("well", "text 4")], NOW + 1)
    first = store.claim_errand("fetch", "a", NOW + 2)
    assert first is not None
    assert first.endpoint == "dead"
    store.errand_failed(first, "no answer", NOW + 2)
    second, third = (store.claim_errand("fetch", "a", NOW + 2) for _ in range(2))
    assert second is not None
    assert third is not None
    assert (second.endpoint, third.endpoint) == ("well", "dead")


def test_news_of_a_text_that_waits_after_a_failure_has_it_fetched_now(store: Store) -> None:
    """It may be what the editor mended; an hour later, or never, it is too late."""
    wanted = Wanted("blog", "text 1")
    assert sum(store.want([wanted], NOW)) == 1
    errand = store.claim_errand("fetch", "a", NOW)
    assert errand is not None
    store.errand_failed(errand, "no answer", NOW, after_seconds=3000)
    assert store.claim_errand("fetch", "a", NOW + 60) is None
    assert sum(store.want([wanted], NOW + 60)) == 0
    assert store.errands() == {"queued": 1}
    again = store.claim_errand("fetch", "a", NOW + 60)
    assert again is not None
    assert again.attempt == 1


def test_news_of_a_text_that_is_being_fetched_has_it_fetched_once_more(store: Store) -> None:
    wanted = Wanted("blog", "text 1")
    store.want([wanted], NOW)
    first = store.claim_errand("fetch", "a", NOW)
    assert first is not None
    assert sum(store.want([wanted], NOW)) == 1
    assert sum(store.want([wanted], NOW)) == 0
    store.errand_done(first)
    assert store.claim_errand("fetch", "a", NOW) is not None


def test_an_errand_waits_longer_each_time_and_is_given_up(store: Store) -> None:
    reviewed(store, 1, "block", ("block",))
    now, pauses = NOW, []
    while not store.dead_errands():
        errand = store.claim_errand("notify", "a", now)
        if errand is None:
            now += 1
            continue
        pauses.append(now)
        store.errand_failed(errand, "down", now)
    waits = [later - earlier for earlier, later in pairwise(pauses)]
    assert waits[:4] == [10, 20, 40, 80]
    assert max(waits) == 3600
    assert len(pauses) == 12
    (given_up,) = store.dead_errands()
    assert given_up.error == "down"
    assert store.retry_errands(None, now) == 1
    assert store.claim_errand("notify", "a", now) is not None


def test_a_clock_that_was_set_back_holds_nothing_up(store: Store) -> None:
    reviewed(store, 1, "block", ("block",))
    assert store.claim_errand("notify", "a", NOW - 100_000) is not None


def test_the_pause_that_the_other_side_asks_for_is_kept(store: Store) -> None:
    reviewed(store, 1, "block", ("block",))
    errand = store.claim_errand("notify", "a", NOW)
    assert errand is not None
    store.errand_failed(errand, "busy", NOW, after_seconds=500)
    assert store.claim_errand("notify", "a", NOW + 499) is None
    assert store.claim_errand("notify", "a", NOW + 501) is not None


# Configuration

KEY = Secret(env="KEY")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([NotifyPart(url="https://a.test/x")], "say in secret"),
        ([NotifyPart(secret=KEY)], "either in url or"),
        ([NotifyPart(url="https://a.test", url_secret=KEY, secret=KEY)], "either in url or"),
        ([NotifyPart(kind="slack", url="https://a.test", secret=KEY)], "not signed"),
        ([NotifyPart(kind="slack", url="http://a.test")], "without encryption"),
        ([NotifyPart(kind="slack", url="https://a.test")] * 2, "two have this name"),
        ([NotifyPart(url="https://a.test", secret=Secret(env="SHORT"))], "fewer than"),
        ([NotifyPart(url="https://a.test", secret=Secret(env="NONE"))], "NONE is not set"),
        ([NotifyPart(kind="slack", url="https://a b.test")], "characters"),
    ],
)
def test_a_configuration_that_cannot_tell(parts: list[NotifyPart], told: str) -> None:
    endpoint = EndpointPart(name="blog", cms="ghost", notify=tuple(parts))
    environment = {"KEY": SECRETS["standard"], "SHORT": "whsec_c2hvcnQ="}
    with pytest.raises(DefinitionError, match=told) as caught:
        prepared(Config(root=""), ServePart(endpoints=(endpoint,)), environment)
    assert SECRETS["standard"] not in str(caught.value)


# The whole service


def configured(other: Other) -> str:
    return f"""
workers: 2
check_tokens: [{{env: CHECK_TOKEN}}]
endpoints:
  - name: std
    cms: standard
    secrets: [{{env: SECRET_standard}}]
    notify:
      - {{url: "{other.url}/signed", secret: {{env: SECRET_standard}}, allow_private: true}}
      - {{kind: slack, url_secret: {{env: SLACK}}, on: [block], allow_private: true}}
"""


def deliver(server: Server, revision: int, text: str) -> None:
    data = {"id": "p7", "title": "Knees <b>", "content": f"<p>{text}</p>", "revision": revision}
    body = json.dumps({"type": "post.saved", "data": data}).encode()
    assert server.deliver("/hooks/std", body, standard(body, time.time())).status == 200


def at(other: Other, path: str) -> list[Asked]:
    return [asked for asked in other.asked if asked.path == path]


def test_reviews_are_told_once_each_and_without_the_draft(tmp_path: Path) -> None:
    with other_side() as other:
        environment = {**ENVIRONMENT, "SLACK": f"{other.url}/services/T0/SLACK-SECRET"}
        with served(tmp_path, configured(other), environment=environment) as server:
            deliver(server, 1, BAD)
            until(lambda: len(other.asked) == 2)
            deliver(server, 1, BAD)  # a duplicate
            deliver(server, 2, CLEAN)
            until(lambda: len(at(other, "/signed")) == 2)
            until(lambda: server.rows("SELECT count(*) FROM errands") == [(0,)])
            log = server.log_file.read_text()
            assert "SLACK-SECRET" not in log
            assert len(server.logged("notified")) == 3
    first, second = (json.loads(asked.body)["data"] for asked in at(other, "/signed"))
    assert (first["verdict"], first["previous_verdict"]) == ("block", None)
    assert (second["verdict"], second["previous_verdict"]) == ("pass", "block")
    assert first["errors"] > 0
    (message,) = at(other, "/services/T0/SLACK-SECRET")
    assert json.loads(message.body)["text"].startswith("Knees &lt;b&gt;: blocked\n")
    assert all(b"cure" not in asked.body for asked in other.asked)


def test_a_message_that_was_not_taken_is_sent_by_the_next_server(tmp_path: Path) -> None:
    with other_side(lambda _: Says(500)) as other:
        environment = {**ENVIRONMENT, "SLACK": f"{other.url}/slack"}
        with served(tmp_path, configured(other), environment=environment) as server:
            deliver(server, 1, BAD)
            until(lambda: len(server.logged("notify failed")) == 2)
            server.process.kill()
        refused = at(other, "/signed")
        other.answers = lambda _: Says()
        with served(tmp_path, configured(other), environment=environment) as server:
            until(lambda: len(server.logged("notified")) == 2)
            assert server.rows("SELECT count(*) FROM errands") == [(0,)]
        taken = at(other, "/signed")[-1]
        assert taken.headers["webhook-id"] == refused[0].headers["webhook-id"]
        assert taken.body == refused[0].body
        Webhook(SECRETS["standard"]).verify(taken.body, dict(taken.headers))
