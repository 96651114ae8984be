"""Every sample, written as the rich text of every CMS, is judged as its Markdown is.

Left out of the comparison: findings about the metadata as such (only Markdown has front matter), and
what the editor of a CMS cannot write down, which is taken out of the Markdown too before it is
judged: raw HTML in other zones, footnotes, and for some CMSs tables, quotations or lists in lists.
"""

from __future__ import annotations

import datetime
import json
import random
from functools import cache
from pathlib import Path

import msgspec
import pytest
from tests.readers import invariants
from tests.readers.rich_entries import FORMS, entries, expressible, strings
from tests.readers.rich_forms import form_of

from claimlint.config import load_config
from claimlint.engine.check import Judgement
from claimlint.model.document import Document, Format
from claimlint.model.report import DocumentReport
from claimlint.readers import read
from claimlint.readers.parts import Part, joined
from claimlint.workshop import Plan, Workshop

SAMPLES = Path(__file__).parent.parent.parent / "samples"
NAMES = sorted(
    str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.md") if path.name != "README.md"
)


@cache
def workshop() -> Workshop:
    config = load_config(str(SAMPLES / "claimlint.yaml"), str(SAMPLES))
    return Workshop(Plan(config, None, today=datetime.date(2026, 11, 20)))


def _kept(document: Document, form: Format, *, metadata: bool) -> Document:
    """Leave out of a Markdown draft what the CMS cannot hold."""
    numbers = set(expressible(document.blocks, form))
    if metadata:
        numbers |= {n for n, block in enumerate(document.blocks) if block.kind == "metadata"}
    order = sorted(numbers)
    moved = {number: at for at, number in enumerate(order)}
    blocks = []
    for number in order:
        block = document.blocks[number]
        lead = None if block.lead_in is None else moved.get(block.lead_in)
        header = None if block.header is None else moved.get(block.header)
        blocks.append(msgspec.structs.replace(block, lead_in=lead, header=header, marks=()))
    return msgspec.structs.replace(document, blocks=tuple(blocks))


@cache
def markdown(name: str) -> Document:
    path = str(SAMPLES / name)
    return read((SAMPLES / name).read_bytes(), path, "markdown")


def _tree(name: str, form: Format) -> bytes:
    return form_of(entries(markdown(name).blocks, form, random.Random(name)), form)


def _judged(document: Document) -> Judgement:
    name = document.source.name
    made = workshop()
    return made.engine(made.settings(name)).check(document, name=made.name(name))


def _told(found: Judgement | DocumentReport) -> list[tuple[object, ...]]:
    return [
        (one.rule, one.category, one.severity, one.words, one.sentence and one.sentence.text, one.context)
        for one in found.findings
        if one.category != "metadata"
    ]  # fmt: skip


def _grades(report: DocumentReport) -> object:
    """Everything about readability but where the hardest sentences stand."""
    if report.readability is None:
        return None
    told = msgspec.to_builtins(report.readability)
    for hard in told["hardest"]:
        del hard["start"], hard["end"]
    return told


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_judged_as_its_markdown_is(name: str, form: Format) -> None:
    expected = _judged(_kept(markdown(name), form, metadata=False))
    checked = workshop().check(_tree(name, form), str(SAMPLES / name), form)
    assert checked.document is not None
    assert _told(checked.document) == _told(expected)
    assert checked.document.words == expected.words
    assert checked.document.language == expected.language
    assert [(d.rule, d.status) for d in checked.document.disclosures] == [
        (d.rule, d.status) for d in expected.disclosures
    ]
    assert not [one for one in checked.problems if "not read" in one.message]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_an_entry_of_several_fields_is_judged_as_its_markdown_is(name: str, form: Format) -> None:
    draft = markdown(name)
    wanted = _kept(draft, form, metadata=True)
    values = dict(draft.metadata)
    parts = [
        Part(block.key, "text", values[block.key].encode()) for block in wanted.blocks if block.key
    ]
    assert [part.field for part in parts][:1] == ["title"]
    parts.append(Part("body", form, _tree(name, form)))
    entry = joined(parts, str(SAMPLES / name), "0" * 64)
    invariants.check(entry)
    assert entry.format == form
    assert _told(_judged(entry)) == _told(_judged(wanted))
    for block in entry.blocks:
        field = block.key or "body"
        assert (entry.source.position(block.span.start).place or "").startswith(field)


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_with_nothing_else_is_judged_as_its_file_is(form: Format) -> None:
    """Where the CMS can hold all of a draft, the Markdown is judged as it stands."""
    compared = 0
    for name in NAMES:
        blocks = [block for block in markdown(name).blocks if block.kind != "metadata"]
        if any(block.marks for block in blocks) or len(blocks) != len(expressible(blocks, form)):
            continue
        body = (SAMPLES / name).read_bytes().split(b"\n---\n", 1)[1]
        path = str(SAMPLES / name)
        file = workshop().check(body, path, "markdown").document
        tree = workshop().check(_tree(name, form), path, form).document
        assert file is not None
        assert tree is not None
        assert _told(file) == _told(tree)
        assert (file.verdict, file.words) == (tree.verdict, tree.words)
        assert _grades(file) == _grades(tree)
        compared += len(file.findings)
    assert compared > 20


@pytest.mark.parametrize("form", [form for form in FORMS if form != "wordpress"])
@pytest.mark.parametrize("name", NAMES)
def test_every_finding_names_its_node_and_where_it_begins_there(name: str, form: Format) -> None:
    written = _tree(name, form)
    nodes = dict(strings(json.loads(written)))
    report = workshop().check(written, str(SAMPLES / name), form).document
    assert report is not None
    for finding in report.findings:
        if not finding.text:
            continue
        path, _, at = (finding.span.start.place or "").rpartition("+")
        shown = nodes[path][int(at) :]
        assert shown
        assert finding.text.startswith(shown) or shown.startswith(finding.text)


def test_the_samples_have_something_of_everything() -> None:
    kinds = {
        markdown(name).blocks[number].kind
        for name in NAMES
        for number in expressible(markdown(name).blocks, "contentful")
    }
    assert kinds >= {"heading", "paragraph", "item", "quote", "cell"}
