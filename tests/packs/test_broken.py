"""Each broken file names its mistakes in its first lines: `# expect: LINE:COLUMN the message`."""

import re
from pathlib import Path

import pytest

from claimlint.config import load_config
from claimlint.errors import DefinitionError
from claimlint.packs import Selection, load_packs, load_ruleset
from tests.packs.paths import BROKEN, LIBRARY

_EXPECT = re.compile(r"# expect: (\d+):(\d+) (.+)")
FILES = sorted(BROKEN.glob("*.yaml"))


def _expected(path: Path) -> list[tuple[int, int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [match.groups() for line in lines if (match := _EXPECT.fullmatch(line))]
    return [(int(line), int(column), words) for line, column, words in found]


def _load(path: Path) -> None:
    if path.name.startswith("pack-"):
        load_ruleset(Selection(packs=(str(path),)), None, library=LIBRARY)
    else:
        config = load_config(str(path), ".")
        load_ruleset(config.for_path("a.md").selection, None, library=LIBRARY)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_is_told_at_its_place(path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        _load(path)
    told = [
        (
            fault.mark.line,
            fault.mark.column,
            fault.message.replace(f"{_shown(path)}:", f"{path.name}:"),
        )
        for fault in caught.value.faults
    ]
    assert told == _expected(path)
    for line in str(caught.value).splitlines():
        assert line.startswith(f"{_shown(path)}:")


def _shown(path: Path) -> str:
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def test_the_corpus_is_large_and_covers_both_kinds() -> None:
    assert len([path for path in FILES if path.name.startswith("pack-")]) >= 60
    assert len([path for path in FILES if path.name.startswith("config-")]) >= 20
    assert all(_expected(path) for path in FILES)


def test_the_library_of_these_tests_is_whole() -> None:
    packs = load_packs(Selection(markets=("us-fl", "kr")), library=LIBRARY)
    assert {pack.pack for pack in packs} >= {"core", "lexicons", "us", "us-fl", "kr"}


def test_mistakes_of_several_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("pack: ours\nversion: 1.0.0\nabuot: x\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("pack: ours\nversion: [1]\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_ruleset(Selection(packs=(str(tmp_path),), markets=("xx",)), None, library=LIBRARY)
    told = str(caught.value)
    assert "a.yaml:3:1: unknown key" in told
    assert "b.yaml:2:10: expected text, found a list" in told
    assert '--market: unknown market "xx"' in told


def test_one_mistake_does_not_make_every_reference_a_second_one(tmp_path: Path) -> None:
    text = (
        "pack: ours\nversion: 1.0.0\nlexicons:\n"
        "  - {name: gadgets, about: 12, entries: [{term: ray, topic: rays}]}\n"
        "cues:\n  - {id: a/b, effect: hedged, because: x, match: ['@gadgets hums', '@rays hum']}\n"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_ruleset(Selection(packs=(str(tmp_path),)), None, library=LIBRARY)
    assert len(caught.value.faults) == 1


def test_a_flood_of_mistakes_is_cut() -> None:
    from claimlint.marked_yaml import load
    from claimlint.model.rule import Pack

    text = "".join(f"wrong{number}: 1\n" for number in range(20_000))
    with pytest.raises(DefinitionError) as caught:
        load(text, "flood.yaml", Pack)
    assert 100 <= len(caught.value.faults) <= 300
