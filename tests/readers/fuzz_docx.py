"""Feed damaged Word documents to the reader: python -m tests.readers.fuzz_docx --seconds 60.

Prints each kind of failure once, with the seed that repeats it; keep those as tests.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from io import BytesIO
from zipfile import ZipFile

from tests.readers.docx_builder import everything, from_library, zipped
from tests.readers.invariants import check

from claimlint.errors import ReadError
from claimlint.readers.docx import read_docx

_SLOW_SECONDS = 2.0
_ATOMS = (
    b"<w:p>", b"</w:p>", b"<w:p/>", b"<w:r>", b"</w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>",
    b"</w:tbl>", b"<w:tr>", b"</w:tr>", b"<w:tc>", b"</w:tc>", b"<w:del>", b"</w:del>", b"<w:ins>",
    b"</w:ins>", b"<w:txbxContent>", b"</w:txbxContent>", b"<w:rPr>", b"</w:rPr>", b"<w:pPr>",
    b"</w:pPr>", b"<w:vanish/>", b"<w:br/>", b"<w:tab/>", b"<w:hyperlink>", b"</w:hyperlink>",
    b"<mc:AlternateContent>", b"</mc:AlternateContent>", b"<mc:Choice>", b"</mc:Choice>",
    b"<mc:Fallback>", b"</mc:Fallback>", b"<w:sdtContent>", b"<w:sectPr>", b"</w:sectPr>",
    b'<w:fldChar w:fldCharType="begin"/>', b'<w:fldChar w:fldCharType="separate"/>',
    b'<w:fldChar w:fldCharType="end"/>', b"<w:instrText>HYPERLINK x</w:instrText>",
    b'<w:footnoteReference w:id="1"/>', b'<w:endnoteReference w:id="1"/>', b"<w:cellDel/>",
    b'<w:footnote w:id="1">', b"</w:footnote>", b'<w:gridSpan w:val="7"/>', b"&#x0a;", b"&#xd;",
    b"&amp;", b"&nope;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"<?x?>", b"\x00",
    b"\xff", b"\xc2\xa0", b"\xc2\xad", b"\xe2\x80\xa8", b"\xe2\x80\xa2 ", b'w:val="', b'"', b">",
    b"<", b"/", b"9" * 30, b"-1", b'w:val="0"', b"xml:space", b"r:id", b'encoding="utf-16"',
)  # fmt: skip


def _contents(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damaged(data: bytes, rng: random.Random, *, times: int) -> bytes:
    """Change, cut, repeat or insert a few bytes."""
    out = bytearray(data)
    for _ in range(rng.randint(1, times)):
        at = rng.randrange(len(out) + 1)
        size = rng.choice((1, 1, 2, 4, 16, 200))
        match rng.randrange(5):
            case 0:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del out[at : at + size]
            case 2:
                source = rng.randrange(len(out) + 1)
                out[at:at] = out[source : source + size]
            case 3:
                out[at : at + 1] = bytes(
                    [(out[at] if at < len(out) else 0) ^ 1 << rng.randrange(8)]
                )
            case _:
                out[at:at] = rng.choice(_ATOMS)
    return bytes(out)


def reshuffled(content: bytes, rng: random.Random) -> bytes:
    """Move, repeat or drop whole tags, so that the XML often stays well formed."""
    tags = content.split(b"<")
    for _ in range(rng.randint(1, 4)):
        first, last = sorted(rng.randrange(1, len(tags) + 1) for _ in range(2))
        last = min(last, first + 30)
        piece = tags[first:last]
        match rng.randrange(4):
            case 0:
                tags[first:first] = piece
            case 1 if len(tags) - len(piece) > 1:
                del tags[first:last]
            case 2:
                at = rng.randrange(1, len(tags))
                tags[at:at] = piece
            case _:
                atom = rng.choice(_ATOMS)
                tags[first:first] = [atom.removeprefix(b"<")]
    return b"<".join(tags)


def specimen(bases: list[bytes], rng: random.Random) -> bytes:
    """One damaged file: its bytes, or the bytes or tags of one of its parts."""
    data = rng.choice(bases)
    how = rng.randrange(4)
    if how == 0:
        return damaged(data, rng, times=8)
    files = _contents(data)
    name = rng.choice([name for name in files if name.endswith((".xml", ".rels"))])
    if rng.random() < 0.5:
        name = "word/document.xml"
    change = damaged(files[name], rng, times=4) if how == 1 else reshuffled(files[name], rng)
    return zipped({**files, name: change})


def failure_of(data: bytes) -> str:
    """Read the bytes and say what went wrong; empty when nothing did."""
    started = time.monotonic()
    try:
        check(read_docx(data, "x"))
    except ReadError as error:
        if "\n" in error.message:
            return "a message of several lines"
    except Exception as error:  # noqa: BLE001  a fuzzer wants every failure
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {last.filename}:{last.name}: {last.line} ({error})"
    return "slow" if time.monotonic() - started > _SLOW_SECONDS else ""


def main() -> int:
    """Run for the given time and report each kind of failure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    bases = [everything().data(), from_library()]
    until = time.monotonic() + options.seconds
    seen: set[str] = set()
    read = 0
    seed = options.seed
    while time.monotonic() < until:
        seed += 1
        data = specimen(bases, random.Random(seed))
        failure = failure_of(data)
        read += 1
        if failure and failure not in seen:
            seen.add(failure)
            sys.stdout.write(f"seed {seed}: {failure}\n")
    sys.stdout.write(f"{read} files, {len(seen)} kinds of failure\n")
    return bool(seen)


if __name__ == "__main__":
    sys.exit(main())
