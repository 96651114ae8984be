"""The arithmetic of the claim model: what a file of weights makes of features."""

from __future__ import annotations

import pytest

from claimlint.engine.network import Network, image
from claimlint.errors import UsageError

SILENT = bytes([128]) * 512  # the vectors of the codes, of one unit, all of them zero


def vectors(**steps: int) -> bytes:
    """Vectors of one unit: zero but for the codes `first1`, `second7` and the like."""
    data = bytearray(SILENT)
    for code, step in steps.items():
        number = code.removeprefix("first").removeprefix("second")
        data[int(number) + (256 if code.startswith("second") else 0)] = 128 + step
    return bytes(data)


def wide(weights: dict[str, int], places: int = 1024) -> Network:
    return Network(image(weights, places, {}, 8, SILENT, [0.0, 1.0, 0.0, 0.0]))


def test_weights_are_added_to_the_bias() -> None:
    model = Network(image({"a": 7, "b": -2}, 64, {}, 8, SILENT, [0.5, 0.25, 0.0, 0.0]))
    assert model.log_odds([]) == 0.5
    assert model.log_odds(["a", "b", "never met"]) == 0.5 + 0.25 * (100 - 13)
    assert model.pulls(["a", "b"], ["b", "never met"]) == [0.25 * -13, 0.0]


def test_a_unit_speaks_when_what_stands_together_passes_its_threshold() -> None:
    known = {"your": 0, "knee": 0, "trial": 0}
    codes = {"your": (1, 7), "knee": (2, 0), "trial": (3, 0)}
    said = vectors(first1=20, second7=10, first2=30, first3=-40)
    model = Network(image(known, 64, codes, 64, said, [-1.0, 1.0, 45.0, 0.5]))
    assert model.log_odds(["your"]) == -1.0  # 30 of 45
    assert model.log_odds(["knee"]) == -1.0
    assert model.log_odds(["your", "knee"]) == -1.0 + (60 - 45) * 0.5
    assert model.log_odds(["your", "knee", "trial"]) == -1.0
    assert model.pulls(["your", "knee"], known) == [15.0, 15.0, -20.0]
    assert model.pulls(["your"], ["your"]) == [0.0]  # the unit is silent there


def test_the_units_hear_only_what_has_a_weight() -> None:
    model = Network(image({"a": 0}, 64, {"a": (1, 0), "b": (1, 0)}, 64, vectors(first1=50),
                          [0.0, 1.0, 0.0, 1.0]))  # fmt: skip
    assert [model.log_odds([name]) for name in "ab"] == [50.0, 0.0]


def test_units_stand_beside_each_other() -> None:
    pair = bytes([128 + 100, 128 - 100]) * 256 + bytes([128, 128]) * 256
    model = Network(image({"a": 0}, 64, {"a": (0, 0)}, 64, pair, [0.0, 1.0, 0.0, -200.0, 1.0, 0.5]))
    assert model.log_odds(["a"]) == 100 + (200 - 100) * 0.5


def test_features_that_fall_on_one_place_are_told_apart() -> None:
    steps = {f"={number}": number % 15 - 7 for number in range(900)}
    crowded = wide(steps)
    sizes = [-100, -78, -58, -41, -26, -13, -4, 0, 4, 13, 26, 41, 58, 78, 100]
    right = [crowded.log_odds([name]) == sizes[step + 7] for name, step in steps.items()]
    assert sum(right[:450]) > sum(right[450:])  # the first choose first
    assert sum(right) > 750
    strangers = [crowded.log_odds([f"~{number}"]) for number in range(1000)]
    assert sum(map(bool, strangers)) < 50


def test_a_place_past_the_last_start_is_found() -> None:
    few = wide(dict.fromkeys("abcd", 7), 4)
    assert [few.log_odds([name]) for name in "abcde"] == [100, 100, 100, 100, 0]
    assert few.log_odds("abcde") == 400


def test_a_sentence_of_any_length_is_heard() -> None:
    names = [f"={number}" for number in range(5000)]
    codes = dict.fromkeys(names, (1, 0))
    model = Network(image(dict.fromkeys(names, 1), 20_000, codes, 20_000, vectors(first1=127),
                          [0.0, 0.0, 0.0, 1.0]))  # fmt: skip
    assert 127 * 4000 < model.log_odds(names) <= 127 * 5000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"claimlint weights 2 0.5 0.1\nabc",
        b"claimlint weights 3 4 4 1\nabcd",
        b"claimlint weights 3 4 4 0\n" + bytes(26),
        b"claimlint weights 3 -4 4 1\nabcd",
        image({}, 8, {}, 8, SILENT, [0.0, 1.0, 0.0, 0.0])[:-1],
    ],
)
def test_broken_weights_are_told(data: bytes) -> None:
    with pytest.raises(UsageError, match="install claimlint again"):
        Network(data)
