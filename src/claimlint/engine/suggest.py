"""Suggestions made to fit: the draft's own words in their slots, the form of the verb they replace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimlint.engine.actors import VERB_OPENERS
from claimlint.engine.claims import Claim
from claimlint.engine.statement import Statement
from claimlint.model.ruleset import FormName

# Of the words before a verb those that leave it finite.
_NOT_MODAL = frozenset(["and", "or", "you", "we", "they", "is", "are", "has", "been"])
_VERBS = ("be ", "is ", "are ")
# In the suggestions of phrases it stands for the noun that the phrase ends with: "leading clinic".
NOUN_SLOT = "{noun}"
# What clinics praise, or run down.
_NOUNS = frozenset(
    ["approach", "approaches", "care", "cells", "center", "centers", "centre", "centres", "chemicals",
     "chiropractor", "chiropractors", "clinic", "clinics", "dentist", "dentists", "device", "devices",
     "doctor", "doctors", "drip", "drips", "drugs", "equipment", "expert", "experts", "facilities",
     "facility", "fillings", "formula", "formulas", "hospital", "hospitals", "injection", "injections",
     "injector", "injectors", "lab", "laboratories", "laboratory", "labs", "laser", "lasers",
     "machine", "machines", "massage", "massages", "medication", "medications", "medicine",
     "medicines", "method", "methods", "nurse", "nurses", "option", "options", "painkillers",
     "pharmaceuticals", "physician", "physicians", "pills", "practice", "practices", "practitioner",
     "practitioners", "procedure", "procedures", "product", "products", "professionals", "program",
     "programs", "provider", "providers", "rate", "results", "service", "services", "solution",
     "solutions", "spa", "specialist", "specialists", "staff", "steroids", "supplement", "supplements",
     "surgeon", "surgeons", "surgeries", "surgery", "system", "systems", "team", "teams", "technique",
     "techniques", "therapies", "therapist", "therapists", "therapy",
     "treatment", "treatments", "vitamins"]
)  # fmt: skip
_PREPOSITIONS = frozenset(
    ["after", "at", "before", "by", "during", "for", "from", "in", "of", "on", "to", "under", "when",
     "with", "within", "without"]
)  # fmt: skip
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "it's", "they're"])
# Behind them somebody does something.
_SUBJECTS = frozenset(
    ["we", "you", "they", "i", "he", "she", "it", "will", "can", "would", "may", "might", "could", "should",
     "must", "to", "who"]
)  # fmt: skip
# A suggestion that begins so says what somebody does, or what something is.
_VERBAL = frozenset(
    ["be", "is", "are", "may", "can", "cannot", "does", "do", "carries", "ask", "talk", "discuss", "see",
     "seen", "ease", "form", "take", "offered", "sold", "not", "also"]
)  # fmt: skip
_STANDING_IN = frozenset(["it", "them", "these"])
_ONE_LETTER = frozenset(["A", "I"])


def filled(suggestions: tuple[str, ...], statement: Statement, claim: Claim) -> tuple[str, ...]:
    """The suggestions for a claim with the draft's own words in their slots."""

    def said(span: tuple[int, int] | None, otherwise: str) -> str:
        return statement.text[slice(*statement.place(*span))] if span else otherwise

    treatment = "this treatment"
    if claim.named:
        named = next((h for h in statement.terms if h.wording.number == claim.treatment), None)
        treatment = said((named.start, named.end) if named else None, treatment)
    target = said(claim.target, "this condition")
    slots = {"{treatment}": treatment, "{target}": target, "{verb}": said(claim.head, "help")}
    found = []
    for suggestion in suggestions:
        if "{target}" in suggestion and target.lower() in _STANDING_IN:
            continue  # "for it" would leave a reader asking for what
        wording = _inflected(suggestion, claim.form, statement.tokens[: claim.head[0]])
        for slot, value in slots.items():
            wording = wording.replace(slot, value)
        wording = wording.replace("your your ", "your ").replace("your the ", "the ")
        found += [wording] if wording else []
    return _placed(found, statement, claim.start)


def _inflected(suggestion: str, form: FormName, before: list[str]) -> str:
    """A suggestion in the form of the verb that it replaces; empty when it has none.

    They are written as "be …" or "is …". "It can [cure X]" wants the first, "it [cures X]" the second,
    "they [cure X]" "are …"; for "by [curing X]" and for nouns there is no such wording.
    """
    first, _, rest = suggestion.partition(" ")
    if first not in ("be", "is"):
        return suggestion
    if form == "base" and (_is_modal(before) or (len(before) > 1 and before[-1].endswith("ly"))):
        return f"be {rest}" if first == "be" else ""
    if form == "s":
        return f"is {rest}" if first == "is" else ""
    if form == "base" and before:
        return f"are {rest}" if first == "is" else ""
    return ""


def fitting(
    suggestions: tuple[str, ...], statement: Statement, start: int, end: int
) -> tuple[str, ...]:
    """The suggestions that can take the place of a phrase at the tokens start..end.

    A listed phrase has no form: "is" takes the place of a word in -s ("kills cancer cells"), "be" follows
    a modal verb; elsewhere a wording with a verb would make no sentence and is not offered, nor is one
    with a preposition for a phrase without one, or a noun for what somebody does.
    """
    suggestions = tuple(_named(suggestions, statement, start, end))
    tokens = statement.tokens
    before = tokens[start - 1] if start else ""
    suggestions = tuple(one for one in suggestions if _can_follow(one, before, tokens[start]))
    if not any(suggestion.startswith(_VERBS) for suggestion in suggestions):
        return _placed(suggestions, statement, start)
    verb = "be" if _is_modal(tokens[:start]) else ""
    if not verb and tokens[start].endswith("s") and not tokens[start].endswith("ss"):
        verb = "is"
    said = (
        f"{verb} {suggestion.partition(' ')[2]}" if suggestion.startswith(_VERBS) else suggestion
        for suggestion in suggestions
        if verb or not suggestion.startswith(_VERBS)
    )
    return _placed(dict.fromkeys(said), statement, start)


def _named(
    suggestions: tuple[str, ...], statement: Statement, start: int, end: int
) -> Iterator[str]:
    """The suggestions with the noun in its slot that a phrase ends with; without one they are left out."""
    last = statement.tokens[end - 1]
    for one in suggestions:
        if NOUN_SLOT not in one:
            yield one
        elif last in _NOUNS and end - start > 1:
            yield one.replace(NOUN_SLOT, statement.written(end - 1))


def _can_follow(suggestion: str, before: str, first: str) -> bool:
    """Whether a suggestion can stand behind a word in place of a phrase that begins with `first`."""
    opening = suggestion.partition(" ")[0]
    if (opening in _PREPOSITIONS) != (first in _PREPOSITIONS):
        return False
    if opening == "not":
        return before in _BE or not before
    return opening in _VERBAL or before not in _SUBJECTS or _opens_a_sentence(suggestion)


def _placed(suggestions: Iterable[str], statement: Statement, start: int) -> tuple[str, ...]:
    """Those that can stand at a token, with a capital at the head of a sentence that has one.

    What begins like a sentence ("Talk to us about …") takes the place of a beginning only.
    """
    if any(token[0].isalnum() for token in statement.tokens[:start]):
        return tuple(one for one in suggestions if not _opens_a_sentence(one))
    capital = statement.written(start)[:1].isupper()
    return tuple(one[:1].upper() + one[1:] if capital else one for one in suggestions)


def _opens_a_sentence(suggestion: str) -> bool:
    """Whether a wording begins with a capital that is no name's: the next word is in lower case."""
    first, _, rest = suggestion.partition(" ")
    opens = first[:1].isupper() and (first[1:].islower() or first in _ONE_LETTER)
    return opens and rest[:1].islower()


def _is_modal(before: list[str]) -> bool:
    return bool(before) and before[-1] in VERB_OPENERS and before[-1] not in _NOT_MODAL
