"""A new version of the notice on the pages: brought in, looked at, published, withdrawn."""

from __future__ import annotations

import re

import pytest
from tests.operations.conftest import contact
from tests.web.conftest import EXAMPLE, Site

from seloste.web.staff.notice_change import compared_by_words

RITVA = "ritva.kaleva@fluiconnecto.example"
PATH = "/r/fluiconnecto_customers/privacy/notice"
SHORTER = ("relationship: 3 years after", "relationship: 2 years after")
CALLED = ("en: E-mail marketing platform", "en: Mail & more")


def edited(*edits: tuple[str, str]) -> bytes:
    text = EXAMPLE.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.fixture
def send(site: Site, form_token):  # type: ignore[no-untyped-def]
    """``send(client, file)`` brings a version in; the answer."""

    def sent(client, data: bytes):  # type: ignore[no-untyped-def]
        return client.post(PATH, data=form_token(client), files={"file": ("notice.yaml", data)})

    return sent


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_version_is_looked_at_published_and_withdrawn(site: Site, send, form_token) -> None:  # type: ignore[no-untyped-def]
    store = site.registers.open(site.key)
    contact(store, site.now.replace(year=2024, month=3))
    client = site.signed_in(RITVA)
    answer = send(client, edited(SHORTER, CALLED))
    assert answer.status_code == 303
    where = answer.headers["location"]
    page = client.get(f"{where}?lang=en").text
    assert "<del>3</del><ins>2</ins> years after" in page
    assert "&amp;" in page and "Mail & more" not in page
    # Nothing is in force, and nobody else sees it.
    assert store.register.notice.digest == site.registers.open(site.key).register.hash
    assert site.signed_in("mikael.tuuri@fluiconnecto.example").get(where).status_code == 403

    asked = form_token(client, where) | {"do": "publish", "figures": hidden(page, "figures"), "effective": "2026-12-09"}
    refused = client.post(where, data=asked)
    assert refused.status_code == 422  # what goes has not been said to be seen
    stale = client.post(where, data=asked | {"seen": "1", "figures": "0.0.0."})
    assert stale.status_code == 422
    done = client.post(where, data=asked | {"seen": "1"})
    assert done.headers["location"] == f"{PATH}?done=notice_decided"
    assert "9 Dec 2026" in client.get(f"{PATH}?lang=en").text
    gone = client.post(where, data=form_token(client, where) | {"do": "withdraw"})
    assert gone.headers["location"] == f"{PATH}?done=notice_withdrawn"
    assert "9 Dec 2026" not in client.get(f"{PATH}?lang=en").text


def test_a_text_of_a_book_keeps_nobody_waiting() -> None:
    """Texts are compared in the square of their length: two of 4,000 words took 25 seconds at every look."""
    line, book = ("kaksi sanaa", "kolme uutta sanaa"), ("a b " * 2_000, "b a " * 2_000)
    assert list(compared_by_words([line, book, line])) == [True, False, True]
    many = list(compared_by_words([line] * 20_000))
    assert all(many[:1_000]) and not any(many[5_000:])


def test_a_file_with_errors_is_told_line_by_line_and_not_kept(site: Site, send) -> None:  # type: ignore[no-untyped-def]
    client = site.signed_in(RITVA)
    faulty = send(client, edited() + b"nonsense: 1\n")
    assert faulty.status_code == 422
    assert f"Rivi {len(edited().splitlines()) + 1}" in faulty.text
    for data in (b"", b"\xff\xfe\x00", b"a: [", b"- 1\n", edited(("fluiconnecto_customers", "another"))):
        answer = send(client, data)
        assert answer.status_code == 422, data[:20]
        assert 'id="faults"' in answer.text
    assert client.get(f"{PATH}/1").status_code == 404
    assert client.get(f"{PATH}/{10**12}").status_code == 404


def test_the_file_of_a_version_is_there_when_it_was_kept(site: Site) -> None:
    client = site.signed_in(RITVA)
    assert client.get(f"{PATH}/file/1.yaml").status_code == 404  # this one was applied without its text
    site.registers.apply(
        site.registers.open(site.key).register.notice, now=site.now, actor="cli", text=EXAMPLE.read_text("utf-8")
    )
    assert client.get(f"{PATH}/file/9.yaml").status_code == 404
