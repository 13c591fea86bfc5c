"""``seloste law``: one line, one date; errors that say what to write."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from seloste.cli.law import law


def run(*arguments: str) -> Result:
    return CliRunner().invoke(law, arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("due 2026-01-30", "2026-03-02"),
        ("due 2026-01-30 --extended", "2026-04-30"),
        ("due 2026-01-30 --paused-days 3", "2026-03-03"),
        ("due 2026-11-24", "2026-12-24"),
        ("due 2026-11-24 --eves-are-holidays", "2026-12-28"),
        ("keep accounting_voucher 2025-12-31", "2031-12-31"),
        ("keep accounting_ledger 2025-12-31", "2035-12-31"),
        ("keep accounting_voucher 2024-03-31", "2030-12-31"),
        ("keep accounting_ledger 2024-03-31", "2034-03-31"),
        ("keep accounting_voucher 2026-01-31", "2032-12-31"),
        ("keep accounting_ledger 2024-02-29", "2034-02-28"),
        ("keep debt 2026-03-10", "2029-03-10"),
        ("breach 2026-03-04T09:05", "2026-03-07T09:05"),
        ("breach 2026-03-27T12:00", "2026-03-30T13:00"),
        ("breach 2026-12-23T18:30", "2026-12-26T18:30"),
        ("breach 2026-12-23T18:30:05", "2026-12-26T18:30:05"),
        ("breach 2026-03-27T10:00+00:00", "2026-03-30T13:00"),
    ],
)
def test_it_prints_one_date_and_nothing_else(arguments: str, expected: str) -> None:
    result = run(*arguments.split())
    assert (result.exit_code, result.output) == (0, f"{expected}\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("due 2026-13-01", "for example 2026-01-30"),
        ("due 30.1.2026", "for example 2026-01-30"),
        ("due 20260130", "for example 2026-01-30"),
        ("due 2026-02-29", "'2026-02-29' is not a date"),
        ("due 2018-05-24", "not in force"),
        ("due 2026-01-30 --paused-days -1", "paused-days"),
        ("keep vouchers 2025-12-31", "accounting_voucher"),
        ("keep accounting_voucher yesterday", "is not a date"),
        ("keep accounting_ledger 9995-12-31", "too far away"),
        ("keep camera_recording 9999-12-24", "too far away"),
        ("breach 2026-03-27", "for example 2026-03-27T12:00"),
        ("breach noon", "for example 2026-03-27T12:00"),
        ("breach 2026-03-29T03:30", "clocks went forward"),
        ("breach 9999-12-31T12:00", "too far away"),
        ("breach 2018-05-01T12:00", "not in force"),
    ],
)
def test_a_bad_value_is_a_clear_error_and_exit_2(arguments: str, says: str) -> None:
    result = run(*arguments.split())
    assert result.exit_code == 2
    assert says in result.output


@pytest.mark.parametrize("lang", ["fi", "en"])
@pytest.mark.parametrize(
    "arguments", ["due 2026-01-30", "keep debt 2026-03-10", "keep request_log 2026-03-10", "breach 2026-03-27T12:00"]
)
def test_explain_adds_why_after_the_first_line(arguments: str, lang: str) -> None:
    plain = run(*arguments.split()).output
    explained = run(*arguments.split(), "--explain", "--lang", lang).output
    assert explained.startswith(plain)
    assert len(explained.splitlines()) >= 3


def test_explain_cites_the_law_and_says_what_is_a_proposal() -> None:
    assert (
        "Accounting Act (1336/1997), chapter 2, section 10(2)"
        in run("keep", "accounting_voucher", "2025-12-31", "--explain").output
    )
    assert "Erase from 2032-01-01." in run("keep", "accounting_voucher", "2025-12-31", "--explain").output
    assert "ehdotus" in run("keep", "request_log", "2026-01-01", "--explain", "--lang", "fi").output
    assert "2026-03-30T13:00:00+03:00" in run("breach", "2026-03-27T12:00", "--explain").output


def test_it_is_a_command_of_seloste() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seloste", "law", "keep", "accounting_voucher", "2025-12-31"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "2031-12-31\n", "")


def test_a_retention_date_does_not_load_the_holidays() -> None:
    code = (
        "import sys; from seloste.law import retention, rules; import datetime as d;"
        "retention.last_day('debt', d.date(2026, 1, 1)); list(rules.survey());"
        "sys.exit(any(m in sys.modules for m in ('holidays', 'sqlalchemy', 'phonenumbers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
