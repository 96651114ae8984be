"""What the law of a market forbids of what the common rules object to (rules of kind `law`)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from claimlint.engine import settle
from claimlint.engine.settle import Candidate
from claimlint.model.rule import LawRule, Rule


def forbidden(found: Sequence[Candidate], rules: Sequence[Rule]) -> list[Candidate]:
    """The objections of the laws among the rules to the statements that common rules found.

    Notes are left alone. A statement that a doubt or a hedge made milder is so under a law as well.
    """
    laws = [(number, rule) for number, rule in enumerate(rules) if isinstance(rule, LawRule)]
    objections = []
    for one in found if laws else ():
        common = rules[one.rule]
        if common.markets or one.severity == "note":
            continue
        for number, law in laws:
            if common.category not in law.of and common.id not in law.of:
                continue
            severity = settle.moved(law.severity, common.severity, one.severity)
            suggested = law.suggest or one.suggestions
            objections.append(
                msgspec.structs.replace(one, rule=number, severity=severity, suggestions=suggested)
            )
    return objections
