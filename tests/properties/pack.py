"""The rules that generated drafts are checked with: the engine tests' small pack and one of spellings."""

from __future__ import annotations

import datetime
from functools import cache

from claimlint import marked_yaml
from claimlint.config import Config, Settings
from claimlint.engine.check import Engine
from claimlint.engine.syllables import open_word_table
from claimlint.model.document import Format
from claimlint.model.rule import Pack
from claimlint.model.ruleset import Ruleset
from claimlint.packs.compile import compile_ruleset
from claimlint.packs.selection import Selection
from claimlint.workshop import Checked, Plan, Workshop
from tests.engine.small_pack import PACK

TODAY = datetime.date(2026, 1, 2)
SUFFIXES: dict[Format, str] = {"markdown": ".md", "html": ".html", "docx": ".docx", "text": ".txt"}

_SPELLINGS = """
pack: spellings
version: 1.0.0
rules:
  - id: superlative/own-remedy
    title: t
    category: superlative
    severity: warning
    kind: phrase
    match: ["body's own remedy"]
    message: m
    why: w
  - id: guarantee/safe-and-sound
    title: t
    category: guarantee
    severity: error
    kind: phrase
    match: ["100% safe & sound"]
    message: m
    why: w
  - id: promise/elan
    title: t
    category: promise
    severity: note
    kind: phrase
    match: [naïve élan]
    message: m
    why: w
"""


@cache
def packs() -> tuple[Pack, ...]:
    """Both packs."""
    small = marked_yaml.load(PACK.replace("&x\n    ", ""), "small.yaml", Pack).value
    return small, marked_yaml.load(_SPELLINGS, "spellings.yaml", Pack).value


@cache
def ruleset() -> Ruleset:
    """The rules of both packs."""
    return compile_ruleset(packs(), Selection())


@cache
def _engine() -> Engine:
    return Engine(ruleset(), open_word_table(None), 8)


class SmallWorkshop(Workshop):
    """The program's own workshop with these rules in place of the shipped ones."""

    def ruleset(self, settings: Settings) -> Ruleset:
        return ruleset()

    def engine(self, settings: Settings) -> Engine:
        return _engine()


@cache
def _workshop(*, shipped: bool) -> Workshop:
    kind = Workshop if shipped else SmallWorkshop
    return kind(Plan(Config(root="", markets=("us-ca", "us-fl", "kr")), None))


def check(data: bytes, form: Format, *, shipped: bool = False) -> Checked:
    """Read and judge the bytes of a draft as the program does; with the `shipped` rules or these."""
    workshop = _workshop(shipped=shipped)
    return workshop.check(data, f"draft{SUFFIXES[form]}", form, keep_draft=True)
