"""The wheel, installed elsewhere and without the sources, holds all that the command needs."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
_DRAFT = "# Knee pain\n\nOur stem cell therapy can cure arthritis at its source.\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip builds it."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    # With the build backend at hand nothing is downloaded.
    at_hand = importlib.util.find_spec("hatchling") is not None
    words = ["--no-build-isolation"] if at_hand else []
    _run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *words, "-w", str(folder),
         str(ROOT)],
        folder,
    )  # fmt: skip
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a fresh environment with the wheel; its dependencies are ours."""
    home = tmp_path_factory.mktemp("a fresh place") / "env"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    variables = {"base": str(home), "platbase": str(home)}
    programs = Path(sysconfig.get_path("scripts", "venv", variables))
    library = Path(sysconfig.get_path("purelib", "venv", variables))
    own = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (library / "dependencies.pth").write_text("\n".join(own) + "\n", "utf-8")
    _run(
        [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--quiet",
         "--no-deps", "--no-index", "--no-compile", str(wheel)],
        home,
    )  # fmt: skip
    return programs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory far from the sources."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "draft.md").write_text(_DRAFT, "utf-8")
    return tmp_path


def _run(command: list[str], folder: Path, *, status: int = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["XDG_CACHE_HOME"] = str(folder / "cache")
    result = subprocess.run(  # noqa: PLW1510  (the status is what is tested)
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert result.returncode == status, result.stderr
    return result.stdout


def test_the_wheel_holds_rules_templates_and_licence_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rulesets").rglob("*.yaml")}
    assert {f"claimlint/{name}" for name in shipped} <= set(names)
    package = ROOT / "src" / "claimlint"
    data = [
        path for path in package.rglob("*") if path.suffix in (".html", ".css", ".js", ".typed")
    ]
    assert data
    assert {f"claimlint/{path.relative_to(package).as_posix()}" for path in data} <= set(names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "claimlint", "claimlint_health",
    }  # fmt: skip
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_command_runs_without_the_sources(installed: Path, folder: Path) -> None:
    where = "import claimlint, sys; print(claimlint.__file__); print(*sys.path, sep='\\n')"
    file, *paths = _run([str(installed / "python"), "-c", where], folder).splitlines()
    assert Path(file).is_relative_to(installed.parent)
    assert str(ROOT / "src") not in paths
    out = _run([str(installed / "claimlint"), "check", "--format", "json"], folder, status=1)
    report = json.loads(out)
    assert {"core", "us"} <= {pack["name"] for pack in report["tool"]["ruleset"]["packs"]}
    assert "cure/claims-a-cure" in {found["rule"] for found in report["documents"][0]["findings"]}
    assert report["documents"][0]["readability"] is None


def test_the_sources_and_the_wheel_have_the_same_rules(installed: Path, folder: Path) -> None:
    listed = _run([str(installed / "claimlint"), "rules", "list"], folder)
    ours = subprocess.run(
        [sys.executable, "-m", "claimlint", "rules", "list"], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=True,
    )  # fmt: skip
    assert listed == ours.stdout
    assert listed.count("\n") > 30


def test_pages_readability_and_word_files_work_too(installed: Path, folder: Path) -> None:
    import docx

    draft = docx.Document()
    for _ in range(8):
        draft.add_paragraph("Our therapy can cure arthritis, and you will walk again in weeks.")
    draft.save(str(folder / "draft.docx"))
    command = str(installed / "claimlint")
    out = _run([command, "check", "draft.docx", "--format", "json"], folder, status=1)
    assert json.loads(out)["documents"][0]["readability"]["sentences"] == 8
    _run([command, "report", "--output", "page.html"], folder)
    page = (folder / "page.html").read_text("utf-8")
    assert "cure arthritis" in page
    assert "<style" in page
    _run([command, "init"], folder)
    _run([command, "check", "--fail-on", "never"], folder)
