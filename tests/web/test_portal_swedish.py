"""A person's own pages in Swedish, where the notice is written in it; every word of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.kit.test_i18n import ASKED
from tests.web.test_identification import House, built, form, house, notice

from seloste.operations.actor import CLI
from seloste.operations.portal.requests import ask_own
from seloste.operations.rights.ask import ask
from seloste.web import i18n, ui

__all__ = ["built", "house", "notice"]


class Asked(dict[str, str | Mapping[str, str]]):
    """Texts that remember which of them were asked for."""

    keys_asked: set[str]

    def __getitem__(self, key: str) -> str | Mapping[str, str]:
        self.keys_asked.add(key)
        return super().__getitem__(key)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Keys of Swedish texts that pages asked for."""
    found = Asked(i18n.texts("sv"))
    found.keys_asked = set()
    plain = i18n.texts

    def recording(lang: str) -> Mapping[str, str | Mapping[str, str]]:
        return found if lang == "sv" else plain(lang)

    def forget() -> None:
        i18n.translator.cache_clear()
        ui._environment.cache_clear()

    forget()
    monkeypatch.setattr(i18n, "texts", recording)
    yield found.keys_asked
    monkeypatch.undo()
    forget()


def swedish() -> set[str]:
    """Keys that the Swedish file itself has."""
    from ruamel.yaml import YAML

    flat: dict[str, Any] = {}
    i18n._flatten(YAML(typ="safe", pure=True).load((i18n.TEXTS / "sv.yaml").read_text("utf-8")), "", flat)
    return set(flat)


def test_the_swedish_words_are_words_of_the_others_with_the_same_values() -> None:
    english, own = i18n.texts("en"), i18n.texts("sv")
    keys = swedish()
    assert keys <= english.keys()
    assert {key for key in keys if i18n.placeholders(own[key]) != i18n.placeholders(english[key])} == set()
    # A singular may spell its number out; what a person reads never shouts.
    assert not any("!" in str(own[key]) for key in keys)


def test_every_word_that_the_pages_name_is_there() -> None:
    web = i18n.TEXTS.parent
    files = [*(web / "portal").glob("*.py"), *(web / "templates" / "portal").glob("*.html")]
    named = {key for file in files for key in ASKED.findall(file.read_text("utf-8"))}
    assert len(named) > 90
    assert sorted(named - swedish()) == []


def opened(house: House) -> TestClient:
    client = house.site.client()
    house.provider.who = {"given_name": "Eeva", "family_name": "Laine", "birthdate": "1985-02-03"}
    answer = client.get(house.back(house.out(client, f"{house.path}/identify/bank?lang=sv")))
    assert answer.headers["location"] in (f"{house.path}/{page}?lang=sv" for page in ("home", "requests"))
    return client


def test_every_page_is_swedish_to_the_last_word(house: House, asked: set[str]) -> None:
    store, now, eeva = house.site.registers.open(house.site.key), house.site.now, house.ids["eeva"]
    first = ask_own(store, eeva, "portability", asked="", language="sv", now=now)
    client = opened(house)
    pages = {"mine": client.get(f"{house.path}/requests?lang=sv")}
    assert "Begäran är min" in pages["mine"].text
    ask(store, first.id, "detail", text="Vart?", actor=CLI, now=now)
    outside = house.site.client()
    for path in ("", "/open/x", "/identify/nobody", "/nowhere"):
        pages[path] = outside.get(f"{house.path}{path}?lang=sv")
    pages["sent"] = outside.post(f"{house.path}?lang=sv", data={"email": "ei osoite"})
    assert "Skriv hela e-postadressen" in pages["sent"].text or "kan inte skickas" in pages["sent"].text
    house.provider.who = {"given_name": "Ingen", "family_name": "Alls", "birthdate": "1950-01-01"}
    answer = outside.get(house.back(house.out(outside, f"{house.path}/identify/bank?lang=sv")))
    pages["nobody"] = outside.get(answer.headers["location"])
    assert "Ingen Alls, 1.1.1950" in pages["nobody"].text
    pages["nobody told"] = outside.get(f"{house.path}?why=nobody&lang=sv")
    house.provider.answer = lambda answer: answer.update(state="fel")
    answer = outside.get(house.back(house.out(outside, f"{house.path}/identify/bank?lang=sv")))
    pages["failed"] = outside.get(answer.headers["location"])
    for path in (
        "/home",
        "/data",
        "/permissions",
        "/received",
        "/looked",
        "/requests",
        "/requests/erasure",
        f"/requests/{first.id}/cancel",
        f"/data/person/{eeva}/birth_date",
    ):
        pages[path] = client.get(f"{house.path}{path}?lang=sv")
        assert pages[path].status_code == 200, path
    pages["shown"] = client.post(f"{house.path}/data/person/{eeva}/birth_date?lang=sv", data=form(house, client))
    assert "Eeva Laine, här är allt vi har om dig" in pages["/home"].text
    assert "3.2.1985" in pages["shown"].text
    assert "Vart?" in pages["/requests"].text
    for name, page in pages.items():
        assert 'lang="sv"' in page.text, name
        assert page.headers.get("content-language", "sv") == "sv", name
    copy = client.post(f"{house.path}/copy?lang=sv", data={"form": "html", **form(house, client)})
    assert "Uppgifter" in copy.text or "uppgifter" in copy.text
    assert sorted(asked - swedish()) == []
    assert len(asked) > 90


def test_the_staff_and_registers_without_it_have_no_swedish(house: House, asked: set[str]) -> None:
    client = house.site.client()
    assert 'lang="fi"' in client.get("/sign-in?lang=sv").text
    assert '<html lang="sv"' in client.get(house.path, headers={"accept-language": "sv-FI, fi;q=0.5"}).text
    assert "Svenska" in client.get(house.path).text
    assert "Svenska" not in client.get("/sign-in").text
