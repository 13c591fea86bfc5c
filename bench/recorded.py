"""An erasure by hand that leaves the same records: what whoever erases must be able to show, beside what goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.rights import LEAD, ErasureByHand, theirs
from bench.world import NOW, World
from bench.writes import executor
from seloste.clock import to_utc_text
from seloste.store.engine import Connection
from seloste.store.journal import Entry, append


class ErasureRecorded(ErasureByHand):
    """Cells counted by item, of what goes and of what stays; an entry of the ledger for each row that goes; a task for
    each recipient, steps and letter of the request, and two entries of the journal, sealed as all of them are.

    It judges nothing: what goes, what stays and why, and who received what are known beforehand.
    """

    def __init__(
        self, world: World, plan: Mapping[str, frozenset[str] | None], said: Sequence[str], told: Sequence[str]
    ) -> None:
        plain = world.plain()
        super().__init__(world, executor(plain), plan, said)
        self._conn, self._told = _ours(world, plain), told
        self._counts: list[tuple[str, int]] = []
        self._ledger: list[tuple[str, int]] = []
        for kind, columns in plan.items():
            where, times = theirs(world.engine)[kind]
            names = [each.name for each in world.store.register.tables[kind].of_role("reference", "item")]
            counted = ", ".join(f'count("{name}")' for name in names)
            self._counts.append((f'SELECT {counted} FROM "{kind}" WHERE {where}', times))
            if columns is None:
                chosen = f"SELECT '{kind}', id, 1, '{to_utc_text(NOW)}' FROM \"{kind}\" WHERE {where}"
                self._ledger.append((f"INSERT INTO sys_ledger (kind, row, gone, at) {chosen}", times))

    def within(self, person: int) -> None:
        run, at = self._execute, self._at
        ((request,),) = run("SELECT max(id) FROM rights_request WHERE person = ?", (person,))
        for sql, times in (*self._counts, *self._ledger):
            run(sql, (person,) * times)
        super().within(person)
        written = "rights_request, sys_source, sys_recorded_at) VALUES"
        for name in self._told:
            run(
                f"INSERT INTO recipient_notice (recipient, since, {written} (?, ?, ?, 'own_records', ?)",
                (name, at, request, at),
            )
        for step in ("executed", "answered"):
            run(
                f"INSERT INTO request_step (step, at, {written} (?, ?, ?, 'own_records', ?)",
                (step, at, request, at),
            )
        run(
            f"INSERT INTO request_letter (about, way, since, {written} (?, ?, ?, ?, 'own_records', ?)",
            ("answered", "by_hand", at, request, at),
        )
        for verb in ("answer", "erase"):
            append(self._conn, Entry(NOW, LEAD.account, LEAD.lens, verb, "rights_request", (person,)))


def _ours(world: World, plain: Any) -> Connection:
    """The same connection as the journal takes it."""
    if world.engine == "sqlite":
        from seloste.store.dialects.sqlite import SqliteConnection

        return SqliteConnection(plain)
    from seloste.store.dialects.postgresql import PostgresConnection

    return PostgresConnection(plain)
