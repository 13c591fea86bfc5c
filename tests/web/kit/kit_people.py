"""Invented people and their invented data, in both languages: frames, a person, lists."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from seloste.web.i18n import LANGUAGES, formats, translator
from seloste.web.parts import (
    Act,
    Address,
    Cell,
    Chip,
    Choice,
    Column,
    Event,
    Filter,
    Flash,
    Frame,
    Head,
    Language,
    Life,
    Link,
    NavGroup,
    NavItem,
    Permission,
    Row,
    RowGroup,
    Search,
    Shown,
    Stamp,
    Table,
    User,
    Value,
    Why,
)


class People:
    """The data of the kit page in one language; ``w(fi, en)`` picks the words."""

    def __init__(self, lang: str) -> None:
        self.lang, self.t, self.f = lang, translator(lang), formats(lang)
        two_years = self.w("2 v", "2 y")
        self.customer = Life(
            end="running", text=self.t("end.running", event=self.w("asiakkuus", "customer"), period=two_years)
        )
        self.books = Life(end="law", elapsed=0.12, text=self.t("end.law", date=self.f.date(date(2032, 12, 31))))
        self.withdrawn = Life(end="person", text=self.t("end.withdrawn"))
        self.soon = Life(end="soon", text=self.f.date(date(2026, 12, 14)))
        self.known = Life(end="date", elapsed=0.4, text=self.t("end.until", date=self.f.date(date(2027, 11, 19))))
        self.orders = Stamp(
            basis="company_contract", purpose=self.w("Tilaukset ja toimitus", "Orders and delivery"), life=self.customer
        )
        self.care = Stamp(
            basis="legitimate_interest", purpose=self.w("Asiakassuhteen hoito", "Customer care"), life=self.customer
        )
        self.bookkeeping = Stamp(
            basis="legal_obligation",
            purpose=self.w("Kirjanpito", "Bookkeeping"),
            life=self.books,
            law=self.w("Kirjanpitolaki 1336/1997, 2 luku 10 §", "Accounting Act 1336/1997, chapter 2 section 10"),
        )
        self.newsletter = Stamp(
            basis="consent", purpose=self.w("Uutiskirje ja kutsut", "Newsletter and invitations"), life=self.withdrawn
        )

    def w(self, fi: str, en: str) -> str:
        return fi if self.lang == "fi" else en

    def languages(self) -> tuple[Language, ...]:
        return tuple(
            Language(code=code, name=self.t(f"language.{code}"), href=f"/{code}", current=code == self.lang)
            for code in LANGUAGES
        )

    # --- frames ---------------------------------------------------------------------------------------------------

    def frame(self, *, theme: str = "", keys: bool = True) -> Frame:
        kinds = (
            (self.w("Ihmiset", "People"), "people", ""),
            (self.w("Yritykset", "Companies"), "companies", ""),
            (self.w("Tilaukset", "Orders"), "orders", "31"),
            (self.w("Huoltotyöt", "Maintenance"), "service", "12"),
            (self.w("Reklamaatiot", "Complaints"), "complaints", "3"),
        )
        home = NavItem(text=self.t("frame.home"), href="/home")
        rows = (home, *(NavItem(text=x, href=f"/{p}", count=n, current=p == "people") for x, p, n in kinds))
        privacy = tuple(
            NavItem(text=self.t(f"nav.{key}"), href=f"/privacy/{key}") for key in ("desk", "requests", "journal")
        )
        return Frame(
            register=self.w("Asiakasrekisteri", "Customer register"),
            controller="Havumäen Letku Oy",
            home="/home",
            menu="/menu",
            nav=(NavGroup(entries=rows), NavGroup(entries=privacy, title=self.t("frame.privacy"))),
            search=Search(
                action="/list",
                suggest="/suggest",
            ),
            new=(
                Link(text=self.w("Henkilö", "Person"), href="/new"),
                Link(text=self.w("Tilaus", "Order"), href="/new-order"),
            ),
            user=User(
                name="Mikael Tuuri",
                role=self.w("Myynti", "Sales"),
                role_href="/role",
                settings="/settings",
                sign_out="/out",
                languages=self.languages(),
                hidden=(("token", "x"),),
            ),
            theme=theme,  # type: ignore[arg-type]
            keys=keys,
        )

    def head(self, *, errors: bool = False) -> Head:
        company = Markup('<a href="/kit">Havupumppu Oy</a>')
        return Head(
            title="Sari Havukoski",
            crumbs=(Link(text=self.w("Ihmiset", "People"), href="/people"), Link(text="Havupumppu Oy", href="/kit")),
            sub=Markup("{}, {}").format(self.w("Huoltopäällikkö", "Service manager"), company),
            chips=(Chip(text=self.t("person.customer_since", year="2024")),),
            acts=(
                Act(text=self.w("Uusi tilaus", "New order"), href="/new-order"),
                Act(text=self.w("Reklamaatio", "Complaint"), href="/kit"),
                Act(text=self.t("common.edit"), href="/kit"),
            ),
            flash=Flash(
                text=self.t("person.recorded", what=self.t("person.call")),
                undo=Act(text=self.t("common.undo"), post="/kit", look="link"),
            ),
            errors=errors,
        )

    # --- a person -------------------------------------------------------------------------------------------------

    def why(self, about: str, life: Life | None = None, *, own_end: bool = False, opened: bool = False) -> Why:
        return Why(
            about=about,
            life=life or self.customer,
            own_end=own_end,
            opened=opened,
            sentence=self.w(
                "Saimme numeron sinulta puhelimessa 14.3.2024. Tarvitsemme sitä tilausten ja huollon hoitamiseen. "
                "Se poistuu, kun asiakkuuden päättymisestä on kaksi vuotta.",
                "You gave us the number on the phone on 14 March 2024. We need it for orders and maintenance. "
                "It leaves two years after you stop being a customer.",
            ),
            say_it=True,
            sources=(
                self.w(
                    "Häneltä itseltään, puhelu 14.3.2024. Kirjasi Mikael Tuuri.",
                    "From her, a call 14 Mar 2024. Recorded by Mikael Tuuri.",
                ),
            ),
            stamps=(self.orders, self.care),
            not_for=(self.w("Myynti: hän kielsi 23.11.2026", "Selling: she said no 23 Nov 2026"),),
            to_whom=(
                self.w(
                    "Tieverkko Kuljetus Oy, 19.11.2026 (toimitus 2026-1187)",
                    "Tieverkko Kuljetus Oy, 19 Nov 2026 (delivery 2026-1187)",
                ),
            ),
            links=(
                Link(text=self.t("why.fix_item", item=about.lower()), href="/kit"),
                Link(text=self.t("why.notice_point", n=2), href="/notice"),
            ),
        )

    def addresses(self, *, opened: bool = False) -> tuple[Address, ...]:
        service = Permission(state="yes", text=self.w("Tilaukset ja huolto", "Orders and service"))
        no_selling = Permission(
            state="no",
            text=self.t("person.no_selling"),
            note=self.t("may.ban_from", date=self.f.date(date(2026, 11, 23))),
        )
        letter = Permission(
            state="yes",
            text=self.w("Uutiskirje, kutsut", "Newsletter"),
            note=self.t("may.consent_from", date=self.f.date(date(2024, 3, 14))),
        )
        phone, mail = self.w("Numero", "Number"), self.w("Osoite", "Address")
        return (
            Address(
                text="050 000 0142",
                href="tel:+358500000142",
                permissions=(service, no_selling),
                why=self.why(phone, opened=opened),
            ),
            Address(
                text="sari.havukoski@havupumppu.example",
                href="mailto:sari.havukoski@havupumppu.example",
                permissions=(service, no_selling, letter),
                why=self.why(mail),
            ),
        )

    def facts(self) -> tuple[Value, ...]:
        def value(label: str, text: str, life: Life | None = None, href: str = "") -> Value:
            return Value(
                label=label, shown=(Shown(text=text, href=href),), why=self.why(label, life, own_end=life is not None)
            )

        ends = Life(end="date", elapsed=0.04, text=self.f.date(date(2027, 11, 19)))
        law = Life(end="law", elapsed=0.04, text=self.f.date(date(2032, 12, 31)))
        return (
            value(self.w("Titteli", "Title"), self.w("Huoltopäällikkö", "Service manager")),
            value(self.w("Yritys", "Company"), "Havupumppu Oy", href="/kit"),
            value(self.w("Toimitusosoite", "Delivery address"), "Pajatie 4, ovi C, 00001 Esimerkkilä", ends),
            value(self.w("Laskuilla", "On invoices"), self.w("Nimi ja tilausviite", "Name and order reference"), law),
            value(
                self.w("Kiinnostus", "Interests"),
                self.w("Hydrauliikkaletkut, huoltosopimus", "Hydraulic hoses, service plan"),
                Life(end="person", text=self.w("kunnes peruu", "until withdrawn")),
            ),
        )

    def positions(self) -> tuple[Value, ...]:
        now, then = (
            self.w("Huoltopäällikkö, Havupumppu Oy", "Service manager, Havupumppu Oy"),
            self.w("Projekti-insinööri, Koivuniemen Konepaja Oy", "Project engineer, Koivuniemen Konepaja Oy"),
        )
        return (
            Value(label="2022–", shown=(Shown(text=now),), why=self.why(now)),
            Value(label="2019–2022", shown=(Shown(text=then),), why=self.why(then, self.soon, own_end=True)),
        )

    def events(self) -> tuple[Event, ...]:
        return (
            Event(
                when=self.w("tänään 9.12", "today 09:12"),
                iso="2026-11-24T09:12+02:00",
                what=self.t("person.call"),
                meta="Mikael Tuuri",
                text=self.w(
                    "Kysyi letkusarjan toimitusaikaa. Lupasin vahvistaa keskiviikkona.",
                    "Asked when the hose set arrives. I promised to confirm on Wednesday.",
                ),
            ),
            Event(
                when=self.t("common.yesterday"),
                what=self.w("Kielsi myyntipuhelut", "Said no to sales calls"),
                meta=self.w("omalla sivullaan", "on her own page"),
                own=True,
            ),
            Event(
                when=self.w("19.11.", "19 Nov"),
                iso="2026-11-19",
                what=self.w("Tilaus 2026-1187", "Order 2026-1187"),
                href="/kit",
                meta=f"{self.f.money(1284)}, {self.w('toimitus 2.12.', 'delivery 2 Dec')}",
                more=self.w(
                    "Tieverkko Kuljetus Oy sai nimen, puhelimen ja toimitusosoitteen.",
                    "Tieverkko Kuljetus Oy got the name, phone and delivery address.",
                ),
            ),
            Event(
                when=self.w("3.11.", "3 Nov"),
                what=self.w("Reklamaatio R-0231", "Complaint R-0231"),
                href="/kit",
                chip=Chip(text=self.w("ratkaistu", "resolved"), tone="ok"),
                text=self.w(
                    "Väärä liitinkoko, uusi lähetetty samana päivänä.", "Wrong connector, a new one sent the same day."
                ),
            ),
            Event(
                when=self.w("14.3.2024", "14 Mar 2024"),
                iso="2024-03-14",
                what=self.t("person.added"),
                meta=self.w(
                    "puhelu; antoi luvan uutiskirjeeseen, kuuli selosteesta",
                    "call; agreed to the newsletter, was told of the notice",
                ),
                own=True,
            ),
        )

    # --- lists ----------------------------------------------------------------------------------------------------

    def people(self) -> Table:
        heads = (
            Column(text=self.w("Nimi", "Name"), href="/list?sort=name", sorted="ascending"),
            Column(text=self.w("Yritys", "Company"), rank=2),
            Column(text=self.w("Puhelin", "Phone")),
            Column(text=self.w("Viimeksi yhteydessä", "Last contact"), rank=2, href="/list?sort=last"),
            Column(text=self.w("Myyntiposti", "Sales mail"), rank=3),
            Column(text=self.w("Myyntipuhelu", "Sales call"), rank=3),
            Column(text=self.t("end.leaves"), rank=3),
        )

        def person(
            name: str, title: str, company: str, phone: str, last: str, mail: str, call: str, life: Life, tone: str = ""
        ) -> Row:
            held = phone != self.t("common.removed")
            return Row(
                tone=tone,  # type: ignore[arg-type]
                cells=(
                    Cell(text=Markup(name.replace("Havu", "<mark>Havu</mark>")), href="/kit", sub=title, phone=company),
                    Cell(text=Markup(company.replace("Havu", "<mark>Havu</mark>"))),
                    Cell(text=phone, href="tel:+358500000100" if held else ""),
                    Cell(text=last, sub=self.w("puhelu", "call")),
                    Cell(may=mail),  # type: ignore[arg-type]
                    Cell(may=call),  # type: ignore[arg-type]
                    Cell(life=life),
                ),
            )

        running, removed = Life(end="running"), self.t("common.removed")
        buyer, boss = self.w("Ostaja", "Buyer"), self.w("Toimitusjohtaja", "Managing director")
        rows = (
            person(
                "Aalto-Havula, Marjut",
                buyer,
                "Rannan Telakkapalvelu Oy",
                "050 000 0119",
                self.f.date(date(2026, 11, 17)),
                "yes",
                "yes",
                running,
            ),
            person(
                "Havukoski, Sari",
                self.w("Huoltopäällikkö", "Service manager"),
                "Havupumppu Oy",
                "050 000 0142",
                self.t("common.today"),
                "no",
                "no",
                running,
            ),
            person(
                "Havusalmi, Ilona",
                buyer,
                "Saaristo-Hydro Oy",
                "050 000 0103",
                self.f.date(date(2026, 9, 28)),
                "ask",
                "yes",
                running,
            ),
            person(
                "Havuvirta, Eero",
                boss,
                "Koivuniemen Konepaja Oy",
                "040 000 0188",
                self.f.date(date(2025, 6, 4)),
                "yes",
                "yes",
                self.soon,
            ),
            person(
                "Tervo, Aki",
                self.t("list.left_firm", date=self.f.date(date(2026, 8, 31))),
                "Havupumppu Oy",
                removed,
                self.f.date(date(2026, 8, 12)),
                "no",
                "no",
                Life(end="date", elapsed=0.2, text=self.f.date(date(2027, 8, 31))),
                "quiet",
            ),
        )
        return Table(caption=self.w("Ihmiset", "People"), columns=heads, groups=(RowGroup(rows=rows),))

    def filters(self) -> tuple[Filter, ...]:
        any_, customers = (
            Choice(value="", text=self.t("list.any")),
            Choice(value="customer", text=self.w("Asiakkaat", "Customers")),
        )
        return (
            Filter(name="group", label=self.w("Ryhmä", "Group"), value="customer", choices=(any_, customers)),
            Filter(
                name="may",
                label=self.w("Saa lähettää", "May be sent"),
                choices=(any_, Choice(value="yes", text=self.t("may.yes"))),
            ),
            Filter(name="from", label=self.t("journal.from"), kind="date", value="2026-11-23"),
        )

    def journal(self) -> Table:
        columns = (
            Column(text=self.t("journal.time")),
            Column(text=self.t("journal.who_as")),
            Column(text=self.t("journal.did")),
            Column(text=self.t("journal.about")),
            Column(text=self.t("journal.which"), rank=2),
            Column(text=self.t("journal.number"), rank=3, right=True),
        )

        def entry(at: str, who: str, role: str, did: Cell, about: str, which: str, number: str) -> Row:
            return Row(
                cells=(
                    Cell(text=at),
                    Cell(text=who, sub=role),
                    did,
                    Cell(text=about),
                    Cell(text=which),
                    Cell(text=number),
                )
            )

        name_phone = self.w("nimi, puhelin", "name, phone")
        rows = (
            entry(
                self.w("9.12", "09:12"),
                "Hanna Ojala",
                self.w("isännöitsijä", "property manager"),
                Cell(text=self.t("journal.looked")),
                "Joonas Ketola",
                name_phone,
                "48211",
            ),
            entry(
                self.w("9.05", "09:05"),
                "Milla Ketola",
                self.w("itse", "herself"),
                Cell(chip=Chip(text=self.t("journal.took_copy"), tone="stamp")),
                "Milla Ketola",
                self.w("kaikki (34 tietoa)", "everything held (34 items)"),
                "48210",
            ),
            entry(
                self.w("8.58", "08:58"),
                "Teemu Vainio",
                self.w("kirjanpitäjä", "accountant"),
                Cell(chip=Chip(text=self.t("journal.refused"), tone="soon", icon="no")),
                self.w("1 henkilön tunnus", "identity code of 1 person"),
                self.w("ei kuulu hänen tarkoituksiinsa", "not among his purposes"),
                "48209",
            ),
        )
        day = RowGroup(title=self.f.day(date(2026, 11, 24)), rows=rows)
        return Table(caption=self.t("journal.title"), columns=columns, groups=(day,), blocks=True)

    def desk(self) -> Table:
        columns = (
            Column(text=self.t("desk.what")),
            Column(text=self.t("desk.who"), rank=2),
            Column(text=self.t("desk.time_used"), rank=3),
            Column(text=self.t("desk.end")),
            Column(text=self.t("common.open"), unseen=True, right=True),
        )
        soon, later = Life(end="date", elapsed=0.82, tone="soon"), Life(end="date", elapsed=0.35)
        rows = (
            Row(
                cells=(
                    Cell(text=self.w("Kopio tiedoista", "Copy of data"), href="/kit", sub="R-0091"),
                    Cell(text="Elina Saarijoki"),
                    Cell(life=soon, thick=True),
                    Cell(
                        text=self.f.date_due(date(2026, 11, 30)),
                        strong=True,
                        tone="soon",
                        sub=self.t("end.days_left", n=6),
                    ),
                    Cell(act=Act(text=self.t("desk.check_send"), href="/kit", small=True)),
                )
            ),
            Row(
                cells=(
                    Cell(text=self.w("Poisto", "Erasure"), href="/kit", sub="R-0093"),
                    Cell(text=self.w("Entinen asukas", "Former resident")),
                    Cell(life=later, thick=True),
                    Cell(text=self.f.date_due(date(2026, 12, 14)), sub=self.t("end.days_left", n=20)),
                    Cell(act=Act(text=self.t("desk.decide"), href="/kit", small=True)),
                )
            ),
        )
        return Table(caption=self.t("desk.needs_you"), columns=columns, groups=(RowGroup(rows=rows),))

    def charges(self) -> Table:
        columns = (Column(text=self.t("place.due")), Column(text="€", right=True), Column(text=self.t("place.paid")))
        rows = (
            Row(
                cells=(
                    Cell(text=self.f.date(date(2026, 11, 5)), strong=True),
                    Cell(text="416.50"),
                    Cell(text=self.f.date_short(date(2026, 11, 4))),
                )
            ),
            Row(
                tone="stop",
                cells=(
                    Cell(text=self.f.date_short(date(2026, 8, 5)), strong=True),
                    Cell(text="416.50", strong=True),
                    Cell(text=self.t("place.unpaid"), strong=True, tone="stop", sub="Elina Saarijoki"),
                ),
            ),
        )
        return Table(caption=self.t("place.charges"), columns=columns, groups=(RowGroup(rows=rows),))
