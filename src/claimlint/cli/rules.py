"""`claimlint rules`: list the rules that apply, show one, run the examples that they carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimlint.cli.choices import NearestChoice, complete_rules
from claimlint.cli.options import RuleFlags, rule_options
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimlint.config import Config
    from claimlint.model.rule import Rule
    from claimlint.rule_tests import RuleTest

_FORMATS = ("text", "json")


@click.group()
def rules() -> None:
    """List, show and test rules."""


@rules.command("list")
@click.option(
    "--format",
    "-f",
    "form",
    type=NearestChoice(_FORMATS),
    default="text",
    show_default=True,
    help="How to show the rules.",
)
@rule_options
def list_rules(
    form: str,
    rule_flags: RuleFlags,
) -> int:
    """List the rules that apply here, with the severity that they have here."""
    from claimlint.cli.output import emit
    from claimlint.cli.rule_text import as_json, as_table
    from claimlint.cli.settings import cache_folder, check_choice, configured, resolved_rules

    settings, cache = configured(rule_flags), cache_folder(rule_flags.no_cache)
    check_choice(settings, cache)
    found = resolved_rules(settings, cache)
    emit(as_json(found) if form == "json" else as_table(found))
    return 0


@rules.command("show")
@click.argument("rule_id", metavar="RULE", shell_complete=complete_rules)
@click.option(
    "--format",
    "-f",
    "form",
    type=NearestChoice(_FORMATS),
    default="text",
    show_default=True,
    help="How to show the rule.",
)
@rule_options
def show_rule(
    rule_id: str,
    form: str,
    rule_flags: RuleFlags,
) -> int:
    """Show one rule in full: why it exists, its authorities, suggestions and examples."""
    from claimlint.cli.output import columns, emit
    from claimlint.cli.rule_text import as_json, in_full
    from claimlint.cli.settings import cache_folder, configured, resolved_rules
    from claimlint.rule_tests import authored_rules

    settings = configured(rule_flags)
    authored = authored_rules(settings)
    if rule_id not in authored:
        _check_known((rule_id,), authored, settings)
        raise UsageError(
            f'"{rule_id}" is a category: claimlint rules list --select {rule_id} shows its rules'
        )
    rule = authored[rule_id]
    active = {one.id: one for one in resolved_rules(settings, cache_folder(rule_flags.no_cache))}
    if form == "json":
        emit(as_json((rule,)))
    else:
        emit(in_full(rule, active.get(rule_id), columns()))
    return 0


@rules.command("test")
@click.argument("names", nargs=-1, metavar="[RULES]...", shell_complete=complete_rules)
@rule_options
def test(
    names: tuple[str, ...],
    rule_flags: RuleFlags,
) -> int:
    """Run the examples of rules: all, or those named (an id, or a category with a / at its end).

    Rules of your packs for markets that are not chosen run too, each under its market; with --market
    they do not, and are named. Exit status 1 when an example does not hold.
    """
    from claimlint.cli.output import emit, notice
    from claimlint.cli.settings import cache_folder, check_choice, configured
    from claimlint.cli.status import CLEAN, FINDINGS
    from claimlint.rule_tests import authored_rules, other_markets, run_rule_tests

    settings, cache = configured(rule_flags), cache_folder(rule_flags.no_cache)
    check_choice(settings, cache)
    others = other_markets(settings)
    also = () if rule_flags.market else tuple(others)
    authored = authored_rules(settings, also) if names else {}
    only = _chosen(names, authored, settings)
    results = run_rule_tests(settings, cache=cache, only=only, also_markets=also)
    if names:
        _check_ran(names, [authored[result.rule] for result in results])
    elif not also:
        for market, rules in others.items():
            notice(f"not run, of the market {market} (add --market {market}): {', '.join(rules)}")
    failed = [result for result in results if not result.ok]
    emit("".join(f"{_failure(result)}\n" for result in failed))
    emit(f"{_tally(results, failed)}\n")
    return FINDINGS if failed else CLEAN


def _chosen(names: tuple[str, ...], authored: dict[str, Rule], config: Config) -> tuple[str, ...]:
    """The ids of the named rules and categories."""
    from claimlint.packs import names_rule

    _check_known(names, authored, config)
    return tuple(rule.id for rule in authored.values() if names_rule(names, rule.id, rule.category))


def _check_known(names: Iterable[str], authored: dict[str, Rule], config: Config) -> None:
    """Refuse a name that is neither a rule nor a category here; raises UsageError."""
    from claimlint.packs import names_rule, other_market
    from claimlint.packs.cross_checks import unknown_rule

    for name in names:
        if not any(names_rule((name,), rule.id, rule.category) for rule in authored.values()):
            elsewhere = other_market(name, config.for_path("").selection)
            raise UsageError(elsewhere or unknown_rule(name, authored))


def _check_ran(names: Iterable[str], ran: list[Rule]) -> None:
    """Refuse to call a named rule tested when none of its examples ran; raises UsageError."""
    from claimlint.packs import names_rule

    for name in names:
        if not any(names_rule((name,), rule.id, rule.category) for rule in ran):
            raise UsageError(
                f"no example of {name} was run: it carries none, is switched off here, or belongs "
                "to a market that is not chosen"
            )


def _failure(result: RuleTest) -> str:
    from claimlint.reporters.visible import one_line

    told = {
        "flag": "must flag the words in [[ ]]",
        "pass": "must flag nothing",
        "suggestion": "the suggestion must raise nothing",
        "fix": "the fix must take the place of flagged words and raise nothing",
    }
    said = (
        f"{result.mark}: {result.rule}: {told[result.kind]}, but {result.message}: {result.example}"
    )
    return one_line(said)


def _tally(results: Iterable[RuleTest], failed: list[RuleTest]) -> str:
    from claimlint.reporters.wording import counted

    ran = list(results)
    rules = len({result.rule for result in ran})
    outcome = f"{counted(len(failed), 'example')} failed" if failed else "all hold"
    return f"Ran {counted(len(ran), 'example')} of {counted(rules, 'rule')}: {outcome}."
