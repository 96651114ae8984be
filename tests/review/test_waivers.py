"""The waivers' file: what is read, what is refused, and how entries are added to it."""

from __future__ import annotations

import pytest

from claimlint.errors import DefinitionError
from claimlint.model import fingerprint
from claimlint.review.waivers import Waiver, added, escaped, parse

SENTENCE = "Our stem cells cure arthritis."
WORDS = "cure arthritis"
RULE = "cure/claims-a-cure"
MARK = fingerprint.of_statement(RULE, SENTENCE, WORDS)


def waiver(**changes: str) -> Waiver:
    fields = {
        "rule": RULE, "fingerprint": MARK, "document": "blog/a.md", "sentence": SENTENCE, "words": WORDS,
        "reason": "beside its trial", "approver": "Dr. A", "date": "2026-11-20",
    }  # fmt: skip
    return Waiver(**(fields | changes))  # type: ignore[arg-type]


def lines(**changes: str | None) -> bytes:
    fields: dict[str, str | None] = {
        "rule": RULE, "fingerprint": f'"{MARK}"', "document": "blog/a.md", "sentence": SENTENCE,
        "words": WORDS, "reason": "beside its trial", "approver": "Dr. A", "date": "2026-11-20",
    }  # fmt: skip
    written = [f"{key}: {value}" for key, value in (fields | changes).items() if value is not None]
    return ("waivers:\n  - " + "\n    ".join(written) + "\n").encode()


def faults(data: bytes) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse(data, "w.yaml")
    return [str(fault) for fault in caught.value.faults]


def test_an_entry_is_read_with_its_line() -> None:
    (placed,) = parse(lines(), "w.yaml")
    assert (placed.waiver, placed.line) == (waiver(), 2)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": None}, 'the required key "reason" is missing'),
        ({"document": "./blog/a.md"}, "write it without ./"),
        ({"approver": '""'}, "the text is empty"),
        ({"reason": '"  "'}, "the text is empty"),
        ({"approver": "no"}, "quote it"),
        ({"date": "20.11.2026"}, "2026-11-20"),
        ({"date": "2026-02-30"}, "not a day of the calendar"),
        ({"expires": "2026-11-19"}, "expires before"),
        ({"fingerprint": '"xyz"'}, "16 hexadecimal digits"),
        ({"sentence": "Our cells cure everything."}, "does not belong to this rule and sentence"),
        ({"document": '"**"'}, 'write "any"'),
        ({"document": '"*.md"'}, 'write "any"'),
        ({"document": '"*.md*"'}, 'write "any"'),
        ({"document": '"*.m[da]"'}, 'write "any"'),
        ({"document": '"[a-z]*.md"'}, 'write "any"'),
        ({"document": '"**/*.m?"'}, 'write "any"'),
        ({"document": '"*a*"'}, 'write "any"'),
        ({"document": '"*md*/"'}, 'write "any"'),
        ({"kind": "wont_fix"}, "false_alarm or waiver"),
        ({"until": "2027-01-01"}, 'unknown key "until"'),
    ],
)
def test_a_mistake_is_told_with_its_place(changes: dict[str, str | None], said: str) -> None:
    (fault,) = faults(lines(**changes))
    assert fault.startswith("w.yaml:")
    assert said in fault


def test_one_finding_is_waived_once_for_a_document() -> None:
    twice = lines() + lines().split(b"\n", 1)[1]
    assert "already waived in line 2" in faults(twice)[0]


def test_a_document_is_meant_by_its_name_a_pattern_or_any() -> None:
    assert waiver().covers("blog/a.md")
    assert not waiver().covers("a.md")
    assert not waiver(document="a.md").covers("blog/a.md")
    assert waiver(document="blog/*.md").covers("blog/b.md")
    assert not waiver(document="blog/*.md").covers("other/b.md")
    assert waiver(document="any").covers("strapi:article:7")
    assert waiver(document="strapi:article:7").covers("strapi:article:7")


def test_entries_are_added_and_what_people_wrote_stays() -> None:
    text = b"# ours\nwaivers:\n  # the first\n" + lines().split(b"\n", 1)[1]
    other = waiver(document="any", reason='with "signs": # and\nlines \x00 \u2028')
    made = added(text, "w.yaml", (other,))
    assert made.startswith(text)
    assert [one.waiver for one in parse(made, "w.yaml")] == [waiver(), other]


def test_a_new_decision_takes_the_place_of_the_old_one() -> None:
    first = lines().split(b"\n", 1)[1]
    others = lines(document="b.md").split(b"\n", 1)[1]
    text = b"waivers:\n" + first + b"  # of b\n" + others
    again = waiver(reason="renewed", expires="2027-11-20")
    made = added(text, "w.yaml", (again,))
    assert [one.waiver for one in parse(made, "w.yaml")] == [waiver(document="b.md"), again]
    assert b"# of b" in made


@pytest.mark.parametrize("before", [b"", b"waivers: []\n", b"waivers: [{rule: %s}]\n"])
def test_a_file_of_another_style_is_written_anew(before: bytes) -> None:
    if b"rule" in before:
        flow = (
            f'rule: {RULE}, fingerprint: "{MARK}", document: a.md, sentence: {SENTENCE}, '
            f"words: {WORDS}, reason: r, approver: a, date: 2026-11-20"
        )
        before = f"waivers: [{{{flow}}}]\n".encode()
    known = [one.waiver for one in parse(before, "w.yaml")]
    made = added(before, "w.yaml", (waiver(),))
    assert [one.waiver for one in parse(made, "w.yaml")] == [*known, waiver()]


def test_a_broken_file_is_not_written_over() -> None:
    with pytest.raises(DefinitionError):
        added(lines(reason=None), "w.yaml", (waiver(),))


def test_a_very_long_sentence_is_cut_and_still_counts() -> None:
    from claimlint.review.waivers import shortened

    long = "word " * 2_000
    mark = fingerprint.of_statement(RULE, long, WORDS)
    one = waiver(sentence=shortened(long), fingerprint=mark)
    assert [placed.waiver for placed in parse(added(b"", "w.yaml", (one,)), "w.yaml")] == [one]
    assert len(one.sentence) == 2_000


@pytest.mark.parametrize(
    "document", ["blog/*", "**/blog/*.md", "knee*.md", "blog*", "strapi:article:*", "*-offer.*"]
)
def test_a_pattern_that_names_something_is_taken(document: str) -> None:
    assert [one.waiver for one in parse(lines(document=f'"{document}"'), "w.yaml")] == [
        waiver(document=document)
    ]


@pytest.mark.parametrize("name", ["x[ab].md", "[slug].md", "a*?.md", "[*].md", "[[]].md"])
def test_a_name_with_the_signs_of_patterns_means_itself_alone(name: str) -> None:
    one = waiver(document=escaped(name))
    assert one.covers(name)
    assert not one.covers(f"blog/{name}")
    for other in ("xa.md", "s.md", "a-b.md", "*.md", "[.md"):
        assert not one.covers(other)
    assert [placed.waiver for placed in parse(added(b"", "w.yaml", (one,)), "w.yaml")] == [one]


@pytest.mark.parametrize("before", [b"", b"waivers: []\n", lines(), lines() + b"...\n"])
@pytest.mark.parametrize("changes", [{"document": "*.md"}, {"reason": " "}, {"expires": "soon"}])
def test_no_file_is_made_that_could_not_be_read(before: bytes, changes: dict[str, str]) -> None:
    with pytest.raises(DefinitionError):
        added(before, "w.yaml", (waiver(**changes),))


def test_a_file_that_ends_its_document_can_be_added_to() -> None:
    made = added(lines() + b"...\n", "w.yaml", (waiver(document="b.md"),))
    assert [one.waiver for one in parse(made, "w.yaml")] == [waiver(), waiver(document="b.md")]


def test_each_time_that_words_stand_in_a_sentence_has_its_own_fingerprint() -> None:
    sentence = "It cures pain here, and it CURES  PAIN there."
    words, before = "cures pain", "It cures pain here, and it "
    marks = [
        fingerprint.of_statement(RULE, sentence, words),
        fingerprint.of_statement(RULE, sentence, "CURES PAIN", before),
    ]
    assert len(set(marks)) == 2
    for mark in marks:
        one = waiver(sentence=sentence, words=words, fingerprint=mark)
        assert [placed.waiver for placed in parse(added(b"", "w.yaml", (one,)), "w.yaml")] == [one]
    third = fingerprint.of_statement(RULE, sentence, words, sentence)
    with pytest.raises(DefinitionError, match="does not belong to this rule and sentence"):
        added(b"", "w.yaml", (waiver(sentence=sentence, words=words, fingerprint=third),))
