"""Deliveries of every CMS over a real connection: what is taken, what is refused, what is answered."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook
from tests.service import senders
from tests.service.conftest import BAD, CLEAN, EVERY_ENDPOINT, WARNED, Answer, Server, served
from tests.service.senders import EVERY, Cms

BY_NAME = {cms.endpoint: cms for cms in EVERY}
STD = BY_NAME["std"]
NEVER = {202, 204, 301, 302, 303, 307, 308, 410}


def sent(server: Server, cms: Cms, body: bytes, at: float | None = None, **more: str) -> Answer:
    headers = cms.signed(body, at if at is not None else time.time()) | more
    answer = server.deliver(cms.path, body, headers)
    assert answer.status not in NEVER
    assert answer.headers["content-type"] in ("application/json", "application/problem+json")
    return answer


def outcomes(answer: Answer) -> list[str]:
    assert answer.status == 200, answer
    return [one["outcome"] for one in answer.json["documents"]]


@pytest.mark.parametrize("cms", EVERY, ids=lambda cms: cms.endpoint)
def test_a_draft_of_every_cms_is_taken_and_judged(everything: Server, cms: Cms) -> None:
    for name, text, verdict in (("bad", BAD, "block"), ("good", CLEAN, "pass")):
        answer = sent(everything, cms, cms.body(name, 1, text))
        assert outcomes(answer) == ["stored"]
        assert answer.headers["content-type"] == "application/json"
        found = everything.status(cms.endpoint, name, cms.locale)
        assert found["verdict"] == verdict
        assert (found["errors"] > 0) == (verdict == "block")
        assert found["fails"] == (verdict == "block")


@pytest.mark.parametrize("cms", EVERY, ids=lambda cms: cms.endpoint)
def test_what_comes_again_is_a_duplicate(everything: Server, cms: Cms) -> None:
    body = cms.body("again", 1, CLEAN)
    first = sent(everything, cms, body)
    again = sent(everything, cms, body, time.time() + 1)
    assert outcomes(again) == ["duplicate"]
    assert again.json["duplicate"] is True
    assert first.json["duplicate"] is False
    assert first.json["documents"][0]["id"] == again.json["documents"][0]["id"]


@pytest.mark.parametrize("cms", EVERY, ids=lambda cms: cms.endpoint)
def test_a_changed_byte_is_refused(everything: Server, cms: Cms) -> None:
    body = cms.body("changed", 1, CLEAN)
    headers = cms.signed(body, time.time())
    changed = body.replace(b"insurance", b"insurancf")
    if cms.endpoint in ("strapi", "directus", "prismic", "wpcom"):
        # Nothing is signed there: what can be changed is the secret.
        headers = {name: value.replace("static", "statik") for name, value in headers.items()}
        changed = body.replace(b"secret-in", b"sekret-in")
    path = cms.path.replace("secret-in", "sekret-in")
    answer = everything.deliver(path, changed, headers)
    assert answer.status == 401
    assert answer.detail == "the delivery is not proven genuine"


@pytest.mark.parametrize("cms", EVERY, ids=lambda cms: cms.endpoint)
def test_without_its_proof_a_delivery_is_refused(everything: Server, cms: Cms) -> None:
    body = cms.body("bare", 1, CLEAN).replace(senders.SECRETS["body"].encode(), b"")
    answer = everything.deliver(cms.path.partition("?")[0], body, senders.JSON)
    assert answer.status == 401


@pytest.mark.parametrize("seconds", [-301, 302, -86_400])
@pytest.mark.parametrize(
    "cms", [cms for cms in EVERY if cms.has_time], ids=lambda cms: cms.endpoint
)
def test_a_stale_or_future_time_is_refused(everything: Server, cms: Cms, seconds: int) -> None:
    body = cms.body("stale", 1, CLEAN)
    assert sent(everything, cms, body, time.time() + seconds).status == 401


@pytest.mark.parametrize("cms", EVERY, ids=lambda cms: cms.endpoint)
def test_the_proof_of_another_cms_is_refused(everything: Server, cms: Cms) -> None:
    """Every endpoint, with the headers that every other one would believe."""
    body = cms.body("other", 1, CLEAN)
    own = cms.signed(body, time.time())
    for other in EVERY:
        headers = other.signed(body, time.time())
        if cms.query or headers == own or cms.endpoint == "prismic" or other.signed is cms.signed:
            continue
        if (cms.signed, other.signed) == (senders.ghost_legacy, senders.ghost):
            continue  # the same header; its digest is over something else
        assert everything.deliver(cms.path, body, headers).status == 401, other.endpoint


def test_the_former_key_counts_while_keys_are_exchanged(everything: Server) -> None:
    body = STD.body("rotated", 1, CLEAN)
    headers = senders.standard(body, time.time(), key=senders.OLD_KEY)
    assert everything.deliver(STD.path, body, headers).status == 200
    headers = senders.standard(body, time.time(), key=b"x" * 32)
    assert everything.deliver(STD.path, body, headers).status == 401


def test_what_the_client_of_standard_webhooks_signs_is_taken(everything: Server) -> None:
    import datetime

    body = STD.body("client", 1, BAD)
    moment = datetime.datetime.now(datetime.UTC)
    proof = Webhook(senders.SECRETS["standard"]).sign("msg_client", moment, body.decode())
    headers = {
        "webhook-id": "msg_client",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": proof,
    }
    assert outcomes(everything.deliver(STD.path, body, headers)) == ["stored"]
    assert everything.status("std", "client")["verdict"] == "block"


@pytest.mark.parametrize(("endpoint", "fails"), [("std", False), ("wp", True)])
def test_an_endpoint_has_its_own_level_of_failing(
    everything: Server, endpoint: str, fails: bool
) -> None:
    """The same draft, with warnings only, fails where the endpoint says `fail_on: warning`."""
    cms = BY_NAME[endpoint]
    sent(everything, cms, cms.body("warned", 1, WARNED))
    found = everything.status(cms.endpoint, "warned", cms.locale)
    assert (found["verdict"], found["fails"]) == ("review", fails)


def test_refusals_are_logged_without_secret_or_signature(everything: Server) -> None:
    body = STD.body("logged", 1, "An unusual sentence for the log.")
    headers = senders.standard(body, time.time(), key=b"y" * 32)
    assert everything.deliver(STD.path, body, headers).status == 401
    wpcom = BY_NAME["wpcom"]
    assert sent(everything, wpcom, wpcom.body("logged", 1, CLEAN)).status == 200
    log = everything.log_file.read_text("utf-8")
    assert everything.logged("refused")
    assert everything.logged("refused")[-1]["endpoint"] == "std"
    assert headers["webhook-signature"] not in log
    assert "unusual sentence" not in log
    for secret in senders.SECRETS.values():
        assert secret not in log
        assert secret.removeprefix("whsec_") not in log


def test_secrets_are_not_in_the_store(everything: Server) -> None:
    for name in ("prismic", "wpcom"):
        cms = BY_NAME[name]
        assert outcomes(sent(everything, cms, cms.body("kept", 1, CLEAN)))
    for file in everything.folder.glob("claimlint.sqlite3*"):
        data = file.read_bytes()
        for secret in senders.SECRETS.values():
            assert secret.encode() not in data


# Versions


def test_an_older_revision_that_comes_late_changes_no_verdict(everything: Server) -> None:
    for cms in (STD, BY_NAME["ctf"], BY_NAME["ghost"]):
        assert outcomes(sent(everything, cms, cms.body("late", 8, BAD))) == ["stored"]
        assert everything.status(cms.endpoint, "late", cms.locale)["verdict"] == "block"
        assert outcomes(sent(everything, cms, cms.body("late", 7, CLEAN))) == ["stale"]
        time.sleep(0.3)
        assert everything.status(cms.endpoint, "late", cms.locale)["verdict"] == "block"
        assert outcomes(sent(everything, cms, cms.body("late", 9, CLEAN))) == ["stored"]
        assert everything.status(cms.endpoint, "late", cms.locale)["verdict"] == "pass"


def test_content_alone_is_compared_with_the_latest_version(everything: Server) -> None:
    cms = BY_NAME["storyblok"]
    texts = [CLEAN, BAD, CLEAN, CLEAN]
    found = [outcomes(sent(everything, cms, cms.body("alone", 1, text)))[0] for text in texts]
    assert found == ["stored", "stored", "stored", "duplicate"]


def test_each_locale_is_a_document_of_its_own(everything: Server) -> None:
    cms = BY_NAME["ctf"]
    payload = json.loads(cms.body("locales", 1, BAD))
    body = payload["fields"]["body"]
    body["de-DE"] = json.loads(json.dumps(body["en-US"]).replace(BAD, CLEAN))
    french = (
        "Apportez votre carte et la liste de vos médicaments pour la première visite chez nous."
    )
    body["fr-FR"] = json.loads(json.dumps(body["en-US"]).replace(BAD, french))
    answer = sent(everything, cms, json.dumps(payload).encode())
    assert outcomes(answer) == ["stored"] * 3
    assert len({one["id"] for one in answer.json["documents"]}) == 3
    assert everything.status("ctf", "locales", "en-US")["verdict"] == "block"
    assert everything.status("ctf", "locales", "de-DE")["verdict"] == "pass"
    assert everything.status("ctf", "locales", "fr-FR")["verdict"] == "review"  # not English
    # One locale changes: only that one is new.
    payload["sys"]["version"] = 2
    assert set(outcomes(sent(everything, cms, json.dumps(payload).encode()))) == {"stored"}


def test_a_sanity_draft_is_the_document_that_it_becomes(everything: Server) -> None:
    cms = BY_NAME["sanity"]
    draft = sent(everything, cms, cms.body("drafts.abc", 1, CLEAN))
    published = sent(everything, cms, cms.body("abc", 2, BAD))
    assert draft.json["documents"][0]["id"] == published.json["documents"][0]["id"]
    assert everything.status("sanity", "abc")["verdict"] == "block"
    assert sent(everything, cms, cms.body("drafts.", 1, CLEAN)).status == 200
    other = sent(everything, STD, STD.body("drafts.abc", 1, CLEAN))
    assert outcomes(other) == ["stored"]
    assert everything.status("std", "drafts.abc")["verdict"] == "pass"


# Bodies


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe{}", "no JSON"),
        (b"{}", "names no document"),
        (b'{"data": {"id": true, "content": "x"}}', "names no document"),
        (b'{"data": {"id": {"a": 1}}}', "names no document"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested more than"),
        (b"[" * 100_000, "nested more than"),
    ],
    ids=range(9),
)
def test_a_malformed_body_is_400(everything: Server, body: bytes, reason: str) -> None:
    answer = sent(everything, STD, body)
    assert answer.status == 400
    assert reason in answer.detail


@pytest.mark.parametrize(
    "data",
    [
        {"id": "odd-1", "content": 7, "title": CLEAN},
        {"id": 12345678901234567890123456789, "content": CLEAN},
        {"id": 1e300, "content": CLEAN},
        {"id": "x" * 200, "content": CLEAN},
        {"id": "nul\0\u2028", "content": CLEAN},
        {"id": "half \ud800", "content": "half \udfff", "title": "\ud800", "locale": "\ud800"},
        {"id": "odd-2", "content": CLEAN, "revision": -1, "updated_at": "never", "url": ["x"]},
        {"id": "odd-3", "content": CLEAN, "revision": 10**40, "locale": "l" * 200},
        {"id": "../../etc/passwd", "content": CLEAN, "title": "<script>alert(1)</script>"},
    ],
    ids=range(9),
)
def test_odd_values_are_taken(everything: Server, data: dict[str, Any]) -> None:
    answer = sent(everything, STD, json.dumps({"data": data}).encode())
    assert outcomes(answer) == ["stored"]


@pytest.mark.parametrize("name", ["id", "locale", "revision", "updated_at"])
def test_a_name_that_would_have_to_be_cut_is_refused(everything: Server, name: str) -> None:
    data = {"id": "odd-4", "content": CLEAN, name: "x" * 5000}
    answer = sent(everything, STD, json.dumps({"data": data}).encode())
    assert (answer.status, "more than 200 characters" in answer.detail) == (400, True)


def test_a_number_longer_than_numbers_are_is_no_fault_of_ours(everything: Server) -> None:
    body = b'{"data": {"id": "big", "content": "Knees.", "revision": ' + b"9" * 6000 + b"}}"
    assert sent(everything, STD, body).status in (200, 400)


def test_locales_without_bound_are_refused(everything: Server) -> None:
    cms = BY_NAME["ctf"]
    payload = json.loads(cms.body("many", 1, CLEAN))
    payload["fields"]["title"] = {f"l{number}": "Knees" for number in range(5000)}
    answer = sent(everything, cms, json.dumps(payload).encode())
    assert (answer.status, "locales" in answer.detail) == (400, True)
    payload["fields"]["title"] = {"l" * 5000: "Knees"}
    answer = sent(everything, cms, json.dumps(payload).encode())
    assert (answer.status, "locale" in answer.detail) == (400, True)


def test_a_payload_without_a_text_is_taken_and_ignored(everything: Server) -> None:
    answer = sent(everything, STD, b'{"data": {"id": "empty", "content": " "}}')
    assert answer.status == 200
    assert "no text" in answer.json["ignored"]
    cms = BY_NAME["storyblok"]
    thin = {"text": "x", "action": "published", "space_id": 1, "story_id": 7, "full_slug": "a"}
    assert "no text" in sent(everything, cms, json.dumps(thin).encode()).json["ignored"]


def test_a_body_at_the_limit_is_taken_and_one_above_it_is_not(everything: Server) -> None:
    limit = 2 << 20
    empty = STD.body("large", 1, "")
    for size, status in ((limit, 200), (limit + 1, 413), (3 * limit, 413)):
        body = empty.replace(
            b"<p>", b"<p>" + b"a " * ((size - len(empty)) // 2) + b"a" * (size % 2)
        )
        body += b" " * (size - len(body))
        assert len(body) == size
        answer = sent(everything, STD, body)
        assert answer.status == status, size
        if status == 413:
            assert "larger than 2,097,152 bytes" in answer.detail


# The protocol


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_405(everything: Server, method: str) -> None:
    answer = everything.ask(method, STD.path)
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/hooks/std/", "/hooks/std//", "//hooks/std", "/hooks", "/hooks/nobody", "/hooks/STD"]
)
def test_there_is_no_redirect(everything: Server, path: str) -> None:
    body = STD.body("slash", 1, CLEAN)
    answer = everything.deliver(path, body, senders.standard(body, time.time()))
    assert answer.status == 404
    assert answer.detail


def test_a_compressed_body_is_refused(everything: Server) -> None:
    body = STD.body("zip", 1, CLEAN)
    assert sent(everything, STD, body, content_encoding="gzip").status == 415


def chunks(size: int) -> Iterator[bytes]:
    piece = b"%x\r\n%b\r\n" % (size, b"a" * size)
    while True:
        yield piece


def memory_kb(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


@pytest.mark.parametrize("size", [1, 65_536])
def test_an_endless_body_is_refused_and_not_held(everything: Server, size: int) -> None:
    before = memory_kb(everything)
    with everything.connect() as line:
        line.sendall(b"POST /hooks/std HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        sent_bytes = 0
        piece = next(chunks(size)) * (4096 if size == 1 else 1)
        try:
            while sent_bytes < 200 << 20:
                line.sendall(piece)
                sent_bytes += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent_bytes < 100 << 20  # it hung up
    assert memory_kb(everything) - before < 60_000
    assert everything.get("/healthz").status == 200


def test_an_endless_body_is_told_so(everything: Server) -> None:
    with everything.connect() as line:
        line.sendall(b"POST /hooks/std HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        line.sendall(next(chunks(65_536)) * 40)  # 2.6 MB, and then silence with the line open
        line.sendall(b"0\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "opening",
    [b"POST /hooks/std HTTP/1.1\r\nhost: x\r\n", b"POST /hooks/std HTTP/1.1\r\nx-one: ", b"POST /"],
    ids=["headers", "header", "path"],
)
def test_an_endless_head_is_refused_and_not_held(everything: Server, opening: bytes) -> None:
    before = memory_kb(everything)
    piece = b"x-more: aaaaaaaaaaaaaaaa\r\n" * 400 if opening.endswith(b"\n") else b"a" * 10_000
    with everything.connect() as line:
        line.sendall(opening)
        sent_bytes = 0
        try:
            while sent_bytes < 100 << 20:
                line.sendall(piece)
                sent_bytes += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent_bytes < 50 << 20
    assert memory_kb(everything) - before < 40_000


def test_endless_trailers_are_not_held(everything: Server) -> None:
    before = memory_kb(everything)
    with everything.connect() as line:
        line.sendall(
            b"POST /hooks/std HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        )
        piece = b"x-more: aaaaaaaaaaaaaaaa\r\n" * 400
        sent_bytes = 0
        try:
            while sent_bytes < 150 << 20:
                line.sendall(piece)
                sent_bytes += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent_bytes < 100 << 20
    assert memory_kb(everything) - before < 60_000


def test_a_sender_that_hangs_up_costs_nothing(everything: Server) -> None:
    body = STD.body("gone", 1, CLEAN)
    head = "POST /hooks/std HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"
    for _ in range(5):
        with everything.connect() as line:
            line.sendall(head.encode() + body)
    assert everything.get("/healthz").status == 200
    assert not everything.logged("failure")


def test_no_fault_of_ours_was_met(everything: Server) -> None:
    assert everything.get("/readyz").status == 200
    assert everything.logged("failure") == []


def test_behind_a_path_of_the_proxy_the_cms_has_signed_the_whole_path(tmp_path: Path) -> None:
    """A proxy takes the path of public_url away before it passes a delivery on."""
    section = EVERY_ENDPOINT.replace("hooks.example.com", "hooks.example.com/lint")
    with served(tmp_path, section) as server:
        body = BY_NAME["ctf"].body("x", 1, CLEAN)
        for path, status in (("/lint/hooks/ctf", 200), ("/hooks/ctf", 401)):
            headers = senders.contentful(body, time.time(), path)
            assert server.deliver("/hooks/ctf", body, headers).status == status, path
