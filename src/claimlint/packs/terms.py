"""Lexicons -> terms and their inflected rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimlint.model.rule import Entry, Lexicon
from claimlint.model.ruleset import FormName
from claimlint.model.words import words
from claimlint.packs.inflect import plural, verb_forms
from claimlint.packs.spelling import variants
from claimlint.packs.table import Table
from claimlint.packs.wording import compounds, expand, spelled

Surface = tuple[str, FormName]


def add_lexicons(lexicons: list[Lexicon], table: Table) -> None:
    """Add every entry; of two entries with one name in one lexicon the later pack's counts."""
    ordered = sorted(_entries(lexicons), key=lambda item: (item[0].name, item[1].term))
    for lexicon, entry in ordered:
        number = table.add_term(entry.term, _classes(lexicon, entry), entry.strength)
        for text, form in dict.fromkeys(_surfaces(lexicon, entry)):
            for tokens in _rows(text, lexicon.part):
                table.add_tokens(tokens, "term", number, form=form)
    endings: dict[tuple[str, str], int] = {}
    for lexicon in sorted(lexicons, key=lambda lexicon: lexicon.name):
        for suffix in sorted(lexicon.suffixes):
            if (suffix, lexicon.name) not in endings:
                number = table.add_term(f"-{suffix}", (lexicon.name,), "medium")
                endings[suffix, lexicon.name] = number
                table.suffixes.append((suffix, number))
        for text in lexicon.besides:
            for token in words(text):
                for surface in (token, plural(token)):
                    table.besides.update((surface, *variants(surface)))


def _entries(lexicons: Iterable[Lexicon]) -> Iterator[tuple[Lexicon, Entry]]:
    found: dict[tuple[str, tuple[str, ...]], tuple[Lexicon, Entry]] = {}
    for lexicon in lexicons:
        for written in lexicon.entries:
            entry = Entry(term=written) if isinstance(written, str) else written
            found[lexicon.name, tuple(words(entry.term))] = (lexicon, entry)
    return iter(found.values())


def _classes(lexicon: Lexicon, entry: Entry) -> tuple[str, ...]:
    names = (lexicon.name, entry.status, entry.topic)
    return tuple(dict.fromkeys(name for name in names if name))


def _surfaces(lexicon: Lexicon, entry: Entry) -> Iterator[Surface]:
    for name in (entry.term, *entry.also):
        if lexicon.part == "verb":
            yield from _verb_surfaces(name, entry if name == entry.term else None)
        elif lexicon.part == "noun":
            yield from _noun_surfaces(name, inflects=entry.plural)
        else:
            yield name, "phrase"
    for name in entry.nouns:
        yield from _noun_surfaces(name, inflects=entry.plural)
    for name in entry.adjectives:
        yield name, "adjective"


def _verb_surfaces(name: str, irregular: Entry | None) -> Iterator[Surface]:
    first, _, rest = name.partition(" ")
    before, hyphen, verb = first.rpartition("-")
    past = irregular.past if irregular else ""
    participle = irregular.participle if irregular else ""
    forms = verb_forms(verb.lower(), past, participle)

    def whole(form: str) -> str:
        return f"{before}{hyphen}{form}{' ' if rest else ''}{rest}"

    yield whole(forms.base), "base"
    yield whole(forms.s), "s"
    yield whole(forms.ing), "ing"
    yield whole(forms.participle), "participle"
    if forms.past != forms.participle:
        yield whole(forms.past), "past"


def _noun_surfaces(name: str, *, inflects: bool) -> Iterator[Surface]:
    yield name, "noun"
    if not inflects:
        return
    before, space, last = name.rpartition(" ")
    stem, hyphen, word = last.rpartition("-")
    if word.isalpha() and len(word) > 1:
        ended = word + "s" if word.isupper() else plural(word.lower())
        yield f"{before}{space}{stem}{hyphen}{ended}", "noun"


def _rows(text: str, part: str) -> Iterator[tuple[str, ...]]:
    if part == "phrase":
        yield from expand(text)
        return
    for tokens in compounds(text):
        yield from spelled(tokens)
