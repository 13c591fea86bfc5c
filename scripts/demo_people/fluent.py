"""Fluent Progress: customers, users, subscribers, and visitors of the website."""

from __future__ import annotations

from typing import Any

from scripts.demo_people.book import Book, at, day, plain
from scripts.demo_people.trade import Contact, Trade

PRODUCTS = (
    ("Fluent Planner, vuosilisenssi", 98000),
    ("Fluent Kunto, 50 käyttäjää", 64000),
    ("Käyttöönottokoulutus", 72000),
    ("Asiantuntijatuki, tunti", 11000),
    ("Raportointipaketti", 35000),
)
COMPANIES = (
    "Lehtosaaren Kunta",
    "Kuivasniemen Kaupunki",
    "Salmivuori Liikunta Oy",
    "Hiekkaniemen Opisto",
    "Rantalan Hoiva Oy",
    "Tähkäpellon Seura ry",
    "Louhivaaran Yritykset Oy",
    "Uusiniityn Koulut",
    "Kalliolammen Terveys Oy",
    "Pihlajasuon Palvelut Oy",
)
SITE = "https://www.fluentprogress.example"


def customers() -> Book:
    book = Book("fluent_customers", seed=31, numbers_from=420)
    trade = Trade(book, PRODUCTS, ("web_form", "email", "phone", "meeting", "agreement"))
    for number, name in enumerate(COMPANIES, 1):
        ref = trade.company(name, f"yritys_{number}", "public_body" if number in (1, 2, 8) else "company")
        for extra in range(4):
            relation: dict[str, Any] = {
                "unit": ("Liikunta", "Tietohallinto", "Talous", "Henkilöstö")[extra],
                "tasks": ("Palvelun pääkäyttäjä", "Hankinnat", "Laskujen hyväksyntä", "Työhyvinvointi")[extra],
                "roles": [("uses", "orders", "invoices", "decides")[extra]],
            }
            interests = ["raportointi"] if (number + extra) % 3 == 0 else None
            trade.contact(ref, name, -book.random.randint(40, 800), relation=relation, interests=interests)
    left = trade.contact("yritys_3", COMPANIES[2], -640, stage="former", ended=-120, ref="lahtenyt")
    people = [one for one in trade.contacts if one is not left]
    _services(trade, people)
    _letters(trade, people)
    _browsers(book)
    _choices(trade, people)
    return book


def _services(trade: Trade, people: list[Contact]) -> None:
    book = trade.book
    for number, who in enumerate(people):
        for _ in range(book.random.choice((1, 1, 2, 3))):
            trade.talk(who, -book.random.randint(1, min(-who.since, 600)))
        if number % 2 == 0:
            opened, seen = max(who.since, -300), -book.random.randint(0, 40)
            account = book.add(
                "account",
                "service_use",
                opened,
                {"person": who.ref},
                username=f"{plain(who.first)}{number}",
                created_on=day(opened),
                last_login=at(seen, 8, 14),
            )
            for step, action in enumerate(("sign_in", "view", "save")):
                book.add(
                    "usage_event",
                    "service_use",
                    seen,
                    {"account": account},
                    at=at(seen, 8, 14 + 6 * step),
                    service="Planner",
                    action=action,
                    ip_address=f"192.0.2.{number + 1}",
                )
    for number, who in enumerate(people[1:17]):
        when = max(who.since, -(9 + 31 * number))
        more = {"changes": "Lisättiin kymmenen käyttäjää.", "changed_on": day(when + 5)} if number % 5 == 2 else {}
        order, total, _ = trade.order(who, when, **more)
        if when < -15:
            trade.invoice(who, order, total, when + 10, paid=when < -50)
    _agreed(trade, people)


def _agreed(trade: Trade, people: list[Contact]) -> None:
    book = trade.book
    for number, who in enumerate(people[:8]):
        signed = max(who.since, -500)
        book.add(
            "agreement",
            "agreement",
            signed,
            {"organisation": who.organisation},
            number=f"FP-{60 + number}",
            sort="service",
            subject="Palvelusopimus",
            signed_on=day(signed),
            starts_on=day(signed),
            ended_on=day(180 + 15 * number),
            signatory=who.ref,
        )
    for number, who in enumerate(people[10:24]):
        done = number % 3 == 0
        trade.task(
            who,
            -(number + 2) * 8 if done else number - 2,
            ("Soita käyttöönotosta", "Lähetä ohje", "Sovi koulutus")[number % 3],
            "customer_service",
            done=done,
        )
    for number, who in enumerate(people[5:11]):
        given = -(4 + 39 * number)
        book.add(
            "feedback",
            "subject",
            given,
            {"person": who.ref},
            given_at=at(given, 16),
            text=("Helppo käyttää.", "Raportti latautuu hitaasti.", "Koulutus oli hyvä.")[number % 3],
            score=5 - number % 3,
        )


def _letters(trade: Trade, people: list[Contact]) -> None:
    """Newsletters, events, forms and what has been agreed to be published."""
    book = trade.book
    for number, who in enumerate(people[:22]):
        given = max(who.since, -(20 + 27 * number))
        trade.permission(
            who.ref,
            "newsletter",
            given,
            ends=given + 1095,
            withdrawn=-15 if number % 9 == 8 else None,
            evidence="vahvistus linkistä",
        )
    for number, (name, starts) in enumerate(
        (("Aamukahvit: raportointi", -42), ("Käyttäjäpäivä", -180), ("Webinaari: uudet ominaisuudet", 16))
    ):
        event = book.add(
            "event",
            "own_records",
            starts - 40,
            ref=f"tilaisuus_{number}",
            name=name,
            starts_at=at(starts, 9),
            place="Joensuu",
        )
        for who in people[3 * number : 3 * number + 9]:
            when = max(starts - 12, -300)
            book.add(
                "registration",
                "web_form",
                when,
                {"event": event, "person": who.ref},
                registered_at=at(when, 11, 7),
                attended=book.random.random() < 0.8 if starts < 0 else None,
            )
    _sent(trade, people)


def _sent(trade: Trade, people: list[Contact]) -> None:
    book = trade.book
    for number, who in enumerate(people[24:31]):
        when = -(1 + 11 * number)
        book.add(
            "form_submission",
            "web_form",
            when,
            {"person": who.ref},
            form="contact",
            at=at(when, 13, 22),
            page=f"{SITE}/yhteys",
            text="Kertoisitteko lisää hinnoista?",
            answers="Aihe: Planner",
            handled_on=day(when + 1) if number > 1 else None,
        )
    for number, who in enumerate(people[12:14]):
        trade.permission(who.ref, "publication", -100, ends=900, channel="paper", evidence="sopimus julkaisusta")
        book.add(
            "publication",
            "subject",
            -100,
            {"person": who.ref},
            what="person.first_name, person.last_name, relationship.title",
            where=("website", "print")[number],
            agreed_on=day(-100),
            ended_on=day(265),
        )
    trade.permission(
        people[15].ref, "partner_marketing", -60, ends=670, recipient="Kuntokaari Esimerkki Oy", channel="phone"
    )
    for number, who in enumerate(people[16:26]):
        sent = -(3 + 22 * number)
        book.add(
            "message",
            "own_records",
            sent,
            {"relationship": who.relationship},
            sent_at=at(sent, 7, 30),
            channel="email",
            subject=("Uutiskirje", "Huoltokatko", "Kutsu käyttäjäpäivään")[number % 3],
            status="delivered",
        )


def _browsers(book: Book) -> None:
    pages = [f"{SITE}/planner", f"{SITE}/kunto", f"{SITE}/hinnat"]
    study = book.add(
        "study", "own_records", -30, name="Löytyvätkö hinnat", pages=pages[2:], starts_on=day(-20), ends_on=day(20)
    )
    segment = book.add(
        "segment",
        "own_records",
        -40,
        name="Kiinnostuneet Plannerista",
        pages=pages[:1],
        starts_on=day(-35),
        ends_on=day(60),
    )
    for number in range(16):
        seen = -book.random.randint(0, 18)
        device = book.add(
            "device",
            "tracker",
            seen - 25,
            browser_id=f"f{book.random.randint(10**9, 10**10 - 1)}",
            last_seen=at(seen, 19, 3),
        )
        _browser(book, number, device, seen, pages, study, segment)


def _choices(trade: Trade, people: list[Contact]) -> None:
    book = trade.book
    trade.ban(people[27], -33, "email", "viestin linkistä")
    trade.ban(people[28], -200, "all", "puhelussa")
    book.add(
        "objection",
        "subject",
        -4,
        {"person": people[29].ref},
        purpose="customer_care",
        state="pending",
        raised_at=at(-4, 12),
        reason="En ole enää asiakkaanne.",
    )
    book.add("restriction", "subject", -14, {"person": people[30].ref}, ground="accuracy", from_at=at(-14, 15))
    trade.request(people[30].ref, "rectification", -14, state="waiting")
    trade.request(people[31].ref, "access", -7, channel="portal")
    trade.request(people[32].ref, "portability", -65, state="done", answered=-61)


def _browser(book: Book, number: int, device: str, seen: int, pages: list[str], study: str, segment: str) -> None:
    chosen = [
        "web_statistics",
        *(["web_studies"] if number % 2 else []),
        *(["browser_segments"] if number % 4 == 0 else []),
    ]
    for purpose in chosen:
        lasts = 180 if purpose == "browser_segments" else 365
        book.add(
            "permission",
            "subject",
            seen - 25,
            {"device": device},
            purpose=purpose,
            given_at=at(seen - 25, 19),
            ends_on=day(seen - 25 + lasts),
            language="fi",
            channel="cookie_banner",
        )
    for step in range(book.random.randint(1, 4)):
        when = seen - step * 2
        book.add(
            "visit",
            "tracker",
            when,
            {"device": device},
            at=at(when, 19, 5),
            page=pages[step % 3],
            campaign="kevat-2026" if number % 5 == 0 else None,
        )
    if "web_studies" in chosen:
        book.add(
            "click",
            "tracker",
            seen,
            {"study": study, "device": device},
            at=at(seen, 19, 6),
            page=pages[2],
            element="hintataulukko",
        )
    if "browser_segments" in chosen:
        book.add(
            "segment_membership",
            "tracker",
            seen,
            {"segment": segment, "device": device},
            from_at=at(seen, 19, 7),
            until_at=at(55, 0),
        )
        book.add(
            "external_behaviour",
            "external_sites",
            seen,
            {"device": device},
            at=at(seen, 18),
            site="liikuntalehti.example",
            topic="liikunta",
        )
