"""The keys and cameras of one housing company."""

from __future__ import annotations

from scripts.demo_people.book import Book, at, day


def cameras() -> Book:
    book = Book("tuulikello_cameras", seed=97, numbers_from=780)
    for number, place in enumerate(("A-portaan ulko-ovi", "Pyörävarasto", "Autohallin ajoluiska")):
        camera = book.add("camera", "own_records", -400, ref=f"kamera_{number}", place=place, since=day(-400))
        for back in range(1, 5):
            book.add(
                "recording",
                "camera",
                -back,
                {"camera": camera},
                from_at=at(-back, 0),
                until_at=at(-back, 23, 59),
                place_kept="Tallennin, lukittu tila",
            )
    for number in range(22):
        first, last = book.name()
        since = -book.random.randint(60, 700)
        returned = -11 if number == 6 else None
        who = book.add(
            "person", "subject", since, ref=f"avain_{number}", first_name=first, last_name=last, phone=[book.phone()]
        )
        key = book.add(
            "key",
            "own_records",
            since,
            {"person": who},
            code=f"TK-{100 + number}",
            doors="Ulko-ovi, pyörävarasto",
            handed_on=day(since),
            returned_on=day(returned) if returned is not None else None,
        )
        for _ in range(0 if returned else book.random.randint(0, 4)):
            when = -book.random.randint(0, 24)
            book.add(
                "access_event",
                "lock",
                when,
                {"key": key},
                at=at(when, book.random.randint(6, 22), 17),
                door="Pyörävarasto",
                result="opened" if number % 9 else "refused",
            )
    return book
