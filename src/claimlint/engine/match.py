"""The gate: one pass over a block's words says which terms, phrases and cues stand where."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import msgspec

from claimlint.engine.contractions import Contracted
from claimlint.model.ruleset import Ruleset, Template, Wording, WordingKind
from claimlint.model.words import NEGATED

# What was found in a sentence, by kind; kinds that were not are missing.
Hits = dict[WordingKind, list["Hit"]]
_NO_HITS: Hits = {}
# No gap of a wording runs over the first; that of a denial, "no ... completely safe", over no comma or
# colon either: "No queue, completely safe".
_ENDS = frozenset(".!?;—–")
_ENDS_OF_DENIALS = _ENDS | {",", ":"}
_DENIALS = frozenset(["no", "not", "never", "none", "nothing", "without"])
_GAP_WORDS = 4
# A long-running service meets ever new words; beyond this many the memo starts afresh.
_MEMO_LIMIT = 200_000

_Rows = tuple[tuple[Wording, ...], Mapping[str, tuple[Wording, ...]]]
_Known = tuple[Template, Wording, frozenset[str], frozenset[str]]
_NO_ROWS: Mapping[str, tuple[Wording, ...]] = {}
_NOTHING: _Rows = ((), _NO_ROWS)


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A wording found: the numbers of its first token and of the one behind its last.

    A struct, since they are made by the thousand and a named tuple takes three times as long.
    """

    start: int
    end: int
    wording: Wording


class HitRow:
    """Hits in the order of their starts: those near a word are found without a look at all others."""

    __slots__ = ("_starts", "hits", "longest")

    def __init__(self, hits: list[Hit]) -> None:
        """Take hits that are sorted by start."""
        self.hits = hits
        self.longest = max([hit.end - hit.start for hit in hits], default=0)
        self._starts = [hit.start for hit in hits]

    def between(self, start: int, end: int) -> list[Hit]:
        """Those that begin at the tokens start..end."""
        first = bisect_left(self._starts, start)
        return self.hits[first : bisect_left(self._starts, end, first)]

    def around(self, hit: Hit) -> bool:
        """Whether the hit stands inside another one."""
        return any(
            hit.end <= other.end and other is not hit
            for other in self.between(hit.end - self.longest, hit.start + 1)
        )


class Matcher(dict[str, _Rows]):
    """The wordings of a ruleset by first and second word; a word is looked up once.

    As a mapping: a word -> (wordings of that one word, the longer ones by their second word).
    """

    def __init__(self, ruleset: Ruleset) -> None:
        super().__init__()
        self._ruleset = ruleset
        self._besides = frozenset(ruleset.besides)
        self._suffixes: dict[str, list[int]] = {}
        for suffix, term in ruleset.suffixes:
            self._suffixes.setdefault(suffix, []).append(term)
        self._lengths = sorted({len(suffix) for suffix in self._suffixes}, reverse=True)
        self._templates: dict[int, _Known] = {}
        terms = ruleset.terms
        self.class_sets = [frozenset(classes) for classes in terms.class_sets]
        self.class_of = terms.classes

    def classes(self, term: int) -> frozenset[str]:
        """The classes of a term: its lexicon, and a treatment's status and topic."""
        return self.class_sets[self.class_of[term]]

    def __missing__(self, word: str) -> _Rows:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        wordings = self._ruleset.wordings
        longer: Mapping[str, tuple[Wording, ...]] = wordings.get(word, _NO_ROWS)
        if word in NEGATED:
            longer = Contracted(longer, wordings.get("not", _NO_ROWS))
        singles = (*longer.get("", ()), *self._by_suffix(word))
        rows: _Rows = (singles, longer) if singles or longer else _NOTHING
        self[word] = rows
        return rows

    def _by_suffix(self, word: str) -> list[Wording]:
        if len(word) < 6 or word in self._besides:
            return []
        return [
            Wording((), "term", term, 0, "noun")
            for length in self._lengths
            for term in self._suffixes.get(word[-length:], ())
        ]

    def hits(self, tokens: list[str]) -> Hits:
        """All wordings in a sentence's tokens, by their kind, in the order of their starts."""
        nothing = _NOTHING
        rows = list(map(self.__getitem__, tokens))
        tried = [at for at, found in enumerate(rows) if found is not nothing]
        if not tried:
            return _NO_HITS
        found: Hits = {}
        following = [*tokens[1:], "\n"]  # which is no word
        for at in tried:
            singles, longer = rows[at]
            if following[at] in longer:
                for row in longer[following[at]]:
                    end = at + 1 + len(row.rest)
                    if end == at + 2 or tuple(tokens[at + 1 : end]) == row.rest:
                        found.setdefault(row.kind, []).append(Hit(at, end, row))
            for row in singles:
                found.setdefault(row.kind, []).append(Hit(at, at + 1, row))
        if "template" in found:
            self._fill(tokens, found)
        return found

    def _fill(self, tokens: list[str], found: Hits) -> None:
        """Add the templates whose slots are filled around their anchors."""
        present = set(tokens)
        if not present.isdisjoint(NEGATED):
            present.add("not")
        spoken: set[str] = set()
        starts: dict[int, list[Hit]] = {}
        ends: dict[int, list[Hit]] = {}
        for hit in found.get("term", ()):
            spoken |= self.classes(hit.wording.number)
            starts.setdefault(hit.start, []).append(hit)
            ends.setdefault(hit.end, []).append(hit)
        seen: set[tuple[int, int, int]] = set()
        touched: set[WordingKind] = set()
        for anchor in found["template"]:
            number = anchor.wording.number
            template, wording, plain, classes = self._template(number)
            if not (plain <= present and classes <= spoken):
                continue
            end = self._forward(tokens, template, template.anchor, anchor.start, starts)
            begin = self._backward(tokens, template, template.anchor - 1, anchor.start, ends)
            if begin is not None and end is not None and (begin, end, number) not in seen:
                seen.add((begin, end, number))
                touched.add(wording.kind)
                found.setdefault(wording.kind, []).append(Hit(begin, end, wording))
        for kind in touched:
            found[kind].sort(key=_start)

    def _template(self, number: int) -> _Known:
        """A template, what it stands for, and the words and classes without which it cannot match."""
        found = self._templates.get(number)
        if found is None:
            template = self._ruleset.templates[number]
            elements = frozenset(template.elements) - {"..."}
            classes = frozenset(e for e in elements if e[0] == "@" and len(e) > 1)
            wording = Wording((), template.kind, template.number, template.group, "phrase")
            found = (template, wording, elements - classes, frozenset(c[1:] for c in classes))
            self._templates[number] = found
        return found

    def _forward(
        self,
        tokens: list[str],
        template: Template,
        element: int,
        at: int,
        starts: dict[int, list[Hit]],
    ) -> int | None:
        """The token behind the template when its elements from `element` on match at `at`."""
        if element == len(template.elements):
            return at
        slot = template.elements[element]
        if slot == "...":
            stops = _stops(template)
            for gap in range(_GAP_WORDS + 1):
                if gap and (at + gap > len(tokens) or tokens[at + gap - 1] in stops):
                    return None
                end = self._forward(tokens, template, element + 1, at + gap, starts)
                if end is not None:
                    return end
            return None
        if slot[0] == "@" and len(slot) > 1:
            ends = [h.end for h in starts.get(at, ()) if slot[1:] in self.classes(h.wording.number)]
            return self._forward(tokens, template, element + 1, max(ends), starts) if ends else None
        if at < len(tokens) and _says(tokens[at], slot):
            return self._forward(tokens, template, element + 1, at + 1, starts)
        return None

    def _backward(
        self,
        tokens: list[str],
        template: Template,
        element: int,
        at: int,
        ends: dict[int, list[Hit]],
    ) -> int | None:
        """The first token of the template when its elements up to `element` match before `at`."""
        if element < 0:
            return at
        slot = template.elements[element]
        if slot == "...":
            stops = _stops(template)
            for gap in range(_GAP_WORDS + 1):
                if gap and (at - gap < 0 or tokens[at - gap] in stops):
                    return None
                begin = self._backward(tokens, template, element - 1, at - gap, ends)
                if begin is not None:
                    return begin
            return None
        if slot[0] == "@" and len(slot) > 1:
            begins = [
                h.start for h in ends.get(at, ()) if slot[1:] in self.classes(h.wording.number)
            ]
            return (
                self._backward(tokens, template, element - 1, min(begins), ends) if begins else None
            )
        if at > 0 and _says(tokens[at - 1], slot):
            return self._backward(tokens, template, element - 1, at - 1, ends)
        return None


def _stops(template: Template) -> frozenset[str]:
    """The signs over which no gap of a template runs."""
    return _ENDS_OF_DENIALS if template.elements[0] in _DENIALS else _ENDS


def _says(token: str, word: str) -> bool:
    """Whether a token is a word of a wording, or a contraction with a "not" that is one."""
    return token == word or (word == "not" and token in NEGATED)


def _start(hit: Hit) -> int:
    return hit.start
