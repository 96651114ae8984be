"""Metrics in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claimlint.service.store import Counts


def rendered(
    counts: Counts,
    errands: Mapping[str, int],
    events: Mapping[tuple[str, str], int],
    idle_workers: int,
    now: float,
) -> str:
    """The metrics as text; `events` are counted by what happened and at which endpoint."""
    lines = [*_lines(counts, events, idle_workers, now), *_errand_lines(errands), ""]
    return "\n".join(lines)


def _errand_lines(errands: Mapping[str, int]) -> Iterator[str]:
    yield "# HELP claimlint_errands Texts to fetch and messages to send by their state."
    yield "# TYPE claimlint_errands gauge"
    for state in ("queued", "running", "dead"):
        yield f'claimlint_errands{{state="{state}"}} {errands.get(state, 0)}'


def _lines(
    counts: Counts, events: Mapping[tuple[str, str], int], idle_workers: int, now: float
) -> Iterator[str]:
    yield "# HELP claimlint_events Deliveries in the store by their state."
    yield "# TYPE claimlint_events gauge"
    for state in ("queued", "running", "done", "dead"):
        yield f'claimlint_events{{state="{state}"}} {getattr(counts, state)}'
    yield "# HELP claimlint_documents Documents in the store."
    yield "# TYPE claimlint_documents gauge"
    yield f"claimlint_documents {counts.documents}"
    yield "# HELP claimlint_reviews Reviews in the store."
    yield "# TYPE claimlint_reviews gauge"
    yield f"claimlint_reviews {counts.reviews}"
    oldest = counts.oldest_unfinished_at
    age = max(0.0, now - oldest) if oldest is not None else 0.0
    yield "# HELP claimlint_backlog_seconds Age of the oldest delivery that is not checked yet."
    yield "# TYPE claimlint_backlog_seconds gauge"
    yield f"claimlint_backlog_seconds {age:.3f}"
    yield "# HELP claimlint_idle_workers Worker processes that wait for a document."
    yield "# TYPE claimlint_idle_workers gauge"
    yield f"claimlint_idle_workers {idle_workers}"
    yield "# HELP claimlint_log_total Lines of the log since the start, by event and endpoint."
    yield "# TYPE claimlint_log_total counter"
    for (event, endpoint), number in sorted(events.items()):
        yield f'claimlint_log_total{{event="{event}",endpoint="{endpoint}"}} {number}'
