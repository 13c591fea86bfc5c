"""A new version of a notice: tried on its register, decided on, in force with its day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.operations.conftest import SALES, contact
from tests.prepared import EXAMPLES
from tests.smtp_sink import sink

from seloste.errors import SelosteError
from seloste.notice.check import check_parsed
from seloste.notice.findings import NoticeFaulty
from seloste.notice.model import Notice
from seloste.notice.parse import read_text
from seloste.operations.daily import run_due
from seloste.operations.letters import LETTERS, SETTLERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.notices.publish import PlanError, bring, decide, meaning, withdraw
from seloste.operations.notices.tell import letter
from seloste.operations.notices.trial import Trial, trial
from seloste.operations.notices.untold import UntoldError, untold
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.sweep import sweep
from seloste.store import planned
from seloste.store.engine import AwayError, BusyError
from seloste.store.moves import moving
from seloste.store.registers import Registers, RegisterStore

FILE = EXAMPLES / "fluiconnecto" / "notice.yaml"
OWN = (
    "  reminders:\n    text: {fi: Huoltomuistutukset, en: Service reminders}\n    basis: legitimate_interest\n"
    "    interest: {fi: muistuttaa ajoissa, en: to remind in time}\n    uses: [name, phone, relationship]\n"
    "    keep:\n      relationship: 1 year after last_contact\n"
)
BEFORE = "  complaints:                       # C17"


def with_(*edits: tuple[str, str]) -> str:
    text = FILE.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


REMINDERS = (BEFORE, OWN + BEFORE)
NO_PHONE_REMARK = ("salutation, other_contact, remark, address]", "salutation, other_contact, address]")


def notice(text: str) -> Notice:
    found = check_parsed(read_text(text)).notice
    assert found is not None
    return found


def counts(store: RegisterStore, now: dt.datetime) -> list[tuple[object, ...]]:
    """Everything of two kinds, the tables there are, and the journal's length."""
    with store.read(now) as conn:
        return [
            tuple(conn.execute("SELECT * FROM person ORDER BY id").all()),
            tuple(conn.execute("SELECT * FROM relationship ORDER BY id").all()),
            tuple(conn.execute("SELECT seq FROM journal_head").all()),
            tuple(conn.execute("SELECT key, value FROM sys_meta ORDER BY key").all()),
        ]


def test_a_trial_says_what_applying_does_and_changes_nothing(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    for number in range(3):
        contact(store, fixed_now, first=f"Sari{number}")
    person = contact(store, fixed_now, first="Aino")
    rectify(store, "person", person, {"remark": "Soita aamulla"}, source="subject", actor=SALES, now=fixed_now)
    before = counts(store, fixed_now)
    new = notice(with_(REMINDERS, NO_PHONE_REMARK))
    said = trial(registers, new, "en", now=fixed_now)
    assert counts(store, fixed_now) == before
    assert (said.told, said.asked, said.values) == (4, 0, 1)
    by_area = {(each.change.area, each.change.verb): each for each in said.changes}
    assert by_area["purpose", "added"].people == 4
    assert by_area["data", "removed"].people is None
    # Applied for real, exactly that goes.
    report = registers.apply(new, now=fixed_now, actor="cli")
    assert report.erased == said.values
    assert sweep(registers.open(store.register.notice.register), now=fixed_now, actor=SALES).cells == said.swept.cells


def test_a_shorter_period_tells_what_it_erases(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    contact(store, fixed_now)
    later = fixed_now + dt.timedelta(days=500)
    shorter = notice(with_(("relationship: 3 years after", "relationship: 1 year after")))
    said = trial(registers, shorter, "fi", now=later)
    assert said.values == 0
    assert said.erased == said.swept.cells - said.anyway > 0
    registers.apply(shorter, now=later, actor="cli")
    done = sweep(registers.open(store.register.notice.register), now=later, actor=SALES)
    assert done.cells == said.swept.cells
    assert done.rows >= 1


def decided(registers: Registers, store: RegisterStore, day: dt.date, now: dt.datetime) -> tuple[int, Trial]:
    text = with_(REMINDERS)
    brought = bring(store, text, now=now, actor=SALES)
    shown = trial(registers, brought.notice, "fi", now=now)
    decide(store, brought.number, day, shown, now=now, actor=SALES)
    return brought.number, shown


def test_it_comes_into_force_by_itself_on_its_day(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    contact(store, fixed_now)
    day = fixed_now.date() + dt.timedelta(days=8)
    number, _ = decided(registers, store, day, fixed_now)
    key = store.register.notice.register
    run_due(registers, now=fixed_now + dt.timedelta(days=7))
    assert "reminders" not in registers.open(key).register.purposes
    # On its day nobody is left to tell, so a command may apply it too; until then somebody is.
    told = [untold(registers, notice(with_(REMINDERS)), "en", now=fixed_now + dt.timedelta(days=n)) for n in (7, 8)]
    assert [each.people for each in told] == [1, 0]
    run_due(registers, now=fixed_now + dt.timedelta(days=8))
    opened = registers.open(key)
    assert "reminders" in opened.register.purposes
    with opened.read(fixed_now) as conn:
        version = planned.get(conn, number)
        assert version is not None
        assert (version.state, meaning(version).digest) == ("in_force", opened.register.hash)
        text = conn.execute("SELECT text FROM sys_notice ORDER BY id DESC").first()
    assert text == (with_(REMINDERS),)
    # A second look, by this process or another, finds nothing to do.
    with opened.read(fixed_now) as conn:
        assert planned.waiting(conn) is None


@pytest.mark.parametrize("trouble", [BusyError("", ""), AwayError("", ""), moving("")])
def test_a_version_whose_register_is_busy_away_or_moved_on_its_day_waits_on(
    registers: Registers,
    store: RegisterStore,
    fixed_now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    trouble: SelosteError,
) -> None:
    contact(store, fixed_now)
    decided(registers, store, fixed_now.date() + dt.timedelta(days=8), fixed_now)

    def refuse(*_: object, **__: object) -> None:
        raise trouble

    later = fixed_now + dt.timedelta(days=8)
    with monkeypatch.context() as patch:
        patch.setattr(registers, "apply", refuse)
        run_due(registers, now=later)
    assert "reminders" not in registers.open(store.register.notice.register).register.purposes
    run_due(registers, now=later)
    assert "reminders" in registers.open(store.register.notice.register).register.purposes


def test_what_cannot_be_decided_says_why_and_what_waits_can_be_withdrawn(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    contact(store, fixed_now)
    brought = bring(store, with_(REMINDERS), now=fixed_now, actor=SALES)
    shown = trial(registers, brought.notice, "fi", now=fixed_now)
    with pytest.raises(UntoldError, match="before it begins, and it concerns 1"):
        decide(store, brought.number, fixed_now.date(), shown, now=fixed_now, actor=SALES)
    with pytest.raises(PlanError, match="has passed"):
        decide(store, brought.number, dt.date(2026, 1, 1), shown, now=fixed_now, actor=SALES)
    same = bring(store, FILE.read_text("utf-8"), now=fixed_now, actor=SALES)
    with pytest.raises(PlanError, match="nothing changes"):
        decide(store, same.number, dt.date(2027, 1, 1), shown, now=fixed_now, actor=SALES)
    with pytest.raises(PlanError, match="is no more"):
        decide(store, brought.number, dt.date(2027, 1, 1), shown, now=fixed_now, actor=SALES)
    with pytest.raises(PlanError, match="not of this one"):
        bring(store, (EXAMPLES / "fluxio" / "customers.yaml").read_text("utf-8"), now=fixed_now, actor=SALES)
    with pytest.raises(NoticeFaulty):
        bring(store, FILE.read_text("utf-8") + "nonsense: 1\n", now=fixed_now, actor=SALES)

    number, shown = decided(registers, store, fixed_now.date() + dt.timedelta(days=8), fixed_now)
    # One waits at a time.
    other = bring(store, with_(NO_PHONE_REMARK), now=fixed_now, actor=SALES)
    with pytest.raises(PlanError, match="waits already"):
        decide(store, other.number, dt.date(2027, 1, 1), shown, now=fixed_now, actor=SALES)
    withdraw(store, number, now=fixed_now, actor=SALES)
    with pytest.raises(PlanError, match="waits no more"):
        withdraw(store, number, now=fixed_now, actor=SALES)
    run_due(registers, now=fixed_now + dt.timedelta(days=9))
    assert "reminders" not in registers.open(store.register.notice.register).register.purposes
    with store.read(fixed_now) as conn:
        assert [version.state for version in planned.ended(conn)] == ["withdrawn"]


def test_people_are_told_by_e_mail_before_it_begins(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """Each with an address once, in what changes alone; after a withdrawal nobody is."""
    contact(store, fixed_now)
    contact(store, fixed_now, first="Aino")
    day = fixed_now.date() + dt.timedelta(days=14)
    with sink() as server:
        registers.settings = replace(
            registers.settings,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            mail_from="Yritys Oy <tietosuoja@yritys.example>",
            public_url="https://rekisteri.example",
        )
        transport = server_of(registers.settings)
        brought = bring(store, with_(REMINDERS), now=fixed_now, actor=SALES)
        shown = trial(registers, brought.notice, "fi", now=fixed_now)
        assert (shown.told, shown.with_mail) == (2, 2)
        decide(store, brought.number, day, shown, now=fixed_now, actor=SALES, by_mail=True)
        later = fixed_now + dt.timedelta(minutes=3)
        for _ in range(3):
            send_due(registers, LETTERS, transport, settlers=SETTLERS, now=later)
        assert sorted(str(each["To"]) for each in server.letters) == [
            "aino@havupumppu.example",
            "sari@havupumppu.example",
        ]
        text = server.letters[0].get_content()
        assert "Uutta: Huoltomuistutukset" in text
        assert "9. joulukuuta 2026" in text
        assert "Havukoski" not in text
    withdraw(store, brought.number, now=fixed_now, actor=SALES)
    parts = {"to": "sari@havupumppu.example", "lang": "fi", "version": str(brought.number)}
    assert letter(registers, store.register.notice.register, parts, later) is None
