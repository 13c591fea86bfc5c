"""A notice in prose becomes a file that checks, each line with its sentence; what is missing is said, not made up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draft.texts import ENGLISH, FINNISH, GROOMER, NEGATED, POOR, SALON

from seloste.cli import group
from seloste.draft.abroad import named
from seloste.draft.facts import Facts
from seloste.draft.lexicon import Lang, cue_pattern, lexicon
from seloste.draft.read import parties, read
from seloste.draft.report import Report, as_text, report, texts
from seloste.draft.write import MARK, write
from seloste.law.checklist import items
from seloste.notice.check import CheckResult

DAY = dt.date(2026, 11, 30)


def drafted(text: str, lang: Lang) -> tuple[Facts, str, CheckResult, Report]:
    facts = read(text, lang)
    written, result = write(facts, day=DAY)
    return facts, written, result, report(facts)


def unmarked_errors(written: str, result: CheckResult, lang: Lang) -> list[str]:
    """Errors of the check at lines that do not ask the owner to fill something in."""
    lines = written.splitlines()
    return [
        f"{one.code} {one.at}"
        for one in result.findings
        if one.severity == "error" and MARK[lang] not in lines[one.line - 1]
    ]


def test_a_whole_finnish_notice() -> None:
    facts, written, result, made = drafted(FINNISH, "fi")
    assert unmarked_errors(written, result, "fi") == []
    assert result.notice is not None
    wanted = {"customer_care", "orders", "bookkeeping", "complaints", "newsletter", "claims"}
    assert set(result.notice.purposes) - {"accountability"} == wanted
    assert {key: facts.controller[key][0] for key in ("name", "business_id", "address", "email")} == {
        "name": "Pyöräpaja Ketju Oy", "business_id": "9184206-9", "address": "Ketjukuja 1, 00100 Helsinki",
        "email": "tietosuoja@ketju.example",
    }  # fmt: skip
    assert [(one.text, one.purpose) for one in facts.periods] == [
        ("6 years", "bookkeeping"), ("2 years", "customer_care"), ("12 months", "complaints"),
    ]  # fmt: skip
    assert "{relationship: 2 years after ended}" in written
    assert "{complaint: 12 months after resolved_on}" in written
    assert {"carrier", "collection", "authorities"} == set(facts.said["recipient"])
    assert set(facts.said["source"]) == {"subject", "phone", "web_form"}
    assert "# rivi 17: tilausten käsittely ja toimitus (sopimus)" in written
    assert "never: [selling, profiling, leaving_eea]" in written
    assert [point.item for point in made.points if point.state in ("lacks", "unclear")] == []
    assert [point.item for point in made.points] == [item.id for item in items()]


def test_an_english_notice_and_what_it_lacks() -> None:
    facts, written, result, made = drafted(ENGLISH, "en")
    assert unmarked_errors(written, result, "en") == []
    assert {"membership", "events", "bookkeeping", "newsletter"} <= set(facts.purposes)
    assert "{membership: 3 years after ended}" in written
    assert "6 months after event.starts_at" in written
    assert facts.customers == "people"
    states = {item: made.state(item) for item in ("N11", "N12", "N13", "N16", "N17", "N18")}
    assert states == {"N11": "has", "N12": "has", "N13": "lacks", "N16": "lacks", "N17": "lacks", "N18": "lacks"}
    assert made.state("N9") == "unclear"
    vague = next(point for point in made.points if point.item == "N10")
    assert vague.where is not None
    assert vague.where.text == "Other data are kept as long as necessary."
    assert {"quota", "in_writing"} <= {mend.key for mend in made.mends}
    assert any("Photos" in one.text for one in made.unread)


def test_what_is_denied_is_not_done() -> None:
    facts, written, result, made = drafted(NEGATED, "fi")
    assert unmarked_errors(written, result, "fi") == []
    assert list(facts.said["purpose"]) == ["orders"]
    assert not facts.said["recipient"]
    assert not facts.has("item", "person.personal_identity_code")
    assert made.state("N9") == "has"
    assert "never: [selling, profiling, leaving_eea]" in written
    contradicted = next(mend for mend in made.mends if mend.key == "profiling")
    assert contradicted.where is not None
    assert "profilointiin" in contradicted.where.text
    assert "rivillä 22" in contradicted.text


@pytest.mark.parametrize(
    ("sentence", "promised"),
    [
        ("Emme luovuta tietoja ulkopuolisille.", False),
        ("Emme siirrä tietoja EU:n ulkopuolelle.", True),
        ("Tietoja ei luovuteta ETA-alueen ulkopuolella toimiville.", True),
    ],
)
def test_outsiders_are_not_those_outside_the_eea(sentence: str, promised: bool) -> None:
    facts, *_ = drafted(f"Tietosuojaseloste\n\nTietojen luovuttaminen\n\n{sentence}\n", "fi")
    assert (facts.denies("never", "leaving_eea") is not None) == promised


def test_a_poor_text_promises_nothing() -> None:
    _, written, result, made = drafted(POOR, "fi")
    assert unmarked_errors(written, result, "fi") == []
    assert "TÄYDENNÄ: rekisterinpitäjän nimi" in written
    assert "never:" not in written
    lacking = {point.item for point in made.points if point.state == "lacks"}
    assert {
        "N1",
        "N2",
        "N5",
        "N6",
        "N8",
        "N10",
        *(f"N{n}" for n in (11, 12, 13, 14, 15, 16, 18, 19, 21, 22)),
    } == lacking


@pytest.mark.parametrize(("lang", "text"), [("fi", GROOMER), ("en", SALON)])
def test_data_of_a_dog_are_no_persons_and_what_has_no_place_is_said(lang: Lang, text: str) -> None:
    facts, written, result, made = drafted(text, lang)
    assert unmarked_errors(written, result, lang) == []
    assert facts.has("item", "name")
    assert not facts.has("item", "health")
    assert not facts.has("item", "person.birth_date")
    assert "special" not in {mend.key for mend in made.mends}
    breed = {"fi": "rotu", "en": "breed"}[lang]
    line = next(number for number, each in enumerate(text.splitlines(), 1) if breed in each)
    assert (breed, line) in [(phrase, one.line) for phrase, one in facts.apart]
    assert "docs/howto/own-kinds.md" in as_text(made)
    assert breed in written.splitlines()[-1]
    assert "appointments" in facts.purposes, "who stores booked times books them"
    assert "starts_at" in written
    assert "{application: 12 months after applied_at}" in written
    assert made.state("N9") == "lacks"


def test_an_owners_illness_is_the_owners() -> None:
    said = "Mitä tietoja käsittelemme\n\n- koiran rotu, omistajan nimi ja omistajan allergiat\n"
    facts = read(said, "fi")
    assert facts.has("item", "health")
    assert [phrase for phrase, _ in facts.apart] == ["koiran rotu"]


@pytest.mark.parametrize(
    ("lang", "text", "codes"),
    [
        ("fi", "Palvelimet ovat Yhdysvalloissa ja Intiassa.", {"US", "IN"}),
        ("fi", "Palauta lomake meille. Englanniksi seloste on verkossa, Englannin kielellä myös.", set()),
        ("fi", "Tiedot siirretään Englantiin ja Palaun saarille.", {"GB", "PW"}),
        ("fi", "Tietoja siirretään USA:han, Isoon-Britanniaan ja Kiinaan.", {"US", "GB", "CN"}),
        ("fi", "Tuki tulee Filippiineiltä, Turkista, Israelista ja Etelä-Koreasta.", {"PH", "TR", "IL", "KR"}),
        ("fi", "Uudessa-Seelannissa, Sveitsistä, Venäjälle, Ukrainaan, Singaporessa.", {"NZ", "CH", "RU", "UA", "SG"}),
        ("fi", "Saat oman tietosi ja voit perua luvan. Oman tilin voi poistaa. Palvelin on Virossa.", set()),
        ("en", "Servers are in the United States, India and the United Kingdom.", {"US", "IN", "GB"}),
        ("en", "Servers are in Ireland.", set()),
    ],
)
def test_countries_in_their_cases(lang: Lang, text: str, codes: set[str]) -> None:
    assert {code for code, _ in named(text, lang)} == codes


def test_a_country_that_is_denied_gets_nothing() -> None:
    said = "Tietojen siirrot\n\nEmme siirrä tietoja Yhdysvaltoihin.\n"
    assert report(read(said, "fi")).state("N9") != "lacks"


PIECES = st.sampled_from(
    [*FINNISH.split(), *ENGLISH.split(), "\n", "\n\n", "- ", "1. ", ": ", "#", '"', "{p}", "[", "\u2028"]
)


@pytest.mark.parametrize("lang", ["fi", "en"])
@settings(max_examples=12, deadline=None)
@given(text=st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=120).map(" ".join)))
def test_any_text_gives_a_file_that_can_be_read(lang: Lang, text: str) -> None:
    _, written, result, made = drafted(text, lang)
    assert unmarked_errors(written, result, lang) == []
    assert as_text(made)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fi", "Säilytämme ne asiakkuuden ajan ja kaksi vuotta viimeisestä käynnistä.", "2 years customer_care.last"),
        ("fi", "Laskut säilytetään 6 v ja hakemukset 24 kk.", "6 years bookkeeping, 24 months recruitment_claims"),
        ("fi", "Tietoja säilytetään kolme vuotta.", "3 years "),
        ("fi", "Tietoja säilytetään niin kauan kuin on tarpeen.", ""),
        ("en", "Invoices are kept six years and orders two years.", "6 years bookkeeping, 2 years orders"),
        ("en", "Enquiries are deleted after one year.", "1 year enquiries"),
        ("en", "Recordings are deleted after 14 days.", "14 days cameras"),
    ],
)
def test_what_a_period_is_counted_from(lang: Lang, text: str, expected: str) -> None:
    heading = {"fi": "Säilytysajat", "en": "Retention"}[lang]
    found = read(f"{heading}\n\n{text}", lang).periods
    assert ", ".join(f"{one.text} {one.rule}" for one in found) == expected


def test_every_cue_has_a_meaning() -> None:
    """Keys of both languages are the same, and each party and reason they lead to is written down."""
    fi, en = lexicon("fi").raw, lexicon("en").raw
    differ = {"item", "role"}
    assert {k: set(v) for k, v in fi.items() if isinstance(v, dict) and k not in differ and k != "source"} == {
        k: set(v) for k, v in en.items() if isinstance(v, dict) and k not in differ and k != "source"
    }
    assert set(fi["recipient"]) == set(parties()["recipient"])
    assert set(fi["processor"]) == set(parties()["processor"])
    assert set(fi["anchor"]) == set(parties()["keep"])
    assert {item.id for item in items()} - {"N3", "N4"} <= set(texts()["why"])


@pytest.mark.parametrize(
    ("cue", "text", "hit"),
    [
        ("oikeutet etu|etuu", "oikeutettuun etuumme", True),
        ("=order", "in the ordering", False),
        ("~osoite", "sähköpostiosoite", True),
        ("kaksi sanaa", "kaksi yksi yksi yksi yksi sanaa", False),
    ],
)
def test_cues(cue: str, text: str, hit: bool) -> None:
    assert bool(cue_pattern([cue]).search(text)) is hit


def test_the_command(tmp_path: Path) -> None:
    prose, out = tmp_path / "seloste.txt", tmp_path / "notice.yaml"
    prose.write_bytes(FINNISH.encode("cp1252"))
    done = CliRunner().invoke(group, ["draft", str(prose), "--lang", "fi", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "Mitä tekstissä on" in done.output
    assert "Pyöräpaja Ketju Oy" in out.read_text("utf-8")
    again = CliRunner().invoke(group, ["draft", str(prose), "--lang", "fi", "--out", str(out)])
    assert again.exit_code == 2
    prose.write_bytes(b"PK\x03\x04\0\0")
    other = CliRunner().invoke(group, ["draft", str(prose), "--lang", "fi", "--out", str(tmp_path / "b.yaml")])
    assert other.exit_code == 2
    assert not (tmp_path / "b.yaml").exists()
