"""What else the pages of the kit show: forms, changes of a notice, the public notice, the portal."""
# ruff: noqa: E501  the words of a sample stay on one line

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from kit_people import People
from markupsafe import Markup

from seloste.web.parts import (
    Act,
    Bar,
    Change,
    Chip,
    Choice,
    Due,
    Field,
    Figure,
    Group,
    Item,
    Life,
    Link,
    Month,
    Pager,
    Proof,
    PublicFrame,
    Stamp,
    Switch,
)


class Sample(People):
    """All the data of the kit in one language."""

    def groups(self) -> tuple[Group, ...]:
        w, t = self.w, self.t
        return (
            Group(
                title=w("Kuka", "Who"),
                fields=(
                    Field(
                        name="first_name",
                        label=w("Etunimi", "First name"),
                        shown=("Pekka",),
                        half=True,
                        autocomplete="off",
                    ),
                    Field(
                        name="last_name",
                        label=w("Sukunimi", "Last name"),
                        shown=("Suolahti",),
                        half=True,
                        autocomplete="off",
                    ),
                    Field(
                        name="title",
                        label=w("Titteli", "Title"),
                        shown=(w("Ostopäällikkö", "Head of purchasing"),),
                        optional=True,
                    ),
                    Field(
                        name="kind",
                        label=w("Ryhmä", "Group"),
                        widget="select",
                        choices=(
                            Choice(value="", text=t("form.pick")),
                            Choice(value="a", text=w("Asiakas", "Customer")),
                        ),
                    ),
                    Field(
                        name="born",
                        label=w("Aloitti", "Started"),
                        widget="date",
                        shown=("2026-11-02",),
                        short=True,
                        optional=True,
                    ),
                    Field(name="met", label=w("Tapaaminen", "Meeting"), widget="datetime-local", optional=True),
                    Field(
                        name="size",
                        label=w("Pinta-ala", "Area"),
                        widget="number",
                        unit="m²",
                        short=True,
                        optional=True,
                        limits=(("min", "0"), ("step", "0.5")),
                    ),
                ),
                stamps=(self.care, self.orders),
                margin_intro=t("form.used_for"),
            ),
            Group(
                title=w("Yhteystiedot", "Contact details"),
                fields=(
                    Field(
                        name="phone",
                        label=w("Puhelin", "Phone"),
                        widget="tel",
                        shown=("050 000 01",),
                        error=w(
                            "Numerosta puuttuu loppu. Kirjoita esimerkiksi 050 000 0140.",
                            "The number is cut short. Write for example 050 000 0140.",
                        ),
                    ),
                    Field(
                        name="email",
                        label=w("Sähköposti", "E-mail"),
                        widget="email",
                        shown=("pekka.suolahti@rannantelakka.example",),
                        many=True,
                        hint=t("form.one_more_hint"),
                        optional=True,
                    ),
                    Field(name="site", label=w("Verkkosivu", "Website"), widget="url", optional=True),
                ),
                stamps=(self.orders, self.newsletter),
            ),
            Group(
                title=t("form.source"),
                fields=(
                    Field(
                        name="source",
                        label=t("form.source"),
                        widget="radio",
                        error=t("form.source_missing"),
                        choices=(
                            Choice(value="subject", text=w("Häneltä itseltään", "From them")),
                            Choice(value="web", text=w("Yrityksen verkkosivuilta", "From the company's website")),
                        ),
                    ),
                ),
                margin=t("form.tell_person", date=self.f.date(date(2026, 12, 24))),
            ),
            Group(
                title=w("Uutiskirje ja kutsut", "Newsletter and invitations"),
                fields=(
                    Field(
                        name="newsletter",
                        label=w("Kysyitkö luvan?", "Did you ask?"),
                        widget="radio",
                        shown=("no_answer",),
                        said=w(
                            "Lähetämme uutiskirjeen neljä kertaa vuodessa. Voit perua milloin tahansa.",
                            "We send a newsletter four times a year. You may withdraw at any time.",
                        ),
                        choices=(
                            Choice(value="yes", text=t("form.read_and_yes")),
                            Choice(value="no", text=t("form.said_no")),
                            Choice(value="no_answer", text=t("form.not_asked")),
                        ),
                    ),
                    Field(
                        name="topics",
                        label=w("Aiheet", "Topics"),
                        widget="checks",
                        shown=("hoses",),
                        optional=True,
                        choices=(
                            Choice(value="hoses", text=w("Letkut", "Hoses")),
                            Choice(
                                value="service",
                                text=w("Huolto", "Service"),
                                hint=w("kaksi kertaa vuodessa", "twice a year"),
                            ),
                        ),
                    ),
                    Field(
                        name="notes",
                        label=w("Mitä sovittiin", "What was agreed"),
                        widget="textarea",
                        hint=t("form.free_text"),
                        optional=True,
                    ),
                    Field(
                        name="file",
                        label=w("Liite", "Attachment"),
                        widget="file",
                        optional=True,
                        limits=(("accept", ".pdf"),),
                    ),
                ),
                stamps=(self.newsletter,),
            ),
        )

    def changes(self) -> tuple[Change, ...]:
        w = self.w
        text = w("Säilytämme huoltotilaukset {} huollon jälkeen.", "We keep repair orders for {} after the repair.")
        was, now = w("kaksi vuotta", "two years"), w("vuoden", "one year")
        ins_del = Markup("<del>{}</del> <ins>{}</ins>").format(was, now)
        return (
            Change(
                kind="changed",
                what=w("säilytysaika", "period"),
                title=w("Huolto", "Repairs"),
                text=Markup(text).format(ins_del),
                was=Life(end="date", elapsed=1, tone="was", text=self.t("end.was", period=was)),
                now=Life(end="date", elapsed=1, text=self.t("end.now", period=now)),
                effects=(
                    Markup(
                        w("poistaa <b>612 puhelinnumeroa</b> vuodelta 2025", "erase <b>612 phone numbers</b> of 2025")
                    ),
                    w(
                        "ei kerro kenellekään: tallessa on vähemmän kuin luvattiin",
                        "tell no one: less is held than promised",
                    ),
                ),
            ),
            Change(
                kind="added",
                what=w("tarkoitus", "purpose"),
                title=w("Kulunvalvonta", "Access control"),
                text=Markup("<ins>{}</ins>").format(
                    w(
                        "Säilytämme avainten avaamat ovet 14 päivää.",
                        "We keep the doors that key fobs open for 14 days.",
                    )
                ),
                stamps=(
                    Stamp(
                        basis="interest",
                        purpose=w("Talon turvallisuus", "Safety of the building"),
                        life=Life(end="date", elapsed=1, text=w("avaus + 14 päivää", "opening + 14 days")),
                    ),
                ),
                effects=(w("näyttää ne vain isännöitsijälle", "show them to the property manager only"),),
                finding_code="N-214",
                finding=w(
                    "14 päivää on tavallista pidempi. Kirjoita miksi tai muuta 7 päiväksi.",
                    "14 days is longer than usual. Write why, or make it 7 days.",
                ),
                finding_link=Link(text=self.t("diff.line", n=88), href="/kit"),
            ),
            Change(
                kind="removed",
                what=w("tieto", "item"),
                title=w("Autopaikka", "Parking space"),
                text=Markup("<del>{}</del>").format(
                    w("Tallennamme autopaikkasi numeron.", "We keep the number of your parking space.")
                ),
                effects=(Markup(w("poistaa <b>1 906 tietoa</b>", "erase <b>1,906 values</b>")),),
            ),
        )

    def kit(self, *, opened: bool = False) -> SimpleNamespace:
        w, t, f = self.w, self.t, self.f
        edit = Act(text=t("common.edit"), href="/kit")
        months = [*("paid",) * 8, "unpaid", "late", "paid", "paid"]
        return SimpleNamespace(
            addresses=self.addresses(opened=opened),
            all_reasons=Markup('<a href="/kit?why=1">{}</a>').format(t("why.all")),
            limit=Markup('<a href="/kit?limit=1">{}</a>').format(t("person.limit")),
            facts=self.facts(),
            positions=self.positions(),
            events=self.events(),
            events_end=t(
                "person.nothing_older",
                rule=w(
                    "Yhteydenotot säilyvät 3 vuotta, sitten ne poistuvat.",
                    "Contacts are kept for 3 years, then they leave.",
                ),
            ),
            entry_kinds=tuple(
                Choice(value=key, text=t(f"person.{key}")) for key in ("call", "memo", "meeting", "email")
            ),
            entry_acts=(
                Act(text=f"+ {t('person.next_step')}", small=True, name="then", value="next"),
                Act(text=t("person.record"), look="main", small=True),
            ),
            next_step=Link(text=t("person.next", when=w("ke 25.11.", "Wed 25 Nov")), href="/kit"),
            done=Link(text=t("common.done"), href="/kit"),
            lives=(
                self.known,
                self.customer,
                self.books,
                self.withdrawn,
                self.soon,
                Life(end="past", text=t("common.late")),
            ),
            stamps=(
                self.newsletter,
                self.orders,
                self.bookkeeping,
                self.care,
                Stamp(basis="vital", purpose=t("basis.vital"), life=self.known),
                Stamp(basis="public_task", purpose=t("basis.public"), life=self.known),
            ),
            filters=self.filters(),
            count=t("list.count_people", n=1203),
            count_rest=t("list.with_query", query=f.quote("havu")),
            list_links=(Link(text=t("list.save_view"), href="/kit"), Link(text=t("list.export"), href="/kit")),
            people=self.people(),
            pager=Pager(first=51, last=100, total="1203", previous="/list?page=1", next="/list?page=3"),
            today=(
                Item(
                    when=t("common.late"),
                    late=True,
                    text=w("Soita Olli Peltomäelle", "Call Olli Peltomäki"),
                    sub=w("Koivuniemen Konepaja Oy · tarjous 2026-0412", "Koivuniemen Konepaja Oy · offer 2026-0412"),
                    end="050 000 0177",
                    end_href="tel:+358500000177",
                ),
                Item(
                    when=w("13.00", "13:00"),
                    text=w("Tapaaminen: Tuire Alanko", "Meeting: Tuire Alanko"),
                    sub="Saaristo-Hydro Oy",
                    end=w("verkossa", "online"),
                ),
            ),
            new=(
                Item(
                    when=w("8.41", "08:41"),
                    text=w("Yhteydenottolomake: Jarno Vesisalo", "Contact form: Jarno Vesisalo"),
                    href="/kit",
                    said=w(
                        "Tarvitsemme letkuasennelmia kolmeen koneeseen, voitteko tulla käymään?",
                        "We need hose assemblies for three machines, could you visit us?",
                    ),
                    act=Act(text=t("home.take"), post="/kit", small=True),
                ),
                Item(
                    when=t("common.yesterday"),
                    text=w("Sari Havukoski ei halua myyntipuheluita", "Sari Havukoski does not want sales calls"),
                    sub=w("Tilauksista saa soittaa.", "Orders may be called about."),
                    act=Act(text=t("home.noted"), post="/kit", small=True),
                ),
            ),
            recent=(
                Item(text="Sari Havukoski", href="/kit", end="Havupumppu Oy"),
                Item(text="Emma Lindroos-Raita", href="/kit", end="Ruskon Tehdas Oy"),
            ),
            register_facts=(
                (t("home.you_see"), t("home.you_see_of", n=5, total=9, role=w("Myynti", "Sales"))),
                (t("home.last_night"), t("home.left_last_night", n=37)),
            ),
            ticks=(
                (t("desk.journal_unbroken", n=48211), w("3.12", "03:12")),
                (t("desk.past_none"), w("3.10", "03:10")),
            ),
            due=Due(
                life=Life(end="date", elapsed=0.37), date=f.date_due(date(2026, 12, 14)), left=t("end.days_left", n=20)
            ),
            open_chip=Chip(text=t("erase.open")),
            journal=self.journal(),
            desk=self.desk(),
            charges=self.charges(),
            months=tuple(
                Month(letter=a, state=b) for a, b in zip(w("JTHMHTKHESLM", "DJFMAMJJASON"), months, strict=True)
            ),  # type: ignore[arg-type]
            leaving=tuple(
                Bar(label=f.month(date(2026 + (m > 12), (m - 1) % 12 + 1, 1)), length=2 * n + 20, text=str(n))
                for m, n in ((12, 41), (13, 18), (14, 63), (15, 22))
            ),
            switches=(
                Switch(
                    name="newsletter-switch",
                    label=w("Uutiskirje ja kutsut", "Newsletter and invitations"),
                    on=True,
                    post="/kit",
                    said=w(
                        "Lähetämme uutiskirjeen neljä kertaa vuodessa ja kutsut tapahtumiimme.",
                        "We send a newsletter four times a year and invitations to our events.",
                    ),
                    about=w("Annoit luvan puhelimessa 14.3.2024.", "You agreed on the phone on 14 March 2024."),
                    life=Life(end="person", text=t("end.withdrawn_you")),
                ),
                Switch(
                    name="calls-switch",
                    label=w("Myyntipuhelut", "Sales calls"),
                    on=False,
                    post="/kit",
                    about=w(
                        "Kielsit 23.11.2026. Tilauksista voimme yhä soittaa.",
                        "You said no 23 Nov 2026. We may still call about orders.",
                    ),
                ),
            ),
            figures=(
                Figure(
                    number=f.number(214),
                    strong=t("diff.must_be_told", n=214),
                    text=w("ennen 8.12.", "before 8 Dec."),
                    link=Link(text=w("Ketkä ja miten", "Who and how"), href="/kit"),
                ),
                Figure(number="38", strong=t("diff.asked_again", n=38)),
                Figure(
                    number=f.number(1906),
                    strong=t("diff.values_erased", n=1906),
                    tone="stop",
                    text=w("kun julkaiset.", "when you publish."),
                ),
                Figure(number="0", strong=t("diff.errors", n=0), text=t("diff.warnings", n=1)),
            ),
            changes=self.changes(),
            buttons=(
                Act(text=t("common.save"), look="main"),
                edit,
                Act(text=t("erase.act", n=23), look="erase"),
                Act(text=t("common.open"), small=True),
                Act(text=t("common.undo"), post="/kit", look="link"),
            ),
            chips=tuple(
                Chip(text=x, tone=y)
                for x, y in (
                    (w("avoin", "open"), ""),
                    (w("kesken", "in progress"), "stamp"),
                    (w("valmis", "done"), "ok"),
                    (w("pian", "soon"), "soon"),
                    (w("myöhässä", "late"), "stop"),
                )
            ),  # type: ignore[arg-type]
            refused_acts=(
                Act(text=t("state.import_without"), small=True, href="/kit"),
                Act(text=t("state.suggest"), href="/kit", look="link"),
            ),
            faults=(
                Link(text=w("Puhelin: numerosta puuttuu loppu", "Phone: the number is cut short"), href="#phone"),
                Link(text=t("form.source_missing"), href="#source"),
            ),
            groups=self.groups()[:-1],
            last_group=self.groups()[-1],
            different=Field(name="different", label=t("form.different"), widget="checkbox"),
            words=SimpleNamespace(
                life=w("Elinviiva", "Life line"),
                life_aside=w("kauanko, ja mihin se päättyy", "how long, and what ends it"),
                grounds=w("Kuusi perustetta", "Six grounds"),
                list=w("Luettelo", "List"),
                confirm=w("Vahvista toimitusaika", "Confirm the delivery"),
                rule=w("asiakkuuden ajan ja 2 vuotta sen jälkeen", "as long as a customer and 2 years after"),
                all_tasks=t("home.all_tasks"),
                promise=w(
                    "Käsittelemme vain yrityskontaktiemme tietoja, jotta voimme myydä, toimittaa ja huoltaa.",
                    "We process only the data of our business contacts, to sell, deliver and maintain.",
                ),
                arrived=t("end.arrived", date=w("12.11.", "12 Nov")),
                wrote=w(
                    "Lopetin Havupumpulla elokuussa. Poistakaa tietoni.",
                    "I left Havupumppu in August. Please erase my data.",
                ),
                by_purpose=t("desk.by_purpose"),
                unpaid=Markup('<span class="stop-ink">{}</span>').format(t("place.unpaid_sum", sum=f.money(416))),
                months=t("place.last_12", on_time=10, late=1, unpaid=1),
                buttons=w("Painikkeet ja lipukkeet", "Buttons and chips"),
                states=w("Tilat", "States"),
                empty_title=t("state.nothing_yet"),
                empty_text=w(
                    "Reklamaatio säilyy, kunnes se on ratkaistu, ja vuoden sen jälkeen.",
                    "A complaint is kept until it is resolved, and for a year after that.",
                ),
                birth=w("Syntymäaika", "Date of birth"),
                saved=w("Puhelu kirjattu.", "Call recorded."),
                sending=w("Kutsua lähetetään.", "Sending the invitation."),
                person=w("henkilö", "person"),
            ),
        )

    # --- public pages ---------------------------------------------------------------------------------------------

    def public_frame(self, *, portal: bool = False, theme: str = "") -> PublicFrame:
        t = self.t
        foot = (t("public.pdf"), t("public.earlier"), t("public.changed"), t("public.cookies"))
        return PublicFrame(
            controller="Satamaraitin Isännöinti Oy",
            home="/notice",
            languages=self.languages(),
            contact=t("frame.questions", address="tietosuoja@satamaraitti.example")
            if portal
            else t("frame.controller_line", name="Satamaraitin Isännöinti Oy", business_id="1234567-1"),
            foot=tuple(Link(text=x, href="/notice") for x in foot),
            leave=Act(text=t("frame.leave"), post="/out", look="link") if portal else None,
            print_line="sha256 9f4c…e21a · 24.11.2026 · notice.satamaraitti.example",
            portal=portal,
            theme=theme,  # type: ignore[arg-type]
        )

    def notice(self) -> SimpleNamespace:
        w, t = self.w, self.t
        six = w("6 kuukautta", "6 months")
        move = Stamp(
            basis="contract",
            purpose=t("basis.contract"),
            life=Life(end="running", text=w("poismuutto + 6 kk", "move-out + 6 months")),
        )
        debts = Stamp(
            basis="interest",
            purpose=w("Oikeutettu etu: maksut saadaan", "Our interest: charges get paid"),
            life=Life(end="law", elapsed=0.2, text=w("eräpäivä + 3 v", "due date + 3 years")),
            law=w("Laki velan vanhentumisesta 728/2003, 4 §", "Act on limitation of debts 728/2003, section 4"),
        )
        bars = (
            Bar(label=w("Yhteystiedot", "Contact details"), length=17, text=six),
            Bar(label=w("Laskut", "Invoices"), length=204, text=w("6 vuotta", "6 years"), end="law"),
        )
        return SimpleNamespace(
            title=w("Ihmiset, jotka asuvat isännöimissämme taloissa", "The people who live in the houses we manage"),
            in_force=t("public.in_force", date=self.f.date_long(date(2026, 9, 1)), version="5"),
            lead=w(
                "Isännöimme 38 taloyhtiötä. Tämä sivu kertoo, mitä rekisterissämme on, ja jokaisen lupauksen vieressä, mitä rekisteri tekee juuri nyt.",
                "We manage 38 housing companies. This page says what is in our register, and beside each promise, what the register is doing right now.",
            ),
            minute=(
                (
                    t("public.what"),
                    w(
                        "Nimesi, puhelimesi, sähköpostisi, huoneistosi, maksut ja korjaukset.",
                        "Your name, phone, e-mail, apartment, charges and repairs.",
                    ),
                    (),
                ),
                (
                    t("public.until"),
                    w(
                        "Kuusi kuukautta poismuutosta. Laskut kuusi vuotta.",
                        "Six months after you move out. Invoices for six years.",
                    ),
                    bars,
                ),
                (
                    t("public.not_done"),
                    w(
                        "Mitään ei myydä. Mitään ei viedä ETA-alueen ulkopuolelle.",
                        "Nothing is sold. Nothing leaves the EEA.",
                    ),
                    (),
                ),
            ),
            contents=(
                Link(text=w("Talosi hoito", "Managing your building"), href="#building"),
                Link(text=w("Maksut ja velat", "Charges and debts"), href="#debts"),
                Link(text=w("Oikeutesi", "Your rights"), href="#rights"),
            ),
            pairs=(
                (
                    "building",
                    w("Talosi hoito", "Managing your building"),
                    (
                        w(
                            "Säilytämme nimesi, puhelimesi ja huoneistosi, jotta voimme päästää sinut sisään ja kertoa, milloin vesi katkeaa.",
                            "We keep your name, phone number and apartment so that we can let you in and tell you when the water is cut.",
                        ),
                        w(
                            "Kun muutat pois, säilytämme ne kuusi kuukautta. Sitten poistamme ne.",
                            "When you move out, we keep them for six months. Then they are erased.",
                        ),
                    ),
                    (move,),
                    "",
                    Proof(
                        figure=self.f.number(3188),
                        unit=w("ihmistä nyt", "people now"),
                        oldest=0.96,
                        scale=(w("poismuutto", "move-out"), six),
                        notes=(
                            w("Vanhin yhä tallessa: muutti 2.6.2026.", "Oldest still held: moved out 2 June 2026."),
                        ),
                        good=t("public.past_limit_none"),
                        checked=t("public.checked", time=w("tänään klo 3.10", "today 03:10")),
                    ),
                ),
                (
                    "debts",
                    w("Maksut ja velat", "Charges and debts"),
                    (
                        w(
                            "Seuraamme huoneiston maksuja. Jos maksu jää maksamatta, säilytämme nimesi ja velan, kunnes se on maksettu.",
                            "We follow the charges of each apartment. If one stays unpaid, we keep your name and the debt until it is paid.",
                        ),
                    ),
                    (debts,),
                    "/object",
                    Proof(
                        figure="47",
                        unit=w("avointa velkaa nyt", "open debts now"),
                        fails=t("public.past_limit", n=3),
                        checked=w(
                            "Yöllinen poisto keskeytyi 24.11. klo 3.10. Poistamme ne tänään.",
                            "The nightly sweep stopped 24 Nov 03:10. We erase them today.",
                        ),
                    ),
                ),
                (
                    "rights",
                    w("Oikeutesi", "Your rights"),
                    (
                        w(
                            "Saat nähdä tietosi, korjata ja poistaa ne sekä vastustaa käyttöä. Se ei maksa mitään.",
                            "You may see your data, correct it, have it erased, and object. It costs nothing.",
                        ),
                    ),
                    (),
                    "",
                    Proof(
                        figure="23",
                        unit=w("pyyntöä 12 kuukaudessa", "requests in 12 months"),
                        days=(0,) * 8 + (1,) * 5 + (2, 2, 3, 3, 5, 8, 11, 14, 19),
                        scale=(t("public.same_day"), t("public.one_month")),
                        good=t("public.late_none"),
                    ),
                ),
            ),
        )

    def doors(self) -> tuple[Item, ...]:
        t = self.t
        ends = (t("common.items", n=14), "", t("common.times", n=3), "27", self.w("1 kesken, 30.11.", "1 open, 30 Nov"))
        keys = ("data", "permissions", "received", "looked", "requests")
        return tuple(
            Item(text=t(f"portal.{key}"), href=f"/own/{key}", end=end) for key, end in zip(keys, ends, strict=True)
        )

    def signin_fields(self) -> tuple[Field, ...]:
        t = self.t
        return (
            Field(name="email", label=t("signin.email"), widget="email", autocomplete="username"),
            Field(
                name="password",
                label=t("signin.password"),
                widget="password",
                autocomplete="current-password",
                link=Link(text=t("signin.forgot"), href="/forgot"),
            ),
        )
