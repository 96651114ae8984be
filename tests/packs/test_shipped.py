"""The packs that are shipped load, each market alone and all together."""

from pathlib import Path

import pytest

from claimlint.packs import Selection, library, load_packs, load_ruleset
from claimlint.packs.library import library_files, market_names, rulesets_folder

FILES = library_files(rulesets_folder())
MARKETS = market_names(FILES)


@pytest.mark.parametrize("market", MARKETS)
def test_each_market_loads_alone(market: str) -> None:
    ruleset = load_ruleset(Selection(markets=(market,)), None)
    assert market in ruleset.markets
    assert [rule for rule in ruleset.rules if market in rule.markets]


def test_all_markets_load_together() -> None:
    packs = load_packs(Selection(markets=MARKETS))
    ids = [rule.id for pack in packs for rule in pack.rules]
    assert len(ids) == len(set(ids))
    assert {"core", "lexicons", "readability", *MARKETS} <= {pack.pack for pack in packs}


def test_no_file_is_left_aside() -> None:
    assert {path.as_posix() for path in Path(rulesets_folder()).rglob("*.yaml")} == {
        Path(file.path).as_posix() for file in FILES
    }


def test_an_installed_package_finds_its_packs_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "site-packages" / "claimlint" / "rulesets"
    inside.mkdir(parents=True)
    place = tmp_path / "site-packages" / "claimlint" / "packs" / "library.py"
    monkeypatch.setattr(library, "__file__", str(place))
    assert rulesets_folder() == str(inside)


def test_the_memory_of_words_is_bounded() -> None:
    # All markets have some 80,200. Rows are read when a draft has their first word, so a run pays for few
    # of them; building and the cache file grow with all. Measure the start before raising this.
    ruleset = load_ruleset(Selection(markets=MARKETS), None)
    assert (
        sum(len(rows) for by_second in ruleset.wordings.values() for rows in by_second.values())
        < 82_000
    )
