"""What a firm that sells to firms does with people: companies, contacts, orders, invoices, talks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scripts.demo_people.book import Book, at, day, email, euros, plain, reference_number

TITLES = (
    "Huoltopäällikkö",
    "Ostaja",
    "Toimitusjohtaja",
    "Kunnossapidon esimies",
    "Hankintapäällikkö",
    "Talouspäällikkö",
    "Tuotantopäällikkö",
    "Varastonhoitaja",
    "Projekti-insinööri",
    "Myyntipäällikkö",
)
TALKS = (
    ("call", "incoming", "Kysyi toimitusaikaa", "Toimitusaika on viikko. Vahvistetaan sähköpostilla."),
    ("call", "outgoing", "Tarjouksen läpikäynti", "Hinnat sopivat. Päättävät ensi viikolla."),
    ("meeting", "outgoing", "Vuosipalaveri", "Käytiin läpi vuoden tilaukset ja ensi vuoden tarve."),
    ("email", "incoming", "Lisätilaus", "Pyysi lisäämään tilaukseen kaksi riviä."),
    ("note", "outgoing", "Käynti varastolla", "Katsottiin yhdessä, mitä hyllyssä on."),
    ("online", "outgoing", "Tuotteen esittely", "Esiteltiin uusi sarja. Haluavat koekappaleen."),
    ("call", "outgoing", "Tyytyväisyys toimitukseen", "Kaikki tuli ajallaan."),
    ("visit", "outgoing", "Asennuksen katselmus", "Liitokset kunnossa. Seuraava tarkastus puolen vuoden päästä."),
    ("email", "outgoing", "Aikataulun muutos", "Siirrettiin toimitus viikolla."),
    ("call", "incoming", "Laskun erittely", "Lähetettiin erittely uudelleen."),
)


@dataclass
class Contact:
    ref: str
    relationship: str
    organisation: str
    first: str
    last: str
    company: str
    since: int
    ended: int | None = None
    addresses: list[str] = field(default_factory=list)

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"


class Trade:
    """Fills a book with a firm's dealings. ``products`` are (text, price in cents)."""

    def __init__(self, book: Book, products: tuple[tuple[str, int], ...], sources: tuple[str, ...]) -> None:
        self.book, self.products, self.sources = book, products, sources
        self.contacts: list[Contact] = []
        self._number = 4000

    def company(self, name: str, ref: str, form: str = "company", **more: Any) -> str:
        street, code, town = self.book.street()
        domain = f"{plain(name.split(' ', maxsplit=1)[0])}.example"
        return self.book.add(
            "organisation",
            "subject",
            -900,
            ref=ref,
            name=name,
            business_id=self.book.business_id(),
            form=form,
            phone=[self.book.phone()],
            email=f"info@{domain}",
            street=street,
            postal_code=code,
            city=town,
            country="FI",
            **more,
        )

    def contact(
        self,
        organisation: str,
        company: str,
        since: int,
        *,
        names: tuple[str, str] = ("", ""),
        stage: str = "customer",
        title: str = "",
        ended: int | None = None,
        source: str = "",
        ref: str = "",
        relation: dict[str, Any] | None = None,
        **person: Any,
    ) -> Contact:
        first, last = self.book.name(*names)
        domain = f"{plain(company.split(' ', maxsplit=1)[0])}.example"
        addresses = [email(first, last, domain)]
        source = source or self.book.random.choice(self.sources)
        ref = self.book.add(
            "person",
            source,
            since,
            ref=ref or f"{plain(first)}_{plain(last)}".replace("-", "_"),
            first_name=first,
            last_name=last,
            phone=[self.book.phone()],
            email=addresses,
            **person,
        )
        tie = self.book.add(
            "relationship",
            source,
            since,
            {"person": ref, "organisation": organisation},
            stage=stage,
            title=title or self.book.random.choice(TITLES),
            began=day(since),
            ended=day(ended) if ended is not None else None,
            **(relation or {}),
        )
        made = Contact(ref, tie, organisation, first, last, company, since, ended, addresses)
        self.contacts.append(made)
        return made

    def talk(
        self,
        who: Contact,
        when: int,
        *,
        with_: Contact | None = None,
        subject: str = "",
        text: str = "",
        channel: str = "",
        next_: int | None = None,
    ) -> str:
        how, direction, about, said = self.book.random.choice(TALKS)
        hour, minute = self.book.random.randint(8, 15), self.book.random.choice((0, 5, 12, 20, 35, 48))
        ref = self.book.add(
            "interaction",
            "own_records",
            when,
            {"relationship": who.relationship},
            at=at(when, hour, minute),
            channel=channel or how,
            direction=direction,
            subject=subject or about,
            text=text or said,
            next_on=day(next_) if next_ is not None else None,
        )
        for one in [who, *([with_] if with_ else [])]:
            self.book.add(
                "interaction_participant", "own_records", when, {"interaction": ref, "person": one.ref}, role="present"
            )
        return ref

    def task(self, who: Contact, due: int, subject: str, assignee: str, *, done: bool = False) -> str:
        return self.book.add(
            "task",
            "own_records",
            min(due, 0) - 7,
            {"relationship": who.relationship},
            subject=subject,
            due_on=day(due),
            assignee=assignee,
            done_on=day(due) if done else None,
        )

    def order(self, who: Contact, when: int, **more: Any) -> tuple[str, int, str]:
        """An order of one to three lines; returns its ref, total in cents and number."""
        self._number += self.book.random.randint(3, 17)
        number = f"T-{self._number}"
        lines, total = [], 0
        for text, price in self.book.random.sample(self.products, self.book.random.randint(1, 3)):
            count = self.book.random.choice((1, 1, 2, 4, 5, 10))
            lines.append(f"{text}; {count}; {euros(price)}")
            total += count * price
        status = "received" if when > -3 else "confirmed" if when > -12 else "delivered"
        ref = self.book.add(
            "order",
            "subject",
            when,
            {"organisation": who.organisation},
            number=number,
            ordered_on=day(when),
            contact=who.ref,
            lines="\n".join(lines),
            total=euros(total),
            promised_on=day(when + 10),
            status=status,
            **more,
        )
        return ref, total, number

    def deliver(self, who: Contact, order: str, ordered: int) -> None:
        if ordered + 9 <= 0:
            self.book.add(
                "delivery",
                "own_records",
                ordered + 6,
                {"order": order},
                shipped_on=day(ordered + 6),
                delivered_on=day(ordered + 9),
                recipient=who.ref,
                recipient_name=who.full,
                address=", ".join(self.book.street()[::2]),
            )

    def invoice(
        self, who: Contact, order: str, total: int, when: int, *, paid: bool = True, entry: bool = False
    ) -> str:
        self._number += 1
        number, reference = f"L-{self._number}", reference_number(10_000 + self._number)
        ref = self.book.add(
            "invoice",
            "own_records",
            when,
            {"order": order},
            number=number,
            dated=day(when),
            due_on=day(when + 14),
            total=euros(total),
            reference_number=reference,
            billed_name=f"{who.company}, {who.full}",
            contact=who.ref,
        )
        if paid and when + 12 <= 0:
            self.book.add(
                "payment",
                "own_records",
                when + 12,
                {"invoice": ref},
                paid_on=day(when + 12),
                amount=euros(total),
                reference_number=reference,
            )
        if entry:
            self.book.add(
                "ledger_entry",
                "own_records",
                when,
                {"invoice": ref},
                number=f"TOS-{self._number}",
                dated=day(when),
                text=f"Myynti {number}",
                amount=euros(total),
            )
        return ref

    # --- what people have said yes and no to ------------------------------------------------------------------------

    def ban(self, who: Contact, when: int, channel: str, note: str = "") -> None:
        self.book.add(
            "ban", "subject", when, {"person": who.ref}, channel=channel, set_at=at(when, 13, 20), source_note=note
        )

    def permission(
        self,
        who: str,
        purpose: str,
        when: int,
        *,
        ends: int | None = None,
        withdrawn: int | None = None,
        **more: Any,
    ) -> None:
        self.book.add(
            "permission",
            "subject",
            when,
            {"person": who},
            purpose=purpose,
            given_at=at(when, 10, 5),
            ends_on=day(ends) if ends is not None else None,
            withdrawn_at=at(withdrawn, 17, 40) if withdrawn is not None else None,
            language="fi",
            channel=more.pop("channel", "web_form"),
            **more,
        )

    def request(
        self,
        who: str,
        right: str,
        when: int,
        *,
        state: str = "received",
        answered: int | None = None,
        channel: str = "email",
    ) -> None:
        self.book.add(
            "rights_request",
            "subject",
            when,
            {"person": who},
            right=right,
            received_at=at(when, 9, 30),
            channel=channel,
            state=state,
            due_on=day(when + 30),
            answered_at=at(answered, 14) if answered is not None else None,
        )

    def disclosure(self, who: str, recipient: str, key: str, purpose: str, when: int, what: str, ground: str) -> None:
        self.book.add(
            "disclosure",
            "own_records",
            when,
            {"person": who},
            recipient=recipient,
            recipient_key=key,
            purpose=purpose,
            at=at(when, 11, 15),
            what=what,
            ground=ground,
        )
