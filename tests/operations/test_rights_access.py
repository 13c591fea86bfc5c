"""Access: the copy is all that is held and nothing else, told with everything Art. 15 asks for, on both engines."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.operations.conftest import contact
from tests.prepared import EXAMPLES, applied, example, read_people

from seloste.catalogue.model import PERSON
from seloste.notice.ways import cell_paths, end_of
from seloste.operations.actor import CLI, Actor
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights import say
from seloste.operations.rights.gather import Own, gather
from seloste.operations.rights.give_access import copy_file, give_access, preview
from seloste.operations.rights.identify import identify
from seloste.operations.rights.machine import as_zip
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.read import request
from seloste.operations.rights.receive import receive
from seloste.settings import Settings
from seloste.store.engine import quote
from seloste.store.registers import Registers, RegisterStore

LEAD = Actor("a9", "sales")


def asks(store: RegisterStore, person: int, now: dt.datetime, right: str = "access", language: str = "fi") -> int:
    return receive(
        store, right, channel="email", person=person, evidence=frozenset({"strong"}), language=language,
        actor=LEAD, now=now,
    ).id  # fmt: skip


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, fixed_day: dt.datetime) -> Iterator[RegisterStore]:
    """A housing company with its invented people."""
    path = tmp_path_factory.mktemp("homes")
    registers = Registers(Settings(data_dir=path, key_file=path / "key", allow_test_identity_codes=True))
    applied(registers, example("fluxio/as-oy-tuulikello"), fixed_day)
    store = registers.open("tuulikello")
    rows = read_people(EXAMPLES / "fluxio" / "people" / "tuulikello.yaml", fixed_day).rows
    collect(store, rows, actor=CLI, now=fixed_day)
    yield store
    registers.close()


@pytest.fixture(scope="module")
def fixed_day() -> dt.datetime:
    return dt.datetime(2026, 11, 25, 7, 12, tzinfo=dt.UTC)


def cells_of(owns: list[Own]) -> Counter[tuple[str, str]]:
    """Distinct cells, counted by kind and item."""
    places = {(row.kind, row.id, cell.item) for own in owns for row in own.rows for cell in row.cells}
    return Counter((kind, item) for kind, _, item in places)


@pytest.mark.promise("F54", "P38")
def test_what_is_told_is_what_the_sweep_lets_stay(homes: RegisterStore, fixed_day: dt.datetime) -> None:
    """Every person's copy together is every person's cell that stays: no table and no column is left out."""
    report = sweep(homes, now=fixed_day, actor=CLI, every_row=True)
    with homes.read(fixed_day) as conn:
        people = [int(number) for (number,) in conn.execute("SELECT id FROM person ORDER BY id")]
        told = cells_of([gather(homes, conn, each, now=fixed_day) for each in people])
        compared = 0
        for kind, item in cells_of_persons(homes):
            filled = f"SELECT count(*) FROM {quote(kind)} WHERE {quote(item)} IS NOT NULL"
            there = conn.execute(filled).all()[0][0] - report.line(kind, item).bare
            assert told[kind, item] == there, (kind, item)
            compared += there
    assert compared > 300
    assert {kind for kind, _ in told} > {"person", "residency", "shareholding", "rights_request", "account"}


def cells_of_persons(store: RegisterStore) -> Iterator[tuple[str, str]]:
    """Items that are always a person's; not a person's own key in a row of theirs, which its being there tells."""
    kinds = store.register.notice.kinds
    for key, table in store.register.tables.items():
        for column in table.of_role("reference", "item"):
            ends = {end_of(kinds, key, path) for path in cell_paths(kinds, key, column.name)}
            if kinds[key].about == "person" and ends == {PERSON} and column.name != PERSON:
                yield key, column.name


@pytest.mark.promise("X37")
def test_nothing_of_anybody_else_is_told(homes: RegisterStore, fixed_day: dt.datetime) -> None:
    with homes.read(fixed_day) as conn:
        people = [int(number) for (number,) in conn.execute("SELECT id FROM person ORDER BY id")]
        owns = {each: gather(homes, conn, each, now=fixed_day) for each in people}
    for person, own in owns.items():
        assert {row.id for row in own.rows if row.kind == PERSON} <= {person}
        for row in own.rows:
            if homes.register.tables[row.kind].kind.of == (PERSON,):
                with homes.read(fixed_day) as conn:
                    sql = f"SELECT person FROM {quote(row.kind)} WHERE id = :id"
                    assert conn.execute(sql, {"id": row.id}).first() == (person,)


def test_what_nobody_needs_any_more_is_not_told_before_the_sweep_either(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now, ended="2026-11-01")
    later = fixed_now + dt.timedelta(days=400)
    with store.read(fixed_now) as conn:
        assert {row.kind for row in gather(store, conn, person, now=fixed_now).rows} == {PERSON, "relationship"}
    with store.read(later) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)
        assert gather(store, conn, person, now=later).rows == ()


@pytest.mark.promise("F54", "C55", "P38")
def test_the_letter_tells_all_that_article_15_asks_for(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    read.row(store, PERSON, person, actor=Actor("a1", "service"), now=fixed_now)
    number = asks(store, person, fixed_now)
    later = fixed_now + dt.timedelta(hours=1)
    give_access(store, number, actor=LEAD, now=later)
    text = copy_file(store, number, "html", lang="en", actor=LEAD, now=later).body.decode()
    for part in (
        "Sari", "050 000 0142", "sari@havupumppu.example", "Havupumppu Oy", "Huoltopäällikkö",  # the copy
        "asiakassuhteen solmiminen", "oikeutettuun etuun",  # (a)
        "Henkilö", "Asiakassuhde",  # (b)
        "FluiCo Group AB (Ruotsi)", "FluiCo Trading Ltd (Kiina)", "Lukuumme toimivat",  # (c), by name
        "säilyy 25. marraskuuta 2029 asti",  # (d)
        "Korjata", "Poistaa", "Rajoittaa käyttöä", "Oikeutesi vastustaa",  # (e)
        "Tietosuojavaltuutetun toimisto", "029 566 6700",  # (f)
        "Lähde: sinulta itseltäsi",  # (g)
        "päätöksiä",  # (h)
        "komission vakiosopimuslausekkeet",  # 15(2)
    ):  # fmt: skip
        assert part.lower() in text.lower(), part
    # When and what for somebody looked, as which role; not who.
    assert "25.11.2026 09.12" in text
    assert str(store.register.lenses["service"].text["fi"]) in text
    assert ">a1<" not in text
    assert copy_file(store, number, "pdf", lang="fi", actor=LEAD, now=later).body.startswith(b"%PDF")
    found, _ = request(store, number, actor=LEAD, now=later)
    assert (found.state, found.open) == ("done", False)


def test_whoever_is_nowhere_is_told_so(store: RegisterStore, fixed_now: dt.datetime) -> None:
    number = receive(store, "access", channel="post", asked_by="Outi Ojasto", actor=LEAD, now=fixed_now).id
    with pytest.raises(RequestError, match="who asks"):
        preview(store, number, actor=LEAD, now=fixed_now)
    from seloste.operations.rights.identify import identify

    identify(store, number, frozenset({"in_person"}), actor=LEAD, now=fixed_now)
    own = preview(store, number, actor=LEAD, now=fixed_now)
    assert {row.kind for row in own.rows} == {"rights_request", "request_step"}


@pytest.mark.promise("C62")
def test_the_machine_readable_copy_has_a_schema_of_what_is_in_it(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    number = asks(store, person, fixed_now)
    whole = json.loads(copy_file(store, number, "json", lang="fi", actor=LEAD, now=fixed_now).body)
    (who,) = whole["data"]["person"]
    assert who["values"]["phone"] == ["+358500000142"]
    assert who["why"]["phone"]["purposes"]
    assert who["why"]["phone"]["source"] == "subject"
    properties = whole["schema"]["properties"]["data"]["properties"]
    assert properties.keys() == whole["data"].keys()
    known = properties["person"]["items"]["properties"]["values"]["properties"]
    assert known.keys() == who["values"].keys()
    assert known["phone"]["type"] == "array"
    assert whole["purposes"].keys() >= set(who["why"]["phone"]["purposes"])
    with store.read(fixed_now) as conn:
        own = gather(store, conn, person, now=fixed_now)
    assert as_zip(store.register, own) == as_zip(store.register, own)


def test_a_note_on_two_people_is_read_first_and_may_be_left_out(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluiconnecto/notice")
    sari, eero = contact(store, fixed_now), contact(store, fixed_now, first="Eero")
    values = {"ordered_on": fixed_now.date(), "notes": "Eero on riidoissa.", PERSON: sari, "contact": eero}
    with store.write(fixed_now) as work:
        order = work.insert("order", values, source="own_records")
    number = asks(store, sari, fixed_now)
    own = preview(store, number, actor=LEAD, now=fixed_now)
    assert own.contested == (("order", order, "notes"),)
    with pytest.raises(RequestError, match="another person"):
        give_access(store, number, leave_out=[(PERSON, sari, "phone")], reason="x", actor=LEAD, now=fixed_now)
    with pytest.raises(RequestError, match="why not"):
        give_access(store, number, leave_out=own.contested, actor=LEAD, now=fixed_now)
    done = give_access(
        store, number, leave_out=own.contested, reason="Kertoo Eeron riidasta.", actor=LEAD, now=fixed_now
    )
    assert done.state == "partly_done"
    text = copy_file(store, number, "html", lang="fi", actor=LEAD, now=fixed_now).body.decode()
    assert "riidoissa" not in text
    for part in ("Kertoo Eeron riidasta.", "tuomioistuimeen", "Tietosuojavaltuutetun toimisto", "34 §"):
        assert part in text
    whole = json.loads(copy_file(store, number, "json", lang="fi", actor=LEAD, now=fixed_now).body)
    assert whole["left_out"] == [f"order.{order}.notes"]
    assert "riidoissa" not in json.dumps(whole)


def test_every_language_of_an_answer_has_the_same_keys() -> None:
    def keys(found: dict[str, object], before: str = "") -> set[str]:
        return {
            each
            for name, value in found.items()
            for each in (keys(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}"})
        }

    folder = Path(say.__file__).parent / "texts"
    texts = {path.stem: keys(tomllib.loads(path.read_text("utf-8"))) for path in folder.glob("*.toml")}
    assert texts.keys() == {"fi", "en", "sv"}
    assert texts["fi"] == texts["en"] == texts["sv"]


@pytest.mark.parametrize("orders", [0, 1, 3, 4, 5, 9])
def test_what_hangs_on_their_orders_is_told_however_many_there_are(
    store: RegisterStore, fixed_now: dt.datetime, orders: int
) -> None:
    """What was delivered by each, what came to them of another's order, and nothing of the other's."""
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Ilpo", last="Muu")
    mine: dict[str, set[int]] = {kind: set() for kind in ("order", "delivery", "invoice", "payment")}
    today = fixed_now.date()
    with store.write(fixed_now) as work:
        for whose in [*[person] * orders, *[other] * 6]:
            order = work.insert("order", {"ordered_on": today, PERSON: whose}, source="subject")
            hangs = {
                "order": order,
                "delivery": work.insert("delivery", {"order": order, "shipped_on": today}, source="own_records"),
                "invoice": work.insert("invoice", {"order": order, "dated": today}, source="own_records"),
            }
            paid = {"invoice": hangs["invoice"], "paid_on": today, "amount": 1200}
            hangs["payment"] = work.insert("payment", paid, source="own_records")
            for kind, number in hangs.items() if whose == person else ():
                mine[kind].add(number)
        delivery = {"order": order, "shipped_on": today, "recipient": person, "address": "Katu 1"}
        mine["delivery"].add(work.insert("delivery", delivery, source="own_records"))
    with store.read(fixed_now) as conn:
        own = gather(store, conn, person, now=fixed_now)
    assert {kind: {row.id for row in own.rows if row.kind == kind} for kind in mine} == mine


@pytest.mark.promise("F54")
def test_who_is_not_in_the_register_is_told_so(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """Art. 15(1): whether anything is processed. The request that asks it is no data of theirs that we had."""
    there = contact(store, fixed_now)
    by = {"channel": "post", "language": "fi", "actor": LEAD, "now": fixed_now}
    unknown = receive(store, "access", asked_by="Maija Muu, maija@muu.example", **by).id
    identify(store, unknown, frozenset({"in_person"}), actor=LEAD, now=fixed_now)
    said = {}
    for number in (unknown, asks(store, there, fixed_now)):
        give_access(store, number, actor=LEAD, now=fixed_now)
        said[number] = copy_file(store, number, "html", lang="fi", actor=LEAD, now=fixed_now).body.decode()
    none = ["Emme käsittele sinusta muita tietoja" in text for text in said.values()]
    every = ["Tässä on kaikki, mitä" in text for text in said.values()]
    assert (none, every) == ([True, False], [False, True])
    assert "maija@muu.example" in said[unknown], "what was written down of them to answer is told"
