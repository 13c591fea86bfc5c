"""A first notice from a short interview: what a small company knows of itself, as a file it can read and answer for."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from seloste.catalogue.load import vocabulary
from seloste.law.countries import transfer_status
from seloste.notice.answers import Answers, Customers, Helper

VOCABULARY = "2026-11"
ROLES = (
    "everyone",
    "owner",
    "management",
    "office",
    "reception",
    "sales",
    "customer_service",
    "workshop",
    "warehouse",
    "marketing",
    "accountant",
    "property_manager",
    "recruiter",
)
"""Roles to choose from; each has its name in the vocabulary."""
SHOW_PEOPLE = {"customers": "customer_care", "members": "membership", "residents": "property_management"}
"""What shows a role the people that somebody has added, by the doing that it is of."""
FIND_THEIR_OWN = ("sales", "marketing", "enquiries", "events", "accounts", "applicants")
"""Doings whose people come in with them, or that act on everybody who is there."""
OF_COMPANIES = ("orders", "service", "agreements")
"""Doings that a company can be found for, whoever its people are."""
CONTRACTS = ("orders", "service", "agreements")
"""Uses that rest on a contract, of a company or of a private person; where both are customers, one for each."""
PRIVATE_TIE = ("relationship.stage", "relationship.began", "relationship.ended")
"""What there is to know of a private customer's tie: the rest of it is about a post in a company."""
AND = {"fi": "ja", "en": "and", "sv": "och"}


@cache
def known() -> Mapping[str, Any]:
    """The table of activities, service providers, questions and comments."""
    return tomllib.loads((Path(__file__).parent / "new.toml").read_text("utf-8"))


def activities(customers: Customers) -> dict[str, Mapping[str, Any]]:
    """The activities that can be chosen, in their order."""
    found: dict[str, Mapping[str, Any]] = known()["activity"]
    return {key: one for key, one in found.items() if "for" not in one or customers in one["for"]}


def complete(chosen: Iterable[str], customers: Customers) -> list[str]:
    """What was chosen and what that needs with it, in the order of the table."""
    table, picked = activities(customers), set(chosen)
    for key in picked & table.keys():
        needs = table[key].get("needs", ())
        if needs and not picked & set(needs):
            picked.add(needs[0])
    return [key for key in table if key in picked]


def helpers(chosen: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The service providers such activities usually have."""
    picked = set(chosen)
    found: dict[str, Mapping[str, Any]] = known()["processor"]
    return {key: one for key, one in found.items() if "when" not in one or picked & set(one["when"])}


def register_key(name: str) -> str:
    """A short name for the register: ``Pyöräpaja Ketju Oy`` -> ``pyorapaja_ketju``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("oy", "oyj", "ab", "ky", "tmi", "ry")]
    key = "_".join(words)[:40].strip("_")
    return key if key[:1].isalpha() else f"r_{key}"[:40].strip("_")


def draft(answers: Answers, *, day: dt.date, lang: str = "en", file: str = "notice.yaml") -> str:
    """The notice as YAML, with comments in ``lang``; in force from ``day``. What only the owner knows is left empty."""
    return "\n".join(Writer(answers, day, lang, file).lines()) + "\n"


class Writer:
    def __init__(self, answers: Answers, day: dt.date, lang: str, file: str) -> None:
        self.a, self.day, self.lang, self.file = answers, day, lang, file
        self.table = activities(answers.customers)
        self.chosen = complete(answers.activities, answers.customers)

    def lines(self) -> list[str]:
        a = self.a
        return [
            f"# {self._say('head', name=a.name)}",
            f"# {self._say('check')}",
            "seloste: 1",
            self._with(f"vocabulary: {VOCABULARY}", "vocabulary"),
            self._with(f"register: {register_key(a.name)}", "register"),
            *self._text("title", self._title(), 0),
            f"languages: [{', '.join(a.languages)}]",
            self._with(f"effective: {self.day.isoformat()}", "effective"),
            "",
            *self._controller(),
            self._with("requests: {office: true, post: true}", "requests"),
            "",
            *self._people(),
            "",
            *self._kinds(),
            self._with("purposes:", "purposes"),
            *(line for key in self._purposes() for line in self._purpose(key)),
            "",
            *self._processors(),
            *self._recipients(),
            "",
            self._with("sources:", "sources"),
            *(f"  - {source}" for source in self._sources()),
            "",
            self._with("staff:", "staff"),
            *self._staff(),
            "",
            *([self._with("never: [selling, automated_decisions]", "never")] if a.promises else []),
            self._with("security: [personal_accounts, need_to_know, retention, read_log]", "security"),
            *self._see_also(),
            *self._accepted(),
        ]

    # --- sections -------------------------------------------------------------------------------------------------

    def _controller(self) -> list[str]:
        a = self.a
        role = a.contact_role or known()["question"]["contact_default"]
        pairs = [("name", a.name), ("business_id", a.business_id), ("address", a.address), ("email", a.email)]
        pairs += [("phone", a.phone), ("web", a.web)]
        return [
            "controller:",
            *(f"  {key}: {scalar(value)}" for key, value in pairs if value),
            "  contact:",
            *self._text("role", role, 4),
            f"    email: {scalar(a.email)}",
            self._with(f"  financial_year_ends: {a.financial_year_ends}", "financial_year"),
        ]

    @property
    def _has_customers(self) -> bool:
        return bool({"customers", "sales"} & set(self.chosen))

    def _people(self) -> list[str]:
        ties = {"companies": ("contact",), "people": ("customer",), "both": ("contact", "customer")}[self.a.customers]
        found = dict.fromkeys(ties if self._has_customers else ())
        if "sales" in self.chosen:
            found["prospect"] = None
        for key in self.chosen:
            found.update(dict.fromkeys(self.table[key].get("people", ())))
        lines = [self._with("people:", "people")]
        for key in found:
            lines += self._block(key, known()["category"].get(key, {}), 2)
        return lines

    def _title(self) -> dict[str, str]:
        """Who is in the register, in each language."""
        found = [known()["title"]["customers"]] if self._has_customers else []
        found += [self.table[key]["title"] for key in self.chosen if "title" in self.table[key]]
        found = found or [known()["title"]["others"]]
        said = {lang: f" {word} ".join(each[lang] for each in found) for lang, word in AND.items()}
        return {lang: text[:1].upper() + text[1:] for lang, text in said.items()}

    def _kinds(self) -> list[str]:
        found = dict.fromkeys(kind for key in self.chosen for kind in self.table[key].get("kinds", ()))
        if not found:
            return []
        return [
            self._with("kinds:", "kinds"),
            *(line for kind in found for line in self._block(kind, known()["kind"][kind], 2)),
            "",
        ]

    def _purposes(self) -> list[str]:
        return [purpose for key in self.chosen for purpose in self.table[key]["purposes"]]

    def _purpose(self, key: str) -> list[str]:
        """A preset by its name, and what differs from it here."""
        if self.a.customers == "both" and key in CONTRACTS:
            return [
                *(f"  {key}:", *self._name_of(key, "company_contract")),
                *(self._with(f"  own_{key}:", "own_contract"), f"    like: {key}"),
                *(*self._name_of(key, "contract"), "    basis: contract"),
            ]
        return [f"  {key}:", *self._differences(key)]

    def _name_of(self, key: str, basis: str) -> list[str]:
        """The preset's name with whose contract it is: otherwise two uses would be called the same."""
        said, whose = vocabulary(VOCABULARY).presets[key]["text"], known()["whose"][basis]
        return self._text("text", {lang: f"{text} ({whose[lang]})" for lang, text in said.items()}, 4)

    def _differences(self, key: str) -> list[str]:
        private = self.a.customers == "people"
        match key:
            case "customer_care" if private:
                return [f"    uses: [name, contact, address, {', '.join(PRIVATE_TIE)}, interaction, task, message]"]
            case "bookkeeping" if "residents" in self.chosen:
                return [
                    "    uses: [invoice, payment, charge]",
                    "    keep: {invoice: accounting_voucher, charge: accounting_voucher}",
                ]
            case "orders" | "service" if private:
                kinds = {"orders": "order, delivery", "service": "service_job"}[key]
                return ["    basis: contract", f"    uses: [name, contact, {kinds}]"]
            case "agreements" if private:
                return ["    basis: contract", "    uses: [name, agreement]"]
            case "complaints":
                return [f"    uses: [{', '.join(self._complaint_items())}]"]
            case "enquiries":
                return ["    uses: [name, contact, form_submission]"]
            case "newsletter" if self.a.sends_mail:
                return ["    confirm: email", "    lasts: 3 years"]
            case "newsletter":
                return [self._with("    # confirm: email", "confirm"), "    lasts: 3 years"]
            case "marketing" if self._private_people():
                # Private people may be among them, so e-mail needs their consent (Act 917/2014, section 200).
                return [*self._text("consent", known()["offers"], 4), "    lasts: 3 years"]
            case _:
                return [
                    line
                    for name, said in known()["purpose"].get(key, {}).items()
                    for line in self._block(name, said, 4)
                ]

    def _private_people(self) -> bool:
        return self.a.customers != "companies" or any("people" in self.table[one] for one in self.chosen)

    def _complaint_items(self) -> list[str]:
        items = ["name", "contact", "complaint"]
        for activity, kind in (("orders", "order"), ("service", "service_job")):
            if activity in self.chosen:
                items += [kind, f"complaint.{kind}"]
        return [*items, "interaction", "interaction.complaint", "task", "task.complaint"]

    def _processors(self) -> list[str]:
        lines = []
        purposes = self._all_purposes()
        for key, one in helpers(self.chosen).items():
            helper = self.a.helpers.get(key)
            if helper is None and one.get("may_lack"):
                continue
            helper = helper or Helper()
            lines += [f"  {key}:"]
            lines += [f"    name: {scalar(helper.name)}"] if helper.name else []
            lines += [*self._text("does", one["does"], 4), f"    country: {helper.country}"]
            if transfer_status(helper.country, self.day) not in ("eea", "adequate"):
                lines.append(self._with("    safeguard:", "fill_in_safeguard"))
            agreement = (
                f"    agreement: {scalar(helper.agreement)}"
                if helper.agreement
                else self._with("    agreement:", "fill_in")
            )
            lines.append(agreement)
            named = [purpose for purpose in one.get("for", ()) if purpose in purposes]
            lines += [f"    for: [{', '.join(named)}]"] if named else []
        return [self._with("processors:", "processors"), *lines, ""]

    def _recipients(self) -> list[str]:
        return [self._with("recipients:", "recipients"), "  authorities: {is: authority, when: legal_request}"]

    def _sources(self) -> list[str]:
        found = dict.fromkeys(source for key in self.chosen for source in self.table[key]["sources"])
        return list(found) or ["subject"]

    def _all_purposes(self) -> list[str]:
        found = []
        for key in self._purposes():
            found.append(key)
            if self.a.customers == "both" and key in CONTRACTS:
                found.append(f"own_{key}")
        return found

    def _staff(self) -> list[str]:
        """Each role with its purposes. One that would find nobody gets with them what shows it people."""
        given: Mapping[str, Sequence[str]] = self.a.staff or {"everyone": self.chosen}
        shares = {role: list(doings) for role, doings in given.items()}
        left = [key for key in self.chosen if not any(key in doings for doings in shares.values())]
        if left:
            shares.setdefault("everyone" if "everyone" in shares else "management", []).extend(left)
        lines = []
        for role, doings in shares.items():
            mine = [purpose for purpose in self._all_purposes() if self._activity_of(purpose) in doings]
            shows = self._shows_people(doings) if mine else ""
            if mine:
                line = f"  {role}: [{', '.join([shows, *mine] if shows else mine)}]"
                lines.append(f"{line}  # {self._say('shows_people', purpose=shows)}" if shows else line)
        return lines

    def _shows_people(self, doings: Sequence[str]) -> str:
        """The purpose without which a role with these doings would find nobody; empty when it finds them as it is."""
        there = [key for key in SHOW_PEOPLE if key in self.chosen]
        finds = {*there, *FIND_THEIR_OWN, *(OF_COMPANIES if self.a.customers == "companies" else ())}
        return SHOW_PEOPLE[there[0]] if there and set(doings) - finds and not set(doings) & finds else ""

    def _activity_of(self, purpose: str) -> str:
        bare = purpose.removeprefix("own_")
        return next(key for key in self.chosen if bare in self.table[key]["purposes"])

    def _see_also(self) -> list[str]:
        if not self.a.sensitive:
            return []
        text = self._text("text", known()["sensitive"]["text"], 4)
        return [
            self._with("see_also:", "see_also"),
            f"  - {text[0].strip()}",
            *text[1:],
            self._with("    url:", "fill_in_url"),
        ]

    def _accepted(self) -> list[str]:
        found = [known()["accept"][name] for key in self.chosen for name in self.table[key].get("accept", ())]
        lines = [self._with("accept:", "accept")] if found else []
        for one in found:
            first, *more = [line for name, said in one.items() for line in self._block(name, said, 4)]
            lines += [f"  - {first.strip()}", *more]
        return lines

    # --- texts ----------------------------------------------------------------------------------------------------

    def _text(self, key: str, texts: Mapping[str, str], indent: int) -> list[str]:
        """A text in the notice's languages: on the line when there is one, else a line for each."""
        space = " " * indent
        said = {lang: texts.get(lang) or texts.get("en") or next(iter(texts.values())) for lang in self.a.languages}
        if len(said) == 1:
            return [f"{space}{key}: {scalar(next(iter(said.values())))}"]
        return [f"{space}{key}:", *(f"{space}  {lang}: {scalar(text)}" for lang, text in said.items())]

    def _block(self, key: str, said: Any, indent: int) -> list[str]:
        """A value of the table as YAML: a text in the notice's languages, a list on the line, a mapping below it."""
        space = " " * indent
        if isinstance(said, list):
            return [f"{space}{key}: [{', '.join(said)}]"]
        if not isinstance(said, dict):
            return [f"{space}{key}: {scalar(str(said))}"]
        if "fi" in said:
            return self._text(key, said, indent)
        return [
            f"{space}{key}:",
            *(line for name, each in said.items() for line in self._block(name, each, indent + 2)),
        ]

    def _with(self, line: str, comment: str) -> str:
        said = self._say(comment)
        return f"{line:<36}# {said}" if len(line) < 36 else f"{line}  # {said}"

    def _say(self, key: str, **values: str) -> str:
        texts = known()["comment"][key]
        return str(texts.get(self.lang, texts["en"])).format(file=self.file, **values)


def scalar(text: str) -> str:
    """A text as YAML: bare when nothing in it could be read as anything else, otherwise in double quotes."""
    text = " ".join(text.split())
    plain = re.fullmatch(r"[\w(][^:#\[\]{}\"'&*!|>%@`\\]*", text) and not text.endswith(" ")
    safe = plain or re.fullmatch(r"[\w.+-]+@[\w.-]+|https?://[\w./-]+", text)
    reserved = text.lower() in ("true", "false", "null", "yes", "no", "on", "off", "~")
    return text if safe and not reserved else json.dumps(text, ensure_ascii=False)
