"""The claim model's arithmetic: from what a sentence holds, as hashed features, to the log odds of a claim.

Two opinions are added up. The wide one is linear: a weight for each of many features. The deep one knows
the features that matter most by two codes each; each code stands for a vector, the vectors of a sentence
are summed, and one hidden layer of rectified units weighs what stands together. Nothing is learned here:
`benchmarks/accuracy/train.py` makes the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import mul
from struct import calcsize, pack, unpack
from zlib import crc32

from claimlint.errors import UsageError

# A file: this, the sizes (wide places, deep places, units), a line end; then for each wide place a byte by
# which it knows its feature, and half a byte for its weight; then for each deep place the byte by which it
# knows its feature, its first and its second code; then the vectors of the first codes and of the second,
# a byte for each unit; then the numbers that `image` lists.
_MAGIC = b"claimlint weights 3 "
_BROKEN = "the shipped weights of the claim model are broken: install claimlint again"
CODES = 256
MIDDLE = 128  # the byte of a vector that stands for 0
# What half a byte says: fine steps where most weights are. The eighth to the last are below zero.
STEPS = (0, 4, 13, 26, 41, 58, 78, 100)
_SIGNED = (*STEPS, 0, *(-step for step in STEPS[:0:-1]))
_UPPER = bytes(_SIGNED[byte >> 4] % 256 for byte in range(256))
_LOWER = bytes(_SIGNED[byte & 15] % 256 for byte in range(256))
_KNOWN_SHIFT = 24  # of the 32 bits of a hash: the upper eight
_WINDOW = 4  # a feature stands on one of so many places that follow each other
# A vector is one large number with so many bytes for each unit, so that one addition adds all units. A
# sentence has at most 1,200 characters, and no sum runs over.
_LANE = 4


class Network:
    """The trained model, its features in hash tables of a few places for each.

    A place keeps one feature, with eight bits by which it is known, so that a feature which training
    never met seldom counts as another. Those that matter most choose their places first.
    """

    __slots__ = ("_bias", "_deep", "_first", "_outs", "_scale", "_second", "_thresholds", "_vectors",
                 "_weights", "_wide")  # fmt: skip

    def __init__(self, data: bytes) -> None:
        """Take the bytes of a weights file; raises UsageError when they are none."""
        head, _, body = data.partition(b"\n")
        try:
            wide, deep, units = map(int, head.removeprefix(_MAGIC).split())
        except ValueError:
            wide = deep = units = 0
        books = CODES * units
        parts = [wide, wide // 2, deep, deep, deep, 2 * books, calcsize(_numbers(units))]
        sound = head.startswith(_MAGIC) and min(wide, deep) >= _WINDOW and units > 0
        if not sound or len(body) != sum(parts):
            raise UsageError(_BROKEN)
        self._wide, halves, self._deep, self._first, self._second, vectors, rest = _cut(body, parts)
        self._weights = memoryview(halves.translate(_UPPER) + halves.translate(_LOWER)).cast("b")
        self._vectors = _one_number_each(vectors, units)
        self._bias, self._scale, *needs = unpack(_numbers(units), rest)
        self._thresholds, self._outs = needs[:units], needs[units:]

    def log_odds(self, features: Iterable[str]) -> float:
        """The logarithm of the odds that a sentence with these features makes a claim."""
        weight, vectors, count = self._added(features)
        raised: float = self._bias + self._scale * weight
        zero = 2 * MIDDLE * count
        for total, least, out in zip(
            self._lanes(vectors), self._thresholds, self._outs, strict=True
        ):
            over = total - zero - least
            if over > 0:
                raised += over * out
        return raised

    def pulls(self, sentence: Iterable[str], features: Iterable[str]) -> list[float]:
        """How far each of some features moves the log odds beside those of a sentence.

        What it moves directly, and what it does to the units that are awake there.
        """
        _, vectors, count = self._added(sentence)
        zero = 2 * MIDDLE * count
        units = zip(self._lanes(vectors), self._thresholds, self._outs, strict=True)
        awake = [out if total - zero > least else 0.0 for total, least, out in units]
        zero_moves = 2 * MIDDLE * sum(awake)
        found = []
        for feature in features:
            weight, vectors, count = self._added((feature,))
            moved: float = self._scale * weight
            if count:
                moved += sum(map(mul, self._lanes(vectors), awake)) - zero_moves
            found.append(moved)
        return found

    def _added(self, features: Iterable[str]) -> tuple[int, int, int]:
        """The sum of the weights of some features, that of their vectors, and how many have vectors."""
        # Encoded all at once: a sentence has some sixty features.
        encoded = "\n".join(features).encode("utf-8", "surrogatepass")
        find, weights, starts = self._wide.find, self._weights, len(self._wide) - _WINDOW + 1
        known, total = [], 0
        for number in map(crc32, encoded.split(b"\n")):
            start = number % starts
            place = find(number >> _KNOWN_SHIFT, start, start + _WINDOW)
            if place >= 0:
                total += weights[place]
                known.append(number)
        # Only what is known there is looked for here: hardly a stranger passes both.
        find, starts = self._deep.find, len(self._deep) - _WINDOW + 1
        vectors, first, second = self._vectors, self._first, self._second
        summed = count = 0
        for number in known:
            start = number % starts
            place = find(number >> _KNOWN_SHIFT, start, start + _WINDOW)
            if place >= 0:
                summed += vectors[first[place]] + vectors[CODES + second[place]]
                count += 1
        return total, summed, count

    def _lanes(self, vectors: int) -> tuple[int, ...]:
        """What each unit hears of a sum of vectors, in which the middle still stands for nothing."""
        units = len(self._outs)
        return unpack(f"<{units}I", vectors.to_bytes(_LANE * units, "little"))


def image(
    weights: Mapping[str, int],
    wide: int,
    codes: Mapping[str, tuple[int, int]],
    deep: int,
    vectors: bytes,
    numbers: Sequence[float],
) -> bytes:
    """Lay out a weights file of so many wide and deep places (an even number of wide ones).

    `weights` are told in steps (-7 to 7: a step of `STEPS`, or below zero), `codes` are the first and
    the second of features; of both the first choose their places first, and a feature that finds none,
    or one that it would not be told from, is left out. `vectors` are those of the 256 first and the 256
    second codes. `numbers` are the bias, what a step of a weight adds to the log odds, the thresholds
    of the units, and what a step beyond each of them adds.
    """
    marks, steps = bytearray(wide), bytearray(wide)
    for feature, place in _placed(weights, marks):
        steps[place] = weights[feature] % 16
    pairs = zip(steps[: wide // 2], steps[wide // 2 :], strict=True)
    halves = bytes(upper << 4 | lower for upper, lower in pairs)
    deep_marks, first, second = bytearray(deep), bytearray(deep), bytearray(deep)
    for feature, place in _placed(codes, deep_marks):
        first[place], second[place] = codes[feature]
    units = len(numbers) // 2 - 1
    head = b"%b%d %d %d\n" % (_MAGIC, wide, deep, units)
    rest = pack(_numbers(units), *numbers)
    return b"".join([head, marks, halves, deep_marks, first, second, vectors, rest])


def _placed(features: Iterable[str], marks: bytearray) -> Iterator[tuple[str, int]]:
    """Give features their places, and mark those."""
    free = bytearray(b"\1") * len(marks)
    for feature in features:
        number = crc32(feature.encode("utf-8", "surrogatepass"))
        start, mark = number % (len(marks) - _WINDOW + 1), number >> _KNOWN_SHIFT
        for place in range(start, start + _WINDOW):
            if free[place]:
                marks[place], free[place] = mark, 0
                yield feature, place
                break
            if marks[place] == mark:
                break


def _numbers(units: int) -> str:
    return f"<{2 + 2 * units}f"


def _cut(data: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield data[start : start + size]
        start += size


def _one_number_each(vectors: bytes, units: int) -> list[int]:
    spread = bytearray(_LANE * len(vectors))
    spread[::_LANE] = vectors
    whole = bytes(spread)
    return [int.from_bytes(piece, "little") for piece in _cut(whole, [_LANE * units] * 2 * CODES)]
