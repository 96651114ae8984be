"""`claimlint decide` and `claimlint baseline`, as a person uses them."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.cli.conftest import Command

WAIVERS = "claimlint-waivers.yaml"
RULE = "cure/claims-a-cure"


def findings(claimlint: Command, *words: str) -> list[dict[str, Any]]:
    out = json.loads(claimlint("check", "--format", "json", *words).stdout)
    return [one for document in out["documents"] for one in document["findings"]]


def cure(claimlint: Command) -> dict[str, Any]:
    return next(one for one in findings(claimlint, "bad.md") if one["rule"] == RULE)


def exported(folder: Path, claimlint: Command, **changes: str) -> Path:
    """A file of decisions as the review page writes it."""
    finding = cure(claimlint)
    fields = {
        "decision": "waive",
        "rule": finding["rule"],
        "fingerprint": finding["fingerprint"],
        "sentence": finding["sentence"]["text"],
        "reason": "shown beside its trial",
        "by": "Dr. A",
        "date": "2026-11-20",
        "sha256": hashlib.sha256((folder / "bad.md").read_bytes()).hexdigest(),
        "path": "bad.md",
        "form": "1",
    } | changes
    head = {key: fields.pop(key) for key in ("form", "path", "sha256")}
    written = "\n        ".join(f"{key}: {json.dumps(value)}" for key, value in fields.items())
    path = folder / "claimlint-decisions.yaml"
    path.write_text(
        f"""# Decisions made in a claimlint review page.
claimlint_decisions: {head["form"]}
tool: "0.1.0"
ruleset: "0"
documents:
  - path: {json.dumps(head["path"])}
    sha256: "{head["sha256"]}"
    decisions:
      - {written}
""",
        "utf-8",
    )
    return path


def test_list_shows_what_waive_takes(claimlint: Command, folder: Path) -> None:
    listed = claimlint("decide", "list", "bad.md").stdout
    line = next(line for line in listed.splitlines() if RULE in line)
    mark = line.split()[0]
    result = claimlint(
        "decide", "waive", "bad.md", mark[:8], "--reason", "beside its trial", "--approver", "Dr. A"
    )
    assert (result.exit_code, result.stdout) == (0, f"{WAIVERS}: let off {RULE} in bad.md\n")
    again = claimlint("check", "bad.md")
    assert f'suppressed error {RULE} "cure arthritis" (waiver: beside its trial' in again.stdout
    assert RULE not in claimlint("decide", "list", "bad.md").stdout
    assert "(waiver)" in claimlint("decide", "list", "bad.md", "--state", "suppressed").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bad.md", "ffff", "--reason", "r", "--approver", "a"), "has no finding ffff"),
        (("bad.md", "ab", "--reason", "r", "--approver", "a"), "at least 4 digits"),
        (("none.md", "ffff", "--reason", "r", "--approver", "a"), "no draft that could be read"),
        (("bad.md", "ffff", "--approver", "a"), "--reason"),
        (("bad.md", "ffff", "--reason", "r"), "--approver"),
        (("bad.md", "ffff", "--reason", "", "--approver", "a"), "empty"),
        (
            ("bad.md", "ffff", "--reason", "r", "--approver", "a", "--expires", "soon"),
            "is not a day",
        ),
        (
            ("bad.md", "ffff", "--reason", "r", "--approver", "a", "--expires", "2020-01-01"),
            "in the past",
        ),
    ],
)
def test_what_cannot_be_waived_is_told(
    claimlint: Command, folder: Path, words: tuple[str, ...], said: str
) -> None:
    result = claimlint("decide", "waive", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (folder / WAIVERS).exists()


def test_decisions_of_the_page_are_taken_over_and_break_with_the_sentence(
    claimlint: Command, folder: Path
) -> None:
    assert claimlint("check", "bad.md", "--select", RULE).exit_code == 1
    result = claimlint("decide", "apply", str(exported(folder, claimlint)))
    assert (result.exit_code, result.stdout) == (0, f"{WAIVERS}: let off 1 finding\n")
    assert claimlint("check", "bad.md", "--select", RULE).exit_code == 0
    draft = folder / "bad.md"
    draft.write_text(draft.read_text("utf-8").replace("its source", "the root"), "utf-8")
    result = claimlint("check", "bad.md", "--select", RULE)
    assert result.exit_code == 1
    assert "broken" in result.stdout


def test_will_fix_suppresses_nothing(claimlint: Command, folder: Path) -> None:
    path = exported(folder, claimlint, decision="accept", reason="", by="")
    result = claimlint("decide", "apply", str(path))
    assert result.stdout == "Nothing to let off; 1 to be fixed in the text\n"
    assert not (folder / WAIVERS).exists()


def test_a_false_alarm_is_kept_as_one(claimlint: Command, folder: Path) -> None:
    claimlint("decide", "apply", str(exported(folder, claimlint, decision="false_alarm")))
    assert cure(claimlint)["suppressed"]["by"] == "false_alarm"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"path": "other.md"}, "other.md is no draft that could be read here"),
        ({"path": "good.md"}, "good.md is not the version that was reviewed"),
        ({"sha256": "0" * 64}, "bad.md is not the version that was reviewed"),
        ({"fingerprint": "0123456789abcdef"}, "bad.md has no such finding"),
        ({"rule": "cure/other"}, "of another rule or sentence"),
        ({"sentence": "Something else."}, "of another rule or sentence"),
        ({"reason": " "}, "gives no reason"),
        ({"by": ""}, "names nobody"),
        ({"decision": "maybe"}, "accept, false_alarm or waive"),
        ({"date": "2026-13-01"}, "not a day of the calendar"),
        ({"expires": "2026-01-01"}, "expires before"),
        ({"form": "2"}, "another version of claimlint"),
        ({"extra": "1"}, 'unknown key "extra"'),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(
    claimlint: Command, folder: Path, changes: dict[str, str], said: str
) -> None:
    path = exported(folder, claimlint, **changes)
    result = claimlint("decide", "apply", str(path))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "claimlint-decisions.yaml:" in result.stderr
    assert not (folder / WAIVERS).exists()


def test_what_still_fits_an_edited_draft_is_taken_when_asked(
    claimlint: Command, folder: Path
) -> None:
    path = exported(folder, claimlint)
    draft = folder / "bad.md"
    draft.write_text(draft.read_text("utf-8") + "\nSee you soon.\n", "utf-8")
    assert claimlint("decide", "apply", str(path)).exit_code == 2
    assert claimlint("decide", "apply", "--allow-changed", str(path)).exit_code == 0


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"hello", b"claimlint_decisions: one\n"])
def test_what_is_no_file_of_decisions_is_told(
    claimlint: Command, folder: Path, data: bytes
) -> None:
    (folder / "d.yaml").write_bytes(data)
    result = claimlint("decide", "apply", "d.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: d.yaml:")


def test_a_missing_file_is_told(claimlint: Command) -> None:
    result = claimlint("decide", "apply", "d.yaml")
    assert (result.exit_code, "cannot be read" in result.stderr) == (2, True)


def test_a_full_disk_is_told(
    claimlint: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: str, data: bytes) -> None:
        raise OSError(28, "No space left on device", target)

    path = exported(folder, claimlint)
    monkeypatch.setattr("claimlint.files.replace", full)
    result = claimlint("decide", "apply", str(path))
    assert result.exit_code == 2
    assert f"{WAIVERS} cannot be written: No space left on device" in result.stderr


def test_a_broken_waivers_file_stops_every_check_and_stays(
    claimlint: Command, folder: Path
) -> None:
    (folder / WAIVERS).write_text("waivers:\n  - rule: cure/claims-a-cure\n", "utf-8")
    result = claimlint("check")
    assert result.exit_code == 2
    assert f"{WAIVERS}:2:5" in result.stderr
    before = (folder / WAIVERS).read_bytes()
    assert claimlint("decide", "list").exit_code == 2
    assert (folder / WAIVERS).read_bytes() == before


def test_a_baseline_makes_only_new_findings_fail(claimlint: Command, folder: Path) -> None:
    assert claimlint("check").exit_code == 1
    result = claimlint("baseline")
    assert result.exit_code == 0
    assert "claimlint-baseline.json: " in result.stdout
    assert claimlint("check").exit_code == 0
    draft = folder / "good.md"
    draft.write_text(draft.read_text("utf-8") + "\nOur serum cures cancer.\n", "utf-8")
    assert claimlint("check").exit_code == 1
    assert claimlint("check", "--no-suppressions").exit_code == 1


@pytest.mark.parametrize(
    "flag", [("--select", "cure/"), ("--ignore", "cure/"), ("--no-suppressions",)]
)
def test_a_baseline_is_whole(claimlint: Command, flag: tuple[str, ...]) -> None:
    assert claimlint("baseline", *flag).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--document", "*.md"),
        ("--document", "*"),
        ("--document", " "),
        ("--reason", "  "),
        ("--approver", " "),
        ("--expires", "20990101"),
    ],
)
def test_nothing_is_written_that_no_check_could_read(
    claimlint: Command, folder: Path, words: tuple[str, str]
) -> None:
    flags = {"--reason": "r", "--approver": "a", "--audit-log": "log.jsonl"} | dict([words])
    mark = cure(claimlint)["fingerprint"]
    result = claimlint(
        "decide", "waive", "bad.md", mark, *(word for pair in flags.items() for word in pair)
    )
    assert result.exit_code == 2
    assert words[0] in result.stderr
    assert not (folder / WAIVERS).exists()
    assert not (folder / "log.jsonl").exists()


def waive(claimlint: Command, path: str, *words: str) -> Result:
    mark = next(one for one in findings(claimlint, path) if one["rule"] == RULE)["fingerprint"]
    return claimlint("decide", "waive", path, mark, "--reason", "r", "--approver", "Dr. A", *words)


@pytest.mark.parametrize("name", ["x[ab].md", "[slug].md", "knee*.md"])
def test_a_draft_is_let_off_alone_whatever_its_name_is(
    claimlint: Command, folder: Path, name: str
) -> None:
    others = ["xa.md", "s.md", "knee-2.md"]
    for one in (name, *others):
        (folder / one).write_text((folder / "bad.md").read_text("utf-8"), "utf-8")
    result = waive(claimlint, name)
    assert result.exit_code == 0, result.stderr
    assert claimlint("check", name, "--select", RULE).exit_code == 0
    for one in others:
        assert claimlint("check", one, "--select", RULE).exit_code == 1
    # Also when the page decided, and for what is said of the whole draft.
    (folder / WAIVERS).unlink()
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path = exported(folder, claimlint, path=name, sha256=digest)
    assert claimlint("decide", "apply", str(path)).exit_code == 0
    assert claimlint("check", name, "--select", RULE).exit_code == 0
    whole = next(one for one in findings(claimlint, name) if one["category"] == "disclosure")
    words = ("--reason", "r", "--approver", "a")
    assert claimlint("decide", "waive", name, whole["fingerprint"], *words).exit_code == 0
    (folder / name).write_text("Bring your card.\n", "utf-8")
    unused = json.loads(claimlint("check", "--format", "json", name).stdout)["suppression_notes"]
    assert [note["status"] for note in unused] == ["unused", "unused"]


def test_a_draft_whose_name_is_no_text_is_told(claimlint: Command, folder: Path) -> None:
    name = os.fsdecode(b"knee-\xff.md")
    (folder / name).write_text((folder / "bad.md").read_text("utf-8"), "utf-8")
    mark = cure(claimlint)["fingerprint"]
    words = ("--reason", "r", "--approver", "a")
    result = claimlint("decide", "waive", name, mark, *words)
    assert result.exit_code == 2
    assert "not UTF-8" in result.stderr
    assert not (folder / WAIVERS).exists()
    assert (
        claimlint("decide", "waive", name, mark, *words, "--document", "knee-*.md").exit_code == 0
    )
    assert claimlint("check", name, "--select", RULE).exit_code == 0


def test_one_decision_is_for_sentences_that_differ_in_capitals_only(
    claimlint: Command, folder: Path
) -> None:
    claim = "PRP cures knee arthritis."
    (folder / "bad.md").write_text(f"# {claim.upper()}\n\n{claim}\n", "utf-8")
    twins = [one for one in findings(claimlint, "bad.md") if one["rule"] == RULE]
    assert len(twins) == 2
    for one in twins:  # the page exports one of them
        path = exported(folder, claimlint, sentence=one["sentence"]["text"])
        result = claimlint("decide", "apply", str(path))
        assert result.exit_code == 0, result.stderr
    assert claimlint("check", "bad.md", "--select", RULE).exit_code == 0


POLICY = "suppressions: {inline: false, require_approver: true, approvers: [Dr. B, Dr. C]}\n"


def test_only_approvers_let_findings_off(claimlint: Command, folder: Path) -> None:
    decisions = str(exported(folder, claimlint))
    (folder / "claimlint.yaml").write_text(POLICY, "utf-8")
    for result in (
        waive(claimlint, "bad.md", "--audit-log", "log.jsonl"),
        claimlint("decide", "apply", decisions, "--audit-log", "log.jsonl"),
    ):
        assert result.exit_code == 2
        assert "Dr. A is none of the approvers" in result.stderr
    assert not (folder / WAIVERS).exists()
    assert not (folder / "log.jsonl").exists()
    assert waive(claimlint, "bad.md", "--approver", "Dr.  B").exit_code == 0
    assert claimlint("check", "bad.md", "--select", RULE).exit_code == 0


def test_a_baseline_is_approved_where_the_policy_asks_for_that(
    claimlint: Command, folder: Path
) -> None:
    assert claimlint("baseline", "bad.md").exit_code == 0
    (folder / "claimlint.yaml").write_text(POLICY, "utf-8")
    result = claimlint("check", "bad.md")
    assert result.exit_code == 1
    assert "stayed open" in result.stdout
    before = (folder / "claimlint-baseline.json").read_bytes()
    for words in ((), ("--approver", "Dr. A"), ("--approver", " ")):
        result = claimlint("baseline", "bad.md", "--audit-log", "log.jsonl", *words)
        assert result.exit_code == 2
        assert "--approver" in result.stderr
    assert (folder / "claimlint-baseline.json").read_bytes() == before
    assert not (folder / "log.jsonl").exists()
    approved = ("--approver", "Dr. C", "--audit-log", "log.jsonl")
    assert claimlint("baseline", "bad.md", *approved).exit_code == 0
    assert json.loads((folder / "log.jsonl").read_text("utf-8"))["by"] == "Dr. C"
    result = claimlint("check", "bad.md")
    assert result.exit_code == 0
    assert "approved by Dr. C" in result.stdout
    assert claimlint("baseline", "bad.md", "--prune").exit_code == 0
    assert claimlint("check", "bad.md").exit_code == 0
