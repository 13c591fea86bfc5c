"""What a notice means once presets, groups, kinds and frames are written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seloste.notice import load
from seloste.notice.canonical import as_yaml, digest
from seloste.notice.check import check_parsed
from seloste.notice.expand import expand
from seloste.notice.findings import Finding
from seloste.notice.model import Notice, Ref
from seloste.notice.parse import read, read_text

ROOT = Path(__file__).parents[2]
GYM = ROOT / "tests" / "corpus" / "gym" / "notice.yaml"
SHOP = ROOT / "tests" / "corpus" / "bicycle_shop" / "notice.yaml"
NOTICES = sorted(
    path
    for pattern in ("examples/*/*.yaml", "tests/corpus/*/notice.yaml")
    for path in ROOT.glob(pattern)
    if not read(path).is_frame
)
HEAD = "seloste: 1\nvocabulary: 2026-11\nregister: a\nlanguages: [fi]\n"


def expanded(text: str) -> tuple[Notice, list[Finding]]:
    return expand(read_text(HEAD + text))


def uses(text: str) -> tuple[Ref, ...]:
    notice, _ = expanded(f"purposes:\n  own: {{uses: {text}}}\n")
    return notice.purposes["own"].uses


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_group_of_the_person_stands_for_its_items() -> None:
    assert uses("[name, contact]") == (
        Ref("person", "first_name"),
        Ref("person", "last_name"),
        Ref("person", "phone"),
        Ref("person", "email"),
    )


def test_a_kind_stands_for_its_core_and_not_for_what_is_named_one_by_one() -> None:
    items = {ref.item for ref in uses("[organisation, order]") if ref.kind == "order"}
    assert "ordered_on" in items
    assert not items & {"notes", "carrier", "destination"}


def test_an_item_of_the_person_goes_by_its_own_name_and_others_when_they_alone_have_it() -> None:
    assert uses("[salutation]") == (Ref("person", "salutation"),)
    assert uses("[email]") == (Ref("person", "email"),)
    assert Ref("invoice", "billed_name") in uses("[person, billed_name, invoice.number]")


def test_sensitive_items_come_only_by_name() -> None:
    assert all(ref.item not in ("personal_identity_code", "birth_date") for ref in uses("[person]"))
    assert uses("[personal_identity_code]") == (Ref("person", "personal_identity_code"),)


def test_a_bare_tie_stands_for_its_ends() -> None:
    notice, _ = expanded(
        "kinds: {friend: {of: [person, event], tie: true}}\npurposes:\n  own: {uses: [name, event, friend]}\n"
    )
    assert notice.purposes["own"].uses[-2:] == (Ref("friend", "person"), Ref("friend", "event"))


def test_a_plus_adds_to_the_preset_and_a_list_without_it_replaces() -> None:
    added, _ = expanded("purposes:\n  feedback: {uses: [+, remark]}\n")
    assert Ref("person", "remark") in added.purposes["feedback"].uses
    assert Ref("feedback", "text") in added.purposes["feedback"].uses
    alone, _ = expanded("purposes:\n  feedback: {uses: [name, feedback.score, feedback.given_at]}\n")
    assert Ref("feedback", "text") not in alone.purposes["feedback"].uses


def test_a_preset_may_be_taken_under_another_name() -> None:
    notice, _ = expanded("purposes:\n  letters: {like: newsletter, lasts: 1 year}\n")
    assert (notice.purposes["letters"].preset, notice.purposes["letters"].basis) == ("newsletter", "consent")
    assert notice.purposes["letters"].lasts == (1, "year")


# --- what is held -----------------------------------------------------------------------------------------------------


def test_only_what_a_purpose_names_is_held() -> None:
    notice, _ = expanded("purposes:\n  own: {uses: [name, feedback.given_at, feedback.score]}\n")
    assert list(notice.kinds["feedback"].items) == ["given_at", "score"]
    assert list(notice.kinds["person"].items) == ["first_name", "last_name"]
    assert {key for key, kind in notice.kinds.items() if not kind.built_in} == {"person", "feedback"}


def test_every_register_holds_proof_of_what_people_said() -> None:
    notice, _ = expanded("purposes:\n  own: {uses: [name]}\n")
    assert notice.purposes["accountability"].built_in
    assert {"permission", "objection", "ban", "restriction", "hold", "rights_request", "disclosure"} <= set(
        notice.kinds
    )


def test_a_row_no_longer_belongs_to_what_no_purpose_uses() -> None:
    notice, _ = expanded("purposes:\n  own: {uses: [name, invoice]}\n")
    assert notice.kinds["invoice"].of == ("person",)
    with_orders, _ = expanded("purposes:\n  own: {uses: [name, invoice, order]}\n")
    assert set(with_orders.kinds["invoice"].of) == {"person", "order"}


def test_what_is_borrowed_and_not_held_is_left_out() -> None:
    notice, _ = expanded("purposes:\n  marketing:\n  own: {uses: [name]}\n")
    assert {ref.kind for ref in notice.purposes["marketing"].borrows} == {"person"}
    assert "relationship" not in notice.kinds


def test_a_kind_of_one_s_own_is_as_any_other() -> None:
    notice = load(GYM)
    membership = notice.kinds["membership"]
    assert membership.label == {"fi": "Jäsenyys"}
    assert membership.items["health_notes"].sensitive
    assert membership.items["health_notes"].special
    assert notice.kinds["training"].of == ("membership",)
    assert notice.categories[0].tie == "membership"


def test_items_may_be_added_to_a_kind_of_the_vocabulary() -> None:
    notice, findings = expanded(
        "kinds: {person: {items: {shoe_size: int}}}\npurposes:\n  own: {uses: [name, shoe_size]}\n"
    )
    assert not [finding for finding in findings if finding.code.startswith(("D", "V"))]
    assert "shoe_size" in notice.kinds["person"].items


def test_kinds_may_refer_to_each_other_in_any_order() -> None:
    notice, findings = expanded(
        "kinds:\n  leg: {label: Jalka, of: [table]}\n  table: {label: Pöytä, of: [person], items: {made: date}}\n"
        "purposes:\n  own: {uses: [name, table, leg]}\n"
    )
    assert not [finding for finding in findings if finding.code.startswith("D01")]
    assert notice.kinds["leg"].of == ("table",)


# --- channels, parties, the rest --------------------------------------------------------------------------------------


def test_marketing_by_mail_asks_private_persons_and_not_those_who_act_for_a_company() -> None:
    private, _ = expanded("people: [customer]\npurposes:\n  marketing:\n  customer_care:\n")
    assert private.purposes["marketing"].channels == {"email": "consent", "phone": "interest", "post": "interest"}
    business, _ = expanded("people: [contact, visitor]\npurposes:\n  marketing:\n  customer_care:\n")
    assert business.purposes["marketing"].channels["email"] == "interest"


def test_parties_have_their_country_beside_the_name() -> None:
    notice, _ = expanded("controller: {name: A Oy, group: [FluiCo Group AB (SE), Yritys (Eurooppa) Oy (FI)]}\n")
    assert [(party.name, party.country) for party in notice.controller.group] == [
        ("FluiCo Group AB", "SE"),
        ("Yritys (Eurooppa) Oy", "FI"),
    ]


def test_a_recipient_may_be_the_group_or_named_on_the_row() -> None:
    notice, _ = expanded(
        "controller: {name: A Oy, group: [B Ltd (CN)]}\npurposes:\n  orders: {uses: [+, order.carrier, "
        "order.destination]}\n"
        "recipients:\n  group: {who: group, for: orders, gets: [name], safeguard: scc}\n"
        "  carrier: {who: order.carrier, country: order.destination, for: orders, gets: [delivery], safeguard: "
        "contract_derogation}\n"
    )
    group, carrier = notice.recipients
    assert [party.name for party in group.who] == ["B Ltd"]
    assert (carrier.who_from, carrier.country_from) == (Ref("order", "carrier"), Ref("order", "destination"))


def test_the_one_who_runs_the_register_is_named_from_the_processors() -> None:
    notice, _ = expanded(
        "controller: {name: As Oy X, each: housing_company, processor: manager}\n"
        "processors: {manager: {name: Isännöinti Oy, does: Isännöinti, country: FI, agreement: Sopimus}}\n"
    )
    assert (notice.controller.processor, notice.controller.each) == ("Isännöinti Oy", "housing_company")


def test_a_lens_may_be_narrowed_to_one_s_own() -> None:
    notice, _ = expanded(
        "purposes:\n  property_management:\nstaff:\n  board: {for: [property_management], only: "
        "office.housing_company}\n"
    )
    assert notice.staff["board"].only == Ref("office", "housing_company")


# --- places -----------------------------------------------------------------------------------------------------------


def test_every_fact_has_its_place() -> None:
    notice = load(SHOP)
    lines = SHOP.read_text("utf-8").splitlines()

    def at(path: str) -> str:
        place = notice.places[path]
        return lines[place.line - 1][place.column - 1 :]

    assert at("purposes.repairs").startswith("repairs:")
    assert at("purposes.repairs.uses.person.first_name").startswith("name")
    assert at("purposes.repairs.uses.repair.fault").startswith("repair]")
    assert at("purposes.repairs.keep.bicycle").startswith("3 years after last_contact")
    assert at("processors.mail.country").startswith("country: SE")
    assert at("staff.counter").startswith("counter:")
    assert at("kinds.repair.items.fault").startswith("fault:")
    assert at("never.profiling").startswith("profiling")
    assert at("people.subscriber").startswith("subscriber")


def test_what_a_preset_says_has_the_place_that_names_the_preset() -> None:
    notice = load(SHOP)
    newsletter = notice.purposes["newsletter"]
    assert notice.places["purposes.newsletter.uses.person.email"] == newsletter.place
    assert newsletter.keep[0].place == newsletter.place


# --- the expanded form ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_expansion_of_an_expansion_is_the_same_notice(path: Path) -> None:
    notice, _ = expand(read(path))
    again, findings = expand(read_text(as_yaml(notice)))
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert again.digest == notice.digest
    assert as_yaml(again) == as_yaml(notice)


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_examples_and_the_corpus_have_no_errors_and_no_warnings(path: Path) -> None:
    assert [str(finding.code) for finding in check_parsed(read(path)).findings if finding.severity != "note"] == []


def variations() -> Iterator[str]:
    text = GYM.read_text("utf-8")
    yield text.replace("Jäsenet", "Asiakkaat")
    yield text.replace(
        'at most 2 years after last_contact"}\n    needed_for', 'at most 3 years after last_contact"}\n    needed_for'
    )
    yield text.replace("[name, contact, membership, training]", "[name, contact, membership, training.at]")
    yield text.replace("never: [selling, leaving_eea]", "never: [selling]")
    yield text.replace("began: date, ended: date", "ended: date, began: date")


def test_the_digest_changes_with_any_promise() -> None:
    digests = {expand(read_text(text))[0].digest for text in variations()}
    assert len(digests) == 5
    assert load(GYM).digest not in digests


def test_the_digest_does_not_change_with_places_comments_or_what_is_accepted() -> None:
    notice = load(GYM)
    moved, _ = expand(read_text("# a comment\n\n" + GYM.read_text("utf-8"), "elsewhere.yaml"))
    accepting, _ = expand(
        read_text(GYM.read_text("utf-8") + "accept:\n  - {code: D02, at: kinds, because: Avaimet riittävät.}\n")
    )
    assert moved.digest == accepting.digest == notice.digest == digest(replace(notice, places={}))
