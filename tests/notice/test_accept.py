"""A finding may be let stand with a reason, unless nothing could be run."""

from __future__ import annotations

from pathlib import Path

from seloste.notice.check import CheckResult, check_parsed
from seloste.notice.parse import read_text

SHOP = (Path(__file__).parents[1] / "corpus" / "bicycle_shop" / "notice.yaml").read_text("utf-8")
OPEN_ENDED = SHOP.replace(
    "keep: {bicycle: 3 years after last_contact}", "keep: {bicycle: 3 years after repair.fetched_on}"
)


def with_accept(text: str, *lines: str) -> CheckResult:
    return check_parsed(read_text(text + "accept:\n" + "".join(f"  - {{{line}}}\n" for line in lines)))


def codes(result: CheckResult) -> list[str]:
    return [finding.code for finding in result.findings]


def test_what_is_accepted_is_no_longer_found_but_counted() -> None:
    assert codes(check_parsed(read_text(OPEN_ENDED))) == ["K09-open-ended"]
    result = with_accept(
        OPEN_ENDED, "code: K09, at: purposes.repairs, because: {en: It is always fetched., sv: Den hämtas alltid.}"
    )
    assert codes(result) == []
    assert [finding.code for finding in result.accepted] == ["K09-open-ended"]
    assert result.notice is not None
    assert result.notice.accepted[0].because["en"] == "It is always fetched."


def test_the_whole_code_and_the_exact_path_do_too() -> None:
    line = "code: K09-open-ended, at: purposes.repairs.keep.bicycle, because: {en: Yes., sv: Ja.}"
    assert codes(with_accept(OPEN_ENDED, line)) == []


def test_another_place_is_not_accepted_with_it() -> None:
    result = with_accept(OPEN_ENDED, "code: K09, at: purposes.customer_care, because: {en: Yes., sv: Ja.}")
    assert sorted(codes(result)) == ["F20-accept-idle", "K09-open-ended"]


def test_a_path_is_not_accepted_by_the_beginning_of_its_name() -> None:
    result = with_accept(OPEN_ENDED, "code: K09, at: purposes.rep, because: {en: Yes., sv: Ja.}")
    assert "K09-open-ended" in codes(result)


def test_a_reason_is_asked_for() -> None:
    result = with_accept(OPEN_ENDED, "code: K09, at: purposes.repairs")
    assert "K09-open-ended" in codes(result)
    assert "F16-missing" in codes(result)


def test_what_keeps_the_notice_from_being_run_stands() -> None:
    broken = SHOP.replace("    basis: contract\n", "")
    result = with_accept(broken, "code: P01, at: purposes.repairs, because: {en: Later., sv: Senare.}")
    assert {"P01-basis-missing", "F19-cannot-accept"} <= set(codes(result))
    assert result.has_errors
