"""The store keeps what it accepted: what is new, what is a repetition, what came late, who reviews it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.deliveries import NOW, incoming, review

from claimlint.service.store import (
    Accepted,
    DocumentRow,
    Job,
    NewDecision,
    Retries,
    Store,
    StoreError,
)
from claimlint.service.store_values import NAME_LIMIT

DAY = 86_400.0
RETRIES = Retries(most=3, first_seconds=5, cap_seconds=12)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "store.sqlite3")


@pytest.fixture
def store(path: str) -> Iterator[Store]:
    with Store.open(path, retries=RETRIES) as opened:
        yield opened


def claimed(store: Store, now: float = NOW, worker: str = "w1", lease: float = 60) -> Job:
    job = store.claim(worker, now, lease)
    assert job is not None
    return job


def drained(store: Store, now: float = NOW, verdict: Any = "pass") -> list[Job]:
    """Every event that is due, reviewed."""
    jobs = []
    while job := store.claim("w", now):
        store.finish(job, review(verdict), now)
        jobs.append(job)
    return jobs


def row(store: Store, locale: str = "") -> DocumentRow:
    found = store.status("post-1", "blog", locale)
    assert found is not None
    return found


def outcomes(accepted: Any) -> list[str]:
    return [one.outcome for one in accepted]


# What was seen before


def test_a_delivery_id_is_stored_once(store: Store) -> None:
    first = store.accept(incoming(delivery_id="d1"), NOW)
    assert first.outcome == "stored"
    again = store.accept(incoming("a changed body", delivery_id="d1", revision="9"), NOW + 1)
    assert again == first._replace(outcome="duplicate")
    assert store.counts().versions == store.counts().queued == 1


def test_a_delivery_id_is_unique_for_its_endpoint_only(store: Store) -> None:
    store.accept(incoming(delivery_id="d1"), NOW)
    other = store.accept(incoming(delivery_id="d1", endpoint="news"), NOW)
    assert other.outcome == "stored"
    assert store.counts().documents == 2


def test_without_an_id_a_delivery_is_known_by_document_revision_and_content(store: Store) -> None:
    first = incoming(revision="7", updated="2026-11-20T10:00:00Z")
    assert store.accept(first, NOW).outcome == "stored"
    assert store.accept(first, NOW + 1).outcome == "duplicate"
    changes: list[dict[str, Any]] = [
        {"external_id": "post-2"},
        {"content": "Another text."},
        {"title": "Another title"},
        {"updated": "2026-11-20T10:00:01Z"},
        {"revision": "8"},
    ]
    for change in changes:
        fields: dict[str, Any] = {"revision": "7", "updated": "2026-11-20T10:00:00Z", **change}
        assert store.accept(incoming(**fields), NOW).outcome == "stored", change


def test_a_revision_seen_before_is_a_duplicate_after_newer_ones_too(store: Store) -> None:
    for revision in ("1", "2", "3"):
        store.accept(incoming(f"text {revision}", revision=revision), NOW)
    assert store.accept(incoming("text 1", revision="1"), NOW).outcome == "duplicate"


def test_content_alone_is_compared_with_the_latest_version_only(store: Store) -> None:
    """A, A, B, A: the last one is a change back, and no repetition."""
    texts = ["A", "A", "B", "A", "A"]
    accepted = [store.accept(incoming(text), NOW) for text in texts]
    assert outcomes(accepted) == ["stored", "duplicate", "stored", "stored", "duplicate"]
    assert accepted[1] == accepted[0]._replace(outcome="duplicate")
    assert accepted[4] == accepted[3]._replace(outcome="duplicate")
    assert store.counts().versions == 3


def test_content_alone_is_compared_with_its_own_document_only(store: Store) -> None:
    store.accept(incoming(), NOW)
    assert store.accept(incoming(external_id="post-2"), NOW).outcome == "stored"


def test_a_title_is_content(store: Store) -> None:
    store.accept(incoming(title="PRP"), NOW)
    assert store.accept(incoming(title="PRP cures arthritis"), NOW).outcome == "stored"
    assert store.accept(incoming(title="PRP cures arthritis" + "!" * 2000), NOW).outcome == "stored"
    assert store.accept(incoming(title="PRP cures arthritis" + "!" * 2001), NOW).outcome == "stored"


def test_the_limit_between_title_and_content_counts(store: Store) -> None:
    store.accept(incoming("bc", title="a"), NOW)
    assert store.accept(incoming("c", title="ab"), NOW).outcome == "stored"


def test_each_locale_is_a_document_of_its_own(store: Store) -> None:
    locales = ("en", "de", "ko")
    delivery = [incoming(f"text {name}", locale=name, delivery_id="d1") for name in locales]
    assert outcomes(store.accept_all(delivery, NOW)) == ["stored"] * 3
    assert outcomes(store.accept_all(delivery, NOW)) == ["duplicate"] * 3
    assert {job.locale for job in drained(store)} == set(locales)
    assert len({row(store, name).id for name in locales}) == 3
    assert store.counts().reviews == 3


def test_a_new_delivery_of_the_same_version_is_not_checked_again(store: Store) -> None:
    first = store.accept(incoming(delivery_id="d1", revision="1"), NOW)
    drained(store)
    second = store.accept(incoming(delivery_id="d2", revision="1"), NOW + 1)
    assert second.outcome == "stored"
    assert (second.version_id, second.event_id) == (first.version_id, first.event_id + 1)
    assert store.claim("w", NOW + 2) is None
    assert store.counts().done == 2


def test_events_of_one_version_are_done_together(store: Store) -> None:
    for name in ("d1", "d2", "d3"):
        store.accept(incoming(delivery_id=name), NOW)
    assert len(drained(store)) == 1
    assert (store.counts().done, store.counts().reviews) == (3, 1)


# What came late


def late(store: Store, newer: dict[str, str], older: dict[str, str]) -> Accepted:
    store.accept(incoming("newer", title="Newer", **newer), NOW)
    return store.accept(incoming("older", title="Older", **older), NOW + 1)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"revision": "10"}, {"revision": "9"}),
        ({"updated": "2026-11-20T10:00:01Z"}, {"updated": "2026-11-20T10:00:00Z"}),
        ({"updated": "2026-11-20T10:00:00.002Z"}, {"updated": "2026-11-20T10:00:00.001Z"}),
        ({"updated": "2026-11-20T10:00:00Z"}, {"updated": "2026-11-20T11:00:00+02:00"}),
        ({"updated": "2026-11-20 10:00:01"}, {"updated": "2026-11-20 10:00:00"}),
        ({"updated": "1763640000001"}, {"updated": "1763640000000"}),
        ({"updated": "1763640000001"}, {"updated": "1763640000"}),
        ({"updated": "1763640001"}, {"updated": "1763640000999"}),
        (
            {"revision": "x8", "updated": "2026-11-20T10:00:01Z"},
            {"revision": "y9", "updated": "2026-11-20T10:00:00Z"},
        ),
        (
            {"revision": "10", "updated": "2026-11-20T10:00:00Z"},
            {"revision": "9", "updated": "2026-11-20T10:00:00Z"},
        ),
    ],
)
@pytest.mark.parametrize("ids", [("", ""), ("d1", "d2")])
def test_an_older_revision_never_replaces_a_newer_verdict(
    store: Store, newer: dict[str, str], older: dict[str, str], ids: tuple[str, str]
) -> None:
    if ids[0]:
        newer, older = (
            {**one, "delivery_id": name} for one, name in zip((newer, older), ids, strict=True)
        )
    assert late(store, newer, older).outcome == "stale"
    jobs = drained(store, NOW + 2)
    assert [job.content for job in jobs] == [b"newer", b"older"]
    shown = row(store)
    assert (shown.title, shown.latest_version_id) == ("Newer", jobs[0].version_id)
    assert shown.reviewed_version_id == jobs[0].version_id
    latest = store.latest(shown.id)
    assert latest is not None
    assert latest.version_id == jobs[0].version_id
    history = store.history(shown.id)
    assert [(one.title, one.is_stale) for one in history] == [("Older", True), ("Newer", False)]
    assert all(one.verdict == "pass" for one in history)
    assert shown.previous_verdict is None


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"revision": "9"}, {"revision": "10"}),
        ({"revision": "x9"}, {"revision": "x10"}),
        ({"updated": "Tuesday"}, {"updated": "Monday"}),
        ({"revision": "9"}, {"updated": "2020-01-01T00:00:00Z"}),
        ({"revision": "9"}, {}),
        ({"revision": "9" * 30}, {"revision": "8"}),
        # A CMS was restored from a back-up and counts again.
        (
            {"revision": "90", "updated": "2026-11-20T10:00:00Z"},
            {"revision": "12", "updated": "2026-11-20T10:05:00Z"},
        ),
        ({"revision": "9"}, {"revision": "9"}),
    ],
)
def test_what_is_not_known_to_be_older_counts_as_newer(
    store: Store, first: dict[str, str], then: dict[str, str]
) -> None:
    assert late(store, first, then).outcome == "stored"
    assert row(store).title == "Older"


@pytest.mark.parametrize("ids", [(None, None, None, None), ("d1", "d2", "d3", "d4")])
def test_an_update_from_the_future_does_not_freeze_its_document(
    store: Store, ids: tuple[str | None, ...]
) -> None:
    """An editor's clock was wrong once: what is edited later is newer, what was edited before is not."""
    steps = [
        ("a slip", "2099-01-01T00:00:00Z", NOW, "stored"),
        ("an edit", "2026-11-20T12:30:00Z", NOW + 1800, "stored"),
        ("a late one", "2026-11-20T11:00:00Z", NOW + 1801, "stale"),
        ("a slip again", "2099-01-01T00:00:00Z", NOW + 3600, "stored"),
    ]
    for (text, updated, now, outcome), delivery_id in zip(steps, ids, strict=True):
        one = incoming(text, title=text, updated=updated, delivery_id=delivery_id)
        assert store.accept(one, now).outcome == outcome, text
    assert row(store).title == "a slip again"


def test_a_clock_that_is_a_little_fast_still_orders_what_came_late(store: Store) -> None:
    store.accept(incoming("second", updated="2026-11-20T12:00:31Z"), NOW)
    accepted = store.accept(incoming("first", updated="2026-11-20T12:00:30Z"), NOW + 20)
    assert accepted.outcome == "stale"


@pytest.mark.parametrize("ids", [(None, None, None, None), ("d1", "d2", "d3", "d3")])
def test_a_text_can_be_changed_back_within_one_time_of_update(
    store: Store, ids: tuple[str | None, ...]
) -> None:
    """Times in whole seconds, or that of the last publication: the verdict is that of the last text."""
    texts = zip(["A", "B", "A", "A"], ids, strict=True)
    accepted = [
        store.accept(incoming(text, updated="2026-11-20T10:00:00Z", delivery_id=name), NOW)
        for text, name in texts
    ]
    assert outcomes(accepted) == ["stored", "stored", "stored", "duplicate"]
    assert len({one.version_id for one in accepted[:3]}) == 3
    assert accepted[3].version_id == accepted[2].version_id
    assert row(store).latest_version_id == accepted[2].version_id
    assert len(drained(store)) == 3
    assert row(store).state == "done"


def test_a_review_of_an_older_version_that_is_finished_late_is_not_shown(store: Store) -> None:
    store.accept(incoming("one", revision="1"), NOW)
    slow = claimed(store)
    store.accept(incoming("two", revision="2"), NOW)
    store.finish(claimed(store), review("block"), NOW + 1)
    assert store.finish(slow, review("pass"), NOW + 2)
    assert row(store).verdict == "block"
    assert row(store).previous_verdict == "pass"


def test_the_trend_leaves_out_what_came_late(store: Store) -> None:
    for revision, verdict in (("1", "review"), ("5", "block"), ("2", "pass"), ("6", "review")):
        store.accept(incoming(f"text {revision}", revision=revision), NOW)
        drained(store, NOW, verdict)
    assert (row(store).verdict, row(store).previous_verdict) == ("review", "block")


# One review of each version


def test_a_check_runs_once_and_its_review_is_kept(store: Store) -> None:
    accepted = store.accept(
        incoming("<p>é</p>", title="Title", url="https://example.com/1", locale="de"), NOW
    )
    job = claimed(store, NOW + 1)
    assert job == Job(
        event_id=accepted.event_id,
        attempt=1,
        worker="w1",
        document_id=accepted.document_id,
        version_id=accepted.version_id,
        endpoint="blog",
        external_id="post-1",
        locale="de",
        title="Title",
        url="https://example.com/1",
        format="html",
        content="<p>é</p>".encode(),
        received_at=NOW,
    )
    assert row(store, "de").state == "running"
    assert store.claim("w2", NOW + 1) is None
    assert store.finish(job, review("review", b'{"a": 1}'), NOW + 2)
    assert store.claim("w2", NOW + 1000) is None
    kept = store.review(job.version_id)
    assert kept is not None
    assert kept == (job.version_id, b'{"a": 1}', "review", 0, 1, 2, 3, "r" * 64, NOW + 2, 0)
    assert store.latest(job.document_id) == kept
    assert row(store, "de").state == "done"


def test_events_are_taken_in_their_order(store: Store) -> None:
    for number in (3, 1, 2):
        store.accept(incoming(external_id=f"post-{number}"), NOW)
    assert [job.external_id for job in drained(store)] == ["post-3", "post-1", "post-2"]


def test_a_lease_that_ran_out_is_given_to_another(store: Store) -> None:
    store.accept(incoming(), NOW)
    slow = claimed(store, NOW, "slow", lease=10)
    assert store.claim("quick", NOW + 9.9) is None
    assert store.claim("quick", NOW + 10) is None  # it waits as after any failure
    quick = claimed(store, NOW + 10 + RETRIES.first_seconds, "quick")
    assert (quick.event_id, quick.attempt) == (slow.event_id, 2)
    assert not store.put_off(slow, NOW + 16, 0)
    assert not store.fail(slow, "too slow", NOW + 16)
    assert store.finish(quick, review("block"), NOW + 17)
    before = (row(store), store.history(slow.document_id), store.counts())
    assert not store.finish(slow, review("pass"), NOW + 18)
    assert before == (row(store), store.history(slow.document_id), store.counts())


def test_a_slow_worker_may_be_the_first_to_finish(store: Store) -> None:
    store.accept(incoming(), NOW)
    slow = claimed(store, NOW, "slow", lease=10)
    assert store.claim("quick", NOW + 10) is None  # it waits as after any failure
    quick = claimed(store, NOW + 20, "quick")
    assert store.finish(slow, review("block"), NOW + 21)
    assert not store.finish(quick, review("pass"), NOW + 22)
    assert row(store).verdict == "block"
    assert store.counts().done == store.counts().reviews == 1


def test_what_is_put_off_has_lost_no_attempt(store: Store) -> None:
    store.accept(incoming(), NOW)
    now = NOW
    for _ in range(10 * RETRIES.most):
        job = claimed(store, now)
        assert job.attempt == 1
        assert store.put_off(job, now, 3)
        assert not store.put_off(job, now, 3)
        assert store.claim("w", now + 2.9) is None
        now += 3
    assert row(store).state == "queued"
    assert store.finish(claimed(store, now), review(), now)


def test_a_failure_is_tried_again_ever_later_and_given_up_in_the_end(store: Store) -> None:
    store.accept(incoming(title="Poison"), NOW)
    now = NOW
    for attempt, wait in ((1, 5), (2, 10)):
        job = claimed(store, now)
        assert job.attempt == attempt
        assert store.fail(job, f"failure {attempt}", now)
        assert store.claim("w", now + wait - 0.1) is None
        now += wait
    assert store.fail(claimed(store, now), "x" * 10_000, now)
    assert store.claim("w", now + 1e6) is None
    (dead,) = store.dead()
    assert (dead.external_id, dead.title, dead.attempts) == ("post-1", "Poison", 3)
    assert (dead.received_at, dead.died_at) == (NOW, now)
    assert dead.error == "x" * 500
    assert row(store).state == "dead"


def test_waiting_times_are_doubled_up_to_the_cap() -> None:
    waits = [RETRIES.wait_seconds(attempts) for attempts in (1, 2, 3, 4, 10_000)]
    assert waits == [5, 10, 12, 12, 12]


def test_a_failure_can_be_final(store: Store) -> None:
    store.accept(incoming(), NOW)
    store.fail(claimed(store), "no such format", NOW, final=True)
    assert [one.error for one in store.dead()] == ["no such format"]


def test_a_document_that_stops_its_workers_is_given_up(store: Store) -> None:
    store.accept(incoming(), NOW)
    now = NOW
    for _ in range(RETRIES.most):
        claimed(store, now, lease=1)
        now += 100
        assert store.claim("w", now) is None
        now += 100
    assert store.claim("w", now + 1e6) is None
    assert "worker stopped" in store.dead()[0].error


def test_what_was_given_up_can_be_tried_again(store: Store) -> None:
    events = []
    for number in range(3):
        store.accept(incoming(external_id=f"post-{number}"), NOW)
        job = claimed(store)
        events.append(job.event_id)
        store.fail(job, "broken", NOW + number, final=True)
    assert [one.id for one in store.dead()] == events[::-1]
    assert [one.id for one in store.dead(1)] == events[2:]
    assert store.retry([events[1], events[1], 999], NOW + 10) == 1
    job = claimed(store, NOW + 10)
    assert (job.event_id, job.attempt) == (events[1], 1)
    store.finish(job, review(), NOW + 11)
    assert store.retry([events[1]], NOW + 12) == 0
    assert store.retry(None, NOW + 12) == 2
    assert len(drained(store, NOW + 12)) == 2
    assert store.dead() == ()


@pytest.mark.parametrize("jump", [3600.0, 365 * DAY])
def test_a_clock_that_is_set_back_delays_nothing(store: Store, jump: float) -> None:
    store.accept(incoming(external_id="running"), NOW)
    claimed(store, NOW, lease=10)
    store.accept(incoming(external_id="failed"), NOW)
    store.fail(claimed(store), "once", NOW)
    store.accept(incoming(external_id="queued"), NOW)
    back = NOW - jump
    found = {job.external_id for job in drained(store, back)}
    found |= {job.external_id for job in drained(store, back + RETRIES.first_seconds)}
    assert found == {"running", "failed", "queued"}


def test_a_clock_that_jumps_ahead_loses_nothing(store: Store) -> None:
    """The lease is over at once; whoever finishes first, there is one review."""
    store.accept(incoming(), NOW)
    first = claimed(store)
    assert store.claim("w2", NOW + DAY) is None
    second = claimed(store, NOW + DAY + RETRIES.first_seconds, "w2")
    assert store.finish(first, review("block"), NOW + 1)
    assert not store.finish(second, review("pass"), NOW + DAY + 10)
    assert (row(store).verdict, store.counts().done) == ("block", 1)


# Pages and statuses


def test_documents_are_listed_by_their_latest_change(store: Store) -> None:
    for number in range(5):
        store.accept(incoming(external_id=f"post-{number}"), NOW + number)
    store.accept(incoming("changed", external_id="post-1"), NOW + 10)
    names = []
    after = None
    while page := store.documents(limit=2, after=after):
        names += [one.external_id for one in page]
        after = page[-1].cursor
    assert names == ["post-1", "post-4", "post-3", "post-2", "post-0"]


def test_pages_are_whole_when_changes_have_the_same_time(store: Store) -> None:
    store.accept_all([incoming(external_id=f"post-{number}") for number in range(7)], NOW)
    found = []
    after = None
    while page := store.documents(limit=3, after=after):
        found += [one.id for one in page]
        after = page[-1].cursor
    assert found == sorted(found, reverse=True)
    assert len(found) == 7


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("école", ["a"]),
        ("ÉCOLE", ["a"]),
        ("example.com/prp", ["b"]),
        ("B", ["b"]),
        ("100%", ["b"]),
        ("_", []),
        (" école ", ["a"]),
        ("'", []),
        ("\ud800", []),
        ("", ["b", "a"]),
    ],
)
def test_documents_are_searched(store: Store, query: str, found: list[str]) -> None:
    store.accept(incoming(external_id="a", title="École de santé"), NOW)
    store.accept(
        incoming(external_id="b", title="100% natural", url="https://example.com/PRP"), NOW + 1
    )
    assert [one.external_id for one in store.documents(query)] == found


def test_documents_are_filtered_by_verdict_and_show_the_trend(store: Store) -> None:
    store.accept(incoming("one"), NOW)
    drained(store, NOW, "block")
    assert [one.external_id for one in store.documents(verdict="block")] == ["post-1"]
    store.accept(incoming("two"), NOW + 1)
    waiting = row(store)
    assert (waiting.state, waiting.verdict, waiting.changed_at) == ("queued", "block", NOW + 1)
    drained(store, NOW + 2, "pass")
    assert store.documents(verdict="block") == ()
    (shown,) = store.documents(verdict="pass")
    assert (shown.state, shown.verdict, shown.previous_verdict) == ("done", "pass", "block")
    assert (shown.errors, shown.warnings, shown.notes, shown.suppressed) == (0, 1, 2, 3)
    assert shown.made_at == NOW + 2
    assert shown == row(store) == store.document(shown.id)


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.status("post-1", "blog") is None
    assert store.document(1) is None
    assert store.latest(1) is None
    assert store.review(1) is None
    assert store.content(1) is None
    assert store.history(1) == ()
    assert store.decisions(1) == ()
    assert store.claim("w", NOW) is None
    accepted = store.accept(incoming(), NOW)
    assert store.latest(accepted.document_id) is None
    assert store.status("post-1", "blog", "de") is None


def test_a_version_is_kept_byte_for_byte(store: Store) -> None:
    data = bytes(range(256)) * 10
    accepted = store.accept(incoming(content=data, title="Title"), NOW)
    assert store.content(accepted.version_id) == ("Title", "html", data)


def test_decisions_are_added_and_never_changed(store: Store) -> None:
    document = store.accept(incoming(), NOW).document_id
    made = NewDecision(
        rule="cure/claims-a-cure",
        fingerprint="f1",
        decision="waive",
        reason="Approved label text",
        approver="Dr Lee",
        date="2026-11-20",
        expires="2027-11-20",
        by="mina",
    )
    taken_back = NewDecision(
        rule=made.rule,
        fingerprint="f1",
        decision="withdraw",
        reason="",
        date="2026-11-21",
        by="jo",
    )
    first = store.decide(document, made, NOW)
    second = store.decide(document, taken_back, NOW + DAY)
    one, two = store.decisions(document)
    assert one == (
        *(first, "cure/claims-a-cure", "f1", "waive", "Approved label text", "Dr Lee"),
        *("2026-11-20", "2027-11-20", "mina", NOW, ""),
    )
    assert (two.id, two.decision, two.by, two.at) == (second, "withdraw", "jo", NOW + DAY)
    with pytest.raises(KeyError):
        store.decide(999, made, NOW)


def test_the_metrics_count(store: Store) -> None:
    assert store.counts() == (0, 0, 0, 0, 0, 0, 0, None)
    for number in range(4):
        store.accept(incoming(external_id=f"post-{number}"), NOW + number)
    store.finish(claimed(store, NOW + 9), review(), NOW + 9)
    store.fail(claimed(store, NOW + 9), "broken", NOW + 9, final=True)
    claimed(store, NOW + 9)
    assert store.counts() == (1, 1, 1, 1, 4, 4, 1, NOW + 2)


# Retention


def test_old_versions_go_and_the_newest_stay(store: Store) -> None:
    for number in range(6):
        store.accept(incoming(f"text {number}"), NOW + number * DAY)
        drained(store, NOW + number * DAY)
    document = row(store).id
    assert store.purge(NOW + 5 * DAY, 100, 2) == (0, 0)
    assert store.purge(NOW + 5 * DAY, 1.5, 2) == (4, 4)
    assert [store.content(one.id) for one in store.history(document)] == [
        ("", "html", b"text 5"),
        ("", "html", b"text 4"),
    ]
    assert store.purge(NOW + 500 * DAY, 1, 1).versions == 1
    assert row(store).verdict == "pass"
    assert store.counts()[4:7] == (1, 1, 1)


def test_what_is_unfinished_given_up_or_shown_stays(store: Store) -> None:
    store.accept(incoming("shown", revision="1"), NOW)
    drained(store)
    store.accept(incoming("given up", revision="2"), NOW)
    store.fail(claimed(store), "broken", NOW, final=True)
    for revision in "345":
        store.accept(incoming(f"queued {revision}", revision=revision), NOW)
    assert store.purge(NOW + 500 * DAY, 1, 1) == (1, 0)
    assert row(store).verdict == "pass"
    assert len(store.dead()) == 1
    assert len(drained(store, NOW + 500 * DAY)) == 3


def test_decisions_outlive_the_versions(store: Store) -> None:
    document = store.accept(incoming("one"), NOW).document_id
    decision = NewDecision(
        rule="a/b", fingerprint="f", decision="accept", reason="", date="2026-11-20", by="jo"
    )
    store.decide(document, decision, NOW)
    store.accept(incoming("two"), NOW)
    drained(store)
    assert store.purge(NOW + 500 * DAY, 1, 1).versions == 1
    assert len(store.decisions(document)) == 1


def test_many_rows_are_purged(store: Store) -> None:
    store.accept_all([incoming(f"text {number}") for number in range(450)], NOW)
    drained(store)
    assert store.purge(NOW + 10 * DAY, 1, 1) == (450, 449)


def test_nobody_waits_while_it_is_looked_for_what_is_old(store: Store, path: str) -> None:
    """Deliveries go on: without anything to delete no lock is taken, whatever there is to look through."""
    store.accept_all([incoming(f"text {number}") for number in range(50)], NOW)
    drained(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store.open(path, busy_seconds=0) as looking:
            assert looking.purge(NOW + 10 * DAY, 100, 1) == (0, 0)
            with pytest.raises(StoreError):
                looking.purge(NOW + 10 * DAY, 1, 1)
    assert store.purge(NOW + 10 * DAY, 1, 1) == (50, 49)


def test_a_version_that_is_delivered_again_just_now_is_not_purged(store: Store, path: str) -> None:
    for number in "12":
        store.accept(incoming(f"text {number}", revision=number), NOW)
    drained(store)
    assert store.purge(NOW + 10 * DAY, 1, 5) == (2, 0)

    def deliver_again(statement: str) -> None:
        if statement.startswith("BEGIN"):
            store._database.connection.set_trace_callback(None)
            with Store.open(path) as other:
                again = incoming("text 1", revision="1", delivery_id="again")
                assert other.accept(again, NOW + 10 * DAY).outcome == "stale"

    store._database.connection.set_trace_callback(deliver_again)
    assert store.purge(NOW + 10 * DAY, 1, 1) == (0, 0)
    assert store.counts().versions == 2


STEPS = 10  # of SQLite's machine, between two looks at it


def effort(store: Store, work: Callable[[], object]) -> int:
    """How many steps SQLite takes for something."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += STEPS
        return 0

    store._database.connection.set_progress_handler(count, STEPS)
    work()
    store._database.connection.set_progress_handler(None, 0)
    return steps


def test_a_document_with_many_versions_costs_no_more_than_another(store: Store) -> None:
    works: tuple[Callable[[int], object], ...] = (
        lambda _: store.documents(),
        store.document,
        lambda number: store.history(number, 10),
        lambda _: store.accept(incoming("text", revision="100000"), NOW),
    )
    found: dict[str, list[int]] = {}
    for external_id, versions in (("few", 20), ("many", 3000)):
        texts = [
            incoming(f"{n}", external_id=external_id, revision=f"{n}") for n in range(versions)
        ]
        store.accept_all(texts, NOW)
        drained(store)
        document = store.status(external_id, "blog")
        assert document is not None
        found[external_id] = [effort(store, partial(work, document.id)) for work in works]
    for few, many in zip(*found.values(), strict=True):
        assert many <= 2 * few + 200, found


def test_a_worker_that_finishes_a_purged_version_does_no_harm(store: Store) -> None:
    store.accept(incoming("one"), NOW)
    slow = claimed(store, lease=1)
    assert store.claim("quick", NOW + 1) is None
    store.finish(claimed(store, NOW + 10), review("block"), NOW + 10)
    store.accept(incoming("two"), NOW + 11)
    drained(store, NOW + 11)
    assert store.purge(NOW + 500 * DAY, 1, 1).versions == 1
    assert not store.finish(slow, review(), NOW + 500 * DAY)
    assert store.counts().reviews == 1


def test_at_least_one_version_is_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="at least one version"):
        store.purge(NOW, 1, 0)


# Hostile input


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(str(tmp_path_factory.mktemp("shared") / "store")) as opened:
        yield opened


@given(
    st.fixed_dictionaries(
        {
            "external_id": st.text(min_size=1, max_size=20),
            "locale": st.text(max_size=5),
            "title": st.text(max_size=20),
            "url": st.text(max_size=20),
            "content": st.binary(max_size=50),
            "delivery_id": st.none() | st.text(max_size=20),
            "revision": st.text(max_size=20) | st.integers().map(str),
            "updated": st.text(max_size=30) | st.datetimes().map(str) | st.integers().map(str),
        }
    )
)
def test_whatever_a_cms_sends_is_stored_and_known_again(
    shared: Store, fields: dict[str, Any]
) -> None:
    endpoint = f"endpoint-{shared.counts().documents}"  # no example knows another
    one = incoming(**fields, endpoint=endpoint)
    first = shared.accept(one, NOW)
    assert shared.accept(one, NOW) == first._replace(outcome="duplicate")
    found = shared.status(one.external_id, endpoint, one.locale)
    assert found is not None
    assert found.id == first.document_id
    (job,) = drained(shared)
    assert job.content == one.content


@pytest.mark.parametrize("updated", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_the_ends_of_the_calendar_are_times_too(store: Store, updated: str) -> None:
    assert store.accept(incoming("one", updated="2026-11-20T10:00:00Z"), NOW).outcome == "stored"
    late = store.accept(incoming("two", updated=updated), NOW)
    assert late.outcome == ("stale" if updated.startswith("0001") else "stored")


@pytest.mark.parametrize("field", ["external_id", "locale", "delivery_id", "revision", "updated"])
def test_an_endless_identifier_is_refused(field: str) -> None:
    incoming(**{field: "x" * NAME_LIMIT})
    with pytest.raises(ValueError, match="identifier"):
        incoming(**{field: "x" * (NAME_LIMIT + 1)})


def test_a_document_needs_an_identifier() -> None:
    with pytest.raises(ValueError, match="identifier"):
        incoming(external_id="")
