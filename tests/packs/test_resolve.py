"""What a selection resolves to: markets, levels, overrides, a user's own packs."""

import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimlint.errors import DefinitionError
from claimlint.model.rule import PhraseRule
from claimlint.model.ruleset import Ruleset, Terms, Wording
from claimlint.packs import Selection, load_packs, load_ruleset
from tests.packs.paths import LIBRARY

OVERRIDE = """
pack: ours
version: 2.1.0
rules:
  - id: {id}
    override: true
    title: Our own words
    category: pressure
    severity: note
    kind: phrase
    match: [final offer]
    message: Ours
    why: Because.
    examples:
      flag: ["A [[final offer]].", "The [[final offer]]."]
      pass: ["An offer.", "Final."]
lexicons:
  - name: treatment
    about: Ours
    entries:
      - {{term: exosome, status: service}}
      - {{term: moon ray, topic: rays}}
"""


def rows_of(ruleset: Ruleset, first: str) -> list[Wording]:
    return [row for rows in ruleset.wordings.get(first, {}).values() for row in rows]


def classes_of(terms: Terms, name: str) -> tuple[str, ...]:
    return terms.class_sets[terms.classes[terms.names.index(name)]]


def ids(ruleset: Ruleset) -> set[str]:
    return {rule.id for rule in ruleset.shown}


def terms(ruleset: Ruleset) -> list[tuple[str, tuple[str, ...]]]:
    table = ruleset.terms
    pairs = zip(table.names, table.classes, strict=True)
    return [(name, table.class_sets[number]) for name, number in pairs]


def resolve(**changes: object) -> Ruleset:
    return load_ruleset(Selection(**changes), None, library=LIBRARY)  # type: ignore[arg-type]


def own(folder: Path, rule_id: str = "pressure/last-chance") -> str:
    (folder / "ours.yaml").write_text(OVERRIDE.format(id=rule_id), encoding="utf-8")
    return str(folder)


def test_without_configuration_core_topics_and_the_us_count() -> None:
    assert ids(resolve()) == {
        "cure/claims-a-cure", "disclosure/not-approved", "pressure/last-chance",
        "readability/grade", "regenerative/master-cells", "us/advertises",
    }  # fmt: skip


def test_a_state_implies_its_country_and_rules_know_their_market() -> None:
    ruleset = resolve(markets=("us-fl",))
    assert ruleset.markets == ("us", "us-fl")
    assert {rule.id: rule.markets for rule in ruleset.rules if rule.markets} == {
        "us/advertises": ("us",),
        "us-fl/advertises": ("us-fl",),
    }


def test_no_market_leaves_the_core() -> None:
    assert "us/advertises" not in ids(resolve(markets=()))


def test_an_id_beats_its_category_and_off_drops_a_rule() -> None:
    ruleset = resolve(
        rules=(("pressure/", "off"), ("cure/", "note"), ("cure/claims-a-cure", "warning"))
    )
    assert "pressure/last-chance" not in ids(ruleset)
    assert {r.id: r.severity for r in ruleset.rules}["cure/claims-a-cure"] == "warning"


def test_a_category_is_the_rules_own_and_its_ids_first_part() -> None:
    assert "regenerative/master-cells" not in ids(resolve(ignore=("mechanism/",)))
    assert "regenerative/master-cells" not in ids(resolve(ignore=("regenerative/",)))


def test_select_keeps_only_and_ignore_drops() -> None:
    assert ids(resolve(select=("cure/", "us/advertises"))) == {
        "cure/claims-a-cure",
        "us/advertises",
    }
    assert "us/advertises" not in ids(resolve(ignore=("us/advertises",)))


def test_an_override_takes_the_place_of_a_rule(tmp_path: Path) -> None:
    ruleset = resolve(packs=(own(tmp_path),))
    rule = next(rule for rule in ruleset.rules if rule.id == "pressure/last-chance")
    assert isinstance(rule, PhraseRule)
    assert (rule.title, rule.severity) == ("Our own words", "note")
    assert "final" in ruleset.wordings
    assert "last" not in ruleset.wordings
    assert ("ours", "2.1.0") in ruleset.packs


def test_an_override_of_a_market_rule_stays_in_its_market(tmp_path: Path) -> None:
    packs = (own(tmp_path, "kr/advertises"),)
    assert "kr/advertises" not in ids(resolve(packs=packs))
    ruleset = resolve(packs=packs, markets=("kr",))
    rule = next(rule for rule in ruleset.rules if rule.id == "kr/advertises")
    assert rule.markets == ("kr",)


def test_a_users_entry_extends_a_lexicon_and_replaces_a_term(tmp_path: Path) -> None:
    found = terms(resolve(packs=(own(tmp_path),)))
    assert ("exosome", ("treatment", "service")) in found
    assert ("moon ray", ("treatment", "rays")) in found
    assert not [name for name, classes in found if "unapproved" in classes]


def test_ids_of_other_markets_are_known_names() -> None:
    assert ids(resolve(rules=(("kr/advertises", "off"),))) == ids(resolve())


def test_mistakes_for_other_paths_show_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        resolve(
            mentioned_rules=("cure/nothing",), mentioned_markets=("xx",), mentioned_packs=("y",)
        )
    assert len(caught.value.faults) == 3


def test_examples_are_for_people_only() -> None:
    assert all(rule.examples is None for rule in resolve().rules)
    packs = load_packs(Selection(), library=LIBRARY)
    rule = next(r for pack in packs for r in pack.rules if r.id == "cure/claims-a-cure")
    assert rule.examples is not None
    assert len(rule.examples.flag) == 2


def test_packs_of_a_selection_hold_overrides_not_what_they_replace(tmp_path: Path) -> None:
    packs = load_packs(Selection(packs=(own(tmp_path),)), library=LIBRARY)
    found = [r for pack in packs for r in pack.rules if r.id == "pressure/last-chance"]
    assert [rule.title for rule in found] == ["Our own words"]


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "library"
    shutil.copytree(LIBRARY, copy)
    (copy / "core" / "cure.yaml").rename(copy / "core" / "zzz.yaml")
    assert load_ruleset(Selection(), None, library=str(copy)) == resolve()


def test_comments_leave_the_digest_and_rules_change_it(tmp_path: Path) -> None:
    copy = tmp_path / "library"
    shutil.copytree(LIBRARY, copy)
    file = copy / "core" / "cure.yaml"
    file.write_text("# a remark\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_ruleset(Selection(), None, library=str(copy)).sha256 == resolve().sha256
    assert resolve(ignore=("cure/",)).sha256 != resolve().sha256


def test_rows_stand_longest_first_and_name_their_tables() -> None:
    ruleset = resolve()
    assert [rule.id for rule in ruleset.rules] == sorted(ids(ruleset))
    for by_second in ruleset.wordings.values():
        for second, rows in by_second.items():
            lengths = [len(row.rest) for row in rows]
            assert lengths == sorted(lengths, reverse=True)
            assert len(set(rows)) == len(rows)
            assert {row.rest[:1] for row in rows} == ({(second,)} if second else {()})
    pressure = [rule.id for rule in ruleset.rules].index("pressure/last-chance")
    assert Wording(("chance",), "rule", pressure, 0, "phrase") in rows_of(ruleset, "last")
    assert Wording(("chance", "saloon"), "shield", pressure, 0, "phrase") in rows_of(
        ruleset, "last"
    )
    assert [row.kind for row in rows_of(ruleset, "not")].count("exempt") == 1


def test_terms_inflect_by_their_part() -> None:
    ruleset = resolve()

    def forms(first: str, *rest: str) -> set[tuple[str, str]]:
        return {
            (ruleset.terms.names[row.number], row.form)
            for row in rows_of(ruleset, first)
            if row.kind == "term" and row.rest == rest
        }

    assert forms("cure") == {("cure", "base"), ("cure", "noun")}
    assert forms("cured") == {("cure", "participle")}
    assert forms("curative") == {("cure", "adjective")}
    assert forms("overcame") == {("overcome", "past")}
    assert forms("overcome") == {("overcome", "base"), ("overcome", "participle")}
    assert forms("getting", "rid", "of") == {("get rid of", "ing")}
    assert forms("tumor") == forms("tumour") == {("tumour", "noun")}
    assert forms("hematomas") == {("haematoma", "noun")}
    assert forms("platelet", "rich", "plasma") == {("PRP", "noun")}
    assert forms("prps") == set()
    number = dict(ruleset.suffixes)["itis"]
    assert ruleset.terms.names[number] == "-itis"
    assert classes_of(ruleset.terms, "-itis") == ("condition",)
    assert "gratis" in ruleset.besides


def test_templates_are_found_by_their_plain_words() -> None:
    ruleset = resolve()
    for template in ruleset.templates:
        anchor = template.elements[template.anchor]
        numbers = [row.number for row in rows_of(ruleset, anchor) if row.kind == "template"]
        assert ruleset.templates.index(template) in numbers


@given(st.permutations(["us", "us-fl", "kr"]), st.booleans())
def test_the_order_of_choices_changes_nothing(markets: list[str], doubled: bool) -> None:
    chosen = tuple(markets) * (1 + doubled)
    assert resolve(markets=chosen) == resolve(markets=("kr", "us", "us-fl"))


def test_a_wrong_extension_is_told(tmp_path: Path) -> None:
    own(tmp_path)
    (tmp_path / "more.yml").write_text("pack: ours\n", encoding="utf-8")
    (tmp_path / "even.YAML").write_text("pack: ours\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("words", encoding="utf-8")
    (tmp_path / "ours.yaml~").write_text("a backup", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        resolve(packs=(str(tmp_path),))
    told = [fault.mark.path.rsplit("/", 1)[1] for fault in caught.value.faults]
    assert told == ["even.YAML", "more.yml"]


def test_a_folder_without_packs_and_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"holds no \.yaml file"):
        resolve(packs=(str(tmp_path),))
    with pytest.raises(DefinitionError, match=r"must end in \.yaml"):
        resolve(packs=(str(tmp_path / "notes.txt"),))


def test_folders_inside_a_pack_are_read(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    own(tmp_path / "inner")
    assert ("ours", "2.1.0") in resolve(packs=(str(tmp_path),)).packs


def test_one_pack_has_one_version(tmp_path: Path) -> None:
    own(tmp_path)
    other = "pack: ours\nversion: 2.2.0\nlexicons: [{name: x, about: x, entries: [y z]}]\n"
    (tmp_path / "second.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"second\.yaml:2:10: version 2\.2\.0 differs"):
        resolve(packs=(str(tmp_path),))


def test_bytes_that_are_not_utf8_have_a_place(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(b"pack: ours\nabout: caf\xe9\n")
    with pytest.raises(DefinitionError, match=r"ours\.yaml:2:11: not UTF-8"):
        resolve(packs=(str(tmp_path),))


def test_a_pack_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = OVERRIDE.format(id="pressure/last-chance")
    (tmp_path / "ours.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert ("ours", "2.1.0") in resolve(packs=(str(tmp_path),)).packs


def test_an_oversized_and_an_unreadable_pack_are_told(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_text("#" * (2 << 20), encoding="utf-8")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DefinitionError) as caught:
        resolve(packs=(str(tmp_path),))
    assert [fault.message.split(":")[0] for fault in caught.value.faults] == [
        "larger than 1,048,576 bytes; divide it",
        "cannot be read",
    ]


def test_a_missing_library_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="install claimlint again"):
        load_ruleset(Selection(), None, library=str(tmp_path))


def test_a_ruleset_survives_json() -> None:
    ruleset = resolve(markets=("us-fl", "kr"))
    decoded = msgspec.json.decode(msgspec.json.encode(ruleset), type=Ruleset)
    assert msgspec.structs.replace(decoded, templates=tuple(decoded.templates)) == ruleset
