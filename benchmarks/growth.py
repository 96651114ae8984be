"""How the time for hostile drafts grows with their size, with the shipped rules: by hand, not in CI.

    python -m benchmarks.growth [--largest 5000000] [--case words] [--format text]

Each case is checked at a hundredth, a tenth and the whole of the largest size, in one process. Linear
work gives factors near 10. A case whose next size would take more than `--seconds` is cut short.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from itertools import pairwise

from benchmarks.hostile import CASES

from claimlint.config import Config
from claimlint.workshop import Plan, Workshop


def main() -> None:
    """Print a line for each case: seconds at each size, the factors between, kB/s, findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=5_000_000, help="bytes")
    parser.add_argument("--case", default="", help="part of a case's name")
    parser.add_argument("--format", default="", help="markdown, html, docx or text")
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    sizes = [options.largest // 100, options.largest // 10, options.largest]
    workshop = Workshop(Plan(Config(root=""), None))
    workshop.check(b"Our therapy can cure pain.\n", "warm-up.md", "markdown")
    heads = [f"{size / 1000:,.0f} kB" for size in sizes]
    print(
        f"{'case':42}" + "".join(f"{head:>11}" for head in heads) + "  factors      kB/s  findings"
    )
    for (form, name), make in CASES.items():
        if options.case not in name or options.format not in form:
            continue
        seconds: list[float] = []
        findings = 0
        for size in sizes:
            if seconds and seconds[-1] * 10 > options.seconds:
                break
            data = make(size)
            gc.collect()
            start = time.process_time()
            checked = workshop.check(data, "hostile", form)
            seconds.append(time.process_time() - start)
            findings = len(checked.document.findings) if checked.document else 0
        factors = [after / before for before, after in pairwise(seconds)]
        speed = sizes[len(seconds) - 1] / 1000 / seconds[-1]
        print(
            f"{form + ': ' + name:42}"
            + "".join(f"{one:10.2f}s" for one in seconds).ljust(11 * len(sizes))
            + " ".join(f"{factor:5.1f}" for factor in factors).rjust(12)
            + f"{speed:10,.0f}{findings:10,}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
