"""A Document as lines that a person can review."""

from __future__ import annotations

from claimlint.model.document import Block, Document


def outline(document: Document) -> str:
    """Write one line for each block, then what else the reader found."""
    lines = [_line(number, block) for number, block in enumerate(document.blocks)]
    lines += [f"directive {directive.text}" for directive in document.directives]
    lines += [f"gap {gap.line}:{gap.column} {gap.message}" for gap in document.gaps]
    return "\n".join(lines)


def _line(number: int, block: Block) -> str:
    parts = [str(number), block.kind, block.zone]
    if block.level:
        parts.append(f"level={block.level}")
    if block.lead_in is not None:
        parts.append(f"lead={block.lead_in}")
    if block.header is not None:
        parts.append(f"header={block.header}")
    if block.key is not None:
        parts.append(f"key={block.key}")
    if block.note is not None:
        parts.append(f"note={block.note}")
    parts += [f"link={block.text[link.start : link.end]!r}->{link.address}" for link in block.links]
    parts += [f"mark={mark.index}:{mark.label}" for mark in block.marks]
    return f"{' '.join(parts)} | {block.text}"
