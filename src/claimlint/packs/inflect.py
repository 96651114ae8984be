"""Regular and irregular English forms of single lower-case words."""

from __future__ import annotations

import re
from typing import NamedTuple

from claimlint.packs.irregular import (
    DOUBLED,
    DOUBLED_L,
    NOUNS,
    O_WITH_ES,
    UNCOUNTED,
    VERBS,
    VERBS_LIKE_NOUNS,
)

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
# One syllable that ends in consonant, single vowel, consonant other than w, x, y: stop, cut, plan.
_SHORT = re.compile(r"y?[^aeiouy]*(?:qu)?[aeiou][^aeiouwxy]")
_NOUN_ENDING = re.compile(r"(?:itis|sis|osis|ness|ity|ism|ist|ology|ician|ment|tion|sion)$")
_HARD_CH = frozenset(("stomach", "monarch", "epoch", "loch"))


class VerbForms(NamedTuple):
    """The forms of a verb; `past` and `participle` are equal for regular ones."""

    base: str
    s: str
    ing: str
    past: str
    participle: str


def verb_forms(base: str, past: str = "", participle: str = "") -> VerbForms:
    """Inflect a verb; given irregular forms win over the table."""
    known_past, known_participle = VERBS.get(base, ("", ""))
    regular = _with_ed(base)
    past = past or known_past or regular
    return VerbForms(
        base, _third_person(base), _with_ing(base), past, participle or known_participle or past
    )


def plural(noun: str) -> str:
    """The plural of a noun; the noun itself when it has none or is one already."""
    if noun in NOUNS:
        return NOUNS[noun]
    if noun.endswith(("woman", "sman", "yman", "eman")):
        return noun[:-2] + "en"
    if noun in UNCOUNTED or noun.endswith(("itis", "ics", "men", "people")):
        return noun
    if noun.endswith("sis"):
        return noun[:-2] + "es"
    if noun.endswith("s") and not noun.endswith(("ss", "us", "as", "is")):
        return noun  # symptoms, stem cells
    return _with_s(noun)


def all_forms(word: str) -> tuple[str, ...]:
    """Every form that `word~` stands for: the word, its plural and its verb forms."""
    if word == "be":
        return ("be", "is", "are", "am", "was", "were", "being", "been")
    if _NOUN_ENDING.search(word) and word not in VERBS_LIKE_NOUNS:
        return tuple(dict.fromkeys((word, plural(word))))
    forms = verb_forms(word)
    if word in NOUNS:  # a leaf, leaves; a woman, women: no further form in -s
        return tuple(dict.fromkeys((word, plural(word), forms.ing, forms.past, forms.participle)))
    return tuple(dict.fromkeys((word, plural(word), *forms)))


def _third_person(base: str) -> str:
    return {"have": "has", "be": "is"}.get(base) or _with_s(base)


def _with_s(word: str) -> str:
    if word in _HARD_CH:
        return word + "s"
    if _SIBILANT.search(word) or word in O_WITH_ES:
        return word + "es"
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    if word == "do" or word.endswith("redo"):
        return word + "es"
    return word + "s"


def _doubles(word: str) -> bool:
    return bool(_SHORT.fullmatch(word)) or word in DOUBLED or word in DOUBLED_L


def _with_ed(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ied"
    if word.endswith("ic"):
        return word + "ked"
    return word + (word[-1] if _doubles(word) else "") + "ed"


def _with_ing(word: str) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")) and word != "be":
        return word[:-1] + "ing"
    if word.endswith("ic"):
        return word + "king"
    return word + (word[-1] if _doubles(word) else "") + "ing"
