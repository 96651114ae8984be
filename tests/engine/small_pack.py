"""A small ruleset for the engine's tests, so that they do not hang on the shipped rules."""

from __future__ import annotations

from functools import cache

from claimlint import marked_yaml
from claimlint.engine.check import Engine
from claimlint.engine.syllables import open_word_table
from claimlint.model.report import Finding
from claimlint.model.rule import Pack
from claimlint.packs.compile import compile_ruleset
from claimlint.packs.selection import Selection
from claimlint.readers import read

PACK = """
pack: small
version: 1.0.0
lexicons:
  - name: condition
    about: diseases
    suffixes: [itis]
    besides: [visitis]
    entries: [tennis elbow, anaemia]
  - {name: symptom, about: symptoms, entries: [pain, stiffness]}
  - {name: tissue, about: tissues, entries: [disc, cell]}
  - {name: standard_care, about: care, entries: [surgery]}
  - {name: person, about: people, entries: [doctor, patient]}
  - {name: body, about: the body, entries: [immune system]}
  - {name: generic, about: generic, entries: [therapy, approach]}
  - name: treatment
    about: what clinics sell
    entries:
      - {term: stem cell therapy, also: [stem cell], status: unapproved, topic: regenerative}
      - {term: acupuncture, status: service, topic: acupuncture}
      - {term: pain school, status: service}
      - {term: magnesium, also: [zinc, vitamin C], status: ingredient}
  - name: cure
    part: verb
    about: cures
    entries: [{term: cure, nouns: [cure], strength: strong}]
  - name: relieve
    part: verb
    about: relieves
    entries: [{term: relieve, nouns: [relief]}, {term: rebuild}, {term: optimise}]
  - {name: numb, part: verb, about: numbs, entries: [numb]}
rules:
  - id: efficacy/numbs
    title: t
    category: efficacy
    severity: warning
    kind: claim
    when: {verb: ["@numb"], target: ["@symptom"], subject: [treatment, generic], topic: true}
    message: m
    why: w
  - &x
    id: cure/cures
    title: t
    category: cure
    severity: error
    kind: claim
    when: {verb: ["@cure"], target: ["@condition", "@symptom"]}
    message: m
    why: w
    suggest: ["be discussed as {treatment} for {target}", "is discussed as {treatment} for {target}"]
  - id: efficacy/relieves
    title: t
    category: efficacy
    severity: warning
    kind: claim
    when: {verb: ["@relieve"], target: ["@condition", "@symptom", "@tissue"]}
    not_within: [rebuild cell towers]
    message: m
    why: w
  - id: superlative/miracle
    title: t
    category: superlative
    severity: warning
    kind: phrase
    match: [miracle~, non-surgical wonder, "no side effects", "free of ... @symptom"]
    message: m
    why: w
  - id: promise/detox
    title: t
    category: promise
    severity: warning
    kind: phrase
    match: [detox~ the body]
    message: m
    why: w
    suggest: [be explained at your visit, a visit]
  - id: pressure/left
    title: t
    category: pressure
    severity: warning
    kind: pattern
    triggers: [spots]
    pattern: '(?P<flag>only \\d+ spots) left|spots nearly gone'
    message: m
    why: w
  - id: evidence/studies
    title: t
    category: evidence
    severity: warning
    kind: evidence
    fault: unsupported
    match: [studies show]
    message: m
    why: w
  - id: evidence/shares
    title: t
    category: evidence
    severity: warning
    kind: evidence
    fault: statistic
    message: m
    why: w
  - id: evidence/malformed
    title: t
    category: evidence
    severity: warning
    kind: evidence
    fault: malformed
    message: m
    why: w
  - id: disclosure/not-approved
    title: Not approved
    category: disclosure
    severity: warning
    kind: require
    when: {topic: ["@unapproved"], claims: [cure, efficacy]}
    content: [[not approved by the FDA, not FDA approved]]
    insert: This treatment is not approved by the FDA.
    message: m
    why: w
cues:
  - {id: negation/no, effect: negated, because: b, match: ["not", "no"], exempt: [not only], reach_words: 6}
  - id: negation/unproven
    effect: negated
    because: b
    match: [is unproven]
    direction: backward
    reach_words: 6
  - {id: hedge/may, effect: hedged, because: b, match: [may, potentially], reach_words: 5}
  - id: debunking/myth
    effect: debunked
    because: b
    match: [a myth that, myth]
    bound: sentence
    reach_words: 20
  - {id: research/if, effect: hypothetical, because: b, match: [whether], bound: sentence, reach_words: 20}
"""


def engine_of(**selected: object) -> Engine:
    """An engine of the small pack under some selection."""
    pack = marked_yaml.load(PACK.replace("&x\n    ", ""), "small.yaml", Pack).value
    selection = Selection(**selected)  # type: ignore[arg-type]
    return Engine(compile_ruleset((pack,), selection), open_word_table(None), 8)


@cache
def engine_with(rules: str) -> Engine:
    """An engine of the small pack and a pack with these rules, in YAML."""
    texts = (PACK.replace("&x\n    ", ""), f"pack: more\nversion: 1.0.0\n{rules}")
    packs = tuple(marked_yaml.load(text, "small.yaml", Pack).value for text in texts)
    return Engine(compile_ruleset(packs, Selection()), open_word_table(None), 8)


@cache
def engine() -> Engine:
    """An engine of the small pack."""
    return engine_of()


def findings(text: str, form: str = "markdown") -> tuple[Finding, ...]:
    """What the small pack finds in a text."""
    assert form in ("markdown", "text", "html")
    document = read(text.encode(), f"draft.{form}", form)  # type: ignore[arg-type]
    return engine().check(document).findings


def flagged(text: str, form: str = "markdown") -> list[tuple[str, str, str]]:
    """The severity, rule and words of every finding about a statement."""
    return [
        (f.severity, f.rule, f.words)
        for f in findings(text, form)
        if f.category not in ("disclosure", "readability")
    ]
