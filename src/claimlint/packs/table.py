"""The table of literals that a ruleset is compiled into."""

from __future__ import annotations

from collections.abc import Iterable

from claimlint.model.rule import FormName, Template, Term, Wording, WordingKind
from claimlint.packs.wording import GAP, expand, is_class, is_plain


class Table:
    """Collects terms, wordings and templates while a ruleset is compiled."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.templates: list[Template] = []
        self.suffixes: list[tuple[str, int]] = []
        self.besides: set[str] = set()
        self._wordings: dict[str, set[Wording]] = {}

    def add(self, texts: Iterable[str], kind: WordingKind, number: int, group: int = 0) -> None:
        """Add wordings of pack syntax."""
        for text in texts:
            for elements in expand(text):
                if is_plain(elements):
                    self.add_tokens(elements, kind, number, group)
                else:
                    self._add_template(elements, kind, number, group)

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

    def add_term(self, term: Term) -> int:
        """Add a term and return its number."""
        self.terms.append(term)
        return len(self.terms) - 1

    def sorted_wordings(self) -> dict[str, tuple[Wording, ...]]:
        """The rows by first word, longest first, in a fixed order."""
        return {
            first: tuple(sorted(rows, key=lambda row: (-len(row.rest), row)))
            for first, rows in sorted(self._wordings.items())
        }

    def _add_template(
        self, elements: tuple[str, ...], kind: WordingKind, number: int, group: int
    ) -> None:
        anchor = next(place for place, e in enumerate(elements) if e != GAP and not is_class(e))
        self.templates.append(Template(elements, anchor, kind, number, group))
        self.add_tokens((elements[anchor],), "template", len(self.templates) - 1)
