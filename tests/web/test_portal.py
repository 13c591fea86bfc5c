"""A person's own page: the way in by a link, what it shows, and what nobody can learn or do through it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.operations.conftest import SALES, contact
from tests.prepared import applied, example
from tests.smtp_sink import Sink, sink
from tests.web.conftest import Site
from tests.web.houses import house

from seloste.operations.actor import CLI
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.portal import letters
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.store import outbox

Axe = Callable[..., list[dict[str, Any]]]
SARI = "sari@havupumppu.example"
MIKAEL = "mikael.tuuri@fluiconnecto.example"
PUBLIC = "https://rekisteri.example"


@dataclass
class Own:
    """The pages, and the mailbox of everybody."""

    site: Site
    mail: Sink
    person: int = 0

    @property
    def path(self) -> str:
        return f"/own/{self.site.key}"

    def ask(self, address: str, client: TestClient | None = None, **more: Any) -> Any:
        return (client or self.site.client()).post(self.path, data={"email": address}, **more)

    def deliver(self) -> list[str]:
        registers = self.site.registers
        return [sent.outcome for sent in send_due(registers, letters.LETTERS, server_of(registers.settings),
                                                  now=self.site.now)]  # fmt: skip

    def link(self, address: str = SARI) -> str:
        """The path of a new link that came to an address."""
        self.ask(address)
        assert self.deliver() == ["sent"]
        letter = self.mail.letters[-1]
        assert letter["To"] == address
        found = re.search(rf"{PUBLIC}(/own/\S+)", letter.get_content())
        assert found
        return found[1]

    def opened(self, address: str = SARI, base_url: str = "http://seloste.example") -> TestClient:
        """A browser in which the page of whoever has the address is open."""
        client = self.site.client(base_url)
        answer = client.post(self.link(address))
        assert answer.status_code == 303, answer.text
        return client

    def form(self, client: TestClient, page: str = "/home") -> dict[str, str]:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', client.get(self.path + page).text)
        assert found
        return {"form_token": found[1]}


def with_mail(site: Site, server: Sink) -> Own:
    site.registers.settings = replace(
        site.registers.settings,
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="Fluiconnecto Oy <tietosuoja@fluiconnecto.example>",
        public_url=PUBLIC,
    )
    return Own(site, server)


@pytest.fixture
def own(site: Site) -> Iterator[Own]:
    with sink() as server:
        found = with_mail(site, server)
        found.person = contact(site.registers.open(site.key), site.now)
        yield found


# --- the way in -------------------------------------------------------------------------------------------------------


@pytest.mark.promise("C63", "P43")
def test_a_link_opens_everything_that_is_held(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    read.row(store, "person", own.person, actor=SALES, now=own.site.now)
    client = own.opened()
    home = client.get(f"{own.path}/home").text
    assert "Sari Havukoski, tässä on kaikki" in home
    assert "029 566 6700" in home
    data = client.get(f"{own.path}/data").text
    for shown in ("Havukoski", "050\u00a0000\u00a00142", "Havupumppu Oy", "Huoltopäällikkö"):
        assert shown in data, shown
    # Why, from where and until when stand beside the value; the staff's pages are not led to.
    assert "Asiakassuhteen solmiminen, hoito" in data
    assert "sinulta itseltäsi" in data
    assert "henkilöltä itseltään" not in data
    assert "/r/" not in data
    received = client.get(f"{own.path}/received").text
    assert "Perintä Oy, Suomi" in received
    assert "Tietojasi ei ole luovutettu kenellekään." in received
    looked = client.get(f"{own.path}/looked").text
    assert "Myynti" in looked
    assert "Sinä itse" in looked


def test_the_staff_are_shown_by_role_and_not_by_name(own: Own) -> None:
    staff = own.site.signed_in(MIKAEL)
    assert staff.get(f"/r/{own.site.key}/person/{own.person}").status_code == 200
    client = own.opened()
    pages = [client.get(own.path + page).text for page in ("/home", "/data", "/looked", "/received")]
    assert "Myynti" in pages[2]
    assert not any("Mikael" in page or "Tuuri" in page for page in pages)


@pytest.mark.promise("C62")
def test_a_copy_holds_the_same_for_people_and_machines(own: Own) -> None:
    client = own.opened()
    answer = client.post(f"{own.path}/copy", data={"form": "json", **own.form(client)})
    assert answer.headers["content-disposition"].startswith("attachment;")
    whole = json.loads(answer.text)
    assert whole["data"]["person"][0]["values"]["last_name"] == "Havukoski"
    page = client.post(f"{own.path}/copy", data={"form": "html", **own.form(client)})
    assert "Havukoski" in page.text
    assert client.post(f"{own.path}/copy", data={"form": "json"}).status_code == 403
    assert "latasit tietosi" in client.get(f"{own.path}/looked").text


def test_the_reader_chooses_the_language(own: Own) -> None:
    own.site.client().post(f"{own.path}?lang=en", data={"email": SARI})
    own.deliver()
    assert own.mail.letters[-1]["Subject"] == "A link to your own data: Fluiconnecto Oy"
    client = own.site.client()
    found = re.search(rf"{PUBLIC}(\S+)", own.mail.letters[-1].get_content())
    assert found
    answer = client.post(found[1])
    assert answer.headers["location"] == f"{own.path}/home?lang=en"
    assert "here is everything we hold about you" in client.get(answer.headers["location"]).text


def test_a_link_is_looked_at_without_being_used(own: Own) -> None:
    link = own.link()
    for _ in range(3):
        scanner = own.site.client()
        assert scanner.get(link).status_code == 200
        assert not scanner.cookies
    assert own.site.client().post(link).status_code == 303


def test_a_link_works_once_and_for_half_an_hour(own: Own) -> None:
    link = own.link()
    assert own.site.client().post(link).status_code == 303
    again = own.site.client()
    assert (again.get(link).status_code, again.post(link).status_code) == (410, 410)
    assert not again.cookies
    own.site.later(minutes=10)
    late = own.link()
    own.site.later(minutes=30)
    assert own.site.client().post(late).status_code == 410
    assert own.site.client().post(f"{own.path}/open/{'x' * 43}").status_code == 410


def test_a_link_in_a_mailbox_that_is_theirs_no_more_opens_nothing(own: Own) -> None:
    """It may have been the wrong one from the beginning, and that of an answer lies there for two weeks."""
    store, link = own.site.registers.open(own.site.key), own.link()
    other = contact(store, own.site.now, first="Sari", last="Koivu")
    own.site.later(minutes=6)
    both = own.link()
    own.site.later(minutes=1)
    changes: dict[str, Any] = {"source": "subject", "actor": SALES, "now": own.site.now}
    rectify(store, "person", own.person, {"last_name": "Havu"}, **changes)
    rectify(store, "person", own.person, {"email": ["sari.havu@toinen.example"]}, **changes)
    client = own.site.client()
    assert client.post(link).status_code == 410
    assert not client.cookies
    assert client.post(both).headers["location"] == f"{own.path}/home?lang=fi"
    page = client.get(f"{own.path}/home").text
    assert ("Koivu" in page, "Havu" in page) == (True, False), "of those who shared it the other has it still"
    assert other


def test_the_page_closes_by_itself_and_by_leaving(own: Own) -> None:
    client = own.opened()
    own.site.later(minutes=29)
    assert client.get(f"{own.path}/data").status_code == 200
    own.site.later(minutes=1)
    assert client.get(f"{own.path}/data").headers["location"].startswith(own.path + "?ended")
    client = own.opened()
    answer = client.post(f"{own.path}/leave")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert client.get(f"{own.path}/data").status_code == 303


def test_those_who_share_an_address_choose(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    other = contact(store, own.site.now, first="Sari", last="Koivu")
    stranger = contact(store, own.site.now, first="Liisa", last="Muu")
    client = own.site.client()
    answer = client.post(own.link())
    assert answer.headers["location"] == f"{own.path}/who?lang=fi"
    page = client.get(answer.headers["location"]).text
    assert "Havukoski" in page
    assert "Koivu" in page
    # Nobody's data are open before one is chosen.
    assert client.get(f"{own.path}/data").status_code == 303
    token = own.form(client, "/who")
    wrong = client.post(f"{own.path}/who", data={"person": str(stranger), **token})
    assert wrong.headers["location"] == f"{own.path}/who"
    assert client.post(f"{own.path}/who", data={"person": str(other)}).status_code == 403
    assert client.post(f"{own.path}/who", data={"person": str(other), **token}).status_code == 303
    data = client.get(f"{own.path}/data").text
    assert "Koivu" in data
    assert "Havukoski" not in data


# --- nobody learns who is in the register -----------------------------------------------------------------------------


def test_the_answer_is_the_same_whether_or_not_anybody_has_the_address(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_up(*given: object) -> None:
        raise AssertionError("the page must not look anybody up")

    with monkeypatch.context() as patch:
        patch.setattr(letters, "persons_at", looked_up)
        answers = [own.ask(address) for address in (SARI, "nobody@havupumppu.example", SARI)]
    shown = [
        (answer.status_code, answer.text, {k: v for k, v in answer.headers.items() if k != "x-request-id"})
        for answer in answers
    ]
    # The third is within five minutes of the first, and no other either.
    assert shown[0] == shown[1] == shown[2]
    with own.site.registers.deployment.read() as conn:
        assert outbox.count(conn) == 2, "each address left the same behind"
    assert sorted(own.deliver()) == ["nothing", "sent"]
    assert [letter["To"] for letter in own.mail.letters] == [SARI]


def test_an_address_gets_one_link_in_five_minutes(own: Own) -> None:
    for _ in range(3):
        own.ask(SARI.upper())
    own.deliver()
    assert len(own.mail.letters) == 1
    own.site.later(minutes=5)
    own.ask(SARI)
    own.deliver()
    assert len(own.mail.letters) == 2


def test_a_mailbox_is_not_filled(own: Own) -> None:
    for _ in range(60):
        own.ask(SARI)
        own.deliver()
        own.site.later(minutes=5)
    # Six at five minutes' distance, then ever longer waits: never one in five minutes for hours on end.
    assert len(own.mail.letters) < 14


def test_one_network_may_not_try_every_address(own: Own) -> None:
    answers = [own.ask(f"nro{number}@havupumppu.example") for number in range(25)]
    codes = [answer.status_code for answer in answers]
    assert codes == [200] * 20 + [429] * 5
    assert "Yritä uudelleen" in answers[-1].text
    own.site.later(minutes=6)
    assert own.ask("uusi@havupumppu.example").status_code == 200


def test_what_is_no_address_is_said_without_looking(own: Own) -> None:
    answer = own.ask("ei osoite")
    assert answer.status_code == 422
    assert "@" in answer.text
    assert own.deliver() == []


def test_without_mail_the_page_says_whom_to_ask(site: Site) -> None:
    page = site.client().get(f"/own/{site.key}")
    assert page.status_code == 200
    assert "tietosuoja@fluiconnecto.example" in page.text
    assert "<form" not in page.text
    assert site.client().post(f"/own/{site.key}", data={"email": SARI}).status_code == 503


def test_there_is_no_page_of_a_register_that_is_not_there(own: Own) -> None:
    client = own.site.client()
    assert client.get("/own/nowhere").status_code == 404
    assert client.post("/own/nowhere", data={"email": SARI}).status_code == 404
    assert client.post("/own/nowhere/open/x").status_code in (404, 410)


# --- nobody gets in otherwise -----------------------------------------------------------------------------------------


def test_a_link_and_a_page_are_of_one_register(own: Own) -> None:
    other = example("fluxio/customers")
    applied(own.site.registers, other, own.site.now)
    link = own.link()
    elsewhere = link.replace(own.site.key, other.register)
    assert own.site.client().post(elsewhere).status_code == 410
    client = own.site.client()
    assert client.post(link).status_code == 303
    assert client.get(f"/own/{other.register}/home").status_code == 303


def test_a_session_begins_anew_with_each_link(own: Own) -> None:
    victim = own.opened()
    planted = victim.cookies["seloste-own"]
    own.site.later(minutes=6)
    victim.post(own.link())
    assert victim.cookies["seloste-own"] != planted
    attacker = own.site.client()
    attacker.cookies.set("seloste-own", planted)
    assert attacker.get(f"{own.path}/data").status_code == 303, "the earlier session has ended"
    attacker.cookies.set("seloste-own", "chosen-by-somebody")
    attacker.post(f"{own.path}/open/none")
    assert attacker.get(f"{own.path}/data").status_code == 303


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_another_site_can_do_nothing(own: Own, headers: dict[str, str]) -> None:
    link = own.link()
    client = own.site.client()
    for path, data in (
        (own.path, {"email": SARI}),
        (link, {}),
        (f"{own.path}/leave", {}),
        (f"{own.path}/who", {"person": "1"}),
        (f"{own.path}/copy", {"form": "json"}),
    ):
        assert client.post(path, data=data, headers=headers).status_code == 403, path
    assert client.post(link).status_code == 303, "the link was not used up"


def test_a_form_needs_the_token_of_its_own_page(own: Own) -> None:
    client = own.opened()
    own.site.later(minutes=6)
    other = own.opened()
    stranger = own.form(other)
    for sent in ({}, {"form_token": ""}, {"form_token": "0" * 64}, stranger):
        assert client.post(f"{own.path}/copy", data={"form": "json", **sent}).status_code == 403


def test_the_cookie_is_no_account_of_the_staff_nor_the_other_way(own: Own) -> None:
    client = own.opened()
    assert client.get(f"/r/{own.site.key}/person").status_code == 303
    client.cookies.set("seloste", client.cookies["seloste-own"])
    assert client.get(f"/r/{own.site.key}/person").status_code == 303
    staff = own.site.signed_in(MIKAEL)
    staff.cookies.set("seloste-own", staff.cookies["seloste"])
    assert staff.get(f"{own.path}/data").status_code == 303


def test_nothing_is_kept_and_nothing_is_told_on(own: Own, caplog: pytest.LogCaptureFixture) -> None:
    client = own.site.client("https://seloste.example")
    link = own.link()
    with caplog.at_level(logging.DEBUG):
        answer = client.post(link)
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-seloste-own=")
        for part in ("httponly", "samesite=lax", "secure", "path=/"):
            assert part in cookie
        for page in ("/home", "/data", "/received", "/looked"):
            headers = client.get(own.path + page).headers
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "same-origin"
    token = link.partition("/open/")[2].partition("?")[0]
    # The client's own log is not ours.
    logged = [entry.getMessage() for entry in caplog.records if entry.name.startswith("seloste")]
    assert any("/own/{reg}/open/{token}" in line for line in logged)
    assert not any(token in line or "havu" in line.lower() for line in logged)
    with own.site.registers.deployment.read() as conn:
        for table in ("own_link", "own_session", "attempt", "outbox"):
            rows = str(conn.execute(f"SELECT * FROM {table}").all())
            assert token not in rows
            assert "havu" not in rows


def test_a_letter_leads_where_the_settings_say_and_nowhere_else(own: Own) -> None:
    own.ask(SARI, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    own.deliver()
    text = own.mail.letters[-1].get_content()
    assert PUBLIC in text
    assert "evil" not in own.mail.letters[-1].as_string()


def test_whoever_is_not_held_any_more_is_told_so(own: Own) -> None:
    client = own.opened()
    store = own.site.registers.open(own.site.key)
    with store.database.transaction() as conn:
        conn.execute("DELETE FROM relationship")
        conn.execute("DELETE FROM sys_find")
        conn.execute("DELETE FROM person")
    for name in ("/home", "/data", "/received"):
        page = client.get(own.path + name)
        assert (page.status_code, "Meillä ei ole sinusta tietoja" in page.text) == (200, True), name


# --- sealed and guarded -----------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, fixed_now: Any) -> Iterator[tuple[Own, dict[str, int]]]:
    with sink() as server:
        for site, ids in house(tmp_path, fixed_now):
            store = site.registers.open(site.key)
            rows = [
                NewRow("person", {"first_name": name, "last_name": "Laine", "email": [f"{name.lower()}@posti.example"],
                                  **more}, ref=name)
                for name, more in (("Aino", {}), ("Eeva", {"non_disclosure": True}))
            ]  # fmt: skip
            rows += [
                NewRow("residency", {"moved_in": "1.9.2026"}, {"person": name, "apartment": ids["a"]})
                for name in ("Aino", "Eeva")
            ]
            collect(store, rows, actor=CLI, now=fixed_now)
            yield with_mail(site, server), ids


def test_where_a_guard_stands_no_value_is_shown(home: tuple[Own, dict[str, int]]) -> None:
    own, _ = home
    client = own.opened("eeva@posti.example")
    pages = [client.get(own.path + page) for page in ("/home", "/data", "/received", "/looked")]
    assert {page.status_code for page in pages} == {200}
    for word in ("Eeva", "Laine", "posti.example", "A 12", "1.9.2026"):
        assert not any(word in page.text for page in pages), word
    assert "Turvakielto" in pages[0].text
    assert "/copy" not in pages[0].text + pages[1].text
    token = own.form(client, "/requests/access")
    assert client.post(f"{own.path}/copy", data={"form": "json", **token}).status_code == 404
    store = own.site.registers.open(own.site.key)
    with store.database.read() as conn:
        number = conn.execute("SELECT id FROM person WHERE first_name = 'Eeva'").all()[0][0]
    for item in ("last_name", "email", "non_disclosure"):
        assert client.post(f"{own.path}/data/person/{number}/{item}", data=token).status_code == 404


def test_only_ones_own_is_opened(home: tuple[Own, dict[str, int]]) -> None:
    own, ids = home
    client = own.opened("aino@posti.example")
    data = client.get(f"{own.path}/data").text
    assert "Laine" in data
    for other in ("Joonas", "Ketola", "Eeva", "Milla"):
        assert other not in data
    token = own.form(client)
    for path in (f"/data/person/{ids['joonas']}/last_name", "/data/person/0/email", "/data/nothing/1/email"):
        assert client.post(own.path + path, data=token).status_code == 404, path


# --- by everybody -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_is_readable_by_all_and_by_the_keyboard_alone(
    page: Any, own: Own, live_server: Callable[[Any], str], axe: Axe, width: int, scheme: str
) -> None:
    address = live_server(own.site.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def fine(where: str) -> None:
        assert axe(page) == [], (where, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (where, width)

    for lang in ("fi", "en"):
        page.goto(f"{address}{own.path}?lang={lang}")
        fine("ask")
        page.locator("input[name=email]").focus()
        page.keyboard.type(SARI)
        page.keyboard.press("Enter")
        page.wait_for_selector("h1")
        fine("sent")
        own.deliver()
        found = re.search(rf"{PUBLIC}(\S+)", own.mail.letters[-1].get_content())
        assert found
        page.goto(address + found[1])
        fine("open")
        page.locator("main button").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/home*")
        fine("home")
        for name in (
            "data",
            "permissions",
            "object/customer_care",
            "requests",
            "requests/erasure",
            "received",
            "looked",
        ):
            page.goto(f"{address}{own.path}/{name}?lang={lang}")
            fine(name)
        page.goto(f"{address}{own.path}/data?lang={lang}")
        page.locator("details.why summary").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("details.why[open]")
        fine("why")
        page.goto(f"{address}{own.path}/permissions?lang={lang}")
        switch = page.get_by_role("switch").first
        before = switch.get_attribute("aria-checked")
        switch.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=status]")
        assert page.get_by_role("switch").first.get_attribute("aria-checked") != before
        fine("turned")
        page.context.clear_cookies()
        own.site.later(minutes=6)
