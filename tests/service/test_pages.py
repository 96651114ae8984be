"""The pages for people: who gets in, what is refused, and what a decision changes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.service.conftest import Server, served, until
from tests.service.deliveries import incoming
from tests.service.visitor import (
    BAD,
    ENDPOINTS,
    JO,
    MINA,
    REVIEWERS,
    Visitor,
    deliver,
    digest,
    verdict,
)

from claimlint import audit_file
from claimlint.config import Config, Suppressions
from claimlint.config.serve import ServePart
from claimlint.errors import DefinitionError
from claimlint.model.report import Report
from claimlint.service.decisions import KEPT, with_stored
from claimlint.service.pages_list import age, cursor_of, written
from claimlint.service.pages_settings import PagesSettings, Proxy
from claimlint.service.settings import prepared
from claimlint.service.signin import (
    SESSION_SECONDS,
    Failures,
    Session,
    Sessions,
    named_by,
    reviewer_of,
)
from claimlint.service.store import Cursor, NewDecision, Store, StoredDecision

ROOT = Path(__file__).parent.parent.parent
CURE = "cure/claims-a-cure"
GATE = "workers: 2\ncheck_tokens: [{env: CHECK_TOKEN}]"
NOW = 1_763_640_000.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    serve = f"{GATE}\naudit_log: audit.jsonl\n{REVIEWERS.strip()}\n{ENDPOINTS.strip()}"
    with served(tmp_path_factory.mktemp("pages"), serve) as found:
        yield found


@pytest.fixture(scope="module")
def mina(server: Server) -> Visitor:
    return Visitor(server)


def entries(server: Server) -> list[dict[str, Any]]:
    """The decisions in the audit log, which has to be sound."""
    log = server.folder / "audit.jsonl"
    if not log.exists():
        return []
    assert audit_file.verify(str(log)).fault is None
    return [json.loads(line) for line in log.read_text().splitlines()]


def number_of_decisions(server: Server) -> int:
    ((found,),) = server.rows("SELECT count(*) FROM decisions")
    return int(found)


# Who gets in


def test_without_reviewers_there_are_no_pages(everything: Server) -> None:
    for path in ("/documents", "/documents/1", "/documents/1/review", "/login"):
        assert everything.get(path).status == 404
    assert everything.ask("POST", "/login", b"token=x").status == 404


@pytest.mark.parametrize("path", ["/documents", "/documents/1", "/documents/1/review"])
def test_a_stranger_is_sent_to_the_sign_in(server: Server, path: str) -> None:
    answer = Visitor(server, None).get(path)
    assert (answer.status, answer.headers["location"]) == (303, f"/login?next={path}")
    assert answer.headers["cache-control"] == "no-store"


def test_a_stranger_decides_nothing(server: Server, mina: Visitor) -> None:
    document = deliver(server, "stranger")
    form = mina.form(document, CURE, decision="waive", reason="because")
    before = number_of_decisions(server)
    answer = Visitor(server, None).post(f"/documents/{document}/decide", form)
    assert answer.status == 401
    assert number_of_decisions(server) == before


def test_the_cookie_is_for_this_site_and_no_script(server: Server) -> None:
    answer = Visitor(server, None).sign_in(MINA, next="/documents/7")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/documents/7"
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert MINA not in cookie


@pytest.mark.parametrize(
    "following",
    [
        "//evil.example",
        "https://evil.example/documents",
        "/documents/1/decide",
        "/\\evil",
        "",
        "/documents/1\n",
    ],
)
def test_the_sign_in_leads_to_pages_of_ours_only(server: Server, following: str) -> None:
    answer = Visitor(server, None).sign_in(MINA, next=following)
    assert (answer.status, answer.headers["location"]) == (303, "/documents")


def test_a_wrong_token_is_told_and_never_logged(server: Server) -> None:
    visitor = Visitor(server, None)
    answer = visitor.sign_in("no-token-of-anybody")
    assert answer.status == 401
    assert b"not known here" in answer.body
    assert visitor.cookie == ""
    visitor.sign_in(MINA)
    log = server.log_file.read_text()
    assert "no-token-of-anybody" not in log
    assert MINA not in log
    assert server.logged("sign-in refused")[-1]["address"] == "127.0.0.1"
    assert server.logged("signed in")[-1]["by"] == "Dr. Mina Lee"


def test_a_changed_or_foreign_cookie_lets_nobody_in(server: Server) -> None:
    other = Sessions(settings())
    forged = other.cookie(other.begin("Dr. Mina Lee", "token", time.time()))
    visitor = Visitor(server)
    name, _, value = visitor.cookie.partition("=")
    payload, _, sign = value.partition(".")
    for cookie in (forged, f"{payload}.{sign[:-1]}x", f"{payload}x.{sign}", payload, ".", "", "é"):
        assert visitor.get("/documents", cookie=f"{name}={cookie}").status == 303
    assert visitor.get("/documents").status == 200


def test_signing_out_ends_the_session_everywhere(server: Server) -> None:
    visitor = Visitor(server)
    stolen = visitor.cookie
    page = visitor.get("/documents").body.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token is not None
    assert visitor.post("/logout", {"form_token": "another"}).status == 403
    assert visitor.post("/logout", {"form_token": token[1]}).status == 303
    assert visitor.get("/documents", cookie=stolen).status == 303
    assert Visitor(server).get("/documents").status == 200


def test_guessing_is_limited_and_locks_nobody_out(tmp_path: Path) -> None:
    with served(tmp_path, f"workers: 1\n{REVIEWERS.strip()}") as found:
        visitor = Visitor(found, None)
        assert {visitor.sign_in(f"guess {number}").status for number in range(10)} == {401}
        answer = visitor.sign_in("guess 11")
        assert answer.status == 429
        assert 0 < int(answer.headers["retry-after"]) <= 900
        assert visitor.cookie == ""
        assert visitor.sign_in(MINA).status == 303
        assert visitor.get("/documents").status == 200
        assert Visitor(found, None).sign_in("guess 12").status == 429


def test_failures_count_for_one_address_and_for_all_and_are_forgotten() -> None:
    failures = Failures()
    for number in range(10):
        assert failures.wait_seconds("2001:db8::1", number) == 0
        failures.add("2001:db8::1", number)
    assert failures.wait_seconds("2001:db8::2", 10) == 890  # the same network
    assert failures.wait_seconds("2001:db8:0:1::1", 10) == 0
    assert failures.wait_seconds("2001:db8::1", 900) == 0
    for number in range(1000):
        address = f"10.0.{number >> 8}.{number & 255}"
        if not failures.wait_seconds(address, 950):
            failures.add(address, 950)
    assert len(failures._lately) == 200
    assert failures.wait_seconds("192.0.2.1", 951) == 899
    assert failures.wait_seconds("192.0.2.1", 1850) == 0


def settings(**changes: Any) -> PagesSettings:
    part = msgspec.convert(
        {
            "reviewers": [
                {"name": "Dr. Mina Lee", "token_sha256": digest(MINA)},
                {"name": "Jo Intern", "token_sha256": digest(JO)},
            ]
        },
        ServePart,
    )
    made = PagesSettings(part.reviewers, None, b"k" * 32, None, None, "", "", (), heeded=True)
    return made._replace(**changes)


def test_every_token_is_compared_and_the_right_one_found() -> None:
    reviewers = settings().reviewers
    assert reviewer_of(JO, reviewers) is reviewers[1]
    assert reviewer_of(digest(JO), reviewers) is None
    assert reviewer_of("", reviewers) is None
    assert reviewer_of("\udcff", reviewers) is None


def test_a_session_ends_after_eight_hours() -> None:
    sessions = Sessions(settings())
    cookie = sessions.cookie(sessions.begin("Jo Intern", "token", NOW))
    opened = sessions.opened(cookie, NOW + SESSION_SECONDS - 1)
    assert opened is not None
    assert opened.name == "Jo Intern"
    assert sessions.opened(cookie, NOW + SESSION_SECONDS) is None


def test_with_a_key_of_the_configuration_sessions_outlast_a_restart_but_not_their_token() -> None:
    cookie = Sessions(settings()).cookie(Session("Jo Intern", "token", int(NOW) + 9, "id"))
    assert Sessions(settings()).opened(cookie, NOW) is not None
    gone = settings(reviewers=settings().reviewers[:1])
    assert Sessions(gone).opened(cookie, NOW) is None
    (first, second) = settings().reviewers
    exchanged = msgspec.structs.replace(second, token_sha256="0" * 64)
    assert Sessions(settings(reviewers=(first, exchanged))).opened(cookie, NOW) is None
    assert Sessions(settings(session_key=b"j" * 32)).opened(cookie, NOW) is None


def test_a_cookie_of_the_proxy_is_none_of_a_reviewer() -> None:
    sessions = Sessions(settings())
    session = sessions.begin("Jo Intern", "proxy", NOW)
    claimed = sessions.cookie(session._replace(way="token")).partition(".")[0]
    sign = sessions.cookie(session).partition(".")[2]
    assert sessions.opened(f"{claimed}.{sign}", NOW) is None
    assert sessions.form_token(session) != sessions.form_token(session._replace(id="other"))


def test_what_was_signed_out_is_remembered_in_bounded_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("claimlint.service.signin._ENDED_KEPT", 3)
    sessions = Sessions(settings())
    begun = [sessions.begin("Jo Intern", "token", NOW) for _ in range(5)]
    for session in begun:
        sessions.end(session, NOW)
    assert len(sessions._ended) == 3
    assert sessions.opened(sessions.cookie(begun[-1]), NOW) is None


# Over https


def test_behind_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    serve = (
        "workers: 1\npublic_url: https://claims.example.com/lint\n"
        f"check_tokens: [{{env: CHECK_TOKEN}}]\n{REVIEWERS.strip()}"
    )
    with served(tmp_path, serve) as found:
        visitor = Visitor(found, None, host="claims.example.com")
        origin = "https://claims.example.com"
        refused = visitor.post("/login", {"token": MINA}, origin="http://claims.example.com")
        assert refused.status == 403
        answer = visitor.post("/login", {"token": MINA}, origin=origin)
        assert (answer.status, answer.headers["location"]) == (303, "/lint/documents")
        assert answer.headers["set-cookie"].startswith("__Host-claimlint=")
        assert "secure" in answer.headers["set-cookie"].lower()
        assert b'href="/lint/documents"' in visitor.get("/documents").body
        # A proxy that passes the request on under its own name for us is as good.
        local = Visitor(found, None)
        assert local.post("/login", {"token": MINA}, origin=origin).status == 303


# Which requests are answered at all


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:8020", "127.0.0.1.nip.io", "a@localhost", ""]
)
def test_a_name_that_anybody_could_point_here_is_refused(server: Server, host: str) -> None:
    answer = Visitor(server, None).get("/login", host=host)
    assert answer.status in (400, 421)
    assert b"<form" not in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
    ],
)
def test_another_origin_can_post_nothing(
    server: Server, mina: Visitor, headers: dict[str, str]
) -> None:
    document = deliver(server, "origin")
    form = mina.form(document, CURE, decision="waive", reason="because")
    before = number_of_decisions(server)
    for path in (f"/documents/{document}/decide", "/logout", "/login"):
        assert mina.post(path, {**form, "token": MINA}, **headers).status == 403
    assert number_of_decisions(server) == before


def test_a_form_of_another_session_is_refused(server: Server, mina: Visitor) -> None:
    document = deliver(server, "csrf")
    before = number_of_decisions(server)
    own = mina.form(document, CURE, decision="waive", reason="because")
    others = Visitor(server, JO).form(document, CURE)
    for token in ("", "0" * 64, "\u00e9", others["form_token"]):
        answer = mina.post(f"/documents/{document}/decide", {**own, "form_token": token})
        assert answer.status == 403
        assert b"no longer valid" in answer.body
    assert number_of_decisions(server) == before


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"token=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"a=b&" * 100, "application/x-www-form-urlencoded", 400),
        (b"token=a&token=b", "application/x-www-form-urlencoded", 400),
        ("token=é".encode(), "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    server: Server, body: bytes, media_type: str, status: int
) -> None:
    answer = Visitor(server, None).post("/login", body, content_type=media_type)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/documents", "/documents/999", "/login", "/documents?after=1"])
def test_every_page_has_its_headers(mina: Visitor, path: str) -> None:
    visitor = mina if path != "/login" else Visitor(mina.server, None)
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    for part in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
        assert part in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


# A proxy's word


def test_the_header_of_a_listed_proxy_names_the_person(tmp_path: Path) -> None:
    serve = f"workers: 1\nproxy: {{addresses: [127.0.0.0/8]}}\n{ENDPOINTS.strip()}"
    with served(tmp_path, serve) as found:
        assert Visitor(found, None).get("/documents").status == 303
        assert b"this service takes your name" in Visitor(found, None).get("/login").body
        person = Visitor(found, None, **{"x-remote-user": "Zoë Näme".encode().decode("latin-1")})
        page = person.get("/documents")
        assert page.status == 200
        assert "Zoë Näme" in page.body.decode()
        assert b"Sign out" not in page.body
        document = deliver(found, "proxied")
        answer = person.decide(document, CURE, "waive", reason="because")
        assert answer.status == 303
        assert found.rows("SELECT by, approver FROM decisions") == [("Zoë Näme", "Zoë Näme")]
        # The cookie alone is nobody, and a form is for whom it was made.
        assert person.get("/documents", **{"x-remote-user": ""}).status == 303
        form = person.form(document, CURE, decision="accept")
        other = person.post(f"/documents/{document}/decide", form, **{"x-remote-user": "Eve"})
        assert other.status == 403


def test_the_header_of_anybody_else_counts_for_nothing(tmp_path: Path, server: Server) -> None:
    serve = f"workers: 1\nproxy: {{addresses: [10.0.0.9]}}\n{REVIEWERS.strip()}"
    with served(tmp_path, serve) as found:
        assert Visitor(found, None).get("/documents", x_remote_user="Eve").status == 303
        assert Visitor(found).get("/documents", x_remote_user="Eve").status == 200
    assert Visitor(server, None).get("/documents", x_remote_user="Eve").status == 303


def test_a_proxy_names_one_person() -> None:
    proxy = Proxy("x-remote-user", settings_of(proxy={"addresses": ["10.0.0.9"]}).proxy.networks)
    assert named_by(proxy, "10.0.0.9", ["Ann"]) == "Ann"
    assert named_by(proxy, "::ffff:10.0.0.9", ["Ann"]) == "Ann"
    assert named_by(proxy, "10.0.0.9", [""]) is None
    assert named_by(proxy, "10.0.0.8", ["Ann"]) is None
    assert named_by(proxy, "", ["Ann"]) is None
    for values in (["Ann", "Eve"], ["x" * 101], ["a\x00b"]):
        with pytest.raises(ValueError, match="header"):
            named_by(proxy, "10.0.0.9", values)


# The list and the document


def test_the_list_is_searched_filtered_and_paged(server: Server, mina: Visitor) -> None:
    for number in range(52):
        deliver(
            server,
            f"many-{number}",
            "<p>Bring a list.</p>",
            title=f"Paged {number:02}",
            endpoint="news",
        )
    page = mina.get("/documents?q=PAGED").body.decode()
    titles = re.findall(r"Paged (\d\d)</a>", page)
    assert titles == [f"{number:02}" for number in range(51, 1, -1)]
    older = re.search(r'href="([^"]+)" rel="next"', page)
    assert older is not None
    second = mina.get(older[1].replace("&amp;", "&")).body.decode()
    assert re.findall(r"Paged (\d\d)</a>", second) == ["01", "00"]
    assert "Older documents" not in second
    assert 'href="/documents?q=PAGED">Newest' in second
    assert b"No document fits" in mina.get("/documents?q=paged&verdict=block").body
    for wrong in ("verdict=fine", "after=1", "after=nan_1", "after=1e999_2", "after=x_y"):
        assert mina.get(f"/documents?{wrong}").status == 400


def test_a_cursor_in_an_address_is_ours_or_none() -> None:
    for cursor in (Cursor(NOW, 7), Cursor(NOW + 0.125, 1)):
        assert cursor_of(written(cursor)) == cursor
    for text in ("", "_", "1_2", "1.0_-1", "inf_x", f"1.0_{1 << 63}", "1.0_1_1"):
        assert cursor_of(text) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "just now"), (59, "just now"), (60, "1 minute ago"), (3599, "59 minutes ago"),
     (3600, "1 hour ago"), (86_399, "23 hours ago"), (86_400 * 400, "400 days ago")],
)  # fmt: skip
def test_ages(seconds: float, said: str) -> None:
    assert age(seconds) == said


def test_the_trend_is_told(server: Server, mina: Visitor) -> None:
    deliver(server, "trend", BAD, title="Trendy", revision="1")
    document = deliver(
        server, "trend", "<p>Bring a list of medicines.</p>", title="Trendy", revision="2"
    )
    page = mina.get("/documents?q=trendy").body.decode()
    assert "better: was blocked" in page
    whole = mina.get(f"/documents/{document}").body.decode()
    assert "Promises a cure: <q" in whole.partition("<h3>Fixed</h3>")[2]
    versions = re.findall(r"review\?version=(\d+)", whole)
    assert len(versions) == 2
    since = mina.get(f"/documents/{document}?since={versions[1]}")
    assert since.status == 200
    assert b"What changed" in since.body


def test_markup_in_a_draft_is_text(server: Server, mina: Visitor) -> None:
    title = "<script>alert(1)</script>\u202e\x1b[31m"
    document = deliver(
        server, "<img src=x>", title=title, url="javascript:alert(1)", locale='"><i id=x>'
    )
    for path in ("/documents", f"/documents/{document}", f"/documents/{document}/review"):
        page = mina.get(path).body.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page
        assert "<img" not in page
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert 'href="javascript' not in page
        assert "<i id" not in page


def test_the_review_page_keeps_its_policy_and_is_boxed_in(server: Server, mina: Visitor) -> None:
    document = deliver(server, "review", BAD + "<p>Results are guaranteed.</p>")
    answer = mina.get(f"/documents/{document}/review")
    assert answer.status == 200
    page = answer.body.decode()
    stated = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert stated is not None
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(stated[1].replace("&#39;", "'"))
    assert "script-src 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert ">cure arthritis<" in page


def test_a_review_is_asked_for_by_its_own_document(server: Server, mina: Visitor) -> None:
    one, other = deliver(server, "own-1"), deliver(server, "own-2")
    ((version,),) = server.rows(f"SELECT latest_version_id FROM documents WHERE id = {other}")
    assert mina.get(f"/documents/{other}/review?version={version}").status == 200
    assert mina.get(f"/documents/{one}/review?version={version}").status == 404
    for wrong in ("x", "-1", "1" * 30, ""):
        assert mina.get(f"/documents/{one}/review?version={wrong}").status == 400
    for missing in (
        "/documents/99999",
        "/documents/99999/review",
        f"/documents/{10**30}",
        "/documents/" + 5_000 * "9",
        "/documents/x",
    ):
        assert mina.get(missing).status == 404


def test_many_findings_are_paged_and_every_form_names_its_own(
    server: Server, mina: Visitor
) -> None:
    html = "".join(
        f"<p>Our stem cells cure illness {number} and arthritis.</p>" for number in range(120)
    )
    document = deliver(server, "large", html)
    seen: list[str] = []
    for page in range(1, 20):
        text = mina.get(f"/documents/{document}?page={page}").body.decode()
        seen += re.findall(r'<article class="card [a-z]" id="([^"]+)"', text)
        if f"page={page + 1}" not in text:
            break
    assert len(seen) == len(set(seen)) > 120


# Decisions


def test_a_waiver_changes_the_verdict_at_once_and_for_later_checks(
    server: Server, mina: Visitor
) -> None:
    document = deliver(server, "waived", locale="en", revision="1")
    assert verdict(server, document) == "block"
    before = len(entries(server))
    answer = mina.decide(document, CURE, "waive", reason="  Label\r\n text ", expires="2099-01-31")
    assert answer.status == 303
    assert verdict(server, document) == "review"
    page = mina.get(answer.headers["location"]).body.decode()
    assert "Recorded: waived, by Dr. Mina Lee." in page
    assert "until 2099-01-31: Label text" in page
    (entry,) = entries(server)[before:]
    assert entry["by"] == "Dr. Mina Lee"
    assert entry["kind"] == "decision"
    body = entry["body"]
    assert (body["decision"], body["document"], body["rule"]) == ("waive", "blog:waived:en", CURE)
    assert (body["reason"], body["expires"]) == ("Label text", "2099-01-31")
    assert body["sentence"] == "Our stem cells cure arthritis for good."
    # The same sentence in a later version, and at the gate under the document's name.
    deliver(server, "waived", f"{BAD}<p>Come by.</p>", locale="en", revision="2")
    assert verdict(server, document) == "review"
    gate = server.check({"content": BAD, "format": "html", "name": "blog:waived:en"}).json
    (cure,) = [one for one in gate["documents"][0]["findings"] if one["rule"] == CURE]
    assert cure["suppressed"] == {
        "by": "waiver", "reason": "Label text", "approver": "Dr. Mina Lee", "expires": "2099-01-31",
    }  # fmt: skip
    other = server.check({"content": BAD, "format": "html", "name": "blog:other"}).json
    assert all(one["suppressed"] is None for one in other["documents"][0]["findings"])
    # Withdrawn, it is raised again.
    assert mina.decide(document, CURE, "withdraw").status == 303
    assert verdict(server, document) == "block"
    assert entries(server)[-1]["body"]["decision"] == "withdraw"
    status = server.status("blog", "waived", "en")
    assert status["verdict"] == "block"


def test_a_decision_is_about_one_document_whatever_the_others_are_called(
    server: Server, mina: Visitor
) -> None:
    """An identifier may hold a colon, and look like another one with its locale."""
    colon = deliver(server, "leaflet:de", revision="1")
    german = deliver(server, "leaflet", locale="de", revision="1")
    assert mina.decide(colon, CURE, "waive", reason="Label text").status == 303
    assert (verdict(server, colon), verdict(server, german)) == ("review", "block")

    def let_off(name: str) -> list[bool]:
        gate = server.check({"content": BAD, "format": "html", "name": name}).json
        findings = gate["documents"][0]["findings"]
        return [one["suppressed"] is not None for one in findings if one["rule"] == CURE]

    assert let_off("blog:leaflet:de") == [False]
    assert let_off("blog:leaflet:de:") == [True]


def test_an_edited_sentence_is_raised_again_and_the_decision_is_told(
    server: Server, mina: Visitor
) -> None:
    document = deliver(server, "edited", revision="1")
    assert mina.decide(document, CURE, "false_alarm", reason="a quotation").status == 303
    assert verdict(server, document) == "review"
    deliver(server, "edited", BAD.replace("for good", "for ever"), revision="2")
    assert verdict(server, document) == "block"
    page = mina.get(f"/documents/{document}").body.decode()
    assert "no longer holds: its sentence was edited" in page
    ((report,),) = server.rows(
        "SELECT r.report FROM reviews r JOIN documents d ON d.reviewed_version_id = r.version_id"
        f" WHERE d.id = {document}"
    )
    (note,) = msgspec.json.decode(report, type=Report).suppression_notes
    assert (note.path, note.line, note.status) == (KEPT, None, "broken")


def test_accepting_lets_nothing_off(server: Server, mina: Visitor) -> None:
    document = deliver(server, "accepted")
    answer = mina.decide(document, CURE, "accept", expires="2099-01-01")
    assert answer.status == 303
    assert verdict(server, document) == "block"
    assert "Will be fixed" in mina.get(f"/documents/{document}").body.decode()
    ((expires, approver),) = server.rows(
        f"SELECT expires, approver FROM decisions WHERE document_id = {document}"
    )
    assert (expires, approver) == (None, None)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"decision": "waive"}, "Give a reason."),
        ({"decision": "false_alarm", "reason": " \n "}, "Give a reason."),
        ({"decision": "waive", "reason": "x" * 2001}, "longer than 2,000"),
        ({"decision": "waive", "reason": "x", "expires": "2001-01-01"}, "The day has passed."),
        ({"decision": "waive", "reason": "x", "expires": "2099-02-30"}, "Write the day as"),
        ({"decision": "waive", "reason": "x", "expires": "20990101"}, "Write the day as"),
        ({"decision": "delete", "reason": "x"}, "Choose what you decide."),
        ({"decision": "", "reason": "x"}, "Choose what you decide."),
    ],
)
def test_a_form_that_is_not_right_comes_back_as_it_was_filled_in(
    server: Server, mina: Visitor, fields: dict[str, str], complaint: str
) -> None:
    document = deliver(server, "complaints")
    before = (number_of_decisions(server), len(entries(server)))
    answer = mina.decide(document, CURE, **{"decision": "", **fields})
    assert answer.status == 422
    page = answer.body.decode()
    assert complaint in page
    assert '<details class="decide" open>' in page
    if reason := fields.get("reason", "").strip():
        assert reason in page
    assert (number_of_decisions(server), len(entries(server))) == before


def test_what_the_document_does_not_have_is_not_decided(server: Server, mina: Visitor) -> None:
    document = deliver(server, "gone", revision="1")
    form = mina.form(document, CURE, decision="waive", reason="x")
    for change in ({"rule": "a/b"}, {"fingerprint": "0" * 16}):
        assert mina.post(f"/documents/{document}/decide", {**form, **change}).status == 409
    deliver(server, "gone", "<p>Bring a list of medicines.</p>", revision="2")
    assert mina.post(f"/documents/{document}/decide", form).status == 409
    withdrawn = {**form, "decision": "withdraw"}
    assert mina.post(f"/documents/{document}/decide", withdrawn).status == 409
    assert mina.post("/documents/99999/decide", form).status == 404
    assert server.rows(f"SELECT 1 FROM decisions WHERE document_id = {document}") == []


def test_a_form_that_is_sent_twice_decides_once(server: Server, mina: Visitor) -> None:
    document = deliver(server, "twice")
    form = mina.form(document, CURE, decision="waive", reason="x")
    before = len(entries(server))
    first, second = (mina.post(f"/documents/{document}/decide", form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(entries(server)) == before + 1


def test_who_has_not_seen_the_last_decision_looks_first(server: Server, mina: Visitor) -> None:
    document = deliver(server, "both")
    late = Visitor(server, JO)
    form = late.form(document, CURE, decision="accept", reason="mine")
    assert mina.decide(document, CURE, "waive", reason="hers").status == 303
    answer = late.post(f"/documents/{document}/decide", form)
    assert answer.status == 422
    assert b"Somebody decided about this meanwhile" in answer.body
    assert verdict(server, document) == "review"


def test_only_approvers_let_findings_off(tmp_path: Path) -> None:
    serve = f"{GATE}\n{REVIEWERS.strip()}\n{ENDPOINTS.strip()}"
    policy = "suppressions: {approvers: [Dr. Mina Lee]}"
    with served(tmp_path, serve, policy=policy) as found:
        document = deliver(found, "policy")
        jo = Visitor(found, JO)
        page = jo.get(f"/documents/{document}").body.decode()
        assert "You are none of the approvers" in page
        for decision in ("waive", "false_alarm"):
            assert jo.decide(document, CURE, decision, reason="x").status == 403
        assert number_of_decisions(found) == 0
        assert jo.decide(document, CURE, "accept").status == 303
        assert Visitor(found).decide(document, CURE, "waive", reason="x").status == 303
        assert verdict(found, document) == "review"


def test_without_the_audit_log_nothing_is_decided(tmp_path: Path) -> None:
    serve = f"workers: 1\naudit_log: audit.jsonl\n{REVIEWERS.strip()}\n{ENDPOINTS.strip()}"
    with served(tmp_path, serve) as found:
        document = deliver(found, "unlogged")
        mina = Visitor(found)
        (tmp_path / "audit.jsonl").write_text("no entry\n")
        answer = mina.decide(document, CURE, "waive", reason="x")
        assert answer.status == 503
        assert b"audit log cannot be written" in answer.body
        assert number_of_decisions(found) == 0
        assert verdict(found, document) == "block"
        assert "its last line" in found.logged("not logged")[0]["reason"]
        (tmp_path / "audit.jsonl").unlink()
        assert mina.decide(document, CURE, "waive", reason="x").status == 303
        assert number_of_decisions(found) == 1


def test_a_decision_without_its_check_is_caught_up_after_a_start(tmp_path: Path) -> None:
    """As after a kill between the two: the review does not heed the decision yet."""
    serve = f"workers: 1\n{REVIEWERS.strip()}\n{ENDPOINTS.strip()}"
    with served(tmp_path, serve) as found:
        document = deliver(found, "killed")
        form = Visitor(found).form(document, CURE)
    made = NewDecision(
        rule=CURE, fingerprint=form["fingerprint"], decision="waive", reason="x", approver="A",
        date="2026-11-20", by="A",
    )  # fmt: skip
    with Store.open(str(tmp_path / "claimlint.sqlite3")) as store:
        store.decide(document, made, time.time())
        assert store.outdated(time.time()) == (document,)
    with served(tmp_path, serve) as found:
        until(lambda: verdict(found, document) == "review")
        with Store.open(str(tmp_path / "claimlint.sqlite3")) as store:
            assert store.outdated(time.time()) == ()
            late = store.outdated(time.time() + 5_000 * 86_400.0)
        assert late == ()  # a waiver without an end stays


# The store's part


def decision(**changes: Any) -> NewDecision:
    fields: dict[str, Any] = {
        "rule": "a/b", "fingerprint": "f" * 16, "decision": "waive", "reason": "x",
        "date": "2025-11-20", "by": "A",
    }  # fmt: skip
    return NewDecision(**{**fields, **changes})


def test_a_review_that_heeds_fewer_decisions_never_takes_the_place_of_another(
    tmp_path: Path,
) -> None:
    from tests.service.deliveries import review

    with Store.open(str(tmp_path / "store")) as store:
        document = store.accept(incoming(), NOW).document_id
        job = store.claim("w", NOW)
        assert job is not None
        first = store.decide(document, decision(), NOW)
        store.finish(job, review("block"), NOW)
        assert store.outdated(NOW) == (document,)
        heeding = msgspec.structs.replace(review("pass"), decision_id=first)
        assert store.revise(job.version_id, heeding, NOW + 1)
        assert store.outdated(NOW) == ()
        assert not store.revise(job.version_id, review("block"), NOW + 2)
        found = store.latest(document)
        assert found is not None
        assert (found.verdict, found.made_at, found.decision_id) == ("pass", NOW + 1, first)
        assert not store.revise(999, heeding, NOW)


def test_a_document_is_checked_again_when_its_waiver_has_expired(tmp_path: Path) -> None:
    from tests.service.deliveries import review

    with Store.open(str(tmp_path / "store")) as store:
        document = store.accept(incoming(), NOW).document_id
        job = store.claim("w", NOW)
        assert job is not None
        last = store.decide(document, decision(expires="2025-11-21"), NOW)
        store.finish(job, msgspec.structs.replace(review("pass"), decision_id=last), NOW)
        assert store.outdated(NOW + 86_400) == ()  # the last day on which it counts
        assert store.outdated(NOW + 2 * 86_400) == (document,)
        heeding = msgspec.structs.replace(review("block"), decision_id=last)
        store.revise(job.version_id, heeding, NOW + 2 * 86_400)
        assert store.outdated(NOW + 9 * 86_400) == ()


def test_the_last_decision_about_a_finding_counts() -> None:
    def stored(number: int, kind: Any, fingerprint: str) -> StoredDecision:
        return StoredDecision(
            number, "a/b", fingerprint, kind, "why", "A", "2026-11-20", None, "A", NOW, "Said."
        )

    config = Config(root="", suppressions=Suppressions(approvers=("A",)))
    rows = [stored(1, "waive", "1" * 16), stored(2, "waive", "2" * 16), stored(3, "withdraw", "1" * 16),
            stored(4, "false_alarm", "3" * 16), stored(5, "accept", "2" * 16)]  # fmt: skip
    project = with_stored(None, config, "blog:1", rows)
    assert project is not None
    (placed,) = project.waivers
    assert (placed.waiver.fingerprint, placed.waiver.kind) == ("3" * 16, "false_alarm")
    assert (placed.waiver.document, project.approvers) == ("blog:1", ("A",))
    assert with_stored(None, config, "blog:1", rows[:1] + rows[2:3]) is None
    unheeded = Config(root="", suppressions=Suppressions(heeded=False))
    assert with_stored(None, unheeded, "blog:1", rows) is None


# The configuration


def settings_of(root: str = "", environment: dict[str, str] | None = None, **serve: Any) -> Any:
    part = msgspec.convert(serve, ServePart)
    return prepared(Config(root=root, path="claimlint.yaml"), part, environment or {}).pages


@pytest.mark.parametrize(
    ("serve", "complaint"),
    [
        ({"audit_log": "a.jsonl"}, "audit_log is for the pages"),
        ({"proxy": {"addresses": ["0.0.0.0/0"]}}, "every address"),
        ({"proxy": {"addresses": ["proxy.example"]}}, "no address or network"),
        (
            {"reviewers": 2 * [{"name": "A", "token_sha256": "0" * 64}]},
            "two reviewers are called A",
        ),
        (
            {"reviewers": [{"name": n, "token_sha256": "0" * 64} for n in "AB"]},
            "the reviewers A and B have one token",
        ),
        ({"session_key": {"env": "SHORT"}}, "shorter than 32"),
        ({"audit_key": {"env": "LONG"}}, "audit_key is for a log"),
        ({"audit_key": {"env": "SHORT"}, "audit_log": "a.jsonl"}, "at least 16"),
        ({"audit_log": "nowhere/a.jsonl"}, "the folder of nowhere/a.jsonl does not exist"),
        ({"audit_log": "broken.jsonl"}, "its last line"),
        ({"audit_log": "keyed.jsonl"}, "say in audit_key where"),
        ({"audit_log": "."}, "audit_log"),
        ({"listen": "0.0.0.0:8020", "check_tokens": [{"env": "LONG"}]}, "https address"),
    ],
)
def test_mistakes_of_the_configuration_are_told(
    tmp_path: Path, serve: dict[str, Any], complaint: str
) -> None:
    from datetime import UTC, datetime

    from claimlint.review.audit import BaselineBody

    (tmp_path / "broken.jsonl").write_text("{}\n")
    body = BaselineBody(path="a", sha256="0" * 64, documents=0, findings=0)
    audit_file.record(
        str(tmp_path / "keyed.jsonl"), body, by=None, now=datetime.now(UTC), key=b"k" * 16
    )
    environment = {"SHORT": "too-short", "LONG": "long-enough-to-be-a-key-of-the-service"}
    usual = {"reviewers": [{"name": "Ann", "token_sha256": "1" * 64}]}
    if "proxy" in serve or complaint.endswith("for the pages"):
        usual = {}
    with pytest.raises(DefinitionError) as raised:
        settings_of(str(tmp_path), environment, **{**usual, **serve})
    assert complaint in str(raised.value)
    assert all(secret not in str(raised.value) for secret in environment.values())


def test_the_log_of_the_configuration_is_not_begun_by_looking(tmp_path: Path) -> None:
    found = settings_of(
        str(tmp_path), reviewers=[{"name": "Ann", "token_sha256": "1" * 64}], audit_log="a.jsonl"
    )
    assert found.audit_log == str(tmp_path / "a.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", " Ann", "Ann ", "A\nB", "x" * 101])
def test_a_reviewer_has_a_name(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"reviewers": [{"name": name, "token_sha256": "0" * 64}]}, ServePart)


def test_the_colours_are_those_of_the_review_page() -> None:
    package = ROOT / "src" / "claimlint"
    ours = (package / "service" / "templates" / "pages.css").read_text()
    theirs = (package / "reporters" / "templates" / "review.css").read_text()
    light, dark = (re.findall(r"(--[a-z-]+): ([^;]+);", part) for part in _palettes(ours))
    for pairs, other in zip((light, dark), _palettes(theirs), strict=True):
        known = dict(re.findall(r"(--[a-z-]+): ([^;]+);", other))
        assert pairs
        assert [(name, known.get(name)) for name, _ in pairs] == pairs


def _palettes(css: str) -> tuple[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return light, dark
