"""Fluxio's own clients: housing companies and those that may become clients."""

from __future__ import annotations

from scripts.demo_people.book import Book, at, day
from scripts.demo_people.trade import Contact, Trade


def clients() -> Book:
    book = Book("fluxio_customers", seed=61, numbers_from=620)
    trade = Trade(book, (("Isännöinti, kuukausi", 82000), ("Lisätyö, tunti", 8900)), ("subject", "phone", "email"))
    names = [
        "Tuulikello",
        "Metsäkulma",
        "Rantakivi",
        "Kuusenkehrä",
        "Pihlajarinne",
        "Koivupiha",
        "Satamalinna",
        "Myllynkulma",
        "Tähtitorni",
        "Harjulinna",
    ]
    for number, name in enumerate(names, 1):
        full = f"Asunto Oy Esimerkin {name}"
        firm = trade.company(full, f"yhtio_{number}", "housing_company")
        managed = number <= 7
        people = [
            trade.contact(
                firm,
                f"{name} Oy",
                -book.random.randint(30, 480),
                stage="customer" if managed else "prospect",
                title=title,
            )
            for title in ("Hallituksen puheenjohtaja", "Hallituksen jäsen", "Hallituksen jäsen")[: 3 if managed else 1]
        ]
        for who in people:
            for _ in range(book.random.choice((1, 2, 3))):
                trade.talk(who, -book.random.randint(1, min(-who.since, 400)))
        if managed:
            _managed(trade, firm, people[0], number)
        else:
            _offered(trade, people[0], number)
    _client_choices(trade)
    return book


def _client_choices(trade: Trade) -> None:
    book, people = trade.book, trade.contacts
    for number, who in enumerate(people[1:6]):
        given = -(8 + 44 * number)
        book.add(
            "feedback",
            "subject",
            given,
            {"person": who.ref},
            given_at=at(given, 18),
            text=("Kokous meni hyvin.", "Vastaus viipyi viikon.")[number % 2],
            score=4 - number % 2,
        )
    book.add(
        "complaint",
        "subject",
        -16,
        {"relationship": people[3].relationship},
        number="R-21",
        received_on=day(-16),
        subject="Pöytäkirja myöhässä",
        text="Kokouksen pöytäkirja puuttuu yhä.",
        answer_by=day(-2),
    )
    trade.ban(people[-1], -20, "phone", "puhelussa")
    trade.request(people[4].ref, "access", -11)


def _managed(trade: Trade, firm: str, chair: Contact, number: int) -> None:
    trade.book.add(
        "agreement",
        "own_records",
        -470,
        {"organisation": firm},
        number=f"ISO-{number:02}",
        sort="management",
        subject="Isännöintisopimus",
        signed_on=day(-470),
        starts_on=day(-460),
        ended_on=day(300 + 20 * number),
        signatory=chair.ref,
    )
    trade.task(chair, number - 3, "Valmistele hallituksen kokous", "property_manager")


def _offered(trade: Trade, chair: Contact, number: int) -> None:
    trade.book.add(
        "opportunity",
        "own_records",
        -40,
        {"relationship": chair.relationship},
        title="Isännöinti",
        stage="offered",
        value="9840,00",
        contact=chair.ref,
        opened_on=day(-40),
    )
    trade.task(chair, number - 5, "Soita tarjouksesta", "sales")
