"""Citations: what they are, what leans on them, how strong they are by their own words."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from claimlint.readers.parts import Part, joined
from tests.engine.small_pack import engine, findings, flagged


def citations(text: str) -> list[tuple[str, str, bool]]:
    found = engine().check(read(text.encode(), "d.md", "markdown")).citations
    return [(c.kind, c.value, c.well_formed) for c in found]


def test_identifiers() -> None:
    text = "See doi:10.1000/abc.12, PMID: 12345678, PMC123456, NCT01234567 and ISRCTN12345678."
    assert citations(text) == [
        ("doi", "10.1000/abc.12", True),
        ("pmid", "12345678", True),
        ("pmcid", "PMC123456", True),
        ("nct", "NCT01234567", True),
        ("isrctn", "ISRCTN12345678", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "NCT0123", "PMID 123456789", "doi 10.12/x", "doi: 10.1016", "DOI 10.xxxx/pain",
        "DOI 10/1016.j.pain", "https://doi.org/", "https://doi.org/10.xxxx/pain", "NCT-pending",
        "PMC ID to be assigned", "NCT00000000",
    ],
)  # fmt: skip
def test_an_identifier_that_cannot_exist_is_a_finding(text: str) -> None:
    assert [f.rule for f in findings(f"Source: {text}")] == ["evidence/malformed"]


@pytest.mark.parametrize(
    "words",
    [
        "Pain 2010;67:507-16",
        "Pain 2010 Mar;67(5):507",
        "CD003230",
        "(George 2010)",
        "(Lee et al., 2019)",
    ],
)
def test_how_journals_cite_is_a_citation(words: str) -> None:
    assert citations(f"It was shown (Lee H. {words}).") != []
    assert citations("We opened in 2010; ask us: 5 rooms.") == []


@pytest.mark.parametrize(
    "behind",
    [
        ", which found no difference from placebo.",
        ". The review found no evidence of a benefit.",
        ". It was no better than placebo.",
        ", since retracted.",
    ],
)
def test_a_source_that_found_nothing_supports_nothing(behind: str) -> None:
    trial = "Acupuncture relieves pain (a randomised trial, PMID 12345678)"
    (found,) = findings(trial + ".")
    assert (found.severity, found.context.evidence) == ("note", "adequate")
    (found,) = findings(trial + behind)
    assert (found.severity, found.context.evidence) == ("warning", "weak")


@pytest.mark.parametrize(
    ("source", "support", "severity"),
    [
        ("", "none", "warning"),
        (" (randomised trial, PMID 12345678)", "adequate", "note"),
        (" (a rat model, PMID 12345678)", "weak", "warning"),
        (" (one case report, doi 10.1000/x)", "weak", "warning"),
        (" (PMID 12345678)", "weak", "warning"),
        (" (randomised trial, NCT12)", "malformed", "warning"),
        (" (randomised trial, doi:10/gfxm6d)", "adequate", "note"),
        (
            " (after recruiting 90 patients this randomised trial ended, PMID 12345678)",
            "adequate",
            "note",
        ),
        (" (anecdotes aside, a randomised trial, PMID 12345678)", "adequate", "note"),
        (" ([its paper](https://doi.org/10.XXXX/pain))", "malformed", "warning"),
    ],
)
def test_support_is_graded_from_its_words(source: str, support: str, severity: str) -> None:
    found = next(
        f for f in findings(f"Acupuncture relieves pain{source}.") if f.rule == "efficacy/relieves"
    )
    assert (found.context.evidence, found.severity) == (support, severity)


def test_a_cure_is_not_excused_by_evidence() -> None:
    text = "Acupuncture cures pain (randomised trial, PMID 12345678)."
    assert flagged(text)[0][0] == "error"


def test_a_line_of_references_belongs_to_the_statement_before_it() -> None:
    text = "Acupuncture relieves pain.\n\nReference: randomised trial, PMID 12345678\n"
    assert [f[0] for f in flagged(text)] == ["note"]


def test_one_citation_does_not_support_the_page() -> None:
    text = (
        "Acupuncture relieves pain. Our team is new. One randomised trial, PMID 12345678, exists."
    )
    assert [f[0] for f in flagged(text)] == ["warning"]


def test_a_footnote_resolves() -> None:
    text = "Acupuncture relieves pain.[^1]\n\n[^1]: A randomised trial, PMID 12345678.\n"
    assert [f[0] for f in flagged(text)] == ["note"]


def test_studies_without_a_source() -> None:
    assert [f[1] for f in flagged("Studies show good things.")] == ["evidence/studies"]
    assert flagged("Studies show good things (Lee et al., 2020).") == []
    assert [f[2] for f in flagged("We have a 92% success rate.")] == ["92% success"]
    assert flagged("Opened in 1992, 12% of seats are blue.") == []


REFERENCES = """

## References

1. Duarte J. Pain in primary care: a guide for nurses. 2016. Harbour Press.
2. Halvorsen T, et al. Needles against sham: a randomised trial of 480 adults. 2019. doi:10.1000/abc.12
3. Smith
"""


@pytest.mark.parametrize(
    ("cited", "support"),
    [
        ("[2]", "adequate"),
        ("[1-2]", "adequate"),
        ("[1]", "weak"),
        ("[3]", "malformed"),
        ("[9]", "none"),
        ("(Halvorsen et al., 2019)", "adequate"),
    ],
)
def test_a_number_and_an_author_resolve_in_the_references(cited: str, support: str) -> None:
    found = findings(f"Acupuncture relieves pain {cited}.{REFERENCES}")
    assert found[0].context.evidence == support


@pytest.mark.parametrize("mark", ["²", "¹⁻²", "¹,²"])
def test_a_raised_figure_resolves_in_the_references(mark: str) -> None:
    found = findings(f"Acupuncture relieves pain.{mark} Ask us. {REFERENCES}")
    assert found[0].context.evidence == "adequate"
    assert found[0].sentence is not None
    assert found[0].sentence.text == "Acupuncture relieves pain."


@pytest.mark.parametrize(("mark", "support"), [("1", "weak"), ("2", "adequate"), ("9", "none")])
def test_a_superscript_of_a_page_resolves_in_its_references(mark: str, support: str) -> None:
    entries = "".join(f"<li>{line[3:]}</li>" for line in REFERENCES.split("\n")[4:7])
    page = (
        f"<p>Acupuncture relieves pain.<sup>{mark}</sup></p><h2>References</h2><ol>{entries}</ol>"
    )
    found = engine().check(read(page.encode(), "d.html", "html")).findings
    assert found[0].context.evidence == support


@pytest.mark.parametrize(
    "listed",
    [
        "7. {}\n8. {}",
        '<ol start="7"><li>{}</li><li><p>{}</p></li></ol>',
        '<ol><li value="7">{}<li>{}</ol>',
    ],
)
def test_a_list_of_references_is_numbered_as_it_says(listed: str) -> None:
    entries = listed.format(*(line[3:] for line in REFERENCES.split("\n")[4:6]))
    for number, support in (("7", "weak"), ("8", "adequate"), ("1", "none"), ("2", "none")):
        draft = f"Acupuncture relieves pain [{number}].\n\n## References\n\n{entries}\n"
        assert findings(draft)[0].context.evidence == support


def test_a_numbered_line_of_a_text_keeps_its_number() -> None:
    lines = [f"{number}. {line[3:]}" for number, line in enumerate(REFERENCES.split("\n")[4:6], 7)]
    draft = "Acupuncture relieves pain [8].\n\nReferences\n\n" + "\n".join(lines)
    found = engine().check(read(draft.encode(), "d.txt", "text")).findings
    assert found[0].context.evidence == "adequate"


@pytest.mark.parametrize("text", ["A room of 20 m².", "A dose of 10⁶ cells.", "Five cm² of skin."])
def test_a_unit_is_no_citation(text: str) -> None:
    assert citations(text) == []


RANDOMISED = "(a randomised trial, doi:10.1000/abc.12)"


@pytest.mark.parametrize(
    ("text", "support"),
    [
        (
            f"Acupuncture relieves pain, and stem cells rebuild discs {RANDOMISED}.",
            ["none", "adequate"],
        ),
        (
            f"Acupuncture relieves pain {RANDOMISED}, and stem cells rebuild discs.",
            ["adequate", "none"],
        ),
        (f"Acupuncture relieves pain, and it relieves stiffness {RANDOMISED}.", ["adequate"] * 2),
        (f"Acupuncture relieves pain, while sham did not {RANDOMISED}.", ["adequate"]),
        (f"In a study {RANDOMISED}, acupuncture relieves pain.", ["adequate"]),
    ],
)
def test_a_source_counts_for_the_treatment_beside_it(text: str, support: list[str]) -> None:
    told = [f for f in findings(text) if f.category == "efficacy"]
    assert [one.context.evidence for one in told] == support


@pytest.mark.parametrize(
    ("text", "support"),
    [
        (f"Acupuncture relieves pain {RANDOMISED} and rebuilds discs.", ["adequate", "none"]),
        (
            f"In a trial {RANDOMISED} acupuncture relieves pain and rebuilds discs.",
            ["adequate"] * 2,
        ),
        (f"Acupuncture relieves pain and rebuilds discs {RANDOMISED}.", ["adequate"] * 2),
    ],
)
def test_a_source_counts_for_what_stands_before_it(text: str, support: list[str]) -> None:
    told = [f for f in findings(text) if f.category == "efficacy"]
    assert [one.context.evidence for one in told] == support


def test_an_identifier_is_graded_by_its_entry_in_the_references() -> None:
    cited = "(doi:10.1000/abc.12)"
    assert findings(f"Acupuncture relieves pain {cited}.")[0].context.evidence == "weak"
    listed = findings(f"Acupuncture relieves pain {cited}.{REFERENCES}")
    assert listed[0].context.evidence == "adequate"


@pytest.mark.parametrize(
    "words", ["Lee (2019)", "Lee and Park (2019)", "Lee and colleagues (2019)"]
)
def test_authors_named_in_a_sentence_are_a_citation(words: str) -> None:
    assert citations(f"{words} found that it was so.") == [("reference", words, True)]


@pytest.mark.parametrize(
    ("address", "support"),
    [
        ("https://www.aaos.org/guideline", "weak"),
        ("https://www.hhs.gov/x", "weak"),
        ("https://www.nhs.uk/x", "weak"),
        ("https://gov.example.com/x", "none"),
        ("https://clinic.example/x", "none"),
    ],
)
def test_a_link_to_an_authority_or_a_society_is_a_source(address: str, support: str) -> None:
    (found,) = findings(f"Acupuncture relieves pain, [as they say]({address}).")
    assert found.context.evidence == support


@pytest.mark.parametrize(
    ("behind", "support"),
    [
        ("Source: a randomised trial, PMID 12345678.", "adequate"),
        ("See the trial: randomised, NCT01234567.", "adequate"),
        ("This was shown in a randomised trial (PMID 12345678).", "adequate"),
        ("Registration: NCT01234567 (recruiting).", "weak"),
    ],
)
def test_the_sentence_behind_may_name_the_source(behind: str, support: str) -> None:
    found = findings(f"Acupuncture relieves pain. {behind}")
    assert found[0].context.evidence == support


@pytest.mark.parametrize(
    "kind",
    [
        "beagles", "zebrafish", "a case series", "cultured cells", "an editorial", "our own survey",
        "a pilot study", "an open-label trial", "a cohort without a control group", "a press release",
        "a non-randomised trial", "a proof-of-concept trial", "a consumer study", "skin ex vivo",
        "anecdotes", "a randomised trial that is not peer reviewed",
    ],
)  # fmt: skip
def test_what_cannot_show_a_benefit_in_people_is_weak(kind: str) -> None:
    found = findings(f"Acupuncture relieves pain ({kind}, PMID 12345678).")
    assert (found[0].context.evidence, found[0].severity) == ("weak", "warning")


def test_a_statement_may_say_itself_that_its_support_is_weak() -> None:
    (case,) = findings("In one case study acupuncture relieves pain.")
    assert case.context.evidence == "weak"
    assert "by its own words it rests on a case report" in case.context.because
    (pilot,) = findings("In a pilot study of 12 patients acupuncture relieves pain.")
    assert "a small or uncontrolled study" in pilot.context.because
    (survey,) = findings("In a survey of our clients acupuncture relieves pain.")
    assert "unpublished data, which nobody outside can check" in survey.context.because
    (controlled,) = findings(
        "Acupuncture relieves pain (open-label randomised trial, PMID 12345678)."
    )
    assert controlled.context.evidence == "adequate"
    (studies,) = findings("Studies show good things in mice.")
    assert studies.context.evidence == "none"


@pytest.mark.parametrize("text", ["doi:10,1016/j.x", "PMID: TBD", "DOI: Journal of Joints"])
def test_a_place_holder_for_an_identifier_is_a_finding(text: str) -> None:
    assert [f.rule for f in findings(f"Source: {text}")] == ["evidence/malformed"]


_TRIAL = "A randomised trial of 480 adults. Journal of Pain, 2019, doi:10.1000/abc.12"
_CLAIM_WITH_NOTE = "Acupuncture relieves pain.[^1]"
_CLAIM_WITH_NUMBER = "Acupuncture relieves pain [1]."
_NOTE_OF_THE_BODY = f"We opened in 1992.[^1]\n\n[^1]: {_TRIAL}\n"
_LIST_OF_THE_BODY = f"We opened in 1992.\n\n## References\n\n1. {_TRIAL}\n"


def _support(*fields: str) -> list[tuple[str, str]]:
    """The claims of an entry of several fields and what each rests on."""
    parts = [Part(f"field{at}", "markdown", text.encode()) for at, text in enumerate(fields)]
    found = engine().check(joined(parts, "entry", "0" * 64)).findings
    return [(f.words, f.context.evidence) for f in found if f.category in ("efficacy", "cure")]


def test_a_note_of_another_field_is_no_support() -> None:
    own = f"{_CLAIM_WITH_NOTE}\n\n[^1]: See our price list.\n"
    assert [one for _, one in _support(own, _NOTE_OF_THE_BODY)] == ["none"]
    assert [one for _, one in _support(_NOTE_OF_THE_BODY, own)] == ["none"]
    trial = f"{_CLAIM_WITH_NOTE}\n\n[^1]: {_TRIAL}\n"
    assert [one for _, one in _support(_NOTE_OF_THE_BODY, trial)] == ["adequate"]


def test_a_number_points_into_the_list_of_its_own_field() -> None:
    own = f"{_CLAIM_WITH_NUMBER}\n\n## References\n\n1. Our price list of 2020, at the desk.\n"
    assert [one for _, one in _support(own, _LIST_OF_THE_BODY)] == ["weak"]
    assert [one for _, one in _support(_LIST_OF_THE_BODY, own)] == ["weak"]


def test_a_field_without_a_list_uses_the_only_one_of_the_entry() -> None:
    # Templates set the references of a page as one field at its end.
    assert [one for _, one in _support(_CLAIM_WITH_NUMBER, _LIST_OF_THE_BODY)] == ["adequate"]
    both = _support(_CLAIM_WITH_NUMBER, _LIST_OF_THE_BODY, _LIST_OF_THE_BODY)
    assert [one for _, one in both] == ["none"]


def test_a_list_of_references_ends_with_its_field() -> None:
    after = f"{_TRIAL}\n\nOur team is new.\n\nAcupuncture relieves pain [2]."
    assert [one for _, one in _support(_LIST_OF_THE_BODY, after)] == ["none"]


@pytest.mark.parametrize(
    ("head", "support"),
    [
        ("Lee J. A randomised trial of acupuncture. Pain 2019. doi:10.1000/x", "adequate"),
        ("Lee J. Acupuncture in a rat model. Pain 2019. doi:10.1000/x", "weak"),
        (
            "Lee J. A randomised trial of acupuncture. Pain 2019. doi:10.1000/x, 2 May 2019",
            "adequate",
        ),
        ("Welcome to our clinic, we read Pain 2019 (doi:10.1000/x) for you today.", "none"),
        ("Read our randomised trial (doi:10.1000/x) and come before May 2027.", "none"),
    ],
)
def test_a_page_about_a_single_paper_is_cited_as_a_whole(head: str, support: str) -> None:
    text = f"# A paper\n\n{head}\n\nIt is new.\n\nAcupuncture relieves pain.\n"
    told = [f.context.evidence for f in findings(text) if f.rule == "efficacy/relieves"]
    assert told == [support]


def test_a_page_with_a_second_source_is_about_more_than_one_paper() -> None:
    head = "Lee J. A randomised trial of acupuncture. Pain 2019. doi:10.1000/x"
    end = "Come in.\n\nSee PMID 12345678."
    text = f"# A paper\n\n{head}\n\nAcupuncture relieves pain.\n\n{end}\n"
    told = [f.context.evidence for f in findings(text) if f.rule == "efficacy/relieves"]
    assert told == ["none"]
