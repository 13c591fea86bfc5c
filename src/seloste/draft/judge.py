"""The judgment on each item of the checklist (N1 to N25), and the faults a text shows by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from seloste.draft.facts import Facts
from seloste.draft.particulars import PERSONAL
from seloste.draft.sentences import Sentence
from seloste.law.checklist import items
from seloste.law.repealed import repealed

State = Literal["has", "lacks", "unclear", "idle"]
PLACEHOLDER = re.compile(r"\[[^\]\n]{3,}\]?|\bxx+\b|\bTODO\b|\bTBD\b|_{4,}", re.IGNORECASE)
RIGHTS = {
    "N11": "access",
    "N12": "rectify",
    "N13": "erase",
    "N14": "restrict",
    "N15": "object",
    "N16": "portability",
    "N18": "complaint",
}
SHORTEST_VOUCHER = 6
"""Years; Accounting Act 1336/1997, 2:10."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How the text stands on one item; ``why`` is a key of what to do, empty when there is nothing."""

    item: str
    state: State
    where: Sentence | None = None
    why: str = ""


def judged(facts: Facts) -> Iterator[Judged]:
    """Every item of the checklist, in its order."""
    for item in items():
        yield RULES.get(item.id, _right)(facts, item.id)


def _plain(facts: Facts, item: str, where: Sentence | None) -> Judged:
    return Judged(item, "has", where) if where is not None else Judged(item, "lacks", None, item)


def _any(facts: Facts, *sections: str) -> Sentence | None:
    found = [where[0] for section in sections for where in facts.said[section].values()]
    return min(found, key=lambda one: one.line) if found else None


def _right(facts: Facts, item: str) -> Judged:
    return _plain(facts, item, facts.first("right", RIGHTS[item]))


def _controller(facts: Facts, item: str) -> Judged:
    return _plain(facts, item, facts.controller["name"][1] if "name" in facts.controller else None)


def _contact(facts: Facts, item: str) -> Judged:
    has = [facts.controller[key][1] for key in ("address", "email") if key in facts.controller]
    if len(has) == 2 or not has:
        return _plain(facts, item, next(iter(has), None))
    return Judged(item, "unclear", has[0], item)


def _only_if(key: str) -> Callable[[Facts, str], Judged]:
    def rule(facts: Facts, item: str) -> Judged:
        where = facts.first("tells", key)
        return Judged(item, "has", where) if where else Judged(item, "idle")

    return rule


def _purposes(facts: Facts, item: str) -> Judged:
    return _plain(facts, item, next(iter(facts.purposes.values()), None))


def _bases(facts: Facts, item: str) -> Judged:
    where = _any(facts, "basis")
    bases = {one for found in facts.said["basis"].values() for one in found}
    purposes = {one for found in facts.said["purpose"].values() for one in found}
    if where is not None and len(facts.said["basis"]) > 1 and len(purposes) > 1 and not bases & purposes:
        return Judged(item, "unclear", where, "N6_together")
    return _plain(facts, item, where)


def _interest(facts: Facts, item: str) -> Judged:
    if not facts.has("basis", "legitimate_interest"):
        return Judged(item, "idle")
    where = facts.first("interest", "named")
    return (
        Judged(item, "has", where)
        if where
        else Judged(item, "lacks", facts.first("basis", "legitimate_interest"), item)
    )


def _recipients(facts: Facts, item: str) -> Judged:
    return _plain(facts, item, _any(facts, "recipient", "processor") or facts.denies("tells", "to_third_parties"))


def _transfer(facts: Facts, item: str) -> Judged:
    leaves = leaving(facts)
    if leaves is None:
        stays = facts.denies("never", "leaving_eea") or facts.first("only_within", "eea")
        return Judged(item, "has", stays) if stays else Judged(item, "idle", None, "N9_silent")
    safeguard = _any(facts, "safeguard")
    if safeguard is None:
        return Judged(item, "lacks", leaves, item)
    copy = facts.first("tells", "transfer_copy")
    return Judged(item, "has", safeguard) if copy else Judged(item, "unclear", safeguard, "N9_copy")


def leaving(facts: Facts) -> Sentence | None:
    """The sentence that says data leave the EEA."""
    denied = set(facts.denied["never"].get("leaving_eea", ())) | set(facts.said["only_within"].get("eea", ()))
    return next((one for one in facts.said["never"].get("leaving_eea", ()) if one not in denied), None)


def _period(facts: Facts, item: str) -> Judged:
    if facts.periods and facts.open_ended:
        return Judged(item, "unclear", facts.open_ended[0], "N10_some")
    if facts.open_ended:
        return Judged(item, "unclear", facts.open_ended[0], "N10_open")
    return _plain(facts, item, facts.periods[0].where if facts.periods else None)


def _withdraw(facts: Facts, item: str) -> Judged:
    if not facts.has("basis", "consent"):
        return Judged(item, "idle")
    where = facts.first("right", "withdraw")
    return Judged(item, "has", where) if where else Judged(item, "lacks", facts.first("basis", "consent"), item)


def _needed(facts: Facts, item: str) -> Judged:
    return _plain(facts, item, facts.first("tells", "needed_for") or facts.denies("tells", "needed_for"))


def _automated(facts: Facts, item: str) -> Judged:
    if (denied := facts.denies("never", "automated_decisions")) is not None:
        return Judged(item, "has", denied)
    said = facts.first("never", "automated_decisions")
    return Judged(item, "unclear", said, item) if said else Judged(item, "idle")


def _apart(facts: Facts, item: str) -> Judged:
    """Art. 21(4): asked where a legitimate interest or marketing is."""
    if not facts.has("basis", "legitimate_interest") and "marketing" not in facts.purposes:
        return Judged(item, "idle")
    where = facts.first("right", "object")
    if where is None:
        return Judged(item, "lacks", None, item)
    others = [key for key in ("access", "rectify", "erase", "portability") if where in facts.said["right"].get(key, ())]
    return Judged(item, "unclear", where, item) if others else Judged(item, "has", where)


def _joint(facts: Facts, item: str) -> Judged:
    where = facts.first("tells", "joint_controllers")
    return Judged(item, "unclear", where, item) if where else Judged(item, "idle")


def _cookies(facts: Facts, item: str) -> Judged:
    about = [one for one in facts.sentences if "cookies" in one.topics]
    if not about:
        return Judged(item, "idle")
    told = [
        facts.first("tells", key) or facts.denies("tells", key) for key in ("consent_to_cookies", "cookie_duration")
    ]
    return (
        Judged(item, "has", told[0])
        if all(told)
        else Judged(item, "lacks" if not any(told) else "unclear", about[0], item)
    )


RULES: dict[str, Callable[[Facts, str], Judged]] = {
    "N1": _controller,
    "N2": _contact,
    "N3": _only_if("eu_representative"),
    "N4": _only_if("dpo"),
    "N5": _purposes,
    "N6": _bases,
    "N7": _interest,
    "N8": _recipients,
    "N9": _transfer,
    "N10": _period,
    "N17": _withdraw,
    "N19": _needed,
    "N20": _automated,
    "N21": lambda facts, item: _plain(facts, item, _any(facts, "item")),
    "N22": lambda facts, item: _plain(facts, item, _any(facts, "source")),
    "N23": _apart,
    "N24": _joint,
    "N25": _cookies,
}

# --- faults of the text -----------------------------------------------------------------------------------------------

Fault = tuple[str, Sentence | None, dict[str, Any]]


def to_mend(facts: Facts) -> Iterator[Fault]:
    """Contradictions, unlawful limits, repealed laws, placeholders: key, sentence, what fills the words."""
    yield from _of_words(facts)
    for key in ("quota", "in_writing", "indefinite"):
        if (one := facts.first("tells", key)) is not None:
            yield key, one, {}
    yield from _contradictions(facts)
    for period in facts.periods:
        if period.purpose == "bookkeeping" and period.shortest_years < SHORTEST_VOUCHER:
            yield "voucher", period.where, {}
    if facts.has("item", "person.personal_identity_code"):
        yield "identity_code", facts.first("item", "person.personal_identity_code"), {}
    if facts.has("item", "health"):
        yield "special", facts.first("item", "health"), {}
    if "partner_marketing" in facts.purposes:
        yield "partner_consent", facts.purposes["partner_marketing"], {}
    if "email" in facts.controller and PERSONAL.match(facts.controller["email"][0]):
        yield "personal", facts.controller["email"][1], {}
    if not facts.has("tells", "updated") and not any(
        re.search(r"\b\d{1,2}\.\d{1,2}\.20\d\d\b", one.text) for one in facts.sentences
    ):
        yield "undated", None, {}


def _of_words(facts: Facts) -> Iterator[Fault]:
    seen: set[str] = set()
    for one in facts.sentences:
        for act in repealed(one.text):
            if act.act not in seen:
                seen.add(act.act)
                yield "repealed", one, {"what": f"{act.name[facts.lang]} ({act.act})"}
        if (left := PLACEHOLDER.search(one.text)) is not None:
            yield "placeholder", one, {"what": left.group()[:60]}


def _contradictions(facts: Facts) -> Iterator[Fault]:
    denied = facts.denies("never", "profiling")
    told = facts.first("tells", "segments")
    if denied is not None and told is not None:
        yield "profiling", denied, {"line": told.line}
    stays = facts.denies("never", "leaving_eea") or facts.first("only_within", "eea")
    leaves = leaving(facts)
    if stays is not None and leaves is not None:
        yield "leaving", stays, {"line": leaves.line}
    nobody = facts.denies("tells", "to_third_parties")
    gets = next((one for where in facts.said["recipient"].values() for one in where if one is not nobody), None)
    gets = gets or facts.purposes.get("partner_marketing")
    if nobody is not None and "recipients" in nobody.topics and gets is not None:
        yield "third_parties", nobody, {"line": gets.line}
    sold = facts.denies("never", "selling")
    if sold is not None and "partner_marketing" in facts.purposes:
        yield "selling", sold, {"line": facts.purposes["partner_marketing"].line}
