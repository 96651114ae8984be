"""Waivers and the baseline in a run: what they let off, when they break, what is told."""

from __future__ import annotations

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from claimlint import app
from claimlint.cache import CacheFolder
from claimlint.config import Config, Suppressions
from claimlint.errors import DefinitionError
from claimlint.locks import alone_with
from claimlint.model.report import Finding, Report
from claimlint.project import add_waivers, change_baseline
from claimlint.review.baseline import Baseline, taken
from claimlint.review.decisions import waiver
from claimlint.review.waivers import parse

DAY = datetime.date(2026, 11, 20)
RULE = "cure/claims-a-cure"
TEXT = "# Knees\n\nOur stem cells cure arthritis for good.\n"


class Project:
    """A folder with one draft, checked and decided about as the commands do."""

    def __init__(self, folder: Path, cache: CacheFolder) -> None:
        self.folder = folder
        self.cache = cache
        self.write("a.md", TEXT)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def config(self, *approvers: str, required: bool = False) -> Config:
        policy = Suppressions(approvers=approvers, require_approver=required)
        return Config(root=str(self.folder), suppressions=policy)

    def run(
        self,
        *paths: str,
        day: datetime.date = DAY,
        config: Config | None = None,
        jobs: int = 1,
    ) -> Report:
        settings = config or self.config()
        return app.run(settings, paths or ("a.md",), day, cache=self.cache, jobs=jobs).report

    def waive(self, document: str = "a.md", expires: str | None = None) -> None:
        made = waiver(
            cure(self.run()),
            document,
            "waiver",
            reason="beside its trial",
            approver="Dr. A",
            day="2026-11-20",
            expires=expires,
        )
        add_waivers(self.config(), (made,))

    def baseline(
        self, report: Report, before: Baseline, *, prune: bool = False, approver: str = ""
    ) -> Baseline:
        checked = {one.path: one for one in report.documents}
        made = taken(before, checked, prune=prune, approver=approver)
        change_baseline(self.config(), lambda _: made)
        return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: CacheFolder) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, cache)


def cure(report: Report, document: int = 0) -> Finding:
    return next(one for one in report.documents[document].findings if one.rule == RULE)


def statuses(report: Report) -> list[str]:
    return [note.status for note in report.suppression_notes]


def test_a_waived_finding_is_marked_and_counts_no_more(project: Project) -> None:
    assert project.run().documents[0].verdict == "block"
    project.waive()
    report = project.run()
    suppressed = cure(report).suppressed
    assert suppressed is not None
    assert (suppressed.by, suppressed.reason, suppressed.approver) == (
        "waiver", "beside its trial", "Dr. A",
    )  # fmt: skip
    assert report.documents[0].verdict == "review"
    assert report.summary.suppressed == 1
    assert statuses(report) == []


@pytest.mark.parametrize(
    "text",
    [
        "# Other\n\nSome words before.\n\n- Our **stem cells** cure   arthritis\n  for good.\n",
        "Hello.\n\nOur stem&nbsp;cells <em>cure arthritis</em> for good.\n",
    ],
)
def test_it_survives_moving_and_reformatting(project: Project, text: str) -> None:
    project.waive()
    project.write("a.md", text)
    assert cure(project.run()).suppressed is not None


def test_it_breaks_when_the_sentence_is_edited(project: Project) -> None:
    project.waive()
    project.write("a.md", TEXT.replace("for good", "for ever"))
    report = project.run()
    assert cure(report).suppressed is None
    assert report.documents[0].verdict == "block"
    (note,) = report.suppression_notes
    assert (note.status, note.document, note.line) == ("broken", "a.md", 4)
    assert "cure arthritis for ever" in note.message


def test_it_is_unused_when_the_claim_is_gone(project: Project) -> None:
    project.waive()
    project.write("a.md", "# Knees\n\nBring your card.\n")
    assert statuses(project.run()) == ["unused"]


def test_of_documents_that_were_not_checked_nothing_is_told(project: Project) -> None:
    project.waive()
    project.write("b.md", "Hello.\n")
    assert statuses(project.run("b.md")) == []


def test_of_rules_that_were_not_applied_nothing_is_told(project: Project) -> None:
    project.waive()
    only = Config(root=str(project.folder), select=("pressure/",))
    assert statuses(project.run(config=only)) == []


def test_it_holds_for_its_own_document_only(project: Project) -> None:
    project.waive()
    project.write("b.md", TEXT)
    report = project.run("a.md", "b.md")
    assert cure(report, 0).suppressed is not None
    assert cure(report, 1).suppressed is None


@pytest.mark.parametrize("document", ["any", "b*.md"])
def test_a_pattern_or_any_covers_more(project: Project, document: str) -> None:
    project.waive(document)
    project.write("b.md", TEXT)
    assert cure(project.run("b.md")).suppressed is not None


def test_it_expires_behind_its_last_day(project: Project) -> None:
    project.waive(expires="2026-12-31")
    assert cure(project.run(day=datetime.date(2026, 12, 31))).suppressed is not None
    report = project.run(day=datetime.date(2027, 1, 1))
    assert cure(report).suppressed is None
    assert statuses(report) == ["expired"]
    assert "expired on 2026-12-31" in report.suppression_notes[0].message


def test_only_listed_approvers_approve(project: Project) -> None:
    project.waive()
    assert cure(project.run(config=project.config("Dr. A"))).suppressed is not None
    report = project.run(config=project.config("Dr. B"))
    assert cure(report).suppressed is None
    assert statuses(report) == ["refused"]


def test_a_finding_about_the_document_is_bound_to_the_document(project: Project) -> None:
    report = project.run()
    missing = next(one for one in report.documents[0].findings if one.category == "disclosure")
    made = waiver(missing, "a.md", "waiver", reason="r", approver="a", day="2026-11-20")
    assert made.sentence == ""
    add_waivers(project.config(), (made,))
    project.write("a.md", TEXT.replace("for good", "for ever"))
    again = next(one for one in project.run().documents[0].findings if one.rule == missing.rule)
    assert again.suppressed is not None


def test_the_working_directory_makes_no_difference(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.folder / "blog").mkdir()
    (project.folder / "blog" / "a.md").write_text(TEXT, "utf-8")
    marks = {one.fingerprint for one in project.run("blog/a.md").documents[0].findings}
    monkeypatch.chdir(project.folder / "blog")
    assert {one.fingerprint for one in project.run("a.md").documents[0].findings} == marks


def test_several_processes_give_the_same_answer(project: Project) -> None:
    project.waive("any")
    project.write("b.md", TEXT)
    one = project.run("a.md", "b.md")
    two = project.run("a.md", "b.md", jobs=2)
    assert one == two
    assert one.summary.suppressed == 2


def test_an_audit_heeds_nothing(project: Project) -> None:
    project.waive()
    audit = Config(root=str(project.folder), suppressions=Suppressions(heeded=False))
    assert project.run(config=audit).summary.suppressed == 0


def test_the_baseline_lets_off_what_was_there_and_nothing_new(project: Project) -> None:
    known = project.baseline(project.run(), Baseline())
    report = project.run()
    assert (report.summary.errors, report.summary.warnings) == (0, 0)
    assert {one.suppressed.by for one in report.documents[0].findings if one.suppressed} == {
        "baseline"
    }
    project.write("a.md", TEXT + "\nIt cures cancer.\n\n" + TEXT)
    report = project.run()
    # The new claim, and the second time that the old one stands there.
    assert report.summary.errors == 2
    project.write("a.md", "Hello.\n")
    report = project.run()
    assert statuses(report) == ["unused"]
    assert project.baseline(report, known, prune=True).documents == {}


def test_pruning_adds_nothing(project: Project) -> None:
    assert project.baseline(project.run(), Baseline(), prune=True).documents == {}


def test_the_baseline_of_other_documents_stays(project: Project) -> None:
    known = project.baseline(project.run(), Baseline())
    project.write("b.md", TEXT)
    made = project.baseline(project.run("b.md"), known)
    assert list(made.documents) == ["a.md", "b.md"]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"version": 2, "documents": {}}', b"\xff", b"[" * 100_000, b'{"a": 1}']
)
def test_a_broken_baseline_is_told_in_a_sentence(project: Project, data: bytes) -> None:
    (project.folder / "claimlint-baseline.json").write_bytes(data)
    with pytest.raises(DefinitionError, match="no baseline of this version"):
        project.run()


def test_the_baseline_can_be_read_line_by_line(project: Project) -> None:
    project.baseline(project.run(), Baseline())
    text = (project.folder / "claimlint-baseline.json").read_text("utf-8")
    known = json.loads(text)["documents"]["a.md"]
    assert len(known) == len([line for line in text.split("\n") if '"rule"' in line]) > 3


def test_the_same_words_twice_in_a_sentence_are_let_off_each_by_itself(project: Project) -> None:
    project.write(
        "a.md",
        "PRP cures knee arthritis in the young, and Botox cures knee arthritis in the old.\n",
    )
    first, second = (one for one in project.run().documents[0].findings if one.rule == RULE)
    assert (first.words, first.fingerprint) != (second.words, second.fingerprint)
    for number, one in enumerate((second, first), start=1):
        made = waiver(one, "a.md", "waiver", reason="r", approver="a", day="2026-11-20")
        add_waivers(project.config(), (made,))
        report = project.run()
        assert report.summary.suppressed == number
        assert statuses(report) == []


@pytest.mark.parametrize("document", ["any", "a*.md"])
def test_a_waiver_for_more_documents_is_told_when_it_has_expired(
    project: Project, document: str
) -> None:
    project.waive(document, expires="2026-12-31")
    project.write("a.md", "# Knees\n\nBring your card.\n")
    later = datetime.date(2027, 1, 1)
    assert statuses(project.run(day=later)) == ["expired"]
    assert statuses(project.run()) == []  # it may fit elsewhere


@pytest.mark.parametrize("document", ["any", "a*.md"])
def test_a_waiver_for_more_documents_is_told_when_a_like_sentence_stands_there(
    project: Project, document: str
) -> None:
    project.waive(document)
    project.write("a.md", TEXT.replace("for good", "for ever"))
    project.write("b.md", TEXT)
    (note,) = project.run().suppression_notes
    assert note.status == "broken"
    assert "cure arthritis for ever" in note.message
    if document == "any":  # as it fits in one of the drafts, it is no old form of the other
        assert statuses(project.run("a.md", "b.md")) == []


def test_a_known_finding_that_is_let_off_otherwise_is_still_there(project: Project) -> None:
    report = project.run()
    project.baseline(report, Baseline())
    made = waiver(cure(report), "a.md", "waiver", reason="r", approver="a", day="2026-11-20")
    add_waivers(project.config(), (made,))
    assert statuses(project.run()) == []
    comment = f"<!-- claimlint-disable {RULE} -- why -->\n\n"
    project.write("a.md", comment + TEXT)
    (project.folder / "claimlint-waivers.yaml").unlink()
    report = project.run()
    assert getattr(cure(report).suppressed, "by", "") == "inline"
    assert statuses(report) == []


@pytest.mark.parametrize(
    ("approver", "approvers", "required", "counts"),
    [
        ("", (), False, True),
        ("", (), True, False),
        ("", ("Dr. A",), False, False),
        ("Dr. B", ("Dr. A",), False, False),
        ("Dr. B", (), True, True),
        ("Dr. A", ("Dr. A",), True, True),
    ],
)
def test_a_baseline_needs_the_approver_that_the_policy_wants(
    project: Project, approver: str, approvers: tuple[str, ...], required: bool, counts: bool
) -> None:
    project.baseline(project.run(), Baseline(), approver=approver)
    report = project.run(config=project.config(*approvers, required=required))
    if counts:
        assert (report.summary.errors, report.suppression_notes) == (0, ())
        assert getattr(cure(report).suppressed, "approver", "") == (approver or None)
    else:
        assert report.summary.errors > 0
        (note,) = report.suppression_notes
        assert (note.status, note.by, note.document) == ("refused", "baseline", "a.md")
        assert "claimlint baseline --approver" in note.message


def test_who_accepted_a_known_finding_stays_with_it(project: Project) -> None:
    known = project.baseline(project.run(), Baseline(), approver="Dr. A")
    again = project.baseline(project.run(), known)
    assert again == known
    project.write("a.md", TEXT + "\n" + TEXT)  # now it stands there twice: nobody accepted that
    more = project.baseline(project.run(), again)
    assert {one.approver for one in more.documents["a.md"] if one.rule == RULE} == {""}
    assert project.baseline(project.run(), again, prune=True) == known


def test_decisions_of_several_at_once_are_all_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claimlint import files

    written = files.replace

    def slowly(target: str, data: bytes) -> None:
        sleep(0.05)  # so that others would have read the file meanwhile
        written(target, data)

    monkeypatch.setattr(files, "replace", slowly)
    finding = cure(project.run())
    names = [f"{number}.md" for number in range(6)]
    with ThreadPoolExecutor(len(names)) as threads:
        for name in names:
            made = waiver(finding, name, "waiver", reason="r", approver="a", day="2026-11-20")
            threads.submit(add_waivers, project.config(), (made,))
    kept = parse((project.folder / "claimlint-waivers.yaml").read_bytes(), "w.yaml")
    assert sorted(one.waiver.document for one in kept) == names
    assert sorted(one.name for one in project.folder.iterdir()) == [
        "a.md",
        "claimlint-waivers.yaml",
    ]


def test_a_file_that_others_keep_locked_is_left_alone(project: Project) -> None:
    path = project.folder / "claimlint-waivers.yaml"
    with alone_with(str(path)), pytest.raises(BlockingIOError), alone_with(str(path), 0):
        pytest.fail("held twice")
