"""Feed damaged drafts to reader and engine: python -m tests.fuzz --reader md --seconds 60.

A draft is a sample, a generated draft or what was found before, changed at random in its bytes and in
its structure. Each kind of failure is told once, with the smallest draft that still shows it, which is
kept in `tests/properties/found/` and tested from then on.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from claimlint.model.document import Format
from tests.properties.generate import generate
from tests.properties.pack import SUFFIXES, check
from tests.properties.verify import incoherent
from tests.readers.fuzz_docx import specimen
from tests.readers.fuzz_readers import ATOMS
from tests.readers.invariants import check as promises

READERS: dict[str, Format] = {"md": "markdown", "html": "html", "docx": "docx", "text": "text"}
ROOT = Path(__file__).parent
FOUND = ROOT / "properties" / "found"
_SAMPLES = ROOT.parent / "samples"
_LARGEST = 30_000  # bytes of a draft
# Far above what any draft takes (see benchmarks/growth.py), far below what a hang is.
_SECONDS, _SECONDS_PER_BYTE = 2.0, 5e-4
_PARTICULARS = re.compile(r"'.*'|\".*\"|\d+")  # what differs between failures of one kind
_CLAIMS = (
    "We cure pain. ", "It may cure arthritis", " miracle ", "no side effects", "92% of patients ",
    "only 12 spots left", "10.1000/abc", "PMID: 123", "(Smith et al., 2020)", "[1]", "studies show",
    "body’s own remedy", "100% safe & sound", "stem cell therapy", " not ", " whether ", "; ", ": ",
)  # fmt: skip


def failure_of(data: bytes, form: Format, *, shipped: bool = False) -> str:
    """Check a draft and say what went wrong; empty when nothing did."""
    started = time.process_time()
    try:
        checked = check(data, form, shipped=shipped)
        if checked.draft is not None:
            promises(checked.draft)
    except Exception as error:  # noqa: BLE001  (a fuzzer wants every failure)
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {last.name}: {last.line}"
    took = time.process_time() - started
    if any(not problem.message or "\n" in problem.message for problem in checked.problems):
        return "a problem is not told in one line"
    if checked.document is None or checked.draft is None:
        return "" if checked.problems else "neither a document nor a problem"
    if took > _SECONDS + _SECONDS_PER_BYTE * max(len(data), len(checked.draft.source.text)):
        return "slow"
    if checked.problems and checked.document.verdict == "pass":
        return "a pass in spite of a problem"
    return _PARTICULARS.sub("", incoherent(checked.document, checked.draft))


def drafts(form: Format) -> list[bytes]:
    """What the changes begin with."""
    suffix = SUFFIXES[form]
    files = sorted([*_SAMPLES.rglob(f"*{suffix}"), *FOUND.glob(f"*{suffix}")])
    return [path.read_bytes() for path in files] + [generate(form, n).data for n in range(60)]


def changed(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Change a draft in one to six places."""
    out = data
    for _ in range(rng.randint(1, 6)):
        out = rng.choice(_CHANGES)(out, rng, others)[:_LARGEST]
    return out


def _place(data: bytes, rng: random.Random) -> tuple[int, int]:
    """A stretch of the bytes, mostly between characters."""
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((0, 1, 1, 3, 12, 60, 400)))
    if rng.random() < 0.95:
        start, end = (_between(data, at) for at in (start, end))
    return start, end


def _between(data: bytes, at: int) -> int:
    while at < len(data) and data[at] & 0xC0 == 0x80:  # inside a character of UTF-8
        at += 1
    return at


def _insert(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    at, _ = _place(data, rng)
    words = rng.choice((ATOMS, _CLAIMS))
    text = "".join(rng.choice(words) for _ in range(rng.randint(1, 4)))
    return data[:at] + text.encode("utf-8", "surrogatepass") + data[at:]


def _delete(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + data[start:end] * rng.choice((2, 3, 40)) + data[end:]


def _move(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    start, end = _place(data, rng)
    rest = data[:start] + data[end:]
    at, _ = _place(rest, rng)
    return rest[:at] + data[start:end] + rest[at:]


def _flip(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    byte = rng.randrange(rng.choice((128, 128, 256)))
    return data[:at] + bytes([byte]) + data[at + 1 :]


def _splice(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    other = rng.choice(others)
    start, _ = _place(other, rng)
    at, end = _place(data, rng)
    return data[:at] + other[start : start + 300] + data[end:]


def _ends(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    newline = rng.choice((b"\r\n", b"\r", b"\n", b"\n\n", b" \n", b"\x0c", b"\xe2\x80\xa8"))
    return data.replace(b"\n", newline)


def _wrap(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    start, end = _place(data, rng)
    pairs = (
        (b"**", b"**"),
        (b"<b>", b"</b>"),
        (b"<div>\n\n", b"\n\n</div>"),
        (b"[", b"](x)"),
        (b"`", b"`"),
    )
    opening, closing = rng.choice(pairs)
    return data[:start] + opening + data[start:end] + closing + data[end:]


def _recode(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    encoding = rng.choice(("utf-16", "utf-8-sig", "utf-16-le", "cp1252"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


_CHANGES: tuple[Callable[[bytes, random.Random, list[bytes]], bytes], ...] = (
    *(_insert, _insert, _delete, _repeat, _move, _splice, _wrap) * 4, _flip, _ends, _ends, _recode,
)  # fmt: skip


def smallest(data: bytes, form: Format, failure: str, *, shipped: bool) -> bytes:
    """Cut pieces away as long as the failure stays the same."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            if failure_of(shorter, form, shipped=shipped) == failure:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def main() -> int:
    """Run for the given time and report each kind of failure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", choices=READERS, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shipped", action="store_true", help="with the shipped rules")
    options = parser.parse_args()
    form = READERS[options.reader]
    start = drafts(form)
    until = time.monotonic() + options.seconds
    seen: set[str] = set()
    count = total = 0
    while time.monotonic() < until:
        rng = random.Random(f"{options.seed} {count}")
        count += 1
        data = specimen(start, rng) if form == "docx" else changed(rng.choice(start), rng, start)
        total += len(data)
        failure = failure_of(data, form, shipped=options.shipped)
        if not failure or failure in seen:
            continue
        seen.add(failure)
        least = data
        if form != "docx" and failure != "slow":
            least = smallest(data, form, failure, shipped=options.shipped)
        name = f"{options.reader}-{hashlib.sha256(least).hexdigest()[:8]}{SUFFIXES[form]}"
        FOUND.mkdir(exist_ok=True)
        (FOUND / name).write_bytes(least)
        sys.stdout.write(f"{name}: {failure}\n")
        sys.stdout.flush()
    sys.stdout.write(
        f"{options.reader}: {count} drafts, {total:,} bytes, {len(seen)} kinds of failure\n"
    )
    return bool(seen)


if __name__ == "__main__":
    sys.exit(main())
