"""What the generator and the fuzzer found once (`python -m tests.fuzz`) does not come back."""

from __future__ import annotations

import pytest

from claimlint.model.document import Document, Format
from claimlint.readers import FORMATS
from tests.fuzz import FOUND, failure_of
from tests.properties.pack import check
from tests.readers.docx_builder import DocxBuilder, field, p, picture, r


@pytest.mark.parametrize("name", sorted(path.name for path in FOUND.iterdir()))
def test_a_draft_of_the_fuzzer_is_checked_without_a_fault(name: str) -> None:
    path = FOUND / name
    assert failure_of(path.read_bytes(), FORMATS[path.suffix]) == ""


def _read(data: bytes, form: Format) -> Document:
    checked = check(data, form)
    assert checked.draft is not None, checked.problems
    return checked.draft


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_two_line_breaks_part_a_sentence_only_side_by_side(form: Format) -> None:
    document = _read(b"We are<br>open on<br>most days.", form)
    assert [block.text for block in document.blocks] == ["We are open on most days."]
    parted = _read(b"We are open.<br><br>Come in.", form)
    assert [block.text for block in parted.blocks] == ["We are open.", "Come in."]


def test_hidden_text_in_a_lead_in_does_not_introduce_the_items() -> None:
    draft = b"<p>It does <span hidden>truly</span> not bring:</p><ul><li>relief from pain</ul>"
    document = _read(draft, "html")
    [item] = [block for block in document.blocks if block.kind == "item"]
    assert item.lead_in is not None
    assert document.blocks[item.lead_in].text == "It does not bring:"


def test_ampersands_in_the_attributes_of_a_word_file_are_read() -> None:
    builder = DocxBuilder(p(picture("A knee & its &amp; cap")))
    away = builder.relate("hyperlink", "https://x.example/?a=1&b=2", external=True)
    builder.body.append(f'<w:p><w:hyperlink r:id="{away}">{r("There it is")}</w:hyperlink></w:p>')
    document = _read(builder.data(), "docx")
    assert document.blocks[0].text == "A knee & its &amp; cap"
    assert document.blocks[1].links[0].address == "https://x.example/?a=1&b=2"


def test_a_field_does_not_part_hidden_text() -> None:
    inside = field("HYPERLINK x", r("cure", "<w:vanish/>"))
    hidden = r("We can ", "<w:vanish/>") + inside + r(" pain.", "<w:vanish/>")
    document = _read(DocxBuilder(f"<w:p>{r('Seen.')}{hidden}</w:p>").data(), "docx")
    assert [block.text for block in document.blocks] == ["Seen.", "We can cure pain."]


def test_front_matter_with_a_word_on_each_line_is_prose() -> None:
    document = _read(b"---\nbanner: |\n  Cure\n  pain\n---\nGood.\n", "markdown")
    assert [block.text for block in document.blocks] == ["Cure pain", "Good."]


def test_a_mistake_in_front_matter_names_the_lines_of_the_draft() -> None:
    [gap] = _read(b"---\ntitle: One\ntitle: Two\n---\nGood.\n", "markdown").gaps
    assert (gap.line, gap.column) == (3, 1)
    assert "already given in line 2" in gap.message


def test_a_lead_in_without_a_word_introduces_nothing() -> None:
    report = check(b"_\n- studies &#115;how a gain\n", "markdown").document
    assert report is not None
    assert [finding.words for finding in report.findings] == ["studies show"]
