"""Notice -> Register: which tables and columns, which derived days, which lenses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa

from seloste.catalogue.model import Item, Kind
from seloste.compiler.agreed import agreed_kinds
from seloste.compiler.register import (
    Column,
    CompiledLens,
    Cut,
    Period,
    Register,
    Storage,
    Table,
    until_column,
)
from seloste.errors import SelosteError
from seloste.notice.model import AtMost, Keep, Notice, Purpose, Ref
from seloste.notice.serial import from_json
from seloste.notice.ways import Way, end_of, own_date, references, subject_paths, way

TOUCHED = "sys_touched"
CLOCK = "sys_clock"


class CannotCompileError(SelosteError):
    """The notice does not say enough to be run; the check says the same with a line."""


APART = ("register", "title", "effective", "controller", "see_also", "places", "file", "digest")
"""What of a notice no statement hangs on, but for when the controller's financial year ends."""


def compile_notice(notice: Notice, made: dict[Hashable, object] | None = None) -> Register:
    """Compile a notice whose check found no errors. ``made``: what was made of one alike, see :func:`compile_text`.

    Raises CannotCompileError when a used kind has no way to a matter of its purpose.
    """
    ways = _ways(notice)
    uses = _by_cell(notice, lambda purpose: purpose.uses)
    borrows = _by_cell(notice, lambda purpose: purpose.borrows)
    agreed = agreed_kinds(notice)
    cuts, trims = _cuts(notice, agreed)
    tables = {key: Table(kind, _columns(notice, ways, cuts, kind)) for key, kind in notice.kinds.items()}
    return Register(
        notice=notice,
        tables=tables,
        purposes=notice.purposes,
        ways=ways,
        uses=uses,
        borrows=borrows,
        lenses=_lenses(notice, uses, borrows),
        cuts=cuts,
        trims=trims,
        agreed=agreed,
        metadata=_metadata(notice, tables, cuts, trims),
        _made={} if made is None else made,
    )


@lru_cache(maxsize=32)
def compile_text(text: str) -> Register:
    """The register of a notice as :func:`~seloste.notice.serial.to_json` writes it, the same one for the same text.

    Firms that take one notice and write their own name into it share the statements: they are made once for all.

    Raises CannotCompileError, and ``pydantic.ValidationError`` for a text of something else.
    """
    notice = from_json(text)
    return compile_notice(notice, _made_of(_kernel(text)))


def _kernel(text: str) -> str:
    """A mark of what of a notice statements hang on."""
    told = json.loads(text, object_hook=_placeless)
    year_ends = told["controller"]["financial_year_ends"]
    kept = {name: value for name, value in told.items() if name not in APART}
    # The order is kept: purposes are numbered in it.
    return hashlib.sha256(json.dumps([kept, year_ends]).encode()).hexdigest()


def _placeless(found: dict[str, object]) -> dict[str, object] | None:
    """Nothing for where something is written, which moves with every line above it."""
    return None if found.keys() == {"file", "line", "column"} and isinstance(found["line"], int) else found


@lru_cache(maxsize=64)
def _made_of(kernel: str) -> dict[Hashable, object]:
    return {}


def _ways(notice: Notice) -> dict[tuple[str, str], Way]:
    """Ways of every used kind, and of the kinds and subjects they lead to."""
    found: dict[tuple[str, str], Way] = {}
    for purpose in notice.purposes.values():
        matters = [keep.matter for keep in purpose.keep if keep.base is not None]
        for key in dict.fromkeys([*(ref.kind for ref in purpose.uses), *matters]):
            found[purpose.key, key] = used = way(notice.kinds, purpose, key)
            if used.base == "none":
                raise CannotCompileError(
                    f"Tarkoituksesta {purpose.key} mikään ei kerro, mihin asti lajin {key} rivit säilyvät.",
                    f"In purpose {purpose.key} nothing says how long rows of kind {key} are kept.",
                )
            ends = [up.kind for up in used.ups]
            if used.side:
                ends += [end_of(notice.kinds, key, path) for path in subject_paths(notice.kinds, key)]
            for end in ends:
                found.setdefault((purpose.key, end), way(notice.kinds, purpose, end))
    return found


def _by_cell(notice: Notice, cells: Callable[[Purpose], tuple[Ref, ...]]) -> dict[Ref, tuple[str, ...]]:
    found: dict[Ref, list[str]] = {}
    for purpose in notice.purposes.values():
        refs = cells(purpose)
        for ref in refs:
            found.setdefault(ref, []).append(purpose.key)
        for kind in dict.fromkeys(ref.kind for ref in refs):
            for parent in notice.kinds[kind].of:
                users = found.setdefault(Ref(kind, parent), [])
                if purpose.key not in users:
                    users.append(purpose.key)
    return {ref: tuple(keys) for ref, keys in found.items()}


def is_simple(keep: Keep) -> bool:
    """Whether the period counts from one date of the matter itself, so that a cut can judge it."""
    return (
        keep.base is not None
        and not keep.at_least
        and not keep.at_most
        and keep.base.kind in (None, keep.matter)
        and keep.base.date != "last_contact"
    )


def _cuts(
    notice: Notice, agreed: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Cut], dict[tuple[str, str], tuple[AtMost, Cut]]]:
    cuts: dict[tuple[str, str], Cut] = {}
    trims: dict[tuple[str, str], tuple[AtMost, Cut]] = {}
    number = 0
    for purpose in notice.purposes.values():
        for keep in purpose.keep:
            if keep.base is None or not is_simple(keep):
                continue
            if agreed.get(keep.matter) == purpose.key:
                continue  # Its days end with the consent of each row too.
            number += 1
            period = Period(keep.base.amount, keep.base.unit, keep.base.preset)
            item = notice.kinds[keep.matter].items.get(keep.base.date)
            of_time = item is not None and item.type == "time"
            cuts[purpose.key, keep.matter] = Cut(f"cut_{number}", purpose.key, keep.matter, period, of_time)
        for limit in purpose.at_most:
            number += 1
            dated = own_date(notice.kinds[limit.kind])
            # A row without a date of its own is dated by its recording, which is a time.
            of_time = dated is None or notice.kinds[limit.kind].items[dated].type == "time"
            cut = Cut(f"cut_{number}", purpose.key, limit.kind, Period(limit.amount, limit.unit), of_time)
            trims[purpose.key, limit.kind] = (limit, cut)
    return cuts, trims


def _columns(
    notice: Notice, ways: Mapping[tuple[str, str], Way], cuts: Mapping[tuple[str, str], Cut], kind: Kind
) -> tuple[Column, ...]:
    columns = [Column("id", "id", "integer")]
    pointing = {reference.column: reference for reference in references(kind) if reference.target in notice.kinds}
    columns += [
        Column(reference.column, "reference", "integer", reference.target)
        for reference in pointing.values()
        if reference.parent
    ]
    for item in kind.items.values():
        if item.key in kind.of:
            continue
        if item.key in pointing:
            columns.append(Column(item.key, "reference", "integer", pointing[item.key].target, item.key))
            continue
        columns.append(Column(item.key, "item", _storage(item), item=item.key))
        if item.sensitive and item.type in ("hetu", "text", "code", "iban"):
            columns.append(Column(f"sys_key_{item.key}", "lookup", "text", item=item.key))
    columns += [Column("sys_source", "source", "text"), Column("sys_recorded_at", "recorded", "text")]
    columns += _derived(notice, ways, cuts, kind)
    return tuple(columns)


def _derived(
    notice: Notice, ways: Mapping[tuple[str, str], Way], cuts: Mapping[tuple[str, str], Cut], kind: Kind
) -> list[Column]:
    columns = []
    for purpose in notice.purposes:
        found = ways.get((purpose, kind.key))
        if found is None:
            continue
        held = found.base == "down" or bool(found.downs)
        if held or (found.base == "own" and (purpose, kind.key) not in cuts):
            columns.append(Column(until_column(purpose), "until", "text", purpose=purpose))
    if kind.subject:
        for number in range((len(notice.purposes) - 1) // 62 + 1):
            columns += [Column(f"sys_need_{number}", "need", "integer"), Column(f"sys_use_{number}", "use", "integer")]
        columns += [Column("sys_held", "held", "integer"), Column("sys_restricted", "held", "integer")]
    return columns


def _storage(item: Item) -> Storage:
    if item.sensitive:
        return "bytes"
    if item.many:
        return "text"
    from seloste.catalogue.types import TYPES

    kept = TYPES[item.type].storage
    kinds = {"integer": "integer", "bool": "integer", "real": "real", "bytes": "bytes"}
    return cast(Storage, kinds.get(kept, "text"))


def _lenses(
    notice: Notice, uses: Mapping[Ref, tuple[str, ...]], borrows: Mapping[Ref, tuple[str, ...]]
) -> dict[str, CompiledLens]:
    lenses = {}
    for lens in notice.staff.values():
        acting = set(lens.purposes)
        shows: dict[str, tuple[str, ...]] = {}
        for key, kind in notice.kinds.items():
            seen = tuple(
                item
                for item in kind.items
                if acting & {*uses.get(Ref(key, item), ()), *borrows.get(Ref(key, item), ())}
            )
            parents = any(
                acting & {*uses.get(Ref(key, parent), ()), *borrows.get(Ref(key, parent), ())} for parent in kind.of
            )
            if seen or parents:
                shows[key] = seen
        lenses[lens.key] = CompiledLens(lens.key, lens.text, lens.purposes, shows, lens.only, lens.place)
    return lenses


_TYPES: Mapping[str, Callable[[], sa.types.TypeEngine[Any]]] = {
    "integer": sa.BigInteger,
    "text": sa.Text,
    "real": sa.Double,
    "bytes": sa.LargeBinary,
}


def _metadata(
    notice: Notice,
    tables: Mapping[str, Table],
    cuts: Mapping[tuple[str, str], Cut],
    trims: Mapping[tuple[str, str], tuple[AtMost, Cut]],
) -> sa.MetaData:
    metadata = sa.MetaData()
    for table in tables.values():
        columns: list[sa.Column[Any]] = []
        for column in table.columns:
            if column.role == "id":
                columns.append(sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True))
            else:
                columns.append(sa.Column(column.name, _TYPES[column.storage](), nullable=True))
        sa.Table(table.name, metadata, *columns, sqlite_autoincrement=True)
    sa.Table(
        TOUCHED,
        metadata,
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("row", sa.BigInteger, primary_key=True),
    )
    names = [name for cut in (*cuts.values(), *(cut for _, cut in trims.values())) for name in cut.columns]
    sa.Table(CLOCK, metadata, sa.Column("today", sa.Text), *[sa.Column(name, sa.Text) for name in names])
    return metadata


def purpose_always_says_yes(purpose: Purpose) -> bool:
    """Bases on which a person's word does not end the need: contract, law, vital interest, claims.

    A public task is none: one may object to it as to a legitimate interest (Art. 21(1)).
    """
    if purpose.nature in ("claims", "accountability"):
        return purpose.basis != "consent"
    return purpose.basis in ("contract", "legal_obligation", "vital")
