"""Every preset, source and category speaks of kinds and items that exist, in the words of a notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from seloste.catalogue.load import vocabulary
from seloste.catalogue.model import Kind
from seloste.law.retention import preset_names
from seloste.notice.expand.names import meaning
from seloste.notice.fields import BASES, NATURES, SAFEGUARDS, SECTIONS, SPECIAL_GROUNDS
from seloste.notice.keep import LAST_CONTACT, read_rule
from seloste.notice.ways import own_date

WORDS = vocabulary("2026-11")
KINDS: Mapping[str, Kind] = WORDS.kinds
PRESETS = [pytest.param(key, preset, id=key) for key, preset in WORDS.presets.items()]


@pytest.mark.parametrize(("key", "preset"), PRESETS)
def test_it_is_written_in_the_words_of_a_purpose(key: str, preset: Mapping[str, Any]) -> None:
    assert set(preset) <= set(SECTIONS["purpose"])
    assert preset["basis"] in BASES
    assert preset.get("is", "ordinary") in NATURES


@pytest.mark.parametrize(("key", "preset"), PRESETS)
def test_its_basis_comes_with_what_the_law_asks_of_it(key: str, preset: Mapping[str, Any]) -> None:
    basis = preset["basis"]
    if basis in ("legitimate_interest", "company_contract"):
        assert preset["interest"], "Art. 13(1)(d)"
    if basis == "consent":
        assert preset["consent"], "Art. 7"
        assert preset.get("lasts") or preset["keep"] == "until withdrawn", "a consent has an end"
    if basis == "legal_obligation":
        assert preset["law"], "Art. 6(3)"
    if basis in ("contract", "company_contract", "legal_obligation") and key != "accountability":
        assert preset["needed_for"], "Art. 13(2)(e)"
    if preset.get("is") == "profiling" or "becomes" in preset:
        assert preset["profiling"], "Art. 13(2)(f)"


@pytest.mark.parametrize(("key", "preset"), PRESETS)
def test_what_it_uses_exists_and_sensitive_items_are_named_one_by_one(key: str, preset: Mapping[str, Any]) -> None:
    for field in ("uses", "borrows", "at_intake"):
        for name in preset.get(field, ()):
            found = meaning(name, KINDS)
            assert isinstance(found, tuple) and found, f"{field}: {name}"


@pytest.mark.parametrize(("key", "preset"), PRESETS)
def test_its_periods_can_be_computed(key: str, preset: Mapping[str, Any]) -> None:
    rules = preset.get("keep", {})
    uses = {ref.kind for name in preset.get("uses", ()) for ref in meaning(name, KINDS) if not isinstance(ref, str)}
    if isinstance(rules, str):
        rules = {None: rules}
    assert bool(rules) == bool(preset.get("uses")), "what holds something says how long"
    for matter, text in rules.items():
        rule = read_rule(text, dict.fromkeys(preset_names()))
        for clause in (rule.base, *rule.others):
            if clause.term is None:
                assert clause.withdrawn or clause.each or clause.law
                continue
            kind = clause.term.kind or matter
            assert kind in uses
            if clause.term.date != LAST_CONTACT:
                assert KINDS[kind].items[clause.term.date].type in ("date", "time")
    for kind in preset.get("at_most", {}):
        assert kind in uses
        assert own_date(KINDS[kind]) is not None


@pytest.mark.parametrize(("key", "preset"), PRESETS)
def test_an_end_that_nobody_is_forced_to_type_has_a_cap(key: str, preset: Mapping[str, Any]) -> None:
    """A closed account, a decision, a resolved complaint: the date may stay empty for ever."""
    forgotten = {"closed_on", "decided_on", "resolved_on", "last_contact"}
    rules = preset.get("keep", {})
    for text in [rules] if isinstance(rules, str) else rules.values():
        rule = read_rule(text, dict.fromkeys(preset_names()))
        if rule.base.term is not None and rule.base.term.date in forgotten:
            assert [clause for clause in rule.others if clause.role == "at_most"], text


def test_a_ban_and_an_objection_are_remembered_as_long_as_they_are_to_be_obeyed() -> None:
    keep = WORDS.presets["accountability"]["keep"]
    assert keep["objection"] == "until withdrawn_at"
    assert keep["ban"] == "until lifted_at"
    assert keep["permission"] == "3 years after withdrawn_at, at most 3 years after ends_on"


def test_the_identity_code_is_in_no_preset() -> None:
    named = {name for preset in WORDS.presets.values() for name in preset.get("uses", ())}
    assert named & {"personal_identity_code", "birth_date", "person.personal_identity_code"} == set()


def test_sources_know_who_must_be_told_and_what_they_bring() -> None:
    told = {key for key, source in WORDS.sources.items() if source["art14"] is True}
    assert told == {
        "employer",
        "social_media",
        "company_website",
        "event_organiser",
        "address_service",
        "public_register",
        "official_source",
        "group",
        "service_provider",
        "external_sites",
        "referee",
        "interviewer",
        "other_person",
    }
    public = {key for key, source in WORDS.sources.items() if source["public"] is True}
    assert public == {"social_media", "company_website", "public_register"}
    assert all(isinstance(source["art14"], bool) for source in WORDS.sources.values())
    brought = {each.partition(".")[::2] for source in WORDS.sources.values() for each in source.get("brings", ())}
    assert all(kind in KINDS and (not item or item in KINDS[kind].items) for kind, item in brought)


def test_categories_are_made_by_kinds_that_lead_to_a_person() -> None:
    for key, category in WORDS.categories.items():
        if "tie" not in category:
            assert key == "passer_by"
            continue
        kind = KINDS[category["tie"]]
        if "through" in category:
            assert kind.items[category["through"]].refers_to == "person"
        else:
            assert kind.subject or "person" in kind.of
        assert set(category.get("required", ())) <= set(kind.of)


def test_there_is_a_text_for_every_word_of_the_format() -> None:
    assert set(WORDS.texts["bases"]) == set(BASES)
    assert set(WORDS.texts["natures"]) == set(NATURES)
    assert set(WORDS.texts["safeguards"]) == set(SAFEGUARDS)
    assert set(WORDS.texts["special_grounds"]) == set(SPECIAL_GROUNDS)
    assert {measure["nature"] for measure in WORDS.security.values()} == {"proved", "attested"}
    assert set(WORDS.law_presets) == set(preset_names())


def test_every_date_a_preset_counts_from_can_be_told_in_a_sentence() -> None:
    dates = {
        f"{kind.key}.{item.key}"
        for kind in KINDS.values()
        for item in kind.items.values()
        if item.type in ("date", "time")
    }
    assert set(WORDS.moments) <= dates | {LAST_CONTACT}
    counted = set()
    for preset in WORDS.presets.values():
        rules = preset.get("keep", {})
        for matter, text in {None: rules}.items() if isinstance(rules, str) else rules.items():
            rule = read_rule(text, dict.fromkeys(preset_names()))
            terms = [clause.term for clause in (rule.base, *rule.others) if clause.term is not None]
            counted |= {t.date if t.date == LAST_CONTACT else f"{t.kind or matter}.{t.date}" for t in terms}
    assert counted - set(WORDS.moments) == set()
