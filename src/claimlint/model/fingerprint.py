"""What a finding is known by when people have decided about it: 16 hex digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimlint.model.digest import sha256

if TYPE_CHECKING:
    from hashlib import _Hash

LENGTH = 16


def of_statement(rule: str, sentence: str, words: str, before: str = "") -> str:
    """The fingerprint of flagged words in a sentence: it survives moving and reformatting, no edit.

    Two statements of one sentence have fingerprints of their own, so that letting one off lets nothing
    else off: `before` is what stands before the words in it, where the same words may stand too.
    """
    return _made(_hashed(rule, sentence, words), _times(before, words))


def all_of_statement(rule: str, sentence: str, words: str) -> Iterator[str]:
    """The fingerprints that some words of a sentence have: one for each time they stand there."""
    hashed = _hashed(rule, sentence, words)
    for earlier in range(max(_times(sentence, words), 1)):
        yield _made(hashed, earlier)


def of_document(rule: str, document: str) -> str:
    """The fingerprint of a finding about a whole document, which is known by its name."""
    return _made(_hashed(rule, document), 0)


def _times(text: str, words: str) -> int:
    """How often words stand in a text; the same whichever rules are applied."""
    return _normal(text).count(_normal(words)) if words else 0


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())


def _hashed(rule: str, *texts: str) -> _Hash:
    return sha256("\0".join((rule, *map(_normal, texts))).encode("utf-8", "surrogatepass"))


def _made(hashed: _Hash, earlier: int) -> str:
    if earlier:
        hashed = hashed.copy()
        hashed.update(b"\0%d" % earlier)
    return hashed.hexdigest()[:LENGTH]
