"""The claim model beside the rules: what it may add, what it may soften, and what it says about it."""

from __future__ import annotations

import msgspec
import pytest

from claimlint import marked_yaml
from claimlint.engine.check import Engine
from claimlint.engine.match import Matcher
from claimlint.engine.names import Names
from claimlint.engine.network import Network, image
from claimlint.engine.page import make_page
from claimlint.engine.syllables import open_word_table
from claimlint.engine.weigh import Weigher
from claimlint.model.report import Finding
from claimlint.model.rule import Pack, WeighedRule
from claimlint.packs.compile import compile_ruleset
from claimlint.packs.selection import Selection
from claimlint.readers import read
from tests.engine.small_pack import PACK

READS_AS_CLAIM, SAYS_NOTHING, DOUBTED, READS_AS_INFORMATION = 4.0, 0.5, -0.5, -4.0
WEIGHED = WeighedRule(
    id="promise/reads-as-a-claim",
    title="t",
    category="promise",
    severity="warning",
    message="m",
    why="w",
    at_least=0.6,
    without_frame=0.9,
)


NOTHING = bytes([128]) * 512  # what the codes stand for, of one unit that never hears anything


def network(bias: float, **features: int) -> Network:
    """A model that takes every sentence alike but for some words."""
    known = {f"={word}": weight for word, weight in features.items()}
    return Network(image(known, 1024, {}, 8, NOTHING, [bias, 0.05, 0.0, 0.0]))


def found(
    text: str, bias: float, *, doubtful: bool = False, rule: WeighedRule = WEIGHED
) -> list[Finding]:
    pack = marked_yaml.load(PACK.replace("&x\n    ", ""), "small.yaml", Pack).value
    rules = [
        msgspec.structs.replace(one, doubtful=doubtful) if hasattr(one, "doubtful") else one
        for one in pack.rules
    ]
    pack = msgspec.structs.replace(pack, rules=(*rules, rule))
    ruleset = compile_ruleset((pack,), Selection(), "digest")
    engine = Engine(ruleset, open_word_table(None), 8, network(bias, behind=1, stiff=-7))
    findings = engine.check(read(text.encode(), "draft.md", "markdown")).findings
    return [one for one in findings if one.category not in ("disclosure", "readability")]


def shape_of(line: str) -> set[str]:
    """What the model hears of how a line of Markdown is written."""
    pack = marked_yaml.load(PACK.replace("&x\n    ", ""), "small.yaml", Pack).value
    matcher = Matcher(compile_ruleset((pack,), Selection(), "digest"))
    page = make_page(read(line.encode(), "draft.md", "markdown"), matcher)
    weigher = Weigher(matcher, Names(open_word_table(None)), None)
    ((statement,),) = page.statements
    names = {
        "capitals",
        "titled",
        "title",
        "unended",
        *(f"unended {n}" for n in (4, 8, 16, "long")),
    }
    return weigher.features(statement, set()) & names


def test_a_sentence_that_reads_as_a_claim_is_flagged_whole() -> None:
    (finding,) = found("The new approach leaves stiffness behind.", READS_AS_CLAIM)
    assert (finding.rule, finding.severity) == ("promise/reads-as-a-claim", "warning")
    assert finding.words == "The new approach leaves stiffness behind"
    assert "reads as a claim (99%), most of all “behind”" in finding.context.because


def test_without_a_frame_more_is_asked() -> None:
    text = "The new approach leaves stiffness behind."
    assert found(text, 1.0) == []  # 73 %: enough only where something is said to act
    strict = msgspec.structs.replace(WEIGHED, without_frame=0.7)
    assert [one.rule for one in found(text, 1.0, rule=strict)] == ["promise/reads-as-a-claim"]


def test_what_a_rule_flags_is_not_flagged_twice() -> None:
    assert [one.rule for one in found("Acupuncture cures arthritis.", READS_AS_CLAIM)] == [
        "cure/cures"
    ]


def test_a_sentence_without_any_term_counts_if_it_has_words_enough() -> None:
    page = "# Acupuncture\n\n"
    (finding,) = found(f"{page}Leave the old you behind.", READS_AS_CLAIM)
    assert finding.words == "Leave the old you behind"
    assert found(f"{page}Behind us.", READS_AS_CLAIM) == []  # a fragment
    assert found(f"{page}Behind (us).", READS_AS_CLAIM) == []  # whose marks are no words
    assert len(found("Leave the old you behind.", READS_AS_CLAIM)) == 1
    assert found("Behind you.", READS_AS_CLAIM) == []


def test_of_other_scripts_and_figures_the_model_says_nothing() -> None:
    assert found("10.6 ms, 30.2 ms", READS_AS_CLAIM) == []
    assert found("시술 후 부작용이 발생할 수 있습니다.", READS_AS_CLAIM) == []
    assert found("Лечение длится около одного часа.", READS_AS_CLAIM) == []
    assert len(found("A café-fresh glow, naïve and new, for you.", READS_AS_CLAIM)) == 1


def test_what_is_asked_and_what_is_cited_are_no_claims() -> None:
    page = "# Acupuncture\n\n"
    assert found(f"{page}Does it leave stiffness behind?", READS_AS_CLAIM) == []
    cited = "The approach leaves stiffness behind. Rheum Notes. 2020. doi:10.1000/abc"
    assert found(f"{page}## References\n\n1. {cited}\n", READS_AS_CLAIM) == []
    asked = msgspec.structs.replace(WEIGHED, topic=True)
    assert found("The new approach leaves stiffness behind.", READS_AS_CLAIM, rule=asked) == []


@pytest.mark.parametrize(
    ("bias", "cure", "relief"),
    [
        (SAYS_NOTHING, "error", "warning"),
        (DOUBTED, "warning", "note"),
        (READS_AS_INFORMATION, "note", "note"),
    ],
)
def test_a_doubtful_rule_says_less_where_the_sentence_reads_as_information(
    bias: float, cure: str, relief: str
) -> None:
    for text, severity in (
        ("Acupuncture cures arthritis.", cure),
        ("Acupuncture relieves stiffness.", relief),
    ):
        (finding,) = found(text, bias, doubtful=True)
        assert finding.severity == severity
        assert ("reads as information" in finding.context.because) == (bias != SAYS_NOTHING)
        (sure,) = found(text, bias)
        assert "reads as information" not in sure.context.because


@pytest.mark.parametrize("bias", [DOUBTED, READS_AS_INFORMATION])
def test_no_tone_excuses_what_is_said_of_an_unproven_product(bias: float) -> None:
    (finding,) = found("Stem cell therapy relieves stiffness.", bias, doubtful=True)
    assert finding.severity == "warning"
    (cure,) = found("Stem cell therapy cures arthritis.", bias, doubtful=True)
    assert cure.severity == "error"


def test_needs_and_lacks_choose_the_rule() -> None:
    text = "The new approach leaves stiffness behind."
    needs = msgspec.structs.replace(WEIGHED, needs=("@condition",))
    assert found(text, READS_AS_CLAIM, rule=needs) == []
    lacks = msgspec.structs.replace(WEIGHED, lacks=("@symptom",))
    assert found(text, READS_AS_CLAIM, rule=lacks) == []
    heading = msgspec.structs.replace(WEIGHED, blocks=("heading",))
    assert found(text, READS_AS_CLAIM, rule=heading) == []
    assert len(found(f"# {text}", READS_AS_CLAIM, rule=heading)) == 1


def test_a_heading_in_quotation_marks_is_taken_up_by_the_text() -> None:
    said = "The new approach leaves stiffness behind"
    assert len(found(f"## {said}", READS_AS_CLAIM)) == 1
    assert found(f'## "{said}"', READS_AS_CLAIM) == []
    assert found(f"## “{said}”", READS_AS_CLAIM) == []


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("# Prolotherapy for Stubborn Back Pain\n", {"unended", "unended 8", "titled", "title"}),
        ("Prolotherapy for Stubborn Back Pain\n", {"unended", "unended 8", "titled", "title"}),
        ("Bring your list of medicines\n", {"unended", "unended 8"}),
        ("Bring your list of medicines.\n", set()),
        ("Ask Doctor Miller About Prolotherapy!\n", {"titled"}),
        ("BRING YOUR LIST.\n", {"capitals", "titled"}),
        ("It was shown once.[4]\n", set()),
    ],
)
def test_the_model_hears_how_a_line_is_written_in_any_block(line: str, shape: set[str]) -> None:
    assert shape_of(line) == shape


def test_without_weights_the_model_has_no_say() -> None:
    pack = marked_yaml.load(PACK.replace("&x\n    ", ""), "small.yaml", Pack).value
    pack = msgspec.structs.replace(pack, rules=(*pack.rules, WEIGHED))
    engine = Engine(compile_ruleset((pack,), Selection()), open_word_table(None), 8)
    text = b"The new approach leaves stiffness behind."
    assert engine.check(read(text, "draft.md", "markdown")).findings == ()


BEHIND = "- Leave the old you behind\n"
UNSURE = "- Take a deep breath today\n"


def test_an_item_is_read_with_the_others_of_its_list() -> None:
    among = msgspec.structs.replace(WEIGHED, list_of_claims=0.5)

    def words(text: str, rule: WeighedRule) -> list[str]:
        return [one.words for one in found(text, 2.0, rule=rule)]

    flagged = "Leave the old you behind"
    assert words(2 * BEHIND + UNSURE, WEIGHED) == [flagged, flagged]
    assert words(2 * BEHIND + UNSURE, among) == [flagged, flagged, "Take a deep breath today"]
    assert words(UNSURE + 2 * BEHIND, among)[0] == "Take a deep breath today"
    # One flagged item, fewer than half, or another list tell nothing.
    assert words(BEHIND + UNSURE, among) == [flagged]
    assert words(2 * BEHIND + 4 * UNSURE, among) == [flagged, flagged]
    assert words(f"{2 * BEHIND}\nThen:\n\n{UNSURE}", among) == [flagged, flagged]
    assert words(f"{2 * BEHIND}  {UNSURE}", among) == [flagged, flagged]


def test_the_reason_says_that_the_list_decided() -> None:
    among = msgspec.structs.replace(WEIGHED, list_of_claims=0.5)
    *_, last = found(2 * BEHIND + UNSURE, 2.0, rule=among)
    assert "half or more of the other items of its list are flagged" in last.context.because


def test_an_item_alone_in_its_list_needs_more() -> None:
    strict = msgspec.structs.replace(WEIGHED, without_frame=0.7, alone_in_list=0.95)

    def words(text: str) -> list[str]:
        return [one.words for one in found(text, 0.9, rule=strict)]

    # 71 % for every item: among each other they are flagged, and alone in a list none is.
    assert len(words("- Leave it as it is\n")) == 1
    asked = "- Do you have a coat?\n- Is it far to come?\n"  # questions are never flagged
    assert words(f"{asked}- Leave it as it is\n") == []
    assert len(words(f"{asked}- Leave it as it is\n- Come as you are now\n")) == 2


def test_a_sentence_is_read_with_the_others_of_its_paragraph() -> None:
    among = msgspec.structs.replace(WEIGHED, paragraph_of_claims=0.5)
    behind, unsure = "Leave the old you behind.", "Take a deep breath today."

    def words(text: str) -> list[str]:
        return [one.words for one in found(text, 2.0, rule=among)]

    assert words(f"{behind} {unsure}") == [behind[:-1]]  # one tells nothing
    assert words(f"{behind} {unsure} {behind}") == [behind[:-1], unsure[:-1], behind[:-1]]
    assert words(f"{behind}\n\n{unsure}\n\n{behind}") == [behind[:-1]] * 2
    (_, asked, _) = found(f"{behind} {unsure} {behind}", 2.0, rule=among)
    assert (
        "half or more of the other sentences of its paragraph are flagged" in asked.context.because
    )


def test_the_title_of_a_paper_is_not_the_words_of_the_page() -> None:
    title, reference = "Needles for whatever stands behind", "Lee J. Pain 2019. doi:10.1000/x"

    def words(text: str) -> list[str]:
        return [one.words for one in found(text, READS_AS_CLAIM)]

    assert title not in words(f"# {title}\n\n{reference}\n")
    assert title in words(f"# {title}\n\n{reference} shows it.\n")
    assert title in words(f"# {title}\n\nCome in.\n\n{reference}\n")
    slogan = "Leave your cane behind"
    assert slogan in words(f"# {slogan}\n\n{reference}\n")
