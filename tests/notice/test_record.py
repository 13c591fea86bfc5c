"""The record of processing holds, for every example, each thing that Art. 30(1) and (2) ask for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from tests.notice.test_render import EVERY, EXAMPLES, notice

from seloste.catalogue.load import versions, vocabulary
from seloste.cli import group
from seloste.law import rights
from seloste.notice.fields import SAFEGUARDS
from seloste.notice.model import Measure, Party
from seloste.notice.record import Activity, record
from seloste.notice.record.dpv import dpv
from seloste.notice.record.plain import lines, markdown, plain
from seloste.notice.record.terms import terms
from seloste.notice.render.build import NoSuchLanguage
from seloste.operations.processing_record import record_file

CUSTOMERS = EXAMPLES / "fluiconnecto" / "notice.yaml"
HOUSE = EXAMPLES / "fluxio" / "as-oy-tuulikello.yaml"
CAMERAS = EXAMPLES / "fluxio" / "as-oy-tuulikello-cameras.yaml"


def activity(path: Path, key: str, lang: str = "en") -> Activity:
    return next(each for each in record(notice(path), lang).activities if each.key == key)


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_the_record_of_every_example_is_complete(path: Path, lang: str) -> None:
    said, made = notice(path), record(notice(path), lang)
    # (a) the controller with a way to reach it; (b) a row for each purpose; (g) security.
    facts = {fact.key: fact.text for fact in made.controller}
    assert facts["name"] == said.controller.name
    assert {"email", "phone", "contact"} & set(facts)
    assert {each.key for each in made.activities} == set(said.purposes)
    assert len(made.security) == len(said.security) > 0
    for each in made.activities:
        # (b) to (f): nothing is blank, and no key of ours stands where words should.
        for name, texts in lines(made, each):
            assert texts and all(text.strip() for text in texts), (each.key, name)
            assert not any("_" in text or "{" in text for text in texts), (each.key, name, texts)
    assert bool(made.on_behalf) == bool(said.controller.processor)
    assert all(fact.text.strip() for fact in (*made.controller, *made.on_behalf))


def test_what_a_purpose_says_is_what_the_notice_says() -> None:
    marketing = activity(CUSTOMERS, "marketing")
    assert marketing.ground[0] == "Legitimate interest, Art. 6(1)(f)"
    assert marketing.people == ("Contact persons of companies", "Prospective customers")
    assert "E-mail marketing platform (United States)" in marketing.recipients
    [sent] = marketing.transfers
    assert (sent.country, sent.mechanism) == ("US", "scc")
    # Another purpose keeps the same orders longer, and whoever reads of one learns it.
    (kept,) = activity(CUSTOMERS, "orders").keeps
    assert kept.startswith("Orders: for 2 years after the order is made; longer those rows that are needed for ")
    assert kept.endswith("for 3 years after the order is made")
    # A processor that serves other purposes is no recipient here; one that names none serves all.
    care = activity(CUSTOMERS, "customer_care")
    assert not any("marketing platform" in each for each in care.recipients) and care.transfers == ()
    assert "Upkeep of the website (Finland)" in care.recipients
    # Whose data: by the tie that the purpose uses; of rows that need no tie, everybody's.
    fluent = EXAMPLES / "fluent-progress" / "customers.yaml"
    assert activity(fluent, "events").people == ("Participants in events",)
    assert activity(fluent, "web_statistics").people == ("Visitors of the website",)
    assert len(activity(CAMERAS, "cameras").people) == 2
    assert activity(HOUSE, "debt_collection").ground[-1].startswith("Personal identity code: ")


def test_an_interest_is_told_only_where_the_use_rests_on_it() -> None:
    """A shop of private customers takes ready purposes and rests them on the contract with the person."""
    given = notice(CUSTOMERS)
    orders = given.purposes["orders"]
    assert activity(CUSTOMERS, "orders").ground[-1].startswith("Interest: ")
    own = replace(given, purposes={**given.purposes, "orders": replace(orders, basis="contract")})
    told = next(each for each in record(own, "en").activities if each.key == "orders")
    assert told.ground == ("Agreement with the data subject, Art. 6(1)(b)",)
    assert orders.interest is not None
    assert [json.dumps(dpv(each)).count(orders.interest["en"]) for each in (given, own)] == [2, 1]


def test_joint_controllers_and_officers_are_named_and_a_foreign_language_is_refused() -> None:
    said = notice(CUSTOMERS)
    controller = replace(
        said.controller,
        joint=(Party("Rinnakkain Oy", "FI"),),
        data_protection_officer={"en": "Tiina Tarkka, tiina@fluiconnecto.example"},
        representative={"en": "Edustaja Oy, Helsinki"},
    )
    facts = {fact.key: fact.text for fact in record(replace(said, controller=controller), "en").controller}
    assert (facts["joint"], facts["representative"]) == ("Rinnakkain Oy (Finland)", "Edustaja Oy, Helsinki")
    assert facts["dpo"].startswith("Tiina Tarkka")
    with pytest.raises(NoSuchLanguage):
        record(said, "sv")


def test_who_runs_a_register_for_another_has_a_record_of_its_own() -> None:
    facts = {fact.key: fact.text for fact in record(notice(HOUSE), "en").on_behalf}
    assert facts["processor"] == "Fluxio Isännöinti Oy"
    assert facts["behalf"].startswith("Asunto Oy Esimerkin Tuulikello")
    assert {"does", "transfers", "security"} <= set(facts)
    assert record(notice(CUSTOMERS), "en").on_behalf == ()


def test_the_forms_hold_the_same_and_no_text_becomes_a_formula() -> None:
    said = notice(HOUSE)
    formula = Measure("odd", {"fi": "=1+1"}, proved=False, by="@nobody")
    said = replace(said, security=(*said.security, formula))
    made = record(said, "fi")
    written = json.loads(record_file(said, "json", lang="fi").data)
    assert written == plain(made)
    assert [row["keeps"] for row in written["activities"]] == [list(each.keeps) for each in made.activities]
    text = markdown(made)
    assert all(f"## {each.purpose}\n" in text for each in made.activities)
    book = load_workbook(io.BytesIO(record_file(said, "xlsx", lang="fi").data))
    assert len(book.sheetnames) == 4
    rows = list(book.worksheets[1].values)
    assert [row[0] for row in rows[1:]] == [each.purpose for each in made.activities]
    assert all(all(row) for row in rows)
    cells = {cell.value: cell.data_type for row in book.worksheets[2] for cell in row}
    assert (cells["=1+1"], cells["@nobody"]) == ("s", "s")


def test_the_command_writes_the_record_of_a_file(tmp_path: Path) -> None:
    run = CliRunner().invoke(group, ["record", str(HOUSE)])
    assert run.exit_code == 0 and run.output == markdown(record(notice(HOUSE), notice(HOUSE).languages[0]))
    out = tmp_path / "record.jsonld"
    run = CliRunner().invoke(group, ["record", str(HOUSE), "--format", "dpv", "--out", str(out)])
    assert run.exit_code == 0 and json.loads(out.read_text("utf-8")) == dpv(notice(HOUSE))
    run = CliRunner().invoke(group, ["record", str(HOUSE), "--lang", "sv"])
    assert run.exit_code == 2 and "fi" in run.output


# --- the Data Privacy Vocabulary ------------------------------------------------------------------------------------


def emitted(value: Any) -> Iterator[str]:
    """Every term of a JSON-LD document: keys, types and what is pointed at; not the context, not words."""
    match value:
        case dict():
            for key, below in value.items():
                if key in ("@type", "@id"):
                    yield from below if isinstance(below, list) else [below]
                elif key != "@context":
                    yield key
                    yield from emitted(below)
        case list():
            for below in value:
                yield from emitted(below)


@pytest.mark.parametrize("path", sorted({each.values[0] for each in EVERY}), ids=lambda path: path.stem)  # type: ignore[attr-defined]
def test_every_term_of_the_export_is_one_of_the_vocabulary(path: Path) -> None:
    made = dpv(notice(path))
    languages = set(notice(path).languages)
    own = {"title", "description", "dct:identifier", "dct:conformsTo", "dct:valid", terms().source} | languages
    found = set(emitted(made)) - own
    assert found - terms().known == set()
    assert found >= {"dpv:ROPA", "dpv:hasProcess", "dpv:hasLegalBasis", "dpv:hasStorageCondition"}
    assert len(made["dpv:hasProcess"]) == len(notice(path).purposes)
    assert all(process["dpv:hasPersonalData"] and process["dpv:hasDataSubject"] for process in made["dpv:hasProcess"])


def test_everything_that_we_may_say_has_a_term_that_is_known() -> None:
    held = terms()
    for words in (vocabulary(version) for version in versions()):
        used = {item.dpv for kind in words.kinds.values() for item in kind.items.values() if item.dpv}
        assert {held.item(term) for term in used} <= held.known
        assert set(held.purpose) <= set(words.presets)
        assert set(held.measure) == set(words.security)
        assert set(held.special) == set(words.texts["special_grounds"])
    assert set(held.safeguard) == set(SAFEGUARDS)
    assert set(held.right) == set(rights.rights())
    mapped = [held.basis, held.special, held.safeguard, held.purpose, held.nature, held.measure, held.renamed]
    assert {term for each in mapped for term in each.values()} | {
        term for each in held.right.values() for term in each
    } <= held.known


def test_rights_and_transfers_follow_the_law() -> None:
    processes = {each["dct:identifier"]: each for each in dpv(notice(CUSTOMERS))["dpv:hasProcess"]}
    said = {each["@id"] for each in processes["partner_marketing"]["dpv:hasRight"]}
    assert {"eu-gdpr:A7-3", "eu-gdpr:A20"} <= said
    kept = {each["@id"] for each in processes["bookkeeping"]["dpv:hasRight"]}
    assert not {"eu-gdpr:A7-3", "eu-gdpr:A20", "eu-gdpr:A21"} & kept
    [sent] = processes["marketing"]["dpv:hasProcessing"]
    assert sent["dpv:hasThirdCountry"] == {"@id": "loc:US"}
    assert sent["dpv:hasLegalBasis"] == {"@id": "eu-gdpr:A46-2-c"}
