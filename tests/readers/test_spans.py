"""Where words stand in the source when markup lies between them."""

from __future__ import annotations

import pytest
from tests.readers.invariants import check

from claimlint.model.document import Document, Format
from claimlint.readers import read


def _found(document: Document, words: str) -> str:
    check(document)
    for block in document.blocks:
        at = block.text.find(words)
        if at >= 0:
            return document.source.slice(block.map.span(at, at + len(words)))
    raise AssertionError(f"{words!r} is in no block")


@pytest.mark.parametrize(
    ("draft", "words", "source"),
    [
        ("é **cures** it", "cures it", "cures** it"),
        ("a\u00a0cure, d\u2019accord", "a cure, d'accord", "a\u00a0cure, d\u2019accord"),
        ("cu&shy;re &amp; heal", "cure & heal", "cu&shy;re &amp; heal"),
        (r"cures\* pain", "cures* pain", r"cures\* pain"),
        ("cures\n> pain", "cures", "cures"),
        ("> cures\n> pain", "cures pain", "cures\n> pain"),
        ("- cures\n  pain", "cures pain", "cures\n  pain"),
        ("cures  \npain", "cures pain", "cures  \npain"),
        ("cures\\\npain", "cures pain", "cures\\\npain"),
        ("[cures](x) pain", "cures pain", "cures](x) pain"),
        ("cures `x` pain", "cures pain", "cures `x` pain"),
        ("cures[^1] pain\n\n[^1]: x", "cures pain", "cures[^1] pain"),
        ("cures <b>pain</b>", "cures pain", "cures <b>pain"),
        ("cures <!-- x --> pain", "cures pain", "cures <!-- x --> pain"),
        ("| a |\n|---|\n| cures \\| pain |", "cures | pain", "cures \\| pain"),
        ("é ![x](y 'cures pain')", "cures pain", "cures pain"),
        ("![cures *pain*](x)", "cures pain", "cures *pain"),
        ("* <![CDATA[><\n\t< cures pain", "cures pain", "cures pain"),
        ("- <div>\n\tcures\tpain", "cures pain", "cures\tpain"),
        ("> <div>\n> <!-- a\n> b --> cures pain", "cures pain", "cures pain"),
        ("![cures<br>pain](x)", "cures pain", "cures<br>pain"),
        ("<div>\ncures <i>pain</i>\n</div>", "cures pain", "cures <i>pain"),
        ("<div>\r\r**cures** pain\r\r</div>", "cures pain", "cures** pain"),
        ("```\rcode\r```\rcures pain", "cures pain", "cures pain"),
        ("> <div>\n> cures pain\n> </div>", "cures pain", "cures pain"),
        ("日本 cures 🙂 pain", "cures 🙂 pain", "cures 🙂 pain"),
        ("é\r\n\r\n# cures pain\r\n", "cures pain", "cures pain"),
        ("a\rcures\r\rpain", "a cures", "a\rcures"),
        ("cures ~~no~~ pain", "cures pain", "cures ~~no~~ pain"),
        ("cures<sup>1,2</sup> pain", "cures pain", "cures<sup>1,2</sup> pain"),
        ("cures³ pain", "cures pain", "cures³ pain"),
        ("cures <sup>1</sup>² pain", "cures pain", "cures <sup>1</sup>² pain"),
        (
            "é cures <sup>1<sup>2</sup></sup>\n pain",
            "cures pain",
            "cures <sup>1<sup>2</sup></sup>\n pain",
        ),
        ("é [C]ures pain", "Cures pain", "C]ures pain"),
        ("**[C]ures**³ [p]ain [x] [1]", "Cures pain [x] [1]", "C]ures**³ [p]ain [x] [1]"),
        ("cures&sup3; pain", "cures pain", "cures&sup3; pain"),
        ("é cures[1](#a) pain", "cures pain", "cures[1](#a) pain"),
        ("cures <code>x</code> pain", "cures pain", "cures <code>x</code> pain"),
        ("\tcode\n\ncures\tpain", "cures pain", "cures\tpain"),
        ("• cures pain", "cures pain", "cures pain"),
        ("it <i hidden>cures\npain</i> now", "cures pain", "cures\npain"),
    ],
)
def test_markdown(draft: str, words: str, source: str) -> None:
    assert _found(read(draft.encode(), "a.md", "markdown"), words) == source


@pytest.mark.parametrize(
    ("draft", "words", "source"),
    [
        ("<p>é cures&nbsp;<b>pain</b>", "cures pain", "cures&nbsp;<b>pain"),
        ("cures<!-- x -->\r\n pain", "cures pain", "cures<!-- x -->\r\n pain"),
        ("guaran&shy;teed", "guaranteed", "guaran&shy;teed"),
        ("cures &ampx", "cures &x", "cures &ampx"),
        ("cures<br>pain", "cures pain", "cures<br>pain"),
        ("a<wbr>b", "ab", "a<wbr>b"),
        ("we <span hidden>do not</span> cure", "we cure", "we <span hidden>do not</span> cure"),
        ("we <span hidden>do <b>not</b></span> cure", "do not", "do <b>not"),
        ("<img alt='cures &quot;pain&quot;'>", 'cures "pain"', "cures &quot;pain&quot;"),
        ("<meta name=description content=cures&#32;pain>", "cures pain", "cures&#32;pain"),
        ("<title>cures &lt;pain</title>", "cures <pain", "cures &lt;pain"),
        ("they say <q>cure</q>", 'say "cure"', "say <q>cure</q>"),
        ("<p>cures<sup>1</sup> pain", "cures pain", "cures<sup>1</sup> pain"),
        ("a < b & c", "a < b & c", "a < b & c"),
        ("cures\x0cpain \x85 now", "cures pain now", "cures\x0cpain \x85 now"),
    ],
)
def test_html(draft: str, words: str, source: str) -> None:
    assert _found(read(draft.encode(), "a.html", "html"), words) == source


@pytest.mark.parametrize(
    ("draft", "words", "source"),
    [
        ("It cures\tpain.", "cures pain", "cures\tpain"),
        ("It cures\u00a0 pain.", "cures pain", "cures\u00a0 pain"),
        (
            "This is a long line of a text that gives perma-\nnent relief.",
            "permanent relief",
            "perma-\nnent relief",
        ),
        (
            "This is a long line of a text that is guaran\u00ad\nteed.",
            "guaranteed",
            "guaran\u00ad\nteed",
        ),
        (
            "This is a long line of a text on the well-\nbeing of all.",
            "well-being",
            "well-\nbeing",
        ),
        ("  • cures pain", "cures pain", "cures pain"),
        ("•\n  cures pain", "cures pain", "cures pain"),
    ],
)
def test_plain(draft: str, words: str, source: str) -> None:
    assert _found(read(draft.encode(), "a.txt", "text"), words) == source


@pytest.mark.parametrize("form", ["markdown", "html", "text"])
@pytest.mark.parametrize("before", ["", "The label says: "])
def test_a_letter_in_an_editors_brackets_belongs_to_its_word(form: Format, before: str) -> None:
    document = read(f"{before}[R]elieves pain.".encode(), "a", form)
    assert [block.text for block in document.blocks] == [f"{before}Relieves pain."]
    assert _found(document, "Relieves") == "R]elieves"


@pytest.mark.parametrize(
    ("form", "draft", "sources"),
    [
        (
            "markdown",
            "# Head\n\n- one\n  - two\n\n[l](x)\n",
            ["# Head", "- one", "- two", "[l](x)"],
        ),
        ("html", "<h1>A</h1>\n<ul><li>b</li></ul>", ["<h1>A</h1>", "<li>b</li>"]),
        ("text", "Head\n\n  • one\nAnd two.", ["Head", "• one", "And two."]),
    ],
)
def test_the_span_of_a_block_covers_its_markup(
    form: Format, draft: str, sources: list[str]
) -> None:
    document = read(draft.encode(), "a", form)
    assert [document.source.slice(block.span) for block in document.blocks] == sources
