"""The shipped vocabulary: named in three languages, typed, and joined so that every row leads to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from seloste.catalogue.load import (
    ITEM_TYPES,
    LANGUAGES,
    UnknownVocabularyError,
    Vocabulary,
    versions,
    vocabulary,
    way_to_subject,
)
from seloste.catalogue.model import Kind
from seloste.catalogue.plain_yaml import plain_yaml
from seloste.catalogue.types import TYPES

FOLDER = Path(__file__).parents[2] / "src" / "seloste" / "catalogue" / "2026-11"
SECTIONS = (
    *("presets", "sources", "categories", "security", "never", "law_presets"),
    *("recipients_when", "channels", "moments", "texts"),
)

# Of the Data Privacy Vocabulary, extension for personal data (https://w3id.org/dpv/pd), the terms we use.
DPV = set(
    re.findall(
        r"\w+",
        """ApartmentOwned AuthenticationHistory Behavioral BirthDate BrowsingBehavior BrowsingReferral City
    Communication
    CommunicationsMetadata Contact Country Credit DeviceBased DeviceSoftware EmailAddress Financial GPSCoordinate
    GroupProfile IPAddress Identifier Intention Interest Job Language LinkClicked Location Name OfficialID Opinion
    PersonalDocuments PhysicalAddress Picture PostalCode Preference PrivacyPreference Professional
    ProfessionalEvaluation ProfessionalInterview Purchase Reference Residency Salary ServiceConsumptionBehavior
    SocialMedia TelephoneNumber Tracking Transaction UID Username WorkEnvironment WorkHistory""",
    )
)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary("2026-11")


def texts(value: object, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping below ``value`` that has a language code for a key, with its path."""
    if isinstance(value, Mapping):
        if set(value) & set(LANGUAGES):
            yield path, value
        else:
            for key, below in value.items():
                yield from texts(below, f"{path}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from texts(below, f"{path}[{number}]")


def labels(kind: Kind) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield f"{kind.key}.label", kind.label
    yield f"{kind.key}.plural", kind.plural
    for item in kind.items.values():
        yield f"{kind.key}.{item.key}", item.label
        for option in item.options:
            yield f"{kind.key}.{item.key}.{option.key}", option.label


def test_every_kind_item_and_option_is_named_in_three_languages(words: Vocabulary) -> None:
    named = [pair for kind in words.kinds.values() for pair in labels(kind)]
    assert len(named) > 600
    assert [path for path, text in named if set(text) != set(LANGUAGES) or not all(text.values())] == []


def test_every_text_is_written_in_three_languages_and_whole(words: Vocabulary) -> None:
    found = [pair for name in SECTIONS for pair in texts(dict(getattr(words, name)), name)]
    assert len(found) > 250
    # A text cut at a comma leaves its rest beside the language codes as a key.
    assert [path for path, text in found if set(text) != set(LANGUAGES) or not all(text.values())] == []


def test_finnish_names_are_not_english_ones_left_untranslated(words: Vocabulary) -> None:
    same = {path for kind in words.kinds.values() for path, text in labels(kind) if text["fi"] == text["en"]}
    assert same == set()


def test_texts_are_plain(words: Vocabulary) -> None:
    found = [pair for name in SECTIONS for pair in texts(dict(getattr(words, name)), name)]
    found += [pair for kind in words.kinds.values() for pair in labels(kind)]
    assert [path for path, text in found for said in text.values() if "!" in said or "  " in said] == []


def test_every_item_has_a_type_that_can_be_read_or_points_at_a_kind(words: Vocabulary) -> None:
    assert set(TYPES) == set(ITEM_TYPES)
    wrong = [
        f"{kind.key}.{item.key}"
        for kind in words.kinds.values()
        for item in kind.items.values()
        if (
            item.type not in TYPES
            if item.refers_to is None
            else item.type != "ref" or item.refers_to not in words.kinds
        )
    ]
    assert wrong == []


def test_every_row_about_somebody_leads_to_a_subject(words: Vocabulary) -> None:
    lost = [
        kind.key
        for kind in words.kinds.values()
        if kind.about != "nobody" and way_to_subject(words.kinds, kind.key) is None
    ]
    assert lost == []
    assert way_to_subject(words.kinds, "location_fix") == ("location_fix", "tracking_session", "person")
    assert way_to_subject(words.kinds, "event") is None


def test_every_kind_holds_something_by_its_bare_name(words: Vocabulary) -> None:
    bare = {
        kind.key for kind in words.kinds.values() if all(item.extra or item.sensitive for item in kind.items.values())
    }
    assert bare == set()


def test_no_text_of_an_item_is_long_without_being_about_everybody_it_may_name(words: Vocabulary) -> None:
    told = {
        f"{kind.key}.{item.key}"
        for kind in words.kinds.values()
        for item in kind.items.values()
        if item.type == "text_long" and not item.free_text
    }
    # What was changed in an order is about the one who ordered.
    assert told == {"order.changes"}


def test_flat_names_mean_one_thing(words: Vocabulary) -> None:
    person = words.kinds["person"]
    assert set(words.kinds) & (set(person.items) | set(person.groups)) == set()
    assert set(words.texts["groups"]) == {
        f"{kind.key}.{group}" for kind in words.kinds.values() for group in kind.groups
    }


def test_ends_with_a_name_of_their_own_are_ends(words: Vocabulary) -> None:
    ends = {f"{kind.key}.{end}" for kind in words.kinds.values() for end in kind.of}
    assert set(words.texts["ends"]) <= ends


def test_kinds_that_date_a_row_can_be_kept_for_a_time(words: Vocabulary) -> None:
    undated = {
        kind.key
        for kind in words.kinds.values()
        if kind.dated is None and kind.act is None and any(i.type in ("date", "time") for i in kind.items.values())
    }
    # A person has birthdays and orders of non-disclosure, none of which dates the row.
    assert undated == {"person"}


def test_built_in_kinds_are_those_of_the_built_in_purpose(words: Vocabulary) -> None:
    built_in = {kind.key for kind in words.kinds.values() if kind.built_in}
    accountability = words.presets["accountability"]
    assert {name.partition(".")[0] for name in accountability["uses"]} == built_in
    # What was done about a request follows the request.
    follows = {kind.key for kind in words.kinds.values() if kind.built_in and kind.of and set(kind.of) <= built_in}
    assert set(accountability["keep"]) == built_in - follows


def test_terms_of_the_data_privacy_vocabulary_exist(words: Vocabulary) -> None:
    used = {item.dpv for kind in words.kinds.values() for item in kind.items.values() if item.dpv}
    assert {term.removeprefix("pd:") for term in used} == DPV


def test_sensitive_items_are_those_the_law_guards_or_a_breach_would_hurt(words: Vocabulary) -> None:
    sensitive = {f"{k.key}.{i.key}" for k in words.kinds.values() for i in k.items.values() if i.sensitive}
    assert sensitive == {
        "person.birth_date",
        "person.personal_identity_code",
        "person.non_disclosure",
        "person.non_disclosure_until",
        "location_fix.latitude",
        "location_fix.longitude",
    }


def test_every_file_of_kinds_is_read_and_no_kind_twice() -> None:
    index = plain_yaml((FOLDER / "index.yaml").read_text("utf-8"))["kinds"]
    assert sorted(index) == sorted(path.stem for path in (FOLDER / "kinds").glob("*.yaml"))
    keys = [
        key
        for path in (FOLDER / "kinds").glob("*.yaml")
        for key in re.findall(r"^  ([a-z_]+):(?: +#.*)?$", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(keys) == len(set(keys)) == len(vocabulary("2026-11").kinds)


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.yaml")), ids=lambda path: path.stem)
def test_our_quick_reading_is_the_library_s(file: Path) -> None:
    text = file.read_text("utf-8")
    assert plain_yaml(text) == YAML(typ="safe", pure=True).load(text)


def test_quick_reading_keeps_numbers_and_dates_as_written() -> None:
    text = "a: 0100\nb: 2026-11-01\nc: true\nd: 'true'\ne: &x [1, {f: on}]\ng: *x\nh:\n"
    assert plain_yaml(text) == {
        "a": "0100",
        "b": "2026-11-01",
        "c": True,
        "d": "true",
        "e": ["1", {"f": "on"}],
        "g": ["1", {"f": "on"}],
        "h": None,
    }


def test_an_unknown_version_is_refused_with_the_known_ones() -> None:
    assert versions() == ("2026-11",)
    with pytest.raises(UnknownVocabularyError, match="2026-11"):
        vocabulary("1999-01")


def test_a_vocabulary_is_read_once() -> None:
    assert vocabulary("2026-11") is vocabulary("2026-11")
    assert vocabulary("2026-11").kinds is vocabulary("2026-11").kinds


def test_what_the_vocabulary_says_cannot_be_changed_by_a_reader(words: Vocabulary) -> None:
    with pytest.raises(TypeError):
        words.kinds["person"].items["phone"] = words.kinds["person"].items["email"]  # type: ignore[index]
