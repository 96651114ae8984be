"""What a finding is known by when people have decided about it: 16 hex digits."""

from __future__ import annotations

from claimlint.model.digest import sha256

LENGTH = 16


def of_statement(rule: str, sentence: str, words: str) -> str:
    """The fingerprint of flagged words in a sentence: it survives moving and reformatting, no edit.

    Two statements of one sentence have fingerprints of their own, so that letting one off lets nothing
    else off.
    """
    return _digest(rule, sentence, words)


def of_document(rule: str, document: str) -> str:
    """The fingerprint of a finding about a whole document, which is known by its name."""
    return _digest(rule, document)


def _digest(rule: str, *texts: str) -> str:
    normal = "\0".join(" ".join(text.casefold().split()) for text in texts)
    made: str = sha256(f"{rule}\0{normal}".encode("utf-8", "surrogatepass")).hexdigest()
    return made[:LENGTH]
