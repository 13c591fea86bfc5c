"""Proseduuri's customers, prospects and visitors of the website."""

from __future__ import annotations

from scripts.demo_people.book import Book, at, day
from scripts.demo_people.trade import Contact, Trade

PRODUCTS = (
    ("Järjestelmän käyttöönotto", 480000),
    ("Integraatio taloushallintoon", 290000),
    ("Proseduuri+Cloud, vuosi", 168000),
    ("Koulutuspäivä", 95000),
    ("Asiantuntijatyö, tunti", 12500),
    ("Tietojen siirto", 145000),
)
COMPANIES = (
    ("Mallitukku Oy", "tukkukauppa"),
    ("Lumiahon Logistiikka Oy", "kuljetus"),
    ("Kivipellon Kiinteistöt Oy", "kiinteistöt"),
    ("Notkolan Elintarvike Oy", "elintarvikkeet"),
    ("Äyräsmaan Apteekki Oy", "apteekit"),
    ("Suonpuro Konsultit Oy", "konsultointi"),
    ("Vesikallion Vaatetus Oy", "vähittäiskauppa"),
    ("Rautasaaren Energia Oy", "energia"),
    ("Harjumaan Rakennus Oy", "rakentaminen"),
    ("Tammilehto Säätiö", "koulutus"),
    ("Jokiharjun Kunta", "julkinen hallinto"),
    ("Ilolahden Matkailu Oy", "matkailu"),
    ("Poutavuori Teollisuus Oy", "teollisuus"),
    ("Kaislarannan Hoiva Oy", "hoiva"),
)
SITE = "https://www.proseduuri.example"
PAGES = ("/ratkaisut/taloushallinto", "/ratkaisut/varasto", "/hinnat", "/blogi/integraatiot", "/", "/yhteys")


def proseduuri() -> Book:
    book = Book("proseduuri_customers", seed=23, numbers_from=300)
    trade = Trade(book, PRODUCTS, ("subject", "web_form", "employer", "chat", "subject"))
    firms = [
        (
            name,
            trade.company(name, f"yritys_{number}", "public_body" if "Kunta" in name else "company", industry=industry),
        )
        for number, (name, industry) in enumerate(COMPANIES, 1)
    ]
    for number, (name, ref) in enumerate(firms):
        for extra in range(3):
            stage = "customer" if number < 8 else "prospect" if number < 12 else "lead"
            tasks = ("taloushallinnon järjestelmät", "varasto ja logistiikka", "tietohallinto", "ostot")[
                (number + extra) % 4
            ]
            trade.contact(ref, name, -book.random.randint(20, 600), stage=stage, relation={"tasks": tasks})
    left = trade.contact(firms[1][1], firms[1][0], -500, stage="former", ended=-60, ref="lahtenyt")
    _sales(trade, [one for one in trade.contacts if one is not left])
    _web(trade, firms)
    _choices(trade)
    return book


def _sales(trade: Trade, people: list[Contact]) -> None:
    book = trade.book
    for number, who in enumerate(people):
        for _ in range(book.random.choice((1, 1, 2, 3))):
            trade.talk(who, -book.random.randint(1, min(-who.since, 500)))
        if number % 2 == 0:
            stage = ("open", "contacted", "offered", "negotiating", "won", "lost")[number // 2 % 6]
            opened = max(who.since, -book.random.randint(15, 240))
            closed = min(opened + 40, -1) if stage in ("won", "lost") else None
            book.add(
                "opportunity",
                "own_records",
                opened,
                {"relationship": who.relationship},
                title=PRODUCTS[number % 6][0],
                stage=stage,
                value=f"{(number % 9 + 1) * 4200},00",
                contact=who.ref,
                opened_on=day(opened),
                closed_on=day(closed) if closed is not None else None,
            )
    for number, who in enumerate(people[:12]):
        when = max(who.since, -(11 + 33 * number))
        order, total, _ = trade.order(who, when)
        if when < -20:
            trade.invoice(who, order, total, when + 14, paid=when < -60)
        signed = max(who.since, -400 + 20 * number)
        if number % 2:
            book.add(
                "agreement",
                "own_records",
                signed,
                {"organisation": who.organisation},
                number=f"P-{100 + number}",
                sort="service",
                subject="Proseduuri+Cloud",
                signed_on=day(signed),
                starts_on=day(signed + 10),
                ended_on=day(330 + number),
                signatory=who.ref,
            )
    for number, who in enumerate(people[4:20]):
        done = number % 4 == 0
        due = -(number + 3) * 6 if done else number - 2
        trade.task(
            who,
            due,
            ("Soita tarjouksesta", "Sovi esittely", "Lähetä esimerkki", "Kysy päätöksestä")[number % 4],
            "sales",
            done=done,
        )


def _web(trade: Trade, firms: list[tuple[str, str]]) -> None:
    book, known = trade.book, trade.contacts
    for number in range(14):
        mine = known[number * 2] if number < 4 else None
        seen = -book.random.randint(0, 60)
        device = book.add(
            "device",
            "tracker",
            seen,
            {"person": mine.ref} if mine else None,
            browser_id=f"b{book.random.randint(10**9, 10**10 - 1)}",
            last_seen=at(seen, 14, 10),
        )
        purposes = ("web_tracking", "company_identification") if number % 3 else ("company_identification",)
        for purpose in purposes:
            book.add(
                "permission",
                "subject",
                seen - 20,
                {"device": device},
                purpose=purpose,
                given_at=at(seen - 20, 9, 1),
                ends_on=day(seen + 345),
                language="fi",
                channel="cookie_banner",
            )
        firm = firms[number % len(firms)][1] if number % 2 else None
        for _ in range(book.random.randint(1, 4)):
            when = seen - book.random.randint(0, 18)
            book.add(
                "visit",
                "tracker",
                when,
                {"device": device},
                at=at(when, book.random.randint(8, 17), 33),
                page=SITE + book.random.choice(PAGES),
                campaign="syksy-2026" if number % 4 == 0 else None,
                organisation=firm,
            )
    _asked(trade)


def _asked(trade: Trade) -> None:
    """What came by forms, chats and the configurator."""
    book, known = trade.book, trade.contacts
    for number, who in enumerate(known[20:28]):
        when = -(1 + 9 * number)
        text = (
            "Haluaisin tarjouksen käyttöönotosta.",
            "Voiko varaston liittää kirjanpitoon?",
            "Soittakaa minulle iltapäivällä.",
        )
        book.add(
            "form_submission",
            "web_form",
            when,
            {"person": who.ref},
            form=("contact", "order")[number % 2],
            at=at(when, 8, 41),
            page=f"{SITE}/yhteys",
            text=text[number % 3],
            answers="Aihe: tarjouspyyntö",
            handled_on=day(when + 1) if number > 2 else None,
        )
    for number, who in enumerate(known[28:33]):
        when = -(2 + 13 * number)
        book.add(
            "chat",
            "chat",
            when,
            {"person": who.ref},
            started_at=at(when, 10, 2),
            ended_at=at(when, 10, 14),
            page=f"{SITE}/hinnat",
            text="Kysyi hinnoittelusta kahdellekymmenelle käyttäjälle.",
            handled_on=day(when) if number else None,
        )
        book.add(
            "configuration",
            "configurator",
            when,
            {"person": who.ref},
            at=at(when, 10, 20),
            product="Proseduuri+Cloud",
            choices=f"Käyttäjiä: {10 * (number + 1)}\nVarasto: kyllä",
        )


def _choices(trade: Trade) -> None:
    book, people = trade.book, trade.contacts
    trade.ban(people[2], -12, "email", "viestin linkistä")
    trade.ban(people[9], -140, "all", "puhelussa")
    book.add(
        "objection",
        "subject",
        -3,
        {"person": people[5].ref},
        purpose="sales",
        state="pending",
        raised_at=at(-3, 13),
        reason="En enää vastaa hankinnoista.",
    )
    book.add("restriction", "subject", -9, {"person": people[14].ref}, ground="accuracy", from_at=at(-9, 9))
    trade.request(people[14].ref, "rectification", -9, state="waiting")
    trade.request(people[16].ref, "erasure", -5)
    trade.request(people[17].ref, "access", -50, state="done", answered=-47)
    for number, who in enumerate(people[6:12]):
        sent = -(6 + 25 * number)
        book.add(
            "message",
            "own_records",
            sent,
            {"relationship": who.relationship},
            sent_at=at(sent, 9),
            channel="email",
            subject="Tiedote palvelun muutoksesta",
            status="delivered",
        )
