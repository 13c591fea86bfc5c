"""What two versions of a notice differ in, and what the difference asks of the controller."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.prepared import EXAMPLES

from seloste.cli import group
from seloste.notice import load
from seloste.notice.diff import Difference, compare
from seloste.notice.diff.said import AREA_NAMES, EFFECT_NAMES

FILE = EXAMPLES / "fluiconnecto" / "notice.yaml"


@pytest.fixture
def changed(tmp_path: Path):  # type: ignore[no-untyped-def]
    """``changed((old text, new text), ...)``: how the example differs from itself with these put in."""

    def compared(*edits: tuple[str, str], lang: str = "en") -> Difference:
        text = FILE.read_text("utf-8")
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file = tmp_path / "notice.yaml"
        file.write_text(text, "utf-8")
        return compare(load(FILE), load(file), lang)

    return compared


def told(difference: Difference) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(change.verb, change.area, change.key, change.effects) for change in difference.changes]


def test_the_same_notice_in_other_words_changes_nothing(changed) -> None:  # type: ignore[no-untyped-def]
    """A list written out where ``+`` stood, and another order, mean the same."""
    assert compare(load(FILE), load(FILE), "fi").changes == ()
    assert changed(("effective: 2026-11-01", "effective: 2027-01-01")).changes == ()
    assert changed(("people: [contact, prospect]", "people: [prospect, contact]")).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "relationship: 3 years after", "relationship: 2 years after",
            ("changed", "period", "customer_care", ("erase",)), id="a shorter period erases",
        ),
        pytest.param(
            "relationship: 3 years after", "relationship: 4 years after",
            ("changed", "period", "customer_care", ("inform",)), id="a longer period is told",
        ),
        pytest.param(
            "salutation, other_contact, remark, address]", "salutation, other_contact, address]",
            ("removed", "data", "customer_care", ("erase",)), id="an item that nothing else uses goes",
        ),
        pytest.param(
            "    gets: [delivery]", "    gets: [delivery, order.number]",
            ("changed", "recipient", "carrier", ("inform",)), id="a recipient gets more",
        ),
        pytest.param(
            "    gets: [name, invoice]", "    gets: [name]",
            ("changed", "recipient", "collection", ()), id="a recipient gets less",
        ),
        pytest.param(
            "who: [Öljytukku Oy (FI), Letkuset Oy (FI)]", "who: [Öljytukku Oy (FI), Letkuset Oy (FI), Uusi Oy (SE)]",
            ("changed", "recipient", "partners", ()), id="a partner asked for by name has no yes yet",
        ),
        pytest.param(
            "    country: US                     # C52", "    country: IN",
            ("added", "transfer", "mailing", ("inform", "safeguard")), id="data go to another third country",
        ),
        pytest.param(
            "    agreement: Asiakastuki, 2025-09-15",
            "    agreement: Asiakastuki, 2025-09-15\n    name: Tukiohjelma Oy",
            ("changed", "processor", "support_desk", ("inform", "agreement")), id="another processor",
        ),
        pytest.param(
            "name: Fluiconnecto Oy\n", "name: Fluiconnecto Suomi Oy\n",
            ("changed", "controller", "controller", ("inform",)), id="another controller",
        ),
    ],
)  # fmt: skip
def test_each_change_says_what_it_asks(changed, old, new, expected) -> None:  # type: ignore[no-untyped-def]
    found = told(changed((old, new)))
    assert found[0] == expected
    # A processor elsewhere is named anew too, and asks for nothing beside the transfer.
    assert all(effects == () for *_, effects in found[1:])


def test_a_wider_consent_is_asked_again(tmp_path: Path) -> None:
    """A yes covers what it was said to (Art. 4(11)): other words, more data or another basis mean asking again."""
    text = FILE.read_text("utf-8")
    partner = "  partner_marketing:                # C33 C45: asked for each partner by name\n"
    assert text.count(partner) == 1
    words = partner + "    consent:\n      fi: Saako {recipient} markkinoida?\n      en: May {recipient} market?\n"
    more = partner + "    uses: [+, phone]\n"
    for written in (words, more):
        (tmp_path / "n.yaml").write_text(text.replace(partner, written), "utf-8")
        (change,) = compare(load(FILE), load(tmp_path / "n.yaml"), "fi").of("ask")
        assert (change.key, change.purposes) == ("partner_marketing", ("partner_marketing",))


def test_a_further_use_of_what_is_held_is_told_first(tmp_path: Path) -> None:
    text = FILE.read_text("utf-8")
    own = (
        "  reminders:\n    text: {fi: Huoltomuistutukset, en: Service reminders}\n    basis: legitimate_interest\n"
        "    interest: {fi: muistuttaa ajoissa, en: to remind in time}\n    uses: [name, phone, relationship]\n"
        "    keep:\n      relationship: 1 year after last_contact\n"
    )
    text = text.replace("  complaints:                       # C17", own + "  complaints:                       # C17")
    (tmp_path / "n.yaml").write_text(text, "utf-8")
    difference = compare(load(FILE), load(tmp_path / "n.yaml"), "en")
    (change,) = difference.changes
    assert (change.verb, change.area, change.effects) == ("added", "purpose", ("inform",))
    said = "Legitimate interest. First name, last name, phone and customer relationships. For 1 year after"
    assert change.after.startswith(said)
    assert difference.effects == ("inform",)
    # The other way round the purpose ends; everything it used is held for others, which the register shows.
    (back,) = compare(load(tmp_path / "n.yaml"), load(FILE), "en").changes
    assert (back.verb, back.before != "", back.after) == ("removed", True, "")


def test_a_promise_taken_back_is_told(changed) -> None:  # type: ignore[no-untyped-def]
    text = FILE.read_text("utf-8")
    line = next(each for each in text.splitlines() if each.startswith("never:"))
    kept = [each.strip() for each in line.partition("[")[2].partition("]")[0].split(",")]
    fewer = f"never: [{', '.join(kept[1:])}]"
    assert told(changed((line, fewer))) == [("removed", "promise", kept[0], ("inform",))]


def test_every_area_and_effect_has_words() -> None:
    for names in (AREA_NAMES, EFFECT_NAMES):
        assert all(set(text) == {"fi", "en"} and all(text.values()) for text in names.values())


def test_the_command_tells_both_ways(tmp_path: Path) -> None:
    new = tmp_path / "notice.yaml"
    new.write_text(
        FILE.read_text("utf-8").replace("relationship: 3 years after", "relationship: 2 years after"), "utf-8"
    )
    runner = CliRunner()
    found = runner.invoke(group, ["diff", str(FILE), str(new), "--lang", "en"])
    assert found.exit_code == 1
    assert found.output.startswith("One change.\n\n~ Changes: period, Starting and caring for the customer")
    assert "→ Data that nothing needs any more are erased (GDPR 5(1)(e))." in found.output
    same = runner.invoke(group, ["diff", str(FILE), str(FILE), "--lang", "fi"])
    assert (same.exit_code, same.output) == (0, "Selosteet tarkoittavat samaa: mikään ei muutu.\n")
    other = runner.invoke(group, ["diff", str(FILE), str(EXAMPLES / "fluxio" / "customers.yaml")])
    assert other.exit_code == 2
    assert "fluiconnecto_customers" in other.stderr
