"""Save and publish articles in the WordPress of run.sh; see what claimlint and the plugin do."""

from __future__ import annotations

import datetime
import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import xmlrpc.client  # only ever talks to our own site
from base64 import b64encode
from html import unescape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from acceptance import Answer, Service, Steps, ask, say, waited  # noqa: E402

WORK = Path(os.environ["WORK"])
SITE = f"http://{os.environ['HOST']}"
PASSWORD = os.environ["PASSWORD"]
BLOCKED = (HERE.parent / "blocked.html").read_text(encoding="utf-8")
HONEST = (HERE.parent / "honest.html").read_text(encoding="utf-8")
TITLE = "Knee pain after sport"
LOCALE = "en_US"
MARKUP = "<img src=x onerror=alert(1)>"


class Rest:
    """The REST API, as the editor with an application password."""

    def __init__(self, password: str) -> None:
        self._headers = {
            "Authorization": f"Basic {b64encode(f'editor:{password}'.encode()).decode()}"
        }

    def __call__(self, path: str, data: Any = None, query: str = "") -> Answer:
        return ask(f"{SITE}/index.php?rest_route={path}{query}", data, self._headers)

    def save(self, content: str, post: int | None = None, **more: Any) -> Answer:
        """Save a post."""
        given = {"title": TITLE, "content": content, **more}
        return self(f"/wp/v2/posts/{post}" if post else "/wp/v2/posts", given)


class Person:
    """Somebody who is signed in with a browser that keeps cookies."""

    def __init__(self, name: str) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.jar = jar
        self.get("/wp-login.php")
        given = {
            "log": name,
            "pwd": PASSWORD,
            "testcookie": "1",
            "redirect_to": f"{SITE}/wp-admin/profile.php",
        }
        assert "profile" in self.post("/wp-login.php", given).text

    def get(self, path: str) -> Answer:
        """Open a page."""
        return ask(SITE + path, opener=self._opener)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form and follow to where it leads."""
        data = urllib.parse.urlencode(fields).encode()
        return ask(SITE + path, data, opener=self._opener)


def call(function: str, *arguments: Any) -> Any:
    """Call a function inside the site as code of another plugin would."""
    done = subprocess.run(  # noqa: S603
        ["php", str(HERE / "call.php"), function, json.dumps(arguments)],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form that goes to an address, as they are filled in."""
    (form,) = [
        one for one in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if action in one[:400]
    ]
    fields = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        about = {
            name: unescape(value)
            for name, value in re.findall(r"([a-z_]+)=[\"']([^\"']*)[\"']", tag)
        }
        if about.get("type") in ("checkbox", "radio") and not re.search(r"\bchecked\b", tag):
            continue
        if "name" in about and about.get("type") not in ("submit", "button"):
            fields[about["name"]] = about.get("value", "")
    return fields


def public(post: int) -> str:
    """What a visitor sees at a post's address; empty when it is not there for visitors."""
    answer = ask(f"{SITE}/index.php?rest_route=/wp/v2/posts/{post}")
    return str(answer.json()["content"]["rendered"]) if answer.status == 200 else ""


def settings(admin: Person, service: Service, **changed: str) -> None:
    """Store settings through the page that people use."""
    page = admin.get("/wp-admin/options-general.php?page=claimlint").text
    fields = form_of(page, "admin-post.php")
    fields.pop("types[]", None)
    fields |= {"url": service.url, "endpoint": service.name, "types[0]": "post", "types[1]": "page"}
    fields |= {"gate": "block", "on_unavailable": "refuse", **changed}
    answer = admin.post("/wp-admin/admin-post.php", fields)
    assert "The settings are stored" in answer.text, answer.text[:2000]


def try_settings(steps: Steps, admin: Person, service: Service) -> None:
    editor = Person("editor")
    page = editor.get("/wp-admin/options-general.php?page=claimlint")
    steps.see("an editor cannot open the settings", page.status == 403, page.status)
    sent = editor.post("/wp-admin/admin-post.php", {"action": "claimlint_settings", "gate": "off"})
    steps.see("an editor cannot change the settings", sent.status == 403, sent.status)
    sent = admin.post("/wp-admin/admin-post.php", {"action": "claimlint_settings", "gate": "off"})
    steps.see("nor does a form without its nonce", sent.status == 403, sent.status)
    settings(
        admin,
        service,
        url="http://claimlint.example.org",
        secret=service.secret,
        token=service.token,
    )
    page = admin.get("/wp-admin/options-general.php?page=claimlint")
    steps.see("an address in the clear is not taken", 'claimlint.example.org"' not in page.text)
    settings(admin, service)
    page = admin.get("/wp-admin/options-general.php?page=claimlint")
    steps.see(
        "the settings page does not show the secrets",
        service.secret not in page.text
        and service.token not in page.text
        and service.url in page.text,
    )
    loaded = call("autoload")["result"]
    steps.see("the secrets are not autoloaded", loaded in ("no", "off"), loaded)


def try_rest(steps: Steps, rest: Rest, service: Service) -> int:
    saved = rest.save(BLOCKED, status="draft")
    steps.see("REST: a draft that would be blocked is saved", saved.status == 201, saved)
    post = saved.json()["id"]
    status = service.reviewed(str(post), "block", LOCALE)
    steps.see("its review appears in claimlint", status["errors"] == 5, status)
    found, expected = service.findings(str(post)), service.expected(HERE.parent / "blocked.html")
    steps.see(
        f"with the {len(expected)} findings of `claimlint check`",
        found == expected,
        found ^ expected,
    )
    refused = rest.save(BLOCKED, post, status="publish")
    steps.see(
        "REST: its publication is refused",
        refused.status == 422 and refused.json()["code"] == "claimlint_refused",
        refused,
    )
    say(f"        {refused.json()['message']}")
    steps.see("and nobody sees it", not public(post))
    refused = rest.save(BLOCKED, status="publish")
    steps.see("REST: nor is it published as a new post", refused.status == 422, refused)
    later = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)).strftime(
        "%Y-%m-%dT%H:%M:%S"
    )
    refused = rest.save(BLOCKED, post, status="publish", date_gmt=later)
    steps.see("REST: nor is its publication scheduled", refused.status == 422, refused)
    blocks = "<!-- wp:paragraph -->\n<p>Our lasers <em>cure</em> acne.</p>\n<!-- /wp:paragraph -->"
    refused = rest.save(blocks, post, status="publish")
    steps.see("REST: nor in blocks", refused.status == 422, refused)
    refused = rest.save(HONEST, excerpt="Our laser cures arthritis.", status="publish")
    steps.see("REST: nor for its excerpt alone", refused.status == 422, refused)
    shown = rest(f"/claimlint/v1/posts/{post}")
    words = {one["words"] for one in shown.json()["findings"]}
    steps.see("the panel is told the verdict and the words", "cure arthritis" in words, shown)
    steps.see(
        "and no secret or address",
        not any(one in shown.text for one in (service.secret, service.token, service.url)),
    )
    nobody = ask(f"{SITE}/index.php?rest_route=/claimlint/v1/posts/{post}")
    steps.see("nobody else is told", nobody.status == 401, nobody)

    done = rest.save(HONEST, status="publish")
    honest = done.json()["id"]
    steps.see("REST: an honest article is published", done.status == 201 and public(honest), done)
    steps.see("its review appears in claimlint", service.reviewed(str(honest), "pass", LOCALE))
    refused = rest.save(HONEST + BLOCKED, honest)
    steps.see("REST: claims are not added to it", refused.status == 422, refused)
    steps.see("its public words stay", public(honest) and "cure" not in public(honest))
    done = rest(f"/wp/v2/posts/{honest}", {"categories": [], "comment_status": "closed"})
    steps.see("REST: what is no text can be changed", done.status == 200, done)
    return int(honest)


def try_code(steps: Steps, rest: Rest, service: Service) -> None:
    given = {"post_title": TITLE, "post_content": BLOCKED, "post_status": "publish"}
    done = call("wp_insert_post", given)
    post = done["result"]
    status = call("get_post_status", post)["result"]
    steps.see("wp_insert_post: a blocked article becomes a draft", status == "draft", status)
    steps.see("with a notice", any("refuses" in text for _, text in done["notices"]), done)
    steps.see("its review appears in claimlint", service.reviewed(str(post), "block", LOCALE))
    call("wp_publish_post", post)
    status = call("get_post_status", post)["result"]
    steps.see(
        "wp_publish_post: it is a draft again", status == "draft" and not public(post), status
    )
    honest = call("wp_insert_post", {**given, "post_content": HONEST})["result"]
    steps.see("wp_insert_post: an honest article is published", public(honest))
    time.sleep(1.1)  # an autosave counts when it is later than the post
    call("wp_update_post", {"ID": honest, "post_content": BLOCKED})
    rows = call("posts", honest)["result"]
    steps.see(
        "wp_update_post: the public words stay", public(honest) and "cure" not in public(honest)
    )
    steps.see(
        "and the new ones are its autosave",
        any(
            "autosave" in row["post_name"] and row["post_content"].strip() == BLOCKED.strip()
            for row in rows
        ),
        rows,
    )
    later = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)).strftime(
        "%Y-%m-%dT%H:%M:%S"
    )
    due = rest.save(HONEST, status="publish", date_gmt=later).json()
    steps.see("an honest article is scheduled", due["status"] == "future", due)
    call("write", due["id"], BLOCKED)
    call("due", due["id"])
    status = call("get_post_status", due["id"])["result"]
    steps.see(
        "words changed behind its back: it is a draft when its time comes",
        status == "draft",
        status,
    )
    due = rest.save(HONEST, status="publish", date_gmt=later).json()
    call("due", due["id"])
    steps.see("unchanged, it is published when its time comes", public(due["id"]))


def try_classic(steps: Steps, admin: Person, service: Service) -> None:
    editor = Person("editor")

    def edit(content: str) -> tuple[str, str]:
        page = editor.get("/wp-admin/post-new.php?post_type=page").text
        fields = form_of(page, 'id="post"') if 'id="post"' in page else form_of(page, "post.php")
        fields |= {
            "post_title": TITLE,
            "content": content,
            "publish": "Publish",
            "post_status": "draft",
        }
        answer = editor.post("/wp-admin/post.php", fields)
        place = answer.headers.get("Location", "")
        return fields["post_ID"], editor.get(
            place.removeprefix(SITE)
        ).text if place else answer.text

    post, page = edit(BLOCKED)
    status = call("get_post_status", int(post))["result"]
    steps.see("classic editor: a blocked page is saved as a draft", status == "draft", status)
    steps.see(
        "its notice says so",
        "claimlint refuses to publish this" in page and "It is saved as a draft" in page,
    )
    steps.see("and nothing says that it was published", not re.search(r"Page published", page))
    box = page[page.find('id="claimlint"') :][:6000]
    steps.see(
        "the box shows verdict, words and messages",
        "Block:" in box and "“cure arthritis”" in box,
        box,
    )
    steps.see(
        "the page holds no secret and no address",
        not any(one in page for one in (service.secret, service.token, service.url)),
    )
    post, page = edit(HONEST)
    status = call("get_post_status", int(post))["result"]
    steps.see("classic editor: an honest page is published", status == "publish", status)
    steps.see("the box shows the verdict", "Pass: nothing found by these rules" in page)
    report = {
        "documents": [
            {
                "verdict": "review",
                "findings": [
                    {
                        "rule": "a/b",
                        "severity": "warning",
                        "words": MARKUP,
                        "message": MARKUP,
                        "suppressed": None,
                    }
                ],
            }
        ],
        "problems": [{"message": MARKUP}],
    }
    body = json.dumps(report).encode()
    with Stub(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
    ) as url:
        settings(admin, service, url=url)
        _, page = edit(HONEST)
        steps.see(
            "markup in an answer does not run",
            MARKUP not in page and page.count("&lt;img src=x onerror=alert(1)&gt;") == 3,
            page.count("&lt;img src=x"),
        )
    settings(admin, service)
    given = {
        "post_title": TITLE,
        "post_content": BLOCKED,
        "post_status": "publish",
        "post_type": "post",
    }
    with xmlrpc.client.ServerProxy(f"{SITE}/xmlrpc.php") as remote:
        post = str(remote.wp.newPost(1, "editor", PASSWORD, given))
    status = call("get_post_status", int(post))["result"]
    steps.see("XML-RPC: a blocked article becomes a draft", status == "draft", status)


def try_unavailable(steps: Steps, rest: Rest, admin: Person, service: Service) -> None:
    service.stop()
    saved = rest.save(HONEST, status="draft")
    steps.see("claimlint down: a draft is saved", saved.status == 201, saved)
    post = saved.json()["id"]
    shown = rest(f"/claimlint/v1/posts/{post}").json()
    steps.see(
        "the panel says that it was not told",
        "has not reached claimlint" in shown["delivery"],
        shown,
    )
    steps.see("with a notice", any("was not told" in text for _, text in shown["notices"]), shown)
    refused = rest.save(HONEST, post, status="publish")
    steps.see(
        "on_unavailable refuse: publishing waits",
        refused.status == 503 and not public(post),
        refused,
    )
    say(f"        {refused.json()['message']}")
    done = call(
        "wp_insert_post", {"post_title": TITLE, "post_content": HONEST, "post_status": "publish"}
    )
    status = call("get_post_status", done["result"])["result"]
    steps.see("and wp_insert_post saves a draft", status == "draft", status)
    settings(admin, service, on_unavailable="allow")
    done_ = rest.save(HONEST, post, status="publish")
    steps.see("on_unavailable allow: it is published", done_.status == 200 and public(post), done_)
    shown = rest(f"/claimlint/v1/posts/{post}").json()
    steps.see(
        "with a notice", any("without a check" in text for _, text in shown["notices"]), shown
    )
    service.start()
    sent = call("retries")["result"]
    steps.see("claimlint up again: WP-Cron delivers what it missed", sent >= 1, sent)
    steps.see("its review appears in claimlint", service.reviewed(str(post), "pass", LOCALE))
    shown = rest(f"/claimlint/v1/posts/{post}").json()
    steps.see(
        "the panel's warning is gone", shown["delivery"] == "" and shown["verdict"] == "pass", shown
    )

    for what, reply in (
        ("late", b""),
        ("answering 500", b"HTTP/1.1 500 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        (
            "answering nonsense",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        ),
    ):
        with Stub(reply) as url:
            settings(admin, service, url=url)
            begun = time.monotonic()
            saved = rest.save(HONEST, status="draft")
            seconds = time.monotonic() - begun
            steps.see(
                f"claimlint {what}: a draft is saved in {seconds:.0f} s",
                saved.status == 201 and seconds < 6,
            )
            begun = time.monotonic()
            refused = rest.save(HONEST, saved.json()["id"], status="publish")
            seconds = time.monotonic() - begun
            steps.see(
                f"claimlint {what}: publishing is refused in {seconds:.0f} s",
                refused.status in (422, 503) and seconds < 15,
                refused,
            )
    settings(admin, service)
    wrong = service.token[:-1] + ("A" if service.token[-1] != "A" else "B")
    settings(admin, service, token=wrong, on_unavailable="allow")
    refused = rest.save(HONEST, status="publish")
    steps.see(
        "a wrong token: refused, whatever on_unavailable says", refused.status == 422, refused
    )
    settings(admin, service, token=service.token, gate="off")
    done = rest.save(BLOCKED, status="publish")
    steps.see("with the gate off a blocked article is published", done.status == 201, done)
    steps.see(
        "and its review appears in claimlint",
        service.reviewed(str(done.json()["id"]), "block", LOCALE),
    )
    settings(admin, service)


class Stub:
    """Something that listens where claimlint should: it sends a reply, or none."""

    def __init__(self, reply: bytes) -> None:
        self._reply = reply
        self._open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(client)
            if self._reply:
                client.recv(1 << 20)
                client.sendall(self._reply)
                client.shutdown(socket.SHUT_WR)

    def __enter__(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        for one in self._open:
            one.close()


def main() -> int:
    site = json.loads((WORK / "site.json").read_text(encoding="utf-8"))
    version = ask_version()
    say(
        f"WordPress {site['wordpress']}, PHP {site['php']}, {site['database']}, claimlint {version}"
    )
    steps = Steps()
    service = Service(
        WORK / "claimlint",
        int(os.environ["CLAIMLINT_PORT"]),
        {"name": "site", "cms": "wordpress"},
    )
    service.start()
    try:
        waited(lambda: ask(f"{SITE}/wp-login.php").status == 200 or None, "the site")
        admin = Person("admin")
        try_settings(steps, admin, service)
        rest = Rest(site["application"])
        try_rest(steps, rest, service)
        try_code(steps, rest, service)
        try_classic(steps, admin, service)
        try_unavailable(steps, rest, admin, service)
        try_block_editor(steps, rest, service)
    finally:
        service.stop()
    log = WORK / "php.log"
    trouble = (
        [line for line in log.read_text().splitlines() if "claimlint.php" in line]
        if log.exists()
        else []
    )
    steps.see("PHP has nothing to say about the plugin", not trouble, trouble)
    return steps.end()


def ask_version() -> str:
    from claimlint import __version__

    return __version__


def try_block_editor(steps: Steps, rest: Rest, service: Service) -> None:
    """Publish with the block editor in a browser, when there is one."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        chromium = None
    if not chromium:
        say("--      the block editor was not tried: playwright or Chromium is missing")
        return
    post = rest.save(BLOCKED, status="draft").json()["id"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(30_000)
        seen: list[str] = []
        page.on("response", lambda answer: seen.append(answer.url))
        page.goto(f"{SITE}/wp-login.php")
        page.fill("#user_login", "editor")
        page.fill("#user_pass", PASSWORD)
        page.click("#wp-submit")
        page.goto(f"{SITE}/wp-admin/post.php?post={post}&action=edit")
        page.evaluate(
            "() => wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)"
        )
        expect(page.locator(".claimlint-verdict")).to_contain_text("Block:", timeout=30_000)
        page.get_by_role("button", name="claimlint", exact=True).click()
        panel = page.locator(".claimlint-review").first
        expect(panel).to_contain_text("Block:")
        expect(panel).to_contain_text("cure arthritis")
        steps.see("block editor: the panel shows verdict and words", True)
        page.screenshot(path=str(WORK / "editor-panel.png"))
        page.click(".editor-post-publish-panel__toggle")
        page.click(".editor-post-publish-button")
        notice = page.locator(".components-notice.is-error").first
        expect(notice).to_contain_text("claimlint refuses to publish this")
        steps.see("block editor: Publish is refused, and says why", True)
        page.screenshot(path=str(WORK / "editor-refused.png"))
        status = rest(f"/wp/v2/posts/{post}", query="&context=edit").json()["status"]
        steps.see("it is still a draft", status == "draft", status)
        page.locator(".editor-post-publish-panel__header-cancel-button button").click()
        page.evaluate(
            "() => wp.data.dispatch('core/editor').editPost({title: 'Knees after sport'})"
        )
        page.locator(".editor-post-save-draft").click()
        expect(page.locator(".editor-post-saved-state.is-saved")).to_be_visible()
        saved = rest(f"/wp/v2/posts/{post}", query="&context=edit").json()
        steps.see(
            "block editor: it can be saved as a draft afterwards",
            saved["status"] == "draft" and saved["title"]["raw"] == "Knees after sport",
            saved,
        )
        page.evaluate(
            "text => wp.data.dispatch('core/editor').resetBlocks(wp.blocks.parse(text))", HONEST
        )
        page.click(".editor-post-publish-panel__toggle")
        page.click(".editor-post-publish-button")
        expect(page.locator(".post-publish-panel__postpublish")).to_be_visible()
        steps.see("block editor: corrected, it is published", public(post))
        expect(page.locator(".claimlint-review").first).to_contain_text("Pass:")
        steps.see("and the panel shows the new verdict", True)
        page.screenshot(path=str(WORK / "editor-published.png"))
        held = page.content()
        steps.see(
            "the browser holds no secret and asks nobody but the site",
            not any(one in held for one in (service.secret, service.token, service.url))
            and not any(service.url in one for one in seen),
        )
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
