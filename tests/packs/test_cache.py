"""The cache is only ever slower, never wrong and never an error."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from claimlint.cache import CacheFolder, default_folder
from claimlint.errors import DefinitionError
from claimlint.model.ruleset import Ruleset
from claimlint.packs import Selection, load_ruleset
from tests.packs.paths import LIBRARY

posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def resolve(folder: Path, **changes: object) -> Ruleset:
    selection = Selection(**changes)  # type: ignore[arg-type]
    return load_ruleset(selection, CacheFolder(str(folder)), library=LIBRARY)


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("compiled although the cache holds it")

    monkeypatch.setattr("claimlint.packs.compile.compile_ruleset", refuse)


def test_a_second_run_reads_the_same_ruleset_from_the_cache(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = resolve(folder)
    forbid_compiling(monkeypatch)
    second = resolve(folder)
    assert second == first
    assert second.wordings.get("no such word", {}) == {}


def test_another_choice_is_another_entry(folder: Path) -> None:
    assert resolve(folder) != resolve(folder, markets=("kr",))
    assert len(list(folder.iterdir())) == 2


@posix
def test_folder_and_file_are_private(folder: Path) -> None:
    resolve(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data.replace(b"cure", b"curf", 1),
        lambda data: b"",
        lambda data: b"\x80\x04garbage",
        lambda data: data.split(b"\n", 1)[1],
    ],
    ids=["truncated", "tampered", "empty", "garbage", "headless"],
)
def test_a_spoilt_entry_is_made_again(folder: Path, spoil: object) -> None:
    first = resolve(folder)
    (file,) = folder.iterdir()
    good = file.read_bytes()
    file.write_bytes(spoil(good))  # type: ignore[operator]
    assert resolve(folder) == first
    assert file.read_bytes() == good


def test_an_entry_of_other_types_is_made_again(folder: Path) -> None:
    first = resolve(folder)
    (file,) = folder.iterdir()
    CacheFolder(str(folder)).write(file.name, b'["other types"]')
    assert resolve(folder) == first


def test_an_entry_under_another_name_is_not_believed(folder: Path) -> None:
    resolve(folder, markets=("kr",))
    (other,) = folder.iterdir()
    expected = resolve(folder)
    mine = next(file for file in folder.iterdir() if file != other)
    mine.write_bytes(other.read_bytes())
    assert resolve(folder) == expected


@posix
@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_folder_that_others_may_write_is_not_used(folder: Path, mode: int) -> None:
    expected = resolve(folder)
    (file,) = folder.iterdir()
    before = file.read_bytes()
    folder.chmod(mode)
    file.write_bytes(b"poison")
    assert resolve(folder) == expected
    assert file.read_bytes() == b"poison" != before


@posix
def test_a_file_that_others_may_write_is_not_read(folder: Path) -> None:
    resolve(folder)
    (file,) = folder.iterdir()
    file.chmod(0o666)
    assert CacheFolder(str(folder)).read(file.name) is None


@posix
def test_what_belongs_to_somebody_else_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = resolve(folder)
    (file,) = folder.iterdir()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert CacheFolder(str(folder)).read(file.name) is None
    assert resolve(folder) == expected


@posix
def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    resolve(folder)
    (file,) = folder.iterdir()
    real = tmp_path / "real"
    file.rename(real)
    file.symlink_to(real)
    assert CacheFolder(str(folder)).read(file.name) is None
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert not CacheFolder(str(link)).read(file.name)


@pytest.mark.parametrize("kind", ["file", "missing parent", "null"])
def test_a_folder_that_cannot_be_made_changes_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "plain").write_text("not a folder", encoding="utf-8")
    paths = {
        "file": tmp_path / "plain",
        "missing parent": tmp_path / "plain" / "below",
        "null": Path("/dev/null/cache"),
    }
    assert resolve(paths[kind]) == load_ruleset(Selection(), None, library=LIBRARY)
    assert (tmp_path / "plain").read_text(encoding="utf-8") == "not a folder"


def test_a_full_disk_leaves_no_remains(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    resolve(folder)
    assert list(folder.iterdir()) == []


def test_concurrent_writers_leave_one_whole_entry(folder: Path) -> None:
    cache = CacheFolder(str(folder))
    payloads = [bytes([65 + number]) * 200_000 for number in range(8)]
    failures: list[bytes | None] = []

    def work(payload: bytes) -> None:
        for _ in range(10):
            cache.write("ruleset-x", payload)
            if cache.read("ruleset-x") not in payloads:
                failures.append(cache.read("ruleset-x"))

    threads = [threading.Thread(target=work, args=(payload,)) for payload in payloads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [file.name for file in folder.iterdir()] == ["ruleset-x"]


def test_old_entries_go_and_other_kinds_stay(folder: Path) -> None:
    cache = CacheFolder(str(folder))
    cache.write("words-1", b"kept")
    for number in range(30):
        cache.write(f"ruleset-{number}", b"payload")
        os.utime(folder / f"ruleset-{number}", (number, number))
    names = {file.name for file in folder.iterdir()}
    assert "words-1" in names
    assert "ruleset-29" in names
    assert "ruleset-0" not in names
    assert len(names) <= 22


def test_the_default_folder_is_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = default_folder()
    assert found is not None
    assert found.path == str(tmp_path / "claimlint-health")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    found = default_folder()
    assert found is not None
    assert found.path == str(tmp_path / ".cache" / "claimlint-health")


def test_a_cache_hit_imports_no_yaml_and_nothing_heavy(folder: Path) -> None:
    resolve(folder)
    code = (
        "import sys\n"
        "from claimlint.cache import CacheFolder\nfrom claimlint.packs import Selection, load_ruleset\n"
        f"load_ruleset(Selection(), CacheFolder({str(folder)!r}), library={LIBRARY!r})\n"
        "heavy = {'yaml', 'regex', 'difflib', 'tempfile', 'importlib.resources',\n"
        "         'claimlint.packs.compile', 'claimlint.packs.load', 'claimlint.packs.inflect',\n"
        "         'claimlint.marked_yaml.nodes'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@posix
def test_a_changed_shipped_pack_counts_even_with_its_old_size_and_time(
    folder: Path, tmp_path: Path
) -> None:
    library = tmp_path / "rulesets"
    shutil.copytree(LIBRARY, library)
    pack = library / "core" / "cure.yaml"
    cache = CacheFolder(str(folder))
    before = load_ruleset(Selection(), cache, library=str(library))
    about, text = pack.stat(), pack.read_text(encoding="utf-8")
    pack.write_text(text.replace("severity: error", "severity: note ", 1), encoding="utf-8")
    os.utime(pack, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert pack.stat().st_size == about.st_size
    after = load_ruleset(Selection(), cache, library=str(library))
    assert [rule.severity for rule in after.rules] != [rule.severity for rule in before.rules]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are Unicode")
def test_an_installation_whose_path_is_no_unicode_is_cached(folder: Path, tmp_path: Path) -> None:
    shipped = os.fsdecode(os.fsencode(tmp_path) + b"/ruleset\xff")
    shutil.copytree(LIBRARY, shipped)
    first = load_ruleset(Selection(), CacheFolder(str(folder)), library=shipped)
    assert load_ruleset(Selection(), CacheFolder(str(folder)), library=shipped) == first
    assert len(list(folder.iterdir())) == 1


def test_a_pack_that_is_chosen_twice_is_refused_though_it_is_cached_once(
    folder: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "own"
    pack.mkdir()
    (pack / "a.yaml").write_text(
        "pack: own\nversion: 1.0.0\nrules:\n"
        "  - {id: promise/zing, title: t, category: promise, severity: note, kind: phrase,\n"
        "     match: [zing], message: m, why: w, examples: {flag: ['A [[zing]].', '[[Zing]]!'],\n"
        "     pass: ['A.', 'B.']}}\n",
        encoding="utf-8",
    )
    resolve(folder, packs=(str(pack),))
    with pytest.raises(DefinitionError, match="promise/zing"):
        resolve(folder, packs=(str(pack), str(pack / "a.yaml")))
