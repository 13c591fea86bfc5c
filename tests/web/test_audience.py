"""Whom may we contact: counts with reasons, the file for the tool that sends, and the road back of each message."""

from __future__ import annotations

import csv
import io
import smtplib
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact
from tests.smtp_sink import sink
from tests.web.conftest import Site

from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.permissions.audience import Reach, Way, reach
from seloste.operations.records.rectify import rectify
from seloste.store.registers import RegisterStore
from seloste.web.staff import audience as audience_page

Token = Callable[..., dict[str, str]]
MIKAEL = "mikael.tuuri@fluiconnecto.example"
PUBLIC = "https://rekisteri.example"


@pytest.fixture
def mailing(site: Site) -> Site:
    """Four contacts: one who may be written to, one banned, one banned for one purpose, one who left."""
    site.registers.settings = replace(site.registers.settings, public_url=PUBLIC)
    store = site.registers.open(site.key)
    sari, eero, outi, tea = (contact(store, site.now, first=name) for name in ("Sari", "Eero", "Outi", "Tea"))
    assert sari
    say.ban(store, eero, "email", actor=SALES, now=site.now)
    say.ban(store, outi, "email", purpose="marketing", actor=SALES, now=site.now)
    with store.read(site.now) as conn:
        tie = conn.execute("SELECT id FROM relationship WHERE person = :id", {"id": tea}).all()[0][0]
    rectify(
        store,
        "relationship",
        int(tie),
        {"ended": site.now.date().isoformat()},
        source="subject",
        actor=CLI,
        now=site.now,
    )
    return site


def rows_of(site: Site, form_token: Token, path: str = "marketing/email", **more: str) -> list[dict[str, str]]:
    client = site.signed_in(MIKAEL)
    base = f"/r/{site.key}/audience/{path}"
    answer = client.post(base, data={"form": "csv", **more, **form_token(client, base)})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_page_counts_who_may_be_contacted_and_who_not_and_why(mailing: Site) -> None:
    client = mailing.signed_in(MIKAEL)
    text = client.get(f"/r/{mailing.key}/audience").text
    assert "2: Hän on kieltänyt markkinoinnin tällä tavalla." in text
    assert "1: Hän ei enää edusta yritystä" in text
    assert f'href="/r/{mailing.key}/audience/marketing/email"' in text
    page = client.get(f"/r/{mailing.key}/audience/marketing/email").text
    assert "Näin saa tänään olla yhteydessä 1 henkilöön." in page
    assert "Jää pois: 3 henkilöä" in page
    assert "helppo ja maksuton tapa kieltää jatko" in page
    for nowhere in ("orders/email", "marketing/sms", "nothing/email"):
        assert client.get(f"/r/{mailing.key}/audience/{nowhere}").status_code == 404
    # Whoever markets for nothing has no such page.
    mailing.add("huolto@fluiconnecto.example", "Huolto", "service")
    assert mailing.signed_in("huolto@fluiconnecto.example").get(f"/r/{mailing.key}/audience").status_code == 404


@pytest.mark.promise("C60", "P42")
def test_a_message_sent_with_the_file_is_stopped_with_one_press(mailing: Site, form_token: Token) -> None:
    """The whole road: the file, a tool of somebody else's, a mail server, a mail program that presses unsubscribe."""
    rows = rows_of(mailing, form_token)
    assert [row["email"] for row in rows] == ["sari@havupumppu.example"]
    with sink() as server, smtplib.SMTP("127.0.0.1", server.port) as tool:
        for row in rows:
            message = EmailMessage(policy=SMTP.clone(max_line_length=998))
            message["From"], message["To"], message["Subject"] = "m@fluiconnecto.example", row["email"], "Uutta"
            for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
                message[name] = row[name]
            message.set_content(f"Uutta letkuista.\n\nLopeta: {row['Lopetuslinkki']}\n")
            tool.send_message(message)
    got = server.letters[0]
    # RFC 8058, section 3: an https address in angle brackets, and the one value that means one press.
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = got["List-Unsubscribe"].strip()
    assert address.startswith(f"<{PUBLIC}/own/")
    path = address.strip("<>").removeprefix(PUBLIC)
    assert path in "".join(got.get_content().split())
    program = mailing.client()
    # A scanner that follows the link of the foot stops nothing.
    assert program.get(path).status_code == 200
    assert len(rows_of(mailing, form_token)) == 1
    answer = program.post(
        path, content=b"List-Unsubscribe=One-Click", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 200
    assert rows_of(mailing, form_token) == []
    # What was stopped is e-mail; a call was not forbidden.
    assert len(rows_of(mailing, form_token, "marketing/phone")) == 3


def test_nothing_is_sent_that_could_not_be_stopped(mailing: Site, form_token: Token) -> None:
    mailing.registers.settings = replace(mailing.registers.settings, public_url=None)
    client, path = mailing.signed_in(MIKAEL), f"/r/{mailing.key}/audience/marketing/email"
    answer = client.post(path, data={"form": "csv", **form_token(client, path)})
    assert answer.status_code == 503
    assert "Seloste ei vielä lähetä sähköpostia" in answer.text
    # A call carries no link.
    assert rows_of(mailing, form_token, "marketing/phone")


@pytest.mark.promise("C45")
def test_a_partner_gets_those_alone_who_said_yes_to_it(mailing: Site, form_token: Token) -> None:
    store = mailing.registers.open(mailing.key)
    with store.read(mailing.now) as conn:
        sari = int(conn.execute("SELECT min(id) FROM person").all()[0][0])
    words = {"channel": "web_form", "language": "fi", "actor": SALES, "now": mailing.now}
    say.grant(store, sari, "partner_marketing", recipient="Letkuset Oy", **words)
    client = mailing.signed_in(MIKAEL)
    page = client.get(f"/r/{mailing.key}/audience").text
    assert "Letkuset Oy" in page
    for place in ("00019999", "9" * 5000, "x"):
        assert client.get(f"/r/{mailing.key}/audience/partner_marketing/email?sender={place}").status_code == 200
    files = {place: rows_of(mailing, form_token, f"partner_marketing/email?sender={place}") for place in ("0", "1")}
    assert sorted(len(rows) for rows in files.values()) == [0, 1]
    [row] = [rows[0] for rows in files.values() if rows]
    mailing.client().post(row["Lopetuslinkki"].removeprefix(PUBLIC), data={"List-Unsubscribe": "One-Click"})
    assert not any(rows_of(mailing, form_token, f"partner_marketing/email?sender={place}") for place in ("0", "1"))
    # Their own marketing was not ended by that.
    assert len(rows_of(mailing, form_token)) == 1


def test_only_the_audience_that_is_asked_for_is_counted(mailing: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """To count one goes through everybody; the role has several."""
    counted: list[str] = []

    def count(store: RegisterStore, way: Way, **more: Any) -> Reach:
        counted.append(f"{way.purpose}.{way.channel}")
        return reach(store, way, **more)

    monkeypatch.setattr(audience_page, "reach", count)
    client, path = mailing.signed_in(MIKAEL), f"/r/{mailing.key}/audience"
    assert client.get(f"{path}/marketing/email").status_code == 200
    assert counted == ["marketing.email"]
    assert client.get(path).status_code == 200
    assert len(counted) > 2
