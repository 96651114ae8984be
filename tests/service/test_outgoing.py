"""The client that the service asks others with: where it goes, and where nobody can lead it."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.service.other_side import Asked, Says, bare, other_side

from claimlint.service.outgoing import Client, Limits, Request, connected
from claimlint.service.outgoing_guard import (
    Allowed,
    OutgoingError,
    destination_of,
    is_public,
    listed,
)

TOKEN = {"Authorization": "Bearer not-to-be-told"}
QUICK = Limits(connect_seconds=2, total_seconds=0.4, answer_bytes=100_000)


def here(port: int, host: str = "127.0.0.1") -> Allowed:
    return Allowed(frozenset(listed(f"{host}:{port}")), allow_private=True)


def refusal(client: Client, url: str, allowed: Allowed, **headers: str) -> OutgoingError:
    with pytest.raises(OutgoingError) as caught:
        client.ask(Request(url, {**TOKEN, **headers}), allowed)
    assert "not-to-be-told" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "192.88.99.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:0a00:0001::1",
        "2001::1", "2001:db8::1", "3fff::1", "100::1", "fec0::1", "4000::1", "not an address", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(address)


def test_the_host_that_is_listed_is_asked_with_its_own_name() -> None:
    with other_side(lambda _: Says(200, b'{"a": 1}')) as other:
        client = Client(resolve=lambda host, port: ["127.0.0.1"])
        url = f"http://cms.test:{other.port}/story?q=1"
        answer = client.ask(Request(url, TOKEN), here(other.port, "cms.test"))
    assert answer.body == b'{"a": 1}'
    (asked,) = other.asked
    assert asked.headers["host"] == f"cms.test:{other.port}"
    assert (asked.method, asked.path, asked.query) == ("GET", "/story", {"q": "1"})
    assert asked.headers["authorization"] == TOKEN["Authorization"]


@pytest.mark.parametrize(
    "url",
    [
        "https://other.test/", "https://cms.test:8443/", "https://cms.test.evil.test/",
        "https://cms.test@evil.test/", "https://user:word@cms.test/", "https://evil.test#cms.test",
        "https://cms.test#part", "ftp://cms.test/", "file:///etc/passwd", "//cms.test/", "cms.test",
        "https:///x", "https://cms.test\\@evil.test/", "https://cms.test/a b", "https://cms.test/\r\nX: y",
        "https://cms.test/\x00", "https://cms.test:99999/", "https://[::1/", "https://cms.test/ü",
        "https://cms%2etest/", "https://cms.test.:443/", "http://cms.test/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_asked(url: str) -> None:
    def fail(*_: object) -> socket.socket:
        raise AssertionError("it was asked")

    client = Client(resolve=lambda host, port: ["93.184.216.34"], connect=fail)
    allowed = Allowed(frozenset(listed("cms.test")))
    assert refusal(client, url, allowed).is_final


def test_a_host_is_compared_without_case() -> None:
    allowed = Allowed(frozenset(listed("CMS.test")))
    target = destination_of("https://cms.TEST/a", allowed)
    assert (target.host, target.port, target.shown) == ("cms.test", 443, "cms.test")


@pytest.mark.parametrize(
    "entry", ["", "http://cms.test", "cms.test/", "*.test", "a b", "cms:0", "cms:70000", "-a.b"]
)
def test_an_entry_that_is_no_host(entry: str) -> None:
    with pytest.raises(ValueError, match=r"host|port"):
        listed(entry)


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::ffff:169.254.169.254"],
        ["::1"],
    ],
)
def test_a_public_name_with_a_private_address(addresses: Sequence[str]) -> None:
    def fail(*_: object) -> socket.socket:
        raise AssertionError("it was asked")

    client = Client(resolve=lambda host, port: addresses, connect=fail)
    error = refusal(client, "https://cms.test/", Allowed(frozenset(listed("cms.test"))))
    assert error.is_final
    assert "not public" in str(error)


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "::", "fe80::1"])
def test_not_even_ones_own_network_has_the_keys_of_a_cloud(address: str) -> None:
    client = Client(resolve=lambda host, port: [address])
    assert refusal(client, "http://cms.test:80/", here(80, "cms.test")).is_final


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_asked() -> None:
    """DNS rebinding: the name is public when it is checked and private a moment later."""
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    reached = []

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    client = Client(resolve=lambda host, port: answers.pop(0), connect=connect)
    error = refusal(client, "https://cms.test/", Allowed(frozenset(listed("cms.test"))))
    assert reached == ["93.184.216.34"]
    assert not error.is_final
    assert len(answers) == 2


def test_a_name_without_an_address_is_tried_again() -> None:
    def fail(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror

    allowed = Allowed(frozenset(listed("cms.test")))
    assert not refusal(Client(resolve=fail), "https://cms.test/", allowed).is_final


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with other_side() as other, other_side() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        Client().ask(Request(f"{other.url}/x", TOKEN), here(other.port))
    assert len(other.asked) == 1
    assert not proxy.asked


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with other_side() as evil:
        moved = Says(status, b"", {"Location": f"{evil.url}/"})
        with other_side(lambda _: moved) as other:
            error = refusal(Client(), other.url, here(other.port))
    assert error.is_final
    assert "redirect" in str(error)
    assert not evil.asked


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(400, True), (401, True), (403, True), (404, True), (410, True), (408, False), (429, False),
     (500, False), (502, False), (503, False)],
)  # fmt: skip
def test_what_an_answer_means(status: int, is_final: bool) -> None:
    with other_side(lambda _: Says(status, b"secret words", {"Retry-After": "7"})) as other:
        error = refusal(Client(), other.url, here(other.port))
    assert (error.status, error.is_final, error.after_seconds) == (status, is_final, 7.0)
    assert "secret words" not in str(error)
    assert str(status) in str(error)


@pytest.mark.parametrize(
    "header",
    [{"X-A": "a\r\nX-B: b"}, {"X-A\r\nX-B": "a"}, {"X-A": "a\x00"}, {"X-A": "ü"}, {"": "a"}],
)
def test_a_header_cannot_be_smuggled_in(header: dict[str, str]) -> None:
    with other_side() as other:
        assert refusal(Client(), other.url, here(other.port), **header).is_final
    assert not other.asked


def test_an_answer_that_says_it_is_too_large() -> None:
    with other_side(lambda _: Says(200, b"x" * 100_001)) as other:
        error = refusal(
            Client(limits=QUICK._replace(total_seconds=20)), other.url, here(other.port)
        )
    assert error.is_final
    assert "larger than 100,000 bytes" in str(error)


@pytest.mark.parametrize("head", ["Transfer-Encoding: chunked", "Connection: close"])
def test_an_answer_without_an_end(head: str) -> None:
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    sent = 0

    def speak(kept: socket.socket) -> None:
        nonlocal sent
        kept.recv(9999)
        kept.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        while sent < 50_000_000:
            kept.sendall(chunk)
            sent += len(chunk)

    with bare(speak) as port:
        client = Client(limits=QUICK._replace(total_seconds=20))
        error = refusal(client, f"http://127.0.0.1:{port}/", here(port))
    assert "larger than" in str(error)
    assert sent < 20_000_000


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_an_answer_that_drips(head: bytes, drop: bytes) -> None:
    over, ended = threading.Event(), threading.Event()

    def speak(kept: socket.socket) -> None:
        kept.recv(9999)
        kept.sendall(head)
        for _ in range(400):  # twenty seconds: longer than it may take, and an end all the same
            if over.wait(0.05):
                return
            kept.sendall(drop)
        ended.set()

    with bare(speak) as port:
        error = refusal(Client(limits=QUICK), f"http://127.0.0.1:{port}/", here(port))
        assert not ended.is_set()  # it was cut off, not listened to
        over.set()
    assert not error.is_final
    assert "took longer" in str(error)


@pytest.mark.parametrize(
    "said",
    [
        b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 2000 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)  # fmt: skip
def test_an_answer_that_is_none(said: bytes) -> None:
    def speak(kept: socket.socket) -> None:
        kept.recv(9999)
        kept.sendall(said)

    with bare(speak) as port:
        client = Client(limits=QUICK._replace(total_seconds=10))
        assert not refusal(client, f"http://127.0.0.1:{port}/", here(port)).is_final


def test_an_answer_that_is_compressed_unasked() -> None:
    with other_side(lambda _: Says(200, b"x", {"Content-Encoding": "gzip"})) as other:
        assert "compressed" in str(refusal(Client(), other.url, here(other.port)))


def test_nobody_listens() -> None:
    with bare(lambda kept: None) as port:
        pass
    error = refusal(Client(), f"http://127.0.0.1:{port}/", here(port))
    assert not error.is_final
    assert "cannot be reached" in str(error)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's side for a name, and the file by which to trust it."""
    key, made = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", str(key), "-out", str(made), "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context, made


@pytest.mark.parametrize(
    ("host", "is_trusted", "told"),
    [
        ("cms.test", True, ""),
        ("other.test", True, "certificate"),
        ("cms.test", False, "certificate"),
    ],
)
def test_a_certificate_is_verified_for_the_name(
    tmp_path: Path, host: str, is_trusted: bool, told: str
) -> None:
    server, trusted = certificate(tmp_path, "cms.test")
    with other_side(lambda asked: Says(200, asked.headers["host"].encode())) as other:
        other.server.socket = server.wrap_socket(
            other.server.socket, server_side=True, do_handshake_on_connect=False
        )
        trust = ssl.create_default_context(cafile=str(trusted)) if is_trusted else None
        client = Client(trust=trust, resolve=lambda host, port: ["127.0.0.1"], connect=connected)
        url = f"https://{host}:{other.port}/"
        if told:
            assert told in str(refusal(client, url, here(other.port, host)))
            assert not other.asked
        else:
            answer = client.ask(Request(url, TOKEN), here(other.port, host))
            assert answer.body == f"{host}:{other.port}".encode()


def test_a_handshake_that_never_ends() -> None:
    over = threading.Event()

    def speak(kept: socket.socket) -> None:
        over.wait(10)

    with bare(speak) as port:
        error = refusal(Client(limits=QUICK), f"https://127.0.0.1:{port}/", here(port))
        over.set()
    assert "took longer" in str(error)


def test_a_body_is_posted() -> None:
    with other_side() as other:
        Client().ask(Request(f"{other.url}/in", {"X-A": "b"}, b"words"), here(other.port))
    (asked,) = other.asked
    assert isinstance(asked, Asked)
    assert (asked.method, asked.body, asked.headers["content-length"]) == ("POST", b"words", "5")
