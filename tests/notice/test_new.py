"""What the interview writes passes the check, but for what only the owner can know, and those lines are named."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from seloste.cli import group
from seloste.compiler.lower import compile_notice
from seloste.notice.answers import Answers, Customers, Helper
from seloste.notice.check import CheckResult, check_parsed
from seloste.notice.new import (
    ROLES,
    activities,
    complete,
    draft,
    helpers,
    register_key,
)
from seloste.notice.parse import read_text
from seloste.notice.record import record
from seloste.notice.render import render

DAY = dt.date(2026, 11, 25)
EVERYBODY: tuple[Customers, ...] = ("companies", "people", "both")
AGREED = Helper(agreement="Palvelusopimus, 2026-01-01")


def answers(
    customers: Customers, chosen: tuple[str, ...], *, known_helpers: bool = True, languages: tuple[str, ...] = ("fi",)
) -> Answers:
    found = dict.fromkeys(helpers(complete(chosen, customers)), AGREED) if known_helpers else {}
    return Answers(
        name="Pyöräpaja Ketju Oy", email="info@ketju.example", activities=chosen, customers=customers,
        business_id="9184206-9", address="Ketjukuja 1, 00100 Helsinki", languages=languages, helpers=found,
    )  # fmt: skip


def checked(given: Answers, lang: str = "en") -> tuple[str, CheckResult]:
    text = draft(given, day=DAY, lang=lang)
    return text, check_parsed(read_text(text))


PAIRS = [
    pytest.param(customers, chosen, id=f"{customers}-{'-'.join(chosen)}")
    for customers in EVERYBODY
    for keys in [tuple(activities(customers))]
    for chosen in [*((key,) for key in keys), *itertools.combinations(keys, 2), keys]
]


@pytest.mark.parametrize(("customers", "chosen"), PAIRS)
def test_each_pair_of_answers_gives_a_notice_without_findings(customers: Customers, chosen: tuple[str, ...]) -> None:
    _, result = checked(answers(customers, chosen, languages=("fi", "en") if len(chosen) == 1 else ("fi",)))
    assert [(one.code, one.line, one.message()) for one in result.findings] == []


@pytest.mark.parametrize("customers", EVERYBODY)
def test_the_notice_becomes_a_register_and_can_be_read(customers: Customers) -> None:
    _, result = checked(answers(customers, tuple(activities(customers)), languages=("fi", "en", "sv")))
    assert result.notice is not None
    assert compile_notice(result.notice).lenses
    for lang in ("fi", "en", "sv"):
        assert "Pyöräpaja Ketju Oy" in str(render(result.notice, lang, "md"))


def test_a_private_customer_reads_only_of_what_concerns_them() -> None:
    notice = checked(answers("people", ("customers", "invoicing", "complaints"), languages=("en",)))[1].notice
    assert notice is not None
    told = str(render(notice, "en", "md"))
    assert "at most 6 months after your customer relationship ends" in told, "no post in a company"
    assert "the use of your data that rests on a legitimate interest: looking after" in told, "no public task"
    assert "The data come from you and from our own work" in told
    assert "complaints, interactions and tasks. The use" in told, "what a row points at is named by its kind alone"
    assert "Invoicing and bookkeeping, and guarding our rights" in told, "a list of lists takes another and"
    company = checked(answers("companies", ("customers",), languages=("en",)))[1].notice
    assert company is not None
    assert "your customer relationship or your post in the company ends" in str(render(company, "en", "md"))


@pytest.mark.parametrize("customers", EVERYBODY)
@pytest.mark.parametrize("lang", ["fi", "en"])
def test_what_only_the_owner_knows_is_found_at_the_line_that_is_marked(customers: Customers, lang: str) -> None:
    text, result = checked(answers(customers, tuple(activities(customers)), known_helpers=False), lang)
    mark = {"fi": "TÄYDENNÄ", "en": "FILL IN"}[lang]
    marked = [number for number, line in enumerate(text.splitlines(), 1) if f"# {mark}: " in line]
    assert marked
    assert [one.line for one in result.findings] == marked


def test_a_country_outside_the_eea_and_sensitive_data_ask_for_what_only_the_owner_knows() -> None:
    given = answers("people", ("newsletter",))
    abroad = {**given.helpers, "mailing": Helper("Letterbird Inc.", "US", "Terms, 2026-01-01")}
    text, result = checked(Answers(**{**vars_of(given), "helpers": abroad, "sensitive": True}))
    marked = {number: line for number, line in enumerate(text.splitlines(), 1) if "# FILL IN: " in line}
    assert [line.split(":")[0].strip() for line in marked.values()] == ["safeguard", "url"]
    assert [(one.code, one.line) for one in result.findings] == list(
        zip(("R05-safeguard-missing", "X05-link-missing"), marked, strict=True)
    )


def test_members_and_residents_need_no_customers_beside_them() -> None:
    assert complete(("members", "invoicing"), "people") == ["members", "invoicing"]
    assert complete(("residents",), "people") == ["residents"]
    assert complete(("invoicing",), "people") == ["customers", "invoicing"]
    notice = checked(answers("people", ("members", "residents")))[1].notice
    assert notice is not None
    assert {one.key for one in notice.categories} == {"member", "resident", "shareholder", "representative"}
    both = checked(answers("people", ("customers", "members")))[1].notice
    assert both is not None
    assert both.title == {"fi": "Asiakkaat ja jäsenet"}


def test_a_private_customer_has_no_post_in_a_company() -> None:
    notice = checked(answers("people", ("customers",)))[1].notice
    assert notice is not None
    assert set(notice.kinds["relationship"].items) == {"stage", "began", "ended"}


def test_a_private_customer_has_a_contract_of_their_own_and_a_company_does_not() -> None:
    both = checked(answers("both", ("orders",)))[1].notice
    assert both is not None
    assert (both.purposes["orders"].basis, both.purposes["own_orders"].basis) == ("company_contract", "contract")
    private = checked(answers("people", ("orders",)))[1].notice
    assert private is not None
    assert private.purposes["orders"].basis == "contract"
    assert "organisation" not in private.kinds


def test_two_uses_are_called_differently_and_each_is_recorded_of_its_own_customers() -> None:
    """Where companies and private people are customers, no title comes twice; who applied for a job orders nothing."""
    chosen = ("customers", "orders", "service", "agreements", "invoicing", "feedback", "newsletter", "applicants")
    both = checked(answers("both", chosen, languages=("fi", "en", "sv")))[1].notice
    assert both is not None
    for lang in both.languages:
        names = [purpose.text[lang] for purpose in both.purposes.values()]
        assert len(set(names)) == len(names), lang
    made = {each.key: each for each in record(both, "en").activities}
    assert made["own_orders"].purpose == "Orders and deliveries (private customers)"
    company, private = "Contact persons of companies", "Customers"
    assert (made["orders"].people, made["own_orders"].people) == ((company,), (private,))
    assert made["bookkeeping"].people == made["claims"].people == (company, private)
    assert made["recruitment"].people == ("Job applicants",)
    # Anybody may give feedback: its rows are a person's own, and no dealing with a customer.
    assert {"Job applicants", private, company} < set(made["feedback"].people)


def test_roles_share_the_work_and_nothing_is_left_to_nobody() -> None:
    given = answers("people", ("service", "invoicing"))
    shared = Answers(**{**vars_of(given), "staff": {"workshop": ("service",), "accountant": ("invoicing",)}})
    notice = checked(shared)[1].notice
    assert notice is not None
    assert notice.staff["workshop"].purposes == ("customer_care", "service")
    assert notice.staff["accountant"].purposes == ("customer_care", "bookkeeping", "claims")
    assert notice.staff["management"].purposes == ("customer_care",)


@pytest.mark.parametrize("customers", EVERYBODY)
def test_no_role_is_written_that_finds_nobody(customers: Customers) -> None:
    """However the doings are shared, and a role with a single one: who is to write of people can find them."""
    every = tuple(activities(customers))
    for key in every:
        others = tuple(each for each in every if each != key)
        given = Answers(**{**vars_of(answers(customers, every)), "staff": {"owner": others, "accountant": (key,)}})
        _, result = checked(given)
        assert [(key, one.code, one.message()) for one in result.findings] == []


def vars_of(given: Answers) -> dict[str, object]:
    return {name: getattr(given, name) for name in Answers.__slots__}


def test_every_role_has_a_name_in_the_vocabulary() -> None:
    from seloste.catalogue.load import vocabulary

    assert set(ROLES) <= set(vocabulary("2026-11").texts["roles"])


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=60))
def test_any_name_of_a_company_comes_through_whole(name: str) -> None:
    if not name.strip():
        return
    given = Answers(**{**vars_of(answers("companies", ("customers",))), "name": name})
    parsed = read_text(draft(given, day=DAY, lang="fi"))
    controller = parsed.root.get("controller")
    assert controller is not None
    said = controller.get("name")
    assert said is not None
    assert said.word == " ".join(name.split())


@pytest.mark.parametrize(
    ("name", "key"),
    [("Pyöräpaja Ketju Oy", "pyorapaja_ketju"), ("Åbo Båt Ab", "abo_bat"), ("24 h Huolto Oy", "r_24_h_huolto")],
)
def test_the_register_is_named_after_the_company(name: str, key: str) -> None:
    assert register_key(name) == key


# --- the command ------------------------------------------------------------------------------------------------------

TYPED = [
    "fi en",
    "Pyöräpaja Ketju Oy",
    "9184206-8",
    "9184206-9",
    "Ketjukuja 1, 00100 Helsinki",
    "info@ketju.example",
    "050 000 0999",
    "www.ketju.example",
    "Yrittäjä",
    "Owner",
    "12-31",
    "kaikki",
    "ihmiset",
    "1 5 99",
    "1 5 8 11",
    "ehkä",
    "e",
    "",
    "8",
    "accountant",
    "Omistaja",
    "Postipalvelu",
    "Atlantis",
    "ruotsi",
    "Sopimus, 2026-02-01",
    "Sivupalvelu",
    "",
    "Sopimus, 2026-02-02",
    "",
    "",
    "",
    "n",
    "y",
]


def test_the_interview_asks_again_and_writes_a_notice(tmp_path: Path) -> None:
    out = tmp_path / "notice.yaml"
    result = CliRunner().invoke(group, ["new", "--lang", "fi", "--out", str(out)], input="\n".join(TYPED) + "\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("Y-tunnus") >= 2
    checked_ = check_parsed(read_text(out.read_text("utf-8")))
    assert checked_.findings == ()
    assert checked_.notice is not None
    assert checked_.notice.controller.contact_role == {"fi": "Yrittäjä", "en": "Owner"}
    assert checked_.notice.controller.web == "https://www.ketju.example"
    assert [one.country for one in checked_.notice.processors] == ["SE", "FI"]
    assert {role: lens.purposes for role, lens in checked_.notice.staff.items()} == {
        "everyone": ("customer_care",),
        "workshop": ("customer_care", "service"),
        "accountant": ("customer_care", "bookkeeping", "claims"),
        "owner": ("customer_care", "newsletter"),
    }
    assert "# ilman tarkoitusta customer_care tämä tehtävä ei löytäisi ketään" in out.read_text("utf-8")


@pytest.mark.parametrize(("answer", "confirms"), [("", None), ("k", "email")])
def test_the_newsletter_is_confirmed_by_mail_only_where_mail_is_sent(
    tmp_path: Path, answer: str, confirms: str | None
) -> None:
    """Without mail a notice that asks for it would refuse every yes that the staff writes down."""
    out = tmp_path / "notice.yaml"
    typed = [*TYPED[:-3], answer, *TYPED[-2:]]
    result = CliRunner().invoke(group, ["new", "--lang", "fi", "--out", str(out)], input="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    assert "sähköpostipalvelimenne asetukset" in result.output
    found = check_parsed(read_text(out.read_text("utf-8")))
    assert found.findings == ()
    assert found.notice is not None
    assert found.notice.purposes["newsletter"].confirm == confirms
    assert ("    # confirm: email" in out.read_text("utf-8")) == (confirms is None)


def test_everybody_does_everything_unless_the_owner_says_otherwise(tmp_path: Path) -> None:
    out = tmp_path / "notice.yaml"
    typed = [*TYPED[: TYPED.index("ehkä")], "", *TYPED[TYPED.index("Postipalvelu") :]]
    result = CliRunner().invoke(group, ["new", "--lang", "fi", "--out", str(out)], input="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    assert "Kuka hoitaa tämän" not in result.output
    notice = check_parsed(read_text(out.read_text("utf-8"))).notice
    assert notice is not None
    assert {role: lens.purposes for role, lens in notice.staff.items()} == {
        "everyone": ("customer_care", "service", "bookkeeping", "claims", "newsletter")
    }


def test_an_example_is_in_the_language_of_the_interview(tmp_path: Path) -> None:
    words = ["new", "--lang", "en", "--out", str(tmp_path / "notice.yaml")]
    told = CliRunner().invoke(group, words, input="\n".join(TYPED) + "\n").output
    assert "There is no such country. Write for example Finland." in told
    assert "Suomi" not in told


def test_a_file_of_answers_asks_nothing(tmp_path: Path) -> None:
    given, out = tmp_path / "answers.yaml", tmp_path / "notice.yaml"
    given.write_text(
        "name: Paja Oy\nemail: paja@paja.example\nactivities: [service, invoicing]\ncustomers: both\n"
        "languages: [fi, en]\naddress: Pajatie 1, 00100 Helsinki\nbusiness_id: 9184206-9\n"
        "staff: {workshop: [service], owner: [customers, invoicing]}\n"
        "helpers:\n  mail_and_files: {name: Posti, agreement: 'Sopimus, 2026-02-01'}\n",
        "utf-8",
    )
    result = CliRunner().invoke(group, ["new", "--answers", str(given), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert check_parsed(read_text(out.read_text("utf-8"))).findings == ()


@pytest.mark.parametrize("text", ["- a\n", "name: X\n", "name: X\nemail: a@b.example\nactivities: 3\n", "a: [\n"])
def test_answers_that_cannot_be_used_are_an_error_that_says_why(tmp_path: Path, text: str) -> None:
    given = tmp_path / "answers.yaml"
    given.write_text(text, "utf-8")
    result = CliRunner().invoke(group, ["new", "--answers", str(given), "--out", str(tmp_path / "n.yaml")])
    assert result.exit_code == 2
    assert str(given) in result.output
    assert not (tmp_path / "n.yaml").exists()


def test_a_notice_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "notice.yaml"
    out.write_text("seloste: 1\n", "utf-8")
    result = CliRunner().invoke(group, ["new", "--out", str(out)])
    assert result.exit_code == 2
    assert "--out" in result.output
    assert out.read_text("utf-8") == "seloste: 1\n"
