"""The journal's page, with entries of a real register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site

from seloste.operations.actor import Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.read import row
from seloste.store import journal
from seloste.store.journal import Entry
from seloste.web.i18n import formats, texts

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))


@pytest.fixture
def busy(site: Site) -> tuple[Site, int]:
    """One customer stored and looked at by Mikael, who was also refused something; and a person who is gone."""
    store = site.registers.open(site.key)
    actor = Actor(site.accounts[MIKAEL], "sales")
    stored = collect(
        store,
        [
            NewRow(ref="o", kind="organisation", values={"name": "Havupumppu Oy"}),
            NewRow(ref="p", kind="person", values={"first_name": "Sari", "last_name": "Havukoski"}),
            NewRow(
                kind="relationship",
                values={"stage": "customer", "began": "2024-03-14"},
                parents={"person": "p", "organisation": "o"},
            ),
        ],
        actor=actor,
        now=site.now,
    )
    person = stored.ids["p"]
    row(store, "person", person, actor=actor, now=site.now + timedelta(minutes=2))
    entry = Entry(site.now + timedelta(days=1), actor.account, "sales", "look", "person", (931,), ("phone",))
    store.reads.queue(entry)
    store.reads.queue(Entry(entry.at, actor.account, "sales", "open_page", outcome="refused", note="privacy:read"))
    store.reads.flush()
    site.now += timedelta(days=2)
    return site, person


def test_it_shows_who_did_what_about_whom(busy: tuple[Site, int]) -> None:
    site, _ = busy
    text = site.signed_in(RITVA).get(f"/r/{site.key}/privacy/journal").text
    assert "Ehjä" in text
    for words in ("Mikael Tuuri", "katsoi", "talletti", "Sari Havukoski", "henkilö 0931", "estettiin: avasi sivun"):
        assert words.lower() in text.lower(), words
    assert "Torstai 26. marraskuuta" in text
    assert "etunimi" in text


def test_it_is_filtered_by_the_address(busy: tuple[Site, int]) -> None:
    site, person = busy
    client = site.signed_in(RITVA)

    def numbers(**asked: Any) -> set[int]:
        import re

        text = client.get(f"/r/{site.key}/privacy/journal", params={"who": site.accounts[MIKAEL], **asked}).text
        return {int(found) for found in re.findall(r"entry=(\d+)", text)}

    every = numbers()
    of_sari = numbers(about=str(person))
    assert of_sari
    assert of_sari < every
    assert numbers(about="havuk") == of_sari, "a name means whom the role shows by it"
    assert len(numbers(about="931")) == 1
    assert numbers(about="99999999") == numbers(who="nobody") == set()
    assert len(numbers(what="refused")) == 1
    assert numbers(**{"from": "2026-11-26"}) < every
    assert numbers(**{"from": "nonsense", "before": "x"}) == every


def test_an_entry_is_opened_with_its_hashes(busy: tuple[Site, int]) -> None:
    site, _ = busy
    store = site.registers.open(site.key)
    with store.database.read() as conn:
        ((seal,),) = conn.execute("SELECT hash FROM journal WHERE seq = 2").all()
    text = site.signed_in(RITVA).get(f"/r/{site.key}/privacy/journal?entry=2").text
    assert "Merkintä 2" in text
    assert seal in text
    assert "Merkintä 9999" not in site.signed_in(RITVA).get(f"/r/{site.key}/privacy/journal?entry=9999").text


def test_pages_lead_to_older_entries(busy: tuple[Site, int]) -> None:
    import re

    site, _ = busy
    store = site.registers.open(site.key)
    with store.database.transaction() as conn:
        journal.append_all(conn, [Entry(site.now, "register", "", "sweep", "person", count=n) for n in range(60)])
    client = site.signed_in(RITVA)
    first = client.get(f"/r/{site.key}/privacy/journal?what=sweep").text
    older = re.search(r'href="([^"]*before=\d+[^"]*)"', first)
    assert older
    second = client.get(older[1].replace("&amp;", "&")).text
    assert len(re.findall(r"entry=\d+", first)) == 50
    assert len(re.findall(r"entry=\d+", second)) == 10


@pytest.mark.parametrize("deed", ["DELETE FROM journal WHERE seq = 2", "UPDATE journal SET actor = 'x' WHERE seq = 2"])
def test_a_broken_chain_is_said(busy: tuple[Site, int], deed: str, form_token: Callable[..., dict[str, str]]) -> None:
    site, _ = busy
    client, path = site.signed_in(RITVA), f"/r/{site.key}/privacy/journal"
    assert "Ehjä" in client.get(path).text
    with site.registers.open(site.key).database.transaction() as conn:
        conn.execute("DROP TRIGGER journal_no_delete")
        conn.execute("DROP TRIGGER journal_no_update")
        conn.execute(deed)
    answer = client.post(f"{path}/check", data=form_token(client))
    text = client.get(answer.headers["location"]).text
    assert "merkinnästä 2" in text
    assert "Ehjä" not in text
    assert "Sari Havukoski" in text, "everything else can still be read"


def test_reading_it_is_journaled(busy: tuple[Site, int]) -> None:
    site, person = busy
    site.signed_in(RITVA).get(f"/r/{site.key}/privacy/journal")
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        rows = conn.execute("SELECT actor, lens, persons FROM journal WHERE verb = 'read_journal'").all()
    assert rows == [(site.accounts[RITVA], "management", f"[{person}]")]


def test_what_somebody_types_is_escaped(busy: tuple[Site, int]) -> None:
    site, _ = busy
    evil = "<script>alert(1)</script>\"'"
    text = site.signed_in(RITVA).get(
        f"/r/{site.key}/privacy/journal", params={"who": evil, "about": evil, "what": evil, "from": evil}
    )
    assert text.status_code == 200
    assert "<script>alert" not in text.text


@pytest.mark.parametrize("lang", ["fi", "en"])
@pytest.mark.parametrize("verb", ["evidence", "verify_derived", "assess", "deliver", "send_again", "tell_fee", "move"])
def test_every_deed_of_the_register_itself_has_a_word(lang: str, verb: str) -> None:
    assert f"journal.verb.{verb}" in texts(lang)


def test_a_list_of_things_with_an_and_of_their_own_takes_another() -> None:
    assert formats("fi").listed(["ajat ja käynnit", "laskut"]) == "ajat ja käynnit sekä laskut"
    assert formats("en").listed(["visits and times", "bills"]) == "visits and times as well as bills"
    assert formats("fi").listed(["ajat", "laskut"]) == "ajat ja laskut"
