"""``seloste new``: a short interview that writes a first notice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seloste.cli.common import lang_option
from seloste.errors import BadValue, SelosteError

if TYPE_CHECKING:
    from seloste.notice.answers import Answers, Helper


class AnswersError(SelosteError):
    """The file of answers cannot be used."""


@click.command(name="new", epilog="For example: seloste new, or in Finnish: seloste new --lang fi")
@lang_option("the questions and comments")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("notice.yaml"),
    show_default=True,
    help="The file to write.",
)
@click.option(
    "--answers", type=click.Path(path_type=Path, dir_okay=False), help="A YAML file of answers; nothing is asked."
)
def new(lang: str, out: Path, answers: Path | None) -> None:
    """Write a first notice by a short interview.

    The file passes `seloste check` but for what only you know; those lines are marked in it.
    """
    from seloste.clock import now, today
    from seloste.notice.new import draft, known

    texts = known()["question"]
    if out.exists():
        said = {one: text.format(path=out) for one, text in texts["exists"].items()}
        raise AnswersError(said["fi"], said["en"])
    given = read_answers(answers) if answers is not None else interview(lang)
    out.write_text(draft(given, day=today(now()), lang=lang, file=out.name), encoding="utf-8")
    click.echo(texts["written"][lang].format(path=out))


# --- from a file ------------------------------------------------------------------------------------------------------


def read_answers(path: Path) -> Answers:
    """Answers from a YAML mapping with the names of the fields of ``Answers``. Raises :class:`AnswersError`."""
    import dataclasses

    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from seloste.notice.answers import Answers

    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        raise AnswersError(f"Tiedostoa {path} ei voi lukea YAMLina.", f"{path} cannot be read as YAML.") from None
    names = {field.name for field in dataclasses.fields(Answers)}
    if not isinstance(raw, dict) or not {"name", "email", "activities"} <= raw.keys() or raw.keys() - names:
        listed = ", ".join(sorted(names))
        raise AnswersError(
            f"Tiedostossa {path} on oltava `name`, `email` ja `activities`; lisäksi saa olla: {listed}.",
            f"{path} needs `name`, `email` and `activities`, and may have: {listed}.",
        )
    return Answers(**{key: _typed(path, key, value) for key, value in raw.items()})


def _typed(path: Path, key: str, value: Any) -> Any:
    from seloste.notice.answers import Helper

    try:
        match key:
            case "activities" | "languages":
                return tuple(str(one) for one in value)
            case "staff":
                return {str(role): tuple(doings) for role, doings in value.items()}
            case "helpers":
                return {str(name): Helper(**helper) for name, helper in value.items()}
            case "promises" | "sensitive" | "sends_mail":
                return bool(value)
            case "contact_role":
                return dict(value)
            case _:
                return str(value)
    except (TypeError, AttributeError, ValueError):
        raise AnswersError(
            f"{path}: `{key}` on väärässä muodossa.", f"{path}: `{key}` is written in the wrong shape."
        ) from None


# --- from a person ----------------------------------------------------------------------------------------------------


def interview(lang: str) -> Answers:
    """Ask, and ask again where an answer cannot be right."""
    from seloste.notice.answers import Answers
    from seloste.notice.new import complete, known

    texts = known()["question"]

    def ask(key: str, default: str | None = None, check: Callable[[str], str] | None = None, **values: str) -> str:
        return _ask(texts[key][lang].format(**values), lang, default, check)

    languages = tuple(ask("languages", lang, _languages).replace(",", " ").split())
    name = ask("name")
    business_id = ask("business_id", "", _of_type("business_id"))
    address = ask("address")
    email = ask("email", None, _of_type("email"))
    phone = ask("phone", "", _of_type("phone"))
    web = ask("web", "", _web)
    role = {}
    for one in languages:
        default = texts["contact_default"].get(one) or texts["contact_default"]["en"]
        which = f" ({one})" if len(languages) > 1 else ""
        role[one] = _ask(texts["contact_role"][lang] + which, lang, default, None)
    ends = ask("financial_year_ends", "12-31", _year_end)
    customers: Any = ask("customers", None, _customers)
    chosen = complete(_activities(lang, customers), customers)
    return Answers(
        name=name,
        email=email,
        activities=tuple(chosen),
        languages=languages,
        customers=customers,
        business_id=business_id,
        address=address,
        phone=phone,
        web=web,
        contact_role=role,
        financial_year_ends=ends,
        staff=_staff(lang, customers, chosen),
        helpers=_helpers(lang, chosen),
        sends_mail="newsletter" in chosen and _confirm(texts["sends_mail"][lang], lang, default=False),
        sensitive=_confirm(texts["sensitive"][lang], lang, default=False),
        promises=_confirm(texts["promises"][lang], lang, default=True),
    )


def _activities(lang: str, customers: Any) -> list[str]:
    from seloste.notice.new import activities, known

    table = activities(customers)
    for number, one in enumerate(table.values(), 1):
        click.echo(f"  {number:>2}  {one['text'][lang]}")

    def pick(typed: str) -> str:
        numbers = [int(word) for word in typed.replace(",", " ").split() if word.isdigit()]
        if not numbers or any(not 1 <= number <= len(table) for number in numbers):
            raise BadValue("Kirjoita numeroita luettelosta.", "Write numbers of the list.", "1 3 5")
        return " ".join(list(table)[number - 1] for number in numbers)

    return _ask(known()["question"]["activities"][lang], lang, None, pick).split()


def _staff(lang: str, customers: Any, chosen: list[str]) -> dict[str, tuple[str, ...]]:
    from seloste.notice.new import ROLES, activities, known

    shares: dict[str, tuple[str, ...]] = {}
    texts, table = known()["question"], activities(customers)
    names = _role_names(lang)
    if _confirm(texts["everyone"][lang], lang, default=True):
        return {ROLES[0]: tuple(chosen)}
    click.echo(texts["roles"][lang])
    for number, (key, name) in enumerate(names.items(), 1):
        click.echo(f"  {number:>2}  {name}" + ("" if name.casefold() == key else f" ({key})"))

    def pick(typed: str) -> str:
        by_number = dict(enumerate(ROLES, 1)).get(int(typed)) if typed.isdecimal() else None
        by_name = next((key for key, name in names.items() if typed.casefold() in (key, name.casefold())), None)
        if (found := by_number or by_name) is None:
            raise BadValue(texts["role_again"]["fi"], texts["role_again"]["en"])
        return found

    for key in chosen:
        question = texts["role_of"][lang].format(activity=table[key]["text"][lang])
        usual = max(shares, key=lambda role: len(shares[role]), default=ROLES[0])
        role = _ask(question, lang, names[usual], pick)
        shares[role] = (*shares.get(role, ()), key)
    return shares


def _role_names(lang: str) -> dict[str, str]:
    from seloste.catalogue.load import vocabulary
    from seloste.notice.new import ROLES, VOCABULARY

    named = vocabulary(VOCABULARY).texts["roles"]
    return {key: named[key][lang] for key in ROLES}


def _customers(typed: str) -> str:
    from seloste.notice.new import known

    words = known()["customers"]
    for key, names in words.items():
        if typed.casefold() in (key, *names.values()):
            return str(key)
    again = known()["question"]["customers_again"]
    fi, en = (", ".join(names[lang] for names in words.values()) for lang in ("fi", "en"))
    raise BadValue(f"{again['fi']}: {fi}.", f"{again['en']}: {en}.")


def _confirm(question: str, lang: str, *, default: bool) -> bool:
    """A yes or a no, in the words of the language."""
    yes, no = ("k", "e") if lang == "fi" else ("y", "n")
    shown = f"{yes.upper()}/{no}" if default else f"{yes}/{no.upper()}"

    def read(typed: str) -> str:
        if typed.casefold() in ("k", "kyllä", "y", "yes"):
            return "yes"
        if typed.casefold() in ("e", "ei", "n", "no"):
            return "no"
        raise BadValue(f"Vastaa {yes} tai {no}.", f"Answer {yes} or {no}.")

    return (_ask(f"{question} [{shown}]", lang, "", read) or ("yes" if default else "no")) == "yes"


def _helpers(lang: str, chosen: list[str]) -> dict[str, Helper]:
    from seloste.notice.answers import Helper
    from seloste.notice.new import helpers, known

    texts, found = known()["question"], {}
    for key, one in helpers(chosen).items():
        name = _ask(one["ask"][lang], lang, "", None)
        if name or not one.get("may_lack"):
            country = _ask(texts["country"][lang], lang, "FI", _country)
            found[key] = Helper(name, country, _ask(texts["agreement"][lang], lang, "", None))
    return found


def _ask(question: str, lang: str, default: str | None, check: Callable[[str], str] | None) -> str:
    while True:
        typed = str(click.prompt(question, default=default, show_default=bool(default))).strip()
        if not typed or check is None:
            return typed
        try:
            return check(typed)
        except BadValue as problem:
            click.echo(problem.message(lang), err=True)


def _of_type(name: str) -> Callable[[str], str]:
    def check(typed: str) -> str:
        from seloste.catalogue.types import TYPES

        TYPES[name].parse(typed)
        return typed

    return check


def _languages(typed: str) -> str:
    words = typed.replace(",", " ").split()
    if not words or set(words) - {"fi", "en", "sv"}:
        raise BadValue("Kielet ovat fi, en ja sv.", "The languages are fi, en and sv.", "fi en")
    return " ".join(words)


def _year_end(typed: str) -> str:
    from seloste.law.retention import CALENDAR_YEAR, financial_year_end_of

    month, dash, day = typed.partition("-")
    if not dash or not month.isdigit() or not day.isdigit():
        raise BadValue("Kirjoita kuukausi ja päivä.", "Write the month and the day.", "12-31")
    ends = (int(month), int(day))
    if ends != CALENDAR_YEAR:
        import datetime as dt

        financial_year_end_of(dt.date(2024, 1, 1), ends)
    return f"{ends[0]:02}-{ends[1]:02}"


def _country(typed: str) -> str:
    from seloste.catalogue.types import TYPES

    return str(TYPES["country"].parse(typed))


def _web(typed: str) -> str:
    """The address whole, as the notice needs it: people type `www.company.example`."""
    from seloste.catalogue.types import TYPES

    return str(TYPES["url"].parse(typed))
