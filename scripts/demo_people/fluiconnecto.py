"""Fluiconnecto's customers: firms that buy hoses and fittings."""

from __future__ import annotations

from scripts.demo_people.book import Book, at, day
from scripts.demo_people.trade import Contact, Trade

PRODUCTS = (
    ("Hydrauliletku 2SC 12 mm", 1890),
    ("Hydrauliletku 4SP 19 mm", 3240),
    ("Puristusliitin BSP 1/2", 640),
    ("Pikaliitinpari ISO 16028", 4990),
    ("Letkusuoja spiraali", 310),
    ("Painemittari 0–400 bar", 5890),
    ("Sovite M22 x 1,5", 420),
    ("Letkuasennus asiakkaalla", 9500),
    ("Suodatinpatruuna", 3870),
)
COMPANIES = (
    "Havupumppu Oy",
    "Koivuniemen Konepaja Oy",
    "Peltomäen Traktori Oy",
    "Rautaranta Nostot Oy",
    "Lumiahon Metsäkoneet Oy",
    "Saarnimäki Hydrauliikka Ky",
    "Telakkatiimi Oy",
    "Tervakosken Sahahuolto Oy",
    "Virtavuori Paperi Oyj",
    "Kivilouhe Oy",
    "Ojarannan Maansiirto Oy",
    "Sinisalmen Satama Oy",
    "Teräspaja Notkola Oy",
    "Mustakallion Kaivos Oy",
    "Puroniitty Maatilat Oy",
    "Aaltorannan Veneveistämö Oy",
    "Jokiharjun Voima Oy",
    "Lehtosaaren Prosessi Oy",
)


def fluiconnecto() -> Book:
    book = Book("fluiconnecto_customers", seed=11, numbers_from=100)
    trade = Trade(book, PRODUCTS, ("subject", "subject", "subject", "company_website", "event_organiser"))
    carrier = trade.company("Tieverkko Kuljetus Oy", "tieverkko")
    firms = {name: trade.company(name, f"yritys_{number}") for number, name in enumerate(COMPANIES, 1)}
    sari = _well_known(trade, firms)
    for number, (name, ref) in enumerate(firms.items()):
        for _ in range(2 if number % 3 else 3):
            trade.contact(ref, name, -book.random.randint(60, 900))
    prospects = [
        trade.contact(firms[name], name, -book.random.randint(10, 80), stage="prospect", source="event_organiser")
        for name in COMPANIES[-4:]
    ]
    _dealings(trade, carrier)
    _sari(trade, sari, carrier)
    _troubles(trade)
    for who in prospects[:2]:
        trade.task(who, book.random.randint(1, 9), "Soita messujen jälkeen", "sales")
    return book


def _well_known(trade: Trade, firms: dict[str, str]) -> Contact:
    """Those the pictures show."""
    sari = trade.contact(
        firms["Havupumppu Oy"],
        "Havupumppu Oy",
        -620,
        names=("Sari", "Havukoski"),
        title="Huoltopäällikkö",
        source="subject",
        ref="sari",
        salutation="Rouva",
        remark="Toivoo vahvistuksen aina sähköpostilla.",
    )
    trade.contact(
        firms["Koivuniemen Konepaja Oy"],
        "Koivuniemen Konepaja Oy",
        -540,
        names=("Eero", "Havuvirta"),
        title="Ostaja",
        ref="eero",
    )
    trade.contact(
        firms["Peltomäen Traktori Oy"],
        "Peltomäen Traktori Oy",
        -410,
        names=("Olli", "Peltomäki"),
        title="Toimitusjohtaja",
        ref="olli",
    )
    # Has left the firm: the tie ended three months ago, so the rest goes in three more.
    trade.contact(
        firms["Havupumppu Oy"],
        "Havupumppu Oy",
        -880,
        names=("Tuula", "Havumäki"),
        title="Ostopäällikkö",
        ended=-86,
        stage="former",
        ref="tuula",
        source="subject",
    )
    return sari


def _dealings(trade: Trade, carrier: str) -> None:
    book, active = trade.book, [one for one in trade.contacts if one.ended is None]
    for who in active:
        for _ in range(book.random.choice((1, 2, 2, 3))):
            trade.talk(who, -book.random.randint(1, min(-who.since, 700)))
    for who in active[:30]:
        when = -book.random.choice((2, 8, 15, 24, 40, 66, 95, 130, 190, 260, 340, 480))
        if when < who.since:
            continue
        order, total, _ = trade.order(who, when, carrier=carrier, destination="FI")
        trade.deliver(who, order, when)
        if when <= -10:
            trade.invoice(who, order, total, when + 8, paid=when < -40, entry=True)
    for number, who in enumerate(active[5:13]):
        when = -(14 + 37 * number)
        book.add(
            "service_job",
            "subject",
            when,
            {"organisation": who.organisation},
            number=f"H-{300 + number}",
            ordered_on=day(when),
            planned_on=day(when + 7),
            site=f"{who.company}, halli {number % 3 + 1}",
            contact=who.ref,
            minutes=90 + 15 * number,
            description="Letkujen tarkastus ja vaihto",
            done_on=day(when + 8) if when < -8 else None,
        )
    for number, who in enumerate(active[2:12]):
        sort = "confidentiality" if number % 4 == 3 else "frame"
        signed = max(who.since, -700 + 40 * number)
        book.add(
            "agreement",
            "own_records",
            signed,
            {"organisation": who.organisation},
            number=f"S-{2024 + number % 3}-{number + 1:02}",
            sort=sort,
            subject="Salassapito" if sort == "confidentiality" else "Letkujen puitesopimus",
            signed_on=day(signed),
            starts_on=day(signed + 5),
            ended_on=day(200 + 30 * number),
            signatory=who.ref,
        )
    _daily(trade, active)


def _daily(trade: Trade, active: list[Contact]) -> None:
    book = trade.book
    for number, who in enumerate(active[8:26]):
        done = number % 3 == 0
        due = -(number + 2) * 9 if done else number - 3
        subject = ("Vahvista toimitusaika", "Soita tarjouksesta", "Lähetä mittapöytäkirja", "Sovi huoltokäynti")[
            number % 4
        ]
        trade.task(who, due, subject, ("sales", "service")[number % 2], done=done)
    for number, who in enumerate(active[3:18]):
        sent = -(5 + 17 * number)
        book.add(
            "message",
            "own_records",
            sent,
            {"relationship": who.relationship},
            sent_at=at(sent, 8, 5),
            channel="email",
            subject=("Tilausvahvistus", "Toimitus on lähtenyt", "Joulun aukioloajat")[number % 3],
            status="delivered",
        )
    for number, who in enumerate(active[6:12]):
        given = -(9 + 41 * number)
        text = ("Nopea toimitus, kiitos.", "Liitin ei sopinut, vaihto sujui hyvin.", "Verkkokauppa olisi kätevä.")[
            number % 3
        ]
        book.add(
            "feedback",
            "subject",
            given,
            {"person": who.ref},
            given_at=at(given, 12, 30),
            text=text,
            score=3 + number % 3,
        )
    for number, who in enumerate(active[10:15]):
        when = -(30 + 20 * number)
        answers = f"Tyytyväisyys: {3 + number % 3}\nSuosittelisitko: kyllä"
        book.add(
            "survey_response",
            "subject",
            when,
            {"person": who.ref},
            survey="Asiakaskysely 2026",
            at=at(when, 15),
            answers=answers,
        )


def _sari(trade: Trade, sari: Contact, carrier: str) -> None:
    book = trade.book
    for when, subject, text in (
        (-1, "Kielsi myyntipuhelut", "Ei halua myyntipuheluita. Tilauksista saa soittaa."),
        (-5, "Toimitusajan vahvistus", "Luvattiin perille keskiviikkona."),
        (-34, "Letkujen vaihto", "Vaihdettiin kaksi letkua. Seuraava tarkastus keväällä."),
        (-120, "Vuosipalaveri", "Puitesopimusta jatketaan vuodella."),
        (-350, "Tarjous", "Lähetettiin tarjous pikaliittimistä."),
    ):
        trade.talk(sari, when, subject=subject, text=text, channel="call")
    order, _, _ = trade.order(sari, -6, carrier=carrier, destination="FI", notes="Purku takapihan ovelta.")
    book.add(
        "delivery",
        "own_records",
        -2,
        {"order": order},
        shipped_on=day(-2),
        recipient=sari.ref,
        recipient_name=sari.full,
        address="Pajatie 4, 40320 Jyväskylä",
    )
    trade.disclosure(
        sari.ref,
        "Tieverkko Kuljetus Oy",
        "carrier",
        "orders",
        -2,
        "delivery.recipient_name, delivery.address",
        "Tilauksen toimitus",
    )
    older, paid, _ = trade.order(sari, -96, carrier=carrier, destination="FI")
    trade.deliver(sari, older, -96)
    trade.invoice(sari, older, paid, -84, entry=True)
    book.add(
        "address",
        "subject",
        -600,
        {"person": sari.ref},
        use="delivery",
        street="Pajatie 4",
        postal_code="40320",
        city="Jyväskylä",
        country="FI",
    )
    trade.task(sari, 1, "Soita ja varmista, että toimitus on perillä", "sales")
    trade.ban(sari, -1, "phone", "puhelussa")
    trade.permission(
        sari.ref,
        "partner_marketing",
        -210,
        ends=520,
        recipient="Öljytukku Oy",
        channel="phone",
        evidence="puhelu, muistio",
    )


def _troubles(trade: Trade) -> None:
    """Open complaints, an unpaid invoice, bans, an objection, a restriction, a hold, requests."""
    book = trade.book
    people = [one for one in trade.contacts if one.ended is None and one.ref not in ("sari", "eero", "olli")]
    late = people[4]
    _complaints(trade, people)
    _debt(trade, late)
    for who, channel in ((people[5], "all"), (people[6], "email"), (people[7], "phone"), (people[8], "email")):
        trade.ban(
            who,
            -book.random.randint(5, 300),
            channel,
            "viestin linkistä" if channel == "email" else "asiakaspalvelusta",
        )
    book.add(
        "objection",
        "subject",
        -6,
        {"person": people[9].ref},
        purpose="research",
        state="pending",
        raised_at=at(-6, 10, 15),
        reason="En halua kyselyjä.",
    )
    book.add(
        "objection",
        "subject",
        -120,
        {"person": people[10].ref},
        purpose="marketing",
        state="upheld",
        raised_at=at(-120, 9),
        decided_at=at(-120, 9),
    )
    book.add("restriction", "subject", -21, {"person": people[11].ref}, ground="accuracy", from_at=at(-21, 11))
    book.add(
        "hold",
        "own_records",
        -70,
        {"person": late.ref},
        reason="Perintä kesken",
        owner="accountant",
        review_on=day(90),
        from_at=at(-70, 12),
    )
    trade.permission(people[12].ref, "partner_marketing", -300, ends=430, recipient="Letkuset Oy", evidence="lomake")
    trade.permission(people[13].ref, "partner_marketing", -260, ends=470, withdrawn=-40, recipient="Letkuset Oy")
    trade.request(people[11].ref, "rectification", -21, state="waiting")
    trade.request(people[14].ref, "access", -4, channel="portal")
    trade.request(people[15].ref, "access", -80, state="done", answered=-78)


def _complaints(trade: Trade, people: list[Contact]) -> None:
    book = trade.book
    for number, (who, received, resolved) in enumerate(
        ((people[0], -9, None), (people[1], -24, None), (people[2], -90, -75), (people[3], -200, -188))
    ):
        order, total, order_number = trade.order(who, received - 20)
        book.add(
            "complaint",
            "subject",
            received,
            {"relationship": who.relationship},
            number=f"R-{140 + number}",
            received_on=day(received),
            subject="Liitos vuotaa",
            text=f"Tilauksen {order_number} liitin vuotaa.",
            answer_by=day(received + 14),
            order=order,
            outcome="Vaihdettiin uuteen." if resolved else None,
            resolved_on=day(resolved) if resolved else None,
        )
        trade.invoice(who, order, total, received - 12, paid=resolved is not None)


def _debt(trade: Trade, late: Contact) -> None:
    book = trade.book
    order, total, _ = trade.order(late, -150)
    trade.deliver(late, order, -150)
    invoice = trade.invoice(late, order, total, -140, paid=False, entry=True)
    for sent in (-110, -90):
        book.add("reminder", "own_records", sent, {"invoice": invoice}, sent_on=day(sent), fee="5,00")
    agency = trade.company("Perintä Oy", "perinta")
    book.add("collection", "own_records", -70, {"invoice": invoice}, opened_on=day(-70), agency=agency, debtor=late.ref)
    trade.disclosure(
        late.ref,
        "Perintä Oy",
        "collection",
        "claims",
        -70,
        "person.first_name, person.last_name, invoice.number",
        "Lasku maksamatta",
    )
