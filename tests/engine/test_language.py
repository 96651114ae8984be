"""What is not in English is said to be unchecked, never passed; English headlines are English."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from tests.engine.small_pack import engine

LONG = 12


def language(text: str) -> str:
    return engine().check(read(text.encode(), "draft.md", "markdown")).language


@pytest.mark.parametrize(
    "text",
    [
        "Наша терапия полностью излечивает артрит и рак.",
        "Nuestra terapia cura la artritis en pocas semanas.",
        "Unsere Behandlung heilt Arthrose in wenigen Wochen.",
        "Nossa terapia cura a artrite em poucas semanas, e todos os pacientes dormem melhor.",
        "La nostra terapia guarisce l'artrite in poche settimane.",
        "Onze therapie geneest artrose in enkele weken, en de pijn is weg of bijna weg.",
        "Notre traitement guérit l'arthrose en quelques semaines.",
        "当院の治療は関節炎を完全に治します。",
        "علاجنا يشفي التهاب المفاصل تماما.",
    ],
)
def test_other_languages_are_not_english(text: str) -> None:
    assert language(text) == "und"
    assert language("\n\n".join([text] * LONG)) == "und"


def test_korean_is_told() -> None:
    assert language("저희 치료는 관절염을 완전히 낫게 합니다.") == "ko"


@pytest.mark.parametrize(
    "text",
    [
        "The doctor is in.",
        "# Stem cell therapy",
        "Acupuncture, cupping, massage",
        "Pain relief naturally",
        "Hello",
        "Visit us • open daily",
        "We open at nine and the door is on the left.",
    ],
)
def test_english_headlines_are_english(text: str) -> None:
    assert language(text) == "en"


OPEN = "We are open to all of you. "
KOREAN = "저희 치료는 관절염을 완전히 낫게 합니다. "
SPANISH = "Nuestras células curan la artritis y los resultados son para siempre. "


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"# The clinic\n\nWe are open from Monday to Friday.\n\n{SPANISH * 3}", (5, 1)),
        (f"We are open to all of you. {SPANISH * 3}", (1, 28)),
        (f"{OPEN * 5}\n\n{KOREAN * 2}", (3, 1)),
        ("The street is called Calle de la Salud, and the sign says: Clínica del Sol.", None),
        ("The clinic is open. Botox, Juvederm, Restylane, Sculptra and Kybella.", None),
    ],
)
def test_where_another_language_begins_is_told(text: str, place: tuple[int, int] | None) -> None:
    found = engine().check(read(text.encode(), "draft.md", "markdown"))
    assert found.language == "en"
    at = found.foreign
    assert (None if at is None else (at.line, at.column)) == place


@pytest.mark.parametrize(
    "text",
    [
        "We outperform every hospital in Nevada.",
        "# Acupuncture prices\n\nAcupuncture $12 per unit. Stem cell therapy $650.",
    ],
)
def test_short_lines_of_prices_are_english(text: str) -> None:
    assert language(text) == "en"
