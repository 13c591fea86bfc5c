"""What a register can show of itself today, in numbers that tell of nobody: small counts hidden, days by the month."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from seloste.clock import from_utc_text, today
from seloste.operations.assessments.model import Assessed
from seloste.operations.assessments.record import read as assessments
from seloste.operations.breaches.record import every as breaches
from seloste.operations.disclosures.model import Target
from seloste.operations.disclosures.targets import targets
from seloste.operations.evidence.counts import Balance, Count, Key, coarse, month, told
from seloste.operations.measures import measures
from seloste.operations.retention.holds import to_review
from seloste.operations.retention.report import SweepReport
from seloste.operations.retention.runs import is_missing
from seloste.operations.retention.sweep import last_reports
from seloste.operations.rights.model import NOTICE, REQUEST, Request
from seloste.operations.rights.rows import read_requests
from seloste.operations.rights.tell import undelivered
from seloste.store import figures, journal
from seloste.store.engine import Connection, one
from seloste.store.registers import RegisterStore

YEAR = dt.timedelta(days=365)
"""Requests, disclosures and sweeps are told of over so long."""
LOOKED = dt.timedelta(days=30)
SAID = ("in_force", "withdrawn")
"""Consents as they are counted, in the order of ``Facts.consents``."""
MOST_RUNS = 400
"""Reports of sweeps that are read: a little more than a year of nights."""


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a kind, and the month of the oldest when they are not few."""

    rows: Count
    oldest: dt.date | None


@dataclass(frozen=True, slots=True)
class Removed:
    """What sweeps removed of a kind in a year: rows whole or in part, and when the last of these runs was."""

    rows: Count
    last: dt.datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """Requests answered in a year: how many, how many late, and the month of the last answer.

    ``longest`` is the most days that an answer took, told where answers are not few. What nobody asked, and was
    answered as it was written down (``rights.unasked``), would flatter these and is in none of them.
    """

    answered: Count = 0
    late: Count = 0
    longest: int | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Disclosures to a recipient in a year, counted by person; the month of the last."""

    people: Count
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Deed:
    """The last time something was done by somebody: a check, a verification. ``fault`` says that it found something."""

    at: dt.datetime
    fault: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """How an assessment stands, and the days of the one that counts."""

    state: str
    on: dt.date | None
    review_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A register on a day. Kinds, purposes, rights, roles and parties by their keys in the notice."""

    at: dt.datetime
    digest: str
    applied_at: dt.datetime | None
    held: Mapping[str, Held]
    unneeded: Mapping[str, Count]
    swept_at: dt.datetime | None
    sweep_missing: bool
    removed: Mapping[str, Removed]
    consents: Mapping[str, tuple[Count, Count]]
    """By purpose: in force, withdrawn."""
    objections: Mapping[str, Mapping[str, Count]]
    bans: Count
    holds: Count
    holds_late: Count
    restrictions: Count
    requests: Answered
    by_right: Mapping[str, Answered]
    open: Count
    overdue: Count
    undelivered: Count
    to_tell: Count
    given: Mapping[str, Given]
    given_others: Count
    """Disclosures to somebody whom the notice does not name."""
    sources: Mapping[str, Count]
    """Rows by the source that they came from."""
    sources_others: Count
    """Rows from a source that the notice does not name."""
    looks: Mapping[str, Count]
    refused: Count
    agreements: Mapping[str, str]
    """Processor -> ``in_force``, or the code of what stops it."""
    transfers: Mapping[str, tuple[str, ...]]
    """Recipient or processor -> countries outside the EEA."""
    transfers_bad: Mapping[str, tuple[str, ...]]
    assessed: Mapping[str, Weighed]
    """What needs an assessment, by ``balancing.`` and a purpose or ``transfer.`` and a party."""
    measures: Mapping[str, str]
    breaches: int
    verified: Deed | None
    journal_checked: Deed | None
    journal_seq: int
    journal_hash: str


def gather(store: RegisterStore, *, now: dt.datetime) -> Facts:
    """Count it all. Whole tables are read, so that a page keeps what it got; no value and no name is."""
    register, day = store.register, today(now)
    notice = register.notice
    reports = [each for each in last_reports(store, now=now, most=MOST_RUNS) if each.at > now - YEAR]
    reached, late = targets(store, now=now), to_review(store, now=now)
    unsent, breached = undelivered(store, now=now), breaches(store, now=now)
    store.reads.flush()
    with store.read(now) as conn:
        found = [each for each in read_requests(store, conn, now) if not each.unasked]
        looks = figures.looks(conn, now - LOOKED)
        sources = figures.sources(conn, register.tables)
        head = journal.head(conn)
        named, others = _given(reached, figures.given(conn, now - YEAR))
        applied = one(conn.execute("SELECT max(applied_at) FROM sys_notice"))[0]
        exact = Facts(
            at=now,
            digest=register.hash,
            applied_at=from_utc_text(applied) if applied else None,
            held={kind: Held(each.rows, month(each.oldest)) for kind, each in figures.held(conn, register).items()},
            unneeded={kind: coarse(n) for kind, n in figures.unneeded(conn, register).items()},
            swept_at=reports[0].at if reports else None,
            sweep_missing=is_missing(store, now=now),
            removed=_removed(reports),
            consents=figures.consents(conn, day),
            objections=figures.objections(conn),
            bans=figures.standing(conn, "ban", "lifted_at"),
            holds=figures.standing(conn, "hold", "ended_at"),
            holds_late=coarse(sum(each.overdue(day) for each in late)),
            restrictions=figures.standing(conn, "restriction", "lifted_at"),
            requests=_answered(found, now),
            by_right=_by_right(found, now),
            open=sum(each.open for each in found),
            overdue=coarse(sum(each.open and each.clock.overdue for each in found)),
            undelivered=coarse(len(unsent)),
            to_tell=coarse(figures.standing(conn, NOTICE, "told_at")),
            given=named,
            given_others=others,
            sources={key: n for key, n in sources.items() if key in notice.sources},
            sources_others=sum(n for key, n in sources.items() if key not in notice.sources),
            looks=_by_role(looks),
            refused=coarse(sum(n for (_, outcome), n in looks.items() if outcome == "refused")),
            agreements={
                each.key: next((block.code for block in each.blocks if block.code.startswith("agreement")), "in_force")
                for each in reached
                if each.processor is not None
            },
            transfers={each.key: _countries(each.transfers) for each in reached if each.transfers},
            transfers_bad={
                each.key: bad for each in reached if (bad := tuple(s.country for s in each.transfers if not s.ok))
            },
            assessed={f"{each.sort}.{each.of}": _weighed(each) for each in assessments(store, conn, day)},
            measures={each.measure.key: each.state for each in measures(notice, today=day)},
            breaches=sum(each.closed_at is None for each in breached),
            verified=_deed(conn, "verify_derived"),
            journal_checked=_deed(conn, "check_journal"),
            journal_seq=head.seq,
            journal_hash=head.hash,
        )
    return _as_told(exact)


STANDING = {"bans": "ban", "holds": "hold", "restrictions": "restriction"}
"""What is told of those that stand, and the kind whose rows they are."""


def _as_told(exact: Facts) -> Facts:
    """The same without what could point at somebody: neither small counts, nor what the others give of them."""
    numbers: dict[Key, int] = {
        **{("held", kind): _n(each.rows) for kind, each in exact.held.items()},
        **{("sources", key): _n(count) for key, count in exact.sources.items()},
        # That there is none is told in any case, as of a kind without rows.
        **({("sources_others",): others} if (others := _n(exact.sources_others)) else {}),
        **{("given", key): _n(each.people) for key, each in exact.given.items()},
        ("given_others",): _n(exact.given_others),
        **{("objections", key, each): _n(n) for key, of in exact.objections.items() for each, n in of.items()},
        **{
            ("consents", key, each): _n(n)
            for key, of in exact.consents.items()
            for each, n in zip(SAID, of, strict=True)
        },
        ("open",): _n(exact.open),
        **{(name,): _n(getattr(exact, name)) for name in STANDING},
    }
    for name, each in (("", exact.requests), *exact.by_right.items()):
        numbers |= {("answered", name): _n(each.answered), ("late", name): _n(each.late)}

    found = told(numbers, _balances(numbers))

    def request(name: str, each: Answered) -> Answered:
        answered = found["answered", name]
        told_of = isinstance(answered, int)
        return Answered(
            answered,
            found["late", name],
            each.longest if told_of else None,
            each.last if answered != "untold" else None,
        )

    return replace(
        exact,
        held={kind: _held(found["held", kind], each) for kind, each in exact.held.items()},
        sources={key: found["sources", key] for key in exact.sources},
        sources_others=found.get(("sources_others",), 0),
        given={
            key: Given(count := found["given", key], each.last if count != "untold" else None)
            for key, each in exact.given.items()
        },
        given_others=found["given_others",],
        consents={key: (found["consents", key, SAID[0]], found["consents", key, SAID[1]]) for key in exact.consents},
        objections={key: {s: found["objections", key, s] for s in of} for key, of in exact.objections.items()},
        open=found["open",],
        bans=found["bans",],
        holds=found["holds",],
        restrictions=found["restrictions",],
        requests=request("", exact.requests),
        by_right={right: request(right, each) for right, each in exact.by_right.items()},
    )


def _balances(numbers: Mapping[Key, int]) -> list[Balance]:
    """What of the numbers adds up to what."""

    def every(*heads: str) -> tuple[Key, ...]:
        return tuple(sorted(key for key in numbers if key[0] in heads and key[1:] != ("",)))

    balances = [
        Balance((("answered", ""),), every("answered")),
        Balance((("late", ""),), every("late")),
        Balance(every("sources", "sources_others"), every("held"), spare=True),
    ]
    # What is held of a built-in kind is what was done by its rows, of a register that is younger than what is told of.
    for kind, right in (
        ("disclosure", every("given", "given_others")),
        ("objection", every("objections")),
        ("permission", every("consents")),
        (REQUEST, (("answered", ""), ("open",))),
        # Of those that have ended only what is held tells how many there are.
        *((kind, ((name,),)) for name, kind in STANDING.items()),
    ):
        if ("held", kind) in numbers:
            balances.append(Balance((("held", kind),), right, spare=True))
    return balances


def _n(count: Count) -> int:
    assert isinstance(count, int), "it is counted exactly before it is told"
    return count


def _countries(states: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(getattr(each, "country", "")) for each in states))


def _given(
    reached: Iterable[Target], given: Mapping[tuple[str, str], figures.GivenTo]
) -> tuple[dict[str, Given], Count]:
    """Disclosures by the recipient's key, known by it or else by its name; and how many to somebody else."""
    names = {party.name.casefold(): each.key for each in reached for party in each.parties}
    names |= {text.casefold(): each.key for each in reached for text in each.text.values()}
    keys = {each.key for each in reached}
    rows: dict[str, int] = defaultdict(int)
    last: dict[str, dt.datetime] = {}
    for (key, name), found in given.items():
        whose = key if key in keys else names.get(name.casefold(), "")
        rows[whose] += found.rows
        if found.last is not None:
            last[whose] = max(found.last, last.get(whose, found.last))
    others = rows.pop("", 0)
    return {key: Given(n, month(today(last[key])) if key in last else None) for key, n in rows.items()}, others


def _held(rows: Count, exact: Held) -> Held:
    return Held(rows, exact.oldest if isinstance(rows, int) else None)


def _removed(reports: Iterable[SweepReport]) -> dict[str, Removed]:
    rows: dict[str, int] = defaultdict(int)
    last: dict[str, dt.datetime] = {}
    for report in reports:
        for line in report.kinds:
            if line.gone + line.emptied:
                rows[line.kind] += line.gone + line.emptied
                last.setdefault(line.kind, report.at)
    return {kind: Removed(coarse(count), last[kind]) for kind, count in rows.items()}


def _answered(found: Iterable[Request], now: dt.datetime) -> Answered:
    done = [
        (each, each.answered_at) for each in found if each.answered_at is not None and each.answered_at > now - YEAR
    ]
    if not done:
        return Answered()
    took = [(today(at) - today(each.received_at)).days for each, at in done]
    return Answered(
        answered=len(done),
        late=sum(each.clock.overdue for each, _ in done),
        longest=max(took),
        last=month(today(max(at for _, at in done))),
    )


def _by_right(found: Iterable[Request], now: dt.datetime) -> dict[str, Answered]:
    rights: dict[str, list[Request]] = defaultdict(list)
    for each in found:
        rights[each.right].append(each)
    return {right: _answered(several, now) for right, several in rights.items()}


def _by_role(looks: Mapping[tuple[str, str], int]) -> dict[str, Count]:
    roles: dict[str, int] = defaultdict(int)
    for (lens, outcome), count in looks.items():
        if lens and outcome == "done":
            roles[lens] += count
    return {lens: coarse(count) for lens, count in roles.items()}


def _weighed(each: Assessed) -> Weighed:
    one = each.current
    return Weighed(each.state, one.on if one else None, one.review_on if one else None)


def _deed(conn: Connection, verb: str) -> Deed | None:
    found = figures.last_deed(conn, verb)
    return None if found is None else Deed(found.at, bool(found.note))


KEPT_FOR = dt.timedelta(hours=1)
SLOW = 1.0
"""Facts that took longer to count, in seconds, are shown again for KEPT_FOR."""


def kept(store: RegisterStore, *, now: dt.datetime) -> Facts:
    """The facts as they are; of a large register as they were within the hour, not counted anew for each who looks."""
    known: Facts | None = store.kept.get("evidence")
    if known is not None and known.digest == store.register.hash and dt.timedelta() <= now - known.at < KEPT_FOR:
        return known
    store.kept.pop("evidence", None)
    began = time.monotonic()
    found = gather(store, now=now)
    if time.monotonic() - began > SLOW:
        store.kept["evidence"] = found
    return found


def forget(store: RegisterStore) -> None:
    """Have the next page count anew: something that it tells has just been done."""
    store.kept.pop("evidence", None)
