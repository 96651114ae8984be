"""Bad input of every sort: one clear sentence, its place, the right status; the rest is still checked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from tests.cli.conftest import BAD, GOOD, Command
from tests.readers.docx_builder import DocxBuilder, p

Maker = Callable[[], bytes]


def _word(*paragraphs: str) -> bytes:
    return DocxBuilder(*map(p, paragraphs or ("Our therapy can cure pain.",))).data()


def _bomb() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:t>" + b" " * 150_000_000)
    return out.getvalue()


def _with_entities() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><w:document/>')
    return out.getvalue()


# A file, its bytes, and what is said of it.
UNREADABLE: dict[str, tuple[str, Maker, str]] = {
    "binary": ("a.md", lambda: bytes(range(256)) * 9, "the file is binary"),
    "a picture": ("a.md", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "this is a PNG image"),
    "a PDF": ("a.txt", lambda: b"%PDF-1.7\n" + bytes(99), "this is a PDF"),
    "another encoding": (
        "a.md", lambda: "Good.\n\nA naïve claim.\n".encode("latin-1"), "not valid UTF-8 (byte 0xef)",
    ),
    "UTF-16 without a mark": ("a.html", lambda: "<p>Good.".encode("utf-16-le"), "byte-order mark"),
    "UTF-32": ("a.txt", lambda: "Good.".encode("utf-32"), "save it as UTF-8"),
    "half a character": ("a.txt", lambda: "Good é".encode("utf-16")[:-1], "not valid UTF-16"),
    "Word under another name": ("a.md", _word, "ZIP archive"),
    "text under the name of Word": ("a.docx", lambda: b"Good.", "no Word document"),
    "an empty Word file": ("a.docx", lambda: b"", "the file is empty"),
    "a truncated Word file": ("a.docx", lambda: _word()[:-400], "damaged or cut off"),
    "an encrypted Word file": (
        "a.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted with a password",
    ),
    "an old Word file": ("a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word format"),
    "a Word file that expands": ("a.docx", _bomb, "looks like an attack"),
    "a Word file with entities": ("a.docx", _with_entities, "declares XML entities"),
    "no Word document in it": ("a.docx", lambda: _zip("x", "y"), "holds no Word document"),
    "another format": ("a.pdf", lambda: b"x", "is not a document that claimlint reads"),
    "no suffix": ("a", lambda: b"Good.", "is not a document that claimlint reads"),
}  # fmt: skip


def _zip(name: str, content: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_told_and_the_rest_is_checked(
    claimlint: Command, folder: Path, kind: str
) -> None:
    name, make, said = UNREADABLE[kind]
    (folder / name).write_bytes(make())
    result = claimlint("check", name, "bad.md", "good.md", "--format", "json")
    assert result.exit_code == 3
    assert result.stderr == ""
    out = json.loads(result.stdout)
    [problem] = out["problems"]
    assert problem["path"] == name
    assert said in problem["message"]
    assert "\n" not in problem["message"]
    assert [document["path"] for document in out["documents"]] == ["bad.md", "good.md"]
    assert out["summary"]["errors"] > 0


@pytest.mark.parametrize("form", ["text", "concise"])
def test_every_output_for_people_tells_it_in_one_line(
    claimlint: Command, folder: Path, form: str
) -> None:
    (folder / "a.md").write_bytes("Good.\n\nA naïve claim.\n".encode("latin-1"))
    result = claimlint("check", "a.md", "good.md", "--format", form)
    assert result.exit_code == 3
    [line] = [line for line in result.output.splitlines() if "not valid UTF-8" in line]
    assert line.startswith("a.md:3:5: ")
    assert "save it as UTF-8" in line


def test_an_oversized_file_is_told_with_both_sizes(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text("max_bytes: 2000\n", "utf-8")
    (folder / "large.md").write_text("word " * 500, "utf-8")
    result = claimlint("check", "--format", "json")
    assert result.exit_code == 3
    out = json.loads(result.stdout)
    [problem] = out["problems"]
    assert "2,500 bytes" in problem["message"]
    assert "limit of 2,000" in problem["message"]
    assert len(out["documents"]) == 2


def test_a_file_that_cannot_be_opened_is_told(claimlint: Command, folder: Path) -> None:
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    result = claimlint("check", "loop.md", "gone.md", "bad.md", "--format", "json")
    assert result.exit_code == 3
    out = json.loads(result.stdout)
    messages = {problem["path"]: problem["message"] for problem in out["problems"]}
    assert messages["gone.md"] == "cannot be read: No such file or directory"
    assert messages["loop.md"].startswith("cannot be read: ")
    assert len(out["documents"]) == 1


def test_what_cannot_be_read_beats_findings_and_usage_beats_both(claimlint: Command) -> None:
    assert claimlint("check", "bad.md").exit_code == 1
    assert claimlint("check", "bad.md", "gone.md", "--fail-on", "never").exit_code == 3
    assert claimlint("check", "bad.md", "gone.md", "--market", "usa").exit_code == 2


def test_part_of_a_draft_that_cannot_be_read_is_never_a_pass(
    claimlint: Command, folder: Path
) -> None:
    (folder / "front.md").write_text(f"---\ntitle: Care\ntitle: Cure\n---\n{GOOD}", "utf-8")
    result = claimlint("check", "front.md", "--format", "json")
    out = json.loads(result.stdout)
    [problem] = out["problems"]
    assert (problem["line"], problem["column"]) == (3, 1)
    assert 'the key "title" is already given in line 2' in problem["message"]
    assert out["documents"][0]["verdict"] == "review"
    assert result.exit_code == 3


def test_a_missing_extra_is_named_with_the_command_that_brings_it(
    claimlint: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("visit.docx", "a second visit.docx"):
        (folder / name).write_bytes(_word("Good."))
    monkeypatch.setitem(sys.modules, "lxml", None)
    result = claimlint("check", "--fail-on", "never")
    assert result.exit_code == 3
    assert result.stdout.count("pip install '.[docx]'") == 1
    assert "a second visit.docx: problem: reading .docx files needs the extra" in result.stdout
    assert "\nvisit.docx: problem: needs the same extra\n" in result.stdout
    assert "Checked 2 documents" in result.stdout
    assert claimlint("check", "visit.docx").exit_code == 3
    assert claimlint("check", "good.md").exit_code == 0


_RULE = """\
pack: ours
version: 1.0.0
rules:
  - id: ours/one
    title: One
    category: pressure
    severity: warning
    kind: {kind}
    message: Mild
    why: A reason.
    examples:
      flag: ["Come [[now or never]].", "Do it [[now or never]]."]
      pass: ["Come now.", "It is never late."]
"""
# A pack, and what is said of it, with its place.
BROKEN_PACKS = {
    "an unknown key": (
        _RULE.format(kind="phrase\n    match: [now or never]\n    mesage: x"),
        '10:5: unknown key "mesage"; did you mean "message"?',
    ),
    "a duplicate key": (
        _RULE.format(kind="phrase\n    match: [now or never]\n    title: Two"),
        '10:5: the key "title" is already given in line 5',
    ),
    "a word read as a boolean": (
        _RULE.format(kind="phrase\n    match: [no]").replace("title: One", "title: no"), "5:12: ",
    ),
    "an empty rule": ("pack: ours\nversion: 1.0.0\nrules:\n  -\n", "4:4: "),
    "no rule at all": (_RULE.format(kind="phrase\n    match: []"), "9:12: "),
    "a pattern that does not compile": (
        _RULE.format(kind="pattern\n    triggers: [now]\n    pattern: 'now (or'"),
        "10:14: the regular expression does not compile",
    ),
    "a pattern that takes too long": (
        _RULE.format(kind="pattern\n    triggers: [now]\n    pattern: 'now (?:a|aa)+b'"),
        "10:14: the regular expression takes too long",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN_PACKS)
def test_a_broken_pack_is_told_with_its_place_and_nothing_is_checked(
    claimlint: Command, folder: Path, kind: str
) -> None:
    text, said = BROKEN_PACKS[kind]
    (folder / "ours.yaml").write_text(text, "utf-8")
    result = claimlint("check", "bad.md", "gone.md", "--pack", "./ours.yaml")
    assert result.exit_code == 2
    assert f"ours.yaml:{said}" in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_broken_cache_is_ignored_and_made_again(
    claimlint: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "broken cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    before = claimlint("check", "--format", "json")
    entries = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    assert entries
    for spoilt in (b"", b"{", b"\x00" * 5000):
        for path in entries:
            path.write_bytes(spoilt)
        after = claimlint("check", "--format", "json")
        assert (after.stdout, after.stderr, after.exit_code) == (before.stdout, "", 1)
        assert all(path.read_bytes() != spoilt for path in entries)


def test_drafts_with_nothing_in_them_are_never_a_pass(claimlint: Command, folder: Path) -> None:
    for name in ("empty.md", "empty.html", "empty.txt"):
        (folder / name).write_bytes(b"")
    (folder / "blank.docx").write_bytes(DocxBuilder("<w:p/>").data())
    (folder / "code.md").write_text("```\ncure pain\n```\n", "utf-8")
    names = ["empty.md", "empty.html", "empty.txt", "blank.docx", "code.md"]
    result = claimlint("check", *names, "--format", "json")
    out = json.loads(result.stdout)
    assert [document["verdict"] for document in out["documents"]] == ["review"] * 5
    assert {problem["path"] for problem in out["problems"]} == set(names)
    assert {document["readability"] for document in out["documents"]} == {None}


def test_a_draft_in_another_language_is_never_a_pass(claimlint: Command, folder: Path) -> None:
    text = "Wir behandeln Knieschmerzen und Arthrose mit viel Zeit und großer Ruhe seit Jahren. "
    (folder / "de.md").write_text(text * 4, "utf-8")
    (folder / "ko.md").write_text("무릎 통증을 완치합니다. " * 9, "utf-8")
    out = json.loads(claimlint("check", "de.md", "ko.md", "--format", "json").stdout)
    assert [document["language"] for document in out["documents"]] == ["und", "ko"]
    assert [document["verdict"] for document in out["documents"]] == ["review", "review"]
    assert ["English" in problem["message"] for problem in out["problems"]] == [True, True]


def test_bad_among_good_gives_the_same_findings_in_any_order(
    claimlint: Command, folder: Path
) -> None:
    (folder / "scan.md").write_bytes(b"\xff\xfe\x00")
    (folder / "other.md").write_text(BAD * 2, "utf-8")

    def found(*names: str) -> dict[str, object]:
        out = json.loads(claimlint("check", *names, "--format", "json").stdout)
        return {document["path"]: document for document in out["documents"]}

    assert found("bad.md", "scan.md", "other.md") == found("other.md", "scan.md", "bad.md")


def test_a_draft_on_standard_input_that_is_too_large_is_not_counted_wrongly(
    claimlint: Command, folder: Path
) -> None:
    (folder / "claimlint.yaml").write_text("max_bytes: 2000\n", "utf-8")
    piped = claimlint("check", "-", "--stdin-filename", "large.md", input=b"word " * 600)
    assert piped.exit_code == 3
    assert (
        "large.md: problem: has more than 2,000 bytes, the limit; split the document"
        in piped.stdout
    )
