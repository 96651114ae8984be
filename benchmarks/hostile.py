"""Hostile drafts of any size: what an attacker, or a broken export, would send.

Each case makes a draft of about so many bytes. `tests/test_growth.py` asserts that none takes more
than linear work; `benchmarks/growth.py` prints how long they take up to 5 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from claimlint.model.document import Format

Case = Callable[[int], bytes]
_CLAIM = "Our therapy can cure arthritis. "
# What every repeated part is put in: (before, part, after).
_REPEATED: dict[Format, dict[str, tuple[str, str, str]]] = {
    "markdown": {
        "tags that never end": ("", "<a ", ""),
        "link openers": ("", "[", ""),
        "image openers": ("", "![", ""),
        "links that never end": ("", "[a](", ""),
        "asterisks": ("", "*", ""),
        "emphasis that never ends": ("", "*a **b _c ", ""),
        "underscores": ("", "_", ""),
        "ampersands": ("", "&", ""),
        "references without names": ("", "&a", ""),
        "backticks": ("", "`a``", ""),
        "nested quotes": ("", ">", " cure pain"),
        "nested lists on a line": ("", "- ", "cure pain"),
        "items": ("", "* cure pain\n", ""),
        "headings": ("", "# cure pain\n", ""),
        "paragraphs": ("", "cure pain\n\n", ""),
        "a table": ("|a|b|\n|-|-|\n", "|cure pain|not cured|\n", ""),
        "nested elements": ("", "<div>", "cure pain"),
        "inline elements": ("", "a <b>", "cure pain"),
        "links": ("", "[cure pain](https://doi.org/10.1000/1) ", ""),
        "bare addresses": ("", "www.a.b ", ""),
        "notes in one place": (_CLAIM[:-2], "[^1]", ".\n\n[^1]: A trial, 10.1000/abc and 10.1/x\n"),
        "notes in every sentence": ("", "It can cure pain[^1]. ", "\n\n[^1]: A trial, 10.1000/abc\n"),
        "a note of citations": ("It can cure pain[^1].\n\n[^1]: ", "10.1000/abc ", "\n"),
        "questions": ("", "Can acupuncture cure pain? ", ""),
        "answers": ("", "Can acupuncture cure pain? Yes. ", ""),
        "reports and claims in turn": ("", 'ads claim "a" cures pain ', ""),
        "quotations in a row": ("", '"PRP cures it all. "', "Beware."),
        "a yes without end": ("Can acupuncture cure pain? ", "yes, ", ""),
        "line ends": ("a", "\n", "b"),
        "lone carriage returns": ("", "cure pain\r", ""),
        "soft hyphens": ("", "cu\u00adre pa\u00adin ", ""),
        "comments that let off": (
            "", "<!-- claimlint-disable-next-line cure/ -- a -->\n\n\ncure pain\n\n", "",
        ),
        "comments that begin and end": (
            "", "<!-- claimlint-disable cure/ -- a -->\ncure pain\n<!-- claimlint-enable b/ -->\n\n", "",
        ),
        "rules in a comment": ("<!-- claimlint-disable ", "a,", " b c -->\n\ncure pain"),
    },
    "html": {
        "tags that never end": ("", "<a ", ""),
        "comments that never end": ("", "<!--", ""),
        "less-than signs": ("", "<", ""),
        "ampersands": ("", "&", ""),
        "end tags of nothing": ("<b>cure pain", "</i>", ""),
        "nested elements": ("", "<div>", "cure pain"),
        "nested inline elements": ("", "<b>a ", "cure pain"),
        "nested lists": ("", "<ul><li>cure pain", ""),
        "nested tables": ("", "<table><tr><td>a", "cure pain"),
        "a table": ("<table><tr><th>a", "<tr><td>cure pain", ""),
        "attributes": ("<p ", "a=b ", ">cure pain"),
        "scripts": ("", "<script><!--", ""),
        "hidden text": ("<p>", "a<span hidden>cure pain</span>", ""),
        "notes": ("<p>It can cure pain", "<sup>1</sup>", "."),
        "images": ("<p>", "<img alt='cure pain'>", ""),
        "images in a sentence": ("<p>Start ", "<img alt='It can cure pain.'> ", "end.</p>"),
        "references": ("", "c&#117;re p&#97;in ", ""),
        "elements inside a claim": ("<p>It can cure ", "<b></b>", "pain."),
    },
    "text": {
        "words of claims": ("", "cure pain ", ""),
        "words of claims and commas": ("", "cure pain, ", ""),
        "words of claims and semicolons": ("", "not cure pain; ", ""),
        "words of claims on lines": ("", "cure pain\n", ""),
        "sentences of claims": ("", _CLAIM, ""),
        "cues": ("", "may not whether potentially ", "cure pain"),
        "cues and claims": ("", "may cure pain but not ", ""),
        "treatments": ("", "stem cell therapy relieves ", "pain"),
        "phrases": ("", "miracles no side effects ", ""),
        "statistics": ("", "92% of patients ", ""),
        "patterns": ("", "only 12 spots left ", ""),
        "one word": ("", "w", ""),
        "one sentence": ("", "word ", ""),
        "spaces": ("cure", " ", "pain"),
        "round brackets": ("", "(", ""),
        "round brackets in sentences": ("", "(A. ", ""),
        "quotation marks": ("", '"', ""),
        "curly quotation marks": ("", "“A. ", ""),
        "full stops": ("", ".", "a"),
        "exclamation marks and brackets": ("", "![", ""),
        "abbreviations": ("", "e.g. a ", ""),
        "apostrophes": ("", "a'", ""),
        "hyphens": ("", "a-", ""),
        "digits": ("", "1", ""),
        "numbers": ("", "1 ", ""),
        "percent signs": ("", "9%", ""),
        "identifiers": ("", f"{_CLAIM}10.1000/abc ", ""),
        "identifiers that cannot be": ("", "See 10.12/a now. ", ""),
        "beginnings of identifiers": ("", "10.1/", ""),
        "references after claims": (_CLAIM * 40 + "\n\nReferences: ", "10.1000/abc ", ""),
        "references": ("", "(Smith and ", ""),
        "author names": ("", "Smith et al ", ""),
        "numbers in brackets": ("", "[1, ", ""),
        "bullets": ("It may:\n", "• cure pain\n", ""),
        "dashes": ("", "-\n", ""),
        "hangul": ("", "완치 ", ""),
        "crumbs": ("", "Home > ", ""),
        "broken words": ("", "words and words to fill a line of sixty perma-\nnent ", ""),
    },
}  # fmt: skip


def _repeated(before: str, part: str, after: str) -> Case:
    def make(size: int) -> bytes:
        room = size - len(before.encode()) - len(after.encode())
        return (before + part * max(1, room // len(part.encode())) + after).encode()

    return make


def _claims_before_references(size: int) -> bytes:
    return (_CLAIM * (size // 64) + "\n\nReferences: " + "10.1000/abc " * (size // 24)).encode()


def _notes_of_a_paragraph(size: int) -> bytes:
    numbers = range(size // 50)
    claims = "".join(f"It can cure pain[^{number}]. " for number in numbers)
    notes = "".join(f"[^{number}]: 10.1000/abc\n\n" for number in numbers)
    return f"{claims}\n\n{notes}".encode()


def _wide_table(size: int) -> bytes:
    columns = size // 14
    return (
        "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|cure pain" * columns + "|\n"
    ).encode()


def _deep_list(size: int) -> bytes:
    depth = int(size**0.5)
    return "".join("  " * level + "- a\n" for level in range(depth)).encode()


def _front_matter(size: int) -> bytes:
    keys = "".join(f"key{number}: cure pain now\n" for number in range(min(size, 60_000) // 24))
    return f"---\n{keys}---\n{'a ' * (size // 60)}".encode()


def _docx(body: str) -> bytes:
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="a" Type="{kind}" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>"
        )
    return out.getvalue()


_RUN = "<w:r><w:t>cure pain </w:t></w:r>"
_DOCX_PARTS: dict[str, tuple[str, str, str]] = {
    "runs": ("<w:p>", _RUN, "</w:p>"),
    "paragraphs": ("", f"<w:p>{_RUN}</w:p>", ""),
    "rows": ("<w:tbl>", f"<w:tr><w:tc><w:p>{_RUN}</w:p></w:tc></w:tr>", "</w:tbl>"),
    "cells": ("<w:tbl><w:tr>", f"<w:tc><w:p>{_RUN}</w:p></w:tc>", "</w:tr></w:tbl>"),
    "links": ("<w:p>", f"<w:hyperlink w:anchor='a'>{_RUN}</w:hyperlink>", "</w:p>"),
    "fields": ("<w:p>", "<w:r><w:fldChar w:fldCharType='begin'/></w:r>", f"{_RUN}</w:p>"),
    "hidden runs": ("<w:p>", f"{_RUN}<w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r>", "</w:p>"),
    "breaks": ("<w:p>", f"{_RUN}<w:r><w:br/><w:br/></w:r>", "</w:p>"),
    "deleted marks": ("", f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{_RUN}</w:p>", ""),
}


def _docx_case(before: str, part: str, after: str) -> Case:
    # A part is markup for the most part: counted is what its words take.
    return lambda size: _docx(before + part * max(1, size // 30) + after)


def _nested_docx_tables(size: int) -> bytes:
    depth = min(size // 30, 60)  # the XML library refuses deeper documents
    rows = f"<w:tr><w:tc><w:p>{_RUN}</w:p></w:tc></w:tr>" * max(1, size // 30)
    return _docx("<w:tbl><w:tr><w:tc>" * depth + f"<w:tbl>{rows}</w:tbl><w:p/>"
                 + "</w:tc></w:tr></w:tbl>" * depth)  # fmt: skip


CASES: dict[tuple[Format, str], Case] = {
    **{
        (form, name): _repeated(*parts)
        for form, cases in _REPEATED.items()
        for name, parts in cases.items()
    },
    ("text", "claims before references"): _claims_before_references,
    ("markdown", "notes of a paragraph"): _notes_of_a_paragraph,
    ("markdown", "a wide table"): _wide_table,
    ("markdown", "a deep list"): _deep_list,
    ("markdown", "front matter"): _front_matter,
    **{("docx", name): _docx_case(*parts) for name, parts in _DOCX_PARTS.items()},
    ("docx", "nested tables"): _nested_docx_tables,
}
