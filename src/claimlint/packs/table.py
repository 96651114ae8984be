"""The table of literals that a ruleset is compiled into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from claimlint.model.ruleset import FormName, Template, Terms, Wording, WordingKind
from claimlint.packs.wording import GAP, contracted, expand, is_class, is_plain

# Frequent in any English text, however rare they are in wordings.
_EVERYDAY = frozenset(
    ["a", "all", "and", "any", "are", "as", "at", "be", "before", "but", "by", "can", "do", "does", "few",
     "for", "from", "get", "have", "help", "how", "if", "in", "is", "it", "many", "may", "more", "most",
     "my", "new", "no", "not", "nothing", "of", "on", "once", "one", "only", "or", "our", "people", "say",
     "says", "so", "some", "such", "take", "tell", "than", "that", "the", "their", "them", "they", "this",
     "to", "use", "was", "we", "what", "when", "which", "who", "will", "with", "without", "you", "your"]
)  # fmt: skip


class Table:
    """Collects terms, wordings and templates while a ruleset is compiled."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._strengths: list[str] = []
        self._classes: list[int] = []
        self._class_sets: dict[tuple[str, ...], int] = {}
        self._slotted: list[tuple[tuple[str, ...], WordingKind, int, int]] = []
        self.suffixes: list[tuple[str, int]] = []
        self.besides: set[str] = set()
        self._wordings: dict[str, set[Wording]] = {}

    def add(self, texts: Iterable[str], kind: WordingKind, number: int, group: int = 0) -> None:
        """Add wordings of pack syntax."""
        for text in texts:
            surfaces = (one for elements in expand(text) for one in contracted(elements))
            for elements in surfaces:
                if is_plain(elements):
                    self.add_tokens(elements, kind, number, group)
                else:
                    self._slotted.append((elements, kind, number, group))

    def add_tokens(
        self,
        tokens: tuple[str, ...],
        kind: WordingKind,
        number: int,
        group: int = 0,
        form: FormName = "phrase",
    ) -> None:
        """Add one row of plain words."""
        row = Wording(tokens[1:], kind, number, group, form)
        self._wordings.setdefault(tokens[0], set()).add(row)

    def add_term(self, name: str, classes: tuple[str, ...], strength: str) -> int:
        """Add a term and return its number."""
        self._names.append(name)
        self._strengths.append(strength[0])
        self._classes.append(self._class_sets.setdefault(classes, len(self._class_sets)))
        return len(self._names) - 1

    def terms(self) -> Terms:
        """All terms, by column."""
        return Terms(
            names=tuple(self._names),
            strengths="".join(self._strengths),
            classes=tuple(self._classes),
            class_sets=tuple(self._class_sets),
        )

    def sorted_wordings(self) -> dict[str, dict[str, tuple[Wording, ...]]]:
        """The rows by first and second word, longest first, in a fixed order."""
        return {first: _by_second(rows) for first, rows in sorted(self._wordings.items())}

    def close_templates(self) -> tuple[Template, ...]:
        """Choose by which words each template is found; call it when everything else is in.

        The run of plain words with the rarest word wins, as far as the wordings themselves tell: "your"
        or "stem cells" would have to be tried in every other sentence.
        """
        uses = Counter(
            word
            for first, rows in self._wordings.items()
            for row in rows
            for word in (first, *row.rest)
        )
        uses.update(
            word for elements, *_ in self._slotted for word in elements if not _is_slot(word)
        )

        def rarity(word: str) -> tuple[bool, int]:
            return word in _EVERYDAY, uses[word]

        templates: list[Template] = []
        for elements, kind, number, group in self._slotted:
            runs = [
                [place for place, _ in run]
                for slot, run in groupby(enumerate(elements), key=lambda item: _is_slot(item[1]))
                if not slot
            ]
            anchor = min(runs, key=lambda run: min(rarity(elements[place]) for place in run))
            words = tuple(elements[place] for place in anchor)
            self.add_tokens(words, "template", len(templates))
            templates.append(Template(elements, anchor[0], kind, number, group))
        return tuple(templates)


def _is_slot(element: str) -> bool:
    return element == GAP or is_class(element)


def _by_second(rows: set[Wording]) -> dict[str, tuple[Wording, ...]]:
    grouped: dict[str, list[Wording]] = {}
    for row in sorted(rows, key=lambda row: (-len(row.rest), row)):
        grouped.setdefault(row.rest[0] if row.rest else "", []).append(row)
    return {second: tuple(grouped[second]) for second in sorted(grouped)}
