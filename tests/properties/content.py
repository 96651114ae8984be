"""What generated drafts say: sentences whose faults are known, in parts of known shapes."""

from __future__ import annotations

import random
from typing import Literal, NamedTuple

from claimlint.model.rule import Modality, Severity

Shape = Literal[
    "heading", "paragraph", "items", "quote", "table", "note", "alt", "title", "hidden", "margin",
    "box",
]  # fmt: skip


class Fault(NamedTuple):
    """What a rule objects to, as indexes of its sentence, and how it is to be judged."""

    rule: str
    severity: Severity
    modality: Modality
    start: int
    end: int


class Saying(NamedTuple):
    """A sentence with single spaces, and its fault if it has one."""

    text: str
    fault: Fault | None = None


class Part(NamedTuple):
    """A part of a draft: the texts of its paragraph, items or cells, each of some sentences.

    `lead` introduces the items. Cells fill their table row by row.
    """

    shape: Shape
    texts: tuple[tuple[Saying, ...], ...]
    lead: tuple[Saying, ...] = ()
    columns: int = 0


def _saying(
    marked: str,
    rule: str = "",
    severity: Severity = "warning",
    modality: Modality = "asserted",
) -> Saying:
    text = marked.replace("[[", "").replace("]]", "")
    if not rule:
        return Saying(text)
    start = marked.index("[[")
    return Saying(text, Fault(rule, severity, modality, start, marked.index("]]") - 2))


_CURE, _RELIEVE, _MIRACLE = "cure/cures", "efficacy/relieves", "superlative/miracle"
_FAULTY = (
    _saying("Our therapy can [[cure tennis elbow]] in weeks.", _CURE, "error"),
    _saying("It will [[cure arthritis]] at its source.", _CURE, "error"),
    _saying("It may [[cure pain]] for some.", _CURE, "error", "hedged"),
    _saying("We find that [[pain is cured]] here.", _CURE, "error"),
    _saying("Ask us about [[relief from pain]] at home.", _RELIEVE),
    _saying("This plan [[relieves stiffness]] at night.", _RELIEVE),
    _saying("It may [[relieve pain]] a little.", _RELIEVE, "note", "hedged"),
    _saying("They call it a [[miracle]] here.", _MIRACLE),
    _saying("Two [[miracles]] were seen.", _MIRACLE),
    _saying("See our [[non-surgical wonder]] now.", _MIRACLE),
    _saying("There were [[no side effects]] at all.", _MIRACLE),
    _saying("You live [[free of all that pain]] again.", _MIRACLE),
    _saying("Come now as [[only 12 spots]] left.", "pressure/left"),
    _saying("We know that [[studies show]] a gain.", "evidence/studies"),
    _saying("We saw a gain in [[92% of patients]] last year.", "evidence/shares"),
    _saying("It is the [[body's own remedy]] for all.", "superlative/own-remedy"),
    _saying("It is [[100% safe & sound]] for you.", "guarantee/safe-and-sound", "error"),
    _saying("We bring [[naïve élan]] to all.", "promise/elan", "note"),
    _saying("It is 🙂 a [[miracle]] 🦵 to us.", _MIRACLE),
)
_SOUND = (
    _saying("There is no cure for arthritis."),
    _saying("It does not cure pain at all."),
    _saying("We ask whether it can cure pain."),
    _saying("Can it cure pain?"),
    _saying("We are open on most days."),
    _saying("Ask us for a time that suits you."),
    _saying("Our team meets each week to talk."),
    _saying("Parking is free & close by."),
    _saying("Bring the list of what you take, and a friend."),
    _saying("The “first” visit takes an hour."),
)
_HEADINGS = (
    _saying("How to find [[relief from pain]]", _RELIEVE),
    _saying("A [[miracle]] in our town", _MIRACLE),
    _saying("Acupuncture at our place"),
    _saying("Can it cure pain?"),
    _saying("What to bring"),
)
_ITEMS = (
    _saying("[[relief from pain]] at night", _RELIEVE),
    _saying("[[Cure arthritis]]", _CURE, "error"),
    _saying("a [[non-surgical wonder]]", _MIRACLE),
    _saying("more time with us"),
    _saying("a walk each day"),
)
_LEADS: tuple[tuple[Saying, Modality | None], ...] = (
    (_saying("The plan in short:"), None),
    (_saying("It may bring:"), "hedged"),
    (_saying("It does not bring:"), "negated"),
)
_MILDER: dict[Severity, Severity] = {"error": "warning", "warning": "note", "note": "note"}
COMMON: tuple[Shape, ...] = ("heading", "paragraph", "paragraph", "paragraph", "items")


def compose(rng: random.Random, shapes: tuple[Shape, ...]) -> list[Part]:
    """Draw the parts of a draft: a heading, then parts of these shapes."""
    parts = [_part(rng, "heading")]
    for _ in range(rng.randint(3, 9)):
        shape = rng.choice(shapes)
        if shape == "heading" and parts[-1].shape == "heading":
            shape = "paragraph"
        parts.append(_part(rng, shape))
    # A text that ends in a heading or a list is no draft, and a reader may take it for a menu.
    parts.append(_part(rng, "paragraph"))
    return parts


def _part(rng: random.Random, shape: Shape) -> Part:
    if shape == "heading":
        return Part(shape, ((rng.choice(_HEADINGS),),))
    if shape == "items":
        lead, passed_on = rng.choice(_LEADS)
        items = (rng.choice(_ITEMS) for _ in range(rng.randint(2, 4)))
        return Part(shape, tuple((_under(passed_on, item),) for item in items), (lead,))
    if shape == "table":
        columns = rng.randint(1, 3)
        cells = (_sentences(rng, 2) for _ in range(columns * rng.randint(1, 3)))
        heads = ((_saying("Aim"),) for _ in range(columns))
        return Part(shape, (*heads, *cells), columns=columns)
    if shape in ("alt", "title"):
        return Part(shape, (_sentences(rng, 2),))
    if shape == "hidden":
        return Part(shape, (tuple(_unseen(saying) for saying in _sentences(rng, 2)),))
    if shape == "note":
        return Part(shape, (_sentences(rng, 3), _sentences(rng, 2)))
    return Part(shape, (_sentences(rng, 4),))


def _sentences(rng: random.Random, most: int) -> tuple[Saying, ...]:
    return tuple(
        rng.choice(_FAULTY if rng.random() < 0.5 else _SOUND) for _ in range(rng.randint(1, most))
    )


def _under(passed_on: Modality | None, item: Saying) -> Saying:
    """An item as it is meant below a lead-in that passes on a modality."""
    fault = item.fault
    if fault is None or passed_on is None:
        return item
    if passed_on == "negated":
        return Saying(item.text)
    severity = fault.severity if fault.rule == _CURE else _MILDER[fault.severity]
    return Saying(item.text, fault._replace(severity=severity, modality=passed_on))


def _unseen(saying: Saying) -> Saying:
    """What is hidden on the page is a note."""
    fault = saying.fault
    return saying if fault is None else Saying(saying.text, fault._replace(severity="note"))
