"""The review page of one version: laid out in a worker, from the text as it was delivered."""

from __future__ import annotations

from datetime import UTC, datetime

from claimlint.service import checking
from claimlint.service.hooks import restored
from claimlint.service.jobs import name_of
from claimlint.service.pages_draw import Drawing, Drawn
from claimlint.service.pages_views import VERSIONS_SHOWN, earlier
from claimlint.service.pool import Pool
from claimlint.service.problems import Problem, busy
from claimlint.service.store import Store

_LAYOUT_SECONDS = 20.0


def drawing_of(
    store: Store, document_id: int, version_id: int | None, since_id: int | None
) -> Drawing | None:
    """What is needed to lay out a version, by default the one that is shown.

    None when the document has no such version, or it has no review.
    """
    row = store.document(document_id)
    if row is None or row.reviewed_version_id is None:
        return None
    history = store.history(document_id, VERSIONS_SHOWN)
    wanted_id = version_id if version_id is not None else row.reviewed_version_id
    if version_id is not None and version_id not in {one.id for one in history}:
        return None  # of another document
    review, content = store.review(wanted_id), store.content(wanted_id)
    if review is None or content is None:
        return None
    before = earlier(history, wanted_id, since_id)
    since = store.review(before.id) if before is not None else None
    return Drawing(
        name_of(row.endpoint, row.external_id, row.locale),
        restored(content.content),
        review.report,
        since.report if since is not None else None,
        datetime.fromtimestamp(review.made_at, UTC).date(),
    )


async def laid_out(pool: Pool, drawing: Drawing) -> Drawn:
    """Have a page laid out; raises Problem."""
    try:
        drawn = await pool.draw(drawing, _LAYOUT_SECONDS)
    except checking.BusyError:
        raise busy("all workers are busy") from None
    except (checking.DeadlineError, checking.LostError):
        raise busy("the review page could not be laid out") from None
    if drawn is None:
        raise Problem(500, "the draft or its report cannot be read any more: deliver it again")
    return drawn
