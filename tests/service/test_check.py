"""The gate: what it answers, in how long, and what it does when its workers are slow, busy or dead."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.service.conftest import BAD, CLEAN, ENVIRONMENT, TOKEN, WARNED, Server, served, until

AUTHORIZATION = {"authorization": f"Bearer {TOKEN}"}
GATE = "workers: 1\ndeadline_seconds: 1.5\ncheck_tokens: [{env: CHECK_TOKEN}]"

# Words in a draft by which a worker becomes slow, faulty, or ends: of the tests alone.
STUMBLE = """
import os, sys, time
import claimlint.service.requests as requests
requests._BODY_SECONDS = 2.0
if "--multiprocessing-fork" in sys.argv:
    import claimlint.service.checking as checking
    answered = checking.answered
    def stumble(task, cache):
        text = b" ".join(getattr(one, "data", b"") for one in getattr(task, "texts", ()))
        if b"SLOWLY" in text:
            time.sleep(600)
        if b"HALFASECOND" in text:
            time.sleep(0.5)
        if b"DIE" in text:
            os._exit(9)
        if b"FAULT" in text:
            raise KeyError("words of the draft")
        return answered(task, cache)
    checking.answered = stumble
"""


# Rules that take long to load, once: as on a slow machine with a market that was never asked for.
LOADING = """
import os, sys, time
if "--multiprocessing-fork" in sys.argv:
    from claimlint.workshop import Workshop
    prepare = Workshop.prepare
    def slow(self, names=()):
        if self.config.markets == ("kr",) and not os.path.exists("loaded"):
            time.sleep(4)
            open("loaded", "w").close()
        return prepare(self, names)
    Workshop.prepare = slow
"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with served(tmp_path_factory.mktemp("gate"), GATE, program=STUMBLE) as server:
        yield server


# Answers


@pytest.mark.parametrize(("text", "verdict"), [(BAD, "block"), (CLEAN, "pass")])
def test_the_verdict_is_in_the_report(everything: Server, text: str, verdict: str) -> None:
    for answer in (
        everything.check({"content": text}),
        everything.check(text.encode(), "text/plain"),
        everything.check(text.encode(), "text/markdown; charset=utf-8"),
        everything.check(f"<p>{text}</p>".encode(), "TEXT/HTML"),
    ):
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        (document,) = answer.json["documents"]
        assert document["verdict"] == verdict
    assert everything.logged("gate answered")[-1]["verdict"] == verdict


@pytest.mark.parametrize(
    ("text", "level", "fails"),
    [
        (BAD, "error", "true"),
        (BAD, "never", "false"),
        (CLEAN, "warning", "false"),
        (WARNED, "error", "false"),
        (WARNED, "warning", "true"),
    ],
)
def test_a_level_of_failing_can_be_named(
    everything: Server, text: str, level: str, fails: str
) -> None:
    answer = everything.check({"content": text, "fail_on": level})
    assert (answer.status, answer.headers["claimlint-fails"]) == (200, fails)


def test_a_title_is_checked_with_the_text(everything: Server) -> None:
    answer = everything.check({"title": BAD, "content": CLEAN, "name": "blog:7"})
    (document,) = answer.json["documents"]
    assert (document["path"], document["verdict"]) == ("blog:7", "block")
    assert document["findings"][0]["span"]["start"]["place"].startswith("title")


def test_a_market_can_be_named(everything: Server) -> None:
    asked = everything.check({"content": CLEAN, "market": ["kr"]})
    assert asked.json["tool"]["ruleset"]["markets"] == ["kr"]
    raw = everything.check(CLEAN.encode(), "text/plain", "/check?market=us-fl,us&name=a.txt")
    assert raw.json["tool"]["ruleset"]["markets"] == ["us", "us-fl"]
    assert raw.json["documents"][0]["path"] == "a.txt"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "no request"),
        (b"{", 400, "no request"),
        (b"[]", 400, "no request"),
        (b"{}", 400, "content"),
        (b'{"content": "x", "contents": "y"}', 400, "contents"),
        (b'{"content": "x", "market": "us"}', 400, "market"),
        (b'{"content": "x", "fail_on": "all"}', 400, "fail_on"),
        (b'{"content": "x", "name": "' + b"n" * 301 + b'"}', 400, "name"),
        (b'{"content": NaN}', 400, "no request"),
        (b"\xff", 400, "no request"),
        (b'{"content": "x", "format": "docx"}', 422, "format must be one of"),
        (b'{"content": "x", "format": "wiki"}', 422, "format must be one of"),
        (b'{"content": 7}', 422, "content must be text"),
        (b'{"content": null}', 422, "content must be text"),
        (b'{"content": {"type": "doc"}}', 422, "content must be text"),
        (b'{"content": 7, "format": "lexical"}', 422, "content must be a rich-text tree"),
        (b'{"content": "{", "format": "lexical"}', 422, ""),
        (b'{"content": "x", "market": ["atlantis"]}', 422, "atlantis"),
        (b'{"content": "x", "market": [""]}', 400, "market"),
        (b'{"content": ' + b"[" * 250 + b"]" * 250 + b', "format": "lexical"}', 422, "nested"),
        (b"[" * 500_000, 422, "nested"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_told(
    everything: Server, body: bytes, status: int, said: str
) -> None:
    answer = everything.check(body)
    assert answer.status == status, answer
    assert said in answer.detail
    assert "\n" not in answer.detail


@pytest.mark.parametrize("depth", [60, 150, 199])
@pytest.mark.parametrize(
    "form", ["prosemirror", "lexical", "contentful", "portable_text", "strapi_blocks", "editorjs"]
)
def test_a_deep_tree_is_refused_or_read(everything: Server, form: str, depth: int) -> None:
    node: Any = {"type": "text", "text": BAD}
    for _ in range(depth // 2):
        node = (
            {"type": "paragraph", "nodeType": "quote", "children": [node], "content": [node]}
            if depth < 100
            else {"type": "paragraph", "children": [node]}
        )
        if depth < 100 and len(json.dumps(node)) > 20_000:
            break
    answer = everything.check(
        {"content": {"type": "doc", "root": node, "content": [node]}, "format": form}
    )
    assert answer.status in (200, 422)
    if answer.status == 200:  # what was not understood is never passed
        assert answer.json["documents"][0]["verdict"] in ("review", "block")


def test_an_unknown_market_in_the_address_is_422(everything: Server) -> None:
    for query in ("market=atlantis", "market=", "market=us,,", "market=%00"):
        answer = everything.check(CLEAN.encode(), "text/plain", f"/check?{query}")
        assert answer.status == 422, query
        assert answer.detail


@pytest.mark.parametrize(
    "name", ["%00", "../../x", "a%0ab", "%ff%fe", "x" * 5000, "", "%F0%9F%A6%B5", "%ED%A0%80"]
)
def test_any_name_will_do(everything: Server, name: str) -> None:
    answer = everything.check(CLEAN.encode(), "text/plain", f"/check?name={name}")
    assert answer.status == 200
    assert len(answer.json["documents"][0]["path"]) <= 300


@pytest.mark.parametrize(
    "media_type", ["", "text/xml", "application/pdf", "multipart/form-data", "json"]
)
def test_another_media_type_is_415(everything: Server, media_type: str) -> None:
    answer = everything.check(b"x", media_type)
    assert answer.status == 415
    assert "text/markdown" in answer.detail


def test_a_compressed_body_is_415(everything: Server) -> None:
    answer = everything.ask(
        "POST", "/check", b"x", content_type="text/plain", content_encoding="gzip", **AUTHORIZATION
    )
    assert answer.status == 415


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xfc",
    ],
)
def test_without_the_token_nothing_is_checked(everything: Server, given: str) -> None:
    answer = everything.ask("POST", "/check", b"x", content_type="text/plain", authorization=given)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.detail
    assert everything.ask("POST", "/check", b"x").status == 401


def test_a_body_above_the_limit_is_413(everything: Server) -> None:
    answer = everything.check(b"a" * ((2 << 20) + 1), "text/plain")
    assert answer.status == 413
    # Also to one who asks first.
    with everything.connect() as line:
        head = (
            f"POST /check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n"
            "expect: 100-continue\r\ncontent-length: 9999999\r\n\r\n"
        )
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_empty_docx_and_a_broken_one_are_told_apart_from_text(everything: Server) -> None:
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    for body in (b"", b"PK\x03\x04", b"hello"):
        answer = everything.check(body, media_type)
        assert answer.status == 422
        assert answer.detail


def test_a_text_of_nothing_is_never_passed(everything: Server) -> None:
    for body in (b"", b" \n", b"\xff\xfe\x00"):
        answer = everything.check(body, "text/plain")
        assert answer.status in (200, 422)
        if answer.status == 200:
            assert answer.json["documents"][0]["verdict"] == "review"


def test_half_of_an_emoji_does_not_hide_the_rest(everything: Server) -> None:
    body = json.dumps({"content": f"{BAD} \ud83e"}).encode()
    assert b"\\ud83e" in body
    assert everything.check(body).json["documents"][0]["verdict"] == "block"


# Time


def test_a_slow_body_is_408(gate: Server) -> None:
    with gate.connect() as line:
        head = (
            f"POST /check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n"
            "content-type: text/plain\r\ncontent-length: 50\r\n\r\n"
        )
        line.sendall(head.encode())
        answer = b""
        while more := line.recv(4096):
            answer += more
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer


def test_a_check_is_ended_at_its_deadline(gate: Server) -> None:
    (before,) = gate.workers()
    answer = gate.check({"content": "SLOWLY"})
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "too long" in answer.detail
    assert gate.logged("gate failed")[-1]["reason"] == answer.detail
    until(lambda: gate.workers() and gate.workers() != [before])
    until(lambda: gate.check({"content": BAD}).status == 200)


def test_a_large_document_cannot_outstay_the_deadline(gate: Server) -> None:
    """No help from a test's hook here: two megabytes of claims take longer than a second and a half."""
    text = " ".join(f"{BAD} ({number})." for number in range(16_000))
    answer = gate.check(text.encode()[: 2 << 20], "text/plain")
    assert answer.status == 503
    until(lambda: gate.check({"content": CLEAN}).status == 200)


def test_a_worker_that_dies_over_a_document_is_replaced(gate: Server) -> None:
    answer = gate.check({"content": "DIE"})
    assert answer.status == 503
    assert "ended over the document" in answer.detail
    until(lambda: gate.check({"content": CLEAN}).status == 200)


def test_a_fault_over_a_document_is_told_without_its_words(gate: Server) -> None:
    answer = gate.check({"content": "FAULT"})
    assert answer.status == 503
    assert answer.detail == "the check failed over the document (KeyError)"
    assert "words of the draft" not in gate.log_file.read_text("utf-8")
    until(lambda: gate.check({"content": CLEAN}).status == 200)


def test_an_idle_worker_that_is_killed_is_replaced(gate: Server) -> None:
    until(lambda: gate.check({"content": CLEAN}).status == 200)
    before = gate.workers()
    for number in before:
        os.kill(number, signal.SIGKILL)
    until(lambda: len(found := gate.workers()) == 1 and found != before)  # also when nobody asks
    until(lambda: gate.check({"content": CLEAN}).status == 200)


def test_who_comes_to_a_busy_service_is_told_to_come_again(gate: Server) -> None:
    until(lambda: gate.check({"content": CLEAN}).status == 200)
    with ThreadPoolExecutor(9) as several:
        first = several.submit(gate.check, {"content": "SLOWLY"})
        time.sleep(0.2)
        others = [several.submit(gate.check, {"content": CLEAN}) for _ in range(8)]
        assert first.result().status == 503
        for other in others:
            answer = other.result()
            assert answer.status == 503
            assert answer.headers["retry-after"] == "5"
            assert answer.detail == "all workers are busy"
        assert several.submit(gate.get, "/healthz").result().status == 200
    until(lambda: gate.check({"content": CLEAN}).status == 200)


def test_who_waited_long_does_not_cost_a_sound_worker(gate: Server) -> None:
    """Twelve drafts of half a second for one worker: some are answered, none is ended half done."""
    until(lambda: gate.check({"content": CLEAN}).status == 200)
    workers = gate.workers()
    with ThreadPoolExecutor(12) as several:
        answers = list(several.map(gate.check, [{"content": "HALFASECOND"}] * 12))
    assert {answer.status for answer in answers} == {200, 503}
    assert {a.detail for a in answers if a.status == 503} == {"all workers are busy"}
    assert gate.workers() == workers


def test_rules_that_take_longer_to_load_than_a_check_may_are_loaded_in_the_end(
    tmp_path: Path,
) -> None:
    with served(tmp_path, GATE, program=LOADING) as server:
        workers = server.workers()
        first = server.check({"content": BAD, "market": ["kr"]})
        assert (first.status, first.detail) == (503, "the rules for this are being loaded")
        answer = until(
            lambda: (a := server.check({"content": BAD, "market": ["kr"]})).status == 200 and a
        )
        assert answer.json["tool"]["ruleset"]["markets"] == ["kr"]
        assert server.workers() == workers


def test_a_market_that_does_not_exist_costs_no_worker_anything(gate: Server) -> None:
    until(lambda: gate.check({"content": CLEAN}).status == 200)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(gate.check, {"content": "SLOWLY"})
        time.sleep(0.2)
        answer = gate.check({"content": CLEAN, "market": ["us-fla"]})
        assert not slow.done()
    assert answer.status == 422
    assert answer.detail == 'unknown market "us-fla"; did you mean "us-fl"?'
    until(lambda: gate.check({"content": CLEAN}).status == 200)


def test_the_event_loop_is_free_while_a_draft_is_checked(gate: Server) -> None:
    until(lambda: gate.check({"content": CLEAN}).status == 200)
    slow = threading.Thread(target=gate.check, args=({"content": "HALFASECOND"},))
    slow.start()
    asked = 0
    while slow.is_alive():
        assert gate.get("/healthz").status == 200
        asked += 1
    assert asked > 5


def test_who_hangs_up_in_mid_check_leaves_the_worker_to_others(gate: Server) -> None:
    until(lambda: gate.check({"content": CLEAN}).status == 200)
    workers = gate.workers()
    body = b'{"content": "HALFASECOND"}'
    head = (
        f"POST /check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with gate.connect() as line:
        line.sendall(head.encode() + body)
        time.sleep(0.1)
    assert gate.check({"content": CLEAN}).status == 200
    assert gate.workers() == workers
    assert gate.logged("failure") == []


# As a service


def test_a_stop_finishes_what_is_being_checked(tmp_path: Path) -> None:
    with served(tmp_path, GATE, program=STUMBLE) as server, ThreadPoolExecutor(1) as other:
        workers = server.workers()
        asked = other.submit(server.check, {"content": f"HALFASECOND {BAD}"})
        time.sleep(0.2)
        assert server.stop() == 0
        assert asked.result().json["documents"][0]["verdict"] == "block"
        assert [line["event"] for line in server.lines()][-1] == "stopped"
        until(lambda: not any(Path(f"/proc/{number}").exists() for number in workers))


def test_workers_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    with served(tmp_path, GATE) as server:
        workers = server.workers()
        assert workers
        server.process.kill()
        until(lambda: not any(Path(f"/proc/{number}").exists() for number in workers))


def test_without_tokens_on_loopback_anybody_may_ask(tmp_path: Path) -> None:
    with served(tmp_path, "workers: 1\nendpoints: []", environment=ENVIRONMENT) as server:
        answer = server.ask("POST", "/check", CLEAN.encode(), content_type="text/plain")
        assert answer.status == 200
