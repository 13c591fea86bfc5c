"""Where a rule of the notice is enforced: the tables, views, derived days and statements that the compiler made of it.

Asked of the compiled register itself, so that nothing is named here that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from seloste.compiler.given import given_lens
from seloste.compiler.lower import CLOCK
from seloste.compiler.register import Register, until_column
from seloste.notice.model import Purpose, Ref

Sort = Literal["table", "judge", "bit", "day", "cut", "sweep", "lens", "given", "audience", "check", "law", "told"]
"""How a rule is enforced: a table has these columns and no other; ``judge`` refuses at the end of an operation what
nobody needs; a bit beside the person; a derived day; a day of ``sys_clock`` that rows are compared with; the sweep
removes rows of these kinds; views of a role; the view of a recipient; the statement that chooses whom marketing
reaches; a check of the notice that refuses a contradiction; a dated table of the law; ``told``: only said, for what
happens outside the register."""


@dataclass(frozen=True, slots=True)
class Enforced:
    """One place. ``names`` are those of the database, as ``order.ordered_on`` or ``sys_clock.cut_3``."""

    sort: Sort
    names: tuple[str, ...] = ()


def enforced(register: Register, rule: str) -> tuple[Enforced, ...]:
    """Where a rule is enforced, named as a rendered sentence names it; ``told`` alone where nothing in it is run."""
    head, _, rest = rule.partition(".")
    found: dict[Sort, dict[str, None]] = {}
    for each in _HEADS.get(head, _only_told)(register, rest):
        found.setdefault(each.sort, {}).update(dict.fromkeys(each.names))
    return tuple(Enforced(sort, tuple(names)) for sort, names in found.items()) or (Enforced("told"),)


def kinds_of(register: Register, purpose: str) -> tuple[str, ...]:
    """The kinds of which a purpose keeps rows, in the register's order."""
    return tuple(kind for kind in register.tables if (purpose, kind) in register.ways)


def _only_told(_: Register, __: str) -> Iterator[Enforced]:
    yield Enforced("told")


# --- purposes ---------------------------------------------------------------------------------------------------------


def _purposes(register: Register, rest: str) -> Iterator[Enforced]:
    if not rest:
        yield Enforced("judge", tuple(register.tables))
        return
    key, _, name = rest.partition(".")
    name, _, matter = name.partition(".")
    purpose = register.purposes[key]
    match name:
        case "uses" | "borrows" | "needed_for":
            refs = purpose.borrows if name == "borrows" else purpose.uses
            yield from _columns(register, refs)
            yield Enforced("judge", tuple(dict.fromkeys(ref.kind for ref in refs)))
        case "at_intake":
            yield Enforced("judge", tuple(map(str, purpose.at_intake)))
        case "keep" | "lasts" | "longest":
            yield from _keep(register, purpose, matter)
        case "at_most":
            cuts = [cut.moment_column for (of, _), (_, cut) in register.trims.items() if of == key]
            yield Enforced("cut", tuple(f"{CLOCK}.{cut}" for cut in cuts))
            yield Enforced("sweep", tuple(limit.kind for limit in purpose.at_most))
        case "channels" | "senders":
            yield Enforced("audience", (key,))
            yield Enforced("law", ("marketing",))
        case _:
            yield from _says(register, purpose)


def _columns(register: Register, refs: Iterable[Ref]) -> Iterator[Enforced]:
    held = [ref for ref in refs if ref.kind in register.tables and register.tables[ref.kind].column(ref.item)]
    if held:
        yield Enforced("table", tuple(map(str, dict.fromkeys(held))))


def _keep(register: Register, purpose: Purpose, matter: str) -> Iterator[Enforced]:
    key = purpose.key
    cuts = [cut.column for (of, kind), cut in register.cuts.items() if of == key and matter in ("", kind)]
    if cuts:
        yield Enforced("cut", tuple(f"{CLOCK}.{cut}" for cut in cuts))
    kinds = [kind for kind in kinds_of(register, key) if not matter or _follows(register, key, kind, matter)]
    days = [kind for kind in kinds if register.tables[kind].column(until_column(key)) is not None]
    if days:
        yield Enforced("day", tuple(f"{kind}.{until_column(key)}" for kind in days))
    yield Enforced("sweep", tuple(kinds))


def _follows(register: Register, purpose: str, kind: str, matter: str) -> bool:
    """Whether rows of a kind are kept by a matter: themselves, or what they lead to."""
    way = register.ways[purpose, kind]
    ends = {up.kind for up in way.ups} | {down.kind for down in way.downs}
    ends |= {up.kind for down in way.downs for up in down.ups}
    return kind == matter or matter in ends or (way.base != "own" and not ends)


def _says(register: Register, purpose: Purpose) -> Iterator[Enforced]:
    """What a person says of a purpose: a bit of need and a bit of use beside each subject."""
    number, bit = register.bit(purpose.key)
    place = bit.bit_length() - 1
    subjects = [subject for subject in register.subjects if register.tables[subject].column(f"sys_use_{number}")]
    names = [f"{subject}.sys_{word}_{number}:{place}" for subject in subjects for word in ("need", "use")]
    yield Enforced("bit", tuple(names))
    events = ("permission",) if purpose.basis == "consent" else ("objection",)
    yield Enforced("table", tuple(kind for kind in events if kind in register.tables))


# --- the rest ---------------------------------------------------------------------------------------------------------


def _kinds(register: Register, rest: str) -> Iterator[Enforced]:
    names = tuple(column.item for column in register.tables[rest].columns if column.item) if rest else ()
    if rest:
        yield Enforced("table", tuple(dict.fromkeys(f"{rest}.{name}" for name in names)) or (rest,))
        yield Enforced("judge", (rest,))
    else:
        yield Enforced("judge", tuple(register.tables))


def _recipients(register: Register, rest: str) -> Iterator[Enforced]:
    key = rest.partition(".")[0]
    for one in register.notice.recipients:
        if key in ("", one.key):
            gets = one.gets or tuple(ref for of in one.purposes for ref in register.purposes[of].uses)
            lens = given_lens(register, one.purposes, gets)
            shown = tuple(f"{kind}.{item}" for kind, items in lens.shows.items() for item in items)
            yield Enforced("given", shown if key and shown else (one.key,))
            if one.when == "housing_law":
                yield Enforced("law", ("housing",))
    if key:
        yield Enforced("table", tuple(kind for kind in ("disclosure", "outside_request") if kind in register.tables))


def _processors(register: Register, rest: str) -> Iterator[Enforced]:
    key = rest.partition(".")[0]
    found = [one.key for one in register.notice.processors if key in ("", one.key)]
    if found:
        yield Enforced("given", tuple(found))
        yield Enforced("table", ("processor_agreement",))


def _staff(register: Register, rest: str) -> Iterator[Enforced]:
    for lens in register.lenses.values():
        if rest in ("", lens.key):
            yield Enforced("lens", tuple(f"{lens.key}: {kind}" for kind in lens.shows) if rest else (lens.key,))


def _sources(register: Register, _: str) -> Iterator[Enforced]:
    yield Enforced("table", tuple(f"{kind}.sys_source" for kind in register.tables))


def _people(register: Register, rest: str) -> Iterator[Enforced]:
    if rest.endswith(".youngest"):
        yield Enforced("law", ("children",))
        return
    ties = [each.tie for each in register.notice.categories if each.tie in register.tables and each.tie]
    yield Enforced("table", tuple(dict.fromkeys(ties)) or register.subjects)


def _never(_: Register, rest: str) -> Iterator[Enforced]:
    yield Enforced("check", (f"never.{rest}",))


def _transfers(_: Register, __: str) -> Iterator[Enforced]:
    yield Enforced("law", ("countries",))


def _security(register: Register, rest: str) -> Iterator[Enforced]:
    proved = [one for one in register.notice.security if one.proved and rest in ("", one.key)]
    lenses = tuple(register.lenses)
    for one in proved if rest else ():
        match one.key:
            case "personal_accounts":
                yield Enforced("table", ("installation.account", "installation.session"))
            case "need_to_know":
                yield Enforced("lens", lenses)
            case "retention":
                yield Enforced("sweep", tuple(register.tables))
            case "encrypted_data":
                sealed = [
                    f"{kind}.{column.name}"
                    for kind, table in register.tables.items()
                    for column in table.columns
                    if column.storage == "bytes"
                ]
                yield Enforced("table", tuple(sealed))
            case "read_log":
                yield Enforced("table", ("journal",))


_RIGHTS: Mapping[str, str] = {
    "object": "objection",
    "object_marketing": "ban",
    "restrict": "restriction",
    "withdraw": "permission",
    "tell_recipients": "recipient_notice",
}
"""The kind beside requests that a right is written down as."""


def _rights(register: Register, rest: str) -> Iterator[Enforced]:
    tables = ("rights_request", "request_step", _RIGHTS.get(rest, ""))
    yield Enforced("table", tuple(kind for kind in tables if kind in register.tables))
    if rest in ("", "answer", "access"):
        yield Enforced("law", ("answer_deadline",))
    if rest == "erase":
        yield Enforced("sweep", tuple(register.tables))
    if rest == "complain":
        yield Enforced("law", ("authority",))


def _register(register: Register, _: str) -> Iterator[Enforced]:
    yield Enforced("table", ("sys_notice",))
    yield Enforced("judge", tuple(register.tables))


_HEADS: Mapping[str, Callable[[Register, str], Iterator[Enforced]]] = {
    "purposes": _purposes,
    "kinds": _kinds,
    "recipients": _recipients,
    "processors": _processors,
    "staff": _staff,
    "sources": _sources,
    "people": _people,
    "never": _never,
    "transfers": _transfers,
    "security": _security,
    "rights": _rights,
    "requests": _rights,
    "register": _register,
    "effective": lambda _, __: iter((Enforced("table", ("sys_notice", "sys_planned")),)),
}
