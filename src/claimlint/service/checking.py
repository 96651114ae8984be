"""One check as the service does it: in a process of its own, which can be killed at its deadline."""

from __future__ import annotations

import datetime
import signal
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from claimlint.errors import ClaimlintError, DefinitionError, ReadError
from claimlint.model.report import Verdict
from claimlint.service.decisions import without_idle
from claimlint.service.pages_draw import Drawing, drawn

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder
    from claimlint.config import Config
    from claimlint.model.document import Document
    from claimlint.review.suppress import Project
    from claimlint.service.payloads import Text
    from claimlint.workshop import Workshop

LOAD_SECONDS = 60.0  # in which rules that were never used before have to be loaded
LOADED = "loaded"
_ENGINES_KEPT = 8  # combinations of markets and packs; each holds its rules in memory
_OVERTIME_SECONDS = 5.0  # after which a worker ends by itself: the server, which does it, is gone
_REPORT_LIMIT_BYTES = 32 << 20  # a draft of 2 MB that is nothing but claims would fill 150


class Task(NamedTuple):
    """A document to check; a single text is read as `check` reads it, several as one document."""

    name: str
    texts: tuple[Text, ...]
    config: Config
    project: Project | None
    today: datetime.date


class Order(NamedTuple):
    """What a worker is told to do, and in how many seconds once its rules are loaded."""

    task: Task | Drawing
    seconds: float


class Reply(NamedTuple):
    """A report on one document as JSON, and what is needed of it without decoding that."""

    report: bytes
    verdict: Verdict
    errors: int
    warnings: int
    notes: int
    suppressed: int
    ruleset: str


class Refusal(NamedTuple):
    """A document that cannot be checked, whoever asks how often: its sentence for the sender."""

    message: str


class Mistake(NamedTuple):
    """Rules that cannot be used, which is no fault of the document: what is wrong with them."""

    message: str


class Failure(NamedTuple):
    """A fault of our own over a document: the kind of the exception, none of its words."""

    kind: str


class BusyError(ClaimlintError):
    """All workers are at work; try again later."""


class DeadlineError(ClaimlintError):
    """The check took longer than it may, and was ended."""


class LostError(ClaimlintError):
    """The worker died over the document, or could not be started."""


class RulesError(ClaimlintError):
    """The rules for a document cannot be used; the text says what is wrong with them."""


def work(connection: Connection, cache: CacheFolder | None, warm: Config) -> None:
    """Answer tasks until the server is gone: the main function of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    _end_after(LOAD_SECONDS)
    try:
        _workshop(warm, cache).prepare()
    except DefinitionError as error:
        connection.send(error.faults)
        return
    connection.send(())
    while True:
        _end_after(None)
        try:
            order: Order = connection.recv()
        except (EOFError, OSError):
            return
        try:
            reply = _done(order, cache, connection)
        except Exception as error:  # noqa: BLE001  (the outermost edge of this process)
            reply = Failure(type(error).__name__)  # its text could hold words of the draft
        try:
            connection.send(reply)
        except OSError:
            return


def _end_after(seconds: float | None) -> None:
    """Have the system end this process in a while, whatever it is stuck in; None: not any more."""
    if hasattr(signal, "setitimer"):  # elsewhere than on Windows
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0 if seconds is None else seconds + _OVERTIME_SECONDS)


def _done(order: Order, cache: CacheFolder | None, connection: Connection) -> Any:
    """Do a task, and tell when its rules are loaded."""
    task = order.task
    if isinstance(task, Task):
        _end_after(LOAD_SECONDS)
        try:
            _workshop(task.config, cache).prepare([task.name])
        except DefinitionError as error:
            return Mistake(str(error))
    _end_after(order.seconds)
    connection.send(LOADED)
    return drawn(task) if isinstance(task, Drawing) else answered(task, cache)


def answered(task: Task, cache: CacheFolder | None) -> Reply | Refusal:
    """Check a document here and now; raises DefinitionError when its rules cannot be used."""
    from claimlint import app
    from claimlint.reporters import json_report
    from claimlint.workshop import Checked

    workshop = _workshop(task.config, cache).with_decisions(task.project, task.today)
    try:
        document = draft_of(task.name, task.texts)
    except ReadError as error:
        return Refusal(str(error))
    checked: Checked = workshop.judge(document)
    report = without_idle(app.reported(workshop, [checked]))
    (found,) = report.documents
    total = report.summary
    written = json_report.render(report)
    if len(written) > _REPORT_LIMIT_BYTES:
        return Refusal(
            f"{len(found.findings):,} findings make a report of more than "
            f"{_REPORT_LIMIT_BYTES >> 20} MiB, which the service does not keep; split the document"
        )
    return Reply(
        report=written,
        verdict=found.verdict,
        errors=total.errors,
        warnings=total.warnings,
        notes=total.notes,
        suppressed=total.suppressed,
        ruleset=report.tool.ruleset.sha256,
    )


def draft_of(name: str, texts: tuple[Text, ...]) -> Document:
    """Read a document; raises ReadError."""
    from claimlint.model.digest import sha256
    from claimlint.readers import read
    from claimlint.readers.parts import Part, joined

    if len(texts) == 1:
        return read(texts[0].data, name, texts[0].format)  # type: ignore[arg-type]
    parts = [Part(one.path, one.format, one.data) for one in texts]  # type: ignore[arg-type]
    return joined(parts, name, sha256(b"\0".join(one.data for one in texts)).hexdigest())


@lru_cache(maxsize=_ENGINES_KEPT)
def _workshop(config: Config, cache: CacheFolder | None) -> Workshop:
    from claimlint.workshop import Plan, Workshop

    return Workshop(Plan(config, cache))
