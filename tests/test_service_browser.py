"""The service's pages in a real browser: run by `.ci/run`, which installs Chromium."""

from __future__ import annotations

import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimlint import audit_file
from tests.service.conftest import Server, served
from tests.service.visitor import BAD, ENDPOINTS, MINA, REVIEWERS, deliver, verdict

if TYPE_CHECKING:  # installed for this module only, which is collected without it too
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
MARKUP = (
    "Knees <script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
)
SERVE = f"workers: 2\naudit_log: audit.jsonl\n{REVIEWERS.strip()}\n{ENDPOINTS.strip()}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is not installed; .ci/run installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("service"), SERVE) as found:
        yield found


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=request.param
    )
    yield made
    made.close()


def home(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def signed_in(context: BrowserContext, server: Server, path: str = "/documents") -> Page:
    page = context.new_page()
    page.goto(home(server) + path)
    page.get_by_label("Your token").fill(MINA)
    page.get_by_role("button", name="Sign in").click()
    assert page.url == home(server) + path
    return page


def decide(page: Page, message: str, choice: str, reason: str) -> None:
    """Fill in the form of the finding with that message."""
    card = page.locator("article.card", has_text=message).first
    card.locator("summary").click()
    card.get_by_label(choice).check()
    card.get_by_label("Reason").fill(reason)
    card.get_by_role("button", name="Record decision").click()


def logged(server: Server) -> list[Any]:
    path = server.folder / "audit.jsonl"
    assert audit_file.verify(str(path)).fault is None
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_reviewer_decides_and_sees_it_everywhere(
    context: BrowserContext, server: Server, request: pytest.FixtureRequest
) -> None:
    name = f"Journey {request.node.callspec.id}"
    document = deliver(server, name, title=name)
    page = signed_in(context, server)
    row = page.locator(".documents > li", has_text=name)
    assert row.locator(".verdict").inner_text() == "Blocked"
    row.get_by_role("link").click()
    assert page.url == f"{home(server)}/documents/{document}"
    decide(page, "Promises a cure", "Waive: the words may stand", "agreed with the board")
    assert "Recorded: waived, by Dr. Mina Lee" in page.get_by_role("status").inner_text()
    assert page.locator(".result .verdict").inner_text() == "For review"
    past = page.locator("section[aria-labelledby=decisions]").inner_text()
    assert "Waived by Dr. Mina Lee" in past
    assert "agreed with the board" in past
    page.get_by_role("link", name="Documents").click()
    assert row.locator(".verdict").inner_text() == "For review"
    entry = logged(server)[-1]
    assert (entry["by"], entry["body"]["decision"]) == ("Dr. Mina Lee", "waive")
    assert entry["body"]["document"] == f"blog:{name}"
    row.get_by_role("link").click()
    card = page.locator("article.card", has_text="Promises a cure")
    card.get_by_role("button", name="Withdraw").click()
    assert page.locator(".result .verdict").inner_text() == "Blocked"
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{home(server)}/documents/{document}")
    assert page.get_by_label("Your token").is_visible()


def test_markup_of_a_draft_does_not_run(browser: Browser, server: Server) -> None:
    document = deliver(server, "markup", f"{BAD}<p>{MARKUP}</p>", title=MARKUP)
    context = browser.new_context()
    faults: list[str] = []
    asked: list[str] = []
    page = signed_in(context, server)
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", f"/{document}", f"/{document}/review"):
        page.goto(f"{home(server)}/documents{path}")
        assert "owned" not in page.title() or "<script>" in page.title()
        assert page.locator("img").count() == 0
        assert "<script>document.title = 'owned'</script>" in page.inner_text("body")
    assert faults == []
    assert {address.split("/documents")[0] for address in asked} == {home(server)}
    context.close()


def test_the_review_page_works_in_its_box_and_reads_nothing_outside(
    browser: Browser, server: Server
) -> None:
    document = deliver(server, "boxed")
    context = browser.new_context()
    page = signed_in(context, server, f"/documents/{document}")
    page.locator("article.card", has_text="Promises a cure").get_by_role("link").click()
    assert re.search(r"/review#d1-f\d+$", page.url)
    assert page.locator(".card:target").get_by_text("Promises a cure").is_visible()
    assert page.evaluate("window.origin") == "null"
    page.uncheck("#show-warning")
    assert "of" in page.inner_text("#shown")
    card = page.locator(".card.e").first
    card.get_by_role("button", name="Waive or false alarm").click()
    card.locator("[name=reason]").fill("because")
    card.locator("[name=by]").fill("Dr. Mina Lee")
    card.get_by_role("button", name="Save decision").click()
    assert "1 decided" in page.inner_text("#decided-text")
    with page.expect_download() as download:
        page.click("#export")
    assert "because" in Path(download.value.path()).read_text()
    # Whatever ran in the page could not use the session of its reader.
    outcome = page.evaluate(
        "fetch('/documents', {credentials: 'include'}).then(a => a.text(), () => 'refused')"
    )
    assert outcome == "refused"
    page.go_back()
    assert page.url == f"{home(server)}/documents/{document}"
    context.close()


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another site, on the same machine under another name."""
    texts: dict[str, str] = {}

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(texts[self.path.partition("?")[0]].encode())

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    texts["/post"] = (
        "<form method=post id=f></form><script>"
        "const wanted = new URLSearchParams(location.search);"
        "f.action = wanted.get('to'); wanted.delete('to');"
        "for (const [name, value] of wanted) {"
        "const field = document.createElement('input'); field.name = name; field.value = value;"
        "f.append(field); } f.submit();</script>"
    )
    texts["/link"] = (
        "<script>document.write(`<a href='${location.search.slice(1)}'>go</a>`)</script>"
    )
    texts["/frame"] = (
        "<script>document.write(`<iframe src='${location.search.slice(1)}'>`)</script>"
    )
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://localhost:{site.server_port}"
    site.shutdown()
    site.server_close()


def test_another_site_can_decide_nothing(browser: Browser, server: Server, elsewhere: str) -> None:
    document = deliver(server, "attacked")
    context = browser.new_context()
    page = signed_in(context, server, f"/documents/{document}")
    fields = page.locator("article.card", has_text="Promises a cure").first.locator("[type=hidden]")
    stolen = {
        str(field.get_attribute("name")): str(field.get_attribute("value"))
        for field in fields.all()
    }
    query = "&".join(f"{name}={value}" for name, value in stolen.items())
    to = f"{home(server)}/documents/{document}/decide"
    with page.expect_navigation(url="**/decide"):
        page.goto(f"{elsewhere}/post?to={to}&{query}&decision=waive&reason=x", wait_until="commit")
    assert "does not come from a page of this service" in page.inner_text("main")
    assert server.rows(f"SELECT 1 FROM decisions WHERE document_id = {document}") == []
    assert verdict(server, document) == "block"
    with page.expect_response(f"{home(server)}/**"):
        page.goto(f"{elsewhere}/frame?{home(server)}/login")
    assert page.frames[1].locator("form").count() == 0
    context.close()


def test_a_link_from_elsewhere_leads_on_with_one_click(
    browser: Browser, server: Server, elsewhere: str
) -> None:
    document = deliver(server, "linked", title="Linked from a mail")
    context = browser.new_context()
    page = signed_in(context, server)
    page.goto(f"{elsewhere}/link?{home(server)}/documents/{document}")
    page.get_by_role("link", name="go").click()
    page.get_by_role("link", name="open the page").click()
    assert page.get_by_role("heading", name="Linked from a mail").is_visible()
    context.close()


def test_a_wrong_token_is_limited(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, SERVE) as found:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{home(found)}/documents")
        for number in range(11):
            page.get_by_label("Your token").fill(f"guess {number}")
            with page.expect_navigation():
                page.get_by_role("button", name="Sign in").click()
        assert "Try again in 15 min" in page.get_by_role("alert").inner_text()
        # Who guesses must not lock out who need not guess.
        page.get_by_label("Your token").fill(MINA)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_keeps_people_out(
    browser: Browser, server: Server, scheme: Any, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    long = "Averylongwordwithoutanyspaceinitthatgoesonandon" * 3
    document = deliver(server, "axe", BAD, title=long, revision="1")
    deliver(
        server,
        "axe",
        f"{BAD}<p>Results guaranteed.</p>",
        title=long,
        revision="2",
        url=f"https://x.example/{long}",
    )
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{home(server)}/login")
    pages = ["/login", "/documents", f"/documents/{document}", "/documents/9999"]
    for path in pages:
        if path == "/documents":
            page.get_by_label("Your token").fill(MINA)
            page.get_by_role("button", name="Sign in").click()
        page.goto(home(server) + path)
        for summary in page.locator("details.decide summary").all()[:2]:
            summary.click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
