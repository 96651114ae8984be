"""Whatever the bytes are, the answer is a Document or one clear sentence, within limits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from tests.readers.docx_builder import (
    DocxBuilder,
    box,
    from_library,
    p,
    r,
    styled,
    tbl,
    tc,
    tr,
    zipped,
)

from claimlint.errors import ReadError
from claimlint.readers.docx import read_docx
from claimlint.readers.docx_package import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(data: bytes, limits: Limits | None = None) -> str:
    """The sentence with which the bytes are refused."""
    with pytest.raises(ReadError) as caught:
        read_docx(data, "draft.docx", limits=limits or Limits())
    message = caught.value.message
    assert "\n" not in message
    assert ";" in message, "a remedy follows what is wrong"
    return message


def part_of(builder: DocxBuilder, name: str, content: str | bytes) -> bytes:
    """The builder's file with one part exchanged."""
    return zipped({**builder.files(), name: content})


# Not a Word document


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"Just text.", "no Word document"),
        (b"%PDF-1.7", "no Word document"),
        (b"PK\x03\x04 and no more", "damaged or cut off"),
        (_OLE + "WordDocument".encode("utf-16-le"), "old Word format"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
        (zipped({}), "no Word document"),
        (zipped({"notes.txt": "hello"}), "no Word document"),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_workbook_is_refused() -> None:
    files = DocxBuilder().files()
    files["word/document.xml"] = '<workbook xmlns="urn:x"><sheet/></workbook>'
    assert "another kind" in refusal(zipped(files))


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(DocxBuilder(p("One.")).data())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + at] |= 1
            start += 4
    assert "encrypted with a password" in refusal(bytes(data))


def test_every_truncation_is_a_document_or_a_refusal() -> None:
    data = from_library()
    for length in range(0, len(data), 10):
        assert refusal(data[:length])


def test_a_part_cut_off_inside_is_refused() -> None:
    builder = DocxBuilder(p("One."))
    document = builder.files()["word/document.xml"]
    assert isinstance(document, str)
    for length in range(0, len(document), 7):
        message = refusal(part_of(builder, "word/document.xml", document[:length]))
        assert "word/document.xml is damaged" in message


def test_a_wrong_checksum_is_refused() -> None:
    data = bytearray(DocxBuilder(p("One.")).data())
    at = data.rfind(b"word/document.xml") - 46 + 16
    data[at] ^= 0xFF
    assert "word/document.xml is damaged" in refusal(bytes(data))


def test_two_parts_of_one_name_are_refused() -> None:
    files = DocxBuilder(p("harmless")).files()
    files["word/Document.xml"] = files["word/document.xml"]
    assert "more than one part named word/document.xml" in refusal(zipped(files))


def test_an_unknown_compression_is_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_BZIP2) as archive:
        for name, content in DocxBuilder(p("One.")).files().items():
            archive.writestr(name, content)
    assert "compressed in a way that Word does not use" in refusal(out.getvalue())


# Attacks


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE w:document [<!ENTITY a "b">]>',
        '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE w:document SYSTEM "http://localhost:1/x.dtd">',
        "<!DOCTYPE w:document>",
    ],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "_rels/.rels"])
def test_a_document_type_is_refused_in_any_part(declaration: str, part: str) -> None:
    builder = DocxBuilder(p("&a;") if "ENTITY" in declaration else p("One."))
    content = builder.files()[part]
    assert isinstance(content, str)
    prolog, mark, rest = content.rpartition("?>")
    data = part_of(builder, part, prolog + mark + declaration + rest)
    assert "document type" in refusal(data)


def test_entities_that_multiply_are_never_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    text = f'<!DOCTYPE x [<!ENTITY e0 "cure">{entities}]><x>&e9;</x>'
    assert "document type" in refusal(part_of(DocxBuilder(), "word/document.xml", text))


def bomb(megabytes: int) -> bytes:
    """A small file whose main part expands to this size."""
    builder = DocxBuilder("<!--", " " * (megabytes << 20), "-->", p("One."))
    return builder.data()


def test_a_part_that_expands_too_much_is_refused() -> None:
    data = bomb(3)
    assert len(data) < 10_000
    assert "more than 200 times" in refusal(data)
    assert "looks like an attack" in refusal(data)


def test_small_parts_may_expand_as_they_like() -> None:
    document = read_docx(DocxBuilder(p("a" + " " * 900_000 + "b")).data(), "draft.docx")
    assert [one.text for one in document.blocks] == ["a b"]


def test_the_expanded_size_is_counted_over_all_parts() -> None:
    builder = DocxBuilder(p("x" * 40_000))
    builder.body.append(f"<w:sectPr>{builder.margin('header', p('y' * 40_000))}</w:sectPr>")
    data = builder.data()
    assert read_docx(data, "draft.docx", limits=Limits(expanded_bytes=100_000)).blocks
    message = refusal(data, Limits(expanded_bytes=60_000))
    assert "more than 60,000 bytes" in message


def test_the_size_that_the_directory_claims_does_not_matter() -> None:
    data = bytearray(bomb(3))
    at = data.rfind(b"word/document.xml") - 46 + 24
    data[at : at + 4] = (1000).to_bytes(4, "little")
    assert refusal(bytes(data))


def test_parts_that_are_not_read_are_not_expanded() -> None:
    builder = DocxBuilder(p("One."))
    builder.parts["word/media/image1.bin"] = bytes(5 << 20)
    assert read_docx(builder.data(), "draft.docx", limits=Limits(expanded_bytes=50_000)).blocks


def test_too_many_parts_are_refused_before_they_are_listed() -> None:
    files = DocxBuilder(p("One.")).files()
    data = zipped({**files, **{f"junk/{number}": "" for number in range(2_000)}})
    assert "more than 2,000 parts" in refusal(data)
    assert read_docx(data, "draft.docx", limits=Limits(entries=2_100)).blocks


NESTED = {
    "tables": ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
    "boxes": ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
    "controls": ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    "unknown": ("<w:x>", "</w:x>"),
}


@pytest.mark.parametrize("depth", [50, 10_000])
@pytest.mark.parametrize("shape", NESTED)
def test_deep_nesting_is_read(shape: str, depth: int) -> None:
    opening, closing = NESTED[shape]
    data = DocxBuilder(opening * depth + p("deep") + closing * depth).data()
    document = read_docx(data, "draft.docx", limits=Limits(ratio=1_000))
    assert [one.text for one in document.blocks] == ["deep"]
    place = document.source.position(0).place
    assert place is not None
    assert len(place) < 400


def test_a_deep_chain_of_styles_is_followed_once() -> None:
    chain = "".join(
        f'<w:style w:styleId="s{n}"><w:name w:val="s{n}"/><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(5_000)
    )
    last = '<w:style w:styleId="s5000"><w:name w:val="heading 2"/></w:style>'
    builder = DocxBuilder(styled("s0", "Head"), styled("s4000", "Head again"))
    builder.part("styles", "styles", "styles", chain + last)
    document = read_docx(builder.data(), "draft.docx")
    assert [(one.kind, one.level) for one in document.blocks] == [("heading", 2), ("heading", 2)]


def test_huge_numbers_do_no_harm() -> None:
    big = "9" * 4_000
    document = read_docx(
        DocxBuilder(
            p("one", f'<w:outlineLvl w:val="{big}"/>'),
            p("two", f'<w:numPr><w:ilvl w:val="{big}"/><w:numId w:val="1"/></w:numPr>'),
            tbl(
                tr(
                    tc(p("three"), f'<w:gridSpan w:val="{big}"/>'),
                    tc(p("four"), '<w:gridSpan w:val="999999"/>'),
                    properties='<w:gridBefore w:val="999999"/>',
                )
            ),
        ).data(),
        "draft.docx",
    )
    assert [one.text for one in document.blocks] == ["one", "two", "three", "four"]


def test_nothing_outside_the_file_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("an address was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    builder = DocxBuilder(p("One."))
    outside = builder.relate("header", "http://localhost:1/header.xml", external=True)
    image = builder.relate("image", "http://localhost:1/x.png", external=True)
    builder.relate("attachedTemplate", "file:///etc/hostname", external=True)
    builder.body.append(
        f'<w:p><w:r><a:blip r:link="{image}"/></w:r></w:p>'
        f'<w:sectPr><w:headerReference w:type="default" r:id="{outside}"/></w:sectPr>'
    )
    document = read_docx(builder.data(), "draft.docx")
    assert [one.text for one in document.blocks] == ["One."]


def test_targets_do_not_leave_the_file() -> None:
    builder = DocxBuilder(p("One."))
    key = builder.relate("header", "../../../../etc/hostname")
    builder.body.append(f'<w:sectPr><w:headerReference r:id="{key}"/></w:sectPr>')
    document = read_docx(builder.data(), "draft.docx")
    assert [gap.message for gap in document.gaps] == [
        (
            "the header could not be read: the part etc/hostname is missing; "
            "open the file in Word and save it again"
        )
    ]


# Parts that the rest can do without


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("word/footnotes.xml", "footnotes"),
        ("word/styles.xml", "styles"),
        ("docProps/core.xml", "document properties"),
        ("word/_rels/footnotes.xml.rels", "footnotes refers to"),
    ],
)
def test_a_broken_part_is_a_gap_and_the_rest_is_read(part: str, words: str) -> None:
    builder = DocxBuilder(
        f'<w:p>{r("One.")}<w:r><w:footnoteReference w:id="1"/></w:r></w:p>', p("Two.")
    )
    builder.notes("footnote", {1: "A note."})
    builder.properties(title="Title")
    document = read_docx(part_of(builder, part, "<broken"), "draft.docx")
    assert {"One.", "Two."} <= {one.text for one in document.blocks}
    (gap,) = document.gaps
    assert words in gap.message
    assert f"the part {part} is damaged" in gap.message


def test_a_missing_part_is_a_gap() -> None:
    builder = DocxBuilder('<w:p><w:r><w:t>One.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>')
    document = read_docx(builder.data(), "draft.docx")
    (gap,) = document.gaps
    assert "word/footnotes.xml is missing" in gap.message


@pytest.mark.parametrize("element", ["altChunk", "subDoc"])
def test_text_that_is_kept_elsewhere_is_a_gap(element: str) -> None:
    document = read_docx(DocxBuilder(p("One."), f'<w:{element} r:id="rId9"/>').data(), "draft.docx")
    (gap,) = document.gaps
    assert "was not read" in gap.message


def test_a_missing_list_of_parts_is_survived() -> None:
    files = DocxBuilder(p("One.")).files()
    del files["_rels/.rels"]
    assert read_docx(zipped(files), "draft.docx").blocks


# Growth


def test_hostile_files_take_linear_work() -> None:
    """Count function calls, which no busy machine changes, at two sizes."""
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    shapes: dict[str, Callable[[int], str]] = {
        "unfinished fields": lambda n: f"<w:p>{begin * n}{r('x') * n}</w:p>",
        "unfinished field over paragraphs": lambda n: f"<w:p>{begin}</w:p>" + p("x") * n,
        "nested links": lambda n: (
            "<w:p>"
            + f"<w:r><w:t>x</w:t></w:r>{link_field()}" * n
            + "</w:p>"
            + (p("x") + "<w:p><w:r><w:br/><w:br/><w:t>y</w:t></w:r></w:p>") * n
        ),
        "breaks": lambda n: f"<w:p><w:r>{'<w:br/>' * n}<w:t>x</w:t>{'<w:br/>' * n}</w:r></w:p>",
        "deleted marks": lambda n: p("x", "<w:rPr><w:del/></w:rPr>") * n,
        "hidden runs": lambda n: f"<w:p>{(r('x', '<w:vanish/>') + r('y')) * n}</w:p>",
        "text boxes": lambda n: f"<w:p>{box(p('x')) * n}</w:p>",
        "levels": lambda n: "".join(
            p("x", f'<w:numPr><w:ilvl w:val="{k}"/><w:numId w:val="1"/></w:numPr>')
            for k in range(n)
        ),
    }
    for name, shape in shapes.items():
        small, large = (calls(DocxBuilder(shape(n)).data()) for n in (400, 800))
        assert large < 2.3 * small, name


def link_field() -> str:
    """A field that begins a link and does not end."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText>HYPERLINK "https://example.org"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def calls(data: bytes) -> int:
    """How many function calls a reading takes."""
    count = 0

    def tally(_frame: object, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tally)
    try:
        read_docx(data, "draft.docx")
    finally:
        sys.setprofile(None)
    return count


def test_zip_bombs_of_other_methods_are_not_opened() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in DocxBuilder(p("One.")).files().items():
            archive.writestr(name, content, compresslevel=9)
    data = bytearray(out.getvalue())
    at = data.rfind(b"word/document.xml") - 46 + 10
    data[at : at + 2] = (14).to_bytes(2, "little")  # LZMA, whose dictionary may claim gigabytes
    assert "compressed in a way" in refusal(bytes(data))
