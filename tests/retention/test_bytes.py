"""After a sweep no file of the data folder of SQLite registers holds a byte of what was removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from seloste.catalogue.model import Item
from seloste.clock import HELSINKI, to_utc_text
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.retention.sweep import sweep
from seloste.settings import Settings
from seloste.store import ledger_file
from seloste.store.engine import Connection, quote
from seloste.store.registers import Registers, RegisterStore

NOTICE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
MARK = "zyxwmark"
DAY = "2019-03-07"
NUMBER = int.from_bytes(b"zyxwmark", "big")
ROWS = 120


@pytest.fixture
def register(tmp_path: Path) -> Iterator[RegisterStore]:
    made = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key"))
    now = dt.datetime(2019, 5, 2, 9, tzinfo=HELSINKI)
    made.apply(load(NOTICE), now=now, actor="cli")
    yield made.open("fluiconnecto_customers")
    made.close()


def planted(item: Item, storage: str, number: int) -> object:
    """A value no other byte of the file looks like, of the item's own storage."""
    if item.type == "date":
        return DAY
    if item.type == "time":
        return f"{DAY}T01:02:03Z"
    if storage == "integer":
        return NUMBER
    if storage == "real":
        return float(NUMBER)
    word = f"{MARK}{item.key}{number}" * (1 + number % 7)
    return word.encode() if storage == "bytes" else word


def plant(conn: Connection, store: RegisterStore) -> None:
    """Every item of every kind in many rows, with search keys, sources and look-up keys beside them."""
    for kind, table in store.register.tables.items():
        columns = [column for column in table.columns if column.role in ("item", "reference", "lookup")]
        names = ["id", *(column.name for column in columns), "sys_source", "sys_recorded_at"]
        if table.kind.subject:
            names += [column.name for column in table.of_role("need", "use", "held")]
        sql = f"INSERT INTO {quote(kind)} ({', '.join(map(quote, names))}) VALUES ({', '.join(':' + n for n in names)})"
        for number in range(1, ROWS + 1):
            row: dict[str, object] = {column.name: number for column in columns if column.role == "reference"}
            for column in columns:
                if column.role == "item":
                    row[column.name] = planted(table.kind.items[str(column.item)], column.storage, number)
                elif column.role == "lookup":
                    row[column.name] = f"{MARK}key{number}"
            bits = dict.fromkeys((column.name for column in table.of_role("need", "use")), 2**40 - 1)
            if "owner_item" and table.kind.owner_item:
                row[table.kind.owner_item] = number
            held = dict.fromkeys((column.name for column in table.of_role("held")), 0)
            fixed = {"id": number, "sys_source": "subject", "sys_recorded_at": "2019-05-02T06:00:00Z"}
            conn.execute(sql, {**row, **bits, **held, **fixed})
            for item in table.kind.items:
                params = {"kind": kind, "row": number, "item": item, "key": f"{MARK}{item}{number}", "at": DAY}
                conn.execute("INSERT INTO sys_find (key, kind, row, item) VALUES (:key, :kind, :row, :item)", params)
                conn.execute(
                    "INSERT INTO sys_cell_source (kind, row, item, source, at) VALUES (:kind, :row, :item, :key, :at)",
                    params,
                )


def rewrite(conn: Connection, store: RegisterStore) -> None:
    """Longer and shorter values over the old ones, so that pages are split and filled again."""
    for kind, table in store.register.tables.items():
        for column in table.of_role("item"):
            item = table.kind.items[str(column.item)]
            if column.storage == "text" and item.type not in ("date", "time"):
                name = quote(column.name)
                conn.execute(f"UPDATE {quote(kind)} SET {name} = {name} || {name} || {name} WHERE id % 3 = 0")
                conn.execute(f"UPDATE {quote(kind)} SET {name} = '{MARK}' WHERE id % 3 = 1")


def forget_nobodys(conn: Connection, store: RegisterStore) -> set[str]:
    """Take away the master data of nobody, which is not swept and would keep its own marks; which kinds that is."""
    nobodys = {kind for kind, table in store.register.tables.items() if table.kind.about == "nobody"}
    for kind in nobodys:
        conn.execute(f"DELETE FROM {quote(kind)}")
        conn.execute("DELETE FROM sys_find WHERE kind = :kind", {"kind": kind})
        conn.execute("DELETE FROM sys_cell_source WHERE kind = :kind", {"kind": kind})
    for table in store.register.tables:
        for column in store.register.tables[table].of_role("reference"):
            if column.target in nobodys:
                conn.execute(f"UPDATE {quote(table)} SET {quote(column.name)} = NULL")
    for mark in (*store.statements.marks.matters, *store.statements.marks.held):
        conn.execute(mark.all_sql)
    return nobodys


def files(store: RegisterStore) -> dict[str, bytes]:
    """Every file of the data folder: registers, accounts, ledger, what waits to be imported or sent."""
    folder = Path(store.database.url.removeprefix("sqlite:///")).parent.parent
    found = {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    assert {"seloste.db", f"registers/{store.register.notice.register}.db"} <= set(found)
    return found


def test_no_file_holds_a_byte_of_what_went(register: RegisterStore) -> None:
    store = register
    with store.database.transaction() as conn:
        plant(conn, store)
    with store.database.transaction() as conn:
        rewrite(conn, store)
    found = files(store)
    assert any(MARK.encode() in content for content in found.values())
    with store.database.transaction() as conn:
        nobodys = forget_nobodys(conn, store)
    done = sweep(store, now=dt.datetime(2055, 1, 1, 9, tzinfo=HELSINKI), actor=CLI)
    assert done.rows >= ROWS * (len(store.register.tables) - len(nobodys))
    with store.database.read() as conn:
        left = {kind for kind in store.register.tables if conn.execute(f"SELECT 1 FROM {quote(kind)}").first()}
    assert left == set()
    assert store.ledgers is not None and ledger_file.write(store, store.ledgers)
    told = ledger_file.read(ledger_file.path_of(store.ledgers, store.register.notice.register), 0).entries
    assert sum(len(entry.rows) for entry in told if entry.gone) >= done.rows
    for name, content in files(store).items():
        for secret in (MARK, DAY):
            assert secret.encode() not in content.lower(), f"{secret} in {name}"
        assert NUMBER.to_bytes(8, "big") not in content, name
    assert to_utc_text(done.at)
