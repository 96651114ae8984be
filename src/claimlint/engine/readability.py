"""How hard a text is to read: the published formulas over sentences and words that we count."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from claimlint.engine.syllables import WordFacts, normal
from claimlint.expressions import compiled
from claimlint.model.report import HardSentence, Readability

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimlint.engine.syllables import WordTable

FEWEST_WORDS = 30  # below, the formulas follow single words and say nothing of the text
SMOG_SENTENCES = 30  # McLaughlin's sample
HARDEST = 3
HARD_SENTENCE_WORDS = 10  # shorter ones are hard by a single word, which no rewriting cures
_LABEL_WORDS = 2
_EXCERPT = 600  # characters of a hard sentence that a report shows
_REMEMBERED_TOKENS = 1 << 16
_REMEMBERED_LENGTH = 64

# Nobody reads these aloud: they are left out, or a citation would change the grade of its sentence.
_ADDRESS = compiled(
    r"https?:|www\.|[^\s@]@[^\s@]+\.|(?:doi:|\b)10\.\d{4,9}/|\w\.(?:com|org|net|gov|edu)\b"
)
_REFERENCE_MARK = compiled(r"\[\d[\d,;\u2013-]*\]|[\u00b2\u00b3\u00b9\u2070-\u2079]")
# A hyphen holds a word together; these divide words that stand without a space between them.
_BETWEEN_WORDS = compiled(
    r"[\u2012-\u2015\u2212\u2026;!?]|--+|\.{2,}|,(?!\d)|/(?!\d)|:(?=[^\W\d_])"
)
_AROUND_WORD = '.,()"!?'
_HYPHEN = compiled(r"[-\u2010\u2011]")
_CLOSED = (".", "!", "?", "\u2026")
_CLOSERS = "\"')]\u201d\u2019 "

_NUMBER = WordFacts(syllables=1, easy=True)

# The counts of a token are packed into one integer, so that a sentence is summed in C.
_BITS = 32  # a document of 10 MiB cannot overflow a field
_MASK = (1 << _BITS) - 1


class _Counts(NamedTuple):
    """What the formulas need of a token, a sentence or a text."""

    words: int
    syllables: int
    polysyllables: int  # words of three or more syllables
    complex: int  # Gunning's: three or more syllables in one part, and not easy
    unfamiliar: int  # not on the Dale-Chall list
    letters: int
    characters: int  # letters and punctuation


class TokenCounts(dict[str, int]):
    """The packed counts of tokens in lower case, made on first sight and remembered.

    Keep one per process: it holds single words only, and forgets all when it is full.
    """

    def __init__(self, table: WordTable) -> None:
        super().__init__()
        self._table = table
        self._alike: dict[int, int] = {}  # most words have the counts of some other word

    def __missing__(self, token: str) -> int:
        packed = _packed(_count(token, self._table))
        if len(token) <= _REMEMBERED_LENGTH:
            if len(self) >= _REMEMBERED_TOKENS:
                self.clear()
                self._alike.clear()
            packed = self[token] = self._alike.setdefault(packed, packed)
        return packed


def measure(
    sentences: Iterable[tuple[str, int, int]], counts: TokenCounts, target_grade: float
) -> Readability | None:
    """Apply the formulas to English sentences, each with its start and end in the source.

    A heading, an item or a cell is a sentence of its own. One of at most two words that no stop
    closes is a label ("Our team", "45 %"): it is left out, since as a sentence it would make every
    page look easier than its prose. None for less than 30 words.
    """
    look_up = counts.__getitem__
    total = number = 0
    hard: list[_Hard] = []
    for prose, start, end in sentences:
        packed = sum(map(look_up, prose.lower().split()))
        words = packed & _MASK
        if words <= _LABEL_WORDS and (not words or _is_label(prose)):
            continue
        total += packed
        number += 1
        grade = _kincaid(words, words, packed >> _BITS & _MASK)
        rank = (words >= HARD_SENTENCE_WORDS, grade, -start)
        if len(hard) < HARDEST or rank > hard[-1][:3]:
            hard.append(_Hard(*rank, end, words, prose))
            hard.sort(reverse=True)
            del hard[HARDEST:]
    text = _unpacked(total)
    if text.words < FEWEST_WORDS:
        return None
    return _formulas(text, number, target_grade, _hardest(hard))


class _Hard(NamedTuple):
    """A candidate for the hardest sentences; these sort by length enough, grade, and place."""

    long_enough: bool
    grade: float
    minus_start: int
    end: int
    words: int
    prose: str


def _hardest(candidates: list[_Hard]) -> tuple[HardSentence, ...]:
    """Show the candidates, hardest first; short ones only if there is no long one."""
    chosen = [hard for hard in candidates if hard.long_enough == candidates[0].long_enough]
    return tuple(
        HardSentence(
            text=hard.prose if len(hard.prose) <= _EXCERPT else hard.prose[:_EXCERPT] + "\u2026",
            start=-hard.minus_start,
            end=hard.end,
            grade=_rounded(hard.grade),
            words=hard.words,
        )
        for hard in chosen
    )


# --- the formulas ---------------------------------------------------------------------------------


def _formulas(
    text: _Counts, sentences: int, target_grade: float, hardest: tuple[HardSentence, ...]
) -> Readability:
    """Apply all seven, each rounded once, at the end."""
    return Readability(
        flesch_reading_ease=_rounded(_flesch(text, sentences)),
        flesch_kincaid_grade=_rounded(_kincaid(text.words, text.words / sentences, text.syllables)),
        smog_index=_rounded(_smog(text, sentences)),
        smog_reliable=sentences >= SMOG_SENTENCES,
        gunning_fog=_rounded(_fog(text, sentences)),
        coleman_liau_index=_rounded(_coleman_liau(text, sentences)),
        automated_readability_index=_rounded(_automated(text, sentences)),
        dale_chall=_rounded(_dale_chall(text, sentences)),
        sentences=sentences,
        words=text.words,
        target_grade=target_grade,
        hardest=hardest,
    )


def _flesch(text: _Counts, sentences: int) -> float:
    """Compute the reading ease, 0 hard to 100 easy.

    Flesch, A new readability yardstick, J Appl Psychol 32 (1948) 221-233.
    """
    return 206.835 - 1.015 * text.words / sentences - 84.6 * text.syllables / text.words


def _kincaid(words: int, sentence_words: float, syllables: int) -> float:
    """Compute the school grade of `words` words at so many words per sentence.

    Kincaid, Fishburne, Rogers and Chissom, Navy Research Branch Report 8-75 (1975).
    """
    return 0.39 * sentence_words + 11.8 * syllables / words - 15.59


def _smog(text: _Counts, sentences: int) -> float:
    """Compute the school grade: McLaughlin, SMOG grading, J Reading 12 (1969) 639-646."""
    return 1.043 * sqrt(30 * text.polysyllables / sentences) + 3.1291


def _fog(text: _Counts, sentences: int) -> float:
    """Compute the school grade: Gunning, The technique of clear writing (1952)."""
    return 0.4 * (text.words / sentences + 100 * text.complex / text.words)


def _coleman_liau(text: _Counts, sentences: int) -> float:
    """Compute the school grade: Coleman and Liau, J Appl Psychol 60 (1975) 283-284."""
    return 5.8 * text.letters / text.words - 29.6 * sentences / text.words - 15.8


def _automated(text: _Counts, sentences: int) -> float:
    """Compute the school grade: Senter and Smith, report AMRL-TR-66-220 (1967)."""
    return 4.71 * text.characters / text.words + 0.5 * text.words / sentences - 21.43


def _dale_chall(text: _Counts, sentences: int) -> float:
    """Compute the score, 4.9 and less for grade 4, 10 and more for graduates.

    Dale and Chall, A formula for predicting readability, Educ Res Bull 27 (1948) 11-20.
    """
    unfamiliar = 100 * text.unfamiliar / text.words
    score = 0.1579 * unfamiliar + 0.0496 * text.words / sentences
    return score + 3.6365 if unfamiliar > 5 else score


def _rounded(value: float) -> float:
    """Round to two decimals, without a minus before a zero."""
    return round(value, 2) + 0.0


# --- tokens ---------------------------------------------------------------------------------------


def _is_label(prose: str) -> bool:
    """Tell a caption or a cell from a short sentence: nothing closes it."""
    return not prose.rstrip(_CLOSERS).endswith(_CLOSED)


def _count(token: str, table: WordTable) -> _Counts:
    """Count what stands between two spaces."""
    core = token.strip(_AROUND_WORD)
    if core.isalpha():  # nearly always: one word
        count, easy = table[core]
        long = count >= 3
        return _Counts(1, count, long, long and not easy, not easy, len(core), len(token))
    if _ADDRESS.search(token):
        return _Counts(0, 0, 0, 0, 0, 0, 0)
    token = _REFERENCE_MARK.sub("", token.replace("\u2019", "'"))
    words = [parts for piece in _BETWEEN_WORDS.split(token) if (parts := _parts(piece))]
    # A number is one syllable, as in textstat, and familiar, as in Dale and Chall's instructions.
    facts = [[_NUMBER if part.isnumeric() else table[part] for part in parts] for parts in words]
    letters = sum(len(part.replace("'", "")) for parts in words for part in parts)
    return _sum(facts, letters=letters, characters=len(token) if words else 0)


def _sum(words: list[list[WordFacts]], letters: int, characters: int) -> _Counts:
    """Count words that are given by the facts of their parts."""
    syllables = [sum(part.syllables for part in parts) for parts in words]
    return _Counts(
        words=len(words),
        syllables=sum(syllables),
        polysyllables=sum(count >= 3 for count in syllables),
        complex=sum(any(p.syllables >= 3 and not p.easy for p in parts) for parts in words),
        unfamiliar=sum(any(not part.easy for part in parts) for parts in words),
        letters=letters,
        characters=characters,
    )


def _parts(piece: str) -> list[str]:
    """Divide a word at its hyphens into what textstat would look up."""
    return [word for part in _HYPHEN.split(piece) if (word := normal(part)).strip("'_")]


def _packed(counts: _Counts) -> int:
    """One integer in which the first count stands lowest."""
    packed = 0
    for count in reversed(counts):
        packed = packed << _BITS | count
    return packed


def _unpacked(packed: int) -> _Counts:
    """Undo `_packed`."""
    return _Counts(*(packed >> _BITS * place & _MASK for place in range(len(_Counts._fields))))
