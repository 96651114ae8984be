"""The review page in a real browser: run by `.ci/run`, which installs Chromium."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml
from click.testing import CliRunner, Result

from claimlint import app
from claimlint.cli.program import program
from claimlint.config import load_config
from claimlint.model.report import Report, Suppression
from claimlint.reporters import html

if TYPE_CHECKING:  # installed for this module only, which is collected without it too
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parent.parent
TODAY = datetime.date(2026, 11, 20)
LIGHT_AND_DARK = ("light", "dark")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is not installed; .ci/run installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def run() -> app.Run:
    config = load_config(str(ROOT / "samples" / "claimlint.yaml"), str(ROOT))
    paths = (str(ROOT / "samples" / "mixed"), str(ROOT / "samples" / "marketing"))
    return app.run(config, paths, TODAY, cache=None, keep_drafts=True, explain=True)


def altered(report: Report) -> Report:
    """The report with its third finding suppressed."""
    document = report.documents[0]
    findings = list(document.findings)
    off = Suppression("waiver", "told to the board", "A. Reviewer", "2027-01-31")
    findings[2] = msgspec.structs.replace(findings[2], suppressed=off)
    changed = msgspec.structs.replace(document, findings=tuple(findings))
    return msgspec.structs.replace(report, documents=(changed, *report.documents[1:]))


@pytest.fixture(scope="module")
def pages(run: app.Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One draft with an earlier report, many drafts, and an index of a folder."""
    folder = tmp_path_factory.mktemp("report")
    alone = msgspec.structs.replace(run.report, documents=run.report.documents[:1])
    document = alone.documents[0]
    earlier = msgspec.structs.replace(
        alone, documents=(msgspec.structs.replace(document, findings=document.findings[:4]),)
    )
    texts = dict(html.render_folder(run.report, run.drafts, today=TODAY))
    texts["one.html"] = html.render(altered(alone), run.drafts[:1], today=TODAY, since=earlier)
    texts["many.html"] = html.render(altered(run.report), run.drafts, today=TODAY)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name.removesuffix(".html"): folder / name for name in texts}


class Opened:
    """A page and what went wrong in it."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._requested(request.url))
        self.page.goto(path.as_uri())

    def _requested(self, address: str) -> None:
        if not address.startswith(("file:", "blob:")):
            self.faults.append(address)

    def numbers(self) -> list[int]:
        """The numbers of the cards that are shown."""
        heads = self.page.locator(".card:not(.hide) .card-head").all_inner_texts()
        return [int(text.split()[1]) for text in heads]  # "Error 3 line 7"

    def decisions(self) -> Any:
        """The decisions as the preview shows them."""
        self.page.click("#preview")
        text = self.page.input_value("#yaml-text")
        self.page.click("#yaml .close")
        return yaml.safe_load(text)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def one(context: BrowserContext, pages: dict[str, Path]) -> Iterator[Opened]:
    opened = Opened(context, pages["one"])
    yield opened
    assert opened.faults == []


@pytest.fixture
def many(context: BrowserContext, pages: dict[str, Path]) -> Iterator[Opened]:
    opened = Opened(context, pages["many"])
    yield opened
    assert opened.faults == []


def test_severity_and_search_leave_what_fits(one: Opened) -> None:
    every = one.numbers()
    errors = one.page.locator(".card.e").count()
    assert 0 < errors < len(every)
    one.page.uncheck("#show-warning")
    one.page.uncheck("#show-note")
    assert len(one.numbers()) == errors
    assert one.page.inner_text("#shown") == f"{errors} of {len(every)} findings"
    assert one.page.locator(".rendered .mark.w:not(.dim)").count() == 0
    one.page.click("#reset")
    assert one.numbers() == every
    words = one.page.locator(".card .quote b").first.inner_text()
    one.page.fill("#search", words.upper())
    one.page.locator("#shown", has_text=" of ").wait_for()
    assert 1 in one.numbers()
    assert len(one.numbers()) < len(every)


def test_what_fits_nothing_says_so_and_can_be_undone(one: Opened) -> None:
    every = one.numbers()
    one.page.fill("#search", "no such words anywhere")
    one.page.get_by_text("No finding here fits the filters.").wait_for()
    assert one.numbers() == []
    one.page.get_by_role("button", name="Show all").click()
    assert one.numbers() == every


def test_chips_filter_by_severity_and_category(one: Opened, run: app.Run) -> None:
    findings = run.report.documents[0].findings
    category = findings[0].category
    chip = one.page.locator(f"button.chip[data-value={category}]")
    chip.click()
    assert one.numbers() == [n for n, f in enumerate(findings, start=1) if f.category == category]
    assert chip.get_attribute("aria-pressed") == "true"
    chip.click()
    assert len(one.numbers()) == len(findings)
    one.page.click("button.chip[data-value=error]")
    assert len(one.numbers()) == one.page.locator(".card.e").count()


def test_rule_and_state_filter(one: Opened, run: app.Run) -> None:
    findings = run.report.documents[0].findings
    rule = findings[1].rule
    one.page.select_option("#f-rule", rule)
    assert one.numbers() == [n for n, f in enumerate(findings, start=1) if f.rule == rule]
    one.page.select_option("#f-rule", "")
    one.page.select_option("#f-state", "suppressed")
    assert one.numbers() == [3]
    one.page.select_option("#f-state", "unchanged")
    assert one.numbers() == [1, 2, 3, 4]
    one.page.select_option("#f-state", "new")
    assert one.numbers() == list(range(5, len(findings) + 1))


def test_cards_sort_by_severity_and_back(one: Opened) -> None:
    order = one.numbers()
    one.page.select_option("#f-sort", "severity")
    looks = [str(card.get_attribute("class")) for card in one.page.locator(".card").all()]
    ranks = [3 if "off" in look else "ewn".index(look.split()[1]) for look in looks]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    one.page.select_option("#f-sort", "")
    assert one.numbers() == order


def test_keys_walk_through_the_findings_and_decide(one: Opened) -> None:
    keyboard = one.page.keyboard
    for key, number in (("j", "1"), ("j", "2"), ("k", "1")):
        keyboard.press(key)
        assert one.page.inner_text(".card.current .card-head").split()[1] == number
        assert one.page.evaluate("document.activeElement.id") == f"d1-f{number}"
        assert one.page.locator(f".rendered .lit[data-f~='{number}']").count() > 0
    keyboard.press("a")
    assert "1 decided, 1 not yet exported" in one.page.inner_text("#decided-text")
    keyboard.press("x")
    assert one.page.locator("#decided").is_hidden()
    waive(one.page, 1, "told to the board")
    keyboard.press("a")
    decided = one.decisions()["documents"][0]["decisions"]
    assert [(made["decision"], made["reason"]) for made in decided] == [
        ("waive", "told to the board")
    ]
    keyboard.press("x")
    keyboard.press("d")
    assert one.page.evaluate("document.activeElement.name") == "reason"
    keyboard.type("jkax?/")
    assert one.page.input_value("textarea[name=reason]") == "jkax?/"
    keyboard.press("Escape")
    assert one.page.locator("form.decide").count() == 0
    assert one.page.evaluate("document.activeElement.id") == "d1-f1"
    keyboard.press("Control+a")
    assert one.page.locator("#decided").is_hidden()
    keyboard.press("/")
    assert one.page.evaluate("document.activeElement.id") == "search"
    keyboard.press("Escape")
    keyboard.press("?")
    assert one.page.locator("#help").is_visible()
    keyboard.press("Escape")
    assert one.page.locator("#help").is_hidden()


def test_mark_and_card_light_each_other(one: Opened) -> None:
    mark = one.page.locator(".rendered a.mark[data-f='2']").first
    mark.hover()
    assert "lit" in str(one.page.get_attribute("#d1-f2", "class"))
    one.page.locator("#d1-f1 h3").hover()
    assert "lit" not in str(mark.get_attribute("class"))
    mark.click()
    assert "current" in str(one.page.get_attribute("#d1-f2", "class"))
    one.page.locator("#d1-f2 .at").click()
    assert one.page.evaluate("document.activeElement.dataset.f.split(' ').includes('2')")


def waive(page: Page, number: int, reason: str, *, kind: str = "waive", until: str = "") -> None:
    card = page.locator(f"#d1-f{number}")
    card.get_by_role("button", name="Waive or false alarm").click()
    card.locator(f"input[value={kind}]").check()
    card.locator("[name=reason]").fill(reason)
    if not card.locator("[name=by]").input_value():
        card.locator("[name=by]").fill("Dr. A. Example")
    card.locator("[name=expires]").fill(until)
    card.get_by_role("button", name="Save decision").click()


def test_decisions_are_exported_as_one_yaml_file(one: Opened, run: app.Run, tmp_path: Path) -> None:
    document = run.report.documents[0]
    reason = 'quoted "text": # \u2028 \x7f \u202e 🦵 line\ntwo'
    one.page.locator("#d1-f1").get_by_role("button", name="Accept").click()
    waive(one.page, 2, reason, until="2099-05-20")
    waive(one.page, 4, "not a claim", kind="false_alarm")
    with one.page.expect_download() as waiting:
        one.page.click("#export")
    assert waiting.value.suggested_filename == "claimlint-decisions.yaml"
    waiting.value.save_as(tmp_path / "decisions.yaml")
    text = (tmp_path / "decisions.yaml").read_text("utf-8")
    assert text.startswith("# Decisions made in a claimlint review page. Apply them with: ")
    assert not set(text) & set("\u2028\x7f\u202e")
    made = yaml.safe_load(text)
    assert made["claimlint_decisions"] == 1
    assert made["tool"] == run.report.tool.version
    assert made["ruleset"] == run.report.tool.ruleset.sha256
    (about,) = made["documents"]
    assert (about["path"], about["sha256"]) == (document.path, document.sha256)
    assert [one["decision"] for one in about["decisions"]] == ["accept", "waive", "false_alarm"]
    for number, decision in zip((1, 2, 4), about["decisions"], strict=True):
        found = document.findings[number - 1]
        assert decision["rule"] == found.rule
        assert decision["fingerprint"] == found.fingerprint
        assert decision["sentence"] == (found.sentence.text if found.sentence else "")
    waived = about["decisions"][1]
    assert waived["reason"] == reason
    assert (waived["by"], waived["expires"]) == ("Dr. A. Example", "2099-05-20")
    assert "expires" not in about["decisions"][2]
    assert "all exported" in one.page.inner_text("#decided-text")


def test_a_decision_travels_from_the_page_into_the_project_and_breaks_with_its_sentence(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claimlint(*words: str) -> Result:
        return CliRunner().invoke(program, list(words), prog_name="claimlint")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / ".git").mkdir()
    draft = tmp_path / "knee.md"
    draft.write_text("# Knees\n\nOur stem cells cure arthritis for good.\n", "utf-8")
    assert claimlint("check", "--fail-on", "warning").exit_code == 1
    assert claimlint("report", "knee.md").exit_code == 0
    page = Opened(context, tmp_path / "claimlint-report.html")
    for number in page.numbers():  # the claim, and the disclosures that it makes due
        waive(page.page, number, "shown beside its trial")
    with page.page.expect_download() as waiting:
        page.page.click("#export")
    waiting.value.save_as(tmp_path / "decisions.yaml")
    assert page.faults == []
    applied = claimlint("decide", "apply", "decisions.yaml")
    assert applied.exit_code == 0, applied.stderr
    assert claimlint("check", "--fail-on", "warning").exit_code == 0
    draft.write_text("# Knees\n\nOur stem cells cure arthritis for ever.\n", "utf-8")
    edited = claimlint("check", "knee.md", "--fail-on", "warning")
    assert edited.exit_code == 1
    assert "broken: the waiver of “Our stem cells cure arthritis for good.”" in edited.stdout


def test_a_decision_needs_reason_name_and_a_day_to_come(one: Opened) -> None:
    card = one.page.locator("#d1-f1")
    card.get_by_role("button", name="Waive or false alarm").click()
    for field, text, complaint in (
        ("reason", "because", "Give a reason."),
        ("by", "A", "Give your name."),
        ("expires", "", "The date has passed."),
    ):
        if field == "expires":
            card.locator("[name=expires]").fill("2001-01-01")
        card.get_by_role("button", name="Save decision").click()
        assert card.locator(".form-error").inner_text() == complaint
        card.locator(f"[name={field}]").fill(text)
    assert one.page.locator("#decided").is_hidden()
    card.get_by_role("button", name="Save decision").click()
    assert one.page.locator("#decided").is_visible()


def test_a_suppressed_finding_offers_no_decision(one: Opened) -> None:
    assert "told to the board" in one.page.inner_text("#d1-f3")
    assert one.page.locator("#d1-f3 .actions").count() == 0
    for _ in range(3):
        one.page.keyboard.press("j")
    for key in "ad":
        one.page.keyboard.press(key)
    assert one.page.locator("#decided").is_hidden()
    assert one.page.locator("form.decide").count() == 0


def test_decisions_and_the_name_outlast_a_reload_until_they_are_forgotten(one: Opened) -> None:
    waive(one.page, 1, "because")
    before = one.decisions()
    one.page.reload()
    assert one.decisions() == before
    one.page.locator("#d1-f2").get_by_role("button", name="Waive or false alarm").click()
    assert one.page.input_value("[name=by]") == "Dr. A. Example"
    one.page.click("#forget")
    one.page.click("#sure-yes")
    one.page.reload()
    assert one.page.locator("#decided").is_hidden()


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
        "Storage.prototype.getItem = () => '{\"a b\": 7}'",
    ],
)
def test_a_broken_store_keeps_decisions_in_memory(
    browser: Browser, pages: dict[str, Path], broken: str
) -> None:
    context = browser.new_context()
    context.add_init_script(broken)
    opened = Opened(context, pages["one"])
    waive(opened.page, 1, "because")
    told = opened.page.inner_text("#decided-text")
    assert told.startswith("1 decided, 1 not yet exported.")
    assert ("keeps nothing" in told) == ("getItem" not in broken)
    assert len(opened.decisions()["documents"][0]["decisions"]) == 1
    assert opened.faults == []
    context.close()


def test_decisions_about_many_drafts_leave_in_one_file(many: Opened, run: app.Run) -> None:
    for number in (1, 3):
        card = many.page.locator(f"#d{number}-f1")
        card.scroll_into_view_if_needed()
        card.get_by_role("button", name="Accept").click()
    made = many.decisions()
    paths = [document.path for document in run.report.documents]
    assert [about["path"] for about in made["documents"]] == [paths[0], paths[2]]


def test_the_table_of_drafts_sorts_and_filters(many: Opened, run: app.Run) -> None:
    rows = many.page.locator("#drafts tbody tr")
    many.page.get_by_role("button", name="Words").click()
    words = [
        int(text) for text in many.page.locator("#drafts tbody td:last-child").all_inner_texts()
    ]
    assert words == sorted((document.words for document in run.report.documents), reverse=True)
    many.page.select_option("#find-verdict", "review")
    wanted = sum(document.verdict == "review" for document in run.report.documents)
    assert many.page.locator("#drafts tbody tr:visible").count() == wanted
    many.page.fill("#find-draft", "nothing has this name")
    assert many.page.locator("#drafts tbody tr:visible").count() == 0
    many.page.get_by_role("button", name="Show all").click()
    assert many.page.locator("#drafts tbody tr:visible").count() == rows.count()


def test_the_law_of_a_repeated_rule_is_told_in_its_card(many: Opened) -> None:
    name = many.page.locator(".card:has(.law-of)").first.get_attribute("id")
    card = many.page.locator(f"#{name}")
    card.scroll_into_view_if_needed()
    card.locator("summary").click()
    card.locator(".law a").first.wait_for()
    assert card.locator(".law-of").count() == 0


def test_an_index_of_a_folder_exports_what_was_decided_on_its_pages(
    context: BrowserContext, pages: dict[str, Path], run: app.Run
) -> None:
    index = Opened(context, pages["index"])
    index.page.locator("#drafts a").first.click()
    index.page.get_by_role("button", name="Accept").first.click()
    index.page.get_by_role("link", name="All drafts").click()
    made = index.decisions()
    assert [about["path"] for about in made["documents"]] == [run.report.documents[0].path]
    found = made["documents"][0]["decisions"][0]
    assert found["sentence"] == run.report.documents[0].findings[0].sentence.text  # type: ignore[union-attr]
    assert index.faults == []


def test_an_index_leaves_out_decisions_that_have_been_applied(
    browser: Browser, pages: dict[str, Path], run: app.Run, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()

    def write(report: Report) -> None:
        for name, text in html.render_folder(report, run.drafts, today=TODAY):
            (folder / name).write_text(text, encoding="utf-8")

    write(run.report)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    index = Opened(context, folder / "index.html")
    index.page.locator("#drafts a").first.click()
    waive(index.page, 2, "told to the board")
    waive(index.page, 3, "told to the board")
    write(altered(run.report))  # the third has become a waiver of the project
    index.page.get_by_role("link", name="All drafts").click()
    (about,) = index.decisions()["documents"]
    second = run.report.documents[0].findings[1]
    assert [made["fingerprint"] for made in about["decisions"]] == [second.fingerprint]
    assert index.faults == []
    context.close()


def test_the_source_shows_the_same_highlights(one: Opened) -> None:
    drawn = {
        str(mark.get_attribute("data-f")) for mark in one.page.locator(".rendered a.mark").all()
    }
    one.page.get_by_text("Source", exact=True).click()
    assert one.page.locator(".rendered").is_hidden()
    source = one.page.locator(".source a.mark:visible").all()
    assert {str(mark.get_attribute("data-f")) for mark in source} >= drawn - {""}
    one.page.keyboard.press("j")
    assert one.page.locator(".source .lit").count() > 0


def test_without_scripts_everything_is_there(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["one"].as_uri())
    cards = page.locator(".card")
    assert cards.count() > 5
    assert all(card.is_visible() for card in cards.all())
    assert page.get_by_text("claimlint decide", exact=True).is_visible()
    assert page.locator("#search").is_hidden()
    page.locator("#show-warning").uncheck()
    assert not any(card.is_visible() for card in page.locator(".card.w").all())
    page.get_by_text("Source", exact=True).click()
    assert page.locator(".source pre").is_visible()
    context.close()


def test_on_a_phone_a_mark_opens_its_card(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    opened = Opened(context, pages["one"])
    opened.page.locator(".rendered a.mark").first.tap()
    sheet = opened.page.locator("#sheet")
    assert sheet.locator(".card").count() == 1
    sheet.get_by_role("button", name="Accept").tap()
    sheet.get_by_role("button", name="Close").tap()
    assert opened.numbers() == sorted(opened.numbers())
    assert "1 decided" in opened.page.inner_text("#decided-text")
    wide = opened.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert opened.faults == []
    context.close()


@pytest.mark.parametrize("scheme", LIGHT_AND_DARK)
@pytest.mark.parametrize("name", ["one", "many", "index"])
def test_axe_finds_nothing(
    browser: Browser, pages: dict[str, Path], name: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        bypass_csp=True,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(pages[name].as_uri())
    if name == "one":
        page.keyboard.press("j")
        page.keyboard.press("d")
        for details in page.locator(".head details").all():
            details.evaluate("each => { each.open = true; }")
    found = Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found] == []


def test_paper_has_every_highlight_and_note(
    context: BrowserContext, pages: dict[str, Path], tmp_path: Path
) -> None:
    opened = Opened(context, pages["one"])
    for size in ("A4", "Letter"):
        opened.page.pdf(path=tmp_path / f"{size}.pdf", format=size)
        assert (tmp_path / f"{size}.pdf").stat().st_size > 30_000
    opened.page.emulate_media(media="print")
    assert opened.page.locator("#bar").is_hidden()
    assert all(card.is_visible() for card in opened.page.locator(".card").all())
