"""Take every written line out of every notice in turn: what breaks the law or the format must be found, at its line.

A mutant that no finding names is *silent*. It may be silent only for a reason written in :data:`SILENT`, by the pattern
of its path, and each reason is itself checked on the mutant: what it says must be true of the notice that remains.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from tests.notice.mutants import Mutant, mutants

from seloste.notice.check import CheckResult, check_parsed
from seloste.notice.findings import Finding
from seloste.notice.model import Notice, Purpose
from seloste.notice.parse import Parsed, read
from seloste.notice.tree import Node

ROOT = Path(__file__).parents[2]
NOTICES = sorted(
    path
    for pattern in ("examples/*/*.yaml", "tests/corpus/*/notice.yaml")
    for path in ROOT.glob(pattern)
    if not read(path).is_frame
)
SAMPLE = 150
"""Mutants a notice, spread evenly; all, some two thousand, with SELOSTE_EVERY_MUTANT=1."""

Still = Callable[[Notice, tuple[str, ...]], bool]


def _purpose(notice: Notice, path: tuple[str, ...]) -> Purpose:
    return notice.purposes[path[1]]


def _always(notice: Notice, path: tuple[str, ...]) -> bool:
    return True


def _reachable(notice: Notice, path: tuple[str, ...]) -> bool:
    return bool(notice.controller.address and (notice.controller.email or notice.controller.contact_email))


def _no_year_counted(notice: Notice, path: tuple[str, ...]) -> bool:
    terms = [
        term
        for purpose in notice.purposes.values()
        for keep in purpose.keep
        for term in (keep.base, *keep.at_least)
        if term
    ]
    return not any(term.preset for term in terms)


def _told(notice: Notice, path: tuple[str, ...]) -> bool:
    """The preset says it in all languages."""
    said = getattr(_purpose(notice, path), path[2])
    return bool(said) and all(said.get(language) for language in notice.languages)


def _told_or_idle(notice: Notice, path: tuple[str, ...]) -> bool:
    purpose = _purpose(notice, path)
    idle = {
        "interest": purpose.basis not in ("legitimate_interest", "company_contract"),
        "consent": purpose.basis != "consent" and "consent" not in purpose.channels.values(),
        "needed_for": purpose.basis not in ("contract", "legal_obligation"),
        "profiling": purpose.nature != "profiling",
    }
    return _told(notice, path) or idle.get(path[2], False)


def _has_basis(notice: Notice, path: tuple[str, ...]) -> bool:
    return bool(_purpose(notice, path).basis)


def _every_kind_ends(notice: Notice, path: tuple[str, ...]) -> bool:
    return bool(_purpose(notice, path).keep)


def _uses_something(notice: Notice, path: tuple[str, ...]) -> bool:
    purpose = _purpose(notice, path)
    return bool(purpose.uses or purpose.borrows or purpose.at_intake)


def _tie_still_named(notice: Notice, path: tuple[str, ...]) -> bool:
    """Every kind of the vocabulary that makes a person one of a category still has a category."""
    from seloste.catalogue.load import vocabulary

    ties = {category.get("tie") for category in vocabulary(notice.vocabulary).categories.values()}
    named = {category.tie for category in notice.categories}
    return all(key in named for key, kind in notice.kinds.items() if key in ties and not kind.built_in) and bool(named)


def _recipient_told(notice: Notice, path: tuple[str, ...]) -> bool:
    recipient = next(known for known in notice.recipients if known.key == path[1])
    return bool(recipient.text_written or recipient.who) and bool(recipient.purposes or recipient.when)


def _gets_something(notice: Notice, path: tuple[str, ...]) -> bool:
    return bool(next(known for known in notice.recipients if known.key == path[1]).gets)


def _sources_cover(notice: Notice, path: tuple[str, ...]) -> bool:
    return any(source.brings_all for source in notice.sources.values())


def _all_acted_for(notice: Notice, path: tuple[str, ...]) -> bool:
    acted = {key for lens in notice.staff.values() for key in lens.purposes}
    return all(key in acted for key, purpose in notice.purposes.items() if not purpose.built_in)


def _named_in_languages(notice: Notice, path: tuple[str, ...]) -> bool:
    kind = notice.kinds[path[1]]
    return all(kind.label.get(language) for language in notice.languages)


def _secured(notice: Notice, path: tuple[str, ...]) -> bool:
    return bool(notice.security)


def _cookie_was_necessary(notice: Notice, path: tuple[str, ...]) -> bool:
    return all(cookie.necessary or cookie.purpose for cookie in notice.cookies)


SILENT: list[tuple[str, Still, str]] = [
    # --- the file
    (
        "extends",
        _always,
        "The frame is merged before a line is taken out; a frame that is not there is tested by itself.",
    ),
    # --- who is responsible
    (
        "controller.business_id",
        _reachable,
        "Art. 13(1)(a) asks for the identity and a way to reach; the number is more.",
    ),
    ("controller.phone", _reachable, "An address and an e-mail remain."),
    ("controller.contact.phone", _reachable, "An address and an e-mail remain."),
    ("controller.web", _reachable, "An address and an e-mail remain."),
    ("controller.email", _reachable, "The contact's e-mail remains."),
    ("controller.contact.email", _reachable, "The company's e-mail remains."),
    ("controller.financial_year_ends", _no_year_counted, "No period counts from it."),
    (
        "controller.group",
        _always,
        "A company without a group is a company; where the group is named, its absence is found.",
    ),
    ("controller.group.#", _always, "Nobody but the owner knows how many companies the group has."),
    ("controller.each", _always, "A mark for the software that keeps many registers; the controller is named."),
    ("controller.processor_contact", _always, "Requests go to the controller, who is reachable."),
    ("requests", _always, "E-mail and the portal are always there; more ways are a promise."),
    ("requests.*", _always, "E-mail and the portal are always there; more ways are a promise."),
    # --- people
    ("people.#", _tie_still_named, "Every tie that is held still has a category; more is finer."),
    (
        "people.*",
        _tie_still_named,
        "Whom an own kind makes is known to its owner alone; every known tie has a category.",
    ),
    ("people.*.youngest", _always, "A promise about age; without it nothing is said of children."),
    # --- own kinds
    ("kinds.*.plural", _named_in_languages, "The name of one stands for many."),
    ("kinds.*.title*", _always, "Rows then go by their number."),
    ("kinds.*.about", _always, "A row is a person's unless it is said otherwise: the safe reading."),
    ("kinds.*.act", _always, "Its date no longer counts as a contact; without any deed it is found."),
    ("kinds.*.dated", _always, "The first date of the kind dates it."),
    ("kinds.*.tie", _always, "It then may lack an end; what it belongs to remains."),
    ("kinds.*.items", _always, "Only what ties it remains: less is held."),
    ("kinds.*.items.*", _always, "Less is held; where something used it, that is found."),
    ("kinds.*.items.*.options.*", _always, "One choice less."),
    ("kinds.*.items.*.flags", _always, "A mark of free text or of many; sensitive marks are found."),
    # --- purposes
    ("purposes.*.text", _told, "The preset says it."),
    ("purposes.*.interest", _told_or_idle, "The preset says it."),
    ("purposes.*.consent", _told_or_idle, "The preset says it."),
    ("purposes.*.needed_for", _told_or_idle, "The preset says it, or nothing is demanded of the person."),
    ("purposes.*.profiling", _told_or_idle, "The preset says it, or there is no profiling by name."),
    ("purposes.*.balancing", _always, "A pointer to a record of the owner's; the interest is named."),
    ("purposes.*.basis", _has_basis, "The preset gives one."),
    ("purposes.*.law*", lambda notice, path: bool(_purpose(notice, path).law), "The preset names one."),
    ("purposes.*.uses", _uses_something, "The preset says what it uses."),
    ("purposes.*.uses.#", _uses_something, "Less is held; where something needed it, that is found."),
    ("purposes.*.borrows", _uses_something, "The preset says what it borrows, or nothing is borrowed."),
    ("purposes.*.borrows.#", _uses_something, "Less is borrowed."),
    ("purposes.*.keep", _every_kind_ends, "The preset gives a period."),
    ("purposes.*.keep.*", _every_kind_ends, "What the purpose uses follows the matters that remain, or it is found."),
    ("purposes.*.at_most*", _every_kind_ends, "A trim within the period of the matter, which remains."),
    (
        "purposes.*.lasts",
        _always,
        "A consent that ends with its matter, or whose preset gives an end.",
    ),
    ("purposes.*.longest", lambda notice, path: _purpose(notice, path).longest is not None, "The preset gives it."),
    ("purposes.*.confirm", _always, "A promise more than the law asks."),
    ("purposes.*.senders*", _always, "We alone send then: a narrower use."),
    (
        "purposes.*.channels*",
        lambda notice, path: bool(_purpose(notice, path).channels),
        "Channels remain, or the preset's.",
    ),
    # --- who receives
    ("processors", _always, "Art. 13(1)(e) asks for recipients “if any”; only the owner knows."),
    ("processors.*", _always, "Art. 13(1)(e) asks for recipients “if any”; only the owner knows."),
    ("processors.*.name", _always, "A category of recipients is enough in Art. 13(1)(e); what it does is told."),
    ("processors.*.for*", _always, "It then works for every purpose: wider, and told so."),
    ("processors.*.sub_processors*", _always, "Only the owner knows them."),
    ("recipients", _always, "Art. 13(1)(e) asks for recipients “if any”; only the owner knows."),
    ("recipients.*", _always, "Art. 13(1)(e) asks for recipients “if any”; where a purpose needs one, that is found."),
    ("recipients.*.gets.#", _gets_something, "It gets less."),
    ("recipients.*.is", _recipient_told, "It is told in words who receives and for what."),
    ("recipients.*.text", _recipient_told, "It is named."),
    ("recipients.*.when", _recipient_told, "It is told for which purpose it receives."),
    ("recipients.*.who", _recipient_told, "A category in words is enough in Art. 13(1)(e)."),
    ("recipients.*.who.#", _recipient_told, "Others are named; only the owner knows how many."),
    # --- where from, who acts, how secured
    ("sources.#", _sources_cover, "A source that may bring everything remains; only the owner knows the others."),
    ("sources.#.*.#", _sources_cover, "It brings less, and another may bring everything."),
    ("sources.#.*.items*", _sources_cover, "It may bring more or less, and another may bring everything."),
    ("sources.#.*.public", _always, "Not public unless it is said."),
    ("staff.*", _all_acted_for, "Another role acts for each of its purposes."),
    ("staff.*.text", _always, "A role goes by its key inside the house."),
    ("staff.*.only", _always, "The role sees all of its purposes then: wider, and told so."),
    ("security.#", _secured, "Other measures remain (Art. 30(1)(g): a general description)."),
    # --- promises and what hangs on the website
    ("never*", _always, "Silence promises nothing."),
    ("proofs*", _always, "The public page shows no figures that the owner has not chosen."),
    ("gives_more*", _always, "More than the law asks."),
    ("paragraphs*", _always, "Own sentences beside what is told anyway."),
    ("forms", _always, "A form is a way in, not a fact about the data."),
    ("forms.*", _always, "A form is a way in, not a fact about the data."),
    ("forms.*.text", _always, "A form goes by its key."),
    ("forms.*.items.#", _always, "The form asks for less."),
    ("embeds", _always, "Nothing of others is shown then."),
    ("embeds.*", _always, "Nothing of others is shown then."),
    ("embeds.*.text", _always, "It goes by its key and its provider."),
    ("embeds.*.country", _always, "The provider is the controller of what it gets; its own notice is linked."),
    ("cookies.*", _cookie_was_necessary, "A necessary cookie or one of several: only the owner knows."),
    ("see_also*", _always, "Sister notices are a courtesy."),
    ("accept*", _always, "What is no longer accepted is found again."),
]


def _pattern(path: tuple[str | int, ...]) -> str:
    return ".".join("#" if isinstance(step, int) else step for step in path)


def _allowed(mutant: Mutant, result: CheckResult) -> bool:
    path = _pattern(mutant.path)
    assert result.notice is not None
    steps = tuple(str(step) for step in mutant.path)
    return any(
        fnmatchcase(path, pattern)
        and path.count(".") <= max(pattern.count("."), path.count(".") if pattern.endswith("*") else 0)
        and still(result.notice, steps)
        for pattern, still, _ in SILENT
    )


def _words(node: Node) -> Iterator[str]:
    if node.shape == "word":
        yield from node.word.split()
    for key, value in node.map.items():
        yield key
        yield from _words(value)
    for item in node.items:
        yield from _words(item)


def _names(mutant: Mutant) -> set[str]:
    """What the removed lines and the keys above them are called."""
    words = {str(step) for step in mutant.path if isinstance(step, str)} | set(_words(mutant.node))
    return {part for word in words for part in (word, word.split(".")[-1]) if len(part) > 1}


@cache
def _lines(file: str) -> tuple[str, ...]:
    return tuple(Path(file).read_text("utf-8").splitlines())


def _right_place(mutant: Mutant, finding: Finding) -> bool:
    """At a line that held what is gone, beside it under the same parent, or at a line that needs it by name."""
    above = mutant.parents[:-1] or mutant.parents
    if any((place.file, place.line) == (finding.file, finding.line) for place in above):
        return True
    depth = 2 if isinstance(mutant.path[-1], int) else 1
    parent = ".".join(str(step) for step in mutant.path[:-depth])
    if parent and finding.at.startswith(f"{parent}."):
        return True
    said = f"{_lines(finding.file)[finding.line - 1]} {finding.message()} {finding.help()}"
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) for name in _names(mutant))


def _sample(parsed: Parsed) -> list[Mutant]:
    every = list(mutants(parsed))
    if os.environ.get("SELOSTE_EVERY_MUTANT") or len(every) <= SAMPLE:
        return every
    step = len(every) / SAMPLE
    return [every[int(number * step)] for number in range(SAMPLE)]


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_line_taken_out_is_found_at_its_line_or_has_a_reason_to_be_silent(path: Path) -> None:
    parsed = read(path)
    known = {(finding.code, finding.message()) for finding in check_parsed(parsed).findings}
    silent, misplaced = [], []
    for mutant in _sample(parsed):
        result = check_parsed(mutant.parsed)
        new = [finding for finding in result.findings if (finding.code, finding.message()) not in known]
        if not new:
            if not _allowed(mutant, result):
                silent.append(mutant.dotted)
        elif not any(_right_place(mutant, finding) for finding in new):
            misplaced.append((mutant.dotted, [(finding.code, finding.line) for finding in new]))
    assert not silent, f"nothing is found when these are taken out: {silent}"
    assert not misplaced, f"found, but not at the line that lost something: {misplaced}"


# --- what Art. 13, 14, 21(4) and 30 demand, each by the line that carries it ------------------------------------------

MANDATORY = [
    # (path to take out, code that must be found); from the gym and the shop, which lean on no example
    ("bicycle_shop", "controller", "F16"),
    ("bicycle_shop", "controller.name", "F16"),
    ("bicycle_shop", "controller.address", "I01"),
    ("bicycle_shop", "controller.contact", "F16"),
    ("bicycle_shop", "controller.contact.email", "I02"),
    ("bicycle_shop", "controller.financial_year_ends", "K08"),
    ("bicycle_shop", "effective", "F16"),
    ("bicycle_shop", "title", "F16"),
    ("bicycle_shop", "title.sv", "T01"),
    ("bicycle_shop", "languages", "F16"),
    ("bicycle_shop", "vocabulary", "F16"),
    ("bicycle_shop", "register", "F21"),
    ("bicycle_shop", "people", "F16"),
    ("bicycle_shop", "people.0", "A05"),
    ("bicycle_shop", "people.1", "A10"),
    ("bicycle_shop", "purposes", "F16"),
    ("bicycle_shop", "purposes.repairs.text", "P02"),
    ("bicycle_shop", "purposes.repairs.basis", "P01"),
    ("bicycle_shop", "purposes.repairs.keep", "K05"),
    ("bicycle_shop", "purposes.repairs.uses", "P16"),
    ("bicycle_shop", "purposes.repairs.needed_for", "P18"),
    ("bicycle_shop", "processors.mail.agreement", "F16"),
    ("bicycle_shop", "processors.mail.country", "F16"),
    ("bicycle_shop", "processors.mail.does", "F16"),
    ("bicycle_shop", "recipients.authorities.when", "R09"),
    ("bicycle_shop", "sources", "F16"),
    ("bicycle_shop", "staff", "F16"),
    ("bicycle_shop", "staff.counter", "A06"),
    ("bicycle_shop", "security", "F16"),
    ("bicycle_shop", "security.1.locked_room.by", "X02"),
    ("choir", "purposes.choir.interest", "P03"),
    ("choir", "purposes.choir.special", "P10"),
    ("choir", "people.singer.text", "A09"),
    ("choir", "sources.1.guardian.art14", "S02"),
    ("gym", "purposes.safe_training.consent", "P05"),
    ("gym", "purposes.safe_training.special", "P10"),
    ("gym", "kinds.training.act", "K13"),
    ("gym", "kinds.training", "V03"),
]


@pytest.mark.parametrize(("name", "path", "code"), MANDATORY, ids=[f"{name}-{path}" for name, path, _ in MANDATORY])
def test_each_mandatory_line_is_missed_by_name(name: str, path: str, code: str) -> None:
    parsed = read(ROOT / "tests" / "corpus" / name / "notice.yaml")
    mutant = next(mutant for mutant in mutants(parsed) if mutant.dotted == path)
    found = [finding for finding in check_parsed(mutant.parsed).findings if finding.code.startswith(f"{code}-")]
    assert found, f"{code} is not found"
    assert any(_right_place(mutant, finding) for finding in found)


def test_every_reason_to_be_silent_is_about_a_line_that_some_notice_has() -> None:
    """A reason that never matches a written line would hide a mistake in its pattern."""
    written = {_pattern(mutant.path) for path in NOTICES for mutant in mutants(read(path))}
    unused = [pattern for pattern, _, _ in SILENT if not any(fnmatchcase(path, pattern) for path in written)]
    assert set(unused) <= {
        "purposes.*.balancing", "purposes.*.law*", "processors.*.sub_processors*", "accept*",
        "controller.contact.phone", "sources.#.*.public", "purposes.*.channels*",
    }  # fmt: skip
