"""What a command must not destroy, keep back or say wrongly: project files, other drafts, reasons."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.conftest import Command

CLAIM = "Our miracle treatment is here.\n"
PACK = """pack: own
version: 1.0.0
lexicons:
  - {name: own_words, about: Words of ours., part: noun, entries: [wobble]}
"""


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("report", "-o", "log.jsonl", "--audit-log", "log.jsonl"), "is the audit log"),
        (("report", "-o", "old.json", "--since", "old.json"), "is the earlier report"),
        (("report", "-o", "claimlint-waivers.yaml"), "is the file of waivers"),
        (
            ("report", "-o", "new.html", "--audit-log", "claimlint-waivers.yaml"),
            "is the file of waivers",
        ),
        (("baseline", "--audit-log", "claimlint-baseline.json"), "is the baseline"),
        (("check", "-o", "claimlint-baseline.json"), "is the baseline"),
        (("check", "-o", "claimlint.yaml"), "is the configuration"),
        (("check", "-o", "own/rules.yaml"), "is the rule pack ./own"),
        (("check", "-o", "cut.docx", "cut.docx"), "is one of the drafts"),
        (("report", "-o", "site/"), "is no page that claimlint wrote"),
        (("report", "--annotate", "good.md"), "ends in .docx"),
    ],
)
def test_no_output_takes_the_place_of_the_projects_own_files(
    claimlint: Command, folder: Path, words: tuple[str, ...], what: str
) -> None:
    (folder / "claimlint.yaml").write_text("market: [us]\npacks: [./own]\n", "utf-8")
    for name in ("own", "site"):
        (folder / name).mkdir()
    (folder / "own" / "rules.yaml").write_text(PACK, "utf-8")
    (folder / "site" / "index.html").write_text("<p>A page of somebody else.</p>", "utf-8")
    (folder / "cut.docx").write_bytes(b"PK cut short")
    assert claimlint("baseline", "good.md").exit_code == 0
    claimlint("check", "good.md", "-f", "json", "-o", "old.json")
    claimlint("report", "good.md", "-o", "page.html", "--audit-log", "log.jsonl")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = claimlint(*words, "bad.md")
    assert result.exit_code == 2
    assert what in result.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_beside_the_rules_in_their_folder_a_page_may_be_written(
    claimlint: Command, folder: Path
) -> None:
    (folder / "all").mkdir()
    (folder / "all" / "own.yaml").write_text(PACK, "utf-8")
    for output, status in (("all/page.html", 0), ("all/page.html", 0), ("all/own.yaml", 2)):
        assert claimlint("report", "good.md", "-o", output, "--pack", "./all").exit_code == status


def test_what_could_not_be_read_is_told_where_findings_are_listed(
    claimlint: Command, folder: Path
) -> None:
    result = claimlint("decide", "list", "missing.md")
    assert (result.exit_code, "missing.md" in result.stderr) == (3, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_configuration_that_is_a_pipe_is_not_waited_for(claimlint: Command, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    result = claimlint("check", "good.md", "--config", "pipe")
    assert (result.exit_code, "is no regular file" in result.stderr) == (2, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_draft_that_may_not_be_read_keeps_no_other_back(claimlint: Command, folder: Path) -> None:
    (folder / "good.md").chmod(0)
    result = claimlint("check", "-f", "concise", "good.md", "bad.md")
    assert result.exit_code == 3
    assert "bad.md:3" in result.stdout


def test_paths_are_not_tried_before_the_run() -> None:
    from claimlint.cli.check import check

    paths = next(one for one in check.params if one.name == "paths")
    assert not getattr(paths.type, "readable", True)  # root, as in CI, would read the draft anyway


def test_no_more_processes_start_than_there_is_work(
    claimlint: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent import futures

    asked = []

    class Pool(futures.ProcessPoolExecutor):
        def __init__(self, workers: int, **options: object) -> None:
            asked.append(workers)
            super().__init__(workers, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(futures, "ProcessPoolExecutor", Pool)
    assert claimlint("check", "--jobs", "3000").exit_code == 1
    assert asked == [2]


def test_the_text_says_why_the_claim_model_lowered_or_raised_a_finding(
    claimlint: Command, folder: Path
) -> None:
    (folder / "claimlint.yaml").write_text("rules: {superlative/breakthrough: error}\n", "utf-8")
    (folder / "low.md").write_text("This is a breakthrough treatment.\n", "utf-8")
    low = claimlint("check", "low.md", "--select", "superlative/").stdout
    assert "context:  lowered, since the sentence as a whole reads as information" in low
    line = (
        "The injected layer wakes sleepy cartilage, and stairs stop being a worry for our guests."
    )
    (folder / "high.md").write_text(f"# Our PRP\n\n{line}\n", "utf-8")
    high = claimlint("check", "high.md", "--select", "mechanism/").stdout
    assert "context:  the wording as a whole reads as a claim" in " ".join(high.split("\n"))


def test_fix_keeps_the_statements_that_were_let_off(claimlint: Command, folder: Path) -> None:
    (folder / "fx.md").write_text(f"This is not a miracle treatment. {CLAIM}", "utf-8")
    result = claimlint("check", "--fix", "--explain-passed", "fx.md")
    assert 'left alone "miracle treatment"' in result.stdout


def test_a_diff_names_the_file_behind_a_link_and_tells_of_utf_16(
    claimlint: Command, folder: Path
) -> None:
    (folder / "real").mkdir()
    (folder / "real" / "draft.md").write_text(CLAIM, "utf-8")
    (folder / "link.md").symlink_to(folder / "real" / "draft.md")
    assert "+++ real/draft.md\n" in claimlint("check", "--diff", "link.md").stdout
    (folder / "wide.md").write_bytes(b"\xff\xfe" + CLAIM.encode("utf-16-le"))
    wide = claimlint("check", "--diff", "wide.md")
    assert "+Our treatment is here." in wide.stdout
    assert "wide.md is UTF-16: its change is shown, and only --fix can make it" in wide.stderr


def test_prune_takes_out_drafts_that_are_gone(claimlint: Command, folder: Path) -> None:
    for name in ("blog", "other"):
        (folder / name).mkdir()
        (folder / name / "page.md").write_text(CLAIM, "utf-8")
    claimlint("baseline", "blog", "other")
    (folder / "blog" / "page.md").unlink()
    (folder / "other" / "page.md").unlink()
    claimlint("baseline", "--prune", "blog")
    known = json.loads((folder / "claimlint-baseline.json").read_bytes())["documents"]
    assert list(known) == ["other/page.md"]
    (folder / "blog" / "page.md").write_text(CLAIM, "utf-8")
    assert "suppressed" not in claimlint("check", "blog").stdout


def test_names_that_are_no_text_are_told(claimlint: Command, folder: Path) -> None:
    strange = os.fsencode(folder) + b"/bad\xff.md"
    with open(strange, "wb") as file:  # noqa: PTH123  (a name of bytes)
        file.write(CLAIM.encode())
    result = claimlint("baseline", "--quiet")
    assert result.exit_code == 0
    assert "its name is no UTF-8" in claimlint("baseline").stderr
    pack = claimlint("check", "--pack", os.fsdecode(b"bad\xff"), "good.md")
    assert pack.exit_code == 2
    assert "its name is no UTF-8; rename it" in pack.stderr


def test_a_comment_that_names_no_rule_is_told(claimlint: Command, folder: Path) -> None:
    (folder / "draft.md").write_text(
        "<!-- claimlint-disable-next-line cure/claims-a-cur -- checked -->\n"
        "Bring your card.\n\n"
        "<!-- claimlint-disable-next-line nope/ -- checked -->\n"
        "Bring your list.\n\n"
        "<!-- claimlint-disable-next-line kr/appearance, privacy/ -- for another market -->\n"
        "Bring your list of medicines.\n",
        "utf-8",
    )
    notes = json.loads(claimlint("check", "-f", "json", "draft.md").stdout)["suppression_notes"]
    refused = [(one["line"], one["message"]) for one in notes if one["status"] == "refused"]
    assert [line for line, _ in refused] == [1, 4]
    assert "there is no rule cure/claims-a-cur" in refused[0][1]


def test_a_rule_of_another_market_is_no_unknown_rule(claimlint: Command) -> None:
    result = claimlint("rules", "show", "kr/appearance")
    assert result.exit_code == 2
    assert '"kr/appearance" is a rule of the market kr: add --market kr' in result.stderr


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_configuration_that_cannot_be_used_is_not_passed_over(
    claimlint: Command, folder: Path, kind: str
) -> None:
    place = folder / "claimlint.yaml"
    place.symlink_to("nowhere") if kind == "link" else place.mkdir()
    result = claimlint("check", "good.md")
    assert result.exit_code == 2
    assert "claimlint.yaml: is no file that can be read" in result.stderr


def test_annotate_wants_a_file(claimlint: Command) -> None:
    result = claimlint(
        "report", "-", "--stdin-filename", "z.docx", "--annotate", "a.docx", input=b""
    )
    assert result.exit_code == 2
    assert "--annotate works on a file" in result.stderr
