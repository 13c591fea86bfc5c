"""The users of Fluent Progress's two apps, and its job applicants."""

from __future__ import annotations

from scripts.demo_people.book import Book, at, day, email, plain


def app_users(register: str, seed: int, numbers_from: int, *, routes: bool) -> Book:
    book = Book(register, seed, numbers_from)
    for number in range(14):
        first, last = book.name()
        opened, seen = -book.random.randint(30, 280), -book.random.randint(0, 25)
        who = book.add(
            "person",
            "subject",
            opened,
            ref=f"kayttaja_{number}",
            first_name=first,
            last_name=last,
            email=[email(first, last, "posti.example")],
        )
        account = book.add(
            "account",
            "service_use",
            opened,
            {"person": who},
            username=f"{plain(first)}{number}",
            created_on=day(opened),
            last_login=at(seen, 7, 5),
        )
        for step, action in enumerate(("sign_in", "view", "save", "sign_out")):
            book.add(
                "usage_event",
                "service_use",
                seen,
                {"account": account},
                at=at(seen, 7, 5 + 4 * step),
                service="Kunto" if routes else "Planner",
                action=action,
            )
        if number % 5 == 1:
            book.add("feedback", "subject", seen, {"person": who}, given_at=at(seen, 20), text="Toimii hyvin.", score=4)
        if routes and number % 3:
            _routes(book, who, seen)
    return book


def _routes(book: Book, who: str, seen: int) -> None:
    book.add(
        "permission",
        "subject",
        seen - 60,
        {"person": who},
        purpose="app_location",
        given_at=at(seen - 60, 7),
        ends_on=day(seen + 305),
        language="fi",
        channel="app",
    )
    for lap in range(2):
        when = seen - 7 * lap
        session = book.add(
            "tracking_session", "app", when, {"person": who}, started_at=at(when, 17, 2), ended_at=at(when, 17, 40)
        )
        for step in range(4):
            book.add(
                "location_fix",
                "app",
                when,
                {"tracking_session": session},
                at=at(when, 17, 4 + 9 * step),
                latitude=f"62,60{10 + step * 3}",
                longitude=f"29,76{20 + step * 4}",
                accuracy=8 + step,
                background=step == 2,
            )


def recruiting() -> Book:
    book = Book("fluent_recruiting", seed=53, numbers_from=560)
    openings = [
        book.add("opening", "own_records", -60, title="Ohjelmistokehittäjä", closes_on=day(12)),
        book.add("opening", "own_records", -150, title="Asiakkuuspäällikkö", closes_on=day(-110)),
        book.add("opening", "own_records", -400, title="Testaaja", closes_on=day(-360)),
    ]
    for number, (first, last) in enumerate((("Jorma", "Kuusivaara"), ("Riitta", "Notkola"))):
        boss = book.add("person", "own_records", -400, ref=f"esihenkilo_{number}", first_name=first, last_name=last)
        for opening in openings[number::2]:
            book.add("hiring", "own_records", -60, {"person": boss, "opening": opening}, began_on=day(-60))
    for number in range(18):
        first, last = book.name()
        place = number % 3
        applied = (-5 - number * 2, -115 - number, -365 - number)[place]
        decided = (None, -80, -320)[place]
        status = (("received", "reading", "interview")[number // 3 % 3], "declined", "declined")[place]
        status = "chosen" if number in (4, 8) else status
        who = book.add(
            "person",
            "web_form",
            applied,
            ref=f"hakija_{number}",
            first_name=first,
            last_name=last,
            phone=[book.phone()],
            email=[email(first, last, "posti.example")],
        )
        application = book.add(
            "application",
            "web_form",
            applied,
            {"person": who, "opening": openings[place]},
            applied_at=at(applied, 21, 12),
            status=status,
            decided_on=day(decided) if decided else None,
            salary_request=f"{3200 + 150 * (number % 6)},00" if decided is None else None,
            cover_letter="Olen tehnyt samaa työtä viisi vuotta ja haluan oppia lisää.",
        )
        _later(book, number, who, application, applied, status)
    book.add(
        "rights_request",
        "subject",
        -3,
        {"person": "hakija_1"},
        right="access",
        received_at=at(-3, 8),
        channel="email",
        state="received",
        due_on=day(27),
    )
    return book


def _later(book: Book, number: int, who: str, application: str, applied: int, status: str) -> None:
    """An interview, a reference, a consent for the jobs to come."""
    if status in ("interview", "chosen") or number % 4 == 1:
        when = applied + 9 if applied + 9 < 0 else 3
        book.add(
            "interview",
            "own_records",
            min(when, 0),
            {"application": application},
            at=at(when, 10),
            place="Torikatu 29",
            notes="Selkeä kuvaus aiemmasta työstä." if when < 0 else None,
        )
    if number == 6:
        first, last = book.name()
        referee = book.add(
            "person", "subject", applied, ref="suosittelija", first_name=first, last_name=last, phone=[book.phone()]
        )
        book.add("reference", "own_records", -2, {"application": application}, referee=referee, asked_on=day(-2))
    if number % 6 == 5:
        book.add(
            "permission",
            "web_form",
            applied,
            {"person": who},
            purpose="talent_pool",
            given_at=at(applied, 21, 12),
            ends_on=day(applied + 730),
            language="fi",
            channel="web_form",
        )
