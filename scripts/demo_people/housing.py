"""Two housing companies with their homes, people, charges and repairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scripts.demo_people.book import Book, at, day, email, identity_code, reference_number

FAULTS = (
    ("Keittiön hana vuotaa", True),
    ("Patteri ei lämpene", True),
    ("Parvekkeen ovi ei sulkeudu", False),
    ("Ilmanvaihto pitää ääntä", True),
    ("Viemäri vetää hitaasti", True),
    ("Ovipuhelin ei toimi", False),
)


@dataclass
class Home:
    ref: str
    code: str
    shares: str
    people: list[str]


class House:
    """One housing company: apartments with people, a year of charges, repairs and notices."""

    def __init__(
        self, register: str, seed: int, numbers_from: int, name: str, business_id: str, address: tuple[str, str, str]
    ) -> None:
        self.book = Book(register, seed, numbers_from)
        self.street = address[0]
        self.homes: list[Home] = []
        self.residency: dict[str, str] = {}
        self.company = self.book.add(
            "housing_company",
            "own_records",
            -900,
            ref="yhtio",
            name=name,
            business_id=business_id,
            street=address[0],
            postal_code=address[1],
            city=address[2],
            managed_from=day(-1400),
        )
        self.contractor = self.book.add(
            "organisation",
            "own_records",
            -900,
            ref="huolto",
            name="Kotikulma Huolto Oy",
            business_id=self.book.business_id(),
            form="company",
            phone=[self.book.phone()],
            country="FI",
        )

    def person(self, source: str, since: int, first: str = "", last: str = "", *, ref: str = "", **more: Any) -> str:
        first, last = self.book.name(first, last)
        return self.book.add(
            "person",
            source,
            since,
            ref=ref,
            first_name=first,
            last_name=last,
            phone=[self.book.phone()],
            email=[email(first, last, "koti.example")],
            **more,
        )

    def home(self, code: str, floor: int, number: int) -> Home:
        shares = f"{number * 100 + 1}–{number * 100 + 100}"
        ref = self.book.add(
            "apartment",
            "own_records",
            -900,
            {"housing_company": self.company},
            ref=f"h_{code.replace(' ', '')}",
            code=code,
            address=f"{self.street} {code}",
            floor=floor,
            rooms=("1h+kk", "2h+k", "3h+k")[number % 3],
            area=f"{(31, 54, 78)[number % 3]} m²",
            shares=shares,
            reference_number=reference_number(7_000 + number),
        )
        made = Home(ref, code, shares, [])
        self.homes.append(made)
        return made

    def lives(self, home: Home, who: str, since: int, *, out: int | None = None, source: str = "subject") -> None:
        self.residency[who] = self.book.add(
            "residency",
            source,
            since,
            {"person": who, "apartment": home.ref},
            moved_in=day(since),
            moved_out=day(out) if out is not None else None,
        )
        if out is None:
            home.people.append(who)

    def owns(self, home: Home, who: str, since: int, *, ended: int | None = None) -> None:
        self.book.add(
            "shareholding",
            "official_source",
            since,
            {"person": who, "apartment": home.ref},
            shares=home.shares,
            portion="1/1",
            began=day(since),
            ended=day(ended) if ended is not None else None,
        )

    def charges(self, months: int) -> None:
        """A charge a month for each home; most are paid on time."""
        for number, home in enumerate(self.homes):
            if not home.people:
                continue
            for month in range(months):
                due = -4 - 30 * month
                late = (number * 7 + month * 3) % 19 == 0
                unpaid = month == 0 and number % 6 == 4
                charge = self.charge(
                    home, due, f"{(28, 39, 52)[number % 3]}6,50", None if unpaid else due + (9 if late else -1)
                )
                self.book.add(
                    "debtor",
                    "own_records",
                    due - 20,
                    {"charge": charge, "person": home.people[0]},
                    liable_as="shareholder",
                )

    def charge(self, home: Home, due: int, amount: str, paid: int | None) -> str:
        return self.book.add(
            "charge",
            "own_records",
            due - 20,
            {"apartment": home.ref},
            sort="maintenance",
            period=f"kuukausi {day(due)}"[:8],
            amount=amount,
            due_on=day(due),
            paid_on=day(paid) if paid is not None and paid < 0 else None,
            reference_number=reference_number(70_000 + len(self.book.rows)),
        )

    def repairs(self, count: int) -> None:
        for number in range(count):
            home = self.homes[(number * 5) % len(self.homes)]
            if not home.people:
                continue
            when = -(1 + number * 19)
            subject, may_enter = FAULTS[number % len(FAULTS)]
            order = self.book.add(
                "maintenance_order",
                ("phone", "email", "service_use")[number % 3],
                when,
                {"apartment": home.ref, "person": home.people[0]},
                number=f"K-{500 + number}",
                reported_at=at(when, 9, 24),
                subject=subject,
                may_enter=may_enter,
                contractor=self.contractor,
                ordered_on=day(when),
                done_on=day(when + 4) if number > 1 else None,
            )
            if number == 3:
                self.book.add(
                    "complaint",
                    "subject",
                    when + 8,
                    {"person": home.people[0]},
                    number="R-7",
                    received_on=day(when + 8),
                    subject="Korjaus viipyi",
                    text="Huoltomies tuli vasta viikon päästä.",
                    maintenance_order=order,
                    answer_by=day(when + 22),
                )

    def notices(self) -> None:
        everyone = [who for home in self.homes for who in home.people]
        for sent, subject in ((-2, "Vesikatko torstaina"), (-31, "Yhtiökokouskutsu"), (-95, "Pihatalkoot")):
            for who in everyone[::3]:
                self.book.add(
                    "message",
                    "own_records",
                    sent,
                    {"residency": self.residency[who]},
                    sent_at=at(sent, 15),
                    channel="email",
                    subject=subject,
                    status="delivered",
                )
        for number, who in enumerate(everyone[::4]):
            account = self.book.add(
                "account",
                "service_use",
                -200 + number,
                {"person": who},
                username=f"asukas{number}",
                created_on=day(-200 + number),
                last_login=at(-1 - number, 20, 11),
            )
            self.book.add(
                "usage_event",
                "service_use",
                -1 - number,
                {"account": account},
                at=at(-1 - number, 20, 11),
                service="Taloyhtiön sivut",
                action="sign_in",
            )
        self.book.add(
            "paper_record",
            "own_records",
            -300,
            {"person": everyone[0]},
            title="Hallituksen pöytäkirja",
            place="Arkistokaappi 2",
            dated=day(-300),
        )


def tuulikello() -> Book:
    house = House(
        "tuulikello", 71, 130, "Asunto Oy Esimerkin Tuulikello", "9184206-9", ("Satamaraitti 4", "00980", "Helsinki")
    )
    book = house.book
    for number in range(24):
        home = house.home(f"{'A' if number < 12 else 'B'} {number + 1}", number // 4 % 3 + 1, number)
        if number == 11 or number == 17:
            continue
        since = -book.random.randint(120, 1500)
        owner = house.person("subject", since)
        if number % 5 == 3:
            house.owns(home, owner, since)
            tenant = house.person("phone", since + 40)
            house.lives(home, tenant, since + 40)
        else:
            house.owns(home, owner, since)
            house.lives(home, owner, since)
        if number % 2:
            house.lives(home, house.person("subject", since + 3), since + 3)
    _a12(house)
    house.charges(6)
    house.repairs(14)
    house.notices()
    _residents(house)
    return book


def _a12(house: House) -> None:
    """The apartment of the pictures: a couple, one of them protected; before them one who left a debt behind."""
    book, home = house.book, house.homes[11]
    joonas = house.person("subject", -85, "Joonas", "Ketola", ref="joonas")
    milla = house.person("subject", -85, "Milla", "Ketola", ref="milla", non_disclosure=True)
    for who in (joonas, milla):
        house.lives(home, who, -85)
    house.owns(home, joonas, -85)
    elina = house.person(
        "subject", -900, "Elina", "Salmivuori", ref="elina", personal_identity_code=identity_code("120485", 914)
    )
    house.lives(home, elina, -900, out=-90)
    house.owns(home, elina, -900, ended=-86)
    debt = house.charge(home, -112, "416,50", None)
    book.add("debtor", "own_records", -112, {"charge": debt, "person": elina}, liable_as="shareholder")
    book.add("reminder", "own_records", -95, {"charge": debt}, sent_on=day(-95), fee="5,00")
    agency = book.add(
        "organisation",
        "own_records",
        -60,
        ref="perinta",
        name="Perintä Oy",
        business_id=book.business_id(),
        form="company",
        country="FI",
    )
    book.add("collection", "own_records", -60, {"charge": debt}, opened_on=day(-60), debtor=elina, agency=agency)
    book.add(
        "disclosure",
        "own_records",
        -60,
        {"person": elina},
        recipient="Perintä Oy",
        recipient_key="collection_agency",
        purpose="debt_collection",
        at=at(-60, 13),
        what="person.first_name, person.last_name, charge.amount",
        ground="Vastike maksamatta",
    )


def metsakulma() -> Book:
    house = House(
        "metsakulma", 83, 230, "Asunto Oy Esimerkin Metsäkulma", "9273415-8", ("Kuusikuja 11", "01300", "Vantaa")
    )
    for number in range(12):
        home = house.home(f"A {number + 1}", number // 4 + 1, number)
        since = -house.book.random.randint(90, 1300)
        owner = house.person("subject", since)
        house.owns(home, owner, since)
        house.lives(home, owner, since)
        if number % 3 == 1:
            house.lives(home, house.person("phone", since + 10), since + 10)
    house.charges(4)
    house.repairs(7)
    house.notices()
    first = [home.people[0] for home in house.homes]
    for number, role in enumerate(("chair", "member", "member")):
        house.book.add(
            "office",
            "subject",
            -150,
            {"person": first[number], "housing_company": house.company},
            role=role,
            began=day(-150),
        )
    return house.book


def _residents(house: House) -> None:
    """Offices, feedback, a restriction and requests."""
    book = house.book
    residents = [who for home in house.homes for who in home.people]
    for number, role in enumerate(("chair", "member", "member", "auditor")):
        book.add(
            "office",
            "subject",
            -260,
            {"person": residents[2 * number], "housing_company": house.company},
            role=role,
            began=day(-260),
        )
    book.add(
        "feedback",
        "subject",
        -12,
        {"person": residents[5]},
        given_at=at(-12, 19),
        text="Tiedotteet tulevat nyt ajoissa.",
        score=5,
    )
    book.add("restriction", "subject", -17, {"person": residents[8]}, ground="accuracy", from_at=at(-17, 10))
    book.add(
        "rights_request",
        "subject",
        -6,
        {"person": "elina"},
        right="access",
        received_at=at(-6, 9, 15),
        channel="email",
        state="received",
        due_on=day(24),
    )
    book.add(
        "rights_request",
        "subject",
        -17,
        {"person": residents[8]},
        right="rectification",
        received_at=at(-17, 10),
        channel="office",
        state="waiting",
        due_on=day(13),
    )
