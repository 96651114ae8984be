"""Measure claimlint's speed and memory; run by hand, on a quiet machine.

    python benchmarks/speed.py [--runs 31] [--only cold --only throughput …]

Run it with the Python of an environment in which claimlint is installed (`pip install '.[docx]'`). Every
figure is a median or a ratio against something measured beside it. `docs/performance.md` says what the
parts measure. Compiled rules and the table of words go to a cache of this run, not to yours.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
PARTS = ("cold", "throughput", "stages", "jobs", "memory")
DRAFT_BYTES = 4096
NEW_WORDS = 0.08  # of the plain words of a draft never seen
ROUNDS = 3  # of what takes seconds
YARDSTICK = "import click, regex, pyromark, sentencex, msgspec"
REFERENCE_BARE_MS = 9.0  # the machine that the project's targets speak of
SAMPLE_SECONDS = 0.001

# Whose time it is, by the innermost of our modules on the stack; modules of `model` work for their
# callers, except the division into words.
STAGES = {
    "readers": "read",
    "model.words": "words",
    "engine.match": "match",
    "engine.names": "judge",
    "engine.sentences": "sentences",
    "engine.page": "page",
    "engine.claims": "judge",
    "engine.actors": "judge",
    "engine.judge": "judge",
    "engine.statement": "judge",
    "engine.context": "judge",
    "engine.patterns": "judge",
    "engine.reach": "judge",
    "engine.scene": "judge",
    "engine.impression": "claim model",
    "engine.weigh": "claim model",
    "engine.network": "claim model",
    "engine.evidence": "evidence",
    "engine.citations": "evidence",
    "engine.readability": "readability",
    "engine.syllables": "readability",
    "engine": "settle and disclosures",
    "reporters": "report",
    "app": "app",
    "workshop": "app",
}


class Usage(NamedTuple):
    """What one process took."""

    wall: float  # seconds
    cpu: float  # seconds, user and system


def spent(command: list[str]) -> Usage:
    """Run a command to its end, its output thrown away; POSIX only."""
    begin = time.perf_counter()
    with Path(os.devnull).open("wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1 is "findings"
        sys.exit(f"{Path(command[0]).name} failed: {said.decode(errors='replace').strip()}")
    return Usage(wall, used.ru_utime + used.ru_stime)


def peak(command: list[str]) -> float:
    """The largest resident size of a command in MiB; POSIX only.

    It is started by a small process of its own: a child counts the size that its parent had when it was
    forked.
    """
    run = (
        "import resource, subprocess, sys; "
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); "
        "sys.exit(done.returncode not in (0, 1))"
    )
    made = subprocess.run(
        [sys.executable, "-c", run, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(made.stdout) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def installed() -> str:
    """The command beside this Python."""
    found = Path(sys.executable).with_name("claimlint")
    if not found.exists():
        sys.exit("claimlint is not installed for this Python; run: pip install '.[docx]'")
    return str(found)


def row(what: str, *figures: str) -> None:
    """Print a line of a table."""
    print(f"  {what:<44}" + "".join(f"{figure:>14}" for figure in figures))


def cold(corpus: Path, scratch: Path, runs: int) -> None:
    """A whole process on one draft, against a Python that does nothing, in turns."""
    drafts = sorted(corpus.glob("*.md"))
    draft = min(drafts, key=lambda path: abs(path.stat().st_size - DRAFT_BYTES))
    text = draft.read_text(encoding="utf-8")
    unseen = scratch / "unseen.md"
    command = [installed(), "check"]
    ways: dict[str, list[str]] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "five imports": [sys.executable, "-c", YARDSTICK],
        "check, one draft": [*command, str(draft)],
        "check, a draft never seen": [*command, str(unseen)],
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-2, runs):  # two rounds to warm the caches of rules, words and files
        unseen.write_text(with_new_words(text, number), encoding="utf-8")
        for name, way in ways.items():
            wall = spent(way).wall
            if number >= 0:
                taken[name].append(wall)
    bare = taken["python -c pass"]
    print(f"\nCold start, {draft.stat().st_size:,} bytes, {runs} rounds")
    row("", "median ms", "fastest ms", "of bare")
    for name, walls in taken.items():
        ratio = statistics.median(a / b for a, b in zip(walls, bare, strict=True))
        row(
            name,
            f"{statistics.median(walls) * 1e3:.1f}",
            f"{min(walls) * 1e3:.1f}",
            f"{ratio:.2f}",
        )


def with_new_words(text: str, seed: int) -> str:
    """Exchange words of a draft for invented ones that no dictionary has."""
    chance = random.Random(f"new words {seed}")
    starts, middles, ends = "bcdfghklmnprstvwz", "aeiou", ["", "l", "m", "n", "r", "s", "nd", "st"]

    def invented(found: re.Match[str]) -> str:
        if chance.random() > NEW_WORDS:
            return found.group()
        parts = [chance.choice(part) for part in (starts, middles, ends) * 3]
        return "".join(parts)

    return re.sub(r"\b[a-z]{4,}\b", invented, text)


def throughput(corpus: Path, size: float) -> None:
    """Reading and judging in one process, without start and output, and the whole command."""
    bare = statistics.median(spent([sys.executable, "-c", "pass"]).wall for _ in range(11)) * 1e3
    print(f"\nThroughput in one process, {size:.2f} MB (bare Python here: {bare:.1f} ms)")
    row("", "MB/cpu-s", "MB/s wall", "at 9 ms bare")

    def told(what: str, cpu: float, wall: float) -> None:
        scaled = size / cpu * bare / REFERENCE_BARE_MS
        row(what, f"{size / cpu:.2f}", f"{size / wall:.2f}", f"{scaled:.2f}")

    found = within("throughput", corpus)
    told("read and judge, words met before", found["cpu"], found["wall"])
    told("read and judge, first pass", found["first_cpu"], found["first_wall"])
    for form in ("concise", "json"):
        command = [installed(), "check", "--format", form, str(corpus)]
        best = min((spent(command) for _ in range(ROUNDS)), key=lambda used: used.cpu)
        told(f"whole command, --format {form}", best.cpu, best.wall)
    per_kb = found["findings"] / size / 1e3
    print(f"  {found['findings']:,} findings, {per_kb:.2f} for each kB")


def jobs(corpus: Path, size: float) -> None:
    """Two processes against one, and how free the second core was."""
    command = [installed(), "check", "--format", "concise", str(corpus), "--jobs"]
    ratios, free = [], []
    for _ in range(ROUNDS):
        one, two = spent([*command, "1"]).wall, spent([*command, "2"]).wall
        ratios.append(one / two)
        free.append(second_core())
    print(f"\n--jobs 2 against 1, {size:.2f} MB, {ROUNDS} rounds")
    row("times the throughput (median)", f"{statistics.median(ratios):.2f}")
    row("two busy loops at once against in turn", f"{statistics.median(free):.2f}")


def second_core() -> float:
    """How much faster two busy processes are side by side than one after the other: at best 2."""
    loop = [sys.executable, "-c", "sum(range(40_000_000))"]
    begin = time.perf_counter()
    for _ in range(2):
        subprocess.run(loop, check=True)
    between = time.perf_counter()
    both = [subprocess.Popen(loop) for _ in range(2)]
    for process in both:
        process.wait()
    return (between - begin) / (time.perf_counter() - between)


def memory(corpus: Path) -> None:
    """The peak of the whole command, on one draft and on all of them."""
    command = [installed(), "check", "--format"]
    first = [*command, "concise", str(min(corpus.glob("*.md")))]
    peak(first)  # which compiles the packs, once
    one = peak(first)
    everything = peak([*command, "concise", str(corpus)])
    as_json = peak([*command, "json", str(corpus)])
    found = within("throughput", corpus)["findings"]
    print("\nPeak memory")
    row("python -c pass", f"{peak([sys.executable, '-c', 'pass']):.1f} MiB")
    row("check, one draft", f"{one:.1f} MiB")
    row("check, the corpus", f"{everything:.1f} MiB")
    row("more than one draft, for each finding", f"{(everything - one) * 1024 / found:.2f} kB")
    row("the same with --format json", f"{(as_json - one) * 1024 / found:.2f} kB")


def stages(corpus: Path) -> None:
    """Where the time of one process goes, by sampling it every millisecond of its work."""
    shares = within("stages", corpus)
    total = sum(shares.values())
    print(f"\nShare of each stage ({total:,} samples)")
    for stage, count in sorted(shares.items(), key=lambda pair: -pair[1]):
        row(stage, f"{count / total:.1%}")


def within(part: str, corpus: Path) -> dict[str, Any]:
    """Run a part in a process of its own, which imports claimlint; what it found."""
    command = [sys.executable, str(HERE / "speed.py"), "--within", part, "--corpus", str(corpus)]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    return found


def _within_throughput(corpus: Path) -> dict[str, float]:
    check, names = _checker(corpus)
    figures: dict[str, float] = {}
    for prefix in ("first_", ""):
        cpu, wall = time.process_time(), time.perf_counter()
        figures["findings"] = sum(check(name) for name in names)
        figures[f"{prefix}cpu"] = time.process_time() - cpu
        figures[f"{prefix}wall"] = time.perf_counter() - wall
    return figures


def _within_stages(corpus: Path) -> dict[str, int]:
    import datetime
    import signal
    from types import FrameType

    from claimlint import app
    from claimlint.cache import default_folder
    from claimlint.config import load_config
    from claimlint.reporters import json_report

    package = Path(app.__file__).parent
    check, names = _checker(corpus)
    for name in names[: len(names) // 4]:
        check(name)  # so that rules, words and modules are loaded
    counts: dict[str, int] = {}

    def sampled(_signal: int, frame: FrameType | None) -> None:
        stage = _stage(frame, package)
        counts[stage] = counts.get(stage, 0) + 1

    signal.signal(signal.SIGPROF, sampled)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
    config, today = load_config(None, "."), datetime.date(2026, 1, 1)
    json_report.render(app.run(config, tuple(names), today, cache=default_folder()).report)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return counts


def _stage(frame: Any, package: Path) -> str:
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(package):
            module = ".".join(path.relative_to(package).with_suffix("").parts)
            for name in (module, module.split(".")[0]):
                if name in STAGES:
                    return STAGES[name]
        frame = frame.f_back
    return "other"


def _checker(corpus: Path) -> tuple[Callable[[str], int], list[str]]:
    """A function that reads and judges one file and counts its findings, and the files."""
    import gc

    from claimlint.cache import default_folder
    from claimlint.config import load_config
    from claimlint.workshop import Plan, Workshop, check_file

    gc.set_threshold(100_000, 20, 20)  # as the command does
    workshop = Workshop(Plan(load_config(None, "."), default_folder()))

    def check(name: str) -> int:
        document = check_file(workshop, name).document
        assert document is not None
        return len(document.findings)

    return check, [str(path) for path in sorted(corpus.glob("*.md"))]


def facts() -> Iterator[str]:
    """What was measured on what; no path of this machine."""
    about = "import claimlint; print(claimlint.__version__, claimlint.__file__)"
    version, where = subprocess.run(
        [sys.executable, "-c", about], check=True, capture_output=True, text=True
    ).stdout.split(maxsplit=1)
    kind = "installed" if "site-packages" in where else "editable"
    yield f"claimlint {version} ({kind}), Python {platform.python_version()}"
    yield f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    if (about_it := Path("/proc/cpuinfo")).exists():
        named = re.search(r"model name\s*: (.*)", about_it.read_text(encoding="utf-8"))
        yield named.group(1) if named else "processor unknown"


def main() -> None:
    """Measure what is asked for and print a table of each."""
    parser = argparse.ArgumentParser(description="Measure claimlint's speed and memory.")
    parser.add_argument("--runs", type=int, default=31, help="rounds of the cold start")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; repeatable")
    parser.add_argument("--corpus", type=Path, help="a corpus that is there already")
    parser.add_argument("--within", choices=("throughput", "stages"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.within:
        part = _within_stages if options.within == "stages" else _within_throughput
        print(json.dumps(part(options.corpus)))
        return
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        os.environ["XDG_CACHE_HOME"] = str(scratch)
        print(*facts(), time.strftime("%Y-%m-%d"), sep="\n")
        corpus = options.corpus.resolve() if options.corpus else scratch / "corpus"
        if not options.corpus:
            subprocess.run([sys.executable, str(HERE / "corpus.py"), str(corpus)], check=True)
        (scratch / ".git").mkdir()  # the search for a configuration ends here
        os.chdir(scratch)
        measure(options.only or list(PARTS), corpus, scratch, options.runs)


def measure(parts: list[str], corpus: Path, scratch: Path, runs: int) -> None:
    """Run some parts in their order."""
    size = sum(path.stat().st_size for path in corpus.glob("*.md")) / 1e6
    todo: dict[str, Callable[[], None]] = {
        "cold": lambda: cold(corpus, scratch, runs),
        "throughput": lambda: throughput(corpus, size),
        "stages": lambda: stages(corpus),
        "jobs": lambda: jobs(corpus, size),
        "memory": lambda: memory(corpus),
    }
    for part in PARTS:
        if part in parts:
            todo[part]()


if __name__ == "__main__":
    main()
