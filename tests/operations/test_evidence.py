"""The evidence pack: each published sentence answered, exceptions that come and go, and nothing of anybody in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import json
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.operations.conftest import contact

import seloste.operations.evidence as room
from seloste.notice.render.build import NoSuchLanguage, build
from seloste.notice.render.sentences import sentences
from seloste.operations.actor import CLI, Actor
from seloste.operations.disclosures.agreements import TEXTS, record_agreement
from seloste.operations.evidence.checks import Checks
from seloste.operations.evidence.counts import SMALLEST, Balance, Count, Key, coarse
from seloste.operations.evidence.counts import told as told_together
from seloste.operations.evidence.facts import Answered, Held, _as_told, gather
from seloste.operations.evidence.open import Open, open_of
from seloste.operations.evidence.pack import SUMS, make_pack, write_pack
from seloste.operations.evidence.proofs import proofs
from seloste.operations.evidence.words import Words
from seloste.operations.journal import check_journal
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention.holds import place
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.give_access import give_access
from seloste.operations.rights.receive import receive
from seloste.operations.verify import verify
from seloste.store import journal
from seloste.store.registers import RegisterStore

LEAD = Actor("a9", "sales")
FIRST = ("Sari", "Timo", "Otto", "Aino", "Ilmari", "Kaisa")
DAY = dt.timedelta(days=1)


@pytest.fixture
def people(store: RegisterStore, fixed_now: dt.datetime) -> list[int]:
    return [contact(store, fixed_now, first=first) for first in FIRST]


def opens(store: RegisterStore, now: dt.datetime) -> dict[str, Open]:
    words = Words(store.register, "en")
    return {each.code: each for each in open_of(words, gather(store, now=now))}


def told(store: RegisterStore, now: dt.datetime, *rules: str) -> str:
    """What proves some rules on a day."""
    words, facts = Words(store.register, "en"), gather(store, now=now)
    return " ".join(text for rule in rules for text in proofs(words, facts, rule))


def test_every_sentence_is_answered_and_nobody_is_in_it(
    store: RegisterStore, people: list[int], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    asked = receive(store, "access", channel="email", person=people[0], evidence=frozenset({"strong"}), language="fi",
                    actor=LEAD, now=fixed_now).id  # fmt: skip
    give_access(store, asked, actor=LEAD, now=fixed_now + DAY)
    pack = make_pack(store, "fi", actor=CLI, now=fixed_now + 2 * DAY)
    published = sentences(build(store.register.notice, "fi"))
    found = json.loads(pack.files["evidence.json"])
    assert [each["text"] for each in found["sentences"]] == [each.text for each in published]
    page = pack.files["index.html"].decode()
    for each in found["sentences"]:
        assert each["rule"] and each["enforced"]
        assert each["text"][:30].replace("'", "&#39;") in page
    assert pack.files["evidence.pdf"].startswith(b"%PDF-")
    # The head that an auditor notes is that of the chain just before the pack was written down.
    with store.read(fixed_now) as conn:
        end = journal.head(conn)
        previous = journal_before(store, end.seq)
    assert found["journal"] == {"ok": True, "entries": end.seq - 2, "first_bad": None,
                                "head": {"seq": end.seq - 2, "hash": previous}}  # fmt: skip
    assert found["derived"]["ok"] and found["derived"]["rows"] > 0
    write_pack(pack, tmp_path / "pack")
    for line in (tmp_path / "pack" / SUMS).read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "pack" / name).read_bytes()).hexdigest() == digest
    with zipfile.ZipFile(io.BytesIO(pack.zipped(fixed_now))) as archive:
        assert {Path(name).name for name in archive.namelist()} == set(pack.files)
    everything = b"".join(data for name, data in pack.files.items() if not name.endswith((".xlsx", ".pdf"))).decode()
    for value in ("Havukoski", "havupumppu.example", "Havupumppu", "0142", "Huoltopäällikkö", *FIRST):
        assert value not in everything
    assert [number for number in counts(found["facts"]) if 0 < number < SMALLEST] == []
    with pytest.raises(NoSuchLanguage):
        make_pack(store, "sv", actor=CLI, now=fixed_now)


def journal_before(store: RegisterStore, seq: int) -> str:
    with store.database.read() as conn:
        return str(conn.execute("SELECT hash FROM journal WHERE seq = :seq", {"seq": seq - 2}).all()[0][0])


def counts(found: Any, key: str = "") -> Iterator[int]:
    """Every number of the facts that counts something of people."""
    if isinstance(found, dict):
        for name, each in found.items():
            yield from counts(each, name)
    elif isinstance(found, list):
        for each in found:
            yield from counts(each, key)
    elif isinstance(found, int) and not isinstance(found, bool) and key not in ("journal_seq", "breaches", "longest"):
        yield found


def test_a_sweep_an_answer_and_a_disclosure_are_told_by_the_sentences_they_keep(
    store: RegisterStore, people: list[int], fixed_now: dt.datetime
) -> None:
    for person in people:
        values = {"given_at": fixed_now, "text": "Hyvä"}
        collect(store, [NewRow("feedback", values, {"person": person})], actor=CLI, now=fixed_now)
    rule = "purposes.feedback.keep.feedback"
    later = fixed_now + 740 * DAY
    before = told(store, fixed_now, rule, "rights.access")
    for text in (
        "Feedback: 6 now, the oldest from November 2026.",
        "No sweep has been run yet.",
        "Past their time: none.",
    ):
        assert text in before
    assert "No request has been answered in a year." in before
    assert "Ended today, go in the next run: " in told(store, later, rule)
    sweep(store, now=later, actor=CLI)
    verify(store, actor=CLI, now=later)
    after = told(store, later, rule, "register")
    assert "Feedback: none now." in after and "Past their time: none." in after
    assert "Feedback: removed in a year 6, the last on 4 Dec 2028 09:12." in after
    assert "Everything derived was computed again on 4 Dec 2028 09:12: nothing differed." in after
    for person in people:
        values = {"recipient": "Letkuset Oy", "recipient_key": "partners", "purpose": "partner_marketing",
                  "at": fixed_now}  # fmt: skip
        collect(store, [NewRow("disclosure", values, {"person": person})], actor=CLI, now=fixed_now)
    assert told(store, fixed_now, "recipients.partners").startswith(
        "Given in a year, counted by person: 6, the last in November 2026."
    )
    assert told(store, fixed_now, "recipients.customs") == "Nothing given in a year."
    assert "given_others" not in opens(store, fixed_now)
    collect(store, [NewRow("disclosure", {"recipient": "Joku Oy", "at": fixed_now}, {"person": people[0]})],
            actor=CLI, now=fixed_now)  # fmt: skip
    assert "fewer than five" in opens(store, fixed_now)["given_others"].text


def test_how_few_bans_have_ended_does_not_follow_from_those_that_stand(
    store: RegisterStore, people: list[int], fixed_now: dt.datetime
) -> None:
    for person in people:
        for channel in ("phone", "sms"):
            say.ban(store, person, channel, actor=CLI, now=fixed_now)
    first = gather(store, now=fixed_now)
    assert first.held["ban"].rows == first.bans != "few"
    with store.read(fixed_now) as conn:
        ((number, person),) = conn.execute("SELECT id, person FROM ban ORDER BY id LIMIT 1")
    say.lift_ban(store, person, number, actor=CLI, now=fixed_now)
    found = gather(store, now=fixed_now)
    assert isinstance(found.bans, int) and found.held["ban"].rows == "untold"


def test_exceptions_come_and_go(store: RegisterStore, people: list[int], fixed_now: dt.datetime) -> None:
    found = opens(store, fixed_now)
    lacking = {"agreement_missing", "balancing_missing", "transfer_missing"}
    assert {code for code, each in found.items() if not each.warns} == lacking
    missing = found["agreement_missing"]
    assert missing.concerns("processors.mailing") and not missing.concerns("processors.website")
    # A request that nobody answers is late, and is no longer when it is answered.
    asked = receive(store, "access", channel="email", person=people[0], evidence=frozenset({"strong"}), language="fi",
                    actor=LEAD, now=fixed_now).id  # fmt: skip
    late = fixed_now + 45 * DAY
    assert opens(store, fixed_now)["waiting"].warns
    assert opens(store, late)["overdue"].concerns("rights.answer")
    give_access(store, asked, actor=LEAD, now=late)
    assert "overdue" not in opens(store, late)
    # No sweep in a day and a half: every period says so.
    missed = opens(store, late)["sweep_missing"]
    assert all(missed.concerns(f"purposes.{key}.keep") for key in store.register.purposes)
    sweep(store, now=late, actor=CLI)
    assert "sweep_missing" not in opens(store, late)
    # A hold is known, until its review is late.
    place(store, [people[1]], "riita", owner="a9", review_on=(late + 10 * DAY).date(), actor=LEAD, now=late)
    assert opens(store, late)["holds"].warns
    assert not opens(store, late + 12 * DAY)["holds_late"].warns
    for one in store.register.notice.processors:
        clauses = [option.key for option in store.register.tables["processor_agreement"].kind.items["clauses"].options]
        values = dict.fromkeys(TEXTS, "x") | {"clauses": clauses, "signed_on": "1.11.2026", "paper": "kansio"}
        record_agreement(store, one.key, values, actor=LEAD, now=late)
    assert "agreement_missing" not in opens(store, late)
    # What somebody wrote past the register is seen.
    assert "past" not in opens(store, late)
    with store.database.transaction() as conn:
        conn.execute("UPDATE relationship SET ended = '2020-01-01', sys_until_customer_care = '2020-07-01'")
        conn.execute("UPDATE organisation SET sys_source = 'somewhere'")
    found = opens(store, late)
    assert found["past"].concerns("purposes.customer_care.keep.relationship")
    assert found["sources_others"].concerns("sources")
    report = verify(store, actor=CLI, now=late)
    checks = Checks(check_journal(store, actor=CLI, now=late), report)
    assert [each.code for each in checks.open(Words(store.register, "en"))] == ["derived"]
    assert opens(store, late)["unverified"].concerns("register")


def given_away(worlds: Iterable[tuple[dict[Key, int], list[Balance]]], most: int) -> list[tuple[object, Key, int]]:
    """Small numbers that are known to whoever sees what is told of a world, and knows by which rule: those that are the
    same in all worlds of which that is told. Worlds near ``most``, beyond which none were tried, are left out.
    """
    alike: dict[tuple[tuple[Key, Count], ...], list[dict[Key, int]]] = defaultdict(list)
    for numbers, balances in worlds:
        found = told_together(numbers, balances)
        assert not any(0 < found[key] < SMALLEST for key in found if isinstance(found[key], int))  # type: ignore[operator]
        alike[tuple((key, found[key]) for key in numbers)].append(numbers)
    return [
        (seen, key, several[0][key])
        for seen, several in alike.items()
        if max(max(numbers.values()) for numbers in several) < most - SMALLEST
        for key, number in seen
        if isinstance(number, str) and len({numbers[key] for numbers in several}) == 1
        if 0 < several[0][key] < SMALLEST
    ]


@pytest.mark.parametrize(("parts", "most"), [(1, 12), (2, 20), (3, 14)])
def test_no_small_count_follows_from_what_it_adds_up_to(parts: int, most: int) -> None:
    total, keys = ("all",), tuple((letter,) for letter in "abc"[:parts])

    def worlds() -> Iterator[tuple[dict[Key, int], list[Balance]]]:
        for amounts in itertools.product(range(most), repeat=parts):
            yield {total: sum(amounts), **dict(zip(keys, amounts, strict=True))}, [Balance((total,), keys)]

    assert given_away(worlds(), most) == []


def test_no_small_count_follows_from_sums_that_share_one() -> None:
    """Rows of two kinds, of which one is what was said of two things, and the sources that all came from."""
    most = 12

    def worlds() -> Iterator[tuple[dict[Key, int], list[Balance]]]:
        for other, one, two in itertools.product(range(most), range(7), range(5)):
            for source in range(other + one + two + 1):
                there = {("held", "other"): other, ("held", "said"): one + two, ("source", "a"): source,
                         ("source", "b"): other + one + two - source}  # fmt: skip
                numbers = {key: number for key, number in there.items() if number}
                rows, sources = (tuple(key for key in numbers if key[0] == name) for name in ("held", "source"))
                said = (("said", "one"), ("said", "two"))
                balances = [Balance(sources, rows, spare=True)]
                if ("held", "said") in numbers:
                    balances.append(Balance((("held", "said"),), said, spare=True))
                yield {**numbers, said[0]: one, said[1]: two}, balances

    assert given_away(worlds(), most) == []


def test_no_more_is_left_untold_than_must_be() -> None:
    total, a, b, c = (("all",), ("a",), ("b",), ("c",))
    balance = Balance((total,), (a, b, c))
    plain = {total: 9, a: 9, b: 0, c: 0}
    assert told_together(plain, (balance,)) == plain
    numbers = {total: 80, a: 20, b: 58, c: 2}
    assert told_together(numbers, (balance,)) == {**numbers, a: "untold", c: "few"}
    # Two and five are all that the sum leaves when one of them is told to be small.
    assert told_together({total: 7, a: 2, b: 5, c: 0}, (balance,)) == {total: 7, a: "untold", b: "untold", c: "untold"}
    spared = {total: 22, a: 20, b: 0, c: 2}
    told_of = {**spared, total: "untold", c: "few"}
    assert told_together(spared, (Balance((total,), (a, b, c), spare=True),)) == told_of


def test_a_consent_is_not_told_apart_by_what_is_held_of_all(store: RegisterStore, fixed_now: dt.datetime) -> None:
    exact = gather(store, now=fixed_now)
    numbers = {"newsletter": (10, 0), "survey": (1, 0)}
    made = replace(
        exact, held={"permission": Held(11, None)}, sources={"subject": 11}, consents=numbers,
        requests=Answered(), by_right={}, objections={}, given={}, given_others=0, sources_others=0, open=0,
    )  # fmt: skip
    found = _as_told(made)
    assert found.consents == {"newsletter": (10, 0), "survey": ("few", 0)}
    assert found.held["permission"].rows == "untold"
    assert found.sources == {"subject": "untold"}, "it is all that there is"
    assert found.sources_others == 0, "that nothing came from elsewhere is told"
    ended = replace(made, consents={"newsletter": (9, 0)}, sources={"subject": 11})
    assert _as_told(ended).held["permission"].rows == "untold", "two of them have ended by themselves"
    assert _as_told(replace(ended, consents={"newsletter": (6, 0)})).held["permission"].rows == 11


def test_rows_by_kind_do_not_give_a_small_source_nor_requests_a_small_right(
    store: RegisterStore, people: list[int], fixed_now: dt.datetime
) -> None:
    collect(store, [NewRow("feedback", {"given_at": fixed_now, "text": "Hyvä"}, {"person": people[0]})], actor=CLI,
            now=fixed_now)  # fmt: skip
    for right, several in (("access", people), ("portability", people[:1])):
        for person in several:
            asked = receive(store, right, channel="email", person=person, evidence=frozenset({"strong"}),
                            language="fi", actor=LEAD, now=fixed_now).id  # fmt: skip
            give_access(store, asked, actor=LEAD, now=fixed_now + DAY)
    facts = gather(store, now=fixed_now + DAY)
    assert facts.requests.answered == 7
    assert {right: each.answered for right, each in facts.by_right.items()} == {
        "access": "untold", "portability": "untold"}  # fmt: skip
    hidden = [kind for kind, each in facts.held.items() if isinstance(each.rows, str)]
    assert "feedback" in hidden
    assert set(facts.sources.values()) == {"untold"}, "one alone is what they leave"
    assert [each.oldest for each in facts.held.values() if isinstance(each.rows, str)] == [None] * len(hidden)


def test_small_counts_are_hidden_and_none_is_none() -> None:
    assert [coarse(number) for number in (0, 1, 4, 5, 60)] == [0, "few", "few", 5, 60]


def test_the_words_stand_in_every_language() -> None:
    def keys(found: Any, path: str = "") -> Iterator[str]:
        for name, each in found.items():
            yield from keys(each, f"{path}{name}.") if isinstance(each, dict) else [path + name]

    folder = Path(str(room.__file__)).parent / "texts"
    texts = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert set(texts) == {"fi", "en", "sv"}
    assert len({tuple(sorted(keys(each))) for each in texts.values()}) == 1
