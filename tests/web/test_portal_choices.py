"""A person's yes and no on their own page, and the address in a letter that ends its mailing with one press."""

from __future__ import annotations

import base64
import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.operations.conftest import SALES, contact
from tests.prepared import applied, example
from tests.smtp_sink import sink
from tests.web.conftest import Site
from tests.web.test_portal import PUBLIC, Own, with_mail

from seloste.notice.render.sections import object_note
from seloste.notice.render.tell import Teller
from seloste.operations.actor import CLI
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.smtp import server_of
from seloste.operations.permissions import say
from seloste.operations.permissions.contact import contact_answers
from seloste.operations.portal.choices import Choice, choice_of, stands, turn
from seloste.operations.portal.gpc import heed
from seloste.operations.portal.unsubscribe import Mailing, NoSuchMailingError, headers, mailing_of, token
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.rights.word import waiting_objections
from seloste.settings import Settings
from seloste.store.journal_pages import Query, page
from seloste.store.registers import Registers, RegisterStore

EMAIL = Choice("marketing", "email")
PHONE = Choice("marketing", "phone")
LETKUSET = Choice("partner_marketing", recipient="Letkuset Oy")


@pytest.fixture
def own(site: Site) -> Iterator[Own]:
    with sink() as server:
        found = with_mail(site, server)
        found.person = contact(site.registers.open(site.key), site.now)
        yield found


@pytest.fixture
def store(tmp_path: Path, database_url: str, fixed_now: dt.datetime) -> Iterator[RegisterStore]:
    """The register of company contacts on each engine."""
    yield from opened("fluiconnecto/notice", tmp_path, database_url, fixed_now)


@pytest.fixture
def readers(tmp_path: Path, database_url: str, fixed_now: dt.datetime) -> Iterator[RegisterStore]:
    """One with a newsletter, marketing by consent and things asked of browsers."""
    yield from opened("fluent-progress/customers", tmp_path, database_url, fixed_now)


def opened(name: str, folder: Path, url: str, now: dt.datetime) -> Iterator[RegisterStore]:
    server = None if url.startswith("sqlite") else url
    registers = Registers(Settings(data_dir=folder, database_url=server, key_file=folder / "key"))
    notice = example(name)
    applied(registers, notice, now)
    yield registers.open(notice.register)
    registers.close()


def answers(store: RegisterStore, person: int, now: dt.datetime) -> dict[tuple[str, str, str], str]:
    """What the staff are told: may they send and call."""
    return {
        (each.purpose, each.channel, each.sender): each.answer
        for each in contact_answers(store, person, actor=SALES, now=now)
    }


def on(store: RegisterStore, person: int, choice: Choice, now: dt.datetime) -> bool:
    return next(each.on for each in stands(store, person, now=now).choices if each.choice == choice)


def register(own: Own) -> RegisterStore:
    return own.site.registers.open(own.site.key)


# --- yes and no -------------------------------------------------------------------------------------------------------


@pytest.mark.promise("C61", "P42")
def test_a_no_is_in_force_for_the_very_next_read(own: Own) -> None:
    store, now = register(own), own.site.now
    client = own.opened()
    assert answers(store, own.person, now)["marketing", "phone", ""] == "yes"
    form = own.form(client, "/permissions")
    answer = client.post(f"{own.path}/permissions", data={PHONE.key: "no", **form})
    assert answer.headers["location"] == f"{own.path}/permissions?said=no"
    found = answers(store, own.person, now)
    assert (found["marketing", "phone", ""], found["marketing", "email", ""]) == ("no", "yes")
    shown = client.get(answer.headers["location"]).text
    assert "Kielto on voimassa nyt." in shown
    assert "Kielsit 25.11.2026." in shown
    client.post(f"{own.path}/permissions", data={PHONE.key: "yes", **form})
    assert answers(store, own.person, now)["marketing", "phone", ""] == "yes"


@pytest.mark.promise("C59")
def test_each_partner_has_its_own_yes(own: Own) -> None:
    store, now = register(own), own.site.now
    client = own.opened()
    page_ = client.get(f"{own.path}/permissions").text
    # The wording that a yes agrees to stands there before it is given.
    assert "Letkuset Oy saa lähettää minulle" in page_
    form = own.form(client, "/permissions")
    for choice in (LETKUSET, Choice("partner_marketing", recipient="Öljytukku Oy")):
        client.post(f"{own.path}/permissions", data={choice.key: "yes", **form})
    client.post(f"{own.path}/permissions", data={LETKUSET.key: "no", **form})
    found = answers(store, own.person, now)
    assert found["partner_marketing", "email", "Letkuset Oy"] == "no"
    assert found["partner_marketing", "email", "Öljytukku Oy"] == "yes"
    with store.database.read() as conn:
        kept = conn.execute("SELECT channel, language, wording IS NULL FROM permission ORDER BY id").all()
    assert kept == [("portal", "fi", 0), ("portal", "fi", 0)]


def test_each_yes_comes_as_a_receipt(own: Own) -> None:
    client = own.opened()
    say.grant(register(own), own.person, "partner_marketing", channel="portal", language="fi", recipient="Letkuset Oy",
              actor=CLI, now=own.site.now)  # fmt: skip
    assert f"{own.path}/receipts.json" in client.get(f"{own.path}/permissions").text
    [receipt] = client.get(f"{own.path}/receipts.json").json()["receipts"]
    assert [each["event_state"] for each in receipt["consent_record"]["events"]] == ["dpv:ConsentGiven"]
    assert own.site.client().get(f"{own.path}/receipts.json").status_code != 200


@pytest.mark.parametrize("data", [{}, {"marketing.fax": "no"}, {"accountability": "no"}, {"customer_care": "no"}])
def test_nothing_else_can_be_chosen(own: Own, data: dict[str, str]) -> None:
    client = own.opened()
    assert client.post(f"{own.path}/permissions", data={**data, **own.form(client)}).status_code == 404


def test_a_choice_needs_the_form_of_the_page(own: Own) -> None:
    client = own.opened()
    assert client.post(f"{own.path}/permissions", data={PHONE.key: "no"}).status_code == 403
    cross = client.post(
        f"{own.path}/permissions", data={PHONE.key: "no", **own.form(client)}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert cross.status_code == 403
    assert on(register(own), own.person, PHONE, own.site.now)


def test_a_choice_is_written_once_and_journaled(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    for _ in range(2):
        turn(store, person, PHONE, on=False, language="fi", now=fixed_now)
        turn(store, person, LETKUSET, on=True, language="fi", now=fixed_now)
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM ban").all() == [(1,)]
        assert conn.execute("SELECT count(*) FROM permission").all() == [(1,)]
        verbs = [one.entry.verb for one in page(conn, Query(actor="person")).entries]
    assert verbs == ["consent", "ban"]


def test_a_yes_to_one_thing_leaves_a_wider_no_on_the_rest(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    say.ban(store, person, "all", actor=SALES, now=fixed_now)
    assert not any(each.on for each in stands(store, person, now=fixed_now).choices)
    turn(store, person, PHONE, on=True, language="fi", now=fixed_now)
    found = answers(store, person, fixed_now)
    assert [key for key, answer in found.items() if answer == "yes"] == [("marketing", "phone", "")]
    # And it may be said of everything, one after another, as if there had been no ban.
    for each in stands(store, person, now=fixed_now).choices:
        turn(store, person, each.choice, on=True, language="fi", now=fixed_now)
    assert all(each.on for each in stands(store, person, now=fixed_now).choices)
    assert set(answers(store, person, fixed_now).values()) == {"yes"}


def test_an_objection_to_marketing_is_taken_back_by_a_yes(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    say.object_to(store, person, "marketing", actor=SALES, now=fixed_now)
    assert not on(store, person, PHONE, fixed_now)
    turn(store, person, PHONE, on=True, language="fi", now=fixed_now)
    assert on(store, person, PHONE, fixed_now)
    assert answers(store, person, fixed_now)["marketing", "phone", ""] == "yes"


def test_the_person_objects_and_it_rests_until_it_is_weighed(own: Own) -> None:
    client = own.opened()
    shown = client.get(f"{own.path}/permissions").text
    assert f"{own.path}/object/customer_care" in shown
    # What the law or a claim asks for cannot be objected to.
    for purpose in ("bookkeeping", "accountability", "nothing"):
        assert f"{own.path}/object/{purpose}" not in shown
        assert client.get(f"{own.path}/object/{purpose}").status_code == 404
        assert client.post(f"{own.path}/object/{purpose}", data=own.form(client)).status_code == 404
    form = own.form(client, "/object/customer_care")
    answer = client.post(f"{own.path}/object/customer_care", data={"reason": "Oma syyni", **form})
    assert answer.headers["location"] == f"{own.path}/permissions?said=object"
    assert "Asia on ratkaistavana" in client.get(answer.headers["location"]).text
    with register(own).database.read() as conn:
        assert conn.execute("SELECT purpose, state, reason FROM objection").all() == [
            ("customer_care", "pending", "Oma syyni")
        ]
        # Somebody has to weigh it, within the month that every request has.
        (asked,) = conn.execute("SELECT right, state, channel, asked FROM rights_request").all()
    assert tuple(asked[:3]) == ("objection", "received", "portal")
    assert asked[3].endswith(": Oma syyni")
    assert waiting_objections(register(own), own.person, now=own.site.now) == ("customer_care",)
    lead = own.site.signed_in("ritva.kaleva@fluiconnecto.example").get(f"/r/{own.site.key}/privacy/requests/1")
    assert re.findall(r'value="(\w+)"[^>]*checked', lead.text) == ["customer_care"]
    assert client.post(f"{own.path}/object/customer_care", data=form).status_code == 404


def test_what_one_said_no_to_stands_under_not_for_and_nowhere_else(own: Own) -> None:
    """On the person's page and on the staff's: no use is both, and *we need it* does not name what rests."""
    say.object_to(register(own), own.person, "customer_care", actor=CLI, now=own.site.now)
    turn(register(own), own.person, EMAIL, on=False, language="fi", now=own.site.now)
    care, marketing = (register(own).register.purposes[key].text["fi"] for key in ("customer_care", "marketing"))
    staff = own.site.signed_in("mikael.tuuri@fluiconnecto.example")
    for text in (own.opened().get(f"{own.path}/data").text, staff.get(f"/r/{own.site.key}/person/{own.person}").text):
        boxes = [html.unescape(box) for box in re.findall(r'<div class="box">(.*?)</dl>', text, re.DOTALL)]
        for box in boxes:
            no = re.findall(r"<p>(.*?)</p>", box.partition("<dt>Ei mihin</dt>")[2].partition("</dd>")[0])
            for each in (*no, care):
                assert each not in box.partition("<dt>Mihin</dt>")[2].partition("</dd>")[0]
                assert each.lower() not in box.partition("Tarvitsemme")[2].partition(".")[0].lower()
        assert sum(care in box.partition("<dt>Ei mihin</dt>")[2] for box in boxes) > 1
        assert any(marketing in box.partition("<dt>Ei mihin</dt>")[2] for box in boxes)


def test_whatever_the_notice_says_one_may_object_to_is_offered(
    own: Own, form_token: Callable[[TestClient, str], dict[str, str]]
) -> None:
    """Art. 21(1) goes by the legal basis: also of a use that secures claims, which goes on until it is answered."""
    notice = register(own).register.notice
    promised = {each.key for each in Teller(notice, "fi").objectable() if not each.built_in}
    note = object_note(Teller(notice, "fi"))
    assert note and "tietojasi ei käytetä, paitsi kun käytöllä turvataan oikeusvaateita: " in str(note)
    client = own.opened()
    shown = client.get(f"{own.path}/permissions").text
    assert set(re.findall(rf"{own.path}/object/(\w+)", shown)) == promised >= {"claims"}
    form = own.form(client, "/object/claims")
    answer = client.post(f"{own.path}/object/claims", data=form)
    said = client.get(answer.headers["location"]).text
    assert said.count("Käyttö oikeusvaateisiin jatkuu siihen asti.") == 2
    lead = own.site.signed_in("ritva.kaleva@fluiconnecto.example")
    page = f"/r/{own.site.key}/privacy/requests/1"
    answered = lead.post(f"{page}/object", data={**form_token(lead, page), "purposes": "claims"})
    assert answered.status_code == 303, answered.text
    assert "Vastustamista ei hyväksytty" in client.get(f"{own.path}/permissions").text
    assert "Tietoja tarvitaan oikeusvaateen laatimiseen" in client.get(f"{own.path}/requests").text


# --- one click --------------------------------------------------------------------------------------------------------


def address(own: Own, choice: Choice = EMAIL) -> str:
    text = headers(own.site.registers.settings, register(own), Mailing(own.person, choice))["List-Unsubscribe"]
    assert text.startswith(f"<{PUBLIC}/own/")
    return text.strip("<>").removeprefix(PUBLIC)


def press(client: TestClient, path: str, **more: str) -> int:
    """What a mail program sends by itself (RFC 8058, section 3.2): no cookie, no page before."""
    return client.post(path, data={"List-Unsubscribe": "One-Click"}, headers=more).status_code


def test_looking_changes_nothing_and_one_post_ends_it(own: Own) -> None:
    store, now = register(own), own.site.now
    path = address(own)
    client = own.site.client()
    for method in ("GET", "HEAD", "GET"):
        assert client.request(method, path).status_code in (200, 405)
        assert on(store, own.person, EMAIL, now)
    assert press(client, path) == 200
    found = answers(store, own.person, now)
    assert (found["marketing", "email", ""], found["marketing", "phone", ""]) == ("no", "yes")
    assert press(client, path) == 200, "again is no error"
    with store.database.read() as conn:
        assert conn.execute("SELECT channel, purpose, source_note FROM ban").all() == [
            ("email", "marketing", "viestin linkistä")
        ]
    assert not client.cookies


def test_a_mail_program_may_send_it_in_any_way(own: Own) -> None:
    client = own.site.client()
    path = address(own)
    answer = client.post(path, files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert press(client, path, Origin="https://posti.example") == 200
    assert press(client, path, **{"Sec-Fetch-Site": "cross-site"}) == 200
    assert client.post(path).status_code == 200


def test_a_consent_is_withdrawn_by_it(own: Own) -> None:
    store, now = register(own), own.site.now
    turn(store, own.person, LETKUSET, on=True, language="fi", now=now)
    assert press(own.site.client(), address(own, LETKUSET)) == 200
    assert answers(store, own.person, now)["partner_marketing", "email", "Letkuset Oy"] == "no"


def test_the_address_tells_nobody_anything(own: Own) -> None:
    store = register(own)
    first, second = (token(store.keys, Mailing(own.person, EMAIL)) for _ in range(2))
    assert first != second, "two letters to one person cannot be told to be so"
    raw = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4))
    assert b"marketing" not in raw
    shown = own.site.client().get(address(own)).text
    for word in ("Sari", "Havukoski", "havupumppu"):
        assert word not in shown


def test_an_address_cannot_be_made_or_moved(own: Own) -> None:
    store = register(own)
    good = token(store.keys, Mailing(own.person, EMAIL))
    other = example("fluxio/customers")
    applied(own.site.registers, other, own.site.now)
    client = own.site.client()
    changed = good[:20] + ("A" if good[20] != "A" else "B") + good[21:]
    for text in (changed, good[:-4], "", "x", "ä" * 10, "A" * 40, "A" * 3000, good[:30]):
        with pytest.raises(NoSuchMailingError):
            mailing_of(store, text)
    for path in (f"{own.path}/unsubscribe/{changed}", f"/own/{other.register}/unsubscribe/{good}"):
        assert (client.get(path).status_code, press(client, path)) == (404, 404)
    assert on(store, own.person, EMAIL, own.site.now)


def test_whoever_is_not_held_any_more_is_answered_the_same(own: Own) -> None:
    store = register(own)
    gone = headers(own.site.registers.settings, store, Mailing(999, EMAIL))["List-Unsubscribe"]
    client = own.site.client()
    body = {"List-Unsubscribe": "One-Click"}
    there, not_there = (client.post(path, data=body) for path in (address(own), gone.strip("<>").removeprefix(PUBLIC)))
    assert (there.status_code, there.text) == (not_there.status_code, not_there.text)


def test_a_real_letter_carries_the_address(own: Own) -> None:
    registers = own.site.registers
    letter = Letter("sari@havupumppu.example", "Uutiskirje", "Hei\n",
                    headers(registers.settings, register(own), Mailing(own.person, EMAIL)))  # fmt: skip
    server_of(registers.settings).send(letter, own.site.now)
    came = own.mail.letters[-1]
    assert came["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(rf"<{PUBLIC}(/own/\S+)>", came["List-Unsubscribe"])
    assert found
    assert press(own.site.client(), found[1]) == 200
    assert not on(register(own), own.person, EMAIL, own.site.now)


def test_what_a_browser_says_for_its_person_is_a_no_to_others_on_each_engine(
    readers: RegisterStore, fixed_now: dt.datetime
) -> None:
    rows = [
        NewRow("person", {"first_name": "Aino"}, ref="p"),
        NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
    ]
    person = collect(readers, rows, actor=CLI, now=fixed_now).ids["p"]
    first, second = (heed(readers, person, now=fixed_now) for _ in range(2))
    assert {(each.channel, each.name) for each in first.new} == {
        ("phone", "Fluent Progress Group Oy"),
        ("post", "Fluent Progress Group Oy"),
    }
    assert (second.others, second.new) == (first.others, ())


def test_no_notice_has_a_choice_without_a_name_or_a_key_twice(readers: RegisterStore, fixed_now: dt.datetime) -> None:
    store, now = readers, fixed_now
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"last_name": "Havukoski", "email": ["sari@havupumppu.example"]}, ref="p"),
        NewRow("relationship", {}, {"person": "p", "organisation": "o"}),
    ]
    person = collect(store, rows, actor=CLI, now=now).ids["p"]
    found = stands(store, person, now=now).choices
    keys = [each.choice.key for each in found]
    assert len(set(keys)) == len(keys)
    assert all(choice_of(store.register, each.choice.key) == each.choice for each in found)
    # What is asked of a browser alone is not asked of a person, nor what belongs to one row.
    assert not {"web_statistics", "browser_segments", "publication"} & {each.choice.purpose for each in found}
    for each in found:
        turn(store, person, each.choice, on=True, language="fi", now=now)
        assert on(store, person, each.choice, now), each
        turn(store, person, each.choice, on=False, language="fi", now=now)
        assert not on(store, person, each.choice, now), each


@pytest.mark.parametrize(("lang", "care", "books"), [
    ("fi", "Asiakassuhteen solmiminen", "Laskutus, kirjanpito"),
    ("en", "Starting and caring", "Invoicing, bookkeeping"),
])  # fmt: skip
def test_what_is_done_without_asking_is_told_of_what_concerns_the_person(
    own: Own, lang: str, care: str, books: str
) -> None:
    """Whoever never bought anything is in no books, and a list of every use would tell them otherwise."""
    page = html.unescape(own.opened().get(f"{own.path}/permissions?lang={lang}").text)
    assert care.lower() in page.lower()
    assert books not in page
