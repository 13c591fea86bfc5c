"""The language of ``keep``: read, said again, expanded from the law."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.notice.canonical import say_keep
from seloste.notice.check import check_parsed
from seloste.notice.expand import expand
from seloste.notice.keep import KeepError, read_rule, say_term
from seloste.notice.model import Keep, Notice, Term
from seloste.notice.parse import read_text

HEAD = "seloste: 1\nvocabulary: 2026-11\nregister: a\nlanguages: [fi]\npurposes:\n"
LAWS = {"accounting_voucher": None, "debt": None}


def notice_of(keep: str, uses: str = "[name, contact, order, invoice, reminder, collection]", more: str = "") -> Notice:
    text = f"{HEAD}  own:\n    uses: {uses}\n    keep: {keep}\n{more}"
    return expand(read_text(text))[0]


def keep_of(keep: str, **other: str) -> tuple[Keep, ...]:
    return notice_of(keep, **other).purposes["own"].keep


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2 years after ordered_on", Term(2, "year", "ordered_on")),
        ("1 day after order.ordered_on", Term(1, "day", "ordered_on", "order")),
        ("13 months after visit.at", Term(13, "month", "at", "visit")),
        ("until residency.moved_out", Term(0, "day", "moved_out", "residency")),
        ("until ended", Term(0, "day", "ended")),
    ],
)
def test_a_period_is_read(text: str, term: Term) -> None:
    assert read_rule(text, LAWS).base.term == term


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", ""),
        ("as long as necessary", "as long as necessary"),
        ("2 weeks after ended", "2 weeks after ended"),
        ("2 years", "2 years"),
        ("at most 2 years after ended", "2 years after ended"),
        ("until ended, 2 years after began", "2 years after began"),
        ("until ended, at most 1 year each", "1 year each"),
        ("until ended, at least until withdrawn", "until withdrawn"),
        ("until ended, at most", "at most"),
        ("tax_law", "tax_law"),
    ],
)
def test_what_is_no_period_is_refused_at_its_part(text: str, part: str) -> None:
    with pytest.raises(KeepError) as caught:
        read_rule(text, LAWS)
    assert caught.value.part == part
    assert caught.value.fi != caught.value.en


_NAMES = st.sampled_from(["ended", "moved_out", "due_on", "at"])
_KINDS = st.sampled_from([None, "order", "residency"])
_TERMS = st.builds(
    Term, st.integers(0, 40), st.sampled_from(["day", "month", "year"]), _NAMES, _KINDS
).map(lambda term: term if term.amount else Term(0, "day", term.date, term.kind))  # fmt: skip


@given(_TERMS, st.lists(_TERMS, max_size=2), st.lists(_TERMS, max_size=2))
def test_what_is_said_is_read_as_it_was_meant(base: Term, least: list[Term], most: list[Term]) -> None:
    said = ", ".join(
        [
            say_term(base),
            *(f"at least {say_term(term)}" for term in least),
            *(f"at most {say_term(term)}" for term in most),
        ]
    )
    read = read_rule(said, LAWS)
    assert read.base.term == base
    assert [clause.term for clause in read.others if clause.role == "at_least"] == least
    assert [clause.term for clause in read.others if clause.role == "at_most"] == most


def test_the_matter_is_the_kind_of_the_date_and_its_own_dates_go_without_kind() -> None:
    (keep,) = keep_of("2 years after order.ordered_on, at least until order.changed_on, at most until invoice.dated")
    assert keep.matter == "order"
    assert keep.base is not None
    assert (keep.base.kind, keep.at_least[0].kind, keep.at_most[0].kind) == (None, None, "invoice")


def test_a_date_that_one_used_kind_alone_has_needs_no_kind() -> None:
    assert [keep.matter for keep in keep_of("2 years after ordered_on")] == ["order"]


def test_each_counts_from_the_own_date_of_every_matter_used() -> None:
    keeps = keep_of("1 year each", uses="[name, form_submission, chat, configuration]")
    assert {keep.matter for keep in keeps} == {"form_submission", "configuration", "chat"}
    assert all(keep.base is not None and keep.base.amount == 1 and keep.base.unit == "year" for keep in keeps)


def test_until_withdrawn_is_kept_by_the_permission_itself() -> None:
    (keep,) = keep_of("until withdrawn", uses="[name, email]")
    assert (keep.matter, keep.base) == ("permission", None)


def test_a_debt_is_written_out_with_the_limits_of_the_law() -> None:
    (keep,) = keep_of("{invoice: debt}")
    assert say_keep(keep) == (
        "3 years after due_on, at least 3 years after reminder.sent_on, at least 5 years after collection.judgment_on, "
        "at most 20 years after due_on"
    )
    assert keep.law is not None
    assert keep.text == "debt"
    assert all(term.place == keep.place for term in (*keep.at_least, *keep.at_most))


def test_limits_of_the_law_about_kinds_the_register_does_not_hold_ask_for_nothing() -> None:
    (keep,) = keep_of("{invoice: debt}", uses="[name, invoice, reminder]")
    assert [term.kind for term in keep.at_least] == ["reminder"]


def test_a_debt_may_be_capped_by_the_notice() -> None:
    (keep,) = keep_of('{charge: "debt, at most until paid_on"}', uses="[name, apartment, charge, debtor]")
    assert [say_term(term) for term in keep.at_most] == ["20 years after due_on", "until paid_on"]


def test_a_voucher_keeps_its_preset_because_the_law_counts_in_financial_years() -> None:
    (keep,) = keep_of("{invoice: accounting_voucher}")
    assert keep.base is not None
    assert (keep.base.preset, keep.base.date) == ("accounting_voucher", "dated")
    assert keep.law is not None
    assert "1336/1997" in keep.law


def test_the_owner_s_matters_replace_those_of_the_preset() -> None:
    text = "  bookkeeping: {uses: [ledger_entry], keep: {ledger_entry: accounting_ledger}}\n"
    notice, _ = expand(read_text(HEAD + text))
    assert [keep.matter for keep in notice.purposes["bookkeeping"].keep] == ["ledger_entry"]


def test_the_periods_of_what_is_built_in_can_be_changed_one_by_one() -> None:
    notice, _ = expand(read_text(HEAD + "  accountability: {keep: {rights_request: 5 years after answered_at}}\n"))
    keeps = {keep.matter: say_keep(keep) for keep in notice.purposes["accountability"].keep}
    assert keeps["rights_request"] == "5 years after answered_at"
    assert keeps["disclosure"] == "3 years after at"


def test_an_unreadable_period_is_said_once_and_not_called_missing_too() -> None:
    text = "  own: {text: Oma, basis: contract, uses: [name, order], keep: as long as necessary}\n"
    codes = [finding.code for finding in check_parsed(read_text(HEAD + text)).findings]
    assert codes.count("K01-unreadable") == 1
    assert "K05-period-missing" not in codes
