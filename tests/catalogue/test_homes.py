"""Each thing the four source notices say they hold has a place in the register of that notice, of the right type.

The place is an item that a purpose of the example notice holds; its type takes what is right and refuses what is not.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from seloste.catalogue.types import TYPES
from seloste.errors import BadValue
from seloste.notice.check import check
from seloste.notice.model import Notice

EXAMPLES = Path(__file__).parents[2] / "examples"
FLUENT = "fluent-progress/customers.yaml"
FLUICONNECTO = "fluiconnecto/notice.yaml"
FLUXIO = "fluxio/as-oy-tuulikello.yaml"
PROSEDUURI = "proseduuri/notice.yaml"

# What each type takes, and what it refuses; a text takes any line.
SAMPLES: dict[str, tuple[str, str | None]] = {
    "text": ("Aino", None),
    "text_long": ("Sovittiin uusi toimitusaika.\nSoitan keskiviikkona.", None),
    "phone": ("050 000 0140", "050"),
    "email": ("aino@yritys.example", "aino(at)yritys"),
    "url": ("https://yritys.example/aino", "yritys"),
    "date": ("24.11.2026", "31.2.2026"),
    "time": ("24.11.2026 9.12", "24.11.2026 25.00"),
    "int": ("4", "neljä"),
    "money": ("1 284,00", "paljon"),
    "country": ("FI", "Muumilaakso"),
    "business_id": ("2710574-2", "2710574-3"),
    "postal_code": ("33100", "331"),
    "ip": ("192.0.2.7", "192.0.2.700"),
    "iban": ("FI21 1234 5600 0007 85", "FI21 1234 5600 0007 86"),
    "reference_number": ("1232", "1233"),
    "hetu": ("010594Y9032", "010594Y9033"),
}


@cache
def notice(path: str) -> Notice:
    found = check(EXAMPLES / path).notice
    assert found is not None
    return found


def place(path: str, home: str) -> tuple[str, bool]:
    """The type of ``kind.item`` in the register of a notice, and whether it may have many values.

    Fails when no purpose holds it.
    """
    kind_key, _, item_key = home.partition(".")
    found = notice(path)
    kind = found.kinds[kind_key]
    if item_key in kind.of:
        return f"-> {item_key}", False
    held = {str(ref) for purpose in found.purposes.values() for ref in purpose.uses}
    assert home in held, f"no purpose of {path} holds {home}"
    item = kind.items[item_key]
    return (f"-> {item.refers_to}" if item.refers_to else item.type), item.many


@pytest.mark.parametrize(
    ("path", "homes"),
    [
        pytest.param(
            FLUENT,
            {"person.first_name": "text", "person.last_name": "text"},
            marks=pytest.mark.promise("F17"),
            id="F17",
        ),
        pytest.param(FLUENT, {"person.phone": "phone *"}, marks=pytest.mark.promise("F18"), id="F18"),
        pytest.param(FLUENT, {"person.email": "email *"}, marks=pytest.mark.promise("F19"), id="F19"),
        pytest.param(
            FLUENT,
            {"address.person": "-> person", "address.street": "text", "address.postal_code": "postal_code"},
            marks=pytest.mark.promise("F20"),
            id="F20",
        ),
        pytest.param(
            FLUENT,
            {"relationship.organisation": "-> organisation", "relationship.title": "text"},
            marks=pytest.mark.promise("F21"),
            id="F21",
        ),
        pytest.param(
            FLUENT,
            {
                "organisation.name": "text",
                "organisation.phone": "phone *",
                "organisation.email": "email",
                "organisation.street": "text",
            },
            marks=pytest.mark.promise("F22"),
            id="F22",
        ),
        pytest.param(FLUENT, {"relationship.unit": "text"}, marks=pytest.mark.promise("F23"), id="F23"),
        pytest.param(FLUENT, {"relationship.tasks": "text"}, marks=pytest.mark.promise("F24"), id="F24"),
        pytest.param(FLUENT, {"person.interests": "text *"}, marks=pytest.mark.promise("F25"), id="F25"),
        pytest.param(
            FLUENT,
            {"ban.person": "-> person", "ban.channel": "choice", "ban.set_at": "time", "ban.purpose": "code"},
            marks=pytest.mark.promise("F26"),
            id="F26",
        ),
        pytest.param(
            FLUENT,
            {"relationship.tasks": "text", "relationship.roles": "choice *"},
            marks=pytest.mark.promise("F27"),
            id="F27",
        ),
        pytest.param(
            FLUENT,
            {
                "usage_event.account": "-> account",
                "usage_event.at": "time",
                "usage_event.service": "text",
                "usage_event.action": "choice",
            },
            marks=pytest.mark.promise("F28"),
            id="F28",
        ),
        pytest.param(
            FLUENT,
            {"interaction.at": "time", "interaction.channel": "choice", "interaction.text": "text_long"},
            marks=pytest.mark.promise("F29"),
            id="F29",
        ),
        pytest.param(
            FLUENT,
            {"feedback.person": "-> person", "feedback.text": "text_long", "feedback.given_at": "time"},
            marks=pytest.mark.promise("F30"),
            id="F30",
        ),
        pytest.param(
            FLUENT,
            {"form_submission.form": "code", "form_submission.at": "time", "form_submission.answers": "fields"},
            marks=pytest.mark.promise("F31"),
            id="F31",
        ),
        pytest.param(
            FLUENT,
            {"registration.event": "-> event", "registration.registered_at": "time", "registration.attended": "bool"},
            marks=pytest.mark.promise("F32"),
            id="F32",
        ),
        pytest.param(
            FLUENT,
            {"permission.purpose": "code", "permission.given_at": "time", "permission.withdrawn_at": "time"},
            marks=pytest.mark.promise("F33"),
            id="F33",
        ),
        pytest.param(FLUENT, {"usage_event.ip_address": "ip"}, marks=pytest.mark.promise("F34"), id="F34"),
        pytest.param(FLUENT, {"person.social_profiles": "url *"}, marks=pytest.mark.promise("F35"), id="F35"),
        pytest.param(
            FLUENT,
            {"order.lines": "lines", "order.changes": "text_long", "order.changed_on": "date"},
            marks=pytest.mark.promise("F36"),
            id="F36",
        ),
        pytest.param(
            FLUENT,
            {
                "invoice.billed_name": "text",
                "invoice.billed_address": "text",
                "invoice.total": "money",
                "invoice.due_on": "date",
                "invoice.reference_number": "reference_number",
            },
            marks=pytest.mark.promise("F37"),
            id="F37",
        ),
        pytest.param(
            FLUENT,
            {"person.remark": "text_long", "order.notes": "text_long"},
            marks=pytest.mark.promise("F38"),
            id="F38",
        ),
        pytest.param(
            FLUICONNECTO,
            {"person.first_name": "text", "person.last_name": "text"},
            marks=pytest.mark.promise("C3"),
            id="C3",
        ),
        pytest.param(
            FLUICONNECTO,
            {"relationship.title": "text", "person.salutation": "text"},
            marks=pytest.mark.promise("C4"),
            id="C4",
        ),
        pytest.param(FLUICONNECTO, {"person.phone": "phone *"}, marks=pytest.mark.promise("C5"), id="C5"),
        pytest.param(
            FLUICONNECTO,
            {"person.email": "email *", "person.other_contact": "text *"},
            marks=pytest.mark.promise("C6"),
            id="C6",
        ),
        pytest.param(
            FLUICONNECTO,
            {
                "address.use": "choice",
                "address.organisation": "-> organisation",
                "address.street": "text",
                "delivery.address": "text",
                "invoice.billed_address": "text",
            },
            marks=pytest.mark.promise("C7"),
            id="C7",
        ),
        pytest.param(
            FLUICONNECTO,
            {
                "organisation.name": "text",
                "organisation.business_id": "business_id",
                "organisation.phone": "phone *",
                "organisation.street": "text",
                "organisation.country": "country",
            },
            marks=pytest.mark.promise("C8"),
            id="C8",
        ),
        pytest.param(
            FLUICONNECTO,
            {"order.lines": "lines", "service_job.description": "text_long"},
            marks=pytest.mark.promise("C9"),
            id="C9",
        ),
        pytest.param(
            FLUICONNECTO,
            {
                "order.ordered_on": "date",
                "message.subject": "text",
                "message.sent_at": "time",
                "interaction.text": "text_long",
                "feedback.text": "text_long",
                "complaint.text": "text_long",
                "complaint.order": "-> order",
            },
            marks=pytest.mark.promise("C10"),
            id="C10",
        ),
        pytest.param(
            FLUICONNECTO,
            {
                "permission.purpose": "code",
                "permission.recipient": "text",
                "ban.channel": "choice",
                "ban.sender": "text",
            },
            marks=pytest.mark.promise("C11"),
            id="C11",
        ),
        pytest.param(
            FLUICONNECTO,
            {"person.remark": "text_long", "order.notes": "text_long"},
            marks=pytest.mark.promise("C12"),
            id="C12",
        ),
        pytest.param(
            FLUXIO,
            {
                "housing_company.name": "text",
                "housing_company.business_id": "business_id",
                "housing_company.street": "text",
                "housing_company.bank_account": "iban",
            },
            marks=pytest.mark.promise("X15"),
            id="X15",
        ),
        pytest.param(
            FLUXIO,
            {
                "apartment.housing_company": "-> housing_company",
                "apartment.code": "text",
                "apartment.floor": "int",
                "apartment.area": "text",
                "apartment.shares": "text",
            },
            marks=pytest.mark.promise("X16"),
            id="X16",
        ),
        pytest.param(
            FLUXIO,
            {"person.first_name": "text", "person.last_name": "text", "residency.apartment": "-> apartment"},
            marks=pytest.mark.promise("X17"),
            id="X17",
        ),
        pytest.param(FLUXIO, {"person.personal_identity_code": "hetu"}, id="X18"),
        pytest.param(FLUXIO, {"person.email": "email *"}, marks=pytest.mark.promise("X19"), id="X19"),
        pytest.param(FLUXIO, {"person.phone": "phone *"}, marks=pytest.mark.promise("X20"), id="X20"),
        pytest.param(
            FLUXIO,
            {"residency.moved_in": "date", "residency.moved_out": "date"},
            marks=pytest.mark.promise("X21"),
            id="X21",
        ),
        pytest.param(
            FLUXIO,
            {
                "residency.person": "-> person",
                "shareholding.person": "-> person",
                "shareholding.shares": "text",
                "shareholding.began": "date",
            },
            marks=pytest.mark.promise("X22"),
            id="X22",
        ),
        pytest.param(
            FLUXIO,
            {"account.username": "text", "account.last_login": "time", "usage_event.action": "choice"},
            marks=pytest.mark.promise("X24"),
            id="X24",
        ),
        pytest.param(
            PROSEDUURI,
            {"person.first_name": "text", "person.last_name": "text"},
            marks=pytest.mark.promise("P11"),
            id="P11",
        ),
        pytest.param(
            PROSEDUURI,
            {"organisation.name": "text", "organisation.business_id": "business_id"},
            marks=pytest.mark.promise("P12"),
            id="P12",
        ),
        pytest.param(
            PROSEDUURI,
            {"relationship.title": "text", "relationship.tasks": "text"},
            marks=pytest.mark.promise("P13"),
            id="P13",
        ),
        pytest.param(
            PROSEDUURI,
            {
                "organisation.industry": "text",
                "organisation.street": "text",
                "organisation.postal_code": "postal_code",
                "organisation.city": "text",
            },
            marks=pytest.mark.promise("P14"),
            id="P14",
        ),
        pytest.param(
            PROSEDUURI,
            {"person.phone": "phone *", "person.email": "email *"},
            marks=pytest.mark.promise("P15"),
            id="P15",
        ),
        pytest.param(
            PROSEDUURI,
            {
                "visit.page": "url",
                "visit.at": "time",
                "visit.organisation": "-> organisation",
                "chat.text": "text_long",
                "form_submission.answers": "fields",
                "configuration.choices": "fields",
            },
            marks=pytest.mark.promise("P16"),
            id="P16",
        ),
    ],
)
def test_it_has_a_place_of_its_own_type(path: str, homes: dict[str, str]) -> None:
    for home, expected in homes.items():
        type_name, many = place(path, home)
        assert (f"{type_name} *" if many else type_name) == expected, home
        good, bad = SAMPLES.get(type_name, ("", None))
        if good:
            kind = TYPES[type_name].configure(allow_test=True) if type_name == "hetu" else TYPES[type_name]
            assert kind.parse(good) is not None
            if bad is not None:
                with pytest.raises(BadValue):
                    kind.parse(bad)


def test_what_a_notice_does_not_name_has_no_place() -> None:
    for path in (FLUICONNECTO, PROSEDUURI, FLUXIO):
        assert "birth_date" not in notice(path).kinds["person"].items
    assert "personal_identity_code" not in notice(FLUICONNECTO).kinds["person"].items
    assert "residency" not in notice(FLUICONNECTO).kinds


@pytest.mark.promise("X18")
def test_an_identity_code_has_a_place_only_in_the_purpose_that_has_a_ground_for_it() -> None:
    """It is held by debt collection, on the ground of section 29 of the Data Protection Act, and by nothing else."""
    found = notice(FLUXIO)
    holders = [
        purpose
        for purpose in found.purposes.values()
        if any(ref.item == "personal_identity_code" for ref in (*purpose.uses, *purpose.borrows))
    ]
    assert [(purpose.key, purpose.identity_code_ground) for purpose in holders] == [
        ("debt_collection", "debt_collection")
    ]
    item = found.kinds["person"].items["personal_identity_code"]
    assert (item.type, item.sensitive, item.extra) == ("hetu", True, True)


@pytest.mark.promise("F34")
def test_an_ip_address_is_named_by_itself_and_never_comes_with_its_kind() -> None:
    for path, kind in ((FLUENT, "usage_event"), (FLUENT, "visit"), (PROSEDUURI, "visit")):
        item = notice(path).kinds[kind].items.get("ip_address")
        assert (item is not None) == (path == FLUENT and kind == "usage_event")
