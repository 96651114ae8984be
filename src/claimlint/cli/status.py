"""Exit statuses of the command (the contract of the design, section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from claimlint.config import FailLevel
    from claimlint.model.report import Report

CLEAN: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2  # usage, configuration or pack error; beats the others
UNREAD: Final = 3  # something could not be read or is missing; beats findings
INTERRUPTED: Final = 130  # as a shell reports SIGINT
TERMINATED: Final = 143  # as a shell reports SIGTERM


class Terminated(KeyboardInterrupt):
    """SIGTERM, taken like Ctrl-C so that no worker process is left behind."""


def status(report: Report, fail_on: FailLevel) -> int:
    """The exit status of a report; suppressed findings do not count."""
    from claimlint.model.report import fails

    if any(problem.kind == "unread" for problem in report.problems):
        return UNREAD
    total = report.summary
    failed = fails(fail_on, total.errors, total.warnings, total.notes)
    return FINDINGS if failed else CLEAN
