"""Files into a register: read as they come, mapped, tried row by row, stored whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact

from seloste.errors import SelosteError
from seloste.operations.actor import CLI, Actor
from seloste.operations.records import import_ as op
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.find import find
from seloste.operations.records.model import NewRow
from seloste.operations.records.transfer.errors import FileRefusedError, ImportCancelledError, ImportRefusedError
from seloste.operations.records.transfer.mapping import Proposal, propose
from seloste.operations.records.transfer.plan import Fault
from seloste.operations.records.transfer.tables import open_table
from seloste.operations.records.transfer.target import Target, target, targets
from seloste.operations.records.why import why
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore
from seloste.store.spool import Spool

HEADS = ["Etunimi", "Sukunimi", "Puh.", "S-posti", "Firma", "Titteli"]
SARI = ["Sari", "Havukoski", "050 000 0142", "sari@havupumppu.example", "Havupumppu Oy", "Huoltopäällikkö"]
EERO = ["Eero", "Virta", "050 000 0143", "eero@havupumppu.example", "Havupumppu Oy", ""]
AKI = ["Aki", "Tervo", "050 000 0144", "aki@saaristo.example", "Saaristo-Hydro Oy", "Ostaja"]


def csv_file(folder: Path, rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    path = folder / "rows.csv"
    text = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(folder: Path, rows: list[list[Any]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "rows.xlsx"
    book.save(path)
    return path


def known(store: RegisterStore, kind: str = "person", lens: str = "sales", tie: str = "") -> Target:
    found = target(store.register, store.register.lenses.get(lens), kind, tie)
    assert found is not None
    return found


def planned(store: RegisterStore, path: Path, *, source: str = "subject", **more: Any) -> op.ImportPlan:
    to = known(store, **more)
    rows = [cells for _, cells in open_table(path).rows()]
    proposal = propose(store.register, to, rows)
    return op.ImportPlan(to, proposal.fields, source, proposal.headed)


def bring(
    store: RegisterStore,
    path: Path,
    now: dt.datetime,
    *,
    actor: Actor = SALES,
    plan: op.ImportPlan | None = None,
    **more: Any,
) -> tuple[op.CheckReport, op.ImportReport | None, list[Fault]]:
    faults: list[Fault] = []
    report, done = op.run(store, path, plan or planned(store, path), sink=faults.append, actor=actor, now=now, **more)
    return report, done, faults


def people(store: RegisterStore, now: dt.datetime, actor: Actor = SALES) -> list[str]:
    found = read.rows(store, "person", sort="last_name", size=1000, actor=actor, now=now).rows
    return [f"{row.values.get('first_name', '')} {row.values.get('last_name', '')}" for row in found]


# --- reading files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_csv_is_read_whatever_wrote_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Nimi", "Työ"], ["Äijö Öhman", "sähkömies"], ["Yrjö Åberg", "myyjä"]]
    table = open_table(csv_file(tmp_path, rows, encoding=encoding, delimiter=delimiter))
    assert [cells for _, cells in table.rows()] == rows


def test_a_euro_sign_of_windows_is_not_taken_for_latin_1(tmp_path: Path) -> None:
    rows = [["Nimi", "Hinta"], ["Mäki", "5 €"]]
    assert [cells for _, cells in open_table(csv_file(tmp_path, rows, encoding="cp1252")).rows()] == rows


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('Nimi;Teksti\n"Mäki; Aino";"sanoi ""joo""\nja lähti"\n\n;;\nVirta;x\n', encoding="utf-8")
    assert list(open_table(path).rows()) == [
        (1, ["Nimi", "Teksti"]),
        (2, ["Mäki; Aino", 'sanoi "joo"\nja lähti']),
        (5, ["Virta", "x"]),
    ]


@pytest.mark.parametrize(
    ("content", "why_"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Excel"),
        (b"PK\x03\x04nothing", "damaged"),
        ("a;b\nc;ä".encode("utf-16-le")[:-1], "encoding"),
        (b'a;"' + b"x" * 200_000, "quotation mark"),
        (b";".join([b"x"] * 300), "200 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(tmp_path: Path, content: bytes, why_: str) -> None:
    path = tmp_path / "rows"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match=why_):
        list(open_table(path).rows())


def test_a_workbook_gives_what_it_shows_and_computes_nothing(tmp_path: Path) -> None:
    rows = [
        ["Nimi", "Puhelin", "Alkoi", "Määrä"],
        ["Mäki", "0500000140", dt.datetime(2026, 3, 1), 3.0],
        ["=1+1", '=HYPERLINK("http://evil.example")', dt.date(2026, 3, 2), 2.5],
    ]
    found = [cells for _, cells in open_table(xlsx_file(tmp_path, rows)).rows()]
    assert found[1] == ["Mäki", "0500000140", "2026-03-01", "3"]
    # The sheet was never opened, so its formulas have no shown value; nothing here gives them one.
    assert found[2] == ["", "", "2026-03-02", "2.5"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [["Nimi"], ["Mäki"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (40 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(FileRefusedError, match="unpacks"):
        open_table(path)


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    whole = xlsx_file(tmp_path, [["Nimi"], ["Mäki"]])
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as made:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]>' + content.replace(b"Nimi", b"&m;")
            made.writestr(name, content)
    with pytest.raises(FileRefusedError):
        list(open_table(path).rows())


def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [["Nimi"], *[[f"Mäki {n}"] for n in range(2000)]])
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    name = b"xl/worksheets/sheet1.xml"
    at = raw.rindex(name) - 46  # the entry of the central directory
    raw[at + 24 : at + 28] = (size // 10).to_bytes(4, "little")
    path.write_bytes(bytes(raw))
    with pytest.raises(FileRefusedError):
        list(open_table(path).rows())


def test_a_sheet_that_claims_a_million_columns_is_read_as_it_is(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [["Nimi"], ["Mäki"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert sheet != parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert [cells for _, cells in open_table(path).rows()] == [["Nimi"], ["Mäki"]]


# --- mapping ----------------------------------------------------------------------------------------------------------


def proposal(store: RegisterStore, *rows: list[str], **more: Any) -> Proposal:
    return propose(store.register, known(store, **more), list(rows))


@pytest.mark.parametrize(
    "heads",
    [
        ["Etunimi", "Sukunimi", "Puhelin", "Sähköposti", "Yrityksen nimi", "Y-tunnus", "Titteli"],
        ["First name", "Last name", "Phone", "E-mail", "Company name", "Business ID", "Job title"],
        ["Förnamn", "Efternamn", "Telefon", "E-post", "Företag", "FO-nummer", "Titel"],
        ["first_name", "last_name", "phone", "email", "organisation.name", "business_id", "relationship.title"],
        ["Given Name", "Surname", "Mobile Phone", "Email Address", "Account Name", "VAT number", "Position"],
    ],
)
def test_columns_are_proposed_by_their_names_in_each_language(store: RegisterStore, heads: list[str]) -> None:
    assert proposal(store, heads).fields == (
        *("person.first_name", "person.last_name", "person.phone", "person.email"),
        *("organisation.name", "organisation.business_id", "relationship.title"),
    )


def test_columns_without_names_are_known_by_what_is_in_them(store: RegisterStore) -> None:
    found = proposal(
        store, ["Sari", "a@x.example", "050 000 0142", "2710574-2"], ["Eero", "b@x.example", "0500000143", ""]
    )
    assert not found.headed
    assert found.fields == ("", "person.email", "person.phone", "organisation.business_id")


def test_one_item_is_proposed_once_but_phones_may_be_many(store: RegisterStore) -> None:
    found = proposal(store, ["Nimi", "Koko nimi", "Puhelin 1", "Puhelin 2"])
    assert found.fields == ("person.name", "", "person.phone", "person.phone")


def test_a_column_that_the_notice_does_not_name_is_told_of(store: RegisterStore) -> None:
    found = proposal(store, ["Nimi", "Syntymäaika", "Hetu", "Kengännumero"])
    assert found.fields == ("person.name", "", "", "")
    assert {column: label["en"] for column, label in found.unnamed.items()} == {
        1: "Date of birth",
        2: "Personal identity code",
    }


def test_each_register_offers_its_own_targets(opened: Callable[[str], RegisterStore]) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    keys = {each.key for each in targets(store.register, store.register.lenses["property_manager"])}
    assert {"person+residency", "person+shareholding", "person+office", "apartment"} <= keys
    accountant = {each.kind for each in targets(store.register, store.register.lenses["accountant"])}
    assert "residency" not in accountant
    assert not any(each.startswith("person") for each in accountant)


# --- trying and storing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_persons_come_with_their_ties_and_one_company_for_all(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path, form: str
) -> None:
    rows = [HEADS, SARI, EERO, AKI]
    path = csv_file(tmp_path, rows) if form == "csv" else xlsx_file(tmp_path, rows)
    report, done, faults = bring(store, path, fixed_now)
    assert (report.rows, report.faulty, faults) == (3, 0, [])
    assert done is not None
    assert (done.taken, dict(done.made)) == (3, {"organisation": 2, "person": 3, "relationship": 3})
    assert people(store, fixed_now) == ["Sari Havukoski", "Aki Tervo", "Eero Virta"]
    ties = read.rows(store, "relationship", actor=SALES, now=fixed_now).rows
    assert len({tie.references["organisation"] for tie in ties}) == 2
    assert [hit.title for hit in find(store, "0500000144", actor=SALES, now=fixed_now).hits] == ["Aki Tervo"]


def test_every_row_carries_the_source_and_the_journal_one_entry(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, [HEADS, SARI, EERO])
    _, done, _ = bring(store, path, fixed_now, plan=planned(store, path, source="event_organiser"))
    assert done is not None
    assert done.first is not None
    told = why(store, "person", done.first, actor=SALES, now=fixed_now).cells["phone"]
    assert told.source == "event_organiser"
    # The organiser may not bring what a company is called; that is the controller's own knowledge.
    company = read.rows(store, "organisation", actor=SALES, now=fixed_now).rows[0]
    assert company.source == "own_records"
    with store.database.read() as conn:
        entries = [each.entry for each in page(conn, Query(verb="import")).entries]
        stored = page(conn, Query(verb="store")).entries
    assert [(e.actor, e.lens, e.kind, e.count, e.note) for e in entries] == [
        ("a1", "sales", "person", 2, "event_organiser")
    ]
    assert {"person.phone", "organisation.name", "relationship.title"} <= set(entries[0].items)
    assert len(entries[0].persons) == 2
    assert stored == ()
    assert "Havukoski" not in str(entries)


def test_every_faulty_row_is_told_with_its_column_and_nothing_is_stored(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    rows = [
        HEADS,
        SARI,
        ["Pekka", "Suolahti", "05000", "pekka", "Rannan Telakka Oy", ""],
        ["Ilona", "Havusalmi", "050 000 0103", "ilona@x.example", "", ""],
        ["", "", "050 000 0104", "nimeton@x.example", "Rannan Telakka Oy", ""],
        ["Henna", "Kallio", "050 000 0105", "henna@x.example", "Rannan Telakka Oy", "x" * 400],
    ]
    report, done, faults = bring(store, csv_file(tmp_path, rows), fixed_now)
    assert (report.rows, report.good, report.faulty, done) == (5, 1, 4, None)
    told = [(fault.row, fault.column) for fault in faults]
    assert told == [(3, 2), (3, 3), (4, 4), (5, 0), (6, 5)]
    assert [fault.message("en") for fault in faults][:3] == [
        "The end of the number is missing. Write for example 050 000 0140.",
        "The address has no @. Write for example aino@yritys.example.",
        "Missing: Company.",
    ]
    assert people(store, fixed_now) == []


def test_no_fault_repeats_what_stood_in_the_file(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    rows = [HEADS, ["Salainen", "Salainen", "salainen1", "salainen2", "Salainen Oy", "salainen3\x01"]]
    _, _, faults = bring(store, csv_file(tmp_path, rows), fixed_now)
    assert faults
    assert "salai" not in str(faults).lower()


def test_faulty_rows_are_left_out_only_when_somebody_says_so(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, [HEADS, SARI, ["X", "Y", "not a phone", "", "Z Oy", ""], EERO])
    plan = planned(store, path)
    ready = Spool(tmp_path / "ready", store.keys, "test")
    rows = list(open_table(path).rows())[1:]
    report = op.dry_run(store, rows, plan, ready=ready, actor=SALES, now=fixed_now)
    with pytest.raises(ImportRefusedError, match="1 faulty"):
        op.store_ready(store, ready, plan, report, actor=SALES, now=fixed_now)
    assert people(store, fixed_now) == []
    done = op.store_ready(store, ready, plan, report, skip_faulty=True, actor=SALES, now=fixed_now)
    assert (done.taken, done.left_out) == (2, 1)
    assert people(store, fixed_now) == ["Sari Havukoski", "Eero Virta"]


def test_what_the_notice_no_longer_needs_is_a_fault_of_its_row(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    rows = [[*HEADS, "Asiakkuus päättyi"], [*SARI, "1.1.2020"], [*EERO, ""]]
    report, done, faults = bring(store, csv_file(tmp_path, rows), fixed_now)
    assert done is None
    assert (report.good, {fault.row for fault in faults}) == (1, {2})
    assert len(faults) == 1
    assert "No purpose of the notice needs these yet, or any more: First name, Last name" in faults[0].message("en")


def test_a_dry_run_leaves_no_trace(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    report, done, _ = bring(store, csv_file(tmp_path, [HEADS, SARI]), fixed_now, dry=True)
    assert (report.good, done) == (1, None)
    assert people(store, fixed_now) == []
    assert find(store, "Havupumppu", actor=SALES, now=fixed_now).hits == ()
    with store.database.read() as conn:
        assert page(conn, Query(verb="import")).entries == ()


def test_cancelled_at_any_moment_nothing_is_stored(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, [HEADS, SARI, EERO, AKI])
    plan = planned(store, path)
    ready = Spool(tmp_path / "ready", store.keys, "test")
    report = op.dry_run(store, list(open_table(path).rows())[1:], plan, ready=ready, actor=SALES, now=fixed_now)

    def stop(*_: object) -> None:
        raise ImportCancelledError

    for how in ({"step": stop}, {"last": stop}):
        with pytest.raises(ImportCancelledError):
            op.store_ready(store, ready, plan, report, actor=SALES, now=fixed_now, **how)  # type: ignore[arg-type]
        assert people(store, fixed_now) == []


def test_a_company_that_is_there_is_used_as_it_is(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    contact(store, fixed_now)
    rows = [[*HEADS, "Postitoimipaikka"], [*EERO, "Turku"], [*AKI[:4], "HAVUPUMPPU  oy", "", ""]]
    report, done, _ = bring(store, csv_file(tmp_path, rows), fixed_now)
    assert done is not None
    assert dict(report.found) == {"organisation": 1}
    assert "organisation" not in done.made
    companies = read.rows(store, "organisation", actor=SALES, now=fixed_now).rows
    assert [row.values for row in companies] == [{"name": "Havupumppu Oy"}]


def test_a_company_of_two_names_is_one_by_its_business_id(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    heads = [*HEADS, "Y-tunnus"]
    rows = [heads, [*SARI, "2710574-2"], [*EERO[:4], "Havupumppu Oyj", "", "FI27105742"]]
    _, done, _ = bring(store, csv_file(tmp_path, rows), fixed_now)
    assert done is not None
    assert done.made["organisation"] == 1


def test_persons_who_are_there_already_are_told_and_left_out_unless_wanted(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    contact(store, fixed_now)
    again = ["Toinen", "Nimi", "050 000 0188", "EERO@havupumppu.example", "Havupumppu Oy", ""]
    path = csv_file(tmp_path, [HEADS, SARI, EERO, again])
    report, done, faults = bring(store, path, fixed_now)
    assert (report.doubles, faults) == (2, [])
    assert done is not None
    assert (done.taken, done.left_out) == (1, 2)
    assert people(store, fixed_now) == ["Sari Havukoski", "Eero Virta"]
    _, more, _ = bring(store, path, fixed_now, doubles="store")
    assert more is not None
    assert more.taken == 3


def test_a_role_finds_and_fills_only_what_it_sees(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    desk = store.register.lenses["service_desk"]
    to = target(store.register, desk, "person", "residency")
    assert to is not None
    assert to.field("person.personal_identity_code") is None
    plan = op.ImportPlan(to, ("person.name", "person.personal_identity_code"), "subject")
    with pytest.raises(ImportRefusedError, match="personal_identity_code"):
        op.run(store, csv_file(tmp_path, [["a"], ["b"]]), plan, actor=Actor("a2", "service_desk"), now=fixed_now)


def test_residents_come_to_the_apartments_of_the_one_company(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    manager = Actor("a2", "property_manager")
    if not read.rows(store, "housing_company", actor=manager, now=fixed_now).rows:
        collect(store, [NewRow("housing_company", {"name": "As Oy Tuulikello"})], actor=manager, now=fixed_now)
    rows = [
        ["Asukas", "Huoneisto", "Muutti"],
        ["Joonas Ketola", "A 12", "1.9.2026"],
        ["Ketola, Milla", "a 12", "2026-09-01"],
        ["Elina Saari", "B 3", "1.3.2025"],
    ]
    path = csv_file(tmp_path, rows)
    plan = planned(store, path, lens="property_manager", tie="residency")
    report, done, faults = bring(store, path, fixed_now, actor=manager, plan=plan)
    assert faults == []
    assert done is not None
    assert dict(done.made) == {"apartment": 2, "person": 3, "residency": 3}
    assert dict(report.found) == {"housing_company": 1}
    flats = read.rows(store, "apartment", actor=manager, now=fixed_now).rows
    assert all("housing_company" in flat.references for flat in flats)
    assert "Milla Ketola" in people(store, fixed_now, manager)


def test_events_of_persons_who_are_there_find_them(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    person = contact(store, fixed_now)
    rows = [
        ["Sähköposti", "Aihe", "Milloin"],
        ["sari@havupumppu.example", "Tarjous", "24.11.2026 klo 9.12"],
        ["joku@muu.example", "Tarjous", "24.11.2026 klo 9.12"],
    ]
    path = csv_file(tmp_path, rows)
    plan = planned(store, path, kind="interaction")
    _, done, faults = bring(store, path, fixed_now, plan=plan, skip_faulty=True)
    assert [(fault.row, fault.column) for fault in faults] == [(3, 0)]
    assert "not found" in faults[0].message("en")
    assert done is not None
    assert done.taken == 1
    around = read.around(store, "person", person, actor=SALES, now=fixed_now)
    assert [row.values["subject"] for row in around.rows["interaction"]] == ["Tarjous"]


def test_a_source_the_notice_does_not_name_is_refused(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, [HEADS, SARI])
    with pytest.raises(ImportRefusedError, match="does not name this source"):
        bring(store, path, fixed_now, plan=planned(store, path, source="bought_list"))
    report, done, faults = bring(
        store,
        csv_file(tmp_path, [[*HEADS, "Puhuttelu"], [*SARI, "Rouva"]]),
        fixed_now,
        plan=op.ImportPlan(known(store), ("person.first_name", *[""] * 5, "person.salutation"), "social_media"),
    )
    assert (report.faulty, done) == (1, None)
    assert any("may not come from" in fault.message("en") for fault in faults)


def test_two_columns_may_not_lead_to_one_item(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["a", "b"], ["Sari", "Eero"]])
    for fields in (
        ("person.first_name", "person.first_name"),
        ("person.name", "person.last_name"),
        ("", ""),
        ("x.y", ""),
    ):
        with pytest.raises(ImportRefusedError):
            bring(store, path, fixed_now, plan=op.ImportPlan(known(store), fields, "subject"))


def test_sensitive_values_are_stored_encrypted_and_wait_encrypted(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    cells = {
        (column.name, table.name) for table in store.register.tables.values() for column in table.of_role("lookup")
    }
    assert ("sys_key_personal_identity_code", "person") in cells
    to = target(store.register, None, "person", "residency")
    assert to is not None
    rows = [["Ketola, Joonas", "A 1", "131052-9085", "TK"], ["Ketola, Milla", "A 1", "131052-9085", "ei"]]
    fields = ("person.name", "apartment.code", "person.personal_identity_code", "person.non_disclosure")
    collect(store, [NewRow("housing_company", {"name": "As Oy Tuulikello"})], actor=CLI, now=fixed_now)
    ready = Spool(tmp_path / "ready", store.keys, "test")
    plan = op.ImportPlan(to, fields, "subject", headed=False)
    op.dry_run(store, list(enumerate(rows, 1)), plan, ready=ready, actor=CLI, now=fixed_now)
    assert b"131052" not in ready.path.read_bytes()
    assert b"Ketola" not in ready.path.read_bytes()


def test_a_spool_of_another_place_or_key_is_not_read(store: RegisterStore, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "a", store.keys, "import 1")
    assert spool.write([[1, "x"]] * 1200) == 1200
    assert [len(part) for part in spool.parts()] == [500, 500, 200]
    with pytest.raises(SelosteError):
        list(Spool(tmp_path / "a", store.keys, "import 2").read())
    with pytest.raises(SelosteError):
        list(Spool(tmp_path / "missing", store.keys, "import 1").read())


def test_ids_are_never_given_twice(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    """Rows stored one by one and many at once, and rows that went, all have ids of their own."""
    path = csv_file(tmp_path, [HEADS, AKI])
    seen = [contact(store, fixed_now)]
    for _ in range(2):
        _, done, _ = bring(store, path, fixed_now, doubles="store")
        assert done is not None
        assert done.first is not None
        seen.append(done.first)
        with store.write(fixed_now) as work:
            for (tie,) in work.conn.execute("SELECT id FROM relationship WHERE person = :p", {"p": seen[-1]}).all():
                work.delete("relationship", tie)
            work.delete("person", seen[-1])
        seen.append(contact(store, fixed_now, first="Eero", last="Virta"))
    assert len(set(seen)) == len(seen)
