"""What each CMS's tree gives: kinds, lead-ins, links, gaps and places, example by example."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.readers import invariants
from tests.readers.outline import outline

from claimlint.errors import ReadError
from claimlint.model.document import Document, Format
from claimlint.readers import FORMATS, read

Node = dict[str, Any]


def reading(tree: object, form: Format) -> Document:
    document = read(json.dumps(tree).encode(), "draft", form)
    invariants.check(document)
    return document


def outlined(tree: object, form: Format) -> list[str]:
    return outline(reading(tree, form)).split("\n")


def places(tree: object, form: Format) -> list[str | None]:
    document = reading(tree, form)
    return [document.source.position(block.map.span(0, 1).start).place for block in document.blocks]


def c(kind: str, *content: Node, **data: object) -> Node:
    return {"nodeType": kind, "data": data, "content": list(content)}


def ct(value: object, *marks: str) -> Node:
    return {"nodeType": "text", "value": value, "marks": [{"type": m} for m in marks], "data": {}}


def p(kind: str, *content: Node, **attrs: object) -> Node:
    return {"type": kind, "attrs": attrs, "content": list(content)}


def pt(text: str, *marks: Node) -> Node:
    return {"type": "text", "text": text, "marks": list(marks)}


def doc(*content: Node) -> Node:
    return {"type": "doc", "content": list(content)}


def block(text: str, **more: object) -> Node:
    return {"_type": "block", "children": [{"_type": "span", "text": text}], **more}


def k(kind: str, *children: Node, **more: object) -> Node:
    return {"type": kind, "children": list(children), **more}


def kt(text: str, **more: object) -> Node:
    return {"type": "text", "text": text, **more}


def root(*children: Node) -> Node:
    return {"root": {"type": "root", "children": list(children)}}


# Contentful


def test_contentful_text_over_several_nodes_is_one_sentence() -> None:
    tree = c(
        "document",
        c("heading-3", ct("What is it?")),
        c("paragraph", ct("PRP cu"), ct("res", "bold"), ct(" knees, says "),
          c("hyperlink", ct("one "), ct("trial", "italic"), uri="https://a.example/1"), ct(".")),
    )  # fmt: skip
    document = reading(tree, "contentful")
    assert outline(document).split("\n") == [
        "0 heading content level=3 | What is it?",
        "1 paragraph content link='one trial'->https://a.example/1 | PRP cures knees, says one trial.",
    ]
    span = document.blocks[1].map.span(4, 9)
    assert document.source.slice(span) == "cures"
    assert document.source.position(span.start)[1:] == (5, "content[1].content[0]+4")
    assert document.source.position(span.end).place == "content[1].content[2]+0"
    assert document.source.position(span.start).line == 2


def test_contentful_lists_tables_and_what_is_embedded() -> None:
    tree = c(
        "document",
        c("paragraph", ct("You may notice:")),
        c("unordered-list",
          c("list-item", c("paragraph", ct("less pain")),
            c("ordered-list", c("list-item", c("paragraph", ct("at once"))))),
          c("list-item", c("paragraph", ct("more sleep")))),
        c("hr"),
        c("blockquote", c("paragraph", ct("I was cured"))),
        c("table",
          c("table-row", c("table-header-cell", c("paragraph", ct("Area"))),
            c("table-header-cell", c("paragraph", ct("Result")))),
          c("table-row", c("table-cell", c("paragraph", ct("Knee"))),
            c("table-cell", c("paragraph", ct("repaired"))))),
        c("embedded-entry-block", target={"sys": {"type": "Link", "id": "x"}}),
        c("paragraph", ct("See "), c("embedded-entry-inline", target={"sys": {"id": "y"}}), ct(" it")),
        c("embedded-asset-block", target={"fields": {"description": {"en-US": "A healed knee"}}}),
    )  # fmt: skip
    assert outlined(tree, "contentful") == [
        "0 paragraph content | You may notice:",
        "1 item content level=1 lead=0 | less pain",
        "2 item content level=2 lead=1 | at once",
        "3 item content level=1 lead=0 | more sleep",
        "4 quote content | I was cured",
        "5 cell content | Area",
        "6 cell content | Result",
        "7 cell content header=5 | Knee",
        "8 cell content header=6 | repaired",
        "9 paragraph content | See it",
        "10 alt content | A healed knee",
        "gap None:None an embedded entry was not read (content[5]); review it by hand",
        "gap None:None an embedded entry was not read (content[6].content[1]); review it by hand",
    ]
    assert places(tree, "contentful")[-1] == 'content[7].data.target.fields.description["en-US"]+0'


def test_contentful_code_is_left_out_and_raised_numbers_are_marks() -> None:
    tree = c(
        "document",
        c("paragraph", ct("run "), ct("cure()", "code"), ct(" now, proven."), ct("2", "superscript"),
          ct(" 10 m"), ct("2", "superscript")),
    )  # fmt: skip
    assert outlined(tree, "contentful") == [
        "0 paragraph content mark=16:2 | run now, proven. 10 m2"
    ]


def test_a_number_in_a_link_of_several_nodes_is_no_mark() -> None:
    def link(*children: Node) -> Node:
        return c("hyperlink", *children, uri="#p")

    tree = c("document", c("paragraph", ct("On "), link(ct("phase"), ct("3", "bold")), ct(" trials"),
                           link(ct("4")), ct(".")))  # fmt: skip
    (line,) = outlined(tree, "contentful")
    assert line.endswith("mark=16:4 | On phase3 trials.")


def test_struck_out_text_is_deleted() -> None:
    assert outlined(c("document", c("paragraph", ct("It may "), ct("cure ", "strikethrough"), ct("ease"))),
                    "contentful") == ["0 paragraph content | It may ease"]  # fmt: skip
    struck = {"type": "text", "text": "cure ", "marks": [{"type": "strike"}]}
    assert outlined(doc(p("paragraph", pt("It may "), struck, pt("ease"))), "prosemirror") == [
        "0 paragraph content | It may ease"
    ]


# ProseMirror and Storyblok


def test_prosemirror_names_with_and_without_underscores_are_the_same() -> None:
    link = {"type": "link", "attrs": {"href": "https://a.example"}}
    for lists, item, line in (
        ("bullet_list", "list_item", "hard_break"),
        ("bulletList", "listItem", "hardBreak"),
    ):
        tree = doc(
            p("heading", pt("Hope"), level=2),
            p(lists, p(item, p("paragraph", pt("One"), p(line), pt("line")))),
            p(
                "paragraph",
                pt("See "),
                pt("the ", link),
                pt("trial", link, {"type": "bold"}),
                pt("."),
            ),
            p("code_block", pt("cure()")),
        )
        assert outlined(tree, "prosemirror") == [
            "0 heading content level=2 | Hope",
            "1 item content level=1 lead=0 | One line",
            "2 paragraph content link='the trial'->https://a.example | See the trial.",
        ]
    assert places(tree, "prosemirror")[1] == "content[1].content[0].content[0].content[0]+0"


def test_a_picture_inside_a_paragraph_does_not_divide_its_sentence() -> None:
    tree = doc(p("paragraph", pt("Before "), p("image", alt="A smile"), pt("and after.")))
    document = reading(tree, "prosemirror")
    assert outline(document).split("\n") == [
        "0 paragraph content | Before and after.",
        "1 alt content | A smile",
    ]
    assert document.source.text == "Before and after.\nA smile"
    assert places(tree, "prosemirror")[1] == "content[0].content[1].attrs.alt+0"


def test_storyblok_components_are_read_property_by_property() -> None:
    body = [
        {"_uid": "1", "component": "hero", "headline": "Cures for all", "link": {"url": "/x"},
         "cta_button": "Book now please", "text": doc(p("paragraph", pt("Inner words")))},
    ]  # fmt: skip
    tree = doc(p("blok", id="b", body=body), p("youtube", src="https://v.example/1"))
    assert outlined(tree, "prosemirror") == [
        "0 paragraph content | Cures for all",
        "1 button content | Book now please",
        "2 paragraph content | Inner words",
        "gap None:None an embedded youtube was not read (content[1]); review it by hand",
    ]
    assert places(tree, "prosemirror") == [
        "content[0].attrs.body[0].headline+0",
        "content[0].attrs.body[0].cta_button+0",
        "content[0].attrs.body[0].text.content[0].content[0]+0",
    ]


def test_unknown_blocks_are_read_where_they_hold_known_ones() -> None:
    tree = doc(
        p("paragraph", pt("One")),
        p("callout", pt("Two")),
        p("callout", p("paragraph", pt("Three"))),
        p("paragraph", pt("Fo"), p("comment", pt("u")), pt("r")),
    )
    texts = [one.text for one in reading(tree, "prosemirror").blocks]
    assert texts == ["One", "Two", "Three", "Four"]


# Portable Text


def test_portable_text_items_find_their_depth_and_their_lead_in() -> None:
    tree = [
        block("Benefits:", style="normal"),
        block("one", listItem="bullet", level=1),
        block("deep", listItem="bullet", level=2),
        block("two", listItem="bullet", level=1),
        block("first", listItem="number", level=1),
        block("Said so", style="blockquote"),
        block("More", style="h4"),
    ]
    assert outlined(tree, "portable_text") == [
        "0 paragraph content | Benefits:",
        "1 item content level=1 lead=0 | one",
        "2 item content level=2 lead=1 | deep",
        "3 item content level=1 lead=0 | two",
        "4 item content level=1 lead=0 | first",
        "5 quote content | Said so",
        "6 heading content level=4 | More",
    ]


def test_portable_text_places_go_by_key() -> None:
    tree = [
        {**block("a"), "_key": "a1b2"},
        block("b"),
        {**block("c"), "_key": "a1b2"},
        {**block("d"), "_key": 'x"] '},
        {"_type": "image", "_key": "i", "alt": "e", "asset": {"_ref": "image-1"}},
    ]
    assert places(tree, "portable_text") == [
        '[_key=="a1b2"].children[0]+0', "[1].children[0]+0", "[2].children[0]+0",
        "[3].children[0]+0", '[_key=="i"].alt+0',
    ]  # fmt: skip


def test_portable_text_marks_objects_and_references() -> None:
    tree = [
        {
            "_type": "block",
            "markDefs": [
                {"_key": "l", "_type": "link", "href": "https://a.example"},
                {"_key": "n", "_type": "footnote", "text": "Smith et al. found none"},
            ],
            "children": [
                {"_type": "span", "text": "See "},
                {"_type": "span", "text": "the", "marks": ["l", "strong"]},
                {"_type": "span", "text": " trial", "marks": ["l", "n"]},
                {"_type": "span", "text": " rm -rf", "marks": ["code"]},
            ],
        },
        {"_type": "callout", "tone": "red", "title": "Only today", "body": [block("Cured!")]},
        {"_type": "reference", "_ref": "abc"},
        {"_type": "divider"},
        {"_type": "spacer", "height": 4},
    ]
    assert outlined(tree, "portable_text") == [
        "0 paragraph content link='the trial'->https://a.example | See the trial",
        "1 paragraph content | Smith et al. found none",
        "2 paragraph content | Only today",
        "3 paragraph content | Cured!",
        "gap None:None an embedded reference was not read ([2]); review it by hand",
    ]


# Prismic


def test_prismic_spans_count_utf16_units() -> None:
    span = {"start": 9, "end": 14, "type": "hyperlink", "data": {"url": "https://a.example"}}
    tree = [
        {"type": "heading2", "text": "Why", "spans": []},
        {"type": "paragraph", "text": "🙂🙂 See there.", "spans": [span, {"start": -1}, "x"]},
        {"type": "list-item", "text": "one", "spans": []},
        {"type": "o-list-item", "text": "two", "spans": []},
        {"type": "image", "alt": "A knee", "url": "https://i.example/k.png"},
        {"type": "preformatted", "text": "cure()", "spans": []},
        {"type": "embed", "oembed": {"embed_url": "https://v.example"}},
    ]
    assert outlined(tree, "prismic") == [
        "0 heading content level=2 | Why",
        "1 paragraph content link='there'->https://a.example | 🙂🙂 See there.",
        "2 item content level=1 lead=1 | one",
        "3 item content level=1 lead=1 | two",
        "4 alt content | A knee",
        "gap None:None an embedded embed was not read ([6]); review it by hand",
    ]


def test_prismic_slices_are_read_property_by_property() -> None:
    inner = {"type": "paragraph", "text": "Cures all", "spans": []}
    tree = [
        {"slice_type": "hero", "primary": {"heading": "Hope now", "body": [inner]}, "items": []}
    ]
    assert places(tree, "prismic") == ["[0].primary.heading+0", "[0].primary.body[0]+0"]


# Strapi


def test_strapi_blocks() -> None:
    tree = [
        k("heading", kt("Why"), level=1),
        k("paragraph", kt("See "), k("link", kt("this", bold=True), url="https://a.example"), kt("")),
        k("list", k("list-item", kt("one")), k("list", k("list-item", kt("deep"))),
          k("list-item", kt("two")), format="unordered"),
        k("quote", kt("Cured")),
        k("code", kt("cure()")),
        k("image", kt(""), image={"alternativeText": "Knee", "caption": "After a week"}),
        k("paragraph", kt("")),
    ]  # fmt: skip
    assert outlined(tree, "strapi_blocks") == [
        "0 heading content level=1 | Why",
        "1 paragraph content link='this'->https://a.example | See this",
        "2 item content level=1 lead=1 | one",
        "3 item content level=2 lead=2 | deep",
        "4 item content level=1 lead=1 | two",
        "5 quote content | Cured",
        "6 alt content | Knee",
        "7 alt content | After a week",
    ]


# Lexical


def test_lexical_of_payload() -> None:
    tree = root(
        k("heading", kt("Why", format=0), tag="h3"),
        k("paragraph", kt("It "), k("link", kt("wo"), kt("rks", format=1), fields={"url": "/a"}),
          {"type": "linebreak"}, kt("cure()", format=16), kt("now")),
        k("list", k("listitem", kt("one")),
          k("listitem", k("list", k("listitem", kt("deep")))), k("listitem", kt("two"))),
        k("block", fields={"blockType": "cta", "blockName": "my first block",
                           "buttonText": "Get it", "rich": root(k("paragraph", kt("Inner")))}),
        {"type": "upload", "relationTo": "media", "value": "65a"},
        {"type": "upload", "relationTo": "media", "value": {"alt": "A knee", "filename": "a b.png"}},
        k("table", k("tablerow", k("tablecell", k("paragraph", kt("H")), headerState=1)),
          k("tablerow", k("tablecell", k("paragraph", kt("v")), headerState=0))),
    )  # fmt: skip
    del tree["root"]["children"][3]["children"]
    assert outlined(tree, "lexical") == [
        "0 heading content level=3 | Why",
        "1 paragraph content link='works'->/a | It works now",
        "2 item content level=1 lead=1 | one",
        "3 item content level=2 lead=2 | deep",
        "4 item content level=1 lead=1 | two",
        "5 button content | Get it",
        "6 paragraph content | Inner",
        "7 alt content | A knee",
        "8 cell content | H",
        "9 cell content header=8 | v",
        "gap None:None an embedded upload was not read (root.children[4]); review it by hand",
    ]


def test_lexical_of_ghost_may_hold_html() -> None:
    card = (
        '<p>Stem <b>cells</b> <span hidden>secret</span>heal.</p>\n<ul><li>fast</ul><div class="x">'
    )
    tree = root({"type": "html", "html": card}, k("paragraph", kt("After")))
    document = reading(tree, "lexical")
    assert outline(document).split("\n") == [
        "0 paragraph content | Stem cells heal.",
        "1 paragraph hidden | secret",
        "2 item content level=1 lead=0 | fast",
        "3 paragraph content | After",
    ]
    span = document.blocks[0].map.span(5, 10)
    assert document.source.slice(span) == "cells"
    at = card.index("cells")
    assert document.source.position(span.start).place == f"root.children[0].html+{at}"


def test_a_tree_may_come_as_a_string() -> None:
    tree = root(k("paragraph", kt("Words")))
    assert outlined(json.dumps(tree), "lexical") == ["0 paragraph content | Words"]


# Editor.js


def test_editorjs() -> None:
    tree = {
        "blocks": [
            {"type": "header", "data": {"text": "Why &amp; how", "level": 2}},
            {"type": "paragraph", "data": {"text": "It <b>cu</b>res <a href='/x'>all</a>."}},
            {
                "type": "list",
                "data": {"items": ["plain", {"content": "x", "items": [{"content": "y"}]}]},
            },
            {"type": "table", "data": {"withHeadings": True, "content": [["Head"], ["cell"]]}},
            {"type": "raw", "data": {"html": "<p>raw"}},
            {"type": "warning", "data": {"title": "Take care", "message": "of risks"}},
            {"type": "attaches", "data": {"file": {"url": "x.pdf"}}},
        ]
    }
    assert outlined(tree, "editorjs") == [
        "0 heading content level=2 | Why & how",
        "1 paragraph content link='all'->/x | It cures all.",
        "2 item content level=1 lead=1 | plain",
        "3 item content level=1 lead=1 | x",
        "4 item content level=2 lead=3 | y",
        "5 cell content | Head",
        "6 cell content header=5 | cell",
        "7 paragraph content | raw",
        "8 paragraph content | Take care",
        "9 paragraph content | of risks",
        "gap None:None an embedded attaches was not read (blocks[6]); review it by hand",
    ]
    assert places(tree, "editorjs")[4] == "blocks[2].data.items[1].items[0].content+0"


# WordPress


def test_wordpress_blocks_have_places_in_their_blocks() -> None:
    post = (
        '<!-- wp:heading {"level":3} -->\n<h3>Hope</h3>\n<!-- /wp:heading -->\n\n'
        "<!-- wp:group -->\n<div><!-- wp:paragraph -->\n<p>It <em>cu</em>res.</p>\n"
        "<!-- /wp:paragraph --></div>\n<!-- /wp:group -->\n\n"
        '<!-- wp:block {"ref":3} /-->\n<!-- wp:spacer /-->\n'
        "<!-- wp:paragraph -->\n<p>Last</p>\n<!-- /wp:paragraph -->"
    )
    document = read(post.encode(), "post", "wordpress")
    invariants.check(document)
    assert outline(document).split("\n") == [
        "0 heading content level=3 | Hope",
        "1 paragraph content | It cures.",
        "2 paragraph content | Last",
        "gap 11:1 a reusable block is put in by the site and was not read; review it by hand",
    ]
    found = document.source.position(document.blocks[1].map.span(3, 8).start)
    assert found.place == "[1].innerBlocks[0]+11"
    assert document.source.position(post.index("Last")).place == "[4]+4"
    assert document.source.text == post


def test_wordpress_classic_text_has_empty_lines_for_paragraphs() -> None:
    post = (
        "Stem cells heal.\n\nThey <b>never</b> fail [sic]\nat all.\n\n"
        '[caption id="a"]A knee[/caption]\n\n[booking_form place="x"]\n\n'
        "<ul>\n<li>one</li>\n\n<li>two</li>\n</ul>"
    )
    document = read(post.encode(), "post", "wordpress")
    invariants.check(document)
    assert outline(document).split("\n") == [
        "0 paragraph content | Stem cells heal.",
        "1 paragraph content | They never fail [sic] at all.",
        "2 paragraph content | A knee",
        "3 item content level=1 lead=2 | one",
        "4 item content level=1 lead=2 | two",
        "gap 8:1 the shortcode [booking_form] was not read; review it by hand",
    ]
    assert document.source.position(post.index("never")).place == f"[0]+{post.index('never')}"


# What all have


def test_line_breaks_and_typed_bullets_in_one_string() -> None:
    text = "You get:\n• less pain\n• more sleep\n\nCall\nus"
    tree = [k("paragraph", kt(text)), k("paragraph", kt("- also typed"))]
    document = reading(tree, "strapi_blocks")
    assert outline(document).split("\n") == [
        "0 paragraph content | You get:",
        "1 item content level=1 lead=0 | less pain",
        "2 item content level=1 lead=0 | more sleep",
        "3 paragraph content | Call us",
        "4 item content level=1 lead=0 | also typed",
    ]
    at = document.blocks[2].map.span(0, 4).start
    assert document.source.position(at).place == f"[0].children[0]+{text.index('more')}"
    assert document.source.position(at).line == 3


def test_two_line_breaks_end_a_paragraph() -> None:
    tree = doc(
        p(
            "paragraph",
            pt("One"),
            p("hardBreak"),
            pt("more"),
            p("hardBreak"),
            p("hardBreak"),
            pt("two"),
        )
    )
    assert [one.text for one in reading(tree, "prosemirror").blocks] == ["One more", "two"]


@pytest.mark.parametrize("form", ["contentful", "portable_text", "prosemirror", "prismic",
                                  "strapi_blocks", "lexical", "editorjs"])  # fmt: skip
def test_an_empty_field_is_an_empty_document(form: Format) -> None:
    assert reading(None, form).blocks == ()


@pytest.mark.parametrize(
    ("data", "form", "told"),
    [
        (b"{", "contentful", "is not valid JSON"),
        (b"", "prismic", "is not valid JSON"),
        (b"[NaN]", "prismic", "is not valid JSON"),
        (b"[]", "contentful", 'nodeType "document"'),
        (b'{"type": "paragraph"}', "prosemirror", 'type "doc"'),
        (b'"words"', "portable_text", "an array of blocks"),
        (b"{}", "prismic", "an array of blocks"),
        (b"{}", "strapi_blocks", "an array of blocks"),
        (b"[]", "lexical", '"root"'),
        (b"{}", "editorjs", '"blocks"'),
        (b"[" * 100_000, "strapi_blocks", "more than 100 levels"),
        (
            b'[{"type":"quote","children":' * 150 + b"[]" + b"}]" * 150,
            "strapi_blocks",
            "more than 100 levels",
        ),
        (b'[{"a":' * 150 + b"1" + b"}]" * 150, "portable_text", "more than 100 levels"),
    ],
)
def test_what_is_no_tree_is_refused_in_a_sentence(data: bytes, form: Format, told: str) -> None:
    with pytest.raises(ReadError, match=told):
        read(data, "draft", form)


def test_nesting_up_to_the_limit_is_read() -> None:
    data = b'[{"type":"quote","children":' * 90 + b'[{"type":"text","text":"deep"}]' + b"}]" * 90
    assert read(data, "draft", "strapi_blocks").blocks[0].text == "deep"


def test_wrong_types_are_gaps() -> None:
    tree = c(
        "document", c("paragraph", ct(5), ct(None), ct("kept")), {"nodeType": 7, "content": "x"}
    )
    tree["content"] += ["words", 3, {"nodeType": "paragraph", "content": {"a": 1}}]
    told = outlined(tree, "contentful")
    assert told[0] == "0 paragraph content | kept"
    assert [line.removeprefix("gap None:None ") for line in told[1:]] == [
        "a value that is no text was not read (content[0].content[0]); check the rich text",
        "an embedded object was not read (content[1]); review it by hand",
        "what is no node was not read (content[2]); check the rich text",
        "what is no node was not read (content[3]); check the rich text",
        "what is no list was not read (content[4].content); check the rich text",
    ]


def test_of_very_many_gaps_the_rest_is_counted() -> None:
    gaps = reading(list(range(1000)), "prismic").gaps
    assert len(gaps) == 21
    assert gaps[-1].message.startswith("980 more parts")


def test_half_a_character_and_a_huge_number_do_no_harm() -> None:
    data = b'[{"type":"paragraph","children":[{"type":"text","text":"a\\ud800b","n":' + b"9" * 9000
    document = read(data + b"}]}]", "draft", "strapi_blocks")
    assert document.blocks[0].text == "a\ufffdb"


def test_the_new_forms_are_no_file_endings() -> None:
    assert set(FORMATS.values()) == {"markdown", "html", "docx", "text"}
