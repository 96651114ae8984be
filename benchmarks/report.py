"""Measure the review page: what it costs beside `check`, how large it is, how fast a browser opens it.

    python benchmarks/report.py [--documents 500] [--runs 9]

Run it with the Python of an environment in which claimlint is installed with the extra `browser`; the
opening is left out where Chromium or playwright is missing. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDS = 1_000
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def drafts(folder: Path, count: int) -> list[Path]:
    """Write drafts of about 1,000 words each, put together from files of the speed corpus."""
    made = folder / "corpus"
    subprocess.run(
        [sys.executable, str(HERE / "corpus.py"), str(made)], check=True, stdout=subprocess.DEVNULL
    )
    blocks = [
        block
        for path in sorted(made.rglob("*.md"))
        for block in path.read_text(encoding="utf-8").split("\n\n")
        if not block.startswith("---")
    ]
    target = folder / "drafts"
    target.mkdir()
    paths = []
    at = 0
    for number in range(count):
        text: list[str] = []
        while sum(len(block.split()) for block in text) < WORDS:
            text.append(blocks[at % len(blocks)])
            at += 1
        paths.append(target / f"draft-{number:03}.md")
        paths[-1].write_text("\n\n".join(text) + "\n", encoding="utf-8")
    return paths


def seconds(command: list[str]) -> float:
    """The time of a whole process, its output thrown away."""
    begin = time.perf_counter()
    with Path(os.devnull).open("wb") as nowhere:
        done = subprocess.run(command, stdout=nowhere, stderr=nowhere, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}")
    return time.perf_counter() - begin


def opened(page: Path) -> float | None:
    """Milliseconds until a browser has laid the page out; None where there is no browser."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.goto(page.as_uri(), wait_until="load")
        taken: float = tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        browser.close()
    return taken


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    command = [str(Path(sys.executable).with_name("claimlint"))]
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
        paths = drafts(Path(scratch), options.documents)
        os.chdir(scratch)
        page = Path(scratch, "review.html")
        check = [*command, "check", str(paths[0])]
        report = [*command, "report", str(paths[0]), "-o", str(page), "--quiet"]
        seconds(check)
        pairs = [(seconds(check), seconds(report)) for _ in range(options.runs)]
        more = statistics.median(after - before for before, after in pairs)
        base = statistics.median(before for before, _ in pairs)
        print(
            f"one draft of 1,000 words: check {base * 1000:.0f} ms, report {more * 1000:.0f} ms more"
        )
        print(f"its page: {page.stat().st_size / 1000:.0f} kB, opens in {shown(opened(page))}")
        folder = str(paths[0].parent)
        base = seconds([*command, "check", folder, "--format", "json"])
        whole = seconds([*command, "report", folder, "-o", str(page), "--quiet"])
        print(f"{len(paths)} drafts: check {base:.1f} s, report {whole:.1f} s")
        print(f"their page: {page.stat().st_size / 1e6:.1f} MB, opens in {shown(opened(page))}")
        pages = Path(scratch, "pages")
        whole = seconds([*command, "report", folder, "-o", f"{pages}/", "--quiet"])
        size = sum(path.stat().st_size for path in pages.iterdir()) / 1e6
        index = pages / "index.html"
        print(
            f"as a folder: {whole:.1f} s, {size:.1f} MB, index {index.stat().st_size / 1e6:.2f} MB, ",
            end="",
        )
        print(f"opens in {shown(opened(index))}")


def shown(milliseconds: float | None) -> str:
    """A time as text."""
    return "(no browser here)" if milliseconds is None else f"{milliseconds:.0f} ms"


if __name__ == "__main__":
    main()
