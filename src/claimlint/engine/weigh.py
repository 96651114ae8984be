"""How much a sentence reads like a claim: a small model on hashed features, trained on labelled sentences.

One more signal beside the rules. It sees one sentence at a time, never the page: a document's tone is
no judge of a sentence. `benchmarks/accuracy/train.py` makes the weights from the project's own
labelled sentences; nothing is learned while checking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import pairwise
from math import exp

from claimlint.engine.context import CueHit
from claimlint.engine.match import Hit, Matcher
from claimlint.engine.names import Names
from claimlint.engine.network import Network
from claimlint.engine.statement import Statement
from claimlint.model.rule import Rule

_STEM_LETTERS = 6
_SHOWN = 3
_CUE = "cue "
_END_MARKS = frozenset(".!?:…\"”’']")
_SIZES = (4, 8, 16)  # words: a line without an end mark has fewer than one of these, or is long
_SHORT_WORD = 3  # letters: in a title such words have no capital
_TITLE_SHARE = 0.6  # of the longer words behind the first: so many begin with a capital in a title
_DIGITS = frozenset("0123456789")
_MONEY = frozenset(
    [*"$£€¥₩₹₺฿", "usd", "eur", "gbp", "aud", "nzd", "sgd", "hkd", "krw", "thb",
     "mxn", "rs", "baht", "pesos", "rupees", "lira", "euros", "dollars"]
)  # fmt: skip
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


# A name, and the first word of a sentence, which is written like one in any case.
_NAME, _FIRST_NAME = "@N", "@N first"

# Words that are in every text: they have no stem, and no pair with each other.
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


class Weigher:
    """Weighs sentences by a ruleset's terms, cues and wordings."""

    def __init__(self, matcher: Matcher, names: Names, network: Network | None) -> None:
        self._network = network
        self._names = names
        self._class_of = matcher.class_of
        self._labels = [
            next((_LABELS[name] for name in _LABELS if name in classes), "")
            for classes in matcher.class_sets
        ]

    def can_read(self, statement: Statement) -> bool:
        """Whether a sentence is made of words that the model may know."""
        return self._names.are_words(statement)

    def score(self, features: Set[str]) -> float:
        """From 0 (a sentence with these features reads as information) to 1 (reads as a claim)."""
        if self._network is None:
            return 0.5
        log_odds = self._network.log_odds(features)
        return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))

    def speaking(self, statement: Statement, features: Set[str]) -> tuple[str, ...]:
        """The words of a sentence that move its score most towards a claim, the strongest first."""
        if self._network is None:
            return ()
        elements = list(self._elements(statement))
        words = [one if one[0] == "@" else f"={one}" for one, *_ in elements]
        couples = [f"{one} {two}" for (one, *_), (two, *_) in pairwise(elements)]
        pulls = self._network.pulls(features, [*words, *couples])
        pairs = [0.0, *pulls[len(words) :], 0.0]
        weighed = []
        for number, (element, at, _) in enumerate(elements):
            if element not in _SMALL:
                weighed.append((pulls[number] + (pairs[number] + pairs[number + 1]) / 2, -at))
        best = [-at for strong, at in sorted(weighed, reverse=True) if strong > 0][:_SHOWN]
        ends = {at: end for _, at, end in elements}
        return tuple(" ".join(statement.tokens[at : ends[at]]) for at in best)

    def features(self, statement: Statement, heard: Set[str]) -> set[str]:
        """What the model sees of a sentence; `heard` is what the rules make of it.

        Of two small words side by side nothing is made: they are too many for what they tell. The kind
        of the block is left out: it differs between the formats of a draft, and no judgement may.
        """
        found = [*heard]
        cues = [one[len(_CUE) :] for one in heard if one.startswith(_CUE)] or ["plain"]
        small = _SMALL
        one = two = "^"  # the element before, and the one before that
        for element, at, end in self._elements(statement):
            if element[0] == "@":
                found += (element, f"{one} {element}")
                found += [f"+{token}" for token in statement.tokens[at:end] if token not in small]
                if element in _TELLING:
                    found += [f"{element} {cue}" for cue in cues]
                label, _, form = element.partition(" ")
                if form:
                    found.append(label)
            else:
                if element not in small:
                    found += (f"={element}", f"{one} {element}")
                    if len(element) > _STEM_LETTERS:
                        found.append(f"~{element[:_STEM_LETTERS]}")
                else:
                    found.append(f"={element}")
                    if one not in small:
                        found.append(f"{one} {element}")
            # Three in a row with a label: but a label's own form makes them too rare to tell.
            three = f"{two} {one} {element}"
            if "@" in three and three.count(" ") == 2:
                found.append(three)
            two, one = one, element
        found.append(f"{one} $")
        found += _shape(statement)
        return set(found)

    def _elements(self, statement: Statement) -> Iterator[tuple[str, int, int]]:
        """The words of a sentence, terms of the lexicons as their labels; where each begins and ends."""
        labels, class_of = self._labels, self._class_of
        longest: dict[int, Hit] = {}
        for hit in statement.terms:
            if labels[class_of[hit.wording.number]]:
                known = longest.get(hit.start)
                if known is None or known.end < hit.end:
                    longest[hit.start] = hit
        names = self._names.coined(statement)
        end = 0
        for at, token in enumerate(statement.tokens):
            if at < end:
                continue
            if at in longest:
                hit = longest[at]
                end = hit.end
                label = labels[class_of[hit.wording.number]]
                yield f"@{label}" if len(label) == 1 else f"@{label} {hit.wording.form}", at, end
            elif at in names:
                yield _NAME if at else _FIRST_NAME, at, at + 1
            else:
                yield _common(token), at, at + 1


def _common(token: str) -> str:
    """What the model makes of a token: figures are one, and so is what stands for money."""
    if token[0] in _DIGITS:
        return "0"
    return "$" if token in _MONEY else token


def _shape(statement: Statement) -> list[str]:
    """How a sentence is written: with a mark at its end, with capitals as in a title, and how long."""
    said = statement.text[statement.start : statement.end]
    found = ["capitals"] if said.isupper() else []
    is_open = said[-1] not in _END_MARKS
    if is_open:
        count = sum(token[0].isalnum() for token in statement.tokens)
        size = next((size for size in _SIZES if count < size), "long")
        found += ["unended", f"unended {size}"]
    if not said[1:].islower():
        longer = [word for word in said.split()[1:] if len(word) > _SHORT_WORD]
        if longer and sum(word[0].isupper() for word in longer) >= _TITLE_SHARE * len(longer):
            found += ["titled", "title"] if is_open else ["titled"]
    return found


def said_with(cues: Iterable[CueHit], *, asks: bool) -> set[str]:
    """What the model hears of the cues of a sentence."""
    found = {f"{_CUE}{hit.cue.effect}" for hit in cues}
    return found | {f"{_CUE}asks"} if asks else found


def objection(rule: Rule) -> str:
    """What the model hears of a rule that objects to a sentence."""
    return f"rule {rule.category} {rule.severity}"
