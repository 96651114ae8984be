"""Suggestions made to fit: the draft's own words in their slots, the form of the verb they replace."""

from __future__ import annotations

from claimlint.engine.actors import VERB_OPENERS
from claimlint.engine.claims import Claim
from claimlint.engine.statement import Statement
from claimlint.model.ruleset import FormName

# Of the words before a verb those that leave it finite.
_NOT_MODAL = frozenset(["and", "or", "you", "we", "they", "is", "are", "has", "been"])
_VERBS = ("be ", "is ", "are ")


def filled(suggestions: tuple[str, ...], statement: Statement, claim: Claim) -> tuple[str, ...]:
    """The suggestions for a claim with the draft's own words in their slots."""

    def said(span: tuple[int, int] | None, otherwise: str) -> str:
        return statement.text[slice(*statement.place(*span))] if span else otherwise

    treatment = "this treatment"
    if claim.named:
        named = next((h for h in statement.terms if h.wording.number == claim.treatment), None)
        treatment = said((named.start, named.end) if named else None, treatment)
    slots = {
        "{treatment}": treatment,
        "{target}": said(claim.target, "this condition"),
        "{verb}": said(claim.head, "help"),
    }
    found = []
    for suggestion in suggestions:
        wording = _inflected(suggestion, claim.form, statement.tokens[: claim.head[0]])
        for slot, value in slots.items():
            wording = wording.replace(slot, value)
        found += [wording] if wording else []
    return tuple(found)


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


def fitting(suggestions: tuple[str, ...], tokens: list[str], start: int) -> tuple[str, ...]:
    """The suggestions of a phrase that can follow the words before it.

    A listed phrase has no form: "is" takes the place of a word in -s ("kills cancer cells"), "be" follows
    a modal verb; elsewhere a wording with a verb would make no sentence and is not offered.
    """
    if not any(suggestion.startswith(_VERBS) for suggestion in suggestions):
        return suggestions
    verb = "be" if _is_modal(tokens[:start]) else ""
    if not verb and tokens[start].endswith("s") and not tokens[start].endswith("ss"):
        verb = "is"
    said = (
        f"{verb} {suggestion.partition(' ')[2]}" if suggestion.startswith(_VERBS) else suggestion
        for suggestion in suggestions
        if verb or not suggestion.startswith(_VERBS)
    )
    return tuple(dict.fromkeys(said))


def _is_modal(before: list[str]) -> bool:
    return bool(before) and before[-1] in VERB_OPENERS and before[-1] not in _NOT_MODAL
