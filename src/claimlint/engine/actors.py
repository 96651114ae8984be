"""Who is said to act: a treatment, "we", a generic "this therapy", a product, or nobody of ours."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import msgspec

from claimlint.engine.clauses import Boundaries
from claimlint.engine.match import Hit, Matcher
from claimlint.engine.names import REGISTERED, Names
from claimlint.engine.statement import OF_OTHERS, Acting, Statement, Topic
from claimlint.model.rule import Subject

_PRONOUNS: dict[str, Subject] = {
    "it": "pronoun", "this": "pronoun", "these": "pronoun", "they": "pronoun", "we": "ours",
}  # fmt: skip
_KINDS: tuple[tuple[str, Subject], ...] = (
    ("treatment", "treatment"),
    ("ours", "ours"),
    ("generic", "generic"),
    ("standard_care", "other"),
    ("body", "other"),
    ("person", "other"),
    ("reader", "other"),
    ("condition", "other"),
)
# Somebody who merely experiences ("patients enjoy relief") does not make a statement harmless.
_ONLY_ACTIVE = frozenset(["body", "person", "reader", "condition"])
# "Treatments include …", "some therapies help": a generic noun that points at nothing in particular.
_UNPOINTED = frozenset(
    ["and", "or", "for", "some", "many", "most", "all", "of", "several", "different", "various", "other",
     "with", "to", "as", "no", "any", "more", "available", "common", "possible", "in", "are"]
)  # fmt: skip
# Words that may stand between a subject and its verb.
VERB_OPENERS = frozenset(
    ["to", "can", "could", "may", "might", "will", "would", "shall", "should", "must", "does", "do",
     "did", "helps", "help", "not", "and", "or", "you", "we", "they", "also", "even", "designed",
     "formulated", "engineered", "blended", "specially", "made", "proven", "shown", "known", "intended",
     "indicated", "created", "crafted", "developed", "works", "work", "guaranteed", "ready", "want",
     "been", "has", "is", "are"]
)  # fmt: skip
# What is "designed to relieve" is a thing on offer, whatever it is called, but for these.
_MADE = frozenset(
    ["designed", "formulated", "engineered", "crafted", "blended", "indicated", "guaranteed", "intended"]
)  # fmt: skip
_NO_PRODUCTS = frozenset(
    ["study", "studies", "trial", "trials", "questionnaire", "questionnaires", "survey", "surveys",
     "research", "leaflet", "leaflets", "hospice", "ward", "course", "scheme", "guideline", "guidelines",
     "law", "rule", "rules", "policy", "charity", "fund"]
)  # fmt: skip
# A clause may begin behind these.
_CLAUSE_SIGNS = frozenset([",", ".", '"', "✓", "✔", "★", "→", "*", "+", "/"])
# Before them a label ends ("Use: relieves pain").
LABEL_ENDS = frozenset([":", "…", "—", "–", "-"])


_COMMA = frozenset([","])
_SHOWING = frozenset(["this", "these", "our"])
_AGENT_SIGNS = frozenset(["with", "by", "using", "through"])
_AGENT_WORDS = 4
_MEANS_WORDS = 10
_SUBJECT_WORDS = 5  # of a sentence: who is named among them acts in it
_PRAISED_WORDS = 7  # of a sentence: what is praised is named among them
_STAND_FOR_IT = frozenset(["standard_care", "body"])
ON_OFFER = frozenset(["treatment", "ours"])
# What is on offer, or set against usual care: "surgery helps, but this …".
_SET_APART = frozenset(
    ["our", "ours", "we", "us", "my", "but", "while", "whereas", "instead", "this", "these"]
)
# "After surgery", "no surgery": it stands beside what is spoken of, or is not there.
_BESIDE = frozenset(
    ["after", "before", "without", "unlike", "than", "like", "from", "beyond", "no", "not", "avoid"]
)
_NAMED_BESIDE = _BESIDE.union(
    ["in", "for", "during", "with", "replaces", "replace", "follows", "beats", "to"]
)
_SHORT = 4  # letters: "this", "does" and "was" end like verbs


class Actor(msgspec.Struct, frozen=True):
    """Who is said to act: the kind, and the treatment's term when there is one.

    `product`: something for sale acts, though no lexicon knows its name.
    """

    kind: Subject
    treatment: int | None
    product: bool = False


NOBODY = Actor("none", None)
SOMEBODY = Actor("other", None)


class Actors:
    """Finds who acts in a statement."""

    def __init__(self, matcher: Matcher, names: Names) -> None:
        self._names = names
        self._classes = matcher.classes
        self._class_of = matcher.class_of
        self._kinds = [_kind(classes) for classes in matcher.class_sets]

    def beginnings(self, statement: Statement) -> dict[int, bool]:
        """The tokens at which somebody who can act is named, and whether that is what is on offer.

        Named are terms, and coined names behind a comma.
        """
        found: dict[int, bool] = {}
        for one in self.subjects(statement):
            found[one.hit.start] = found.get(one.hit.start, False) or one.label in ON_OFFER
        commas = [at for at, token in enumerate(statement.tokens[:-1]) if token in _COMMA]
        for at in commas:
            if self._names.is_coined(statement, at + 1):
                found.setdefault(at + 1, True)
        return found

    def subjects(self, statement: Statement) -> list[Acting]:
        """The terms that can be said to act, by start."""
        if statement.acting is None:
            kinds, class_of = self._kinds, self._class_of
            statement.acting = [
                Acting(hit, *known)
                for hit in statement.terms
                if (known := kinds[class_of[hit.wording.number]]) is not None
            ]
        return statement.acting

    def clauses_about(
        self, statement: Statement, limits: Boundaries, start: int, end: int
    ) -> tuple[int, int]:
        """The prose indexes of the clauses about the treatment that acts in the tokens start..end.

        The whole sentence, but for clauses about others: "PRP heals, and ozone eases pain [1]".
        """
        edges = [at for at in limits.soft if at < start or at >= end]
        if not edges:
            return statement.start, statement.end
        left, right = bisect_left(edges, start), bisect_left(edges, end)
        first, last = edges[left - 1] if left else 0, (*edges, len(statement.tokens))[right]
        own = self._treatments(statement, first, last)
        if not own:
            return statement.start, statement.end
        begin, stop = statement.start, statement.end
        if own.isdisjoint(before := self._treatments(statement, 0, first)) and before:
            begin = statement.place(first, last)[0]
        for edge, until in pairwise((*edges[right:], len(statement.tokens))):
            behind = self._treatments(statement, edge, until)
            if behind and own.isdisjoint(behind):
                stop = statement.place(start, edge)[1]
                break
        return begin, stop

    def _treatments(self, statement: Statement, first: int, last: int) -> set[int]:
        """The terms of the treatments that are named in the tokens first..last."""
        return {
            one.hit.wording.number
            for one in self.subjects(statement)
            if one.label == "treatment" and first <= one.hit.start < last
        }

    def is_usual_care(self, statement: Statement, at: int) -> bool:
        """Whether a sentence opens with usual care before the token `at`, and names nothing on offer."""
        subjects, tokens = self.subjects(statement), statement.tokens
        if not _SET_APART.isdisjoint(tokens) or any(one.label in ON_OFFER for one in subjects):
            return False
        return any(
            one.label == "standard_care"
            and one.hit.start < min(at, _PRAISED_WORDS)
            and _BESIDE.isdisjoint(tokens[max(0, one.hit.start - 2) : one.hit.start])
            for one in subjects
        )

    def topic_after(self, statement: Statement, topic: Topic) -> Topic:
        """What a pronoun behind a sentence stands for: whoever acts there, else the topic of the page."""
        named = [one for one in self.subjects(statement) if one.hit.start < _SUBJECT_WORDS]
        if not named:
            return topic
        hit = next((one.hit for one in named if one.label == "treatment"), None)
        if hit is None:
            return OF_OTHERS if named[0].label in _STAND_FOR_IT else topic
        term = hit.wording.number
        if term in topic.terms:
            return topic
        return Topic((term,), self._classes(term), statement.said(hit.start, hit.end))

    def before(self, statement: Statement, limits: Boundaries, at: int, *, active: bool) -> Actor:
        """Who acts when the verb begins at token `at`: the nearest candidate of its clause.

        Without one in the clause the whole sentence before it counts.
        """
        ends = bisect_left(limits.soft, at)
        clause = limits.soft[ends - 1] + 1 if ends else 0
        for first in dict.fromkeys((clause, 0)):
            found = self._nearest(statement, first, at, active=active)
            if found is not None:
                return found
        return NOBODY

    def agent(self, statement: Statement, at: int) -> Actor | None:
        """Who acts in a passive: what stands behind "with" or "by" ("is treated with surgery")."""
        tokens = statement.tokens
        for place in range(at, min(len(tokens), at + _AGENT_WORDS)):
            if tokens[place] in _AGENT_SIGNS:
                return self._first(statement, place + 1)
        return None

    def means(self, statement: Statement, limits: Boundaries, at: int) -> Actor | None:
        """The treatment with which somebody acts, behind the verb at a token or at the sentence's head.

        "We treat arthritis with stem cells", "Using stem cells, we treat arthritis".
        """
        tokens = statement.tokens
        for hit, label, _ in self.subjects(statement):
            if label != "treatment":
                continue
            if tokens[0] in _AGENT_SIGNS and hit.start < _AGENT_WORDS and hit.end < at:
                return Actor("treatment", hit.wording.number)
            if not at < hit.start <= at + _MEANS_WORDS:
                continue
            before = frozenset(tokens[max(at, hit.start - 3) : hit.start])
            if not before.isdisjoint(_AGENT_SIGNS) and not limits.between(at, hit.start, soft=True):
                return Actor("treatment", hit.wording.number)
        return None

    def _first(self, statement: Statement, at: int) -> Actor | None:
        for hit, label, kind in self.subjects(statement):
            if hit.start >= at and label not in _ONLY_ACTIVE:
                return Actor(kind, hit.wording.number if kind == "treatment" else None)
        return None

    def behind(self, statement: Statement, at: int) -> Actor | None:
        """The treatment named after a noun: "relief from pain with PRP"."""
        for hit, label, _ in self.subjects(statement):
            if hit.start >= at and label == "treatment":
                return Actor("treatment", hit.wording.number)
        return None

    def unnamed(self, statement: Statement, limits: Boundaries, verb: Hit) -> Actor:
        """Who acts when no lexicon names anybody before an active verb.

        Nobody when the verb opens its clause ("Relieve your pain"); a product when it is a label's
        ("Treats pain", "Lifts the mood and treats pain"), when "our" or a name stands before it; else
        somebody we know nothing of.
        """
        tokens, at = statement.tokens, verb.start - 1
        while at >= 0 and (tokens[at] in VERB_OPENERS or tokens[at].endswith("ly")):
            at -= 1
        if tokens[0] == "to" and at < 0:
            return SOMEBODY  # "To relieve pain, rest": an end that anybody may have
        if not _NO_PRODUCTS.isdisjoint(tokens[max(0, at - 1) : at + 1]):
            return SOMEBODY
        if not _MADE.isdisjoint(tokens[at + 1 : verb.start]):
            return Actor("generic", None, product=True)
        elliptic = verb.wording.form == "s"
        if at < 0 or tokens[at] in LABEL_ENDS:
            return Actor("generic", None, product=True) if elliptic else NOBODY
        if elliptic and "and" in tokens[at + 1 : verb.start] and _opens_with_verb(statement, verb):
            return Actor("generic", None, product=True)
        if at in limits.hard or tokens[at] in _CLAUSE_SIGNS:
            return NOBODY
        if "our" in tokens[max(0, at - 3) : at]:
            return Actor("ours", None, product=True)
        marked = tokens[at] in REGISTERED
        name = at - marked
        if name >= 0 and (marked or self._names.is_product(statement, name)):
            return Actor("generic", None, product=True)
        return SOMEBODY

    def _nearest(self, statement: Statement, first: int, at: int, *, active: bool) -> Actor | None:
        best: tuple[int, int, Hit, Subject] | None = None
        other = False
        reached = -1  # the end of the longest name so far: what stands inside it does not act
        for hit, label, kind in self.subjects(statement):
            if hit.start >= at:
                break
            if hit.start < first or hit.end > at or hit.end < reached:
                continue
            reached = hit.end
            if label in _ONLY_ACTIVE:
                other = other or active
                continue
            if best is not None and best[3] != "other" and _is_aside(statement, hit, label):
                continue
            key = (hit.end, hit.end - hit.start)
            if best is None or key > best[:2]:
                best = (*key, hit, kind)
        tokens = statement.tokens
        pronoun = next((n for n in range(at - 1, first - 1, -1) if tokens[n] in _PRONOUNS), None)
        if pronoun is not None and (best is None or pronoun >= best[0]) and not other:
            return Actor(_PRONOUNS[tokens[pronoun]], None)
        if best is not None:
            return _actor(statement, *best[2:])
        return SOMEBODY if other else None


def _actor(statement: Statement, hit: Hit, kind: Subject) -> Actor:
    if kind != "generic":
        return Actor(kind, hit.wording.number if kind == "treatment" else None)
    if _offered(statement, hit):
        return Actor("generic", None, product=True)
    return Actor("generic", None) if _pointed(statement, hit) else SOMEBODY


def _opens_with_verb(statement: Statement, verb: Hit) -> bool:
    """Whether a clause may open with a verb in the third person, of which `verb` is a second one."""
    token = statement.tokens[0]
    if len(token) <= _SHORT or token[-1] != "s" or token[-2] == "s":
        return False
    if "," in statement.tokens[: verb.start]:
        return False
    return all(hit.wording.form == "s" for hit in statement.terms if hit.start == 0)


def _kind(classes: frozenset[str]) -> tuple[str, Subject] | None:
    return next(((name, kind) for name, kind in _KINDS if name in classes), None)


def _is_aside(statement: Statement, hit: Hit, label: str) -> bool:
    """Whether usual care is only named beside what acts: "PRP was first used in surgery and now …"."""
    before = statement.tokens[max(0, hit.start - 2) : hit.start]
    return label == "standard_care" and not _NAMED_BESIDE.isdisjoint(before)


def _offered(statement: Statement, hit: Hit) -> bool:
    """Whether a generic noun is shown to the reader as what is on offer: "this device"."""
    tokens = statement.tokens
    before = tokens[max(0, hit.start - 2) : hit.end]
    return any(token in _SHOWING for token in before)


def _pointed(statement: Statement, hit: Hit) -> bool:
    """Whether a generic noun points at something: "this therapy", "our new approach"."""
    if hit.end - hit.start > 1:
        return True
    if hit.start == 0:
        return False
    before = statement.tokens[hit.start - 1]
    return before.isalpha() and before not in _UNPOINTED
