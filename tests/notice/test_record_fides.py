"""The record in fideslang: valid by the schema of its own models, and no key of the taxonomy but its own."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from tests.prepared import EXAMPLES, example

from seloste.notice.record.fides import fides, keys
from seloste.operations.processing_record import record_file

VENDOR = Path(__file__).parents[1] / "vendor" / "fideslang"
NAMES = ("fluiconnecto/notice", "proseduuri/notice", "fluxio/as-oy-tuulikello", "fluent-progress/customers")


def taxonomy() -> dict[str, set[str]]:
    found = json.loads((VENDOR / "taxonomy.json").read_text("utf-8"))
    return {kind: set(known) for kind, known in found.items()}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["fi", "en"])
def test_it_is_what_fideslang_reads(name: str, lang: str) -> None:
    notice = example(name)
    made = record_file(notice, "fides", lang=lang)
    found: dict[str, Any] = YAML(typ="safe").load(io.BytesIO(made.data))
    assert made.name.endswith(".yml") and found == fides(notice, lang)
    schema = json.loads((VENDOR / "schema.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(found)) == []
    # Fields that the models do not have would be left out in silence.
    for part, model in (("system", "System"), ("dataset", "Dataset"), ("organization", "Organization")):
        assert set(found[part][0]) <= set(schema["$defs"][model]["properties"])
    known, [system], [dataset] = taxonomy(), found["system"], found["dataset"]
    declared = system["privacy_declarations"]
    assert set(declared[0]) <= set(schema["$defs"]["PrivacyDeclaration"]["properties"])
    assert [each["name"] for each in declared] == [each["name"] for each in found["data_use"]]
    assert len(declared) == len(notice.purposes)
    used = {key for each in declared for key in (*each["data_categories"], *each["shared_categories"])}
    used |= {key for kind in dataset["collections"] for item in kind["fields"] for key in item["data_categories"]}
    assert used <= known["data_category"]
    for each in found["data_use"]:
        assert each["parent_key"] in known["data_use"] and each["fides_key"].startswith(f"{each['parent_key']}.")
    people = {each["fides_key"] for each in found["data_subject"]}
    assert all(set(each["data_subjects"]) <= people for each in declared)


def test_every_key_that_stands_for_something_of_ours_is_of_the_taxonomy() -> None:
    known, ours = taxonomy(), keys()
    assert set(ours["category"].values()) <= known["data_category"]
    for name in ("use", "nature", "use_of_basis"):
        assert set(ours[name].values()) <= known["data_use"], name
    terms = {term.removeprefix("pd:") for term in _terms()}
    assert terms == set(ours["category"])


def _terms() -> set[str]:
    from seloste.catalogue.load import vocabulary

    kinds = vocabulary(example(NAMES[0]).vocabulary).kinds.values()
    return {item.dpv for kind in kinds for item in kind.items.values() if item.dpv}


def test_what_counts_in_a_declaration_is_the_notice() -> None:
    assert EXAMPLES.is_dir()
    found = fides(example("fluiconnecto/notice"), "en")
    by_name = {each["name"]: each for each in found["system"][0]["privacy_declarations"]}
    books = by_name["Invoicing, bookkeeping and other mandatory administration"]
    assert books["legal_basis_for_processing"] == "Legal obligations"
    assert books["data_use"] == "essential.legal_obligation.bookkeeping"
    assert "six years" in books["retention_period"]
    assert books["third_parties"].startswith("An authority that has a right in law")
    orders = by_name["Orders and deliveries"]
    assert orders["legal_basis_for_processing"] == "Legitimate interests" and orders["data_shared_with_third_parties"]
    assert "SCCs" in found["system"][0]["legal_basis_for_transfers"]
