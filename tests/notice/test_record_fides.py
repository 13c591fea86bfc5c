"""The record in fideslang, read by its own library, and no key of the taxonomy but its own."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from fideslang import DEFAULT_TAXONOMY
from fideslang.manifests import ingest_manifests
from fideslang.parse import load_manifests_into_taxonomy
from fideslang.relationships import get_referenced_missing_keys
from tests.prepared import EXAMPLES, example

from seloste.notice.record.fides import fides, keys
from seloste.operations.processing_record import record_file

NAMES = ("fluiconnecto/notice", "proseduuri/notice", "fluxio/as-oy-tuulikello", "fluent-progress/customers")


def taxonomy() -> dict[str, set[str]]:
    kinds = ("data_category", "data_use", "data_subject")
    return {kind: {each.fides_key for each in getattr(DEFAULT_TAXONOMY, kind)} for kind in kinds}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["fi", "en"])
def test_it_is_what_fideslang_reads(name: str, lang: str, tmp_path: Path) -> None:
    notice = example(name)
    made = record_file(notice, "fides", lang=lang)
    file = tmp_path / made.name
    file.write_bytes(made.data)
    written = ingest_manifests(str(file))
    assert made.name.endswith(".yml") and written == fides(notice, lang)
    read = load_manifests_into_taxonomy(written)
    kept = {kind: [each.model_dump(mode="json") for each in getattr(read, kind)] for kind in written}
    # Fields that its models do not have they would leave out in silence.
    assert holds(kept, written)
    # What is referred to is ours or stands in the taxonomy that every tool has.
    assert get_referenced_missing_keys(read) <= set().union(*taxonomy().values(), {"default_organization"})
    [system] = read.system
    assert {each.name for each in system.privacy_declarations} == {each.name for each in read.data_use}
    assert len(read.data_use) == len(notice.purposes)
    for each in read.data_use:
        assert each.parent_key in taxonomy()["data_use"] and each.fides_key.startswith(f"{each.parent_key}.")
    people = {each.fides_key for each in read.data_subject}
    assert all(set(each.data_subjects) <= people for each in system.privacy_declarations)


def holds(kept: Any, written: Any) -> bool:
    """Whether all that was written is in what was kept of it, whose lists of named things go by their names."""
    if isinstance(written, dict):
        return all(name in kept and holds(kept[name], value) for name, value in written.items())
    if not isinstance(written, list):
        return bool(kept == written)
    if written and isinstance(written[0], dict) and "name" in written[0]:
        kept, written = (sorted(each, key=itemgetter("name")) for each in (kept, written))
    return len(kept) == len(written) and all(map(holds, kept, written))


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
