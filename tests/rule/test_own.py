"""``only:`` of a role: the acting person's own rows, what belongs to them, and nothing of anybody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.prepared import applied, example

from seloste.notice import load
from seloste.operations.accounts import whom
from seloste.operations.accounts.errors import AccountError
from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.operations.records.around import around
from seloste.operations.records.collect import collect
from seloste.operations.records.find import find
from seloste.operations.records.gone import is_gone
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.operations.records.remove import remove
from seloste.settings import Settings
from seloste.store.lens import LensRefusedError
from seloste.store.registers import Registers, RegisterStore

CLI = Actor("cli", "")

FRAME = Path(__file__).parents[1] / "corpus" / "faulty" / "sound.yaml"
CLUB = """\
extends: sound.yaml
register: club
people: [customer, {player: {text: pelaajat, tie: playing}}, {coach: {text: valmentajat, tie: coaching}}]
kinds:
  team: {label: Joukkue, items: {called: text}, about: nobody, title: [called]}
  playing: {label: Pelaaminen, of: [person, team], tie: true, items: {began: date, ended: date}}
  coaching: {label: Valmennus, of: [person, team], tie: true, items: {began: date, ended: date}}
purposes:
  sport:
    text: Joukkueiden toiminta
    basis: contract
    uses: [name, team, playing, coaching, feedback]
    keep: {playing: 1 year after ended, coaching: 1 year after ended}
staff:
  office: [sport]
  coach: {for: [sport], only: coaching.team}
"""


@pytest.fixture
def registers(tmp_path: Path, database_url: str) -> Iterator[Registers]:
    url = None if database_url.startswith("sqlite") else database_url
    made = Registers(Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key"))
    yield made
    made.close()


@pytest.fixture
def recruiting(registers: Registers, fixed_now: dt.datetime) -> RegisterStore:
    notice = example("fluent-progress/recruiting")
    applied(registers, notice, fixed_now)
    return registers.open(notice.register)


@pytest.fixture
def club(registers: Registers, tmp_path: Path, fixed_now: dt.datetime) -> RegisterStore:
    file = tmp_path / "club.yaml"
    file.write_text(CLUB, "utf-8")
    (tmp_path / "sound.yaml").write_bytes(FRAME.read_bytes())
    notice = load(file)
    applied(registers, notice, fixed_now)
    return registers.open(notice.register)


def entered(store: RegisterStore, now: dt.datetime, *rows: NewRow) -> dict[str, int]:
    return dict(collect(store, rows, actor=CLI, now=now).ids)


def jobs(store: RegisterStore, now: dt.datetime) -> dict[str, int]:
    """Two openings, each with somebody responsible for it, an applicant, an application and an interview."""
    rows = []
    for each in ("1", "2"):
        rows += [
            NewRow("person", {"first_name": f"Johto{each}"}, source="own_records", ref=f"boss{each}"),
            NewRow("opening", {"title": f"Tehtävä {each}"}, source="own_records", ref=f"opening{each}"),
            NewRow(
                "hiring",
                {"began_on": "2026-01-01"},
                {"person": f"boss{each}", "opening": f"opening{each}"},
                source="own_records",
                ref=f"hiring{each}",
            ),
            NewRow(
                "person",
                {"first_name": f"Hakija{each}", "phone": [f"050 000 010{each}"]},
                source="web_form",
                ref=f"person{each}",
            ),
            NewRow(
                "application",
                {"applied_at": "2026-11-20 10:00", "cover_letter": f"Kirje {each}"},
                {"person": f"person{each}", "opening": f"opening{each}"},
                source="web_form",
                ref=f"application{each}",
            ),
            NewRow(
                "interview",
                {"at": "2026-11-24 10:00"},
                {"application": f"application{each}"},
                source="own_records",
                ref=f"interview{each}",
            ),
        ]
    return entered(store, now, *rows)


def seen(store: RegisterStore, kind: str, actor: Actor, now: dt.datetime) -> set[int]:
    """The ids of a kind that a list shows; the count beside it and reads one by one agree."""
    page = read.rows(store, kind, actor=actor, now=now)
    found = {each.id for each in page.rows}
    assert len(found) == page.total == read.count(store, kind, actor=actor, now=now)
    assert set(read.ids(store, kind, actor=actor, now=now)) == found
    everybody = read.visible_ids(store, "", kind, range(1, 30), now)
    assert read.visible_ids(store, actor.lens, kind, everybody, now, actor.person) == found
    for number in everybody:
        if number in found:
            assert read.row(store, kind, number, actor=actor, now=now).id == number
        else:
            with pytest.raises(NoSuchRowError):
                read.row(store, kind, number, actor=actor, now=now)
    return found


KINDS = ("opening", "application", "interview", "person")


@pytest.mark.promise("F53")
def test_a_role_narrowed_by_a_tie_sees_what_leads_to_its_own(recruiting: RegisterStore, fixed_now: dt.datetime) -> None:
    ids = jobs(recruiting, fixed_now)
    for each in ("1", "2"):
        boss = Actor("a1", "hiring_manager", ids[f"boss{each}"])
        found = {kind: seen(recruiting, kind, boss, fixed_now) for kind in KINDS}
        assert found["opening"] == {ids[f"opening{each}"]}
        assert found["application"] == {ids[f"application{each}"]}
        assert found["interview"] == {ids[f"interview{each}"]}
        # Whom nothing in the role's purpose is about, the manager themselves, the purpose does not show.
        assert found["person"] == {ids[f"person{each}"]}
        assert around(recruiting, "person", ids[f"person{each}"], actor=boss, now=fixed_now).rows["application"]
    office = Actor("a2", "recruiter")
    assert len(seen(recruiting, "application", office, fixed_now)) == 2


def test_whoever_is_nobody_of_the_register_sees_nothing(recruiting: RegisterStore, fixed_now: dt.datetime) -> None:
    ids = jobs(recruiting, fixed_now)
    for person in (None, ids["person1"], 99999):
        stranger = Actor("a1", "hiring_manager", person)
        assert [seen(recruiting, kind, stranger, fixed_now) for kind in KINDS] == [set()] * len(KINDS)
        assert find(recruiting, "Hakija", actor=stranger, now=fixed_now).hits == ()


def test_of_somebody_elses_people_it_is_not_told_that_they_left(
    recruiting: RegisterStore, fixed_now: dt.datetime
) -> None:
    ids = jobs(recruiting, fixed_now)
    first, second = (Actor(f"a{each}", "hiring_manager", ids[f"boss{each}"]) for each in ("1", "2"))
    whose = ids["person1"]
    assert seen(recruiting, "person", first, fixed_now) == {whose}
    assert not is_gone(recruiting, "person", whose, actor=first, now=fixed_now)
    rows = [(kind, ids[f"{kind}1"]) for kind in ("interview", "application", "person")]
    remove(recruiting, rows, actor=CLI, now=fixed_now)
    assert is_gone(recruiting, "person", whose, actor=first, now=fixed_now)
    assert not is_gone(recruiting, "person", whose, actor=second, now=fixed_now)


def test_search_changes_and_new_rows_keep_to_ones_own(recruiting: RegisterStore, fixed_now: dt.datetime) -> None:
    ids = jobs(recruiting, fixed_now)
    boss = Actor("a1", "hiring_manager", ids["boss1"])
    assert [hit.record.id for hit in find(recruiting, "Hakija", actor=boss, now=fixed_now).hits] == [ids["person1"]]
    with pytest.raises(NoSuchRowError):
        rectify(
            recruiting,
            "application",
            ids["application2"],
            {"status": "chosen"},
            source="own_records",
            actor=boss,
            now=fixed_now,
        )
    row = NewRow("interview", {"at": "2026-12-01 10:00"}, {"application": ids["application2"]}, source="own_records")
    with pytest.raises((InvalidRowsError, NoSuchRowError)):
        collect(recruiting, [row], actor=boss, now=fixed_now)
    mine = NewRow("interview", {"at": "2026-12-01 10:00"}, {"application": ids["application1"]}, source="own_records")
    collect(recruiting, [mine], actor=boss, now=fixed_now)


def test_what_belongs_to_somebody_who_is_ones_own_goes_with_them(club: RegisterStore, fixed_now: dt.datetime) -> None:
    rows = [NewRow("person", {"first_name": "Valmentaja"}, source="subject", ref="coach")]
    for each in ("1", "2", "3"):
        rows += [
            NewRow("team", {"called": f"Joukkue {each}"}, source="subject", ref=f"team{each}"),
            NewRow("person", {"first_name": f"Pelaaja{each}"}, source="subject", ref=f"player{each}"),
            NewRow(
                "playing",
                {"began": "2026-01-01"},
                {"person": f"player{each}", "team": f"team{each}"},
                source="subject",
            ),
            NewRow(
                "feedback", {"text": f"Huomio {each}"}, {"person": f"player{each}"}, source="subject", ref=f"note{each}"
            ),
        ]
    # The first team is coached, the second was until yesterday, the third never.
    for each, ended in (("1", None), ("2", "2026-11-24")):
        values = {"began": "2026-01-01"} | ({"ended": ended} if ended else {})
        rows.append(NewRow("coaching", values, {"person": "coach", "team": f"team{each}"}, source="subject"))
    ids = entered(club, fixed_now, *rows)
    coach = Actor("a1", "coach", ids["coach"])
    assert seen(club, "team", coach, fixed_now) == {ids["team1"]}
    assert seen(club, "person", coach, fixed_now) == {ids["player1"], ids["coach"]}
    assert seen(club, "feedback", coach, fixed_now) == {ids["note1"]}


def test_no_statement_of_a_caller_widens_what_is_ones_own(recruiting: RegisterStore, fixed_now: dt.datetime) -> None:
    ids = jobs(recruiting, fixed_now)
    other = ids["boss2"]
    tries = (
        f"SELECT set_config('seloste.acting', '{other}', true), id FROM application",
        f"SELECT id FROM application WHERE {other} = seloste_acting()",
        f"WITH hiring AS (SELECT {other} AS person, id AS opening FROM opening) SELECT id FROM application",
        f"SET seloste.acting TO '{other}'",
        "SELECT a.id FROM application a LEFT JOIN opening o ON o.id = a.opening WHERE 1 = 1 OR o.id IS NULL",
        "SELECT id FROM application ORDER BY opening DESC",
    )
    for statement in tries:
        found: list[tuple[object, ...]] = []
        with recruiting.through("hiring_manager", fixed_now, ids["boss1"]) as conn:
            try:
                found = list(conn.execute(statement).all())
            except LensRefusedError:
                continue
        assert {row[-1] for row in found} <= {ids["application1"]}, statement
    # Nor does who read before over the same connection.
    with recruiting.through("hiring_manager", fixed_now) as conn:
        assert conn.execute("SELECT id FROM application").all() == []


def test_an_account_is_the_one_person_found(club: RegisterStore, fixed_now: dt.datetime) -> None:
    person = NewRow("person", {"first_name": "Aila"}, source="subject", ref="p")
    team = NewRow("team", {"called": "Tytöt"}, source="subject", ref="t")
    tie = NewRow("coaching", {"began": "2026-01-01"}, {"person": "p", "team": "t"}, source="subject")
    ids = entered(club, fixed_now, person, team, tie)
    assert whom.person_of(club, str(ids["p"]), now=fixed_now) == ids["p"]
    assert whom.busiest(club, "coach", now=fixed_now) == ids["p"]
    assert whom.busiest(club, "office", now=fixed_now) is None
    for words in ("ei.ketaan@palloseura.example", "99999", ""):
        with pytest.raises(AccountError):
            whom.person_of(club, words, now=fixed_now)
