"""Where somebody with an order of non-disclosure lives, and how they are reached, is in no read of any role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.attacks.guarded import GUARD, NAME, Planted, notices, plant
from tests.rule.oracle_guard import reaching
from tests.rule.strategies import NOW
from tests.web.conftest import Site

from seloste.catalogue.model import PERSON
from seloste.operations.accounts.keys import make_key
from seloste.operations.actor import CLI, Actor
from seloste.operations.records import read
from seloste.operations.records.doubles import doubles
from seloste.operations.records.export import export, purposes
from seloste.operations.records.find import find
from seloste.operations.records.model import SEALED
from seloste.operations.records.reveal import ReasonNeededError, reasons, reveal
from seloste.operations.rights.paper import address_for_paper
from seloste.operations.rights.read import persons_called, request
from seloste.operations.rights.receive import receive
from seloste.settings import Settings
from seloste.store.engine import quote
from seloste.store.registers import Registers
from seloste.web.app import make_app

CUSTOMERS, HOUSES = "fluiconnecto_customers", "tuulikello"


@pytest.fixture
def planted(tmp_path: Path, database_url: str) -> Iterator[list[Planted]]:
    """Every register of the examples on one engine; nobody is guarded yet."""
    url = None if database_url.startswith("sqlite") else database_url
    registers = Registers(
        Settings(data_dir=tmp_path / "data", database_url=url, key_file=tmp_path / "key", language="fi")
    )
    yield [plant(registers, notice) for notice in notices()]
    registers.close()


def raw(one: Planted, lens: str) -> str:
    """Everything that the lens's own connection gives."""
    shows = one.store.register.lenses[lens].shows
    with one.store.through(lens, one.now) as conn:
        return repr([conn.execute(f"SELECT * FROM {quote(kind)}").all() for kind in shows])


def operations(one: Planted, lens: str) -> Iterator[tuple[str, object]]:
    """(what was read, the answer) of every operation that reads rows for a role."""
    store, actor, now = one.store, Actor("test", lens), one.now
    for kind, items in store.register.lenses[lens].shows.items():
        yield f"list {kind}", read.rows(store, kind, actor=actor, now=now)
        for purpose in purposes(store, kind, actor=actor):
            with export(store, kind, [one.rows.get(kind, 1)], purpose=purpose, actor=actor, now=now).file as file:
                yield f"file of {kind} for {purpose}", file.read().decode()
        for item in set(items) & reaching(store.register.tables[kind].kind):
            yield f"sorted by {kind}.{item}", read.rows(store, kind, sort=item, actor=actor, now=now)
    for kind in {PERSON, *(key for key, _ in one.marks)} & set(store.register.lenses[lens].shows):
        if kind in one.rows:
            try:
                yield f"around {kind}", read.around(store, kind, one.rows[kind], actor=actor, now=now)
            except read.NoSuchRowError:
                continue


def asked(one: Planted, lens: str) -> Iterator[tuple[str, int]]:
    """(what was asked, how many rows it found) by each of the marks."""
    store, actor, now = one.store, Actor("test", lens), one.now
    for (kind, item), mark in one.marks.items():
        known = store.register.tables[kind].kind.items[item]
        typed = f"+35850{mark}" if known.type == "phone" else mark + "x.example" * mark.endswith("@")
        if store.register.lenses[lens].sees(kind, item):
            how = read.Filter(item, "has" if known.many else "=", typed)
            yield f"{kind}.{item} filtered", read.rows(store, kind, filters=[how], actor=actor, now=now).total
        yield f"{kind}.{item} searched", len(find(store, typed, kinds=[kind], actor=actor, now=now).hits)
        if kind == PERSON and known.many:
            found = doubles(store, PERSON, {item: [typed]}, actor=actor, now=now)
            yield f"{kind}.{item} doubled", len(found)
            yield f"{kind}.{item} called", len(persons_called(store, typed, actor=actor, now=now))


def test_no_read_of_any_role_tells_where_a_guarded_person_is(planted: list[Planted]) -> None:
    open_before: set[tuple[str, str, str]] = set()
    for one in planted:
        lenses = list(one.store.register.lenses)
        key = one.store.register.notice.register
        seen = {lens: one.found_in(raw(one, lens)) for lens in lenses}
        told = {lens: sum(many for _, many in asked(one, lens)) for lens in lenses}
        assert any(seen.values()), key
        assert any(told.values()), key
        one.guard()
        open_before |= {(key, *cell) for cells in seen.values() for cell in cells & one.marks.keys()}
        for lens in lenses:
            assert one.found_in(raw(one, lens)) == set(), (key, lens)
            for what, answer in operations(one, lens):
                assert one.found_in(answer) == set(), (key, lens, what)
            for what, many in asked(one, lens):
                assert many == 0, (key, lens, what)
    kinds = {kind for _, kind, _ in open_before}
    assert len(open_before) >= 20, "the marks are seen where nobody is guarded"
    assert {PERSON, "address", "delivery", "service_job", "invoice", "access_event"} <= kinds


def test_no_form_of_a_request_is_filled_with_where_they_live(planted: list[Planted]) -> None:
    known = frozenset({"in_person"})
    for_envelopes = 0
    for one in planted:
        key, person = one.store.register.notice.register, one.rows[PERSON]
        made = receive(one.store, "access", channel="post", person=person, evidence=known, actor=CLI, now=one.now)
        found, _ = request(one.store, made.id, actor=CLI, now=one.now)
        for_envelopes += bool(one.found_in(address_for_paper(one.store, found, now=one.now)))
        one.guard()
        told = address_for_paper(one.store, found, now=one.now)
        assert NAME in told, key
        assert one.found_in(told) == set(), key
    assert for_envelopes, "it is filled with their address where nobody is guarded"


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[tuple[Site, dict[str, Planted]]]:
    """The pages of a company's customers and of a housing company, in which one person is guarded."""
    registers = Registers(Settings(data_dir=tmp_path / "data", key_file=tmp_path / "key", language="fi"))
    chosen = [each for each in notices() if each.register in (CUSTOMERS, HOUSES)]
    found = {each.register: plant(registers, each) for each in chosen}
    for one in found.values():
        one.guard()
    app = make_app(registers.settings, registers, now=lambda: NOW)
    yield Site(registers, app, HOUSES, NOW), found
    registers.close()


def addresses(one: Planted, lens: str) -> Iterator[str]:
    """The address of every page that shows rows to a role, and of every search by what is sealed."""
    yield from ("", "menu", "register")
    for kind in one.store.register.lenses[lens].shows:
        yield kind
        yield f"{kind}/new?{PERSON}={one.rows[PERSON]}"
        yield f"pick/{kind}?q=x"
        if kind in one.rows:
            yield from (f"{kind}/{one.rows[kind]}", f"{kind}/{one.rows[kind]}/edit", f"{kind}/export")
    for mark in one.marks.values():
        yield from (f"find?q={mark}", f"suggest?q={mark}", f"person?q={mark}", f"pick/{PERSON}?q={mark}")
        yield from (f"privacy/journal?about={mark}", f"privacy/requests/new?q={mark}")


def without_what_was_asked(text: str, asked_for: str) -> str:
    """A page repeats what was searched for; that is no answer."""
    return text.replace(asked_for.rpartition("=")[2], "") if "q=" in asked_for or "about=" in asked_for else text


def test_no_page_and_no_answer_of_the_api_tells_it(pages: tuple[Site, dict[str, Planted]]) -> None:
    site, registers = pages
    opened = 0
    for key, one in registers.items():
        for lens in one.store.register.lenses:
            site.key = key
            email = f"{lens}@{key}.example".replace("_", "-")
            site.add(email, "Test Person", lens, lead=True)
            client = site.signed_in(email)
            for address in addresses(one, lens):
                answer = client.get(f"/r/{key}/{address}")
                opened += answer.status_code == 200
                assert one.found_in(without_what_was_asked(answer.text, address)) == set(), (key, lens, address)
                assert answer.status_code < 500, (key, lens, address)
                if "?q=" in address or "?about=" in address:
                    assert NAME not in answer.text, (key, lens, address)
            made = make_key(site.registers.deployment, one.store, lens, "test", actor=CLI, now=NOW)
            headers = {"Authorization": f"Bearer {made.token}"}
            for kind in one.store.register.lenses[lens].shows:
                listed = site.client("http://127.0.0.1").get(f"/api/{key}/records/{kind}", headers=headers)
                assert listed.status_code == 200
                assert one.found_in(listed.text) == set(), (key, lens, kind)
    assert opened > 150


def test_who_is_not_told_of_the_order_is_not_told_of_the_home(pages: tuple[Site, dict[str, Planted]]) -> None:
    site, registers = pages
    one = registers[HOUSES]
    register = one.store.register
    tied = [kind for kind in ("residency", "shareholding", "office", "charge", "maintenance_order") if kind in one.rows]
    assert len(tied) == 5
    for lens in register.lenses.values():
        site.add(f"{lens.key}@homes.example".replace("_", "-"), "Test Person", lens.key)
        client = site.signed_in(f"{lens.key}@homes.example".replace("_", "-"))
        told = lens.sees(PERSON, GUARD)
        for kind in [PERSON, *(kind for kind in tied if lens.sees(kind))]:
            for path in (kind, f"{kind}/{one.rows[kind]}", f"{kind}/{one.rows[kind]}/edit"):
                text = client.get(f"/r/{HOUSES}/{path}").text
                # A form offers every building and apartment there is to choose from, which tells of nobody.
                text = re.sub(r"<(fieldset|select|datalist).*?</\1>", "", text, flags=re.DOTALL)
                assert told or not one.homes_in(text), (lens.key, path)
        home = client.get(f"/r/{HOUSES}/apartment/{one.rows['apartment']}").text
        if lens.sees("apartment") and lens.sees("residency"):
            assert (NAME in home) == told, lens.key


def test_it_is_opened_one_by_one_with_a_reason(pages: tuple[Site, dict[str, Planted]]) -> None:
    _, registers = pages
    for key, kind, item in ((HOUSES, "residency", "apartment"), (CUSTOMERS, "delivery", "address")):
        one = registers[key]
        lens = next(
            lens.key
            for lens in one.store.register.lenses.values()
            if lens.sees(kind) and not lens.sees(PERSON, GUARD) and reasons_of(one, kind, item, lens.key)
        )
        actor, number = Actor("test", lens), one.rows[kind]
        (record,) = read.by_ids(one.store, kind, [number], actor=actor, now=NOW)
        assert record.values[item] is SEALED
        assert item not in record.references
        with pytest.raises(ReasonNeededError):
            reveal(one.store, kind, number, item, purpose="nothing", actor=actor, now=NOW)
        purpose = reasons_of(one, kind, item, lens)[0]
        value = reveal(one.store, kind, number, item, purpose=purpose, actor=actor, now=NOW).value
        assert value in {*one.homes, *one.marks.values()}
        with one.store.database.read() as conn:
            sql = "SELECT count(*) FROM journal WHERE verb = 'reveal' AND kind = :kind"
            assert conn.execute(sql, {"kind": kind}).first() == (1,)


def reasons_of(one: Planted, kind: str, item: str, lens: str) -> tuple[str, ...]:
    return reasons(one.store, kind, item, actor=Actor("test", lens))
