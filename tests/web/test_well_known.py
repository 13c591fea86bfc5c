"""Files at agreed addresses, and what a browser's Global Privacy Control does: Art. 21(5) and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from tests.prepared import EXAMPLES, example
from tests.smtp_sink import sink
from tests.web.conftest import Site, made
from tests.web.test_portal import Own, with_mail

from seloste.notice import load
from seloste.operations.actor import CLI, Actor
from seloste.operations.disclosures.disclose import preview
from seloste.operations.letters import LETTERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.permissions import say
from seloste.operations.permissions.confirm import ask_person
from seloste.operations.permissions.contact import contacts
from seloste.operations.portal.choices import choice_of, turn
from seloste.operations.records.collect import collect
from seloste.operations.records.enter import Said
from seloste.operations.records.model import NewRow
from seloste.settings import SettingError, Settings
from seloste.store.journal_pages import Query, page

SECURITY = "/.well-known/security.txt"
AINO = "aino.aalto@aallokko.example"
GROUP = "Fluent Progress Group Oy"
PARTNER = "Kuntokaari Esimerkki Oy"
GPC = {"Sec-GPC": "1"}


# --- security.txt -----------------------------------------------------------------------------------------------------


def test_whoever_found_a_fault_is_told_whom_to_tell(site: Site) -> None:
    client = site.client()
    assert client.get(SECURITY).status_code == 404, "nobody is named"
    site.app.state.settings = replace(
        site.app.state.settings,
        security_contact=("mailto:turva@fluiconnecto.example", "https://fluiconnecto.example/turva"),
        security_expires=date(2026, 12, 31),
        public_url="https://rekisteri.example",
    )
    answer = client.get(SECURITY)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    # RFC 9116: one Expires in UTC, contacts in the order of preference; the day ends in Finland.
    assert answer.text == (
        "Contact: mailto:turva@fluiconnecto.example\n"
        "Contact: https://fluiconnecto.example/turva\n"
        "Expires: 2026-12-31T22:00:00Z\n"
        "Preferred-Languages: fi, en\n"
        "Canonical: https://rekisteri.example/.well-known/security.txt\n"
    )
    site.now = datetime(2026, 12, 31, 23, 59, tzinfo=site.now.tzinfo)
    assert client.get(SECURITY).status_code == 200
    site.now = datetime(2027, 1, 1, 0, 0, tzinfo=site.now.tzinfo)
    assert client.get(SECURITY).status_code == 404, "an old one is worse than none"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURITY_CONTACT", "turva@yritys.example"),
        ("SECURITY_CONTACT", "http://yritys.example/turva"),
        ("SECURITY_CONTACT", "mailto:turva@yritys.example\nExpires:x"),
        ("SECURITY_EXPIRES", "31.12.2026"),
        ("CANARY_TO", "nobody"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_REGISTERS", "yes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment({f"SELOSTE_{name}": value})
    assert name in str(refused.value)
    assert value not in refused.value.message("fi")


# --- Global Privacy Control -------------------------------------------------------------------------------------------


def test_it_is_said_that_the_signal_is_heeded(site: Site) -> None:
    answer = site.client().get("/.well-known/gpc.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["gpc"] is True
    assert date.fromisoformat(answer.json()["lastUpdate"])


@pytest.fixture
def fluent(tmp_path: Path, fixed_now: datetime) -> Iterator[Own]:
    """A register whose marketing the company of the group may do too, partly without asking."""
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", language="fi")
    for site in made(settings, example("fluent-progress/customers"), fixed_now):
        with sink() as server:
            own = with_mail(site, server)
            own.person = collect(
                site.registers.open(site.key),
                [
                    NewRow("person", {"first_name": "Aino", "email": [AINO]}, ref="p"),
                    NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
                ],
                actor=CLI,
                now=site.now,
            ).ids["p"]
            yield own


def answers(own: Own, sender: str) -> dict[str, str]:
    """May this sender market: by channel."""
    store, actor = own.site.registers.open(own.site.key), Actor("a", "marketing")
    return {
        each.channel: each.answer
        for each in contacts(store, [own.person], group=True, actor=actor, now=own.site.now)[own.person]
        if (each.purpose, each.sender) == ("marketing", sender)
    }


def bans(own: Own) -> list[tuple[object, ...]]:
    with own.site.registers.open(own.site.key).database.read() as conn:
        return conn.execute("SELECT purpose, channel, sender, lifted_at FROM ban ORDER BY channel").all()


def given(own: Own) -> dict[str, int]:
    """Who would be left out of a file for the company of the group."""
    store = own.site.registers.open(own.site.key)
    return dict(preview(store, "group", "marketing", party=GROUP, actor=CLI, now=own.site.now).left_out)


def test_a_known_person_s_browser_says_no_to_others_and_to_nobody_else(fluent: Own) -> None:
    browser = fluent.opened(AINO)
    for value in ("0", "true", ""):
        browser.get(f"{fluent.path}/home", headers={"Sec-GPC": value})
    browser.get(f"{fluent.path}/home")
    assert bans(fluent) == [], "its absence says nothing"
    own_before, group_before = answers(fluent, ""), answers(fluent, GROUP)
    assert "yes" in group_before.values()
    assert given(fluent) == {}
    browser.get(f"{fluent.path}/home", headers=GPC)
    assert {purpose for purpose, *_ in bans(fluent)} == {"marketing"}
    assert {sender for _, _, sender, _ in bans(fluent)} == {GROUP}
    assert "yes" not in answers(fluent, GROUP).values(), "in force with the next read"
    assert answers(fluent, "") == own_before, "the first party goes on"
    assert sum(given(fluent).values()) == 1, "nor is the person in a file for them"
    once = bans(fluent)
    shown = browser.get(f"{fluent.path}/permissions", headers=GPC).text
    assert bans(fluent) == once, "said once"
    assert "Global Privacy Control" in shown
    assert GROUP in shown
    assert "Global Privacy Control" not in browser.get(f"{fluent.path}/permissions").text
    with fluent.site.registers.open(fluent.site.key).database.read() as conn:
        noted = [each.entry for each in page(conn, Query(persons=(fluent.person,), limit=50)).entries]
    assert {(each.actor, each.verb) for each in noted if each.note == "gpc"} == {("person", "ban")}


def test_what_the_person_says_stands_above_the_signal(fluent: Own) -> None:
    store, now = fluent.site.registers.open(fluent.site.key), fluent.site.now
    # A consent to the channel names the group: it stands, for it is more particular than a signal to everybody.
    turn(store, fluent.person, choice_of(store.register, "marketing.email"), on=True, language="fi", now=now)
    assert answers(fluent, GROUP)["email"] == "yes"
    browser = fluent.opened(AINO)
    browser.get(f"{fluent.path}/home", headers=GPC)
    assert answers(fluent, GROUP)["email"] == "yes"
    # What was lifted for them since is not said again.
    with store.database.read() as conn:
        numbers = [int(number) for (number,) in conn.execute("SELECT id FROM ban").all()]
    for number in numbers:
        say.lift_ban(store, fluent.person, number, actor=CLI, now=now)
    browser.get(f"{fluent.path}/permissions", headers=GPC)
    assert all(lifted is not None for *_, lifted in bans(fluent))


def test_where_nobody_else_markets_that_is_said_and_nothing_is_written(site: Site) -> None:
    with sink() as server:
        own = with_mail(site, server)
        own.person = collect(
            site.registers.open(site.key),
            [
                NewRow("organisation", {"name": "Aallokko Oy"}, ref="o"),
                NewRow("person", {"first_name": "Aino", "email": [AINO]}, ref="p"),
                NewRow("relationship", {}, {"person": "p", "organisation": "o"}),
            ],
            actor=CLI,
            now=site.now,
        ).ids["p"]
        browser = own.opened(AINO)
    shown = browser.get(f"{own.path}/permissions", headers=GPC).text
    assert "Kukaan muu ei markkinoi sinulle tämän rekisterin tiedoilla ilman lupaasi." in shown
    assert bans(own) == []


def test_a_consent_that_lets_others_market_says_so_to_who_sends_the_signal(
    fluent: Own, tmp_path: Path, fixed_now: datetime
) -> None:
    copytree(EXAMPLES / "fluent-progress", tmp_path / "example", ignore=ignore_patterns("people"))
    file = tmp_path / "example" / "customers.yaml"
    said = file.read_text().replace("    lasts: 2 years\n", "    lasts: 2 years\n    confirm: email\n", 1)
    file.write_text(said)
    site = fluent.site
    site.registers.apply(load(file), now=fixed_now, actor="cli")
    store = site.registers.open(site.key)
    told = {}
    for purpose, recipient in (("newsletter", ""), ("partner_marketing", PARTNER)):
        answer = Said(purpose, True, "web_form", "fi", recipient=recipient)
        ask_person(store, fluent.person, answer, actor=CLI, now=site.now)
        send_due(site.registers, LETTERS, server_of(site.registers.settings), now=site.now)
        link = re.search(r"https://rekisteri\.example(/confirm/\S+)", fluent.mail.letters[-1].get_content())
        assert link
        told[purpose] = site.client().get(link[1], headers=GPC).text
        assert "Global Privacy Control" not in site.client().get(link[1]).text
    # The newsletter is the controller's own: the signal is not about it.
    assert "Global Privacy Control" not in told["newsletter"]
    assert "Tämä lupa antaa muidenkin markkinoida sinulle." in told["partner_marketing"]


def test_pages_of_nobody_keep_nothing_of_a_visitor(site: Site) -> None:
    """What makes the signal need no more there: no cookie, and nothing loaded from elsewhere."""
    for path in ("/", "/sign-in", f"/notice/{site.key}", f"/notice/{site.key}/fi", f"/own/{site.key}"):
        client = site.client()
        answer = client.get(path, headers=GPC)
        assert not client.cookies, path
        assert "https:" not in answer.headers["content-security-policy"], "only what we serve ourselves"
