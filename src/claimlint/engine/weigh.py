"""How much a sentence reads like a claim: a linear model on hashed features, trained on labelled sentences.

One more signal beside the rules. It sees one sentence at a time, never the page: a document's tone is
no judge of a sentence. `benchmarks/accuracy/train.py` makes the weights from the project's own
labelled sentences; nothing is learned while checking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise
from math import exp
from zlib import crc32

from claimlint.engine.context import CueHit
from claimlint.engine.match import Matcher
from claimlint.engine.statement import Statement
from claimlint.errors import UsageError
from claimlint.model.rule import BlockName, Rule

# A weights file: this, two numbers and a line end, then a byte by
# which each place knows its feature, then a signed byte for its weight.
_MAGIC = b"claimlint weights 1 "
_KNOWN_SHIFT = 24  # of the 32 bits of a hash: the upper eight
_STEM_LETTERS = 6
_SHOWN = 3
_CUE = "cue "
# What a term is to the model: the first of its classes that stands here.
_LABELS = {
    "unapproved": "U", "compounded": "U", "treatment": "T", "standard_care": "K", "cure": "cure",
    "reverse": "reverse", "treat": "treat", "prevent": "prevent", "relieve": "relieve",
    "improve": "improve", "increase": "increase", "regenerate": "regenerate", "condition": "C",
    "symptom": "S", "tissue": "Z", "function": "F", "universal": "E", "population": "P",
    "generic": "G", "ours": "O", "body": "B", "person": "H", "profession": "H", "reader": "Y",
    "pathogen": "X", "property": "Q", "state": "W", "authority_body": "A", "study": "D",
    "study_says": "says", "side_effect": "R", "offer": "$", "aid": "aid",
}  # fmt: skip


# By themselves these tell of the tone of a text, not of a claim.
_SMALL = frozenset(
    ["a", "an", "the", "this", "that", "these", "those", "and", "or", "but", "nor", "so",
     "if", "as", "at", "by", "for", "from", "in", "into", "of", "off", "on", "onto", "out",
     "over", "to", "up", "with", "within", "without", "about", "between", "through", "during",
     "before", "after", "above", "below", "under", "is", "are", "was", "were", "be", "been",
     "being", "am", "do", "does", "did", "done", "has", "have", "had", "having", "can",
     "could", "may", "might", "will", "would", "shall", "should", "must", "it", "its", "they",
     "them", "their", "he", "him", "his", "she", "her", "we", "us", "our", "you", "your", "i",
     "me", "my", "mine", "one", "who", "whom", "whose", "which", "what", "when", "where",
     "why", "how", "than", "then", "there", "here", "also", "just", "only", "very", "too",
     "more", "most", "much", "many", "some", "any", "all", "each", "every", "both", "few",
     "other", "another", "such", "same", "own", "not", "no", "yes",
     ".", ",", ";", ":", "!", "?", '"', "'", "(", ")", "[", "]", "-", "–", "—", "…", "/", "&", "*",
     "+", "=", "%", "$", "#", "@", "•", "|", "0"]
)  # fmt: skip


# Labels that mean something else beside each cue.
_TELLING = frozenset(["@U", "@T", "@K", "@O", "@G", "@B", "@H", "@A", "@D", "@C", "@Y"])


class Weights:
    """The trained weights by feature, in a hash table of one place for each.

    A place keeps the heaviest feature that falls on it, with eight bits by which it is known, so that a
    feature which training never met seldom takes the weight of another.
    """

    __slots__ = ("_known", "_places", "_weights", "bias", "scale")

    def __init__(self, image: bytes) -> None:
        """Take the bytes of a weights file; raises UsageError when they are none."""
        head, _, body = image.partition(b"\n")
        try:
            self.bias, self.scale = map(float, head.removeprefix(_MAGIC).split())
        except ValueError:
            body = b""
        if not head.startswith(_MAGIC) or not body or len(body) % 2:
            message = "the shipped weights of the claim model are broken: install claimlint again"
            raise UsageError(message)
        self._places = len(body) // 2
        self._known = memoryview(body)[: self._places]
        self._weights = memoryview(body)[self._places :].cast("b")

    def weight(self, feature: str) -> int:
        """The weight of a feature, in steps of `scale`; 0 when it is not known."""
        number = crc32(feature.encode("utf-8", "surrogatepass"))
        place = number % self._places
        return self._weights[place] if self._known[place] == number >> _KNOWN_SHIFT else 0

    @staticmethod
    def image(bias: float, scale: float, weights: Mapping[str, int], places: int) -> bytes:
        """Lay out a weights file; `weights` lie between -127 and 127."""
        known, table = bytearray(places), bytearray(places)
        for feature in sorted(weights, key=lambda name: (abs(weights[name]), name)):
            number = crc32(feature.encode("utf-8", "surrogatepass"))
            known[number % places] = number >> _KNOWN_SHIFT
            table[number % places] = weights[feature] % 256
        return b"%b%.6f %.8f\n%b%b" % (_MAGIC, bias, scale, bytes(known), bytes(table))


class Weigher:
    """Weighs sentences by a ruleset's terms, cues and wordings."""

    def __init__(self, matcher: Matcher, weights: Weights | None) -> None:
        self._weights = weights
        self._class_of = matcher.class_of
        self._labels = [
            next((_LABELS[name] for name in _LABELS if name in classes), "")
            for classes in matcher.class_sets
        ]

    def score(self, statement: Statement, kind: BlockName, heard: Set[str]) -> float:
        """From 0 (reads as information) to 1 (reads as a claim)."""
        weights = self._weights
        if weights is None:
            return 0.5
        total = sum(map(weights.weight, self.features(statement, kind, heard)))
        return 1 / (1 + exp(-max(-30.0, min(30.0, weights.bias + weights.scale * total))))

    def speaking(self, statement: Statement) -> tuple[str, ...]:
        """The words of a sentence that weigh most towards a claim, heaviest first."""
        if self._weights is None:
            return ()
        weight = self._weights.weight
        elements, places = self._elements(statement)
        pairs = [0, *map(weight, map(" ".join, pairwise(elements))), 0]
        weighed = [
            (sum(map(weight, _stems([element]))) + (pairs[at] + pairs[at + 1]) / 2, -at)
            for at, element in enumerate(elements)
            if element not in _SMALL
        ]
        best = [-at for heavy, at in sorted(weighed, reverse=True) if heavy > 0][:_SHOWN]
        return tuple(" ".join(statement.tokens[places[at] : places[at + 1]]) for at in best)

    def features(self, statement: Statement, kind: BlockName, heard: Set[str]) -> set[str]:
        """What the model sees of a sentence; `heard` is what the rules make of it.

        Small words count only beside others: by themselves they tell of the tone, not of a claim.
        """
        elements, _ = self._elements(statement)
        found = set(heard)
        found.update(_pairs(elements))
        found.update(_triples(elements))
        found.update(_stems(elements))
        found.add(f"kind {kind}")
        if statement.text[statement.start : statement.end].isupper():
            found.add("capitals")
        cues = {one.removeprefix(_CUE) for one in heard if one.startswith(_CUE)}
        labels = {element for element in elements if element in _TELLING}
        found.update(f"{label} {cue}" for label in labels for cue in cues or ["plain"])
        return found

    def _elements(self, statement: Statement) -> tuple[list[str], list[int]]:
        """The words of a sentence, terms of the lexicons as their labels, and where each begins."""
        best: dict[int, tuple[int, str]] = {}
        for hit in statement.terms:
            label = self._labels[self._class_of[hit.wording.number]]
            if label and best.get(hit.start, (0, ""))[0] < hit.end:
                form = hit.wording.form
                marked = f"@{label}" if len(label) == 1 else f"@{label} {form}"
                best[hit.start] = (hit.end, marked)
        elements, places = [], []
        at, tokens = 0, statement.tokens
        while at < len(tokens):
            places.append(at)
            if at in best:
                at, label = best[at]
                elements.append(label)
            else:
                token = tokens[at]
                elements.append("0" if token[0].isdigit() else token)
                at += 1
        places.append(len(tokens))
        return elements, places


def said_with(cues: Iterable[CueHit], *, asks: bool) -> set[str]:
    """What the model hears of the cues of a sentence."""
    found = {f"{_CUE}{hit.cue.effect}" for hit in cues}
    return found | {f"{_CUE}asks"} if asks else found


def objection(rule: Rule) -> str:
    """What the model hears of a rule that objects to a sentence."""
    return f"rule {rule.category} {rule.severity}"


def _pairs(elements: list[str]) -> Iterator[str]:
    """Neighbours, but for two small words."""
    before = "^"
    for element in (*elements, "$"):
        if not (before in _SMALL and element in _SMALL):
            yield f"{before} {element}"
        before = element


def _triples(elements: list[str]) -> Iterator[str]:
    """Three in a row that hold a term."""
    for first, second, third in zip(elements, elements[1:], elements[2:], strict=False):
        if "@" in (first[0], second[0], third[0]):
            yield f"{first} {second} {third}"


def _stems(elements: list[str]) -> Iterator[str]:
    for element in elements:
        if element[0] == "@":
            yield element
        elif element not in _SMALL:
            yield f"={element}"
            if len(element) > _STEM_LETTERS:
                yield f"~{element[:_STEM_LETTERS]}"
