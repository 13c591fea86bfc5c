"""Promises on identity, purposes, bases, sources, roles, inside access and sister notices: published, and run.

Each row is one promise of a source notice (tests/promises.toml) and where its example keeps it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from seloste.catalogue.load import vocabulary
from seloste.compiler.lower import compile_notice
from seloste.compiler.register import Register
from seloste.notice import load
from seloste.notice.findings import NoticeFaulty
from seloste.notice.model import Notice
from seloste.notice.render import render
from seloste.operations.records.model import NewRow
from seloste.operations.records.validate import Validator

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = {
    "F": "fluent-progress/customers.yaml",
    "KUNTO": "fluent-progress/kunto.yaml",
    "RECRUITING": "fluent-progress/recruiting.yaml",
    "C": "fluiconnecto/notice.yaml",
    "X": "fluxio/as-oy-tuulikello.yaml",
    "OWN": "fluxio/customers.yaml",
    "CAMERAS": "fluxio/as-oy-tuulikello-cameras.yaml",
    "P": "proseduuri/notice.yaml",
}


@cache
def notice(key: str) -> Notice:
    return load(EXAMPLES / FILES[key])


@cache
def register(key: str) -> Register:
    return compile_notice(notice(key))


@cache
def published(key: str, lang: str) -> str:
    return str(render(notice(key), lang, "md")).replace("\\", "").casefold()


def says(key: str, *facts: str) -> bool:
    return all(fact.casefold() in published(key, lang) for lang in ("fi", "en") for fact in facts)


def rows(table: Iterable[tuple[Any, ...]]) -> list[Any]:
    """One test for each promise; the first cell names it."""
    return [pytest.param(*row[1:], id=row[0]) for row in table]


# --- who is responsible -----------------------------------------------------------------------------------------------

IDENTITY = [
    ("F1", "F", ("Fluent Progress RT Oy", "Torikatu 29, 80100 Joensuu", "029 1700 860", "info@fluentprogress.example")),
    ("F2", "F", ("tietosuoja@fluentprogress.example",)),
    ("C64", "C", ("tietosuoja@fluiconnecto.example",)),
    ("C68", "C", ("2026",)),
    ("X1", "OWN", ("Fluxio Isännöinti Oy", "2829837-1")),
    ("X2", "OWN", ("tietosuoja@fluxio.example",)),
    ("P1", "P", ("Proseduuri Oy", "2710574-2", "Hämeenkatu 7, 33100 Tampere")),
    ("P2", "P", ("tietosuoja@proseduuri.example", "010 567 4370")),
]
NAMES = [
    ("F3", "F", {"fi": "Asiakkaat, käyttäjät ja markkinointi", "en": "Customers, users and marketing"}),
    (
        "P3",
        "P",
        {
            "fi": "Asiakkaat, markkinointi ja verkkosivuston kävijät",
            "en": "Customers, marketing and visitors of the website",
        },
    ),
]


@pytest.mark.promise("F1", "F2", "C64", "C68", "X1", "X2", "P1", "P2")
@pytest.mark.parametrize(("key", "facts"), rows(IDENTITY))
def test_the_notice_says_who_answers_and_how_to_reach_them(key: str, facts: tuple[str, ...]) -> None:
    assert says(key, *facts)


@pytest.mark.promise("F3", "P3")
@pytest.mark.parametrize(("key", "names"), rows(NAMES))
def test_the_register_has_its_name(key: str, names: dict[str, str]) -> None:
    assert all(published(key, lang).startswith(f"# {name.casefold()}") for lang, name in names.items())


# --- purposes ---------------------------------------------------------------------------------------------------------

PURPOSES = [
    ("F8", "F", "customer_care", "person.email"),
    ("F9", "F", "customer_care", "relationship.stage"),
    ("F10", "F", "marketing", "person.email"),
    ("F11", "F", "customer_care", "message.subject"),
    ("F12", "F", "statistics", "order.total"),
    ("F13", "F", "partner_marketing", "person.email"),
    ("F14", "F", "research", "survey_response.answers"),
    ("F15", "F", "marketing", "address.street"),
    ("C13", "C", "customer_care", "relationship.title"),
    ("C14", "C", "orders", "order.lines"),
    ("C15", "C", "service", "service_job.description"),
    ("C16", "C", "transactions", "delivery.delivered_on"),
    ("C17", "C", "complaints", "complaint.text"),
    ("C18", "C", "customer_care", "message.subject"),
    ("C19", "C", "agreements", "agreement.sort"),
    ("C20", "C", "bookkeeping", "invoice.billed_name"),
    ("C21", "C", "marketing", "person.email"),
    ("C22", "C", "research", "survey_response.answers"),
    ("C23", "C", "claims", "collection.opened_on"),
    ("X6", "X", "property_management", "residency.moved_in"),
    ("X7", "X", "identification", "person.first_name"),
    ("X8", "X", "charges", "charge.amount"),
    ("X9", "X", "debt_collection", "collection.opened_on"),
    ("X10", "X", "resident_information", "message.subject"),
    ("X11", "X", "maintenance", "maintenance_order.description"),
    ("X12", "X", "complaints", "complaint.outcome"),
    ("X13", "OWN", "feedback", "feedback.text"),
    ("X14", "OWN", "prospecting", "opportunity.stage"),
    ("P7", "P", "customer_care", "relationship.title"),
    ("P8", "P", "sales", "opportunity.title"),
    ("P9", "P", "web_tracking", "visit.page"),
    ("P10", "P", "statistics", "opportunity.value"),
]


@pytest.mark.promise(
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
    "F13",
    "F14",
    "F15",
    "C13",
    "C14",
    "C15",
    "C16",
    "C17",
    "C18",
    "C19",
    "C20",
    "C21",
    "C22",
    "C23",
    "X6",
    "X7",
    "X8",
    "X9",
    "X10",
    "X11",
    "X12",
    "X13",
    "X14",
    "P7",
    "P8",
    "P9",
    "P10",
)
@pytest.mark.parametrize(("key", "purpose", "ref"), rows(PURPOSES))
def test_the_purpose_is_published_and_some_role_acts_for_it_with_its_data(key: str, purpose: str, ref: str) -> None:
    found = notice(key).purposes[purpose]
    assert all(f"## {found.text[lang].casefold()}\n" in published(key, lang) for lang in ("fi", "en"))
    kind, item = ref.split(".")
    acting = [lens for lens in register(key).lenses.values() if purpose in lens.purposes]
    assert acting
    assert all(lens.sees(kind, item) for lens in acting)


# --- bases ------------------------------------------------------------------------------------------------------------

BASES = [
    ("F5", "F", "newsletter", "consent"),
    ("F6", "F", "service_use", "contract"),
    ("F7", "F", "customer_care", "legitimate_interest"),
    ("C30", "C", "orders", "company_contract"),
    ("C31", "C", "customer_care", "legitimate_interest"),
    ("C32", "C", "bookkeeping", "legal_obligation"),
    ("C33", "C", "partner_marketing", "consent"),
    ("X3", "OWN", "agreements", "company_contract"),
    ("X4", "X", "bookkeeping", "legal_obligation"),
    ("X5", "OWN", "prospecting", "legitimate_interest"),
    ("P4", "P", "enquiries", "legitimate_interest"),
    ("P5", "P", "agreements", "company_contract"),
    ("P6", "P", "bookkeeping", "legal_obligation"),
]


@pytest.mark.promise("F5", "F6", "F7", "C30", "C31", "C32", "C33", "X3", "X4", "X5", "P4", "P5", "P6")
@pytest.mark.parametrize(("key", "purpose", "basis"), rows(BASES))
def test_the_purpose_rests_on_its_basis_and_says_what_the_basis_must(key: str, purpose: str, basis: str) -> None:
    found = notice(key).purposes[purpose]
    assert found.basis == basis
    for lang in ("fi", "en"):
        told = published(key, lang).split(f"## {found.text[lang].casefold()}\n", 1)[1].split("\n## ", 1)[0]
        match basis:
            case "consent":
                assert found.consent is not None
                assert found.consent[lang].replace("{recipient}", "").strip()[-40:].casefold() in told
            case "legitimate_interest" | "company_contract":
                assert found.interest is not None
                assert found.interest[lang].casefold() in told
            case "legal_obligation":
                assert "1336/1997" in told


# --- sources ----------------------------------------------------------------------------------------------------------

SOURCES = [
    ("F40", "F", "web_form", False, "form_submission.form"),
    ("F41", "F", "email", False, "person.phone"),
    ("F42", "F", "phone", False, "person.email"),
    ("F43", "F", "social_message", False, "person.social_profiles"),
    ("F44", "F", "agreement", False, "agreement.subject"),
    ("F45", "F", "meeting", False, "relationship.tasks"),
    ("F46", "F", "subject", False, "person.first_name"),
    ("F47", "F", "service_use", False, "account.username"),
    ("C24", "C", "subject", False, "person.first_name"),
    ("C25", "C", "group", True, "person.first_name"),
    ("C26", "C", "social_media", True, "relationship.title"),
    ("C27", "C", "company_website", True, "organisation.name"),
    ("C28", "C", "event_organiser", True, "person.email"),
    ("C29", "C", "address_service", True, "address.street"),
    ("X25", "X", "phone", False, "person.first_name"),
    ("X26", "X", "service_use", False, "account.username"),
    ("X27", "X", "official_source", True, "shareholding.shares"),
    ("P17", "P", "web_form", False, "form_submission.form"),
    ("P18", "P", "chat", False, "chat.page"),
    ("P19", "P", "configurator", False, "configuration.product"),
    ("P20", "P", "subject", False, "person.email"),
    ("P21", "P", "employer", True, "relationship.tasks"),
    ("P22", "P", "tracker", False, "visit.page"),
    ("P23", "P", "public_register", True, "organisation.industry"),
]
SAMPLES = {"address.street": "Myllytie 4", "person.email": ["a@b.example"], "person.phone": ["050 000 0140"]}


@pytest.mark.promise(
    "F40",
    "F41",
    "F42",
    "F43",
    "F44",
    "F45",
    "F46",
    "F47",
    "C24",
    "C25",
    "C26",
    "C27",
    "C28",
    "C29",
    "X25",
    "X26",
    "X27",
    "P17",
    "P18",
    "P19",
    "P20",
    "P21",
    "P22",
    "P23",
)
@pytest.mark.parametrize(("key", "source", "told", "ref"), rows(SOURCES))
def test_the_source_is_published_and_only_declared_ones_may_bring_data(
    key: str, source: str, told: bool, ref: str
) -> None:
    found = notice(key).sources[source]
    assert found.art14 is told
    # The person who reads it is told "from you" where the staff are told "from the person".
    words = vocabulary(notice(key).vocabulary).sources.get(source, {}).get("said", found.text)
    assert all(words[lang].casefold() in published(key, lang) for lang in ("fi", "en"))
    kind, item = ref.split(".")
    of = register(key).tables[kind].kind.of
    value = SAMPLES.get(ref, "https://x.example/a" if item in ("page", "social_profiles") else "abc")
    parents = dict.fromkeys((parent for parent in of if parent in register(key).tables), 1)
    for name, good in ((source, True), ("nobody_said_so", False)):
        validator = Validator(register(key), None)
        validator.row(NewRow(kind, {item: value}, parents=parents, source=name))
        assert (validator.problems == []) is good, [problem.en for problem in validator.problems]


def test_a_source_brings_only_what_the_notice_lets_it() -> None:
    validator = Validator(register("C"), None)
    validator.row(NewRow("person", {"first_name": "A", "remark": "x"}, source="social_media"))
    assert [problem.item for problem in validator.problems] == ["remark"]


# --- roles outside and inside -----------------------------------------------------------------------------------------

PROCESSORS = [
    ("F70", "F", "segments", ("browser_segments",)),
    ("C40", "C", "support_desk", ("customer_care", "service", "complaints")),
    ("X33", "X", "servers", ()),
    ("P26", "P", "leadfeeder", ("company_identification",)),
    ("P34", "P", "crm", ()),
]


@pytest.mark.promise("F70", "C40", "X33", "P26", "P34")
@pytest.mark.parametrize(("key", "processor", "purposes"), rows(PROCESSORS))
def test_a_processor_has_an_agreement_and_works_for_named_purposes(
    key: str, processor: str, purposes: tuple[str, ...]
) -> None:
    found = next(one for one in notice(key).processors if one.key == processor)
    assert found.agreement
    assert found.purposes == purposes
    assert all(found.does[lang].casefold() in published(key, lang) for lang in ("fi", "en"))
    assert processor not in {recipient.key for recipient in notice(key).recipients}


ACCESS = [
    ("F53", "F", "marketing", ("person.email",), ("invoice.total", "usage_event.ip_address")),
    ("P32", "P", "sales", ("opportunity.value", "interaction.text"), ("payment.amount",)),
    ("P45", "P", "accountant", ("invoice.total",), ("chat.text", "visit.page")),
    (
        "X32",
        "X",
        "service_desk",
        ("person.phone", "maintenance_order.subject"),
        ("person.personal_identity_code", "reminder.fee"),
    ),
]


@pytest.mark.promise("F53", "P32", "P45", "X32")
@pytest.mark.parametrize(("key", "role", "seen", "hidden"), rows(ACCESS))
def test_a_role_sees_what_its_work_needs_and_no_more(
    key: str, role: str, seen: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    lens = register(key).lenses[role]
    held = {f"{kind}.{item}" for kind, table in register(key).tables.items() for item in table.kind.items}
    assert set(seen) | set(hidden) <= held
    assert [ref for ref in seen if not lens.sees(*ref.split("."))] == []
    assert [ref for ref in hidden if lens.sees(*ref.split("."))] == []


# --- sister notices ---------------------------------------------------------------------------------------------------

SISTERS = [
    ("F81", "F", {"fluent_kunto", "fluent_planner", "fluent_recruiting"}),
    ("X23", "X", {"tuulikello_cameras"}),
]


@pytest.mark.promise("F81", "X23")
@pytest.mark.parametrize(("key", "sisters"), rows(SISTERS))
def test_a_notice_links_to_its_sisters_and_they_are_notices(key: str, sisters: set[str]) -> None:
    assert {one.register for one in notice(key).see_also} == sisters
    assert all(f"](../{sister}/" in published(key, "fi") for sister in sisters)
    others = {load(path).register for path in (EXAMPLES / FILES[key]).parent.glob("*.yaml")}
    assert sisters <= others


SUBJECTS = [
    ("C1", "C", {"contact", "prospect"}),
    ("C2", "C", {"contact", "prospect"}),
    ("X22", "X", {"resident", "shareholder"}),
]


@pytest.mark.promise("C1", "C2", "X22")
@pytest.mark.parametrize(("key", "categories"), rows(SUBJECTS))
def test_the_register_says_whose_data_it_holds(key: str, categories: set[str]) -> None:
    found = {one.key: one for one in notice(key).categories}
    assert categories <= found.keys()
    assert all(
        found[name].text[lang].casefold() in published(key, lang) for name in categories for lang in ("fi", "en")
    )
    if key == "C":
        # A contact is one by a tie to a company, so a private person has no place.
        assert set(found) == categories
        assert all(one.tie == "relationship" and "organisation" in one.required for one in found.values())


@pytest.mark.promise("F16")
@pytest.mark.parametrize("name", ["kunto", "planner", "recruiting"])
def test_a_register_that_promises_no_profiling_takes_no_purpose_that_profiles(name: str, tmp_path: Path) -> None:
    """Nothing of it comes into force, so nothing of it is held: what no purpose of the notice uses is not stored."""
    source = EXAMPLES / "fluent-progress"
    shutil.copytree(source, tmp_path / "set")
    file = tmp_path / "set" / f"{name}.yaml"
    text = file.read_text("utf-8")
    said = str(render(load(file), "en", "md"))
    assert "We do not profile you." in said
    assert "We make no automated decisions about you." in said
    profiling = (
        "\npurposes:\n  scores:\n    text: {fi: Pisteytys, en: Scoring}\n    basis: consent\n    is: profiling\n"
        "    consent: {fi: Suostun., en: I agree.}\n    lasts: 1 year\n"
        "    profiling: {fi: arvio kiinnostuksesta, en: a guess of interests}\n"
        "    uses: [name]\n    keep: until withdrawn"
    )
    assert text.count("\npurposes:") == 1
    file.write_text(text.replace("\npurposes:", profiling), "utf-8")
    with pytest.raises(NoticeFaulty) as refused:
        load(file)
    assert "N02-profiling-denied" in {finding.code for finding in refused.value.findings}
