"""Check files in several processes; the outcome is that of one process, in the same order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable

from claimlint.errors import UsageError
from claimlint.workshop import Checked, Plan, Workshop, check_file

_CHUNKS_PER_JOB = 8
_CHUNK_FILES = 64

_workshop: Workshop | None = None  # of a worker process, made by its initialiser


def check_files(
    workshop: Workshop,
    names: list[str],
    jobs: int,
    *,
    keep_drafts: bool,
    progress: Callable[[int, int], None] | None,
) -> list[Checked]:
    """Check `names` in `jobs` processes, each with a workshop like this one.

    No process outlives the call. Raises UsageError when one is lost.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    others = set(active_children())
    size = max(1, min(_CHUNK_FILES, len(names) // (jobs * _CHUNKS_PER_JOB)))
    chunks = [names[at : at + size] for at in range(0, len(names), size)]
    checked: list[Checked] = []
    pool = ProcessPoolExecutor(
        min(jobs, len(chunks)), initializer=_prepare, initargs=(workshop.plan,)
    )
    try:
        # Not `pool.map`: it cancels what is left when it is broken off, and a worker that is lost in that
        # moment makes the pool's thread trip over the cancelled parts and print a traceback.
        parts = deque(pool.submit(_check, chunk, keep_drafts) for chunk in chunks)
        while parts:
            checked += parts.popleft().result()
            if progress is not None:
                progress(len(checked), len(names))
    except BaseException as error:
        # Waiting for workers that may hold a queue's lock would hang; they have nothing to save.
        for worker in set(active_children()) - others:
            worker.kill()
        if isinstance(error, BrokenProcessPool):
            raise UsageError(
                "a worker process was ended from outside, perhaps for lack of memory; "
                "try again with --jobs 1"
            ) from None
        raise
    pool.shutdown()
    return checked


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare(plan: Plan) -> None:
    global _workshop  # noqa: PLW0603  (a worker process has no other place to keep its engine)
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to tell, once
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    _workshop = Workshop(plan)


def _end_with_parent() -> None:
    """Wait for the parent's end, however it comes, and end this process too."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _check(names: list[str], keep_drafts: bool) -> list[Checked]:
    assert _workshop is not None
    return [check_file(_workshop, name, keep_draft=keep_drafts) for name in names]
