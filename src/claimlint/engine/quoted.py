"""Words that a sentence puts in quotation marks as those of a seller, an advertisement or a regulator.

`Vendors call it a "body protection compound" that "heals tendons"`, `Online seller fined over "clinically
proven" serum`. The page's own quotations stay its claims: testimonials, and sentences with "our".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from claimlint.engine.statement import QUOTE, Statement

_SPEAKERS = frozenset(["speaker", "authority_body"])
# What is said of wordings, by those who do not use them.
_NAMING = frozenset(
    ["claim", "claims", "claimed", "claiming", "phrase", "phrases", "wording", "wordings", "statement",
     "statements", "slogan", "slogans", "advertise", "advertised", "advertises", "advertising",
     "advertisers", "marketed", "promoted", "promoting", "fined", "banned", "complaint", "complaints",
     "scam", "scams", "so-called", "promise", "promises", "promised", "packet", "packets", "pitch",
     "labelled", "labeled", "misleading"]
)  # fmt: skip
_OWN = frozenset(["our", "ours", "we", "us", "my", "we're", "we've", "we'll"])
# How somebody speaks of himself, who is quoted for that.
OF_ONESELF = _OWN | {"i", "me", "mine", "i'm", "i've", "i'd", "myself"}
# With them a page makes the words its own: 'The label says it best: "…"'.
_AGREEING = frozenset(
    ["best", "true", "right", "rightly", "agree", "truth", "thanks", "proud", "proudly"]
)
# Sentences that open with them offer what they quote: 'Watch the video "…"'.
_OFFERING = frozenset(
    ["watch", "read", "download", "listen", "new", "click", "see", "subscribe", "discover", "learn",
     "get"]
)  # fmt: skip


def quoted_of_others(
    statement: Statement, classes: Callable[[int], frozenset[str]]
) -> tuple[tuple[int, int], ...]:
    """The tokens start..end of the quotations in a sentence that it ascribes to others.

    `classes` gives the classes of a term. A sentence that is nothing but a quotation ascribes it to nobody.
    """
    tokens = statement.tokens
    if QUOTE not in tokens:
        return ()
    quotations = tuple(_quotations(tokens))
    inside = {at for start, end in quotations for at in range(start, end)}
    outside = {token for at, token in enumerate(tokens) if at not in inside}
    if tokens[0] in _OFFERING or not outside.isdisjoint(_OWN | _AGREEING):
        return ()
    if _NAMING.isdisjoint(outside) and not any(
        not _SPEAKERS.isdisjoint(classes(hit.wording.number)) and hit.start not in inside
        for hit in statement.terms
    ):
        return ()
    return tuple(
        (start, end) for start, end in quotations if OF_ONESELF.isdisjoint(tokens[start:end])
    )


def _quotations(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """The tokens between quotation marks; one that is not closed in the sentence ends with it.

    One that opens the sentence and is not closed there is a speech of several sentences.
    """
    opened = -1
    for at, token in enumerate(tokens):
        if token != QUOTE:
            continue
        if opened < 0:
            opened = at
        else:
            yield opened, at + 1
            opened = -1
    if opened > 0:
        yield opened, len(tokens)
