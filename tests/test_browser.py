"""The report in a real browser: run by `.ci/run`, which installs Chromium."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from claimlint import app
from claimlint.config import load_config
from claimlint.reporters import html

ROOT = Path(__file__).parent.parent
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = load_config(str(ROOT / "samples" / "claimlint.yaml"), str(ROOT))
    run = app.run(
        config,
        (str(ROOT / "samples" / "marketing"),),
        datetime.date(2026, 11, 20),
        cache=None,
        keep_drafts=True,
    )
    path = tmp_path_factory.mktemp("report") / "review.html"
    path.write_text(html.render(run.report, run.drafts), encoding="utf-8")
    return path


def browse(page: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is not installed; .ci/run installs it"
    command = [chromium, *QUIET, f"--user-data-dir={folder}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def test_the_page_shows_every_highlight_and_breaks_none_of_its_own_rules(
    page: Path, tmp_path: Path
) -> None:
    done = browse(page, tmp_path, "--dump-dom")
    source = page.read_text(encoding="utf-8")
    assert done.stdout.count('class="mark ') == source.count('class="mark ') > 50
    assert not re.search(r"CONSOLE|Refused to|Content Security Policy", done.stderr)


def test_it_is_readable_on_a_phone_and_on_paper(page: Path, tmp_path: Path) -> None:
    picture, paper = tmp_path / "phone.png", tmp_path / "paper.pdf"
    browse(page, tmp_path / "a", f"--screenshot={picture}", "--window-size=390,844")
    browse(page, tmp_path / "b", f"--print-to-pdf={paper}")
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert paper.read_bytes()[:5] == b"%PDF-"
    assert paper.stat().st_size > 50_000
