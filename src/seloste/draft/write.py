"""From facts to a notice file: ready purposes and words of the vocabulary, each with the line of the text it rests on.

What the text does not tell is left empty and marked, as ``seloste new`` does. A line that the check would not let stand
in this notice is left out again, and said in a comment.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from seloste.catalogue.load import vocabulary
from seloste.draft.facts import Facts
from seloste.draft.judge import leaving
from seloste.draft.read import of_the_web, parties
from seloste.draft.sentences import Sentence
from seloste.notice.answers import Answers
from seloste.notice.check import CheckResult, check_parsed
from seloste.notice.new import VOCABULARY, Writer, activities, known, scalar
from seloste.notice.parse import read_text

ROUNDS = 4
SHOWN = 5
QUOTED = 110
"""Characters of a sentence that a comment quotes."""
MARK = {"fi": "TÄYDENNÄ", "en": "FILL IN"}


@cache
def says() -> Mapping[str, Mapping[str, str]]:
    """The comments of the file."""
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((Path(__file__).parent / "write.toml").read_text("utf-8"))
    return found


def write(facts: Facts, *, day: dt.date, file: str = "notice.yaml") -> tuple[str, CheckResult]:
    """The notice file as YAML, and what its check finds. Every error left is about a line marked to be filled in."""
    dropped: dict[str, str] = {}
    for _ in range(ROUNDS):
        writer = Prose(facts, day, file, dropped)
        text = "\n".join(writer.lines()) + "\n"
        result = check_parsed(read_text(text))
        lines = text.splitlines()
        wrong = {
            optional: finding.message(facts.lang)
            for finding in result.findings
            if finding.severity == "error" and MARK[facts.lang] not in lines[finding.line - 1]
            for optional in [writer.optional_at(finding.at)]
            if optional and optional not in dropped
        }
        if not wrong:
            break
        dropped |= wrong
    return text, result


class Prose(Writer):
    """Writes as the interview does, from facts in place of answers."""

    def __init__(self, facts: Facts, day: dt.date, file: str, dropped: Mapping[str, str]) -> None:
        self.facts, self.dropped = facts, dropped
        self.said = [key for key in facts.purposes if f"purposes.{key}" not in dropped]
        table = activities(facts.customers)
        chosen = [key for key, one in table.items() if set(one["purposes"]) & set(self.said)]
        name = facts.controller["name"][0] if "name" in facts.controller else ""
        answers = Answers(
            name=name,
            email="",
            activities=tuple(chosen),
            languages=(facts.lang,),
            customers=facts.customers,
            promises=False,
        )
        super().__init__(answers, day, facts.lang, file)
        self.chosen = chosen
        self.optional: set[str] = {f"purposes.{key}" for key in self.said}

    def optional_at(self, at: str) -> str:
        """The part that may be left out which a finding's path is in, the smallest first; empty if there is none."""
        parts = at.split(".")
        tries = [".".join(parts[:size]) for size in range(len(parts), 0, -1)]
        tries = [f"{tries[-2]}.keep", *tries] if len(parts) > 1 else tries
        return next((each for each in tries if each in self.optional and each not in self.dropped), "")

    def _may(self, path: str) -> bool:
        """Whether an optional part is written; one that the check refused is not."""
        self.optional.add(path)
        return path not in self.dropped

    # --- comments -------------------------------------------------------------------------------------------------

    def _t(self, key: str, **values: object) -> str:
        return says()[key][self.lang].format(**values)

    def _fill(self, key: str) -> str:
        return self._t("fill", what=self._t(key))

    def _quote(self, one: Sentence | None, indent: int) -> list[str]:
        if one is None:
            return []
        said = re.sub(r"[^\x20-\x7e\u00a0-\u024f\u2010-\u203a\u20ac]", " ", one.text)
        said = textwrap.shorten(said, QUOTED, placeholder=" …")
        return [f"{' ' * indent}# {self._t('line', line=one.line)}: {said}"]

    def _at(self, line: str, one: Sentence | None, more: str = "") -> str:
        notes = [note for note in (self._t("line", line=one.line) if one else "", more) if note]
        return f"{line:<34}  # {'; '.join(notes)}" if notes else line

    # --- sections -------------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        found = super().lines()
        if not self.a.name:
            key = next(at for at, line in enumerate(found) if line.startswith("register:"))
            found[key] = "register: customers"
            found = found[1:]
        at = next(n for n, line in enumerate(found) if line.startswith("security:"))
        found[at:at] = self._never()
        found[at + len(self._never()) + 1 : at + len(self._never()) + 1] = self._attested()
        at = found.index(self._with("purposes:", "purposes")) + 1
        found[at:at] = self._vague()
        return [*found, *self._cookies(), *self._unplaced(), *self._left()]

    def _controller(self) -> list[str]:
        lines = ["controller:"]
        has = self.facts.controller
        for key in ("name", "business_id", "address", "email", "phone", "web"):
            if key in has:
                value, one = has[key]
                lines.append(self._at(f"  {key}: {scalar(self._value(key, value))}", one))
            elif key in ("name", "address", "email"):
                lines.append(f"  {key}:  # {self._fill(key)}")
        role, where = has["role"] if "role" in has else (known()["question"]["contact_default"][self.lang], None)
        lines += ["  contact:", self._at(f"    role: {scalar(role)}", where, "" if where else self._fill("role"))]
        if "email" in has:
            lines.append(f"    email: {scalar(has['email'][0])}")
        else:
            lines.append(f"    email:  # {self._fill('email')}")
        lines.append(self._at("  financial_year_ends: 12-31", None, self._fill("year")))
        if self.facts.has("recipient", "group"):
            lines += [*self._quote(self.facts.first("recipient", "group"), 2), f"  group:  # {self._fill('group')}"]
        return lines

    def _value(self, key: str, value: str) -> str:
        return f"https://{value}" if key == "web" and not value.startswith("http") else value

    def _purposes(self) -> list[str]:
        return self.said or ["customer_care"]

    def _purpose(self, key: str) -> list[str]:
        if not self.said:
            return [f"  # {self._t('no_purpose')}", *super()._purpose(key)]
        one = self.facts.purposes[key]
        head = self._quote(one, 2)
        if key in self.facts.implied and key not in self.facts.said["purpose"]:
            head.append(f"  # {self._t('implied')}")
        name, *more = super()._purpose(key)
        own = [at for at, line in enumerate(more) if re.match(r"  \S", line)]
        mine, others = (more[: own[0]], more[own[0] :]) if own else (more, [])
        return [*head, name, *self._uses(key, mine), *self._borrows(key), *self._keep(key), *others]

    def _borrows(self, key: str) -> list[str]:
        """Asks for the data of a ready purpose that leaves them to the owner."""
        preset = vocabulary(VOCABULARY).presets.get(key, {})
        empty = "borrows" in preset and not preset["borrows"] and not preset.get("uses")
        return [f"    borrows:  # {self._fill('borrows')}"] if empty else []

    def _uses(self, key: str, lines: list[str]) -> list[str]:
        """With the items the text names of kinds this purpose holds, which nobody holds unless named."""
        lines = _without("keep", lines) if self._period(key) and f"purposes.{key}.keep" not in self.dropped else lines
        extra = [item for item in self._extras().get(key, ()) if self._may(f"purposes.{key}.uses")]
        if not extra:
            return lines
        at = next((n for n, line in enumerate(lines) if line.startswith("    uses: [")), None)
        if at is None:
            return [*lines, f"    uses: [+, {', '.join(extra)}]"]
        have = lines[at].removeprefix("    uses: [").rstrip("]").split(", ")
        return [*lines[:at], f"    uses: [{', '.join(dict.fromkeys([*have, *extra]))}]", *lines[at + 1 :]]

    def _extras(self) -> dict[str, list[str]]:
        """Items of the text that no purpose holds by its kind's name, by the first purpose that has the kind."""
        kinds = vocabulary(VOCABULARY).kinds
        found: dict[str, list[str]] = {}
        for item in self.facts.said["item"]:
            kind, _, name = item.partition(".")
            of = "relationship" if kind == "person" and not name else kind
            if kind == "address":
                takers = [key for key in self._purposes() if "contact" in self._holds(key)]
            elif name and kind in kinds and name in kinds[kind].items and kinds[kind].items[name].extra:
                if kinds[kind].items[name].sensitive:
                    continue
                takers = [key for key in self._purposes() if self._takes(key, of)]
            else:
                continue
            takers.sort(key=lambda key: not any(kinds[use].tie for use in self._holds(key) if use in kinds))
            if takers:
                found.setdefault(takers[0], []).append(item if kind != "person" else name)
        return found

    def _takes(self, key: str, kind: str) -> bool:
        return kind in self._holds(key) or (kind == "person" and "contact" in self._holds(key))

    def _holds(self, key: str) -> set[str]:
        preset: Any = {**vocabulary(VOCABULARY).presets.get(key, {}), **known()["purpose"].get(key, {})}
        return {use.partition(".")[0] for use in preset.get("uses", ())}

    def _period(self, key: str) -> str:
        found = next((one for one in self.facts.periods if one.purpose == key), None)
        template = parties()["keep"].get(found.rule) if found else None
        return template.replace("{p}", found.text) if found and template else ""

    def _keep(self, key: str) -> list[str]:
        period = self._period(key)
        if period and self._may(f"purposes.{key}.keep"):
            one = next(one for one in self.facts.periods if one.purpose == key)
            return [*self._quote(one.where, 4), self._at(f"    keep: {period}", one.where, self._t("period_said"))]
        return []

    def _people(self) -> list[str]:
        lines = [self._with("people:", "people")]
        for key in self._categories():
            if self._may(f"people.{key}"):
                block = self._block(key, known()["category"].get(key, {}), 2)
                lines += [self._at(block[0], self.facts.first("people", key)), *block[1:]]
        return lines

    def _categories(self) -> Iterator[str]:
        ties = {"companies": ("contact",), "people": ("customer",), "both": ("contact", "customer")}[self.a.customers]
        found = dict.fromkeys(ties if self._has_customers or not self.said else ())
        found.update(
            dict.fromkeys(person for key in self.chosen for person in self.table.get(key, {}).get("people", ()))
        )
        known_ones = vocabulary(VOCABULARY).categories
        held = {kind for key in self._purposes() for kind in self._holds(key)}
        for key, one in known_ones.items():
            needed = one.get("tie") in held and key in ("visitor", "user", "subscriber", "key_holder")
            if needed or (self.facts.has("people", key) and (one.get("tie") in held and key != "customer")):
                found[key] = None
        if "cameras" in self.said:
            found["passer_by"] = None
        if "newsletter" in self.said or ("partner_marketing" in self.said and not found):
            found["subscriber"] = None
        yield from found or dict.fromkeys(ties)

    def _processors(self) -> list[str]:
        found = [key for key in self.facts.said["processor"] if key in parties()["processor"]]
        found = [key for key in found if key != "others" or len(found) == 1]
        lines = []
        if not found:
            lines.append(f"  # {self._t('no_processor')}")
        for key in found or ["mail_and_files"]:
            lines += self._processor(key, next(iter(self.facts.services), "") if key == "analytics" else "")
        away = leaving(self.facts)
        told = [*self._quote(away, 2), f"  # {self._fill('leaves')}"] if away else []
        return [self._with("processors:", "processors"), *told, *lines, ""]

    def _processor(self, key: str, name: str) -> list[str]:
        one = parties()["processor"][key]
        purposes = [purpose for purpose in one.get("for", ()) if purpose in self._all_purposes()]
        if key == "analytics":
            purposes = [purpose for purpose in self._all_purposes() if of_the_web(purpose)][:4] or purposes
        return [
            *self._quote(self.facts.first("processor", key), 2),
            f"  {key}:",
            f"    name: {scalar(name)}" if name else f"    # name:  {self._fill('processor')}",
            *self._text("does", one["does"], 4),
            f"    country: FI                     # {self._fill('country')}",
            self._with("    agreement:", "fill_in"),
            *([f"    for: [{', '.join(purposes)}]"] if purposes else []),
        ]

    def _recipients(self) -> list[str]:
        lines = [self._with("recipients:", "recipients")]
        table = parties()["recipient"]
        asked = [key for key, one in table.items() if one.get("who") and self._asks_each(one.get("for", ""))]
        for key in dict.fromkeys([*self.facts.said["recipient"], *asked, "authorities"]):
            one = table[key]
            if not self._may(f"recipients.{key}"):
                continue
            where = self.facts.first("recipient", key)
            lines += self._quote(where, 2) if where or key != "authorities" else [f"  # {self._t('law_only')}"]
            lines.append(f"  {key}:")
            lines += self._text("text", one["text"], 4) if "text" in one else []
            lines += [f"    who:  # {self._fill('who')}"] if one.get("who") else []
            lines += [f"    {line}" for line in one["lines"]]
        return lines

    def _asks_each(self, purpose: str) -> bool:
        """Whether consent to a purpose is asked for each recipient by name."""
        return purpose in self.said and vocabulary(VOCABULARY).presets.get(purpose, {}).get("per") == "recipient"

    def _sources(self) -> list[str]:
        found = dict.fromkeys([*self.facts.said["source"], "own_records"])
        if not self.facts.said["source"]:
            found = dict.fromkeys(["subject", "own_records"])
        return [self._at(key, self.facts.first("source", key)) for key in found if self._may(f"sources.{key}")]

    def _staff(self) -> list[str]:
        return [f"  everyone: [{', '.join(self._all_purposes())}]  # {self._fill('staff')}"]

    def _activity_of(self, purpose: str) -> str:
        return purpose

    def _see_also(self) -> list[str]:
        return []

    def _never(self) -> list[str]:
        """Promises not to do what the text says is not done."""
        said = {key: where[0] for key, where in self.facts.denied["never"].items()}
        if (stays := self.facts.first("only_within", "eea")) is not None:
            said["leaving_eea"] = stays
        if leaving(self.facts) is not None:
            said.pop("leaving_eea", None)
        kept = {key: said[key] for key in vocabulary(VOCABULARY).never if key in said and self._may(f"never.{key}")}
        if not kept:
            return []
        quotes = [line for one in kept.values() for line in self._quote(one, 0)]
        return [*dict.fromkeys(quotes), self._with(f"never: [{', '.join(kept)}]", "never")]

    def _attested(self) -> list[str]:
        """Measures that a person must vouch for: written as comments until somebody has."""
        table = vocabulary(VOCABULARY).security
        found = [key for key in self.facts.said["security"] if table[key]["nature"] == "attested"]
        return [f"# {self._t('attested', what=key, line=self.facts.said['security'][key][0].line)}" for key in found]

    def _vague(self) -> list[str]:
        """How periods were set, and the sentences that give none."""
        lines = [f"  # {self._t('period')}"]
        if self.facts.open_ended:
            lines.append(f"  # {self._t('vague')}")
        for one in self.facts.open_ended[:SHOWN]:
            lines += self._quote(one, 2)
        return lines

    def _cookies(self) -> list[str]:
        if not any("cookies" in one.topics for one in self.facts.sentences):
            return []
        purpose = next((key for key in self.said if of_the_web(key)), "")
        of = f"purpose: {purpose}" if purpose else "necessary: true"
        shown = ["cookies:", "  example_cookie:", "    provider:", "    text:", f"    {of}", "    duration: 12 months"]
        return ["", f"# {self._t('cookies')}", *(f"# {line}" for line in shown)]

    def _unplaced(self) -> list[str]:
        names = list(dict.fromkeys([*unplaced(self.facts), *(phrase for phrase, _ in self.facts.apart)]))
        return ["", f"# {self._t('unplaced', what=', '.join(names))}"] if names else []

    def _left(self) -> list[str]:
        return [f"# {self._t('left', what=f'{path}: {_flat(why)}')}" for path, why in self.dropped.items()]


def unplaced(facts: Facts) -> list[str]:
    """Labels of what the text stores that no purpose it names needs."""
    words = vocabulary(VOCABULARY)
    held: set[str] = {"name", "contact", "address", "person", "organisation"}
    for key in facts.purposes:
        preset: Any = {**words.presets.get(key, {}), **known()["purpose"].get(key, {})}
        held |= {use.partition(".")[0] for use in (*preset.get("uses", ()), *preset.get("borrows", ()))}
    found = []
    for item in facts.said["item"]:
        kind, _, name = item.partition(".")
        if kind in words.kinds and not words.kinds[kind].built_in:
            one = words.kinds[kind].items.get(name)
            if kind not in held or (one is not None and one.sensitive):
                found.append(one.label[facts.lang] if one else words.kinds[kind].label[facts.lang])
    return list(dict.fromkeys(found))


def _without(key: str, lines: list[str]) -> list[str]:
    """Lines of a purpose without one of its keys and what stands below it."""
    kept, inside = [], False
    for line in lines:
        inside = line.startswith(f"    {key}:") or (inside and line.startswith("      "))
        if not inside:
            kept.append(line)
    return kept


def _flat(text: str) -> str:
    return textwrap.shorten(" ".join(text.split()), QUOTED, placeholder=" …")
