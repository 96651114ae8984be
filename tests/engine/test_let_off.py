"""The statements that rules leave alone, told with the reason when they are asked for."""

from __future__ import annotations

from claimlint.model.report import LetOff
from claimlint.readers import read
from tests.engine.small_pack import engine


def let_off(text: str) -> tuple[LetOff, ...]:
    found = engine().check(read(text.encode(), "draft.md", "markdown"), explain=True).let_off
    assert found is not None
    return found


def test_a_negated_statement_is_told_with_its_place_and_reason() -> None:
    (one,) = let_off("We are open. Acupuncture does not cure arthritis.")
    assert (one.rule, one.words) == ("cure/cures", "cure arthritis")
    assert one.context.modality == "negated"
    assert "“not”" in one.context.because
    assert one.sentence.text == "Acupuncture does not cure arthritis."
    assert (one.span.start.offset, one.span.end.offset) == (34, 48)


def test_a_source_that_suffices_is_the_reason() -> None:
    (one,) = let_off("Studies show good things (randomised trial, PMID 12345678).")
    assert (one.rule, one.context.evidence) == ("evidence/studies", "adequate")
    assert "source is given" in one.context.because


def test_each_statement_is_told_once_and_not_beside_a_finding() -> None:
    assert [one.words for one in let_off("It is no miracle. It does not cure arthritis.")] == [
        "miracle",
        "cure arthritis",
    ]
    assert let_off("Acupuncture cures arthritis.") == ()


def test_nothing_is_told_unless_it_was_asked_for() -> None:
    document = read(b"Acupuncture does not cure arthritis.", "draft.md", "markdown")
    assert engine().check(document).let_off is None
