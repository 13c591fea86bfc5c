"""Who asks is known: in person, by the address on file, by strong identification."""

from __future__ import annotations

import datetime as dt

from seloste.catalogue.model import PERSON
from seloste.notice.ways import references
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.operations.rights.evidence import accepted
from seloste.operations.rights.model import REQUEST, Done
from seloste.operations.rights.rows import add_step, log, open_one, settle_request
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


def identify(
    store: RegisterStore,
    request: int,
    evidence: frozenset[str],
    *,
    person: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Note how the person was known, and whom the request is of when that was not known before.

    Ends a pause. Raises NotIdentifiedError for what shows nothing, as an identity code with a name.
    """
    how = accepted(evidence, now)
    if person is not None and person not in visible_ids(store, "", PERSON, {person}, now):
        raise NoSuchRowError
    with store.write(now) as work:
        found = open_one(store, work, request)
        whose = person if person is not None else found.person
        add_step(work, request, "identified", how=how)
        if whose != found.person:
            work.update(REQUEST, request, {PERSON: whose})
            _drop_bare(work, found.person)
        done = settle_request(store, work, request)
        log(work, actor, "identify", whose, note=how)
    return done


def _drop_bare(work: Work, person: int) -> None:
    """The key that stood for somebody unknown goes when nothing else is theirs."""
    table = work.register.tables[PERSON]
    cells = [column.name for column in table.of_role("reference", "item")]
    filled = " OR ".join(f"{quote(name)} IS NOT NULL" for name in cells) or "1 = 0"
    sql = f"SELECT 1 FROM {quote(PERSON)} WHERE id = :id AND ({filled})"
    if work.conn.execute(sql, {"id": person}).first() is not None:
        return
    for kind, other in work.register.tables.items():
        for reference in references(other.kind):
            if reference.target == PERSON and other.column(reference.column) is not None:
                pointing = f"SELECT 1 FROM {quote(kind)} WHERE {quote(reference.column)} = :id LIMIT 1"
                if work.conn.execute(pointing, {"id": person}).first() is not None:
                    return
    work.delete(PERSON, person)
