"""`claimlint check`: exit statuses, formats, files, standard input."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from tests.cli.conftest import BAD, GOOD, Command


def test_errors_give_status_one_and_name_the_words(claimlint: Command) -> None:
    result = claimlint("check", "bad.md")
    assert result.exit_code == 1
    assert "bad.md:3:" in result.stdout
    assert "^^^^" in result.stdout
    assert "cure/" in result.stdout


def test_a_clean_draft_gives_status_zero(claimlint: Command) -> None:
    result = claimlint("check", "good.md")
    assert result.exit_code == 0
    assert "good.md: pass, nothing found by these rules" in result.stdout
    assert result.stderr == ""


def test_without_paths_the_working_directory_is_checked(claimlint: Command) -> None:
    result = claimlint("check", "--format", "json")
    assert [document["path"] for document in json.loads(result.stdout)["documents"]] == [
        "bad.md",
        "good.md",
    ]
    assert result.exit_code == 1


def test_the_fail_level_decides(claimlint: Command, folder: Path) -> None:
    assert claimlint("check", "bad.md", "--fail-on", "never").exit_code == 0
    (folder / "mild.md").write_text("Stem cells are often called master cells.\n", "utf-8")
    result = claimlint("check", "mild.md", "--format", "json")
    severities = {f["severity"] for f in json.loads(result.stdout)["documents"][0]["findings"]}
    assert severities
    assert "error" not in severities
    assert result.exit_code == 0
    assert claimlint("check", "mild.md", "--fail-on", "note").exit_code == 1


def test_the_configuration_sets_the_fail_level_and_the_flag_beats_it(
    claimlint: Command, folder: Path
) -> None:
    (folder / "claimlint.yaml").write_text("fail_on: never\n", "utf-8")
    assert claimlint("check", "bad.md").exit_code == 0
    assert claimlint("check", "bad.md", "--fail-on", "error").exit_code == 1


def test_a_missing_path_is_a_problem_and_the_rest_is_checked(claimlint: Command) -> None:
    result = claimlint("check", "bad.md", "gone.md", "--format", "concise")
    assert result.exit_code == 3
    assert "gone.md: problem: does not exist" in result.stdout
    assert "bad.md:3:" in result.stdout


def test_an_unreadable_draft_is_a_problem(claimlint: Command, folder: Path) -> None:
    (folder / "scan.docx").write_bytes(b"this is no Word file")
    result = claimlint("check", "--format", "json")
    out = json.loads(result.stdout)
    assert result.exit_code == 3
    assert [problem["path"] for problem in out["problems"]] == ["scan.docx"]
    assert len(out["documents"]) == 2


def test_a_configuration_error_beats_everything(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text("fail_onn: error\n", "utf-8")
    result = claimlint("check", "bad.md", "gone.md")
    assert result.exit_code == 2
    assert "claimlint.yaml:1:1" in result.stderr
    assert 'did you mean "fail_on"' in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "--format", "jsn"], 'did you mean "json"?'),
        (["check", "--fail-on", "errors"], 'did you mean "error"?'),
        (["check", "--jobs", "many"], "many"),
        (["check", "--frmat", "json"], "--format"),
        (["chekc"], 'did you mean "check"?'),
        (["bad.md"], "claimlint check bad.md"),
        (["check", "--market", "us-fll"], "us-fl"),
        (["check", "--market", "us,,kr"], "--market has an empty value"),
        (["check", "--select", "cure/claims-a-cur"], "cure/claims-a-cure"),
        (["check", "--pack", "./no-such-pack"], 'the pack "./no-such-pack" does not exist'),
        (["check", "--pack", "../no-such-pack"], 'the pack "../no-such-pack" does not exist'),
        (["check", "--pack", ""], "'--pack': the name is empty"),
        (["check", "--config", ""], "'--config': the name is empty"),
        (["check", "-o", ""], "'-o': the name is empty"),
        (["report", "-o", ""], "'-o': the name is empty"),
        (["check", ""], "the name is empty"),
        (["check", "-", "--stdin-filename", ""], "the name is empty"),
        (["check", "--market", "US"], 'did you mean "us"?'),
        (["check", "--market", "us_FL"], 'did you mean "us-fl"?'),
        (["check", "--select", "cure"], 'did you mean "cure/"?'),
        (["check", "--ignore", "Cure/"], 'did you mean "cure/"?'),
        (["check", "--config", "gone.yaml"], "gone.yaml"),
        (["check", "-"], "--stdin-filename"),
        (["check", "bad.md", "--stdin-filename", "a.md"], "add - to the paths"),
        (["check", "--output", "no/such/folder/out.txt"], "cannot be written"),
        (["rules", "show", "cure/claims-a-cur"], 'did you mean "cure/claims-a-cure"?'),
        (["rules", "test", "cur/"], 'did you mean "cure/"?'),
        (["rules", "test", "cure"], 'did you mean "cure/"?'),
        (["rules", "show", "cure/"], "rules list --select cure/"),
    ],
)
def test_usage_errors_give_status_two_and_a_remedy(
    claimlint: Command, words: list[str], said: str
) -> None:
    result = claimlint(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_nothing_to_check_is_a_notice(claimlint: Command, folder: Path) -> None:
    (folder / "empty").mkdir()
    result = claimlint("check", "empty")
    assert result.exit_code == 0
    assert "no documents found" in result.stderr
    assert claimlint("check", "empty", "--quiet").stderr == ""


def test_standard_input_is_a_draft_with_a_name(claimlint: Command) -> None:
    words = ["check", "-", "--stdin-filename", "notes/draft.md", "--format", "json"]
    result = claimlint(*words, input=BAD.encode())
    [document] = json.loads(result.stdout)["documents"]
    assert document["path"] == "notes/draft.md"
    assert document["format"] == "markdown"
    assert result.exit_code == 1
    assert claimlint("check", "--stdin-filename", "a.md", input=GOOD.encode()).exit_code == 0


def test_standard_input_gives_what_the_file_gives(claimlint: Command) -> None:
    named = ["--stdin-filename", "bad.md", "--format", "json"]
    by_pipe = claimlint("check", "-", *named, input=BAD.encode()).stdout
    assert by_pipe == claimlint("check", "bad.md", "--format", "json").stdout


def test_an_oversized_standard_input_is_a_problem(claimlint: Command, folder: Path) -> None:
    (folder / "claimlint.yaml").write_text("max_bytes: 1024\n", "utf-8")
    result = claimlint("check", "-", "--stdin-filename", "a.md", input=b"word " * 1000)
    assert result.exit_code == 3
    assert "limit" in result.stdout


def test_output_goes_to_a_file(claimlint: Command, folder: Path) -> None:
    result = claimlint("check", "bad.md", "--format", "json", "--output", "out.json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert json.loads((folder / "out.json").read_text("utf-8"))["schema_version"] == 1
    assert stat.S_IMODE((folder / "out.json").stat().st_mode) & 0o400


def test_output_keeps_a_file_whole_and_its_permissions(claimlint: Command, folder: Path) -> None:
    out = folder / "out.txt"
    out.write_text("old", "utf-8")
    out.chmod(0o640)
    link = folder / "latest.txt"
    link.symlink_to(out)
    claimlint("check", "bad.md", "--output", "latest.txt")
    assert link.is_symlink()
    assert "bad.md" in out.read_text("utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert not list(folder.glob(".out*"))


def test_output_to_a_device_writes_into_it(claimlint: Command) -> None:
    assert claimlint("check", "bad.md", "--output", os.devnull).exit_code == 1
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(("words", "coloured"), [(["--color", "always"], True), ([], False)])
def test_colour_is_for_terminals_or_on_demand(
    claimlint: Command, words: list[str], coloured: bool
) -> None:
    assert ("\x1b[" in claimlint("check", "bad.md", *words).stdout) is coloured


def test_select_and_ignore_take_ids_and_categories(claimlint: Command) -> None:
    def rules(*words: str) -> set[str]:
        out = json.loads(claimlint("check", "bad.md", "--format", "json", *words).stdout)
        return {found["rule"] for found in out["documents"][0]["findings"]}

    everything = rules()
    cure = {rule for rule in everything if rule.startswith("cure/")}
    assert cure
    assert cure < everything
    assert rules("--select", "cure/") == cure
    assert rules("--ignore", "cure/") == everything - cure
    assert rules("--select", "cure/", "--select", "guarantee/") >= cure


def test_several_processes_give_the_same_bytes(claimlint: Command, folder: Path) -> None:
    for number in range(6):
        (folder / f"more-{number}.md").write_text(BAD * (number + 1), "utf-8")
    one = claimlint("check", "--format", "json")
    two = claimlint("check", "--format", "json", "--jobs", "2")
    assert one.stdout == two.stdout
    assert one.exit_code == two.exit_code == 1


def test_a_run_without_the_cache_gives_the_same_bytes(claimlint: Command) -> None:
    runs = [claimlint("check", "--format", "json", *words) for words in ([], [], ["--no-cache"])]
    assert len({run.stdout for run in runs}) == 1


def test_the_concise_format_says_nothing_about_a_clean_draft(claimlint: Command) -> None:
    result = claimlint("check", "good.md", "--format", "concise")
    assert (result.exit_code, result.output) == (0, "")


def test_a_market_adds_its_rules(claimlint: Command) -> None:
    def markets(*words: str) -> list[str]:
        out = json.loads(claimlint("check", "bad.md", "--format", "json", *words).stdout)
        return list(out["tool"]["ruleset"]["markets"])

    assert markets() == ["us"]
    assert markets("--market", "us-fl") == ["us", "us-fl"]


def test_statements_that_were_let_off_are_listed_on_request(
    claimlint: Command, folder: Path
) -> None:
    (folder / "honest.md").write_text("Exosome therapy does not cure arthritis.\n", "utf-8")
    shown = claimlint("check", "honest.md", "--explain-passed").stdout
    assert 'honest.md:1:26: left alone "cure arthritis" (cure/claims-a-cure): “not”' in shown
    assert "let off" not in claimlint("check", "honest.md").stdout
    report = json.loads(
        claimlint("check", "honest.md", "--explain-passed", "--format", "json").stdout
    )
    (one,) = report["documents"][0]["let_off"]
    assert (one["words"], one["context"]["modality"]) == ("cure arthritis", "negated")
    plain = json.loads(claimlint("check", "honest.md", "--format", "json").stdout)
    assert plain["documents"][0]["let_off"] is None


def test_several_processes_tell_the_same_of_what_was_let_off(
    claimlint: Command, folder: Path
) -> None:
    for name in ("one.md", "two.md"):
        (folder / name).write_text("Exosome therapy does not cure arthritis.\n", "utf-8")
    words = ("check", "one.md", "two.md", "--explain-passed")
    assert claimlint(*words, "--jobs", "2").stdout == claimlint(*words).stdout


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--select", "us-fl/stem-cell-notice"), "add --market us-fl"),
        (("--select", "cure/,us-fl/"), "add --market us-fl"),
        (("--select", "cure/", "--ignore", "cure/"), "cure/ runs no rule"),
    ],
)
@pytest.mark.parametrize("command", [("check", "bad.md"), ("report", "bad.md"), ("rules", "list")])
def test_a_choice_that_runs_no_rule_is_refused(
    claimlint: Command, flags: tuple[str, ...], said: str, command: tuple[str, ...]
) -> None:
    result = claimlint(*command, *flags)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_draft_for_which_no_rule_is_chosen_does_not_pass(
    claimlint: Command, folder: Path
) -> None:
    (folder / "claimlint.yaml").write_text(
        "overrides: [{files: good.md, market: us-fl}]\n", encoding="utf-8"
    )
    result = claimlint("check", "--select", "us-fl/")
    assert "bad.md: problem: no rule is chosen for this file" in result.stdout
    assert "bad.md: review" in result.stdout
    assert "good.md: pass" in result.stdout


@pytest.mark.parametrize(
    ("flags", "configuration", "said"),
    [
        (("--select", "cure/"), "", "Only these rules ran: cure/."),
        (("--ignore", "pressure/"), "", "These rules did not run: pressure/."),
        ((), "rules: {pressure/: off, cure/: note}\n", "These rules did not run: pressure/."),
    ],
)
def test_a_run_of_some_rules_says_so(
    claimlint: Command, folder: Path, flags: tuple[str, ...], configuration: str, said: str
) -> None:
    (folder / "claimlint.yaml").write_text(configuration, encoding="utf-8")
    assert said in claimlint("check", "good.md", *flags).stdout
    assert said in claimlint("check", "--grid", "good.md", *flags).stdout
    assert said in claimlint("report", "good.md", "-o", "page.html", *flags).stdout
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert said in page
    quiet = page.split("Nothing found by these rules in: ")[1].split(".")[0]
    assert "pressure" not in quiet
    assert "cure" in quiet


def test_a_full_run_says_nothing_of_rules_left_out(claimlint: Command) -> None:
    assert "rules ran" not in claimlint("check").stdout
    assert "not run" not in claimlint("check").stdout
