"""What holds for every Document, whatever was read."""

from __future__ import annotations

import re

from claimlint.model.document import Block, Document

_PLAIN = {
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑", "-"),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys("‘’‚‛′ʼʹʻ´\uff40", "'"),
}


def undressed(text: str) -> str:
    """Make quotes, hyphens, full-width letters and white space plain, one for one."""
    return "".join(" " if char.isspace() else _PLAIN.get(char, char) for char in text)


def check(document: Document) -> None:
    """Assert what every reader promises of its Document."""
    length = len(document.source.text)
    for number, block in enumerate(document.blocks):
        _check_prose(document, block)
        assert 0 <= block.span.start < block.span.end <= length
        for referred in (block.lead_in, block.header):
            assert referred is None or 0 <= referred < number
        for link in block.links:
            assert 0 <= link.start < link.end <= len(block.text)
            assert block.text[link.start] != " "
        assert list(block.links) == sorted(block.links)
        for mark in block.marks:
            assert 0 <= mark.index <= len(block.text)
        assert (block.kind == "metadata") == (block.key is not None)
        assert block.level >= (block.kind in ("item", "heading"))
    for directive in document.directives:
        assert directive.text in document.source.slice(directive.span)


def _check_prose(document: Document, block: Block) -> None:
    text, pieces = block.map.text, block.map.pieces
    assert text
    assert text == text.strip()
    assert "  " not in text
    assert re.search(r"[^\S ]", text) is None
    assert pieces[0].index == 0
    ends = [*(piece.index for piece in pieces[1:]), len(text)]
    last = 0
    for piece, end in zip(pieces, ends, strict=True):
        assert piece.index < end
        assert last <= piece.start <= piece.end
        last = piece.end
        if piece.end - piece.start == end - piece.index:
            source = document.source.text[piece.start : piece.end]
            assert undressed(source) == text[piece.index : end]
    assert block.span.start <= pieces[0].start
    assert last <= block.span.end
