"""`claimlint serve` before it serves: all mistakes of its section at once, and no secret in any message."""

from __future__ import annotations

import base64
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, SOURCE, Command
from tests.service import senders
from tests.service.conftest import CLEAN, ENVIRONMENT, free_port, served, until
from tests.service.test_check import STUMBLE
from tests.service.test_web import IMPATIENT

STANDARD = senders.SECRETS["standard"]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def configured(folder: Path, section: str, above: str = "market: [us]\n") -> None:
    (folder / "claimlint.yaml").write_text(f"{above}serve:\n{section}", "utf-8")


def told(
    claimlint: Command, folder: Path, section: str, above: str = "market: [us]\n"
) -> list[str]:
    """What is wrong with a section, a mistake each."""
    configured(folder, section, above)
    result = claimlint("serve", "--check-config")
    assert result.exit_code == 2, result.output
    lines = result.stderr.splitlines()
    assert lines
    for line in lines:
        assert line.startswith("error: claimlint.yaml"), line
        for value in ENVIRONMENT.values():
            assert value not in line
    return lines


def test_a_good_section_is_shown_without_its_secrets(claimlint: Command, folder: Path) -> None:
    (folder / "webhook.key").write_text(f"{STANDARD}\n", "utf-8")
    configured(
        folder,
        "  listen: 127.0.0.1:8020\n  check_tokens: [{env: CHECK_TOKEN}]\n  endpoints:\n"
        "    - {name: blog, cms: ghost, secrets: [{env: SECRET_ghost}], market: us-fl}\n"
        "    - {name: shop, cms: standard, path: /in/shop, secrets: [{file: webhook.key},"
        " {env: SECRET_standard_old}]}\n"
        "    - {name: open, cms: payload}\n",
    )
    result = claimlint("serve", "--check-config")
    assert result.exit_code == 0, result.output
    shown = result.stdout.splitlines()
    assert shown[0].startswith("listens on 127.0.0.1:8020, store ")
    assert "POST /check  1 tokens" in shown or "POST /check  1 token" in shown
    assert "POST /hooks/blog  blog: ghost, ghost, 1 secret, us-fl" in result.stdout
    assert "POST /in/shop  shop: standard, standard, 2 secrets, us" in result.stdout
    assert "POST /hooks/open  open: payload, standard, no secret, us" in result.stdout
    for value in ENVIRONMENT.values():
        assert value not in result.output
    assert not (folder / "claimlint.sqlite3").exists()


def test_without_a_section_there_is_nothing_to_serve(claimlint: Command, folder: Path) -> None:
    for text in (None, "market: [us]\n"):
        if text is not None:
            (folder / "claimlint.yaml").write_text(text, "utf-8")
        for words in ((), ("--check-config",), ("events", "list")):
            result = claimlint("serve", *words)
            assert result.exit_code == 2
            assert result.stderr.startswith("error: there is nothing to serve: ")
            assert result.stderr.count("\n") == 1


def test_all_mistakes_are_told_at_once(
    claimlint: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHORT", "short-secret")
    (folder / "empty.key").write_text("\n", "utf-8")
    (folder / "odd.key").write_bytes(b"\xff\xfe")
    lines = told(
        claimlint,
        folder,
        "  listen: 0.0.0.0:99999\n  check_tokens: [{env: SHORT}]\n  endpoints:\n"
        "    - {name: a, cms: ghost, secrets: [{env: NOT_THERE}]}\n"
        "    - {name: a, cms: ghost, secrets: [{file: not-there.key}]}\n"
        "    - {name: b, cms: standard, secrets: [{env: SHORT}]}\n"
        "    - {name: c, cms: contentful, secrets: [{env: SHORT}]}\n"
        "    - {name: d, cms: sanity, secrets: [{file: empty.key}, {file: odd.key}]}\n"
        "    - {name: e, cms: sanity, path: /hooks/b, secrets: [{env: SHORT, file: x}]}\n"
        "    - {name: f, cms: sanity, path: /check, secrets: [{}]}\n"
        "    - {name: g, cms: sanity}\n"
        "    - {name: h, cms: hubspot, secrets: [{env: SHORT}], fields: [{name: b, path: b}]}\n"
        "    - {name: i, cms: prismic, secrets: [{env: SHORT}], fields: [{name: b, path: b}]}\n"
        "    - {name: j, cms: storyblok, secrets: [{env: SHORT}]}\n"
        "    - {name: k, cms: wordpress-com, secrets: [{env: SHORT}]}\n",
    )
    for words in (
        "99999 is no port",
        "a token of check_tokens is shorter",
        "the environment variable NOT_THERE is not set",
        "not-there.key cannot be read",
        "two endpoints are called a",
        "endpoint b: the secret ",
        "endpoint c: the secret is not 64 characters",
        "endpoint c: say in fields",
        "empty.key holds no secret",
        "odd.key holds no plain text",
        "two endpoints have the path /hooks/b",
        "endpoint e: a secret is kept either in env or in file",
        "endpoint f: a secret is kept either in env or in file",
        "the path /check is the service's own",
        "needs a secret for every endpoint, and g has none",
        "endpoint h: hubspot-v3 signs the address that the world knows: set public_url",
        "endpoint i: say in id where",
        "endpoint j: storyblok sends no text of its own",
        "endpoint k: the secret is not at least 16 characters",
    ):
        assert len([line for line in lines if words in line]) == 1, words
    assert not [line for line in lines if "short-secret" in line]
    assert not [line for line in lines if "every endpoint, and a has none" in line]


@pytest.mark.parametrize("cms", ["storyblok", "prismic", "hubspot"])
def test_a_cms_that_sends_no_text_needs_to_be_told_where_it_is(
    claimlint: Command, folder: Path, cms: str
) -> None:
    lines = told(claimlint, folder, f"  endpoints: [{{name: x, cms: {cms}}}]\n")
    assert [line for line in lines if f"{cms} sends no text of its own" in line]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("  listen: nowhere\n", "HOST:PORT"),
        ("  listen: 127.0.0.1\n", "HOST:PORT"),
        ("  workers: 0\n", "at least 1"),
        ("  workers: 1000\n", "at most 64"),
        ("  deadline_seconds: 0\n", "at least 0.1"),
        ("  endpoint: []\n", "endpoints"),
        ("  endpoints: [{name: x}]\n", "cms"),
        ("  endpoints: [{name: x, cms: wordpres}]\n", "wordpress"),
        ("  endpoints: [{name: x, cms: ghost, path: '/a?b'}]\n", "is not of the form"),
        ("  endpoints: [{name: x, cms: ghost, path: /a%20b}]\n", "is not of the form"),
        ("  endpoints: [{name: x, cms: ghost, secret: abc}]\n", "secrets"),
        ("  endpoints: [{name: x, cms: ghost, secrets: [an-inline-secret]}]\n", "a mapping"),
        ("  endpoints: [{name: x, cms: ghost, secrets: an-inline-secret}]\n", "a list"),
        ("  check_tokens: an-inline-secret\n", "a list"),
        ("  session_key: an-inline-secret\n", "a mapping"),
        ("  endpoints: [{name: x, cms: ghost, fields: [{name: b, path: a..b}]}]\n", "a path of keys"),
        ("  public_url: hooks.example.com\n", "http"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_place(
    claimlint: Command, folder: Path, section: str, said: str
) -> None:
    lines = told(claimlint, folder, section)
    assert [line for line in lines if said in line], lines
    assert all(":3:" in line for line in lines), lines
    assert not [line for line in lines if "an-inline-secret" in line]


def test_rules_and_waivers_are_loaded_before_it_starts(claimlint: Command, folder: Path) -> None:
    configured(
        folder,
        "  endpoints:\n    - {name: x, cms: ghost, market: atlantis}\n"
        "    - {name: y, cms: ghost, packs: ./no-such-pack}\n",
    )
    (folder / ".claimlint-waivers.yaml").write_text("nonsense: true\n", "utf-8")
    for words in (("--check-config",), ()):
        result = claimlint("serve", *words)
        assert result.exit_code == 2
        for said in ("atlantis", "no-such-pack"):
            assert said in result.stderr
        assert "Traceback" not in result.stderr


def test_a_secret_that_stands_in_the_place_of_its_name_is_not_shown(
    claimlint: Command, folder: Path
) -> None:
    lines = told(claimlint, folder, f"  check_tokens: [{{env: {STANDARD}}}]\n  endpoints: []\n")
    assert len(lines) == 1
    assert lines[0].endswith("check_tokens: env does not hold the name of an environment variable")


def test_bytes_that_are_no_text_are_no_secret(
    claimlint: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python has them in the environment as surrogates, over which every comparison would fail."""
    monkeypatch.setenv("ODD", os.fsdecode(b"a secret that is long enough \xff"))
    monkeypatch.setenv("WORDS", "a secret that is long enough")
    monkeypatch.setenv("LATIN", "gegl\u00fccktes-geheimnis-des-hauses")
    places = "[{env: ODD}, {env: WORDS}, {env: LATIN}, {env: CHECK_TOKEN}]"
    lines = told(
        claimlint,
        folder,
        f"  check_tokens: {places}\n  reviewers: [{{name: A, token_sha256: {'a' * 64}}}]\n"
        "  session_key: {env: ODD}\n  endpoints: [{name: x, cms: ghost, secrets: [{env: ODD}]}]\n",
    )
    unreadable = "the environment variable ODD holds no plain text"
    for words in (
        f"check_tokens: {unreadable}",
        f"session_key: {unreadable}",
        f"endpoint x: {unreadable}",
        "a token of check_tokens is not visible ASCII",
    ):
        assert len([line for line in lines if words in line]) == 1, words
    assert len(lines) == 4
    assert not [line for line in lines if "long enough" in line or "geheimnis" in line]


# Where it listens


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "[::]", "example.org"])
def test_elsewhere_than_on_loopback_everything_needs_a_secret(
    claimlint: Command, folder: Path, host: str
) -> None:
    endpoint = "  endpoints: [{name: x, cms: ghost}]\n"
    lines = told(claimlint, folder, f"  listen: '{host}:8020'\n{endpoint}")
    assert [line for line in lines if "needs a secret for every endpoint, and x has none" in line]
    assert [line for line in lines if "needs check_tokens" in line]
    lines = told(claimlint, folder, f"  listen: '{host}:8020'\n  endpoints: []\n")
    assert len(lines) == 1


@pytest.mark.parametrize(
    "url", ["https://lint.example", "http://192.0.2.1:8020/x", "https://[2001:db8::1]"]
)
def test_behind_a_proxy_everything_needs_a_secret_too(
    claimlint: Command, folder: Path, url: str
) -> None:
    """It listens on loopback, but the world has an address of it."""
    section = f"  listen: 127.0.0.1:8020\n  public_url: '{url}'\n"
    lines = told(claimlint, folder, f"{section}  endpoints: [{{name: x, cms: ghost}}]\n")
    assert len(lines) == 2
    assert [line for line in lines if "needs a secret for every endpoint, and x has none" in line]
    assert [line for line in lines if "needs check_tokens" in line]
    configured(
        folder,
        f"{section}  check_tokens: [{{env: CHECK_TOKEN}}]\n"
        "  endpoints: [{name: x, cms: ghost, secrets: [{env: SECRET_ghost}]}]\n",
    )
    assert claimlint("serve", "--check-config").exit_code == 0


@pytest.mark.parametrize(
    "url", ["http://localhost:8020", "http://127.0.0.1/lint", "http://[::1]:1"]
)
def test_an_address_on_loopback_opens_nothing(claimlint: Command, folder: Path, url: str) -> None:
    configured(folder, f"  public_url: '{url}'\n  endpoints: [{{name: x, cms: ghost}}]\n")
    result = claimlint("serve", "--check-config")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("url", ["http://[", "https://:8020"])
def test_an_address_without_a_host_is_refused(claimlint: Command, folder: Path, url: str) -> None:
    (line,) = told(claimlint, folder, f"  public_url: '{url}'\n  endpoints: []\n")
    assert line.endswith("serve: public_url names no host")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.8.8"])
def test_on_loopback_it_may_be_open(claimlint: Command, folder: Path, host: str) -> None:
    configured(folder, f"  listen: '{host}:8020'\n  endpoints: [{{name: x, cms: ghost}}]\n")
    result = claimlint("serve", "--check-config")
    assert result.exit_code == 0, result.output
    assert "open to everybody who reaches it" in result.stdout


def serve(
    folder: Path, *, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Try to start it; it must give up by itself."""
    given = {**os.environ, "PYTHONPATH": str(SOURCE), **(environment or {})}
    return subprocess.run(
        [*COMMAND, "serve"],
        cwd=folder,
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_port_in_use_is_one_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        configured(folder, f"  listen: 127.0.0.1:{port}\n  endpoints: []\n")
        said = sentence(serve(folder))
    assert said.startswith(f"error: cannot listen on 127.0.0.1:{port}: ")
    assert "in use" in said


def test_an_address_that_is_not_ours_is_one_sentence(folder: Path) -> None:
    configured(
        folder,
        "  listen: 192.0.2.77:8020\n  check_tokens: [{env: CHECK_TOKEN}]\n  endpoints: []\n",
    )
    assert "cannot listen on 192.0.2.77:8020" in sentence(serve(folder))
    configured(
        folder,
        "  listen: no.such.host.invalid:8020\n  check_tokens: [{env: CHECK_TOKEN}]\n  endpoints: []\n",
    )
    assert "cannot listen on no.such.host.invalid:8020" in sentence(serve(folder))


def test_it_listens_on_ipv6_too(tmp_path: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as found:
            found.bind(("::1", 0))
    except OSError:
        return  # a machine without IPv6 has nothing to show here
    port = free_port()
    (tmp_path / "claimlint.yaml").write_text(
        f"serve:\n  listen: '[::1]:{port}'\n  workers: 1\n  endpoints: []\n", "utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(
        [*COMMAND, "serve"], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
    )
    try:

        def answered() -> bool:
            assert process.poll() is None
            try:
                with socket.create_connection(("::1", port), 5) as line:
                    line.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
                    return line.recv(100).startswith(b"HTTP/1.1 200")
            except OSError:
                return False

        assert until(answered)
    finally:
        process.terminate()
        assert process.wait(60) == 0


@pytest.mark.parametrize("kind", ["corrupt", "foreign", "newer", "folder", "no folder"])
def test_a_store_that_cannot_be_used_is_one_sentence(folder: Path, kind: str) -> None:
    store = folder / "claimlint.sqlite3"
    configured(folder, f"  listen: 127.0.0.1:{free_port()}\n  endpoints: []\n")
    if kind == "corrupt":
        store.write_bytes(b"this is no database, and never was one" * 100)
    elif kind == "folder":
        store.mkdir()
    elif kind == "no folder":
        configured(folder, "  store: not/there/x.sqlite3\n  endpoints: []\n")
    else:
        with closing(sqlite3.connect(store)) as other:
            other.execute("CREATE TABLE t (x)")
            if kind == "newer":
                other.execute("DROP TABLE t")
                other.execute(f"PRAGMA application_id = {0x436C6D4C}")
                other.execute("PRAGMA user_version = 999")
            other.commit()
    said = sentence(serve(folder))
    assert ".sqlite3" in said


def test_without_the_extra_it_says_what_to_install(folder: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    for module in ("starlette", "uvicorn"):
        place = hidden / module
        place.mkdir(parents=True)
        (place / "__init__.py").write_text("raise ImportError('not installed')\n", "utf-8")
        configured(folder, "  endpoints: [{name: x, cms: ghost}]\n")
        path = os.pathsep.join([str(hidden), str(SOURCE)])
        said = sentence(serve(folder, environment={"PYTHONPATH": path}))
        assert 'pip install "claimlint-health[serve]"' in said


def test_help_needs_no_extra(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['starlette'] = sys.modules['uvicorn'] = None\n"
        "from claimlint.cli import main; sys.argv = ['claimlint', 'serve', '--help']; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=False,
    )  # fmt: skip
    assert result.returncode == 0
    assert "--check-config" in result.stdout


# What was given up


def test_what_was_given_up_is_listed_and_retried(
    tmp_path: Path, claimlint: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = (
        "workers: 2\nendpoints:\n  - {name: std, cms: standard, secrets: [{env: SECRET_standard}]}"
    )
    with served(tmp_path, section, program=IMPATIENT + STUMBLE) as server:
        for name, text in (("bad\x1b[2J", "DIE"), ("good", CLEAN), ("worse", "DIE 2")):
            body = senders.EVERY[0].body(name, 1, text)
            answer = server.deliver("/hooks/std", body, senders.standard(body, time.time()))
            assert answer.status == 200
        until(lambda: server.rows("SELECT count(*) FROM events WHERE state = 'dead'") == [(2,)])
        monkeypatch.chdir(tmp_path)
        for name in ENVIRONMENT:  # a shell of somebody who only looks has no secrets
            monkeypatch.delenv(name)
        listed = claimlint("serve", "events", "list")
        assert listed.exit_code == 0, listed.output
        lines = listed.stdout.splitlines()
        assert len(lines) == 2
        assert "std:worse after 3 attempts: the worker process ended" in lines[0] + lines[1]
        assert "\x1b" not in listed.stdout
        number = lines[0].split()[0]
        assert claimlint("serve", "events", "retry", number).stdout == "Queued 1 delivery again.\n"
        assert claimlint("serve", "events", "retry", "999").stdout == "Queued 0 deliveries again.\n"
        until(lambda: server.rows("SELECT count(*) FROM events WHERE state = 'dead'") == [(2,)])
        assert claimlint("serve", "events", "retry").stdout == "Queued 2 deliveries again.\n"
    with served(tmp_path, section, program=IMPATIENT) as mended:
        until(lambda: mended.rows("SELECT count(*) FROM reviews") == [(3,)])
    assert claimlint("serve", "events", "list").stdout == "No delivery was given up.\n"


def test_without_a_store_there_is_nothing_to_list(claimlint: Command, folder: Path) -> None:
    configured(folder, "  endpoints: [{name: x, cms: ghost, secrets: [{env: NOT_SET}]}]\n")
    for word in ("list", "retry"):
        result = claimlint("serve", "events", word)
        assert result.exit_code == 2
        assert "nothing was delivered yet" in result.stderr
    assert not (folder / "claimlint.sqlite3").exists()


def test_a_secret_of_a_file_may_end_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"  {STANDARD}\r\n", "utf-8")
    assert base64.b64decode(STANDARD.removeprefix("whsec_")) == senders.KEY
    section = "workers: 1\nendpoints:\n  - {name: std, cms: standard, secrets: [{file: key}]}"
    with served(tmp_path, section) as server:
        body = senders.EVERY[0].body("x", 1, CLEAN)
        answer = server.deliver("/hooks/std", body, senders.standard(body, time.time()))
        assert answer.status == 200
