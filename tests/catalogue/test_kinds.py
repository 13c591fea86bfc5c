"""A kind is read alike in the vocabulary and in a notice, and what means nothing is refused where it is written."""

from __future__ import annotations

from typing import Any

import pytest

from seloste.catalogue.load import CatalogueError, humanise, kind_from_mapping, missing_labels, vocabulary
from seloste.catalogue.model import Item, Kind

KNOWN = {"person", "organisation", "membership"}


def read(raw: dict[str, Any], key: str = "membership", languages: tuple[str, ...] = ("fi", "en")) -> Kind:
    return kind_from_mapping(key, raw, KNOWN, languages)


def test_the_compact_spelling() -> None:
    kind = read(
        {
            "label": {"fi": "Jäsenyys", "en": "Membership"},
            "about": "person",
            "of": ["person"],
            "act": "began",
            "items": {"number": "text", "began": "date", "sponsor": "person + >", "health_notes": "text_long + S T !"},
        }
    )
    assert kind.of == ("person",)
    assert list(kind.items) == ["number", "began", "sponsor", "health_notes"]
    assert kind.items["number"] == Item("number", "text", {"fi": "Number", "en": "Number"})
    assert kind.items["sponsor"] == Item(
        "sponsor", "ref", {"fi": "Sponsor", "en": "Sponsor"}, extra=True, refers_to="person"
    )
    notes = kind.items["health_notes"]
    assert (notes.extra, notes.sensitive, notes.free_text, notes.special, notes.many) == (True, True, True, True, False)


def test_the_full_spelling() -> None:
    kind = read(
        {
            "label": {"fi": "Jäsenyys", "en": "Membership"},
            "plural": {"fi": "Jäsenyydet", "en": "Memberships"},
            "of": ["person", "organisation"],
            "optional_of": ["organisation"],
            "tie": True,
            "title": ["level"],
            "dated": "ended",
            "groups": {"span": ["began", "ended"]},
            "items": {
                "level": {
                    "type": "choice",
                    "flags": "*",
                    "label": {"fi": "Taso", "en": "Level"},
                    "options": {"gold": {"fi": "kulta", "en": "gold"}, "plain": {"fi": "perus", "en": "plain"}},
                    "dpv": "pd:GroupMembership",
                },
                "began": "date",
                "ended": "date",
            },
        }
    )
    assert (kind.tie, kind.optional_of, kind.dated, kind.title) == (True, ("organisation",), "ended", ("level",))
    assert kind.plural["fi"] == "Jäsenyydet"
    assert kind.groups == {"span": ("began", "ended")}
    level = kind.items["level"]
    assert [(option.key, option.label["fi"]) for option in level.options] == [("gold", "kulta"), ("plain", "perus")]
    assert (level.many, level.dpv) == (True, "pd:GroupMembership")


def test_one_language_is_a_plain_string_and_a_missing_name_is_the_key_in_words() -> None:
    kind = read({"label": "Jäsenyys", "of": ["person"], "items": {"next_visit": "date"}}, languages=("fi",))
    assert kind.label == {"fi": "Jäsenyys"}
    assert kind.plural == {"fi": "Jäsenyys"}
    assert kind.items["next_visit"].label == {"fi": "Next visit"}
    assert humanise("next_visit") == "Next visit"


def test_options_may_be_a_bare_list() -> None:
    kind = read({"of": ["person"], "items": {"level": {"type": "choice", "options": ["gold", "plain"]}}})
    assert [option.label["en"] for option in kind.items["level"].options] == ["Gold", "Plain"]


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown type", {"items": {"a": "txt"}}, "items.a.type", "Did you mean “text”"),
    ("unknown flag", {"items": {"a": "text Q"}}, "items.a.flags", "not a flag"),
    ("unknown field", {"item": {"a": "text"}}, "item", "Did you mean “items”"),
    ("unknown field of an item", {"items": {"a": {"typ": "text"}}}, "items.a.typ", "Did you mean “type”"),
    ("unknown owner", {"of": ["persn"]}, "of", "Did you mean “person”"),
    ("of itself", {"of": ["membership"]}, "of", "no kind “membership” to belong to"),
    ("many pointers", {"items": {"a": "person * >"}}, "items.a.flags", "ties the two"),
    ("many references", {"items": {"a": "organisation *"}}, "items.a.flags", "ties the two"),
    ("pointer at a company", {"items": {"a": "organisation >"}}, "items.a.flags", "type person"),
    ("choice without options", {"items": {"a": "choice"}}, "items.a.options", "a choice has options"),
    (
        "options without choice",
        {"items": {"a": {"type": "text", "options": ["b"]}}},
        "items.a.options",
        "only a choice",
    ),
    ("reserved name", {"items": {"source": "text"}}, "items.source", "of itself"),
    ("name of an owner", {"of": ["person"], "items": {"person": "text"}}, "items.person", "of itself"),
    ("capital letter", {"items": {"Name": "text"}}, "items.Name", "small letters"),
    ("tie with one end", {"of": ["person"], "tie": True}, "tie", "two ends"),
    ("optional that is not an end", {"of": ["person"], "optional_of": ["organisation"]}, "optional_of", "not among"),
    ("deed that is no date", {"act": "a", "items": {"a": "text"}}, "act", "not a date"),
    ("deed that is no item", {"act": "b", "items": {"a": "date"}}, "act", "no item “b”"),
    ("due by what is no date", {"due": "a", "items": {"a": "text"}}, "due", "not a date"),
    ("done at what is no item", {"done": "b", "items": {"a": "date"}}, "done", "no item “b”"),
    ("assigned to a text", {"assigned": "a", "items": {"a": "text"}}, "assigned", "type code"),
    ("title that is no item", {"title": ["b"], "items": {"a": "date"}}, "title", "no item “b”"),
    ("group of no item", {"groups": {"g": ["b"]}, "items": {"a": "date"}}, "groups.g", "no item “b”"),
    ("group named like an item", {"groups": {"a": ["a"]}, "items": {"a": "date"}}, "groups.a", "name of an item"),
    ("owner of a row about somebody", {"owner_item": "a", "items": {"a": "person >"}}, "owner_item", "about nobody"),
    ("about someone unknown", {"about": "them"}, "about", "not one of person"),
    ("a text cut at a comma", {"label": {"fi": "Jäsenyys", "tai tilaus": None}}, "label", "quotes"),
    ("a term of no vocabulary", {"items": {"a": {"type": "text", "dpv": "name"}}}, "items.a.dpv", "pd:EmailAddress"),
    ("items as a list", {"items": ["a"]}, "items", "one a line"),
]


@pytest.mark.parametrize(("raw", "path", "said"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_what_means_nothing_is_refused_with_its_place(raw: dict[str, Any], path: str, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(raw)
    assert caught.value.path == path
    assert said in caught.value.message("en")
    assert caught.value.message("fi").startswith(f"{path}: ")


def test_a_notice_adds_items_to_a_kind_of_the_vocabulary() -> None:
    kinds = vocabulary("2026-11").kinds
    more = {"items": {"shoe_size": {"type": "int", "label": {"fi": "Kengänkoko", "en": "Shoe size"}}}}
    person = kind_from_mapping("person", more, kinds, ("fi", "en"))
    assert person.items["shoe_size"].label["fi"] == "Kengänkoko"
    assert list(person.items)[:-1] == list(kinds["person"].items)
    assert (person.subject, person.groups, person.title) == (True, kinds["person"].groups, kinds["person"].title)
    assert "shoe_size" not in kinds["person"].items


def test_a_notice_gives_a_choice_its_own_options() -> None:
    kinds = vocabulary("2026-11").kinds
    own = {"items": {"stage": {"type": "choice", "options": {"member": {"fi": "jäsen", "en": "member"}}}}}
    relationship = kind_from_mapping("relationship", own, kinds, ("fi", "en"))
    assert [option.key for option in relationship.items["stage"].options] == ["member"]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"about": "nobody"}, "about"),
        ({"of": ["person"]}, "of"),
        ({"built_in": True}, "built_in"),
        ({"items": {"phone": "text"}}, "items.phone.type"),
    ],
)
def test_a_notice_cannot_change_whose_a_kind_is_or_what_an_item_holds(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        kind_from_mapping("person", raw, vocabulary("2026-11").kinds, ("fi", "en"))
    assert caught.value.path == path


def test_missing_names_are_listed_by_path() -> None:
    raw = {
        "label": {"fi": "Jäsenyys"},
        "items": {
            "began": "date",
            "number": {"type": "text", "label": {"fi": "Numero", "en": "Number"}},
            "level": {"type": "choice", "label": {"fi": "Taso", "en": "Level"}, "options": {"gold": {"fi": "kulta"}}},
        },
    }
    assert missing_labels(raw, ("fi", "en")) == ["label", "items.began.label", "items.level.options.gold"]
    assert missing_labels(raw, ("fi",)) == ["items.began.label"]
    assert missing_labels({"label": "Jäsenyys"}, ("fi",)) == []


def test_items_may_be_asked_only_of_one_who_has_an_end() -> None:
    raw = {"of": ["person", "organisation"], "tie": True, "items": {"title": "text"}}
    assert read({**raw, "only_with": {"organisation": ["title"]}}).only_with == {"organisation": ("title",)}
    for wrong, path in (({"firm": ["title"]}, "only_with"), ({"organisation": ["rank"]}, "only_with.organisation")):
        with pytest.raises(CatalogueError) as refused:
            read({**raw, "only_with": wrong})
        assert refused.value.path == path
